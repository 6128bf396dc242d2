import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Confirmed } from '../../src/answering/learning/confirmed.ts';
import type { SynonymGroups } from '../../src/answering/synonyms.ts';
import type { Article } from '../../src/articles/article.ts';

/** A base with questions put to it, to fit or to grade with. */
export type Trial = {
  readonly name: string;
  readonly articles: readonly Article[];
  readonly asked: readonly Asked[];
  readonly synonyms?: SynonymGroups;
  /** Customers' confirmed wordings by article id. */
  readonly confirmed?: Confirmed;
  /** Whether the base's own encoder helps. */
  readonly encoded?: boolean;
};

/**
 * A question; `right` holds the ids that answer it, none if it is out of scope (on the same subject or another) or so
 * vague that several articles might.
 */
export type Asked = {
  readonly query: string;
  readonly right: readonly string[];
  readonly kind: 'in' | 'near' | 'far' | 'vague';
};

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
  }: { readonly questions?: readonly string[]; readonly keywords?: readonly string[]; readonly text?: string } = {},
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

/** Reads one file of questions: `{query, expected_id, also_ok?}` or `{query, kind}` a line. */
export function readQuestions(file: string): Asked[] {
  return rows<QueryRow | StrangerRow>(file).map((row) =>
    'expected_id' in row
      ? { query: row.query, right: [row.expected_id, ...(row.also_ok ?? [])], kind: 'in' }
      : { query: row.query, right: [], kind: row.kind },
  );
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

/** The same base without its alternate questions and, with `bodies: false`, without its text. */
export function bare(trial: Trial, { bodies = true } = {}): Trial {
  const articles = trial.articles.map((one) => ({ ...one, questions: [], text: bodies ? one.text : '' }));
  return { ...trial, name: `${trial.name}, bare${bodies ? '' : ', no text'}`, articles };
}

/** Customers' own wordings as alternate questions: every second one is given to its article, the others are asked. */
export function enriched(trial: Trial): Trial {
  const counts = new Map<string, number>();
  const given = new Map<string, string[]>();
  const asked = trial.asked.filter(({ query, right, kind }) => {
    const id = right[0];
    if (kind !== 'in' || id === undefined) return true;
    const count = counts.get(id) ?? 0;
    counts.set(id, count + 1);
    if (count % 2 === 1) return true;
    given.set(id, [...(given.get(id) ?? []), query]);
    return false;
  });
  const several = new Set([...counts].filter(([, count]) => count > 1).map(([id]) => id));
  const articles = trial.articles.map((one) =>
    several.has(one.id) ? { ...one, questions: [...one.questions, ...(given.get(one.id) ?? [])] } : one,
  );
  return { name: `${trial.name}, enriched`, articles, asked };
}

/** The same base with every second alternate question confirmed by customers instead of written by editors. */
export function confirming(trial: Trial): Trial {
  const part = (one: Article, rest: number): string[] => one.questions.filter((_, i) => i % 2 === rest);
  return {
    ...trial,
    name: `${trial.name}, confirming`,
    articles: trial.articles.map((one) => ({ ...one, questions: part(one, 0) })),
    confirmed: new Map(trial.articles.map((one) => [one.id, part(one, 1).map((text) => ({ text, vouched: true }))])),
  };
}

/**
 * A trial made of nothing but a base with alternate questions: every `of`-th one is held out and asked, and every
 * `of`-th article is held out whole, so that its questions are near and out of scope.
 */
export function heldOut(name: string, articles: readonly Article[], { fold, of }: { fold: number; of: number }): Trial {
  const asked: Asked[] = [];
  const kept: Article[] = [];
  articles.forEach((one, place) => {
    if (place % of === fold) {
      for (const query of [one.title, ...one.questions]) asked.push({ query, right: [], kind: 'near' });
      return;
    }
    const questions = one.questions.filter((query, i) => {
      if ((i + place) % of !== fold) return true;
      asked.push({ query, right: [one.id], kind: 'in' });
      return false;
    });
    kept.push({ ...one, questions });
  });
  return { name: `${name}, fold ${fold + 1}`, articles: kept, asked };
}

/**
 * Adds questions that say too little: beginnings and ends that the wordings of several articles share ("how do I apply"),
 * the most shared first. However well they match, no one article answers them.
 */
export function withFragments(trial: Trial, count: number): Trial {
  const sharers = new Map<string, number>();
  for (const { title, questions } of trial.articles) {
    const fragments = [title, ...questions].flatMap((text) => {
      const plain = text.replace(/\P{L}+$/u, '');
      return fragmentLengths
        .filter((length) => plain.length >= length * 1.5)
        .flatMap((length) => [plain.slice(0, length), plain.slice(-length)]);
    });
    for (const fragment of new Set(fragments)) sharers.set(fragment, (sharers.get(fragment) ?? 0) + 1);
  }
  const vague = [...sharers]
    .filter(([, articles]) => articles > 1)
    .sort(([, one], [, other]) => other - one)
    .slice(0, count)
    .map(([query]): Asked => ({ query, right: [], kind: 'vague' }));
  return { ...trial, asked: [...trial.asked, ...vague] };
}

const fragmentLengths = [3, 4, 5];

/** Adds questions of another domain as far ones. */
export function withStrangers(trial: Trial, other: Trial, count: number): Trial {
  const inside = other.asked.filter(({ kind }) => kind === 'in');
  const step = Math.max(1, Math.floor(inside.length / count));
  const strangers = inside
    .filter((_, i) => i % step === 0)
    .slice(0, count)
    .map(({ query }): Asked => ({ query, right: [], kind: 'far' }));
  return { ...trial, asked: [...trial.asked, ...strangers] };
}
