import { commonInQuestions } from '../markers.zh.ts';
import { folded, soundsOf } from './pinyin.ts';
import type { Reading } from './readings.ts';

/** The words the articles are asked for with, findable by their sound and with one character wrong. */
export class Vocabulary {
  readonly #articles = new Map<string, number>();
  /** By folded sound, and by the word with one of its characters replaced by `anything`. */
  readonly #byKey = new Map<string, string[]>();

  /** Counts the words of one article in. */
  add(words: Iterable<string>): void {
    for (const word of words) {
      const articles = this.#articles.get(word) ?? 0;
      this.#articles.set(word, articles + 1);
      if (articles > 0) continue;
      for (const key of keysOf(word)) {
        const same = this.#byKey.get(key);
        if (same) same.push(word);
        else this.#byKey.set(key, [word]);
      }
    }
  }

  /** Counts them out again. */
  remove(words: Iterable<string>): void {
    for (const word of words) {
      const articles = this.articlesWith(word) - 1;
      if (articles > 0) this.#articles.set(word, articles);
      else if (this.#articles.delete(word)) for (const key of keysOf(word)) this.#forget(key, word);
    }
  }

  /** How many articles are asked for with the word. */
  articlesWith(word: string): number {
    return this.#articles.get(word) ?? 0;
  }

  /** The words in a normalised text, also those inside others. */
  wordsIn(text: string): Set<string> {
    const words = new Set<string>();
    for (let start = 0; start < text.length; start++) {
      for (let end = start + 2; end <= Math.min(text.length, start + longestWord); end++) {
        const word = text.slice(start, end);
        if (this.#articles.has(word)) words.add(word);
      }
    }
    return words;
  }

  /** The words with that key, those of most articles first. */
  wordsBy(key: string): readonly string[] {
    const words = this.#byKey.get(key) ?? [];
    if (words.length < 2) return words;
    return words.toSorted((one, other) => this.articlesWith(other) - this.articlesWith(one));
  }

  #forget(key: string, word: string): void {
    const left = this.#byKey.get(key)?.filter((other) => other !== word) ?? [];
    if (left.length > 0) this.#byKey.set(key, left);
    else this.#byKey.delete(key);
  }
}

/** The words of the base, and of Chinese at large: who writes one of those means it. */
export type Words = { readonly vocabulary: Vocabulary; isWord(text: string): boolean };

/**
 * A normalised question with what nobody knows in it replaced by words of the articles: pinyin by what it spells, other
 * characters by words that sound the same or differ in one of four or more. Empty where there is nothing to replace.
 */
export function respellings(question: string, base: Words): Reading[] {
  if (question.length > longestQuestion) return [];
  const parts = question.match(/\p{Script=Han}+|[a-z][a-z' ]*|[^\p{Script=Han}a-z]+/gu) ?? [];
  const read = parts.map((part): Part => {
    if (/^[a-z]/.test(part)) return spelledIn(part, base.vocabulary);
    return /^\p{Script=Han}/u.test(part) ? correctedIn(part, base) : asIs(part);
  });
  const own = read.flatMap(({ words }) => words).join('');
  if (own === '') return [];
  const trust = Math.min(...read.map((part) => part.trust));
  return [{ text: read.map(({ text }) => text).join(''), own, known: null, trust }];
}

/** What became of a part of the question: the new text, the words put in, and how sure they are meant. */
type Part = { readonly text: string; readonly words: readonly string[]; readonly trust: number };

const asIs = (text: string): Part => ({ text, words: [], trust: 1 });

/** How often the word is meant that was put in, as a factor of confidence: with the last two nothing is answered outright. */
const trustIn = { pinyin: 0.97, sameSound: 0.95, likeSound: 0.9, oneOff: 0.9 };

/** In characters. Longer questions are not misspelled in all that matters. */
const longestQuestion = 40;
const longestWord = 8;
/** A longer stretch without one known word in it is no slip. */
const longestMisspelt = 5;
const anything = '＊';

function keysOf(word: string): string[] {
  if (!/^\p{Script=Han}+$/u.test(word)) return word.length >= shortestForeign ? oneOffKeys(word) : [];
  const sounds = new Set(soundsOf(word).map(folded));
  return word.length >= shortestForOneOff ? [...sounds, ...oneOffKeys(word)] : [...sounds];
}

function oneOffKeys(word: string): string[] {
  return [...word].map((_, place) => word.slice(0, place) + anything + word.slice(place + 1));
}

/** Shorter words that share all but one character are different things (humidifier and dehumidifier); so are short foreign ones. */
const shortestForOneOff = 4;
const shortestForeign = 5;

/** Latin letters: pinyin of words of the base and of what questions are full of, with spaces or without. */
function spelledIn(letters: string, vocabulary: Vocabulary): Part {
  const tokens = letters.split(/[' ]+/).filter((token) => token !== '');
  if (tokens.every((token) => vocabulary.articlesWith(token) > 0)) return asIs(letters);
  const whole = spelled(tokens.join(''), vocabulary);
  if (whole) return whole;
  const parts = tokens.map((token) => spelled(token, vocabulary) ?? foreign(token, vocabulary));
  if (parts.every(({ words }) => words.length === 0)) return asIs(letters);
  return {
    text: parts.map(({ text }) => text).join(' ') + (/[' ]$/.test(letters) ? ' ' : ''),
    words: parts.flatMap(({ words }) => words),
    trust: Math.min(...parts.map(({ trust }) => trust)),
  };
}

/** A foreign word with one letter wrong. */
function foreign(token: string, vocabulary: Vocabulary): Part {
  if (vocabulary.articlesWith(token) > 0 || token.length < shortestForeign) return asIs(token);
  const word = oneOffKeys(token).flatMap((key) => vocabulary.wordsBy(key))[0];
  return word === undefined ? asIs(token) : { text: word, words: [word], trust: trustIn.oneOff };
}

/** A way to read the first letters: what they spell, the words of the base in it, and how many letters spell nothing. */
type Way = { readonly text: string; readonly words: readonly string[]; readonly count: number; readonly lost: number };

/** What most of the letters spell, in the fewest words, at least one of them the base's; null if there is no such. */
function spelled(letters: string, vocabulary: Vocabulary): Part | null {
  const sound = folded(letters);
  if (sound.length < shortestPinyin) return null;
  const ways: Way[] = [{ text: '', words: [], count: 0, lost: 0 }];
  for (let end = 1; end <= sound.length; end++) {
    const before = ways[end - 1] as Way;
    let best: Way = { ...before, text: before.text + sound.charAt(end - 1), lost: before.lost + 1 };
    for (let start = Math.max(0, end - longestSound); start < end - 1; start++) {
      const way = withWord(ways[start] as Way, sound.slice(start, end), vocabulary);
      if (way && isBetter(way, best)) best = way;
    }
    ways.push(best);
  }
  const { text, words, lost } = ways[sound.length] as Way;
  if (words.length === 0 || lost > sound.length * mostLost) return null;
  return { text, words, trust: trustIn.pinyin };
}

function withWord({ text, words, count, lost }: Way, key: string, vocabulary: Vocabulary): Way | null {
  const [known] = vocabulary.wordsBy(key);
  const word = known ?? common.get(key);
  if (word === undefined) return null;
  return { text: text + word, words: known === undefined ? words : [...words, known], count: count + 1, lost };
}

function isBetter(one: Way, other: Way): boolean {
  return one.lost < other.lost || (one.lost === other.lost && one.count < other.count);
}

/** In letters. */
const shortestPinyin = 4;
const longestSound = 30;
/** As a share of the letters. They stay in the question as what nobody knows. */
const mostLost = 0.35;

/** What questions are full of, by folded sound; the first of a sound is the most common. */
const common = new Map(
  commonInQuestions
    .flatMap(([, words]) => words)
    .flatMap((word) => soundsOf(word).map((sound) => [folded(sound), word] as const))
    .reverse(),
);

/** Chinese characters: what is no part of a known word, by words that sound like it or differ in one character. */
function correctedIn(text: string, base: Words): Part {
  const covered = coveredIn(text, base.vocabulary);
  const words: string[] = [];
  let trust = 1;
  let corrected = '';
  for (let start = 0; start < text.length;) {
    const found = covered[start] ? null : correction(text, start, { covered, base });
    corrected += found?.word ?? text.charAt(start);
    start += found?.word.length ?? 1;
    if (found) {
      words.push(found.word);
      trust = Math.min(trust, found.trust);
    }
  }
  return { text: corrected, words, trust };
}

/** Which characters are part of a word of the base. */
function coveredIn(text: string, vocabulary: Vocabulary): boolean[] {
  const covered = new Array<boolean>(text.length).fill(false);
  for (let start = 0; start < text.length; start++) {
    for (let end = start + 2; end <= Math.min(text.length, start + longestWord); end++) {
      if (vocabulary.articlesWith(text.slice(start, end)) > 0) covered.fill(true, start, end);
    }
  }
  return covered;
}

type Around = {
  readonly covered: readonly boolean[];
  readonly base: Words;
};

/** The longest word of the base that may be meant by what begins at `start`. */
function correction(text: string, start: number, { covered, base }: Around) {
  const { vocabulary } = base;
  const known = covered.indexOf(true, start);
  for (let end = Math.min(known < 0 ? text.length : known, start + longestMisspelt); end >= start + 2; end--) {
    const written = text.slice(start, end);
    if (base.isWord(written)) continue;
    const sounds = soundsOf(written);
    const alike = sounds
      .flatMap((sound) => vocabulary.wordsBy(folded(sound)))
      .filter((word) => word.length === written.length);
    const same = alike.find((word) => soundsOf(word).some((sound) => sounds.includes(sound)));
    if (same !== undefined) return { word: same, trust: trustIn.sameSound };
    if (alike[0] !== undefined) return { word: alike[0], trust: trustIn.likeSound };
    const near =
      written.length < shortestForOneOff ? [] : oneOffKeys(written).flatMap((key) => vocabulary.wordsBy(key));
    if (near[0] !== undefined) return { word: near[0], trust: trustIn.oneOff };
  }
  return null;
}
