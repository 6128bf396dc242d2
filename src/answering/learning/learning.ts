import type { Article } from '../../articles/article.ts';
import { asShipped, calibrate, confidenceOf, type Calibration, type JudgedQuestion } from './calibration.ts';
import type { Confirmed } from './confirmed.ts';
import { checkEncoder } from './encoder-check.ts';
import { encoderOf, examplesOf, trainEncoder, type EncoderWeights } from './encoder.ts';
import { examineItself, examineLabels, type Examined } from './exam.ts';
import { measure, type Measured, type Outcome } from './figures.ts';
import type { Label } from './labels.ts';
import type { Model } from '../model.ts';
import { Ranker } from '../rank.ts';
import { SearchIndex } from '../search-index.ts';
import type { Segmenter } from '../segment.ts';
import { shippedModel } from '../shipped-model.ts';
import type { SynonymGroups } from '../synonyms.ts';
import { hashWord } from '../tokens.ts';
import { Vectors } from './vectors.ts';
import { wordingKey } from '../wording.ts';

/** What a base is taught from: its own articles, and what customers and agents have said of its answers. */
export type Lesson = {
  /** Those customers may see. */
  readonly articles: readonly Article[];
  readonly synonyms: SynonymGroups;
  readonly labels: readonly Label[];
  /** Wordings that customers and agents confirmed, by article id. */
  readonly confirmed: Confirmed;
  readonly targetPrecision: number;
};

/** What was learned, and how far it can be believed. */
export type Learned = {
  /** The base's own encoder; null where it does not pay. */
  readonly encoder: EncoderWeights | null;
  readonly calibration: Calibration;
  readonly report: LearningReport;
};

export type LearningReport = {
  readonly articles: number;
  /** The share of given answers that should be right, 0..1. */
  readonly promised: number;
  /** Whether the base is better off with an encoder of its own. */
  readonly encoder: boolean;
  /** How many confirmed wordings were taken in. */
  readonly confirmed: number;
  /** The base asked its own alternate questions: how many, and how many found their article. */
  readonly selfExam: { readonly questions: number; readonly top1: number };
  /** Of labels held out: null while there are too few. */
  readonly measured: Measured | null;
};

/**
 * Trains the base's own encoder, where it proves to pay, and calibrates in up to three stages: the shipped coefficients;
 * the base's own alternate questions held out, where these are wordings like customers' (enough of them find their
 * article); what customers and agents said, from the first fifty on. Each starts from the one before it. No question is
 * asked of a base that was taught it.
 */
export function learn(lesson: Lesson, segmenter: Segmenter, model: Model = shippedModel): Learned {
  const { articles, confirmed, targetPrecision } = lesson;
  const { pays } = checkEncoder(lesson, model.ranker, segmenter);
  const school = { lesson, segmenter, model, encodes: pays };
  const enough = pays || articles.length > manyArticles ? fewestHeldOut : Infinity;
  const exam = examineItself(articles, (left) => opened(school, left, confirmed), enough);
  const { questions, top1 } = exam;
  const shipped = asShipped(targetPrecision);
  const proven = questions >= fewestHeldOut && top1 >= provingTop1;
  const self = proven ? calibrate(exam.rows, { stage: 'self', before: shipped, targetPrecision }) : shipped;
  const rows = askedLabels(school);
  const labelled = rows.length >= fewestLabels && rows.filter(({ right }) => !right).length >= fewestWrong;
  return {
    encoder: pays ? trainEncoder(examplesOf(articles, lesson.synonyms, confirmed)) : null,
    calibration: labelled ? calibrate(rows, { stage: 'labelled', before: self, targetPrecision }) : self,
    report: {
      articles: articles.length,
      promised: targetPrecision,
      encoder: pays,
      confirmed: [...confirmed.values()].reduce((sum, wordings) => sum + wordings.length, 0),
      selfExam: { questions, top1 },
      measured: labelled ? crossChecked(rows, self, targetPrecision) : null,
    },
  };
}

type School = {
  readonly lesson: Lesson;
  readonly segmenter: Segmenter;
  readonly model: Model;
  readonly encodes: boolean;
};

/** A base of these articles and wordings, with an encoder that knows nothing else. */
function opened(
  { lesson, segmenter, model, encodes }: School,
  articles: readonly Article[],
  confirmed: Confirmed,
): Examined {
  const { synonyms } = lesson;
  const index = new SearchIndex(segmenter, synonyms);
  for (const [articleId, wordings] of confirmed) index.confirm(articleId, wordings);
  for (const article of articles) index.upsert(article);
  const encoder = encodes ? trainEncoder(examplesOf(articles, synonyms, confirmed)) : null;
  return { index, model, ranker: new Ranker(index, model.ranker, encoder && new Vectors(encoderOf(encoder))) };
}

/** The labels as judged questions. A label that was taken in as a wording is asked of a base without it: each half of the other half's. */
function askedLabels(school: School): JudgedQuestion[] {
  const { articles, confirmed } = school.lesson;
  const labels = fairly(school.lesson.labels);
  if (labels.length < fewestLabels) return [];
  if (confirmed.size === 0) return examineLabels(labels, opened(school, articles, confirmed));
  return [0, 1].flatMap((half) => {
    const asked = labels.filter(({ question }) => halfOf(question) === half);
    const others = [...confirmed].map(
      ([id, wordings]) => [id, wordings.filter(({ text }) => halfOf(text) !== half)] as const,
    );
    return examineLabels(asked, opened(school, articles, new Map(others)));
  });
}

/** The newest of each customer: nobody alone decides how sure the bot is. Agents are believed. */
function fairly(labels: readonly Label[]): Label[] {
  const counts = new Map<string, number>();
  return labels.toReversed().filter(({ by, source }) => {
    const count = (counts.get(by) ?? 0) + 1;
    counts.set(by, count);
    return source === 'agent' || count <= mostOfOne;
  });
}

const mostOfOne = 5;

/** The same half for every spelling of a wording. */
function halfOf(wording: string): 0 | 1 {
  return hashWord(wordingKey(wording)) % 2 === 0 ? 0 : 1;
}

/** From here on a part of the questions is enough, and asking all of them would take minutes; so it would with an encoder to train for each turn. */
const manyArticles = 2_000;

/**
 * Alternate questions that paraphrase find their article nearly as often as customers do; where they do not, they are
 * other questions. Calibrated on those of esun (.785 of which find it, of customers' .938), it answered half as much.
 */
const provingTop1 = 0.85;
const fewestHeldOut = 100;

/** With fewer, two numbers fitted on them are worth less than the shipped ones. */
const fewestLabels = 50;
/** Where next to nothing was found wrong, it may be that nobody says so: praise alone makes no base surer. */
const fewestWrong = 5;

/** Calibrates on four fifths of the rows and asks the fifth, five times over. */
function crossChecked(rows: readonly JudgedQuestion[], before: Calibration, targetPrecision: number): Measured {
  const outcomes = [0, 1, 2, 3, 4].flatMap((part) => {
    const others = rows.filter((_, place) => place % 5 !== part);
    const { best, threshold } = calibrate(others, { stage: 'labelled', before, targetPrecision });
    return rows
      .filter((_, place) => place % 5 === part)
      .map((row): Outcome => {
        const confidence = confidenceOf(row.best, best);
        return { confidence, answered: confidence >= threshold, right: row.right, weight: row.weight };
      });
  });
  return measure(outcomes, targetPrecision);
}
