import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAnswers, type ArticleAnswers } from '../../src/answering/answers.ts';
import { createSegmenter } from '../../src/answering/segment.ts';
import { parseDictionary } from '../../src/answering/synonyms.ts';
import { loadArticles } from '../../src/articles/load.ts';
import { openStoryDesk, type StoryDesk } from './story.ts';

export type { StoryDesk };

const knowledge = join(__dirname, '../../knowledge');

/** A story desk that answers from the sample knowledge, which is read once a test file. */
export async function openSampleDesk(): Promise<StoryDesk> {
  sample ??= readSample();
  return openStoryDesk(await sample);
}

let sample: Promise<ArticleAnswers> | null = null;

async function readSample(): Promise<ArticleAnswers> {
  const dictionary = parseDictionary(readFileSync(join(knowledge, 'dictionary.txt'), 'utf8'));
  const segmenter = await createSegmenter({ dictionary });
  const { articles } = await loadArticles(knowledge);
  return createAnswers(articles, { segmenter });
}
