import type { Article } from '../articles/article.ts';
import type { JudgedQuestion } from './calibration.ts';
import type { Label } from './labels.ts';
import type { Model } from './model.ts';
import { oddsOf } from './outcome.ts';
import type { Ranker } from './rank.ts';
import type { SearchIndex } from './search-index.ts';

/** What is examined. The index is changed while an exam runs, and left as it was. */
export type Examined = { readonly index: SearchIndex; readonly ranker: Ranker; readonly model: Model };

/** How a base does on its own questions. */
export type SelfExam = {
  readonly rows: readonly JudgedQuestion[];
  /** How many alternate questions were held out, and the share that found its article first all the same. */
  readonly questions: number;
  readonly top1: number;
};

/**
 * Asks a base what it can be known to know without anybody's judgement: each alternate question while it is taken out of
 * its article (that article is right), and each article's questions while the whole article is taken out (nothing is).
 * In five turns, so that most of the base is there each time.
 */
export function examineItself(articles: readonly Article[], examined: Examined): SelfExam {
  const { index } = examined;
  const every = Math.max(1, Math.ceil(wordingsOf(articles) / mostQuestions));
  const inside: JudgedQuestion[] = [];
  const outside: JudgedQuestion[] = [];
  let asked = 0;
  for (let turn = 0; turn < turns; turn++) {
    const held = articles.flatMap((article, place) => holdOut(article, place, turn));
    for (const { article, kept } of held) {
      if (kept) index.upsert(kept);
      else index.remove(article.id);
    }
    for (const { article, kept, questions } of held) {
      for (const question of questions) {
        if (asked++ % every > 0) continue;
        const row = judged(question, kept ? [article.id] : [], examined);
        if (row) (kept ? inside : outside).push(row);
      }
    }
    for (const { article } of held) index.upsert(article);
  }
  return {
    rows: asTraffic(inside, outside),
    questions: inside.length,
    top1: inside.length === 0 ? 0 : inside.filter(({ right }) => right).length / inside.length,
  };
}

/** What the labels say of the answers the base would give now; a label that says nothing of them is left out. */
export function examineLabels(labels: readonly Label[], examined: Examined): JudgedQuestion[] {
  return labels.flatMap(({ question, articleId, right }) => {
    const row = judged(question, [articleId], examined);
    if (!row) return [];
    if (right) return [row];
    // That one article is wrong says nothing of another that is best by now, nor of what stands below.
    return row.right ? [{ ...row, right: false, rightAmongThree: null }] : [];
  });
}

/**
 * A question asked of the base, `right` being the articles that answer it. Null where the question is an article's own
 * wording, which no calibration decides, and where nothing resembles it, which is never answered.
 */
export function judged(question: string, right: readonly string[], examined: Examined): JudgedQuestion | null {
  const { index, ranker, model } = examined;
  const query = index.parse(question);
  const ranked = ranker.rank(query);
  if (ranked.length === 0 || index.exact(query).length > 0) return null;
  const { best, amongThree } = oddsOf({ question, query, index, ranked }, model);
  const place = ranked.findIndex(({ entry }) => right.includes(entry.article.id));
  return { best, amongThree, right: place === 0, rightAmongThree: place >= 0 && place < 3, weight: 1 };
}

/** Weighs answerable and unanswerable questions as they come in: three in ten have no article. */
export function asTraffic(inside: readonly JudgedQuestion[], outside: readonly JudgedQuestion[]): JudgedQuestion[] {
  const all = inside.length + outside.length;
  const part = (rows: readonly JudgedQuestion[], share: number): JudgedQuestion[] =>
    rows.map((row) => ({ ...row, weight: (share * all) / rows.length }));
  if (inside.length === 0 || outside.length === 0) return [...inside, ...outside];
  return [...part(inside, 1 - outOfScope), ...part(outside, outOfScope)];
}

/** The share of customers' questions without an article that all figures of this project are weighted to. */
const outOfScope = 0.3;
const turns = 5;
/** Two seconds' worth; more questions do not move two coefficients. */
const mostQuestions = 4_000;

type HeldOut = { readonly article: Article; readonly kept: Article | null; readonly questions: readonly string[] };

function holdOut(article: Article, place: number, turn: number): HeldOut[] {
  if (place % turns === turn) return [{ article, kept: null, questions: [article.title, ...article.questions] }];
  const isHeld = (i: number): boolean => (i + place) % turns === turn;
  const questions = article.questions.filter((_, i) => isHeld(i));
  if (questions.length === 0) return [];
  return [{ article, kept: { ...article, questions: article.questions.filter((_, i) => !isHeld(i)) }, questions }];
}

function wordingsOf(articles: readonly Article[]): number {
  return articles.reduce((sum, { questions }) => sum + 1 + 2 * questions.length, 0);
}
