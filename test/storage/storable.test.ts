import fc from 'fast-check';
import { isStorableId, storable } from '../../src/storage/storable.ts';

const text = fc.string({ unit: 'binary' }).map((value) => value.replaceAll('\0', ''));
const broken = fc.oneof(text, fc.constantFrom('\ud800', 'a\udfff', '\ud83d\ude00'));
const json = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, broken, fc.integer(), fc.boolean(), fc.constant(null), tie('list'), tie('object')),
  list: fc.array(tie('value'), { maxLength: 4 }),
  object: fc.dictionary(broken, tie('value'), { maxKeys: 4 }),
})).value;

describe('what is made storable', () => {
  it('is well-formed throughout and otherwise the same', () => {
    fc.assert(
      fc.property(json, (value) => {
        const clean = storable(value);
        expect(JSON.stringify(clean)).toBe(wellFormedJson(value));
      }),
    );
  });

  it('is the value itself when there is nothing to change', () => {
    const value = { text: '好的 👨‍👩‍👧', nested: [{ a: 1 }, 'x'] };
    expect(storable(value)).toBe(value);
  });

  it('never holds NUL', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (before, after) => {
        expect(() => storable({ list: [`${before}\0${after}`] })).toThrow(/list\.0/);
        expect(() => storable({ [`${before}\0${after}`]: 1 })).toThrow();
        expect(isStorableId(`${before}\0${after}`)).toBe(false);
      }),
    );
  });
});

/** JSON as if every string in it had been made well-formed; later twins of a key win, as in the object. */
function wellFormedJson(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.toWellFormed());
  if (Array.isArray(value)) return `[${value.map(wellFormedJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = new Map(Object.entries(value).map(([key, inner]) => [key.toWellFormed(), wellFormedJson(inner)]));
  // Integer keys come first in every object.
  const ordered = Object.keys(Object.fromEntries(fields));
  return `{${ordered.map((key) => `${JSON.stringify(key)}:${fields.get(key) ?? ''}`).join(',')}}`;
}
