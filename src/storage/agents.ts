import type { Agent, AgentStore } from '../handoff/agents.ts';
import type { Database } from './database.ts';
import type { AgentRow } from './schema.ts';
import { storable } from './storable.ts';

/** Agents' accounts and presence on a database. */
export function agentStore({ reader, transact, isUniqueViolation }: Database): AgentStore {
  return {
    insert: async (given) => {
      const { passwordHash, createdAt, ...agent } = storable(given);
      const row: AgentRow = {
        ...agent,
        disabled: agent.disabled ? 1 : 0,
        password_hash: passwordHash,
        created_at: createdAt,
        seen_at: null,
      };
      try {
        await transact((transaction) => transaction.insertInto('agents').values(row).execute());
        return 'inserted';
      } catch (error) {
        if (isUniqueViolation(error)) return 'exists';
        throw error;
      }
    },
    findByEmail: async (email) => {
      if (email.includes('\0')) return null;
      const row = await reader.selectFrom('agents').selectAll().where('email', '=', email).executeTakeFirst();
      return row ? { ...agentOf(row), passwordHash: row.password_hash } : null;
    },
    list: async () => {
      const rows = await reader.selectFrom('agents').selectAll().orderBy('name').orderBy('email').execute();
      return rows.map(agentOf);
    },
    disable: (id) =>
      transact(async (transaction) => {
        await transaction.updateTable('agents').set({ disabled: 1, seen_at: null }).where('id', '=', id).execute();
        await transaction.deleteFrom('sessions').where('agent_id', '=', id).execute();
      }),
    see: async (id, at) => {
      await transact((transaction) =>
        transaction.updateTable('agents').set({ seen_at: at }).where('id', '=', id).where('disabled', '=', 0).execute(),
      );
    },
    countSeen: async (since) => {
      const { count } = await reader
        .selectFrom('agents')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('seen_at', '>=', since)
        .where('disabled', '=', 0)
        .where('role', 'in', ['agent', 'supervisor'])
        .executeTakeFirstOrThrow();
      return count;
    },
  };
}

/** A row of `agents` as the rest of the program knows it. */
export function agentOf(row: Pick<AgentRow, 'id' | 'email' | 'name' | 'role' | 'disabled'>): Agent {
  return { id: row.id, email: row.email, name: row.name, role: row.role, disabled: row.disabled === 1 };
}
