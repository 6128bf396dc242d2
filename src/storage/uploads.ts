import type { Database } from './database.ts';
import { isStorableId, storable } from './storable.ts';

/** What is known of an uploaded file; its bytes are in the media folder. */
export type Upload = {
  readonly id: string;
  readonly conversationId: string;
  readonly name: string;
  readonly contentType: string;
  readonly size: number;
  readonly createdAt: number;
};

export type UploadStore = {
  insert(upload: Upload): Promise<void>;
  find(id: string): Promise<Upload | null>;
};

/** The list of uploads on a database. */
export function uploadStore({ reader, transact }: Database): UploadStore {
  return {
    insert: async (given) => {
      const { id, conversationId, name, contentType, size, createdAt } = storable(given);
      const row = { id, conversation_id: conversationId, name, content_type: contentType, size, created_at: createdAt };
      await transact((transaction) => transaction.insertInto('uploads').values(row).execute());
    },
    find: async (id) => {
      if (!isStorableId(id)) return null;
      const row = await reader.selectFrom('uploads').selectAll().where('id', '=', id).executeTakeFirst();
      if (!row) return null;
      const { conversation_id: conversationId, content_type: contentType, created_at: createdAt } = row;
      return { id, conversationId, name: row.name, contentType, size: row.size, createdAt };
    },
  };
}
