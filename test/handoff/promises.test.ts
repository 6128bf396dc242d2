import fc from 'fast-check';
import {
  noService,
  priorities,
  promiseKinds,
  type Author,
  type Changed,
  type Conversation,
  type Entry,
  type Message,
  type Priority,
  type PromiseKind,
  type Service,
  type Status,
  type StatusCause,
} from '../../src/conversation/conversation.ts';
import { openingHours } from '../../src/handoff/promises/hours.ts';
import {
  askedIn,
  keptRate,
  nextPromise,
  promisesOf,
  type Asked,
  type PromiseState,
} from '../../src/handoff/promises/promises.ts';
import { defaultSettings } from '../../src/handoff/settings/defaults.zh.ts';
import type { OpeningHours } from '../../src/handoff/settings/settings.ts';
import { aConversation, draft } from '../support/conversations.ts';

const theSystem: Author = { role: 'system', id: 'system', name: null };
const minute = 60_000;
const settings = defaultSettings.promises;
const always = openingHours(defaultSettings.hours);
const workday = [{ from: '09:00', to: '18:00' }];
const officeHours: OpeningHours = {
  timeZone: 'Asia/Shanghai',
  week: [workday, workday, workday, workday, workday, [], []],
  holidays: [],
};
const office = openingHours(officeHours);
/** A Friday. */
const friday = (time: string) => Date.parse(`2026-11-20T${time}+08:00`);
const monday = (time: string) => Date.parse(`2026-11-23T${time}+08:00`);

/** Medium promises 10, 15 and 1,440 minutes. */
function asked(service: Partial<Service>, given: Partial<Conversation> = {}): Conversation {
  return aConversation({ status: 'queued', ...given, service: { ...noService, ...service } });
}

function promised(conversation: Conversation, now: number, hours = always) {
  const promises = promisesOf(conversation, settings, hours, now);
  return Object.fromEntries(promises.map((promise) => [promise.kind, promise])) as Partial<
    Record<PromiseKind, PromiseState>
  >;
}

describe('A customer who asked for a person', () => {
  it.each([
    [0, 'on_time'],
    [7.5 * minute - 1, 'on_time'],
    [7.5 * minute, 'at_risk'],
    [10 * minute, 'at_risk'],
    [10 * minute + 1, 'broken'],
  ])('and waits %i ms for the first reply finds the promise %s', (now, state) => {
    const { first_response } = promised(asked({ askedAt: 0 }), now);
    expect(first_response).toMatchObject({ since: 0, warnAt: 7.5 * minute, dueAt: 10 * minute, metAt: null, state });
  });

  it('is told what their priority promises', () => {
    const { first_response, resolution } = promised(asked({ askedAt: 0 }, { priority: 'urgent' }), 0);
    expect([first_response?.dueAt, resolution?.dueAt]).toEqual([2 * minute, 240 * minute]);
    expect(promised(asked({ askedAt: 0 }, { priority: 'low' }), 0).resolution).toBeUndefined();
  });

  it('in the last minutes of the week is answered in the first of the next', () => {
    const { first_response } = promised(asked({ askedAt: friday('17:56') }), friday('17:56'), office);
    expect(first_response).toMatchObject({ warnAt: monday('09:03:30'), dueAt: monday('09:06') });
    const atNight = promised(asked({ askedAt: friday('22:00') }), monday('08:00'), office);
    expect(atNight.first_response).toMatchObject({ dueAt: monday('09:10'), state: 'on_time' });
  });

  it('was replied to in time, or too late, and that stays so', () => {
    const inTime = asked({ askedAt: 0, firstReplyAt: 10 * minute }, { status: 'assigned' });
    expect(promised(inTime, 60 * minute).first_response?.state).toBe('kept');
    const late = asked({ askedAt: 0, firstReplyAt: 10 * minute + 1 }, { status: 'assigned' });
    expect(promised(late, 60 * minute).first_response?.state).toBe('broken');
  });
});

describe('A customer to whom a person has replied', () => {
  const replied = { askedAt: 0, firstReplyAt: minute, waitingSince: 5 * minute };

  it('is promised an answer to what they write then', () => {
    const { next_response } = promised(asked(replied, { status: 'assigned' }), 6 * minute);
    expect(next_response).toMatchObject({ since: 5 * minute, dueAt: 20 * minute, state: 'on_time' });
  });

  it('is promised none before that, and none while nothing of theirs is unanswered', () => {
    expect(promised(asked({ askedAt: 0, waitingSince: 0 }), minute).next_response).toBeUndefined();
    expect(promised(asked({ ...replied, waitingSince: null }), minute).next_response).toBeUndefined();
  });

  it('waits without that promise while the conversation is snoozed, and with the others', () => {
    const snoozed = asked(replied, { status: 'assigned', snoozedUntil: 90 * minute });
    expect(Object.keys(promised(snoozed, 60 * minute))).toEqual(['first_response', 'resolution']);
    expect(promised(snoozed, 90 * minute).next_response?.state).toBe('broken');
  });
});

describe('Nothing is promised', () => {
  it('while the bot has it, or before a person was asked for', () => {
    expect(promised(asked({ askedAt: 0 }, { status: 'bot' }), 0)).toEqual({});
    expect(promised(asked({}), 0)).toEqual({});
  });

  it('by a desk that never opens', () => {
    const never = openingHours({ ...officeHours, week: [[], [], [], [], [], [], []] });
    expect(promised(asked({ askedAt: 0 }), 0, never)).toEqual({});
  });
});

describe('Once it is resolved', () => {
  it('the resolution was kept or broken by the moment of the end', () => {
    const resolved = (resolvedAt: number) =>
      promised(asked({ askedAt: 0, firstReplyAt: minute, resolvedAt }, { status: 'resolved' }), 9_999 * minute);
    expect(resolved(1_440 * minute)).toMatchObject({
      first_response: { state: 'kept' },
      resolution: { state: 'kept', metAt: 1_440 * minute },
    });
    expect(resolved(1_441 * minute).resolution?.state).toBe('broken');
  });

  it('without a reply, no reply was kept or is awaited', () => {
    const silent = asked({ askedAt: 0, resolvedAt: minute }, { status: 'resolved' });
    expect(Object.keys(promised(silent, 99 * minute))).toEqual(['resolution']);
    expect(nextPromise(promisesOf(silent, settings, always, 99 * minute))).toBeNull();
  });
});

describe('The promise to look at first', () => {
  const next = (service: Partial<Service>, now: number) =>
    nextPromise(promisesOf(asked(service, { status: 'assigned' }), settings, always, now))?.kind;

  it('is the one that is due next', () => {
    expect(next({ askedAt: 0 }, minute)).toBe('first_response');
    expect(next({ askedAt: 0, firstReplyAt: minute }, minute)).toBe('resolution');
    expect(next({ askedAt: 0, firstReplyAt: minute, waitingSince: 1_400 * minute }, 1_401 * minute)).toBe(
      'next_response',
    );
  });

  it('is an overdue reply, but not a resolution that is overdue anyway', () => {
    const late = { askedAt: 0, firstReplyAt: minute, waitingSince: 2_000 * minute };
    expect(next(late, 2_001 * minute)).toBe('next_response');
    expect(next(late, 3_000 * minute)).toBe('next_response');
    expect(next({ ...late, waitingSince: null }, 3_000 * minute)).toBe('resolution');
  });
});

describe('Whatever happens', () => {
  const time = fc.nat(3_000 * minute);
  const service = fc.record({
    askedAt: fc.option(time),
    firstReplyAt: fc.option(time),
    waitingSince: fc.option(time),
    resolvedAt: fc.option(time),
  });
  const conversation = fc
    .record({
      service,
      status: fc.constantFrom('bot', 'queued', 'assigned', 'resolved'),
      priority: fc.constantFrom(...priorities),
      snoozedUntil: fc.option(time),
    })
    .map(({ service, ...given }) => asked(service, given));

  it('a promise only ever goes from on time over at risk to broken while it is awaited', () => {
    const order = ['on_time', 'at_risk', 'broken'];
    fc.assert(
      fc.property(conversation, time, time, fc.constantFrom(always, office), (one, now, later, hours) => {
        const before = promised({ ...one, snoozedUntil: null }, now, hours);
        const after = promised({ ...one, snoozedUntil: null }, now + later, hours);
        for (const kind of promiseKinds) {
          const [was, is] = [before[kind], after[kind]];
          if (!was || !is) expect(was).toBe(is);
          else if (was.metAt !== null) expect(is).toEqual(was);
          else expect(order.indexOf(is.state)).toBeGreaterThanOrEqual(order.indexOf(was.state));
        }
      }),
    );
  });

  it('the warning comes before the breach, and what is looked at first is awaited', () => {
    fc.assert(
      fc.property(conversation, time, (one, now) => {
        const promises = promisesOf(one, settings, office, now);
        for (const { since, warnAt, dueAt } of promises) expect(since < warnAt && warnAt < dueAt).toBe(true);
        const next = nextPromise(promises);
        expect(next === null).toBe(promises.every(({ metAt }) => metAt !== null));
        if (next) expect(next.metAt).toBeNull();
      }),
    );
  });
});

describe('The promise-kept rate', () => {
  const one = (given: Partial<Asked>): Asked => ({
    at: 0,
    priority: 'medium',
    isReplied: false,
    end: 'open',
    broken: [],
    ...given,
  });
  const rate = (...rows: readonly Asked[]) => keptRate(rows, settings.policies);

  it('is not known before anything is decided', () => {
    expect(rate().customers).toEqual({ kept: 0, broken: 0, open: 0, rate: null });
    expect(rate(one({})).customers).toEqual({ kept: 0, broken: 0, open: 1, rate: null });
  });

  it('counts a customer once, and as broken whatever else was kept', () => {
    const { customers, byKind } = rate(
      one({ isReplied: true, end: 'resolved' }),
      one({ isReplied: true, end: 'resolved', broken: ['first_response', 'next_response'] }),
      one({ isReplied: true }),
      one({ broken: ['first_response'] }),
    );
    expect(customers).toEqual({ kept: 1, broken: 2, open: 1, rate: 1 / 3 });
    expect(byKind.first_response).toEqual({ kept: 2, broken: 2, open: 0, rate: 0.5 });
    expect(byKind.next_response).toEqual({ kept: 1, broken: 1, open: 2, rate: 0.5 });
    expect(byKind.resolution).toEqual({ kept: 2, broken: 0, open: 2, rate: 1 });
  });

  it('gives no credit for a reply that never came, nor for what was not promised', () => {
    expect(rate(one({ end: 'resolved' })).byKind.first_response).toEqual({ kept: 0, broken: 0, open: 0, rate: null });
    const low = rate(one({ priority: 'low', isReplied: true, end: 'resolved' }));
    expect(low.byKind.resolution.rate).toBeNull();
    expect(low.customers.rate).toBe(1);
    expect(rate(one({ priority: 'low', end: 'resolved' })).customers.rate).toBeNull();
  });

  it('takes no customer who left for one whose question was resolved', () => {
    expect(rate(one({ end: 'left' })).customers).toEqual({ kept: 0, broken: 0, open: 0, rate: null });
    const { byKind } = rate(one({ isReplied: true, end: 'left' }));
    expect([byKind.first_response.rate, byKind.resolution.rate]).toEqual([1, null]);
  });

  it('counts everybody at most once', () => {
    const rows = fc.array(
      fc.record({
        priority: fc.constantFrom(...priorities),
        isReplied: fc.boolean(),
        at: fc.constant(0),
        end: fc.constantFrom('open', 'resolved', 'left'),
        broken: fc.subarray([...promiseKinds]),
      }),
    );
    fc.assert(
      fc.property(rows, (all) => {
        const { customers, byKind } = keptRate(all, settings.policies);
        for (const { kept, broken, open, rate } of [customers, ...Object.values(byKind)]) {
          expect(kept + broken + open).toBeLessThanOrEqual(all.length);
          expect(rate === null || (rate >= 0 && rate <= 1)).toBe(true);
        }
        expect(customers.broken).toBe(all.filter(({ broken }) => broken.length > 0).length);
      }),
    );
  });
});

describe('How often a customer asked for a person', () => {
  const li = { role: 'agent', id: 'li', name: '小李' } as const;
  let seq = 0;
  const base = (author: Author = theSystem) => ({ seq: ++seq, at: seq, author });
  const status = (from: Status, to: Status, cause: StatusCause, priority: Priority | null = null): Entry => {
    const route = priority && { groupId: null, priority, because: [] };
    const nothing = { reason: null, agent: null, understanding: null, resolution: null, survey: null };
    return { ...base(), kind: 'status', from, to, cause, route, ...nothing };
  };
  const says = (author: Author, given: Partial<Message> = {}): Entry => {
    const plain = { private: false, clientId: null, channelData: null, replyTo: null, mentions: [] };
    return { ...base(author), kind: 'message', ...draft('您好'), ...plain, ...given };
  };
  const noted = (change: Changed): Entry => ({ ...base(), kind: 'change', change });
  const broken = (promise: PromiseKind) => noted({ what: 'promise_broken', promise, dueAt: 0 });
  beforeEach(() => (seq = 0));

  it('and what became of it, is in the log', () => {
    const times = askedIn([
      says({ role: 'customer', id: 'u1', name: null }),
      status('bot', 'queued', 'handoff', 'low'),
      noted({ what: 'promise_at_risk', promise: 'first_response', dueAt: 0 }),
      broken('first_response'),
      noted({ what: 'routed', route: { groupId: null, priority: 'urgent', because: [] } }),
      status('queued', 'assigned', 'claim'),
      says(li),
      status('assigned', 'queued', 'dropped'),
      status('queued', 'assigned', 'claim'),
      broken('next_response'),
      broken('next_response'),
      status('assigned', 'resolved', 'resolve'),
      status('resolved', 'queued', 'reopen', 'high'),
      says(li, { private: true }),
    ]);
    expect(times).toEqual([
      { at: 2, priority: 'urgent', isReplied: true, end: 'resolved', broken: ['first_response', 'next_response'] },
      { at: 13, priority: 'high', isReplied: false, end: 'open', broken: [] },
    ]);
  });

  it('does not count whoever was taken over from the bot or asked before the log that is given', () => {
    expect(askedIn([status('bot', 'assigned', 'takeover'), says(li), broken('resolution')])).toEqual([]);
    expect(askedIn([broken('first_response'), status('assigned', 'resolved', 'resolve')])).toEqual([]);
  });

  it.each(['return', 'cancel', 'merge'] as const)('ends without a resolution by a %s', (cause) => {
    const ended = status('queued', cause === 'merge' ? 'resolved' : 'bot', cause);
    expect(askedIn([status('bot', 'queued', 'handoff', 'medium'), ended])).toMatchObject([{ end: 'left' }]);
  });
});
