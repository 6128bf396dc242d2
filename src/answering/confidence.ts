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
  /** log(1 + idf of what question and best variant share, over the highest idf). */
  'evidence',
  /** Of the best article's best variant; see `featureNames`. */
  'unitCosine',
  'unitCovered',
  'unitUsed',
  'questionUnmatched',
  'variantUnmatched',
  'contradiction',
  'fieldsCovered',
  'bodyCovered',
  'passageCovered',
  'titleCosine',
  'centroidCosine',
  'encoderCosine',
  'encoderCentroid',
] as const;
export type SignalName = (typeof signalNames)[number];
export type SignalWeights = Readonly<Record<SignalName, number>>;

/** The evidence, in the order of `signalNames`. `ranked` is not empty. */
export function signalsOf(query: Query, ranked: readonly Weighed[], highestIdf: number): Float64Array {
  const best = ranked[0] as Weighed;
  const scores = withUsualRivals(ranked);
  const top = best.score;
  const others = scores.slice(1, 5);
  const units = query.tokens.filter(({ kind }) => kind === 'unit');
  const feature = (name: FeatureName): number => best.features[at[name]] ?? 0;
  const values: Record<SignalName, number> = {
    one: 1,
    score: top,
    margin: top - (scores[1] ?? 0),
    wideMargin: top - others.reduce((sum, score) => sum + score, 0) / others.length,
    share: 1 / scores.reduce((sum, score) => sum + Math.exp(score - top), 0),
    evidence: Math.log(1 + (feature('unitCovered') * units.reduce((sum, { idf }) => sum + idf, 0)) / highestIdf),
    unitCosine: feature('unitCosine'),
    unitCovered: feature('unitCovered'),
    unitUsed: feature('unitUsed'),
    questionUnmatched: feature('questionUnmatched'),
    variantUnmatched: feature('variantUnmatched'),
    contradiction: feature('contradiction'),
    fieldsCovered: feature('fieldsCovered'),
    bodyCovered: feature('bodyCovered'),
    passageCovered: feature('passageCovered'),
    titleCosine: feature('titleCosine'),
    centroidCosine: feature('centroidCosine'),
    encoderCosine: feature('encoderCosine'),
    encoderCentroid: feature('encoderCentroid'),
  };
  return Float64Array.from(signalNames, (name) => values[name]);
}

/** Log-odds that the signals speak of a right one, before calibration: in scope, and if so, found. */
export function logOdds(signals: Float64Array, scope: SignalWeights, found: SignalWeights): number {
  return -Math.log(oddsAgainst(signals, scope, found).either);
}

/**
 * The weights with which signals move the log-odds from where they are: each signal times its own is what it adds here.
 * What is plainly in scope has only its rivals to fear, and the reverse.
 */
export function weightsAt(signals: Float64Array, scope: SignalWeights, found: SignalWeights): SignalWeights {
  const { scope: outside, found: missed, either } = oddsAgainst(signals, scope, found);
  const both = outside * missed;
  const [ofScope, ofFound] = [(outside + both) / either, (missed + both) / either];
  return Object.fromEntries(
    signalNames.map((name) => [name, ofScope * scope[name] + ofFound * found[name]]),
  ) as SignalWeights;
}

/** Two chances must both come true: 1 / pq - 1 = (1 + a)(1 + b) - 1, with a and b the odds against each. */
function oddsAgainst(signals: Float64Array, scope: SignalWeights, found: SignalWeights): Against {
  const [a, b] = [Math.exp(-weighted(signals, scope)), Math.exp(-weighted(signals, found))];
  return { scope: a, found: b, either: a + b + a * b };
}

type Against = { readonly scope: number; readonly found: number; readonly either: number };

function weighted(signals: Float64Array, weights: SignalWeights): number {
  return signalNames.reduce((sum, name, i) => sum + (signals[i] ?? 0) * weights[name], 0);
}

/**
 * In a small base the best has no serious rival, which proves nothing: the article that would be one is just not
 * written. So rivals are held to be at least as strong as they usually are.
 */
function withUsualRivals(ranked: readonly Weighed[]): number[] {
  const scores = ranked.map(({ score }) => score);
  return [scores[0] ?? 0, ...usualRivals.map((usual, i) => Math.max(usual, scores[i + 1] ?? usual))];
}

/** Medians of the second to fifth score: esun 3.6, 3.3, 3.1, 2.9; zhidao 5.1, 4.3, 3.9, 3.6. */
const usualRivals = [4.3, 3.8, 3.5, 3.2];
