import { posix } from 'node:path';
import type { Article } from './article.ts';
import type { Loaded } from './load.ts';

export type Rule =
  | 'unreadable'
  | 'empty-body'
  | 'duplicate-question'
  | 'contradictory-question'
  | 'dead-link'
  | 'dead-follow-up'
  | 'mojibake';

/** Something to mend in the base. An `error` would reach customers; a `warning` is worth a look. `line` counts from 1. */
export type Finding = {
  readonly file: string;
  readonly line: number | null;
  readonly severity: 'error' | 'warning';
  readonly rule: Rule;
  readonly message: string;
};

/** Looks over a loaded base; findings come in the order of files and lines. Reads nothing and changes nothing. */
export function lintArticles({
  articles,
  faults,
  files,
  lines,
}: Pick<Loaded, 'articles' | 'faults' | 'files' | 'lines'>): readonly Finding[] {
  const sources = articles.map((article) => ({ article, at: lines.get(article.file) ?? atTop }));
  const findings: Finding[] = [
    ...faults.map(
      ({ file, line, reason }) => ({ file, line, severity: 'error', rule: 'unreadable', message: reason }) as const,
    ),
    ...sources.flatMap(emptyBody),
    ...duplicateQuestions(sources),
    ...sources.flatMap(contradictions),
    ...sources.flatMap((source) => deadLinks(source, files)),
    ...deadFollowUps(sources),
    ...sources.flatMap(mojibake),
  ];
  return findings.sort((a, b) => (a.file === b.file ? (a.line ?? 0) - (b.line ?? 0) : a.file < b.file ? -1 : 1));
}

type Source = { readonly article: Article; readonly at: NonNullable<ReturnType<Loaded['lines']['get']>> };

const atTop: Source['at'] = { id: 1, title: 1, questions: [], notQuestions: [], followUps: [], body: 1 };

function emptyBody({ article, at }: Source): readonly Finding[] {
  if (article.body !== '') return [];
  const severity = article.status === 'published' ? 'error' : 'warning';
  return [
    {
      file: article.file,
      line: at.body,
      severity,
      rule: 'empty-body',
      message: 'the article says nothing: write the answer below the front matter',
    },
  ];
}

type Asked = { readonly text: string; readonly line: number; readonly source: Source };

/** The questions an article answers: its title and its alternate questions. */
function questionsOf(source: Source): readonly Asked[] {
  const { article, at } = source;
  return [
    { text: article.title, line: at.title, source },
    ...article.questions.map((text, index) => ({ text, line: at.questions[index] ?? 1, source })),
  ];
}

function duplicateQuestions(sources: readonly Source[]): readonly Finding[] {
  const first = new Map<string, Asked>();
  const findings: Finding[] = [];
  for (const asked of sources.flatMap(questionsOf)) {
    const key = folded(asked.text);
    if (key === '') continue;
    const earlier = first.get(key);
    if (!earlier) {
      first.set(key, asked);
      continue;
    }
    const { article } = asked.source;
    const other = earlier.source.article;
    const within = article === other;
    findings.push({
      file: article.file,
      line: asked.line,
      severity: !within && article.status === 'published' && other.status === 'published' ? 'error' : 'warning',
      rule: 'duplicate-question',
      message: within
        ? `"${asked.text}" stands in this article twice`
        : `"${asked.text}" is asked in ${other.file}:${earlier.line} too: keep it in one of them`,
    });
  }
  return findings;
}

function contradictions(source: Source): readonly Finding[] {
  const { article, at } = source;
  const asked = new Set(questionsOf(source).map(({ text }) => folded(text)));
  return article.notQuestions.flatMap((text, index) =>
    asked.has(folded(text))
      ? [
          {
            file: article.file,
            line: at.notQuestions[index] ?? 1,
            severity: 'error' as const,
            rule: 'contradictory-question' as const,
            message: `"${text}" is among both the questions and the not_questions`,
          },
        ]
      : [],
  );
}

function deadFollowUps(sources: readonly Source[]): readonly Finding[] {
  const known = new Set(
    sources
      .filter(({ article }) => article.status === 'published')
      .flatMap(questionsOf)
      .map(({ text }) => folded(text)),
  );
  return sources.flatMap(({ article, at }) =>
    article.followUps.flatMap((text, index) =>
      known.has(folded(text))
        ? []
        : [
            {
              file: article.file,
              line: at.followUps[index] ?? 1,
              severity: 'warning' as const,
              rule: 'dead-follow-up' as const,
              message: `no published article has "${text}" as its title or question`,
            },
          ],
    ),
  );
}

/**
 * Two questions that differ in case, width, spaces or punctuation alone are one; 1.5 and 15 are two numbers. Kept apart from the fold that
 * retrieval uses: it may grow there, while what counts as a duplicate here must not change under editors.
 */
function folded(question: string): string {
  return question
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\p{Z}\s]+|(?<!\d)\p{P}+|\p{P}+(?!\d)/gu, '');
}

function deadLinks({ article, at }: Source, files: ReadonlySet<string>): readonly Finding[] {
  return bodyLines(article).flatMap(({ text, index }) =>
    targetsIn(text).flatMap((target) => {
      const why = whyDead(target, article.file, files);
      if (why === null) return [];
      return [
        {
          file: article.file,
          line: at.body + index,
          severity: 'error' as const,
          rule: 'dead-link' as const,
          message: `the link ${target} ${why}`,
        },
      ];
    }),
  );
}

/** The lines of a body that are not code. */
function bodyLines(article: Article): readonly { readonly text: string; readonly index: number }[] {
  let fence: string | null = null;
  return article.body.split('\n').flatMap((line, index) => {
    const mark = /^[ \t>]*(`{3,}|~{3,})/.exec(line)?.[1];
    const wasCode = fence !== null;
    if (fence === null) fence = mark ?? null;
    else if (mark?.startsWith(fence)) fence = null;
    return wasCode || fence !== null ? [] : [{ text: line, index }];
  });
}

/** What `[…](target)`, `![…](target)` and `[…]: target` on a line lead to. */
function targetsIn(line: string): readonly string[] {
  const text = line.replace(/(`+)[^`]*\1/g, '');
  const inline = [...text.matchAll(/\]\([ \t]*(?:<([^<>]*)>|([^\s()<>]*(?:\([^\s()]*\)[^\s()]*)*))(?=[\s)])/g)];
  const defined = /^ {0,3}\[[^\]]+\]:[ \t]*<?([^\s<>]+)>?/.exec(text);
  return [...inline.map((match) => match[1] ?? match[2] ?? ''), ...(defined?.[1] === undefined ? [] : [defined[1]])];
}

function whyDead(target: string, from: string, files: ReadonlySet<string>): string | null {
  // Not relative: a scheme, another host, the site's root, a place on the same page.
  if (/^(?:[a-z][a-z0-9+.-]*:|\/|#|$)/i.test(target)) return null;
  const path = target.replace(/[?#].*$/, '');
  const file = posix.join(posix.dirname(from), decoded(path));
  if (file === '..' || file.startsWith('../')) return 'leads out of the knowledge folder';
  const known = files.has(file) || files.has(`${file}.md`) || isFolderOf(files, file);
  return known ? null : 'leads to no file';
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function isFolderOf(files: ReadonlySet<string>, path: string): boolean {
  const folder = `${path.replace(/\/$/, '')}/`;
  if (folder === './') return true;
  for (const file of files) if (file.startsWith(folder)) return true;
  return false;
}

function mojibake({ article, at }: Source): readonly Finding[] {
  const places = [
    { text: article.title, line: at.title },
    ...article.questions.map((text, index) => ({ text, line: at.questions[index] ?? 1 })),
    ...bodyLines(article).map(({ text, index }) => ({ text, line: at.body + index })),
  ];
  return places.flatMap(({ text, line }) => {
    const garbled = garbledPart(text);
    if (garbled === null) return [];
    return [
      {
        file: article.file,
        line,
        severity: 'error' as const,
        rule: 'mojibake' as const,
        message: `"${shown(garbled)}" is text read in the wrong encoding: restore it from the original and save as UTF-8`,
      },
    ];
  });
}

/** Control characters, of which mojibake has many, do terminals no good. */
function shown(garbled: string): string {
  return garbled.slice(0, 20).replace(/\p{Cc}/gu, '\u00b7');
}

/**
 * What conversions in the wrong encoding leave behind:
 * - U+FFFD itself, and \u951f\u65a4\u62f7, which is U+FFFD twice in UTF-8, read as GBK;
 * - \u70eb or \u5c6f three times, memory nobody had written to, read as GBK;
 * - UTF-8 read as Latin-1 or Windows-1252: three such letters where Chinese text has one (\u00e4\u00bd\u00a0\u00e5\u00a5\u00bd);
 * - UTF-8 read as GBK: rare characters in a row that the bytes of common ones make (\u6d63\u72b2\u30bd).
 */
function garbledPart(text: string): string | null {
  return (
    /\uFFFD|\u951f\u65a4\u62f7|\u70eb{3}|\u5c6f{3}/.exec(text)?.[0] ??
    /(?:[\u00e2-\u00ef][\u0080-\u00bf\u0152-\u0178\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]{1,2}\s?){2,}/
      .exec(text)?.[0]
      .trim() ??
    readAsGbk(text)
  );
}

/**
 * UTF-8 writes a common Chinese character as three bytes (E4–E9, 80–BF, 80–BF), so two of them read as GBK are three
 * characters from three small classes. Ordinary text meets all three by chance, but hardly ever with one that
 * everyday GB2312 lacks.
 */
function readAsGbk(text: string): string | null {
  const classOf = (gbkClasses ??= readGbkClasses());
  const at = (index: number): number => classOf[text.charCodeAt(index)] ?? 0;
  for (let index = 0; index < text.length - 2; index++) {
    if (!(at(index) & first && at(index + 1) & second && at(index + 2) & third)) continue;
    if (!(at(index) & at(index + 1) & at(index + 2) & everyday)) return text.slice(index, index + 3);
  }
  return null;
}

const first = 1;
const second = 2;
const third = 4;
const everyday = 8;

/** The classes of every UTF-16 unit, as bits; a pattern with such classes takes fifty times as long. */
let gbkClasses: Uint8Array | undefined;

function readGbkClasses(): Uint8Array {
  const classes = new Uint8Array(0x10000);
  const mark = (bit: number, characters: readonly string[]): void => {
    for (const character of characters)
      classes[character.charCodeAt(0)] = (classes[character.charCodeAt(0)] ?? 0) | bit;
  };
  mark(first, gbkCharacters([0xe4, 0xe9], [0x80, 0xbf]));
  mark(second, gbkCharacters([0x81, 0xbf], [0xe4, 0xe9]));
  mark(third, gbkCharacters([0x81, 0xbf], [0x80, 0xbf]));
  mark(everyday, gbkCharacters([0xb0, 0xf7], [0xa1, 0xfe]));
  return classes;
}

/** The characters with these two bytes in GBK. */
function gbkCharacters(leads: readonly [number, number], trails: readonly [number, number]): readonly string[] {
  const decoder = new TextDecoder('gbk');
  const characters: string[] = [];
  for (let lead = leads[0]; lead <= leads[1]; lead++) {
    for (let trail = trails[0]; trail <= trails[1]; trail++) {
      const character = decoder.decode(Uint8Array.of(lead, trail));
      if (character.length === 1 && character !== '\ufffd') characters.push(character);
    }
  }
  return characters;
}
