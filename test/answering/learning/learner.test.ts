import { asShipped } from '../../../src/answering/learning/calibration.ts';
import { createLearner, type Learner } from '../../../src/answering/learning/learner.ts';
import type { Learned } from '../../../src/answering/learning/learning.ts';
import type { StudyLesson } from '../../../src/answering/learning/study.ts';

const nothing: StudyLesson = {
  articles: [],
  labels: [],
  confirmed: new Map(),
  synonyms: [],
  dictionary: [],
  targetPrecision: 0.95,
};
const result: Learned = {
  encoder: null,
  calibration: asShipped(0.95),
  report: {
    articles: 0,
    promised: 0.95,
    encoder: false,
    confirmed: 0,
    selfExam: { questions: 0, top1: 0 },
    measured: null,
  },
};

/** A learner on a clock that stands, with studies that end when the test says so. */
function open() {
  let time = 0;
  const timers = new Set<{ readonly at: number; readonly act: () => void }>();
  const studies: { resolve(learned: Learned): void; reject(error: Error): void }[] = [];
  const seen = { learned: 0, failed: [] as unknown[] };
  const learner: Learner = createLearner({
    study: {
      learn: () => new Promise<Learned>((resolve, reject) => studies.push({ resolve, reject })),
      close: () => {
        studies.at(-1)?.reject(new Error('stopped'));
        return Promise.resolve();
      },
    },
    lesson: () => Promise.resolve(nothing),
    learned: () => {
      seen.learned++;
      return Promise.resolve();
    },
    failed: (error) => seen.failed.push(error),
    now: () => time,
    later: (act, milliseconds) => {
      const timer = { at: time + milliseconds, act };
      timers.add(timer);
      return () => timers.delete(timer);
    },
  });
  return {
    learner,
    studies,
    seen,
    pass: (milliseconds: number) => {
      time += milliseconds;
      for (const timer of [...timers].filter(({ at }) => at <= time)) {
        timers.delete(timer);
        timer.act();
      }
    },
  };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the learner', () => {
  it('learns at once when it is first woken, and nothing when it is not', async () => {
    const { learner, studies, seen } = open();
    expect(studies).toHaveLength(0);
    learner.wake();
    await settled();
    studies[0]?.resolve(result);
    await settled();
    expect(seen.learned).toBe(1);
  });

  it('learns what came meanwhile together, after a pause twenty times as long as learning took', async () => {
    const { learner, studies, pass } = open();
    learner.wake();
    await settled();
    learner.wake();
    learner.wake();
    pass(4_000);
    studies[0]?.resolve(result);
    await settled();
    pass(79_999);
    await settled();
    expect(studies).toHaveLength(1);
    pass(1);
    await settled();
    expect(studies).toHaveLength(2);
    studies[1]?.resolve(result);
    await settled();
    pass(1_000_000);
    await settled();
    expect(studies).toHaveLength(2);
  });

  it('tells of a lesson that failed, and learns again', async () => {
    const { learner, studies, seen, pass } = open();
    learner.wake();
    await settled();
    studies[0]?.reject(new Error('out of memory'));
    await settled();
    expect(seen).toMatchObject({ learned: 0, failed: [new Error('out of memory')] });
    pass(30_000);
    await settled();
    expect(studies).toHaveLength(2);
  });

  it('begins nothing when it is stopped while the lesson is still being put together', async () => {
    const { learner, studies } = open();
    learner.wake();
    await learner.stop();
    await settled();
    expect(studies).toHaveLength(0);
  });

  it('drops the lesson under way when it is stopped, without a word', async () => {
    const { learner, seen, studies, pass } = open();
    learner.wake();
    await settled();
    learner.wake();
    await learner.stop();
    pass(1_000_000);
    await settled();
    expect(seen).toEqual({ learned: 0, failed: [] });
    expect(studies).toHaveLength(1);
  });
});
