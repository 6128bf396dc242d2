import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Conversation, Entry, Rated, SurveyKind } from '../conversation/conversation.ts';
import type { ConversationLog } from '../conversation/log.ts';
import { openingHours } from './promises/hours.ts';
import { askedIn, keptRate, nextPromise, promisesOf, type Asked } from './promises/promises.ts';
import type { Settings } from './settings/settings.ts';

/*
 * The figures of the supervisor's board, from the log and nothing else: how it stands, and how today went. Times are
 * milliseconds since 1970.
 */

/** What figures need of a store. */
export type FigureStore = {
  /** Conversations that changed at `since` or later, the last changed first, at most `limit`. */
  changed(since: number, limit: number): Promise<readonly { readonly id: string; readonly seq: number }[]>;
  /**
   * Of each of these conversations the entries from `since` on, in order, without customers' messages and verdicts; at
   * most `mostEntries` of all of them together.
   */
  entries(ids: readonly string[], since: number): Promise<ReadonlyMap<string, readonly Entry[]>>;
};

export const mostEntries = 20_000;

/** How one group, or what is of no group, stands. */
export type GroupStanding = {
  readonly groupId: string | null;
  readonly waiting: number;
  readonly longestWaitMs: number | null;
  readonly assigned: number;
};

/** How everything stands that waits for an agent or has one. */
export type Standing = Omit<GroupStanding, 'groupId'> & {
  readonly byGroup: readonly GroupStanding[];
  /** Conversations with a promise broken, by the id of their agent. */
  readonly brokenOf: ReadonlyMap<string, number>;
  /** With a promise broken, the most pressing first; of many the first ones. */
  readonly breaches: readonly Conversation[];
  readonly breachesCount: number;
  /** With the most pressing promise at risk, likewise. */
  readonly atRisk: readonly Conversation[];
};

/** How a day went. */
export type Day = {
  readonly since: number;
  /** Questions the bot looked up, and those of them that it answered. */
  readonly asked: number;
  readonly answeredByBot: number;
  /** How often a person was asked for. */
  readonly handedOver: number;
  /** What agents brought to an end. */
  readonly resolved: number;
  /** Of those who asked for a person that day. */
  readonly promises: ReturnType<typeof keptRate>;
  /** Ratings of the kind that is asked for. */
  readonly ratings: { readonly survey: SurveyKind; readonly count: number; readonly average: number | null };
  readonly firstResponseMedianMs: number | null;
  /** More happened than is looked at: these are the figures of a part of it. */
  readonly isPartial: boolean;
};

export type Figures = {
  /** As it stood at most `figuresKept` ago. */
  now(): Promise<{ readonly standing: Standing; readonly today: Day }>;
};

/** In milliseconds: any number of boards may be open. */
export const figuresKept = 5_000;

/** So many of the most pressing are named. */
const mostNamed = 50;
const pageSize = 250;
/** Some 200 entries: two milliseconds. */
const conversationsAtOnce = 8;
/** What was written at the same moment may be seen a little later. */
const overlap = 10_000;
const mostConversations = 20_000;

/** The figures of the board. */
export function createFigures(needs: {
  readonly log: Pick<ConversationLog, 'inService'>;
  readonly store: FigureStore;
  readonly settings: () => Pick<Settings, 'promises' | 'hours' | 'survey'>;
  readonly now: () => number;
}): Figures {
  const { log, store, settings, now } = needs;
  const day = createDayBook(store);
  let kept: { readonly at: number; readonly figures: ReturnType<Figures['now']> } | null = null;

  const standing = async (at: number): Promise<Standing> => {
    const counting = createStanding(settings(), at);
    for (let after = '', read = 0; read < mostConversations; read += pageSize) {
      const page = await log.inService(after, pageSize);
      counting.add(page);
      if (page.length < pageSize) break;
      after = page.at(-1)?.id ?? after;
      await nextTurn();
    }
    return counting.result();
  };

  const look = async (at: number) => {
    const { hours, survey, promises } = settings();
    const since = startOfDay(at, hours.timeZone);
    const { parts, isPartial } = await day.look(since, at);
    const today = dayFrom(parts, { policies: promises.policies, survey: survey.kind ?? 'csat' });
    return { standing: await standing(at), today: { ...today, since, isPartial } };
  };

  return {
    now: () => {
      const at = now();
      if (kept && kept.at <= at && at < kept.at + figuresKept) return kept.figures;
      const figures = look(at);
      kept = { at, figures };
      figures.catch(() => {
        if (kept?.figures === figures) kept = null;
      });
      return figures;
    },
  };
}

/** Counts how conversations stand, a page of them at a time. */
export function createStanding(settings: Pick<Settings, 'promises' | 'hours'>, now: number) {
  const hours = openingHours(settings.hours);
  const groups = new Map<string | null, GroupStanding>();
  const brokenOf = new Map<string, number>();
  const breaches: Pressing[] = [];
  const atRisk: Pressing[] = [];
  let breachesCount = 0;

  const add = (conversation: Conversation): void => {
    const { status, groupId, agentId, service } = conversation;
    groups.set(groupId, withOneMore(groups.get(groupId) ?? noneOf(groupId), conversation, now));
    const promise = nextPromise(promisesOf(conversation, settings.promises, hours, now));
    if (promise?.state === 'at_risk') atRisk.push({ conversation, dueAt: promise.dueAt });
    if (service.breaches === 0) return;
    breachesCount++;
    breaches.push({ conversation, dueAt: promise?.dueAt ?? Infinity });
    if (status === 'assigned' && agentId !== null) brokenOf.set(agentId, (brokenOf.get(agentId) ?? 0) + 1);
  };

  return {
    add: (page: readonly Conversation[]): void => {
      page.forEach(add);
      for (const list of [breaches, atRisk]) keepMostPressing(list);
    },
    result: (): Standing => {
      const byGroup = [...groups.values()];
      const waits = byGroup.flatMap(({ longestWaitMs }) => longestWaitMs ?? []);
      return {
        waiting: sum(byGroup.map(({ waiting }) => waiting)),
        assigned: sum(byGroup.map(({ assigned }) => assigned)),
        longestWaitMs: waits.length === 0 ? null : Math.max(...waits),
        byGroup,
        brokenOf,
        breaches: breaches.map(({ conversation }) => conversation),
        breachesCount,
        atRisk: atRisk.map(({ conversation }) => conversation),
      };
    },
  };
}

type Pressing = { readonly conversation: Conversation; readonly dueAt: number };

function keepMostPressing(list: Pressing[]): void {
  list.sort((one, other) => (one.dueAt === other.dueAt ? 0 : one.dueAt - other.dueAt)).splice(mostNamed);
}

function noneOf(groupId: string | null): GroupStanding {
  return { groupId, waiting: 0, longestWaitMs: null, assigned: 0 };
}

function withOneMore(group: GroupStanding, { status, queuedAt }: Conversation, now: number): GroupStanding {
  if (status !== 'queued') return { ...group, assigned: group.assigned + 1 };
  const wait = Math.max(0, now - (queuedAt ?? now));
  return { ...group, waiting: group.waiting + 1, longestWaitMs: Math.max(group.longestWaitMs ?? 0, wait) };
}

/** What one conversation adds to the figures of a day. */
export type DayPart = {
  readonly asked: number;
  readonly answered: number;
  readonly resolved: number;
  readonly times: readonly Asked[];
  readonly firstResponses: readonly number[];
  readonly ratings: readonly Pick<Rated, 'survey' | 'score'>[];
};

/** What the entries of one conversation on a day come to. */
export function dayPartOf(entries: readonly Entry[]): DayPart {
  const looked = new Map<number | null, { readonly question: string; readonly isAnswered: boolean }>();
  const firstResponses: number[] = [];
  const ratings: Pick<Rated, 'survey' | 'score'>[] = [];
  let [asked, resolved] = [0, 0];
  let askedAt: number | null = null;
  for (const entry of entries) {
    switch (entry.kind) {
      case 'message':
        if (entry.author.role === 'bot' && entry.understanding) {
          const { question, outcome } = entry.understanding;
          looked.set(entry.replyTo, { question, isAnswered: outcome === 'answer' });
        }
        if (entry.author.role === 'agent' && !entry.private && askedAt !== null) {
          firstResponses.push(entry.at - askedAt);
          askedAt = null;
        }
        break;
      case 'status':
        if (entry.to === 'queued' && (entry.from === 'bot' || entry.from === 'resolved')) askedAt = entry.at;
        if (entry.to === 'bot' || entry.to === 'resolved') askedAt = null;
        if (entry.cause === 'resolve' && entry.from !== 'bot') resolved++;
        // A handoff often repeats what the last reply already showed.
        if (entry.understanding && [...looked.values()].at(-1)?.question !== entry.understanding.question) asked++;
        break;
      case 'rating':
        ratings.push({ survey: entry.survey, score: entry.score });
        break;
      case 'verdict':
      case 'change':
        break;
    }
  }
  return {
    asked: asked + looked.size,
    answered: [...looked.values()].filter(({ isAnswered }) => isAnswered).length,
    resolved,
    times: askedIn(entries),
    firstResponses,
    ratings,
  };
}

/** The figures of a day from its parts. */
export function dayFrom(
  parts: readonly DayPart[],
  { policies, survey }: { readonly policies: Settings['promises']['policies']; readonly survey: SurveyKind },
): Omit<Day, 'since' | 'isPartial'> {
  const times = parts.flatMap((part) => part.times);
  const scores = parts
    .flatMap(({ ratings }) => ratings.filter((one) => one.survey === survey))
    .map(({ score }) => score);
  return {
    asked: sum(parts.map((part) => part.asked)),
    answeredByBot: sum(parts.map((part) => part.answered)),
    handedOver: times.length,
    resolved: sum(parts.map((part) => part.resolved)),
    promises: keptRate(times, policies),
    ratings: { survey, count: scores.length, average: scores.length === 0 ? null : sum(scores) / scores.length },
    firstResponseMedianMs: medianOf(parts.flatMap((part) => part.firstResponses)),
  };
}

/** What each conversation adds to a day; of those that changed since the last look the entries are read anew. */
function createDayBook(store: FigureStore) {
  let parts = new Map<string, DayPart & { readonly seq: number }>();
  let [since, looked, isPartial] = [0, 0, false];
  return {
    look: async (from: number, at: number): Promise<{ parts: readonly DayPart[]; isPartial: boolean }> => {
      if (from !== since) {
        parts = new Map();
        [since, looked, isPartial] = [from, from, false];
      }
      const book = parts;
      const changed = await store.changed(Math.max(from, looked - overlap), mostConversations);
      if (changed.length === mostConversations) isPartial = true;
      const unread = changed.filter(({ id, seq }) => book.get(id)?.seq !== seq);
      for (let start = 0; start < unread.length; start += conversationsAtOnce) {
        const some = unread.slice(start, start + conversationsAtOnce);
        const entries = await store.entries(
          some.map(({ id }) => id),
          from,
        );
        if (sum([...entries.values()].map(({ length }) => length)) >= mostEntries) isPartial = true;
        for (const { id, seq } of some) {
          if (book.has(id) || book.size < mostConversations) book.set(id, { ...dayPartOf(entries.get(id) ?? []), seq });
          else isPartial = true;
        }
        await nextTurn();
      }
      looked = at;
      return { parts: [...book.values()], isPartial };
    },
  };
}

function medianOf(values: readonly number[]): number | null {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)];
  const next = sorted[Math.ceil((sorted.length - 1) / 2)];
  return middle === undefined || next === undefined ? null : Math.round((middle + next) / 2);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** When the day that it is at `now` began, on the clock of a time zone: where midnight does not come, at what comes in its place. */
export function startOfDay(now: number, timeZone: string): number {
  const sinceMidnight = clockOf(timeZone);
  let start = now - sinceMidnight(now);
  // Where the clock was changed since midnight, that is off by as much.
  const late = sinceMidnight(start);
  if (late > 0) start += late < dayMs / 2 ? -late : dayMs - late;
  return start;
}

const dayMs = 24 * 60 * 60_000;

function clockOf(timeZone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  return (at) => {
    const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const seconds = ((part.hour ?? 0) * 60 + (part.minute ?? 0)) * 60 + (part.second ?? 0);
    return seconds * 1_000 + (((at % 1_000) + 1_000) % 1_000);
  };
}
