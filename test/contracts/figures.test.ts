import type { ConversationEvent } from '../../src/conversation/events.ts';
import { openStorage, type Storage } from '../../src/storage/storage.ts';
import { botTookTurn, customerWrote, draft, understanding } from '../support/conversations.ts';
import { databases, describeOn, type ScratchDatabase } from '../support/databases.ts';

for (const kind of databases) {
  describeOn(kind, 'What the board is reckoned from', () => {
    let database: ScratchDatabase;
    let storage: Storage;
    beforeEach(async () => {
      database = await kind.create();
      storage = await openStorage(database.url);
      for (const [id, at] of [
        ['old', 100],
        ['first', 1_000],
        ['last', 2_000],
      ] as const) {
        await storage.log.start({ id, channel: 'webchat', customerId: id, customerName: null, locale: 'en' }, at);
        await talk(id, at);
      }
    });
    afterEach(async () => {
      await storage.close();
      await database.drop();
    });

    /** A question that is answered, one that is handed over, and an agent who takes it. */
    async function talk(id: string, at: number): Promise<void> {
      const write = async (event: ConversationEvent) => {
        const written = await storage.log.write(id, event);
        if (written.kind !== 'saved') throw new Error(`${event.kind} was ${written.kind}`);
        return written.conversation;
      };
      const replies = [draft('答', { understanding: understanding() })];
      const asked = await write(customerWrote('问', { at }));
      await write(botTookTurn(asked, { at, replies }));
      const again = await write(customerWrote('问', { at }));
      const handoff = { reason: 'no_match', understanding: null } as const;
      await write(botTookTurn(again, { at, replies: [], handoff }));
      await write({ kind: 'claimed', at: at + 1, agent: { id: 'li', name: '李' } });
    }

    it('is what changed since a time, the last changed first', async () => {
      expect(await storage.figures.changed(1_000, 10)).toEqual([
        { id: 'last', seq: 5 },
        { id: 'first', seq: 5 },
      ]);
      expect(await storage.figures.changed(0, 1)).toEqual([{ id: 'last', seq: 5 }]);
    });

    it('is what happened in each since then, in order, without what customers wrote', async () => {
      const found = await storage.figures.entries(['old', 'first', 'nothing'], 1_000);
      expect([...found.keys()]).toEqual(['first']);
      expect(found.get('first')?.map(({ seq, kind: of }) => [seq, of])).toEqual([
        [2, 'message'],
        [4, 'status'],
        [5, 'status'],
      ]);
      expect(await storage.log.read('first', 1, 1)).toEqual(found.get('first')?.slice(0, 1));
      expect((await storage.figures.entries([], 0)).size).toBe(0);
    });
  });
}
