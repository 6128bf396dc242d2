/**
 * How far the confidence can be believed.
 * - `shipped`   coefficients fitted on other bases, with a cautious start: estimated.
 * - `self`      calibrated on this base's own alternate questions, held out: estimated.
 * - `labelled`  calibrated on what customers and agents said of this base's answers.
 */
export type Stage = 'shipped' | 'self' | 'labelled';

/** From log-odds as the shipped coefficients see them to log-odds as this base has them. */
export type Line = { readonly slope: number; readonly shift: number };

/** What makes a confidence honest on one base. */
export type Calibration = {
  readonly stage: Stage;
  /** How many judged questions it was fitted on. */
  readonly labels: number;
  /** For "the best article is right" and for "the right one is among the best three". */
  readonly best: Line;
  readonly amongThree: Line;
  /** The confidence from which on an answer is given. */
  readonly threshold: number;
};

/** A question whose truth is known. */
export type JudgedQuestion = {
  /** Log-odds of the shipped coefficients that the best article is right, and that the right one is among three. */
  readonly best: number;
  readonly amongThree: number;
  readonly right: boolean;
  /** Null where only the best was judged. */
  readonly rightAmongThree: boolean | null;
  /** How many of its like it stands for; the weights of all rows sum to their number. */
  readonly weight: number;
};

/** Before anything is known of the base. */
export function asShipped(targetPrecision: number): Calibration {
  return { stage: 'shipped', labels: 0, best: same, amongThree: same, threshold: thresholdFor(targetPrecision) };
}

/**
 * Platt scaling with a prior (the calibration `before`), and the threshold that follows. The more rows, the less of the
 * caution of a start without any is kept.
 */
export function calibrate(
  rows: readonly JudgedQuestion[],
  { stage, before, targetPrecision }: { stage: Stage; before: Calibration; targetPrecision: number },
): Calibration {
  const best = plattLine(
    rows.map(({ best, right, weight }) => ({ logit: best, right, weight })),
    before.best,
  );
  const amongThree = plattLine(
    rows.flatMap(({ amongThree, rightAmongThree, weight }) =>
      rightAmongThree === null ? [] : [{ logit: amongThree, right: rightAmongThree, weight }],
    ),
    before.amongThree,
  );
  const judged = rows.map(({ best: logit, right, weight }) => ({
    confidence: confidenceOf(logit, best),
    right,
    weight,
  }));
  const cautious = thresholdFor(targetPrecision);
  const fitting = thresholdOn(judged, targetPrecision);
  const trust = stage === 'labelled' ? rows.length / (rows.length + labelsForHalfTrust) : 0;
  return { stage, labels: rows.length, best, amongThree, threshold: cautious + trust * (fitting - cautious) };
}

/** The probability that follows from the shipped coefficients' log-odds. */
export function confidenceOf(logit: number, { slope, shift }: Line): number {
  return 1 / (1 + Math.exp(-(slope * logit + shift)));
}

/**
 * The confidence from which on an answer is given, so that `targetPrecision` of the answers given are right. Shipped
 * coefficients meet domains they have never seen, so the threshold stays close to the target although the mean of what
 * is answered lies well above it. Fitted without the domain, promised .95 (threshold .92), right were .982 on esun,
 * .963 on zhidao, .948 on the sample knowledge's own held-out wordings, which differ more than customers' do
 * (one standard deviation: .011, .005, .04).
 */
export function thresholdFor(targetPrecision: number): number {
  const target = Math.min(0.999, Math.max(0.5, targetPrecision));
  const odds = (oddsKept * target) / (1 - target);
  return odds / (1 + odds);
}

const oddsKept = 0.6;
const same: Line = { slope: 1, shift: 0 };

/**
 * The lowest threshold at which what is answered is right often enough: as often as its mean confidence says, corrected by
 * how often it was. Where two numbers cannot follow the truth, at the very top above all, the count does.
 */
function thresholdOn(rows: readonly JudgedConfidence[], target: number): number {
  const sorted = [...rows].sort((one, other) => other.confidence - one.confidence);
  let [weights, expected, right] = [0, 0, 0];
  let threshold = target;
  for (const row of sorted) {
    weights += row.weight;
    expected += row.weight * row.confidence;
    if (row.right) right += row.weight;
    const precision = (right + (priorRows * expected) / weights) / (weights + priorRows);
    if (precision >= target) threshold = Math.min(threshold, row.confidence);
  }
  return threshold;
}

type JudgedConfidence = { readonly confidence: number; readonly right: boolean; readonly weight: number };

/** The mean confidence of what is answered counts as much as so many judged questions. */
const priorRows = 50;

/** With this many labels half of the caution of the start is given up. */
const labelsForHalfTrust = 100;

type PlattRow = { readonly logit: number; readonly right: boolean; readonly weight: number };

/**
 * Slope and shift with the highest posterior (Platt 1999, with a normal prior around `before` instead of smoothed
 * targets), by Newton's method. Without rows it is `before`.
 */
function plattLine(rows: readonly PlattRow[], before: Line): Line {
  let { slope, shift } = before;
  for (let step = 0; step < newtonSteps; step++) {
    let [gradientA, gradientB] = [
      (slope - before.slope) / priorVariance.slope,
      (shift - before.shift) / priorVariance.shift,
    ];
    let [aa, ab, bb] = [1 / priorVariance.slope, 0, 1 / priorVariance.shift];
    for (const { logit, right, weight } of rows) {
      const p = confidenceOf(logit, { slope, shift });
      const error = weight * (p - (right ? 1 : 0));
      const curve = weight * p * (1 - p);
      gradientA += error * logit;
      gradientB += error;
      aa += curve * logit * logit;
      ab += curve * logit;
      bb += curve;
    }
    const determinant = aa * bb - ab * ab;
    const [moveA, moveB] = [
      (bb * gradientA - ab * gradientB) / determinant,
      (aa * gradientB - ab * gradientA) / determinant,
    ];
    slope = Math.max(leastSlope, slope - clamp(moveA));
    shift -= clamp(moveB);
    if (Math.abs(moveA) + Math.abs(moveB) < 1e-9) break;
  }
  return { slope, shift };
}

const newtonSteps = 50;
/** How far one base's confidence may be from the shipped one's before many labels say so. */
const priorVariance = { slope: 0.3 ** 2, shift: 1 };
/** More evidence never makes less confidence. */
const leastSlope = 0.05;

function clamp(move: number): number {
  return Math.min(2, Math.max(-2, move));
}
