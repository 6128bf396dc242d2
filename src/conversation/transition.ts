import {
  botOwesAnswer,
  isWithPeople,
  lookedUp,
  serveByOf,
  type BotMemory,
  type Conversation,
  type Draft,
  type Judgeable,
  type Mood,
  type NewEntry,
  type Route,
  type Service,
} from './conversation.ts';
import { asked, newWait, toBot } from './chapters.ts';
import { customerOf, messageEntry, ratingEntry, statusEntry, theBot, theSystem, verdictEntry } from './entries.ts';
import { changed, refused, type ConversationEvent, type Decision, type EventOf } from './events.ts';
import { decideService } from './serving.ts';

/**
 * The only place where a conversation's status, owner and cursors change (with serving.ts, its half for what people do).
 * Pure: the same row and event always give the same decision. The entries come without seq; the log numbers them from
 * `conversation.seq` (of the row given) + 1, and the row returned already counts them.
 */
export function transition(before: Conversation, event: ConversationEvent): Decision {
  switch (event.kind) {
    case 'customer_wrote':
      return customerWrote(before, event);
    case 'customer_judged':
      return changed(
        before,
        event.at,
        [verdictEntry(event.at, customerOf(before), { ...event, source: 'feedback' }, event.clientId)],
        { memory: memoryAfter(before.memory, event) },
      );
    case 'customer_rated':
      return customerRated(before, event);
    case 'customer_read': {
      const readSeq = Math.min(event.seq, before.seq);
      if (readSeq <= before.service.readSeq) return refused('overtaken');
      return changed(before, before.updatedAt, [], { service: { ...before.service, readSeq } });
    }
    case 'customer_cancelled':
      if (before.status !== 'queued') return refused('not_waiting');
      return changed(
        before,
        event.at,
        [statusEntry(before, event.at, customerOf(before), { to: 'bot', cause: 'cancel' })],
        toBot(before),
      );
    case 'bot_took_turn':
      return botTookTurn(before, event);
    case 'idled':
      if (before.status !== 'bot' || botOwesAnswer(before) || before.updatedAt > event.idleSince) {
        return refused('overtaken');
      }
      return idled(before, event);
    case 'claimed':
    case 'assigned':
    case 'agent_wrote':
    case 'agent_noted':
    case 'transferred':
    case 'resolved':
    case 'snoozed':
    case 'woken':
    case 'absorbed':
    case 'merged':
    case 'dropped':
    case 'routed':
    case 'promise_noted':
      return decideService(before, event);
  }
}

function customerWrote(before: Conversation, event: EventOf<'customer_wrote'>): Decision {
  const { at } = event;
  const author = customerOf(before);
  const said = messageEntry(at, author, event.draft, { clientId: event.clientId, channelData: event.channelData });
  const reopened = before.status === 'resolved' ? reopening(before, event) : null;
  const entries = reopened ? [statusEntry(before, at, author, reopened.entry), said] : [said];
  const customerSeq = before.seq + entries.length;
  const now: Conversation = { ...before, ...reopened?.after };
  return changed(before, at, entries, {
    ...reopened?.after,
    customerSeq,
    botCursor: cursorAfter(now, customerSeq),
    // Whoever writes is not to be left alone until later.
    snoozedUntil: null,
    service: {
      ...now.service,
      ...waiting(now, at),
      mood: moodAfter(now.service.mood, customerSeq, event.sentiment ?? null),
    },
  });
}

/** The end, because nothing happens any more. Who was asked how it was is not asked again. */
function idled(before: Conversation, { at, survey }: EventOf<'idled'>): Decision {
  const { service } = before;
  const asks = service.survey === null ? survey : null;
  return changed(before, at, [statusEntry(before, at, theSystem, { to: 'resolved', cause: 'resolve', survey: asks })], {
    status: 'resolved',
    service: { ...service, resolvedAt: at, returnsUntil: null, survey: asks ?? service.survey },
  });
}

/** Where a customer who writes after the end goes: soon after to the agent who served them, else to the bot. */
function reopening(
  before: Conversation,
  { at, isSmallTalk = false }: EventOf<'customer_wrote'>,
): { readonly entry: Parameters<typeof statusEntry>[3]; readonly after: Partial<Conversation> } {
  const { lastAgent, returnsUntil } = before.service;
  if (isSmallTalk || lastAgent === null || returnsUntil === null || at > returnsUntil) {
    // Who says thanks first may still say how it was.
    const { survey, rating } = before.service;
    const after = toBot(before);
    return {
      entry: { to: 'bot', cause: 'reopen' },
      after: { ...after, service: { ...after.service, survey, rating } },
    };
  }
  const { groupId, priority } = before;
  const because = [{ kind: 'returned', from: lastAgent.name }] as const;
  const route: Route = { groupId, priority, because };
  return {
    entry: { to: 'queued', cause: 'reopen', reason: before.handoffReason, route },
    after: {
      status: 'queued',
      queuedAt: at,
      serveBy: serveByOf(at, priority),
      service: { ...asked(before.service, at, route), reservedFor: lastAgent, survey: null },
    },
  };
}

/** Since when a customer who wrote to a person has been waiting. */
function waiting({ status, service, snoozedUntil }: Conversation, at: number): Partial<Service> {
  if (status !== 'queued' && status !== 'assigned') return {};
  // While it was put off nothing was promised: as when a snooze ends by itself, the wait counts anew.
  return service.waitingSince !== null && snoozedUntil !== null ? { waitingSince: at } : newWait(service, at);
}

function moodAfter(before: Mood | null, seq: number, score: number | null): Mood | null {
  if (score === null) return before;
  const last = { seq, score };
  return { last, worst: before && before.worst.score <= score ? before.worst : last };
}

/**
 * The bot's cursor after a customer message at `customerSeq`. What is said to a person is not the bot's to answer later;
 * a bot that owes no answer stands right before the message, which whoever hears of it can tell without the log.
 */
function cursorAfter(now: Conversation, customerSeq: number): number {
  if (isWithPeople(now.status)) return customerSeq;
  return botOwesAnswer(now) ? now.botCursor : customerSeq - 1;
}

/** One answer to one question, at the end and not before: until a person is asked for again. */
function customerRated(before: Conversation, event: EventOf<'customer_rated'>): Decision {
  const { service, status } = before;
  const isOver = status === 'resolved' || status === 'bot';
  if (!isOver || service.survey === null || service.rating !== null) return refused('not_asked');
  const rated = { survey: service.survey, score: event.score, comment: event.comment };
  return changed(before, event.at, [ratingEntry(event.at, customerOf(before), rated, event.clientId)], {
    service: { ...service, rating: event.score },
  });
}

function botTookTurn(before: Conversation, event: EventOf<'bot_took_turn'>): Decision {
  if (before.status !== 'bot' || before.botCursor !== event.cursor) return refused('overtaken');
  // Only the greeting deals with no message, and it comes first or not at all.
  if (event.through === 0 && before.seq > 0) return refused('overtaken');
  const entries: NewEntry[] = [];
  if (event.verdict) entries.push(verdictEntry(event.at, customerOf(before), event.verdict));
  let judgeable = event.verdict ? null : event.memory.judgeable;
  for (const reply of event.replies) {
    entries.push(messageEntry(event.at, theBot, reply, { replyTo: event.through || null }));
    judgeable = judgeableOf(reply, before.seq + entries.length) ?? judgeable;
  }
  const after: Partial<Conversation> = {
    botCursor: event.through,
    memory: { ...event.memory, judgeable },
  };
  if (!event.handoff) return changed(before, event.at, entries, after);
  const { reason, understanding, route = anywhere } = event.handoff;
  entries.push(statusEntry(before, event.at, theBot, { to: 'queued', cause: 'handoff', reason, understanding, route }));
  return changed(before, event.at, entries, {
    ...after,
    // Everything said so far is the agent's to answer.
    botCursor: before.customerSeq,
    status: 'queued',
    handoffReason: reason,
    queuedAt: event.at,
    groupId: route.groupId,
    priority: route.priority,
    serveBy: serveByOf(event.at, route.priority),
    service: { ...asked(before.service, event.at, route), survey: null, rating: null },
  });
}

const anywhere: Route = { groupId: null, priority: 'medium', because: [] };

/** What there is to judge about a reply that became the message `seq`; null if there is nothing. */
function judgeableOf({ understanding, choices }: Draft, seq: number): Judgeable | null {
  if (!understanding) return null;
  const { outcome, articleId } = understanding;
  const question = lookedUp(understanding);
  if (outcome === 'answer' && articleId !== null) return { seq, question, kind: 'answer', articleId };
  const offers = choices.flatMap((choice) =>
    choice.articleId === undefined ? [] : [{ articleId: choice.articleId, question: choice.value }],
  );
  return offers.length > 0 ? { seq, question, kind: 'offer', offers } : null;
}

/** The last answer is judged once; one that did not help is a miss like any other. */
function memoryAfter(memory: BotMemory, { about, helpful }: { about: number; helpful: boolean }): BotMemory {
  if (memory.judgeable?.seq !== about) return memory;
  return { ...memory, judgeable: null, misses: helpful ? 0 : memory.misses + 1 };
}
