import type { LabelSource } from './labels.ts';

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

/** What an editor decides about a wording; `text` is what to write into the article instead. */
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

/** What an editor's desk of proposed wordings does. */
export type Proposals = {
  /** Most voices first, the newest among equals. */
  list(limit: number): Promise<readonly Proposal[]>;
  /** Accepting writes the wording into the article's file; refusing only remembers. The last decision stands. */
  decide(choice: WordingChoice): Promise<Decided>;
};
