import type { Posted } from './post.ts';

/** So often an event is tried before it is dead: over about 23 hours, or ten minutes where it is refused. */
export const attemptsAtMost = { failed: 12, refused: 6 } as const;

const first = 5_000;
const factor = 3;
const longest = 6 * 3_600_000;

/**
 * How long to wait after a failed attempt (the first is 1), in milliseconds: 5 s, 15 s, 45 s … up to six hours, give or
 * take a fifth, so that what failed together does not come back together. `random` is in 0..1. Null: no more.
 */
export function pauseAfter(
  attempt: number,
  { kind, retryAfterMs }: Extract<Posted, { kind: 'failed' | 'refused' }>,
  random: number,
): number | null {
  if (attempt >= attemptsAtMost[kind]) return null;
  const pause = Math.min(longest, first * factor ** (attempt - 1)) * (0.8 + 0.4 * random);
  return Math.round(Math.max(pause, Math.min(retryAfterMs, longest)));
}
