import type { Entry } from '../../conversation/conversation.ts';
import type { ConversationLog } from '../../conversation/log.ts';

/** The entries of one conversation in order, some at a time, so that a very long one is never held whole. */
export type EntryPages = AsyncIterable<readonly Entry[]>;

const entriesAtOnce = 500;

/** The whole log of a conversation, read while it is asked for. */
export async function* pagesOf(log: Pick<ConversationLog, 'read'>, conversationId: string): EntryPages {
  for (let after = 0; ;) {
    const page = await log.read(conversationId, after, entriesAtOnce);
    if (page.length > 0) yield page;
    if (page.length < entriesAtOnce) return;
    after = page.at(-1)?.seq ?? after;
  }
}
