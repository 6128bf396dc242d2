/**
 * Fits the shipped coefficients: `npx tsx test/quality/fit.ts FOLDER [--write | --ablate]`.
 *
 * FOLDER holds faq-, queries- and oos-DOMAIN.jsonl of one or more domains; the project's own knowledge is one more, by
 * holding out its alternate questions. First every domain is graded with coefficients fitted on the others (leave one
 * out: the figures to believe), then all are fitted together, and with --write become src/answering/shipped-model.ts.
 * With --ablate every ingredient is left out in turn instead, and what that changes is printed.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAnswers } from '../../src/answering/answers.ts';
import type { Model } from '../../src/answering/model.ts';
import { ablate } from './ablation.ts';
import { ownSegmenter, readDomains, vaguer } from './domains.ts';
import { encoderFor, fitModel, observe } from './fitting.ts';
import type { Lesson } from './fitting.ts';
import { grade, meanGrade } from './grade.ts';
import type { Grade } from './grade.ts';

const [folder = '', ...flags] = process.argv.slice(2);
const segmenter = await ownSegmenter();
const domains = await readDomains(folder);
const observed = domains.map(({ lessons }) => lessons.map((lesson) => observe(vaguer(lesson), segmenter)));

if (flags.includes('--ablate')) {
  const tests = domains.map(({ tests }) => tests.map((test) => observe({ ...test, weight: 1 }, segmenter)));
  const subjects = domains.map(({ name }, i) => ({ name, lessons: without(i), tests: tests[i] ?? [] }));
  for (const row of ablate(subjects)) console.log(row);
} else {
  for (const [i, { name, tests }] of domains.entries()) {
    const model = fitModel(without(i));
    for (const encoded of [false, true]) {
      const grades: Grade[] = [];
      for (const test of tests) {
        const { articles, synonyms, asked } = test;
        const encoder = encoderFor({ ...test, encoded });
        grades.push(grade(await createAnswers(articles, { segmenter, synonyms, model, encoder }), asked));
      }
      console.log(`${name} (fitted without it), encoder ${encoded ? 'on' : 'off'}  ${line(meanGrade(grades))}`);
    }
  }
  const text = source(fitModel(observed.flat()));
  if (flags.includes('--write')) writeFileSync(join(import.meta.dirname, '../../src/answering/shipped-model.ts'), text);
  else console.log(text);
}

function without(domain: number): Lesson[] {
  return observed.flatMap((lessons, i) => (i === domain ? [] : lessons));
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
