import {
  botOwesAnswer,
  emptyMemory,
  lookedUp,
  plainDraft,
  type Author,
  type BotMemory,
  type Conversation,
  type Draft,
  type HandoffReason,
  type Judgeable,
  type Judgement,
  type NewEntry,
  type StatusCause,
  type StatusChange,
  type Understanding,
} from './conversation.ts';

type Agent = { readonly id: string; readonly name: string };

/** Everything that can happen to a conversation. `at` is the time it happened, in milliseconds. */
export type ConversationEvent =
  | {
      readonly kind: 'customer_wrote';
      readonly at: number;
      readonly draft: Draft;
      readonly clientId: string | null;
      readonly channelData: unknown;
    }
  | {
      readonly kind: 'customer_judged';
      readonly at: number;
      readonly about: number;
      readonly articleId: string;
      readonly question: string;
      readonly helpful: boolean;
      readonly clientId: string | null;
    }
  | { readonly kind: 'customer_cancelled'; readonly at: number }
  | {
      readonly kind: 'bot_took_turn';
      readonly at: number;
      /** The bot's cursor when the turn began, and the customer message it dealt with (0 for the greeting). */
      readonly cursor: number;
      readonly through: number;
      readonly replies: readonly Draft[];
      readonly memory: BotMemory;
      readonly handoff: { readonly reason: HandoffReason; readonly understanding: Understanding | null } | null;
      /** What the message said of the bot's message before it. */
      readonly verdict: Judgement | null;
    }
  | { readonly kind: 'claimed'; readonly at: number; readonly agent: Agent }
  | {
      readonly kind: 'agent_wrote';
      readonly at: number;
      readonly agent: Agent;
      readonly version: number;
      readonly draft: Draft;
      readonly clientId: string | null;
    }
  | {
      readonly kind: 'agent_noted';
      readonly at: number;
      readonly agent: Agent;
      readonly text: string;
      readonly clientId: string | null;
    }
  | {
      readonly kind: 'transferred';
      readonly at: number;
      readonly agent: Agent;
      readonly version: number;
      readonly seen: number;
      readonly to: 'queue' | 'bot';
      readonly note: string | null;
    }
  | {
      readonly kind: 'resolved';
      readonly at: number;
      readonly agent: Agent;
      readonly version: number;
      /** Seq of the last entry the agent had before them: nobody is let go with their last words unread. */
      readonly seen: number;
    };

/**
 * Why an event changes nothing.
 * - `taken`        a colleague has it.
 * - `not_waiting`  a claim of, or a cancelled wait for, a conversation that is not in the queue.
 * - `not_yours`    the writer does not own it (any more).
 * - `stale`        status or owner changed since the writer looked, or the customer wrote before they let them go.
 * - `overtaken`    the bot's turn lost: a person has it, or the turn was already taken.
 */
export type Refusal = 'taken' | 'not_waiting' | 'not_yours' | 'stale' | 'overtaken';

export type Decision =
  | { readonly kind: 'changed'; readonly conversation: Conversation; readonly entries: readonly NewEntry[] }
  | { readonly kind: 'refused'; readonly because: Refusal };

export const theBot: Author = { role: 'bot', id: 'bot', name: null };
export const theSystem: Author = { role: 'system', id: 'system', name: null };

/**
 * The only place where a conversation's status, owner and cursors change. Pure: the same row and event always give the
 * same decision. The entries come without seq; the log numbers them from `conversation.seq` (of the row given) + 1,
 * and the row returned already counts them.
 */
export function transition(before: Conversation, event: ConversationEvent): Decision {
  switch (event.kind) {
    case 'customer_wrote':
      return customerWrote(before, event);
    case 'customer_judged':
      return changed(
        before,
        event.at,
        [{ ...verdict(before, event.at, { ...event, source: 'feedback' }), clientId: event.clientId }],
        { memory: memoryAfter(before.memory, event) },
      );
    case 'customer_cancelled':
      if (before.status !== 'queued') return refused('not_waiting');
      return changed(
        before,
        event.at,
        [statusChange(before, event.at, customer(before), { to: 'bot', cause: 'cancel' })],
        toBot(before),
      );
    case 'bot_took_turn':
      return botTookTurn(before, event);
    case 'claimed':
      if (before.status === 'assigned') return refused('taken');
      if (before.status !== 'queued') return refused('not_waiting');
      return changed(
        before,
        event.at,
        [statusChange(before, event.at, agent(event.agent), { to: 'assigned', cause: 'claim', agent: event.agent })],
        { status: 'assigned', agentId: event.agent.id, agentName: event.agent.name },
      );
    case 'agent_wrote': {
      const refusal = refuseStranger(before, event);
      if (refusal) return refusal;
      return changed(before, event.at, [
        message(event.at, agent(event.agent), event.draft, { clientId: event.clientId }),
      ]);
    }
    case 'agent_noted':
      return changed(before, event.at, [note(event.at, event.agent, event.text, event.clientId)]);
    case 'transferred':
      return transferred(before, event);
    case 'resolved': {
      const refusal = refuseStranger(before, event) ?? refuseUnread(before, event.seen);
      if (refusal) return refusal;
      return changed(
        before,
        event.at,
        [statusChange(before, event.at, agent(event.agent), { to: 'resolved', cause: 'resolve', agent: event.agent })],
        { status: 'resolved', agentId: null, agentName: null, queuedAt: null },
      );
    }
  }
}

function customerWrote(before: Conversation, event: Extract<ConversationEvent, { kind: 'customer_wrote' }>): Decision {
  const author = customer(before);
  const said = message(event.at, author, event.draft, { clientId: event.clientId, channelData: event.channelData });
  const reopens = before.status === 'resolved';
  const entries = reopens ? [statusChange(before, event.at, author, { to: 'bot', cause: 'reopen' }), said] : [said];
  const customerSeq = before.seq + entries.length;
  return changed(before, event.at, entries, {
    ...(reopens ? toBot(before) : {}),
    customerSeq,
    botCursor: cursorAfter(before, customerSeq),
  });
}

/**
 * The bot's cursor after a customer message at `customerSeq`. What is said to a person is not the bot's to answer later;
 * a bot that owes no answer stands right before the message, which whoever hears of it can tell without the log.
 */
function cursorAfter(before: Conversation, customerSeq: number): number {
  if (before.status === 'queued' || before.status === 'assigned') return customerSeq;
  return botOwesAnswer(before) ? before.botCursor : customerSeq - 1;
}

function botTookTurn(before: Conversation, event: Extract<ConversationEvent, { kind: 'bot_took_turn' }>): Decision {
  if (before.status !== 'bot' || before.botCursor !== event.cursor) return refused('overtaken');
  // Only the greeting deals with no message, and it comes first or not at all.
  if (event.through === 0 && before.seq > 0) return refused('overtaken');
  const entries: NewEntry[] = [];
  if (event.verdict) entries.push({ ...verdict(before, event.at, event.verdict), clientId: null });
  let judgeable = event.verdict ? null : event.memory.judgeable;
  for (const reply of event.replies) {
    entries.push(message(event.at, theBot, reply, { replyTo: event.through || null }));
    judgeable = judgeableOf(reply, before.seq + entries.length) ?? judgeable;
  }
  const after: Partial<Conversation> = {
    botCursor: event.through,
    memory: { ...event.memory, judgeable },
  };
  if (!event.handoff) return changed(before, event.at, entries, after);
  entries.push(statusChange(before, event.at, theBot, { to: 'queued', cause: 'handoff', ...event.handoff }));
  return changed(before, event.at, entries, {
    ...after,
    // Everything said so far is the agent's to answer.
    botCursor: before.customerSeq,
    status: 'queued',
    handoffReason: event.handoff.reason,
    queuedAt: event.at,
  });
}

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

function transferred(before: Conversation, event: Extract<ConversationEvent, { kind: 'transferred' }>): Decision {
  const refusal = refuseStranger(before, event) ?? (event.to === 'bot' ? refuseUnread(before, event.seen) : null);
  if (refusal) return refusal;
  const entries: NewEntry[] = event.note ? [note(event.at, event.agent, event.note, null)] : [];
  const author = agent(event.agent);
  if (event.to === 'bot') {
    entries.push(statusChange(before, event.at, author, { to: 'bot', cause: 'return' }));
    return changed(before, event.at, entries, toBot(before));
  }
  entries.push(
    statusChange(before, event.at, author, { to: 'queued', cause: 'transfer', reason: before.handoffReason }),
  );
  // It keeps its place: whoever was moved on has waited before.
  const queuedAt = before.queuedAt ?? event.at;
  return changed(before, event.at, entries, { status: 'queued', agentId: null, agentName: null, queuedAt });
}

/** Back with the bot: nobody owns it, and the bot starts afresh after all that was said meanwhile. */
function toBot(before: Conversation): Partial<Conversation> {
  return {
    status: 'bot',
    agentId: null,
    agentName: null,
    queuedAt: null,
    handoffReason: null,
    botCursor: before.customerSeq,
    memory: emptyMemory,
  };
}

function refuseStranger(
  before: Conversation,
  event: { readonly agent: Agent; readonly version: number },
): Decision | null {
  if (before.status !== 'assigned' || before.agentId !== event.agent.id) return refused('not_yours');
  if (before.version !== event.version) return refused('stale');
  return null;
}

function refuseUnread(before: Conversation, seen: number): Decision | null {
  return before.customerSeq > seen ? refused('stale') : null;
}

function changed(
  before: Conversation,
  at: number,
  entries: readonly NewEntry[],
  after: Partial<Conversation> = {},
): Decision {
  const moved = after.status !== undefined && (after.status !== before.status || after.agentId !== before.agentId);
  return {
    kind: 'changed',
    entries,
    conversation: {
      ...before,
      ...after,
      seq: before.seq + entries.length,
      version: before.version + (moved ? 1 : 0),
      updatedAt: at,
    },
  };
}

function refused(because: Refusal): Decision {
  return { kind: 'refused', because };
}

function customer(conversation: Conversation): Author {
  return { role: 'customer', id: conversation.customerId, name: conversation.customerName };
}

function agent({ id, name }: Agent): Author {
  return { role: 'agent', id, name };
}

function message(
  at: number,
  author: Author,
  draft: Draft,
  more: { clientId?: string | null; channelData?: unknown; replyTo?: number | null },
): NewEntry {
  return {
    kind: 'message',
    at,
    author,
    ...draft,
    private: false,
    clientId: null,
    channelData: null,
    replyTo: null,
    ...more,
  };
}

function note(at: number, by: Agent, text: string, clientId: string | null): NewEntry {
  return {
    kind: 'message',
    at,
    author: agent(by),
    ...plainDraft(text),
    private: true,
    clientId,
    channelData: null,
    replyTo: null,
  };
}

function verdict(before: Conversation, at: number, { about, articleId, question, helpful, source }: Judgement) {
  return { kind: 'verdict' as const, at, author: customer(before), about, articleId, question, helpful, source };
}

function statusChange(
  before: Conversation,
  at: number,
  author: Author,
  change: { to: StatusChange['to']; cause: StatusCause } & Partial<
    Pick<StatusChange, 'reason' | 'agent' | 'understanding'>
  >,
): NewEntry {
  return { kind: 'status', at, author, from: before.status, reason: null, agent: null, understanding: null, ...change };
}
