import type { Article } from '../articles/article.ts';
import { plainText } from '../articles/plain-text.ts';
import { isForCustomers, type ArticleAnswers } from './answers.ts';
import type { ExplainedCandidate } from './explanation.ts';
import { normalise } from './normalise.ts';

/** An article as agents find it. */
export type FoundArticle = {
  readonly articleId: string;
  readonly title: string;
  /** Internal ones are for agents alone. */
  readonly audience: 'public' | 'internal';
  /** Probability that it is the right answer; null for internal ones, which nothing was calibrated on. */
  readonly confidence: number | null;
  /** The article's wording nearest to the question. */
  readonly question: string;
  /** Words of the question that it has. */
  readonly matched: readonly string[];
  /** The body as plain text. */
  readonly text: string;
};

/** True for an article that agents alone may see. */
function isForAgentsAlone({ status, audience }: Article): boolean {
  return status === 'published' && audience === 'internal';
}

type Index = Pick<ArticleAnswers, 'explain' | 'article'>;

/**
 * Which articles the index for agents takes: the internal ones, and so many of the customers' that an internal one has
 * something to be weighed against, however large the base. Alone it would be the best answer to everything.
 */
export function takesForAgents(): (article: Article) => boolean {
  const others = new Set<string>();
  return (article) => {
    if (isForAgentsAlone(article)) return true;
    if (!isForCustomers(article) || (others.size >= weighedAgainst && !others.has(article.id))) return false;
    others.add(article.id);
    return true;
  };
}

const weighedAgainst = 500;

/**
 * What agents find, the best first: customers' articles, ranked and weighed as customers are answered from them, and the
 * internal ones, which have an index of their own so that no customer can ever be answered from one.
 */
export async function searchForAgents(
  question: string,
  { customers, internal }: { readonly customers: Index; readonly internal: Index },
  limit: number,
): Promise<readonly FoundArticle[]> {
  const isInternal = ({ candidate }: Ranked): boolean => customers.article(candidate.articleId) === null;
  const ranked = [
    ...rankedIn(customers, 'public', question, limit),
    ...rankedIn(internal, 'internal', question, limit + weighedTogether).filter(isInternal),
  ]
    .sort((one, other) => other.candidate.confidence - one.candidate.confidence)
    .slice(0, limit);
  return Promise.all(ranked.map(foundArticle));
}

/** An internal article that so many of the customers' come before is not what is sought. */
const weighedTogether = 5;

type Ranked = {
  readonly candidate: ExplainedCandidate;
  readonly body: string;
  readonly audience: FoundArticle['audience'];
  /** Of the question. */
  readonly words: readonly string[];
};

function rankedIn(index: Index, audience: Ranked['audience'], question: string, limit: number): readonly Ranked[] {
  const { words, candidates } = index.explain(question, { lastArticleId: null }, limit);
  return candidates.flatMap((candidate): readonly Ranked[] => {
    const body = index.article(candidate.articleId)?.body;
    return body === undefined ? [] : [{ candidate, body, audience, words }];
  });
}

async function foundArticle({ candidate, body, audience, words }: Ranked): Promise<FoundArticle> {
  const { articleId, title, confidence, wording } = candidate;
  const { text } = await plainText(body);
  const read = normalise([title, wording, text].join('\n'), longestRead);
  return {
    articleId,
    title,
    audience,
    confidence: audience === 'public' ? confidence : null,
    question: wording,
    matched: [...new Set(words)].filter((word) => read.includes(normalise(word))),
    text,
  };
}

/** In UTF-16 units: of a word that stands first after so much, nothing is told. */
const longestRead = 20_000;
