import type { QueueOutlook } from '../conversation/turn.ts';
import { openingHours } from './promises/hours.ts';
import type { OpeningHours } from './settings/settings.ts';

/** A conversation that waits for an agent. */
export type Waiting = {
  readonly id: string;
  readonly queuedAt: number;
  /** Its place in the order of service, the smallest first. */
  readonly serveBy: number;
  /** The skill group it waits for; null for everybody. */
  readonly groupId: string | null;
};

/** An agent has taken a conversation from the queue, or was given it. */
export type Served = { readonly at: number; readonly groupId: string | null };

/** An agent who is there, with the skill groups they serve in beside what goes to no group. */
export type Present = { readonly groups: readonly string[] };

/** What a waiting customer is told. */
export type QueueStatus = {
  /** 1 for the next to be served, among those who wait for the same agents. */
  readonly position: number;
  /** How many these are. */
  readonly waiting: number;
  /** Null when there is nothing honest to say. */
  readonly expectedWaitSeconds: number | null;
  /** Those who could serve this customer. */
  readonly agentsOnline: number;
  /** Outside opening hours: when they begin again, in milliseconds since 1970; null when it is open. */
  readonly opensAt: number | null;
  /** The time zone the hours are kept in. */
  readonly timeZone: string;
};

/** The queue at one moment. */
export type QueueSnapshot = {
  readonly at: number;
  readonly waiting: readonly Waiting[];
  /** Who was served lately, in any order. */
  readonly served: readonly Served[];
  /** Who is there to serve. */
  readonly online: readonly Present[];
  readonly opensAt: number | null;
  readonly timeZone: string;
};

/** The order of service: the smallest `serveBy` is served first; of two that are equal, the lower id. */
export function inOrderOfService<Some extends Waiting>(waiting: readonly Some[]): readonly Some[] {
  return [...waiting].sort((a, b) => (comesBefore(a, b) ? -1 : 1));
}

function comesBefore(a: Waiting, b: Waiting): boolean {
  return a.serveBy === b.serveBy ? a.id < b.id : a.serveBy < b.serveBy;
}

/**
 * The place in the order of service, from 1; null for who does not wait. Only those of the same group count: the agents
 * of another serve others.
 */
export function queuePosition(waiting: readonly Waiting[], id: string): number | null {
  const own = waiting.find((conversation) => conversation.id === id);
  if (!own) return null;
  // Counted, not sorted: when the queue moves, everyone in it asks.
  return waiting.reduce(
    (place, other) => place + (other.groupId === own.groupId && comesBefore(other, own) ? 1 : 0),
    1,
  );
}

/**
 * How long the one at `position` will wait, in seconds: the median interval between the last ones served, once for each
 * place. The silence since the last one counts as an interval too once it is longer than the median, so that a desk
 * that stopped serving stops promising. Null from fewer than three intervals, and when nobody is online.
 */
export function expectedWait(
  position: number,
  { served, at, agentsOnline }: Pick<QueueSnapshot, 'served' | 'at'> & { readonly agentsOnline: number },
): number | null {
  if (agentsOnline === 0) return null;
  const times = served.flatMap((one) => (one.at <= at ? [one.at] : [])).sort((a, b) => a - b);
  const intervals = times.slice(1).map((time, index) => time - (times[index] ?? time));
  if (intervals.length < fewestIntervals) return null;
  const silence = at - (times.at(-1) ?? at);
  const usual = median(intervals);
  const interval = silence > usual ? median([...intervals, silence]) : usual;
  return Math.ceil((interval * position) / 1000);
}

/** What the customer of `id` is told; null when they don't wait. */
export function queueStatus(snapshot: QueueSnapshot, id: string): QueueStatus | null {
  const { waiting, online, opensAt, timeZone } = snapshot;
  const own = waiting.find((conversation) => conversation.id === id);
  const position = own ? queuePosition(waiting, id) : null;
  if (!own || position === null) return null;
  const { groupId } = own;
  const served = snapshot.served.filter((one) => one.groupId === groupId);
  const agentsOnline = online.filter(({ groups }) => groupId === null || groups.includes(groupId)).length;
  return {
    position,
    waiting: waiting.filter((one) => one.groupId === groupId).length,
    expectedWaitSeconds: waitWhenOpen(position, { ...snapshot, served, agentsOnline }),
    agentsOnline,
    opensAt,
    timeZone,
  };
}

/**
 * How it looks to who would come next, as an ordinary customer. Which group they are for is decided after they are told,
 * so all who wait count as before them: better too many than too few.
 */
export function queueOutlook(snapshot: QueueSnapshot): QueueOutlook {
  const { at, waiting, online, opensAt, timeZone } = snapshot;
  const agentsOnline = online.length;
  const ahead = waiting.filter(({ serveBy }) => serveBy <= at).length;
  const expectedWaitSeconds = waitWhenOpen(ahead + 1, { ...snapshot, agentsOnline });
  return { at, opensAt, timeZone, agentsOnline, ahead, expectedWaitSeconds };
}

/** How fast it went in opening hours says nothing of the night. */
function waitWhenOpen(position: number, snapshot: QueueSnapshot & { readonly agentsOnline: number }): number | null {
  return snapshot.opensAt === null ? expectedWait(position, snapshot) : null;
}

/** What the queue needs remembered. */
export type QueueStore = {
  waiting(): Promise<readonly Waiting[]>;
  /** Who was served after `since`: the newest `limit`, in any order. */
  served(since: number, limit: number): Promise<readonly Served[]>;
};

export type Queue = {
  /** Everything that is needed to tell all waiting customers with `queueStatus`, in three queries for all who ask at once. */
  snapshot(): Promise<QueueSnapshot>;
  /** What one customer is told; null when they don't wait. */
  status(conversationId: string): Promise<QueueStatus | null>;
  /** What the bot says when it hands over. */
  outlook(): Promise<QueueOutlook>;
};

/** The queue as it is now. Without `hours` it is always open. */
export function createQueue(needs: {
  readonly store: QueueStore;
  /** Who is there to serve. */
  readonly online: () => Promise<readonly Present[]>;
  readonly now: () => number;
  readonly hours?: () => OpeningHours;
}): Queue {
  const { store, now, hours = () => alwaysOpen } = needs;
  const read = async (): Promise<QueueSnapshot> => {
    const at = now();
    const [waiting, served, online] = await Promise.all([
      store.waiting(),
      store.served(at - servedWindow, servedLimit),
      needs.online(),
    ]);
    return { at, waiting, served, online, ...opening(hours(), at) };
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

/** A desk that will not open within a year has no time to tell: then it looks as if nobody were there. */
function opening(settings: OpeningHours, at: number): Pick<QueueSnapshot, 'opensAt' | 'timeZone'> {
  const opensAt = openingHours(settings).nextOpening(at);
  return { opensAt: opensAt === at ? null : opensAt, timeZone: settings.timeZone };
}

const alwaysOpen: OpeningHours = { timeZone: 'UTC', week: null, holidays: [] };

const fewestIntervals = 3;
/** Who was served longer ago says nothing about how many agents serve now. */
const servedWindow = 2 * 60 * 60_000;
/** Enough for some of each group. */
const servedLimit = 50;

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}
