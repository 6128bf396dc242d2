import { sql } from 'kysely';
import type { Entry, Status } from '../conversation/conversation.ts';
import { mostEntries, type FigureStore } from '../handoff/figures.ts';
import type { Database } from './database.ts';
import { entryOf } from './rows.ts';

/** What the board's figures are made of, on a database. */
export function figureStore({ reader }: Database): FigureStore {
  const ofStatus = (status: Status, since: number, limit: number) =>
    reader
      .selectFrom('conversations')
      .select(['id', 'seq', 'updated_at'])
      .where('status', '=', status)
      .where('updated_at', '>=', since)
      .orderBy('updated_at', 'desc')
      .limit(limit)
      .execute();
  return {
    changed: async (since, limit) => {
      // Each status from its own end of an index.
      const lists = await Promise.all(statuses.map((status) => ofStatus(status, since, limit)));
      return lists
        .flat()
        .sort((one, other) => other.updated_at - one.updated_at)
        .slice(0, limit)
        .map(({ id, seq }) => ({ id, seq }));
    },
    entries: async (ids, since) => {
      const found = new Map<string, Entry[]>();
      if (ids.length === 0) return found;
      const rows = await reader
        .selectFrom('entries')
        .selectAll()
        .where('conversation_id', 'in', [...ids])
        .where('at', '>=', since)
        .where(sql<boolean>`kind <> 'verdict' and not (kind = 'message' and author_role = 'customer')`)
        .orderBy('conversation_id')
        .orderBy('seq')
        .limit(mostEntries)
        .execute();
      for (const row of rows) {
        const of = found.get(row.conversation_id);
        if (of) of.push(entryOf(row));
        else found.set(row.conversation_id, [entryOf(row)]);
      }
      return found;
    },
  };
}

const statuses: readonly Status[] = ['bot', 'queued', 'assigned', 'resolved'];
