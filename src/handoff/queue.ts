import type { QueueOutlook } from '../conversation/turn.ts';

/** A conversation that waits for an agent. */
export type Waiting = { readonly id: string; readonly queuedAt: number };

/** What a waiting customer is told. */
export type QueueStatus = {
  /** 1 for the next to be served. */
  readonly position: number;
  readonly waiting: number;
  /** Null when there is nothing honest to say. */
  readonly expectedWaitSeconds: number | null;
  readonly agentsOnline: number;
};

/** The queue at one moment. */
export type QueueSnapshot = {
  readonly at: number;
  readonly waiting: readonly Waiting[];
  /** When conversations were claimed lately, in any order. */
  readonly claims: readonly number[];
  readonly agentsOnline: number;
};

/** The order of service: who waits longest is served first; of two from the same millisecond, the lower id. */
export function inOrderOfService<Some extends Waiting>(waiting: readonly Some[]): readonly Some[] {
  return [...waiting].sort((a, b) => (comesBefore(a, b) ? -1 : 1));
}

function comesBefore(a: Waiting, b: Waiting): boolean {
  return a.queuedAt === b.queuedAt ? a.id < b.id : a.queuedAt < b.queuedAt;
}

/** The place in the order of service, from 1; null for who does not wait. */
export function queuePosition(waiting: readonly Waiting[], id: string): number | null {
  const own = waiting.find((conversation) => conversation.id === id);
  // Counted, not sorted: when the queue moves, everyone in it asks.
  return own ? waiting.reduce((place, other) => place + (comesBefore(other, own) ? 1 : 0), 1) : null;
}

/**
 * How long the one at `position` will wait, in seconds: the median interval between recent claims, once for each
 * place. The silence since the last claim counts as an interval too once it is longer than the median, so that a desk
 * that stopped serving stops promising. Null from fewer than three intervals, and when nobody is online.
 */
export function expectedWait(
  position: number,
  { claims, at, agentsOnline }: Omit<QueueSnapshot, 'waiting'>,
): number | null {
  if (agentsOnline === 0) return null;
  const times = claims.filter((time) => time <= at).sort((a, b) => a - b);
  const intervals = times.slice(1).map((time, index) => time - (times[index] ?? time));
  if (intervals.length < fewestIntervals) return null;
  const silence = at - (times.at(-1) ?? at);
  const usual = median(intervals);
  const interval = silence > usual ? median([...intervals, silence]) : usual;
  return Math.ceil((interval * position) / 1000);
}

/** What the customer of `id` is told; null when they don't wait. */
export function queueStatus(snapshot: QueueSnapshot, id: string): QueueStatus | null {
  const position = queuePosition(snapshot.waiting, id);
  if (position === null) return null;
  return {
    position,
    waiting: snapshot.waiting.length,
    expectedWaitSeconds: expectedWait(position, snapshot),
    agentsOnline: snapshot.agentsOnline,
  };
}

/** How it looks to who would come next. */
export function queueOutlook(snapshot: QueueSnapshot): QueueOutlook {
  const ahead = snapshot.waiting.length;
  return { agentsOnline: snapshot.agentsOnline, ahead, expectedWaitSeconds: expectedWait(ahead + 1, snapshot) };
}

/** What the queue needs remembered. */
export type QueueStore = {
  waiting(): Promise<readonly Waiting[]>;
  /** When conversations were claimed after `since`: the newest `limit`, in any order. */
  claims(since: number, limit: number): Promise<readonly number[]>;
};

export type Queue = {
  /** Everything that is needed to tell all waiting customers with `queueStatus`, in three queries for all who ask at once. */
  snapshot(): Promise<QueueSnapshot>;
  /** What one customer is told; null when they don't wait. */
  status(conversationId: string): Promise<QueueStatus | null>;
  /** What the bot says when it hands over. */
  outlook(): Promise<QueueOutlook>;
};

/** The queue as it is now. */
export function createQueue(needs: {
  readonly store: QueueStore;
  readonly presence: { onlineAgents(): Promise<number> };
  readonly now: () => number;
}): Queue {
  const { store, presence, now } = needs;
  const read = async (): Promise<QueueSnapshot> => {
    const at = now();
    const [waiting, claims, agentsOnline] = await Promise.all([
      store.waiting(),
      store.claims(at - claimsWindow, claimsLimit),
      presence.onlineAgents(),
    ]);
    return { at, waiting, claims, agentsOnline };
  };
  let asked: Promise<QueueSnapshot> | null = null;
  /** All who ask at the same moment share one look: with 500 waiting, each with a look of their own, a move took .8 s. */
  const snapshot = (): Promise<QueueSnapshot> =>
    (asked ??= Promise.resolve().then(() => {
      asked = null;
      return read();
    }));
  return {
    snapshot,
    status: async (conversationId) => queueStatus(await snapshot(), conversationId),
    outlook: async () => queueOutlook(await snapshot()),
  };
}

const fewestIntervals = 3;
/** Older claims say nothing about how many agents serve now. */
const claimsWindow = 2 * 60 * 60_000;
const claimsLimit = 20;

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}
