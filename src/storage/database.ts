import type { Kysely } from 'kysely';
import { BusyError } from '../errors.ts';
import type { Tables } from './schema.ts';

/** Runs queries: `Database.reader`, or the transaction that `Database.transact` hands out. */
export type Queries = Kysely<Tables>;

/**
 * What the storage needs of a database. sqlite.ts and postgres.ts promise it. A database that can't serve just now (disk
 * full, connection lost, closed) rejects with a BusyError whose cause is the database's own error; it serves again when
 * it can, without being opened anew.
 */
export type Database = {
  readonly kind: 'sqlite' | 'postgres';
  /** Reads what is committed. Never writes. */
  readonly reader: Queries;
  /**
   * Runs `work` in a transaction and resolves after it is on disk; when `work` throws, nothing of it is kept. `work` may
   * wait for its own queries only, and may be run together with others' in one commit.
   */
  readonly transact: <T>(work: (transaction: Queries) => Promise<T>) => Promise<T>;
  /** Runs `work` in a transaction that no other process's `exclusively` overlaps. For migrations. */
  readonly exclusively: (work: (transaction: Queries) => Promise<void>) => Promise<void>;
  readonly isUniqueViolation: (error: unknown) => boolean;
  /** Lets what was begun finish, then closes. */
  readonly close: () => Promise<void>;
};

/** The database can't serve just now, because of `cause`. */
export function unavailable(cause: unknown): BusyError {
  return new BusyError('The database is not available just now.', 5, { cause });
}
