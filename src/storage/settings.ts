import type { SettingsStore } from '../handoff/settings/desk-settings.ts';
import type { Database } from './database.ts';
import { storable } from './storable.ts';

/** What supervisors set up, on a database. */
export function settingsStore({ reader, transact }: Database): SettingsStore {
  return {
    all: async () => {
      const rows = await reader.selectFrom('settings').selectAll().orderBy('section').execute();
      return rows.map(({ agent_id: agentId, ...rest }) => ({ ...rest, agentId }));
    },
    save: async (section, given) => {
      const { value, version, at, agentId } = storable(given);
      const next = { value, version: version + 1, at, agent_id: agentId };
      const changed = await transact((transaction) =>
        version === 0
          ? transaction
              .insertInto('settings')
              .values({ section, ...next })
              .onConflict((conflict) => conflict.column('section').doNothing())
              .returning('section')
              .execute()
          : transaction
              .updateTable('settings')
              .set(next)
              .where('section', '=', section)
              .where('version', '=', version)
              .returning('section')
              .execute(),
      );
      return changed.length === 1 ? 'saved' : 'stale';
    },
  };
}
