/** A question with what the base made of it, and the truth. */
export type Outcome = {
  /** That the best article is right, 0..1. */
  readonly confidence: number;
  /** Whether the best article is right. */
  readonly right: boolean;
  readonly answered: boolean;
  /** How many of its like it stands for. */
  readonly weight: number;
};

/** What came of a promise. All but `questions` are shares, 0..1. */
export type Measured = {
  readonly questions: number;
  readonly promised: number;
  /** Of the answers given, how many are right; null when none was given. */
  readonly precision: number | null;
  /** Of the questions, how many were answered. */
  readonly answered: number;
  /** Expected calibration error: the mean distance between confidence and truth, in ten bins (Naeini 2015). */
  readonly calibrationError: number;
};

/** What promises were worth. */
export function measure(outcomes: readonly Outcome[], promised: number): Measured {
  const answered = outcomes.filter((outcome) => outcome.answered);
  const all = weigh(outcomes);
  return {
    questions: outcomes.length,
    promised,
    precision: answered.length > 0 ? weigh(answered, ({ right }) => (right ? 1 : 0)) / weigh(answered) : null,
    answered: all > 0 ? weigh(answered) / all : 0,
    calibrationError: reliability(outcomes).reduce(
      (sum, { share, confidence, right }) => sum + share * Math.abs(confidence - right),
      0,
    ),
  };
}

/** The questions of one tenth of the confidence. */
export type ReliabilityBin = {
  /** Confidence from here to .1 more. */
  readonly from: number;
  /** Of all questions, how many are in it. */
  readonly share: number;
  /** Of these, how sure the base is, and how many are right: equal where confidence is honest. */
  readonly confidence: number;
  readonly right: number;
};

/** Confidence against truth, by tenths; empty tenths are left out. */
export function reliability(outcomes: readonly Outcome[]): ReliabilityBin[] {
  const all = weigh(outcomes);
  return Array.from({ length: 10 }, (_, tenth) => {
    const inside = outcomes.filter(({ confidence }) => Math.min(9, Math.floor(confidence * 10)) === tenth);
    const weight = weigh(inside);
    return {
      from: tenth / 10,
      share: weight / all,
      confidence: weigh(inside, ({ confidence }) => confidence) / weight,
      right: weigh(inside, ({ right }) => (right ? 1 : 0)) / weight,
    };
  }).filter(({ share }) => share > 0);
}

/**
 * The largest share of all questions that could be answered rightly with `precision` of the answers right, were the
 * threshold chosen with the truth in hand: a ceiling, to compare rankings with.
 */
export function coverageAt(outcomes: readonly Outcome[], precision: number): number {
  const sorted = [...outcomes].sort((one, other) => other.confidence - one.confidence);
  let [given, right, covered] = [0, 0, 0];
  sorted.forEach((outcome, place) => {
    given += outcome.weight;
    if (outcome.right) right += outcome.weight;
    if (sorted[place + 1]?.confidence !== outcome.confidence && right / given >= precision) covered = right;
  });
  const all = weigh(outcomes);
  return all > 0 ? covered / all : 0;
}

function weigh(outcomes: readonly Outcome[], value: (outcome: Outcome) => number = () => 1): number {
  return outcomes.reduce((sum, outcome) => sum + outcome.weight * value(outcome), 0);
}
