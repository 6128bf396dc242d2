import type { Understanding } from '../conversation/conversation.ts';
import type { Finding } from '../conversation/turn.ts';
import { confidenceOf, type Calibration } from './learning/calibration.ts';
import { logOdds, signalsOf } from './confidence.ts';
import type { Because } from './explanation.ts';
import type { Model } from './model.ts';
import { at, type Weighed } from './rank.ts';
import type { Entry, Query, SearchIndex } from './search-index.ts';

/** A question with what was found for it, best first. */
export type Case = {
  readonly question: string;
  readonly query: Query;
  readonly index: SearchIndex;
  readonly ranked: readonly Weighed[];
  /** How far what is found can be believed, 0..1: 1 for the customer's own words. */
  readonly trust: number;
};

/** What a case is judged by. */
export type Standard = { readonly model: Model; readonly calibration: Calibration };

export type Judgement = {
  readonly finding: Finding;
  readonly scored: readonly ScoredCandidate[];
  readonly because: Because;
  /** In the order of `signalNames`; null when nothing was found. */
  readonly signals: Float64Array | null;
};

/** `score` is the ranker's (comparable within one question only), `confidence` a probability. */
export type ScoredCandidate = {
  readonly articleId: string;
  readonly title: string;
  readonly score: number;
  readonly confidence: number;
};

/** Log-odds of the model, before calibration, that the best is right and that the right one is among three. */
export type Odds = { readonly signals: Float64Array; readonly best: number; readonly amongThree: number };

/** What the model makes of a case that found something. */
export function oddsOf({ query, index, ranked }: Omit<Case, 'trust'>, model: Model): Odds {
  const signals = signalsOf(query, ranked, index.highestIdf);
  const { scope } = model;
  return {
    signals,
    best: logOdds(signals, scope, model.best),
    amongThree: logOdds(signals, scope, model.amongThree),
  };
}

/** One of three outcomes: a clear winner answers, a few close ones are offered to choose from, otherwise a person. */
export function judge(found: Case, { model, calibration }: Standard): Judgement {
  const { query, index, ranked, trust } = found;
  if (ranked.length === 0) return { ...refuse(found, [], 'no_match'), because: 'nothing', signals: null };
  const odds = oddsOf(found, model);
  const right = trust * confidenceOf(odds.best, calibration.best);
  const amongThree = Math.max(right, trust * confidenceOf(odds.amongThree, calibration.amongThree));
  const { signals } = odds;
  const exact = index.exact(query).filter((entry) => ranked.some((weighed) => weighed.entry === entry));
  const denied = exact.length === 0 && ranked[0]?.features[at.contradiction] === 1;
  const sure =
    exact.length > 0 ? (trust * exactConfidence) / exact.length : denied ? Math.min(right, deniedCeiling) : right;
  const first = exact.length > 0 ? exactFirst(exact, ranked) : ranked;
  const scored = spread(first, sure, Math.max(sure, amongThree));
  if (exact.length > 1) return { ...clarify(found, scored, exact.length), because: 'exact_shared', signals };
  const because = exact.length === 1 ? 'exact' : 'sure';
  // Whoever promises more than one in a hundred still answers an article's own words.
  if (sure >= calibration.threshold || (exact.length === 1 && trust === 1))
    return { ...answer(found, scored, first[0] as Weighed), because, signals };
  if (amongThree >= clarifyThreshold) {
    return { ...clarify(found, scored, 3), because: denied ? 'denied' : 'close', signals };
  }
  const unknown = amongThree < noMatchBelow;
  const refused = refuse(found, scored, unknown ? 'no_match' : 'low_confidence');
  return { ...refused, because: denied ? 'denied' : unknown ? 'nothing' : 'unsure', signals };
}

/** A pressed button, or the very words of an article. One in a hundred is kept for articles that are wrong themselves. */
const exactConfidence = 0.99;

/** The customer denies what the article affirms, or the reverse: never answered as if it were the same. */
const deniedCeiling = 0.5;

/** Below this chance of being among three, offering them wastes the customer's time (a person is waiting instead). */
const clarifyThreshold = 0.6;

/** Below this the base knows nothing of the question. */
const noMatchBelow = 0.15;

/** A suggestion with less of a chance is noise. */
const leastSuggestion = 0.04;

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

type Outcome = Pick<Judgement, 'finding' | 'scored'>;

function answer(found: Case, scored: readonly ScoredCandidate[], best: Weighed): Outcome {
  const understanding = understand(found, scored, 'answer');
  return { scored, finding: { understanding, article: best.entry.article, suggestions: [], failure: null } };
}

function clarify(found: Case, scored: readonly ScoredCandidate[], most: number): Outcome {
  const byId = new Map(found.ranked.map((weighed) => [weighed.entry.article.id, weighed]));
  const offered = scored
    .slice(0, Math.min(most, 3))
    .filter(({ confidence }, place) => place === 0 || confidence >= leastSuggestion)
    .flatMap(({ articleId }) => byId.get(articleId) ?? [])
    .map((weighed) => ({ ...weighed.entry.article, question: wordingToShow(weighed) }));
  const isAlone = (question: string): boolean => offered.filter((other) => other.question === question).length === 1;
  // Two buttons that say the same cannot be told apart.
  const suggestions = offered.map(({ id, title, question }) => {
    return { articleId: id, question: isAlone(question) ? question : title };
  });
  const understanding = understand(found, scored, 'clarify');
  return { scored, finding: { understanding, article: null, suggestions, failure: null } };
}

/** The article's wording nearest to the question; its title where that is a customer's, who did not write it for others. */
export function wordingToShow({ entry, variant }: Weighed): string {
  return entry.variants.includes(variant) ? variant.text : entry.article.title;
}

function refuse(found: Case, scored: readonly ScoredCandidate[], failure: 'no_match' | 'low_confidence'): Outcome {
  const understanding = understand(found, scored, 'handoff');
  return { scored, finding: { understanding, article: null, suggestions: [], failure } };
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
    ...(outcome !== 'answer' && ranked[0]?.features[at.contradiction] === 1 ? { denied: true } : {}),
  };
}
