import { type Check, eachArticle } from './finding.ts';

/** An article without a body: a customer would get a title. */
export const emptyBody = eachArticle(({ article, at }) => {
  if (article.body !== '') return [];
  const severity = article.status === 'published' ? ('error' as const) : ('warning' as const);
  const message = 'the article says nothing: write the answer below the front matter';
  return [{ file: article.file, line: at.body, severity, rule: 'empty-body' as const, message }];
});

/** A published article whose `review_by` has passed, or is less than a fortnight away. */
export const reviews = eachArticle(({ article }, { today }) => {
  const { file, reviewBy, owner, status } = article;
  if (reviewBy === null || status !== 'published') return [];
  const days = daysBetween(today, reviewBy);
  if (days > soon) return [];
  const who = owner === null ? '' : ` by ${owner}`;
  const finding = { file, line: 1, severity: 'warning' as const };
  if (days < 0)
    return [
      {
        ...finding,
        rule: 'review-overdue',
        message: `was to be read again${who} until ${reviewBy}, ${-days} days ago`,
      },
    ];
  return [{ ...finding, rule: 'review-soon', message: `is to be read again${who} until ${reviewBy}, in ${days} days` }];
});

/** Days before `review_by` on which its owner hears of it. */
const soon = 14;

/** A published article that nobody owns, in a base where others have an owner: a base that names none wants none. */
export const owners: Check = ({ sources }) => {
  const published = sources.filter(({ article }) => article.status === 'published');
  if (published.every(({ article }) => article.owner === null)) return [];
  return published.flatMap(({ article: { file, owner } }) =>
    owner === null
      ? [{ file, line: 1, severity: 'warning', rule: 'no-owner', message: 'nobody owns it: add `owner:`' }]
      : [],
  );
};

function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}
