import { normalise } from './normalise.ts';
import { unitsOf } from './tokens.ts';

/**
 * What two spellings of one wording have in common: script, width and case unified, without punctuation and spaces, but
 * for one space between two words of letters. Empty for text without anything to look up.
 */
export function wordingKey(text: string): string {
  let key = '';
  for (const unit of unitsOf(normalise(text)).units) {
    key += endsInLetter.test(key) && startsWithLetter.test(unit) ? ` ${unit}` : unit;
  }
  return key;
}

const letter = String.raw`(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])[\p{L}\p{N}\p{M}]`;
const endsInLetter = new RegExp(`${letter}$`, 'u');
const startsWithLetter = new RegExp(`^${letter}`, 'u');

/** A longer one is a letter, not a question; in UTF-16 units. */
export const longestWording = 200;
