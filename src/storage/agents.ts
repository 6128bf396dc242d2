import type { Agent, AgentStore } from '../handoff/agents.ts';
import type { Database } from './database.ts';
import type { AgentRow } from './schema.ts';
import { storable } from './storable.ts';

/** Agents' accounts and presence on a database. */
export function agentStore({ reader, transact, isUniqueViolation }: Database): AgentStore {
  return {
    insert: async (given) => {
      const { passwordHash, createdAt, groups, ...agent } = storable(given);
      const row: AgentRow = {
        ...agent,
        groups: JSON.stringify(groups),
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
        .where('status', '<>', 'offline')
        .where('role', 'in', ['agent', 'supervisor'])
        .executeTakeFirstOrThrow();
      return count;
    },
    roster: async () => {
      const rows = await reader
        .selectFrom('agents')
        .selectAll()
        .select((agents) =>
          agents
            .selectFrom('conversations')
            .select(({ fn }) => fn.countAll<number>().as('count'))
            .whereRef('conversations.agent_id', '=', 'agents.id')
            .where('snoozed_until', 'is', null)
            .as('load'),
        )
        .where('disabled', '=', 0)
        .where('role', 'in', ['agent', 'supervisor'])
        .orderBy('name')
        .orderBy('email')
        .execute();
      return rows.map((row) => ({ agent: agentOf(row), seenAt: row.seen_at, load: row.load ?? 0 }));
    },
    change: async (id, given) => {
      const { passwordHash, groups, disabled, ...plain } = storable(given);
      const values = {
        ...plain,
        ...(passwordHash === undefined ? {} : { password_hash: passwordHash }),
        ...(groups === undefined ? {} : { groups: JSON.stringify(groups) }),
        ...(disabled === undefined ? {} : { disabled: disabled ? 1 : 0 }),
      };
      const row = await transact(async (transaction) => {
        if (Object.keys(values).length === 0) {
          return transaction.selectFrom('agents').selectAll().where('id', '=', id).executeTakeFirst();
        }
        if (passwordHash !== undefined) await transaction.deleteFrom('sessions').where('agent_id', '=', id).execute();
        return transaction.updateTable('agents').set(values).where('id', '=', id).returningAll().executeTakeFirst();
      });
      return row ? agentOf(row) : null;
    },
  };
}

/** A row of `agents` as the rest of the program knows it. */
export function agentOf(row: Omit<AgentRow, 'password_hash' | 'created_at' | 'seen_at'>): Agent {
  const { id, email, name, role, status, capacity } = row;
  return { id, email, name, role, status, capacity, disabled: row.disabled === 1, groups: groupsOf(row.groups) };
}

function groupsOf(json: string): readonly string[] {
  return JSON.parse(json) as readonly string[];
}
