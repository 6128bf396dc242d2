import type { Rating } from '../conversation/conversation.ts';
import type { Database } from './database.ts';
import { newestEntries } from './newest-entries.ts';
import { entryOf } from './rows.ts';

/** What customers thought of it. */
export type RatingStore = {
  /** Ratings given at `since` or later, the newest first, at most ten thousand. */
  since(since: number): Promise<readonly { readonly conversationId: string; readonly rating: Rating }[]>;
};

/** Ratings on a database: entries of the log. */
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
  };
}
