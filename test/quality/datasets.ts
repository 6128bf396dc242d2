import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Article } from '../../src/articles/article.ts';

/** A base with questions put to it, to fit or to grade with. */
export type Trial = {
  readonly name: string;
  readonly articles: readonly Article[];
  readonly asked: readonly Asked[];
};

/** A question; `right` holds the ids that answer it, none if it is out of scope. */
export type Asked = { readonly query: string; readonly right: readonly string[]; readonly kind: 'in' | 'near' | 'far' };

/** Reads faq-, queries- and oos-DOMAIN.jsonl of a folder. */
export function readDomain(folder: string, domain: string): Trial {
  const articles = rows<FaqRow>(join(folder, `faq-${domain}.jsonl`)).map((row) =>
    article(row.id, row.question, { questions: row.aliases ?? [], text: row.answer }),
  );
  const queries = rows<QueryRow>(join(folder, `queries-${domain}.jsonl`)).map(
    ({ query, expected_id, also_ok = [] }): Asked => ({ query, right: [expected_id, ...also_ok], kind: 'in' }),
  );
  const strangers = rows<StrangerRow>(join(folder, `oos-${domain}.jsonl`))
    .filter(({ suspect }) => !suspect)
    .map(({ query, kind }): Asked => ({ query, right: [], kind }));
  return { name: domain, articles, asked: [...queries, ...strangers] };
}

/** An article of nothing but what is given. */
export function article(
  id: string,
  title: string,
  {
    questions = [],
    keywords = [],
    text = '',
  }: { questions?: readonly string[]; keywords?: readonly string[]; text?: string },
): Article {
  return {
    id,
    title,
    questions,
    keywords,
    text,
    body: text,
    notQuestions: [],
    followUps: [],
    status: 'published',
    audience: 'public',
    channels: [],
    skill: null,
    owner: null,
    reviewBy: null,
    file: `${id}.md`,
  };
}

type FaqRow = { readonly id: string; readonly question: string; readonly aliases?: string[]; readonly answer: string };
type QueryRow = { readonly query: string; readonly expected_id: string; readonly also_ok?: string[] };
type StrangerRow = { readonly query: string; readonly kind: 'near' | 'far'; readonly suspect?: unknown };

function rows<T>(file: string): T[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as T);
}
