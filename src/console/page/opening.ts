import type { OpeningInterval } from '../../handoff/settings/settings.ts';

/** From one time of day to another, `09:30` to `18:00`. */
export type Interval = OpeningInterval;

/** A time of day as it is kept: `9`, `930`, `9：30` and `9.30` become `09:00` and `09:30`; what is none stays as it is. */
export function clockText(typed: string): string {
  const plain = typed.normalize('NFKC').trim();
  const [, hours = '', minutes = '00'] = /^(\d{1,2})[:.,\s]?(\d{2})?$/.exec(plain) ?? [];
  if (hours === '' || Number(hours) > 24 || Number(minutes) > 59) return typed;
  return `${hours.padStart(2, '0')}:${minutes}`;
}

/** What is offered after the last interval of a day; null when nothing is left of the day. */
export function nextInterval(intervals: readonly Interval[]): Interval | null {
  const last = intervals.at(-1);
  if (!last) return { from: '09:00', to: '18:00' };
  const hour = Number(last.to.slice(0, 2)) + 1;
  if (!(hour < 24)) return null;
  return { from: clock(hour), to: clock(Math.min(24, hour + 4)) };
}

function clock(hour: number): string {
  return `${String(hour).padStart(2, '0')}:00`;
}
