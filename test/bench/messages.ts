import { mkdtempSync, rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { freePort } from '../support/free-port.ts';
import { ask, cpuSeconds, median, quantile, startServer, type Served } from './served.ts';

/** How a load round went: replies per second, milliseconds from POST to reply, and the server's CPU milliseconds a reply. */
export type Round = { readonly perSecond: number; readonly p50: number; readonly p99: number; readonly cpu: number };

const customers = 128;
/** Below the twenty in ten seconds that one conversation is allowed. */
const messagesPerCustomer = 18;
const rounds = 5;

/** Titles of the sample articles, so that every message is segmented, ranked and answered, and nobody ends in the queue. */
const questions = [
  '退款多久到账？',
  '退款会退到哪里？',
  '下单后多久发货？',
  '怎么查物流进度？',
  '怎么开电子发票？',
  '保修期是多久？',
  '怎么换绑手机号？',
  '忘记登录密码怎么办？',
];

/**
 * Messages answered per second over Direct Line (POST → the bot's reply on the socket, both on disk) beside
 * Microsoft's EchoBot on CloudAdapter with `deliveryMode: expectReplies`, which stores nothing. Rounds alternate, so
 * that the machine's moods fall on both; the ratio is the median of the rounds' ratios.
 */
export async function benchMessages(): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), 'zhike-bench-'));
  const ours = await startServer(['dist/src/main.js'], {
    PORT: String(await freePort()),
    DATA_DIR: data,
    DATABASE_URL: `sqlite:${join(data, 'bench.db')}`,
    DIRECT_LINE_SECRET: secret,
    LOG_LEVEL: 'warn',
  });
  const echo = await startServer(['--import', 'tsx', 'test/bench/echo-bot.ts'], {});
  try {
    await loadOurs(ours, 5);
    await loadEcho(echo, 5);
    const results: { ours: Round; echo: Round }[] = [];
    for (let i = 0; i < rounds; i++) {
      results.push({
        ours: await loadOurs(ours, messagesPerCustomer),
        echo: await loadEcho(echo, messagesPerCustomer),
      });
    }
    print(results);
  } finally {
    ours.process.kill('SIGTERM');
    echo.process.kill('SIGTERM');
    rmSync(data, { recursive: true, force: true });
  }
}

const secret = 'bench-secret-bench-secret-bench-secret';

async function loadOurs(server: Served, messages: number): Promise<Round> {
  const { port } = server;
  const agent = new Agent({ keepAlive: true, maxSockets: customers });
  const clients = await Promise.all(Array.from({ length: customers }, (_, i) => directLineClient(port, agent, i)));
  const round = await measure(server, clients, messages);
  for (const client of clients) client.close();
  agent.destroy();
  return round;
}

async function loadEcho(server: Served, messages: number): Promise<Round> {
  const { port } = server;
  const agent = new Agent({ keepAlive: true, maxSockets: customers });
  const clients = Array.from({ length: customers }, (_, i) => echoClient(port, agent, i));
  const round = await measure(server, clients, messages);
  agent.destroy();
  return round;
}

type Client = { ask(text: string): Promise<void>; close(): void };

async function directLineClient(port: number, agent: Agent, number: number): Promise<Client> {
  const base = { port, agent };
  const api = '/v3/directline';
  const user = { id: `dl_bench_${number}_${Date.now()}` };
  const { token } = await post(base, `${api}/tokens/generate`, { user }, secret);
  const started = await post(base, `${api}/conversations`, { user, locale: 'zh-Hans' }, token as string);
  const { conversationId, streamUrl } = started as { conversationId: string; streamUrl: string };
  const socket = new WebSocket(streamUrl.replace(/\/\/[^/]+/, `//127.0.0.1:${port}`));
  let waiting: { activityId: string | null; resolve: () => void; seen: Set<string> } | null = null;
  socket.on('message', (data: Buffer) => {
    const text = data.toString();
    if (text === '' || !waiting) return;
    const { activities } = JSON.parse(text) as { activities: { replyToId?: string; type: string }[] };
    for (const { replyToId, type } of activities) if (type === 'message' && replyToId) waiting.seen.add(replyToId);
    settle();
  });
  const settle = (): void => {
    if (waiting?.activityId && waiting.seen.has(waiting.activityId)) waiting.resolve();
  };
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  let count = 0;
  return {
    ask: async (text) => {
      const answered = new Promise<void>((resolve) => (waiting = { activityId: null, resolve, seen: new Set() }));
      const activity = {
        type: 'message',
        text,
        from: user,
        locale: 'zh-Hans',
        channelData: { clientActivityID: `${number}-${count++}` },
      };
      const { id } = await post(base, `${api}/conversations/${conversationId}/activities`, activity, token as string);
      if (waiting) (waiting as { activityId: string | null }).activityId = id as string;
      settle();
      await withinTenSeconds(answered, text);
      waiting = null;
    },
    close: () => socket.terminate(),
  };
}

function withinTenSeconds(answered: Promise<void>, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`No reply to "${text}" within ten seconds.`)), 10_000);
    void answered.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function echoClient(port: number, agent: Agent, number: number): Client {
  return {
    ask: async (text) => {
      const answer = await post({ port, agent }, '/api/messages', {
        type: 'message',
        deliveryMode: 'expectReplies',
        id: `${number}`,
        text,
        channelId: 'directline',
        serviceUrl: 'http://127.0.0.1:1',
        from: { id: `user${number}`, name: '' },
        recipient: { id: 'bot', name: '' },
        conversation: { id: `c${number}`, isGroup: false, conversationType: 'personal', name: '' },
      });
      if (!Array.isArray(answer.activities) || answer.activities.length !== 1)
        throw new Error('EchoBot did not reply.');
    },
    close: () => undefined,
  };
}

async function measure(server: Served, clients: readonly Client[], messages: number): Promise<Round> {
  const times: number[] = [];
  const cpuBefore = cpuSeconds(server);
  const began = performance.now();
  await Promise.all(
    clients.map(async (client, number) => {
      for (let i = 0; i < messages; i++) {
        const sent = performance.now();
        await client.ask(questions[(number + i) % questions.length] as string);
        times.push(performance.now() - sent);
      }
    }),
  );
  const seconds = (performance.now() - began) / 1000;
  const cpu = ((cpuSeconds(server) - cpuBefore) * 1000) / times.length;
  return { perSecond: times.length / seconds, p50: quantile(times, 0.5), p99: quantile(times, 0.99), cpu };
}

async function post(
  to: { readonly port: number; readonly agent: Agent },
  path: string,
  body: unknown,
  bearer?: string,
): Promise<Record<string, unknown>> {
  const headers: Record<string, string> = bearer ? { authorization: `Bearer ${bearer}` } : {};
  const { status, text } = await ask(to, { method: 'POST', path, headers, body });
  if (status >= 300) throw new Error(`POST ${path}: ${status} ${text}`);
  return JSON.parse(text || '{}') as Record<string, unknown>;
}

function print(results: readonly { ours: Round; echo: Round }[]): void {
  const row = (name: string, of: readonly Round[]): Record<string, string> => ({
    server: name,
    'answered/s': median(of.map((r) => r.perSecond)).toFixed(0),
    'p50 ms': median(of.map((r) => r.p50)).toFixed(1),
    'p99 ms': median(of.map((r) => r.p99)).toFixed(1),
    'server CPU ms': median(of.map((r) => r.cpu)).toFixed(2),
  });
  console.log(`\nMessages answered, ${customers} customers at once, ${rounds} alternating rounds, medians`);
  console.table([
    row(
      'zhike: Direct Line, SQLite FULL',
      results.map((r) => r.ours),
    ),
    row(
      'EchoBot: CloudAdapter, nothing stored',
      results.map((r) => r.echo),
    ),
  ]);
  // The load comes from this machine and costs more for ours (a POST and two frames against a POST), so both are told.
  console.log(
    `ratio of CPU, EchoBot / zhike (median of rounds): ${median(results.map((r) => r.echo.cpu / r.ours.cpu)).toFixed(2)}`,
  );
  console.log(
    `ratio zhike / EchoBot (median of rounds): ${median(results.map((r) => r.ours.perSecond / r.echo.perSecond)).toFixed(2)}`,
  );
}
