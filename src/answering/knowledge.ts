import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Article } from '../articles/article.ts';
import { loadArticles, type Loaded } from '../articles/load.ts';
import type { Answers, AskContext, Feeling } from '../conversation/turn.ts';
import { type FoundArticle, searchForAgents, takesForAgents } from './agent-search.ts';
import { type ArticleAnswers, createAnswers, isForCustomers, type SearchResult } from './answers.ts';
import type { Calibration } from './learning/calibration.ts';
import { heard, type Confirmed } from './learning/confirmed.ts';
import type { Explanation } from './explanation.ts';
import type { Label } from './learning/labels.ts';
import type { Learned } from './learning/learning.ts';
import type { ConfirmedWording } from './search-index.ts';
import { createSegmenter, type DictionaryWord } from './segment.ts';
import type { StudyLesson } from './learning/study.ts';
import { createSensitiveTopicIn, parseSensitiveTopics, type SensitiveTopics } from './sentiment/sensitive-topics.ts';
import { createSentiment } from './sentiment/sentiment.ts';
import { parseDictionary, parseSynonyms, type SynonymGroups } from './synonyms.ts';

/** The knowledge folder, ready to answer. */
export type Knowledge = Answers & {
  /** What `ask` would find, with the best `limit` articles. */
  search(question: string, limit?: number): SearchResult;
  /** What agents find, internal articles included, the best `limit`. Never throws for any string. */
  searchForAgents(question: string, limit: number): Promise<readonly FoundArticle[]>;
  /** Why `ask` finds what it finds. */
  explain(question: string, context: AskContext): Explanation;
  /** How a message sounds, and which of the folder's sensitive topics it speaks of. Never throws, and takes microseconds. */
  feel(text: string): Feeling;
  /** How the confidence is calibrated now. */
  calibration(): Calibration;
  /** How many articles can be answered with. */
  readonly size: number;
  /** As the folder was read; `loaded.faults` names what was skipped. */
  readonly loaded: Loaded;
  upsert(article: Article): void;
  remove(articleId: string): void;
  /** Takes in what somebody said of an answer, at once: a wording confirmed weighs in from now on. */
  hear(label: HeardLabel): void;
  /** What there is to learn from now. What is heard from the call on, `said` may lack: `take` does not forget it. */
  lesson(said: Said | Promise<Said>): Promise<StudyLesson>;
  /** Answers by what was learned from this lesson from now on. */
  take(learned: Learned, lesson: Pick<StudyLesson, 'confirmed'>): void;
  /** Reads dictionary, synonyms and sensitive topics anew and indexes the articles given with it, while the old index goes on serving. */
  relearn(articles: Iterable<Article>): Promise<void>;
};

/** What people said of the answers, and which wordings that confirms. */
export type Said = { readonly labels: readonly Label[]; readonly confirmed: Confirmed };

type HeardLabel = Pick<Label, 'question' | 'articleId' | 'right' | 'source'>;

type Change = (served: Served) => void;

type Vocabulary = { readonly dictionary: readonly DictionaryWord[]; readonly synonyms: SynonymGroups };

/** An index with the words it was built with. */
type Served = {
  readonly answers: ArticleAnswers;
  /** What agents alone are shown, among others: see `takesForAgents`. */
  readonly internal: ArticleAnswers;
  readonly vocabulary: Vocabulary;
  readonly feel: (text: string) => Feeling;
};

type KnowledgeOptions = {
  readonly targetPrecision?: number;
  /** Told, in English, what works less well than it could. */
  readonly warn?: (message: string) => void;
};

/** Reads articles and vocabulary below `dir` and indexes them. Rejects with an InputError when there is no such folder. */
export async function openKnowledge(dir: string, options: KnowledgeOptions = {}): Promise<Knowledge> {
  const { targetPrecision = 0.95 } = options;
  const build = async (articles: readonly Article[]): Promise<Served> => {
    const dictionary = parseDictionary(await readIfThere(join(dir, 'dictionary.txt')));
    const synonyms = parseSynonyms(await readIfThere(join(dir, 'synonyms.txt')));
    const segmenter = await createSegmenter({ dictionary, warn: options.warn });
    const answers = await createAnswers(articles, { segmenter, synonyms, targetPrecision });
    const internal = await createAnswers(articles, { segmenter, synonyms, targetPrecision, takes: takesForAgents() });
    const { phrases, faults } = await readSensitiveTopics(dir);
    for (const { line, reason } of faults)
      options.warn?.(`${sensitiveTopicsFile}, line ${line}, is left out: ${reason}`);
    const sentimentOf = createSentiment(segmenter);
    const sensitiveTopicIn = createSensitiveTopicIn(phrases);
    const feel = (text: string): Feeling => ({
      sentiment: sentimentOf(text).score,
      sensitiveTopic: sensitiveTopicIn(text),
    });
    return { answers, internal, vocabulary: { dictionary, synonyms }, feel };
  };
  const loaded = await loadArticles(dir);
  let current = await build(loaded.articles);
  let learned: Learned | null = null;
  const confirmed = new Map<string, readonly ConfirmedWording[]>();
  const confirm = (articleId: string, wordings: readonly ConfirmedWording[]): void => {
    if (wordings.length > 0) confirmed.set(articleId, wordings);
    else confirmed.delete(articleId);
    change(({ answers }) => answers.confirm(articleId, wordings));
  };
  const hear = (label: HeardLabel): void =>
    confirm(label.articleId, heard(confirmed.get(label.articleId) ?? [], label));
  let sinceLesson: HeardLabel[] = [];
  /** What changed since an index began to be built, for each that is being built. */
  const building = new Set<Change[]>();
  const change = (act: Change): void => {
    act(current);
    for (const missed of building) missed.push(act);
  };
  let begun = 0;
  let serving = 0;
  return {
    loaded,
    ask: (question, context) => current.answers.ask(question, context),
    article: (articleId) => current.answers.article(articleId),
    search: (question, limit) => current.answers.search(question, limit),
    searchForAgents: (question, limit) =>
      searchForAgents(question, { customers: current.answers, internal: current.internal }, limit),
    explain: (question, context) => current.answers.explain(question, context),
    feel: (text) => current.feel(text),
    calibration: () => current.answers.calibration,
    hear: (label) => {
      sinceLesson.push(label);
      hear(label);
    },
    lesson: async (said) => {
      sinceLesson = [];
      return {
        ...(await said),
        ...current.vocabulary,
        articles: loaded.base.articles().filter(isForCustomers),
        targetPrecision,
      };
    },
    take: (next, lesson) => {
      for (const articleId of new Set([...confirmed.keys(), ...lesson.confirmed.keys()])) {
        const wordings = lesson.confirmed.get(articleId) ?? [];
        if (!isSame(wordings, confirmed.get(articleId) ?? [])) confirm(articleId, wordings);
      }
      sinceLesson.forEach(hear);
      learned = next;
      current.answers.take(next);
    },
    upsert: (article) => change((served) => both(served).forEach((answers) => answers.upsert(article))),
    remove: (articleId) => change((served) => both(served).forEach((answers) => answers.remove(articleId))),
    relearn: async (articles) => {
      const missed: Change[] = [];
      const order = ++begun;
      building.add(missed);
      try {
        const next = await build([...articles]);
        for (const act of missed) act(next);
        for (const [articleId, wordings] of confirmed) next.answers.confirm(articleId, wordings);
        if (learned) next.answers.take(learned);
        // Of two at once, the one that read the files later knows better, whichever is done first.
        if (order > serving) [current, serving] = [next, order];
      } finally {
        building.delete(missed);
      }
    },
    get size() {
      return current.answers.size;
    },
  };
}

function both({ answers, internal }: Served): readonly ArticleAnswers[] {
  return [answers, internal];
}

function isSame(one: readonly ConfirmedWording[], other: readonly ConfirmedWording[]): boolean {
  return (
    one.length === other.length &&
    one.every(({ text, vouched }, place) => text === other[place]?.text && vouched === other[place].vouched)
  );
}

/** What nobody below this folder should be answered by a program. No file, no topics; a bad line is named and left out. */
export async function readSensitiveTopics(dir: string): Promise<SensitiveTopics> {
  return parseSensitiveTopics(await readIfThere(join(dir, sensitiveTopicsFile)));
}

export const sensitiveTopicsFile = 'sensitive-topics.txt';

async function readIfThere(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
