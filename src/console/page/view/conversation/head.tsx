import type { JSX } from 'preact';
import type { ConversationView } from '../../../api.ts';
import { durationText } from '../../durations.ts';
import type { OpenConversation } from '../../conversation.ts';
import { permitted } from '../../permitted.ts';
import { useNow } from '../../store.ts';
import { urgency } from '../../waiting.ts';
import { Avatar } from '../avatar.tsx';
import { Icon } from '../icons.tsx';
import { StatusPill } from '../status-pill.tsx';
import { channelName, nameOf, useAgent, useSurroundings } from '../surroundings.ts';
import { groupName } from '../transcript/scene.ts';
import { whenWords } from '../transcript/words.ts';
import { Actions } from './actions.tsx';

/** Who it is, how the conversation stands, and what can be done with it. */
export function Head(props: { open: OpenConversation; moreAsked: number; onBrief: () => void }): JSX.Element {
  const { open, moreAsked, onBrief } = props;
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
            {open.state !== 'missing' && <Standing conversation={conversation} />}
          </div>
          {open.state !== 'missing' && <Actions open={open} moreAsked={moreAsked} />}
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

/** How it stands, the most pressing first. */
function Standing({ conversation }: { conversation: ConversationView }): JSX.Element {
  const { m, state } = useSurroundings();
  const me = useAgent();
  return (
    <p>
      <StatusPill conversation={conversation} />
      <Waiting conversation={conversation} />
      <Promised conversation={conversation} />
      <Snoozed conversation={conversation} />
      {permitted(conversation, me).watches && (
        <span class="chip chip-watching">
          <Icon name="eye" size={12} />
          {m.conversation.watchingNow}
        </span>
      )}
      {conversation.priority !== 'medium' && conversation.status !== 'resolved' && (
        <span class={`priority priority-${conversation.priority}`}>
          {m.conversation.priorities[conversation.priority]}
        </span>
      )}
      {conversation.groupId !== null && (
        <span class="head-channel">{groupName(conversation.groupId, { directory: state.directory, m })}</span>
      )}
      <span class="head-channel">{channelName(conversation.channel, m)}</span>
    </p>
  );
}

function Waiting({ conversation }: { conversation: ConversationView }): JSX.Element | null {
  const { state, m } = useSurroundings();
  const queued = conversation.status === 'queued' ? conversation.queuedAt : null;
  const now = useNow(queued !== null) + state.clockOffset;
  if (queued === null) return null;
  return <time class={`wait-${urgency(now - queued)}`}>{m.waited(durationText(now - queued, m))}</time>;
}

/** The most pressing promise, while somebody can still keep it or has to make up for it. */
function Promised({ conversation }: { conversation: ConversationView }): JSX.Element | null {
  const { state, m } = useSurroundings();
  const { promise, status } = conversation;
  const isOpen = promise !== null && (status === 'queued' || status === 'assigned');
  const now = useNow(isOpen) + state.clockOffset;
  if (!promise || !isOpen) return null;
  const left = promise.dueAt - now;
  const looks = left < 0 ? 'broken' : now >= promise.warnAt ? 'at_risk' : 'on_time';
  const words = m.conversation.due;
  return (
    <span class={`promise promise-${looks}`} title={m.conversation.promises[promise.kind]}>
      <Icon name={looks === 'broken' ? 'warn' : 'queue'} size={12} />
      {left < 0 ? words.late(durationText(-left, m)) : words.left(durationText(left, m))}
    </span>
  );
}

function Snoozed({ conversation: { snoozedUntil } }: { conversation: ConversationView }): JSX.Element | null {
  const { m, locale, state } = useSurroundings();
  if (snoozedUntil === null) return null;
  const until = whenWords(snoozedUntil - state.clockOffset, Date.now(), locale);
  return (
    <span class="chip chip-snoozed" title={m.conversation.composer.snoozed(until)}>
      <Icon name="snooze" size={12} />
      {until}
    </span>
  );
}
