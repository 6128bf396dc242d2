import type { ConversationView } from '../api.ts';

/** What a conversation's place in the queue owes to more than the time it has waited. */
export type Standing =
  | { readonly kind: 'by_time' | 'first' }
  /** By so many minutes, as its priority asks. */
  | { readonly kind: 'ahead' | 'behind'; readonly minutes: number };

/** Reads `serveBy` back: it is when the customer began to wait, minus the head start of the priority. */
export function standingOf({ serveBy, queuedAt }: Pick<ConversationView, 'serveBy' | 'queuedAt'>): Standing {
  if (serveBy === null || queuedAt === null) return { kind: 'by_time' };
  const minutes = Math.round((queuedAt - serveBy) / 60_000);
  if (minutes === 0) return { kind: 'by_time' };
  // Beyond any priority: their agent went away.
  if (minutes > 24 * 60) return { kind: 'first' };
  return { kind: minutes > 0 ? 'ahead' : 'behind', minutes: Math.abs(minutes) };
}
