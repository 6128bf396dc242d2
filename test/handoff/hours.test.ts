import fc from 'fast-check';
import { openingHours } from '../../src/handoff/promises/hours.ts';
import { settingsSchemas, type OpeningHours, type OpeningInterval } from '../../src/handoff/settings/settings.ts';

const minute = 60_000;
const hour = 60 * minute;

function hoursOf(given: Partial<OpeningHours>): OpeningHours {
  return settingsSchemas.hours.parse({ timeZone: 'Asia/Shanghai', week: null, holidays: [], ...given });
}

const span = (text: string): OpeningInterval => {
  const [from = '', to = ''] = text.split('-');
  return { from, to };
};
const weekOf = (workday: readonly string[], weekend: readonly string[] = []): OpeningHours['week'] => {
  const [work, free] = [workday.map(span), weekend.map(span)];
  return [work, work, work, work, work, free, free];
};
const at = (text: string) => Date.parse(text);

/** Monday to Friday, 9 to 12 and 13:30 to 18; closed for the first week of October but for the 7th's morning. */
const office = openingHours(
  hoursOf({
    week: weekOf(['09:00-12:00', '13:30-18:00']),
    holidays: [
      ...['01', '02', '05', '06'].map((day) => ({ date: `2026-10-${day}`, name: '国庆节', intervals: [] })),
      { date: '2026-10-07', name: '国庆节', intervals: [span('10:00-12:00')] },
      { date: '2026-10-10', name: '补班', intervals: [span('09:00-18:00')] },
    ],
  }),
);

describe('A desk that is open from nine to six with a break', () => {
  it.each([
    ['2026-11-23T08:59:59.999+08:00', false],
    ['2026-11-23T09:00+08:00', true],
    ['2026-11-23T12:00+08:00', false],
    ['2026-11-23T13:30+08:00', true],
    ['2026-11-23T17:59:59.999+08:00', true],
    ['2026-11-23T18:00+08:00', false],
    ['2026-11-22T10:00+08:00', false],
    ['2026-10-01T10:00+08:00', false],
    ['2026-10-07T10:00+08:00', true],
    ['2026-10-10T15:00+08:00', true],
  ])('at %s is open: %s', (time, open) => expect(office.isOpen(at(time))).toBe(open));

  it.each([
    ['2026-11-23T10:00+08:00', '2026-11-23T10:00+08:00'],
    ['2026-11-23T12:10+08:00', '2026-11-23T13:30+08:00'],
    ['2026-11-23T18:00+08:00', '2026-11-24T09:00+08:00'],
    ['2026-11-20T20:00+08:00', '2026-11-23T09:00+08:00'],
    ['2026-09-30T18:00+08:00', '2026-10-07T10:00+08:00'],
    ['2026-10-09T23:30+08:00', '2026-10-10T09:00+08:00'],
  ])('opens next after %s at %s', (from, opens) => expect(office.nextOpening(at(from))).toBe(at(opens)));

  it.each([
    ['2026-11-23T11:50+08:00', 10, '2026-11-23T12:00+08:00'],
    ['2026-11-23T11:50+08:00', 11, '2026-11-23T13:31+08:00'],
    ['2026-11-23T19:00+08:00', 10, '2026-11-24T09:10+08:00'],
    ['2026-11-20T17:55+08:00', 10, '2026-11-23T09:05+08:00'],
    ['2026-09-30T17:00+08:00', 120, '2026-10-07T11:00+08:00'],
    ['2026-11-23T09:00+08:00', 5 * 450, '2026-11-27T18:00+08:00'],
  ])('promised at %s for %i minutes, is due at %s', (from, minutes, due) => {
    expect(office.addOpenTime(at(from), minutes * minute)).toBe(at(due));
    expect(office.openTimeBetween(at(from), at(due))).toBe(minutes * minute);
  });
});

describe('A night shift', () => {
  it('goes on over midnight', () => {
    const night = openingHours(hoursOf({ week: weekOf(['00:00-06:00', '22:00-24:00'], ['00:00-06:00']) }));
    expect(night.addOpenTime(at('2026-11-23T23:00+08:00'), 2 * hour)).toBe(at('2026-11-24T01:00+08:00'));
    expect(night.isOpen(at('2026-11-24T00:00+08:00'))).toBe(true);
    expect(night.openTimeBetween(at('2026-11-23T20:00+08:00'), at('2026-11-24T20:00+08:00'))).toBe(8 * hour);
  });
});

describe('Where the clock is put forward and back', () => {
  const inNewYork = (interval: string) =>
    openingHours(hoursOf({ timeZone: 'America/New_York', week: weekOf([interval], [interval]) }));
  const forward = [at('2026-03-08T05:00Z'), at('2026-03-09T04:00Z')] as const;
  const back = [at('2026-11-01T04:00Z'), at('2026-11-02T05:00Z')] as const;

  it.each([
    ['00:00-24:00', 23, 25],
    ['09:00-17:00', 8, 8],
    ['02:00-03:00', 0, 1],
    ['01:30-02:30', 0.5, 2],
    ['00:00-01:30', 1.5, 1.5],
    ['02:30-24:00', 21, 21.5],
  ])('%s has %d hours on the short day and %d on the long one', (interval, short, long) => {
    expect(inNewYork(interval).openTimeBetween(...forward)).toBe(short * hour);
    expect(inNewYork(interval).openTimeBetween(...back)).toBe(long * hour);
  });

  it('opens at nine on the clock, before and after', () => {
    const { nextOpening } = inNewYork('09:00-17:00');
    expect(nextOpening(at('2026-03-07T05:00Z'))).toBe(at('2026-03-07T14:00Z'));
    expect(nextOpening(at('2026-03-08T05:00Z'))).toBe(at('2026-03-08T13:00Z'));
    expect(nextOpening(at('2026-11-01T04:00Z'))).toBe(at('2026-11-01T14:00Z'));
  });

  it('knows no hours of a day that a country left out', () => {
    const apia = openingHours(
      hoursOf({ timeZone: 'Pacific/Apia', week: weekOf(['09:00-17:00'], ['09:00-17:00']), holidays: [] }),
    );
    expect(apia.openTimeBetween(at('2011-12-29T00:00-10:00'), at('2012-01-01T00:00+14:00'))).toBe(16 * hour);
  });
});

describe('A desk that never opens', () => {
  it('says so instead of searching for ever', () => {
    const never = openingHours(hoursOf({ week: weekOf([]) }));
    expect(never.nextOpening(0)).toBeNull();
    expect(never.addOpenTime(0, 1)).toBeNull();
    expect(never.openTimeBetween(0, 10 * hour)).toBe(0);
  });

  it('or did for one day long ago, says so too', () => {
    const once = openingHours(
      hoursOf({ week: weekOf([]), holidays: [{ date: '2026-01-05', name: '', intervals: [span('09:00-10:00')] }] }),
    );
    expect(once.nextOpening(at('2026-01-01T00:00Z'))).toBe(at('2026-01-05T09:00+08:00'));
    expect(once.addOpenTime(at('2026-01-01T00:00Z'), 2 * hour)).toBeNull();
    expect(once.nextOpening(at('2026-02-01T00:00Z'))).toBeNull();
  });
});

describe('A desk that is always open', () => {
  it('counts every minute', () => {
    const always = openingHours(hoursOf({}));
    fc.assert(
      fc.property(moment, fc.nat(100 * 24 * hour), (from, ms) => {
        expect(always.isOpen(from)).toBe(true);
        expect(always.nextOpening(from)).toBe(from);
        expect(always.addOpenTime(from, ms)).toBe(from + ms);
        expect(always.openTimeBetween(from, from + ms)).toBe(ms);
      }),
    );
  });

  it('is closed on its holidays all the same', () => {
    const always = openingHours(hoursOf({ holidays: [{ date: '2027-02-06', name: '春节', intervals: [] }] }));
    expect(always.addOpenTime(at('2027-02-05T23:00+08:00'), 2 * hour)).toBe(at('2027-02-07T01:00+08:00'));
    expect(always.addOpenTime(at('2027-03-05T23:00+08:00'), 2 * hour)).toBe(at('2027-03-06T01:00+08:00'));
  });
});

const zones = ['Asia/Shanghai', 'America/New_York', 'Europe/London', 'Australia/Lord_Howe', 'America/St_Johns', 'UTC'];
const moment = fc.integer({ min: at('2005-01-01'), max: at('2040-01-01') });

const clock = (minutes: number) =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
const aDay = (earliest: number) =>
  fc.uniqueArray(fc.integer({ min: earliest, max: 24 * 60 }), { maxLength: 6 }).map((times) => {
    const sorted = times.toSorted((a, b) => a - b).map(clock);
    return sorted.flatMap((from, index) => {
      const to = sorted[index + 1];
      return index % 2 === 0 && to !== undefined ? [{ from, to }] : [];
    });
  });
const someHours = (earliest = 0) =>
  fc.record({
    timeZone: fc.constantFrom(...zones),
    week: fc.tuple(...Array.from({ length: 7 }, () => aDay(earliest))) as fc.Arbitrary<OpeningHours['week']>,
    holidays: fc.constant<OpeningHours['holidays']>([]),
  });

describe('Whatever the hours', () => {
  it('it is open when the clock says so', () => {
    // Not before four in the morning: no clock is put forward or back after that.
    fc.assert(
      fc.property(someHours(4 * 60), fc.array(moment, { minLength: 1, maxLength: 20 }), (settings, moments) => {
        const format = new Intl.DateTimeFormat('en-GB', {
          timeZone: settings.timeZone,
          weekday: 'short',
          hour: '2-digit',
          minute: '2-digit',
        });
        for (const moment of moments) {
          const [weekday = '', time = ''] = format.format(moment).split(/,? /);
          const day = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(weekday);
          const open = (settings.week?.[day] ?? []).some(({ from, to }) => from <= time && time < to);
          expect(openingHours(settings).isOpen(moment)).toBe(open);
        }
      }),
    );
  });

  it('it is open at the next opening, and at no time before', () => {
    fc.assert(
      fc.property(someHours(), moment, (settings, from) => {
        const { isOpen, nextOpening, openTimeBetween } = openingHours(settings);
        const opens = nextOpening(from);
        if (opens === null) return expect(openTimeBetween(from, from + 300 * 24 * hour)).toBe(0);
        expect(opens).toBeGreaterThanOrEqual(from);
        expect(isOpen(opens)).toBe(true);
        expect(isOpen(from)).toBe(opens === from);
        expect(openTimeBetween(from, opens)).toBe(0);
        expect(nextOpening(opens)).toBe(opens);
      }),
    );
  });

  it('so much time added is so much time between, and no sooner', () => {
    fc.assert(
      fc.property(someHours(), moment, fc.integer({ min: 1, max: 200 * hour }), (settings, from, ms) => {
        const { addOpenTime, openTimeBetween, isOpen } = openingHours(settings);
        const due = addOpenTime(from, ms);
        if (due === null) return;
        expect(openTimeBetween(from, due)).toBe(ms);
        expect(openTimeBetween(from, due - 1)).toBe(ms - 1);
        expect(isOpen(due - 1)).toBe(true);
      }),
    );
  });

  it('later is never sooner, and spans add up', () => {
    const wait = fc.nat(100 * hour);
    fc.assert(
      fc.property(someHours(), moment, fc.tuple(wait, wait, wait), (settings, from, [one, two, three]) => {
        const { addOpenTime, openTimeBetween } = openingHours(settings);
        const [due, later, longer] = [
          addOpenTime(from, one),
          addOpenTime(from + two, one),
          addOpenTime(from, one + two),
        ];
        if (due === null || later === null || longer === null) return;
        expect(due).toBeGreaterThanOrEqual(from);
        expect(later).toBeGreaterThanOrEqual(due);
        expect(longer).toBeGreaterThanOrEqual(due);
        expect(openTimeBetween(from, from + one) + openTimeBetween(from + one, from + one + three)).toBe(
          openTimeBetween(from, from + one + three),
        );
      }),
    );
  });
});
