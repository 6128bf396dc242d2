import type { Article } from '../articles/article.ts';
import type { Understanding } from '../conversation/conversation.ts';
import type { Answers, AskContext, Finding } from '../conversation/turn.ts';
import { probability, signalsOf, thresholdFor } from './confidence.ts';
import type { Model } from './model.ts';
import { Ranker, at } from './rank.ts';
import type { Weighed } from './rank.ts';
import { SearchIndex } from './search-index.ts';
import type { Entry, Query } from './search-index.ts';
import type { Segmenter } from './segment.ts';
import { shippedModel } from './shipped-model.ts';
import type { SynonymGroups } from './synonyms.ts';

/** Answers from articles, kept up to date while it answers. */
export type ArticleAnswers = Answers & {
  /** Adds an article or replaces the one with its id; one that customers may not see is removed. Takes about a millisecond. */
  upsert(article: Article): void;
  /** Forgets an article; nothing happens if it is not there. */
  remove(articleId: string): void;
  /** How many articles can be answered with. */
  readonly size: number;
  /** What `ask` would find, with the best `limit` articles. Never throws for any string. */
  search(question: string, limit?: number): SearchResult;
};

export type SearchResult = {
  readonly finding: Finding;
  readonly candidates: readonly ScoredCandidate[];
};

/** `score` is the ranker's (comparable within one question only), `confidence` a probability. */
export type ScoredCandidate = {
  readonly articleId: string;
  readonly title: string;
  readonly score: number;
  readonly confidence: number;
};

type AnswersOptions = {
  readonly segmenter: Segmenter;
  readonly synonyms?: SynonymGroups;
  /** The share of given answers that should be right, .5 to .999. */
  readonly targetPrecision?: number;
  readonly model?: Model;
};

/**
 * Indexes the articles, a few milliseconds at a time so that the process goes on with its work, and answers from those
 * that are published and public.
 */
export async function createAnswers(articles: Iterable<Article>, options: AnswersOptions): Promise<ArticleAnswers> {
  const { segmenter, synonyms, targetPrecision = 0.95, model = shippedModel } = options;
  const index = new SearchIndex(segmenter, synonyms);
  const ranker = new Ranker(index, model.ranker);
  const threshold = thresholdFor(targetPrecision);
  let rested = performance.now();
  for (const article of articles) {
    if (isForCustomers(article)) index.upsert(article);
    if (performance.now() - rested > slice) {
      await new Promise(setImmediate);
      rested = performance.now();
    }
  }
  const find = (question: string): Found => {
    const query = index.parse(question);
    return judge({ question, query, index, ranked: ranker.rank(query) }, model, threshold);
  };
  return {
    ask: (question: string, _context: AskContext) => find(question).finding,
    search: (question, limit = 3) => {
      const { finding, scored } = find(question);
      return { finding, candidates: scored.slice(0, limit) };
    },
    upsert: (article) => {
      if (isForCustomers(article)) index.upsert(article);
      else index.remove(article.id);
    },
    remove: (articleId) => index.remove(articleId),
    get size() {
      return index.size;
    },
  };
}

/** True for an article that may be shown to customers. */
export function isForCustomers(article: Article): boolean {
  return article.status === 'published' && article.audience === 'public';
}

/** Milliseconds of indexing before other work gets its turn. */
const slice = 8;

type Case = {
  readonly question: string;
  readonly query: Query;
  readonly index: SearchIndex;
  readonly ranked: readonly Weighed[];
};
type Found = { readonly finding: Finding; readonly scored: readonly ScoredCandidate[] };

function judge(found: Case, model: Model, threshold: number): Found {
  const { query, index, ranked } = found;
  if (ranked.length === 0) return nothing(found);
  const exact = index.exact(query);
  const signals = signalsOf(query, ranked, index.highestIdf);
  const right = probability(signals, model.best);
  const amongThree = Math.max(right, probability(signals, model.amongThree));
  const first = exact.length > 0 ? exactFirst(exact, ranked) : ranked;
  const sure = exact.length === 1 ? exactConfidence : exact.length > 1 ? 1 / exact.length : cautious(right, ranked);
  const scored = spread(first, sure, Math.max(sure, amongThree));
  if (exact.length > 1) return clarify(found, scored, exact.length);
  if (sure >= threshold) return answer(found, scored, first[0] as Weighed);
  if (amongThree >= clarifyThreshold) return clarify(found, scored, 3);
  return refuse(found, scored, amongThree < noMatchBelow ? 'no_match' : 'low_confidence');
}

/** A pressed button, or the very words of an article. One in a hundred is kept for articles that are wrong themselves. */
const exactConfidence = 0.99;

/** The customer denies what the article affirms, or the reverse: never answered as if it were the same. */
const contradictionCeiling = 0.5;

/** Below this chance of being among three, offering them wastes the customer's time (a person is waiting instead). */
const clarifyThreshold = 0.6;

/** Below this the base knows nothing of the question. */
const noMatchBelow = 0.15;

/** A suggestion with less of a chance is noise. */
const leastSuggestion = 0.04;

function cautious(right: number, ranked: readonly Weighed[]): number {
  const contradicted = ranked[0]?.features[at.contradiction] === 1;
  return contradicted ? Math.min(right, contradictionCeiling) : right;
}

function exactFirst(exact: readonly Entry[], ranked: readonly Weighed[]): readonly Weighed[] {
  const isExact = ({ entry }: Weighed): boolean => exact.includes(entry);
  return [...ranked.filter(isExact), ...ranked.filter((weighed) => !isExact(weighed))];
}

/** The best has its own confidence; second and third share what is left of "among the best three" by their scores. */
function spread(ranked: readonly Weighed[], best: number, amongThree: number): ScoredCandidate[] {
  const top = ranked[1]?.score ?? 0;
  const others = ranked.slice(1, 3).reduce((sum, { score }) => sum + Math.exp(score - top), 0);
  return ranked.map(({ entry, score }, place) => ({
    articleId: entry.article.id,
    title: entry.article.title,
    score,
    confidence:
      place === 0
        ? best
        : Math.min(best, ((place < 3 ? amongThree - best : 0) * Math.exp(score - top)) / Math.max(others, 1)),
  }));
}

function answer(found: Case, scored: readonly ScoredCandidate[], best: Weighed): Found {
  const understanding = understand(found, scored, 'answer');
  return { scored, finding: { understanding, article: best.entry.article, suggestions: [], failure: null } };
}

function clarify(found: Case, scored: readonly ScoredCandidate[], most: number): Found {
  const byId = new Map(found.ranked.map((weighed) => [weighed.entry.article.id, weighed]));
  const suggestions = scored
    .slice(0, Math.min(most, 3))
    .filter(({ confidence }, place) => place === 0 || confidence >= leastSuggestion)
    .map(({ articleId, title }) => ({ articleId, question: byId.get(articleId)?.variant.text ?? title }));
  const understanding = understand(found, scored, 'clarify');
  return { scored, finding: { understanding, article: null, suggestions, failure: null } };
}

function refuse(found: Case, scored: readonly ScoredCandidate[], failure: 'no_match' | 'low_confidence'): Found {
  const understanding = understand(found, scored, 'handoff');
  return { scored, finding: { understanding, article: null, suggestions: [], failure } };
}

function nothing(found: Case): Found {
  return refuse(found, [], 'no_match');
}

function understand(
  { question, query, index, ranked }: Case,
  scored: readonly ScoredCandidate[],
  outcome: Understanding['outcome'],
): Understanding {
  const best = scored[0];
  return {
    question,
    outcome,
    articleId: outcome === 'answer' ? (best?.articleId ?? null) : null,
    confidence: best?.confidence ?? 0,
    candidates: scored.slice(0, 3).map(({ articleId, title, confidence }) => ({ articleId, title, confidence })),
    unmatched: index.unmatched(
      query,
      ranked.slice(0, 3).map(({ entry }) => entry),
    ),
  };
}
