import type { PromiseKind, Rating } from '../conversation/conversation.ts';
import type { Database } from './database.ts';
import { newestEntries } from './newest-entries.ts';
import { entryOf } from './rows.ts';

/** What may need following up: what customers thought of it, and what they were promised and did not get. */
export type RatingStore = {
  /** Ratings given at `since` or later, the newest first, at most ten thousand. */
  since(since: number): Promise<readonly { readonly conversationId: string; readonly rating: Rating }[]>;
  /** Promises noted as broken at `since` or later, among the newest ten thousand changes. */
  breaches(
    since: number,
  ): Promise<readonly { readonly conversationId: string; readonly seq: number; readonly promise: PromiseKind }[]>;
};

/** On a database: entries of the log. */
export function ratingStore({ reader }: Database): RatingStore {
  return {
    since: async (since) => {
      const found: { conversationId: string; rating: Rating }[] = [];
      for await (const row of newestEntries(reader, 'rating', { since, most: 10_000 })) {
        const entry = entryOf(row);
        if (entry.kind === 'rating') found.push({ conversationId: row.conversation_id, rating: entry });
      }
      return found;
    },
    breaches: async (since) => {
      const found: { conversationId: string; seq: number; promise: PromiseKind }[] = [];
      for await (const row of newestEntries(reader, 'change', { since, most: 10_000 })) {
        const entry = entryOf(row);
        if (entry.kind !== 'change' || entry.change.what !== 'promise_broken') continue;
        found.push({ conversationId: row.conversation_id, seq: row.seq, promise: entry.change.promise });
      }
      return found;
    },
  };
}
