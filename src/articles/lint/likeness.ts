/** A text as the sorted hashes of its overlapping pieces; how much two share tells how alike they are. */
export type Shingles = Uint32Array;

/** The pieces of `length` characters of a text without spaces and punctuation, as a set. */
export function shinglesOf(text: string, length: number): Shingles {
  const characters = bare(text);
  const hashes = new Uint32Array(Math.max(0, characters.length - length + 1));
  for (let at = 0; at < hashes.length; at++) hashes[at] = hash(characters, at, length);
  return distinct(hashes.sort());
}

/** The share of the pieces of both that both have, 0..1 (Jaccard). */
export function overlap(one: Shingles, other: Shingles): number {
  const shared = sharedBy(one, other);
  const all = one.length + other.length - shared;
  return all === 0 ? 0 : shared / all;
}

/**
 * Twice the pieces shared by the pieces of both, 0..1 (Dice): kinder to short texts. 0 where it cannot be `least`, as
 * most pairs differ too much in length to be worth comparing.
 */
export function likeness(one: Shingles, other: Shingles, least: number): number {
  const all = one.length + other.length;
  if (all === 0 || (2 * Math.min(one.length, other.length)) / all < least) return 0;
  return (2 * sharedBy(one, other)) / all;
}

/**
 * Pairs of places whose keys meet at least `least` times, the smaller place first. A key that more than `most` places
 * have tells nothing and is passed over.
 */
export function meetings(
  keys: readonly Shingles[],
  { least, most }: { readonly least: number; readonly most: number },
): readonly (readonly [number, number])[] {
  const places = new Map<number, number[]>();
  for (const [place, own] of keys.entries()) {
    for (const key of own) {
      const known = places.get(key);
      if (known) known.push(place);
      else places.set(key, [place]);
    }
  }
  const counts = new Map<number, number>();
  for (const together of places.values()) {
    if (together.length > most) continue;
    for (const [at, one] of together.entries())
      for (const other of together.slice(at + 1)) {
        const pair = one * keys.length + other;
        counts.set(pair, (counts.get(pair) ?? 0) + 1);
      }
  }
  return [...counts]
    .filter(([, count]) => count >= least)
    .map(([pair]) => [Math.floor(pair / keys.length), pair % keys.length] as const);
}

function bare(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\p{Z}\s\p{P}]+/gu, '');
}

function sharedBy(one: Shingles, other: Shingles): number {
  let shared = 0;
  let [i, j] = [0, 0];
  while (i < one.length && j < other.length) {
    const [a, b] = [one[i] as number, other[j] as number];
    if (a === b) shared++;
    if (a <= b) i++;
    if (b <= a) j++;
  }
  return shared;
}

function distinct(sorted: Uint32Array): Uint32Array {
  let kept = 0;
  for (const [at, value] of sorted.entries()) if (at === 0 || value !== sorted[kept - 1]) sorted[kept++] = value;
  return sorted.subarray(0, kept);
}

/** FNV-1a, its bits spread so that the smallest hashes are a fair sample. */
function hash(text: string, from: number, length: number): number {
  let value = 0x811c9dc5;
  for (let at = from; at < from + length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  return (value ^ (value >>> 13)) >>> 0;
}
