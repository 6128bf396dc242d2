import type { JSX } from 'preact';
import { listLimit, views } from '../../limits.ts';
import type { SummaryView } from '../../api.ts';
import { agoText, durationText } from '../durations.ts';
import { useNow } from '../store.ts';
import { urgency } from '../waiting.ts';
import { Avatar } from './avatar.tsx';
import { Empty, Failed } from './empty.tsx';
import { StatusPill } from './status-pill.tsx';
import { channelName, nameOf, useSurroundings } from './surroundings.ts';

/** The tabs and, below them, the conversations of the chosen one. */
export function List(): JSX.Element {
  const { state, m } = useSurroundings();
  return (
    <section class="list" aria-label={m.listLabel}>
      <Tabs />
      <div class="list-scroll" role="tabpanel" id="list-panel" aria-labelledby={`tab-${state.view}`}>
        <Conversations />
      </div>
    </section>
  );
}

function Tabs(): JSX.Element {
  const { desk, state, m } = useSurroundings();

  function onKeyDown(event: KeyboardEvent) {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    const next = views[(views.indexOf(state.view) + step + views.length) % views.length] ?? 'queue';
    desk.choose(next);
    document.getElementById(`tab-${next}`)?.focus();
  }

  return (
    <div class="tabs" role="tablist" aria-label={m.viewsLabel} onKeyDown={onKeyDown}>
      {views.map((view) => (
        <button
          type="button"
          role="tab"
          key={view}
          id={`tab-${view}`}
          class={`tab tab-${view}`}
          aria-selected={state.view === view}
          aria-controls="list-panel"
          tabIndex={state.view === view ? 0 : -1}
          onClick={() => desk.choose(view)}
        >
          {m.views[view]}
          {/* What is finished only grows; nobody acts on how much it is. */}
          {view !== 'resolved' && <Count count={state.counts?.[view] ?? null} />}
        </button>
      ))}
    </div>
  );
}

function Count({ count }: { count: number | null }): JSX.Element | null {
  if (count === null) return null;
  return (
    <span class={count > 0 ? 'count' : 'count count-zero'}>{count >= listLimit ? `${listLimit - 1}+` : count}</span>
  );
}

function Conversations(): JSX.Element {
  const { desk, state, m } = useSurroundings();
  const now = useNow() + state.clockOffset;
  const conversations = state.lists[state.view];
  if (!conversations) {
    return state.listFailed ? <Failed onRetry={desk.refresh} /> : <Skeleton />;
  }
  if (conversations.length === 0) {
    const [title, text] = m.empty[state.view];
    return <Empty icon={state.view === 'queue' ? 'tea' : state.view} title={title} text={text} />;
  }
  return (
    <>
      <ul class="cards">
        {conversations.map((conversation) => (
          <li key={conversation.id}>
            <Card conversation={conversation} now={now} />
          </li>
        ))}
      </ul>
      {conversations.length >= listLimit && <p class="fine-print list-full">{m.listFull(listLimit)}</p>}
    </>
  );
}

function Card({ conversation, now }: { conversation: SummaryView; now: number }): JSX.Element {
  const { desk, state, m } = useSurroundings();
  const { id, customer, status, reason, lastCustomerText, channel } = conversation;
  const name = nameOf(customer, m);
  const isOpen = state.open?.id === id;
  // In my own conversations the customer spoke last: they wait for me.
  const unanswered = state.view === 'mine' && conversation.customerSeq === conversation.seq && conversation.seq > 0;
  return (
    <button
      type="button"
      class="card"
      data-conversation={id}
      aria-current={isOpen ? 'true' : undefined}
      onClick={() => desk.open(id)}
    >
      <Avatar id={customer.id} name={name} />
      <span class="card-body">
        <span class="card-top">
          <span class="card-name">{name}</span>
          {unanswered && (
            <span class="unread">
              <span class="sr-only">{m.unread}</span>
            </span>
          )}
          <When conversation={conversation} now={now} />
        </span>
        <span class="card-text">{lastCustomerText ?? <em>{m.saidNothing}</em>}</span>
        <span class="card-tags">
          {status === 'queued' && reason && <span class={`tag tag-${reason}`}>{m.reasons[reason]}</span>}
          {(status !== 'queued' || state.view === 'all') && <StatusPill conversation={conversation} />}
          <span class="card-channel">{channelName(channel, m)}</span>
        </span>
      </span>
    </button>
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

function Skeleton(): JSX.Element {
  const { m } = useSurroundings();
  return (
    <div class="skeletons" role="status" aria-label={m.loading}>
      {[0, 1, 2, 3, 4].map((row) => (
        <div class="skeleton-card" key={row}>
          <span class="skeleton skeleton-round" />
          <span class="skeleton-lines">
            <span class="skeleton" />
            <span class="skeleton skeleton-short" />
          </span>
        </div>
      ))}
    </div>
  );
}
