import { renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { loadArticles } from '../../src/articles/load.ts';
import { type KnowledgeListener, type KnowledgeWatch, watchArticles } from '../../src/articles/watch.ts';
import { temporaryFolder } from './folder.ts';

const folder = temporaryFolder();
let watch: KnowledgeWatch | undefined;
let heard: Heard;

afterEach(async () => {
  await watch?.close();
});

describe('watching a knowledge folder', () => {
  it('tells of a new article, of a change and of its end', async () => {
    await begin();
    folder.write('退货/a.md', '---\ntitle: 一\n---\n好');
    expect(await heard.next()).toBe('upsert 退货/a 一');
    folder.write('退货/a.md', '---\ntitle: 二\n---\n好');
    expect(await heard.next()).toBe('upsert 退货/a 二');
    rmSync(join(folder.path, '退货/a.md'));
    expect(await heard.next()).toBe('remove 退货/a');
  });

  it('a saved file is live within a second', async () => {
    await begin();
    const saved = performance.now();
    folder.write('a.md', '好');
    await heard.next();
    expect(performance.now() - saved).toBeLessThan(1000);
  });

  it('a broken file is named and its last good version stays, until it is mended', async () => {
    folder.write('a.md', '---\ntitle: 一\n---\n好');
    await begin();
    folder.write('a.md', '---\ntitle: 一\nstatus: finished\n---\n好');
    expect(await heard.next()).toMatch(/^fault a\.md:3 status: expected "draft"/);
    expect(watch?.articles().map(({ title }) => title)).toEqual(['一']);
    expect(watch?.faults()).toHaveLength(1);
    folder.write('a.md', '---\ntitle: 二\n---\n好');
    expect(await heard.next()).toBe('upsert a 二');
    expect(watch?.faults()).toEqual([]);
  });

  it('follows editors that write beside the file and rename', async () => {
    folder.write('a.md', '---\ntitle: 一\n---\n');
    await begin();
    renameSync(folder.write('.a.md.swp', '---\ntitle: 二\n---\n'), join(folder.path, 'a.md'));
    expect(await heard.next()).toBe('upsert a 二');
  });

  it('hands an id to the next file when the first one goes', async () => {
    folder.write('a.md', '---\nid: refund\ntitle: 一\n---\n');
    await begin();
    folder.write('b.md', '---\nid: refund\ntitle: 二\n---\n');
    expect(await heard.next()).toMatch(/^fault b\.md:2 the id "refund"/);
    rmSync(join(folder.path, 'a.md'));
    expect(await heard.next()).toBe('upsert refund 二');
    expect(watch?.faults()).toEqual([]);
  });

  it('an article that changes its id leaves the old one', async () => {
    folder.write('a.md', '---\nid: old\ntitle: 一\n---\n');
    await begin();
    folder.write('a.md', '---\nid: new\ntitle: 一\n---\n');
    expect([await heard.next(), await heard.next()].sort()).toEqual(['remove old', 'upsert new 一']);
  });

  it('follows a folder that is renamed', async () => {
    folder.write('x/a.md', '---\ntitle: 一\n---\n');
    await begin();
    renameSync(join(folder.path, 'x'), join(folder.path, 'y'));
    expect([await heard.next(), await heard.next()].sort()).toEqual(['remove x/a', 'upsert y/a 一']);
  });

  it('catches up with what changed between loading and watching', async () => {
    folder.write('a.md', '---\ntitle: 一\n---\n');
    folder.write('gone.md', '---\ntitle: 去\n---\n');
    await begin(() => {
      folder.write('a.md', '---\ntitle: 二\n---\n好');
      folder.write('b.md', '---\ntitle: 三\n---\n');
      rmSync(join(folder.path, 'gone.md'));
    });
    expect([await heard.next(), await heard.next(), await heard.next()].sort()).toEqual([
      'remove gone',
      'upsert a 二',
      'upsert b 三',
    ]);
  });

  it('tells of the vocabulary, and of nothing that is not an article', async () => {
    folder.write('dictionary.txt', '退货');
    await begin();
    folder.write('README.md', 'x');
    folder.write('_drafts/a.md', 'x');
    folder.write('.git/a.md', 'x');
    folder.write('synonyms.txt', '运费 邮费');
    expect(await heard.next()).toBe('vocabulary');
    folder.write('dictionary.txt', '退货 换货');
    expect(await heard.next()).toBe('vocabulary');
    folder.write('sensitive-topics.txt', '律师');
    expect(await heard.next()).toBe('vocabulary');
  });

  it('refuses a link out of the folder', async () => {
    await begin();
    symlinkSync('/etc/hostname', join(folder.path, 'host.md'));
    expect(await heard.next()).toMatch(/^fault host\.md:null .*leads out of/);
  });

  it('goes on after a listener threw', async () => {
    await begin(undefined, {
      onUpsert: () => {
        throw new Error('full');
      },
    });
    folder.write('a.md', '好');
    expect(await heard.next()).toBe('error full');
    rmSync(join(folder.path, 'a.md'));
    expect(await heard.next()).toBe('remove a');
  });
});

async function begin(meanwhile?: () => void, instead: Partial<KnowledgeListener> = {}): Promise<void> {
  heard = listening();
  const loaded = await loadArticles(folder.path);
  meanwhile?.();
  watch = await watchArticles(folder.path, loaded, { ...heard.listener, ...instead });
}

type Heard = { readonly listener: KnowledgeListener; next(): Promise<string> };

function listening(): Heard {
  const said: string[] = [];
  let waiting: ((one: string) => void) | null = null;
  const say = (one: string): void => {
    if (waiting) waiting(one);
    else said.push(one);
    waiting = null;
  };
  return {
    next: () => {
      const first = said.shift();
      return first === undefined ? new Promise((resolve) => (waiting = resolve)) : Promise.resolve(first);
    },
    listener: {
      onUpsert: ({ id, title }) => say(`upsert ${id} ${title}`),
      onRemove: (id) => say(`remove ${id}`),
      onFault: ({ file, line, reason }) => say(`fault ${file}:${line} ${reason}`),
      onVocabulary: () => say('vocabulary'),
      onError: (error) => say(`error ${error instanceof Error ? error.message : String(error)}`),
    },
  };
}
