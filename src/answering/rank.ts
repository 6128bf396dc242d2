import { contradicts } from './polarity.ts';
import { containsSorted } from './search-index.ts';
import type { Entry, Query, SearchIndex, Variant } from './search-index.ts';

/** What is measured of a question against one variant of an article. All are 0..1, more is nearer, unless said. */
export const featureNames = [
  /** Cosine of the idf-weighted characters, pairs, words. */
  'unitCosine',
  'pairCosine',
  'wordCosine',
  /** Share of the question's idf that the variant has. */
  'unitCovered',
  'pairCovered',
  /** Share of the variant's idf that the question has. */
  'unitUsed',
  'pairUsed',
  /** Longest common subsequence of characters, over the mean length. */
  'commonSequence',
  /** The most telling character or word that the other side lacks, by idf over the highest idf: less is nearer. */
  'questionUnmatched',
  'variantUnmatched',
  'questionWordUnmatched',
  'variantWordUnmatched',
  /** Shorter over longer, in characters. */
  'lengthRatio',
  /** One denies what the other affirms (0 or 1): less is nearer. */
  'contradiction',
  /** The same for every variant of the article: share of the question's idf in the body, in keywords and any variant. */
  'bodyCovered',
  'bodyPairCovered',
  'fieldsCovered',
  /** Cosine to the mean of all variants, and to the second-best variant; 0 with one variant. */
  'centroidCosine',
  'secondVariant',
  /** 1 where the article has one variant only, to balance the two above. */
  'singleVariant',
] as const;
export type FeatureName = (typeof featureNames)[number];
/** Where each feature stands in a vector. */
export const at = Object.fromEntries(featureNames.map((name, i) => [name, i])) as Readonly<Record<FeatureName, number>>;
export type Weights = Readonly<Record<FeatureName, number>>;

/** An article weighed for a question, by its best variant. */
export type Weighed = {
  readonly entry: Entry;
  readonly variant: Variant;
  readonly features: Float64Array;
  readonly score: number;
};

/** Weighs the candidates and puts the best first. Pure but for scratch memory: same index and question, same result. */
export class Ranker {
  readonly #index: SearchIndex;
  readonly #weights: Float64Array;
  /** For each token id, 1 + its place in the question; 0 = not in it. */
  #places = new Uint16Array(1 << 12);
  /** For each token id, its weight in the centroid at hand; all 0 between two uses. */
  #sums = new Float64Array(1 << 12);

  constructor(index: SearchIndex, weights: Weights) {
    this.#index = index;
    this.#weights = Float64Array.from(featureNames, (name) => weights[name]);
  }

  rank(query: Query): Weighed[] {
    return this.shortlist(query)
      .map(({ entry, matches }) => this.#best(query, entry, matches))
      .sort((one, other) => other.score - one.score);
  }

  /** Every candidate's variants with their features: what coefficients are fitted on. */
  explain(query: Query): { readonly entry: Entry; readonly variants: readonly Float64Array[] }[] {
    return this.shortlist(query).map(({ entry, matches }) => ({
      entry,
      variants: this.#features(query, entry, matches),
    }));
  }

  shortlist(query: Query): { readonly entry: Entry; readonly matches: readonly Match[] }[] {
    this.#enter(query);
    const candidates = new Set([...this.#index.exact(query), ...this.#index.candidates(query, candidateLimit)]);
    const close = [...candidates].flatMap((entry) => {
      const matches = entry.variants.map((variant) => this.#match(query, variant));
      const cosine = Math.max(...matches.map((match) => match.cosine));
      const refused = entry.notVariants.some((variant) => this.#match(query, variant).cosine > cosine);
      return refused ? [] : [{ entry, matches, cosine }];
    });
    this.#leave(query);
    return close.sort((one, other) => other.cosine - one.cosine).slice(0, shortlistLimit);
  }

  #enter(query: Query): void {
    if (this.#places.length < this.#index.tokenCount) {
      this.#places = new Uint16Array(this.#index.tokenCount * 2);
      this.#sums = new Float64Array(this.#index.tokenCount * 2);
    }
    query.tokens.forEach(({ id }, place) => {
      if (id >= 0) this.#places[id] = place + 1;
    });
  }

  #leave(query: Query): void {
    for (const { id } of query.tokens) if (id >= 0) this.#places[id] = 0;
  }

  #match(query: Query, variant: Variant): Match {
    const { tokens, pairsAt, wordsAt } = variant;
    const found = new Uint8Array(query.tokens.length);
    const ends = [pairsAt, wordsAt, tokens.length];
    const parts: Part[] = [];
    let next = 0;
    for (const end of ends) {
      let shared = 0;
      let sharedSquare = 0;
      let sum = 0;
      let square = 0;
      let unmatched = 0;
      for (; next < end; next++) {
        const id = tokens[next] ?? 0;
        const idf = this.#index.idf(id);
        const place = this.#places[id] ?? 0;
        sum += idf;
        square += idf * idf;
        if (place > 0) {
          found[place - 1] = 1;
          shared += idf;
          sharedSquare += idf * idf;
        } else if (idf > unmatched) {
          unmatched = idf;
        }
      }
      parts.push({ shared, sharedSquare, sum, square, unmatched });
    }
    const cosine = mixedCosine(parts, questionParts(query));
    return { variant, parts, found, cosine };
  }

  #best(query: Query, entry: Entry, matches: readonly Match[]): Weighed {
    const features = this.#features(query, entry, matches);
    let best = 0;
    let score = -Infinity;
    features.forEach((vector, i) => {
      const value = this.#score(vector);
      if (value > score) {
        score = value;
        best = i;
      }
    });
    return { entry, variant: entry.variants[best] as Variant, features: features[best] as Float64Array, score };
  }

  #score(vector: Float64Array): number {
    let sum = 0;
    for (let i = 0; i < vector.length; i++) sum += (vector[i] ?? 0) * (this.#weights[i] ?? 0);
    return sum;
  }

  #features(query: Query, entry: Entry, matches: readonly Match[]): Float64Array[] {
    const highest = this.#index.highestIdf;
    const question = questionParts(query);
    const body = bodyCoverage(query, entry);
    const fields = fieldCoverage(query, entry, matches);
    const centroid = matches.length > 1 ? this.#centroid(query, matches) : 0;
    const cosines = matches.map(({ cosine }) => cosine).sort((one, other) => other - one);
    const second = cosines[1] ?? 0;
    return matches.map(({ variant, parts, found, cosine }) => {
      const unmatched = questionUnmatched(query, found);
      const vector = new Float64Array(featureNames.length);
      vector[at.unitCosine] = cosineOf(parts[0], question[0]);
      vector[at.pairCosine] = cosineOf(parts[1], question[1]);
      vector[at.wordCosine] = cosineOf(parts[2], question[2]);
      vector[at.unitCovered] = ratio(parts[0]?.shared, question[0]?.sum);
      vector[at.pairCovered] = ratio(parts[1]?.shared, question[1]?.sum);
      vector[at.unitUsed] = ratio(parts[0]?.shared, parts[0]?.sum);
      vector[at.pairUsed] = ratio(parts[1]?.shared, parts[1]?.sum);
      vector[at.commonSequence] = commonSequence(query.sequence, variant.sequence);
      vector[at.questionUnmatched] = unmatched.unit / highest;
      vector[at.variantUnmatched] = (parts[0]?.unmatched ?? 0) / highest;
      vector[at.questionWordUnmatched] = unmatched.word / highest;
      vector[at.variantWordUnmatched] = (parts[2]?.unmatched ?? 0) / highest;
      vector[at.lengthRatio] = lengthRatio(query.sequence.length, variant.sequence.length);
      vector[at.contradiction] = contradicts(query, variant) ? 1 : 0;
      vector[at.bodyCovered] = body.unit;
      vector[at.bodyPairCovered] = body.pair;
      vector[at.fieldsCovered] = fields;
      vector[at.centroidCosine] = centroid;
      vector[at.secondVariant] = cosine === cosines[0] ? second : (cosines[0] ?? 0);
      vector[at.singleVariant] = matches.length > 1 ? 0 : 1;
      return vector;
    });
  }

  /** Cosine of the question to the sum of the article's variants, each of length one, over characters and words. */
  #centroid(query: Query, matches: readonly Match[]): number {
    const sums = this.#sums;
    for (const { variant, parts } of matches) {
      const norm = Math.sqrt(parts.reduce((sum, part) => sum + part.square, 0)) || 1;
      for (const id of variant.tokens) sums[id] = (sums[id] ?? 0) + this.#index.idf(id) / norm;
    }
    let dot = 0;
    let questionSquare = 0;
    for (const { id, idf } of query.tokens) {
      questionSquare += idf * idf;
      if (id >= 0) dot += idf * (sums[id] ?? 0);
    }
    let square = 0;
    for (const { variant } of matches) {
      for (const id of variant.tokens) {
        square += (sums[id] ?? 0) ** 2;
        sums[id] = 0;
      }
    }
    return ratio(dot, Math.sqrt(square * questionSquare));
  }
}

/** FlexSearch's candidates: recall of the right article is .99 and more on both public sets. */
const candidateLimit = 60;
/** Of which a plain cosine keeps these for the dearer features. */
const shortlistLimit = 15;

type Part = {
  readonly shared: number;
  readonly sharedSquare: number;
  readonly sum: number;
  readonly square: number;
  readonly unmatched: number;
};

type Match = {
  readonly variant: Variant;
  /** Of units, pairs, words. */
  readonly parts: readonly Part[];
  /** For each token of the question, 1 if the variant has it. */
  readonly found: Uint8Array;
  readonly cosine: number;
};

type Sums = { readonly sum: number; readonly square: number };

const sumsOfQuestions = new WeakMap<Query, readonly Sums[]>();

function questionParts(query: Query): readonly Sums[] {
  const known = sumsOfQuestions.get(query);
  if (known) return known;
  const parts = (['unit', 'pair', 'word'] as const).map((kind) => {
    let sum = 0;
    let square = 0;
    for (const token of query.tokens) {
      if (token.kind !== kind) continue;
      sum += token.idf;
      square += token.idf * token.idf;
    }
    return { sum, square };
  });
  sumsOfQuestions.set(query, parts);
  return parts;
}

const kindWeights = [1, 0.6, 0.6];

function mixedCosine(parts: readonly Part[], question: readonly Sums[]): number {
  let dot = 0;
  let variantSquare = 0;
  let questionSquare = 0;
  kindWeights.forEach((weight, kind) => {
    dot += weight * (parts[kind]?.sharedSquare ?? 0);
    variantSquare += weight * (parts[kind]?.square ?? 0);
    questionSquare += weight * (question[kind]?.square ?? 0);
  });
  return ratio(dot, Math.sqrt(variantSquare * questionSquare));
}

function cosineOf(part: Part | undefined, question: Sums | undefined): number {
  return part && question ? ratio(part.sharedSquare, Math.sqrt(part.square * question.square)) : 0;
}

function ratio(value: number | undefined, over: number | undefined): number {
  return value !== undefined && over !== undefined && over > 0 ? value / over : 0;
}

function lengthRatio(one: number, other: number): number {
  return ratio(Math.min(one, other), Math.max(one, other));
}

function questionUnmatched(query: Query, found: Uint8Array): { readonly unit: number; readonly word: number } {
  let unit = 0;
  let word = 0;
  query.tokens.forEach((token, place) => {
    if (found[place] === 1) return;
    if (token.kind === 'unit' && token.idf > unit) unit = token.idf;
    if (token.kind === 'word' && token.idf > word) word = token.idf;
  });
  return { unit, word };
}

function bodyCoverage(query: Query, entry: Entry): { readonly unit: number; readonly pair: number } {
  const covered = { unit: 0, pair: 0 };
  const all = { unit: 0, pair: 0 };
  for (const { kind, hash, idf } of query.tokens) {
    if (kind === 'word') continue;
    all[kind] += idf;
    if (containsSorted(entry.body, hash)) covered[kind] += idf;
  }
  return { unit: ratio(covered.unit, all.unit), pair: ratio(covered.pair, all.pair) };
}

/** Share of the question's characters and words that keywords and variants have between them. */
function fieldCoverage(query: Query, entry: Entry, matches: readonly Match[]): number {
  let covered = 0;
  let all = 0;
  query.tokens.forEach(({ kind, id, idf }, place) => {
    if (kind === 'pair') return;
    all += idf;
    if (matches.some(({ found }) => found[place] === 1) || (id >= 0 && containsSorted(entry.keywords, id)))
      covered += idf;
  });
  return ratio(covered, all);
}

function commonSequence(question: Int32Array, variant: Uint32Array): number {
  const row = new Uint16Array(variant.length + 1);
  for (const unit of question) {
    let diagonal = 0;
    for (let j = 1; j <= variant.length; j++) {
      const above = row[j] ?? 0;
      row[j] = variant[j - 1] === unit ? diagonal + 1 : Math.max(above, row[j - 1] ?? 0);
      diagonal = above;
    }
  }
  return ratio(2 * (row[variant.length] ?? 0), question.length + variant.length);
}
