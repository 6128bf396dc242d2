import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Icon, type IconName } from '../icons.tsx';
import { Read as ReadOf, type ReadProps } from '../read.tsx';
import { useSurroundings } from '../surroundings.ts';
import type { AgentStatus, Priority } from '../../../api.ts';

/** What this section read. */
export function Read<T>(props: ReadProps<T>): JSX.Element {
  const { desk, m } = useSurroundings();
  return <ReadOf {...props} outdated={m.supervision.outdated} refresh={desk.supervision.refresh} />;
}

/** A framed part with a heading and, beside it, what can be done with all of it. */
export function Panel(props: {
  title: string;
  count?: number;
  aside?: ComponentChildren;
  class?: string;
  children: ComponentChildren;
}): JSX.Element {
  const { title, count, aside } = props;
  return (
    <section class={`panel ${props.class ?? ''}`}>
      <h2>
        {title}
        {count !== undefined && <span class={count > 0 ? 'count' : 'count count-zero'}>{count}</span>}
        {aside && <small>{aside}</small>}
      </h2>
      {props.children}
    </section>
  );
}

/** An agent's status, as a dot and a word. */
export function StatusWord({ status }: { status: AgentStatus }): JSX.Element {
  const { m } = useSurroundings();
  return (
    <span class={`agent-status agent-${status}`}>
      <span class="dot" aria-hidden="true" />
      {m.conversation.statuses[status]}
    </span>
  );
}

/** A priority worth a look; the usual one says nothing. */
export function PriorityTag({ priority }: { priority: Priority }): JSX.Element | null {
  const { m } = useSurroundings();
  if (priority === 'medium') return null;
  return <span class={`tag tag-priority-${priority}`}>{m.conversation.priorities[priority]}</span>;
}

/** A button with an icon and a word. */
export function Action(props: {
  icon: IconName;
  label: string;
  onClick: () => void;
  disabled?: boolean;
  primary?: boolean;
  danger?: boolean;
}): JSX.Element {
  const kind = props.primary ? ' button-primary' : props.danger ? ' button-danger' : '';
  return (
    <button type="button" class={`button${kind}`} disabled={props.disabled} onClick={props.onClick}>
      <Icon name={props.icon} size={15} />
      {props.label}
    </button>
  );
}

/** A button that takes something away only when it is pressed a second time. */
export function Confirmed(props: {
  label: string;
  really: string;
  disabled?: boolean;
  onConfirm: () => void;
}): JSX.Element {
  const [asked, setAsked] = useState(false);
  useEffect(() => {
    if (!asked) return;
    const timer = setTimeout(() => setAsked(false), 4000);
    return () => clearTimeout(timer);
  }, [asked]);
  return (
    <button
      type="button"
      class={asked ? 'button button-danger' : 'button'}
      disabled={props.disabled}
      onBlur={() => setAsked(false)}
      onClick={() => {
        if (asked) props.onConfirm();
        setAsked(!asked);
      }}
    >
      <Icon name="trash" size={14} />
      {asked ? props.really : props.label}
    </button>
  );
}
