import type { ComponentChildren, JSX } from 'preact';
import { fullTime, timeOfDay } from '../../../../web/dates.ts';
import type { SummaryView } from '../../../api.ts';
import type { BoardAgentView, BoardAnswer, FollowUpView, TodayView } from '../../../supervision-api.ts';
import { agoText, durationText } from '../../durations.ts';
import { percentText } from '../../figures.ts';
import { hashOf } from '../../places.ts';
import { useNow, useStore } from '../../store.ts';
import { allOpen } from '../../supervision-places.ts';
import { urgency } from '../../waiting.ts';
import { Avatar } from '../avatar.tsx';
import { Icon } from '../icons.tsx';
import { nameOf, useSurroundings } from '../surroundings.ts';
import { useDirectory } from './directory.ts';
import { Panel, PriorityTag, Read, StatusWord } from './parts.tsx';

/** How the desk stands this moment, and how its day has gone. */
export function BoardView(): JSX.Element {
  const { desk } = useSurroundings();
  const { board } = useStore(desk.supervision.store);
  return (
    <Read loaded={board} rows={4}>
      {(value) => <Board board={value} />}
    </Read>
  );
}

function Board({ board }: { board: BoardAnswer }): JSX.Element {
  const { m, state } = useSurroundings();
  const now = useNow() + state.clockOffset;
  const b = m.supervision.board;
  return (
    <div class="board">
      <Present board={board} now={now} />
      <div class="board-columns">
        <div class="board-column">
          <Panel title={b.breaches} count={board.breachesCount} aside={<ReassignLink broken />}>
            <Promised conversations={board.breaches} now={now} nothing={b.noBreaches} />
            <Hidden count={board.breachesCount - board.breaches.length} />
          </Panel>
          <Panel title={b.atRisk} count={board.atRisk.length}>
            <Promised conversations={board.atRisk} now={now} nothing={b.noAtRisk} />
          </Panel>
          <Panel title={b.followUps} count={board.followUpsCount}>
            {board.followUps.length === 0 ? (
              <AllWell text={b.noFollowUps} />
            ) : (
              <ul class="rows">
                {board.followUps.map((followUp) => (
                  <FollowUp followUp={followUp} now={now} key={followUp.id} />
                ))}
              </ul>
            )}
            <Hidden count={board.followUpsCount - board.followUps.length} />
          </Panel>
        </div>
        <div class="board-column">
          <Panel title={b.agents} aside={<ReassignLink broken={false} />}>
            {board.agents.length === 0 ? (
              <p class="fine-print">{b.noAgents}</p>
            ) : (
              <ul class="board-agents">
                {board.agents.map((agent) => (
                  <Agent agent={agent} now={now} key={agent.id} />
                ))}
              </ul>
            )}
          </Panel>
          <Groups groups={board.byGroup} now={now} readAt={board.now} />
        </div>
      </div>
      <Today today={board.today} />
    </div>
  );
}

function Present({ board, now }: { board: BoardAnswer; now: number }): JSX.Element {
  const { m } = useSurroundings();
  const b = m.supervision.board;
  const { waiting, longestWaitMs, breachesCount, atRisk, agents } = board;
  const longest = longestWaitMs === null ? null : longestWaitMs + Math.max(0, now - board.now);
  const ready = agents.filter(({ status }) => status === 'online').length;
  return (
    <dl class="figures" aria-label={b.now}>
      <Figure name={b.waiting} value={waiting} tone={waiting > 0 ? 'wait' : 'good'} />
      <Figure
        name={b.longestWait}
        value={longest === null ? null : durationText(longest, m)}
        unknown={b.nobodyWaits}
        tone={longest === null ? null : waitTones[urgency(longest)]}
      />
      <Figure name={b.breaches} value={breachesCount} tone={breachesCount > 0 ? 'bad' : null} />
      <Figure name={b.atRisk} value={atRisk.length} tone={atRisk.length > 0 ? 'wait' : null} />
      <Figure name={b.online} value={ready} hint={b.ofAgents(agents.length)} tone={ready === 0 ? 'bad' : null} />
    </dl>
  );
}

const waitTones = { fine: null, soon: 'wait', late: 'bad' } as const;

/** What happened since midnight; what nobody knows yet is said so. */
function Today({ today }: { today: TodayView }): JSX.Element {
  const { m, locale } = useSurroundings();
  const b = m.supervision.board;
  const { asked, answeredByBot, promiseKeptRate: kept, csat, firstResponseMedianMs } = today;
  return (
    <section class="today">
      <h2>
        {b.today} <small title={fullTime(today.since, locale)}>{b.since(timeOfDay(today.since, locale))}</small>
      </h2>
      {today.partial && <p class="callout callout-warn">{b.partial}</p>}
      <dl class="figures">
        <Figure name={b.asked} value={asked} />
        <Figure
          name={b.answeredByBot}
          value={asked === 0 ? null : percentText(answeredByBot / asked)}
          unknown={b.noData}
          hint={asked === 0 ? null : `${answeredByBot} / ${asked}`}
        />
        <Figure name={b.handedOver} value={today.handedOver} />
        <Figure name={b.resolved} value={today.resolved} />
        <Figure
          name={b.kept}
          value={kept.rate === null ? null : percentText(kept.rate)}
          unknown={b.noPromises}
          tone={kept.rate === null ? null : kept.rate >= 0.9 ? 'good' : kept.rate >= 0.7 ? 'wait' : 'bad'}
          hint={[
            kept.rate === null ? null : b.keptOf(kept.kept, kept.kept + kept.broken),
            kept.open > 0 ? b.stillOpen(kept.open) : null,
          ]
            .filter(Boolean)
            .join(' · ')}
        />
        <Figure
          name={b.firstResponse}
          value={firstResponseMedianMs === null ? null : durationText(firstResponseMedianMs, m)}
          unknown={b.noFirstResponse}
          hint={firstResponseMedianMs === null ? null : b.median}
        />
        <Figure
          name={b.rating[csat.survey]}
          value={csat.average === null ? null : Number(csat.average.toFixed(2))}
          unknown={b.noRatings}
          hint={csat.average === null ? null : `${b.scale[csat.survey]} · ${b.ratings(csat.count)}`}
        />
      </dl>
    </section>
  );
}

function Figure(props: {
  name: string;
  /** Null: nobody knows. */
  value: string | number | null;
  unknown?: string;
  hint?: string | null;
  tone?: 'good' | 'wait' | 'bad' | null;
}): JSX.Element {
  const { name, value, unknown, hint, tone } = props;
  return (
    <div class="figure">
      <dt>{name}</dt>
      <dd>
        {value === null ? (
          <strong class="figure-unknown">{unknown}</strong>
        ) : (
          <strong class={tone ? `figure-${tone}` : ''}>{value}</strong>
        )}
        {hint && <small>{hint}</small>}
      </dd>
    </div>
  );
}

function ReassignLink({ broken }: { broken: boolean }): JSX.Element {
  const { m } = useSurroundings();
  return (
    <a href={hashOf({ kind: 'supervision', view: 'conversations', filter: { ...allOpen, broken } })}>
      {m.supervision.board.reassign}
    </a>
  );
}

function Hidden({ count }: { count: number }): JSX.Element | null {
  const { m } = useSurroundings();
  return count > 0 ? <p class="fine-print">{m.supervision.board.more(count)}</p> : null;
}

function AllWell({ text }: { text: string }): JSX.Element {
  return (
    <p class="all-well">
      <Icon name="check" />
      {text}
    </p>
  );
}

/** Conversations by what was promised in them, each a way to watch it. */
function Promised(props: { conversations: readonly SummaryView[]; now: number; nothing: string }): JSX.Element {
  const { conversations, now, nothing } = props;
  if (conversations.length === 0) return <AllWell text={nothing} />;
  return (
    <ul class="rows">
      {conversations.map((conversation) => (
        <li key={conversation.id}>
          <ConversationLink conversation={conversation}>
            <Due conversation={conversation} now={now} />
          </ConversationLink>
        </li>
      ))}
    </ul>
  );
}

/** A conversation in a line or two, as a link to it. */
function ConversationLink(props: { conversation: SummaryView; children: ComponentChildren }): JSX.Element {
  const { m } = useSurroundings();
  const { conversation, children } = props;
  const { id, customer, agent, groupId, priority, lastCustomerText } = conversation;
  const { groupName } = useDirectory();
  const name = nameOf(customer, m);
  return (
    <a class="row row-link" href={hashOf({ kind: 'conversations', conversationId: id })} data-item={id}>
      <Avatar id={customer.id} name={name} />
      <span class="row-main">
        <span class="row-title">
          <strong dir="auto">{name}</strong>
          <PriorityTag priority={priority} />
          {children}
        </span>
        <span class="row-text" dir="auto">
          {lastCustomerText ?? m.saidNothing}
        </span>
        <span class="fine-print">
          {agent ? agent.name : m.status[conversation.status]}
          {groupId !== null && ` · ${groupName(groupId)}`}
        </span>
      </span>
    </a>
  );
}

/** How long until what was promised, or how long after. */
export function Due({ conversation, now }: { conversation: SummaryView; now: number }): JSX.Element | null {
  const { m, locale } = useSurroundings();
  const { promise } = conversation;
  if (!promise) return null;
  const { kind, dueAt } = promise;
  const left = dueAt - now;
  const time = durationText(Math.abs(left), m);
  return (
    <time class={`due due-${left < 0 ? 'broken' : promise.state}`} title={fullTime(dueAt, locale)}>
      {m.conversation.promises[kind]} {left < 0 ? m.supervision.board.overdue(time) : m.supervision.board.dueIn(time)}
    </time>
  );
}

function FollowUp({ followUp, now }: { followUp: FollowUpView; now: number }): JSX.Element {
  const { desk, m, locale } = useSurroundings();
  const { busy } = useStore(desk.supervision.store);
  const { id, kind, note, createdAt, customer, conversationId } = followUp;
  const b = m.supervision.board;
  return (
    <li class="row" data-item={id} tabIndex={-1}>
      <div class="row-main">
        <p class="row-title">
          <strong>{b.followUpKinds[kind]}</strong>
          {customer && <span dir="auto">{nameOf(customer, m)}</span>}
          <time class="fine-print" title={fullTime(createdAt, locale)}>
            {agoText(now - createdAt, m)}
          </time>
        </p>
        {note && (
          <p class="row-text" dir="auto">
            {note}
          </p>
        )}
      </div>
      <div class="row-actions">
        <a class="button" href={hashOf({ kind: 'conversations', conversationId })}>
          {b.watch}
        </a>
        <button
          type="button"
          class="button"
          disabled={busy.has(id)}
          onClick={() => void desk.supervision.followUpDone(id)}
        >
          <Icon name="check" size={14} />
          {b.done}
        </button>
      </div>
    </li>
  );
}

function Agent({ agent, now }: { agent: BoardAgentView; now: number }): JSX.Element {
  const { m, locale } = useSurroundings();
  const { groupName } = useDirectory();
  const { id, name, status, seenAt, load, capacity, groups, broken } = agent;
  const b = m.supervision.board;
  const full = capacity > 0 ? Math.min(1, load / capacity) : 1;
  const filter = { ...allOpen, agent: id };
  return (
    <li>
      <a
        class="row row-link board-agent"
        href={hashOf({ kind: 'supervision', view: 'conversations', filter })}
        data-item={`agent-${id}`}
        title={b.conversationsOf(name)}
      >
        <Avatar id={id} name={name} />
        <span class="row-main">
          <span class="row-title">
            <strong dir="auto">{name}</strong>
            <StatusWord status={status} />
            {broken > 0 && <span class="tag tag-priority-urgent">{b.brokenOf(broken)}</span>}
          </span>
          <span class="fine-print">
            {status === 'offline' && (
              <span title={seenAt === null ? undefined : fullTime(seenAt, locale)}>
                {seenAt === null ? b.neverSeen : b.seen(agoText(now - seenAt, m))}
                {groups.length > 0 && ' · '}
              </span>
            )}
            {groups.map(groupName).join(' · ')}
          </span>
        </span>
        <span class="burden">
          <span class="burden-bar" aria-hidden="true">
            <span class={full >= 1 ? 'burden-fill burden-full' : 'burden-fill'} style={{ width: percentText(full) }} />
          </span>
          <span>{b.load(load, capacity)}</span>
        </span>
      </a>
    </li>
  );
}

function Groups(props: { groups: BoardAnswer['byGroup']; now: number; readAt: number }): JSX.Element {
  const { m } = useSurroundings();
  const { groups, now, readAt } = props;
  const b = m.supervision.board;
  return (
    <Panel title={b.groups}>
      <div class="table">
        <table>
          <thead>
            <tr>
              <th class="column-at">{b.group}</th>
              <th>{b.waiting}</th>
              <th>{b.longestWait}</th>
              <th>{b.assigned}</th>
              <th>{b.agentsOnline}</th>
            </tr>
          </thead>
          <tbody>
            {groups.map(({ groupId, name, waiting, longestWaitMs, assigned, agentsOnline }) => (
              <tr key={groupId ?? ''}>
                <td class="column-at">
                  <a
                    href={hashOf({
                      kind: 'supervision',
                      view: 'conversations',
                      filter: { ...allOpen, group: groupId ?? 'none' },
                    })}
                  >
                    {groupId === null ? m.supervision.noGroup : (name ?? groupId)}
                  </a>
                </td>
                <td class={waiting > 0 ? 'figure-wait' : ''}>{waiting}</td>
                <td>{longestWaitMs === null ? '–' : durationText(longestWaitMs + Math.max(0, now - readAt), m)}</td>
                <td>{assigned}</td>
                <td class={agentsOnline === 0 && waiting > 0 ? 'figure-bad' : ''}>{agentsOnline}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
