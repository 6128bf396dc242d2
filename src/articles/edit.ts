import { randomBytes } from 'node:crypto';
import { type FileHandle, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { isMap, isSeq, parseDocument, stringify, type YAMLSeq } from 'yaml';
import type { Article } from './article.ts';
import { decodeText } from './decode.ts';
import { knowledgeRoot } from './load.ts';
import { parseArticle, splitArticle } from './parse.ts';

/** What became of a file; `reason`, in English, names the file and says what to do. */
export type Edited =
  | { readonly kind: 'edited' }
  /** It has the question already. */
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'refused'; readonly reason: string };

export type ArticleEditor = {
  /**
   * Writes one more alternate question into the front matter of an article's file (its path below the knowledge folder,
   * with `/`). Comments and layout stay; whoever reads meanwhile finds the old file or the new one. Nothing is written
   * unless the new file reads as the same article with this question added.
   */
  addQuestion(file: string, question: string): Promise<Edited>;
};

/** Edits articles below a folder, one after the other. `replace` is how a file gets other bytes, all at once. */
export function createArticleEditor(dir: string, { replace = replaceFile }: { replace?: Replace } = {}): ArticleEditor {
  let last: Promise<unknown> = Promise.resolve();
  return {
    addQuestion: (file, question) => {
      const edited = last.then(() => addQuestion(dir, file, { question: oneLine(question), replace }));
      last = edited.catch(() => undefined);
      return edited;
    },
  };
}

/** Puts `bytes` in the place of the file at `path`, whose own bytes must still be `before`. */
export type Replace = (path: string, bytes: Uint8Array, before: Uint8Array) => Promise<void>;

async function addQuestion(
  dir: string,
  file: string,
  { question, replace }: { readonly question: string; readonly replace: Replace },
): Promise<Edited> {
  if (question === '') return refused('the question is empty: write one');
  try {
    const path = await pathOf(dir, file);
    if (path === null) return refused(`${file} lies outside of the knowledge folder: add the question there by hand`);
    const before = await readFile(path);
    const planned = await plan(file, before, question);
    if (planned.kind !== 'write') return planned;
    await replace(path, planned.bytes, before);
    return { kind: 'edited' };
  } catch (error) {
    return refused(whyNot(file, error));
  }
}

type Planned = Exclude<Edited, { kind: 'edited' }> | { readonly kind: 'write'; readonly bytes: Uint8Array };

async function plan(file: string, before: Uint8Array, question: string): Promise<Planned> {
  const parsed = await parseArticle(file, before);
  if (parsed.kind === 'fault')
    return refused(`${file} can't be read as it stands, mend it first: ${parsed.fault.reason}`);
  if (parsed.article.questions.includes(question)) return { kind: 'unchanged' };
  const decoded = decodeText(before);
  if (decoded.kind === 'refused') return refused(`${file}: ${decoded.reason}`);
  const bytes = encoded(withQuestion(decoded.text, question), before);
  const after = await parseArticle(file, bytes);
  if (after.kind === 'fault') return refused(`${file} can't take the question: ${after.fault.reason}`);
  if (isSameBut(parsed.article, after.article, question)) return { kind: 'write', bytes };
  return refused(
    `the front matter of ${file} is laid out in a way that can't be edited safely: add the question by hand`,
  );
}

function isSameBut(before: Article, after: Article, question: string): boolean {
  return JSON.stringify({ ...before, questions: [...before.questions, question] }) === JSON.stringify(after);
}

/** The text of a file, lines ending in a line feed, with one more question. */
function withQuestion(text: string, question: string): string {
  const parts = splitArticle(text);
  if (parts === null || parts.headLine === 1) return `---\nquestions:\n${entryOf(question, '  ')}---\n\n${text}`;
  const before = text.split('\n').slice(0, parts.headLine - 1);
  const start = before.join('\n').length + 1;
  const after = text.slice(start + parts.head.length);
  return `${text.slice(0, start)}${headWith(parts.head, question).trimEnd()}\n${after.replace(/^\n/, '')}`;
}

/** Lists and keys in the usual layout are added to as text, so that not a space changes; the yaml package lays out the rest. */
function headWith(head: string, question: string): string {
  const document = parseDocument(head, { logLevel: 'silent' });
  const list: unknown = document.get('questions', true);
  if (isSeq(list) && !list.flow && list.items.length > 0) return afterLast(list, head, question);
  const { contents } = document;
  const isBlock = contents === null || (isMap(contents) && !contents.flow);
  if (isBlock && !document.has('questions')) {
    const indent = /^- /m.test(head) ? '' : '  ';
    return `${head === '' ? '' : `${head.trimEnd()}\n`}questions:\n${entryOf(question, indent)}`;
  }
  if (isSeq(list)) list.add(document.createNode(question));
  else document.set('questions', document.createNode([question]));
  return document.toString({ lineWidth: 0, flowCollectionPadding: /\[ /.test(head), indentSeq: !/^- /m.test(head) });
}

function afterLast({ items, range }: YAMLSeq, head: string, question: string): string {
  const first = range?.[0] ?? 0;
  const indent = head.slice(head.lastIndexOf('\n', first - 1) + 1, first);
  const last = items.at(-1) as { readonly range?: readonly number[] };
  const valueEnd = last.range?.[1] ?? head.length;
  const lineEnd = head[valueEnd - 1] === '\n' ? valueEnd - 1 : head.indexOf('\n', valueEnd);
  const at = lineEnd < 0 ? head.length : lineEnd;
  return `${head.slice(0, at)}\n${entryOf(question, indent)}${head.slice(at + 1)}`;
}

/** A list entry, with its line end. */
function entryOf(question: string, indent: string): string {
  return `${indent}${stringify([question], { lineWidth: 0 })}`;
}

/** With the byte order mark and the line ends the file had. */
function encoded(text: string, before: Uint8Array): Uint8Array {
  const hadMark = before[0] === 0xef && before[1] === 0xbb && before[2] === 0xbf;
  const hadReturns = Buffer.from(before).includes('\r\n');
  return Buffer.from(`${hadMark ? '\uFEFF' : ''}${hadReturns ? text.replaceAll('\n', '\r\n') : text}`);
}

/** As an article's questions are read. */
function oneLine(question: string): string {
  return question.replace(/\s+/g, ' ').trim();
}

/** Where the file really lies, behind links; null when that is outside of the folder. */
async function pathOf(dir: string, file: string): Promise<string | null> {
  const root = await knowledgeRoot(dir);
  const path = await realpath(join(root, file));
  return path.startsWith(root + sep) ? path : null;
}

/** Writes beside the file and renames, so that a crash leaves the old or the new one whole. */
export const replaceFile: Replace = async (path, bytes, before) => {
  const { mode } = await stat(path);
  // Hidden: neither loader nor watcher look at it.
  const beside = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}`);
  let handle: FileHandle | null = null;
  try {
    handle = await open(beside, 'wx', mode);
    await handle.writeFile(bytes);
    await handle.chmod(mode);
    await handle.sync();
    await handle.close();
    handle = null;
    if (!(await readFile(path)).equals(before)) throw new ChangedMeanwhile();
    await rename(beside, path);
  } finally {
    await handle?.close();
    await rm(beside, { force: true });
  }
};

class ChangedMeanwhile extends Error {}

function whyNot(file: string, error: unknown): string {
  if (error instanceof ChangedMeanwhile) return `${file} was changed by somebody else in this moment: try again`;
  const { code } = error as Partial<NodeJS.ErrnoException>;
  if (code === undefined) throw error;
  if (code === 'ENOENT') return `${file} is gone: look at the list anew`;
  return `${file} can't be written (${code}): let the program write to the knowledge folder, or add the question by hand`;
}

function refused(reason: string): Extract<Edited, { kind: 'refused' }> {
  return { kind: 'refused', reason };
}
