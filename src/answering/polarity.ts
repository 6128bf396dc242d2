import { betweenNegationAndVerb, complements, negations, notNegations, notVerbs, particles } from './markers.zh.ts';

/** A text as numbered units, and the numbers of those it denies. */
export type Denial = { readonly sequence: Int32Array | Uint32Array; readonly denied: readonly number[] };

/**
 * The places of the units that a text denies. What merely asks ("can or can't one return it") denies nothing, neither do
 * the set phrases that happen to contain a negation.
 */
export function deniedPlaces(units: readonly string[]): number[] {
  const places: number[] = [];
  for (let i = 0; i < units.length; i++) {
    const phrase = phrasesBy.get(units[i] ?? '')?.find((word) => word.every((unit, at) => units[i + at] === unit));
    if (phrase) {
      i += phrase.length - 1;
    } else if (negation.has(units[i] ?? '')) {
      const place = deniedBy(units, i);
      if (place !== null) places.push(place);
    }
  }
  return places;
}

/** True where one text denies what the other affirms: the two must not be taken for the same question. */
export function contradicts(one: Denial, other: Denial): boolean {
  return denies(one, other) || denies(other, one);
}

function denies(one: Denial, other: Denial): boolean {
  return one.denied.some((unit) => other.sequence.includes(unit) && !other.denied.includes(unit));
}

function deniedBy(units: readonly string[], at: number): number | null {
  const before = units[at - 1];
  const after = units[at + 1];
  // Doubled around the negation it is a question: do-not-do, have-not-have.
  if (after === undefined || before === after) return null;
  if (before !== undefined && complement.has(after) && !notVerb.has(before)) return at - 1;
  let place = at + 1;
  while (between.has(units[place] ?? '') && !ends(units[place + 1])) place++;
  return particle.has(after) ? null : place;
}

function ends(unit: string | undefined): boolean {
  return unit === undefined || particle.has(unit);
}

const negation = new Set(negations);
const complement = new Set(complements);
const notVerb = new Set(notVerbs);
const particle = new Set(particles);
const between = new Set(betweenNegationAndVerb);
/** By first unit, the longest first. */
const phrasesBy = new Map<string, string[][]>();
for (const phrase of notNegations.map((word) => [...word]).sort((one, other) => other.length - one.length)) {
  const [first = ''] = phrase;
  phrasesBy.set(first, [...(phrasesBy.get(first) ?? []), phrase]);
}
