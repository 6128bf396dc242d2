import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

/** A database of its own for one test file. */
export type ScratchDatabase = { readonly url: string; drop(): Promise<void> };

/** The databases that every promise of the storage is tested on. */
export const databases: readonly { readonly name: string; create(): Promise<ScratchDatabase> }[] = [
  { name: 'SQLite', create: async () => sqliteFile() },
  { name: 'PostgreSQL', create: postgresDatabase },
];

const testPostgresUrl = process.env['TEST_POSTGRES_URL'];

/** `describe` for one of the databases; PostgreSQL is one clearly named skip where TEST_POSTGRES_URL names no server. */
export function describeOn({ name }: { readonly name: string }, title: string, body: () => void): void {
  if (name === 'PostgreSQL' && !testPostgresUrl) {
    describe(`${title} on PostgreSQL`, () => {
      it.skip('is tested when TEST_POSTGRES_URL names a server (postgres://postgres@127.0.0.1:5432/postgres)', () => {});
    });
    return;
  }
  describe(`${title} on ${name}`, body);
}

export function sqliteFile(): ScratchDatabase {
  const folder = temporaryFolder();
  return { url: `sqlite:${join(folder.path, 'zhike.db')}`, drop: async () => folder.remove() };
}

export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'zhike-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

async function postgresDatabase(): Promise<ScratchDatabase> {
  const name = `zhike_test_${randomBytes(6).toString('hex')}`;
  await administer(`create database ${name}`);
  const url = new URL(testPostgresUrl ?? '');
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => administer(`drop database ${name} with (force)`) };
}

async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: testPostgresUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
