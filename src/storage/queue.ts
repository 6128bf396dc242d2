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
        .select(['id', 'queued_at', 'serve_by', 'group_id'])
        .where('status', '=', 'queued')
        .orderBy('serve_by')
        .orderBy('id')
        .execute();
      return rows.map(({ id, queued_at, serve_by, group_id }) => {
        const queuedAt = queued_at ?? 0;
        return { id, queuedAt, serveBy: serve_by ?? queuedAt, groupId: group_id };
      });
    },
    served: async (since, limit) => {
      // Of the status changes, which have an index of their own, about every third is one.
      const rows = await reader
        .selectFrom('entries')
        .innerJoin('conversations', 'conversations.id', 'entries.conversation_id')
        .select(['entries.at', 'entries.body', 'conversations.group_id'])
        .where('entries.kind', '=', sql.lit('status'))
        .where('entries.at', '>', since)
        .orderBy('entries.at', 'desc')
        .limit(limit * 5)
        .execute();
      const served = rows.filter(({ body }) => isServed(JSON.parse(body) as Pick<StatusChange, 'from' | 'to'>));
      return served.slice(0, limit).map(({ at, group_id }) => ({ at, groupId: group_id }));
    },
  };
}

/** From the queue to an agent, whoever saw to it. */
function isServed({ from, to }: Pick<StatusChange, 'from' | 'to'>): boolean {
  return from === 'queued' && to === 'assigned';
}
