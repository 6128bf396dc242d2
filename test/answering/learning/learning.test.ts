import { asShipped } from '../../../src/answering/learning/calibration.ts';
import { examineItself } from '../../../src/answering/learning/exam.ts';
import type { Label } from '../../../src/answering/learning/labels.ts';
import { learn, type Lesson } from '../../../src/answering/learning/learning.ts';
import { Ranker } from '../../../src/answering/rank.ts';
import { SearchIndex } from '../../../src/answering/search-index.ts';
import { createSegmenter, type Segmenter } from '../../../src/answering/segment.ts';
import { shippedModel } from '../../../src/answering/shipped-model.ts';
import type { Article } from '../../../src/articles/article.ts';
import { article } from '../../quality/datasets.ts';

let segmenter: Segmenter;
beforeAll(async () => {
  segmenter = await createSegmenter();
});

const things = [
  '冰箱',
  '洗衣机',
  '空调',
  '电视',
  '电饭煲',
  '微波炉',
  '吸尘器',
  '净水器',
  '热水器',
  '油烟机',
  '扫地机器人',
  '电风扇',
];
const services = [
  ['保修期是多久', '保修几年', '保修多长时间'],
  ['怎么预约上门安装', '安装怎么预约', '预约安装师傅上门'],
  ['怎么退货', '退货怎么办理', '不想要了怎么退货'],
] as const;

/** Alternate questions that are paraphrases. */
const shop: readonly Article[] = things.flatMap((thing, i) =>
  services.map(([title, ...questions], j) =>
    article(`${i}-${j}`, `${thing}${title}`, {
      questions: questions.map((text) => `${thing}${text}`),
      text: `${thing}的说明。`,
    }),
  ),
);

/** Alternate questions that have nothing to do with each other. */
const muddle: readonly Article[] = shop.map((one, i) => ({
  ...one,
  questions: one.questions.map((_, j) => shop[(i * 7 + j * 5 + 11) % shop.length]?.questions[j] ?? ''),
}));

const lesson = (articles: readonly Article[], labels: readonly Label[] = []): Lesson => ({
  articles,
  labels,
  confirmed: new Map(),
  synonyms: [],
  targetPrecision: 0.95,
});

const label = (question: string, articleId: string, right: boolean): Label => ({
  question,
  articleId,
  right,
  source: 'feedback',
  by: question,
  at: 0,
});

describe('learning', () => {
  it.each([0, 1, 3])('from a base of %d articles is caution, not a failure', (count) => {
    expect(learn(lesson(shop.slice(0, count)), segmenter).calibration).toEqual(asShipped(0.95));
  });

  it('calibrates on the base’s own questions where they find their article', () => {
    const paraphrased = shop.flatMap((one) => [
      { ...one, questions: ['请问', '我想知道', '你好，', '麻烦问下'].map((polite) => `${polite}${one.title}呢`) },
    ]);
    const { calibration, report } = learn(lesson(paraphrased), segmenter);
    expect(report.selfExam.questions).toBeGreaterThanOrEqual(100);
    expect(report.selfExam.top1).toBeGreaterThan(0.85);
    expect(calibration.stage).toBe('self');
  });

  it('does not trust alternate questions that do not find their article', () => {
    const { calibration, report } = learn(lesson(muddle), segmenter);
    expect(report.selfExam.top1).toBeLessThan(0.85);
    expect(calibration).toEqual(asShipped(0.95));
  });

  it('believes what people said from the fiftieth label on, and reports what the promise was worth', () => {
    const said = things.flatMap((thing, i) => [
      label(`请问${thing}能保修几年`, `${i}-0`, true),
      label(`${thing}安装要怎么约`, `${i}-1`, true),
      label(`我的${thing}不想要了想退`, `${i}-2`, true),
      label(`${thing}多少钱一台`, `${i}-0`, false),
      label(`${thing}哪个牌子好`, `${i}-2`, false),
    ]);
    const few = learn(lesson(shop, said.slice(0, 20)), segmenter);
    expect(few.calibration.stage).not.toBe('labelled');
    expect(few.report.measured).toBeNull();
    const { calibration, report } = learn(
      lesson(shop, [...said, ...said.map((one) => ({ ...one, question: `${one.question}啊` }))]),
      segmenter,
    );
    expect(calibration.stage).toBe('labelled');
    expect(calibration.labels).toBeGreaterThanOrEqual(50);
    expect(report.measured).toMatchObject({ promised: 0.95, questions: calibration.labels });
  });

  it('does not let one customer decide how sure it is', () => {
    const said = Array.from({ length: 120 }, (_, n) => ({
      ...label(`${things[n % 12]}的保修到底是${n}年吗`, `${n % 12}-0`, n % 3 > 0),
      by: 'one and the same',
    }));
    expect(learn(lesson(shop, said), segmenter).calibration.stage).toBe('shipped');
  });

  it('takes labels of articles that are gone, empty questions and nonsense in its stride', () => {
    const odd = ['', '？？', '😀', 'constructor', 'x'.repeat(5_000)].flatMap((text, i) =>
      Array.from({ length: 20 }, (_, n) => ({
        ...label(`${text}${'。'.repeat(n)}`, 'gone', n % 2 === 0),
        by: `${i}-${n}`,
      })),
    );
    expect(learn(lesson(shop, odd), segmenter).calibration.stage).toBe('shipped');
  });
});

describe('a base that examines itself', () => {
  const open = (articles: readonly Article[]) => {
    const index = new SearchIndex(segmenter);
    for (const one of articles) index.upsert(one);
    return { index, ranker: new Ranker(index, shippedModel.ranker), model: shippedModel };
  };

  it('asks of a base that has neither the question nor, for what it cannot answer, the article', () => {
    const opened: (readonly Article[])[] = [];
    const { rows, questions } = examineItself(shop, (left) => open((opened.push(left), left)));
    expect(opened).toHaveLength(5);
    const wordings = (articles: readonly Article[]): number =>
      articles.reduce((sum, one) => sum + one.questions.length, 0);
    // Every alternate question is missing in one turn for itself, in another with its article.
    expect(opened.reduce((sum, left) => sum + wordings(left), 0)).toBe(3 * wordings(shop));
    expect(opened.reduce((sum, left) => sum + left.length, 0)).toBe(4 * shop.length);
    expect(questions).toBeGreaterThan(0);
    expect(questions).toBeLessThanOrEqual(wordings(shop));
    expect(rows.length).toBeGreaterThan(questions);
    expect(rows.reduce((sum, row) => sum + row.weight, 0)).toBeCloseTo(rows.length);
  });
});
