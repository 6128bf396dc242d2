import { createFollowUps, type FollowUps, type NewFollowUp } from '../../src/handoff/follow-ups.ts';
import { openStorage, type Storage } from '../../src/storage/storage.ts';
import { databases, describeOn, type ScratchDatabase } from '../support/databases.ts';

for (const kind of databases) {
  describeOn(kind, 'A follow-up', () => {
    let database: ScratchDatabase;
    let storage: Storage;
    let followUps: FollowUps;
    let now = 1_000;

    beforeEach(async () => {
      now = 1_000;
      database = await kind.create();
      storage = await openStorage(database.url);
      followUps = createFollowUps({ store: storage.followUps, now: () => now });
    });
    afterEach(async () => {
      await storage.close();
      await database.drop();
    });

    it('is open until it is done, the oldest first', async () => {
      await followUps.add(rated('c1', 7));
      now = 2_000;
      await followUps.add({ ...rated('c2', 3), kind: 'broken_promise' });
      expect(await followUps.open(10)).toMatchObject([
        {
          conversationId: 'c1',
          kind: 'low_rating',
          seq: 7,
          note: '1 分：太慢',
          createdAt: 1_000,
          doneAt: null,
          doneBy: null,
        },
        { conversationId: 'c2', kind: 'broken_promise', seq: 3, createdAt: 2_000 },
      ]);
      expect(await followUps.open(1)).toHaveLength(1);
      expect(await followUps.count()).toBe(2);
      const [first] = await followUps.open(1);
      expect(await followUps.done(first?.id ?? '', 'a1')).toBe('done');
      expect(await followUps.open(10)).toMatchObject([{ conversationId: 'c2' }]);
      expect(await followUps.count()).toBe(1);
    });

    it('is there once however often its entry calls for it, at the same moment and after it is done', async () => {
      const added = await Promise.all(Array.from({ length: 8 }, () => followUps.add(rated('c1', 7))));
      expect(added.filter((outcome) => outcome === 'added')).toHaveLength(1);
      const [only, ...others] = await followUps.open(10);
      expect(others).toEqual([]);
      await followUps.done(only?.id ?? '', 'a1');
      expect(await followUps.add(rated('c1', 7))).toBe('known');
      expect(await followUps.count()).toBe(0);
    });

    it('is another one for another entry, kind or conversation', async () => {
      await followUps.add(rated('c1', 7));
      expect(await followUps.add(rated('c1', 9))).toBe('added');
      expect(await followUps.add(rated('c2', 7))).toBe('added');
      expect(await followUps.add({ ...rated('c1', 7), kind: 'broken_promise' })).toBe('added');
    });

    it('is done by the first who says so', async () => {
      await followUps.add(rated('c1', 7));
      const [task] = await followUps.open(1);
      const outcomes = await Promise.all(['a1', 'a2', 'a3'].map((agent) => followUps.done(task?.id ?? '', agent)));
      expect(outcomes.sort()).toEqual(['already_done', 'already_done', 'done']);
      expect(await followUps.done('nothing', 'a1')).toBe('unknown');
      expect(await followUps.done('a\0b', 'a1')).toBe('unknown');
    });

    it('has a note of bounded length', async () => {
      await followUps.add({ ...rated('c1', 7), note: '慢'.repeat(10_000) });
      expect((await followUps.open(1))[0]?.note).toHaveLength(500);
    });
  });
}

function rated(conversationId: string, seq: number): NewFollowUp {
  return { conversationId, kind: 'low_rating', seq, note: '1 分：太慢' };
}
