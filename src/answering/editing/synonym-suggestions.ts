import type { SynonymGroups } from '../synonyms.ts';
import { hasContent } from '../tokens.ts';

/** Two words that may mean the same to the shop, for an editor to accept or refuse. */
export type SynonymSuggestion = {
  /** The one more articles use comes first: it is what the other would be read as. */
  readonly words: readonly [string, string];
  /** In how many articles one stands in the other's place, and where. */
  readonly evidence: readonly Evidence[];
  /** Orders suggestions, more is likelier; means nothing by itself. */
  readonly score: number;
};

/** Two wordings of one article that differ in the two words only. */
export type Evidence = { readonly articleId: string; readonly wordings: readonly [string, string] };

/** What is compared: an article's title and alternate questions. */
export type Wordings = { readonly id: string; readonly texts: readonly string[] };

type Options = {
  /** The words of a text in order, each once: nothing overlaps. */
  readonly words: (text: string) => readonly string[];
  /** What the shop has already: never suggested again. */
  readonly known?: SynonymGroups;
  readonly limit?: number;
};

/**
 * Pairs of words that fill the same place in two wordings of one article, the likeliest first. Two words that different
 * articles are told apart by are no synonyms, however often they change places: each such pair of articles counts
 * against them. Pure; cost grows with the square of an article's wordings, not of the base.
 */
export function suggestSynonyms(articles: readonly Wordings[], options: Options): SynonymSuggestion[] {
  const { words, known = [], limit = 50 } = options;
  const cut = articles.map(({ id, texts }) => ({ id, wordings: texts.map((text) => ({ text, words: words(text) })) }));
  const usage = usageOf(cut);
  const apart = pairsThatTellApart(cut);
  return [...exchanges(cut)]
    .filter(([, { pair }]) => !known.some((group) => pair.every((word) => group.includes(word))))
    .map(([key, { pair, evidence }]) => ({
      words: inOrderOfUse(pair, usage),
      evidence,
      score: scoreOf(evidence, apart.get(key) ?? 0),
    }))
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score || one.words.join().localeCompare(other.words.join()))
    .slice(0, limit);
}

type Cut = {
  readonly id: string;
  readonly wordings: readonly { readonly text: string; readonly words: readonly string[] }[];
};
type Pair = readonly [string, string];
type Exchange = { readonly pair: Pair; readonly evidence: Evidence[] };

/** Every pair of words that changes places within an article, one example an article. */
function exchanges(articles: readonly Cut[]): Map<string, Exchange> {
  const found = new Map<string, Exchange>();
  for (const { id, wordings } of articles) {
    for (const [i, one] of wordings.entries()) {
      for (const other of wordings.slice(i + 1)) {
        const pair = exchanged(one.words, other.words);
        if (!pair) continue;
        const exchange = found.get(keyOf(pair)) ?? { pair, evidence: [] };
        if (exchange.evidence.every(({ articleId }) => articleId !== id)) {
          exchange.evidence.push({ articleId: id, wordings: [one.text, other.text] });
        }
        found.set(keyOf(pair), exchange);
      }
    }
  }
  return found;
}

/** The one word in which two wordings differ between the same beginning and the same end; null if they differ in more. */
function exchanged(one: readonly string[], other: readonly string[]): Pair | null {
  let start = 0;
  while (start < one.length && start < other.length && one[start] === other[start]) start++;
  let end = 0;
  const most = Math.min(one.length, other.length) - start;
  while (end < most && one[one.length - 1 - end] === other[other.length - 1 - end]) end++;
  if (one.length - start - end !== 1 || other.length - start - end !== 1 || start + end === 0) return null;
  const pair: Pair = [one[start] ?? '', other[start] ?? ''];
  return pair.every((word) => word.length > 1 && hasContent(word)) ? pair : null;
}

/** In how many places the exchange of two words leads from one article to another: frames ("how do I _") both fill. */
function pairsThatTellApart(articles: readonly Cut[]): Map<string, number> {
  const frames = new Map<string, { readonly word: string; readonly id: string }[]>();
  for (const { id, wordings } of articles) {
    for (const { words } of wordings) {
      words.forEach((word, place) => {
        const frame = words.map((own, i) => (i === place ? '_' : own)).join(' ');
        frames.set(frame, [...(frames.get(frame) ?? []), { word, id }]);
      });
    }
  }
  const counts = new Map<string, number>();
  for (const fillers of frames.values()) {
    const told = new Set<string>();
    for (const [i, one] of fillers.slice(0, mostFillers).entries()) {
      for (const other of fillers.slice(i + 1, mostFillers)) {
        if (one.id !== other.id && one.word !== other.word) told.add(keyOf([one.word, other.word]));
      }
    }
    for (const key of told) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** A frame that more words fill ("what is _") says the same of all of them. */
const mostFillers = 50;

/** Each article that exchanges them speaks for a pair, each frame that tells articles apart by them speaks twice against. */
function scoreOf(evidence: readonly Evidence[], apart: number): number {
  return evidence.length - 2 * apart;
}

function usageOf(articles: readonly Cut[]): Map<string, number> {
  const usage = new Map<string, number>();
  for (const { wordings } of articles) {
    for (const word of new Set(wordings.flatMap(({ words }) => words))) usage.set(word, (usage.get(word) ?? 0) + 1);
  }
  return usage;
}

function inOrderOfUse([one, other]: Pair, usage: ReadonlyMap<string, number>): Pair {
  return (usage.get(other) ?? 0) > (usage.get(one) ?? 0) ? [other, one] : [one, other];
}

function keyOf(pair: Pair): string {
  return [...pair].sort().join(' ');
}
