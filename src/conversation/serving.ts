import {
  botOwesAnswer,
  isWithPeople,
  serveByOf,
  serveFirst,
  type Conversation,
  type NewEntry,
  type Person,
  type Route,
  type RouteReason,
  type Service,
} from './conversation.ts';
import { asked, newWait, toBot } from './chapters.ts';
import {
  agentAuthor,
  changeEntry,
  messageEntry,
  noteEntry,
  statusEntry,
  systemMessage,
  theSystem,
  verdictEntry,
} from './entries.ts';
import { changed, refused, type Decision, type EventOf, type ServiceEvent } from './events.ts';

/** The half of `transition` for what agents, supervisors and the desk itself do. */
export function decideService(before: Conversation, event: ServiceEvent): Decision {
  switch (event.kind) {
    case 'claimed':
      if (before.status === 'assigned') return refused('taken');
      if (before.status !== 'queued') return refused('not_waiting');
      return handTo(before, event.at, event.agent, [
        statusEntry(before, event.at, agentAuthor(event.agent), { to: 'assigned', cause: 'claim', agent: event.agent }),
      ]);
    case 'assigned':
      return assigned(before, event);
    case 'agent_wrote':
      return refuseStranger(before, event) ?? agentWrote(before, event);
    case 'agent_noted': {
      const { at, agent, text, clientId, mentions = [] } = event;
      return changed(before, at, [noteEntry(at, agent, text, { clientId, mentions })]);
    }
    case 'transferred':
      return (
        refuseStranger(before, event) ??
        (event.to.kind === 'bot' ? refuseUnread(before, event.seen) : null) ??
        transferred(before, event)
      );
    case 'resolved':
      return refuseStranger(before, event) ?? refuseUnread(before, event.seen) ?? resolved(before, event);
    case 'snoozed':
      return refuseStranger(before, event) ?? snoozed(before, event.at, event.until, event.agent);
    case 'woken':
      if (before.snoozedUntil === null || before.snoozedUntil > event.at) return refused('stale');
      return snoozed(before, event.at, null, null);
    case 'absorbed':
      return (
        refuseStranger(before, event) ??
        changed(before, event.at, [
          changeEntry(event.at, agentAuthor(event.agent), { what: 'merged', conversationId: event.conversationId }),
        ])
      );
    case 'merged':
      return merged(before, event);
    case 'dropped':
      return dropped(before, event);
    case 'routed':
      return routed(before, event);
    case 'promise_noted':
      return promiseNoted(before, event);
  }
}

/** To somebody who serves it from now on; `entries` say how that came about. */
function handTo(before: Conversation, at: number, agent: Person, entries: readonly NewEntry[]): Decision {
  return changed(before, at, entries, {
    status: 'assigned',
    agentId: agent.id,
    agentName: agent.name,
    serveBy: null,
    snoozedUntil: null,
    service: { ...before.service, assignedAt: at, lastAgent: agent, reservedFor: null },
  });
}

/** The bot, the queue, a colleague or the end: whoever had it, has it no more, and the bot is silent. */
function assigned(before: Conversation, { at, by, to, version, cause }: EventOf<'assigned'>): Decision {
  if (before.version !== version) return refused('stale');
  if (before.agentId === to.id) return refused('taken');
  const entry = statusEntry(before, at, by, { to: 'assigned', cause, agent: to });
  const given = { ...before, botCursor: before.customerSeq, service: serviceWhenGiven(before, at) };
  return handTo(given, at, to, [entry]);
}

/** Who is taken from the bot or from among the resolved ones is a person's from then on, with promises of their own. */
function serviceWhenGiven(before: Conversation, at: number): Service {
  const { status, service } = before;
  if (isWithPeople(status)) return service;
  const waitingSince = botOwesAnswer(before) ? at : null;
  return { ...asked(service, at, routeOf(before)), waitingSince, survey: null };
}

function agentWrote(before: Conversation, event: EventOf<'agent_wrote'>): Decision {
  const { at, clientId, replyTo = null, article = null } = event;
  const author = agentAuthor(event.agent);
  const entries = [messageEntry(at, author, event.draft, { clientId, replyTo })];
  // What an agent answers with is what the question should have found.
  if (article) entries.push(verdictEntry(at, author, { ...article, helpful: true, source: 'agent' }));
  const { askedAt, firstReplyAt } = before.service;
  return changed(before, at, entries, {
    service: {
      ...before.service,
      waitingSince: null,
      firstReplyAt: firstReplyAt ?? (askedAt === null ? null : at),
    },
  });
}

function transferred(before: Conversation, event: EventOf<'transferred'>): Decision {
  const { at, to } = event;
  const author = agentAuthor(event.agent);
  const notes = event.note ? [noteEntry(at, event.agent, event.note)] : [];
  switch (to.kind) {
    case 'bot':
      return changed(before, at, [...notes, statusEntry(before, at, author, { to: 'bot', cause: 'return' })], {
        ...toBot(before),
      });
    case 'agent': {
      if (to.agent.id === before.agentId) return refused('taken');
      const entry = statusEntry(before, at, author, { to: 'assigned', cause: 'transfer', agent: to.agent });
      return handTo(before, at, to.agent, [...notes, entry]);
    }
    case 'queue':
      return queued(before, at, { author, cause: 'transfer', notes, route: routeOf(before) });
    case 'group': {
      const chosen: RouteReason = { kind: 'agent', from: event.agent.name, group: to.groupId };
      const route = { ...routeOf(before), groupId: to.groupId, because: [...before.service.because, chosen] };
      return queued(before, at, { author, cause: 'transfer', notes, route });
    }
  }
}

function routeOf({ groupId, priority, service }: Conversation): Route {
  return { groupId, priority, because: service.because };
}

/** The newest reasons: an agent whose connection flaps all day must not make every write longer than the last. */
function explained({ because, ...route }: Route): Route {
  return { ...route, because: because.slice(-mostReasons) };
}

const mostReasons = 50;

type Requeueing = {
  readonly author: NewEntry['author'];
  readonly cause: 'transfer' | 'dropped';
  readonly notes: readonly NewEntry[];
  readonly route: Route;
};

/** Back to the queue, where it keeps its place: whoever was moved on has waited before. */
function queued(before: Conversation, at: number, { author, cause, notes, route: wanted }: Requeueing): Decision {
  const route = explained(wanted);
  const queuedAt = before.queuedAt ?? at;
  const { handoffReason: reason, agentId } = before;
  const agent = cause === 'dropped' && agentId !== null ? { id: agentId, name: before.agentName ?? '' } : null;
  const { groupId, priority, because } = route;
  // Who is moved on waits for somebody; who had the last answer before their agent vanished does not.
  const wait = cause === 'dropped' ? {} : newWait(before.service, at);
  const askedAt = before.service.askedAt ?? at;
  return changed(
    before,
    at,
    [...notes, statusEntry(before, at, author, { to: 'queued', cause, reason, agent, route })],
    {
      status: 'queued',
      agentId: null,
      agentName: null,
      queuedAt,
      groupId,
      priority,
      serveBy: cause === 'dropped' ? serveFirst(queuedAt) : serveByOf(queuedAt, priority),
      snoozedUntil: null,
      service: { ...before.service, ...wait, because, assignedAt: null, askedAt },
    },
  );
}

/** Its agent is gone: the customer goes before all others, and is told. */
function dropped(before: Conversation, { at, agentId, version, notice }: EventOf<'dropped'>): Decision {
  if (before.status !== 'assigned' || before.agentId !== agentId) return refused('not_yours');
  if (before.version !== version) return refused('stale');
  const because: RouteReason = { kind: 'returned', from: before.agentName ?? '' };
  const route = { ...routeOf(before), because: [...before.service.because, because] };
  const notes = notice === null ? [] : [systemMessage(at, notice)];
  return queued(before, at, { author: theSystem, cause: 'dropped', notes, route });
}

function resolved(before: Conversation, event: EventOf<'resolved'>): Decision {
  const { at, agent, resolution = null, returnsUntil = null } = event;
  // Who has rated this service already is not asked twice.
  const survey = before.service.rating === null ? (event.survey ?? null) : null;
  const entry = statusEntry(before, at, agentAuthor(agent), {
    to: 'resolved',
    cause: 'resolve',
    agent,
    resolution,
    survey,
  });
  return changed(before, at, [entry], {
    ...ended(before),
    service: { ...endedService(before, { at, resolution, returnsUntil, survey }), lastAgent: agent },
  });
}

/** Ends here and goes on in another conversation, whose agent the customer comes back to. */
function merged(before: Conversation, { at, agent, into, seen, returnsUntil }: EventOf<'merged'>): Decision {
  if (before.status === 'assigned' && before.agentId !== agent.id) return refused('taken');
  if (before.status === 'resolved' || before.id === into) return refused('stale');
  const unread = refuseUnread(before, seen);
  if (unread) return unread;
  const entry = statusEntry(before, at, agentAuthor(agent), { to: 'resolved', cause: 'merge', agent });
  const service = endedService(before, { at, resolution: null, returnsUntil, survey: null });
  return changed(before, at, [entry], {
    ...ended(before),
    service: { ...service, mergedInto: into, lastAgent: agent },
  });
}

function ended(before: Conversation): Partial<Conversation> {
  return {
    status: 'resolved',
    agentId: null,
    agentName: null,
    queuedAt: null,
    serveBy: null,
    snoozedUntil: null,
    botCursor: before.customerSeq,
  };
}

function endedService(
  { service }: Conversation,
  end: { at: number } & Pick<Service, 'resolution' | 'returnsUntil' | 'survey'>,
): Service {
  const { at: resolvedAt, ...rest } = end;
  return { ...service, ...rest, resolvedAt, waitingSince: null, assignedAt: null, reservedFor: null };
}

/** The status stays: it is its agent's list that it leaves for a while. */
function snoozed(before: Conversation, at: number, until: number | null, by: Person | null): Decision {
  if (before.snoozedUntil === until || (until !== null && until <= at)) return refused('stale');
  const author = by ? agentAuthor(by) : theSystem;
  const { service } = before;
  return changed(before, at, [changeEntry(at, author, { what: 'snoozed', until })], {
    snoozedUntil: until,
    // While it was put off nothing was promised: the wait for a reply counts anew.
    service: until === null && service.waitingSince !== null ? { ...service, waitingSince: at } : service,
  });
}

function routed(before: Conversation, { at, by, route: wanted }: EventOf<'routed'>): Decision {
  if (before.status === 'resolved') return refused('stale');
  const route = explained(wanted);
  const { groupId, priority, because } = route;
  const { queuedAt, serveBy } = before;
  // Whoever sends it elsewhere, and the desk, end its wait for one agent alone.
  const isKept = by.role !== 'system' && groupId === before.groupId;
  const isMoving = serveBy !== null && queuedAt !== null && serveBy !== serveFirst(queuedAt);
  return changed(before, at, [changeEntry(at, by, { what: 'routed', route })], {
    groupId,
    priority,
    // Who is at the front of the queue stays there.
    serveBy: isMoving ? serveByOf(queuedAt, priority) : serveBy,
    service: { ...before.service, because, reservedFor: isKept ? before.service.reservedFor : null },
  });
}

/** Each promise is noted once at risk and once broken; a broken one is counted, and may be apologised for. */
function promiseNoted(before: Conversation, event: EventOf<'promise_noted'>): Decision {
  const { at, what, promise, dueAt, apology } = event;
  const { service, status } = before;
  const isBroken = what === 'promise_broken';
  const known = isBroken ? service.broken : service.atRisk;
  if ((status !== 'queued' && status !== 'assigned') || known.includes(promise)) return refused('stale');
  if (isKept(service, event)) return refused('stale');
  const entries = [changeEntry(at, theSystem, { what, promise, dueAt })];
  // Somebody replied, late, while the desk was still counting: then "nobody has replied yet" would be a lie.
  const isOver = promise === 'first_response' && service.firstReplyAt !== null;
  if (apology !== null && !isOver) entries.push(systemMessage(at, apology));
  const noted = [...known, promise];
  return changed(before, at, entries, {
    service: isBroken ? { ...service, broken: noted, breaches: service.breaches + 1 } : { ...service, atRisk: noted },
  });
}

/** Somebody replied in time while the desk was still counting, or it is another wait by now. */
function isKept(service: Service, { promise, since: counted, dueAt }: EventOf<'promise_noted'>): boolean {
  const { askedAt, firstReplyAt, waitingSince } = service;
  if (promise === 'first_response' && firstReplyAt !== null && firstReplyAt <= dueAt) return true;
  const since = promise === 'next_response' ? waitingSince : askedAt;
  return since === null || dueAt <= since || (counted !== undefined && counted !== since);
}

function refuseStranger(
  before: Conversation,
  event: { readonly agent: Person; readonly version: number },
): Decision | null {
  if (before.status !== 'assigned' || before.agentId !== event.agent.id) return refused('not_yours');
  return before.version === event.version ? null : refused('stale');
}

function refuseUnread(before: Conversation, seen: number): Decision | null {
  return before.customerSeq > seen ? refused('stale') : null;
}
