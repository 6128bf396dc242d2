import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import { createApp, type App } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { createMetrics } from '../src/metrics.ts';
import { databases, describeOn } from './support/databases.ts';
import { freePort } from './support/free-port.ts';

/** The whole desk over HTTP, on a free port, with its own folder of data and of knowledge. */
describe('the desk in one process', () => {
  let folder: string;
  let app: App;
  let url: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'zhike-app-'));
    await mkdir(join(folder, 'knowledge'));
    await writeArticle('refund-time', '退款多久到账？', '退款后 1–3 个工作日到账。');
    await writeArticle('shipping-fee', '运费多少钱？', '满 99 元包邮。');
    await start();
  });
  afterEach(async () => {
    await app.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function start(): Promise<void> {
    const port = await freePort();
    app = await open({
      PORT: String(port),
      DATA_DIR: join(folder, 'data'),
      DATABASE_URL: `sqlite:${join(folder, 'data/zhike.db')}`,
      KNOWLEDGE_DIR: join(folder, 'knowledge'),
      DIRECT_LINE_SECRET: 'a-secret-for-the-shop-s-own-backend',
      ADMIN_EMAIL: 'admin@example.org',
      ADMIN_PASSWORD: 'a long enough password',
    });
    await app.listen();
    url = `http://127.0.0.1:${port}`;
  }

  function open(settings: Readonly<Record<string, string>>): Promise<App> {
    return openApp(folder, settings);
  }

  function writeArticle(name: string, title: string, body: string): Promise<void> {
    return writeFile(join(folder, `knowledge/${name}.md`), `---\ntitle: ${title}\n---\n${body}\n`);
  }

  it('answers a customer from the article over Direct Line', async () => {
    const customer = await openConversation();
    await customer.posts('退款多久到账');
    expect(await customer.waitsFor('1–3 个工作日')).toMatchObject({
      from: { role: 'bot' },
      channelData: { author: 'bot', answer: { articleId: 'refund-time' } },
    });
  });

  it('serves a saved article within a second, and the last good version of one that breaks', async () => {
    const customer = await openConversation();
    const saved = Date.now();
    await writeArticle('shipping-fee', '运费多少钱？', '满 59 元包邮。');
    await customer.asksUntil('运费多少钱', '满 59 元包邮');
    expect(Date.now() - saved).toBeLessThan(3_000);
    await writeFile(join(folder, 'knowledge/shipping-fee.md'), '---\ntitle: [broken\n---\n');
    await metric(/article_faults\S* 1/);
    await customer.asksUntil('运费多少钱', '满 59 元包邮');
  });

  it('goes on after a restart where it was', async () => {
    const customer = await openConversation();
    await customer.posts('退款多久到账');
    await customer.waitsFor('1–3 个工作日');
    await app.stop();
    await start();
    await customer.posts('运费多少钱');
    await customer.waitsFor('满 99 元包邮');
    expect((await customer.activities()).filter(({ type }) => type === 'message')).toHaveLength(5);
  });

  it('lets the administrator from the settings sign in and claim who waits', async () => {
    const customer = await openConversation();
    await customer.posts('转人工');
    await customer.waitsFor('现在没有坐席在线');
    const headers = { origin: url, 'content-type': 'application/json' };
    const body = JSON.stringify({ email: 'admin@example.org', password: 'a long enough password' });
    const signedIn = await fetch(`${url}/api/console/session`, { method: 'POST', headers, body });
    expect(signedIn.status).toBe(200);
    const cookie = (signedIn.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const claim = await fetch(`${url}/api/console/conversations/${customer.id}/claim`, {
      method: 'POST',
      headers: { ...headers, cookie },
      body: '{}',
    });
    expect(claim.status).toBe(200);
    await customer.posts('退款多久到账');
    const events = (await customer.activities()).filter(({ name }) => name === 'handoff.status');
    expect(events.map(({ value }) => value?.state)).toEqual(['queued', 'accepted']);
  });

  it('lets an editor put a customer’s wording into its article, and sees the gap a new article closes', async () => {
    const customer = await openConversation();
    await customer.posts('请问退款多久能到账');
    const { id: about } = await customer.waitsFor('1–3 个工作日');
    await customer.sends({ type: 'event', name: 'zhike.feedback', value: { about, helpful: true } });
    for (const question of ['能寄到月球吗', '可以寄月球吗']) await customer.posts(question);
    await customer.waitsFor('现在没有坐席在线');

    const editor = await signIn();
    const { proposals } = await editor('proposals');
    expect(proposals).toMatchObject([{ articleId: 'refund-time', voices: { feedback: 1, pick: 0, agent: 0 } }]);
    const { articleId, question } = (proposals as { articleId: string; question: string }[])[0] ?? {};
    expect(await editor('gaps')).toMatchObject({ gaps: [{ count: 1, customers: 1, nowAnswered: null }] });

    await editor('proposals/decide', { articleId, question, decision: 'accept' });
    expect(await readFile(join(folder, 'knowledge/refund-time.md'), 'utf8')).toBe(
      `---\ntitle: 退款多久到账？\nquestions:\n  - ${question}\n---\n退款后 1–3 个工作日到账。\n`,
    );
    expect(await editor('proposals')).toEqual({ proposals: [] });
    await writeArticle('moon', '能寄到月球吗？', '月球暂不配送。');
    await until(async () => (await editor('explain', { question })).because === 'exact');
    await until(async () => JSON.stringify(await editor('gaps')).includes('"articleId":"moon"'));
  });

  it('is ready, measured, and tells nothing of customers in its metrics', async () => {
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    const customer = await openConversation();
    await customer.posts('退款多久到账');
    await customer.waitsFor('1–3 个工作日');
    const text = await metric(/turns_total\{outcome="answer"\} 1/);
    expect(text).not.toContain(customer.id);
  });

  it('keeps the password that is shown once until it could open its port', async () => {
    const port = await freePort();
    const other = createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');
    const dataDir = join(folder, 'data-of-a-newcomer');
    const settings = { PORT: String(port), DATA_DIR: dataDir, KNOWLEDGE_DIR: join(folder, 'knowledge') };
    const first = await open(settings);
    await expect(first.listen()).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await first.stop();
    other.close();
    await once(other, 'close');
    const second = await open(settings);
    expect(await second.listen()).toMatchObject({ kind: 'generated' });
    await second.stop();
  });

  /** The console of the administrator, as far as it is about the knowledge. */
  async function signIn() {
    const headers = { origin: url, 'content-type': 'application/json' };
    const body = JSON.stringify({ email: 'admin@example.org', password: 'a long enough password' });
    const signedIn = await fetch(`${url}/api/console/session`, { method: 'POST', headers, body });
    const cookie = (signedIn.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    return async (path: string, sent?: unknown): Promise<Record<string, unknown>> => {
      const response = await fetch(`${url}/api/console/knowledge/${path}`, {
        headers: { ...headers, cookie },
        ...(sent === undefined ? {} : { method: 'POST', body: JSON.stringify(sent) }),
      });
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      return (await response.json()) as Record<string, unknown>;
    };
  }

  /** The test's own time limit ends it. */
  async function until(isSo: () => Promise<boolean>): Promise<void> {
    while (!(await isSo()));
  }

  async function metric(pattern: RegExp): Promise<string> {
    for (;;) {
      const text = await (await fetch(`${url}/metrics`)).text();
      if (pattern.test(text)) return text;
    }
  }

  type Activity = {
    readonly type: string;
    readonly id: string;
    readonly name?: string;
    readonly text?: string;
    readonly value?: { readonly state: string };
  };

  async function openConversation() {
    const call = async (path: string, token: string, body?: unknown): Promise<Record<string, unknown>> => {
      const response = await fetch(`${url}/v3/directline${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      return (await response.json()) as Record<string, unknown>;
    };
    const generated = await call('/tokens/generate', 'a-secret-for-the-shop-s-own-backend', { user: { id: 'dl_1' } });
    const token = generated.token as string;
    const id = (await call('/conversations', token, {})).conversationId as string;
    const activities = async () => (await call(`/conversations/${id}/activities`, token)).activities as Activity[];
    const sends = (activity: object) => call(`/conversations/${id}/activities`, token, activity);
    const posts = (text: string) => sends({ type: 'message', text });
    const waitsFor = async (text: string): Promise<Activity> => {
      for (;;) {
        const found = (await activities()).findLast((activity) => activity.text?.includes(text));
        if (found) return found;
      }
    };
    const asksUntil = async (question: string, answer: string): Promise<void> => {
      for (let asked = 0; asked < 19; asked++) {
        const before = (await activities()).length;
        await posts(question);
        let after: Activity[];
        do after = await activities();
        while (after.length < before + 2);
        if (after.at(-1)?.text?.includes(answer)) return;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      throw new Error(`"${question}" never got "${answer}".`);
    };
    return { id, activities, sends, posts, waitsFor, asksUntil };
  }
});

for (const kind of databases.filter(({ name }) => name === 'PostgreSQL')) {
  describeOn(kind, 'the desk', () => {
    it('lets go of a database that hangs when it is told to stop', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'zhike-app-'));
      const database = await kind.create();
      const port = await freePort();
      const app = await openApp(folder, { PORT: String(port), DATABASE_URL: database.url });
      await app.listen();
      const hanging = new pg.Client({ connectionString: database.url });
      await hanging.connect();
      await hanging.query('begin; lock table conversations in access exclusive mode');
      const token = fetch(`http://127.0.0.1:${port}/api/chat/token`, { method: 'POST' }).catch(() => null);
      await somebodyWaits(database.url);
      await expect(app.stop(1_000)).rejects.toThrow('did not let go');
      await hanging.end();
      await token;
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    });
  });
}

function openApp(folder: string, settings: Readonly<Record<string, string>>): Promise<App> {
  const config = readConfig({ DATA_DIR: join(folder, 'data'), KNOWLEDGE_DIR: folder, ...settings });
  return createApp({
    config,
    secretKey: 'k'.repeat(32),
    log: pino({ level: 'silent' }),
    metrics: createMetrics({ processMetrics: false }),
    pagesDir: join(folder, 'no-pages'),
  });
}

/** Resolves when a query of this database waits for a lock. */
async function somebodyWaits(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const waiting = "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
  while ((await client.query(waiting)).rowCount === 0);
  await client.end();
}
