import type { Article } from '../articles/article.ts';
import { asShipped, calibrate, confidenceOf, type Calibration, type JudgedQuestion } from './calibration.ts';
import { examineItself, examineLabels } from './exam.ts';
import { measure, type Measured, type Outcome } from './figures.ts';
import type { Label } from './labels.ts';
import type { Model } from './model.ts';
import { Ranker } from './rank.ts';
import { SearchIndex } from './search-index.ts';
import type { Segmenter } from './segment.ts';
import { shippedModel } from './shipped-model.ts';
import type { SynonymGroups } from './synonyms.ts';

/** What a base is taught from: its own articles, and what customers and agents have said of its answers. */
export type Lesson = {
  /** Those customers may see. */
  readonly articles: readonly Article[];
  readonly synonyms: SynonymGroups;
  readonly labels: readonly Label[];
  readonly targetPrecision: number;
};

/** What was learned, and how far it can be believed. */
export type Learned = { readonly calibration: Calibration; readonly report: LearningReport };

export type LearningReport = {
  readonly articles: number;
  /** The share of given answers that should be right, 0..1. */
  readonly promised: number;
  /** The base asked its own alternate questions: how many, and how many found their article. */
  readonly selfExam: { readonly questions: number; readonly top1: number };
  /** Of labels held out: null while there are too few. */
  readonly measured: Measured | null;
};

/**
 * Calibrates in up to three stages: the shipped coefficients; the base's own alternate questions held out, where these
 * are wordings like customers' (enough of them find their article); what customers and agents said, from the first
 * fifty on. Each starts from the one before it.
 */
export function learn(lesson: Lesson, segmenter: Segmenter, model: Model = shippedModel): Learned {
  const { articles, labels, targetPrecision } = lesson;
  const index = new SearchIndex(segmenter, lesson.synonyms);
  for (const article of articles) index.upsert(article);
  const examined = { index, ranker: new Ranker(index, model.ranker), model };
  const exam = examineItself(articles, examined);
  const { questions, top1 } = exam;
  const shipped = asShipped(targetPrecision);
  const proven = questions >= fewestHeldOut && top1 >= provingTop1;
  const self = proven ? calibrate(exam.rows, { stage: 'self', before: shipped, targetPrecision }) : shipped;
  const rows = examineLabels(labels, examined);
  const calibration =
    rows.length >= fewestLabels ? calibrate(rows, { stage: 'labelled', before: self, targetPrecision }) : self;
  const measured = rows.length >= fewestLabels ? crossChecked(rows, self, targetPrecision) : null;
  return {
    calibration,
    report: { articles: articles.length, promised: targetPrecision, selfExam: { questions, top1 }, measured },
  };
}

/**
 * Alternate questions that paraphrase find their article nearly as often as customers do; where they do not, they are
 * other questions. Calibrated on those of esun (.785 of which find it, of customers' .938), it answered half as much.
 */
const provingTop1 = 0.85;
const fewestHeldOut = 100;

/** With fewer, two numbers fitted on them are worth less than the shipped ones. */
const fewestLabels = 50;

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
