import { setImmediate as nextTurn } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Queries } from './database.ts';
import type { EntryRow } from './schema.ts';

/** An entry of the log, and whose conversation it is in. */
export type EntryOfCustomer = EntryRow & { readonly customer_id: string };

/**
 * The entries of a kind since a time, newest first, at most `most`: in pages, between which other work goes on. An entry
 * that is written meanwhile may push another into the next page, so one may come twice.
 */
export async function* newestEntries(
  reader: Queries,
  kind: 'status' | 'verdict',
  { since, most }: { readonly since: number; readonly most: number },
): AsyncGenerator<EntryOfCustomer> {
  for (let read = 0; read < most; read += pageSize) {
    const rows = await reader
      .selectFrom('entries')
      .innerJoin('conversations', 'conversations.id', 'entries.conversation_id')
      .selectAll('entries')
      .select('conversations.customer_id')
      // Spelled out, so that the index of this kind is used.
      .where('entries.kind', '=', sql.lit(kind))
      .where('entries.at', '>=', since)
      .orderBy('entries.at', 'desc')
      .orderBy('entries.conversation_id', 'desc')
      .orderBy('entries.seq', 'desc')
      .limit(Math.min(pageSize, most - read))
      .offset(read)
      .execute();
    yield* rows;
    if (rows.length < pageSize) return;
    await nextTurn();
  }
}

const pageSize = 500;
