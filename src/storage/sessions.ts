import type { SessionStore } from '../handoff/agents.ts';
import { agentOf } from './agents.ts';
import type { Database } from './database.ts';
import { statement } from './statement.ts';

/** Agents' sessions on a database. It never sees a token, only its hash. */
export function sessionStore({ reader, transact }: Database): SessionStore {
  // Every request of the console asks this.
  const withAgent = statement(reader, (db, p: { tokenHash: string; now: number }) =>
    db
      .selectFrom('sessions')
      .innerJoin('agents', 'agents.id', 'sessions.agent_id')
      .selectAll('agents')
      .select('sessions.expires_at')
      .where('sessions.token_hash', '=', p.tokenHash)
      .where('sessions.expires_at', '>', p.now)
      .where('agents.disabled', '=', 0),
  );
  return {
    insert: async ({ tokenHash, agentId, at, expiresAt }) => {
      const row = { token_hash: tokenHash, agent_id: agentId, created_at: at, expires_at: expiresAt };
      await transact((transaction) => transaction.insertInto('sessions').values(row).execute());
    },
    find: async (tokenHash, now) => {
      const [row] = await withAgent(reader, { tokenHash, now });
      return row ? { agent: agentOf(row), expiresAt: row.expires_at } : null;
    },
    extend: async (tokenHash, expiresAt) => {
      await transact((transaction) =>
        transaction
          .updateTable('sessions')
          .set({ expires_at: expiresAt })
          .where('token_hash', '=', tokenHash)
          .where('expires_at', '<', expiresAt)
          .execute(),
      );
    },
    remove: async (tokenHash) => {
      await transact((transaction) => transaction.deleteFrom('sessions').where('token_hash', '=', tokenHash).execute());
    },
    removeExpired: async (now) => {
      await transact((transaction) => transaction.deleteFrom('sessions').where('expires_at', '<=', now).execute());
    },
  };
}
