import { fork } from 'node:child_process';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { phrasesFor } from '../../bots/phrases.zh.ts';
import { announcing, createSignals } from '../../src/conversation/signals.ts';
import { createDispatcher } from '../../src/handoff/dispatcher.ts';
import { createRoster } from '../../src/handoff/roster.ts';
import { createDeskSettings } from '../../src/handoff/settings/desk-settings.ts';
import { openStorage } from '../../src/storage/storage.ts';
import { median } from './served.ts';

/** Milliseconds. */
export type Looks = {
  /** The first look: reads everything, and notes what became due since the desk was seeded. */
  readonly first: number;
  /** Of the looks after it, at which there is nothing to do. */
  readonly median: number;
  readonly slowest: number;
  /** Of those that read everything anew. */
  readonly readingAnew: number;
  /** How long anything else in the process had to wait meanwhile. */
  readonly delayP99: number;
  readonly longestDelay: number;
};

/** How long the dispatcher looks at a desk, in a process of its own; whatever it decides is written to that database. */
export function measureLooks(databaseUrl: string): Promise<Looks> {
  const child = fork(fileURLToPath(import.meta.url), [childMark, databaseUrl]);
  return new Promise((resolve, reject) => {
    child.once('message', (looks) => resolve(looks as Looks));
    child.once('exit', (code) => reject(new Error(`The dispatcher's process ended with code ${code}`)));
  });
}

const childMark = 'look-at-desk';
const looksCount = 60;

if (process.argv[2] === childMark) {
  process.send?.(await measure(process.argv[3] ?? ''));
  process.disconnect?.();
}

async function measure(databaseUrl: string): Promise<Looks> {
  const storage = await openStorage(databaseUrl);
  const signals = createSignals();
  let ahead = 0;
  const now = (): number => Date.now() + ahead;
  const settings = createDeskSettings({ store: storage.settings, now, warn: console.warn });
  await settings.load();
  const everybodyIsThere = async () =>
    Promise.all((await storage.agents.list()).map(({ id }) => storage.agents.see(id, now())));
  const dispatcher = createDispatcher({
    log: announcing(storage.log, signals),
    roster: createRoster({ agents: storage.agents, now }),
    settings,
    followUps: { add: () => Promise.resolve('added') },
    ratings: (since) => storage.ratings.since(since),
    breaches: (since) => storage.ratings.breaches(since),
    signals,
    phrasesFor,
    now,
    every: () => () => undefined,
    failed: (error) => console.error(error),
  });
  const timed = async (): Promise<number> => {
    const began = performance.now();
    await dispatcher.look();
    return performance.now() - began;
  };
  await everybodyIsThere();
  const first = await timed();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const looks: number[] = [];
  const readings: number[] = [];
  for (let count = 0; count < looksCount; count++) {
    // A turn between looks, as between the requests of a server.
    await nextTurn();
    looks.push(await timed());
  }
  for (let count = 0; count < 5; count++) {
    ahead += 15_000;
    await everybodyIsThere();
    readings.push(await timed());
  }
  delay.disable();
  await storage.close();
  return {
    first,
    median: median(looks),
    slowest: Math.max(...looks),
    readingAnew: median(readings),
    delayP99: quantileOf(delay, 99),
    longestDelay: delay.max / 1e6,
  };
}

function quantileOf(delay: { percentile(share: number): number }, share: number): number {
  return delay.percentile(share) / 1e6;
}
