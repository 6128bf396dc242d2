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
  /** For characters, pairs, words: in how many of the three the best is the best, 0..1. */
  'agreement',
  /** Share of the question's idf in tokens that no article has, and the highest such idf over the highest idf. */
  'unknown',
  'unknownPeak',
  /** log(1 + number of telling tokens). */
  'length',
  'unitCosine',
  'pairCosine',
  'wordCosine',
  'unitCovered',
  'wordCovered',
  'unitUsed',
  'commonSequence',
  'questionUnmatched',
  'variantUnmatched',
  'questionWordUnmatched',
  'variantWordUnmatched',
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
    agreement: agreement(ranked),
    ...unknownOf(query, highestIdf),
    length: Math.log(1 + query.tokens.filter(({ kind, idf }) => kind === 'unit' && idf > highestIdf / 3).length),
    unitCosine: feature('unitCosine'),
    pairCosine: feature('pairCosine'),
    wordCosine: feature('wordCosine'),
    unitCovered: feature('unitCovered'),
    wordCovered: feature('wordCovered'),
    unitUsed: feature('unitUsed'),
    commonSequence: feature('commonSequence'),
    questionUnmatched: feature('questionUnmatched'),
    variantUnmatched: feature('variantUnmatched'),
    questionWordUnmatched: feature('questionWordUnmatched'),
    variantWordUnmatched: feature('variantWordUnmatched'),
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

function agreement(ranked: readonly Weighed[]): number {
  const wins = (['unitCosine', 'pairCosine', 'wordCosine'] as const).filter((name) => {
    const at = featureNames.indexOf(name);
    const own = ranked[0]?.features[at] ?? 0;
    return own > 0 && ranked.every(({ features }) => (features[at] ?? 0) <= own);
  });
  return wins.length / 3;
}

function unknownOf(query: Query, highestIdf: number): { readonly unknown: number; readonly unknownPeak: number } {
  let unknown = 0;
  let all = 0;
  let peak = 0;
  for (const { kind, id, idf } of query.tokens) {
    if (kind === 'pair') continue;
    all += idf;
    if (id >= 0) continue;
    unknown += idf;
    peak = Math.max(peak, idf);
  }
  return { unknown: all > 0 ? unknown / all : 1, unknownPeak: peak / highestIdf };
}

/**
 * The confidence from which on an answer is given, so that `targetPrecision` of the answers given are right. The mean
 * confidence of what is answered must reach the target, so the threshold itself may lie below it.
 */
export function thresholdFor(targetPrecision: number): number {
  return Math.min(0.98, Math.max(0.5, targetPrecision));
}
