import type {
  Author,
  BotMemory,
  Conversation,
  Draft,
  HandoffReason,
  Judgement,
  NewEntry,
  Person,
  PromiseKind,
  Route,
  SurveyKind,
  Understanding,
} from './conversation.ts';

/** Everything that can happen to a conversation. `at` is the time it happened, in milliseconds. */
export type ConversationEvent = { readonly at: number } & (
  CustomerEvent | BotEvent | IdleEvent | AgentEvent | DeskEvent
);

/** Finds the event of a kind. */
export type EventOf<Kind extends ConversationEvent['kind']> = Extract<ConversationEvent, { kind: Kind }>;

/** What agents, supervisors and the desk itself do. */
export type ServiceEvent = { readonly at: number } & (AgentEvent | DeskEvent);

type CustomerEvent =
  | {
      readonly kind: 'customer_wrote';
      readonly draft: Draft;
      readonly clientId: string | null;
      readonly channelData: unknown;
      /** How it sounds, from -1 to 1; null where nobody listened. */
      readonly sentiment?: number | null;
      /** Thanks, a goodbye and the like: after the end, that is for the bot. */
      readonly isSmallTalk?: boolean;
    }
  | {
      readonly kind: 'customer_judged';
      readonly about: number;
      readonly articleId: string;
      readonly question: string;
      readonly helpful: boolean;
      readonly clientId: string | null;
    }
  | {
      readonly kind: 'customer_rated';
      readonly score: number;
      readonly comment: string | null;
      readonly clientId: string | null;
    }
  /** The customer has seen everything up to `seq`. */
  | { readonly kind: 'customer_read'; readonly seq: number }
  | { readonly kind: 'customer_cancelled' };

type BotEvent = {
  readonly kind: 'bot_took_turn';
  /** The bot's cursor when the turn began, and the customer message it dealt with (0 for the greeting). */
  readonly cursor: number;
  readonly through: number;
  readonly replies: readonly Draft[];
  readonly memory: BotMemory;
  readonly handoff: BotHandoff | null;
  /** What the message said of the bot's message before it. */
  readonly verdict: Judgement | null;
};

export type BotHandoff = {
  readonly reason: HandoffReason;
  readonly understanding: Understanding | null;
  /** How the customer sounded and what sensitive thing they spoke of, where that decided it. */
  readonly sentiment?: number | null;
  readonly sensitiveTopic?: string | null;
  /** Where it goes; without one to everybody, not urgently. */
  readonly route?: Route;
};

/** `version`: of the conversation as the agent last saw it. `seen`: seq of the last entry they had before them. */
type AgentEvent =
  | { readonly kind: 'claimed'; readonly agent: Person }
  | {
      readonly kind: 'agent_wrote';
      readonly agent: Person;
      readonly version: number;
      readonly draft: Draft;
      readonly clientId: string | null;
      /** The message they quote. */
      readonly replyTo?: number | null;
      /** The article they answered with, and the customer's message and wording it answers. */
      readonly article?: Pick<Judgement, 'about' | 'articleId' | 'question'> | null;
    }
  | {
      readonly kind: 'agent_noted';
      readonly agent: Person;
      readonly text: string;
      readonly clientId: string | null;
      readonly mentions?: readonly string[];
    }
  | {
      readonly kind: 'transferred';
      readonly agent: Person;
      readonly version: number;
      readonly seen: number;
      readonly to: TransferTarget;
      readonly note: string | null;
    }
  | {
      readonly kind: 'resolved';
      readonly agent: Person;
      readonly version: number;
      /** Nobody is let go with their last words unread. */
      readonly seen: number;
      readonly resolution?: string | null;
      readonly survey?: SurveyKind | null;
      readonly returnsUntil?: number | null;
    }
  /** Nothing is asked of its agent until then; null takes that back. */
  | { readonly kind: 'snoozed'; readonly agent: Person; readonly version: number; readonly until: number | null }
  /** What was another conversation of the same customer goes on here. */
  | {
      readonly kind: 'absorbed';
      readonly agent: Person;
      readonly version: number;
      readonly conversationId: string;
    }
  /** It goes on in the conversation `into`, which the agent has. */
  | {
      readonly kind: 'merged';
      readonly agent: Person;
      readonly into: string;
      readonly seen: number;
      readonly returnsUntil: number | null;
    };

export type TransferTarget =
  | { readonly kind: 'queue' }
  | { readonly kind: 'bot' }
  | { readonly kind: 'group'; readonly groupId: string }
  | { readonly kind: 'agent'; readonly agent: Person };

/** What supervisors and the desk itself do. */
type DeskEvent =
  /** Somebody is given the conversation, wherever it is. */
  | {
      readonly kind: 'assigned';
      readonly by: Author;
      readonly to: Person;
      readonly version: number;
      readonly cause: 'assign' | 'takeover';
    }
  /** Its agent went away without a word. `notice` tells the customer. */
  | {
      readonly kind: 'dropped';
      readonly agentId: string;
      readonly version: number;
      readonly notice: string | null;
    }
  | { readonly kind: 'routed'; readonly by: Author; readonly route: Route }
  /** Noted once. `apology` is said to the customer. */
  | {
      readonly kind: 'promise_noted';
      readonly what: 'promise_at_risk' | 'promise_broken';
      readonly promise: PromiseKind;
      /** What it counted from: refused once it counts from another time. */
      readonly since?: number;
      readonly dueAt: number;
      readonly apology: string | null;
    }
  /** A snooze is over. */
  | { readonly kind: 'woken' };

/** Nothing has happened with the bot since `idleSince`. */
type IdleEvent = { readonly kind: 'idled'; readonly idleSince: number; readonly survey: SurveyKind | null };

/**
 * Why an event changes nothing.
 * - `taken`        a colleague has it.
 * - `not_waiting`  a claim of, or a cancelled wait for, a conversation that is not in the queue.
 * - `not_yours`    the writer does not own it (any more).
 * - `stale`        status or owner changed since the writer looked, or the customer wrote before they let them go.
 * - `overtaken`    the bot's turn lost: a person has it, or the turn was already taken.
 * - `not_asked`    a rating nobody asked for, or a second one.
 */
export type Refusal = 'taken' | 'not_waiting' | 'not_yours' | 'stale' | 'overtaken' | 'not_asked';

export type Decision =
  | { readonly kind: 'changed'; readonly conversation: Conversation; readonly entries: readonly NewEntry[] }
  | { readonly kind: 'refused'; readonly because: Refusal };

export function refused(because: Refusal): Decision {
  return { kind: 'refused', because };
}

/** The row after `entries`, with `after` changed; another status or owner makes another version. */
export function changed(
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
