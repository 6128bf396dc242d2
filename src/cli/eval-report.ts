import type { Calibration } from '../answering/learning/calibration.ts';
import { outOfScope } from '../answering/learning/exam.ts';
import { coverageAt, measure, reliability, type Outcome } from '../answering/learning/figures.ts';
import type { Question } from './eval-questions.ts';
import { table } from './table.ts';

/** A line of `--jsonl`: a promise to other people's scripts. `score` compares within one question only. */
export type Result = {
  readonly query: string;
  readonly outcome: 'answer' | 'clarify' | 'handoff';
  readonly article: string | null;
  readonly confidence: number;
  readonly candidates: readonly { readonly article: string; readonly score: number }[];
  readonly ms: number;
};

export type Graded = { readonly question: Question; readonly result: Result };

/** Questions asked under one calibration. */
export type Run = { readonly graded: readonly Graded[]; readonly calibration: Calibration; readonly promised: number };

/** What a run can tell: shares of questions that should be answered, and of those that should not. */
export function report(run: Run): string {
  return [...counts(run), ...promise(run), ...times(run)].join('') + reliabilityTable(run);
}

/**
 * The promise of several runs side by side, a row for each. `right answers`: of the answerable questions, how many are
 * answered rightly; `at best` and `at .90`: how many could be, at the promised precision and at .90, were the threshold
 * chosen with the truth in hand.
 */
export function compare(runs: readonly { readonly name: string; readonly run: Run }[]): string {
  const head = ['', 'top-1', 'precision', 'right answers', 'at best', 'at .90', 'ECE', 'threshold'];
  return table(
    head,
    runs.map(({ name, run }) => {
      const outcomes = outcomesOf(run.graded);
      const { precision, answered, calibrationError } = measure(outcomes, run.promised);
      const answerable = answerableShare(run.graded);
      return [
        name,
        figure(topShare(run.graded)),
        precision === null ? '–' : figure(precision),
        figure(((precision ?? 0) * answered) / answerable),
        figure(coverageAt(outcomes, run.promised) / answerable),
        figure(coverageAt(outcomes, 0.9) / answerable),
        figure(calibrationError),
        figure(run.calibration.threshold),
      ];
    }),
  );
}

/** How the confidence came about, and whether that is an estimate. */
export function basisOf({ stage, labels }: Calibration): string {
  switch (stage) {
    case 'shipped':
      return 'estimated: coefficients fitted on other bases, with a cautious start';
    case 'self':
      return `estimated: calibrated on ${labels} of the base’s own questions, held out`;
    case 'labelled':
      return `calibrated on ${labels} judged questions`;
  }
}

/** Answerable and unanswerable questions as customers ask them: where a file has both, three in ten have no article. */
export function outcomesOf(graded: readonly Graded[]): Outcome[] {
  const inside = graded.filter(({ question }) => question.kind === 'in').length;
  const outside = graded.filter(isOutOfScope).length;
  const both = inside > 0 && outside > 0;
  return graded
    .filter(({ question }) => question.kind !== 'unknown')
    .map((one) => ({
      confidence: one.result.confidence,
      right: placeOfRight(one) === 1,
      answered: one.result.outcome === 'answer',
      weight: !both ? 1 : isOutOfScope(one) ? outOfScope / outside : (1 - outOfScope) / inside,
    }));
}

function answerableShare(graded: readonly Graded[]): number {
  const all = outcomesOf(graded);
  const outside = outcomesOf(graded.filter(isOutOfScope));
  return outside.length === 0 ? 1 : outside.length === all.length ? 0 : 1 - outOfScope;
}

function counts({ graded }: Run): string[] {
  const answerable = graded.filter(({ question }) => question.kind === 'in');
  const lines = [line('questions', `${graded.length}`)];
  if (answerable.length > 0) {
    const places = answerable.map(placeOfRight);
    const clarified = answerable.filter(({ result }) => result.outcome === 'clarify');
    lines.push(
      line('  with a right article', `${answerable.length}`),
      line(
        '  right article first',
        share(places, (place) => place === 1),
      ),
      line(
        '  among the first three',
        share(places, (place) => place <= 3),
      ),
      line('  mean reciprocal rank', figure(places.reduce((sum, place) => sum + 1 / place, 0) / places.length)),
      line(
        '  answered',
        share(answerable, ({ result }) => result.outcome === 'answer'),
      ),
      line(
        '  offered to choose from',
        share(answerable, ({ result }) => result.outcome === 'clarify'),
      ),
    );
    if (clarified.length > 0)
      lines.push(
        line(
          '  the right one among them',
          share(clarified, (one) => placeOfRight(one) <= 3),
        ),
      );
  }
  for (const kind of ['near', 'far'] as const) {
    const rows = graded.filter(({ question }) => question.kind === kind);
    if (rows.length === 0) continue;
    lines.push(
      line(`  out of scope, ${kind}`, `${rows.length}`),
      line(
        '  not answered',
        share(rows, ({ result }) => result.outcome !== 'answer'),
      ),
    );
  }
  if (answerable.length === 0) {
    for (const outcome of ['answer', 'clarify', 'handoff'] as const) {
      lines.push(
        line(
          `  ${outcome}`,
          share(graded, ({ result }) => result.outcome === outcome),
        ),
      );
    }
  }
  return lines;
}

function promise({ graded, calibration, promised }: Run): string[] {
  const outcomes = outcomesOf(graded);
  const lines = [line('confidence', basisOf(calibration)), line('  answers from', figure(calibration.threshold))];
  if (outcomes.length === 0) return lines;
  const answers = outcomes.filter(({ answered }) => answered).length;
  const { precision, calibrationError } = measure(outcomes, promised);
  lines.push(
    line('  answers right, promised', figure(promised)),
    line('  answers right, actually', precision === null ? 'none was given' : `${figure(precision)} of ${answers}`),
    line('  calibration error (ECE)', figure(calibrationError)),
  );
  const both = graded.some(isOutOfScope) && graded.some(({ question }) => question.kind === 'in');
  if (both) lines.push(line('', '(out of scope weighted to three in ten)'));
  return lines;
}

function times({ graded }: Run): string[] {
  const sorted = graded.map(({ result }) => result.ms).sort((one, other) => one - other);
  const at = (quantile: number): string => (sorted[Math.floor(sorted.length * quantile)] ?? 0).toFixed(2);
  return sorted.length === 0 ? [] : [line('ms, median / 99 %', `${at(0.5)} / ${at(0.99)}`)];
}

function reliabilityTable({ graded }: Run): string {
  const outcomes = outcomesOf(graded);
  if (outcomes.length === 0) return '';
  const rows = reliability(outcomes).map(({ from, share: part, confidence, right }) => {
    return [`${from.toFixed(1)}–${(from + 0.1).toFixed(1)}`, figure(part), figure(confidence), figure(right)];
  });
  return `\n${table(['confidence', 'share', 'sure', 'right'], rows)}`;
}

/** From 1; Infinity when no candidate is right. */
function placeOfRight({ question, result }: Graded): number {
  const index = result.candidates.findIndex(({ article }) => question.right.includes(article));
  return index < 0 ? Infinity : index + 1;
}

function topShare(graded: readonly Graded[]): number {
  const answerable = graded.filter(({ question }) => question.kind === 'in');
  return answerable.filter((one) => placeOfRight(one) === 1).length / Math.max(1, answerable.length);
}

function isOutOfScope({ question }: Graded): boolean {
  return question.kind === 'near' || question.kind === 'far';
}

function share<Row>(rows: readonly Row[], holds: (row: Row) => boolean): string {
  return figure(rows.filter(holds).length / rows.length);
}

function figure(value: number): string {
  return value.toFixed(3);
}

function line(label: string, value: string): string {
  return `${label.padEnd(28)}${value}\n`;
}
