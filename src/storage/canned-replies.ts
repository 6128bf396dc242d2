import type { CannedReply, CannedReplyStore } from '../handoff/canned-replies.ts';
import type { Database } from './database.ts';
import type { CannedReplyRow } from './schema.ts';
import { isStorableId, storable } from './storable.ts';

/** Canned replies on a database. */
export function cannedReplyStore({ reader, transact, isUniqueViolation }: Database): CannedReplyStore {
  const orExists = async <Outcome>(saving: Promise<Outcome>): Promise<Outcome | 'exists'> => {
    try {
      return await saving;
    } catch (error) {
      if (isUniqueViolation(error)) return 'exists';
      throw error;
    }
  };
  return {
    find: async (id) => {
      if (!isStorableId(id)) return null;
      const row = await reader.selectFrom('canned_replies').selectAll().where('id', '=', id).executeTakeFirst();
      return row ? replyOf(row) : null;
    },
    insert: async (reply) => {
      const row = replyRow(storable(reply));
      const inserting = transact((transaction) => transaction.insertInto('canned_replies').values(row).execute());
      return orExists(inserting.then(() => 'saved' as const));
    },
    update: async (reply) => {
      const { id, uses: _, ...changing } = replyRow(storable(reply));
      const updating = transact((transaction) =>
        transaction.updateTable('canned_replies').set(changing).where('id', '=', id).executeTakeFirst(),
      );
      return orExists(updating.then(({ numUpdatedRows }) => (numUpdatedRows === 1n ? 'saved' : 'unknown')));
    },
    remove: async (id) => {
      if (!isStorableId(id)) return 'unknown';
      const { numDeletedRows } = await transact((transaction) =>
        transaction.deleteFrom('canned_replies').where('id', '=', id).executeTakeFirst(),
      );
      return numDeletedRows === 1n ? 'removed' : 'unknown';
    },
    list: async (limit) => {
      const rows = await reader
        .selectFrom('canned_replies')
        .selectAll()
        .orderBy('uses', 'desc')
        .orderBy('updated_at', 'desc')
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map(replyOf);
    },
    used: async (id) => {
      if (!isStorableId(id)) return;
      await transact((transaction) =>
        transaction
          .updateTable('canned_replies')
          .set(({ eb }) => ({ uses: eb('uses', '+', 1) }))
          .where('id', '=', id)
          .execute(),
      );
    },
  };
}

function replyOf(row: CannedReplyRow): CannedReply {
  return {
    id: row.id,
    shortcut: row.shortcut,
    title: row.title,
    text: row.text,
    groupId: row.group_id,
    sound: row.sound,
    uses: row.uses,
    updatedAt: row.updated_at,
    agentId: row.agent_id,
  };
}

function replyRow(reply: CannedReply): CannedReplyRow {
  return {
    id: reply.id,
    shortcut: reply.shortcut,
    title: reply.title,
    text: reply.text,
    group_id: reply.groupId,
    sound: reply.sound,
    uses: reply.uses,
    updated_at: reply.updatedAt,
    agent_id: reply.agentId,
  };
}
