import pg from 'pg';
import { BusyError } from '../../src/errors.ts';
import { openStorage, type Storage } from '../../src/storage/storage.ts';
import { allEntries, customerWrote, newConversation, saved } from '../support/conversations.ts';
import { databases, describeOn, type ScratchDatabase } from '../support/databases.ts';

for (const kind of databases.filter(({ name }) => name === 'PostgreSQL')) {
  describeOn(kind, 'The storage', () => {
    let database: ScratchDatabase;
    let storage: Storage;
    beforeEach(async () => {
      database = await kind.create();
      storage = await openStorage(database.url);
    });
    afterEach(async () => {
      await storage.close();
      await database.drop();
    });

    it('is busy while its connections are cut, loses nothing it acknowledged and goes on by itself', async () => {
      const { log } = storage;
      await log.start(newConversation(), 1);
      const acknowledged: string[] = [];
      const failures: unknown[] = [];
      for (let cut = 0; cut < 5; cut++) {
        const writing = Array.from({ length: 30 }, async (_, n) => {
          const clientId = `${cut}-${n}`;
          await saved(log, 'c1', customerWrote('在吗', { clientId })).then(
            () => acknowledged.push(clientId),
            (reason: unknown) => failures.push(reason),
          );
        });
        await cutAllConnections(database.url);
        await Promise.all(writing);
      }
      expect(failures.length).toBeGreaterThan(0);
      for (const failure of failures) expect(failure).toBeInstanceOf(BusyError);

      await saved(log, 'c1', customerWrote('又好了', { clientId: 'after' }));
      const entries = await allEntries(log, 'c1');
      expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
      const stored = entries.map((entry) => (entry.kind === 'message' ? entry.clientId : null));
      expect(stored).toEqual(expect.arrayContaining([...acknowledged, 'after']));
      expect(new Set(stored).size).toBe(stored.length);
    });

    it('is busy when nobody answers, and when it was closed', async () => {
      await expect(openStorage('postgres://postgres@127.0.0.1:1/nobody')).rejects.toThrow(BusyError);
      const other = await openStorage(database.url);
      await other.close();
      await expect(other.log.find('c1')).rejects.toThrow();
      await expect(other.log.write('c1', customerWrote('在吗'))).rejects.toThrow();
    });
  });
}

async function cutAllConnections(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  );
  await client.end();
}
