import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Notice } from '../desk.ts';
import type { Messages } from '../messages/messages.ts';
import { Icon, type IconName } from './icons.tsx';
import { nameOf, useSurroundings } from './surroundings.ts';

/** Tells the agent how something went, for a few seconds. */
export function Notices(): JSX.Element {
  const { desk, state, m } = useSurroundings();
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
          <span>{noticeText(notice, m)}</span>
          <button type="button" class="icon-button" aria-label={m.actions.close} onClick={desk.dismissNotice}>
            <Icon name="close" size={14} />
          </button>
        </div>
      )}
    </div>
  );
}

function isGood({ kind }: Notice): boolean {
  return ['claimed', 'queued', 'toBot', 'resolved', 'back', 'accepted', 'refused'].includes(kind);
}

function iconOf(notice: Notice): IconName {
  if (isGood(notice)) return 'check';
  return notice.kind === 'failed' || notice.kind === 'notDecided' ? 'warn' : 'info';
}

/** What a notice says. */
export function noticeText(notice: Notice, m: Messages): string {
  switch (notice.kind) {
    case 'taken':
      return notice.owner ? m.notices.taken(notice.owner) : m.notices.takenBySomeone;
    case 'notYours':
      return notice.owner ? m.notices.notYours(notice.owner) : m.notices.notYoursNow;
    case 'claimed':
      return m.notices.claimed(nameOf(notice.customer, m));
    case 'back':
      return m.connection.back;
    case 'accepted':
    case 'refused':
      return m.knowledge.notices[notice.kind](notice.title);
    case 'notWritable':
      return m.knowledge.notices.notWritable(notice.title, notice.reason);
    case 'notDecided':
    case 'articleGone':
      return m.knowledge.notices[notice.kind];
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
