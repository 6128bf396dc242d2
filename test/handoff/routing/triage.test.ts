import fc from 'fast-check';
import { handoffReasons, priorities, type Priority } from '../../../src/conversation/conversation.ts';
import { triage, type TriageFacts, type TriageSettings } from '../../../src/handoff/routing/triage.ts';
import { defaultSettings } from '../../../src/handoff/settings/defaults.zh.ts';
import type { RoutingRule } from '../../../src/handoff/settings/settings.ts';

const groups = {
  groups: [
    { id: 'returns', name: '退换货', mode: 'auto' as const },
    { id: 'presale', name: '售前', mode: 'pull' as const },
  ],
};

function facts(given: Partial<TriageFacts> = {}): TriageFacts {
  return {
    reason: 'customer_request',
    questions: ['你好'],
    channel: 'directline',
    tags: [],
    skill: null,
    sentiment: null,
    sensitiveTopic: null,
    ...given,
  };
}

function rule(when: RoutingRule['when'], then: Partial<RoutingRule['then']>, name = '规则'): RoutingRule {
  return { id: 'r', name, when, then: { group: null, priority: null, ...then } };
}

function settings({ rules = [], defaultGroup = null }: Partial<TriageSettings['routing']> = {}): TriageSettings {
  return { ...defaultSettings, groups, routing: { ...defaultSettings.routing, rules, defaultGroup } };
}

describe('The group', () => {
  it('is that of the first matching rule that names one', () => {
    const rules = [
      rule({ channels: ['wechat'] }, { group: 'presale' }, '微信'),
      rule({ keywords: ['退款'] }, { priority: 'high' }, '急'),
      rule({ keywords: ['退款'] }, { group: 'returns' }, '退款'),
      rule({}, { group: 'presale' }, '其余'),
    ];
    const route = triage(facts({ questions: ['我要退款'], skill: '售前' }), settings({ rules }));
    expect(route).toEqual({
      groupId: 'returns',
      priority: 'high',
      because: [
        { kind: 'rule', from: '急', priority: 'high' },
        { kind: 'rule', from: '退款', group: 'returns' },
        { kind: 'rule', from: '其余', group: 'presale' },
      ],
    });
  });

  it('is else that of the article, by its id or its name, however it is written', () => {
    for (const skill of ['returns', 'Returns', ' 退换货', '退換貨']) {
      const { groupId, because } = triage(facts({ skill }), settings({ defaultGroup: 'presale' }));
      expect(groupId).toBe('returns');
      expect(because[0]).toEqual({ kind: 'skill', from: skill, group: 'returns' });
    }
  });

  it('is found by a name in the other script', () => {
    const traditional = { groups: [{ id: 'returns', name: '退換貨', mode: 'auto' as const }] };
    expect(triage(facts({ skill: '退换货' }), { ...settings(), groups: traditional }).groupId).toBe('returns');
  });

  it('is else the default one, or else none', () => {
    const { groupId, because } = triage(facts({ skill: '物流' }), settings({ defaultGroup: 'presale' }));
    expect(groupId).toBe('presale');
    expect(because[0]).toEqual({ kind: 'default', from: '售前', group: 'presale' });
    expect(triage(facts(), settings())).toEqual({
      groupId: null,
      priority: 'medium',
      because: [{ kind: 'reason', from: 'customer_request', priority: 'medium' }],
    });
  });

  it('is never one that does not exist any more', () => {
    const rules = [rule({}, { group: 'gone' }, '旧'), rule({}, { group: 'returns' }, '新')];
    expect(triage(facts(), settings({ rules })).groupId).toBe('returns');
    expect(triage(facts(), settings({ rules: [rule({}, { group: 'gone' })], defaultGroup: 'gone' }))).toMatchObject({
      groupId: null,
      because: [{ kind: 'reason' }],
    });
  });
});

describe('A rule', () => {
  const says = (when: RoutingRule['when'], given: Partial<TriageFacts>) =>
    triage(facts(given), settings({ rules: [rule(when, { group: 'returns' })] })).groupId === 'returns';

  it('finds its keywords in any question, whatever the script and the width', () => {
    expect(says({ keywords: ['退款', '發票'] }, { questions: ['在吗', '能开发票吗'] })).toBe(true);
    expect(says({ keywords: ['发票'] }, { questions: ['可以開發票嗎'] })).toBe(true);
    expect(says({ keywords: ['iPhone 15'] }, { questions: ['ＩＰＨＯＮＥ　１５ 有货吗'] })).toBe(true);
    expect(says({ keywords: ['退款'] }, { questions: ['退', '款'] })).toBe(false);
    expect(says({ keywords: ['退款'] }, { questions: [] })).toBe(false);
  });

  it('needs every condition it has, and one value of each', () => {
    const when = {
      reasons: ['no_match', 'ambiguous'],
      channels: ['wechat'],
      tags: ['vip'],
    } satisfies RoutingRule['when'];
    expect(says(when, { reason: 'ambiguous', channel: 'wechat', tags: ['elder', 'vip'] })).toBe(true);
    expect(says(when, { reason: 'ambiguous', channel: 'directline', tags: ['vip'] })).toBe(false);
    expect(says(when, { reason: 'ambiguous', channel: 'wechat' })).toBe(false);
    expect(says(when, { reason: 'bot_error', channel: 'wechat', tags: ['vip'] })).toBe(false);
  });

  it("may go by the article's skill", () => {
    expect(says({ skills: ['退换', '物流'] }, { skill: '物流' })).toBe(true);
    expect(says({ skills: ['物流'] }, { skill: null })).toBe(false);
  });

  it('takes an empty list for no condition', () => {
    expect(says({ keywords: [], tags: [], channels: ['directline'] }, {})).toBe(true);
  });
});

describe('The priority', () => {
  const priorityOf = (given: Partial<TriageFacts>, rules: RoutingRule[] = []) =>
    triage(facts(given), settings({ rules })).priority;

  it('follows the reason', () => {
    expect(priorityOf({ reason: 'sensitive_topic' })).toBe('urgent');
    expect(priorityOf({ reason: 'negative_sentiment' })).toBe('high');
    for (const reason of handoffReasons) {
      if (reason !== 'sensitive_topic' && reason !== 'negative_sentiment')
        expect(priorityOf({ reason })).toBe('medium');
    }
  });

  it('is raised by a tag, by strong anger and by a sensitive topic, and the screen is told so', () => {
    const because = triage(
      facts({ tags: ['vip', 'forgotten'], sentiment: -0.8, sensitiveTopic: '12315' }),
      settings(),
    ).because;
    expect(because).toEqual([
      { kind: 'reason', from: 'customer_request', priority: 'medium' },
      { kind: 'tag', from: 'VIP', priority: 'high' },
      { kind: 'sentiment', from: '-0.80', priority: 'high' },
      { kind: 'sensitive_topic', from: '12315', priority: 'urgent' },
    ]);
    expect(priorityOf({ tags: ['vip'] })).toBe('high');
    expect(priorityOf({ sentiment: -0.75 })).toBe('high');
    expect(priorityOf({ sentiment: -0.74 })).toBe('medium');
    expect(priorityOf({ sensitiveTopic: '律师' })).toBe('urgent');
  });

  it('is low where a rule says so and nothing asks for more', () => {
    const low = [rule({ keywords: ['谢谢'] }, { priority: 'low' })];
    expect(priorityOf({ questions: ['谢谢'] }, low)).toBe('low');
    expect(priorityOf({ questions: ['谢谢'], tags: ['elder'] }, low)).toBe('high');
    expect(priorityOf({ questions: ['谢谢'], reason: 'negative_sentiment' }, low)).toBe('high');
  });

  it('is not lowered by a tag that is worth less', () => {
    const tags = { tags: [{ id: 'spam', name: '广告', colour: 'grey' as const, priority: 'low' as const }] };
    expect(triage(facts({ tags: ['spam'] }), { ...settings(), tags }).priority).toBe('medium');
  });
});

describe('Triage of anything, by any settings', () => {
  const groupId = fc.constantFrom('returns', 'presale', 'gone', null);
  const priority = fc.constantFrom<(Priority | null)[]>(...priorities, null);
  const words = fc.constantFrom('退款', '發票', '发票', 'VIP', '\ud800', ' ', '');
  const someRule: fc.Arbitrary<RoutingRule> = fc.record({
    id: fc.constant('r'),
    name: fc.string({ maxLength: 3 }),
    when: fc.record(
      {
        reasons: fc.subarray([...handoffReasons]),
        keywords: fc.array(words, { maxLength: 2 }),
        channels: fc.subarray(['wechat', 'directline']),
        tags: fc.subarray(['vip', 'elder', 'gone']),
        skills: fc.array(words, { maxLength: 2 }),
      },
      { requiredKeys: [] },
    ),
    then: fc.record({ group: groupId, priority }),
  });
  const someFacts: fc.Arbitrary<TriageFacts> = fc.record({
    reason: fc.constantFrom(...handoffReasons),
    questions: fc.array(fc.oneof(words, fc.string({ unit: 'binary' })), { maxLength: 3 }),
    channel: fc.constantFrom('wechat', 'directline', ''),
    tags: fc.subarray(['vip', 'elder', 'gone', 'other']),
    skill: fc.option(fc.oneof(words, fc.constantFrom('returns', '售前'), fc.string())),
    sentiment: fc.option(fc.oneof(fc.double({ min: -1, max: 1 }), fc.constant(NaN))),
    sensitiveTopic: fc.option(fc.string()),
  });
  const someSettings = fc
    .record({ rules: fc.array(someRule, { maxLength: 6 }), defaultGroup: groupId })
    .map((routing) => settings(routing));
  const urgency = (value: Priority) => -priorities.indexOf(value);
  const atLeast = (one: Priority, other: Priority) => expect(urgency(one)).toBeGreaterThanOrEqual(urgency(other));

  it('ends in a group that exists or in none, and its explanation is the whole of it', () => {
    fc.assert(
      fc.property(someFacts, someSettings, (given, by) => {
        const route = triage(given, by);
        expect([null, ...groups.groups.map(({ id }) => id)]).toContain(route.groupId);
        expect(route.groupId).toBe(route.because.find(({ group }) => group)?.group ?? null);
        const named = route.because.flatMap((reason) => reason.priority ?? []);
        expect(named).toContain(route.priority);
        for (const one of named) atLeast(route.priority, one);
        for (const reason of route.because) expect(reason.group ?? reason.priority).toBeDefined();
      }),
      { numRuns: 2_000 },
    );
  });

  it('is never less urgent for more anger, a sensitive topic, or a further rule that names a priority of note', () => {
    const further = fc.tuple(someRule, fc.constantFrom<Priority[]>('urgent', 'high', 'medium'));
    fc.assert(
      fc.property(someFacts, someSettings, further, (given, by, [extra, named]) => {
        const before = triage(given, by);
        atLeast(triage({ ...given, sentiment: -1 }, by).priority, before.priority);
        atLeast(triage({ ...given, sensitiveTopic: '投诉' }, by).priority, before.priority);
        const rules = [...by.routing.rules, { ...extra, then: { ...extra.then, priority: named } }];
        const after = triage(given, { ...by, routing: { ...by.routing, rules } });
        atLeast(after.priority, before.priority);
        if (before.because.some(({ kind, group }) => kind === 'rule' && group))
          expect(after.groupId).toBe(before.groupId);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is never less urgent for a further tag, unless a rule says that it is low', () => {
    const noLow = someSettings.filter(({ routing }) => routing.rules.every(({ then }) => then.priority !== 'low'));
    fc.assert(
      fc.property(someFacts, noLow, fc.constantFrom('vip', 'elder', 'gone'), (given, by, tag) => {
        atLeast(triage({ ...given, tags: [...given.tags, tag] }, by).priority, triage(given, by).priority);
      }),
      { numRuns: 1_000 },
    );
  });
});
