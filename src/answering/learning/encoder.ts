import type { Article } from '../../articles/article.ts';
import { longestText, normalise } from '../normalise.ts';
import { unifier } from '../synonyms.ts';
import type { Confirmed } from './confirmed.ts';
import type { SynonymGroups } from '../synonyms.ts';
import { hashUnit, unitsOf } from '../tokens.ts';
import { longestWording } from '../wording.ts';

/**
 * A small text encoder that a base teaches itself: a text is the sum of the vectors of its character n-grams, and those
 * are moved until the wordings of one article lie closer to each other than to those of other articles. What it learns
 * is which words mean the same *here*; nothing is downloaded or shipped.
 */
export type Encoder = {
  readonly dims: number;
  /** The text's direction, of length one; all zero for a text of which nothing was seen in training. `text` is normalised. */
  encode(text: string): Float32Array;
};

/** All of an encoder, as plain data: may be cloned, or `table.buffer` be transferred, to another thread. */
export type EncoderWeights = {
  readonly dims: number;
  /** A row of `dims` numbers for each bucket of hashed n-grams; 8 MB. */
  readonly table: Float32Array<ArrayBuffer>;
};

/** What one article teaches; all texts normalised. */
export type Example = {
  /** Title, alternate questions and confirmed wordings, each a way to ask for it. */
  readonly wordings: readonly string[];
  /** From the body. */
  readonly sentences: readonly string[];
};

export type TrainingOptions = {
  /** The same seed and examples give the same weights. */
  readonly seed?: number;
  /** Upper bound of the work, in pairs of texts compared: 150,000 take some 15 s on one core. */
  readonly mostPairs?: number;
};

/** The examples of a base; `confirmed` holds customers' confirmed wordings by article id. */
export function examplesOf(
  articles: Iterable<Article>,
  synonyms: SynonymGroups = [],
  confirmed: Confirmed = new Map(),
): Example[] {
  const unify = unifier(synonyms);
  const read = (text: string): string => unify(normalise(text, longestWording));
  return Array.from(articles, ({ id, title, questions, text }) => ({
    wordings: [
      ...new Set([title, ...questions, ...(confirmed.get(id) ?? []).map((wording) => wording.text)].map(read)),
    ],
    sentences: sentencesOf(unify(normalise(text, longestText))),
  }));
}

/** A trained encoder's weights, or null where too few articles have several wordings to learn anything from. */
export function trainEncoder(examples: readonly Example[], options: TrainingOptions = {}): EncoderWeights | null {
  const { seed = 1, mostPairs = 150_000 } = options;
  const school = examples
    .map(({ wordings, sentences }) => ({ wordings: gramsOfAll(wordings), sentences: gramsOfAll(sentences) }))
    .filter(({ wordings }) => wordings.length > 0);
  if (school.filter(({ wordings }) => wordings.length > 1).length < fewestTeachers) return null;
  const random = randomFrom(seed);
  const table = untrained(school, random);
  const trainer = new Trainer(table, random);
  let done = 0;
  for (let pass = 0, total = mostPairs; pass < passes && done < total; pass++) {
    const pairs = shuffled(pairsOf(school, random), random).slice(0, total - done);
    if (pass === 0) total = Math.min(mostPairs, passes * pairs.length);
    const rate = firstRate * (1 - done / total);
    for (let from = 0; from < pairs.length; from += batchSize) trainer.learn(pairs.slice(from, from + batchSize), rate);
    done += pairs.length;
  }
  return { dims, table };
}

/** The encoder that these weights are. */
export function encoderOf({ dims, table }: EncoderWeights): Encoder {
  const mask = table.length / dims - 1;
  return {
    dims,
    encode: (text) => {
      const vector = new Float32Array(dims);
      for (const gram of gramsOf(text, mask)) {
        const row = gram * dims;
        for (let d = 0; d < dims; d++) vector[d] = (vector[d] as number) + (table[row + d] as number);
      }
      return toUnitLength(vector);
    },
  };
}

/** Brings a vector to length one where it stands; one of nothing but zeros stays as it is. */
export function toUnitLength(vector: Float32Array): Float32Array {
  let square = 0;
  for (const value of vector) square += value * value;
  const length = Math.sqrt(square);
  if (length > 0) for (let d = 0; d < vector.length; d++) vector[d] = (vector[d] as number) / length;
  return vector;
}

/** See test/quality/README.md for what else was tried. */
const dims = 64;
const buckets = 1 << 15;
const passes = 16;
const batchSize = 64;
const firstRate = 0.3;
const temperature = 0.1;
/** The share of a text's n-grams left out at each look, so that no single one is relied on. */
const dropout = 0.3;
/** Pairs of wordings an article gives per pass, at most; one pair of wording and sentence comes on top. */
const wordingPairs = 3;
/** Articles with two wordings and more. */
const fewestTeachers = 5;
const longestGrams = 96;
const mostSentences = 20;

function sentencesOf(text: string): string[] {
  return text
    .split(/[。！？；!?;\n]/u)
    .filter((sentence) => sentence.length >= 4)
    .slice(0, mostSentences);
}

type Grams = Int32Array;
type Pupil = { readonly wordings: readonly Grams[]; readonly sentences: readonly Grams[] };
/** Two texts of one article. */
type Pair = { readonly article: number; readonly one: Grams; readonly other: Grams };
type Random = () => number;

function gramsOfAll(texts: readonly string[]): Grams[] {
  return texts.map((text) => gramsOf(text, buckets - 1)).filter(({ length }) => length > 0);
}

/** The buckets of a text's single characters, pairs and triples. */
function gramsOf(text: string, mask: number): Grams {
  const units = unitsOf(text).units.slice(0, longestGrams);
  const grams = new Int32Array(3 * units.length);
  let count = 0;
  let before = 0;
  let last = 0;
  units.forEach((unit, place) => {
    const hash = hashUnit(unit);
    grams[count++] = hash & mask;
    if (place > 0) grams[count++] = mixed(last, hash) & mask;
    if (place > 1) grams[count++] = mixed(mixed(before, last), hash) & mask;
    before = last;
    last = hash;
  });
  return grams.subarray(0, count);
}

function mixed(one: number, other: number): number {
  let bits = Math.imul(one ^ 0x9e3779b9, 0x85ebca6b) ^ other;
  bits = Math.imul(bits ^ (bits >>> 15), 0xc2b2ae35);
  return bits ^ (bits >>> 13);
}

/**
 * Random directions, so that texts begin as near as the n-grams they share, rare ones counting more. N-grams nobody
 * teaches stay zero: a customer's unknown words say nothing here, their share is a feature of its own.
 */
function untrained(school: readonly Pupil[], random: Random): Float32Array<ArrayBuffer> {
  const counts = new Uint32Array(buckets);
  for (const { wordings, sentences } of school) {
    for (const gram of new Set([...wordings, ...sentences].flatMap((grams) => [...grams]))) {
      counts[gram] = (counts[gram] as number) + 1;
    }
  }
  const table = new Float32Array(buckets * dims);
  counts.forEach((count, gram) => {
    if (count === 0) return;
    const size = Math.sqrt(Math.max(0.1, Math.log((school.length + 1) / (count + 0.5))));
    const widest = size * Math.sqrt(3 / dims);
    for (let d = 0; d < dims; d++) table[gram * dims + d] = widest * (2 * random() - 1);
  });
  return table;
}

function pairsOf(school: readonly Pupil[], random: Random): Pair[] {
  const pairs: Pair[] = [];
  const pick = (texts: readonly Grams[]): Grams => texts[Math.floor(random() * texts.length)] as Grams;
  school.forEach(({ wordings, sentences }, article) => {
    for (let n = Math.min(wordingPairs, wordings.length - 1); n > 0; n--) {
      const one = pick(wordings);
      pairs.push({ article, one, other: pick(wordings.filter((grams) => grams !== one)) });
    }
    if (sentences.length > 0) pairs.push({ article, one: pick(wordings), other: pick(sentences) });
  });
  return pairs;
}

function shuffled<T>(items: T[], random: Random): T[] {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [items[i], items[j]] = [items[j] as T, items[i] as T];
  }
  return items;
}

/**
 * Contrastive learning in batches (InfoNCE, both ways): each text has to find its partner among all partners of the
 * batch. Steps shrink by row as in AdaGrad, with one number a row. Index arithmetic on few arrays made once: it runs
 * some thousand million times.
 */
class Trainer {
  readonly #table: Float32Array;
  readonly #random: Random;
  /** Sum of squared slopes of each row. */
  readonly #seen = new Float32Array(buckets).fill(1e-6);
  /** First sides of the pairs, then second sides: their n-grams, vectors of length one, lengths before, slopes. */
  readonly #grams: Grams[] = [];
  readonly #vectors = new Float32Array(2 * batchSize * dims);
  readonly #lengths = new Float32Array(2 * batchSize);
  readonly #slopes = new Float32Array(2 * batchSize * dims);
  /** Similarities of every first side with every second, as exponentials, and what follows for their slopes. */
  readonly #powers = new Float32Array(batchSize * batchSize);
  readonly #pulls = new Float32Array(batchSize * batchSize);

  constructor(table: Float32Array, random: Random) {
    this.#table = table;
    this.#random = random;
  }

  learn(pairs: readonly Pair[], rate: number): void {
    if (pairs.length < 2) return;
    pairs.forEach(({ one, other }, i) => {
      this.#enter(i, one);
      this.#enter(batchSize + i, other);
    });
    this.#compare(pairs);
    this.#weigh(pairs.length);
    this.#slope(pairs.length);
    for (let i = 0; i < pairs.length; i++) {
      this.#move(i, rate);
      this.#move(batchSize + i, rate);
    }
  }

  #enter(place: number, all: Grams): void {
    const grams = this.#thinned(all);
    const from = place * dims;
    const vectors = this.#vectors;
    const table = this.#table;
    vectors.fill(0, from, from + dims);
    for (const gram of grams) {
      const row = gram * dims;
      for (let d = 0; d < dims; d++) vectors[from + d] = (vectors[from + d] as number) + (table[row + d] as number);
    }
    const length = Math.sqrt(dot(vectors, from, vectors, from)) || 1;
    for (let d = 0; d < dims; d++) vectors[from + d] = (vectors[from + d] as number) / length;
    this.#grams[place] = grams;
    this.#lengths[place] = length;
  }

  #thinned(grams: Grams): Grams {
    const kept = grams.filter(() => this.#random() >= dropout);
    return kept.length > 0 ? kept : grams;
  }

  /** Two pairs of one article are no rivals. */
  #compare(pairs: readonly Pair[]): void {
    const vectors = this.#vectors;
    pairs.forEach(({ article }, i) => {
      pairs.forEach((other, j) => {
        const rivals = i === j || other.article !== article;
        const cosine = rivals ? dot(vectors, i * dims, vectors, (batchSize + j) * dims) : 0;
        // A cosine is at most 1, so nothing overflows.
        this.#powers[i * batchSize + j] = rivals ? Math.exp((cosine - 1) / temperature) : 0;
      });
    });
  }

  /** How much every similarity is to shrink: its share among its rivals, less one where it is the right one. */
  #weigh(count: number): void {
    const powers = this.#powers;
    const pulls = this.#pulls;
    const rows = new Float64Array(count);
    const columns = new Float64Array(count);
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < count; j++) {
        const power = powers[i * batchSize + j] as number;
        rows[i] = (rows[i] as number) + power;
        columns[j] = (columns[j] as number) + power;
      }
    }
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < count; j++) {
        const power = powers[i * batchSize + j] as number;
        pulls[i * batchSize + j] = power / (rows[i] as number) + power / (columns[j] as number) - (i === j ? 2 : 0);
      }
    }
  }

  #slope(count: number): void {
    const vectors = this.#vectors;
    const slopes = this.#slopes;
    slopes.fill(0);
    for (let i = 0; i < count; i++) {
      const one = i * dims;
      for (let j = 0; j < count; j++) {
        const pull = this.#pulls[i * batchSize + j] as number;
        if (Math.abs(pull) < tooLittle) continue;
        const other = (batchSize + j) * dims;
        for (let d = 0; d < dims; d++) {
          slopes[one + d] = (slopes[one + d] as number) + pull * (vectors[other + d] as number);
          slopes[other + d] = (slopes[other + d] as number) + pull * (vectors[one + d] as number);
        }
      }
    }
  }

  /** Moves the rows of a text's n-grams against its slope, of which only the part across the vector turns it. */
  #move(place: number, rate: number): void {
    const vectors = this.#vectors;
    const slopes = this.#slopes;
    const table = this.#table;
    const from = place * dims;
    const along = dot(slopes, from, vectors, from);
    const length = this.#lengths[place] as number;
    for (let d = 0; d < dims; d++) {
      slopes[from + d] = ((slopes[from + d] as number) - along * (vectors[from + d] as number)) / length;
    }
    const square = dot(slopes, from, slopes, from) / dims;
    for (const gram of this.#grams[place] as Grams) {
      const seen = (this.#seen[gram] as number) + square;
      this.#seen[gram] = seen;
      const step = rate / Math.sqrt(seen);
      const row = gram * dims;
      for (let d = 0; d < dims; d++) table[row + d] = (table[row + d] as number) - step * (slopes[from + d] as number);
    }
  }
}

/** Pulls below this change nothing: three in four, and a third of the time. */
const tooLittle = 1e-4;

function dot(one: Float32Array, from: number, other: Float32Array, otherFrom: number): number {
  let sum = 0;
  for (let d = 0; d < dims; d++) sum += (one[from + d] as number) * (other[otherFrom + d] as number);
  return sum;
}

/** Mulberry32: 0 ≤ value < 1. */
function randomFrom(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}
