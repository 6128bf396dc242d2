/**
 * What one row tells. `ping` comes first at every new address; `message` is what a customer wrote while a person should
 * serve them; the others are `handoff.initiate` and the states of `handoff.status`.
 */
export type EventName =
  | 'ping'
  | 'message'
  | 'handoff.initiate'
  | 'handoff.queued'
  | 'handoff.accepted'
  | 'handoff.failed'
  | 'handoff.returned'
  | 'handoff.completed';

/** An event on its way to the outside desk. It is one entry of the log, told. */
export type NewDelivery = {
  /** Always the same for the same event, so that the receiver knows a repeat. */
  readonly id: string;
  readonly conversationId: string;
  readonly seq: number;
  readonly event: EventName;
  /** The JSON that is sent, to the letter. */
  readonly body: string;
  readonly createdAt: number;
};

/** One that this process may send until `leasedUntil`; `attempts` counts this one. */
export type Leased = NewDelivery & { readonly attempts: number; readonly leasedUntil: number };

/** What came of an attempt. Times in milliseconds since 1970. */
export type Settlement =
  | { readonly kind: 'delivered'; readonly at: number }
  | { readonly kind: 'again'; readonly nextAt: number; readonly error: string }
  | { readonly kind: 'dead'; readonly at: number; readonly error: string };

/** A delivery that was given up, as the console shows it. */
export type DeadDelivery = NewDelivery & {
  readonly attempts: number;
  readonly diedAt: number;
  readonly error: string;
};

export type DeliveryFigures = {
  readonly pending: number;
  readonly dead: number;
  /** Since when the oldest one waits; null when none does. */
  readonly oldestPendingAt: number | null;
  readonly lastDeliveredAt: number | null;
};

/**
 * The outbox of the webhook. Promises, whatever the database (test/contracts/deliveries.test.ts proves them):
 * - `add` saves all or nothing, and leaves alone what is there already: telling twice is telling once.
 * - Of a conversation only the first pending delivery is ever leased, and to one process at a time.
 * - `settle` changes nothing once the lease has gone to another; it tells whether it did.
 */
export type DeliveryStore = {
  add(deliveries: readonly NewDelivery[]): Promise<void>;
  /** Adds it unless it is there, and resolves with when it was first added. */
  attach(ping: NewDelivery): Promise<number>;
  /** The last thing told of a conversation. */
  last(conversationId: string): Promise<{ readonly seq: number; readonly event: EventName } | null>;
  /** Ids of conversations that may have entries since a time that were not told; some of them several times. */
  untold(since: number): AsyncIterable<string>;
  /** The next one that is due, for this process alone until `until`; null when there is none. */
  lease(now: number, until: number): Promise<Leased | null>;
  settle(leased: Leased, settlement: Settlement): Promise<boolean>;
  /** Forgets what was delivered or given up before a time. */
  prune(before: number): Promise<void>;
} & DeadLetters;

/** What supervisors see of deliveries, and do with those that were given up. */
export type DeadLetters = {
  /** Last given up first. */
  dead(limit: number): Promise<readonly DeadDelivery[]>;
  /** Sends it again, with all its attempts; false when there is no such dead one. */
  retry(id: string, now: number): Promise<boolean>;
  /** Drops it for good; false when there is no such dead one. */
  discard(id: string, now: number): Promise<boolean>;
  figures(): Promise<DeliveryFigures>;
};
