import type { ArticleAnswers } from '../../src/answering/answers.ts';
import { coverageAt, measure, type Outcome } from '../../src/answering/learning/figures.ts';
import type { Asked } from './datasets.ts';

/** What a base answered, in the figures of the field. Out-of-scope questions are weighted to 30 % of the traffic. */
export type Grade = {
  readonly top1: number;
  readonly top3: number;
  /** Share of answerable questions answered right, with the threshold at which 95 % of answers are right. */
  readonly coverageAt95: number;
  readonly coverageAt90: number;
  /** At the shipped threshold: share answered, and share of those that is right. */
  readonly answered: number;
  readonly precision: number;
  /** Mean distance between confidence and truth. */
  readonly calibrationError: number;
  readonly nearRefused: number | null;
  readonly farRefused: number | null;
  readonly nearAuroc: number | null;
  readonly farAuroc: number | null;
  /** Of clarified answerable questions: share, and how often the right one was offered. */
  readonly clarified: number;
  readonly clarifyHit: number;
  readonly p50: number;
  readonly p99: number;
};

export type Searches = Pick<ArticleAnswers, 'search'>;

export function grade(answers: Searches, asked: readonly Asked[]): Grade {
  const inside = asked.filter(({ kind }) => kind === 'in').length;
  const outside = asked.length - inside;
  const rows = asked.map(({ query, right, kind }) => {
    const began = performance.now();
    const { finding, candidates } = answers.search(query);
    const ms = performance.now() - began;
    return {
      kind,
      ms,
      outcome: finding.understanding.outcome,
      answered: finding.understanding.outcome === 'answer',
      confidence: finding.understanding.confidence,
      right: right.includes(candidates[0]?.articleId ?? ''),
      near: candidates.slice(0, 3).some(({ articleId }) => right.includes(articleId)),
      offered: finding.suggestions.some(({ articleId }) => right.includes(articleId)),
      answerRight: finding.article !== null && right.includes(finding.article.id),
      weight: kind === 'in' ? 0.7 / inside : 0.3 / Math.max(1, outside),
    };
  });
  type Row = (typeof rows)[number];
  const sum = (pick: (row: Row) => boolean): number => rows.reduce((all, row) => all + (pick(row) ? row.weight : 0), 0);
  const all = sum(() => true);
  const share = (of: Row[], pick: (row: Row) => boolean): number => of.filter(pick).length / Math.max(1, of.length);
  const of = (kind: string): Row[] => rows.filter((row) => row.kind === kind);
  const refused = (kind: string): number | null =>
    of(kind).length === 0 ? null : share(of(kind), ({ outcome }) => outcome !== 'answer');
  const clarified = of('in').filter(({ outcome }) => outcome === 'clarify');
  const times = rows.map(({ ms }) => ms).sort((one, other) => one - other);
  return {
    top1: share(of('in'), ({ right }) => right),
    top3: share(of('in'), ({ near }) => near),
    coverageAt95: (coverageAt(rows, 0.95) * all) / 0.7,
    coverageAt90: (coverageAt(rows, 0.9) * all) / 0.7,
    answered: sum((row) => row.kind === 'in' && row.outcome === 'answer') / 0.7,
    precision: sum(({ answerRight }) => answerRight) / (sum(({ outcome }) => outcome === 'answer') || 1),
    calibrationError: measure(rows, 0.95).calibrationError * all,
    nearRefused: refused('near'),
    farRefused: refused('far'),
    nearAuroc: auroc(of('in'), of('near')),
    farAuroc: auroc(of('in'), of('far')),
    clarified: clarified.length / Math.max(1, inside),
    clarifyHit: share(clarified, ({ offered }) => offered),
    p50: times[times.length >> 1] ?? 0,
    p99: times[Math.floor(times.length * 0.99)] ?? 0,
  };
}

/** The mean of each figure; what one of them has not counts 0. */
export function meanGrade(grades: readonly Grade[]): Grade {
  const names = Object.keys(grades[0] ?? {}) as (keyof Grade)[];
  return Object.fromEntries(
    names.map((name) => [name, grades.reduce((sum, one) => sum + (one[name] ?? 0), 0) / grades.length]),
  ) as Grade;
}

type Judged = Pick<Outcome, 'confidence'>;

/** The chance that an answerable question is held surer than a stranger. */
function auroc(inside: readonly Judged[], outside: readonly Judged[]): number | null {
  if (inside.length === 0 || outside.length === 0) return null;
  let wins = 0;
  const strangers = outside.map(({ confidence }) => confidence).sort((one, other) => one - other);
  for (const { confidence } of inside) {
    wins += (lower(strangers, confidence, false) + lower(strangers, confidence, true)) / 2;
  }
  return wins / (inside.length * strangers.length);
}

/** How many of the ascending values are below (or at) `value`. */
function lower(ascending: readonly number[], value: number, orEqual: boolean): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const at = ascending[middle] ?? 0;
    if (at < value || (orEqual && at === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}
