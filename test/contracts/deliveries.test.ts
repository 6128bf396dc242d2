import fc from 'fast-check';
import type { DeliveryStore, Leased, NewDelivery } from '../../src/handoff/deliveries.ts';
import { openStorage, type Storage } from '../../src/storage/storage.ts';
import { customerWrote, newConversation, saved, startQueued } from '../support/conversations.ts';
import { databases, describeOn, type ScratchDatabase } from '../support/databases.ts';

for (const kind of databases) {
  let database: ScratchDatabase;
  let storage: Storage;
  let store: DeliveryStore;

  describeOn(kind, "The webhook's outbox", () => {
    beforeEach(async () => {
      database = await kind.create();
      storage = await openStorage(database.url);
      store = storage.deliveries;
    });
    afterEach(async () => {
      await storage.close();
      await database.drop();
    });

    describe('adding', () => {
      it('twice is adding once, and changes nothing of what is there', async () => {
        await store.add([delivery('a', 1), delivery('a', 2)]);
        await settled(await leased(10), 'delivered');
        await store.add([delivery('a', 1, { body: 'other' }), delivery('a', 2), delivery('a', 3)]);
        expect(await taken(20)).toEqual(['a 2']);
        expect(await store.figures()).toMatchObject({ pending: 2, lastDeliveredAt: 10 });
      });

      it('takes many at once, and text of any kind', async () => {
        const many = Array.from({ length: 230 }, (_, n) =>
          delivery('a', n + 1, { body: '{"text":"你好 \\ud800 😀"}' }),
        );
        await store.add(many);
        expect((await store.figures()).pending).toBe(230);
        expect((await leased(1)).body).toBe('{"text":"你好 \\ud800 😀"}');
      });

      it('remembers what was told last', async () => {
        expect(await store.last('a')).toBeNull();
        await store.add([delivery('a', 3), delivery('a', 7, { event: 'handoff.completed' }), delivery('b', 9)]);
        expect(await store.last('a')).toEqual({ seq: 7, event: 'handoff.completed' });
      });

      it('a ping tells when the address was first known', async () => {
        const ping = delivery('ping:x', 0, { event: 'ping', createdAt: 5 });
        expect(await store.attach(ping)).toBe(5);
        expect(await store.attach({ ...ping, createdAt: 9 })).toBe(5);
        await settled(await leased(10), 'delivered');
        await store.prune(1_000);
        expect(await store.attach({ ...ping, createdAt: 2_000 })).toBe(5);
      });
    });

    describe('a lease', () => {
      it('is of the first of a conversation, until that is settled', async () => {
        await store.add([delivery('a', 2), delivery('a', 1), delivery('b', 1)]);
        const first = await leased(10);
        const second = await leased(10);
        expect([first, second].map(name).sort()).toEqual(['a 1', 'b 1']);
        expect(await store.lease(10, 100)).toBeNull();
        await settled(first.conversationId === 'a' ? first : second, 'delivered');
        expect(await taken(10)).toEqual(['a 2']);
      });

      it('ends, and then whoever had it settles nothing', async () => {
        await store.add([delivery('a', 1)]);
        const slow = await leased(10, 20);
        expect(await store.lease(19, 40)).toBeNull();
        const other = await leased(20, 40);
        expect(other).toMatchObject({ attempts: 2 });
        expect(await store.settle(slow, { kind: 'delivered', at: 21 })).toBe(false);
        expect(await store.settle(other, { kind: 'delivered', at: 22 })).toBe(true);
        expect(await store.settle(other, { kind: 'delivered', at: 23 })).toBe(false);
      });

      it('goes to one of many who ask at once', async () => {
        await store.add(['a', 'b', 'c'].map((id) => delivery(id, 1)));
        const asked = await Promise.all(Array.from({ length: 12 }, () => store.lease(10, 100)));
        const got = asked.filter((one) => one !== null).map(name);
        expect(new Set(got).size).toBe(got.length);
        expect([...got, ...(await all(10))].sort()).toEqual(['a 1', 'b 1', 'c 1']);
      });
    });

    describe('a failed attempt', () => {
      it('is due again at its time, and what is behind it waits', async () => {
        await store.add([delivery('a', 1), delivery('a', 2)]);
        await store.settle(await leased(10), { kind: 'again', nextAt: 50, error: 'HTTP 500' });
        expect(await store.lease(49, 100)).toBeNull();
        const again = await leased(50);
        expect(again).toMatchObject({ seq: 1, attempts: 2 });
        await settled(again, 'delivered', 51);
        expect(await taken(51)).toEqual(['a 2']);
      });

      it('that was the last leaves it dead, and the next goes on', async () => {
        await store.add([delivery('a', 1), delivery('a', 2)]);
        await settled(await leased(10), 'dead');
        expect(await store.dead(10)).toMatchObject([
          { id: 'a 1', seq: 1, attempts: 1, diedAt: 10, error: 'HTTP 404', body: '{}' },
        ]);
        expect(await taken(10)).toEqual(['a 2']);
        expect(await store.figures()).toEqual({ pending: 1, dead: 1, oldestPendingAt: 1, lastDeliveredAt: null });
      });
    });

    describe('the dead', () => {
      beforeEach(async () => {
        await store.add([delivery('a', 1), delivery('b', 1)]);
        await settled(await leased(10), 'dead', 10);
        await settled(await leased(20), 'dead', 20);
      });

      it('are listed last one first, and no more than wanted', async () => {
        expect((await store.dead(10)).map(({ diedAt }) => diedAt)).toEqual([20, 10]);
        expect(await store.dead(1)).toHaveLength(1);
      });

      it('are sent again with all their attempts where somebody wants that', async () => {
        expect(await store.retry('a 1', 30)).toBe(true);
        expect(await store.retry('a 1', 30)).toBe(false);
        expect(await store.retry('nobody', 30)).toBe(false);
        expect(await leased(30)).toMatchObject({ id: 'a 1', attempts: 1, body: '{}' });
      });

      it('are dropped for good where somebody wants that, and not told again', async () => {
        expect(await store.discard('a 1', 30)).toBe(true);
        expect(await store.discard('a 1', 30)).toBe(false);
        expect(await store.retry('a 1', 30)).toBe(false);
        expect((await store.dead(10)).map(({ id }) => id)).toEqual(['b 1']);
        await store.add([delivery('a', 1)]);
        expect(await store.lease(40, 50)).toBeNull();
      });

      it('are forgotten with what was delivered, in the end', async () => {
        await store.add([delivery('c', 1)]);
        await settled(await leased(30), 'delivered', 30);
        await store.prune(20);
        expect(await store.last('a')).toBeNull();
        expect((await store.dead(10)).map(({ id }) => id)).toEqual(['b 1']);
        await store.prune(31);
        expect(await store.last('c')).toBeNull();
        expect(await store.figures()).toEqual({ pending: 0, dead: 0, oldestPendingAt: null, lastDeliveredAt: null });
      });
    });

    describe('what was not told', () => {
      it('is found: changes from and to people, and what customers wrote meanwhile', async () => {
        const { conversation } = await storage.log.start(newConversation({ id: 'bot', customerId: 'b' }), 100);
        await saved(storage.log, conversation.id, customerWrote('你好', { at: 100 }));
        const queued = await startQueued(storage.log, { id: 'queued', customerId: 'q' }, 100);
        expect(await untold(0)).toEqual(['queued']);
        await store.add([delivery('queued', queued.seq)]);
        expect(await untold(0)).toEqual([]);
        await saved(storage.log, 'queued', customerWrote('在吗', { at: 200 }));
        expect(await untold(0)).toEqual(['queued']);
        expect(await untold(201)).toEqual([]);
        await store.add([delivery('queued', queued.seq + 1)]);
        expect(await untold(0)).toEqual([]);
      });

      it('is found however many happened in one moment', async () => {
        await Promise.all(
          Array.from({ length: 270 }, (_, n) => startQueued(storage.log, { id: `c${n}`, customerId: `u${n}` }, 100)),
        );
        expect(await untold(100)).toHaveLength(270);
        expect(await untold(101)).toHaveLength(0);
      });
    });

    it('keeps every promise in any order of what happens', async () => {
      const ids = fc.constantFrom('a', 'b', 'c');
      const steps = fc.array(
        fc.oneof(
          fc.record({ do: fc.constant('add' as const), id: ids }),
          fc.record({ do: fc.constant('lease' as const), for: fc.integer({ min: 1, max: 30 }) }),
          fc.record({
            do: fc.constant('settle' as const),
            which: fc.nat(5),
            how: fc.constantFrom('delivered' as const, 'again' as const, 'dead' as const),
          }),
          fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 40 }) }),
        ),
        { maxLength: 40 },
      );
      let run = 0;
      await fc.assert(
        fc.asyncProperty(steps, async (todo) => {
          const prefix = `run${run++}`;
          const next = new Map<string, number>();
          const open = new Map<string, number[]>();
          let now = run * 10_000;
          let held: Leased[] = [];
          for (const step of todo) {
            if (step.do === 'pass') now += step.ms;
            if (step.do === 'add') {
              const id = `${prefix}${step.id}`;
              const seq = (next.get(id) ?? 0) + 1;
              next.set(id, seq);
              open.set(id, [...(open.get(id) ?? []), seq]);
              await store.add([delivery(id, seq, { createdAt: now })]);
            }
            if (step.do === 'lease') {
              const got = await store.lease(now, now + step.for);
              if (!got) continue;
              // The first that is not settled, and nobody else's just now.
              expect(got.seq).toBe(open.get(got.conversationId)?.[0]);
              expect(held.filter(({ id, leasedUntil }) => id === got.id && leasedUntil > now)).toEqual([]);
              held.push(got);
            }
            if (step.do === 'settle') {
              const one = held[step.which % Math.max(1, held.length)];
              if (!one) continue;
              const isCurrent = held.findLast(({ id }) => id === one.id) === one;
              const wasOpen = open.get(one.conversationId)?.includes(one.seq) ?? false;
              const did = await settled(one, step.how, now);
              expect(did).toBe(isCurrent && wasOpen);
              held = held.filter((other) => other !== one);
              if (did && step.how !== 'again') {
                open.set(one.conversationId, open.get(one.conversationId)?.filter((seq) => seq !== one.seq) ?? []);
              }
            }
          }
          // Away with what is left, in order.
          for (;;) {
            const rest = await store.lease(now + 1_000, now + 1_000);
            if (!rest) break;
            expect(rest.seq).toBe(open.get(rest.conversationId)?.shift());
            await settled(rest, 'delivered', now + 1_000);
          }
          expect([...open.values()].flat()).toEqual([]);
        }),
        { numRuns: kind.name === 'SQLite' ? 150 : 40 },
      );
    }, 60_000);

    async function leased(now: number, until = now + 100): Promise<Leased> {
      const one = await store.lease(now, until);
      if (!one) throw new Error('Expected something to be due.');
      return one;
    }

    async function taken(now: number): Promise<readonly string[]> {
      return [name(await leased(now))];
    }

    async function all(now: number): Promise<readonly string[]> {
      const names: string[] = [];
      for (let one = await store.lease(now, now + 100); one; one = await store.lease(now, now + 100))
        names.push(name(one));
      return names;
    }

    async function settled(one: Leased, how: 'delivered' | 'again' | 'dead', at = 10): Promise<boolean> {
      if (how === 'delivered') return store.settle(one, { kind: 'delivered', at });
      if (how === 'dead') return store.settle(one, { kind: 'dead', at, error: 'HTTP 404' });
      return store.settle(one, { kind: 'again', nextAt: at + 5, error: 'HTTP 500' });
    }

    async function untold(since: number): Promise<readonly string[]> {
      const ids = new Set<string>();
      for await (const id of store.untold(since)) ids.add(id);
      return [...ids];
    }
  });
}

function delivery(conversationId: string, seq: number, given: Partial<NewDelivery> = {}): NewDelivery {
  return { id: `${conversationId} ${seq}`, conversationId, seq, event: 'message', body: '{}', createdAt: 1, ...given };
}

function name({ conversationId, seq }: Leased): string {
  return `${conversationId} ${seq}`;
}
