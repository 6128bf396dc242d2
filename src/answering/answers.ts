import type { Article } from '../articles/article.ts';
import type { Answers, AskContext, Finding } from '../conversation/turn.ts';
import { asShipped, type Calibration } from './learning/calibration.ts';
import { signalNames, weightsAt } from './confidence.ts';
import { readingsAfter, type LastAnswer } from './reading/context.ts';
import type { Confirmed } from './learning/confirmed.ts';
import { encoderOf, type Encoder, type EncoderWeights } from './learning/encoder.ts';
import type { ExplainedCandidate, Explanation, Share } from './explanation.ts';
import type { Model } from './model.ts';
import { judge, wordingToShow, type Case, type ScoredCandidate } from './outcome.ts';
import { featureNames, Ranker, type Weighed } from './rank.ts';
import { chooseReading, type Read, type Reading } from './reading/readings.ts';
import { SearchIndex, type ConfirmedWording } from './search-index.ts';
import type { Segmenter } from './segment.ts';
import { shippedModel } from './shipped-model.ts';
import { respellings } from './reading/spelling.ts';
import type { SynonymGroups } from './synonyms.ts';
import { Vectors } from './learning/vectors.ts';

/** Answers from articles, kept up to date while it answers. */
export type ArticleAnswers = Answers & {
  /** Adds an article or replaces the one with its id; one that is not to be answered from is removed. Takes about a millisecond. */
  upsert(article: Article): void;
  /** Forgets an article; nothing happens if it is not there. */
  remove(articleId: string): void;
  /** How many articles can be answered with. */
  readonly size: number;
  /** What `ask` would find, with the best `limit` articles. Never throws for any string. */
  search(question: string, limit?: number): SearchResult;
  /** Why `ask` finds what it finds, with the best `limit` articles. Never throws for any string. */
  explain(question: string, context: AskContext, limit?: number): Explanation;
  /** Puts customers' confirmed wordings of an article in place of those it had. Takes about a millisecond. */
  confirm(articleId: string, wordings: readonly ConfirmedWording[]): void;
  /** Ranks with this encoder and judges by this calibration from now on; the two go together. */
  take(learned: { readonly calibration: Calibration; readonly encoder: EncoderWeights | null }): void;
  readonly calibration: Calibration;
};

export type SearchResult = {
  readonly finding: Finding;
  readonly candidates: readonly ScoredCandidate[];
};

type AnswersOptions = {
  readonly segmenter: Segmenter;
  readonly synonyms?: SynonymGroups;
  /** The share of given answers that should be right, .5 to .999. */
  readonly targetPrecision?: number;
  readonly model?: Model;
  /** The base's own, where it has one. */
  readonly encoder?: Encoder | null;
  /** Customers' confirmed wordings by article id. */
  readonly confirmed?: Confirmed;
  /** Which articles to answer from; those for customers unless told otherwise. */
  readonly takes?: (article: Article) => boolean;
};

/**
 * Indexes the articles, a few milliseconds at a time so that the process goes on with its work, and answers from those
 * that are published and public, unless it is told which to take.
 */
export async function createAnswers(articles: Iterable<Article>, options: AnswersOptions): Promise<ArticleAnswers> {
  const { segmenter, synonyms, targetPrecision = 0.95, model = shippedModel, encoder = null } = options;
  const { takes = isForCustomers } = options;
  const index = new SearchIndex(segmenter, synonyms);
  for (const [articleId, wordings] of options.confirmed ?? []) index.confirm(articleId, wordings);
  let ranker = new Ranker(index, model.ranker, encoder && new Vectors(encoder));
  let calibration = asShipped(targetPrecision);
  let rested = performance.now();
  for (const article of articles) {
    if (takes(article)) index.upsert(article);
    if (performance.now() - rested > slice) {
      await new Promise(setImmediate);
      rested = performance.now();
    }
  }
  const look = (question: string, refused: readonly string[], trust: number): Case => {
    const query = index.parse(question);
    const ranked = ranker.rank(query).filter(({ entry }) => !refused.includes(entry.article.id));
    return { question, query, index, ranked, trust };
  };
  const find = (question: string, context: AskContext = noContext): Read => {
    const read = ({ text, trust }: Pick<Reading, 'text' | 'trust'>): Read => {
      const found = look(text, context.refused ?? [], trust);
      return { found, judgement: judge(found, { model, calibration }), readAs: text };
    };
    const plain = { ...read({ text: question, trust: 1 }), readAs: null };
    const readings = (): Reading[] => {
      const last = lastAnswer(context, index);
      return [
        ...(last ? readingsAfter(question, last, index) : []),
        ...respellings(plain.found.query.normalised, index),
      ];
    };
    return chooseReading(plain, readings, read);
  };
  return {
    ask: (question, context) => findingOf(find(question, context), question),
    article: (articleId) => index.entry(articleId)?.article ?? null,
    search: (question, limit = 3) => {
      const read = find(question);
      return { finding: findingOf(read, question), candidates: read.judgement.scored.slice(0, limit) };
    },
    explain: (question, context, limit = 5) =>
      explain(find(question, context), { question, model, calibration, limit }),
    upsert: (article) => {
      if (takes(article)) index.upsert(article);
      else index.remove(article.id);
    },
    remove: (articleId) => index.remove(articleId),
    get size() {
      return index.size;
    },
    confirm: (articleId, wordings) => index.confirm(articleId, wordings),
    take: (learned) => {
      ranker = new Ranker(index, model.ranker, learned.encoder && new Vectors(encoderOf(learned.encoder)));
      calibration = learned.calibration;
    },
    get calibration() {
      return calibration;
    },
  };
}

/** True for an article that may be shown to customers. */
export function isForCustomers(article: Article): boolean {
  return article.status === 'published' && article.audience === 'public';
}

/** Milliseconds of indexing before other work gets its turn. */
const slice = 8;

const noContext: AskContext = { lastArticleId: null };

function lastAnswer({ lastArticleId, lastQuestion = null }: AskContext, index: SearchIndex): LastAnswer | null {
  const entry = lastArticleId === null ? null : index.entry(lastArticleId);
  if (!entry) return null;
  const { id: articleId, title, followUps } = entry.article;
  return { articleId, question: lastQuestion, title, followUps, wordings: entry.variants.map(({ text }) => text) };
}

/** In terms of the customer's own words, whatever was looked up. */
function findingOf({ judgement: { finding }, readAs }: Read, question: string): Finding {
  if (readAs === null) return finding;
  return { ...finding, understanding: { ...finding.understanding, question, readAs } };
}

function explain(
  { found: { query, ranked }, judgement: { finding, scored, because, signals }, readAs }: Read,
  { question, model, calibration, limit }: { question: string; model: Model; calibration: Calibration; limit: number },
): Explanation {
  const { outcome, confidence, unmatched } = finding.understanding;
  const byId = new Map(ranked.map((weighed) => [weighed.entry.article.id, weighed]));
  return {
    question,
    readAs,
    normalised: query.normalised,
    words: query.words,
    unmatched,
    outcome,
    because,
    confidence,
    threshold: calibration.threshold,
    candidates: scored.slice(0, limit).flatMap((one) => {
      const weighed = byId.get(one.articleId);
      return weighed ? [explainCandidate(one, weighed, model)] : [];
    }),
    signals: signals ? sharesOf(signalNames, signals, weightsAt(signals, model.scope, model.best)) : [],
    calibration: { stage: calibration.stage, labels: calibration.labels },
  };
}

function explainCandidate(one: ScoredCandidate, weighed: Weighed, model: Model): ExplainedCandidate {
  const shares = sharesOf(featureNames, weighed.features, model.ranker);
  return { ...one, wording: wordingToShow(weighed), shares };
}

/** What each value adds to the sum, what adds nothing left out, the heaviest first. */
function sharesOf<Name extends string>(
  names: readonly Name[],
  values: Float64Array,
  weights: Readonly<Record<Name, number>>,
): Share[] {
  return names
    .map((name, i) => ({ name, value: values[i] ?? 0, share: (values[i] ?? 0) * weights[name] }))
    .filter(({ share }) => share !== 0)
    .sort((one, other) => Math.abs(other.share) - Math.abs(one.share));
}
