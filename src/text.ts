import { z } from 'zod';

/**
 * Text from outside: at most `max` UTF-16 units, no NUL (PostgreSQL refuses it, so SQLite must not take it either);
 * a lone surrogate becomes U+FFFD, as no database and no UTF-8 can hold one.
 */
export function text({ min = 0, max }: { min?: number; max: number }) {
  return z
    .string()
    .min(min)
    .max(max)
    .refine((value) => !value.includes('\0'), 'Must not contain the character NUL.')
    .transform(wellFormed);
}

/** The same text with every lone surrogate replaced by U+FFFD. */
export function wellFormed(value: string): string {
  return value.replace(/\p{Surrogate}/gu, '\u{FFFD}');
}
