import type { Candidate } from '../conversation/conversation.ts';

/** Why a question counts as one the knowledge does not answer. */
export const gapReasons = ['no_match', 'low_confidence', 'ambiguous', 'repeated_failure', 'not_helpful'] as const;
export type GapReason = (typeof gapReasons)[number];

/** What customers asked for and did not get: one question, in all the wordings it came in. */
export type Gap = {
  /** The same as long as the same question leads the group. */
  readonly id: string;
  /** The wording most used, the newest among equals. */
  readonly question: string;
  readonly wordings: readonly string[];
  /** In how many conversations; a question repeated in one counts once. */
  readonly count: number;
  readonly customers: number;
  readonly lastAt: number;
  /** Words that no article has, most frequent first. */
  readonly unmatched: readonly string[];
  /** The articles that came nearest, best first. */
  readonly candidates: readonly Candidate[];
  /** Most frequent first. */
  readonly reasons: readonly { readonly reason: GapReason; readonly count: number }[];
  /** Newest first. */
  readonly conversationIds: readonly string[];
  /** What the knowledge answers by now; null if nothing, or only what customers said was no help. */
  readonly nowAnswered: Candidate | null;
};
