import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { BusyError } from '../../src/errors.ts';
import { conversationLog } from '../../src/storage/conversations.ts';
import type { Database } from '../../src/storage/database.ts';
import { migrate } from '../../src/storage/migrations/migrations.ts';
import { openSqlite } from '../../src/storage/sqlite.ts';
import { openStorage } from '../../src/storage/storage.ts';
import { allEntries, customerWrote, newConversation, saved } from '../support/conversations.ts';
import { temporaryFolder } from '../support/databases.ts';

describe('SQLite', () => {
  const folder = temporaryFolder();
  afterAll(() => folder.remove());

  it('creates the file and the folders above it', async () => {
    const path = join(folder.path, 'not/yet/there/zhike.db');
    const storage = await openStorage(`sqlite:${path}`);
    await storage.ready();
    await storage.close();
    expect(existsSync(path)).toBe(true);
  });

  it('flushes every commit to the disk, in WAL mode, and checks foreign keys', async () => {
    const database = openSqlite(join(folder.path, 'pragmas.db'));
    const pragmas = [
      await pragma(database, 'journal_mode'),
      await pragma(database, 'synchronous'),
      await pragma(database, 'foreign_keys'),
    ];
    expect(pragmas).toEqual(['wal', 2, 1]);
    await database.close();
  });

  it('says so when the disk is full, still reads, and writes again when there is room', async () => {
    const database = openSqlite(join(folder.path, 'full.db'));
    await migrate(database);
    const log = conversationLog(database);
    await log.start(newConversation(), 1);
    await saved(log, 'c1', customerWrote('还有地方', { clientId: 'k0' }));
    const pages = (await pragma(database, 'page_count')) as number;
    await pragma(database, `max_page_count = ${pages + 20}`);

    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) => saved(log, 'c1', customerWrote('满'.repeat(50_000), { clientId: `f${n}` }))),
    );
    const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
    expect(failures.length).toBeGreaterThan(0);
    for (const failure of failures) {
      expect(failure).toBeInstanceOf(BusyError);
      expect(failure).toMatchObject({ cause: { code: 'SQLITE_FULL' } });
    }
    expect(await allEntries(log, 'c1')).toHaveLength(1 + outcomes.length - failures.length);

    await pragma(database, `max_page_count = ${pages + 10_000}`);
    await saved(log, 'c1', customerWrote('又有地方', { clientId: 'k1' }));
    const entries = await allEntries(log, 'c1');
    expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
    await database.close();
  });

  it('rejects reads and writes after it was closed', async () => {
    const storage = await openStorage(`sqlite:${join(folder.path, 'closed.db')}`);
    await storage.log.start(newConversation(), 1);
    await storage.close();
    await expect(storage.log.write('c1', customerWrote('在吗'))).rejects.toThrow(BusyError);
    await expect(storage.log.find('c1')).rejects.toThrow(BusyError);
    await expect(storage.ready()).rejects.toThrow(BusyError);
  });

  it('finishes the writes that were waiting when it is closed', async () => {
    const url = `sqlite:${join(folder.path, 'drained.db')}`;
    const storage = await openStorage(url);
    await storage.log.start(newConversation(), 1);
    const waiting = Array.from({ length: 600 }, (_, n) => storage.log.write('c1', customerWrote(String(n))));
    await storage.close();
    expect((await Promise.all(waiting)).every(({ kind }) => kind === 'saved')).toBe(true);
    const again = await openStorage(url);
    expect(await again.log.find('c1')).toMatchObject({ seq: 600 });
    await again.close();
  });

  it('in memory shows readers only what is committed', async () => {
    const database = openSqlite(':memory:');
    await migrate(database);
    const log = conversationLog(database);
    await log.start(newConversation(), 1);
    const half = database.transact(async (transaction) => {
      await transaction.updateTable('conversations').set({ locale: 'half done' }).execute();
      const seen = log.find('c1');
      await transaction.updateTable('conversations').set({ locale: 'done' }).execute();
      return { seen };
    });
    const { seen } = await half;
    expect(await seen).toMatchObject({ locale: 'done' });
    await database.close();
  });

  it('in a file shows readers only what is committed', async () => {
    const database = openSqlite(join(folder.path, 'isolated.db'));
    await migrate(database);
    const log = conversationLog(database);
    await log.start(newConversation({ locale: 'before' }), 1);
    const seen = await database.transact(async (transaction) => {
      await transaction.updateTable('conversations').set({ locale: 'half done' }).execute();
      return log.find('c1');
    });
    expect(seen).toMatchObject({ locale: 'before' });
    await database.close();
  });

  it('refuses an address it does not know, and says what to write', async () => {
    for (const url of ['', 'sqlite:', 'mysql://x', './zhike.db']) {
      await expect(openStorage(url)).rejects.toThrow('sqlite:./path/to/file.db');
    }
  });
});

/** Runs a pragma on the connection that writes, and returns what it says. */
function pragma(database: Database, text: string): Promise<unknown> {
  return database.transact(async (transaction) => {
    const { rows } = await sql.raw<Record<string, unknown>>(`pragma ${text}`).execute(transaction);
    return Object.values(rows[0] ?? {})[0];
  });
}
