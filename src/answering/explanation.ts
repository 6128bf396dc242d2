import type { Understanding } from '../conversation/conversation.ts';
import type { Stage } from './learning/calibration.ts';

/** Why a question got the outcome it got: everything that was weighed, in the order in which it was. */
export type Explanation = {
  readonly question: string;
  /** What was looked up, if context or spelling changed it; null if the question itself was. */
  readonly readAs: string | null;
  /** One script, one width, synonyms written as one word. */
  readonly normalised: string;
  /** As the segmenter cut them, overlapping. */
  readonly words: readonly string[];
  /** Telling words no candidate has. */
  readonly unmatched: readonly string[];
  readonly outcome: Understanding['outcome'];
  readonly because: Because;
  readonly confidence: number;
  /** An answer needs this confidence. */
  readonly threshold: number;
  /** Best first. */
  readonly candidates: readonly ExplainedCandidate[];
  /** What speaks for the best being right, largest share first; in log-odds. Empty without candidates. */
  readonly signals: readonly Share[];
  readonly calibration: { readonly stage: Stage; readonly labels: number };
};

export type ExplainedCandidate = {
  readonly articleId: string;
  readonly title: string;
  /** The article's wording nearest to the question. */
  readonly wording: string;
  /** Sum of the shares; compares within one question only. */
  readonly score: number;
  readonly confidence: number;
  /** What each feature adds to the score, largest first. */
  readonly shares: readonly Share[];
};

/** `share` = `value` times its learned weight. */
export type Share = { readonly name: string; readonly value: number; readonly share: number };

/**
 * What decided.
 * - `exact`         the very words of one article.
 * - `exact_shared`  the very words of several articles.
 * - `sure`          confidence reached the threshold.
 * - `close`         not sure enough, but the right one is probably among the best three.
 * - `denied`        the best article says the opposite of what was asked.
 * - `unsure`        something is near, nothing near enough.
 * - `nothing`       the base knows nothing of it.
 */
export type Because = 'exact' | 'exact_shared' | 'sure' | 'close' | 'denied' | 'unsure' | 'nothing';
