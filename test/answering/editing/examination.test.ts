import { createAnswers } from '../../../src/answering/answers.ts';
import {
  compare,
  examine,
  failuresAmong,
  type Graded,
  stolenAmong,
  summarise,
  thievesAmong,
} from '../../../src/answering/editing/examination.ts';
import { createSegmenter } from '../../../src/answering/segment.ts';
import type { Article } from '../../../src/articles/article.ts';
import { parseTests } from '../../../src/articles/tests.ts';
import { article } from '../../quality/datasets.ts';

describe('examining a base', () => {
  it('asks each wording as it stands, and again while its article does not have it', async () => {
    const rows = await examine({
      articles: [article('a', '退款多久到账', { questions: ['退的钱几天到账', '量子力学'] }), article('b', '营业时间')],
      answers: alike([
        article('a', '退款多久到账', { questions: ['退的钱几天到账', '量子力学'] }),
        article('b', '营业时间'),
      ]),
    });
    expect(rows.map(({ kind, question, place }) => [kind, question, place])).toEqual([
      ['own', '退款多久到账', 1],
      ['own', '退的钱几天到账', 1],
      ['own', '量子力学', 1],
      ['own', '营业时间', 1],
      ['held_out', '退款多久到账', 1],
      ['held_out', '退的钱几天到账', 1],
      ['held_out', '量子力学', null],
    ]);
    expect(failuresAmong(rows)).toEqual([]);
    expect(summarise(rows.filter(({ kind }) => kind === 'held_out'))).toMatchObject({
      asked: 3,
      hit1: 2 / 3,
      mrr: 2 / 3,
    });
  });

  it('holds out with a wording whatever differs from it by punctuation alone', async () => {
    const articles = [article('a', '能退货吗', { questions: ['能退货吗？', '怎么退'] })];
    const rows = await examine({ articles, answers: alike(articles) });
    expect(rows.filter(({ kind }) => kind === 'held_out').map(({ question }) => question)).toEqual([
      '能退货吗？',
      '怎么退',
    ]);
  });

  it('leaves the index as it was', async () => {
    const articles = [article('a', '退款多久到账', { questions: ['退的钱几天到账'] }), article('b', '运费多少')];
    const answers = await createAnswers(articles, { segmenter: await createSegmenter() });
    const before = articles.map(({ title }) => answers.search(title));
    await examine({ articles, answers });
    expect(articles.map(({ title }) => answers.search(title))).toEqual(before);
  });

  it('fails where an article no longer has its own wording to itself', async () => {
    const articles = [article('a', '能退吗'), article('b', '怎么退', { questions: ['能退吗？'] })];
    const answers = await createAnswers(articles, { segmenter: await createSegmenter() });
    expect(failuresAmong(await examine({ articles, answers })).map(({ of, wrong }) => [of, wrong])).toEqual([
      ['a', expect.stringMatching(/^not its own any more: offered/)],
      ['b', expect.stringMatching(/^not its own any more: offered/)],
    ]);
  });

  it('fails where an article answers what it excludes', async () => {
    const articles = [{ ...article('a', '退款多久到账'), notQuestions: ['退款多久到', '天气'] }];
    const rows = await examine({ articles, answers: alike(articles) });
    expect(failuresAmong(rows).map(({ kind, question, wrong }) => [kind, question, wrong])).toEqual([
      ['not_question', '退款多久到', 'answered with a, which excludes it'],
    ]);
  });

  it('asks only for articles that customers may see', async () => {
    const hidden = [
      { ...article('a', '一'), status: 'draft' as const },
      { ...article('b', '二'), audience: 'internal' as const },
    ];
    expect(await examine({ articles: hidden, answers: alike([]) })).toEqual([]);
  });

  it.each([
    ['- { ask: 退款多久到, expect: refund }', null],
    ['- { ask: 退款多久到, expect: [return, refund], outcome: answer }', null],
    ['- { ask: 退款多久到, expect: return }', 'answered with refund, expected return'],
    ['- { ask: 退款多久到, not: refund }', 'answered with refund, which it must not be'],
    ['- { ask: 退款多久到, outcome: handoff }', 'answered with refund, expected handoff'],
    ['- { ask: 天气, outcome: handoff }', null],
    ['- { ask: 天气, expect: refund }', 'handed over, expected refund'],
    ['- { ask: 退款, expect: refund }', null],
    ['- { ask: 退款, expect: refund, outcome: answer }', 'offered refund, return, expected answer'],
    ['- { ask: 多久, after: refund, expect: refund }', null],
    ['- { ask: 退款多久到, expect: gone }', 'no article that customers may see has the id "gone"'],
    ['- { ask: 天气, after: gone, outcome: handoff }', 'no article that customers may see has the id "gone"'],
  ])('grades the test %s', async (yaml, wrong) => {
    const articles = [article('refund', '退款多久到账'), article('return', '退货怎么申请')];
    const rows = await examine({ articles, answers: alike(articles), tests: parseTests(yaml).cases });
    expect(rows.filter(({ kind }) => kind === 'test').map((row) => row.wrong)).toEqual([wrong]);
  });
});

describe('articles that steal', () => {
  const stolen = [
    graded({ question: '一', of: 'a', found: 'thief', outcome: 'clarify', confidence: 0.4 }),
    graded({ question: '二', of: 'a', found: 'thief', outcome: 'answer', confidence: 0.97 }),
    graded({ question: '三', of: 'b', found: 'thief', outcome: 'handoff', confidence: 0.1 }),
    graded({ question: '四', of: 'b', found: 'b', place: 1 }),
    graded({ question: '五', of: 'b', found: null }),
  ];

  it('are named with what they steal, the surest first', () => {
    expect(stolenAmong(stolen).map(({ question }) => question)).toEqual(['二', '一', '三']);
  });

  it('are counted by victim', () => {
    expect(thievesAmong(stolen)).toEqual([
      {
        article: 'thief',
        questions: 3,
        from: [
          { article: 'a', questions: 2 },
          { article: 'b', questions: 1 },
        ],
      },
    ]);
  });
});

describe('comparing with an earlier state', () => {
  const answeredRight = { outcome: 'answer', found: 'a', place: 1 } as const;
  const offered = { outcome: 'clarify', found: 'a', place: 1 } as const;
  const handedOver = { outcome: 'handoff', found: 'x', place: null } as const;
  const stolen = { outcome: 'answer', found: 'x', place: null, wrong: 'answered with x' } as const;

  it.each([
    ['better', offered, answeredRight],
    ['better', stolen, handedOver],
    ['worse', answeredRight, offered],
    ['worse', offered, handedOver],
  ] as const)('is %s', (verdict, before, now) => {
    const compared = compare([graded(before)], [graded(now)]);
    expect(compared[verdict]).toHaveLength(1);
    expect(compared.broken).toEqual([]);
  });

  it('calls broken what is plainly wrong now and was not', () => {
    expect(compare([graded(answeredRight)], [graded(stolen)])).toMatchObject({ worse: [{}], broken: [{}] });
    expect(compare([graded(stolen)], [graded(stolen)])).toMatchObject({ worse: [], broken: [] });
  });

  it('names what has another best article, no better and no worse', () => {
    const elsewhere = { ...handedOver, found: 'y' };
    expect(compare([graded(handedOver)], [graded(elsewhere)])).toMatchObject({ better: [], worse: [], changed: [{}] });
  });

  it('leaves out what was asked only once', () => {
    expect(compare([graded({ question: '旧' })], [graded({ question: '新' })]).compared).toBe(0);
  });
});

function graded(row: Partial<Graded>): Graded {
  return {
    kind: 'held_out',
    question: '怎么退',
    of: 'a',
    line: null,
    expected: [row.of ?? 'a'],
    outcome: 'handoff',
    found: null,
    confidence: 0.5,
    place: null,
    wrong: null,
    ...row,
  };
}

/** An index that judges by shared characters alone: three quarters answer, a third offers. */
function alike(articles: readonly Article[]): Parameters<typeof examine>[0]['answers'] {
  const base = new Map(articles.map((each) => [each.id, each]));
  const likeness = (one: string, other: string): number =>
    [...one].filter((character) => other.includes(character)).length / Math.max(one.length, other.length);
  const search = (question: string) => {
    const candidates = [...base.values()]
      .map(({ id, title, questions }) => ({
        articleId: id,
        title,
        score: Math.max(...[title, ...questions].map((text) => likeness(question, text))),
      }))
      .filter(({ score }) => score > 0)
      .sort((one, other) => other.score - one.score)
      .map((each) => ({ ...each, confidence: each.score }));
    const confidence = candidates[0]?.score ?? 0;
    const outcome =
      confidence > 0.75 ? ('answer' as const) : confidence > 0.3 ? ('clarify' as const) : ('handoff' as const);
    const articleId = outcome === 'answer' ? (candidates[0]?.articleId ?? null) : null;
    const understanding = { question, outcome, articleId, confidence, candidates, unmatched: [] };
    const suggestions = outcome === 'clarify' ? candidates.map((each) => ({ ...each, question: each.title })) : [];
    return { finding: { understanding, article: null, suggestions, failure: null }, candidates };
  };
  return {
    search,
    ask: (question, { lastArticleId }) => search(`${base.get(lastArticleId ?? '')?.title ?? ''}${question}`).finding,
    upsert: (changed) => void base.set(changed.id, changed),
  };
}
