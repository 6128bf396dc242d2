import type { Kysely } from 'kysely';
import type { Tables } from './schema.ts';

/** Runs queries: `Database.reader`, or the transaction that `Database.transact` hands out. */
export type Queries = Kysely<Tables>;

/** What the storage needs of a database. sqlite.ts and postgres.ts promise it. */
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
  /** Lets what was begun finish, then closes. Later calls are rejected. */
  readonly close: () => Promise<void>;
};
