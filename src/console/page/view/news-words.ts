import type { Said } from '../announcing.ts';
import type { Messages } from '../messages/messages.ts';
import type { News } from '../news.ts';
import { nameOf } from './surroundings.ts';

/** What a notification says of a piece of news. */
export function newsText(news: News, m: Messages): Said {
  if (news.kind === 'mentioned') {
    return { title: m.desk.news.mentioned(news.by.name), body: m.desk.news.mentionedBody };
  }
  const { customer, reason, lastCustomerText } = news.conversation;
  const name = nameOf(customer, m);
  const why = news.kind === 'waiting' && reason ? m.reasons[reason] : null;
  return { title: titleOf(news.kind, name, m), body: [why, lastCustomerText].filter(Boolean).join(' · ') };
}

function titleOf(kind: 'waiting' | 'assigned' | 'at_risk', name: string, m: Messages): string {
  switch (kind) {
    case 'waiting':
      return m.newcomer(name);
    case 'assigned':
      return m.desk.news.assigned(name);
    case 'at_risk':
      return m.desk.news.atRisk(name);
  }
}
