import type { Customer, CustomerStore, Fact } from '../handoff/customers.ts';
import type { Database } from './database.ts';
import type { CustomerRow } from './schema.ts';
import { isStorableId, storable, storableId } from './storable.ts';

/** What is known of customers, on a database. */
export function customerStore({ reader, transact }: Database): CustomerStore {
  return {
    find: async ({ channel, id }) => {
      if (!isStorableId(channel) || !isStorableId(id)) return null;
      const row = await reader
        .selectFrom('customers')
        .selectAll()
        .where('channel', '=', channel)
        .where('id', '=', id)
        .executeTakeFirst();
      return row ? customerOf(row) : null;
    },
    findMany: async (keys) => {
      const ids = new Map<string, Set<string>>();
      for (const { channel, id } of keys) {
        if (!isStorableId(channel) || !isStorableId(id)) continue;
        ids.set(channel, (ids.get(channel) ?? new Set()).add(id));
      }
      if (ids.size === 0) return [];
      const rows = await reader
        .selectFrom('customers')
        .selectAll()
        .where((where) =>
          where.or(
            [...ids].map(([channel, of]) => where.and([where('channel', '=', channel), where('id', 'in', [...of])])),
          ),
        )
        .execute();
      return rows.map(customerOf);
    },
    save: async (customer) => {
      const { channel, id, ...changing } = customerRow(storable(customer));
      const saved = await transact(async (transaction) => {
        if (customer.version === 1) {
          const row = { channel: storableId(channel, 'channel'), id: storableId(id, 'id'), ...changing };
          const inserting = transaction.insertInto('customers').values(row);
          return (await inserting.onConflict((conflict) => conflict.doNothing()).executeTakeFirst())
            .numInsertedOrUpdatedRows;
        }
        const updating = transaction.updateTable('customers').set(changing);
        return (
          await updating
            .where('channel', '=', channel)
            .where('id', '=', id)
            .where('version', '=', customer.version - 1)
            .executeTakeFirst()
        ).numUpdatedRows;
      });
      return saved === 1n ? 'saved' : 'stale';
    },
  };
}

function customerOf(row: CustomerRow): Customer {
  return {
    channel: row.channel,
    id: row.id,
    name: row.name,
    tags: JSON.parse(row.tags) as readonly string[],
    facts: JSON.parse(row.facts) as readonly Fact[],
    unreachable: row.unreachable === 1,
    version: row.version,
    updatedAt: row.updated_at,
  };
}

function customerRow(customer: Customer): CustomerRow {
  return {
    channel: customer.channel,
    id: customer.id,
    name: customer.name,
    tags: JSON.stringify(customer.tags),
    facts: JSON.stringify(customer.facts),
    unreachable: customer.unreachable ? 1 : 0,
    version: customer.version,
    updated_at: customer.updatedAt,
  };
}
