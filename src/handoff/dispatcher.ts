import { setImmediate as nextTurn } from 'node:timers/promises';
import { isWithPeople, type Conversation, type PromiseKind, type Rating } from '../conversation/conversation.ts';
import { theSystem } from '../conversation/entries.ts';
import type { EventOf } from '../conversation/events.ts';
import type { ConversationLog, Written } from '../conversation/log.ts';
import type { Signal, Signals } from '../conversation/signals.ts';
import { BusyError } from '../errors.ts';
import { presenceTimeout } from './agents.ts';
import type { FollowUps } from './follow-ups.ts';
import { openingHours } from './promises/hours.ts';
import { promisesOf, type PromiseState } from './promises/promises.ts';
import type { Roster, RosterEntry } from './roster.ts';
import { assignments, reservationHolds } from './routing/routing.ts';
import { existingGroup } from './routing/triage.ts';
import type { DeskSettings } from './settings/desk-settings.ts';

/** What the desk itself says to customers, in their script. */
export type DeskPhrases = {
  readonly promiseBroken: (promise: 'first_response' | 'next_response') => string;
  readonly agentLeft: string;
};

export type DispatcherNeeds = {
  readonly log: Pick<ConversationLog, 'write' | 'inService' | 'idle'>;
  readonly roster: Pick<Roster, 'all' | 'served'>;
  readonly settings: Pick<DeskSettings, 'current' | 'refresh'>;
  readonly followUps: Pick<FollowUps, 'add'>;
  /** Ratings given since then, of which some may need following up. */
  readonly ratings: (since: number) => Promise<readonly { readonly conversationId: string; readonly rating: Rating }[]>;
  /** Promises noted as broken since then: each is to have its task. */
  readonly breaches: (since: number) => Promise<readonly Breach[]>;
  readonly signals: Signals;
  readonly phrasesFor: (locale: string) => DeskPhrases;
  readonly now: () => number;
  /** Calls back every so many milliseconds; returns the way to stop it. */
  readonly every: (milliseconds: number, run: () => void) => () => void;
  readonly failed: (error: unknown) => void;
};

/** A promise that was noted as broken, at `seq`. */
export type Breach = { readonly conversationId: string; readonly seq: number; readonly promise: PromiseKind };

export type Dispatcher = {
  /** Looks now, whenever something happened, and every `lookEvery`. */
  start(): void;
  /** One look at everything; for those who call at their own time. */
  look(): Promise<void>;
  /** Looks no more; resolves when the last look is over. */
  stop(): Promise<void>;
};

/** Customers are noticed at once, by signals; this is how late a broken promise or a vanished agent may be. */
export const lookEvery = 5_000;
/** How often everything is read anew, for what other processes did, in pages between which other work goes on. */
const readEvery = 15_000;
/** SQLite answers on the spot: some two milliseconds that everybody else waits. */
const pageSize = 100;
/** After so many conversations others have their turn of the event loop: some three milliseconds. */
const inARow = 250;
/** So many promises are noted before it looks again for who waits: when hundreds break at once, nobody waits for that. */
const notedAtOnce = 100;
/** So long a conversation that could not be dealt with is left alone: what is wrong with it, a person must mend. */
const restFor = 60_000;
/** A conversation with the bot that idles is in no hurry to be closed. */
const tidyEvery = 60_000;
const tidyAtOnce = 200;
/** How far back a start looks for ratings and broken promises that nobody followed up. */
const followUpsLookBack = 7 * 24 * 60 * 60_000;

/**
 * The desk's own hand: gives waiting customers to agents, takes them back from agents who vanished, watches what was
 * promised, ends snoozes and what idles. Whatever it does is one event that the log refuses if somebody was faster, so
 * any number of processes may do it at once.
 */
export function createDispatcher(needs: DispatcherNeeds): Dispatcher {
  const { log, roster, settings, followUps, signals, now, every, failed } = needs;
  const open = new Map<string, Conversation>();
  /** Before it has watched for a whole grace time itself, it can't tell who is gone from who was cut off with it. */
  const watchingSince = now();
  let readAt = -Infinity;
  let tidiedAt = -Infinity;
  let followedSince = watchingSince - followUpsLookBack;
  /** What could not be dealt with, and when: it is left alone for a while. */
  const troubled = new Map<string, number>();
  /** Who chose to be offline, or is not heard of, since when it was seen here. */
  const offlineSince = new Map<string, number>();
  let looking: Promise<void> | null = null;
  let again = false;
  let stopped = false;
  let stopTimers: readonly (() => void)[] = [];

  const write = async (
    conversation: Conversation,
    event: Parameters<ConversationLog['write']>[1],
  ): Promise<Written> => {
    const written = await log.write(conversation.id, event);
    if (written.kind === 'saved' || written.kind === 'refused') remember(written.conversation);
    return written;
  };

  function remember(conversation: Conversation): void {
    const known = open.get(conversation.id);
    if (known && (known.seq > conversation.seq || known.version > conversation.version)) return;
    if (isWithPeople(conversation.status)) open.set(conversation.id, conversation);
    else open.delete(conversation.id);
  }

  function heard(signal: Signal): void {
    if (signal.kind === 'typing') return;
    if (signal.kind === 'saved') {
      const before = open.get(signal.conversation.id);
      remember(signal.conversation);
      for (const entry of signal.entries) if (entry.kind === 'rating') rated(signal.conversation.id, entry);
      // Only who waits, and who might be free for them, is of interest at once.
      if (signal.conversation.version === before?.version) return;
      if (!before && !isWithPeople(signal.conversation.status)) return;
    }
    wake();
  }

  function wake(): void {
    if (stopped) return;
    again = true;
    if (!looking) void look().catch(failed);
  }

  /** One look at a time; what comes meanwhile is looked at after it. */
  function look(): Promise<void> {
    again = true;
    looking ??= lookUntilCalm().finally(() => (looking = null));
    return looking;
  }

  async function lookUntilCalm(): Promise<void> {
    while (again && !stopped) {
      again = false;
      await lookOnce();
    }
  }

  async function lookOnce(): Promise<void> {
    const at = now();
    for (const [id, since] of troubled) if (isDue(since, restFor, at)) troubled.delete(id);
    if (isDue(readAt, readEvery, at)) await readAnew(at);
    const colleagues = await roster.all();
    await takeBack(colleagues);
    await assign(colleagues);
    let noted = 0;
    await each(open.keys(), async (conversation) => {
      if (noted >= notedAtOnce) return void (again = true);
      const { snoozedUntil } = conversation;
      const isOver = snoozedUntil !== null && snoozedUntil <= at;
      const woken = isOver ? await write(conversation, { kind: 'woken', at }) : null;
      noted += await watchPromises(woken?.kind === 'saved' ? woken.conversation : conversation);
    });
    if (isDue(tidiedAt, tidyEvery, at)) await tidy(at);
  }

  /**
   * Deals with each conversation as it stands then. One that can't be dealt with is told of and leaves the others alone; a
   * database that can't serve just now ends the look.
   */
  async function each(ids: Iterable<string>, deal: (conversation: Conversation) => Promise<void>): Promise<void> {
    let dealt = 0;
    for (const id of [...ids]) {
      if (stopped) return;
      if (++dealt % inARow === 0) await nextTurn();
      const conversation = open.get(id);
      if (conversation && !troubled.has(id)) await apart(id, () => deal(conversation));
    }
  }

  async function apart(id: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof BusyError) throw error;
      troubled.set(id, now());
      failed(error);
    }
  }

  async function readAnew(at: number): Promise<void> {
    await settings.refresh();
    const before = new Map(open);
    const found = new Set<string>();
    for (let after = ''; ;) {
      const page = await log.inService(after, pageSize);
      for (const conversation of page) {
        found.add(conversation.id);
        remember(conversation);
      }
      const last = page.at(-1);
      if (!last || page.length < pageSize) break;
      after = last.id;
      await nextTurn();
    }
    // Ended elsewhere. What was told of while it read is younger than the reading, and stays.
    for (const [id, known] of before) if (!found.has(id) && open.get(id) === known) open.delete(id);
    readAt = at;
  }

  /** From agents who were not heard of or chose to be offline for longer than the grace time, or who serve nobody any more. */
  async function takeBack(colleagues: readonly RosterEntry[]): Promise<void> {
    const grace = settings.current().routing.graceSeconds * 1000;
    const at = now();
    noteOffline(colleagues, at);
    const present = new Map(colleagues.map((colleague) => [colleague.id, colleague]));
    const goneFor = (agentId: string): number => {
      const owner = present.get(agentId);
      if (!owner) return Infinity;
      return at - Math.min(Math.max(owner.seenAt ?? 0, watchingSince), offlineSince.get(agentId) ?? Infinity);
    };
    await each(open.keys(), async (conversation) => {
      const { agentId, version, locale, service, snoozedUntil } = conversation;
      if (agentId === null || snoozedUntil !== null || goneFor(agentId) <= grace) return;
      // Who does not wait for an answer need not hear that nobody is there to give one.
      const notice = service.waitingSince === null ? null : needs.phrasesFor(locale).agentLeft;
      await write(conversation, { kind: 'dropped', at, agentId, version, notice });
    });
  }

  /** Somebody who went home may leave their console open: then only their own word tells. */
  function noteOffline(colleagues: readonly RosterEntry[], at: number): void {
    const offline = new Set(colleagues.flatMap(({ id, status }) => (status === 'offline' ? [id] : [])));
    for (const id of offlineSince.keys()) if (!offline.has(id)) offlineSince.delete(id);
    for (const id of offline) if (!offlineSince.has(id)) offlineSince.set(id, at);
  }

  async function assign(colleagues: readonly RosterEntry[]): Promise<void> {
    const current = settings.current();
    const waiting = () => [...open.values()].filter(({ id, status }) => status === 'queued' && !troubled.has(id));
    const astray = waiting().filter((one) => isStray(one.groupId) || isReservedInVain(one, colleagues));
    await each(
      astray.map(({ id }) => id),
      reroute,
    );
    for (const { conversation, agent } of assignments(waiting(), colleagues, current)) {
      if (stopped) return;
      await apart(conversation.id, async () => {
        const event = { kind: 'assigned', at: now(), by: theSystem, to: agent, cause: 'assign' } as const;
        const written = await write(conversation, { ...event, version: conversation.version });
        if (written.kind === 'saved') roster.served(agent.id);
      });
      // Whoever it was meant for is free for the next one.
      if (troubled.has(conversation.id)) again = true;
    }
  }

  function isStray(groupId: string | null): boolean {
    return (existingGroup(groupId, settings.current())?.id ?? null) !== groupId;
  }

  /** Right after a start nobody was heard of yet. */
  function isReservedInVain(conversation: Conversation, colleagues: readonly RosterEntry[]): boolean {
    if (conversation.service.reservedFor === null || now() - watchingSince <= presenceTimeout) return false;
    return !reservationHolds(conversation, colleagues);
  }

  /**
   * A customer who waits for a group that was removed waits for whoever the desk falls back on, and one who waits in vain
   * for one agent for all of their group: agents who take from the queue must see that they may.
   */
  async function reroute(conversation: Conversation): Promise<void> {
    const { groupId, priority } = conversation;
    const { because } = conversation.service;
    const group = existingGroup(groupId, settings.current())?.id ?? null;
    const moved = { kind: 'default', from: groupId ?? '', ...(group === null ? {} : { group }) } as const;
    const route = { groupId: group, priority, because: group === groupId ? because : [...because, moved] };
    await write(conversation, { kind: 'routed', at: now(), by: theSystem, route });
  }

  /** Resolves with how many it noted. */
  async function watchPromises(conversation: Conversation): Promise<number> {
    const { promises, hours } = settings.current();
    const at = now();
    let noted = 0;
    for (const promise of promisesOf(conversation, promises, openingHours(hours), at)) {
      const event = noteOf(conversation, promise, at);
      if (!event) continue;
      const apology = promises.apologise ? apologyFor(conversation, promise, event.what) : null;
      const written = await write(conversation, { ...event, apology });
      if (written.kind !== 'saved') continue;
      noted++;
      if (event.what !== 'promise_broken') continue;
      const seq = written.entries[0]?.seq ?? 0;
      await followBreach({ conversationId: conversation.id, seq, promise: promise.kind });
    }
    return noted;
  }

  async function followBreach({ conversationId, seq, promise }: Breach): Promise<void> {
    await followUps.add({ conversationId, kind: 'broken_promise', seq, note: promise });
  }

  function apologyFor(
    { locale }: Conversation,
    { kind, metAt }: PromiseState,
    what: EventOf<'promise_noted'>['what'],
  ): string | null {
    if (what !== 'promise_broken' || kind === 'resolution' || metAt !== null) return null;
    return needs.phrasesFor(locale).promiseBroken(kind);
  }

  function rated(conversationId: string, rating: Rating): void {
    void followRating(conversationId, rating).catch(failed);
  }

  async function followRating(conversationId: string, { score, comment, seq }: Rating): Promise<void> {
    if (score > settings.current().survey.followUpBelow) return;
    const note = comment === null ? String(score) : `${score}: ${comment}`;
    await followUps.add({ conversationId, kind: 'low_rating', seq, note });
  }

  async function tidy(at: number): Promise<void> {
    const { routing, survey } = settings.current();
    if (routing.idleHours !== null) {
      const idleSince = at - routing.idleHours * 60 * 60_000;
      for (const conversation of await log.idle(idleSince, tidyAtOnce)) {
        // Who never said anything has nothing to judge.
        const asked = conversation.customerSeq > 0 ? survey.kind : null;
        const event = { kind: 'idled', at, idleSince, survey: asked } as const;
        await apart(conversation.id, async () => void (await write(conversation, event)));
      }
    }
    // A process that stopped between a rating or a broken promise and its task left the task undone.
    const [ratings, breaches] = await Promise.all([needs.ratings(followedSince), needs.breaches(followedSince)]);
    for (const { conversationId, rating } of ratings)
      await apart(conversationId, () => followRating(conversationId, rating));
    for (const breach of breaches) await apart(breach.conversationId, () => followBreach(breach));
    followedSince = at - 2 * tidyEvery;
    tidiedAt = at;
  }

  return {
    start: () => {
      stopTimers = [signals.listen(heard), every(lookEvery, wake)];
      wake();
    },
    look,
    stop: async () => {
      stopped = true;
      for (const end of stopTimers) end();
      await looking?.catch(() => undefined);
    },
  };
}

/** A clock that was put back makes everything due. */
function isDue(last: number, every: number, at: number): boolean {
  return at < last || at - last >= every;
}

/** What there is to note of a promise, once: that it is at risk, and that it was broken, even if it was kept too late. */
function noteOf(
  { service }: Conversation,
  { kind, since, dueAt, state, metAt }: PromiseState,
  at: number,
): Omit<EventOf<'promise_noted'>, 'apology'> | null {
  const noted = { kind: 'promise_noted', at, promise: kind, since, dueAt } as const;
  if (state === 'broken') return service.broken.includes(kind) ? null : { ...noted, what: 'promise_broken' };
  if (state !== 'at_risk' || metAt !== null || service.atRisk.includes(kind)) return null;
  return { ...noted, what: 'promise_at_risk' };
}
