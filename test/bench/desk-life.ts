import { Agent } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { createTokens, type Tokens } from '../../src/channels/direct-line/tokens.ts';
import type { Changed, Console } from './desk-consoles.ts';
import { questionOf, type Seeded, type SeededDesk } from './desk-seed.ts';
import { ask } from './served.ts';

/** What was measured while the desk lived: milliseconds. */
export type Heard = {
  /** From a customer's POST to the event in the stream of the agent who has them. */
  readonly toEvent: number[];
  /** From the same moment until that agent's console had read what the customer said. */
  readonly toEntries: number[];
  /** The lists that consoles read because something had changed. */
  readonly lists: number[];
};

/** A desk at work. */
export type Life = {
  /** Opens the consoles' streams. */
  sitDown(): Promise<void>;
  /** Everybody works, until `rest`. */
  work(): void;
  /** Resolves when nothing is under way any more. */
  rest(): Promise<void>;
  readonly heard: Heard;
  /** What went wrong, in a few words. */
  readonly faults: readonly string[];
};

/** Messages a second: of twenty, twelve are customers' to agents, three customers' to the bot, five agents'. */
export const messagesPerSecond = 20;

type LifeNeeds = {
  readonly port: number;
  readonly secretKey: string;
  readonly desk: SeededDesk;
  readonly consoles: readonly Console[];
};

/**
 * Customers write, agents reply and once a second end a conversation, so that the desk gives them another one. Consoles
 * read anew what they are told of: what is theirs at once, all the rest some five seconds later, each at its own moment.
 */
export function createLife({ port, secretKey, desk, consoles }: LifeNeeds): Life {
  const heard: Heard = { toEvent: [], toEntries: [], lists: [] };
  const faults: string[] = [];
  const customers = customersOf(port, createTokens({ secret: secretKey, now: Date.now }));
  const consoleOf = new Map(consoles.map((one) => [one.agent.id, one]));
  const served = desk.assigned.filter((_, index) => index < desk.assigned.length - consoles.length);
  const awaited = new Map<string, (at: number) => void>();
  const readLater = new Set<Console>();
  const underWay = new Set<Promise<void>>();
  let timers: NodeJS.Timeout[] = [];
  let count = 0;

  const start = (work: () => Promise<void>): void => {
    const done = work()
      .catch((error: unknown) => void faults.push(String(error)))
      .finally(() => underWay.delete(done));
    underWay.add(done);
  };

  function hear(one: Console, { conversationId }: Changed): void {
    const key = `${one.agent.id} ${conversationId}`;
    const told = awaited.get(key);
    if (told) {
      awaited.delete(key);
      told(performance.now());
    } else if (timers.length > 0 && !readLater.has(one)) {
      readLater.add(one);
      start(async () => {
        await wait(2_000 + 6_000 * Math.random());
        readLater.delete(one);
        await readList(one);
      });
    }
  }

  async function readList(one: Console): Promise<void> {
    const began = performance.now();
    const { status } = await one.get('conversations?view=queue');
    heard.lists.push(performance.now() - began);
    if (status !== 200) throw new Error(`A list was answered ${status}.`);
  }

  async function customerWrites(to: Seeded): Promise<void> {
    const owner = consoleOf.get(to.owner?.id ?? '');
    const text = `${questionOf(count * 7)} ${count++}`;
    if (!owner) return customers.write(to, text);
    const key = `${owner.agent.id} ${to.id}`;
    if (awaited.has(key)) return;
    const told = new Promise<number>((resolve) => awaited.set(key, resolve));
    const began = performance.now();
    await customers.write(to, text);
    heard.toEvent.push((await withinTenSeconds(told, to.id)) - began);
    const entries = await owner.get(`conversations/${to.id}/entries?after=${lastSeqs.get(to.id) ?? 0}`);
    heard.toEntries.push(performance.now() - began);
    const read = JSON.parse(entries.text) as { conversation: { seq: number }; entries: { text?: string }[] };
    if (!read.entries.some((entry) => entry.text === text)) throw new Error('A message was not among the entries.');
    lastSeqs.set(to.id, read.conversation.seq);
    await readList(owner);
  }

  async function agentActs(of: Seeded, act: 'messages' | 'resolve'): Promise<void> {
    const owner = consoleOf.get(of.owner?.id ?? '');
    if (!owner) return;
    const { text } = await owner.get(`conversations/${of.id}`);
    const { conversation } = JSON.parse(text) as { conversation: { version: number; seq: number } };
    const { version, seq: seen } = conversation;
    const said = { text: '好的，我马上为您处理。', clientId: `life-${count++}`, version };
    const done = await owner.post(`conversations/${of.id}/${act}`, act === 'messages' ? said : { version, seen });
    // Who is written to in the same moment is not let go.
    if (done.status !== 200 && done.status !== 409) throw new Error(`${act} was answered ${done.status} ${done.text}`);
  }

  const lastSeqs = new Map<string, number>();
  let turn = 0;
  // Strides without a common divisor lead through all of them.
  const next = (from: readonly Seeded[], stride: number): Seeded => from[(turn * stride) % from.length] as Seeded;

  function tick(): void {
    turn++;
    const of20 = turn % 20;
    if (of20 < 12) start(() => customerWrites(next(served.slice(1_000), 37)));
    else if (of20 < 15) start(() => customerWrites(next(desk.withBot, 41)));
    else start(() => agentActs(next(served.slice(1_000), 43), 'messages'));
    if (of20 === 0) start(() => agentActs(served[Math.floor(turn / 20) % 1_000] as Seeded, 'resolve'));
  }

  return {
    heard,
    faults,
    sitDown: async () => {
      for (const one of consoles) await one.listen((event) => hear(one, event));
    },
    work: () => {
      timers = [setInterval(tick, 1000 / messagesPerSecond)];
    },
    rest: async () => {
      for (const timer of timers) clearInterval(timer);
      timers = [];
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}

/** Customers without a socket: what they hear is not measured here. */
export function customersOf(port: number, tokens: Tokens) {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  return {
    write: async ({ id, customerId }: Seeded, text: string): Promise<void> => {
      const token = await tokens.issue({ conversationId: id, userId: customerId, userName: null });
      const { status } = await ask(
        { port, agent },
        {
          method: 'POST',
          path: `/v3/directline/conversations/${id}/activities`,
          headers: { authorization: `Bearer ${token}` },
          body: { type: 'message', text, from: { id: customerId }, locale: 'zh-Hans' },
        },
      );
      if (status !== 200) throw new Error(`A customer's message was answered ${status}.`);
    },
  };
}

async function withinTenSeconds(told: Promise<number>, what: string): Promise<number> {
  const late = new AbortController();
  const timeout = wait(10_000, null, { signal: late.signal }).catch(() => null);
  const at = await Promise.race([told, timeout]);
  late.abort();
  if (at === null) throw new Error(`Nobody heard of ${what} within ten seconds.`);
  return at;
}
