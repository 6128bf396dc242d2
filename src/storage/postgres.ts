import pg from 'pg';
import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient, sql } from 'kysely';
import { type Database, type Queries, unavailable } from './database.ts';
import type { Tables } from './schema.ts';

/**
 * Opens a pool on a PostgreSQL database. Every wait is bounded, so that a database that is gone becomes an error the
 * caller can answer with 503, and the pool connects again by itself.
 */
export function openPostgres(url: string): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: 16,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    statement_timeout: 15_000,
    // The server ends a query before this, unless nothing comes from it at all.
    query_timeout: 20_000,
    idle_in_transaction_session_timeout: 15_000,
    application_name: 'zhike',
    types: { getTypeParser },
  });
  // A connection that breaks is dropped by the pool, and whoever uses it is told by their query. Without listeners, for
  // idle ones and for those in use, the same news would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => void client.on('error', () => {}));
  const reader = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: guarded(pool) }) });

  return {
    kind: 'postgres',
    reader,
    transact: (work) => reader.transaction().execute(work),
    exclusively: (work) => exclusively(url, work),
    isUniqueViolation: (error) => codeOf(error) === uniqueViolation,
    close: async () => {
      await reader.destroy();
      // Kysely leaves alone what it never used.
      if (!pool.ending) await pool.end();
    },
  };
}

/**
 * On a connection of its own that waits for as long as it takes: rewriting a large table, and waiting for the process
 * that does, take minutes, and one that gave up would give up at every start.
 */
async function exclusively(url: string, work: (transaction: Queries) => Promise<void>): Promise<void> {
  const pool = new pg.Pool({ connectionString: url, max: 1, connectionTimeoutMillis: 5_000, types: { getTypeParser } });
  pool.on('error', () => {});
  pool.on('connect', (client) => void client.on('error', () => {}));
  const queries = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: guarded(pool) }) });
  try {
    await queries.transaction().execute(async (transaction) => {
      await sql`set local statement_timeout = 0`.execute(transaction);
      await sql`select pg_advisory_xact_lock(${migrationLock})`.execute(transaction);
      await work(transaction);
    });
  } finally {
    await queries.destroy();
  }
}

/** The SQLSTATE of a broken unique index. */
const uniqueViolation = '23505';

/** pg gives int8 as a string; ours are sequence numbers and milliseconds, which a double holds. */
const getTypeParser: typeof pg.types.getTypeParser = (oid: number, format?: 'text' | 'binary') =>
  oid === Number(pg.types.builtins.INT8) ? Number : (pg.types.getTypeParser(oid, format) as (value: string) => unknown);

/** An arbitrary number that every zhike process locks while it migrates. */
const migrationLock = 7_284_091_355;

/** The pool, telling trouble of the connection or the server, which passes, from a fault of ours. */
function guarded(pool: pg.Pool): PostgresPool {
  return {
    connect: async () => guardedClient(await pool.connect().catch(translated)),
    end: () => pool.end(),
  };
}

function guardedClient(client: pg.PoolClient): PostgresPoolClient {
  let silent: Error | null = null;
  // Kysely reads cursors only when it streams, which nothing here does.
  const query = async (text: string, values: readonly unknown[]) => {
    // Its answer may still come, and would be taken for that of the next query.
    if (silent) throw unavailable(silent);
    return client.query(text, [...values]).catch((error: unknown) => {
      if (error instanceof Error && unansweredQuery.test(error.message)) silent = error;
      return translated(error);
    });
  };
  return { query: query as unknown as PostgresPoolClient['query'], release: () => client.release(silent ?? undefined) };
}

function translated(error: unknown): never {
  // SQLSTATE classes: connection, rolled back for others' sake, resources (disk full, too many connections), a lock
  // nobody let go of, cancelled (too slow) or shut down, read-only after a failover, a transaction that idled too long.
  const passing = /^(08|40|53|55P03|57|25006|25P03|ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN)/.test(
    codeOf(error),
  );
  throw passing || lostConnection.test(String(error)) ? unavailable(error) : error;
}

/** pg's own errors have no code. */
const unansweredQuery = /query read timeout/i;
const lostConnection =
  /connection terminated|timeout exceeded|connection timeout|query read timeout|not queryable|pool after calling end/i;

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}
