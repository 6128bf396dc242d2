import { setImmediate as nextTurn } from 'node:timers/promises';
import { Lexer, type Token, type Tokens } from 'marked';

/** What is left of markdown when the markup is gone; blocks stand on lines of their own. */
export type PlainText = { readonly text: string; readonly firstHeading: string | null };

/**
 * Reads markdown as plain text without ever holding the event loop for long: it is lexed in pieces, with a pause
 * between them. Call `tooDeep` first; what that lets through is safe to lex.
 */
export async function plainText(markdown: string): Promise<PlainText> {
  const lines: string[] = [];
  let firstHeading: string | null = null;
  let since = -Infinity;
  for (const piece of pieces(markdown)) {
    if (performance.now() - since > sliceMs) {
      if (markdown.length > pieceSize) await nextTurn();
      since = performance.now();
    }
    const read = readPiece(piece);
    lines.push(...read.lines);
    firstHeading ??= read.firstHeading;
  }
  return { text: lines.join('\n'), firstHeading };
}

/**
 * The number of the first line that nests quotes or lists deeper than anybody writes, or null. marked 18 recurses
 * once a level: 5,000 `>` overflow the stack, and 90 KB of nested lists take 248 ms.
 */
export function tooDeep(markdown: string): number | null {
  let items: number[] = [];
  let number = 0;
  for (const line of markdown.split('\n')) {
    number++;
    const { markers, quotes } = containers(line);
    const [first] = markers;
    if (first !== undefined) items = [...items.filter((column) => column < first), ...markers];
    if (items.length + quotes > deepest) return number;
    // A line that starts at the margin and is no list item ends the lists above it.
    if (markers.length === 0 && /^\S/.test(line)) items = [];
  }
  return null;
}

const deepest = 20;
const sliceMs = 8;
/** In UTF-16 units. marked's worst inputs are quadratic: `**a` takes 14 s at 256 K in one go, 0.4 s in pieces. */
const pieceSize = 2_048;
const inlineSize = 1_024;

/** The columns of the list markers, and the number of `>`, with which a line begins. */
function containers(line: string): { readonly markers: readonly number[]; readonly quotes: number } {
  const markers: number[] = [];
  let quotes = 0;
  const marker = /[ \t]*(>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t]))/y;
  for (let found = marker.exec(line); found; found = marker.exec(line)) {
    const start = marker.lastIndex - (found[1]?.length ?? 0);
    if (isRule(line, start)) break;
    if (found[1] === '>') quotes++;
    else markers.push(start);
    if (markers.length + quotes > deepest) break;
  }
  return { markers, quotes };
}

/** `- - -` is a rule across the page, not three lists in one another. */
function isRule(line: string, start: number): boolean {
  return /^([-*])[ \t]*(?:\1[ \t]*){2,}$/.test(line.slice(start));
}

/** Cuts at blank lines outside code fences, where there are any; a fence or paragraph too long is cut at a line's end. */
function* pieces(markdown: string): Generator<string> {
  let piece: string[] = [];
  let size = 0;
  let fence: string | null = null;
  for (const whole of markdown.split('\n')) {
    for (const line of cut(whole, pieceSize)) {
      const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
      if (fence === null) fence = mark ?? null;
      else if (mark?.startsWith(fence)) fence = null;
      piece.push(line);
      size += line.length + 1;
      const atRest = fence === null && line.trim() === '';
      if (size >= (atRest ? pieceSize : pieceSize * 2)) {
        yield piece.join('\n');
        piece = [];
        size = 0;
        fence = null;
      }
    }
  }
  if (piece.length > 0) yield piece.join('\n');
}

function* cut(text: string, size: number): Generator<string> {
  if (text.length <= size) return void (yield text);
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}

function readPiece(piece: string): { readonly lines: readonly string[]; readonly firstHeading: string | null } {
  const lexer = new Lexer();
  const lines: string[] = [];
  let firstHeading: string | null = null;
  const read = (tokens: readonly Token[]): void => {
    for (const token of tokens) {
      const line = leaf(lexer, token);
      if (line !== null) lines.push(...line.split('\n').flatMap((part) => part.trim() || []));
      if (token.type === 'heading') firstHeading ??= heading(line ?? '');
      for (const inner of children(token)) read(inner);
    }
  };
  // Only blocks are lexed here; what stands inside them is read piece by piece in `inline`.
  read(lexer.blockTokens(piece, []));
  return { lines, firstHeading };
}

function heading(line: string): string | null {
  const title = [...line.replace(/\s+/g, ' ').trim()].slice(0, 200).join('');
  return title === '' ? null : title;
}

function children(token: Token): readonly Token[][] {
  if (token.type === 'list') return (token as Tokens.List).items.map((item) => item.tokens);
  if (token.type === 'blockquote') return [(token as Tokens.Blockquote).tokens];
  return [];
}

function leaf(lexer: Lexer, token: Token): string | null {
  switch (token.type) {
    case 'heading':
    case 'paragraph':
    case 'text':
      return inline(lexer, (token as Tokens.Text).text);
    case 'code':
      return (token as Tokens.Code).text;
    case 'html':
      return withoutTags((token as Tokens.HTML).text);
    case 'table': {
      const { header, rows } = token as Tokens.Table;
      return [header, ...rows].map((row) => row.map((cell) => inline(lexer, cell.text)).join(' ')).join('\n');
    }
    default:
      return null;
  }
}

function inline(lexer: Lexer, source: string): string {
  let text = '';
  for (const part of cut(source, inlineSize)) text += lexer.inlineTokens(part, []).map(spoken).join('');
  return text;
}

function spoken(token: Token): string {
  switch (token.type) {
    case 'br':
      return '\n';
    case 'html':
      return withoutTags(token.raw);
    case 'codespan':
    case 'escape':
      return (token as Tokens.Codespan).text;
    case 'text':
      return withoutEntities((token as Tokens.Text).text);
    default: {
      const inner = 'tokens' in token ? token.tokens : undefined;
      if (inner && inner.length > 0) return inner.map(spoken).join('');
      return 'text' in token && typeof token.text === 'string' ? withoutEntities(token.text) : '';
    }
  }
}

function withoutTags(html: string): string {
  return withoutEntities(html.replace(/<!--[\s\S]*?(?:-->|$)/g, '').replace(/<[^<>]*>/g, ' '));
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  '#39': "'",
  nbsp: ' ',
};

function withoutEntities(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|apos|#39|nbsp);/g, (whole, name: string) => entities[name] ?? whole);
}
