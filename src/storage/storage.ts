import { sql } from 'kysely';
import type { ConversationLog } from '../conversation/log.ts';
import { conversationLog } from './conversations.ts';
import type { Database } from './database.ts';
import { migrate } from './migrations/migrations.ts';
import { openPostgres } from './postgres.ts';
import { openSqlite } from './sqlite.ts';

/** Everything that is remembered. */
export type Storage = {
  readonly log: ConversationLog;
  /** Resolves when the database answers. */
  ready(): Promise<void>;
  /** Lets running writes finish, then closes. */
  close(): Promise<void>;
};

/**
 * Opens the database and brings its tables up to date. `databaseUrl` is `sqlite:./path/to/file.db`, `sqlite::memory:`
 * (gone at close) or `postgres://user:password@host/database`.
 */
export async function openStorage(databaseUrl: string): Promise<Storage> {
  const database = openDatabase(databaseUrl);
  try {
    await migrate(database);
  } catch (error) {
    await database.close();
    throw error;
  }
  return {
    log: conversationLog(database),
    ready: async () => {
      await sql`select 1`.execute(database.reader);
    },
    close: () => database.close(),
  };
}

function openDatabase(url: string): Database {
  if (url.startsWith('sqlite:') && url.length > 'sqlite:'.length) return openSqlite(url.slice('sqlite:'.length));
  if (/^postgres(ql)?:\/\//.test(url)) return openPostgres(url);
  throw new Error(
    'DATABASE_URL must be sqlite:./path/to/file.db, sqlite::memory: or postgres://user:password@host/name.',
  );
}
