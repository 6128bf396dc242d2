import { contradicts } from './polarity.ts';
import { containsSorted, mostPassages, placeSorted } from './search-index.ts';
import type { Entry, Norms, Query, QueryToken, SearchIndex, Sums, Variant } from './search-index.ts';
import { nearness } from './learning/vectors.ts';
import type { Vectors } from './learning/vectors.ts';

/** What is measured of a question against one variant of an article. All are 0..1, more is nearer, unless said. */
export const featureNames = [
  /** Cosine of the idf-weighted characters, words. */
  'unitCosine',
  'wordCosine',
  /** Share of the question's idf that the variant has. */
  'unitCovered',
  /** Share of the variant's idf that the question has. */
  'unitUsed',
  /** Longest common subsequence of characters, over the mean length. */
  'commonSequence',
  /** The most telling character that the other side lacks, by idf over the highest idf: less is nearer. */
  'questionUnmatched',
  'variantUnmatched',
  /** Shorter over longer, in characters. */
  'lengthRatio',
  /** One denies what the other affirms (0 or 1): less is nearer. */
  'contradiction',
  /** The same for every variant of the article: share of the question's idf in the body, in keywords and any variant. */
  'bodyCovered',
  'fieldsCovered',
  /** Share of the question's idf in the one sentence of the body that has most of it. */
  'passageCovered',
  /** Plain cosine to the title, which is the wording an editor chose first. */
  'titleCosine',
  /** Cosine to the mean of all variants, and to the second-best variant; 0 with one variant. */
  'centroidCosine',
  'secondVariant',
  /** Cosines in the base's own encoder, to the nearest wording and to the mean of all; 0 where it has none. */
  'encoderCosine',
  'encoderCentroid',
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

/** An article that may be the one, with the features of its nearest variants. */
export type Candidate = {
  readonly entry: Entry;
  readonly variants: readonly { readonly variant: Variant; readonly features: Float64Array }[];
};

/** Every candidate by the variant that speaks most for it, the best first. */
export function weigh(candidates: readonly Candidate[], weights: Float64Array): Weighed[] {
  return candidates
    .map(({ entry, variants }) => {
      const [first, ...others] = variants.map((one) => ({ entry, ...one, score: dot(one.features, weights) }));
      return others.reduce((best, other) => (other.score > best.score ? other : best), first as Weighed);
    })
    .sort((one, other) => other.score - one.score);
}

/** Weights in the order of `featureNames`. */
export function vectorOf(weights: Weights): Float64Array {
  return Float64Array.from(featureNames, (name) => weights[name]);
}

function dot(features: Float64Array, weights: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < features.length; i++) sum += (features[i] as number) * (weights[i] as number);
  return sum;
}

/** Weighs the candidates and puts the best first. Pure but for scratch memory: same index and question, same result. */
export class Ranker {
  readonly #index: SearchIndex;
  readonly #weights: Float64Array;
  readonly #vectors: Vectors | null;
  /** For each token id, 1 + its place in the question; 0 = not in it. */
  #places = new Uint16Array(1 << 12);
  /** For each token id, what it adds to the plain cosine's dot product; 0 = not in the question. */
  #dots = new Float64Array(1 << 12);
  /** For each token id, a bit for every place among the question's first 32 characters where it stands. */
  #masks = new Int32Array(1 << 12);
  /** For each token of the question, the last variant and the last entry that had it (see `#stamp`). */
  #foundBy = new Uint32Array(1 << 9);
  #foundIn = new Uint32Array(1 << 9);
  #stamp = 0;
  /** How much of the question's idf each passage of a body has. */
  readonly #passages = new Float64Array(mostPassages);

  /** `vectors` of the base's own encoder, where it has one. */
  constructor(index: SearchIndex, weights: Weights, vectors: Vectors | null = null) {
    this.#index = index;
    this.#vectors = vectors;
    this.#weights = vectorOf(weights);
  }

  rank(query: Query): Weighed[] {
    return weigh(this.explain(query), this.#weights);
  }

  /** The candidates that a plain cosine finds nearest, with the features of their variants: what is weighed. */
  explain(query: Query): Candidate[] {
    const question = questionOf(query, this.#vectors);
    this.#enter(query);
    const candidates = this.#shortlist(question).map((close) => ({
      entry: close.entry,
      variants: this.#features(close, question),
    }));
    this.#leave(query);
    return candidates;
  }

  #shortlist(question: Question): Close[] {
    const { query } = question;
    const candidates = new Set([...this.#index.exact(query), ...this.#index.candidates(query, candidateLimit)]);
    const close: Close[] = [];
    for (const entry of candidates) {
      const cosines: number[] = [];
      let cosine = 0;
      for (const variant of entry.wordings) {
        const value = this.#cosine(question, variant);
        cosines.push(value);
        if (value > cosine) cosine = value;
      }
      const refused = entry.notVariants.some((variant) => this.#cosine(question, variant) > cosine);
      const reach = entry.heard.reduce((most, heard) => Math.max(most, this.#cosine(question, heard)), cosine);
      const near = reach + encoderShare * this.#centroidNearness(question, entry);
      if (!refused) close.push({ entry, cosines, near });
    }
    return close.sort((one, other) => other.near - one.near).slice(0, shortlistLimit);
  }

  #enter({ tokens, sequence }: Query): void {
    if (this.#places.length < this.#index.tokenCount) {
      this.#places = new Uint16Array(this.#index.tokenCount * 2);
      this.#dots = new Float64Array(this.#index.tokenCount * 2);
      this.#masks = new Int32Array(this.#index.tokenCount * 2);
    }
    sequence.subarray(0, 32).forEach((id, place) => {
      if (id >= 0) this.#masks[id] = (this.#masks[id] as number) | (1 << place);
    });
    tokens.forEach(({ id, idf, kind }, place) => {
      if (id < 0) return;
      this.#places[id] = place + 1;
      this.#dots[id] = kindWeights[kind] * idf * idf;
    });
  }

  #leave({ tokens }: Query): void {
    for (const { id } of tokens) {
      if (id < 0) continue;
      this.#places[id] = 0;
      this.#dots[id] = 0;
      this.#masks[id] = 0;
    }
  }

  /** The plain cosine. It is taken of some hundred variants a question, so it allocates nothing. */
  #cosine(question: Question, variant: Variant): number {
    const { unit, pair, word } = this.#index.norms(variant);
    const { tokens } = variant;
    let dot = 0;
    for (let i = 0; i < tokens.length; i++) dot += this.#dots[tokens[i] as number] as number;
    return ratio(dot, Math.sqrt(mixed(unit.square, pair.square, word.square) * question.square));
  }

  #features({ entry, cosines }: Close, question: Question): Candidate['variants'] {
    const { query } = question;
    const entryStamp = this.#nextStamp(query);
    const centroid = this.#centroidCosine(query, entry, entryStamp);
    const whole = this.#coverage(question, entry, entryStamp);
    const several = entry.wordings.length + entry.heard.length > 1;
    const encoderCosine = this.#wordingNearness(question, entry);
    const encoderCentroid = this.#centroidNearness(question, entry);
    const sorted = [...cosines].sort((one, other) => other - one);
    const [first = 0, second = 0] = sorted;
    const least = sorted[Math.min(variantLimit, sorted.length) - 1] ?? 0;
    return entry.wordings.flatMap((variant, i) => {
      const cosine = cosines[i] ?? 0;
      if (cosine < least) return [];
      const features = this.#variantFeatures(question, variant);
      features[at.bodyCovered] = whole.body;
      features[at.fieldsCovered] = whole.fields;
      features[at.passageCovered] = whole.passage;
      features[at.titleCosine] = cosines[0] ?? 0;
      features[at.centroidCosine] = several ? centroid : 0;
      features[at.secondVariant] = cosine === first ? second : first;
      features[at.encoderCosine] = encoderCosine;
      features[at.encoderCentroid] = encoderCentroid;
      return [{ variant, features }];
    });
  }

  /** How near the article's nearest wording is by what the base taught its encoder; 0 without one. */
  #wordingNearness({ vector }: Question, { wordings }: Entry): number {
    const vectors = this.#vectors;
    if (!vectors || !vector) return 0;
    return wordings.reduce((most, wording) => Math.max(most, nearness(vector, vectors.variant(wording))), 0);
  }

  /** The same of the mean of all its wordings. */
  #centroidNearness({ vector }: Question, entry: Entry): number {
    return this.#vectors && vector ? nearness(vector, this.#vectors.centroid(entry)) : 0;
  }

  /** What a question and one variant have in common. */
  #variantFeatures(question: Question, variant: Variant): Float64Array {
    const { query } = question;
    const highest = this.#index.highestIdf;
    const stamp = this.#nextStamp(query);
    const norms = this.#index.norms(variant);
    const unit = this.#shared(variant, { from: 0, to: variant.pairsAt, stamp });
    const word = this.#shared(variant, { from: variant.wordsAt, to: variant.tokens.length, stamp });
    const vector = new Float64Array(featureNames.length);
    vector[at.unitCosine] = ratio(unit.square, Math.sqrt(norms.unit.square * question.unit.square));
    vector[at.wordCosine] = ratio(word.square, Math.sqrt(norms.word.square * question.word.square));
    vector[at.unitCovered] = ratio(unit.sum, question.unit.sum);
    vector[at.unitUsed] = ratio(unit.sum, norms.unit.sum);
    vector[at.commonSequence] = commonSequence(query.sequence, variant.sequence, this.#masks);
    vector[at.questionUnmatched] = this.#questionUnmatched(query, stamp) / highest;
    vector[at.variantUnmatched] = unit.unmatched / highest;
    vector[at.lengthRatio] = lengthRatio(query.sequence.length, variant.sequence.length);
    vector[at.contradiction] = contradicts(query, variant) ? 1 : 0;
    return vector;
  }

  /** The tokens of one kind that both have: their idf summed and squared, and the most telling one the question lacks. */
  #shared({ tokens }: Variant, part: { from: number; to: number; stamp: number }): Shared {
    let sum = 0;
    let square = 0;
    let unmatched = 0;
    for (let i = part.from; i < part.to; i++) {
      const id = tokens[i] as number;
      const idf = this.#index.idf(id);
      const place = this.#places[id] as number;
      if (place > 0) {
        this.#foundBy[place - 1] = part.stamp;
        sum += idf;
        square += idf * idf;
      } else if (idf > unmatched) {
        unmatched = idf;
      }
    }
    return { sum, square, unmatched };
  }

  #nextStamp({ tokens }: Query): number {
    if (this.#foundBy.length < tokens.length || this.#stamp === 0xffffffff) {
      const length = Math.max(this.#foundBy.length, tokens.length);
      this.#foundBy = new Uint32Array(length);
      this.#foundIn = new Uint32Array(length);
      this.#stamp = 0;
    }
    return ++this.#stamp;
  }

  /** The idf of the question's most telling character that the variant marked with `stamp` lacks. */
  #questionUnmatched({ tokens }: Query, stamp: number): number {
    let unmatched = 0;
    for (let place = 0; place < tokens.length; place++) {
      const { kind, idf } = tokens[place] as QueryToken;
      if (kind === 'unit' && idf > unmatched && this.#foundBy[place] !== stamp) unmatched = idf;
    }
    return unmatched;
  }

  /** What the article as a whole has of the question; `#centroidCosine` has marked what its variants have. */
  #coverage({ query, unit, word }: Question, entry: Entry, entryStamp: number): Coverage {
    let fields = 0;
    let body = 0;
    this.#passages.fill(0);
    for (let place = 0; place < query.tokens.length; place++) {
      const { kind, id, hash, idf } = query.tokens[place] as QueryToken;
      if (kind === 'pair') continue;
      if (this.#foundIn[place] === entryStamp || (id >= 0 && containsSorted(entry.keywords, id))) fields += idf;
      const inBody = kind === 'unit' ? placeSorted(entry.body, hash) : -1;
      if (inBody < 0) continue;
      body += idf;
      this.#addToPassages(entry.passages[inBody] as number, idf);
    }
    return {
      body: ratio(body, unit.sum),
      fields: ratio(fields, unit.sum + word.sum),
      passage: ratio(Math.max(...this.#passages), unit.sum),
    };
  }

  #addToPassages(mask: number, idf: number): void {
    for (let left = mask; left !== 0; left &= left - 1) {
      const passage = 31 - Math.clz32(left & -left);
      this.#passages[passage] = (this.#passages[passage] as number) + idf;
    }
  }

  /** Cosine of the question to the article's centroid. Marks for `stamp` what its variants have of the question between them. */
  #centroidCosine({ tokens }: Query, entry: Entry, stamp: number): number {
    const { ids, weights, square } = this.#index.centroid(entry);
    let dot = 0;
    for (let i = 0; i < ids.length; i++) {
      const place = this.#places[ids[i] as number] as number;
      if (place === 0) continue;
      this.#foundIn[place - 1] = stamp;
      dot += (weights[i] as number) * (tokens[place - 1] as QueryToken).idf;
    }
    const questionSquare = tokens.reduce((sum, { idf }) => sum + idf * idf, 0);
    return ratio(dot, Math.sqrt(square * questionSquare));
  }
}

/** FlexSearch's candidates: recall of the right article is .99 and more on both public sets. */
const candidateLimit = 60;
/** Of which a plain cosine keeps these for the dearer features. */
const shortlistLimit = 10;
/** Of whose variants these many, the nearest by the same cosine. */
const variantLimit = 3;

/**
 * What the encoder's centroid counts in the shortlist beside the plain cosine: with it .962 of the right ones are on it,
 * without .945, of .965 among the candidates (esun, its own alternate questions asked).
 */
const encoderShare = 0.5;

/** A candidate with the plain cosine of each wording, and how near it is by the best of them. */
type Close = { readonly entry: Entry; readonly cosines: readonly number[]; readonly near: number };

/** What a question and a variant share of one kind of token. */
type Shared = Sums & { readonly unmatched: number };

/** Shares of a question's idf in the parts of an article; see `featureNames`. */
type Coverage = Readonly<Record<'body' | 'fields' | 'passage', number>>;

/** A question with the sums of its own idf, and its squared length in the plain cosine. */
type Question = Norms & { readonly query: Query; readonly square: number; readonly vector: Float32Array | null };

function questionOf(query: Query, vectors: Vectors | null): Question {
  const sums = { unit: { sum: 0, square: 0 }, pair: { sum: 0, square: 0 }, word: { sum: 0, square: 0 } };
  for (const { kind, idf } of query.tokens) {
    sums[kind].sum += idf;
    sums[kind].square += idf * idf;
  }
  const square = mixed(sums.unit.square, sums.pair.square, sums.word.square);
  return { query, ...sums, square, vector: vectors?.question(query) ?? null };
}

const kindWeights = { unit: 1, pair: 0.6, word: 0.6 } as const;

function mixed(unit: number, pair: number, word: number): number {
  return kindWeights.unit * unit + kindWeights.pair * pair + kindWeights.word * word;
}

function ratio(value: number, over: number): number {
  return over > 0 ? value / over : 0;
}

function lengthRatio(one: number, other: number): number {
  return ratio(Math.min(one, other), Math.max(one, other));
}

/**
 * Length of the longest common subsequence of characters over the mean length. A row of the usual table is one word of
 * bits (Hyyrö 2004), a hundred operations less a variant; a question of more than 32 characters fills the table.
 */
function commonSequence(question: Int32Array, variant: Uint32Array, masks: Int32Array): number {
  const length =
    question.length <= 32 ? lengthByBits(question.length, variant, masks) : lengthByTable(question, variant);
  return ratio(2 * length, question.length + variant.length);
}

function lengthByBits(questionLength: number, variant: Uint32Array, masks: Int32Array): number {
  let row = -1;
  for (let i = 0; i < variant.length; i++) {
    const matches = row & (masks[variant[i] as number] as number);
    row = (row + matches) | 0 | (row & ~matches);
  }
  return bitCount(questionLength === 32 ? ~row : ~row & ((1 << questionLength) - 1));
}

function bitCount(bits: number): number {
  let count = 0;
  for (let left = bits; left !== 0; left &= left - 1) count++;
  return count;
}

function lengthByTable(question: Int32Array, variant: Uint32Array): number {
  const row = new Uint16Array(variant.length + 1);
  for (const unit of question) {
    let diagonal = 0;
    for (let j = 1; j <= variant.length; j++) {
      const above = row[j] as number;
      row[j] = variant[j - 1] === unit ? diagonal + 1 : Math.max(above, row[j - 1] as number);
      diagonal = above;
    }
  }
  return row[variant.length] as number;
}
