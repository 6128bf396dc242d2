import { join } from 'node:path';
import { openKnowledge, type Knowledge } from '../../src/answering/knowledge.ts';
import { openStorage } from '../../src/storage/storage.ts';
import { openStoryDesk, type StoryDesk } from './story.ts';

export type { StoryDesk };

/** A story desk on a database of its own that answers from the sample knowledge, which is read once a test file. */
export async function openSampleDesk(): Promise<StoryDesk> {
  sample ??= openKnowledge(join(__dirname, '../../knowledge'));
  return openStoryDesk(await sample, await openStorage('sqlite::memory:'));
}

let sample: Promise<Knowledge> | null = null;
