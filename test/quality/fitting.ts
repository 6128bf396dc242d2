import { asShipped } from '../../src/answering/learning/calibration.ts';
import { signalNames, signalsOf } from '../../src/answering/confidence.ts';
import type { SignalName, SignalWeights } from '../../src/answering/confidence.ts';
import { encoderOf, examplesOf, trainEncoder } from '../../src/answering/learning/encoder.ts';
import type { Encoder } from '../../src/answering/learning/encoder.ts';
import type { Model } from '../../src/answering/model.ts';
import { judge } from '../../src/answering/outcome.ts';
import { Ranker, featureNames, vectorOf, weigh } from '../../src/answering/rank.ts';
import type { Candidate, FeatureName, Weighed, Weights } from '../../src/answering/rank.ts';
import { SearchIndex } from '../../src/answering/search-index.ts';
import { shuffled } from '../../src/cli/eval-questions.ts';
import type { Query } from '../../src/answering/search-index.ts';
import type { Segmenter } from '../../src/answering/segment.ts';
import { Vectors } from '../../src/answering/learning/vectors.ts';
import type { Asked, Trial } from './datasets.ts';
import type { Searches } from './grade.ts';

/** A trial and how much it counts in a fit. */
export type WeightedTrial = Trial & { readonly weight: number };

/** A trial with all that is measured of its questions, so that fitting once more costs seconds. */
export type Lesson = {
  readonly weight: number;
  readonly asked: readonly Asked[];
  readonly index: SearchIndex;
  readonly observed: readonly Observed[];
};

/** A question and what can be weighed for it. */
export type Observed = Asked & { readonly parsed: Query; readonly candidates: readonly Candidate[] };

/** What a fit does without: to see what each is worth. */
export type Without = { readonly features?: readonly FeatureName[]; readonly signals?: readonly SignalName[] };

/** Measures every question of a trial against its base. */
export function observe(trial: WeightedTrial, segmenter: Segmenter): Lesson {
  const index = new SearchIndex(segmenter, trial.synonyms);
  for (const [articleId, wordings] of trial.confirmed ?? []) index.confirm(articleId, wordings);
  for (const article of trial.articles) index.upsert(article);
  const encoder = encoderFor(trial);
  const ranker = new Ranker(index, zeroWeights(), encoder && new Vectors(encoder));
  const observed = trial.asked.map((one): Observed => {
    const parsed = index.parse(one.query);
    return { ...one, parsed, candidates: ranker.explain(parsed) };
  });
  return { weight: trial.weight, asked: trial.asked, index, observed };
}

/** The base's own encoder, where the trial wants one and the base has enough to train it. */
export function encoderFor({ articles, synonyms, confirmed, encoded = false }: Trial): Encoder | null {
  const weights = encoded ? trainEncoder(examplesOf(articles, synonyms, confirmed)) : null;
  return weights && encoderOf(weights);
}

/** What a base answers with a model, from what was measured before. */
export function answersOf({ index, observed }: Lesson, model: Model): Searches {
  const weights = vectorOf(model.ranker);
  const byQuestion = new Map(observed.map((one) => [one.query, one]));
  const calibration = asShipped(0.95);
  return {
    search: (question) => {
      const one = byQuestion.get(question);
      const query = one?.parsed ?? index.parse(question);
      const found = { question, query, index, ranked: weigh(one?.candidates ?? [], weights), trust: 1 };
      const { finding, scored } = judge(found, { model, calibration });
      return { finding, candidates: scored };
    },
  };
}

/** Coefficients that make the right articles win, each lesson counting for its weight. */
export function fitModel(lessons: readonly Lesson[], without: Without = {}): Model {
  return fitConfidence(lessons, fitRanker(lessons, without), without);
}

/** A question's shortlist: for each article its variants' features. */
type List = {
  readonly articles: readonly { readonly right: boolean; readonly variants: readonly Float64Array[] }[];
  readonly weight: number;
};

/** Listwise: the right articles' share in a softmax over each article's best variant. Adam, from an all-positive start. */
export function fitRanker(lessons: readonly Lesson[], without: Without = {}): Weights {
  const lists = lessons.flatMap(listsOf);
  const signs = featureNames.map((name) => (without.features?.includes(name) ? null : signOf(name)));
  const weights = Float64Array.from(featureNames, (name, i) => (signs[i] === null ? 0 : (start[name] ?? 0)));
  const total = lists.reduce((sum, { weight }) => sum + weight, 0);
  descend(lists, weights, {
    pull: (list, gradient) => pullRanker(list, weights, gradient, (list.weight / total) * lists.length),
    penalty: (i) => rankerPenalty * (weights[i] ?? 0),
    signs,
  });
  return Object.fromEntries(featureNames.map((name, i) => [name, weights[i] ?? 0])) as Weights;
}

function listsOf({ observed, weight }: Lesson): List[] {
  const inside = observed.filter(({ kind }) => kind === 'in');
  return inside
    .map(({ right, candidates }) => ({
      weight: weight / inside.length,
      articles: candidates.map(({ entry, variants }) => ({
        right: right.includes(entry.article.id),
        variants: variants.map(({ features }) => features),
      })),
    }))
    .filter(({ articles }) => articles.some(({ right }) => right) && articles.some(({ right }) => !right));
}

const start: Partial<Weights> = { unitCosine: 4, wordCosine: 2, commonSequence: 2 };
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

/**
 * The chance to be right as a product: the base has an article for it, and if so, it is the one found. Fitted apart,
 * since no lead over the rivals makes up for a question that resembles nothing.
 */
export function fitConfidence(lessons: readonly Lesson[], ranker: Weights, without: Without = {}): Model {
  const rows = lessons.flatMap((lesson) => signalRows(lesson, ranker));
  const of = (...kinds: Asked['kind'][]): SignalRow[] => rows.filter(({ kind }) => kinds.includes(kind));
  const fit = (those: readonly SignalRow[], penalty: number, isGood: (row: SignalRow) => boolean): SignalWeights =>
    fitSignals(those, { penalty, isGood, without: without.signals ?? [] });
  return {
    ranker,
    scope: fit(of('in', 'near', 'far'), scopePenalty, ({ kind }) => kind === 'in'),
    // Asked too vaguely, the best is right by chance only; which three it is among, nobody knows.
    best: fit(of('in', 'vague'), foundPenalty, ({ place }) => place === 0),
    amongThree: fit(of('in'), foundPenalty, ({ place }) => place >= 0 && place < 3),
  };
}

/** Domains differ most in what is out of scope: the heavier the penalty, the less is learned of any one of them. */
const scopePenalty = 0.3;
const foundPenalty = 0.03;

type SignalRow = {
  readonly signals: Float64Array;
  /** Where the right article is, 0 = first; -1 = nowhere, also for questions out of scope. */
  readonly place: number;
  readonly weight: number;
  readonly kind: Asked['kind'];
};

/** Out-of-scope questions are 30 % of the traffic, vague ones as many as a twentieth of the others. */
function signalRows({ observed, index, weight }: Lesson, ranker: Weights): SignalRow[] {
  const weights = vectorOf(ranker);
  const count = (...kinds: Asked['kind'][]): number => observed.filter(({ kind }) => kinds.includes(kind)).length;
  const outside = 0.3 / count('near', 'far');
  const shares = { in: 0.7 / count('in'), near: outside, far: outside, vague: 0.05 / count('vague') };
  return observed.flatMap(({ parsed, candidates, right, kind }) => {
    if (candidates.length === 0) return [];
    const ranked: readonly Weighed[] = weigh(candidates, weights);
    const place = ranked.findIndex(({ entry }) => right.includes(entry.article.id));
    return [{ signals: signalsOf(parsed, ranked, index.highestIdf), place, weight: shares[kind] * weight, kind }];
  });
}

type SignalFit = {
  readonly penalty: number;
  readonly isGood: (row: SignalRow) => boolean;
  readonly without: readonly SignalName[];
};

/** Logistic regression on standardised signals; the coefficients returned are for the raw ones. */
function fitSignals(rows: readonly SignalRow[], { penalty, isGood, without }: SignalFit): SignalWeights {
  const total = rows.reduce((sum, { weight }) => sum + weight, 0);
  const { mean, scale } = spreadOf(rows, total);
  const weights = new Float64Array(signalNames.length);
  const cases = rows.map((row) => ({
    share: (row.weight * rows.length) / total,
    good: isGood(row) ? 1 : 0,
    vector: row.signals.map((value, i) => (i === 0 ? 1 : divided(value - (mean[i] ?? 0), scale[i] ?? 0))),
  }));
  descend(cases, weights, {
    pull: ({ vector, share, good }, gradient) => add(gradient, vector, share * (logistic(dot(vector, weights)) - good)),
    penalty: (i) => (i === 0 ? 0 : penalty * (weights[i] ?? 0)),
    signs: signalNames.map((name) => (without.includes(name) ? null : signOf(name))),
  });
  const { slope, shift } = unshrunk(cases.map((one) => ({ ...one, logit: dot(one.vector, weights) })));
  const raw = weights.map((value, i) => (i === 0 ? 0 : slope * divided(value, scale[i] ?? 0)));
  raw[0] = slope * (weights[0] ?? 0) + shift - dot(raw, mean);
  return Object.fromEntries(signalNames.map((name, i) => [name, raw[i] ?? 0])) as SignalWeights;
}

function spreadOf(rows: readonly SignalRow[], total: number): { mean: Float64Array; scale: Float64Array } {
  const mean = new Float64Array(signalNames.length);
  const square = new Float64Array(signalNames.length);
  for (const { signals, weight } of rows) add(mean, signals, weight / total);
  for (const { signals, weight } of rows) {
    const distance = signals.map((value, i) => (value - (mean[i] ?? 0)) ** 2);
    add(square, distance, weight / total);
  }
  return { mean, scale: square.map((value) => (value > 1e-9 ? Math.sqrt(value) : 0)) };
}

/** A penalty makes all odds too small alike: the line that undoes it, by Newton's method. */
function unshrunk(cases: readonly { readonly logit: number; readonly share: number; readonly good: number }[]): {
  readonly slope: number;
  readonly shift: number;
} {
  let [slope, shift] = [1, 0];
  for (let step = 0; step < 30; step++) {
    let [gradientA, gradientB, aa, ab, bb] = [0, 0, 1e-9, 0, 1e-9];
    for (const { logit, share, good } of cases) {
      const chance = logistic(slope * logit + shift);
      const error = share * (chance - good);
      const curve = share * chance * (1 - chance);
      gradientA += error * logit;
      gradientB += error;
      aa += curve * logit * logit;
      ab += curve * logit;
      bb += curve;
    }
    const determinant = aa * bb - ab * ab;
    if (determinant < 1e-9) break;
    slope -= (bb * gradientA - ab * gradientB) / determinant;
    shift -= (aa * gradientB - ab * gradientA) / determinant;
  }
  return { slope, shift };
}

function logistic(value: number): number {
  return 1 / (1 + Math.exp(-value));
}

function divided(value: number, by: number): number {
  return by > 0 ? value / by : 0;
}

function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < one.length; i++) sum += (one[i] as number) * (other[i] as number);
  return sum;
}

function add(to: Float64Array, vector: Float64Array, times: number): void {
  for (let i = 0; i < to.length; i++) to[i] = (to[i] as number) + times * (vector[i] as number);
}

type Slope<Row> = {
  /** Adds a row's part to the gradient. */
  readonly pull: (row: Row, gradient: Float64Array) => void;
  readonly penalty: (place: number) => number;
  readonly signs: readonly Sign[];
};

/** 1: the weight is never negative, -1: never positive, 0: either, null: it is not fitted and stays 0. */
type Sign = -1 | 0 | 1 | null;

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
        const sign = signs[i] ?? null;
        if (sign === null) continue;
        const slope = (gradient[i] ?? 0) / part.length + penalty(i);
        first[i] = 0.9 * (first[i] ?? 0) + 0.1 * slope;
        second[i] = 0.999 * (second[i] ?? 0) + 0.001 * slope * slope;
        const move = (first[i] ?? 0) / (1 - 0.9 ** step) / (Math.sqrt((second[i] ?? 0) / (1 - 0.999 ** step)) + 1e-9);
        const moved = (weights[i] ?? 0) - rate * move;
        weights[i] = sign * moved < 0 ? 0 : moved;
      }
    }
  }
}

const passes = 16;
const batch = 64;

/**
 * What is named "nearer" never counts against an article, and the reverse: measured on domains left out, this is worth
 * .02 of coverage on zhidao and nothing on esun, and no coefficient needs an excuse.
 */
function signOf(name: FeatureName | SignalName): Sign {
  if (name === 'one') return 0;
  return name.endsWith('Unmatched') || name === 'contradiction' ? -1 : 1;
}

function zeroWeights(): Weights {
  return Object.fromEntries(featureNames.map((name) => [name, 0])) as Weights;
}
