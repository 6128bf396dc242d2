import { type GapReason, gapReasons } from '../answering/editing/gap-reasons.ts';
import type { Miss, MissStore } from '../answering/editing/gaps.ts';
import type { HandoffReason } from '../conversation/conversation.ts';
import type { Database } from './database.ts';
import { type EntryOfCustomer, newestEntries } from './newest-entries.ts';
import { entryOf } from './rows.ts';

/** The questions that were not answered: handoffs and verdicts of the log. */
export function missStore({ reader }: Database): MissStore {
  return {
    misses: async (since, limit) => {
      const [handoffs, verdicts] = await Promise.all([
        // Of the status changes about every third is a handoff.
        collect(newestEntries(reader, 'status', { since, most: limit * 4 }), limit),
        collect(newestEntries(reader, 'verdict', { since, most: limit * 4 }), limit),
      ]);
      return [...handoffs, ...verdicts].sort((a, b) => b.at - a.at).slice(0, limit);
    },
  };
}

async function collect(entries: AsyncIterable<EntryOfCustomer>, limit: number): Promise<readonly Miss[]> {
  const misses: Miss[] = [];
  for await (const row of entries) {
    if (misses.length >= limit) break;
    const miss = missOf(row);
    if (miss) misses.push(miss);
  }
  return misses;
}

function missOf(row: EntryOfCustomer): Miss | null {
  const entry = entryOf(row);
  const base = { at: entry.at, conversationId: row.conversation_id, customerId: row.customer_id };
  switch (entry.kind) {
    case 'status': {
      const { cause, reason, understanding } = entry;
      if (cause !== 'handoff' || !understanding || !isGapReason(reason)) return null;
      return { ...base, question: understanding.question, reason, refusedArticleId: null };
    }
    case 'verdict':
      if (entry.helpful || entry.question === '') return null;
      return { ...base, question: entry.question, reason: 'not_helpful', refusedArticleId: entry.articleId };
    case 'message':
    case 'rating':
    case 'change':
      return null;
  }
}

function isGapReason(reason: HandoffReason | null): reason is Extract<HandoffReason, GapReason> {
  return gapReasons.some((one) => one === reason);
}
