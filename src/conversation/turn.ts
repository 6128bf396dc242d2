import type { BotMemory, Draft, HandoffReason, Understanding } from './conversation.ts';

/** What a turn asks of retrieval: the answering module promises it, a test may script it. */
export type Answers = {
  /** Never throws for any string, and takes a few milliseconds at most. */
  ask(question: string, context: AskContext): Finding;
};

export type AskContext = {
  /** The last answered article, for short follow-ups; null at the start. */
  readonly lastArticleId: string | null;
};

/** What retrieval makes of a question. */
export type Finding = {
  readonly understanding: Understanding;
  /** The article to answer with; null unless the outcome is `answer`. */
  readonly article: AnswerArticle | null;
  /** Questions to offer, best first, at most three; empty unless the outcome is `clarify`. */
  readonly suggestions: readonly { readonly articleId: string; readonly question: string }[];
  /** Why there is no answer; null when there is one or when it clarifies. */
  readonly failure: 'no_match' | 'low_confidence' | null;
};

export type AnswerArticle = {
  readonly id: string;
  readonly title: string;
  /** Markdown. */
  readonly body: string;
  readonly followUps: readonly string[];
};
