import { normalise } from '../../src/answering/normalise.ts';
import { unitsOf } from '../../src/answering/tokens.ts';
import type { ConfirmedWording } from '../../src/answering/search-index.ts';
import type { Article } from '../../src/articles/article.ts';
import type { Asked, Trial } from './datasets.ts';

/** A wording and the article it means. */
export type Confirmed = { readonly articleId: string; readonly question: string };

/** A base that learns while it is asked: `lessons` are confirmed one after the other, `trial` is what it starts with. */
export type Learning = { readonly trial: Trial; readonly lessons: readonly Confirmed[] };

/**
 * Who is asked about.
 * - `popular`  articles with three wordings and more: what is asked often, written with nothing but a title.
 * - `even`     articles with two and more, of which one alternate question stays in the base where there are three:
 *              fewer confirmed wordings to an article than are asked.
 */
export type Spread = 'popular' | 'even';

/**
 * Makes a base with alternate questions, and customers' wordings of it, into one that learns. A third of the wordings of
 * the articles that are asked about is asked, the others are there to be confirmed, in random order. What is taken out of
 * the base is taken out of its text too (bodies repeat alternate questions as headings). Every article that has a wording
 * is right for it, and those that share one are right for each other's. Questions out of scope stay. Same seed, same split.
 */
export function learning(trial: Trial, spread: Spread, seed: number): Learning {
  const random = randomFrom(seed);
  const twins = twinsOf(trial.articles);
  const asked: Asked[] = trial.asked.filter(({ kind }) => kind !== 'in');
  const lessons: Confirmed[] = [];
  const gone: string[] = [];
  const bases = trial.articles.map((one) => {
    const own = shuffled(one.questions, random);
    const customers = trial.asked.filter(({ kind, right }) => kind === 'in' && right[0] === one.id);
    const several = own.length + customers.length;
    if (several < (spread === 'popular' ? 3 : 2)) return one;
    const taken = spread === 'even' && several > 2 ? own.slice(1) : own;
    const others = shuffled([...taken.map((query) => ({ query, right: [one.id] })), ...customers], random);
    const count = Math.max(1, Math.round(others.length / 3));
    for (const { query, right } of others.slice(0, count)) {
      asked.push({
        query,
        right: [...new Set([...right, ...twins(one), ...holders(query, trial.articles)])],
        kind: 'in',
      });
    }
    for (const { query } of others.slice(count)) lessons.push({ articleId: one.id, question: query });
    gone.push(...taken);
    return { ...one, questions: own.slice(0, own.length - taken.length) };
  });
  const articles = bases.map((one) => ({
    ...one,
    text: gone.reduce((left, part) => left.replaceAll(part, ''), one.text),
  }));
  return { trial: { ...trial, articles, asked }, lessons: shuffled(lessons, random) };
}

/** The base after its first `count` lessons, each confirmed by one customer or vouched for. */
export function after({ trial, lessons }: Learning, count: number, vouched = true): Trial {
  const confirmed = new Map<string, ConfirmedWording[]>();
  for (const { articleId, question } of lessons.slice(0, count)) {
    confirmed.set(articleId, [...(confirmed.get(articleId) ?? []), { text: question, vouched }]);
  }
  return { ...trial, confirmed };
}

function twinsOf(articles: readonly Article[]): (one: Article) => string[] {
  const byWording = new Map<string, string[]>();
  for (const { id, title, questions } of articles) {
    for (const wording of [title, ...questions].map(key))
      byWording.set(wording, [...(byWording.get(wording) ?? []), id]);
  }
  return ({ title, questions }) => [title, ...questions].flatMap((wording) => byWording.get(key(wording)) ?? []);
}

/** The articles that have the question in their text, word for word. */
function holders(question: string, articles: readonly Article[]): string[] {
  return articles.filter(({ text }) => text.includes(question)).map(({ id }) => id);
}

function key(text: string): string {
  return unitsOf(normalise(text)).units.join(' ');
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const copy = [...items];
  for (let i = copy.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [copy[i], copy[j]] = [copy[j] as T, copy[i] as T];
  }
  return copy;
}

function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 0x1_0000_0000;
  };
}
