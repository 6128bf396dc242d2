import type { Conversation, Entry, NewConversation, Priority, Status } from './conversation.ts';
import type { ConversationEvent, Refusal } from './events.ts';

/**
 * The one log, as everything that writes or reads conversations sees it.
 *
 * Promises, whatever the database (test/contracts/conversation-log.ts proves them):
 * - `write` runs `transition` against the current row and saves the new row, its entries and nothing else in one
 *   transaction; when it resolves, the result is on disk. Concurrent writers are serialised: each event is decided
 *   on the row it changes, so of two claims exactly one is `saved`.
 * - Entries of a conversation have seq 1, 2, 3 … without a gap.
 * - An event with a `clientId` that this conversation already holds is a `duplicate`: nothing changes, the first entry comes back.
 */
export interface ConversationLog {
  /** Creates the conversation, or returns the one that has this id already (`created: false`). */
  start(conversation: NewConversation, at: number): Promise<{ conversation: Conversation; created: boolean }>;
  find(id: string): Promise<Conversation | null>;
  /** The customer's newest conversation on a channel. */
  latestOf(channel: string, customerId: string): Promise<Conversation | null>;
  write(id: string, event: ConversationEvent): Promise<Written>;
  /** Entries with seq > `after`, in order, at most `limit`. */
  read(id: string, after: number, limit: number): Promise<readonly Entry[]>;
  /** In the order of service for `queued`; most recently changed first otherwise. */
  list(filter: ListFilter): Promise<readonly ConversationSummary[]>;
  /** How many there are, for each filter, counted up to its limit. */
  count(filters: readonly ListFilter[]): Promise<readonly number[]>;
  /** Conversations that wait for an agent or have one, with an id after `after`, by id: a page. */
  inService(after: string, limit: number): Promise<readonly Conversation[]>;
  /** Conversations in which nothing happened since `since` and the bot owes no answer, the longest idle first. */
  idle(since: number, limit: number): Promise<readonly Conversation[]>;
  /** Conversations with status `bot` whose last customer message the bot has not dealt with: its work after a restart. */
  unanswered(limit: number): Promise<readonly Conversation[]>;
}

export type Written =
  | { readonly kind: 'saved'; readonly conversation: Conversation; readonly entries: readonly Entry[] }
  | { readonly kind: 'duplicate'; readonly conversation: Conversation; readonly entry: Entry }
  | { readonly kind: 'refused'; readonly because: Refusal; readonly conversation: Conversation }
  | { readonly kind: 'unknown' };

export type ListFilter = {
  readonly statuses: readonly Status[];
  readonly agentId?: string;
  readonly customer?: { readonly channel: string; readonly id: string };
  readonly channel?: string;
  /** Of one of these skill groups; null stands for the conversations of no group. */
  readonly groups?: readonly (string | null)[];
  readonly priority?: Priority;
  /** With a promise broken. */
  readonly broken?: boolean;
  /** Those that are snoozed, or those that are not; both when left out. */
  readonly snoozed?: boolean;
  /** Last changed before this one: the next page. Not for the queue. */
  readonly before?: { readonly updatedAt: number; readonly id: string };
  readonly limit: number;
};

/** A conversation as a list shows it. */
export type ConversationSummary = Conversation & {
  /** The last thing the customer said, cut to 200 characters; null before they said anything. */
  readonly lastCustomerText: string | null;
};
