import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { AgentSelf, AgentStatus } from '../../api.ts';
import { colleagueOf } from '../directory.ts';
import { serves } from '../desk.ts';
import { Avatar } from './avatar.tsx';
import { Icon } from './icons.tsx';
import { useSurroundings } from './surroundings.ts';

const statuses: readonly AgentStatus[] = ['online', 'busy', 'away', 'offline'];

/** Who I am to others: ready for customers, or not. */
export function MyStatus({ agent }: { agent: AgentSelf }): JSX.Element {
  const { state, m } = useSurroundings();
  const [shown, setShown] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!shown) return;
    place.current?.querySelector<HTMLElement>('[aria-checked=true]')?.focus();
    const elsewhere = ({ target }: Event) => !place.current?.contains(target as Node) && setShown(false);
    document.addEventListener('pointerdown', elsewhere);
    return () => document.removeEventListener('pointerdown', elsewhere);
  }, [shown]);

  function onKeyDown(event: KeyboardEvent) {
    if (!shown) return;
    const options = [...(place.current?.querySelectorAll<HTMLElement>('[role=menuitemradio]') ?? [])];
    const at = options.indexOf(document.activeElement as HTMLElement);
    const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
    event.stopPropagation();
    if (event.key === 'Tab') return setShown(false);
    if (event.key === 'Escape') close();
    else if (step !== undefined) options[(at + step + options.length) % options.length]?.focus();
    else return;
    event.preventDefault();
  }

  function close() {
    setShown(false);
    button.current?.focus();
  }

  const who = `${agent.name} · ${m.rail.roles[agent.role]} · ${agent.email}`;
  if (!serves(agent)) {
    return (
      <span class="rail-me" title={who}>
        <Avatar id={agent.id} name={agent.name} />
        <span class="sr-only">{agent.name}</span>
      </span>
    );
  }
  const label = m.desk.status.label(m.conversation.statuses[agent.status]);
  // The lists are read anew with every claim; what the directory knows of oneself is older.
  const load = state.counts?.mine ?? colleagueOf(state.directory, agent.id)?.load ?? 0;
  return (
    <div class="rail-me my-status" ref={place} onKeyDown={onKeyDown}>
      <button
        ref={button}
        type="button"
        class="my-status-button"
        aria-label={`${agent.name} · ${label}`}
        title={`${who}\n${label}`}
        aria-haspopup="menu"
        aria-expanded={shown}
        onClick={() => setShown(!shown)}
      >
        <Avatar id={agent.id} name={agent.name} />
        <StatusDot status={agent.status} />
      </button>
      <span
        class={`my-load ${load >= agent.capacity ? 'my-load-full' : ''}`}
        title={m.desk.status.load(load, agent.capacity)}
      >
        <span aria-hidden="true">
          {load}/{agent.capacity}
        </span>
        <span class="sr-only">{m.desk.status.load(load, agent.capacity)}</span>
      </span>
      {shown && <Choices agent={agent} load={load} onChosen={close} />}
    </div>
  );
}

function Choices(props: { agent: AgentSelf; load: number; onChosen: () => void }): JSX.Element {
  const { agent, load, onChosen } = props;
  const { desk, m } = useSurroundings();
  return (
    <div class="my-status-menu">
      <p class="my-status-who">
        <strong dir="auto">{agent.name}</strong>
        <span>{m.desk.status.load(load, agent.capacity)}</span>
      </p>
      <div role="menu" aria-label={m.desk.status.title}>
        {statuses.map((status) => (
          <button
            type="button"
            role="menuitemradio"
            key={status}
            aria-checked={agent.status === status}
            tabIndex={-1}
            onClick={() => {
              onChosen();
              void desk.setStatus(status);
            }}
          >
            <StatusDot status={status} />
            <span class="my-status-words">
              {m.conversation.statuses[status]}
              <small>{m.desk.status.hints[status]}</small>
            </span>
            {agent.status === status && <Icon name="check" size={15} />}
          </button>
        ))}
      </div>
    </div>
  );
}

/** Told apart by shape as well as by colour. */
function StatusDot({ status }: { status: AgentStatus }): JSX.Element {
  return <span class={`status-dot status-dot-${status}`} aria-hidden="true" />;
}
