import type { Locale } from './locale.ts';

/** Time of day, 24 hours: `14:03`. */
export function timeOfDay(at: number, locale: Locale): string {
  return format(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);
}

/** The day as people say it: today, yesterday, tomorrow, the day of this year, the day of another year. */
export function dayOf(at: number, now: number, locale: Locale): string {
  const days = Math.round((startOfDay(now) - startOfDay(at)) / 86_400_000);
  if (Math.abs(days) <= 1) return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-days, 'day');
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return format(locale, { year: sameYear ? undefined : 'numeric', month: 'long', day: 'numeric' }).format(at);
}

/** Whether both times lie in one day of the reader's clock. */
export function sameDay(a: number, b: number): boolean {
  return startOfDay(a) === startOfDay(b);
}

/** Day and time in full, for a tooltip or a log. */
export function fullTime(at: number, locale: Locale): string {
  return format(locale, {
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).format(at);
}

/** A span in whole minutes (at least one), or hours from 90 minutes on: `约 3 分钟` takes its words from elsewhere. */
export function roughSpan(seconds: number): { readonly unit: 'minute' | 'hour'; readonly count: number } {
  const minutes = Math.max(1, Math.ceil(seconds / 60));
  return minutes < 90 ? { unit: 'minute', count: minutes } : { unit: 'hour', count: Math.round(minutes / 60) };
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a format is slow (a millisecond), and a transcript asks for hundreds. */
function format(locale: Locale, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options);
  let made = formats.get(key);
  if (!made) formats.set(key, (made = new Intl.DateTimeFormat(locale, options)));
  return made;
}

function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}
