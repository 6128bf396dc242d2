import type { SignalWeights } from './confidence.ts';
import type { Weights } from './rank.ts';

/** Everything that is learned: what counts how much, and how sure that makes us. */
export type Model = {
  readonly ranker: Weights;
  /** Log-odds that the base has an article for the question at all. */
  readonly scope: SignalWeights;
  /** If it has one: log-odds that the best article is right. */
  readonly best: SignalWeights;
  /** If it has one: log-odds that the right one is among the best three. */
  readonly amongThree: SignalWeights;
};
