/**
 * Text as numbers. A *unit* is one Chinese character or one run of letters or digits; a *pair* is two units that stand
 * side by side; a *word* comes from the segmenter. Each is a 32-bit hash, so that no index keeps a string: at half a
 * million tokens two of them share a number once in ten thousand look-ups, which ranking does not notice.
 */

export type Units = {
  /** In the order of the text, repeats included. */
  readonly units: readonly string[];
  /** True where a unit directly follows the one before it (no punctuation between them). */
  readonly joined: readonly boolean[];
};

/** The units of a normalised text. */
export function unitsOf(text: string): Units {
  const units: string[] = [];
  const joined: boolean[] = [];
  let end = -1;
  for (const match of text.matchAll(unit)) {
    units.push(match[0]);
    joined.push(match.index === end);
    end = match.index + match[0].length;
  }
  return { units, joined };
}

/** True for text with something to look up: a letter, a digit or a Chinese character. */
export function hasContent(text: string): boolean {
  return anyContent.test(text);
}

export function hashUnit(unit: string): number {
  return finish(hashText(unit, 0x811c9dc5));
}

export function hashPair(first: string, second: string): number {
  return finish(hashText(second, Math.imul(hashText(first, 0x2545f491) ^ 0x1f, 0x01000193)));
}

export function hashWord(word: string): number {
  return finish(hashText(word, 0x9e3779b9));
}

// Scripts written without spaces count by character, all others by run; emoji and punctuation are no units.
const unit =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])[\p{L}\p{N}\p{M}])+/gu;
const anyContent = /[\p{L}\p{N}]/u;

/** FNV-1a over UTF-16 code units. */
function hashText(text: string, seed: number): number {
  let hash = seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}

/** Spreads the bits, so that the low ones may choose a slot; 0 means "empty slot" and is avoided. */
function finish(hash: number): number {
  let mixed = hash ^ (hash >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  mixed ^= mixed >>> 16;
  return mixed >>> 0 || 1;
}
