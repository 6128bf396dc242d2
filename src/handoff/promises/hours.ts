import type { OpeningHours, OpeningInterval } from '../settings/settings.ts';

/** When the desk is open. Times are milliseconds since 1970; an interval holds its start and not its end. */
export type BusinessHours = {
  readonly isOpen: (at: number) => boolean;
  /** `at` itself when it is open then; null when it does not open within a year. */
  readonly nextOpening: (at: number) => number | null;
  /** The first moment at which so much opening time has passed since `at`; null when that is years away or never comes. */
  readonly addOpenTime: (at: number, ms: number) => number | null;
  /** How much of the time from `from` to `to` it is open; 0 when `to` is not later. */
  readonly openTimeBetween: (from: number, to: number) => number;
};

/**
 * The hours as they were set up, on the clock of their time zone: when that is put back, the time that comes twice
 * counts the first time; when it is put forward, what is left out is not open. A holiday replaces its day, also where
 * it is always open otherwise. Asked again with the same settings, it gives the same hours with what they remember.
 */
export function openingHours(settings: OpeningHours): BusinessHours {
  const known = remembered.get(settings);
  if (known) return known;
  const hours = hoursOf(settings);
  remembered.set(settings, hours);
  return hours;
}

const remembered = new WeakMap<OpeningHours, BusinessHours>();

function hoursOf(settings: OpeningHours): BusinessHours {
  const { week, holidays } = settings;
  if (week === null && holidays.length === 0) return alwaysOpen;
  const everOpens = week === null || [...week, ...holidays.map((day) => day.intervals)].some((day) => day.length > 0);
  return everOpens ? calendarHours(calendarOf(settings)) : neverOpen;
}

const alwaysOpen: BusinessHours = {
  isOpen: () => true,
  nextOpening: (at) => at,
  addOpenTime: (at, ms) => at + Math.max(0, ms),
  openTimeBetween: (from, to) => Math.max(0, to - from),
};

const neverOpen: BusinessHours = {
  isOpen: () => false,
  nextOpening: () => null,
  addOpenTime: (at, ms) => (ms <= 0 ? at : null),
  openTimeBetween: () => 0,
};

/** In days. A search that finds nothing for so long is over. */
const longestClosed = 366;
/** In days: the most that minutes can be promised (settings.ts) come to with some seven hours a week. */
const longestSum = 4 * 366;

function calendarHours({ dayAt, dayAfter }: Calendar): BusinessHours {
  return {
    isOpen: (at) => dayAt(at).open.some(({ from, to }) => from <= at && at < to),
    nextOpening: (at) => {
      for (let day = dayAt(at), left = longestClosed; left > 0; day = dayAfter(day), left--) {
        for (const { from, to } of day.open) if (at < to) return Math.max(from, at);
      }
      return null;
    },
    addOpenTime: (at, ms) => {
      if (ms <= 0) return at;
      let missing = ms;
      let closed = 0;
      for (let day = dayAt(at), left = longestSum; left > 0 && closed < longestClosed; day = dayAfter(day), left--) {
        for (const { from, to } of day.open) {
          if (to <= at) continue;
          const begin = Math.max(from, at);
          if (missing <= to - begin) return begin + missing;
          missing -= to - begin;
        }
        closed = day.open.length === 0 ? closed + 1 : 0;
      }
      return null;
    },
    openTimeBetween: (from, to) => {
      let sum = 0;
      for (let day = dayAt(from); day.begin < to; day = dayAfter(day)) {
        for (const span of day.open) sum += Math.max(0, Math.min(span.to, to) - Math.max(span.from, from));
      }
      return sum;
    },
  };
}

/** A day on the clock of the time zone. `number` counts from 1970-01-01; it lasts until the next one begins. */
type Day = { readonly number: number; readonly begin: number; readonly end: number; readonly open: readonly Span[] };
type Span = { readonly from: number; readonly to: number };

type Calendar = { readonly dayAt: (at: number) => Day; readonly dayAfter: (day: Day) => Day };

/**
 * The days with their opening times as plain numbers. A day is worked out once, some 10 µs; after that the promises of
 * thousands of conversations are additions.
 */
function calendarOf({ timeZone, week, holidays }: OpeningHours): Calendar {
  const zone = zoneOf(timeZone);
  const special = new Map(holidays.map(({ date, intervals }) => [Date.parse(date) / oneDay, intervals]));
  const ordinary = (number: number) => (week === null ? wholeDay : (week[(((number + 3) % 7) + 7) % 7] ?? []));
  const days = new Map<number, Day>();

  const workOut = (number: number): Day => {
    const midnight = number * oneDay;
    const at = zone.clockOf(number);
    const open = (special.get(number) ?? ordinary(number)).map((interval: OpeningInterval) => ({
      from: at(midnight + sinceMidnight(interval.from)),
      to: at(midnight + sinceMidnight(interval.to)),
    }));
    const begin = at(midnight);
    return { number, begin, end: at(midnight + oneDay), open: open.filter(({ from, to }) => from < to) };
  };
  const day = (number: number): Day => {
    const known = days.get(number);
    if (known) return known;
    const found = workOut(number);
    if (days.size >= daysKept) for (const oldest of days.keys()) if (days.delete(oldest)) break;
    days.set(number, found);
    return found;
  };
  const dayAfter = ({ number }: Day): Day => day(number + 1);

  return {
    dayAt: (at) => {
      // UTC's day is at most one off, and what begins later or ends sooner tells which way.
      let found = day(Math.floor(at / oneDay));
      while (at < found.begin) found = day(found.number - 1);
      while (at >= found.end) found = dayAfter(found);
      return found;
    },
    dayAfter,
  };
}

const oneDay = 24 * 60 * 60_000;
const wholeDay: readonly OpeningInterval[] = [{ from: '00:00', to: '24:00' }];
/** More than one sum can need, so that none throws out its own days. Some 300 KB. */
const daysKept = 2 * longestSum;

function sinceMidnight(clock: string): number {
  const [hour = 0, minute = 0] = clock.split(':').map(Number);
  return (hour * 60 + minute) * 60_000;
}

/**
 * A clock time is written as the moment at which UTC's clock shows it. `clockOf` gives, for the times of one day, the
 * first moment at which the zone's clock shows them or has passed them. So later clock times never come earlier, and
 * neither does 24:00 differ from the next day's 00:00, whatever is done to the clock at night.
 */
type Zone = { readonly clockOf: (day: number) => (clock: number) => number };

function zoneOf(timeZone: string): Zone {
  const ahead = offsetsOf(timeZone);
  return {
    clockOf: (day) => {
      // No zone is more than a day from UTC, so these are surely before the day and after it.
      const before = ahead((day - 1) * oneDay);
      const after = ahead((day + 2) * oneDay);
      if (before === after) return (clock) => clock - before;
      return (clock) => {
        const [early, late] = [clock - before, clock - after];
        if (ahead(early) === before) return early;
        if (ahead(late) === after) return late;
        return changeBetween(late, early, (at) => ahead(at) === after);
      };
    },
  };
}

/** The first moment at which `isPast` holds: it does not at `from`, and does at `to`. */
function changeBetween(from: number, to: number, isPast: (at: number) => boolean): number {
  let [low, high] = [from, to];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isPast(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** How far the zone's clock is ahead of UTC's at a moment, in milliseconds. */
function offsetsOf(timeZone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'iso8601',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (at) => {
    const shown: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
    for (const { type, value } of format.formatToParts(at)) shown[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = shown;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1_000) * 1_000;
  };
}
