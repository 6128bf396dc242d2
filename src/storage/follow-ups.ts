import type { FollowUp, FollowUpStore } from '../handoff/follow-ups.ts';
import type { Database } from './database.ts';
import type { FollowUpRow } from './schema.ts';
import { isStorableId, storable, storableId } from './storable.ts';

/** Supervisors' tasks on a database. */
export function followUpStore({ reader, transact }: Database): FollowUpStore {
  return {
    add: async (followUp) => {
      const row = followUpRow(storable(followUp));
      storableId(row.conversation_id, 'conversationId');
      const { numInsertedOrUpdatedRows: added } = await transact((transaction) =>
        transaction
          .insertInto('follow_ups')
          .values(row)
          .onConflict((conflict) => conflict.columns(['conversation_id', 'kind', 'seq']).doNothing())
          .executeTakeFirst(),
      );
      return added === 1n ? 'added' : 'known';
    },
    open: async (limit) => {
      const rows = await reader
        .selectFrom('follow_ups')
        .selectAll()
        .where('done_at', 'is', null)
        .orderBy('created_at')
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map(followUpOf);
    },
    done: async (id, { agentId, at }) => {
      if (!isStorableId(id)) return 'unknown';
      const { numUpdatedRows: done } = await transact((transaction) =>
        transaction
          .updateTable('follow_ups')
          .set({ done_at: at, done_by: agentId })
          .where('id', '=', id)
          .where('done_at', 'is', null)
          .executeTakeFirst(),
      );
      if (done === 1n) return 'done';
      const row = await reader.selectFrom('follow_ups').select('id').where('id', '=', id).executeTakeFirst();
      return row ? 'already_done' : 'unknown';
    },
    count: async () => {
      const { count } = await reader
        .selectFrom('follow_ups')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('done_at', 'is', null)
        .executeTakeFirstOrThrow();
      return count;
    },
  };
}

function followUpOf(row: FollowUpRow): FollowUp {
  return {
    id: row.id,
    conversationId: row.conversation_id,
    kind: row.kind,
    seq: row.seq,
    note: row.note,
    createdAt: row.created_at,
    doneAt: row.done_at,
    doneBy: row.done_by,
  };
}

function followUpRow(followUp: FollowUp): FollowUpRow {
  return {
    id: followUp.id,
    conversation_id: followUp.conversationId,
    kind: followUp.kind,
    seq: followUp.seq,
    note: followUp.note,
    created_at: followUp.createdAt,
    done_at: followUp.doneAt,
    done_by: followUp.doneBy,
  };
}
