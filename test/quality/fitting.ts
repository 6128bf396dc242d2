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
  const index = new SearchIndex(segmenter, trial.synonyms);
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
  const weights = Float64Array.from(featureNames, (name) => start[name] ?? 0);
  const total = lists.reduce((sum, { weight }) => sum + weight, 0);
  descend(lists, weights, {
    pull: (list, gradient) => pullRanker(list, weights, gradient, (list.weight / total) * lists.length),
    penalty: (i) => rankerPenalty * (weights[i] ?? 0),
    signs: featureNames.map((name) => (less.has(name) ? -1 : 1)),
  });
  return Object.fromEntries(featureNames.map((name, i) => [name, weights[i] ?? 0])) as Weights;
}

const start: Partial<Weights> = { unitCosine: 4, pairCosine: 2, wordCosine: 2, commonSequence: 2 };
const rankerPenalty = 1e-3;

/** Adds one list's part to the gradient. */
function pullRanker({ articles }: List, weights: Float64Array, gradient: Float64Array, share: number): void {
  const bests = articles.map(({ variants }) => bestOf(variants, weights));
  const scores = bests.map((vector) => dot(vector, weights));
  const top = Math.max(...scores);
  let all = 0;
  let good = 0;
  const exps = scores.map((score, i) => {
    const value = Math.exp(score - top);
    all += value;
    if (articles[i]?.right) good += value;
    return value;
  });
  for (let i = 0; i < bests.length; i++) {
    const value = exps[i] ?? 0;
    add(gradient, bests[i] as Float64Array, share * (value / all - (articles[i]?.right ? value / good : 0)));
  }
}

function bestOf(variants: readonly Float64Array[], weights: Float64Array): Float64Array {
  let best = variants[0] as Float64Array;
  let most = -Infinity;
  for (const vector of variants) {
    const score = dot(vector, weights);
    if (score > most) {
      best = vector;
      most = score;
    }
  }
  return best;
}

function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < one.length; i++) sum += (one[i] as number) * (other[i] as number);
  return sum;
}

function add(to: Float64Array, vector: Float64Array, times: number): void {
  for (let i = 0; i < to.length; i++) to[i] = (to[i] as number) + times * (vector[i] as number);
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
  const cases = rows.map((row, n) => ({ row, vector: scaled[n] as Float64Array }));
  descend(cases, weights, {
    pull: ({ row, vector }, gradient) => {
      const pull = 1 / (1 + Math.exp(-dot(vector, weights))) - (isGood(row) ? 1 : 0);
      add(gradient, vector, (pull * row.weight * rows.length) / total);
    },
    penalty: (i) => (i === 0 ? 0 : signalPenalty * (weights[i] ?? 0)),
    signs: signalNames.map((name) => (free.has(name) ? 0 : less.has(name) ? -1 : 1)),
  });
  const raw = weights.map((value, i) => (i === 0 ? value : (scale[i] ?? 0) > 0 ? value / (scale[i] ?? 1) : 0));
  raw[0] = (weights[0] ?? 0) - raw.reduce((sum, value, i) => sum + (i === 0 ? 0 : value * (mean[i] ?? 0)), 0);
  return Object.fromEntries(signalNames.map((name, i) => [name, raw[i] ?? 0])) as SignalWeights;
}

const signalPenalty = 1e-2;

type Slope<Row> = {
  /** Adds a row's part to the gradient. */
  readonly pull: (row: Row, gradient: Float64Array) => void;
  readonly penalty: (place: number) => number;
  /** 1: the weight is never negative, -1: never positive, 0: either. */
  readonly signs: readonly (-1 | 0 | 1)[];
};

/** Adam over small batches in a fixed shuffled order, ever more slowly, so that every run gives the same numbers. */
function descend<Row>(rows: readonly Row[], weights: Float64Array, { pull, penalty, signs }: Slope<Row>): void {
  const order = shuffled(rows);
  const gradient = new Float64Array(weights.length);
  const first = new Float64Array(weights.length);
  const second = new Float64Array(weights.length);
  let step = 0;
  for (let pass = 0; pass < passes; pass++) {
    const rate = 0.05 * (1 - pass / passes) ** 2;
    for (let from = 0; from < order.length; from += batch) {
      const part = order.slice(from, from + batch);
      gradient.fill(0);
      for (const row of part) pull(row, gradient);
      step++;
      for (let i = 0; i < weights.length; i++) {
        const slope = (gradient[i] ?? 0) / part.length + penalty(i);
        first[i] = 0.9 * (first[i] ?? 0) + 0.1 * slope;
        second[i] = 0.999 * (second[i] ?? 0) + 0.001 * slope * slope;
        const move = (first[i] ?? 0) / (1 - 0.9 ** step) / (Math.sqrt((second[i] ?? 0) / (1 - 0.999 ** step)) + 1e-9);
        const moved = (weights[i] ?? 0) - rate * move;
        weights[i] = (signs[i] ?? 0) * moved < 0 ? 0 : moved;
      }
    }
  }
}

const passes = 16;
const batch = 64;

function shuffled<T>(rows: readonly T[]): T[] {
  const copy = [...rows];
  let seed = 20_260_101;
  for (let i = copy.length - 1; i > 0; i--) {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    const j = seed % (i + 1);
    [copy[i], copy[j]] = [copy[j] as T, copy[i] as T];
  }
  return copy;
}

/**
 * What is named "nearer" never counts against an article, and the reverse: measured on domains left out, this is worth
 * .02 of coverage on zhidao and nothing on esun, and no coefficient needs an excuse.
 */
const less = new Set<string>([
  'questionUnmatched',
  'variantUnmatched',
  'questionWordUnmatched',
  'variantWordUnmatched',
  'contradiction',
]);
const free = new Set<string>(['one', 'singleVariant']);

function zeroWeights(): Weights {
  return Object.fromEntries(featureNames.map((name) => [name, 0])) as Weights;
}
