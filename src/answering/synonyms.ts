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
