import { type SqlBool, type RawBuilder, sql } from 'kysely';
import {
  type Glance,
  mostCounted,
  type Place,
  type SearchAccess,
  type SearchCandidate,
  type SearchStore,
  type TermAt,
} from '../handoff/search/transcript-search.ts';
import type { Database, Queries } from './database.ts';
import { entryOf } from './rows.ts';
import type { EntryRow } from './schema.ts';
import { isStorableId } from './storable.ts';

/** What transcripts are searched by, on a database. The texts of its statements are few: lists are filled up. */
export function searchStore({ reader, transact }: Database): SearchStore {
  return {
    add: (terms, cursor) =>
      transact(async (transaction) => {
        for (const chunk of chunksOf(terms)) await insertTerms(transaction, chunk);
        if (cursor) await advance(transaction, cursor);
      }),
    cursorOf: async (conversationId) => {
      const row = await reader
        .selectFrom('search_cursors')
        .select('seq')
        .where('conversation_id', '=', conversationId)
        .executeTakeFirst();
      return row?.seq ?? 0;
    },
    progress: async (after, limit) => {
      const rows = await reader
        .selectFrom('conversations')
        .leftJoin('search_cursors', 'search_cursors.conversation_id', 'conversations.id')
        .select(['conversations.id', 'conversations.seq', 'search_cursors.seq as cursor'])
        .where('conversations.id', '>', after)
        .orderBy('conversations.id')
        .limit(limit)
        .execute();
      return rows.map(({ id, seq, cursor }) => ({ conversationId: id, seq, cursor: cursor ?? 0 }));
    },
    frequencies: async (terms, limit) => {
      const counts = filledUp(terms, mostCounted).map(
        (term, index) =>
          sql`(select count(*) from (select 1 from search_terms where term = ${term} limit ${limit}) as counted)
              as ${sql.ref(`count${index}`)}`,
      );
      const { rows } = await sql<Record<string, number>>`select ${sql.join(counts)}`.execute(reader);
      return terms.map((_, index) => rows[0]?.[`count${index}`] ?? 0);
    },
    look: async (glance) => {
      if (glance.before && !isStorableId(glance.before.conversationId)) return { candidates: [], last: null };
      const [candidates, last] = await Promise.all([candidatesOf(reader, glance), lastOf(reader, glance)]);
      return { candidates, last };
    },
  };
}

async function insertTerms(transaction: Queries, terms: readonly TermAt[]): Promise<void> {
  const rows = terms.map(({ term, at, conversationId, seq }) => ({ term, at, conversation_id: conversationId, seq }));
  await transaction
    .insertInto('search_terms')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

async function advance(transaction: Queries, cursor: { readonly conversationId: string; readonly seq: number }) {
  await transaction
    .insertInto('search_cursors')
    .values({ conversation_id: cursor.conversationId, seq: cursor.seq })
    .onConflict((conflict) =>
      conflict.column('conversation_id').doUpdateSet({ seq: cursor.seq }).where('search_cursors.seq', '<', cursor.seq),
    )
    .execute();
}

/** Sixty-four at a time, then eight, then one. */
function chunksOf(terms: readonly TermAt[]): readonly (readonly TermAt[])[] {
  const chunks: (readonly TermAt[])[] = [];
  for (let from = 0; from < terms.length;) {
    const size = [64, 8, 1].find((size) => size <= terms.length - from) ?? 1;
    chunks.push(terms.slice(from, from + size));
    from += size;
  }
  return chunks;
}

/** The joins are crossed so that SQLite takes them in this order: the places first, then what belongs to them. */
async function candidatesOf(reader: Queries, glance: Glance): Promise<readonly SearchCandidate[]> {
  const [rarest, ...others] = glance.terms;
  if (rarest === undefined) return [];
  // Not `exists`, which PostgreSQL would turn into a join with all that have the term.
  const hasOthers = others.map(
    (term) => sql`
      and (
        select 1 from search_terms as other
        where other.term = ${term} and other.at = place.at
          and other.conversation_id = place.conversation_id and other.seq = place.seq
      ) = 1`,
  );
  const { rows } = await sql<EntryRow>`
    select entries.*
    from (${placesOf(rarest, glance)} limit ${glance.size}) as place
    cross join conversations
    cross join entries
    where conversations.id = place.conversation_id
      and entries.conversation_id = place.conversation_id and entries.seq = place.seq
      and ${mayBeFound(glance.access)}
      ${sql.join(hasOthers, sql``)}
    order by place.at desc, place.conversation_id desc, place.seq desc`.execute(reader);
  return rows.flatMap((row) => {
    const message = entryOf(row);
    return message.kind === 'message' ? [{ conversationId: row.conversation_id, message }] : [];
  });
}

async function lastOf(reader: Queries, glance: Glance): Promise<Place | null> {
  const [rarest] = glance.terms;
  if (rarest === undefined) return null;
  const { rows } = await sql<{ at: number; conversation_id: string; seq: number }>`
    ${placesOf(rarest, glance)} limit 1 offset ${glance.size - 1}`.execute(reader);
  const [row] = rows;
  return row ? { at: row.at, conversationId: row.conversation_id, seq: row.seq } : null;
}

/** The messages that have a term, newest first. Of the conditions on time the first is what the index is searched by. */
function placesOf(term: string, { before }: Glance): RawBuilder<unknown> {
  const { at, conversationId, seq } = before ?? { at: Number.MAX_SAFE_INTEGER, conversationId: '', seq: 0 };
  return sql`
    select at, conversation_id, seq from search_terms
    where term = ${term} and at <= ${at} and (at, conversation_id, seq) < (${at}, ${conversationId}, ${seq})
    order by at desc, conversation_id desc, seq desc`;
}

function mayBeFound({ groups, agentId }: SearchAccess): RawBuilder<SqlBool> {
  if (groups === null) return sql`1 = 1`;
  const named = groups.filter((group) => group !== null);
  const list = filledUp(named.filter(isStorableId), named.length <= 8 ? 8 : 128);
  const ofNone = groups.includes(null) ? 1 : 0;
  return sql`(
    conversations.group_id in (${sql.join(list)})
    or (conversations.group_id is null and ${ofNone} = 1)
    or conversations.agent_id = ${agentId ?? ''}
  )`;
}

/** The list, its first value repeated until it is `length` long: no value of ours is empty. */
function filledUp(values: readonly string[], length: number): readonly string[] {
  return Array.from({ length }, (_, index) => values[index] ?? values[0] ?? '');
}
