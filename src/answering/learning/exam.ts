import type { Article } from '../../articles/article.ts';
import type { JudgedQuestion } from './calibration.ts';
import type { Label } from './labels.ts';
import type { Model } from '../model.ts';
import { oddsOf } from '../outcome.ts';
import type { Ranker } from '../rank.ts';
import type { SearchIndex } from '../search-index.ts';

/** A base as it is examined. */
export type Examined = { readonly index: SearchIndex; readonly ranker: Ranker; readonly model: Model };

/** Builds a base of nothing but these articles; what is held out must not have taught it anything. */
type OpenBase = (articles: readonly Article[]) => Examined;

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
 * A fifth of them is held out in each of up to five turns, until `enough` alternate questions were asked, and a base is
 * opened for each.
 */
export function examineItself(articles: readonly Article[], open: OpenBase, enough = Infinity): SelfExam {
  const inside: JudgedQuestion[] = [];
  const outside: JudgedQuestion[] = [];
  for (let turn = 0; turn < parts && inside.length < enough; turn++) {
    const held = articles.map((article, place) => holdOut(article, place, turn));
    const examined = open(held.flatMap(({ kept }) => kept ?? []));
    for (const { article, kept, questions } of held) {
      for (const question of questions) {
        const row = judged(question, kept ? [article.id] : [], examined);
        if (row) (kept ? inside : outside).push(row);
      }
    }
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
function asTraffic(inside: readonly JudgedQuestion[], outside: readonly JudgedQuestion[]): JudgedQuestion[] {
  const all = inside.length + outside.length;
  const part = (rows: readonly JudgedQuestion[], share: number): JudgedQuestion[] =>
    rows.map((row) => ({ ...row, weight: (share * all) / rows.length }));
  if (inside.length === 0 || outside.length === 0) return [...inside, ...outside];
  return [...part(inside, 1 - outOfScope), ...part(outside, outOfScope)];
}

/** The share of customers' questions without an article that all figures of this project are weighted to. */
export const outOfScope = 0.3;
/** A part large enough to ask, small enough that most of the base is still there. */
const parts = 5;

type HeldOut = { readonly article: Article; readonly kept: Article | null; readonly questions: readonly string[] };

function holdOut(article: Article, place: number, turn: number): HeldOut {
  if (place % parts === turn) return { article, kept: null, questions: [article.title, ...article.questions] };
  // One off, so that the first question is not held out in the turn in which its article is.
  const isHeld = (i: number): boolean => (i + place + 1) % parts === turn;
  return {
    article,
    kept: { ...article, questions: article.questions.filter((_, i) => !isHeld(i)) },
    questions: article.questions.filter((_, i) => isHeld(i)),
  };
}
