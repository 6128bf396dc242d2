import { posix } from 'node:path';
import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import { type Article, frontMatter, type FrontMatter } from './article.ts';
import { type Decoded, decodeText } from './decode.ts';
import { plainText, tooDeep } from './plain-text.ts';

/** Why a file is not served: named so that whoever wrote it can mend it. `line` counts from 1; null = the whole file. */
export type Fault = { readonly file: string; readonly line: number | null; readonly reason: string };

/** Where in its file the parts of an article stand, for messages about them. */
export type SourceLines = {
  readonly id: number;
  readonly title: number;
  readonly questions: readonly number[];
  readonly notQuestions: readonly number[];
  readonly followUps: readonly number[];
  readonly body: number;
};

export type Parsed =
  | { readonly kind: 'article'; readonly article: Article; readonly lines: SourceLines }
  | { readonly kind: 'fault'; readonly fault: Fault };

/** Why a file of so many bytes is refused. */
export function tooLarge(bytes: number): string {
  return `${Math.ceil(bytes / 1024)} KB are more than the ${largestArticle / 1024} KB an article may have`;
}

/** The most bytes an article's file may have. */
export const largestArticle = 256 * 1024;

/**
 * Reads one file's bytes as an article, or says why not. Never throws, whatever the bytes, and never holds the event
 * loop for more than a few milliseconds. `file` is the path relative to the knowledge folder, with `/`.
 */
export async function parseArticle(file: string, bytes: Uint8Array): Promise<Parsed> {
  const source = decode(bytes);
  if (source.kind === 'refused') return fault(file, source.line, source.reason);
  const parts = splitArticle(source.text);
  if (parts === null)
    return fault(file, 1, 'the front matter opened by `---` is never closed: end it with a line `---`');
  const head = readFrontMatter(parts.head, parts.headLine);
  if (head.kind === 'refused') return fault(file, head.line, head.reason);
  const deep = tooDeep(parts.body);
  if (deep !== null) return fault(file, parts.bodyLine + deep - 1, 'quotes or lists nest more than 20 deep');
  const { text, firstHeading } = await plainText(parts.body);
  const path = file.replace(/\.md$/i, '');
  const { value } = head;
  return {
    kind: 'article',
    article: {
      id: value.id ?? path,
      title: value.title ?? firstHeading ?? posix.basename(path),
      questions: value.questions,
      notQuestions: value.not_questions,
      keywords: value.keywords,
      followUps: value.follow_ups,
      status: value.status,
      audience: value.audience,
      channels: value.channels,
      skill: value.skill ?? null,
      owner: value.owner ?? null,
      reviewBy: value.review_by ?? null,
      body: parts.body,
      text,
      file,
    },
    lines: {
      id: head.lineOf(['id']) ?? 1,
      title: head.lineOf(['title']) ?? (firstHeading === null ? 1 : parts.bodyLine),
      questions: value.questions.map((_, at) => head.lineOf(['questions', at]) ?? 1),
      notQuestions: value.not_questions.map((_, at) => head.lineOf(['not_questions', at]) ?? 1),
      followUps: value.follow_ups.map((_, at) => head.lineOf(['follow_ups', at]) ?? 1),
      body: parts.bodyLine,
    },
  };
}

function fault(file: string, line: number | null, reason: string): Parsed {
  return { kind: 'fault', fault: { file, line, reason } };
}

type Refused = { readonly kind: 'refused'; readonly line: number | null; readonly reason: string };

function refused(line: number | null, reason: string): Refused {
  return { kind: 'refused', line, reason };
}

function decode(bytes: Uint8Array): Decoded | Refused {
  if (bytes.length <= largestArticle) return decodeText(bytes);
  return refused(null, tooLarge(bytes.length));
}

export type Parts = {
  readonly head: string;
  readonly headLine: number;
  readonly body: string;
  readonly bodyLine: number;
};

/**
 * Front matter opens on the first line that is not blank. Blank lines before it are forgiven: taken for text, an
 * `audience: internal` in it would be lost and the article shown to customers.
 */
export function splitArticle(text: string): Parts | null {
  const lines = text.split('\n');
  const opens = lines.findIndex((line) => line.trim() !== '');
  if (opens < 0 || !/^---[ \t]*$/.test(lines[opens] ?? '')) return { head: '', headLine: 1, ...bodyFrom(lines, 0) };
  const closes = lines.findIndex((line, at) => at > opens && /^(?:---|\.\.\.)[ \t]*$/.test(line));
  if (closes < 0) return null;
  return { head: lines.slice(opens + 1, closes).join('\n'), headLine: opens + 2, ...bodyFrom(lines, closes + 1) };
}

function bodyFrom(lines: readonly string[], start: number): Pick<Parts, 'body' | 'bodyLine'> {
  let from = start;
  while (from < lines.length && lines[from]?.trim() === '') from++;
  return { body: lines.slice(from).join('\n').trimEnd(), bodyLine: Math.min(from, lines.length - 1) + 1 };
}

/** About 600 questions; the yaml package takes 90 ms for twice as much. In UTF-16 units. */
const longestFrontMatter = 32 * 1024;

type LineOf = (path: readonly PropertyKey[]) => number | null;

function readFrontMatter(
  head: string,
  headLine: number,
): { readonly kind: 'read'; readonly value: FrontMatter; readonly lineOf: LineOf } | Refused {
  if (head.length > longestFrontMatter) {
    return refused(headLine, `the front matter is longer than ${longestFrontMatter / 1024} K characters`);
  }
  const knotted = firstKnot(head);
  if (knotted !== null) return refused(headLine + knotted, 'the front matter nests too deep or uses `? ` keys');
  const counter = new LineCounter();
  const document = parseDocument(head, { lineCounter: counter, prettyErrors: false, logLevel: 'silent' });
  const [error] = document.errors;
  if (error)
    return refused(headLine + counter.linePos(error.pos[0]).line - 1, `the front matter is not YAML: ${error.message}`);
  const lineOf: LineOf = (path) => {
    const offset = offsetOf(document, path);
    return offset === null ? null : headLine + counter.linePos(offset).line - 1;
  };
  const read = toPlain(document);
  if (read.kind === 'refused') return refused(headLine, read.reason);
  const checked = frontMatter.safeParse(read.value);
  if (checked.success) return { kind: 'read', value: checked.data, lineOf };
  const issues = checked.error.issues.map((issue) => ({ ...issue, line: lineOf(issue.path) ?? headLine }));
  return refused(
    Math.min(...issues.map(({ line }) => line)),
    issues.map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message)).join('; '),
  );
}

/**
 * The index of the first line on which the yaml package would be led astray, or null: 64 KB of `? ` keep it busy for
 * six minutes, and it recurses once a bracket.
 */
function firstKnot(head: string): number | null {
  let open = 0;
  const lines = head.split('\n');
  for (const [at, line] of lines.entries()) {
    if (/^\s*(?:- *)*\?(?:\s|$)/.test(line) || /^\s*(?:[-:][ \t]+){4}/.test(line) || /^[ \t]{60}/.test(line)) return at;
    for (const character of line.match(/[[\]{}]/g) ?? []) {
      open += character === '[' || character === '{' ? 1 : -1;
      if (open > 20) return at;
    }
    open = Math.max(open, 0);
  }
  return null;
}

function toPlain(
  document: Document,
): { readonly kind: 'plain'; readonly value: unknown } | { readonly kind: 'refused'; readonly reason: string } {
  try {
    // Aliases are how a kilobyte of YAML becomes a gigabyte, and an article needs none.
    const value: unknown = document.toJS({ maxAliasCount: 0 });
    if (value === null || value === undefined) return { kind: 'plain', value: {} };
    if (typeof value !== 'object' || Array.isArray(value)) return { kind: 'plain', value };
    // A key with nothing after it is an editor's empty form field.
    return { kind: 'plain', value: Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null)) };
  } catch (error) {
    if (error instanceof ReferenceError)
      return { kind: 'refused', reason: 'the front matter uses YAML aliases (`*name`): write the text out' };
    return {
      kind: 'refused',
      reason: `the front matter is not YAML: ${error instanceof Error ? error.message : 'unreadable'}`,
    };
  }
}

function offsetOf(document: Document, path: readonly PropertyKey[]): number | null {
  for (let length = path.length; length > 0; length--) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return null;
}
