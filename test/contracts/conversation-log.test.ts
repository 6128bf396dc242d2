import { openStorage, type Storage } from '../../src/storage/storage.ts';
import { memoryLog } from '../support/memory-log.ts';
import { databases, describeOn, type ScratchDatabase } from '../support/databases.ts';
import { describeConversationLog } from './conversation-log.ts';

for (const kind of databases) {
  describeOn(kind, 'The conversation log', () => {
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

    describeConversationLog(() => ({
      log: storage.log,
      reopen: async () => {
        await storage.close();
        storage = await openStorage(database.url);
        return storage.log;
      },
    }));
  });
}

describe('The conversation log in memory, which tests stand on', () => {
  const log = memoryLog();
  describeConversationLog(() => ({ log, reopen: async () => log }));
});
