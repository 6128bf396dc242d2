import { parseDictionary } from '../../../src/answering/synonyms.ts';
import { studyHere, studyInThread, type StudyLesson } from '../../../src/answering/learning/study.ts';
import { article } from '../../quality/datasets.ts';

const lesson: StudyLesson = {
  articles: Array.from({ length: 450 }, (_, n) =>
    article(`a${n}`, `第${n}号商品怎么退货`, { questions: [`${n}号商品如何退掉`], text: '打开订单。' }),
  ),
  labels: [],
  confirmed: new Map(),
  synonyms: [['退货', '退掉']],
  dictionary: parseDictionary('号商品'),
  targetPrecision: 0.95,
};

describe('studying in a thread', () => {
  const study = studyInThread();
  afterAll(() => study.close());

  it('learns what would be learned here, again and again', async () => {
    const here = await studyHere().learn(lesson);
    expect(await study.learn(lesson)).toEqual(here);
    expect(await study.learn({ ...lesson, articles: lesson.articles.slice(0, 3) })).toMatchObject({
      calibration: { stage: 'shipped' },
      report: { articles: 3 },
    });
  }, 60_000);

  it('rejects when it is closed under way, and starts anew with the next lesson', async () => {
    // So many parts that it is closed while they are still being sent, and then while it learns.
    const long = { ...lesson, articles: Array.from({ length: 40 }, () => lesson.articles).flat() };
    for (const turns of [2, 200]) {
      const outcome = expect(study.learn(long)).rejects.toThrow('stopped');
      for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
      await study.close();
      await outcome;
    }
    expect((await study.learn({ ...lesson, articles: [] })).calibration.stage).toBe('shipped');
  }, 60_000);
});
