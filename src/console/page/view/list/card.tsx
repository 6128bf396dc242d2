import type { JSX } from 'preact';
import type { SummaryView } from '../../../api.ts';
import { agoText, durationText } from '../../durations.ts';
import { levelOf } from '../../rows.ts';
import { promiseState, urgency } from '../../waiting.ts';
import { Avatar } from '../avatar.tsx';
import { Icon, type IconName } from '../icons.tsx';
import { StatusPill } from '../status-pill.tsx';
import { channelName, nameOf, useMyId, useSurroundings } from '../surroundings.ts';
import { groupName } from '../transcript/scene.ts';
import { whenWords } from '../transcript/words.ts';
import { whyHere } from './why.ts';

/** One conversation of a list: what an agent must know to choose it, at a glance. */
export function Card(props: {
  conversation: SummaryView;
  now: number;
  /** The one that Tab leads to. */
  isEntry: boolean;
}): JSX.Element {
  const { conversation, now, isEntry } = props;
  const { desk, state, m, locale } = useSurroundings();
  const myId = useMyId();
  const { id, customer, status, lastCustomerText, channel, groupId } = conversation;
  const name = nameOf(customer, m);
  const isMine = status === 'assigned' && conversation.agent?.id === myId;
  // In my own conversations the customer spoke last: they wait for me.
  const unanswered = isMine && conversation.customerSeq === conversation.seq && conversation.seq > 0;
  const { directory } = state;
  const why = status === 'queued' ? whyHere(conversation, { m, locale, directory, myId, now }) : null;
  return (
    <button
      type="button"
      class={`card card-${conversation.priority}`}
      data-conversation={id}
      aria-current={state.open?.id === id ? 'true' : undefined}
      aria-description={why === null ? undefined : `${m.desk.row.why}: ${why}`}
      tabIndex={isEntry ? 0 : -1}
      onClick={() => desk.open(id)}
    >
      <Avatar id={customer.id} name={name} />
      <span class="card-body">
        <span class="card-top">
          <span class="card-name" dir="auto">
            {name}
          </span>
          {unanswered && (
            <span class="unread">
              <span class="sr-only">{m.unread}</span>
            </span>
          )}
          <When conversation={conversation} now={now} />
        </span>
        <span class="card-text" dir="auto">
          {lastCustomerText ?? <em>{m.saidNothing}</em>}
        </span>
        <Marks conversation={conversation} now={now} />
        <span class={why === null ? 'card-foot' : 'card-foot card-foot-why'}>
          <span class="card-channel">{channelName(channel, m)}</span>
          {groupId !== null && <span class="card-group">{groupName(groupId, { directory, m })}</span>}
          {why !== null && (
            <span class="card-why" aria-hidden="true" title={why}>
              {why}
            </span>
          )}
        </span>
      </span>
    </button>
  );
}

/** Whatever is out of the ordinary about it. */
function Marks({ conversation, now }: { conversation: SummaryView; now: number }): JSX.Element {
  const { state, m, locale } = useSurroundings();
  const myId = useMyId();
  const { status, reason, priority, mood, customer, snoozedUntil, reservedFor } = conversation;
  const level = mood && status !== 'resolved' ? levelOf(mood.last.score) : 'calm';
  const tags = customer.tags.map((id) => state.directory?.tags.find((tag) => tag.id === id) ?? { id, name: id });
  const shown = tags.slice(0, 2);
  return (
    <span class="card-tags">
      {status !== 'resolved' && <PromiseMark conversation={conversation} now={now} />}
      {(priority === 'urgent' || priority === 'high') && status !== 'resolved' && (
        <Mark class={`mark-${priority}`} icon="up" title={m.desk.row.priority(m.conversation.priorities[priority])}>
          {m.conversation.priorities[priority]}
        </Mark>
      )}
      {(level === 'furious' || level === 'unhappy') && (
        <Mark class={`mark-${level}`} icon="frown" title={m.conversation.mood.last}>
          {m.conversation.mood.levels[level]}
        </Mark>
      )}
      {snoozedUntil !== null && (
        <Mark class="mark-snoozed" icon="snooze">
          {m.desk.row.snoozedUntil(whenWords(snoozedUntil, now, locale))}
        </Mark>
      )}
      {reservedFor && (
        <Mark class="mark-reserved" icon="mine">
          {reservedFor.id === myId ? m.desk.row.reservedForMe : m.desk.row.reserved(reservedFor.name)}
        </Mark>
      )}
      {status === 'queued' && reason && <span class={`tag tag-${reason}`}>{m.reasons[reason]}</span>}
      {needsPill(conversation, { view: state.list.view, myId }) && <StatusPill conversation={conversation} />}
      {shown.map((tag) => (
        <span class={`customer-tag customer-tag-${'colour' in tag ? tag.colour : 'grey'} card-tag`} key={tag.id}>
          {tag.name}
        </span>
      ))}
      {tags.length > shown.length && (
        <span class="card-tag-more" title={m.desk.row.tags(tags.map((tag) => tag.name).join(', '))}>
          +{tags.length - shown.length}
        </span>
      )}
    </span>
  );
}

/** Who has it is said where it may be another one: not of my own, not of those who all wait. */
function needsPill({ status, agent }: SummaryView, { view, myId }: { view: string; myId: string | null }): boolean {
  if (view === 'all' || view === 'resolved') return true;
  return view === 'mine' ? agent?.id !== myId : status !== 'queued';
}

const promiseIcons = { on_time: 'queue', at_risk: 'bell', broken: 'warn' } as const;

/** How the promise stands: fine ones stay quiet. */
function PromiseMark({ conversation, now }: { conversation: SummaryView; now: number }): JSX.Element | null {
  const { m } = useSurroundings();
  const { promise } = conversation;
  if (!promise) return null;
  const state = promiseState(promise, now);
  const { due, promises } = m.conversation;
  const left = promise.dueAt - now;
  const words = left < 0 ? due.late(durationText(-left, m)) : due.left(durationText(left, m));
  return (
    <Mark class={`mark-${state}`} icon={promiseIcons[state]} title={promises[promise.kind]}>
      <span class="sr-only">{promises[promise.kind]} </span>
      <time>{words}</time>
    </Mark>
  );
}

function Mark(props: {
  class: string;
  icon: IconName;
  title?: string;
  children: JSX.Element | string | (JSX.Element | string)[];
}): JSX.Element {
  return (
    <span class={`mark ${props.class}`} title={props.title}>
      <Icon name={props.icon} size={12} />
      {props.children}
    </span>
  );
}

function When({ conversation, now }: { conversation: SummaryView; now: number }): JSX.Element {
  const { m } = useSurroundings();
  const { status, queuedAt, updatedAt } = conversation;
  if (status !== 'queued' || queuedAt === null) return <time class="card-when">{agoText(now - updatedAt, m)}</time>;
  return (
    <time class={`card-when wait-${urgency(now - queuedAt)}`} title={m.waited(durationText(now - queuedAt, m))}>
      {durationText(now - queuedAt, m)}
    </time>
  );
}
