import fc from 'fast-check';
import { serveByOf } from '../../src/conversation/conversation.ts';
import {
  createQueue,
  expectedWait,
  inOrderOfService,
  queueOutlook,
  queuePosition,
  queueStatus,
  type QueueSnapshot,
  type Waiting,
} from '../../src/handoff/queue.ts';
import type { OpeningHours } from '../../src/handoff/settings/settings.ts';
import { openStorage, type Storage } from '../../src/storage/storage.ts';
import { claimedBy, customerWrote, handsOver, newConversation, saved, startQueued } from '../support/conversations.ts';
import { databases, describeOn, type ScratchDatabase } from '../support/databases.ts';

const waiting: fc.Arbitrary<readonly Waiting[]> = fc.uniqueArray(
  fc.record({
    id: fc.string({ minLength: 1, maxLength: 4 }),
    queuedAt: fc.integer({ min: 0, max: 20 }),
    serveBy: fc.integer({ min: -20, max: 20 }),
    groupId: fc.constantFrom(null, 'refunds', 'repairs'),
  }),
  { selector: ({ id }) => id },
);

/** They ask in this order, with the same priority. */
function queued(...ids: readonly string[]): readonly Waiting[] {
  return ids.map((id, n) => ({ id, queuedAt: n, serveBy: n, groupId: null }));
}

/** One agent, in no group. */
const somebody = [{ groups: [] }];

describe('the queue', () => {
  it('serves who is to be served first, and nobody twice', () => {
    fc.assert(
      fc.property(waiting, (queue) => {
        const order = inOrderOfService(queue);
        expect(new Set(order)).toEqual(new Set(queue));
        for (const [index, conversation] of order.entries()) {
          expect(conversation.serveBy).toBeGreaterThanOrEqual(order[index - 1]?.serveBy ?? -20);
        }
      }),
    );
  });

  it('gives everybody of a group a place of their own, from one to the last, whatever order it is read in', () => {
    fc.assert(
      fc.property(waiting, (queue) => {
        for (const group of [null, 'refunds', 'repairs']) {
          const ofGroup = queue.filter(({ groupId }) => groupId === group);
          const places = ofGroup.map(({ id }) => queuePosition(queue, id));
          expect(new Set(places)).toEqual(new Set(ofGroup.map((_, index) => index + 1)));
          expect(ofGroup.map(({ id }) => queuePosition(queue.toReversed(), id))).toEqual(places);
        }
        expect(queuePosition(queue, 'not there')).toBeNull();
      }),
    );
  });

  it('moves nobody back when somebody comes later, or for another group', () => {
    fc.assert(
      fc.property(waiting, (queue) => {
        const newcomer = { id: 'newcomer', queuedAt: 21, serveBy: 21, groupId: null };
        const longer = [...queue, newcomer, { ...newcomer, id: 'stranger', serveBy: -99, groupId: 'invoices' }];
        for (const { id } of queue) expect(queuePosition(longer, id)).toBe(queuePosition(queue, id));
        const before = queue.filter(({ groupId }) => groupId === null).length;
        expect(queuePosition(longer, 'newcomer')).toBe(before + 1);
        expect(queuePosition(longer, 'stranger')).toBe(1);
      }),
    );
  });

  it('moves everybody behind up when the first is served, and nobody of another group', () => {
    fc.assert(
      fc.property(waiting, (queue) => {
        const [first, ...rest] = inOrderOfService(queue);
        if (!first) return;
        for (const { id, groupId } of rest) {
          const step = groupId === first.groupId ? 1 : 0;
          expect(queuePosition(rest, id)).toBe((queuePosition(queue, id) ?? 0) - step);
        }
        expect(queuePosition(rest, first.id)).toBeNull();
      }),
    );
  });

  it('lets an urgent customer go before those who wait longer', () => {
    const [early, late] = [
      { queuedAt: 1, priority: 'medium' },
      { queuedAt: 2, priority: 'urgent' },
    ] as const;
    const queue = [early, late].map(({ queuedAt, priority }) => ({
      id: priority,
      queuedAt,
      serveBy: serveByOf(queuedAt, priority),
      groupId: null,
    }));
    expect(inOrderOfService(queue).map(({ id }) => id)).toEqual(['urgent', 'medium']);
    expect(queuePosition(queue, 'medium')).toBe(2);
  });
});

describe('the expected wait', () => {
  const at = 1_000_000;
  const agentsOnline = 2;
  const servedAt = (...times: readonly number[]) => times.map((time) => ({ at: time, groupId: null }));
  const everyMinute = servedAt(at - 180_000, at - 120_000, at - 60_000, at);

  it('is the usual time from one served to the next, once for each place', () => {
    expect(expectedWait(1, { served: everyMinute, at, agentsOnline })).toBe(60);
    expect(expectedWait(3, { served: everyMinute.toReversed(), at, agentsOnline })).toBe(180);
    expect(expectedWait(1, { served: [...everyMinute, ...servedAt(at - 3_000_000)], at, agentsOnline })).toBe(60);
  });

  it('is not told from fewer than three intervals, nor when nobody is there', () => {
    expect(expectedWait(1, { served: everyMinute.slice(1), at, agentsOnline })).toBeNull();
    expect(expectedWait(1, { served: [], at, agentsOnline })).toBeNull();
    expect(expectedWait(1, { served: everyMinute, at, agentsOnline: 0 })).toBeNull();
  });

  it('grows when the desk falls silent', () => {
    const served = servedAt(0, 10_000, 20_000, 120_000);
    const soon = expectedWait(1, { served, at: 120_000, agentsOnline });
    const late = expectedWait(1, { served, at: 600_000, agentsOnline });
    expect(soon).toBe(10);
    expect(late).toBe(55);
  });

  it('never shrinks with the place in the queue, and is never negative', () => {
    const moments = fc.array(fc.integer({ min: 0, max: at * 2 }), { maxLength: 30 });
    fc.assert(
      fc.property(moments, fc.integer({ min: 1, max: 500 }), (times, place) => {
        const [here, next] = [place, place + 1].map((p) =>
          expectedWait(p, { served: servedAt(...times), at, agentsOnline }),
        );
        if (here === null || next === null) expect(here).toBe(next);
        else expect((next ?? 0) >= (here ?? 0) && (here ?? 0) >= 0).toBe(true);
      }),
    );
  });
});

describe('what a waiting customer is told', () => {
  const at = 1_000_000;
  const open = { opensAt: null, timeZone: 'Asia/Shanghai' };
  const waiting = queued('early', 'late').toReversed();
  const snapshot: QueueSnapshot = { at, waiting, served: [], online: somebody, ...open };

  it('is their place among all, and nothing that is not known', () => {
    expect(queueStatus(snapshot, 'late')).toEqual({
      position: 2,
      waiting: 2,
      expectedWaitSeconds: null,
      agentsOnline: 1,
      ...open,
    });
    expect(queueStatus(snapshot, 'early')).toMatchObject({ position: 1 });
  });

  it('is nothing when they do not wait', () => {
    expect(queueStatus(snapshot, 'gone')).toBeNull();
  });

  it('is about those who wait for the same agents', () => {
    const refunds = { queuedAt: 5, serveBy: 5, groupId: 'refunds' };
    const waiting = [...snapshot.waiting, { ...refunds, id: 'r1' }, { ...refunds, id: 'r2' }];
    // All others are served every minute, refunds every ten.
    const served = [0, 1, 2, 3].flatMap((n) => [
      { at: at - n * 60_000, groupId: null },
      { at: at - n * 600_000, groupId: 'refunds' },
    ]);
    const online = [{ groups: ['refunds'] }, { groups: [] }];
    const told = (id: string) => queueStatus({ ...snapshot, waiting, served, online }, id);
    expect(told('r2')).toMatchObject({ position: 2, waiting: 2, expectedWaitSeconds: 1_200, agentsOnline: 1 });
    expect(told('late')).toMatchObject({ position: 2, waiting: 2, expectedWaitSeconds: 120, agentsOnline: 2 });
  });

  it('promises no wait where nobody of their group is there', () => {
    const waiting = [{ id: 'r1', queuedAt: 5, serveBy: 5, groupId: 'refunds' }];
    const served = [0, 1, 2, 3].map((n) => ({ at: at - n * 60_000, groupId: 'refunds' }));
    expect(queueStatus({ ...snapshot, waiting, served }, 'r1')).toMatchObject({
      expectedWaitSeconds: null,
      agentsOnline: 0,
    });
  });

  it('is outside hours when it opens, and not how fast it went before', () => {
    const served = [0, 1, 2, 3].map((n) => ({ at: at - n * 60_000, groupId: null }));
    const closed = { ...snapshot, served, opensAt: at + 1 };
    expect(queueStatus(closed, 'late')).toMatchObject({ position: 2, expectedWaitSeconds: null, opensAt: at + 1 });
    expect(queueOutlook(closed)).toMatchObject({ at, ahead: 2, expectedWaitSeconds: null, opensAt: at + 1 });
  });
});

describe('What who comes next is told', () => {
  it('counts all before them, but not those of a low priority, whom they go before', () => {
    const at = 1_000_000;
    const low = { id: 'low', queuedAt: at - 1, serveBy: serveByOf(at - 1, 'low'), groupId: null };
    const waiting = [...queued('c1', 'c2'), { ...low, id: 'refund', serveBy: 3, groupId: 'refunds' }, low];
    const open = { opensAt: null, timeZone: 'Asia/Shanghai' };
    expect(queueOutlook({ at, waiting, served: [], online: somebody, ...open })).toEqual({
      at,
      agentsOnline: 1,
      ahead: 3,
      expectedWaitSeconds: null,
      ...open,
    });
  });
});

describe('The hours of a desk', () => {
  const workday = [{ from: '09:00', to: '18:00' }];
  const hours = (): OpeningHours => ({
    timeZone: 'Asia/Shanghai',
    week: [workday, workday, workday, workday, workday, [], []],
    holidays: [],
  });
  const store = { waiting: async () => queued('c1'), served: async () => [] };
  const online = async () => somebody;
  const at = (time: string) => createQueue({ store, online, hours, now: () => Date.parse(time) });
  const monday = Date.parse('2026-11-23T09:00+08:00');

  it('are told to those who wait and who come when it is closed', async () => {
    const queue = at('2026-11-20T18:00+08:00');
    expect(await queue.status('c1')).toMatchObject({ opensAt: monday, timeZone: 'Asia/Shanghai' });
    expect(await queue.outlook()).toMatchObject({ opensAt: monday, timeZone: 'Asia/Shanghai' });
  });

  it('are not spoken of when it is open, or always open', async () => {
    expect(await at('2026-11-20T17:59+08:00').outlook()).toMatchObject({ opensAt: null });
    expect(await createQueue({ store, online, now: () => 5 }).outlook()).toMatchObject({ opensAt: null });
  });
});

describe('Everyone who waits, told at once', () => {
  it('costs one look at the queue, and who asks later gets a later one', async () => {
    let looks = 0;
    const waiting = queued('c1', 'c2', 'c3');
    const queue = createQueue({
      store: { waiting: async () => waiting.slice(looks++), served: async () => [] },
      online: async () => somebody,
      now: () => 5,
    });
    const told = await Promise.all(waiting.map(({ id }) => queue.status(id)));
    expect(told.map((status) => status?.position)).toEqual([1, 2, 3]);
    expect(looks).toBe(1);
    expect((await queue.status('c3'))?.position).toBe(2);
  });
});

const atRequest = { reason: 'customer_request', understanding: null } as const;

for (const kind of databases) {
  describeOn(kind, 'The queue of a desk', () => {
    let database: ScratchDatabase;
    let storage: Storage;
    beforeAll(async () => {
      database = await kind.create();
      storage = await openStorage(database.url);
    });
    afterAll(async () => {
      await storage.close();
      await database.drop();
    });

    it('is what the log says', async () => {
      const { log } = storage;
      const begin = 10_000_000;
      const ids = ['c1', 'c2', 'c3', 'c4', 'c5', 'c6'];
      for (const [n, id] of ids.entries()) await startQueued(log, { id }, begin + n);
      for (const [n, id] of ids.slice(0, 4).entries()) {
        await saved(log, id, claimedBy({ id: 'li', name: '小李' }, begin + n * 30_000));
      }
      const online = async () => [...somebody, ...somebody, ...somebody];
      const queue = createQueue({ store: storage.queue, online, now: () => begin + 90_000 });
      const open = { agentsOnline: 3, opensAt: null };
      expect(await queue.status('c6')).toMatchObject({ position: 2, waiting: 2, expectedWaitSeconds: 60, ...open });
      expect(await queue.status('c1')).toBeNull();
      expect(await queue.outlook()).toMatchObject({ ahead: 2, expectedWaitSeconds: 90, ...open });
      const tomorrow = createQueue({ store: storage.queue, online, now: () => begin + 86_400_000 });
      expect(await tomorrow.status('c6')).toMatchObject({ position: 2, expectedWaitSeconds: null });
    });

    it('is led by priority, and each group waits for its own', async () => {
      const { log } = storage;
      const begin = 20_000_000;
      const routes = [
        ['p1', null, 'medium'],
        ['p2', 'refunds', 'medium'],
        ['p3', 'refunds', 'urgent'],
      ] as const;
      for (const [n, [id, groupId, priority]] of routes.entries()) {
        const { conversation } = await log.start(newConversation({ id }), begin + n);
        const asked = await saved(log, conversation.id, customerWrote('转人工', { at: begin + n }));
        const handoff = { ...atRequest, route: { groupId, priority, because: [] } };
        await saved(log, id, handsOver(asked.conversation, { at: begin + n, handoff }));
      }
      const waiting = (await storage.queue.waiting()).filter(({ id }) => id.startsWith('p'));
      expect(waiting).toEqual([
        { id: 'p3', queuedAt: begin + 2, serveBy: serveByOf(begin + 2, 'urgent'), groupId: 'refunds' },
        { id: 'p1', queuedAt: begin, serveBy: begin, groupId: null },
        { id: 'p2', queuedAt: begin + 1, serveBy: begin + 1, groupId: 'refunds' },
      ]);
      const online = async () => somebody;
      const queue = createQueue({ store: storage.queue, online, now: () => begin + 10 });
      expect(await queue.status('p2')).toMatchObject({ position: 2, waiting: 2 });
      const claimed = await saved(log, 'p3', claimedBy({ id: 'li', name: '小李' }, begin + 3));
      expect(claimed.conversation.status).toBe('assigned');
      expect(await storage.queue.served(begin, 10)).toEqual([{ at: begin + 3, groupId: 'refunds' }]);
      expect(await queue.status('p2')).toMatchObject({ position: 1, waiting: 1 });
    });
  });
}
