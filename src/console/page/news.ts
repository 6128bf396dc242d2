import type { AgentSelf, MentionedEvent, SummaryView } from '../api.ts';
import type { DirectoryAnswer } from '../desk-api.ts';
import { waitKey } from './waiting.ts';

/** Something an agent should hear of while they look elsewhere. */
export type News =
  /** `waiting`: for anybody who takes them. `assigned`: the desk or a colleague gave them to me. */
  | { readonly kind: 'waiting' | 'assigned' | 'at_risk'; readonly conversation: SummaryView }
  | ({ readonly kind: 'mentioned' } & MentionedEvent);

/** Which of it is for this agent: of those who wait, only who is to be taken by hand, and only while one is ready. */
export function forMe(
  news: readonly News[],
  { me, directory }: { readonly me: AgentSelf | null; readonly directory: DirectoryAnswer | null },
): readonly News[] {
  return news.filter((each) => {
    if (each.kind !== 'waiting') return true;
    const { groupId, reservedFor } = each.conversation;
    if (reservedFor && reservedFor.id !== me?.id) return false;
    if (me?.status !== 'online') return false;
    // Where the desk gives customers away by itself, those who still wait are nobody's news.
    return directory?.groups.find(({ id }) => id === groupId)?.mode !== 'auto';
  });
}

/** The same news has the same key in every tab. */
export function newsKey(news: News): string {
  switch (news.kind) {
    case 'waiting':
      return `waiting/${waitKey(news.conversation)}`;
    case 'assigned':
      return `assigned/${news.conversation.id}/${news.conversation.version}`;
    case 'at_risk':
      return `at_risk/${news.conversation.id}/${news.conversation.promise?.dueAt ?? 0}`;
    case 'mentioned':
      return `mentioned/${news.conversationId}/${news.by.id}`;
  }
}

/** The conversation it is about. */
export function conversationOf(news: News): string {
  return news.kind === 'mentioned' ? news.conversationId : news.conversation.id;
}
