import fc from 'fast-check';
import type { Conversation, Entry } from '../../src/conversation/conversation.ts';
import { botOwesAnswer } from '../../src/conversation/conversation.ts';
import { announcing, createSignals } from '../../src/conversation/signals.ts';
import type { Agent } from '../../src/handoff/agents.ts';
import { createDesk, type TransferTo } from '../../src/handoff/desk.ts';
import { createDispatcher } from '../../src/handoff/dispatcher.ts';
import { statusNow, type RosterEntry } from '../../src/handoff/roster.ts';
import { defaultSettings } from '../../src/handoff/settings/defaults.zh.ts';
import type { Settings } from '../../src/handoff/settings/settings.ts';
import { anAgent, botTookTurn, customerWrote, handsOver, newConversation } from '../support/conversations.ts';
import { memoryLog } from '../support/memory-log.ts';

/**
 * The whole desk in any order: customers, the bot, agents who come, go, claim, write, transfer, put off and resolve with
 * stale pictures in front of them, and two dispatchers. Clocks and presence are the test's.
 */

const customers = ['c1', 'c2'] as const;
const agents = ['li', 'wang', 'zhao'] as const;
type Who = (typeof agents)[number];
type What =
  | { readonly do: 'writes' | 'cancels'; readonly c: string }
  | { readonly do: 'bot'; readonly c: string; readonly handsOver: boolean; readonly toGroup: boolean }
  | { readonly do: 'comes' | 'goes'; readonly a: Who }
  | {
      readonly do: 'looks' | 'claims' | 'says' | 'resolves' | 'snoozes' | 'takesOver';
      readonly a: Who;
      readonly c: string;
    }
  | { readonly do: 'transfers'; readonly a: Who; readonly c: string; readonly to: TransferTo }
  | { readonly do: 'passes'; readonly seconds: number; readonly dispatcher: 0 | 1 }
  | { readonly do: 'reads'; readonly reader: 0 | 1; readonly c: string };

const c = fc.constantFrom(...customers);
const a = fc.constantFrom(...agents);
const to: fc.Arbitrary<TransferTo> = fc.oneof(
  fc.constantFrom<TransferTo>({ kind: 'queue' }, { kind: 'bot' }, { kind: 'group', groupId: 'tech' }),
  a.map((agentId): TransferTo => ({ kind: 'agent', agentId })),
);
const step: fc.Arbitrary<What> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('writes' as const), c }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancels' as const), c }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('bot' as const), c, handsOver: fc.boolean(), toGroup: fc.boolean() }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('comes' as const, 'goes' as const), a }) },
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'looks' as const,
        'claims' as const,
        'says' as const,
        'resolves' as const,
        'snoozes' as const,
        'takesOver' as const,
      ),
      a,
      c,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('transfers' as const), a, c, to }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('passes' as const),
      seconds: fc.constantFrom(1, 10, 50, 100, 700),
      dispatcher: fc.constantFrom(0 as const, 1 as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('reads' as const), reader: fc.constantFrom(0, 1), c }) },
);

type World = Awaited<ReturnType<typeof openWorld>>;

async function openWorld(mode: 'auto' | 'pull') {
  const clock = { now: 1_000_000 };
  const now = () => clock.now;
  const signals = createSignals();
  const log = announcing(memoryLog(), signals);
  const settings: Settings = {
    ...defaultSettings,
    groups: { groups: [{ id: 'tech', name: '技术', mode }] },
    routing: { ...defaultSettings.routing, mode, defaultCapacity: 1 },
  };
  const seen = new Map<string, number>();
  const accounts: Readonly<Record<Who, Agent>> = {
    li: anAgent({ id: 'li', name: 'li', groups: ['tech'] }),
    wang: anAgent({ id: 'wang', name: 'wang' }),
    zhao: anAgent({ id: 'zhao', name: 'zhao', role: 'supervisor' }),
  };
  const roster = {
    all: async (): Promise<readonly RosterEntry[]> => {
      const open = await log.inService('', 100);
      return Object.values(accounts).map((agent) => {
        const seenAt = seen.get(agent.id) ?? null;
        const load = open.filter(({ agentId, snoozedUntil }) => agentId === agent.id && snoozedUntil === null).length;
        return { ...agent, seenAt, load, status: statusNow(agent.status, seenAt, clock.now), lastAssignedAt: null };
      });
    },
    colleague: async (id: string) => (await roster.all()).find((entry) => entry.id === id) ?? null,
    served: () => undefined,
  };
  const tasks: string[] = [];
  const failures: unknown[] = [];
  const dispatcher = () =>
    createDispatcher({
      log,
      roster,
      settings: { current: () => settings, refresh: () => Promise.resolve(false) },
      followUps: {
        add: ({ conversationId }) => {
          tasks.push(conversationId);
          return Promise.resolve('added');
        },
      },
      ratings: () => Promise.resolve([]),
      breaches: () => Promise.resolve([]),
      signals,
      phrasesFor: () => ({ agentLeft: 'left', promiseBroken: () => 'sorry' }),
      now,
      every: () => () => undefined,
      failed: (error) => failures.push(error),
    });
  for (const id of customers) await log.start(newConversation({ id, customerId: id }), clock.now);
  const views = new Map<string, Conversation>();
  return {
    clock,
    log,
    seen,
    accounts,
    tasks,
    failures,
    dispatchers: [dispatcher(), dispatcher()] as const,
    desk: createDesk({ log, roster, settings: () => settings, now }),
    /** What an agent has before them, which may be long gone. */
    look: async (who: Who, id: string) => {
      const conversation = (await log.find(id))!;
      views.set(`${who} ${id}`, conversation);
      return conversation;
    },
    view: (who: Who, id: string) => views.get(`${who} ${id}`),
    readers: [new Map<string, Entry[]>(), new Map<string, Entry[]>()] as const,
  };
}

async function take(world: World, what: What): Promise<void> {
  const { clock, log, desk, accounts } = world;
  clock.now += 1;
  switch (what.do) {
    case 'writes':
      return void (await log.write(what.c, customerWrote('在吗', { at: clock.now })));
    case 'cancels':
      return void (await log.write(what.c, { kind: 'customer_cancelled', at: clock.now }));
    case 'bot': {
      const conversation = (await log.find(what.c))!;
      if (!botOwesAnswer(conversation)) return;
      const groupId = what.toGroup ? 'tech' : null;
      const route = { groupId, priority: 'medium', because: [] } as const;
      const event = what.handsOver
        ? handsOver(conversation, { at: clock.now, handoff: { reason: 'no_match', understanding: null, route } })
        : botTookTurn(conversation, { at: clock.now });
      return void (await log.write(what.c, event));
    }
    case 'comes':
      return void world.seen.set(what.a, clock.now);
    case 'goes':
      return void world.seen.set(what.a, clock.now - 60_000);
    case 'passes': {
      // Whoever is at their desk is heard of all the time.
      const here = [...world.seen].filter(([, at]) => at > clock.now - 45_000).map(([id]) => id);
      clock.now += what.seconds * 1_000;
      for (const id of here) world.seen.set(id, clock.now);
      return world.dispatchers[what.dispatcher].look();
    }
    case 'reads':
      return readOn(world, what.reader, what.c, 3);
    case 'looks':
    case 'claims':
    case 'says':
    case 'resolves':
    case 'snoozes':
    case 'takesOver':
    case 'transfers': {
      const agent = accounts[what.a];
      if (what.do === 'looks') return void (await world.look(what.a, what.c));
      const { version, seq } = world.view(what.a, what.c) ?? (await world.look(what.a, what.c));
      const target = { agent, conversationId: what.c, version };
      switch (what.do) {
        case 'claims':
          return void (await desk.claim(target));
        case 'says':
          return void (await desk.say({ ...target, text: '您好', clientId: null }));
        case 'resolves':
          return void (await desk.resolve({ ...target, seen: seq }));
        case 'snoozes':
          return void (await desk.snooze({ ...target, until: clock.now + 300_000 }));
        case 'takesOver':
          return void (await desk.takeOver(target));
        case 'transfers':
          if (what.to.kind === 'agent' && what.to.agentId === what.a) return;
          return void (await desk.transfer({ ...target, to: what.to, seen: seq, note: null }));
      }
    }
  }
}

async function readOn({ log, readers }: World, reader: 0 | 1, id: string, limit: number): Promise<void> {
  const read = readers[reader].get(id) ?? [];
  read.push(...(await log.read(id, read.at(-1)?.seq ?? 0, limit)));
  readers[reader].set(id, read);
}

/** Walks the log and checks who spoke when. */
function checkWhoSpoke(entries: readonly Entry[]): void {
  let status = 'bot';
  let owner: string | null = null;
  for (const [index, entry] of entries.entries()) {
    expect(entry.seq).toBe(index + 1);
    if (entry.kind === 'status') {
      expect(entry.from).toBe(status);
      status = entry.to;
      owner = entry.to === 'assigned' ? (entry.agent?.id ?? null) : null;
    } else if (entry.kind === 'message' && !entry.private) {
      if (entry.author.role === 'bot') expect(status).toBe('bot');
      if (entry.author.role === 'agent') expect([status, owner]).toEqual(['assigned', entry.author.id]);
    }
  }
}

it('in any order, has one owner at most, loses nothing, and leaves nobody unserved or untold', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('auto' as const, 'pull' as const),
      fc.boolean(),
      fc.array(step, { minLength: 5, maxLength: 40 }),
      async (mode, somebodyComes, steps) => {
        const world = await openWorld(mode);
        for (const what of steps) await take(world, what);
        for (const id of customers) {
          const conversation = (await world.log.find(id))!;
          expect(conversation.status === 'assigned').toBe(conversation.agentId !== null);
          expect(conversation.status === 'queued').toBe(conversation.serveBy !== null);
          const entries = await world.log.read(id, 0, 10_000);
          checkWhoSpoke(entries);
          for (const reader of [0, 1] as const) {
            await readOn(world, reader, id, 10_000);
            expect(world.readers[reader].get(id)).toEqual(entries);
          }
          const asked = entries.filter((entry) => entry.kind === 'message' && entry.author.role === 'customer');
          expect(asked).toHaveLength(steps.filter((what) => what.do === 'writes' && what.c === id).length);
        }
        await everybodyIsLookedAfter(world, { mode, somebodyComes });
        expect(world.failures).toEqual([]);
      },
    ),
    { numRuns: 10_000 },
  );
}, 300_000);

/** Whatever happened: those who wait now are served when somebody comes, or else told, and a supervisor with them. */
async function everybodyIsLookedAfter(
  world: World,
  { mode, somebodyComes }: { readonly mode: 'auto' | 'pull'; readonly somebodyComes: boolean },
): Promise<void> {
  const open = await world.log.inService('', 10);
  const waiting = open.filter(({ snoozedUntil, service }) => snoozedUntil === null && service.waitingSince !== null);
  for (const id of agents) world.seen.set(id, world.clock.now - 60_000);
  if (somebodyComes && mode === 'auto') {
    // One after the other, each with room for one: li is in every group.
    for (let n = 0; n < 6; n++) {
      world.clock.now += 100_000;
      world.seen.set('li', world.clock.now);
      await world.dispatchers[0].look();
      const held = await world.log.list({ statuses: ['assigned'], agentId: 'li', limit: 10 });
      for (const { id, version, seq } of held) {
        await world.desk.resolve({ agent: world.accounts.li, conversationId: id, version, seen: seq });
      }
    }
    for (const { id, snoozedUntil } of open) {
      if (snoozedUntil === null) expect((await world.log.find(id))?.status).toBe('resolved');
    }
    return;
  }
  for (let n = 0; n < 3; n++) {
    world.clock.now += 20 * 60_000;
    await world.dispatchers[n === 1 ? 1 : 0].look();
  }
  for (const { id, service } of waiting) {
    expect(world.tasks).toContain(id);
    const entries = await world.log.read(id, 0, 10_000);
    const since = service.askedAt ?? 0;
    const told = entries.filter(
      (entry) => entry.at >= since && entry.author.role === 'system' && entry.kind === 'message',
    );
    expect(told.length).toBeGreaterThan(0);
  }
}
