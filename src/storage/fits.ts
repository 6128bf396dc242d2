import type { FitRecord, FitStore, Json } from '../answering/learning/fits.ts';
import type { Database, Queries } from './database.ts';
import type { FitRow } from './schema.ts';
import { storable } from './storable.ts';

/** Every fit of the confidence, on a database. */
export function fitStore({ reader, transact }: Database): FitStore {
  return {
    save: async (given) => {
      const { data, report, ...fit } = storable(given);
      const row: FitRow = { ...fit, data: JSON.stringify(data), report: JSON.stringify(report) };
      await transact((transaction) => transaction.insertInto('fits').values(row).execute());
    },
    latest: async () => (await newest(reader, 1))[0] ?? null,
    list: (limit) => newest(reader, limit),
  };
}

async function newest(reader: Queries, limit: number): Promise<readonly FitRecord[]> {
  const rows = await reader
    .selectFrom('fits')
    .selectAll()
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    ...row,
    data: JSON.parse(row.data) as Json,
    report: JSON.parse(row.report) as FitRecord['report'],
  }));
}
