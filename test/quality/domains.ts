import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isForCustomers } from '../../src/answering/answers.ts';
import { createSegmenter } from '../../src/answering/segment.ts';
import type { Segmenter } from '../../src/answering/segment.ts';
import { parseDictionary, parseSynonyms } from '../../src/answering/synonyms.ts';
import { loadArticles } from '../../src/articles/load.ts';
import { bare, confirming, enriched, heldOut, readDomain, withFragments, withStrangers } from './datasets.ts';
import type { Trial } from './datasets.ts';
import type { WeightedTrial } from './fitting.ts';

/** A subject with its bases: `tests` are graded, `lessons` are fitted on (weights sum to about 1). */
export type Domain = {
  readonly name: string;
  readonly tests: readonly Trial[];
  readonly lessons: readonly WeightedTrial[];
};

const knowledge = join(import.meta.dirname, '../../knowledge');

/** Cuts words as the sample knowledge has them cut. */
export function ownSegmenter(): Promise<Segmenter> {
  return createSegmenter({ dictionary: parseDictionary(readFileSync(join(knowledge, 'dictionary.txt'), 'utf8')) });
}

/** The domains of a folder, and the sample knowledge as one more. */
export async function readDomains(folder: string): Promise<Domain[]> {
  const names = readdirSync(folder).flatMap((file) => /^faq-(.+)\.jsonl$/.exec(file)?.[1] ?? []);
  const read = names.map((name) => readDomain(folder, name));
  const public_ = read.map((trial): Domain => ({ name: trial.name, tests: [trial], lessons: lessonsOf(trial) }));
  const synonyms = parseSynonyms(readFileSync(join(knowledge, 'synonyms.txt'), 'utf8'));
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
      { ...trial, weight: 0.01 },
      { ...trial, encoded: true, weight: 0.01 },
      { ...confirming(trial), encoded: true, weight: 0.02 },
      { ...bare(trial, { bodies: fold % 2 === 1 }), weight: 0.01 },
    ]),
  };
  return [...public_, own];
}

/** With and without alternate questions, confirmed wordings and encoder, so that no kind of base is a surprise. */
function lessonsOf(trial: Trial): WeightedTrial[] {
  const hasVariants = trial.articles.some(({ questions }) => questions.length > 0);
  return hasVariants
    ? [
        { ...trial, weight: 0.15 },
        { ...trial, encoded: true, weight: 0.15 },
        { ...confirming(trial), encoded: true, weight: 0.2 },
        { ...bare(trial), weight: 0.25 },
        { ...bare(trial, { bodies: false }), weight: 0.25 },
      ]
    : [
        { ...trial, weight: 0.6 },
        { ...enriched(trial), weight: 0.4 },
      ];
}

/** With vague questions, one for nine out of scope. */
export function vaguer(lesson: WeightedTrial): WeightedTrial {
  const outside = lesson.asked.filter(({ kind }) => kind !== 'in').length;
  return { ...lesson, ...withFragments(lesson, Math.round(outside / 9)) };
}
