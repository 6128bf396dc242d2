import { normalise } from './normalise.ts';
import type { DictionaryWord } from './segment.ts';

/** Words that mean the same to the shop. */
export type SynonymGroups = readonly (readonly string[])[];

/** Reads `synonyms.txt`: the words of a group on one line, `#` starts a comment. Lines with fewer than two words are nothing. */
export function parseSynonyms(text: string): SynonymGroups {
  return linesOf(text)
    .map((line) =>
      [...new Set(line.split(/[\s,，、|=]+/u).map((word) => normalise(word)))].filter((word) => word !== ''),
    )
    .filter((group) => group.length > 1);
}

/**
 * A function that writes every synonym in a normalised text as the first word of its group, so that question and article
 * say the same. The longest word wins, and what was replaced is not read again.
 */
export function unifier(groups: SynonymGroups): (text: string) => string {
  const byStart = new Map<string, { readonly word: string; readonly first: string }[]>();
  for (const [first = '', ...others] of groups) {
    // The first word stands for itself: it must not be cut up by a shorter word of another group.
    for (const word of [first, ...others]) {
      const start = word.charAt(0);
      byStart.set(start, [...(byStart.get(start) ?? []), { word, first }]);
    }
  }
  for (const words of byStart.values()) words.sort((one, other) => other.word.length - one.word.length);
  if (byStart.size === 0) return (text) => text;
  return (text) => {
    let unified = '';
    for (let i = 0; i < text.length;) {
      const match = byStart.get(text.charAt(i))?.find(({ word }) => text.startsWith(word, i));
      unified += match ? match.first : text.charAt(i);
      i += match ? match.word.length : 1;
    }
    return unified;
  };
}

/** Reads `dictionary.txt`: "word" or "word frequency tag" a line, `#` starts a comment. */
export function parseDictionary(text: string): DictionaryWord[] {
  return linesOf(text).map((line) => {
    const [word = '', frequency = ''] = line.split(/\s+/u);
    const count = Number.parseInt(frequency, 10);
    return { word: normalise(word), frequency: count > 0 ? count : null };
  });
}

function linesOf(text: string): string[] {
  return text
    .replace(/^\uFEFF/u, '')
    .split(/\r?\n/u)
    .map((line) => line.replace(/#.*$/u, '').trim())
    .filter((line) => line !== '');
}
