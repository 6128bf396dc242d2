import fc from 'fast-check';
import {
  noService,
  type Change,
  type Conversation,
  type Entry,
  type Message,
  type StatusChange,
} from '../../src/conversation/conversation.ts';
import {
  createFigures,
  createStanding,
  dayFrom,
  dayPartOf,
  figuresKept,
  startOfDay,
} from '../../src/handoff/figures.ts';
import { defaultSettings } from '../../src/handoff/settings/defaults.zh.ts';
import { aConversation, draft, understanding } from '../support/conversations.ts';

const minute = 60_000;
const promise = { firstResponse: 10, nextResponse: 10, resolution: null };
const settings = {
  ...defaultSettings,
  hours: { ...defaultSettings.hours, timeZone: 'Asia/Shanghai', week: null, holidays: [] },
  promises: {
    ...defaultSettings.promises,
    policies: { urgent: promise, high: promise, medium: promise, low: promise },
    warnAt: 0.5,
  },
};
const policies = settings.promises.policies;

describe('how the desk stands', () => {
  const now = 100 * minute;
  const waiting = (id: string, sinceMinutes: number, given: Partial<Conversation> = {}) =>
    aConversation({
      id,
      status: 'queued',
      queuedAt: now - sinceMinutes * minute,
      service: { ...noService, askedAt: now - sinceMinutes * minute, waitingSince: now - sinceMinutes * minute },
      ...given,
    });

  it('is counted by group, with the longest wait of each', () => {
    const standing = createStanding(settings, now);
    standing.add([waiting('a', 3), waiting('b', 7, { groupId: 'vip' })]);
    standing.add([waiting('c', 1), waiting('d', 0, { status: 'assigned', agentId: 'li', groupId: 'vip' })]);
    expect(standing.result()).toMatchObject({ waiting: 3, assigned: 1, longestWaitMs: 7 * minute });
    expect(standing.result().byGroup).toEqual([
      { groupId: null, waiting: 2, longestWaitMs: 3 * minute, assigned: 0 },
      { groupId: 'vip', waiting: 1, longestWaitMs: 7 * minute, assigned: 1 },
    ]);
  });

  it('names who is at risk and who was broken a promise, the most pressing first, and no more than a screen holds', () => {
    const standing = createStanding(settings, now);
    const broken = (id: string, since: number, agentId: string) => {
      const conversation = waiting(id, since, { status: 'assigned', agentId });
      return { ...conversation, service: { ...conversation.service, breaches: 1 } };
    };
    standing.add([waiting('calm', 1), waiting('late', 9), waiting('later', 8), broken('b1', 11, 'li')]);
    standing.add([broken('b2', 30, 'li'), ...Array.from({ length: 60 }, (_, n) => broken(`n${n}`, 10.5, 'wu'))]);
    const { atRisk, breaches, breachesCount, brokenOf } = standing.result();
    expect(atRisk.map(({ id }) => id)).toEqual(['late', 'later']);
    expect(breaches.slice(0, 2).map(({ id }) => id)).toEqual(['b2', 'b1']);
    expect([breaches.length, breachesCount]).toEqual([50, 62]);
    expect(Object.fromEntries(brokenOf)).toEqual({ li: 2, wu: 60 });
  });
});

describe('a day', () => {
  it('counts a question that was looked up once, answered or not', () => {
    const part = dayPartOf([
      bot(2, 1, 'answer', '运费多少'),
      bot(4, 3, 'clarify', '能寄吗'),
      // The handoff repeats what the last reply showed.
      status(5, ['bot', 'queued'], 'handoff', '能寄吗'),
      agent(6),
      status(7, ['assigned', 'bot'], 'return', null),
      status(8, ['bot', 'queued'], 'handoff', '别的问题'),
    ]);
    expect(part).toMatchObject({ asked: 3, answered: 1, resolved: 0 });
    expect(part.times).toHaveLength(2);
  });

  it('has the median time to the first reply of a person, private notes aside, of those who got one', () => {
    const asked = (at: number, ...after: Entry[]) =>
      dayPartOf([status(at, ['bot', 'queued'], 'handoff', null), ...after]);
    const parts = [asked(1, agent(3)), asked(1, agent(2, true), agent(11), agent(12)), asked(1, agent(31)), asked(5)];
    expect(dayFrom(parts, { policies, survey: 'csat' }).firstResponseMedianMs).toBe(10);
    expect(dayFrom([], { policies, survey: 'csat' })).toMatchObject({ firstResponseMedianMs: null, handedOver: 0 });
  });

  it('counts as resolved what people had, and of each rating the kind that is asked for', () => {
    const rated = (seq: number, survey: 'csat' | 'nps', score: number): Entry => ({
      ...base(seq, 'customer'),
      kind: 'rating',
      survey,
      score,
      comment: null,
      clientId: null,
    });
    const part = dayPartOf([
      status(1, ['bot', 'resolved'], 'resolve', null),
      status(2, ['assigned', 'resolved'], 'resolve', null),
      status(3, ['queued', 'resolved'], 'merge', null),
      rated(4, 'csat', 5),
      rated(5, 'csat', 2),
      rated(6, 'nps', 10),
    ]);
    const day = dayFrom([part], { policies, survey: 'csat' });
    expect(day).toMatchObject({ resolved: 1, ratings: { survey: 'csat', count: 2, average: 3.5 } });
    expect(dayFrom([], { policies, survey: 'ces' }).ratings).toEqual({ survey: 'ces', count: 0, average: null });
  });

  it('keeps a promise, breaks it, or has not decided yet', () => {
    const broken: Change = {
      ...base(2, 'system'),
      kind: 'change',
      change: { what: 'promise_broken', promise: 'first_response', dueAt: 2 },
    };
    const asked = status(1, ['bot', 'queued'], 'handoff', null);
    const parts = [[asked, agent(2)], [asked, broken, agent(3)], [asked]].map(dayPartOf);
    expect(dayFrom(parts, { policies, survey: 'csat' }).promises.byKind.first_response).toMatchObject({
      kept: 1,
      broken: 1,
      open: 1,
      rate: 0.5,
    });
  });

  it('begins at midnight of the time zone, whatever was done to the clock', () => {
    expect(startOfDay(Date.UTC(2026, 0, 5, 2), 'Asia/Shanghai')).toBe(Date.UTC(2026, 0, 4, 16));
    expect(startOfDay(Date.UTC(2026, 0, 4, 16), 'Asia/Shanghai')).toBe(Date.UTC(2026, 0, 4, 16));
    expect(startOfDay(Date.UTC(2026, 0, 4, 15, 59, 59, 999), 'Asia/Shanghai')).toBe(Date.UTC(2026, 0, 3, 16));
    // Berlin puts its clock forward at 02:00 on 29 March, and back at 03:00 on 25 October.
    expect(startOfDay(Date.UTC(2026, 2, 29, 12), 'Europe/Berlin')).toBe(Date.UTC(2026, 2, 28, 23));
    expect(startOfDay(Date.UTC(2026, 9, 25, 12), 'Europe/Berlin')).toBe(Date.UTC(2026, 9, 24, 22));
  });

  it('begins at one and the same moment until it is over', () => {
    const zones = fc.constantFrom('UTC', 'Asia/Shanghai', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe');
    const times = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2030, 0, 1) });
    fc.assert(
      fc.property(times, zones, (at, zone) => {
        const start = startOfDay(at, zone);
        const date = (time: number) => new Date(time).toLocaleDateString('en', { timeZone: zone });
        expect(start).toBeLessThanOrEqual(at);
        expect(startOfDay(start, zone)).toBe(start);
        expect(date(start)).toBe(date(at));
        expect(date(start - 1)).not.toBe(date(at));
      }),
    );
  });
});

describe('the figures', () => {
  function book() {
    const read: string[][] = [];
    const logs = new Map<string, Entry[]>();
    const clock = { now: Date.UTC(2026, 0, 5, 2) };
    const figures = createFigures({
      log: { inService: () => Promise.resolve([]) },
      store: {
        changed: () => Promise.resolve([...logs].map(([id, entries]) => ({ id, seq: entries.at(-1)?.seq ?? 0 }))),
        entries: (ids, since) => {
          read.push([...ids]);
          return Promise.resolve(
            new Map(ids.map((id) => [id, (logs.get(id) ?? []).filter((entry) => entry.at >= since)])),
          );
        },
      },
      settings: () => settings,
      now: () => clock.now,
    });
    const write = (id: string, ...entries: Entry[]) =>
      logs.set(id, [...(logs.get(id) ?? []), ...entries.map((entry) => ({ ...entry, at: clock.now }))]);
    return { figures, read, write, clock };
  }

  it('read anew only what changed since the last look, and come out as if all were read', async () => {
    const { figures, read, write, clock } = book();
    write('a', bot(1, 1, 'answer', '一'));
    write('b', bot(1, 1, 'clarify', '二'));
    expect((await figures.now()).today).toMatchObject({ asked: 2, answeredByBot: 1 });
    clock.now += figuresKept;
    write('b', bot(2, 2, 'answer', '三'));
    expect((await figures.now()).today).toMatchObject({ asked: 3, answeredByBot: 2 });
    expect(read).toEqual([['a', 'b'], ['b']]);
  });

  it('are the same for all who look within a while, and begin anew with the day', async () => {
    const { figures, write, clock } = book();
    write('a', bot(1, 1, 'answer', '一'));
    expect(figures.now()).toBe(figures.now());
    await figures.now();
    clock.now += 24 * 60 * minute;
    expect((await figures.now()).today).toMatchObject({ asked: 0, since: Date.UTC(2026, 0, 5, 16) });
  });

  it('are tried again at once after a failure', async () => {
    let broken = true;
    const figures = createFigures({
      log: { inService: () => (broken ? Promise.reject(new Error('gone')) : Promise.resolve([])) },
      store: { changed: () => Promise.resolve([]), entries: () => Promise.resolve(new Map()) },
      settings: () => settings,
      now: () => 0,
    });
    await expect(figures.now()).rejects.toThrow('gone');
    broken = false;
    expect((await figures.now()).standing.waiting).toBe(0);
  });
});

function base(seq: number, role: 'customer' | 'bot' | 'agent' | 'system') {
  return { seq, at: seq, author: { role, id: role, name: null } };
}

function message(seq: number, role: 'bot' | 'agent', given: Partial<Message>): Message {
  const said = { ...draft('好'), private: false, clientId: null, channelData: null, replyTo: null, mentions: [] };
  return { ...base(seq, role), kind: 'message', ...said, ...given };
}

function bot(seq: number, replyTo: number, outcome: 'answer' | 'clarify', question: string): Message {
  return message(seq, 'bot', { replyTo, understanding: understanding({ outcome, question }) });
}

function agent(seq: number, isPrivate = false): Message {
  return message(seq, 'agent', { private: isPrivate });
}

function status(seq: number, moved: Moved, cause: StatusChange['cause'], question: string | null): StatusChange {
  const [from, to] = moved;
  return {
    ...base(seq, 'bot'),
    kind: 'status',
    from,
    to,
    cause,
    reason: null,
    agent: null,
    understanding: question === null ? null : understanding({ outcome: 'handoff', question }),
    route: null,
    resolution: null,
    survey: null,
  };
}

type Moved = readonly [from: StatusChange['from'], to: StatusChange['to']];
