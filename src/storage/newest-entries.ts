import { setImmediate as nextTurn } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Queries } from './database.ts';
import type { EntryRow } from './schema.ts';

/** An entry of the log, and whose conversation it is in. */
export type EntryOfCustomer = EntryRow & { readonly customer_id: string };

/**
 * The entries of a kind since a time, newest first, at most `most`: in pages, between which other work goes on.
 */
export async function* newestEntries(
  reader: Queries,
  kind: 'status' | 'verdict' | 'rating' | 'change',
  { since, most }: { readonly since: number; readonly most: number },
): AsyncGenerator<EntryOfCustomer> {
  let last: EntryOfCustomer | undefined;
  for (let left = most; left > 0; left -= pageSize) {
    const size = Math.min(pageSize, left);
    const rows: readonly EntryOfCustomer[] = await pageAfter(reader, kind, since, last).limit(size).execute();
    yield* rows;
    if (rows.length < size) return;
    last = rows.at(-1);
    await nextTurn();
  }
}

/** Two to five milliseconds. */
const pageSize = 250;

function pageAfter(reader: Queries, kind: EntryRow['kind'], since: number, last: EntryOfCustomer | undefined) {
  const query = reader
    .selectFrom('entries')
    .innerJoin('conversations', 'conversations.id', 'entries.conversation_id')
    .selectAll('entries')
    .select('conversations.customer_id')
    // Spelled out, so that the index of this kind is used.
    .where('entries.kind', '=', sql.lit(kind))
    .where('entries.at', '>=', since)
    .orderBy('entries.at', 'desc')
    .orderBy('entries.conversation_id', 'desc')
    .orderBy('entries.seq', 'desc');
  if (!last) return query;
  const before = sql<boolean>`(entries.at, entries.conversation_id, entries.seq) < (${last.at}, ${last.conversation_id}, ${last.seq})`;
  // The first of the two says nothing new, but an index can be searched by it.
  return query.where('entries.at', '<=', last.at).where(before);
}
