import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { sql } from 'kysely';
import { type Migration, migrate, migrations } from '../../src/storage/migrations/migrations.ts';
import type { Database } from '../../src/storage/database.ts';
import { openPostgres } from '../../src/storage/postgres.ts';
import { openSqlite } from '../../src/storage/sqlite.ts';
import { openStorage } from '../../src/storage/storage.ts';
import { compileProgram } from '../support/compiled.ts';
import { noService } from '../../src/conversation/conversation.ts';
import { customerWrote, newConversation, saved } from '../support/conversations.ts';
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

for (const kind of databases) {
  describeOn(kind, 'The desk’s tables', () => {
    it('are made of what an older version left: every entry, its order, its client id, and who waits', async () => {
      const scratch = await kind.create();
      const old = openDatabase(scratch.url);
      await migrate(old, migrations.slice(0, 2));
      for (const statement of leftByVersionTwo) await sql.raw(statement).execute(old.reader);
      await old.close();

      const storage = await openStorage(scratch.url);
      const { log } = storage;
      const entries = await log.read('q1', 0, 100);
      expect(entries.map(({ seq, kind: what }) => [seq, what])).toEqual([
        [1, 'message'],
        [2, 'message'],
        [3, 'status'],
        [4, 'verdict'],
        [5, 'message'],
      ]);
      expect(entries).toMatchObject([
        { text: '运费多少', clientId: 'k1', mentions: [], replyTo: null },
        { text: '10 元', author: { role: 'bot' }, replyTo: 1 },
        { cause: 'handoff', reason: 'no_match', route: null, resolution: null, survey: null },
        { articleId: 'fee', source: 'feedback', question: '' },
        { text: '备注', private: true, clientId: 'n1', author: { name: '小李' } },
      ]);
      // What was stored under a client id is still found by it, and stays the only one.
      expect(await log.write('q1', customerWrote('运费多少', { clientId: 'k1' }))).toMatchObject({
        kind: 'duplicate',
        entry: { seq: 1 },
      });
      const again = sql`insert into entries select conversation_id, 99, kind, at, author_role, author_id, author_name,
        private, client_id, body from entries where client_id = 'k1'`;
      await expect(storage.log.write('q1', customerWrote('x', { clientId: 'k2' }))).resolves.toBeDefined();
      const raw = openDatabase(scratch.url);
      await expect(again.execute(raw.reader)).rejects.toMatchObject({
        message: expect.stringMatching(/unique/i) as string,
      });
      await raw.close();

      const queue = await log.list({ statuses: ['queued'], limit: 10 });
      expect(queue.map(({ id, serveBy, queuedAt }) => [id, serveBy, queuedAt])).toEqual([
        ['q2', 100, 100],
        ['q1', 300, 300],
      ]);
      expect(queue[1]).toMatchObject({
        priority: 'medium',
        groupId: null,
        service: { ...noService, askedAt: 300, waitingSince: 300 },
      });
      const served = await log.find('s1');
      expect(served).toMatchObject({ status: 'assigned', agentId: 'li', serveBy: null, service: noService });

      // And life goes on: with entries of the new kinds, and agents who have a status.
      const li = { id: 'li', name: '小李' };
      await saved(log, 's1', {
        kind: 'resolved',
        at: 5,
        agent: li,
        version: 2,
        seen: 9,
        survey: 'csat',
        returnsUntil: 10,
      });
      await saved(log, 's1', { kind: 'customer_rated', at: 6, score: 5, comment: null, clientId: null });
      const back = await saved(log, 's1', customerWrote('还有', { at: 7 }));
      expect(back.conversation).toMatchObject({ status: 'queued', service: { reservedFor: li } });
      expect(await storage.agents.list()).toMatchObject([
        { id: 'li', status: 'online', capacity: null, groups: [], disabled: false },
      ]);
      await storage.close();
      await scratch.drop();
    });
  });
}

/** A queue of two, of whom the second began to wait first, and one who is served, as version 2 wrote them. */
const leftByVersionTwo = [
  ...[
    `'q1', 'webchat', 'u1', null, 'zh-Hans', 'queued', null, null, 1, 5, 1, 1, '{"misses":1}', 'no_match', 300, 1, 400`,
    `'q2', 'webchat', 'u2', '韩梅梅', 'zh-Hant', 'queued', null, null, 1, 0, 0, 0, '{}', 'no_match', 100, 1, 500`,
    `'s1', 'webchat', 'u3', null, 'zh-Hans', 'assigned', 'li', '小李', 2, 0, 0, 0, '{}', 'no_match', 50, 1, 60`,
  ].map(
    (
      values,
    ) => `insert into conversations (id, channel, customer_id, customer_name, locale, status, agent_id, agent_name,
      version, seq, customer_seq, bot_cursor, memory, handoff_reason, queued_at, created_at, updated_at)
      values (${values})`,
  ),
  // Not in order.
  ...[
    `5, 'message', 50, 'agent', 'li', '小李', 1, 'n1', '${said('备注')}'`,
    `2, 'message', 20, 'bot', 'bot', null, 0, null, '${said('10 元', 1)}'`,
    `1, 'message', 10, 'customer', 'u1', null, 0, 'k1', '${said('运费多少')}'`,
    `4, 'verdict', 40, 'customer', 'u1', null, 0, null, '{"about":2,"articleId":"fee","helpful":false}'`,
    `3, 'status', 30, 'bot', 'bot', null, 0, null, '${JSON.stringify({
      from: 'bot',
      to: 'queued',
      cause: 'handoff',
      reason: 'no_match',
      agent: null,
      understanding: null,
    })}'`,
  ].map(
    (values) => `insert into entries (conversation_id, seq, kind, at, author_role, author_id, author_name, private,
      client_id, body) values ('q1', ${values})`,
  ),
  `insert into agents (id, email, name, role, password_hash, disabled, created_at, seen_at)
     values ('li', 'li@example.com', '小李', 'agent', 'hash', 0, 1, null)`,
];

function said(text: string, replyTo: number | null = null): string {
  const body = { text, format: 'plain', attachments: [], choices: [], understanding: null, channelData: null, replyTo };
  return JSON.stringify(body);
}

function openDatabase(url: string): Database {
  return url.startsWith('sqlite:') ? openSqlite(url.slice('sqlite:'.length)) : openPostgres(url);
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
