import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAccounts, type NewAgent } from '../../../src/handoff/agents.ts';
import { createPasswords } from '../../../src/handoff/passwords.ts';
import { openStorage, type Storage } from '../../../src/storage/storage.ts';
import { freePort } from '../../support/free-port.ts';
import { ensureBuilt, root } from './build.ts';

/** The real thing: the built server in a process of its own, with its own folder of data and articles, on one port for all its life. */
export type ServedDesk = {
  readonly url: string;
  /** What a shop's own back end signs in with. */
  readonly directLineSecret: string;
  /** Starts it, again after a kill: on the data that are there. Resolves when it takes customers. */
  start(): Promise<void>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** Writes into the data of a desk that is not running. */
  whileDown(change: (storage: Storage) => Promise<void>): Promise<void>;
  /** Stops it as an owner would, and removes its data. Resolves with its exit code and what it logged of errors. */
  close(): Promise<{ readonly exitCode: number | null; readonly errors: readonly string[] }>;
};

/** Builds what is not built, and makes an empty desk with these accounts beside the administrator's. Not started yet. */
export async function openServedDesk(options: {
  readonly admin: Pick<NewAgent, 'email' | 'password'>;
  readonly agents: readonly NewAgent[];
}): Promise<ServedDesk> {
  ensureBuilt();
  const folder = mkdtempSync(join(tmpdir(), 'zhike-e2e-'));
  const databaseUrl = `sqlite:${join(folder, 'zhike.db')}`;
  const whileDown = async (change: (storage: Storage) => Promise<void>): Promise<void> => {
    const storage = await openStorage(databaseUrl);
    await change(storage).finally(() => storage.close());
  };
  await whileDown((storage) => addAgents(storage, options.agents));
  // Editors write into it.
  const knowledge = join(folder, 'knowledge');
  cpSync(join(root, 'knowledge'), knowledge, { recursive: true });
  const port = await freePort();
  const directLineSecret = 'the-secret-of-the-shop-s-own-back-end';
  const settings = {
    PORT: String(port),
    DATA_DIR: folder,
    DATABASE_URL: databaseUrl,
    KNOWLEDGE_DIR: knowledge,
    DIRECT_LINE_SECRET: directLineSecret,
    LOG_LEVEL: 'warn',
    ADMIN_EMAIL: options.admin.email,
    ADMIN_PASSWORD: options.admin.password,
  };
  let server: ChildProcess | null = null;
  let printed = '';
  const killWithUs = (): void => void server?.kill('SIGKILL');
  process.once('exit', killWithUs);

  return {
    url: `http://127.0.0.1:${port}`,
    directLineSecret,
    start: () =>
      new Promise((resolve, reject) => {
        // In its own folder, where no developer's .env lies.
        const child = spawn(process.execPath, [join(root, 'dist/src/main.js')], {
          cwd: folder,
          env: { PATH: process.env['PATH'], ...settings },
          stdio: ['ignore', 'pipe', 'pipe'],
        });
        server = child;
        const heard = (chunk: Buffer): void => {
          printed += chunk.toString();
        };
        child.stderr.on('data', heard);
        child.stdout.on('data', (chunk: Buffer) => {
          heard(chunk);
          if (chunk.toString().includes('/console')) resolve();
        });
        child.once('exit', (code) => reject(new Error(`The server ended with ${code} while it started:\n${printed}`)));
      }),
    kill: () => ended(server, 'SIGKILL').then(() => undefined),
    whileDown,
    close: async () => {
      const exitCode = await ended(server, 'SIGTERM');
      process.off('exit', killWithUs);
      rmSync(folder, { recursive: true, force: true });
      return { exitCode, errors: printed.split('\n').filter((line) => /"level":"(error|fatal)"/.test(line)) };
    },
  };
}

async function addAgents(storage: Storage, agents: readonly NewAgent[]): Promise<void> {
  const accounts = createAccounts({ ...storage, passwords: createPasswords(), now: Date.now });
  for (const agent of agents) await accounts.add(agent);
}

function ended(server: ChildProcess | null, signal: NodeJS.Signals): Promise<number | null> {
  if (!server || server.exitCode !== null || server.signalCode !== null) {
    return Promise.resolve(server?.exitCode ?? null);
  }
  return new Promise((resolve) => {
    server.once('exit', resolve);
    server.kill(signal);
  });
}
