import { parseTests } from '../../src/articles/tests.ts';

describe('tests.yaml', () => {
  it('holds questions with what must come of them', () => {
    const yaml =
      '# 考题\n- ask: 退款多久\n  expect: refunds/time\n\n- ask: 那运费呢\n  after: refunds/time\n  expect: [a, b]\n  not: c\n  outcome: [answer, clarify]\n';
    expect(parseTests(yaml)).toEqual({
      faults: [],
      cases: [
        { ask: '退款多久', after: null, expect: ['refunds/time'], not: [], outcome: [], line: 2 },
        {
          ask: '那运费呢',
          after: 'refunds/time',
          expect: ['a', 'b'],
          not: ['c'],
          outcome: ['answer', 'clarify'],
          line: 5,
        },
      ],
    });
  });

  it.each([[''], ['# 还没有\n'], ['[]']])('may be empty: %j', (yaml) => {
    expect(parseTests(yaml)).toEqual({ cases: [], faults: [] });
  });

  it.each([
    ['- ask: 一\n  expct: a', 1, /unknown: expct \(a case has ask/],
    ['- ask: 一\n  outcome: refuse', 2, /^outcome: expected "answer" or "clarify" or "handoff", found "refuse"/],
    ['- ask: 一\n  expect: a\n\n- ask: 二\n  expect: 3', 5, /^expect: expected an article id.*found the number 3/],
    ['- expect: a', 1, /^ask: expected what a customer asks, found nothing/],
    ['- ask: "  "\n  expect: a', 1, /^ask: must not be empty/],
    ['- ask: 一', 1, /add `expect:`, `not:` or `outcome:`/],
    ['- ask: 一\n  expect: a\n  outcome: handoff', 3, /gets no article/],
    ['- ask: 一\n  expect: a\n  not: a', 3, /expected and forbidden/],
    ['- 退款多久', 1, /expected a case/],
    ['ask: 退款多久', 1, /expected a list of cases/],
    ['- ask: "未完', 1, /^not YAML/],
    ['- &x {ask: 一, expect: a}\n- *x', 1, /expected a list of cases/],
  ])('says what is wrong and where: %j', (yaml, line, reason) => {
    expect(parseTests(yaml)).toEqual({
      cases: expect.anything(),
      faults: [{ line, reason: expect.stringMatching(reason) }],
    });
  });

  it('names every fault at once and keeps what is sound', () => {
    const { cases, faults } = parseTests('- ask: 一\n- ask: 二\n  expect: a\n- ask: 三\n  not: []');
    expect(cases.map(({ ask }) => ask)).toEqual(['二']);
    expect(faults.map(({ line }) => line)).toEqual([1, 4]);
  });
});
