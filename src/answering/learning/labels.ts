/**
 * How somebody said that a wording and an article belong together, or do not.
 * - `feedback`  the customer pressed or typed "helpful" or "not helpful" under the answer.
 * - `pick`      the customer picked one of the questions the bot offered, or said that it was none of them.
 * - `agent`     an agent sent the article to the customer who had asked.
 */
export type LabelSource = 'feedback' | 'pick' | 'agent';

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
