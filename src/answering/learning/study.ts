import { setImmediate as nextTurn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Article } from '../../articles/article.ts';
import type { FromThread, ToThread } from './learning-thread.ts';
import { learn, type Learned, type Lesson } from './learning.ts';
import { createSegmenter, type DictionaryWord } from '../segment.ts';

/** A lesson with the words its texts are to be cut with. */
export type StudyLesson = Lesson & { readonly dictionary: readonly DictionaryWord[] };

/** Learns a lesson away from the event loop. */
export type Study = {
  learn(lesson: StudyLesson): Promise<Learned>;
  /** Drops the lesson under way; it rejects. */
  close(): Promise<void>;
};

/** Learns where it stands, for programs that have nothing else to do. */
export function studyHere(): Study {
  return {
    learn: async ({ dictionary, ...lesson }) => learn(lesson, await createSegmenter({ dictionary })),
    close: () => Promise.resolve(),
  };
}

/** Learns in a thread of its own, one lesson at a time. The thread starts with the first lesson, and again after it died. */
export function studyInThread(): Study {
  let worker: Worker | null = null;
  const start = (): Worker => {
    const started = openThread();
    started.unref();
    // Whoever waits hears of it as well; with nobody waiting it must not end the program.
    started.on('error', () => undefined);
    started.once('exit', () => {
      if (worker === started) worker = null;
    });
    return started;
  };
  return {
    learn: async ({ articles, dictionary, ...lesson }) => {
      const thread = (worker ??= start());
      const tell = (message: ToThread): void => thread.postMessage(message);
      // Before anything is sent: a thread that ends while articles are still being sent never answers.
      const answer = answerOf(thread);
      answer.catch(() => undefined);
      for (let from = 0; from < articles.length; from += partSize) {
        tell({ kind: 'articles', articles: articles.slice(from, from + partSize).map(lean) });
        await nextTurn();
      }
      tell({ kind: 'learn', lesson, dictionary });
      const result = await answer;
      if ('error' in result) throw new Error(result.error);
      return result.learned;
    },
    close: async () => {
      const thread = worker;
      worker = null;
      await thread?.terminate();
    },
  };
}

/** The thread's program lies beside this file. A thread does not inherit the loader that runs the sources unbuilt. */
function openThread(): Worker {
  if (!import.meta.url.endsWith('.ts')) return new Worker(new URL('./learning-thread.js', import.meta.url));
  const file = new URL('./learning-thread.ts', import.meta.url).href;
  const program = `import('tsx/esm/api').then(({ register }) => { register(); return import('${file}'); });`;
  return new Worker(program, { eval: true });
}

/** A few milliseconds of copying. */
const partSize = 200;

/** As much of an article as is indexed. */
function lean(article: Article): Article {
  return { ...article, body: '' };
}

function answerOf(thread: Worker): Promise<FromThread> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => (): void => {
      thread.off('message', onMessage).off('error', onError).off('exit', onExit);
      act();
    };
    const onMessage = (message: FromThread): void => settle(() => resolve(message))();
    const onError = (error: unknown): void =>
      settle(() => reject(error instanceof Error ? error : new Error(String(error))))();
    const onExit = settle(() => reject(new Error('The thread that learns was stopped.')));
    thread.on('message', onMessage).on('error', onError).on('exit', onExit);
  });
}
