/**
 * What customers' confirmed wordings are worth: `npx tsx test/quality/learn.ts FOLDER`.
 *
 * Every domain of FOLDER that has alternate questions is split (see learning.ts), and asked with 0, 50, 100 and 400
 * wordings confirmed, without and with its own encoder. Coefficients are fitted on the other domains.
 */
import { createAnswers } from '../../src/answering/answers.ts';
import { ownSegmenter, readDomains, vaguer } from './domains.ts';
import { encoderFor, fitModel, observe } from './fitting.ts';
import { grade, meanGrade } from './grade.ts';
import type { Grade } from './grade.ts';
import { after, learning } from './learning.ts';
import type { Spread } from './learning.ts';

const [folder = ''] = process.argv.slice(2);
const segmenter = await ownSegmenter();
const domains = await readDomains(folder);
const spreads: readonly Spread[] = ['popular', 'even'];
const seeds = [1, 2, 3];
const ways = [
  { encoded: false, vouched: true },
  { encoded: true, vouched: true },
  { encoded: false, vouched: false },
];

for (const { name, tests } of domains) {
  const [trial] = tests;
  const teaches = trial?.articles.some(({ questions }) => questions.length > 0);
  if (!trial || !teaches || name === 'own') continue;
  const lessons = domains.filter((other) => other.name !== name).flatMap((other) => other.lessons);
  const model = fitModel(lessons.map((lesson) => observe(vaguer(lesson), segmenter)));
  for (const spread of spreads) {
    const splits = seeds.map((seed) => learning(trial, spread, seed));
    for (const { encoded, vouched } of ways) {
      for (const count of [0, 50, 100, 400]) {
        const grades: Grade[] = [];
        for (const split of splits) {
          const learned = { ...after(split, count, vouched), encoded };
          const { articles, synonyms, confirmed } = learned;
          const encoder = encoderFor(learned);
          const answers = await createAnswers(articles, { segmenter, synonyms, confirmed, model, encoder });
          grades.push(grade(answers, learned.asked));
        }
        console.log(
          `${name}, ${spread}, encoder ${encoded ? 'on' : 'off'}, ${count} ${vouched ? 'vouched for' : 'heard'}: ${line(meanGrade(grades))}`,
        );
      }
    }
  }
}

function line({ top1, coverageAt90, coverageAt95, precision, answered, nearAuroc, p99 }: Grade): string {
  return Object.entries({ top1, coverageAt90, coverageAt95, precision, answered, nearAuroc, p99 })
    .map(([key, value]) => `${key} ${value === null ? '-' : value.toFixed(3)}`)
    .join('  ');
}
