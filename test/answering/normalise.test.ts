import fc from 'fast-check';
import { longestText, normalise } from '../../src/answering/normalise.ts';

describe('normalise', () => {
  it('writes traditional Chinese as simplified, by words and not by characters', () => {
    expect(normalise('什麼時候可以領取電子發票')).toBe('什么时候可以领取电子发票');
    expect(normalise('怎麼辦')).toBe('怎么办');
  });

  it('folds full-width letters, digits and case', () => {
    expect(normalise('ＡＰＰ　１２３ Wi-Fi')).toBe('app 123 wi-fi');
  });

  it('never returns more than it was allowed to, even where folding lengthens', () => {
    expect(normalise('ﷺ'.repeat(longestText))).toHaveLength(longestText);
    expect(normalise('退'.repeat(10 * longestText))).toHaveLength(longestText);
    expect(normalise('退款多久', 2)).toBe('退款');
  });

  it('turns any string into a well-formed one and is done after one go', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (one, other) => {
        const once = normalise(`${one}\ud83d${other}`);
        expect(once.isWellFormed()).toBe(true);
        expect(normalise(once)).toBe(once);
      }),
    );
  });
});
