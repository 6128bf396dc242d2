import type { FeatureName, Weighed } from './rank.ts';
import { featureNames } from './rank.ts';
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
  const scores = ranked.map(({ score }) => score);
  const top = best.score;
  const others = scores.slice(1, 5);
  const lonely = scores.length < 2;
  const feature = (name: FeatureName): number => best.features[featureNames.indexOf(name)] ?? 0;
  const values: Record<SignalName, number> = {
    one: 1,
    score: top,
    margin: lonely ? lonelyMargin : top - (scores[1] ?? 0),
    wideMargin: lonely ? lonelyMargin : top - others.reduce((sum, score) => sum + score, 0) / others.length,
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

/** The probability that the signals speak of a right one. */
export function probability(signals: Float64Array, weights: SignalWeights): number {
  let sum = 0;
  signalNames.forEach((name, i) => {
    sum += (signals[i] ?? 0) * weights[name];
  });
  return 1 / (1 + Math.exp(-sum));
}

/** With nothing to compare with, a middling margin: about the median of both public sets. */
const lonelyMargin = 2;

/**
 * The confidence from which on an answer is given, so that `targetPrecision` of the answers given are right. The mean
 * confidence of what is answered must reach the target, so the threshold itself may lie below it.
 */
export function thresholdFor(targetPrecision: number): number {
  return Math.min(0.98, Math.max(0.5, targetPrecision));
}
