import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Article } from '../../articles/article.ts';
import type { Edited } from '../../articles/edit.ts';
import { InputError } from '../../errors.ts';
import type { Label, LabelSource } from '../learning/labels.ts';
import { longestWording, wordingKey } from '../wording.ts';

/** A label, and where it was said. */
export type Evidence = Label & { readonly conversationId: string };

/** Where labels are kept. */
export type EvidenceStore = {
  /** The newest `limit` labels, oldest first. */
  labels(limit: number): Promise<readonly Evidence[]>;
};

/** What an editor decided about a wording for an article. */
export type WordingDecision = {
  readonly articleId: string;
  /** As `wordingKey` writes it. */
  readonly question: string;
  readonly decision: 'accepted' | 'refused';
  readonly agentId: string;
  readonly at: number;
};

/** Where editors' decisions are kept. */
export type WordingStore = {
  /** Of several decisions about one wording the last stands. */
  save(decision: WordingDecision): Promise<void>;
  /** All of them, oldest first. */
  decisions(): Promise<readonly WordingDecision[]>;
};

/** A wording that people confirmed for an article and that the article does not have. */
export type Proposal = {
  readonly articleId: string;
  readonly title: string;
  readonly question: string;
  /** How many people said that it fits. */
  readonly voices: Readonly<Record<LabelSource, number>>;
  /** How many said that it does not. */
  readonly against: number;
  readonly lastAt: number;
  /** The newest conversation in which it was confirmed. */
  readonly conversationId: string;
};

/** What learning needs to know of a wording that weighs in. */
export type SupportedWording = Pick<Proposal, 'articleId' | 'question' | 'voices' | 'against'>;

/** What an editor says of a wording; `text` is what to write into the article instead. */
export type WordingChoice = {
  readonly articleId: string;
  readonly question: string;
  readonly text: string;
  readonly decision: 'accept' | 'refuse';
  readonly agentId: string;
};

export type Decided =
  | { readonly kind: 'decided' }
  | { readonly kind: 'unknown_article' }
  /** The article's file can't take it; `reason`, in English, says why and what to do. */
  | { readonly kind: 'not_writable'; readonly reason: string };

/** The desk of proposed wordings. */
export type Proposals = {
  /** At most `limit`: most voices first, the newest among equals. */
  list(limit: number): Promise<readonly Proposal[]>;
  /** Accepting writes the wording into the article's file; refusing only remembers. */
  decide(choice: WordingChoice): Promise<Decided>;
};

/**
 * Proposals over the labels, the articles as they are served, and what editors decided. `decided` is told of each
 * decision once it is saved.
 */
export function createProposals(needs: {
  readonly labels: EvidenceStore;
  readonly wordings: WordingStore;
  readonly articles: () => readonly Article[];
  readonly addQuestion: (file: string, question: string) => Promise<Edited>;
  readonly now: () => number;
  readonly decided?: (choice: Pick<WordingChoice, 'articleId' | 'question' | 'decision'>) => void;
}): Proposals {
  const { labels, wordings, articles, addQuestion, now, decided } = needs;
  return {
    list: async (limit) => {
      const [said, decisions] = await Promise.all([labels.labels(mostLabels), wordings.decisions()]);
      return (await proposalsOf(said, articles(), decisions)).slice(0, limit);
    },
    decide: async ({ articleId, question, text, decision, agentId }) => {
      const key = wordingKey(question);
      if (key === '' || key.length > longestWording) throw unfit;
      const article = articles().find(({ id }) => id === articleId);
      if (!article) return { kind: 'unknown_article' };
      if (decision === 'accept') {
        const edited = await addQuestion(article.file, text);
        if (edited.kind === 'refused') return { kind: 'not_writable', reason: edited.reason };
      }
      const saved = decision === 'accept' ? 'accepted' : 'refused';
      await wordings.save({ articleId, question: key, decision: saved, agentId, at: now() });
      decided?.({ articleId, question, decision });
      return { kind: 'decided' };
    },
  };
}

/** Beyond these, what was said is old. */
export const mostLabels = 10_000;

const unfit = new InputError(`question must hold 1 to ${longestWording} letters or digits`, [
  { path: 'question', message: `must hold 1 to ${longestWording} letters or digits` },
]);

/**
 * What to ask editors: each wording that at least as many people confirmed for an article as denied it, that the article
 * does not have, and about which nobody has decided. Most voices first, the newest among equals. Other work goes on
 * meanwhile.
 */
export async function proposalsOf(
  labels: readonly Evidence[],
  articles: readonly Article[],
  decisions: readonly WordingDecision[],
): Promise<readonly Proposal[]> {
  const decided = decisionsByPair(decisions);
  return missingWordings(labels, articles, (pair) => !decided.has(pair));
}

/**
 * What to learn from: the same, but for refused wordings only. One that was accepted in other words still weighs in, as
 * customers go on saying it in theirs. Fewest voices first and the newest last: where there is room for some, the last
 * are to be kept. Other work goes on meanwhile.
 */
export async function confirmedWordings(
  labels: readonly Evidence[],
  articles: readonly Article[],
  decisions: readonly WordingDecision[],
): Promise<readonly SupportedWording[]> {
  const decided = decisionsByPair(decisions);
  const wordings = await missingWordings(labels, articles, (pair) => decided.get(pair) !== 'refused');
  return wordings.toReversed();
}

function decisionsByPair(decisions: readonly WordingDecision[]): ReadonlyMap<string, WordingDecision['decision']> {
  return new Map(decisions.map(({ articleId, question, decision }) => [pairOf(articleId, question), decision]));
}

/** The confirmed wordings that articles do not have, of the pairs that are open. */
async function missingWordings(
  labels: readonly Evidence[],
  articles: readonly Article[],
  isOpen: (pair: string) => boolean,
): Promise<readonly Proposal[]> {
  const byId = new Map(articles.map((article) => [article.id, article]));
  const proposals: Proposal[] = [];
  for await (const [pair, { articleId, key, voices }] of unhurried(await grouped(labels))) {
    const article = byId.get(articleId);
    if (!article || !isOpen(pair)) continue;
    const proposal = proposalOf(article, [...voices.values()]);
    if (proposal && !(await ownKeys(article)).has(key)) proposals.push(proposal);
  }
  return proposals.sort((a, b) => votes(b) - votes(a) || b.lastAt - a.lastAt || byName(a, b));
}

/** What was said of one wording for one article: by each voice the last. */
type Group = { readonly articleId: string; readonly key: string; readonly voices: Map<string, Evidence> };

async function grouped(labels: readonly Evidence[]): Promise<ReadonlyMap<string, Group>> {
  const groups = new Map<string, Group>();
  for await (const label of unhurried(labels)) {
    const { articleId, question, by, at } = label;
    const key = question.length > longestWording ? '' : wordingKey(question);
    if (key === '' || key.length > longestWording) continue;
    const pair = pairOf(articleId, key);
    const { voices } = groups.get(pair) ?? { voices: new Map<string, Evidence>() };
    groups.set(pair, { articleId, key, voices });
    const before = voices.get(by);
    if (!before || before.at <= at) voices.set(by, label);
  }
  return groups;
}

/** The rows as they are, with a turn for other work before each hundred: these take a few milliseconds. */
async function* unhurried<Row>(rows: Iterable<Row>): AsyncGenerator<Row> {
  let taken = 0;
  for (const row of rows) {
    if (taken++ % atOnce === 0) await nextTurn();
    yield row;
  }
}

const atOnce = 100;

/** The article's own wordings. */
async function ownKeys(article: Article): Promise<ReadonlySet<string>> {
  const known = keysByArticle.get(article);
  if (known) return known;
  const keys = new Set<string>();
  for await (const wording of unhurried([article.title, ...article.questions])) keys.add(wordingKey(wording));
  keysByArticle.set(article, keys);
  return keys;
}

/** An article that changes is read anew, as another object. */
const keysByArticle = new WeakMap<Article, ReadonlySet<string>>();

function proposalOf({ id, title }: Article, said: readonly Evidence[]): Proposal | null {
  const confirmed = said.filter(({ right }) => right).sort((a, b) => b.at - a.at);
  const [newest] = confirmed;
  const against = said.length - confirmed.length;
  if (!newest || against > confirmed.length) return null;
  const from = (source: LabelSource): number => confirmed.filter((label) => label.source === source).length;
  return {
    articleId: id,
    title,
    question: newest.question.trim(),
    voices: { feedback: from('feedback'), pick: from('pick'), agent: from('agent') },
    against,
    lastAt: newest.at,
    conversationId: newest.conversationId,
  };
}

function votes({ voices }: Proposal): number {
  return voices.feedback + voices.pick + voices.agent;
}

function byName(a: Proposal, b: Proposal): number {
  return pairOf(a.articleId, a.question) < pairOf(b.articleId, b.question) ? -1 : 1;
}

function pairOf(articleId: string, question: string): string {
  return JSON.stringify([articleId, question]);
}
