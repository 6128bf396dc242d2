import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Candidate } from '../../conversation/conversation.ts';
import type { Answers } from '../../conversation/turn.ts';
import type { Background } from '../background.ts';
import { gapReasons, type GapReason } from './gap-reasons.ts';
import { hashUnit, unitsOf } from '../tokens.ts';
import { wordingKey } from '../wording.ts';

/** A question that was asked once and not answered. */
export type Miss = {
  readonly question: string;
  readonly reason: GapReason;
  /** The article that was said to be no answer. */
  readonly refusedArticleId: string | null;
  readonly conversationId: string;
  readonly customerId: string;
  readonly at: number;
};

/** What gaps need of the store. */
export type MissStore = {
  /** At most `limit` misses since then, newest first. */
  misses(since: number, limit: number): Promise<readonly Miss[]>;
};

/** What customers asked for and did not get: one question, in all the wordings it came in. */
export type Gap = Grouped & {
  /** Telling words that none of the candidates has. */
  readonly unmatched: readonly string[];
  /** The articles that come nearest now, best first. */
  readonly candidates: readonly Candidate[];
  /** What the knowledge answers by now; null if nothing, or only what customers said was no help. */
  readonly nowAnswered: Candidate | null;
};

/** Misses that ask the same. */
export type Grouped = {
  /** The same as long as the same question leads the group. */
  readonly id: string;
  /** The wording of most conversations, the newest among equals. */
  readonly question: string;
  /** Up to five others. */
  readonly wordings: readonly string[];
  /** In how many conversations; a question repeated in one counts once. */
  readonly count: number;
  readonly customers: number;
  readonly lastAt: number;
  /** Most frequent first. */
  readonly reasons: readonly { readonly reason: GapReason; readonly count: number }[];
  /** Up to five, newest first. */
  readonly conversationIds: readonly string[];
  readonly refusedArticleIds: readonly string[];
};

type GapNeeds = {
  readonly store: MissStore;
  readonly answers: Pick<Answers, 'ask'>;
  readonly background: Background;
};

/** What customers asked since then and did not get, at most `limit` groups: most frequent first, the newest among equals. */
export async function findGaps(
  { store, answers, background }: GapNeeds,
  since: number,
  limit: number,
): Promise<readonly Gap[]> {
  const misses = await store.misses(since, mostMisses);
  const grouped = await groupMisses(misses, (key) => tellingUnits(key, background));
  const gaps: Gap[] = [];
  for (const group of grouped.slice(0, limit)) {
    gaps.push(askAgain(group, answers));
    // A question takes a millisecond or two, and customers are waiting meanwhile.
    await nextTurn();
  }
  return gaps;
}

/** Of a desk with more misses in the time asked for, the newest are looked at. */
const mostMisses = 5_000;

/** Would it be answered today, and what comes near? */
function askAgain(group: Grouped, answers: Pick<Answers, 'ask'>): Gap {
  const { understanding, article } = answers.ask(group.question, { lastArticleId: null });
  const { unmatched, candidates, confidence } = understanding;
  const answered = article !== null && article.body.trim() !== '' && !group.refusedArticleIds.includes(article.id);
  return {
    ...group,
    unmatched,
    candidates,
    nowAnswered: answered ? { articleId: article.id, title: article.title, confidence } : null,
  };
}

/** The telling characters of a normalised question, each with how much it tells. */
export type Telling = ReadonlyMap<string, number>;

/**
 * Misses that ask the same, put together: those of one wording, then wordings whose telling characters are more alike
 * than not. Most frequent first, the newest among equals. The same misses always give the same groups. Other work goes on
 * meanwhile.
 */
export async function groupMisses(
  misses: readonly Miss[],
  telling: (key: string) => Telling,
): Promise<readonly Grouped[]> {
  const groups: Group[] = [];
  const byUnit = new Map<string, Group[]>();
  for (const [place, wording] of wordingsOf(misses).entries()) {
    if (place % atOnce === atOnce - 1) await nextTurn();
    const units = telling(wording.key);
    const group = nearest(units, byUnit);
    if (group) {
      group.wordings.push(wording);
      continue;
    }
    const founded: Group = { weight: weightOf(units), wordings: [wording] };
    groups.push(founded);
    for (const unit of units.keys()) listAt(byUnit, unit).push(founded);
  }
  return groups.map(summed).sort((a, b) => b.count - a.count || b.lastAt - a.lastAt || (a.id < b.id ? -1 : 1));
}

/** Wordings compared before other work gets its turn: a few milliseconds. */
const atOnce = 100;

type Wording = {
  readonly key: string;
  readonly misses: readonly Miss[];
  readonly count: number;
  readonly lastAt: number;
};

/** `weight` is that of the first wording, which all others are compared with: a group does not drift away. */
type Group = { readonly weight: number; readonly wordings: Wording[] };

/** One for each wording, those of most conversations first. */
function wordingsOf(misses: readonly Miss[]): readonly Wording[] {
  const byKey = new Map<string, Miss[]>();
  for (const miss of misses) {
    const key = wordingKey(miss.question);
    if (key !== '') listAt(byKey, key).push(miss);
  }
  return [...byKey]
    .map(([key, same]) => {
      const newestFirst = same.sort((a, b) => b.at - a.at);
      return {
        key,
        misses: newestFirst,
        count: distinct(same, 'conversationId').length,
        lastAt: newestFirst[0]?.at ?? 0,
      };
    })
    .sort((a, b) => b.count - a.count || b.lastAt - a.lastAt || (a.key < b.key ? -1 : 1));
}

/** The group most alike, if it is more alike than not: the weight they share against that of both together. */
function nearest(units: Telling, byUnit: ReadonlyMap<string, readonly Group[]>): Group | null {
  const shared = new Map<Group, number>();
  for (const [unit, weight] of units) {
    for (const group of byUnit.get(unit) ?? []) shared.set(group, (shared.get(group) ?? 0) + weight);
  }
  const own = weightOf(units);
  let best: Group | null = null;
  let most = alike;
  for (const [group, weight] of shared) {
    const likeness = weight / (own + group.weight - weight);
    if (likeness > most) [best, most] = [group, likeness];
  }
  return best;
}

/** Of the pairs it puts together in public questions two of three are one question; at .5 it is every second. */
const alike = 0.6;

function weightOf(units: Telling): number {
  return [...units.values()].reduce((total, weight) => total + weight, 0);
}

function listAt<Value>(map: Map<string, Value[]>, key: string): Value[] {
  let list = map.get(key);
  if (!list) map.set(key, (list = []));
  return list;
}

function summed({ wordings }: Group): Grouped {
  const misses = wordings.flatMap((wording) => wording.misses).sort((a, b) => b.at - a.at);
  const [leading, ...others] = wordings.map((wording) => textOf(wording));
  const conversationIds = distinct(misses, 'conversationId');
  const reasons = gapReasons
    .map((reason) => ({
      reason,
      count: distinct(
        misses.filter((miss) => miss.reason === reason),
        'conversationId',
      ).length,
    }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
  return {
    id: (wordings[0]?.key ?? '').slice(0, longestShown),
    question: leading ?? '',
    wordings: others.slice(0, mostListed),
    count: conversationIds.length,
    customers: distinct(misses, 'customerId').length,
    lastAt: misses[0]?.at ?? 0,
    reasons,
    conversationIds: conversationIds.slice(0, mostListed),
    refusedArticleIds: distinct(misses, 'refusedArticleId').filter((id) => id !== null),
  };
}

function textOf({ misses }: Wording): string {
  const text = misses[0]?.question.trim() ?? '';
  return text.length <= longestShown ? text : `${text.slice(0, longestShown - 1).toWellFormed()}…`;
}

const mostListed = 5;
/** In UTF-16 units: a list of what was asked, not of letters. */
const longestShown = 300;

function distinct<Key extends keyof Miss>(misses: readonly Miss[], key: Key): readonly Miss[Key][] {
  return [...new Set(misses.map((miss) => miss[key]))];
}

/**
 * What a question is about, not what all questions are full of; rarer characters tell more. Characters, not words: of
 * "how do I invoice" in its usual orders the segmenter makes words that have nothing in common.
 */
export function tellingUnits(key: string, background: Background): Telling {
  const telling = new Map<string, number>();
  for (const unit of unitsOf(key).units) {
    const probability = background.probability(hashUnit(unit));
    if (probability < common) telling.set(unit, Math.log(1 / Math.max(probability, rarest)));
  }
  return telling;
}

/** What one in so many questions has tells little; below `rarest` everything tells as much. */
const common = 0.04;
const rarest = 0.001;
