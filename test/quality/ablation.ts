import type { SignalName } from '../../src/answering/confidence.ts';
import type { FeatureName } from '../../src/answering/rank.ts';
import { answersOf, fitConfidence, fitModel, fitRanker } from './fitting.ts';
import type { Lesson } from './fitting.ts';
import { grade, meanGrade } from './grade.ts';
import type { Grade } from './grade.ts';
import type { Model } from '../../src/answering/model.ts';

/** A domain to grade, and what is fitted on for it: never its own questions. */
export type Subject = { readonly name: string; readonly lessons: readonly Lesson[]; readonly tests: readonly Lesson[] };

/**
 * Rows of a table: what each domain has with everything, and by how much that changes without one group of features
 * (ranker and confidence fitted anew), then without one group of signals (confidence fitted anew). A minus is a loss.
 */
export function* ablate(subjects: readonly Subject[]): Generator<string> {
  const full = subjects.map(({ lessons }) => fitModel(lessons));
  const reference = subjects.map((subject, i) => graded(subject, full[i] as Model));
  yield `| without | ${subjects.map(({ name }) => `${name}: ${columns.join(', ')}`).join(' | ')} |`;
  yield `|---|${subjects.map(() => '---|').join('')}`;
  yield row('(everything)', reference.map(plain));
  for (const [group, features] of Object.entries(featureGroups)) {
    const grades = subjects.map((subject) => {
      const ranker = fitRanker(subject.lessons, { features });
      return graded(subject, fitConfidence(subject.lessons, ranker, { signals: signalsAmong(features) }));
    });
    yield row(
      `features: ${group}`,
      grades.map((one, i) => difference(one, reference[i] as Grade)),
    );
  }
  for (const [group, signals] of Object.entries(signalGroups)) {
    const grades = subjects.map((subject, i) => {
      return graded(subject, fitConfidence(subject.lessons, (full[i] as Model).ranker, { signals }));
    });
    yield row(
      `signals: ${group}`,
      grades.map((one, i) => difference(one, reference[i] as Grade)),
    );
  }
}

const columns = ['top1', 'coverageAt95', 'nearAuroc', 'farAuroc'] as const satisfies readonly (keyof Grade)[];

const featureGroups: Readonly<Record<string, readonly FeatureName[]>> = {
  'cosines to the wording': ['unitCosine', 'wordCosine'],
  words: ['wordCosine'],
  'coverage both ways': ['unitCovered', 'unitUsed'],
  'order of characters': ['commonSequence'],
  'most telling unmatched': ['questionUnmatched', 'variantUnmatched'],
  length: ['lengthRatio'],
  negation: ['contradiction'],
  'body and its passages': ['bodyCovered', 'passageCovered'],
  'best passage': ['passageCovered'],
  'keywords and all variants': ['fieldsCovered'],
  title: ['titleCosine'],
  'other variants': ['centroidCosine', 'secondVariant'],
};

const signalGroups: Readonly<Record<string, readonly SignalName[]>> = {
  score: ['score'],
  rivals: ['margin', 'wideMargin', 'share'],
  'how much there is to go by': ['evidence'],
  'match of the wording': ['unitCosine', 'unitCovered', 'unitUsed', 'titleCosine'],
  'most telling unmatched': ['questionUnmatched', 'variantUnmatched'],
  'body and its passages': ['bodyCovered', 'passageCovered'],
  'best passage': ['passageCovered'],
  'keywords and all variants': ['fieldsCovered'],
  'other variants': ['centroidCosine'],
  negation: ['contradiction'],
};

/** A feature that is left out must not come back as a signal. */
function signalsAmong(features: readonly FeatureName[]): SignalName[] {
  return features.filter((name): name is FeatureName & SignalName => signalsOfBest.has(name));
}

const signalsOfBest: ReadonlySet<string> = new Set(Object.values(signalGroups).flat());

function graded({ tests }: Subject, model: Model): Grade {
  return meanGrade(tests.map((test) => grade(answersOf(test, model), test.asked)));
}

function row(name: string, cells: readonly string[]): string {
  return `| ${name} | ${cells.join(' | ')} |`;
}

function plain(one: Grade): string {
  return columns.map((name) => short(one[name] ?? 0)).join(', ');
}

function difference(one: Grade, reference: Grade): string {
  return columns
    .map((name) => Math.round(((one[name] ?? 0) - (reference[name] ?? 0)) * 1_000))
    .map((change) => (change === 0 ? '·' : `${change > 0 ? '+' : '−'}${short(Math.abs(change) / 1_000)}`))
    .join(', ');
}

function short(value: number): string {
  return value.toFixed(3).replace(/^0/, '');
}
