/**
 * The words of the desk, and the shape of what is remembered.
 *
 * customer      who asks. agent: always a person. the bot: the program. system: the desk itself.
 * conversation  one customer on one channel: an append-only log of entries (conversation id, seq), and the row that sums it up.
 * entry         one line of the log: a message, a status change or a verdict. Never edited.
 * private note  a message only agents see.
 * turn          what the bot does with one customer message. Its replies are saved together with its cursor.
 * handoff       the bot gives the conversation to the queue, with a reason.
 * verdict       what somebody who could know said of a wording and an article: the one answers the other, or does not.
 * version       counts changes of status and owner; writes by agents carry it, so that a stale one is refused.
 * service       what a person's part of the conversation needs remembered: from the handoff to the end.
 * promise       the time in which a customer is told to hear from a person, or to be done (SLA).
 * change        something noted that moves no status: a promise broken, a group or priority chosen, a snooze, a merge.
 * rating        what the customer thought of it in the end: a score and perhaps a word.
 */

export type Status = 'bot' | 'queued' | 'assigned' | 'resolved';

export const handoffReasons = [
  'customer_request',
  'no_match',
  'low_confidence',
  'ambiguous',
  'repeated_failure',
  'negative_sentiment',
  'sensitive_topic',
  'bot_error',
] as const;
export type HandoffReason = (typeof handoffReasons)[number];

/** Most urgent first. */
export const priorities = ['urgent', 'high', 'medium', 'low'] as const;
export type Priority = (typeof priorities)[number];

/** A person as the log names them. */
export type Person = { readonly id: string; readonly name: string };

/** What is promised to a customer who waits for a person. */
export const promiseKinds = ['first_response', 'next_response', 'resolution'] as const;
export type PromiseKind = (typeof promiseKinds)[number];

/** What customers can be asked at the end: how satisfied (1 to 5), how easy (1 to 7), would they recommend us (0 to 10). */
export const surveyKinds = ['csat', 'ces', 'nps'] as const;
export type SurveyKind = (typeof surveyKinds)[number];

export type Author = {
  readonly role: 'customer' | 'bot' | 'agent' | 'system';
  readonly id: string;
  readonly name: string | null;
};

/** A stored upload. `id` names the file in the media store; `size` is in bytes. */
export type Attachment = {
  readonly id: string;
  readonly name: string;
  readonly contentType: string;
  readonly size: number;
};

/** A button: pressing it says `value`. A channel may draw the kinds differently (feedback as thumbs). */
export type Choice = {
  readonly kind: 'question' | 'feedback' | 'command';
  readonly title: string;
  readonly value: string;
  /** The article it stands for, where the bot asks which one is meant. */
  readonly articleId?: string;
};

/** An article that was weighed for a question. `confidence` is a probability, 0..1. */
export type Candidate = {
  readonly articleId: string;
  readonly title: string;
  readonly confidence: number;
};

/** What the bot understood of a question: the evidence behind an answer, and what the agent reads after a handoff. */
export type Understanding = {
  /** The customer's own words. */
  readonly question: string;
  /** What was looked up, where context or spelling changed it. */
  readonly readAs?: string;
  readonly outcome: 'answer' | 'clarify' | 'handoff';
  readonly articleId: string | null;
  readonly confidence: number;
  readonly candidates: readonly Candidate[];
  readonly unmatched: readonly string[];
  /** The best candidate says the opposite of what was asked. */
  readonly denied?: boolean;
};

/** The words an understanding rests on: the customer's, or those that were looked up in their place. */
export function lookedUp({ question, readAs }: Understanding): string {
  return readAs ?? question;
}

/** What a message says, before it has a place in the log. */
export type Draft = {
  readonly text: string;
  readonly format: 'plain' | 'markdown';
  readonly attachments: readonly Attachment[];
  readonly choices: readonly Choice[];
  /** Only on the bot's messages that come from a question. */
  readonly understanding: Understanding | null;
};

/** Text and nothing else. */
export function plainDraft(text: string): Draft {
  return { text, format: 'plain', attachments: [], choices: [], understanding: null };
}

type EntryBase = { readonly seq: number; readonly at: number; readonly author: Author };

export type Message = EntryBase &
  Draft & {
    readonly kind: 'message';
    /** True for a private note. */
    readonly private: boolean;
    /** The sender's own id of this message (Direct Line: channelData.clientActivityID); unique in a conversation. */
    readonly clientId: string | null;
    /** What the customer's client attached and wants back untouched. */
    readonly channelData: unknown;
    /** The seq of the message it replies to: always on the bot's, on an agent's where they quote one. */
    readonly replyTo: number | null;
    /** Ids of the agents a private note is meant for. */
    readonly mentions: readonly string[];
  };

/**
 * Why a status or an owner changed.
 * - `handoff`  the bot gave it to the queue. `claim`: an agent took it. `assign`: the desk gave it to an agent.
 * - `takeover` somebody took it from the bot, from a colleague, or from among the resolved ones.
 * - `transfer` its agent gave it to the queue, a group or a colleague. `return`: to the bot.
 * - `dropped`  its agent went away; it is back at the front of the queue.
 * - `cancel`   the customer left the queue. `reopen`: they wrote after the end.
 * - `resolve`  the end, by a person or, when nothing happens any more, by the desk. `merge`: it goes on in another one.
 */
export type StatusCause =
  | 'handoff'
  | 'claim'
  | 'assign'
  | 'takeover'
  | 'transfer'
  | 'return'
  | 'dropped'
  | 'cancel'
  | 'reopen'
  | 'resolve'
  | 'merge';

export type StatusChange = EntryBase & {
  readonly kind: 'status';
  readonly from: Status;
  readonly to: Status;
  readonly cause: StatusCause;
  readonly reason: HandoffReason | null;
  /** The owner from then on; on `resolve` and `dropped` the last one. */
  readonly agent: Person | null;
  /** What the bot understood when it gave up; only on `handoff`. */
  readonly understanding: Understanding | null;
  /** Where it goes and how urgently; on what leads into the queue. */
  readonly route: Route | null;
  /** Id of the chosen reason; only on `resolve`. */
  readonly resolution: string | null;
  /** What the customer is asked; only on `resolve`. */
  readonly survey: SurveyKind | null;
};

/** Where a conversation goes, how urgently, and why. */
export type Route = {
  /** The skill group; null for everybody. */
  readonly groupId: string | null;
  readonly priority: Priority;
  readonly because: readonly RouteReason[];
};

/**
 * What decided a route, in the order in which it was weighed: for the screen.
 * `from` names the rule, tag, skill or handoff reason; `group` and `priority` what it asked for.
 */
export type RouteReason = {
  readonly kind:
    'rule' | 'skill' | 'default' | 'reason' | 'tag' | 'sentiment' | 'sensitive_topic' | 'returned' | 'agent';
  readonly from: string;
  readonly group?: string;
  readonly priority?: Priority;
};

/**
 * How a verdict came about.
 * - `feedback`  the customer said whether an answer helped.
 * - `pick`      the customer picked one of the articles the bot offered, or none of them (then of the best).
 * - `agent`     an agent sent the article to the customer who had asked.
 */
export type VerdictSource = 'feedback' | 'pick' | 'agent';

/** What is said of an article, by whatever way. */
export type Judgement = {
  /** The seq of the message it speaks of: an answer, or an offer of several. */
  readonly about: number;
  readonly articleId: string;
  /** The wording that the article answers or does not, as it was looked up; empty in entries from before it was kept. */
  readonly question: string;
  readonly helpful: boolean;
  readonly source: VerdictSource;
};

export type Verdict = EntryBase & Judgement & { readonly kind: 'verdict'; readonly clientId: string | null };

export type Rated = {
  readonly survey: SurveyKind;
  readonly score: number;
  /** Plain text of the customer's; null where they wrote nothing. */
  readonly comment: string | null;
};

export type Rating = EntryBase & Rated & { readonly kind: 'rating'; readonly clientId: string | null };

/** What a change is about. Times in milliseconds since 1970. */
export type Changed =
  | { readonly what: 'routed'; readonly route: Route }
  | { readonly what: 'promise_at_risk' | 'promise_broken'; readonly promise: PromiseKind; readonly dueAt: number }
  /** Until when nothing is asked of its agent; null once it is back. */
  | { readonly what: 'snoozed'; readonly until: number | null }
  /** Another conversation of the same customer goes on in this one. */
  | { readonly what: 'merged'; readonly conversationId: string };

export type Change = EntryBase & { readonly kind: 'change'; readonly change: Changed };

export type Entry = Message | StatusChange | Verdict | Rating | Change;

/** An entry that has no place in the log yet. */
export type NewEntry =
  Omit<Message, 'seq'> | Omit<StatusChange, 'seq'> | Omit<Verdict, 'seq'> | Omit<Rating, 'seq'> | Omit<Change, 'seq'>;

/** What the bot keeps in mind from one turn to the next. */
export type BotMemory = {
  /** Questions in a row that it could not answer. */
  readonly misses: number;
  /** The last answered article, for follow-ups. */
  readonly lastArticleId: string | null;
  /** What can be judged; null once judged, and once the bot had to say that it has no answer. */
  readonly judgeable: Judgeable | null;
  /** What it last understood, for the handoff brief. */
  readonly lastUnderstanding: Understanding | null;
};

/** The bot's last answer, or the articles it offered instead, as the customer may judge them. */
export type Judgeable = {
  /** The seq of the bot's message. */
  readonly seq: number;
  /** The wording it replies to, as it was looked up. */
  readonly question: string;
} & (
  | { readonly kind: 'answer'; readonly articleId: string }
  /** Best first, never empty. */
  | { readonly kind: 'offer'; readonly offers: readonly Offer[] }
);

/** An article the customer may pick, and what its button says. */
export type Offer = { readonly articleId: string; readonly question: string };

export const emptyMemory: BotMemory = {
  misses: 0,
  lastArticleId: null,
  judgeable: null,
  lastUnderstanding: null,
};

/** How the customer felt, from -1 (furious) to 1 (delighted): the worst moment and the last message. */
export type Mood = { readonly worst: Felt; readonly last: Felt };
/** `seq` is that of the message. */
export type Felt = { readonly seq: number; readonly score: number };

/** What a person's part of the conversation needs remembered. Times are milliseconds since 1970. */
export type Service = {
  /** When a person was asked for; what promises of a first response and a resolution count from. */
  readonly askedAt: number | null;
  /** When a person first replied after that. */
  readonly firstReplyAt: number | null;
  /** The customer's oldest message that no person has replied to; null once an agent has had the last word. */
  readonly waitingSince: number | null;
  readonly assignedAt: number | null;
  /** Who serves it or did last: the first choice when the customer comes back. */
  readonly lastAgent: Person | null;
  /** Whom it waits for alone, as after a quick return, until the desk sees that it is in vain; null for whoever is free. */
  readonly reservedFor: Person | null;
  readonly because: readonly RouteReason[];
  /** What was noted, so that it is noted once: a promise at risk, a broken one. */
  readonly atRisk: readonly PromiseKind[];
  readonly broken: readonly PromiseKind[];
  /** How many promises were broken since a person was asked for. */
  readonly breaches: number;
  readonly resolvedAt: number | null;
  /** A customer who writes again until then comes back to `lastAgent`. */
  readonly returnsUntil: number | null;
  readonly resolution: string | null;
  /** The conversation it goes on in. */
  readonly mergedInto: string | null;
  /** What the customer was asked at the end, and how they answered. */
  readonly survey: SurveyKind | null;
  readonly rating: number | null;
  /** The customer has seen everything up to this seq, as far as their client tells. */
  readonly readSeq: number;
  readonly mood: Mood | null;
};

export const noService: Service = {
  askedAt: null,
  firstReplyAt: null,
  waitingSince: null,
  assignedAt: null,
  lastAgent: null,
  reservedFor: null,
  because: [],
  atRisk: [],
  broken: [],
  breaches: 0,
  resolvedAt: null,
  returnsUntil: null,
  resolution: null,
  mergedInto: null,
  survey: null,
  rating: null,
  readSeq: 0,
  mood: null,
};

/** The row that sums up one log. Times are integer milliseconds since 1970. */
export type Conversation = {
  readonly id: string;
  readonly channel: string;
  readonly customerId: string;
  readonly customerName: string | null;
  readonly locale: string;
  readonly status: Status;
  readonly agentId: string | null;
  readonly agentName: string | null;
  readonly version: number;
  /** Seq of the last entry; 0 when there is none. */
  readonly seq: number;
  /** Seq of the last customer message; 0 when there is none. */
  readonly customerSeq: number;
  /** The bot has dealt with everything up to here. */
  readonly botCursor: number;
  readonly memory: BotMemory;
  readonly handoffReason: HandoffReason | null;
  /** Since when the customer waits in the queue, or did before they were served. */
  readonly queuedAt: number | null;
  /** The skill group it is for; null for everybody. */
  readonly groupId: string | null;
  readonly priority: Priority;
  /** Its place in the order of service, the smallest first: `serveByOf`; null when it does not wait. */
  readonly serveBy: number | null;
  /** Until when nothing is asked of its agent; null otherwise. */
  readonly snoozedUntil: number | null;
  readonly service: Service;
  readonly createdAt: number;
  readonly updatedAt: number;
};

/**
 * The order of service as one number, the smallest first: when the customer began to wait, minus the head start of their
 * priority. So an urgent customer goes before everyone who has not waited an hour longer, and nobody waits for ever.
 */
export function serveByOf(queuedAt: number, priority: Priority): number {
  return queuedAt - headStarts[priority];
}

/** The front of the queue, for a customer whose agent went away; among several of them by when they began to wait. */
export function serveFirst(queuedAt: number): number {
  return queuedAt - frontOfQueue;
}

/** No head start reaches so far. */
const frontOfQueue = 365 * 24 * 60 * 60_000;

/** Milliseconds that a priority is worth in the queue. */
export const headStarts: Readonly<Record<Priority, number>> = {
  urgent: 60 * 60_000,
  high: 15 * 60_000,
  medium: 0,
  low: -15 * 60_000,
};

export type NewConversation = Pick<Conversation, 'id' | 'channel' | 'customerId' | 'customerName' | 'locale'>;

/** A conversation before its first entry: with the bot, nothing said. */
export function begun(conversation: NewConversation, at: number): Conversation {
  return {
    ...conversation,
    status: 'bot',
    agentId: null,
    agentName: null,
    version: 0,
    seq: 0,
    customerSeq: 0,
    botCursor: 0,
    memory: emptyMemory,
    handoffReason: null,
    queuedAt: null,
    groupId: null,
    priority: 'medium',
    serveBy: null,
    snoozedUntil: null,
    service: noService,
    createdAt: at,
    updatedAt: at,
  };
}

/** Whether people serve the customer or should: waiting in the queue, or with an agent. */
export function isWithPeople(status: Status): boolean {
  return status === 'queued' || status === 'assigned';
}

/** Whether the bot has the conversation and a customer message that it has not dealt with. */
export function botOwesAnswer({ status, customerSeq, botCursor }: Conversation): boolean {
  return status === 'bot' && customerSeq > botCursor;
}
