/** Counts what each key does, in windows of time. */
export type Limiter = {
  /** Counts one more; false when this key has had its share of the window. */
  allow(key: string): boolean;
};

/** At most `count` a key in any window of `windowMs` (counted in fixed windows, so up to twice that across an edge). */
export function createLimiter({
  count,
  windowMs,
  now,
}: {
  readonly count: number;
  readonly windowMs: number;
  readonly now: () => number;
}): Limiter {
  let window = 0;
  let seen = new Map<string, number>();
  return {
    allow: (key) => {
      const current = Math.floor(now() / windowMs);
      // A new window forgets everyone: memory is bounded by what one window brings.
      if (current !== window) [window, seen] = [current, new Map<string, number>()];
      const used = seen.get(key) ?? 0;
      if (used >= count) return false;
      seen.set(key, used + 1);
      return true;
    },
  };
}
