import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ConversationView } from '../../api.ts';
import type { OpenConversation, Outgoing } from '../desk.ts';
import { durationText } from '../durations.ts';
import { useNow } from '../store.ts';
import { urgency } from '../waiting.ts';
import { Avatar } from './avatar.tsx';
import { Composer, useDraft, type ComposerMode } from './composer.tsx';
import { Failed } from './empty.tsx';
import { Icon, type IconName } from './icons.tsx';
import { StatusPill } from './status-pill.tsx';
import { channelName, nameOf, useMyId, useSurroundings, type Dialog } from './surroundings.ts';
import { Transcript } from './transcript.tsx';

/** The middle: one conversation, from its head to where one writes. */
export function Conversation({ open, onBrief }: { open: OpenConversation; onBrief: () => void }): JSX.Element {
  const { desk, m } = useSurroundings();
  const [mode, setMode] = useState<ComposerMode>('reply');
  const [draft, setDraft] = useDraft(open.id);
  const [focusAsked, setFocusAsked] = useState(0);
  const field = useRef<HTMLTextAreaElement>(null);
  const { conversation } = open;
  // A note that was begun is shown again; otherwise one wants to reply.
  useEffect(() => setMode(desk.draft(open.id).note === '' ? 'reply' : 'note'), [open.id]);
  useCompose(write);

  /** Opens the field if need be, and puts the cursor into it. */
  function write(wanted: ComposerMode) {
    setMode(wanted);
    setFocusAsked((times) => times + 1);
  }
  useLayoutEffect(() => {
    if (focusAsked > 0) field.current?.focus();
  }, [focusAsked]);

  /** A failed message goes back where it was written; what stands there already is kept. */
  function edit(message: Outgoing) {
    const which = message.private ? 'note' : 'reply';
    setDraft({ ...draft, [which]: [draft[which], message.text].filter((text) => text !== '').join('\n') });
    desk.discard(message.clientId);
    write(which);
  }

  return (
    <section class="conversation" aria-label={conversation ? nameOf(conversation.customer, m) : m.loading}>
      <Head open={open} onBrief={onBrief} />
      {open.state === 'failed' ? (
        <Failed onRetry={desk.reopen} />
      ) : open.state === 'missing' ? (
        <Failed icon="info" title={m.notFound[0]} text={m.notFound[1]} />
      ) : open.state === 'loading' ? (
        <TranscriptSkeleton />
      ) : (
        <Transcript key={open.id} open={open} onEdit={edit} />
      )}
      {conversation && open.state === 'ready' && (
        <Composer
          conversation={conversation}
          mode={mode}
          onMode={write}
          draft={draft}
          onDraft={setDraft}
          field={field}
        />
      )}
    </section>
  );
}

/** The keyboard map asks for the composer from outside of it. */
export const composeEvent = 'zhike:compose';

function useCompose(focus: (mode: ComposerMode) => void) {
  useEffect(() => {
    const listen = (event: Event) => focus((event as CustomEvent<ComposerMode>).detail);
    addEventListener(composeEvent, listen);
    return () => removeEventListener(composeEvent, listen);
  });
}

function Head({ open, onBrief }: { open: OpenConversation; onBrief: () => void }): JSX.Element {
  const { desk, m } = useSurroundings();
  const { conversation } = open;
  const name = conversation ? nameOf(conversation.customer, m) : '';
  return (
    <header class="conversation-head">
      <button type="button" class="icon-button back" aria-label={m.actions.back} onClick={() => desk.open(null)}>
        <Icon name="back" size={20} />
      </button>
      {conversation && (
        <>
          <Avatar id={conversation.customer.id} name={name} />
          <div class="conversation-title">
            <h2 dir="auto">{name}</h2>
            <p>
              <StatusPill conversation={conversation} />
              <span class="head-channel">{channelName(conversation.channel, m)}</span>
              <Waiting conversation={conversation} />
            </p>
          </div>
          <Actions conversation={conversation} />
        </>
      )}
      <button
        type="button"
        class="icon-button brief-open"
        aria-label={m.actions.brief}
        title={m.actions.brief}
        onClick={onBrief}
      >
        <Icon name="brief" size={18} />
      </button>
    </header>
  );
}

function Waiting({ conversation }: { conversation: ConversationView }): JSX.Element | null {
  const { state, m } = useSurroundings();
  const queued = conversation.status === 'queued' ? conversation.queuedAt : null;
  const now = useNow(queued !== null) + state.clockOffset;
  if (queued === null) return null;
  return <time class={`wait-${urgency(now - queued)}`}>{m.waited(durationText(now - queued, m))}</time>;
}

function Actions({ conversation }: { conversation: ConversationView }): JSX.Element | null {
  const { state, m } = useSurroundings();
  const myId = useMyId();
  const waits = state.busy !== null;
  if (conversation.status !== 'assigned' || conversation.agent?.id !== myId) return null;
  return (
    <div class="actions">
      <AskButton dialog="toQueue" icon="undo" label={m.actions.toQueue} waits={waits} />
      <AskButton dialog="toBot" icon="bot" label={m.actions.toBot} waits={waits} />
      <AskButton dialog="resolve" icon="check" label={m.actions.resolve} waits={waits} primary />
    </div>
  );
}

function AskButton(props: {
  dialog: Dialog;
  icon: IconName;
  label: string;
  waits: boolean;
  primary?: boolean;
}): JSX.Element {
  const { show } = useSurroundings();
  return (
    <button
      type="button"
      class={props.primary ? 'button button-primary' : 'button'}
      disabled={props.waits}
      title={props.label}
      onClick={() => show(props.dialog)}
    >
      <Icon name={props.icon} size={15} />
      <span>{props.label}</span>
    </button>
  );
}

function TranscriptSkeleton(): JSX.Element {
  const { m } = useSurroundings();
  return (
    <div class="transcript-skeleton" role="status" aria-label={m.loading}>
      <span class="skeleton skeleton-bubble" />
      <span class="skeleton skeleton-bubble skeleton-ours" />
      <span class="skeleton skeleton-bubble skeleton-narrow" />
      <span class="skeleton skeleton-bubble skeleton-ours skeleton-narrow" />
    </div>
  );
}
