import { parentPort } from 'node:worker_threads';
import type { Article } from '../../articles/article.ts';
import { learn, type Learned, type Lesson } from './learning.ts';
import { createSegmenter, type DictionaryWord } from '../segment.ts';

/** What is sent to the thread that learns. Articles come in parts, so that copying them never holds up the sender. */
export type ToThread =
  | { readonly kind: 'articles'; readonly articles: readonly Article[] }
  | {
      readonly kind: 'learn';
      readonly lesson: Omit<Lesson, 'articles'>;
      readonly dictionary: readonly DictionaryWord[];
    };

/** What comes back for each `learn`. */
export type FromThread = { readonly learned: Learned } | { readonly error: string };

// The thread stays: nodejieba never gives back the memory of its dictionary, so that a thread for every lesson would
// leak 50 MB each.
const port = parentPort;
const articles: Article[] = [];
port?.on('message', (message: ToThread) => {
  if (message.kind === 'articles') articles.push(...message.articles);
  else void answer(message).then((result) => port.postMessage(result));
});

async function answer(message: Extract<ToThread, { kind: 'learn' }>): Promise<FromThread> {
  try {
    const segmenter = await createSegmenter({ dictionary: message.dictionary });
    return { learned: learn({ ...message.lesson, articles: articles.splice(0) }, segmenter) };
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
