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
    /** On the bot's messages: the seq of the customer message they reply to. */
    readonly replyTo: number | null;
  };

export type StatusCause = 'handoff' | 'claim' | 'transfer' | 'return' | 'cancel' | 'resolve' | 'reopen';

export type StatusChange = EntryBase & {
  readonly kind: 'status';
  readonly from: Status;
  readonly to: Status;
  readonly cause: StatusCause;
  readonly reason: HandoffReason | null;
  readonly agent: { readonly id: string; readonly name: string } | null;
  /** What the bot understood when it gave up; only on `handoff`. */
  readonly understanding: Understanding | null;
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

export type Entry = Message | StatusChange | Verdict;

/** An entry that has no place in the log yet. */
export type NewEntry = Omit<Message, 'seq'> | Omit<StatusChange, 'seq'> | Omit<Verdict, 'seq'>;

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
  readonly queuedAt: number | null;
  readonly createdAt: number;
  readonly updatedAt: number;
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
    createdAt: at,
    updatedAt: at,
  };
}

/** Whether the bot has the conversation and a customer message that it has not dealt with. */
export function botOwesAnswer({ status, customerSeq, botCursor }: Conversation): boolean {
  return status === 'bot' && customerSeq > botCursor;
}
