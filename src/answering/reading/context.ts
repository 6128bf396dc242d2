import { asking, endings, leadingOver, sayingNothing } from './context.zh.ts';
import { unitsOf } from '../tokens.ts';
import type { Reading } from './readings.ts';
import type { Query } from '../search-index.ts';
import type { Words } from './spelling.ts';

/** The last answer, as far as a question that leans on it needs it. */
export type LastAnswer = {
  readonly articleId: string;
  /** What was asked, or looked up in its place; null if nobody knows any more. */
  readonly question: string | null;
  readonly title: string;
  /** Title and alternate questions of the article. */
  readonly wordings: readonly string[];
  readonly followUps: readonly string[];
};

/** What is asked of the index here. */
type Index = Words & { read(text: string): string; parse(text: string): Pick<Query, 'words'> };

/**
 * How a short question may be meant after an answer: said of the same subject ("and the postage?" after returns: return
 * postage), or the last question asked of another subject ("and exchanges?": how to exchange), or one of the article's
 * follow-ups in fewer words. Empty for a question long enough to stand alone.
 */
export function readingsAfter(question: string, last: LastAnswer, index: Index): Reading[] {
  const own = coreOf(index.read(question));
  const length = unitsOf(own).units.length;
  if (length > longestFragment || sayingNothing.test(own)) return [];
  if (index.parse(own).words.some((word) => isStrange(word, index))) return [];
  const subjects = subjectsOf(last, index).filter((subject) => !own.includes(subject));
  const texts = new Set(subjects.map((subject) => subject + own));
  if (!asking.test(own)) for (const text of ofAnotherSubject(own, last, { subjects, index })) texts.add(text);
  const readings = [...texts].map((text) => ({ text, own, known: last.articleId, trust }));
  return [...readings, ...followUpsWith(own, last, index)];
}

/** A word that no article is asked with: the question is about something the base does not know, whatever came before. */
function isStrange(word: string, index: Index): boolean {
  return word.length > 1 && !asking.test(word) && index.vocabulary.articlesWith(word) === 0 && index.isWord(word);
}

/** In characters. Longer ones say what they are about themselves. */
const longestFragment = 10;

/** Each costs a look-up or two, .4 ms; a third one found one more of 52 questions. */
const mostSubjects = 2;

/** The title and some alternate questions tell what an article is about. */
const mostWordings = 5;

/** How often a reading is meant, as a factor of confidence; a guess is offered, not answered. */
const trust = 0.98;
const guess = 0.9;

/** The question without what leads over to it and what merely ends it. */
function coreOf(normalised: string): string {
  for (let core = normalised; ;) {
    const shorter = core.replace(leadingOver, '').replace(endings, '');
    if (shorter === core) return core;
    core = shorter;
  }
}

/**
 * The words that the article's wordings and the question it answered have in common and other articles have too (a word
 * of one article alone leads back to that), the most frequent first.
 */
function subjectsOf({ question, wordings }: LastAnswer, index: Index): string[] {
  const times = new Map<string, number>();
  for (const text of [...wordings.slice(0, mostWordings), ...(question === null ? [] : [question])]) {
    for (const word of index.vocabulary.wordsIn(index.read(text))) {
      if (!asking.test(word) && index.vocabulary.articlesWith(word) > 1) times.set(word, (times.get(word) ?? 0) + 1);
    }
  }
  const found = [...times].sort(([, one], [, other]) => other - one);
  const isPart = ([word, count]: (typeof found)[number]): boolean =>
    found.some(([longer, as]) => longer !== word && longer.includes(word) && as >= count);
  return found
    .filter((word) => !isPart(word))
    .slice(0, mostSubjects)
    .map(([word]) => word);
}

/** The follow-up that says the same in more words; empty where several do, or where it says nothing of a subject. */
function followUpsWith(own: string, { articleId, followUps }: LastAnswer, index: Index): Reading[] {
  const isAbout = [...index.vocabulary.wordsIn(own)].some((word) => !asking.test(word));
  const texts = followUps.map((text) => index.read(text)).filter((text) => text.includes(own));
  const [text] = texts;
  if (!isAbout || text === undefined || texts.length > 1) return [];
  const isMost = unitsOf(own).units.length * 2 >= unitsOf(text).units.length;
  return [{ text, own, known: articleId, trust: isMost ? trust : guess }];
}

/** The last question with `own` in the place of what it was about. */
function ofAnotherSubject(
  own: string,
  { question, title }: LastAnswer,
  { subjects, index }: { readonly subjects: readonly string[]; readonly index: Index },
): string[] {
  const before = index.read(question ?? title);
  return subjects.filter((subject) => before.includes(subject)).map((subject) => before.replace(subject, own));
}
