import type { Share } from '../../answering/explanation.ts';

/** A share as it is drawn: `width` is its part of the widest bar, 0 to 1. */
export type Bar = Share & { readonly width: number };

/** The bars worth a look, and those of which only the number is told until asked for. */
export type Bars = { readonly telling: readonly Bar[]; readonly slight: readonly Bar[] };

/**
 * The shares as bars, largest first whatever their sign. `widest` is what a full bar stands for, so that the bars of
 * several articles can be compared; 0 draws none.
 */
export function barsOf(shares: readonly Share[], widest: number): Bars {
  const bars = shares
    .map((share) => ({ ...share, width: widest > 0 ? Math.min(1, Math.abs(share.share) / widest) : 0 }))
    .sort((a, b) => Math.abs(b.share) - Math.abs(a.share));
  const telling = bars.filter(({ width }, place) => width >= slightWidth && place < tellingBars);
  return { telling, slight: bars.slice(telling.length).filter(({ share }) => share !== 0) };
}

/** The largest share of them all, whatever its sign. */
export function widestOf(lists: readonly (readonly Share[])[]): number {
  return Math.max(0, ...lists.flat().map(({ share }) => Math.abs(share)));
}

/** Below this a bar is two pixels. */
const slightWidth = 0.02;
const tellingBars = 8;

/** The question's words in the order they were cut, each marked if no candidate has it; then whatever else is missing. */
export function wordChips(
  words: readonly string[],
  unmatched: readonly string[],
): readonly { readonly word: string; readonly missing: boolean }[] {
  const all = new Set([...words, ...unmatched]);
  return [...all].map((word) => ({ word, missing: unmatched.includes(word) }));
}
