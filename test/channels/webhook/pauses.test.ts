import fc from 'fast-check';
import { attemptsAtMost, pauseAfter } from '../../../src/channels/webhook/pauses.ts';

describe('The pause before an event is sent again', () => {
  it('triples from five seconds up to six hours, and ends after twelve attempts', () => {
    const pauses = Array.from({ length: 12 }, (_, index) => pauseAfter(index + 1, failed(), 0.5));
    const seconds = pauses.map((pause) => pause && pause / 1_000);
    expect(seconds).toEqual([5, 15, 45, 135, 405, 1_215, 3_645, 10_935, 21_600, 21_600, 21_600, null]);
  });

  it('ends after six attempts where the event is refused', () => {
    const refused = { kind: 'refused', error: '', retryAfterMs: 0 } as const;
    expect(pauseAfter(5, refused, 0.5)).toBe(405_000);
    expect(pauseAfter(6, refused, 0.5)).toBeNull();
  });

  it('is a fifth shorter to a fifth longer, by chance', () => {
    expect([0, 0.5, 1].map((random) => pauseAfter(1, failed(), random))).toEqual([4_000, 5_000, 6_000]);
  });

  it('is as long as the other side asks, up to six hours', () => {
    expect(pauseAfter(1, failed(60_000), 0.5)).toBe(60_000);
    expect(pauseAfter(6, failed(60_000), 0.5)).toBe(1_215_000);
    expect(pauseAfter(1, failed(Number.MAX_SAFE_INTEGER), 0.5)).toBe(6 * 3_600_000);
  });

  it('is all in all about a day, whatever chance says', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 11, maxLength: 11 }), (chances) => {
        const all = chances.reduce((sum, random, index) => sum + (pauseAfter(index + 1, failed(), random) ?? 0), 0);
        expect(all).toBeGreaterThan(18 * 3_600_000);
        expect(all).toBeLessThan(28 * 3_600_000);
      }),
    );
    expect(attemptsAtMost.failed).toBe(12);
  });
});

function failed(retryAfterMs = 0) {
  return { kind: 'failed', error: '', retryAfterMs } as const;
}
