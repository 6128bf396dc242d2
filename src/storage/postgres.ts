import pg from 'pg';
import { Kysely, PostgresDialect, sql } from 'kysely';
import type { Database } from './database.ts';
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
    idle_in_transaction_session_timeout: 15_000,
    application_name: 'zhike',
    types: { getTypeParser },
  });
  // An idle connection that breaks is dropped by the pool; without a listener the error would end the process.
  pool.on('error', () => {});
  const reader = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });

  return {
    kind: 'postgres',
    reader,
    transact: (work) => reader.transaction().execute(work),
    exclusively: (work) =>
      reader.transaction().execute(async (transaction) => {
        await sql`select pg_advisory_xact_lock(${migrationLock})`.execute(transaction);
        await work(transaction);
      }),
    isUniqueViolation: (error) => (error as { code?: unknown } | null)?.code === uniqueViolation,
    close: () => reader.destroy(),
  };
}

/** The SQLSTATE of a broken unique index. */
const uniqueViolation = '23505';

/** pg gives int8 as a string; ours are sequence numbers and milliseconds, which a double holds. */
const getTypeParser: typeof pg.types.getTypeParser = (oid: number, format?: 'text' | 'binary') =>
  oid === Number(pg.types.builtins.INT8) ? Number : (pg.types.getTypeParser(oid, format) as (value: string) => unknown);

/** An arbitrary number that every zhike process locks while it migrates. */
const migrationLock = 7_284_091_355;
