import type { Messages } from './messages/messages.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** A duration as a person says it, in its two largest units. Never negative: clocks differ. */
export function durationText(ms: number, { duration }: Pick<Messages, 'duration'>): string {
  const left = Math.max(0, ms);
  if (left < minute) return duration.seconds(Math.floor(left / second));
  if (left < hour) return duration.minutes(Math.floor(left / minute), Math.floor((left % minute) / second));
  if (left < day) return duration.hours(Math.floor(left / hour), Math.floor((left % hour) / minute));
  return duration.days(Math.floor(left / day), Math.floor((left % day) / hour));
}

/** How long ago, in one unit. */
export function agoText(ms: number, { ago }: Pick<Messages, 'ago'>): string {
  if (ms < minute) return ago.now;
  if (ms < hour) return ago.minutes(Math.floor(ms / minute));
  if (ms < day) return ago.hours(Math.floor(ms / hour));
  return ago.days(Math.floor(ms / day));
}
