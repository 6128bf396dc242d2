import { sql } from 'kysely';
import type { Database, Queries } from '../database.ts';
import { conversations } from './0001-conversations.ts';
import { learning } from './0002-learning.ts';
import { desk } from './0003-desk.ts';

/** One step of the schema, in a text both databases take. A migration that was released is never edited. */
export type Migration = {
  readonly id: number;
  readonly name: string;
  readonly up: readonly string[];
};

/** In order; add at the end. */
export const migrations: readonly Migration[] = [conversations, learning, desk];

/**
 * Brings the database to the newest schema, all or nothing. Safe when several processes start at once: one migrates,
 * the others wait and find nothing to do. Refuses a database that a newer version of the program has migrated.
 */
export async function migrate(database: Database, steps: readonly Migration[] = migrations): Promise<void> {
  await database.exclusively(async (transaction) => {
    await run(
      transaction,
      'create table if not exists migrations (id integer primary key, name text not null, at bigint not null)',
    );
    const done = await sql<{ id: number; name: string }>`select id, name from migrations`.execute(transaction);
    const known = new Map(steps.map((step) => [step.id, step.name]));
    for (const { id, name } of done.rows) {
      if (known.get(id) === name) continue;
      throw new Error(
        `The database holds migration ${id} "${name}", which this version of zhike does not know. Update zhike.`,
      );
    }
    for (const { id, name, up } of steps.filter((step) => !done.rows.some((row) => row.id === step.id))) {
      for (const statement of up) await run(transaction, statement);
      await sql`insert into migrations (id, name, at) values (${id}, ${name}, ${Date.now()})`.execute(transaction);
    }
  });
}

async function run(queries: Queries, statement: string): Promise<void> {
  await sql.raw(statement).execute(queries);
}
