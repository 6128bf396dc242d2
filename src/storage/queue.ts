import { sql } from 'kysely';
import type { StatusChange } from '../conversation/conversation.ts';
import type { QueueStore } from '../handoff/queue.ts';
import type { Database } from './database.ts';

/** The queue is a query. */
export function queueStore({ reader }: Database): QueueStore {
  return {
    waiting: async () => {
      const rows = await reader
        .selectFrom('conversations')
        .select(['id', 'queued_at'])
        .where('status', '=', 'queued')
        .orderBy('queued_at')
        .execute();
      return rows.map(({ id, queued_at }) => ({ id, queuedAt: queued_at ?? 0 }));
    },
    claims: async (since, limit) => {
      // Of the status changes, which have an index of their own, about every third is a claim.
      const rows = await reader
        .selectFrom('entries')
        .select(['at', 'body'])
        .where('kind', '=', sql.lit('status'))
        .where('at', '>', since)
        .orderBy('at', 'desc')
        .limit(limit * 5)
        .execute();
      const claims = rows.filter(({ body }) => (JSON.parse(body) as Pick<StatusChange, 'cause'>).cause === 'claim');
      return claims.slice(0, limit).map(({ at }) => at);
    },
  };
}
