import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Candidate } from '../conversation/conversation.ts';
import type { Answers } from '../conversation/turn.ts';
import { gapReasons, type GapReason } from './gap-reasons.ts';
import type { Segmenter } from './segment.ts';
import { hashUnit, hashWord } from './tokens.ts';
import { wordingKey } from './wording.ts';

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
  readonly segmenter: Pick<Segmenter, 'words' | 'background'>;
};

/** What customers asked since then and did not get, at most `limit` groups: most frequent first, the newest among equals. */
export async function findGaps(
  { store, answers, segmenter }: GapNeeds,
  since: number,
  limit: number,
): Promise<readonly Gap[]> {
  const misses = await store.misses(since, mostMisses);
  const grouped = groupMisses(misses, (key) => tellingWords(key, segmenter)).slice(0, limit);
  const gaps: Gap[] = [];
  for (const group of grouped) {
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

/** The telling words of a normalised question, each with how much it tells. */
export type Telling = ReadonlyMap<string, number>;

/**
 * Misses that ask the same, put together: those of one wording, then wordings whose telling words are more alike than
 * not. Most frequent first, the newest among equals. The same misses always give the same groups.
 */
export function groupMisses(misses: readonly Miss[], telling: (key: string) => Telling): readonly Grouped[] {
  const groups: Group[] = [];
  const byWord = new Map<string, Group[]>();
  for (const wording of wordingsOf(misses)) {
    const words = telling(wording.key);
    const group = nearest(words, byWord);
    if (group) {
      group.wordings.push(wording);
      continue;
    }
    const founded: Group = { words, wordings: [wording] };
    groups.push(founded);
    for (const word of words.keys()) byWord.set(word, [...(byWord.get(word) ?? []), founded]);
  }
  return groups.map(summed).sort((a, b) => b.count - a.count || b.lastAt - a.lastAt || (a.id < b.id ? -1 : 1));
}

type Wording = {
  readonly key: string;
  readonly misses: readonly Miss[];
  readonly count: number;
  readonly lastAt: number;
};

/** `words` are those of the first wording: a group does not drift away from what it began with. */
type Group = { readonly words: Telling; readonly wordings: Wording[] };

/** One for each wording, those of most conversations first. */
function wordingsOf(misses: readonly Miss[]): readonly Wording[] {
  const byKey = new Map<string, Miss[]>();
  for (const miss of misses) {
    const key = wordingKey(miss.question);
    if (key !== '') byKey.set(key, [...(byKey.get(key) ?? []), miss]);
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

/** The group most alike, if it is more alike than not. */
function nearest(words: Telling, byWord: ReadonlyMap<string, readonly Group[]>): Group | null {
  const near = new Set([...words.keys()].flatMap((word) => byWord.get(word) ?? []));
  let best: Group | null = null;
  let most = alike;
  for (const group of near) {
    const likeness = overlap(words, group.words);
    if (likeness > most) [best, most] = [group, likeness];
  }
  return best;
}

/** Weight of the shared words by that of all. */
const alike = 0.5;

function overlap(one: Telling, other: Telling): number {
  const sum = (words: Iterable<number>): number => [...words].reduce((total, weight) => total + weight, 0);
  const shared = sum([...one].filter(([word]) => other.has(word)).map(([, weight]) => weight));
  return shared / (sum(one.values()) + sum(other.values()) - shared);
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

/** The words a question is about, not what all questions are full of; rarer ones tell more. */
export function tellingWords(key: string, { words, background }: GapNeeds['segmenter']): Telling {
  const telling = new Map<string, number>();
  for (const word of words(key)) {
    const probability = background.probability([...word].length === 1 ? hashUnit(word) : hashWord(word));
    if (probability < common) telling.set(word, Math.log(1 / Math.max(probability, rarest)));
  }
  return telling;
}

/** A word in one of so many questions tells little of what is asked; below `rarest` all are equally telling. */
const common = 0.04;
const rarest = 0.001;
