import {
  isWithPeople,
  promiseKinds,
  type Changed,
  type Conversation,
  type Entry,
  type Priority,
  type PromiseKind,
  type StatusChange,
} from '../../conversation/conversation.ts';
import type { PromisePolicy, Settings } from '../settings/settings.ts';
import type { BusinessHours } from './hours.ts';

/**
 * How a promise stands.
 * - `kept`    what was promised came in time.
 * - `on_time` it is awaited. `at_risk`: so much of the time is gone that its agent is warned.
 * - `broken`  the time is over; also when it came later.
 */
export type PromiseStanding = 'kept' | 'on_time' | 'at_risk' | 'broken';

/** One promise to one customer. Times are milliseconds since 1970. */
export type PromiseState = {
  readonly kind: PromiseKind;
  /** What it counts from. */
  readonly since: number;
  readonly warnAt: number;
  /** It is kept by what comes at this very moment, and broken after it. */
  readonly dueAt: number;
  /** When what was promised came; null while it is awaited. */
  readonly metAt: number | null;
  readonly state: PromiseStanding;
};

/**
 * What the customer of a conversation has been promised, by its priority and in opening time: a first reply and an end,
 * both since they asked for a person, and once somebody has replied, an answer to whatever they write. Empty unless it
 * is a person's, or was until it was resolved. What is never due, because the desk never opens, is not promised.
 */
export function promisesOf(
  conversation: Conversation,
  settings: Settings['promises'],
  hours: BusinessHours,
  now: number,
): readonly PromiseState[] {
  const policy = settings.policies[conversation.priority];
  const promises: PromiseState[] = [];
  for (const { kind, since, metAt } of countingIn(conversation, now)) {
    const minutes = policy[minutesOf[kind]];
    if (minutes === null) continue;
    const ms = minutes * 60_000;
    const calm = Math.floor(ms * settings.warnAt);
    const warnAt = hours.addOpenTime(since, calm);
    const dueAt = warnAt === null ? null : hours.addOpenTime(warnAt, ms - calm);
    if (warnAt === null || dueAt === null) continue;
    promises.push({ kind, since, warnAt, dueAt, metAt, state: standing({ warnAt, dueAt, metAt }, now) });
  }
  return promises;
}

/**
 * The promise to look at first, for lists; null when nothing is awaited. What is due soonest goes first, and so what is
 * overdue; only an overdue resolution goes last, as no hurry mends it and it must not hide a customer who waits.
 */
export function nextPromise(promises: readonly PromiseState[]): PromiseState | null {
  let next: PromiseState | null = null;
  for (const promise of promises) {
    if (promise.metAt === null && (next === null || isMorePressing(promise, next))) next = promise;
  }
  return next;
}

function isMorePressing(one: PromiseState, other: PromiseState): boolean {
  const [isOneLost, isOtherLost] = [one, other].map(({ kind, state }) => kind === 'resolution' && state === 'broken');
  return isOneLost === isOtherLost ? one.dueAt < other.dueAt : isOtherLost === true;
}

/** One time that a customer asked for a person, and what became of the promises. */
export type Asked = {
  readonly at: number;
  readonly priority: Priority;
  /** A person has replied. */
  readonly isReplied: boolean;
  /** Whether it is a person's still, was resolved, or left them otherwise: to the bot, or to go on in another conversation. */
  readonly end: 'open' | 'resolved' | 'left';
  /** What was noted as broken meanwhile. */
  readonly broken: readonly PromiseKind[];
};

/**
 * Each time that the customer of one conversation asked for a person, from its log, as the row remembers only the last
 * one. Of the entries, in order, it takes status changes, changes and messages of agents; others may be left out, and so
 * may those from before a time: who asked before it then does not count.
 */
export function askedIn(entries: readonly Entry[]): readonly Asked[] {
  const times: Asked[] = [];
  for (const entry of entries) {
    const last = times.at(-1);
    if (isAsking(entry)) times.push(askedBy(entry));
    else if (last?.end === 'open') times[times.length - 1] = afterwards(last, entry);
  }
  return times;
}

export type Tally = {
  readonly kept: number;
  readonly broken: number;
  /** Not decided yet: in no rate. */
  readonly open: number;
  /** Kept of those that are decided, 0 to 1; null when there is none. */
  readonly rate: number | null;
};

/**
 * How many promises were kept to those who asked for a person. Count over those who asked in a period, not over what
 * was broken in it: else a breach today would be set off against customers who did not ask before tomorrow.
 * `customers` counts everybody once: one broken promise and theirs was broken, however many were kept. What was never
 * promised counts nowhere, and neither does a reply that nobody gave before the customer was gone, nor a resolution of what
 * left the desk another way: neither came in time or late.
 */
export function keptRate(
  asked: readonly Asked[],
  policies: Settings['promises']['policies'],
): { readonly customers: Tally; readonly byKind: Readonly<Record<PromiseKind, Tally>> } {
  const outcomes = asked.map((one) => promiseKinds.map((kind) => outcomeOf(kind, one, policies[one.priority])));
  const [first, next, resolution] = promiseKinds.map((_, place) => tally(outcomes.map((of) => of[place] ?? null)));
  const none = tally([]);
  return {
    customers: tally(outcomes.map(worst)),
    byKind: { first_response: first ?? none, next_response: next ?? none, resolution: resolution ?? none },
  };
}

const minutesOf: Readonly<Record<PromiseKind, keyof PromisePolicy>> = {
  first_response: 'firstResponse',
  next_response: 'nextResponse',
  resolution: 'resolution',
};

type Asking = StatusChange & { readonly to: 'queued' };

function isAsking(entry: Entry): entry is Asking {
  return entry.kind === 'status' && entry.to === 'queued' && (entry.from === 'bot' || entry.from === 'resolved');
}

function askedBy({ at, route }: Asking): Asked {
  return { at, priority: route?.priority ?? 'medium', isReplied: false, end: 'open', broken: [] };
}

function afterwards(asked: Asked, entry: Entry): Asked {
  switch (entry.kind) {
    case 'message':
      return entry.author.role === 'agent' && !entry.private ? { ...asked, isReplied: true } : asked;
    case 'status':
      if (isWithPeople(entry.to)) return asked;
      return { ...asked, end: entry.cause === 'resolve' ? 'resolved' : 'left' };
    case 'change':
      return afterChange(asked, entry.change);
    case 'verdict':
    case 'rating':
      return asked;
  }
}

function afterChange(asked: Asked, change: Changed): Asked {
  if (change.what === 'routed') return { ...asked, priority: change.route.priority };
  if (change.what !== 'promise_broken' || asked.broken.includes(change.promise)) return asked;
  return { ...asked, broken: [...asked.broken, change.promise] };
}

type Counting = Pick<PromiseState, 'kind' | 'since' | 'metAt'>;

function countingIn(conversation: Conversation, now: number): readonly Counting[] {
  const { snoozedUntil, updatedAt } = conversation;
  const { askedAt, firstReplyAt, waitingSince, resolvedAt } = conversation.service;
  const isOpen = isWithPeople(conversation.status);
  if (askedAt === null || (!isOpen && conversation.status !== 'resolved')) return [];
  const counting: Counting[] = [];
  // An end without a word of a person's kept no promise of one.
  if (isOpen || firstReplyAt !== null) counting.push({ kind: 'first_response', since: askedAt, metAt: firstReplyAt });
  // A snooze is what an agent who has replied arranged with the customer, so it stops this one. The other two are the
  // desk's promise to whoever asks: if a click of the agent's put them off, it would be a way to never break them.
  const isSnoozed = snoozedUntil !== null && snoozedUntil > now;
  if (isOpen && firstReplyAt !== null && waitingSince !== null && !isSnoozed) {
    counting.push({ kind: 'next_response', since: waitingSince, metAt: null });
  }
  counting.push({ kind: 'resolution', since: askedAt, metAt: isOpen ? null : (resolvedAt ?? updatedAt) });
  return counting;
}

function standing(
  { warnAt, dueAt, metAt }: Pick<PromiseState, 'warnAt' | 'dueAt' | 'metAt'>,
  now: number,
): PromiseStanding {
  if ((metAt ?? now) > dueAt) return 'broken';
  if (metAt !== null) return 'kept';
  return now >= warnAt ? 'at_risk' : 'on_time';
}

/** Null where nothing was promised, or nothing came of it either way. */
type Outcome = 'kept' | 'broken' | 'open' | null;

function outcomeOf(kind: PromiseKind, { isReplied, end, broken }: Asked, policy: PromisePolicy): Outcome {
  // What was noted was promised then, even if it is not any more.
  if (broken.includes(kind)) return 'broken';
  if (policy[minutesOf[kind]] === null) return null;
  if (kind === 'first_response' && isReplied) return 'kept';
  if (end === 'open') return 'open';
  return (kind === 'resolution' ? end === 'resolved' : isReplied) ? 'kept' : null;
}

function worst(outcomes: readonly Outcome[]): Outcome {
  return (['broken', 'open', 'kept'] as const).find((outcome) => outcomes.includes(outcome)) ?? null;
}

function tally(outcomes: readonly Outcome[]): Tally {
  const count = (wanted: Outcome) => outcomes.filter((outcome) => outcome === wanted).length;
  const [kept, broken, open] = [count('kept'), count('broken'), count('open')];
  return { kept, broken, open, rate: kept + broken === 0 ? null : kept / (kept + broken) };
}
