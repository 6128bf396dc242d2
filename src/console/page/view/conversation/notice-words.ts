import type { Locale } from '../../../../web/locale.ts';
import type { ConversationNotice } from '../../conversation.ts';
import type { Messages } from '../../messages/messages.ts';
import { nameOf } from '../surroundings.ts';
import { whenWords } from '../transcript/words.ts';

/** What a notice of the open conversation says. */
export function conversationNoticeText(notice: ConversationNotice, m: Messages, locale: Locale): string {
  const words = m.conversation.notices;
  switch (notice.kind) {
    case 'taken':
      return notice.owner ? m.notices.taken(notice.owner) : m.notices.takenBySomeone;
    case 'notYours':
      return notice.owner ? m.notices.notYours(notice.owner) : m.notices.notYoursNow;
    case 'claimed':
      return m.notices.claimed(nameOf(notice.customer, m));
    case 'tookOver':
      return words.tookOver(nameOf(notice.customer, m));
    case 'transferred':
      return words.transferred(notice.name);
    case 'unavailable':
      return words.unavailable(notice.name);
    case 'reserved':
      return words.reserved(notice.name);
    case 'snoozed':
      return words.snoozed(whenWords(notice.until, Date.now(), locale));
    case 'notNow':
      return words.refused;
    case 'woken':
    case 'merged':
    case 'routed':
      return words[notice.kind];
    case 'notWaiting':
    case 'stale':
    case 'failed':
    case 'forbidden':
    case 'queued':
    case 'toBot':
    case 'resolved':
      return m.notices[notice.kind];
  }
}

/** Of these the agent need not think twice. */
export const goodConversationNotices: readonly ConversationNotice['kind'][] = [
  'claimed',
  'tookOver',
  'transferred',
  'snoozed',
  'woken',
  'merged',
  'routed',
  'queued',
  'toBot',
  'resolved',
];
