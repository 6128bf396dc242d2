import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { openStorage } from '../../src/storage/storage.ts';
import { freePort } from '../support/free-port.ts';
import { openConsole, openEvents, type Console } from './desk-consoles.ts';
import { measureLooks, type Looks } from './desk-dispatcher.ts';
import { createLife, messagesPerSecond, type Life } from './desk-life.ts';
import { measureScreen } from './desk-screen.ts';
import { pullGroup, seedDesk, type DeskSize, type Seeded, type SeededDesk } from './desk-seed.ts';
import { ask, cpuSeconds, median, quantile, startServer, stopServer, type Served } from './served.ts';

const size: DeskSize = {
  agents: 200,
  assigned: 3_000,
  waiting: 200,
  pulled: 1_000,
  withBot: 800,
  resolved: 20_000,
};
const rounds = 5;
const callsPerRound = 20;
/** Milliseconds from one read to the next, as of two hundred agents who open, search and filter now and then. */
const readEvery = 50;
const racers = 8;

/**
 * The desk with 200 agents at their consoles and 5,000 open conversations, on SQLite FULL, while it lives: lists, live
 * events, the dispatcher; then 1,000 waiting conversations and eight agents who all want each of them. The floor is the
 * same bytes from a plain restify, and a bare broadcast to as many streams, in rounds that alternate with ours.
 */
export async function benchDesk(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'zhike-bench-'));
  const file = join(folder, 'desk.db');
  try {
    const began = performance.now();
    const desk = await seedDesk(`sqlite:${file}`, size, Date.now());
    const { agents, assigned, waiting, pulled, withBot, resolved } = size;
    console.log(
      `\nThe desk: ${agents} agents, ${assigned + waiting + pulled + withBot} open conversations, ${resolved} resolved ` +
        `(seeded in ${((performance.now() - began) / 1000).toFixed(0)} s; load of the machine ${loadavg()[0]?.toFixed(1)})`,
    );
    await lookAt(file, join(folder, 'looked-at.db'));
    await onServers(folder, file, (servers) => measureDesk(servers, desk));
    await recount(file, desk);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Servers = { readonly ours: Served; readonly floor: Served; readonly secretKey: string };

async function lookAt(file: string, copy: string): Promise<void> {
  copyFileSync(file, copy);
  printLooks(await measureLooks(`sqlite:${copy}`));
  rmSync(copy);
}

async function onServers(folder: string, file: string, measure: (servers: Servers) => Promise<void>): Promise<void> {
  const secretKey = 'bench-key-bench-key-bench-key-bench-key';
  const ours = await startServer(['dist/src/main.js'], {
    PORT: String(await freePort()),
    DATA_DIR: folder,
    DATABASE_URL: `sqlite:${file}`,
    SECRET_KEY: secretKey,
    LOG_LEVEL: 'warn',
  });
  const floor = await startServer(['--import', 'tsx', 'test/bench/desk-floor.ts'], {});
  try {
    await measure({ ours, floor, secretKey });
  } finally {
    await Promise.all([stopServer(ours), stopServer(floor)]);
  }
}

async function measureDesk({ ours, floor, secretKey }: Servers, desk: SeededDesk): Promise<void> {
  const consoles = desk.agents.map((agent) => openConsole(ours.port, agent));
  const life = createLife({ port: ours.port, secretKey, desk, consoles });
  try {
    await life.sitDown();
    await untilSearchable(consoles);
    await firstBoard(consoles);
    const reading = createReading(consoles, desk);
    life.work();
    await wait(10_000);
    reading.forget();
    for (const times of Object.values(life.heard)) times.length = 0;
    const lived: Lived[] = [];
    const floors: Floor[] = [];
    for (let round = 0; round < rounds; round++) {
      lived.push(await liveThrough(ours, () => reading.round()));
      await life.rest();
      floors.push(await measureFloor(floor, reading.largest()));
      life.work();
      await wait(1_000);
    }
    printLists(reading.times, life, floors);
    printLive(life, floors, lived);
    await measureScreen({ port: ours.port, secretKey, desk });
    await life.rest();
    printFaults([...reading.faults, ...life.faults]);
    printClaims(await race(consoles, desk.pulled));
  } finally {
    for (const one of consoles) one.close();
  }
}

/** Transcripts that were written before the server started become searchable behind its back. */
async function untilSearchable([one]: readonly Console[]): Promise<void> {
  const began = performance.now();
  for (;;) {
    const { status, text } = (await one?.get(`search?q=${encodeURIComponent('退款')}`)) ?? { status: 0, text: '' };
    if (status !== 200 || text.includes('"upToDate":true')) break;
    await wait(500);
  }
  console.log(`transcripts searchable after ${((performance.now() - began) / 1000).toFixed(0)} s`);
}

/** The first time after a start the whole day is counted. */
async function firstBoard(consoles: readonly Console[]): Promise<void> {
  const began = performance.now();
  await consoles.find(({ agent }) => agent.role === 'supervisor')?.get('board');
  console.log(`the board for the first time after ${ms(performance.now() - began)} ms`);
}

/** What agents read, by name. `own` is the first group of who asks; supervisors ask alone where it says so. */
const reads: Readonly<Record<string, { readonly path: string; readonly by?: 'supervisor' }>> = {
  'list queue': { path: 'conversations?view=queue' },
  'list mine': { path: 'conversations?view=mine' },
  'list mine, snoozed': { path: 'conversations?view=mine&snoozed=true' },
  'list all': { path: 'conversations?view=all' },
  'list all, supervisor': { path: 'conversations?view=all', by: 'supervisor' },
  'list all, a group': { path: 'conversations?view=all&group=own' },
  'list all, high': { path: 'conversations?view=all&priority=high' },
  'list all, broken': { path: 'conversations?view=all&broken=true' },
  'list resolved': { path: 'conversations?view=resolved' },
  'list resolved, none there': { path: 'conversations?view=resolved&channel=wechat' },
  conversation: { path: 'conversations/some' },
  'search, common': { path: `search?q=${encodeURIComponent('退款')}` },
  'search, rarer': { path: `search?q=${encodeURIComponent('哈尔滨 会员积分')}` },
  'search, nothing': { path: `search?q=${encodeURIComponent('量子力学')}` },
  board: { path: 'board', by: 'supervisor' },
  directory: { path: 'directory' },
};

/** Asks everything there is to read, by one agent after the other. */
function createReading(consoles: readonly Console[], desk: SeededDesk) {
  const times = new Map<string, number[]>(Object.keys(reads).map((name) => [name, []]));
  const faults: string[] = [];
  const supervisors = consoles.filter(({ agent }) => agent.role === 'supervisor');
  const agents = consoles.filter(({ agent }) => agent.role === 'agent');
  let largest = '';
  let turn = 0;

  async function read(name: string): Promise<void> {
    const { path, by } = reads[name] as (typeof reads)[string];
    const readers = by === 'supervisor' ? supervisors : agents;
    const one = readers[(turn * 7) % readers.length] as Console;
    const theirs = desk.assigned.filter(({ owner }) => owner?.id === one.agent.id);
    const asked = path.replace('=own', `=${one.agent.groups[0]}`).replace('/some', `/${theirs[turn % 10]?.id}`);
    turn++;
    const began = performance.now();
    const { status, text } = await one.get(asked);
    times.get(name)?.push(performance.now() - began);
    if (status !== 200) faults.push(`${name}: ${status} ${text.slice(0, 200)}`);
    else if (name.startsWith('list') && text.length > largest.length) largest = text;
  }

  return {
    times,
    faults,
    largest: () => largest,
    forget: () => times.forEach((of) => (of.length = 0)),
    round: async (): Promise<void> => {
      for (let call = 0; call < callsPerRound; call++) {
        for (const name of Object.keys(reads)) {
          await wait(readEvery);
          await read(name);
        }
      }
    },
  };
}

/** How the server fared meanwhile. */
type Lived = { readonly cpuShare: number; readonly delayP99: number; readonly delayMax: number; readonly load: number };

async function liveThrough(server: Served, work: () => Promise<void>): Promise<Lived> {
  await eventLoopDelays(server);
  const [cpu, began] = [cpuSeconds(server), performance.now()];
  await work();
  const cpuShare = ((cpuSeconds(server) - cpu) * 1000) / (performance.now() - began);
  return { cpuShare, ...(await eventLoopDelays(server)), load: loadavg()[0] ?? 0 };
}

/** Since this was last asked, less the ten milliseconds at which the server looks. */
async function eventLoopDelays({ port }: Served): Promise<Pick<Lived, 'delayP99' | 'delayMax'>> {
  const agent = new Agent();
  const { text } = await ask({ port, agent }, { method: 'GET', path: '/metrics' });
  agent.destroy();
  const of = (name: string) =>
    Number(new RegExp(`^zhike_nodejs_eventloop_lag_${name}_seconds (\\S+)`, 'm').exec(text)?.[1]) * 1000 - 10;
  return { delayP99: of('p99'), delayMax: of('max') };
}

type Floor = { readonly lists: readonly number[]; readonly events: readonly number[] };

async function measureFloor({ port }: Served, bytes: string): Promise<Floor> {
  const agent = new Agent({ keepAlive: true });
  await ask({ port, agent }, { method: 'POST', path: '/bytes', body: JSON.parse(bytes) as unknown });
  const lists: number[] = [];
  for (let call = 0; call < callsPerRound * 4; call++) {
    const began = performance.now();
    await ask({ port, agent }, { method: 'GET', path: '/bytes' });
    lists.push(performance.now() - began);
  }
  let told: (() => void) | null = null;
  const streams = [];
  for (let one = 0; one < size.agents; one++) {
    // The one in the middle of the broadcast is who waits for it.
    const heard = one === size.agents / 2 ? () => told?.() : () => undefined;
    streams.push(await openEvents({ port, path: '/events', headers: {} }, heard));
  }
  const events: number[] = [];
  for (let said = 0; said < 2 * messagesPerSecond; said++) {
    await wait(1000 / messagesPerSecond);
    const began = performance.now();
    const heard = new Promise<void>((resolve) => (told = resolve));
    await ask({ port, agent }, { method: 'POST', path: '/said', body: { conversationId: 'assigned-1' } });
    await heard;
    events.push(performance.now() - began);
  }
  for (const stream of streams) stream.destroy();
  agent.destroy();
  return { lists, events };
}

type Race = { readonly seconds: number; readonly statuses: ReadonlyMap<string, readonly number[]> };

/** Eight agents who go through the same conversations in the same order, each as fast as they can. */
async function race(consoles: readonly Console[], wanted: readonly Seeded[]): Promise<Race> {
  const racing = consoles.filter(({ agent }) => agent.groups.includes(pullGroup)).slice(0, racers);
  const statuses = new Map<string, number[]>(wanted.map(({ id }) => [id, []]));
  const began = performance.now();
  await Promise.all(
    racing.map(async (one) => {
      for (const { id } of wanted) {
        const { status } = await one.post(`conversations/${id}/claim`);
        statuses.get(id)?.push(status);
      }
    }),
  );
  return { seconds: (performance.now() - began) / 1000, statuses };
}

/** What the log says when all is over: who was claimed, and how often. */
async function recount(file: string, { pulled }: SeededDesk): Promise<void> {
  const storage = await openStorage(`sqlite:${file}`);
  let [once, otherwise] = [0, 0];
  for (const { id } of pulled) {
    const entries = await storage.log.read(id, 0, 1_000);
    const claims = entries.filter((entry) => entry.kind === 'status' && entry.cause === 'claim');
    if (claims.length === 1) once++;
    else otherwise++;
  }
  await storage.close();
  console.log(`in the log: ${once} claimed once, ${otherwise} otherwise`);
}

function printLooks({ first, median: usual, slowest, readingAnew, delayP99, longestDelay }: Looks): void {
  console.log(
    `dispatcher: a look ${ms(usual)} ms (slowest ${ms(slowest)}), reading all anew ${ms(readingAnew)}, the first ${ms(first)}; ` +
      `event loop delay p99 ${ms(delayP99)}, longest ${ms(longestDelay)}`,
  );
}

function printLists(times: ReadonlyMap<string, readonly number[]>, { heard }: Life, floors: readonly Floor[]): void {
  const row = (what: string, of: readonly number[]) => ({
    what,
    calls: of.length,
    'p50 ms': ms(quantile(of, 0.5)),
    'p99 ms': ms(quantile(of, 0.99)),
    'longest ms': ms(Math.max(...of)),
  });
  console.log(`\nRead while ${messagesPerSecond} messages a second are written and ${size.agents} consoles read along`);
  console.table([
    ...[...times].map(([what, of]) => row(what, of)),
    row('lists the consoles read', heard.lists),
    row(
      'floor: the bytes of the largest list',
      floors.flatMap(({ lists }) => lists),
    ),
  ]);
  const all = [...times].flatMap(([what, of]) => (what.startsWith('list') ? of : []));
  console.log(`console list, all views and filters: p99 ${ms(quantile(all, 0.99))} ms (wanted: at most 100)`);
}

function printLive({ heard }: Life, floors: readonly Floor[], lived: readonly Lived[]): void {
  const line = (what: string, of: readonly number[]) =>
    `  ${what.padEnd(52)} p50 ${ms(quantile(of, 0.5)).padStart(6)}   p99 ${ms(quantile(of, 0.99)).padStart(6)} ms   (${of.length})`;
  console.log(`\nLive, ${size.agents} streams: from the customer's POST`);
  console.log(line('to the event in the stream of their agent', heard.toEvent));
  console.log(line('to the message read by their console (at most 300)', heard.toEntries));
  console.log(
    line(
      'floor: POST, bare broadcast, stream',
      floors.flatMap(({ events }) => events),
    ),
  );
  const of = (pick: (one: Lived) => number) => median(lived.map(pick));
  console.log(
    `  server, medians of ${lived.length} rounds: ${(of((one) => one.cpuShare) * 100).toFixed(0)} % of a core, ` +
      `event loop delay p99 ${ms(of((one) => one.delayP99))} ms, longest ${ms(of((one) => one.delayMax))}; ` +
      `load of the machine ${of((one) => one.load).toFixed(1)}`,
  );
}

function printClaims({ seconds, statuses }: Race): void {
  const won = [...statuses.values()].map((of) => of.filter((status) => status === 200).length);
  const tried = [...statuses.values()].flat();
  const others = tried.filter((status) => status !== 200 && status !== 409).length;
  console.log(
    `\nClaims: ${statuses.size} conversations × ${racers} clients: ${won.filter((count) => count === 1).length} won once, ` +
      `${won.filter((count) => count > 1).length} twice, ${won.filter((count) => count === 0).length} by nobody; ` +
      `${tried.filter((status) => status === 409).length} refused, ${others} failed; ` +
      `${(tried.length / seconds).toFixed(0)} tries/s, ${(statuses.size / seconds).toFixed(0)} claims/s`,
  );
}

function printFaults(faults: readonly string[]): void {
  if (faults.length === 0) return;
  console.log(`${faults.length} faults:`);
  for (const fault of new Set(faults.slice(0, 50))) console.log(`  ${fault}`);
  process.exitCode = 1;
}

function ms(value: number): string {
  return value.toFixed(1);
}
