import fc from 'fast-check';
import { asShipped, calibrate, confidenceOf, thresholdFor } from '../../../src/answering/learning/calibration.ts';
import type { Calibration, JudgedQuestion } from '../../../src/answering/learning/calibration.ts';

const row = (best: number, right: boolean): JudgedQuestion => ({
  best,
  amongThree: best + 1,
  right,
  rightAmongThree: right,
  weight: 1,
});

/** Questions whose truth follows the log-odds, as a base with honest coefficients would have them, moved by `bias`. */
function questions(count: number, bias: number): JudgedQuestion[] {
  return Array.from({ length: count }, (_, n) => {
    const odds = -6 + (12 * n) / count;
    const chance = 1 / (1 + Math.exp(-odds));
    // A low-discrepancy draw: the share of right ones is what it should be, near any place.
    return row(odds + bias, (n * 0.618_034) % 1 < chance);
  });
}

const labelled = (rows: readonly JudgedQuestion[], before: Calibration = asShipped(0.95)): Calibration =>
  calibrate(rows, { stage: 'labelled', before, targetPrecision: 0.95 });

describe('a calibration', () => {
  it('without anything to go by is the one before', () => {
    const before = asShipped(0.9);
    expect(calibrate([], { stage: 'labelled', before, targetPrecision: 0.9 })).toEqual({
      ...before,
      stage: 'labelled',
    });
  });

  it.each([-2, 0, 2])('takes a constant bias of %d out of the confidence', (bias) => {
    const { best } = labelled(questions(2_000, bias));
    for (const odds of [-2, 0, 2]) {
      expect(confidenceOf(odds + bias, best)).toBeCloseTo(1 / (1 + Math.exp(-odds)), 1);
    }
  });

  it('moves little for few labels, further for many', () => {
    const shifts = [10, 100, 1_000].map((count) => labelled(questions(count, 2)).best.shift);
    expect(shifts[0]).toBeGreaterThan(shifts[1] ?? 0);
    expect(shifts[1]).toBeGreaterThan(shifts[2] ?? 0);
    expect(shifts[2]).toBeLessThan(-1.5);
  });

  it('gives up the caution of the start only with labels', () => {
    const rows = questions(1_000, 0);
    const self = calibrate(rows, { stage: 'self', before: asShipped(0.95), targetPrecision: 0.95 });
    expect(self.threshold).toBe(thresholdFor(0.95));
    expect(labelled(rows).threshold).toBeLessThan(self.threshold);
  });

  it('keeps its promise on the questions it was made from', () => {
    const rows = questions(4_000, 1.5);
    const { best, threshold } = labelled(rows);
    const answered = rows.filter((one) => confidenceOf(one.best, best) >= threshold);
    const precision = answered.filter(({ right }) => right).length / answered.length;
    expect(precision).toBeGreaterThan(0.94);
    expect(precision).toBeLessThan(0.97);
  });

  it('learns of the best three only where it is known', () => {
    const unknown = questions(500, 2).map((one) => ({ ...one, rightAmongThree: null }));
    expect(labelled(unknown).amongThree).toEqual({ slope: 1, shift: 0 });
  });

  it('is sound whatever it is made from: more evidence is never less confidence, and a threshold is a probability', () => {
    const rows = fc.array(
      fc.record({
        best: fc.double({ min: -40, max: 40, noNaN: true }),
        amongThree: fc.double({ min: -40, max: 40, noNaN: true }),
        right: fc.boolean(),
        rightAmongThree: fc.option(fc.boolean()),
        weight: fc.double({ min: 0.01, max: 20, noNaN: true }),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(rows, fc.double({ min: 0.5, max: 0.999, noNaN: true }), (judged, targetPrecision) => {
        const made = calibrate(judged, { stage: 'labelled', before: asShipped(targetPrecision), targetPrecision });
        expect(made.best.slope).toBeGreaterThan(0);
        expect(made.amongThree.slope).toBeGreaterThan(0);
        expect(Number.isFinite(made.best.shift + made.amongThree.shift)).toBe(true);
        expect(made.threshold).toBeGreaterThanOrEqual(0);
        expect(made.threshold).toBeLessThanOrEqual(1);
      }),
    );
  });
});
