import { sql } from 'kysely';
import type { StatusChange } from '../conversation/conversation.ts';
import type { DeadDelivery, DeliveryStore, EventName, Leased, NewDelivery, Settlement } from '../handoff/deliveries.ts';
import { concernsPeople } from '../handoff/handoff-events.ts';
import type { Database, Queries } from './database.ts';
import type { DeliveryRow } from './schema.ts';

/** The webhook's outbox on a database. What it promises is written at `DeliveryStore`. */
export function deliveryStore({ reader, transact }: Database): DeliveryStore {
  return {
    add: (deliveries) => transact((transaction) => add(transaction, deliveries)),
    attach: (ping) =>
      transact(async (transaction) => {
        await add(transaction, [ping]);
        const row = await transaction
          .selectFrom('deliveries')
          .select('created_at')
          .where('id', '=', ping.id)
          .executeTakeFirst();
        return row?.created_at ?? ping.createdAt;
      }),
    last: async (conversationId) => {
      const row = await reader
        .selectFrom('deliveries')
        .select(['seq', 'event'])
        .where('conversation_id', '=', conversationId)
        .orderBy('seq', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row ? { seq: row.seq, event: row.event as EventName } : null;
    },
    untold: (since) => untold(reader, since),
    lease: (now, until) => transact((transaction) => lease(transaction, now, until)),
    settle: (leased, settlement) => transact((transaction) => settle(transaction, leased, settlement)),
    prune: async (before) => {
      await transact((transaction) =>
        transaction
          .deleteFrom('deliveries')
          .where('state', 'in', ['delivered', 'dead'])
          .where('next_at', '<', before)
          // When an address was first told of anything is remembered for good.
          .where('event', '<>', 'ping')
          .execute(),
      );
    },

    dead: async (limit) => {
      const rows = await dead(reader).selectAll().orderBy('next_at', 'desc').orderBy('id').limit(limit).execute();
      return rows.map(deadDelivery);
    },
    retry: (id, now) =>
      transact((transaction) =>
        changeDead(transaction, id, { state: 'pending', attempts: 0, next_at: now, leased_until: 0 }),
      ),
    discard: (id, now) => transact((transaction) => changeDead(transaction, id, { done_at: now, body: '' })),
    figures: async () => {
      const count = sql<number>`count(*)`;
      const [pending, given, delivered] = await Promise.all([
        reader
          .selectFrom('deliveries')
          .select([count.as('count'), sql<number | null>`min(created_at)`.as('oldest')])
          .where('state', '=', 'pending')
          .executeTakeFirst(),
        dead(reader).select(count.as('count')).executeTakeFirst(),
        reader
          .selectFrom('deliveries')
          .select('next_at')
          .where('state', '=', 'delivered')
          .orderBy('next_at', 'desc')
          .limit(1)
          .executeTakeFirst(),
      ]);
      return {
        pending: Number(pending?.count ?? 0),
        dead: Number(given?.count ?? 0),
        oldestPendingAt: pending?.oldest ?? null,
        lastDeliveredAt: delivered?.next_at ?? null,
      };
    },
  };
}

/** Far below what either database takes as parameters of one statement. */
const rowsAtOnce = 50;

async function add(transaction: Queries, deliveries: readonly NewDelivery[]): Promise<void> {
  for (let from = 0; from < deliveries.length; from += rowsAtOnce) {
    const some = deliveries.slice(from, from + rowsAtOnce);
    const waits = await waitsOf(transaction, new Set(some.map(({ conversationId }) => conversationId)));
    await transaction
      .insertInto('deliveries')
      .values(some.map((one) => newRow(one, waits.get(one.conversationId) ?? 0)))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

/**
 * Until when the last pending delivery of each conversation waits. What comes behind it need not be looked at before:
 * while the other side is down for hours, every look would go through all that gathers.
 */
async function waitsOf(transaction: Queries, conversationIds: ReadonlySet<string>) {
  const rows = await transaction
    .selectFrom('deliveries')
    .select(['conversation_id', sql<number>`max(next_at)`.as('until')])
    .where('conversation_id', 'in', [...conversationIds])
    .where('state', '=', 'pending')
    .groupBy('conversation_id')
    .execute();
  return new Map(rows.map(({ conversation_id, until }) => [conversation_id, until]));
}

function newRow({ id, conversationId, seq, event, body, createdAt }: NewDelivery, notBefore: number): DeliveryRow {
  return {
    id,
    conversation_id: conversationId,
    seq,
    event,
    body,
    state: 'pending',
    attempts: 0,
    next_at: Math.max(createdAt, notBefore),
    leased_until: 0,
    last_error: null,
    created_at: createdAt,
    done_at: null,
  };
}

/** How many that are due are looked at, as others may be leasing them at the same moment. */
const candidates = 8;

async function lease(transaction: Queries, now: number, until: number): Promise<Leased | null> {
  const due = await transaction
    .selectFrom('deliveries as d')
    .selectAll()
    .where('state', '=', 'pending')
    .where('next_at', '<=', now)
    .where('leased_until', '<=', now)
    .where((query) =>
      query.not(
        query.exists(
          query
            .selectFrom('deliveries as earlier')
            .select('earlier.id')
            .whereRef('earlier.conversation_id', '=', 'd.conversation_id')
            .whereRef('earlier.seq', '<', 'd.seq')
            .where('earlier.state', '=', 'pending'),
        ),
      ),
    )
    // By nothing else: so the index gives them in order, and the first few end the search (1 ms with 50,000 due, not 37).
    .orderBy('next_at')
    .limit(candidates)
    .execute();
  for (const row of due) {
    const attempts = row.attempts + 1;
    const taken = await transaction
      .updateTable('deliveries')
      .set({ attempts, leased_until: until })
      .where('id', '=', row.id)
      .where('state', '=', 'pending')
      .where('attempts', '=', row.attempts)
      .where('leased_until', '=', row.leased_until)
      .executeTakeFirst();
    if (taken.numUpdatedRows > 0n) return { ...delivery(row), attempts, leasedUntil: until };
  }
  return null;
}

async function settle(transaction: Queries, leased: Leased, settlement: Settlement): Promise<boolean> {
  const settled = await transaction
    .updateTable('deliveries')
    .set(columnsOf(settlement))
    .where('id', '=', leased.id)
    .where('state', '=', 'pending')
    .where('attempts', '=', leased.attempts)
    .where('leased_until', '=', leased.leasedUntil)
    .executeTakeFirst();
  if (settled.numUpdatedRows === 0n) return false;
  // Those behind it need not be looked at before it is due again.
  if (settlement.kind === 'again') {
    await transaction
      .updateTable('deliveries')
      .set({ next_at: settlement.nextAt })
      .where('conversation_id', '=', leased.conversationId)
      .where('seq', '>', leased.seq)
      .where('state', '=', 'pending')
      .where('next_at', '<', settlement.nextAt)
      .execute();
  }
  return true;
}

function columnsOf(settlement: Settlement): Partial<DeliveryRow> {
  switch (settlement.kind) {
    case 'delivered':
      // What was said is in the log; a copy that nobody needs is a copy that can leak.
      return { state: 'delivered', next_at: settlement.at, done_at: settlement.at, last_error: null, body: '' };
    case 'again':
      return { next_at: settlement.nextAt, leased_until: 0, last_error: settlement.error };
    case 'dead':
      return { state: 'dead', next_at: settlement.at, last_error: settlement.error };
  }
}

function dead(reader: Queries) {
  return reader.selectFrom('deliveries').where('state', '=', 'dead').where('done_at', 'is', null);
}

async function changeDead(transaction: Queries, id: string, change: Partial<DeliveryRow>): Promise<boolean> {
  const changed = await transaction
    .updateTable('deliveries')
    .set(change)
    .where('id', '=', id)
    .where('state', '=', 'dead')
    .where('done_at', 'is', null)
    .executeTakeFirst();
  return changed.numUpdatedRows > 0n;
}

const pageSize = 250;

async function* untold(reader: Queries, since: number): AsyncGenerator<string> {
  yield* changesUntold(reader, since);
  yield* messagesUntold(reader, since, 'queued');
  yield* messagesUntold(reader, since, 'assigned');
}

/** Every change from or to people is told, so one without a delivery was missed. */
async function* changesUntold(reader: Queries, since: number): AsyncGenerator<string> {
  let last = { at: since, conversation_id: '', seq: 0 };
  for (;;) {
    const rows = await reader
      .selectFrom('entries')
      .select(['conversation_id', 'seq', 'at', 'body'])
      // Spelled out, so that the index of this kind is used.
      .where('kind', '=', sql.lit('status'))
      .where('at', '>=', last.at)
      .where(sql<boolean>`(at, conversation_id, seq) > (${last.at}, ${last.conversation_id}, ${last.seq})`)
      .where((query) =>
        query.not(
          query.exists(
            query
              .selectFrom('deliveries')
              .select('deliveries.id')
              .whereRef('deliveries.conversation_id', '=', 'entries.conversation_id')
              .whereRef('deliveries.seq', '=', 'entries.seq'),
          ),
        ),
      )
      .orderBy('at')
      .orderBy('conversation_id')
      .orderBy('seq')
      .limit(pageSize)
      .execute();
    for (const row of rows) {
      if (concernsPeople(JSON.parse(row.body) as StatusChange)) yield row.conversation_id;
    }
    const end = rows.at(-1);
    if (!end || rows.length < pageSize) return;
    last = end;
  }
}

/** Conversations with people whose customer wrote after the last thing that was told. */
async function* messagesUntold(reader: Queries, since: number, status: 'queued' | 'assigned'): AsyncGenerator<string> {
  let last = { updated_at: since, id: '' };
  for (;;) {
    const rows = await reader
      .selectFrom('conversations')
      .select(['id', 'updated_at'])
      .where('status', '=', status)
      .where('updated_at', '>=', last.updated_at)
      .where(sql<boolean>`(updated_at, id) > (${last.updated_at}, ${last.id})`)
      .where((query) =>
        query.not(
          query.exists(
            query
              .selectFrom('deliveries')
              .select('deliveries.id')
              .whereRef('deliveries.conversation_id', '=', 'conversations.id')
              .whereRef('deliveries.seq', '>=', 'conversations.customer_seq'),
          ),
        ),
      )
      .orderBy('updated_at')
      .orderBy('id')
      .limit(pageSize)
      .execute();
    for (const { id } of rows) yield id;
    const end = rows.at(-1);
    if (!end || rows.length < pageSize) return;
    last = end;
  }
}

function delivery({ id, conversation_id, seq, event, body, created_at }: DeliveryRow): NewDelivery {
  return { id, conversationId: conversation_id, seq, event: event as EventName, body, createdAt: created_at };
}

function deadDelivery(row: DeliveryRow): DeadDelivery {
  return { ...delivery(row), attempts: row.attempts, diedAt: row.next_at, error: row.last_error ?? '' };
}
