import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { sql } from 'kysely';
import { type Migration, migrate, migrations } from '../../src/storage/migrations/migrations.ts';
import { openSqlite } from '../../src/storage/sqlite.ts';
import { openStorage } from '../../src/storage/storage.ts';
import { compileProgram } from '../support/compiled.ts';
import { newConversation } from '../support/conversations.ts';
import { databases, describeOn, type ScratchDatabase } from '../support/databases.ts';

for (const kind of databases) {
  describeOn(kind, 'Migrating', () => {
    let database: ScratchDatabase;
    beforeEach(async () => {
      database = await kind.create();
    });
    afterEach(() => database.drop());

    it('runs once when eight start at the same time', async () => {
      const storages = await Promise.all(Array.from({ length: 8 }, () => openStorage(database.url)));
      await Promise.all(storages.map(({ log }, n) => log.start(newConversation({ id: `c${n}` }), 1)));
      for (const { log } of storages) expect(await log.list({ statuses: ['bot'], limit: 10 })).toHaveLength(8);
      await Promise.all(storages.map((storage) => storage.close()));
    });

    it('keeps what is there when it starts again', async () => {
      const first = await openStorage(database.url);
      await first.log.start(newConversation(), 1);
      await first.close();
      const second = await openStorage(database.url);
      expect(await second.log.find('c1')).not.toBeNull();
      await second.close();
    });

    it('runs once when four processes start at the same time', async () => {
      const program = compileProgram(join(__dirname, 'starter.program.ts'));
      const children = Array.from({ length: 4 }, () =>
        spawn(process.execPath, [program.path, database.url], { stdio: ['ignore', 'ignore', 'inherit'] }),
      );
      const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0] as number));
      program.remove();
      expect(codes).toEqual([0, 0, 0, 0]);
    });
  });
}

describe('A migration', () => {
  const broken: Migration = { id: 1_000, name: 'broken', up: ['create table half (id text)', 'create nonsense'] };

  it('that fails leaves nothing of itself', async () => {
    const database = openSqlite(':memory:');
    await migrate(database);
    await expect(migrate(database, [...migrations, broken])).rejects.toMatchObject({
      message: expect.stringContaining('nonsense') as unknown,
    });
    const left = await sql`select name from sqlite_master where name = 'half'`.execute(database.reader);
    expect(left.rows).toEqual([]);
    await migrate(database);
    await database.close();
  });

  it('of a newer program is not overwritten by an older one', async () => {
    const database = openSqlite(':memory:');
    await migrate(database, [
      ...migrations,
      { id: 99, name: 'from the future', up: ['create table future (id text)'] },
    ]);
    await expect(migrate(database)).rejects.toThrow('Update zhike');
    await database.close();
  });

  it('is numbered in order, once', () => {
    const ids = migrations.map(({ id }) => id);
    expect(ids).toEqual(ids.map((_, index) => index + 1));
  });
});
