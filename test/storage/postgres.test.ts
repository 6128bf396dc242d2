import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { sql } from 'kysely';
import pg from 'pg';
import { BusyError } from '../../src/errors.ts';
import { openPostgres } from '../../src/storage/postgres.ts';
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

    it('migrates for as long as that takes, and waits for whoever does', async () => {
      const impatient = openPostgres(withSetting(database.url, 'statement_timeout', 100));
      const sleep = sql`select pg_sleep(0.3)`;
      await expect(sleep.execute(impatient.reader)).rejects.toThrow(BusyError);
      const both = [1, 2].map(() =>
        impatient.exclusively(async (transaction) => void (await sleep.execute(transaction))),
      );
      await expect(Promise.all(both)).resolves.toBeDefined();
      await impatient.close();
    });

    it('is busy when a query takes longer than the database allows it', async () => {
      await storage.log.start(newConversation(), 1);
      const impatient = await openStorage(withSetting(database.url, 'statement_timeout', 200));
      const holder = new pg.Client({ connectionString: database.url });
      await holder.connect();
      await holder.query('begin; lock table conversations in access exclusive mode');
      await expect(impatient.log.write('c1', customerWrote('在吗'))).rejects.toThrow(BusyError);
      await expect(impatient.log.find('c1')).rejects.toThrow(BusyError);
      await holder.end();
      await saved(impatient.log, 'c1', customerWrote('在吗'));
      await impatient.close();
    });

    it('is busy while the database is silent, and goes on with new connections', async () => {
      await storage.log.start(newConversation(), 1);
      const proxy = await silenceableProxy(database.url);
      const far = await openStorage(withSetting(proxy.url, 'query_timeout', 300));
      await saved(far.log, 'c1', customerWrote('在吗', { clientId: 'a' }));
      proxy.silence();
      const waiting = [far.log.write('c1', customerWrote('喂', { clientId: 'b' })), far.log.find('c1')];
      for (const each of await Promise.allSettled(waiting)) {
        expect(each).toMatchObject({ status: 'rejected', reason: expect.any(BusyError) as unknown });
      }
      proxy.speak();
      await saved(far.log, 'c1', customerWrote('喂', { clientId: 'b' }));
      expect(await far.log.find('c1')).toMatchObject({ seq: 2 });
      await far.close();
      await proxy.close();
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

function withSetting(url: string, name: string, milliseconds: number): string {
  const changed = new URL(url);
  changed.searchParams.set(name, String(milliseconds));
  return changed.href;
}

/** Stands between us and the database. Silenced, it keeps its connections open and lets nothing through, ever. */
async function silenceableProxy(url: string) {
  const target = new URL(url);
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(target.port || 5432), target.hostname);
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('error', () => undefined).on('close', () => open.delete(socket));
    }
    near.pipe(far).pipe(near);
    if (silent) near.unpipe(far);
  });
  let silent = false;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const through = new URL(url);
  through.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: through.href,
    silence: () => {
      silent = true;
      for (const socket of open) socket.unpipe();
    },
    speak: () => (silent = false),
    close: async () => {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
