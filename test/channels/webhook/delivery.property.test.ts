import fc from 'fast-check';
import type { Entry } from '../../../src/conversation/conversation.ts';
import { announcing } from '../../../src/conversation/signals.ts';
import type { ConversationLog } from '../../../src/conversation/log.ts';
import { openStorage } from '../../../src/storage/storage.ts';
import {
  allEntries,
  anAgent,
  claimedBy,
  customerWrote,
  handsOver,
  newConversation,
} from '../../support/conversations.ts';
import { sqliteFile } from '../../support/databases.ts';
import { movedClock, openOutsideDesk, secret, startNode, type Node, type OutsideDesk } from './outside-desk.ts';

const li = anAgent();
const ids = ['a', 'b', 'c'] as const;
const hour = 3_600_000;

let desk: OutsideDesk;
beforeAll(async () => {
  desk = await openOutsideDesk();
});
afterAll(() => desk.close());

/** What may happen: in a conversation, with or without the node hearing of it; to the other side; to the node. */
const happening = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'write' as const,
        'hand over' as const,
        'claim' as const,
        'drop' as const,
        'resolve' as const,
      ),
      id: fc.constantFrom(...ids),
      isHeard: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('fail' as const), times: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('pass' as const), seconds: fc.integer({ min: 1, max: 90 }) }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'restart' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'die' as const }) },
);

it('tells of everything at least once and in order, whatever fails and whoever dies', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 3, maxLength: 40 }), async (happenings) => {
      const database = sqliteFile();
      const storage = await openStorage(database.url);
      const clock = movedClock(Date.UTC(2026, 10, 22));
      const taken: {
        readonly id: string;
        readonly conversation: string;
        readonly seq: number;
        readonly name: string;
      }[] = [];
      let failures = 0;
      desk.answers(({ event, headers }) => {
        if (failures > 0) {
          failures--;
          return failures % 2 === 0 ? 500 : (response) => response.destroy();
        }
        const [conversation = '', seq] = String(event.id).split('|');
        const name = String(headers['zhike-event']);
        if (name !== 'ping')
          taken.push({ id: String(headers['zhike-event-id']), conversation, seq: Number(seq), name });
        return 200;
      });
      const begin = (): Node =>
        startNode({ log: storage.log, store: storage.deliveries, clock, settings: () => ({ url: desk.url, secret }) });

      let node = begin();
      await node.webhook.idle();
      for (const id of ids) await storage.log.start(newConversation({ id, customerId: id }), clock.now());
      for (const happens of happenings) {
        switch (happens.kind) {
          case 'fail':
            failures = happens.times;
            break;
          case 'pass':
            await clock.passes(happens.seconds * 1_000, () => node.webhook.idle());
            break;
          case 'restart':
            await node.webhook.stop();
            node = begin();
            break;
          case 'die':
            node.kill();
            node = begin();
            break;
          case 'write':
          case 'hand over':
          case 'claim':
          case 'drop':
          case 'resolve':
            await happen(happens, happens.isHeard ? announcing(storage.log, node.signals) : storage.log, clock.now());
        }
      }
      failures = 0;
      await clock.strides(3 * hour, () => node.webhook.idle());
      await node.webhook.stop();

      for (const id of ids) {
        const first = new Map(
          taken.filter(({ conversation }) => conversation === id).map((one) => [one.seq, one.name]),
        );
        // A repeat comes with the id it had, so the receiver knows it; and what is new comes in order.
        expect([...first]).toEqual(expected(await allEntries(storage.log, id)));
      }
      expect(new Set(taken.map((one) => one.id)).size).toBe(
        new Set(taken.map((one) => `${one.conversation} ${one.seq}`)).size,
      );
      expect(await storage.deliveries.figures()).toMatchObject({ pending: 0, dead: 0 });
      await storage.close();
      await database.drop();
    }),
    { numRuns: 40 },
  );
}, 120_000);

type Happens = { readonly kind: 'write' | 'hand over' | 'claim' | 'drop' | 'resolve'; readonly id: string };

/** Writes it if it can happen; refused otherwise, as in life. */
async function happen({ kind, id }: Happens, log: ConversationLog, at: number): Promise<void> {
  const conversation = await log.find(id);
  if (!conversation) throw new Error(`No conversation ${id}.`);
  const { version, seq: seen } = conversation;
  switch (kind) {
    case 'write':
      return void (await log.write(id, customerWrote('在吗', { at })));
    case 'hand over':
      return void (await log.write(id, handsOver(conversation, { at, cursor: conversation.botCursor })));
    case 'claim':
      return void (await log.write(id, claimedBy(li, at)));
    case 'drop':
      return void (await log.write(id, { kind: 'dropped', at, agentId: li.id, version, notice: null }));
    case 'resolve':
      return void (await log.write(id, { kind: 'resolved', at, agent: li, version, seen }));
  }
}

/** What the outside desk must have been told of a conversation. */
function expected(entries: readonly Entry[]): readonly (readonly [number, string])[] {
  let isServed = false;
  return entries.flatMap((entry): [number, string][] => {
    if (entry.kind === 'message') return entry.author.role === 'customer' && isServed ? [[entry.seq, 'message']] : [];
    if (entry.kind !== 'status') return [];
    const before = isServed;
    isServed = entry.to === 'queued' || entry.to === 'assigned';
    if (!before && !isServed) return [];
    const names: Record<string, string> = {
      handoff: 'initiate',
      claim: 'accepted',
      dropped: 'failed',
      resolve: 'completed',
      reopen: entry.to === 'queued' ? 'initiate' : entry.to === 'assigned' ? 'accepted' : 'returned',
    };
    return [[entry.seq, `handoff.${names[entry.cause]}`]];
  });
}
