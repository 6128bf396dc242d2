import { hashPair, hashUnit, hashWord, unitsOf } from './tokens.ts';
import { commonInQuestions } from './markers.zh.ts';
import { TokenTable } from './token-table.ts';

/** How common a token is in Chinese questions at large, so that a base of ten articles knows that "how" says little. */
export type Background = {
  /** The probability that a question contains the token, 0..1. */
  probability(hash: number): number;
};

export const emptyBackground: Background = { probability: () => 0 };

/** Learns from the segmenter's dictionary ("word frequency tag" a line) and from the list of what questions are full of. */
export function backgroundOf(lines: readonly string[]): Background {
  const table = new TokenTable();
  const counts: number[] = [];
  let total = 0;
  const add = (hash: number, count: number): void => {
    const id = table.intern(hash);
    counts[id] = (counts[id] ?? 0) + count;
  };
  for (const line of lines) {
    const [word = '', frequency = ''] = line.split(' ', 2);
    const count = Number.parseInt(frequency, 10);
    if (!(count > 0)) continue;
    total += count;
    forTokens(word.toLowerCase(), (hash) => add(hash, count));
  }
  const probabilities = Float32Array.from(counts, (count) => 1 - Math.exp((-count / total) * wordsPerQuestion));
  for (const [probability, words] of commonInQuestions) {
    for (const word of words) {
      forTokens(word, (hash) => {
        const id = table.find(hash);
        if (id >= 0) probabilities[id] = Math.max(probabilities[id] ?? 0, probability);
      });
    }
  }
  return {
    probability: (hash) => {
      const id = table.find(hash);
      return id < 0 ? 0 : (probabilities[id] ?? 0);
    },
  };
}

/** The mean of both public question sets. */
const wordsPerQuestion = 7;

function forTokens(word: string, use: (hash: number) => void): void {
  const { units } = unitsOf(word);
  for (const [index, unit] of units.entries()) {
    use(hashUnit(unit));
    const next = units[index + 1];
    if (next !== undefined) use(hashPair(unit, next));
  }
  if (units.length > 1) use(hashWord(word));
}
