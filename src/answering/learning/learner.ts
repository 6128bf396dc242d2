import type { Learned } from './learning.ts';
import type { Study, StudyLesson } from './study.ts';

export type LearnerOptions = {
  readonly study: Study;
  /** Everything there is to learn from, as it stands now. */
  lesson(): Promise<StudyLesson>;
  /** Takes over what was learned of a lesson. */
  learned(learned: Learned, lesson: StudyLesson): Promise<void>;
  /** Told of a lesson that failed; what was learned before stays, and it is tried again. */
  failed(error: unknown): void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Calls back later. Returns the way to cancel it. */
  readonly later: (callback: () => void, milliseconds: number) => () => void;
};

export type Learner = {
  /** Something changed that could be learned from. */
  wake(): void;
  /** Learns no more. Resolves when the lesson under way, if any, is done with. */
  stop(): Promise<void>;
};

/**
 * Learns whenever something changed, one lesson at a time: the first at once, the others so rarely that learning takes
 * at most a twentieth of one processor, and changes that come together are learned together.
 */
export function createLearner(options: LearnerOptions): Learner {
  const { study, now, later } = options;
  let running: Promise<void> | null = null;
  let cancel: (() => void) | null = null;
  let changed = false;
  let notBefore = 0;
  let stopped = false;

  async function run(): Promise<void> {
    const began = now();
    try {
      const lesson = await options.lesson();
      if (stopped) return;
      const learned = await study.learn(lesson);
      if (!stopped) await options.learned(learned, lesson);
    } catch (error) {
      // What it would have taught is still to be learned.
      changed = true;
      if (!stopped) options.failed(error);
    }
    notBefore = now() + Math.max(shortestPause, 20 * (now() - began));
  }

  function plan(): void {
    if (stopped || running || cancel || !changed) return;
    const start = (): void => {
      cancel = null;
      changed = false;
      running = run().finally(() => {
        running = null;
        plan();
      });
    };
    const wait = notBefore - now();
    if (wait <= 0) start();
    else cancel = later(start, wait);
  }

  return {
    wake: () => {
      changed = true;
      plan();
    },
    stop: async () => {
      stopped = true;
      cancel?.();
      await study.close();
      await running;
    },
  };
}

const shortestPause = 30_000;
