import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Locale } from '../../../web/locale.ts';
import type { Notice } from '../desk.ts';
import type { Messages } from '../messages/messages.ts';
import { conversationNoticeText, goodConversationNotices } from './conversation/notice-words.ts';
import { conversationOf } from '../news.ts';
import { Icon, type IconName } from './icons.tsx';
import { newsText } from './news-words.ts';
import { useSurroundings } from './surroundings.ts';

/** Tells the agent how something went, for a few seconds. */
export function Notices(): JSX.Element {
  const { desk, state, m, locale } = useSurroundings();
  const { notice } = state;
  useEffect(() => {
    if (!notice) return;
    const timer = setTimeout(desk.dismissNotice, isGood(notice) ? 3000 : 8000);
    return () => clearTimeout(timer);
  }, [notice]);
  return (
    <div class="notices" role="status" aria-live="polite">
      {notice && (
        <div class={isGood(notice) ? 'notice notice-good' : 'notice notice-warn'}>
          <Icon name={iconOf(notice)} />
          <span>{noticeText(notice, m, locale)}</span>
          {notice.kind === 'news' && (
            <button
              type="button"
              class="link"
              onClick={() => {
                desk.open(conversationOf(notice.news));
                desk.dismissNotice();
              }}
            >
              {m.desk.news.open}
            </button>
          )}
          <button type="button" class="icon-button" aria-label={m.actions.close} onClick={desk.dismissNotice}>
            <Icon name="close" size={14} />
          </button>
        </div>
      )}
    </div>
  );
}

const good: readonly Notice['kind'][] = [
  ...goodConversationNotices,
  'back',
  'accepted',
  'refused',
  'saved',
  'removed',
  'followUpDone',
  'deliveryRetried',
  'deliveryDiscarded',
  'reassigned',
];

function isGood({ kind }: Notice): boolean {
  return good.includes(kind);
}

function iconOf(notice: Notice): IconName {
  if (isGood(notice)) return 'check';
  if (notice.kind === 'news') return 'bell';
  return ['failed', 'notDecided', 'notDone'].includes(notice.kind) ? 'warn' : 'info';
}

/** What a notice says. */
export function noticeText(notice: Notice, m: Messages, locale: Locale): string {
  switch (notice.kind) {
    case 'back':
      return m.connection.back;
    case 'news':
      return newsText(notice.news, m).title;
    case 'accepted':
    case 'refused':
      return m.knowledge.notices[notice.kind](notice.title);
    case 'notWritable':
      return m.knowledge.notices.notWritable(notice.title, notice.reason);
    case 'notDecided':
    case 'articleGone':
      return m.knowledge.notices[notice.kind];
    case 'reassigned':
      return m.supervision.notices.reassigned(notice.done, notice.failed);
    case 'saved':
    case 'removed':
    case 'followUpDone':
    case 'deliveryRetried':
    case 'deliveryDiscarded':
    case 'notDone':
      return m.supervision.notices[notice.kind];
    case 'forbidden':
      return m.notices.forbidden;
    case 'taken':
    case 'notYours':
    case 'claimed':
    case 'tookOver':
    case 'transferred':
    case 'unavailable':
    case 'reserved':
    case 'snoozed':
    case 'woken':
    case 'merged':
    case 'routed':
    case 'notNow':
    case 'notWaiting':
    case 'stale':
    case 'failed':
    case 'queued':
    case 'toBot':
    case 'resolved':
      return conversationNoticeText(notice, m, locale);
  }
}
