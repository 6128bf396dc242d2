import { dayOf, roughSpan, timeOfDay } from '../web/dates.ts';
import { fill, type Locale } from '../web/locale.ts';
import type { QueueNews } from './activity.ts';
import type { Messages } from './messages/index.ts';

/** How the queue stands, in one line or two. `now` is milliseconds since 1970. */
export function queueWords(
  queue: QueueNews | null,
  now: number,
  { t, locale }: { readonly t: Messages; readonly locale: Locale },
): readonly [string, string | null] {
  if (!queue) return [t.queueing, null];
  const opening = openingOf(queue, now, { t, locale });
  if (opening) return [fill(t.closedUntil, { time: opening }), t.closedKept];
  if (queue.agentsOnline === 0) return [t.agentsOffline, null];
  const place = queue.position <= 1 ? t.queueNext : fill(t.queueAhead, { count: queue.position - 1 });
  if (queue.expectedWaitSeconds === null) return [place, t.waitUnknown];
  const { unit, count } = roughSpan(queue.expectedWaitSeconds);
  return [place, fill(unit === 'minute' ? t.waitMinutes : t.waitHours, { count })];
}

/** Whether the desk is outside its opening hours. `now` is milliseconds since 1970. */
export function isClosed(queue: QueueNews | null, now: number): boolean {
  return (queue?.opensAt ?? 0) > now;
}

/** When it opens, by the customer's clock, which is said where the desk goes by another; null while it is open. */
function openingOf(
  { opensAt, timeZone }: QueueNews,
  now: number,
  { t, locale }: { readonly t: Messages; readonly locale: Locale },
): string | null {
  if (opensAt === null || opensAt <= now) return null;
  const time = fill(t.dayAndTime, { day: dayOf(opensAt, now, locale), time: timeOfDay(opensAt, locale) });
  return timeZone === null || isLocal(timeZone, opensAt) ? time : fill(t.localTime, { time });
}

/** Whether clocks of the time zone show what the customer's do. */
function isLocal(timeZone: string, at: number): boolean {
  const clock = (zone?: string) =>
    new Intl.DateTimeFormat('en', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' }).format(at);
  try {
    return clock(timeZone) === clock();
  } catch {
    // A name this browser does not know.
    return false;
  }
}
