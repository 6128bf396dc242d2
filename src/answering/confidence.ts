import type { FeatureName, Weighed } from './rank.ts';
import { at } from './rank.ts';
import type { Query } from './search-index.ts';

/** What speaks for and against the best-ranked article being the right one. */
export const signalNames = [
  'one',
  /** The ranker's score of the best, and its distance to the second and to the mean of second to fifth. */
  'score',
  'margin',
  'wideMargin',
  /** The best's share in a softmax over all. */
  'share',
  /** log(1 + number of telling characters). */
  'length',
  /** Of the best article's best variant; see `featureNames`. */
  'unitCosine',
  'unitCovered',
  'unitUsed',
  'questionUnmatched',
  'variantUnmatched',
  'contradiction',
  'bodyPairCovered',
  'fieldsCovered',
  'centroidCosine',
  'singleVariant',
] as const;
export type SignalName = (typeof signalNames)[number];
export type SignalWeights = Readonly<Record<SignalName, number>>;

/** The evidence, in the order of `signalNames`. `ranked` is not empty. */
export function signalsOf(query: Query, ranked: readonly Weighed[], highestIdf: number): Float64Array {
  const best = ranked[0] as Weighed;
  const scores = withUsualRivals(ranked);
  const top = best.score;
  const others = scores.slice(1, 5);
  const feature = (name: FeatureName): number => best.features[at[name]] ?? 0;
  const values: Record<SignalName, number> = {
    one: 1,
    score: top,
    margin: top - (scores[1] ?? 0),
    wideMargin: top - others.reduce((sum, score) => sum + score, 0) / others.length,
    share: 1 / scores.reduce((sum, score) => sum + Math.exp(score - top), 0),
    length: Math.log(1 + query.tokens.filter(({ kind, idf }) => kind === 'unit' && idf > highestIdf / 3).length),
    unitCosine: feature('unitCosine'),
    unitCovered: feature('unitCovered'),
    unitUsed: feature('unitUsed'),
    questionUnmatched: feature('questionUnmatched'),
    variantUnmatched: feature('variantUnmatched'),
    contradiction: feature('contradiction'),
    bodyPairCovered: feature('bodyPairCovered'),
    fieldsCovered: feature('fieldsCovered'),
    centroidCosine: feature('centroidCosine'),
    singleVariant: feature('singleVariant'),
  };
  return Float64Array.from(signalNames, (name) => values[name]);
}

/** Log-odds that the signals speak of a right one, before calibration. */
export function logOdds(signals: Float64Array, weights: SignalWeights): number {
  return signalNames.reduce((sum, name, i) => sum + (signals[i] ?? 0) * weights[name], 0);
}

/**
 * In a small base the best has no serious rival, which proves nothing: the article that would be one is just not
 * written. So rivals are held to be at least as strong as they usually are.
 */
function withUsualRivals(ranked: readonly Weighed[]): number[] {
  const scores = ranked.map(({ score }) => score);
  if (ranked.length >= fewArticles) return scores;
  return [scores[0] ?? 0, ...usualRivals.map((usual, i) => Math.max(usual, scores[i + 1] ?? usual))];
}

const fewArticles = 10;
/** Medians of the second to fifth score: esun 3.6, 3.3, 2.9, 2.8; zhidao 4.6, 3.9, 3.5, 3.3. */
const usualRivals = [4.1, 3.6, 3.2, 3.1];
