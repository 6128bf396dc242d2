import type { EntryView, MessageView, StatusView, VerdictView } from '../api.ts';
import { sameDay } from '../../web/dates.ts';

/** One line of the transcript as it is drawn. */
export type Row =
  | { readonly kind: 'day'; readonly key: string; readonly at: number }
  | { readonly kind: 'status'; readonly key: string; readonly entry: StatusView }
  | { readonly kind: 'verdict'; readonly key: string; readonly entry: VerdictView; readonly title: string | null }
  | { readonly kind: 'message'; readonly key: string; readonly entry: MessageView; readonly continues: boolean };

/** Messages of one author within this time are drawn as one group. */
const groupedWithin = 3 * 60_000;

/** The log as rows: a line for each new day, and messages that follow each other grouped by author. */
export function rowsOf(entries: readonly EntryView[]): readonly Row[] {
  const rows: Row[] = [];
  const titles = new Map<number, string>();
  let before: EntryView | null = null;
  for (const entry of entries) {
    const key = String(entry.seq);
    const newDay = before === null || !sameDay(before.at, entry.at);
    if (newDay) rows.push({ kind: 'day', key: `day-${key}`, at: entry.at });
    switch (entry.kind) {
      case 'status':
        rows.push({ kind: 'status', key, entry });
        break;
      case 'verdict':
        // A pick and what an agent sent stand in the log as messages already.
        if (entry.source === 'feedback')
          rows.push({ kind: 'verdict', key, entry, title: titles.get(entry.about) ?? null });
        break;
      case 'message':
        if (entry.answer) titles.set(entry.seq, entry.answer.title);
        rows.push({ kind: 'message', key, entry, continues: !newDay && continues(before, entry) });
        break;
    }
    before = entry;
  }
  return rows;
}

function continues(before: EntryView | null, { author, at, private: isPrivate }: MessageView): boolean {
  return (
    before?.kind === 'message' &&
    before.author.role === author.role &&
    before.author.id === author.id &&
    before.private === isPrivate &&
    at - before.at < groupedWithin
  );
}
