import type { Article } from '../../articles/article.ts';
import type { Edited } from '../../articles/edit.ts';
import { InputError } from '../../errors.ts';
import type { Label, LabelSource } from '../learning/labels.ts';
import { wordingKey } from '../wording.ts';

/** A label, and where it was said. */
export type Evidence = Label & { readonly conversationId: string };

/** What proposals need of the store: a LabelStore that says where. */
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

/** Proposals over the labels, the articles as they are served, and what editors decided. */
export function createProposals(needs: {
  readonly labels: EvidenceStore;
  readonly wordings: WordingStore;
  readonly articles: () => readonly Article[];
  readonly addQuestion: (file: string, question: string) => Promise<Edited>;
  readonly now: () => number;
}): Proposals {
  const { labels, wordings, articles, addQuestion, now } = needs;
  return {
    list: async (limit) => {
      const [said, decisions] = await Promise.all([labels.labels(mostLabels), wordings.decisions()]);
      return proposalsOf(said, articles(), decisions).slice(0, limit);
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
      const decided = decision === 'accept' ? 'accepted' : 'refused';
      await wordings.save({ articleId, question: key, decision: decided, agentId, at: now() });
      return { kind: 'decided' };
    },
  };
}

/** Beyond these, what was said is old. */
const mostLabels = 10_000;

/** A longer one is a letter, not a question; in UTF-16 units. */
export const longestWording = 200;

const unfit = new InputError(`question must hold 1 to ${longestWording} letters or digits`, [
  { path: 'question', message: `must hold 1 to ${longestWording} letters or digits` },
]);

/**
 * What to ask editors: each wording that at least as many people confirmed for an article as denied it, that the article
 * does not have, and about which nobody has decided.
 */
export function proposalsOf(
  labels: readonly Evidence[],
  articles: readonly Article[],
  decisions: readonly WordingDecision[],
): readonly Proposal[] {
  const byId = new Map(articles.map((article) => [article.id, article]));
  const settled = new Set([
    ...decisions.map(({ articleId, question }) => pairOf(articleId, question)),
    ...articles.flatMap(({ id, title, questions }) => [title, ...questions].map((own) => pairOf(id, wordingKey(own)))),
  ]);
  const proposals = [...grouped(labels)].flatMap(([pair, said]) => {
    const article = byId.get(said[0]?.articleId ?? '');
    return article && !settled.has(pair) ? proposalOf(article, said) : [];
  });
  return proposals.sort(
    (a, b) => votes(b) - votes(a) || b.lastAt - a.lastAt || (pairOfProposal(a) < pairOfProposal(b) ? -1 : 1),
  );
}

/** By article and wording, each voice once, with the last it said. */
function grouped(labels: readonly Evidence[]): ReadonlyMap<string, readonly Evidence[]> {
  const groups = new Map<string, Map<string, Evidence>>();
  for (const label of labels) {
    const key = wordingKey(label.question);
    if (key === '' || key.length > longestWording || label.question.length > longestWording) continue;
    const pair = pairOf(label.articleId, key);
    const voices = groups.get(pair) ?? new Map<string, Evidence>();
    groups.set(pair, voices);
    const before = voices.get(label.by);
    if (!before || before.at <= label.at) voices.set(label.by, label);
  }
  return new Map([...groups].map(([pair, voices]) => [pair, [...voices.values()]]));
}

function proposalOf({ id, title }: Article, said: readonly Evidence[]): readonly Proposal[] {
  const confirmed = said.filter(({ right }) => right).sort((a, b) => b.at - a.at);
  const [newest] = confirmed;
  const against = said.length - confirmed.length;
  if (!newest || against > confirmed.length) return [];
  const from = (source: LabelSource): number => confirmed.filter((label) => label.source === source).length;
  return [
    {
      articleId: id,
      title,
      question: newest.question.trim(),
      voices: { feedback: from('feedback'), pick: from('pick'), agent: from('agent') },
      against,
      lastAt: newest.at,
      conversationId: newest.conversationId,
    },
  ];
}

function votes({ voices }: Proposal): number {
  return voices.feedback + voices.pick + voices.agent;
}

function pairOfProposal({ articleId, question }: Proposal): string {
  return pairOf(articleId, question);
}

function pairOf(articleId: string, question: string): string {
  return JSON.stringify([articleId, question]);
}
