import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { openStorage } from '../../src/storage/storage.ts';
import { type CompiledProgram, compileProgram } from '../support/compiled.ts';
import { allEntries } from '../support/conversations.ts';
import { type ScratchDatabase, sqliteFile } from '../support/databases.ts';

describe('SQLite, killed while it writes', () => {
  let program: CompiledProgram;
  let database: ScratchDatabase;
  beforeAll(() => {
    program = compileProgram(join(__dirname, 'writer.program.ts'));
    database = sqliteFile();
  });
  afterAll(async () => {
    program.remove();
    await database.drop();
  });

  it('has every acknowledged write after up to ten kills, without gaps', async () => {
    const acknowledged = new Map<string, number>();
    // Ten rounds, or as many as a busy machine gets through in twelve seconds.
    const deadline = Date.now() + 12_000;
    for (let round = 0; round < 10 && Date.now() < deadline; round++) {
      const killAfter = 1 + Math.floor(Math.random() * 400);
      for (const [id, seq] of await writeUntilKilled(round, killAfter)) acknowledged.set(id, seq);
    }
    expect(acknowledged.size).toBeGreaterThanOrEqual(8);

    const storage = await openStorage(database.url);
    for (const [id, seq] of acknowledged) {
      const conversation = await storage.log.find(id);
      const entries = await allEntries(storage.log, id);
      expect(entries.length).toBeGreaterThanOrEqual(seq);
      expect(entries.map((entry) => entry.seq)).toEqual(entries.map((_, index) => index + 1));
      expect(conversation).toMatchObject({ seq: entries.length });
    }
    await storage.close();
  }, 60_000);

  /** Starts the writer, kills it after it acknowledged `killAfter` writes, and returns the last seq of each conversation. */
  async function writeUntilKilled(round: number, killAfter: number): Promise<ReadonlyMap<string, number>> {
    const child = spawn(process.execPath, [program.path, database.url, String(round)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const last = new Map<string, number>();
    let count = 0;
    // What was acknowledged between the decision to kill and death counts too: the pipe is read to its end.
    for await (const line of createInterface({ input: child.stdout })) {
      const [id, seq] = line.split(' ');
      if (id === undefined || seq === undefined) continue;
      last.set(id, Number(seq));
      if (++count === killAfter) child.kill('SIGKILL');
    }
    expect(count).toBeGreaterThanOrEqual(killAfter);
    return last;
  }
});
