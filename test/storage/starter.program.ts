/** Opens the storage at argv[2] and closes it, as every process of several does at its start. */
import { openStorage } from '../../src/storage/storage.ts';

const storage = await openStorage(process.argv[2] ?? '');
await storage.ready();
await storage.close();
