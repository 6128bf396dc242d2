import { type BigIntStats, constants } from 'node:fs';
import { lstat, open, readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { InputError } from '../errors.ts';
import type { Article } from './article.ts';
import { type Base, byPath, createBase } from './base.ts';
import { type Fault, largestArticle, parseArticle, type Parsed, type SourceLines, tooLarge } from './parse.ts';

/** Tells one state of a file from another without reading it. */
export type Stamp = string;

export type Loaded = {
  /** What is served, by path. */
  readonly articles: readonly Article[];
  /** Files, folders and links that were named and skipped, by path. */
  readonly faults: readonly Fault[];
  /** Every file of the folder that is not hidden, articles or not: what a relative link may lead to. */
  readonly files: ReadonlySet<string>;
  /** Where the parts of each article stand, by file. */
  readonly lines: ReadonlyMap<string, SourceLines>;
  /** For the watcher, which goes on from here: the bookkeeping, and the state in which each file was read. */
  readonly base: Base;
  readonly stamps: ReadonlyMap<string, Stamp>;
};

/**
 * Reads every article below a folder. One bad file never spoils the rest: it is named among the faults. Rejects with
 * an InputError only when there is no such folder. Other work goes on meanwhile.
 */
export async function loadArticles(
  dir: string,
  { concurrency = 8 }: { readonly concurrency?: number } = {},
): Promise<Loaded> {
  const root = await knowledgeRoot(dir);
  const found = await walk(root);
  const base = createBase();
  const stamps = new Map<string, Stamp>();
  for (const fault of found.faults) base.put(fault.file, { kind: 'fault', fault });
  const waiting = [...found.articles].sort(byPath).values();
  const work = async (): Promise<void> => {
    for (const file of waiting) {
      const { parsed, stamp } = await readArticle(root, file);
      if (stamp !== null) stamps.set(file, stamp);
      base.put(file, parsed);
      await nextTurn();
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  const articles = base.articles();
  return {
    articles,
    faults: base.faults(),
    files: found.files,
    lines: new Map(
      articles.flatMap(({ file }) => {
        const at = base.linesOf(file);
        return at ? [[file, at] as const] : [];
      }),
    ),
    base,
    stamps,
  };
}

/** The folder's real path; rejects with an InputError when there is no such folder. */
export async function knowledgeRoot(dir: string): Promise<string> {
  try {
    if ((await stat(dir)).isDirectory()) return await realpath(dir);
  } catch (error) {
    throw new InputError(`the knowledge folder ${dir} can't be read: ${codeOf(error)}`);
  }
  throw new InputError(`${dir} is not a folder`);
}

/** Whether a path below the knowledge folder (with `/`) is an article's: not hidden, not in a `_` folder, no README. */
export function isArticlePath(file: string): boolean {
  const steps = file.split('/');
  const name = steps.pop() ?? '';
  return /\.md$/i.test(name) && !/^readme\.md$/i.test(name) && !name.startsWith('.') && steps.every(isArticleFolder);
}

/** Reads one article's file, whatever it turns out to be; `stamp` is null when there is none. */
export async function readArticle(
  root: string,
  file: string,
): Promise<{ readonly parsed: Parsed; readonly stamp: Stamp | null }> {
  const refuse = (reason: string): Parsed => ({ kind: 'fault', fault: { file, line: null, reason } });
  const path = join(root, file);
  // Taken before reading: a file that changes meanwhile has another by then, and is read again.
  const stamp = await stampOf(path);
  try {
    if (isLink(stamp) && !(await isWithin(root, path))) return { parsed: refuse(linkLeavesFolder), stamp };
    // Without O_NONBLOCK, opening a named pipe waits for a writer.
    const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const state = await handle.stat();
      if (!state.isFile()) return { parsed: refuse('is not a regular file'), stamp };
      if (state.size > largestArticle) return { parsed: refuse(tooLarge(state.size)), stamp };
      const bytes = Buffer.alloc(state.size);
      let length = 0;
      for (let read = 1; read > 0 && length < bytes.length; length += read) {
        read = (await handle.read(bytes, length, bytes.length - length, null)).bytesRead;
      }
      return { parsed: await parseArticle(file, bytes.subarray(0, length)), stamp };
    } finally {
      await handle.close();
    }
  } catch (error) {
    return { parsed: refuse(`can't be read: ${codeOf(error)}`), stamp };
  }
}

/** The state a file is in now; null when there is none. */
export async function stampOf(path: string): Promise<Stamp | null> {
  const own = await lstat(path, { bigint: true }).catch(() => null);
  if (!own) return null;
  const state = ({ ino, size, mtimeNs, ctimeNs }: BigIntStats): string => `${ino} ${size} ${mtimeNs} ${ctimeNs}`;
  if (!own.isSymbolicLink()) return state(own);
  const target = await stat(path, { bigint: true }).catch(() => null);
  return `${state(own)}${linkMark}${target ? state(target) : 'nothing'}`;
}

/** Whether it is the state of a symbolic link. */
export function isLink(stamp: Stamp | null): boolean {
  return stamp?.includes(linkMark) ?? false;
}

const linkMark = ' -> ';
const linkLeavesFolder = 'is a link that leads out of the knowledge folder: put the file itself there';

/** Both stop the walk rather than the process: a base of this size was not meant. */
const mostFiles = 500_000;
const mostLevels = 32;

type Found = {
  readonly articles: readonly string[];
  readonly files: ReadonlySet<string>;
  readonly faults: readonly Fault[];
};

async function walk(root: string): Promise<Found> {
  const articles: string[] = [];
  const files = new Set<string>();
  const faults: Fault[] = [];
  const visit = async (folder: string, level: number): Promise<void> => {
    const name = (reason: string): void => void faults.push({ file: folder, line: null, reason });
    if (level > mostLevels) return name(`folders nest more than ${mostLevels} deep`);
    const entries = await readdir(join(root, folder), { withFileTypes: true }).catch((error: unknown) => {
      name(`the folder can't be read: ${codeOf(error)}`);
      return [];
    });
    for (const entry of entries) {
      if (entry.name.startsWith('.')) continue;
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        await visit(path, level + 1);
        continue;
      }
      if (entry.isSymbolicLink() && (await isFolder(join(root, path)))) {
        const reason = (await isWithin(root, join(root, path)))
          ? 'is a link to a folder, which is not followed: put the articles themselves there'
          : linkLeavesFolder;
        faults.push({ file: path, line: null, reason });
        continue;
      }
      files.add(path);
      if (files.size > mostFiles)
        throw new InputError(`${root} holds more than ${mostFiles} files: is it the knowledge folder?`);
      if (isArticlePath(path)) articles.push(path);
    }
  };
  await visit('', 0);
  return { articles, files, faults };
}

/** Whether a folder of this name is looked into for articles. */
export function isArticleFolder(name: string): boolean {
  return !name.startsWith('.') && !name.startsWith('_');
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}

async function isWithin(root: string, path: string): Promise<boolean> {
  const real = await realpath(path).catch(() => '');
  return real.startsWith(root.endsWith(sep) ? root : root + sep);
}

function codeOf(error: unknown): string {
  const { code, message } = error as Partial<NodeJS.ErrnoException>;
  return code ?? message ?? String(error);
}
