import fc from 'fast-check';
import { contrastOf, paletteOf } from '../../src/widget/colour.ts';
import { checkFile, isSend, largestImage, roomLeft } from '../../src/widget/composing.ts';
import { backOff } from '../../src/widget/direct-line.ts';
import { messagesOf } from '../../src/widget/messages/index.ts';
import { readSettings } from '../../src/widget/settings.ts';

describe('the script tag', () => {
  const page = { language: 'fr', languages: ['fr', 'zh-TW'] };
  const read = (dataset: Readonly<Record<string, string>>) =>
    readSettings({ src: 'https://desk.example/widget.js?v=1', dataset }, page);

  test('says where the desk is, and the rest has defaults', () => {
    expect(read({})).toEqual({
      server: 'https://desk.example',
      title: null,
      colour: '',
      locale: 'zh-Hant',
      position: 'right',
      open: false,
      theme: 'auto',
    });
  });

  test('says the rest', () => {
    const dataset = { title: ' 山雀 ', colour: '#0a7', locale: 'en', position: 'left', open: '', theme: 'dark' };
    expect(read(dataset)).toMatchObject({ ...dataset, title: '山雀', open: true });
  });

  test('with a typo falls back instead of failing', () => {
    const dataset = { title: '  ', locale: 'klingon', position: 'top', open: 'false', theme: 'pink' };
    expect(read(dataset)).toMatchObject({ title: null, position: 'right', open: false, theme: 'auto' });
  });
});

describe('the owner’s colour', () => {
  const hex = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`);

  test('can be read wherever it is used, whichever it is', () => {
    fc.assert(
      fc.property(hex, (colour) => {
        const { accent, onAccent, inkOnLight, inkOnDark } = paletteOf(colour);
        expect(contrastOf(accent, onAccent)).toBeGreaterThanOrEqual(4.5);
        expect(contrastOf(inkOnLight, '#ffffff')).toBeGreaterThanOrEqual(4.5);
        expect(contrastOf(inkOnLight, '#f1f3f5')).toBeGreaterThanOrEqual(4.5);
        expect(contrastOf(inkOnDark, '#1a1f25')).toBeGreaterThanOrEqual(4.5);
        expect(contrastOf(inkOnDark, '#2a3038')).toBeGreaterThanOrEqual(4.5);
      }),
    );
  });

  test('that can be read stays as it is', () => {
    expect(paletteOf('#0B7A5B').accent).toBe('#0b7a5b');
    expect(paletteOf('#fc0')).toMatchObject({ accent: '#ffcc00', onAccent: '#11161c' });
  });

  test('that is none gives way to the default', () => {
    for (const colour of ['', 'red; background:url(//evil.example)', '#12', 'url(x)']) {
      expect(paletteOf(colour)).toEqual(paletteOf('#0b7a5b'));
    }
  });
});

describe('Enter', () => {
  const press = {
    key: 'Enter',
    shiftKey: false,
    ctrlKey: false,
    altKey: false,
    metaKey: false,
    isComposing: false,
    keyCode: 13,
  };

  test('sends', () => expect(isSend(press)).toBe(true));
  test('with Shift makes a new line', () => expect(isSend({ ...press, shiftKey: true })).toBe(false));
  test('that picks a candidate of the input method does not send', () => {
    expect(isSend({ ...press, isComposing: true, keyCode: 229 })).toBe(false);
  });
  test('that ends a composition in Safari does not send either', () => {
    expect(isSend({ ...press, isComposing: false, keyCode: 229 })).toBe(false);
  });
});

test('the room left is said when it becomes little', () => {
  expect(roomLeft('字'.repeat(1799))).toBeNull();
  expect(roomLeft('字'.repeat(1800))).toBe(200);
  expect(roomLeft('字'.repeat(2001))).toBe(-1);
});

test('only pictures of a sensible size are taken', () => {
  expect(checkFile({ type: 'image/png', size: largestImage })).toBe('ok');
  expect(checkFile({ type: 'image/png', size: largestImage + 1 })).toBe('too_large');
  expect(checkFile({ type: 'image/svg+xml', size: 10 })).toBe('wrong_type');
  expect(checkFile({ type: '', size: 10 })).toBe('wrong_type');
});

test('the wait doubles up to ten seconds and is spread over its second half', () => {
  expect([1, 2, 3, 20].map((failures) => backOff(failures, 1))).toEqual([1_000, 2_000, 4_000, 10_000]);
  expect(backOff(3, 0)).toBe(2_000);
});

test.each(['zh-Hant', 'en'] as const)('every message of %s has the places of the Chinese one', (locale) => {
  const places = (phrase: string) => [...phrase.matchAll(/\{\w+\}/g)].map(([place]) => place).sort();
  for (const [key, phrase] of Object.entries(messagesOf['zh-Hans'])) {
    const other = messagesOf[locale][key as keyof (typeof messagesOf)['en']];
    expect([key, places(other)]).toEqual([key, places(phrase)]);
    expect(other.trim()).not.toBe('');
  }
});
