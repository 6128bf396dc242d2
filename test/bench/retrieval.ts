import { execFileSync, fork } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import MiniSearch from 'minisearch';
import { create, insertMultiple, search } from '@orama/orama';
import { createTokenizer } from '@orama/tokenizers/mandarin';
import { createAnswers } from '../../src/answering/answers.ts';
import { normalise } from '../../src/answering/normalise.ts';
import { createSegmenter } from '../../src/answering/segment.ts';
import type { Article } from '../../src/articles/article.ts';
import { article } from '../quality/datasets.ts';

type Options = {
  /** A .tar.gz of markdown articles; without it, copies of the sample knowledge are used. */
  readonly kbTarball?: string;
  readonly sizes: readonly number[];
};

/**
 * Speed and memory of retrieval beside MiniSearch and Orama, each in a process of its own, on the same articles and
 * questions. Bases larger than the articles at hand are filled with altered copies.
 */
export async function benchRetrieval({ kbTarball, sizes }: Options): Promise<void> {
  console.log(`retrieval over ${kbTarball ?? 'the sample knowledge'}, ${questionCount} questions, one process each`);
  console.table(await measureAll(sizes, kbTarball));
}

async function measureAll(sizes: readonly number[], kbTarball: string | undefined): Promise<Figures[]> {
  const figures: Figures[] = [];
  for (const size of sizes) {
    for (const engine of engineNames) {
      const measured = await inOwnProcess({ engine, size, kbTarball });
      if (measured) figures.push(measured);
      else console.log(`${engine} was not ready with ${size} articles within ${patience / 1_000} s`);
    }
  }
  return figures;
}

type Figures = {
  readonly articles: number;
  readonly engine: EngineName;
  /** Questions are titles with every fourth character left out: how many found their article first. */
  readonly 'top-1': number;
  readonly 'p50 ms': number;
  readonly 'p99 ms': number;
  readonly 'build ms': number;
  /** The longest that other work had to wait while the index was built. */
  readonly 'stall ms': number;
  readonly 'upsert ms': number;
  /** Of the process, articles included, after garbage collection; in brackets what it was before the index. */
  readonly 'RSS MB': string;
};

type Task = { readonly engine: EngineName; readonly size: number; readonly kbTarball: string | undefined };

/** Null for an engine that takes too long. */
function inOwnProcess(task: Task): Promise<Figures | null> {
  const child = fork(fileURLToPath(import.meta.url), [childMark, JSON.stringify(task)], {
    execArgv: [...process.execArgv, '--expose-gc', '--max-old-space-size=12000'],
  });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      resolve(null);
      child.kill('SIGKILL');
    }, patience);
    child.once('message', (figures) => {
      clearTimeout(timer);
      resolve(figures as Figures);
    });
    child.once('exit', (code) => reject(new Error(`${task.engine} at ${task.size} articles ended with code ${code}`)));
  });
}

const patience = 180_000;
const childMark = 'measure-one';
const questionCount = 1_000;
/** Asked before, unmeasured: a desk that has run for a minute has its code compiled. */
const warmUpCount = 300;

type EngineName = 'zhike' | 'minisearch' | 'orama';
type Engine = {
  readonly first: (question: string) => Promise<string | null>;
  readonly upsert: ((article: Article) => void) | null;
};

const engines: Readonly<Record<EngineName, (articles: readonly Article[]) => Promise<Engine>>> = {
  zhike: async (articles) => {
    const answers = await createAnswers(articles, { segmenter: await createSegmenter() });
    return {
      first: async (question) => answers.search(question).candidates[0]?.articleId ?? null,
      upsert: (one) => answers.upsert(one),
    };
  },
  minisearch: async (articles) => {
    const segmenter = await createSegmenter();
    const tokenize = (text: string): string[] => segmenter.words(normalise(text));
    const index = new MiniSearch({
      fields: ['title', 'text'],
      tokenize,
      searchOptions: { boost: { title: 3 }, tokenize },
    });
    await index.addAllAsync(articles, { chunkSize: 50 });
    return {
      first: async (question) => (index.search(question)[0]?.id as string | undefined) ?? null,
      upsert: (one) => {
        index.discard(one.id);
        index.add(one);
      },
    };
  },
  orama: async (articles) => {
    const index = create({
      schema: { id: 'string', title: 'string', text: 'string' } as const,
      components: { tokenizer: createTokenizer() },
    });
    await insertMultiple(
      index,
      articles.map(({ id, title, text }) => ({ id, title, text })),
      200,
    );
    return {
      first: async (term) => {
        const found = await search(index, { term, properties: ['title', 'text'], boost: { title: 3 }, limit: 3 });
        return found.hits[0]?.document.id ?? null;
      },
      upsert: null,
    };
  },
};
const engineNames = Object.keys(engines) as EngineName[];

if (process.argv[2] === childMark) process.send?.(await measure(JSON.parse(process.argv[3] ?? '') as Task));

async function measure({ engine, size, kbTarball }: Task): Promise<Figures> {
  const articles = filledUp(kbTarball ? realArticles(kbTarball) : sampleArticles(), size);
  const before = rss();
  // The dictionary is part of readiness, not of the index; it is loaded once per process.
  if (engine !== 'orama') await createSegmenter();
  const stall = watchStalls();
  const began = performance.now();
  const { first, upsert } = await engines[engine](articles);
  const build = performance.now() - began;
  const stalled = stall();
  const step = Math.max(1, Math.floor(size / questionCount));
  const asked = articles.filter((_, i) => i % step === 0).slice(0, questionCount);
  for (const one of asked.slice(0, warmUpCount)) await first(questionFor(one));
  const times: number[] = [];
  let hits = 0;
  for (const one of asked) {
    const question = questionFor(one);
    const start = performance.now();
    if ((await first(question)) === one.id) hits++;
    times.push(performance.now() - start);
  }
  times.sort((one, other) => one - other);
  return {
    articles: size,
    engine,
    'top-1': round(hits / asked.length, 3),
    'p50 ms': round(times[times.length >> 1] ?? 0, 2),
    'p99 ms': round(times[Math.floor(times.length * 0.99)] ?? 0, 2),
    'build ms': Math.round(build),
    'stall ms': Math.round(stalled),
    'upsert ms': upsert ? round(slowestUpsert(asked.slice(0, 20), upsert), 1) : NaN,
    'RSS MB': `${rss()} (${before})`,
  };
}

function slowestUpsert(articles: readonly Article[], upsert: (article: Article) => void): number {
  return Math.max(
    ...articles.map((one) => {
      const start = performance.now();
      upsert({ ...one, title: `${one.title}?` });
      return performance.now() - start;
    }),
  );
}

/** Starts watching the event loop; the function returned stops and says how long its longest stall was. */
function watchStalls(): () => number {
  let longest = 0;
  let last = performance.now();
  let watching = true;
  const tick = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (watching) setImmediate(tick);
  };
  setImmediate(tick);
  return () => {
    watching = false;
    return Math.max(longest, performance.now() - last);
  };
}

function questionFor({ title }: Article): string {
  return [...title].filter((_, i) => i % 4 !== 3).join('');
}

function rss(): number {
  globalThis.gc?.();
  return Math.round(process.memoryUsage().rss / 1e6);
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

/** As many articles as wanted: those given, then copies with a changed title and a short text. */
function filledUp(articles: readonly Article[], size: number): Article[] {
  return Array.from({ length: size }, (_, i) => {
    const one = articles[i % articles.length] as Article;
    if (i < articles.length) return one;
    const copy = Math.floor(i / articles.length);
    const title = [...one.title];
    title.splice((copy * 7) % title.length, 1, ...`${copy}`);
    const text = one.text.slice(0, 200);
    return { ...one, id: `${one.id}#${copy}`, title: title.join(''), text, body: text };
  });
}

function realArticles(tarball: string): Article[] {
  const folder = mkdtempSync(join(tmpdir(), 'zhike-bench-'));
  try {
    execFileSync('tar', ['xzf', tarball, '-C', folder]);
    return articlesBelow(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function sampleArticles(): Article[] {
  return articlesBelow(fileURLToPath(new URL('../../knowledge', import.meta.url)));
}

function articlesBelow(folder: string): Article[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && !name.endsWith('README.md'))
    .sort()
    .flatMap((name) => {
      const text = readFileSync(join(folder, name), 'utf8');
      const title = /^title: *"?(.+?)"? *$/mu.exec(text)?.[1] ?? /^# +(.+)$/mu.exec(text)?.[1];
      return title ? [article(name, title, { text: text.replace(/^---[\s\S]*?\n---\n/u, '') })] : [];
    });
}
