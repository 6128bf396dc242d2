import { openStorage, type Storage } from '../../src/storage/storage.ts';
import { databases, describeOn, type ScratchDatabase } from '../support/databases.ts';

for (const kind of databases) {
  describeOn(kind, 'What supervisors set up', () => {
    let database: ScratchDatabase;
    let storage: Storage;
    beforeEach(async () => {
      database = await kind.create();
      storage = await openStorage(database.url);
    });
    afterEach(async () => {
      await storage.close();
      await database.drop();
    });

    const given = { value: '{"kind":"nps"}', version: 0, at: 1_700_000_000_000, agentId: 'boss' };

    it('is nothing at first', async () => {
      expect(await storage.settings.all()).toEqual([]);
    });

    it('is kept as it was saved, a section at a time, each save the next version', async () => {
      expect(await storage.settings.save('survey', given)).toBe('saved');
      expect(await storage.settings.save('hours', { ...given, value: '{"节日":"\\u0000"}' })).toBe('saved');
      const later = { value: '{}', version: 1, at: given.at + 1, agentId: 'li' };
      expect(await storage.settings.save('survey', later)).toBe('saved');
      expect(await storage.settings.all()).toEqual([
        { ...given, section: 'hours', value: '{"节日":"\\u0000"}', version: 1 },
        { ...later, section: 'survey', version: 2 },
      ]);
    });

    it('is refused to who has not seen the last version', async () => {
      await storage.settings.save('survey', given);
      for (const version of [0, 2, 7]) {
        expect(await storage.settings.save('survey', { ...given, value: '{}', version })).toBe('stale');
      }
      expect(await storage.settings.save('hours', { ...given, version: 1 })).toBe('stale');
      expect(await storage.settings.all()).toEqual([{ ...given, section: 'survey', version: 1 }]);
    });

    it('is saved by one of many who do so at once', async () => {
      for (const version of [0, 1]) {
        const outcomes = await Promise.all(
          Array.from({ length: 8 }, (_, n) => storage.settings.save('survey', { ...given, version, agentId: `a${n}` })),
        );
        expect(outcomes.filter((outcome) => outcome === 'saved')).toHaveLength(1);
      }
      expect(await storage.settings.all()).toMatchObject([{ version: 2 }]);
    });
  });
}
