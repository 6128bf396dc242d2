import type { Article } from '../article.ts';
import type { Loaded } from '../load.ts';
import type { SourceLines } from '../parse.ts';

/** What can be found; knowledge/README.md says how to mend each. */
export type Rule =
  | 'unreadable'
  | 'empty-body'
  | 'duplicate-question'
  | 'contradictory-question'
  | 'dead-link'
  | 'dead-follow-up'
  | 'mojibake'
  | 'pinyin'
  | 'near-duplicate'
  | 'contradiction'
  | 'review-overdue'
  | 'review-soon'
  | 'no-owner'
  | 'wechat-table'
  | 'wechat-html'
  | 'wechat-link'
  | 'wechat-long';

/** Something to mend in the base. An `error` would reach customers; a `warning` is worth a look. `line` counts from 1. */
export type Finding = {
  readonly file: string;
  readonly line: number | null;
  readonly severity: 'error' | 'warning';
  readonly rule: Rule;
  readonly message: string;
};

/** What the rules look at. */
export type Linted = Pick<Loaded, 'faults' | 'files'> & {
  readonly sources: readonly Source[];
  /** ISO date (yyyy-mm-dd). */
  readonly today: string;
};

/** An article and where its parts stand. */
export type Source = { readonly article: Article; readonly at: SourceLines };

/** One rule: what it finds in a base. Reads nothing and changes nothing. */
export type Check = (base: Linted) => readonly Finding[];

/** A rule that looks at one article at a time. */
export function eachArticle(check: (source: Source, base: Linted) => readonly Finding[]): Check {
  return (base) => base.sources.flatMap((source) => check(source, base));
}

/** A way to ask for an article, and where it stands. */
export type Asked = { readonly text: string; readonly line: number; readonly source: Source };

/** The questions an article answers: its title and its alternate questions. */
export function questionsOf(source: Source): readonly Asked[] {
  const { article, at } = source;
  return [
    { text: article.title, line: at.title, source },
    ...article.questions.map((text, index) => ({ text, line: at.questions[index] ?? 1, source })),
  ];
}

/**
 * Two questions that differ in case, width, spaces or punctuation alone are one; 1.5 and 15 are two numbers. Kept apart from the fold that
 * retrieval uses: it may grow there, while what counts as a duplicate here must not change under editors.
 */
export function folded(question: string): string {
  return question
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\p{Z}\s]+|(?<!\d)\p{P}+|\p{P}+(?!\d)/gu, '');
}

/** A line of a body that is not code; `index` counts from 0. */
export type BodyLine = { readonly text: string; readonly index: number };

/** The lines of a body that are not code. */
export function bodyLines(article: Article): readonly BodyLine[] {
  let fence: string | null = null;
  return article.body.split('\n').flatMap((line, index) => {
    const mark = /^[ \t>]*(`{3,}|~{3,})/.exec(line)?.[1];
    const wasCode = fence !== null;
    if (fence === null) fence = mark ?? null;
    else if (mark?.startsWith(fence)) fence = null;
    return wasCode || fence !== null ? [] : [{ text: line, index }];
  });
}
