/** Who said that a wording and an article belong together, or do not. */
export const labelSources = [
  /** The customer pressed or typed "helpful" or "not helpful" under the answer. */
  'feedback',
  /** The customer picked one of the questions the bot offered, or said that it was none of them. */
  'pick',
  /** An agent sent the article to the customer who had asked. */
  'agent',
] as const;
export type LabelSource = (typeof labelSources)[number];

/** A customer's wording with an article, and what somebody who could know said of the two. */
export type Label = {
  readonly question: string;
  readonly articleId: string;
  readonly right: boolean;
  readonly source: LabelSource;
  /** The id of who said it, customer or agent: one voice counts once. */
  readonly by: string;
  /** Milliseconds since 1970. */
  readonly at: number;
};

/** What learning needs of the store. */
export type LabelStore = {
  /** The newest `limit` labels, oldest first. */
  labels(limit: number): Promise<readonly Label[]>;
};
