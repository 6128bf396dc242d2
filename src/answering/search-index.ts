import { Index } from 'flexsearch';
import type { Article } from '../articles/article.ts';
import type { AnswerArticle } from '../conversation/turn.ts';
import type { Background } from './background.ts';
import { tones } from './markers.zh.ts';
import { longestText, normalise } from './normalise.ts';
import { deniedPlaces } from './polarity.ts';
import type { Segmenter } from './segment.ts';
import { Vocabulary } from './reading/spelling.ts';
import { unifier } from './synonyms.ts';
import type { SynonymGroups } from './synonyms.ts';
import { TokenTable } from './token-table.ts';
import { hashPair, hashUnit, hashWord, hasContent, unitsOf } from './tokens.ts';

export const kinds = ['unit', 'pair', 'word'] as const;
export type Kind = (typeof kinds)[number];

/** One article as the index keeps it. */
export type Entry = {
  readonly slot: number;
  readonly article: AnswerArticle;
  /** Title and alternate questions, as written. */
  readonly variants: readonly Variant[];
  /** The variants, then customers' vouched wordings. These are never shown: they are somebody's words. */
  readonly wordings: readonly Variant[];
  /** Wordings that one customer confirmed: they weigh in through the centroid only, as one may be wrong. */
  readonly heard: readonly Variant[];
  /** What FlexSearch finds it by, confirmed wordings aside. */
  readonly searched: string;
  /** What looks like it and is another article's: where one of these is nearest, the article is no candidate. */
  readonly notVariants: readonly Variant[];
  /** Ids of the keywords' tokens, ascending. */
  readonly keywords: Uint32Array;
  /** Hashes of the units and pairs of the beginning of the body, ascending. */
  readonly body: Uint32Array;
  /** For each of `body`, a bit for every passage (sentence) that has it. */
  readonly passages: Uint32Array;
  /** The words of its questions and keywords, without repeats. */
  readonly words: readonly string[];
  /** Filled by `SearchIndex.centroid`. */
  centroid: (Centroid & { readonly revision: number }) | null;
};

/** A customer's wording confirmed to mean an article; vouched for where several people say so, or an agent. */
export type ConfirmedWording = { readonly text: string; readonly vouched: boolean };

/** The sum of an article's variants and confirmed wordings, each of length one: what they have in common weighs most. */
export type Centroid = {
  /** Every token of the variants, once. */
  readonly ids: Uint32Array;
  readonly weights: Float64Array;
  /** Its squared length. */
  readonly square: number;
};

/** One way to ask for an article: its tokens' ids without repeats, one kind after the other in `tokens`. */
export type Variant = {
  readonly text: string;
  readonly key: string;
  readonly sequence: Uint32Array;
  /** Those of `sequence` that the variant denies. */
  readonly denied: readonly number[];
  readonly tokens: Uint32Array;
  readonly pairsAt: number;
  readonly wordsAt: number;
  /** Filled by `SearchIndex.norms`. */
  norms: (Norms & { readonly revision: number }) | null;
};

/** Sums of the idf of tokens, and of its squares. */
export type Sums = { readonly sum: number; readonly square: number };

/** The sums of each kind of token. */
export type Norms = { readonly unit: Sums; readonly pair: Sums; readonly word: Sums };

/** A question as the index sees it. */
export type Query = {
  readonly normalised: string;
  readonly key: string;
  /** Ids of the units in order; units no article has are negative, and no two different ones alike. */
  readonly sequence: Int32Array;
  readonly tokens: readonly QueryToken[];
  /** As the segmenter cut them, overlapping. */
  readonly words: readonly string[];
  /** Those of `sequence` that the question denies. */
  readonly denied: readonly number[];
};

export type QueryToken = {
  readonly kind: Kind;
  readonly text: string;
  readonly hash: number;
  /** -1 if no article has it. */
  readonly id: number;
  readonly idf: number;
};

/**
 * The articles' questions, searchable. Adding or removing one article touches only what belongs to it. Token
 * frequencies are counted per article, over its questions and keywords.
 */
export class SearchIndex {
  /** The words of all questions and keywords. */
  readonly vocabulary = new Vocabulary();
  readonly #segmenter: Segmenter;
  readonly #unify: (text: string) => string;
  readonly #index = new Index({
    tokenize: 'strict',
    resolution: 3,
    // A changed article costs .9 ms instead of 13 at 100,000 articles, for 4 % of memory.
    fastupdate: true,
    encode: (text: string) => unitsOf(text).units as string[],
  });
  readonly #table = new TokenTable();
  readonly #entries: (Entry | undefined)[] = [];
  readonly #slots = new Map<string, number>();
  readonly #free: number[] = [];
  readonly #keys = new Map<string, number[]>();
  readonly #frequencies: Frequencies;
  readonly #confirmed = new Map<string, readonly ConfirmedWording[]>();
  /** Counts the changes: every one of them moves every idf. */
  #revision = 0;

  constructor(segmenter: Segmenter, synonyms: SynonymGroups = []) {
    this.#segmenter = segmenter;
    this.#unify = unifier(synonyms);
    // Misspelt ones must be found too, though the articles' words are those of the first of each group.
    this.vocabulary.add(synonyms.flat().filter((word) => word.length > 1));
    this.#frequencies = new Frequencies(segmenter.background);
  }

  get size(): number {
    return this.#slots.size;
  }

  /** Ids are below this. */
  get tokenCount(): number {
    return this.#table.size;
  }

  /** The idf of something no article and no book contains: the highest there is. */
  get highestIdf(): number {
    return this.#frequencies.highest;
  }

  idf(id: number): number {
    return this.#frequencies.idf(id);
  }

  /** Whether it is a word in Chinese at large. */
  isWord(text: string): boolean {
    return this.#segmenter.background.probability(hashWord(text)) > 0;
  }

  /** The sums over a variant's tokens. Kept until the index changes, as a few hundred variants a question need theirs. */
  norms(variant: Variant): Norms {
    if (variant.norms?.revision === this.#revision) return variant.norms;
    const { tokens, pairsAt, wordsAt } = variant;
    const sums = (from: number, to: number): Sums => {
      let sum = 0;
      let square = 0;
      for (let i = from; i < to; i++) {
        const idf = this.idf(tokens[i] as number);
        sum += idf;
        square += idf * idf;
      }
      return { sum, square };
    };
    const [unit, pair, word] = [sums(0, pairsAt), sums(pairsAt, wordsAt), sums(wordsAt, tokens.length)];
    const norms = { revision: this.#revision, unit, pair, word };
    variant.norms = norms;
    return norms;
  }

  /** An article's centroid, kept until the index changes. */
  centroid(entry: Entry): Centroid {
    if (entry.centroid?.revision === this.#revision) return entry.centroid;
    const sums = new Map<number, number>();
    for (const variant of wordingsOf(entry)) {
      const { unit, pair, word } = this.norms(variant);
      const length = Math.sqrt(unit.square + pair.square + word.square) || 1;
      for (const id of variant.tokens) sums.set(id, (sums.get(id) ?? 0) + this.idf(id) / length);
    }
    const ids = Uint32Array.from(sums.keys());
    const weights = Float64Array.from(sums.values());
    const square = weights.reduce((sum, weight) => sum + weight * weight, 0);
    const centroid = { revision: this.#revision, ids, weights, square };
    entry.centroid = centroid;
    return centroid;
  }

  entry(articleId: string): Entry | null {
    const slot = this.#slots.get(articleId);
    return slot === undefined ? null : (this.#entries[slot] ?? null);
  }

  entries(): Entry[] {
    return this.#entries.filter((entry) => entry !== undefined);
  }

  /** Adds the article, or puts it in place of the one with its id. */
  upsert(article: Article): void {
    this.remove(article.id);
    const slot = this.#free.pop() ?? this.#entries.length;
    const texts = [article.title, ...article.questions];
    const words = new Set<string>();
    const variants = distinct(texts.map((text) => this.#variant(text, words)));
    const notVariants = distinct(article.notQuestions.map((text) => this.#variant(text)));
    const keywords = this.#ids(article.keywords, words);
    const searched = [...texts, ...article.keywords].map((text) => this.read(text, longestVariant)).join('\n');
    const { id, title, body, followUps } = article;
    const entry: Entry = {
      slot,
      article: { id, title, body, followUps },
      variants,
      ...this.#withConfirmed(article.id, variants),
      searched,
      notVariants,
      keywords,
      ...bodyTokens(this.read(article.text, longestBody)),
      words: [...words],
      centroid: null,
    };
    this.#revision++;
    this.#entries[slot] = entry;
    this.#slots.set(article.id, slot);
    this.#frequencies.count(tokensOf(entry), 1);
    this.vocabulary.add(entry.words);
    this.#frequencies.articles = this.size;
    for (const { key } of variants) this.#keys.set(key, [...(this.#keys.get(key) ?? []), slot]);
    this.#index.add(slot, searchedText(entry));
  }

  /**
   * Puts customers' confirmed wordings of an article in place of those it had; none takes them away. They are kept
   * whether or not the article is there, and through its changes. They make it a candidate and weigh in its ranking, but
   * `exact` does not know them. Costs what changing an article costs, less its own texts.
   */
  confirm(articleId: string, wordings: readonly ConfirmedWording[]): void {
    if (wordings.length > 0) this.#confirmed.set(articleId, wordings);
    else this.#confirmed.delete(articleId);
    const old = this.entry(articleId);
    if (!old) return;
    const entry = { ...old, ...this.#withConfirmed(articleId, old.variants), centroid: null };
    this.#revision++;
    this.#frequencies.count(tokensOf(old), -1);
    this.#frequencies.count(tokensOf(entry), 1);
    this.#entries[old.slot] = entry;
    this.#index.update(old.slot, searchedText(entry));
  }

  /** Forgets the article; nothing happens if it is not there. */
  remove(articleId: string): void {
    const slot = this.#slots.get(articleId);
    const entry = slot === undefined ? undefined : this.#entries[slot];
    if (slot === undefined || !entry) return;
    this.#revision++;
    this.#index.remove(slot);
    for (const { key } of entry.variants) {
      const left = (this.#keys.get(key) ?? []).filter((other) => other !== slot);
      if (left.length > 0) this.#keys.set(key, left);
      else this.#keys.delete(key);
    }
    this.#frequencies.count(tokensOf(entry), -1);
    this.vocabulary.remove(entry.words);
    this.#slots.delete(articleId);
    this.#frequencies.articles = this.size;
    this.#entries[slot] = undefined;
    this.#free.push(slot);
  }

  /** A text as the index compares it: one spelling, synonyms as one word, no tone at its end; at most `limit` UTF-16 units. */
  read(text: string, limit: number = longestText): string {
    return withoutTone(this.#unify(normalise(text, limit)));
  }

  /** What the index sees in a question. */
  parse(question: string): Query {
    const normalised = this.read(question);
    const { units, joined } = unitsOf(normalised);
    const strangers = new Map<string, number>();
    const sequence = Int32Array.from(units.slice(0, longestSequence), (unit) => {
      const id = this.#table.find(hashUnit(unit));
      if (id >= 0) return id;
      const stranger = strangers.get(unit) ?? -2 - strangers.size;
      strangers.set(unit, stranger);
      return stranger;
    });
    const tokens = new Map<number, QueryToken>();
    const add = (kind: Kind, text: string, hash: number): void => {
      if (tokens.has(hash) || tokens.size >= mostQueryTokens) return;
      const id = this.#table.find(hash);
      const idf = id >= 0 ? this.idf(id) : this.#frequencies.idfOfStranger(hash);
      tokens.set(hash, { kind, text, hash, id, idf });
    };
    for (const unit of units) add('unit', unit, hashUnit(unit));
    for (let i = 1; i < units.length; i++) {
      const [first = '', second = ''] = [units[i - 1], units[i]];
      if (joined[i]) add('pair', first + second, hashPair(first, second));
    }
    const words = this.#segmenter.words(normalised);
    for (const word of words) if (word.length > 1) add('word', word, hashWord(word));
    const denied = deniedOf(units, sequence);
    return { normalised, key: units.join(' '), sequence, denied, words, tokens: [...tokens.values()] };
  }

  /** The articles one of whose variants is the question itself, punctuation and case aside. */
  exact(query: Query): Entry[] {
    return (query.key === '' ? [] : (this.#keys.get(query.key) ?? []))
      .map((slot) => this.#entries[slot])
      .filter((entry) => entry !== undefined);
  }

  /** Up to `limit` articles that share characters with the question, those that share most first. */
  candidates(query: Query, limit: number): Entry[] {
    // Frequent characters have long posting lists and tell little, so the rarest come first and the rest only while the
    // lists stay short: at 100,000 articles all of them cost 8 to 50 ms, these 1 to 6.
    const known = query.tokens
      .filter(({ kind, id }) => kind === 'unit' && id >= 0)
      .sort((one, other) => this.#frequencies.of(one.id) - this.#frequencies.of(other.id));
    let postings = 0;
    const units = known.filter(({ id }, place) => {
      postings += this.#frequencies.of(id);
      return place < fewestUnits || (place < mostUnits && postings <= mostPostings);
    });
    if (units.length === 0) return [];
    const found = this.#index.search(units.map(({ text }) => text).join(' '), { limit, suggest: true }) as number[];
    return found.map((slot) => this.#entries[slot]).filter((entry) => entry !== undefined);
  }

  /** Whether every telling character of the question stands in the entry's own questions or keywords. */
  isAskedWith({ tokens }: Query, { variants, keywords }: Entry): boolean {
    return tokens
      .filter(({ kind, idf }) => kind === 'unit' && idf >= this.highestIdf * telling)
      .every(({ id }) => variants.some(({ tokens: own }) => own.includes(id)) || containsSorted(keywords, id));
  }

  /** The telling words of the question that none of the entries has anywhere, longest wording only. */
  unmatched(query: Query, entries: readonly Entry[]): string[] {
    const missing = query.words.filter((word) => {
      const hashes = unitsAndPairs(word);
      const idf = Math.max(...hashes.map((hash) => this.#idfOf(hash)));
      if (idf < this.highestIdf * telling) return false;
      const known = hashes.map((hash) => ({ hash, id: this.#table.find(hash) }));
      return !entries.some((entry) => known.every((token) => has(entry, token)));
    });
    return [...new Set(missing)].filter((word) => !missing.some((other) => other !== word && other.includes(word)));
  }

  #withConfirmed(articleId: string, variants: readonly Variant[]): Pick<Entry, 'wordings' | 'heard'> {
    const confirmed = this.#confirmed.get(articleId) ?? [];
    const vouched = confirmed.filter((wording) => wording.vouched).slice(-mostConfirmed);
    const room = mostConfirmed - vouched.length;
    const heard = room > 0 ? confirmed.filter((wording) => !wording.vouched).slice(-room) : [];
    const read = ({ text }: ConfirmedWording): Variant => this.#variant(text);
    const wordings = distinct([...variants, ...vouched.map(read)]);
    return { wordings, heard: distinct([...wordings, ...heard.map(read)]).slice(wordings.length) };
  }

  #idfOf(hash: number): number {
    const id = this.#table.find(hash);
    return id >= 0 ? this.idf(id) : this.#frequencies.idfOfStranger(hash);
  }

  /** Adds the words it finds to `found`. */
  #variant(text: string, found?: Set<string>): Variant {
    const normalised = this.read(text, longestVariant);
    const { units, joined } = unitsOf(normalised);
    const sequence = Uint32Array.from(units.slice(0, longestSequence), (unit) => this.#intern(hashUnit(unit)));
    const unitIds = new Set(units.map((unit) => this.#intern(hashUnit(unit))));
    const pairIds = new Set<number>();
    for (let i = 1; i < units.length; i++) {
      if (joined[i]) pairIds.add(this.#intern(hashPair(units[i - 1] ?? '', units[i] ?? '')));
    }
    // Single characters are units already.
    const words = this.#segmenter.words(normalised).filter((word) => word.length > 1);
    for (const word of words) found?.add(word);
    const wordIds = new Set(words.map((word) => this.#intern(hashWord(word))));
    return {
      text,
      key: units.join(' '),
      sequence,
      denied: deniedOf(units, sequence),
      tokens: Uint32Array.from([...unitIds, ...pairIds, ...wordIds]),
      pairsAt: unitIds.size,
      wordsAt: unitIds.size + pairIds.size,
      norms: null,
    };
  }

  #ids(texts: readonly string[], words: Set<string>): Uint32Array {
    const ids = new Set<number>();
    for (const text of texts) for (const id of this.#variant(text, words).tokens) ids.add(id);
    return Uint32Array.from(ids).sort();
  }

  #intern(hash: number): number {
    const id = this.#table.intern(hash);
    this.#frequencies.know(id, hash);
    return id;
  }
}

/** Longer questions are compared by their beginning only (longest common subsequence is quadratic). */
const longestSequence = 96;
const mostQueryTokens = 400;
const longestVariant = 200;
const longestBody = 2_000;
/** The last confirmed wordings of an article, vouched ones first of all, are enough and keep it as cheap as others. */
export const mostConfirmed = 50;
/** A text without what its end says by tone only: in a short question it would be the one character no article knows. */
function withoutTone(text: string): string {
  const plain = text.replace(toneAtEnd, '');
  return hasContent(plain) ? plain : text;
}

const toneAtEnd = new RegExp(`[${tones.join('')}]+(?=[\\p{P}\\p{S}\\s]*$)`, 'u');

/** How many of a question's characters are searched for. */
const fewestUnits = 2;
const mostUnits = 32;
const mostPostings = 30_000;

/** A word is telling if its rarest part has at least this share of the highest idf: names and things, not "how" or "I". */
const telling = 0.45;

/** How many articles have each token, and the idf that follows, smoothed with how common it is in Chinese at large. */
class Frequencies {
  readonly #background: Background;
  #counts = new Uint32Array(1 << 12);
  #priors = new Float32Array(1 << 12);
  #logs = new Float32Array(1 << 12);
  #known = 0;
  #whole = Math.log(priorWeight + 1);

  constructor(background: Background) {
    this.#background = background;
  }

  know(id: number, hash: number): void {
    if (id < this.#known) return;
    this.#known = id + 1;
    if (id >= this.#counts.length) {
      this.#counts = grown(this.#counts, new Uint32Array(id * 2));
      this.#priors = grown(this.#priors, new Float32Array(id * 2));
      this.#logs = grown(this.#logs, new Float32Array(id * 2));
    }
    this.#priors[id] = priorWeight * this.#background.probability(hash);
    this.#logs[id] = Math.log(0.5 + (this.#priors[id] ?? 0));
  }

  count(ids: Iterable<number>, change: 1 | -1): void {
    for (const id of ids) {
      const count = (this.#counts[id] ?? 0) + change;
      this.#counts[id] = count;
      this.#logs[id] = Math.log(0.5 + count + (this.#priors[id] ?? 0));
    }
  }

  /** How many articles there are. */
  set articles(count: number) {
    this.#whole = Math.log(count + priorWeight + 1);
  }

  get highest(): number {
    return this.#whole - Math.log(0.5);
  }

  /** How many articles have the token. */
  of(id: number): number {
    return this.#counts[id] ?? 0;
  }

  idf(id: number): number {
    return this.#whole - (this.#logs[id] ?? 0);
  }

  idfOfStranger(hash: number): number {
    return this.#whole - Math.log(0.5 + priorWeight * this.#background.probability(hash));
  }
}

/** The background counts like this many articles. Tried 50, 200, 600, 1,000: the wider, the better, by half a noise. */
const priorWeight = 600;

function grown<T extends Uint32Array | Float32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** Most texts deny nothing and share one empty list. */
function deniedOf(units: readonly string[], sequence: Int32Array | Uint32Array): readonly number[] {
  const denied = deniedPlaces(units.slice(0, sequence.length)).map((place) => sequence[place] ?? -1);
  return denied.length > 0 ? denied : nothing;
}

const nothing: readonly number[] = [];

/** Whether a unit or pair stands anywhere in an entry; `id` is negative if no question has it. */
function has(
  { wordings, keywords, body }: Entry,
  { hash, id }: { readonly hash: number; readonly id: number },
): boolean {
  if (id >= 0 && (wordings.some(({ tokens }) => tokens.includes(id)) || containsSorted(keywords, id))) return true;
  return containsSorted(body, hash);
}

/** All of an article's wordings, its own first. */
export function wordingsOf({ wordings, heard }: Pick<Entry, 'wordings' | 'heard'>): readonly Variant[] {
  return heard.length > 0 ? [...wordings, ...heard] : wordings;
}

function searchedText(entry: Entry): string {
  const { searched, variants } = entry;
  const confirmed = wordingsOf(entry).slice(variants.length);
  return [searched, ...confirmed.map(({ key }) => key)].join('\n');
}

function tokensOf(entry: Entry): Set<number> {
  const ids = new Set<number>(entry.keywords);
  for (const { tokens } of wordingsOf(entry)) for (const id of tokens) ids.add(id);
  return ids;
}

function distinct(variants: readonly Variant[]): Variant[] {
  const seen = new Set<string>();
  return variants.filter(({ key }) => key !== '' && !seen.has(key) && seen.add(key));
}

function bodyTokens(normalised: string): Pick<Entry, 'body' | 'passages'> {
  const sentences = normalised.split(sentenceEnd).filter(hasContent);
  const masks = new Map<number, number>();
  for (const hash of unitsAndPairs(normalised)) masks.set(hash, 0);
  // Of a long body, neighbouring sentences share a bit.
  const sentencesEach = Math.max(1, Math.ceil(sentences.length / mostPassages));
  sentences.forEach((sentence, place) => {
    const bit = 1 << Math.floor(place / sentencesEach);
    for (const hash of unitsAndPairs(sentence)) masks.set(hash, (masks.get(hash) ?? 0) | bit);
  });
  const body = Uint32Array.from(masks.keys()).sort();
  return { body, passages: Uint32Array.from(body, (hash) => masks.get(hash) ?? 0) };
}

/** One bit each. */
export const mostPassages = 32;

const sentenceEnd = /[。!?;\n]/u;

/** The hashes of a normalised text's units and pairs. */
function unitsAndPairs(normalised: string): number[] {
  const { units, joined } = unitsOf(normalised);
  const hashes: number[] = [];
  for (const [i, unit] of units.entries()) {
    hashes.push(hashUnit(unit));
    if (joined[i]) hashes.push(hashPair(units[i - 1] ?? '', unit));
  }
  return hashes;
}

export function containsSorted(sorted: Uint32Array, value: number): boolean {
  return placeSorted(sorted, value) >= 0;
}

/** Where the value stands in an ascending array, by binary search; -1 if nowhere. */
export function placeSorted(sorted: Uint32Array, value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const at = sorted[middle] ?? 0;
    if (at === value) return middle;
    if (at < value) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
