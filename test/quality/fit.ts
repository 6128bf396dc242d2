/**
 * Fits the shipped coefficients: `npx tsx test/quality/fit.ts FOLDER [--write | --ablate]`.
 *
 * FOLDER holds faq-, queries- and oos-DOMAIN.jsonl of one or more domains; the project's own knowledge is one more, by
 * holding out its alternate questions. First every domain is graded with coefficients fitted on the others (leave one
 * out: the figures to believe), then all are fitted together, and with --write become src/answering/shipped-model.ts.
 * With --ablate every ingredient is left out in turn instead, and what that changes is printed.
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAnswers, isForCustomers } from '../../src/answering/answers.ts';
import type { Model } from '../../src/answering/model.ts';
import { createSegmenter } from '../../src/answering/segment.ts';
import { parseDictionary, parseSynonyms } from '../../src/answering/synonyms.ts';
import { loadArticles } from '../../src/articles/load.ts';
import { ablate } from './ablation.ts';
import { bare, enriched, heldOut, readDomain, withFragments, withStrangers } from './datasets.ts';
import type { Trial } from './datasets.ts';
import { fitModel, observe } from './fitting.ts';
import type { Lesson, WeightedTrial } from './fitting.ts';
import { grade, meanGrade } from './grade.ts';
import type { Grade } from './grade.ts';

/** A subject with its bases: `tests` are graded, `lessons` are fitted on (weights sum to about 1). */
type Domain = { readonly name: string; readonly tests: readonly Trial[]; readonly lessons: readonly WeightedTrial[] };

const [folder = '', ...flags] = process.argv.slice(2);
const knowledge = join(import.meta.dirname, '../../knowledge');
const dictionary = parseDictionary(readFileSync(join(knowledge, 'dictionary.txt'), 'utf8'));
const synonyms = parseSynonyms(readFileSync(join(knowledge, 'synonyms.txt'), 'utf8'));
const segmenter = await createSegmenter({ dictionary });
const domains = await readDomains();
const observed = domains.map(({ lessons }) => lessons.map((lesson) => observe(vaguer(lesson), segmenter)));

if (flags.includes('--ablate')) {
  const tests = domains.map(({ tests }) => tests.map((test) => observe({ ...test, weight: 1 }, segmenter)));
  const subjects = domains.map(({ name }, i) => ({ name, lessons: without(i), tests: tests[i] ?? [] }));
  for (const row of ablate(subjects)) console.log(row);
} else {
  for (const [i, { name, tests }] of domains.entries()) {
    const model = fitModel(without(i));
    const grades: Grade[] = [];
    for (const test of tests)
      grades.push(grade(await createAnswers(test.articles, { segmenter, synonyms: test.synonyms, model }), test.asked));
    console.log(`${name} (fitted without it)  ${line(meanGrade(grades))}`);
  }
  const text = source(fitModel(observed.flat()));
  if (flags.includes('--write')) writeFileSync(join(import.meta.dirname, '../../src/answering/shipped-model.ts'), text);
  else console.log(text);
}

/** With vague questions, one for nine out of scope. */
function vaguer(lesson: WeightedTrial): WeightedTrial {
  const outside = lesson.asked.filter(({ kind }) => kind !== 'in').length;
  return { ...lesson, ...withFragments(lesson, Math.round(outside / 9)) };
}

function without(domain: number): Lesson[] {
  return observed.flatMap((lessons, i) => (i === domain ? [] : lessons));
}

async function readDomains(): Promise<Domain[]> {
  const names = readdirSync(folder).flatMap((file) => /^faq-(.+)\.jsonl$/.exec(file)?.[1] ?? []);
  const read = names.map((name) => readDomain(folder, name));
  const public_ = read.map((trial): Domain => ({ name: trial.name, tests: [trial], lessons: lessonsOf(trial) }));
  const { articles } = await loadArticles(knowledge);
  const stranger = read[0];
  const folds = [0, 1, 2, 3, 4]
    .map((fold) => heldOut('own', articles.filter(isForCustomers), { fold, of: 5 }))
    .map((trial) => ({ ...trial, synonyms }))
    .map((trial) => (stranger ? withStrangers(trial, stranger, 150) : trial));
  const own: Domain = {
    name: 'own',
    tests: folds,
    // Harder than customers are (its wordings differ on purpose), so it counts a quarter.
    lessons: folds.flatMap((trial, fold) => [
      { ...trial, weight: 0.03 },
      { ...bare(trial, { bodies: fold % 2 === 1 }), weight: 0.02 },
    ]),
  };
  return [...public_, own];
}

/** With and without alternate questions, so that neither kind of base is a surprise. */
function lessonsOf(trial: Trial): WeightedTrial[] {
  const hasVariants = trial.articles.some(({ questions }) => questions.length > 0);
  return hasVariants
    ? [
        { ...trial, weight: 0.4 },
        { ...bare(trial), weight: 0.3 },
        { ...bare(trial, { bodies: false }), weight: 0.3 },
      ]
    : [
        { ...trial, weight: 0.6 },
        { ...enriched(trial), weight: 0.4 },
      ];
}

function line(grade: Grade): string {
  return Object.entries(grade)
    .map(([name, value]) => `${name} ${value === null ? '-' : value.toFixed(3)}`)
    .join('  ');
}

function source(model: Model): string {
  const rounded = JSON.stringify(model, (_, value: unknown) => (typeof value === 'number' ? round(value) : value), 2);
  return `import type { Model } from './model.ts';

/**
 * Written by test/quality/fit.ts; how, on what and with which error is told in test/quality/README.md.
 * Fitted on ${domains.map(({ name }) => name).join(', ')} together.
 */
export const shippedModel: Model = ${rounded.replace(/"(\w+)":/g, '$1:')};
`;
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
