import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Article } from '../../articles/article.ts';
import type { TestCase } from '../../articles/tests.ts';
import type { Understanding } from '../../conversation/conversation.ts';
import { type ArticleAnswers, isForCustomers } from '../answers.ts';
import { normalise } from '../normalise.ts';
import { unitsOf } from '../tokens.ts';

/**
 * In what sense a question is asked.
 * - `own`           a title or alternate question as it stands: its article must win it.
 * - `held_out`      the same, while the article does not have it: what a customer's new wording would meet.
 * - `not_question`  its article must not answer it.
 * - `test`          a case of tests.yaml.
 */
export const examinationKinds = ['own', 'held_out', 'not_question', 'test'] as const;
export type ExaminationKind = (typeof examinationKinds)[number];

/** One question and what came of it. */
export type Graded = {
  readonly kind: ExaminationKind;
  readonly question: string;
  /** The article whose wording it is; null for a case of tests.yaml. */
  readonly of: string | null;
  /** The line in tests.yaml, from 1; null for articles' wordings. */
  readonly line: number | null;
  /** The articles that would be right; empty where none would. */
  readonly expected: readonly string[];
  readonly outcome: Understanding['outcome'];
  /** The article found best, whether or not it was answered with. */
  readonly found: string | null;
  /** Of the best being right, 0..1. */
  readonly confidence: number;
  /** From 1, among the best ten; null when no expected article is there. */
  readonly place: number | null;
  /** What is wrong with that; null = nothing. A wording held out is wrong only if another article answers it. */
  readonly wrong: string | null;
};

type ExaminationOptions = {
  readonly articles: readonly Article[];
  /** An index of these articles that nobody else uses: wordings are taken out of it and put back. */
  readonly answers: Examinee;
  readonly tests?: readonly TestCase[];
  /** Told now and then how many questions are done. */
  readonly progress?: (done: number, total: number) => void;
};

type Examinee = Pick<ArticleAnswers, 'ask' | 'search' | 'upsert'>;

/**
 * Asks the base its own questions and its tests. Only articles that customers may see are asked for; an article with a
 * single wording has nothing to hold out. A few milliseconds a question, a few at a time.
 */
export async function examine(options: ExaminationOptions): Promise<readonly Graded[]> {
  const { answers, tests = [], progress = () => undefined } = options;
  const articles = options.articles.filter(isForCustomers);
  const known = new Set(articles.map(({ id }) => id));
  const work = [
    ...articles.flatMap((article) => wordingsOf(article).map((text) => () => askOwn(answers, article, text))),
    ...articles.flatMap((article) => article.notQuestions.map((text) => () => askNot(answers, article, text))),
    ...tests.map((test) => () => askTest(answers, test, known)),
    ...articles.flatMap((article) => heldOutOf(article).map((rest) => () => askHeldOut(answers, article, rest))),
  ];
  const graded: Graded[] = [];
  let rested = performance.now();
  for (const ask of work) {
    graded.push(ask());
    if (performance.now() - rested < slice) continue;
    progress(graded.length, work.length);
    await nextTurn();
    rested = performance.now();
  }
  return graded;
}

/** What an examination amounts to; shares are 0..1, and null where there was nothing to share. */
export type Summary = {
  readonly asked: number;
  /** Of the questions that have a right article: it came first, among the first three, one over its place. */
  readonly hit1: number | null;
  readonly hit3: number | null;
  readonly mrr: number | null;
  readonly answered: number | null;
  readonly clarified: number | null;
  readonly handedOver: number | null;
  /** Of those answered with a right article to know: how many were. */
  readonly answeredRight: number | null;
  readonly wrong: number;
};

export function summarise(rows: readonly Graded[]): Summary {
  const placed = rows.filter(({ expected }) => expected.length > 0);
  const answered = rows.filter(({ outcome }) => outcome === 'answer');
  return {
    asked: rows.length,
    hit1: mean(placed, ({ place }) => Number(place === 1)),
    hit3: mean(placed, ({ place }) => Number(place !== null && place <= 3)),
    mrr: mean(placed, ({ place }) => (place === null ? 0 : 1 / place)),
    answered: mean(rows, ({ outcome }) => Number(outcome === 'answer')),
    clarified: mean(rows, ({ outcome }) => Number(outcome === 'clarify')),
    handedOver: mean(rows, ({ outcome }) => Number(outcome === 'handoff')),
    answeredRight: mean(
      answered.filter(({ expected }) => expected.length > 0),
      ({ place }) => Number(place === 1),
    ),
    wrong: rows.filter(({ wrong }) => wrong !== null).length,
  };
}

/** What must not happen whatever happened before: held-out wordings only tell how good the base is. */
export function failuresAmong(rows: readonly Graded[]): readonly Graded[] {
  return rows.filter(({ kind, wrong }) => kind !== 'held_out' && wrong !== null);
}

/** Wordings of one article that another comes first for, surest first. */
export function stolenAmong(rows: readonly Graded[]): readonly Graded[] {
  return rows
    .filter(({ kind, found, expected }) => ownerAsks(kind) && found !== null && !expected.includes(found))
    .sort((one, other) => other.confidence - one.confidence);
}

/** An article that comes first for others' wordings, and how many of whose. */
export type Thief = {
  readonly article: string;
  readonly questions: number;
  /** Most robbed first. */
  readonly from: readonly { readonly article: string; readonly questions: number }[];
};

/** The busiest first. */
export function thievesAmong(rows: readonly Graded[]): readonly Thief[] {
  const loot = new Map<string, Map<string, number>>();
  for (const { found, of } of stolenAmong(rows)) {
    const victims = loot.get(found ?? '') ?? new Map<string, number>();
    loot.set(found ?? '', victims.set(of ?? '', (victims.get(of ?? '') ?? 0) + 1));
  }
  const busiestFirst = (one: { readonly questions: number }, other: { readonly questions: number }): number =>
    other.questions - one.questions;
  return [...loot]
    .map(([article, victims]) => {
      const from = [...victims].map(([victim, questions]) => ({ article: victim, questions })).sort(busiestFirst);
      return { article, questions: from.reduce((sum, { questions }) => sum + questions, 0), from };
    })
    .sort(busiestFirst);
}

/** The same question before and after an edit. */
export type Change = { readonly before: Graded; readonly now: Graded };

/** What an edit did to the questions that were asked before it and after it. */
export type Comparison = {
  readonly compared: number;
  readonly better: readonly Change[];
  readonly worse: readonly Change[];
  /** No better and no worse, but another article comes first. */
  readonly changed: readonly Change[];
  /** Those of `worse` that are plainly wrong now and were not. */
  readonly broken: readonly Change[];
};

export function compare(before: readonly Graded[], now: readonly Graded[]): Comparison {
  const earlier = new Map(before.map((row) => [identity(row), row]));
  const changes = now.flatMap((row): Change[] => {
    const same = earlier.get(identity(row));
    return same ? [{ before: same, now: row }] : [];
  });
  const gain = ({ before: was, now: is }: Change): number => standing(is) - standing(was);
  const worse = changes.filter((change) => gain(change) < 0);
  return {
    compared: changes.length,
    better: changes.filter((change) => gain(change) > 0),
    worse,
    changed: changes.filter((change) => gain(change) === 0 && change.before.found !== change.now.found),
    broken: worse.filter((change) => change.now.wrong !== null),
  };
}

/** Milliseconds of asking before other work gets its turn. */
const slice = 8;

/** How many articles are looked through for the right one. */
const depth = 10;

type Got = Pick<Graded, 'outcome' | 'found' | 'confidence'> & {
  /** Best first. */
  readonly ranked: readonly string[];
  readonly offered: readonly string[];
};

function askOwn(answers: Examinee, article: Article, question: string): Graded {
  const got = search(answers, question);
  // Exact words shared by two articles make each at most half as likely.
  const owns = got.found === article.id && (got.outcome === 'answer' || got.confidence > 0.5);
  const rival = got.ranked.find((id) => id !== article.id);
  const wrong = owns ? null : `not its own any more: ${told(got, rival)}`;
  return row(got, { kind: 'own', question, of: article.id, expected: [article.id], wrong });
}

function askHeldOut(answers: Examinee, article: Article, { question, rest }: HeldOut): Graded {
  const [title = '', ...questions] = rest;
  answers.upsert({ ...article, title, questions });
  try {
    const got = search(answers, question);
    const stolen = got.outcome === 'answer' && got.found !== article.id;
    const wrong = stolen ? `answered with ${got.found}` : null;
    return row(got, { kind: 'held_out', question, of: article.id, expected: [article.id], wrong });
  } finally {
    answers.upsert(article);
  }
}

function askNot(answers: Examinee, article: Article, question: string): Graded {
  const got = search(answers, question);
  const wrong =
    got.outcome === 'answer' && got.found === article.id ? `answered with ${article.id}, which excludes it` : null;
  return row(got, { kind: 'not_question', question, of: article.id, expected: [], wrong });
}

function askTest(answers: Examinee, test: TestCase, known: ReadonlySet<string>): Graded {
  const got = test.after === null ? search(answers, test.ask) : askAfter(answers, test.ask, test.after);
  const wrong = whyFailed(test, got, known);
  return row(got, { kind: 'test', question: test.ask, of: null, line: test.line, expected: test.expect, wrong });
}

function whyFailed(test: TestCase, got: Got, known: ReadonlySet<string>): string | null {
  const missing = [...test.expect, ...test.not, ...(test.after === null ? [] : [test.after])].find(
    (id) => !known.has(id),
  );
  if (missing !== undefined) return `no article that customers may see has the id "${missing}"`;
  const answered = got.outcome === 'answer' ? got.found : null;
  if (answered !== null && test.not.includes(answered)) return `answered with ${answered}, which it must not be`;
  if (test.outcome.length > 0 && !test.outcome.includes(got.outcome))
    return `${told(got)}, expected ${test.outcome.join(' or ')}`;
  const reached = answered === null ? got.offered : [answered];
  if (test.expect.length > 0 && !test.expect.some((id) => reached.includes(id)))
    return `${told(got)}, expected ${test.expect.join(' or ')}`;
  return null;
}

function told({ outcome, found, offered }: Got, rival?: string): string {
  if (outcome === 'answer') return `answered with ${found}`;
  if (outcome === 'clarify') return `offered ${offered.join(', ')}`;
  return rival === undefined ? 'handed over' : `handed over, nearest ${rival}`;
}

function search(answers: Examinee, question: string): Got {
  const { finding, candidates } = answers.search(question, depth);
  const ranked = candidates.map(({ articleId }) => articleId);
  return gotOf(finding, ranked);
}

function askAfter(answers: Examinee, question: string, after: string): Got {
  const finding = answers.ask(question, { lastArticleId: after });
  return gotOf(
    finding,
    finding.understanding.candidates.map(({ articleId }) => articleId),
  );
}

function gotOf({ understanding, suggestions }: ReturnType<Examinee['ask']>, ranked: readonly string[]): Got {
  const { outcome, articleId, confidence } = understanding;
  const found = articleId ?? ranked[0] ?? null;
  return { outcome, found, confidence, ranked, offered: suggestions.map((suggestion) => suggestion.articleId) };
}

function row(
  { outcome, found, confidence, ranked }: Got,
  asked: Pick<Graded, 'kind' | 'question' | 'of' | 'expected' | 'wrong'> & { readonly line?: number },
): Graded {
  const { kind, question, of, line = null, expected, wrong } = asked;
  const index = ranked.findIndex((id) => expected.includes(id));
  const place = index < 0 ? null : index + 1;
  return { kind, question, of, line, expected, outcome, found, confidence, place, wrong };
}

function wordingsOf(article: Article): readonly string[] {
  return [...new Map([article.title, ...article.questions].map((text) => [keyOf(text), text])).values()];
}

type HeldOut = { readonly question: string; readonly rest: readonly string[] };

function heldOutOf(article: Article): readonly HeldOut[] {
  const wordings = wordingsOf(article);
  if (wordings.length < 2) return [];
  return wordings.map((question) => ({ question, rest: wordings.filter((other) => other !== question) }));
}

/** Two wordings the index takes for one; with one of them held out the other would give the game away. */
function keyOf(text: string): string {
  return unitsOf(normalise(text)).units.join(' ');
}

function ownerAsks(kind: ExaminationKind): boolean {
  return kind === 'own' || kind === 'held_out';
}

function identity({ kind, question, of, expected }: Graded): string {
  return JSON.stringify([kind, question, of, expected]);
}

/** 0 wrong, 1 not found, 2 offered, 3 answered; where no article would be right: 0 wrong, 1 not. */
function standing({ wrong, expected, outcome, place }: Graded): number {
  if (wrong !== null) return 0;
  if (expected.length === 0 || place === null) return 1;
  if (outcome === 'answer' && place === 1) return 3;
  return outcome === 'clarify' && place <= 3 ? 2 : 1;
}

function mean<Row>(rows: readonly Row[], value: (row: Row) => number): number | null {
  return rows.length === 0 ? null : rows.reduce((sum, each) => sum + value(each), 0) / rows.length;
}
