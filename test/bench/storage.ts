import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import pg from 'pg';
import type { Conversation, Draft } from '../../src/conversation/conversation.ts';
import type { ConversationLog } from '../../src/conversation/log.ts';
import { openStorage } from '../../src/storage/storage.ts';

/**
 * Writes a second through `ConversationLog.write`, half of them customers' messages and half the bot's turns, each on
 * disk before the next of the same customer; beside bare inserts of the same text into the same database. PostgreSQL
 * where TEST_POSTGRES_URL names a server.
 */
export async function benchStorage(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'zhike-bench-'));
  try {
    console.log('\nstorage: durable writes a second');
    bareSqlite(join(folder, 'bare.db'));
    await throughLog('SQLite FULL', `sqlite:${join(folder, 'zhike.db')}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const server = process.env.TEST_POSTGRES_URL;
  if (!server) console.log('  PostgreSQL: not measured, TEST_POSTGRES_URL names no server');
  else
    await onScratchDatabase(server, async (url) => {
      await barePostgres(url);
      await throughLog('PostgreSQL', url);
    });
}

const seconds = 2;
const answer: Draft = {
  text: '普通商品满 99 元包邮，不满 99 元收取 10 元运费。大件商品以下单页显示为准。',
  format: 'markdown',
  attachments: [],
  choices: [{ kind: 'feedback', title: '有帮助', value: '有帮助' }],
  understanding: {
    question: '运费多少',
    outcome: 'answer',
    articleId: 'delivery/shipping-fee',
    confidence: 0.93,
    candidates: [
      { articleId: 'delivery/shipping-fee', title: '运费怎么算', confidence: 0.93 },
      { articleId: 'returns/return-shipping-fee', title: '退货运费谁承担', confidence: 0.31 },
    ],
    unmatched: [],
  },
};
const question: Draft = { text: '运费多少', format: 'plain', attachments: [], choices: [], understanding: null };

async function throughLog(name: string, url: string): Promise<void> {
  const storage = await openStorage(url);
  for (const customers of [1, 16, 64, 256]) {
    const conversations = await Promise.all(Array.from({ length: customers }, () => begin(storage.log)));
    const times: number[] = [];
    const began = performance.now();
    const end = began + seconds * 1000;
    await Promise.all(conversations.map((conversation) => converse(storage.log, conversation, { end, times })));
    report(`${name}, ${customers} at once`, times, performance.now() - began);
  }
  await storage.close();
}

async function begin(log: ConversationLog): Promise<Conversation> {
  const id = randomUUID();
  const wanted = { id, channel: 'bench', customerId: id, customerName: null, locale: 'zh-Hans' };
  return (await log.start(wanted, Date.now())).conversation;
}

async function converse(
  log: ConversationLog,
  { id }: Conversation,
  { end, times }: { end: number; times: number[] },
): Promise<void> {
  for (let began = performance.now(); began < end; began = performance.now()) {
    const clientId = randomUUID();
    const said = await log.write(id, {
      kind: 'customer_wrote',
      at: Date.now(),
      draft: question,
      clientId,
      channelData: { clientActivityID: clientId },
    });
    times.push(performance.now() - began);
    if (said.kind !== 'saved') throw new Error(`A message was ${said.kind}.`);
    const { botCursor: cursor, customerSeq: through, memory } = said.conversation;
    const turnBegan = performance.now();
    const turn = { at: Date.now(), cursor, through, replies: [answer], memory, handoff: null, verdict: null };
    const took = await log.write(id, { kind: 'bot_took_turn', ...turn });
    times.push(performance.now() - turnBegan);
    if (took.kind !== 'saved') throw new Error(`A turn was ${took.kind}.`);
  }
}

function bareSqlite(path: string): void {
  const db = new Sqlite(path);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec('create table bare (id text, seq integer, body text, primary key (id, seq))');
  const insert = db.prepare('insert into bare (id, seq, body) values (?, ?, ?)');
  const body = JSON.stringify(answer);
  for (const together of [1, 64]) {
    const group = db.transaction((id: string) => {
      for (let seq = 0; seq < together; seq++) insert.run(id, seq, body);
    });
    const times: number[] = [];
    const began = performance.now();
    while (performance.now() < began + seconds * 1000) {
      const commitBegan = performance.now();
      group(randomUUID());
      for (let n = 0; n < together; n++) times.push(performance.now() - commitBegan);
    }
    report(`bare better-sqlite3 FULL, ${together} a commit`, times, performance.now() - began);
  }
  db.close();
}

async function barePostgres(url: string): Promise<void> {
  const pool = new pg.Pool({ connectionString: url, max: 16 });
  await pool.query('create table bare (id text, seq bigint, body text, primary key (id, seq))');
  const body = JSON.stringify(answer);
  const times: number[] = [];
  const began = performance.now();
  const insertUntilEnd = async () => {
    for (let at = performance.now(); at < began + seconds * 1000; at = performance.now()) {
      await pool.query('insert into bare (id, seq, body) values ($1, $2, $3)', [randomUUID(), 1, body]);
      times.push(performance.now() - at);
    }
  };
  await Promise.all(Array.from({ length: 16 }, insertUntilEnd));
  report('bare pg, 16 at once', times, performance.now() - began);
  await pool.end();
}

async function onScratchDatabase(server: string, work: (url: string) => Promise<void>): Promise<void> {
  const name = `zhike_bench_${randomUUID().replaceAll('-', '')}`;
  const admin = new pg.Client({ connectionString: server });
  await admin.connect();
  try {
    await admin.query(`create database ${name}`);
    const url = new URL(server);
    url.pathname = `/${name}`;
    await work(url.href);
  } finally {
    await admin.query(`drop database if exists ${name} with (force)`);
    await admin.end();
  }
}

function report(name: string, times: number[], elapsed: number): void {
  times.sort((a, b) => a - b);
  const at = (share: number) => (times[Math.floor(times.length * share)] ?? 0).toFixed(2).padStart(7);
  const rate = Math.round((times.length / elapsed) * 1000)
    .toLocaleString('en')
    .padStart(8);
  console.log(`  ${name.padEnd(40)} ${rate}/s   p50 ${at(0.5)} ms   p99 ${at(0.99)} ms`);
}
