import type { Evidence, EvidenceStore } from '../answering/editing/proposals.ts';
import type { Database } from './database.ts';
import { type EntryOfCustomer, newestEntries } from './newest-entries.ts';
import { entryOf } from './rows.ts';

/** What people said of wordings and articles: the verdicts of the log. */
export function evidenceStore({ reader }: Database): EvidenceStore {
  return {
    labels: async (limit) => {
      const voices = new Map<string, Evidence>();
      // Who presses a button again and again pushes nobody out, unless they did it thousands of times.
      const verdicts = newestEntries(reader, 'verdict', { since: 0, most: limit * repeatsAllowed });
      for await (const row of verdicts) {
        if (voices.size >= limit) break;
        const label = labelOf(row);
        if (!label) continue;
        const voice = JSON.stringify([label.by, label.question, label.articleId]);
        if (!voices.has(voice)) voices.set(voice, label);
      }
      return [...voices.values()].reverse();
    },
  };
}

const repeatsAllowed = 3;

/** Null for a verdict from the time when the question was not kept with it. */
function labelOf(row: EntryOfCustomer): Evidence | null {
  const entry = entryOf(row);
  if (entry.kind !== 'verdict') return null;
  const { articleId, helpful: right, source, author, at } = entry;
  const question = entry.question.trim();
  return question === ''
    ? null
    : { question, articleId, right, source, by: author.id, at, conversationId: row.conversation_id };
}
