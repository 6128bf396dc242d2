import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { InputError, TooLargeError } from '../errors.ts';
import { type BadRow, type ImportRow, readImportRows } from './import-rows.ts';
import { parseArticle } from './parse.ts';

export type ImportSummary = {
  /** Paths of the articles written, below the folder. */
  readonly written: readonly string[];
  /** Rows that became no article, by line. */
  readonly bad: readonly BadRow[];
};

/**
 * Makes articles from a file of rows (see `readImportRows`), a folder for each category. Every article is one that
 * `loadArticles` reads back with the same id, question and aliases. Files that exist are left alone, unless `force`.
 */
export async function importArticles(
  source: string,
  dir: string,
  { force = false }: { readonly force?: boolean } = {},
): Promise<ImportSummary> {
  const { rows, bad } = readImportRows(source, await readSource(source));
  const problems: BadRow[] = [...bad];
  const written: string[] = [];
  const taken = new Set<string>();
  const lineOfId = new Map<string, number>();
  for (const row of rows) {
    const earlier = row.id === null ? undefined : lineOfId.get(row.id);
    if (earlier !== undefined) {
      problems.push({ line: row.line, reason: `the id "${row.id}" is already that of line ${earlier}` });
      continue;
    }
    if (row.id !== null) lineOfId.set(row.id, row.line);
    const file = freePath(row, taken);
    const problem = await writeRow({ row, dir, file, force });
    if (problem === null) written.push(file);
    else problems.push({ line: row.line, reason: problem });
  }
  return { written, bad: problems.sort((a, b) => a.line - b.line) };
}

const largestSource = 256 * 1024 * 1024;

async function readSource(source: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(source);
    if (size > largestSource) throw new TooLargeError(`${source}: is larger than 256 MB: split it`, largestSource);
    return await readFile(source);
  } catch (error) {
    if (error instanceof TooLargeError) throw error;
    throw new InputError(`${source}: can't be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown'}`);
  }
}

/** A path nobody in this run has, on file systems that don't tell upper from lower case too. */
function freePath(row: ImportRow, taken: Set<string>): string {
  const folder = row.category === null ? '' : `${fileName(row.category, 'category')}/`;
  const name = fileName(row.id ?? row.question, 'article');
  for (let count = 1; ; count++) {
    const path = `${folder}${name}${count === 1 ? '' : `-${count}`}.md`;
    if (taken.has(path.toLowerCase())) continue;
    taken.add(path.toLowerCase());
    return path;
  }
}

/** Letters and digits of any script, so that Chinese names stay readable; nothing that any file system takes amiss. */
function fileName(wanted: string, otherwise: string): string {
  const name = [...wanted.normalize('NFC').replace(/[^\p{L}\p{N}._-]+/gu, '-')]
    .slice(0, 50)
    .join('')
    .replace(/^[._-]+|[._-]+$/g, '');
  // Windows keeps these for devices, whatever follows the dot; READMEs are not articles.
  const reserved = /^(con|prn|aux|nul|com\d|lpt\d|readme)(\.|$)/i.test(name);
  return name === '' ? otherwise : reserved ? `${otherwise}-${name}` : name;
}

type Writing = { readonly row: ImportRow; readonly dir: string; readonly file: string; readonly force: boolean };

/** Null, or why nothing was written. */
async function writeRow({ row, dir, file, force }: Writing): Promise<string | null> {
  const source = sourceOf(row);
  if (/\p{Cs}/u.test(source)) return 'holds half a character (a lone surrogate): write it anew';
  const parsed = await parseArticle(file, Buffer.from(source));
  if (parsed.kind === 'fault') return parsed.fault.reason;
  if (row.id !== null && parsed.article.id !== row.id) return `the id "${row.id}" can't be kept`;
  const path = join(dir, file);
  await mkdir(dirname(path), { recursive: true });
  try {
    if (!force) {
      await writeFile(path, source, { flag: 'wx' });
      return null;
    }
    // Renamed into place, so that a running desk never sees half an article.
    const draft = join(dirname(path), `.${process.pid}.draft`);
    await writeFile(draft, source);
    await rename(draft, path);
    return null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return `${path} exists: use --force to overwrite it`;
    throw error;
  }
}

function sourceOf({ id, question, answer, aliases, followUps }: ImportRow): string {
  const title = oneLine(question);
  const questions = [...new Set(aliases.map(oneLine))].filter((alias) => alias !== '' && alias !== title);
  const head = {
    ...(id === null ? {} : { id }),
    title,
    ...(questions.length > 0 ? { questions } : {}),
    ...(followUps.length > 0 ? { follow_ups: followUps.map(oneLine) } : {}),
  };
  const body = answer.replace(/\r\n?/g, '\n').trimEnd();
  return `---\n${stringify(head, { lineWidth: 0 })}---\n${body === '' ? '' : `${body}\n`}`;
}

function oneLine(value: string): string {
  return value.replace(/\s+/g, ' ').trim();
}
