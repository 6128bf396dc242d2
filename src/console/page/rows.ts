import type { ChangeView, EntryView, MessageView, RatingView, StatusView, VerdictView } from '../api.ts';
import { sameDay } from '../../web/dates.ts';

/** One line of the transcript as it is drawn. */
export type Row =
  | { readonly kind: 'day'; readonly key: string; readonly at: number }
  | { readonly kind: 'status'; readonly key: string; readonly entry: StatusView }
  | { readonly kind: 'change'; readonly key: string; readonly entry: ChangeView }
  | { readonly kind: 'rating'; readonly key: string; readonly entry: RatingView }
  | { readonly kind: 'verdict'; readonly key: string; readonly entry: VerdictView; readonly title: string | null }
  | { readonly kind: 'message'; readonly key: string; readonly entry: MessageView; readonly continues: boolean };

/** Messages of one author within this time are drawn as one group. */
const groupedWithin = 3 * 60_000;

/** The log as rows: a line for each new day, and messages that follow each other grouped by author. */
export function rowsOf(entries: readonly EntryView[]): readonly Row[] {
  const rows: Row[] = [];
  const titles = new Map<number | string, string>();
  let before: EntryView | null = null;
  for (const entry of entries) {
    const key = String(entry.seq);
    const newDay = before === null || !sameDay(before.at, entry.at);
    if (newDay) rows.push({ kind: 'day', key: `day-${key}`, at: entry.at });
    switch (entry.kind) {
      case 'status':
        rows.push({ kind: 'status', key, entry });
        break;
      case 'change':
        rows.push({ kind: 'change', key, entry });
        break;
      case 'rating':
        rows.push({ kind: 'rating', key, entry });
        break;
      case 'verdict':
        // A pick stands in the log as the customer's message already.
        if (entry.source !== 'pick') rows.push({ kind: 'verdict', key, entry, title: titleOf(entry, titles) });
        break;
      case 'message':
        if (entry.answer) {
          titles.set(entry.seq, entry.answer.title);
          titles.set(entry.answer.articleId, entry.answer.title);
        }
        rows.push({ kind: 'message', key, entry, continues: !newDay && continues(before, entry) });
        break;
    }
    // What an agent sent is followed by its label: their next message still belongs to it.
    if (entry.kind !== 'verdict' || entry.source !== 'agent') before = entry;
  }
  return rows;
}

/** The customer speaks of an answer above; an agent's article has a title where the bot answered with it before. */
function titleOf(
  { source, about, articleId }: VerdictView,
  titles: ReadonlyMap<number | string, string>,
): string | null {
  return source === 'agent' ? (titles.get(articleId) ?? articleId) : (titles.get(about) ?? null);
}

function continues(before: EntryView | null, { author, at, private: isPrivate, replyTo }: MessageView): boolean {
  return (
    before?.kind === 'message' &&
    before.author.role === author.role &&
    before.author.id === author.id &&
    before.private === isPrivate &&
    // What an agent quotes stands above their words, with their name above both.
    (author.role !== 'agent' || replyTo === null) &&
    at - before.at < groupedWithin
  );
}

/** Seq of the last message of an agent that the customer has seen; null where none has been. */
export function lastRead(entries: readonly EntryView[], readSeq: number): number | null {
  const read = entries.findLast(
    (entry) => entry.seq <= readSeq && entry.kind === 'message' && entry.author.role === 'agent' && !entry.private,
  );
  return read?.seq ?? null;
}

/**
 * How a message sounds that is marked, null for one that is not: the worst moment, if it was bad at all, and the last
 * message, unless it was calm.
 */
export type Marked = { readonly which: 'worst' | 'last'; readonly level: 'furious' | 'unhappy' | 'happy' };

export function moodMark(seq: number, mood: { readonly worst: Felt; readonly last: Felt } | null): Marked | null {
  if (!mood) return null;
  const worst = seq === mood.worst.seq ? levelOf(mood.worst.score) : 'calm';
  if (worst === 'furious' || worst === 'unhappy') return { which: 'worst', level: worst };
  const last = seq === mood.last.seq ? levelOf(mood.last.score) : 'calm';
  return last === 'calm' ? null : { which: 'last', level: last };
}

type Felt = { readonly seq: number; readonly score: number };

/** A feeling from -1 to 1 in a word. Furious is what the bot hands over at once for (`strongAnger`). */
export function levelOf(score: number): 'furious' | 'unhappy' | 'calm' | 'happy' {
  if (score <= -0.75) return 'furious';
  if (score <= -0.25) return 'unhappy';
  return score >= 0.4 ? 'happy' : 'calm';
}
