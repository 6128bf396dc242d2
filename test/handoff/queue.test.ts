import fc from 'fast-check';
import {
  createQueue,
  expectedWait,
  inOrderOfService,
  queuePosition,
  queueStatus,
  type QueueSnapshot,
  type Waiting,
} from '../../src/handoff/queue.ts';
import { openStorage, type Storage } from '../../src/storage/storage.ts';
import { claimedBy, saved, startQueued } from '../support/conversations.ts';
import { databases, describeOn, type ScratchDatabase } from '../support/databases.ts';

const waiting: fc.Arbitrary<readonly Waiting[]> = fc.uniqueArray(
  fc.record({ id: fc.string({ minLength: 1, maxLength: 4 }), queuedAt: fc.integer({ min: 0, max: 20 }) }),
  { selector: ({ id }) => id },
);

describe('the queue', () => {
  it('serves who waits longest first, and nobody twice', () => {
    fc.assert(
      fc.property(waiting, (queue) => {
        const order = inOrderOfService(queue);
        expect(new Set(order)).toEqual(new Set(queue));
        for (const [index, conversation] of order.entries()) {
          expect(conversation.queuedAt).toBeGreaterThanOrEqual(order[index - 1]?.queuedAt ?? 0);
        }
      }),
    );
  });

  it('gives everybody a place of their own, from one to the last, whatever order it is read in', () => {
    fc.assert(
      fc.property(waiting, (queue) => {
        const places = queue.map(({ id }) => queuePosition(queue, id));
        expect(new Set(places)).toEqual(new Set(queue.map((_, index) => index + 1)));
        expect(queue.map(({ id }) => queuePosition(queue.toReversed(), id))).toEqual(places);
        expect(queuePosition(queue, 'not there')).toBeNull();
      }),
    );
  });

  it('moves nobody back when somebody comes later', () => {
    fc.assert(
      fc.property(waiting, (queue) => {
        const longer = [...queue, { id: 'newcomer', queuedAt: 21 }];
        for (const { id } of queue) expect(queuePosition(longer, id)).toBe(queuePosition(queue, id));
        expect(queuePosition(longer, 'newcomer')).toBe(longer.length);
      }),
    );
  });

  it('moves everybody behind up when the first is served', () => {
    fc.assert(
      fc.property(waiting, (queue) => {
        const [first, ...rest] = inOrderOfService(queue);
        for (const { id } of rest) expect(queuePosition(rest, id)).toBe((queuePosition(queue, id) ?? 0) - 1);
        if (first) expect(queuePosition(rest, first.id)).toBeNull();
      }),
    );
  });
});

describe('the expected wait', () => {
  const at = 1_000_000;
  const agentsOnline = 2;
  const everyMinute = [at - 180_000, at - 120_000, at - 60_000, at];

  it('is the usual time between claims, once for each place', () => {
    expect(expectedWait(1, { claims: everyMinute, at, agentsOnline })).toBe(60);
    expect(expectedWait(3, { claims: everyMinute.toReversed(), at, agentsOnline })).toBe(180);
    expect(expectedWait(1, { claims: [...everyMinute, at - 3_000_000], at, agentsOnline })).toBe(60);
  });

  it('is not told from fewer than three intervals, nor when nobody is there', () => {
    expect(expectedWait(1, { claims: everyMinute.slice(1), at, agentsOnline })).toBeNull();
    expect(expectedWait(1, { claims: [], at, agentsOnline })).toBeNull();
    expect(expectedWait(1, { claims: everyMinute, at, agentsOnline: 0 })).toBeNull();
  });

  it('grows when the desk falls silent', () => {
    const claims = [0, 10_000, 20_000, 120_000];
    const soon = expectedWait(1, { claims, at: 120_000, agentsOnline });
    const late = expectedWait(1, { claims, at: 600_000, agentsOnline });
    expect(soon).toBe(10);
    expect(late).toBe(55);
  });

  it('never shrinks with the place in the queue, and is never negative', () => {
    const claims = fc.array(fc.integer({ min: 0, max: at * 2 }), { maxLength: 30 });
    fc.assert(
      fc.property(claims, fc.integer({ min: 1, max: 500 }), (times, place) => {
        const [here, next] = [place, place + 1].map((p) => expectedWait(p, { claims: times, at, agentsOnline }));
        if (here === null || next === null) expect(here).toBe(next);
        else expect((next ?? 0) >= (here ?? 0) && (here ?? 0) >= 0).toBe(true);
      }),
    );
  });
});

describe('what a waiting customer is told', () => {
  const snapshot: QueueSnapshot = {
    at: 100,
    waiting: [
      { id: 'late', queuedAt: 2 },
      { id: 'early', queuedAt: 1 },
    ],
    claims: [],
    agentsOnline: 1,
  };

  it('is their place among all, and nothing that is not known', () => {
    expect(queueStatus(snapshot, 'late')).toEqual({
      position: 2,
      waiting: 2,
      expectedWaitSeconds: null,
      agentsOnline: 1,
    });
    expect(queueStatus(snapshot, 'early')).toMatchObject({ position: 1 });
  });

  it('is nothing when they do not wait', () => {
    expect(queueStatus(snapshot, 'gone')).toBeNull();
  });
});

describe('Everyone who waits, told at once', () => {
  it('costs one look at the queue, and who asks later gets a later one', async () => {
    let looks = 0;
    const waiting = ['c1', 'c2', 'c3'].map((id, n) => ({ id, queuedAt: n }));
    const queue = createQueue({
      store: { waiting: async () => waiting.slice(looks++), claims: async () => [] },
      presence: { onlineAgents: async () => 1 },
      now: () => 5,
    });
    const told = await Promise.all(waiting.map(({ id }) => queue.status(id)));
    expect(told.map((status) => status?.position)).toEqual([1, 2, 3]);
    expect(looks).toBe(1);
    expect((await queue.status('c3'))?.position).toBe(2);
  });
});

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
      const presence = { onlineAgents: async () => 3 };
      const queue = createQueue({ store: storage.queue, presence, now: () => begin + 90_000 });
      expect(await queue.status('c6')).toEqual({ position: 2, waiting: 2, expectedWaitSeconds: 60, agentsOnline: 3 });
      expect(await queue.status('c1')).toBeNull();
      expect(await queue.outlook()).toEqual({ ahead: 2, expectedWaitSeconds: 90, agentsOnline: 3 });
      const tomorrow = createQueue({ store: storage.queue, presence, now: () => begin + 86_400_000 });
      expect(await tomorrow.status('c6')).toMatchObject({ position: 2, expectedWaitSeconds: null });
    });
  });
}
