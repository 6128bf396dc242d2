import { normalise } from '../../answering/normalise.ts';

/*
 * What transcripts are searched by. Texts are compared character by character, so that a part of a text always reads the
 * same as in the whole: what was said is found by every two characters of it that stand together.
 */

/** A text in one script, width and case, and where each of its UTF-16 units comes from. */
export type Plain = {
  readonly text: string;
  /** For each unit of `text` the place of its character in the original, and at the end the original's length. */
  readonly origins: readonly number[];
};

/** The text as searching sees it. */
export function plainOf(original: string): Plain {
  const origins: number[] = [];
  let text = '';
  let place = 0;
  for (const character of original) {
    const folded = foldedCharacter(character);
    for (let unit = 0; unit < folded.length; unit++) origins.push(place);
    text += folded;
    place += character.length;
  }
  origins.push(original.length);
  return { text, origins };
}

/**
 * The pieces that a text is found by, each once: any two characters that stand together without white space between,
 * and of Latin letters and digits any four too, because two digits say little in a base of order numbers.
 */
export function termsOf(plain: string): readonly string[] {
  const terms = new Set<string>();
  for (const word of wordsOf(plain)) {
    const characters = [...word];
    for (let place = 0; place + 1 < characters.length; place++) {
      terms.add(characters.slice(place, place + 2).join(''));
      const four = characters.slice(place, place + 4).join('');
      if (/^[a-z0-9]{4}$/.test(four)) terms.add(four);
    }
  }
  return [...terms];
}

/** What white space sets apart. */
export function wordsOf(plain: string): readonly string[] {
  return plain.split(/\s+/u).filter((word) => word !== '');
}

const known = new Map<string, string>();
/** More than all characters that are in use; the rest is looked up each time. */
const mostKnown = 20_000;

function foldedCharacter(character: string): string {
  let folded = known.get(character);
  if (folded === undefined) {
    folded = fold(character);
    if (known.size < mostKnown) known.set(character, folded);
  }
  return folded;
}

/**
 * Alone, a character may not become what it becomes in a word, but all that stand for each other become the same: the
 * chain from traditional to simplified is followed to its end (at most two steps, of all characters). What nobody sees
 * is left out.
 */
function fold(character: string): string {
  if (/[\p{Default_Ignorable_Code_Point}\p{Cc}]/u.test(character) && !/\s/u.test(character)) return '';
  return normalise(normalise(normalise(character)));
}
