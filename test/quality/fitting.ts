import { signalNames, signalsOf } from '../../src/answering/confidence.ts';
import type { SignalWeights } from '../../src/answering/confidence.ts';
import type { Model } from '../../src/answering/model.ts';
import { Ranker, featureNames } from '../../src/answering/rank.ts';
import type { Weights } from '../../src/answering/rank.ts';
import { SearchIndex } from '../../src/answering/search-index.ts';
import type { Segmenter } from '../../src/answering/segment.ts';
import type { Asked, Trial } from './datasets.ts';

/** Coefficients that make the right articles win on `trials`, each trial counting for its `weight` (1 by default). */
export function fitModel(trials: readonly WeightedTrial[], segmenter: Segmenter): Model {
  const bases = trials.map((trial) => ({ ...trial, index: indexOf(trial, segmenter) }));
  const ranker = fitRanker(bases.flatMap(({ index, asked, weight = 1 }) => listsOf(index, asked, weight)));
  const rows = bases.flatMap(({ index, asked, weight = 1 }) => signalRows(index, ranker, asked, weight));
  return {
    ranker,
    best: fitSignals(rows, ({ place }) => place === 0),
    amongThree: fitSignals(rows, ({ place }) => place >= 0 && place < 3),
  };
}

export type WeightedTrial = Trial & { readonly weight?: number };

export function indexOf(trial: Trial, segmenter: Segmenter): SearchIndex {
  const index = new SearchIndex(segmenter);
  for (const article of trial.articles) index.upsert(article);
  return index;
}

/** A question's shortlist: for each article its variants' features. */
type List = {
  readonly articles: readonly { readonly right: boolean; readonly variants: readonly Float64Array[] }[];
  readonly weight: number;
};

function listsOf(index: SearchIndex, asked: readonly Asked[], weight: number): List[] {
  const ranker = new Ranker(index, zeroWeights());
  const inside = asked.filter(({ kind }) => kind === 'in');
  return inside
    .map(({ query, right }) => ({
      weight: weight / inside.length,
      articles: ranker
        .explain(index.parse(query))
        .map(({ entry, variants }) => ({ right: right.includes(entry.article.id), variants })),
    }))
    .filter(({ articles }) => articles.some(({ right }) => right) && articles.some(({ right }) => !right));
}

/** Listwise: the right articles' share in a softmax over each article's best variant. Adam, from an all-positive start. */
function fitRanker(lists: readonly List[]): Weights {
  const size = featureNames.length;
  const weights = Float64Array.from(featureNames, (name) => start[name] ?? 0);
  const adam = createAdam(size, 0.05);
  const total = lists.reduce((sum, { weight }) => sum + weight, 0);
  for (let round = 0; round < 250; round++) {
    const gradient = new Float64Array(size);
    for (const { articles, weight } of lists) {
      const bests = articles.map(({ variants, right }) => ({ right, ...bestOf(variants, weights) }));
      const top = Math.max(...bests.map(({ score }) => score));
      const exps = bests.map(({ score }) => Math.exp(score - top));
      const sum = exps.reduce((one, other) => one + other, 0);
      const rightSum = exps.reduce((all, value, i) => all + (bests[i]?.right ? value : 0), 0);
      bests.forEach(({ vector, right }, i) => {
        const p = (exps[i] ?? 0) / sum;
        const pull = p - (right ? (exps[i] ?? 0) / rightSum : 0);
        for (let f = 0; f < size; f++) gradient[f] = (gradient[f] ?? 0) + (weight / total) * pull * (vector[f] ?? 0);
      });
    }
    for (let f = 0; f < size; f++) gradient[f] = (gradient[f] ?? 0) + rankerPenalty * (weights[f] ?? 0);
    adam(weights, gradient);
  }
  return Object.fromEntries(featureNames.map((name, i) => [name, weights[i] ?? 0])) as Weights;
}

const start: Partial<Weights> = { unitCosine: 4, pairCosine: 2, wordCosine: 2, commonSequence: 2 };
const rankerPenalty = 1e-4;

function bestOf(variants: readonly Float64Array[], weights: Float64Array): { vector: Float64Array; score: number } {
  let best = { vector: variants[0] as Float64Array, score: -Infinity };
  for (const vector of variants) {
    let score = 0;
    for (let f = 0; f < vector.length; f++) score += (vector[f] ?? 0) * (weights[f] ?? 0);
    if (score > best.score) best = { vector, score };
  }
  return best;
}

export type SignalRow = {
  readonly signals: Float64Array;
  /** Where the right article is, 0 = first; -1 = nowhere, also for questions out of scope. */
  readonly place: number;
  readonly weight: number;
  readonly kind: Asked['kind'];
};

/** Out-of-scope questions are 30 % of the traffic. */
export function signalRows(index: SearchIndex, weights: Weights, asked: readonly Asked[], weight: number): SignalRow[] {
  const ranker = new Ranker(index, weights);
  const inside = asked.filter(({ kind }) => kind === 'in').length;
  const outside = asked.length - inside;
  return asked.flatMap(({ query, right, kind }) => {
    const parsed = index.parse(query);
    const ranked = ranker.rank(parsed);
    if (ranked.length === 0) return [];
    const place = ranked.findIndex(({ entry }) => right.includes(entry.article.id));
    const share = kind === 'in' ? 0.7 / inside : 0.3 / outside;
    return [{ signals: signalsOf(parsed, ranked, index.highestIdf), place, weight: share * weight, kind }];
  });
}

/** Logistic regression on standardised signals; the coefficients returned are for the raw ones. */
function fitSignals(rows: readonly SignalRow[], isGood: (row: SignalRow) => boolean): SignalWeights {
  const size = signalNames.length;
  const total = rows.reduce((sum, { weight }) => sum + weight, 0);
  const mean = new Float64Array(size);
  const spread = new Float64Array(size);
  for (const { signals, weight } of rows)
    signals.forEach((value, i) => (mean[i] = (mean[i] ?? 0) + (value * weight) / total));
  for (const { signals, weight } of rows) {
    signals.forEach((value, i) => (spread[i] = (spread[i] ?? 0) + ((value - (mean[i] ?? 0)) ** 2 * weight) / total));
  }
  const scale = spread.map((value) => (value > 1e-9 ? Math.sqrt(value) : 0));
  const scaled = rows.map(({ signals }) =>
    signals.map((value, i) => (i === 0 ? 1 : (scale[i] ?? 0) > 0 ? (value - (mean[i] ?? 0)) / (scale[i] ?? 1) : 0)),
  );
  const weights = new Float64Array(size);
  const adam = createAdam(size, 0.05);
  for (let round = 0; round < 600; round++) {
    const gradient = new Float64Array(size);
    scaled.forEach((vector, n) => {
      const row = rows[n] as SignalRow;
      let sum = 0;
      for (let i = 0; i < size; i++) sum += (vector[i] ?? 0) * (weights[i] ?? 0);
      const pull = (1 / (1 + Math.exp(-sum)) - (isGood(row) ? 1 : 0)) * (row.weight / total);
      for (let i = 0; i < size; i++) gradient[i] = (gradient[i] ?? 0) + pull * (vector[i] ?? 0);
    });
    for (let i = 1; i < size; i++) gradient[i] = (gradient[i] ?? 0) + signalPenalty * (weights[i] ?? 0);
    adam(weights, gradient);
  }
  const raw = weights.map((value, i) => (i === 0 ? value : (scale[i] ?? 0) > 0 ? value / (scale[i] ?? 1) : 0));
  raw[0] = (weights[0] ?? 0) - raw.reduce((sum, value, i) => sum + (i === 0 ? 0 : value * (mean[i] ?? 0)), 0);
  return Object.fromEntries(signalNames.map((name, i) => [name, raw[i] ?? 0])) as SignalWeights;
}

const signalPenalty = 1e-3;

function createAdam(size: number, rate: number): (weights: Float64Array, gradient: Float64Array) => void {
  const first = new Float64Array(size);
  const second = new Float64Array(size);
  let step = 0;
  return (weights, gradient) => {
    step++;
    for (let i = 0; i < size; i++) {
      const slope = gradient[i] ?? 0;
      first[i] = 0.9 * (first[i] ?? 0) + 0.1 * slope;
      second[i] = 0.999 * (second[i] ?? 0) + 0.001 * slope * slope;
      const move = (first[i] ?? 0) / (1 - 0.9 ** step) / (Math.sqrt((second[i] ?? 0) / (1 - 0.999 ** step)) + 1e-9);
      weights[i] = (weights[i] ?? 0) - rate * move;
    }
  };
}

function zeroWeights(): Weights {
  return Object.fromEntries(featureNames.map((name) => [name, 0])) as Weights;
}
