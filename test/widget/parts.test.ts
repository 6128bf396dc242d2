import fc from 'fast-check';
import { contrastOf, paletteOf } from '../../src/widget/colour.ts';
import { checkFile, isSend, largestImage, roomLeft } from '../../src/widget/composing.ts';
import type { QueueNews } from '../../src/widget/activity.ts';
import { backOff } from '../../src/widget/direct-line.ts';
import { messagesOf } from '../../src/widget/messages/index.ts';
import { readSettings } from '../../src/widget/settings.ts';
import { queueWords } from '../../src/widget/queue-words.ts';

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

describe('the queue banner', () => {
  const now = Date.parse('2026-05-03T12:00:00Z');
  const queue: QueueNews = {
    kind: 'queue',
    position: 2,
    expectedWaitSeconds: 120,
    agentsOnline: 1,
    opensAt: null,
    timeZone: null,
  };
  const words = (more: Partial<QueueNews>) =>
    queueWords({ ...queue, ...more }, now, { t: messagesOf['zh-Hans'], locale: 'zh-Hans' });
  const here = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const tomorrow = new Date(now).setHours(33, 0, 0, 0);

  test('says the place and the wait, or that nobody is there', () => {
    expect(words({})).toEqual(['前面还有 1 位', '预计等待约 2 分钟']);
    expect(words({ position: 1, expectedWaitSeconds: null })).toEqual(['您是下一位', '坐席会尽快接入']);
    expect(words({ agentsOnline: 0 })[0]).toContain('目前没有坐席在线');
  });

  test('says outside opening hours when they begin, by the customer’s own clock', () => {
    expect(words({ opensAt: tomorrow, timeZone: here, agentsOnline: 0 })).toEqual([
      '现在是非服务时间，明天 09:00 开始服务',
      '您的消息已保留，届时坐席会在这里回复您',
    ]);
    const elsewhere = new Date(now).getTimezoneOffset() === -825 ? 'UTC' : 'Pacific/Chatham';
    expect(words({ opensAt: tomorrow, timeZone: elsewhere })[0]).toContain('09:00（您当地时间）');
    expect(words({ opensAt: tomorrow, timeZone: 'Not/AZone' })[0]).toContain('（您当地时间）');
  });

  test('has forgotten of an opening that is past', () => {
    expect(words({ opensAt: now })[0]).toBe('前面还有 1 位');
  });
});

test.each(['zh-Hant', 'en'] as const)('every message of %s has the places of the Chinese one', (locale) => {
  const places = (phrase: string) => [...phrase.matchAll(/\{\w+\}/g)].map(([place]) => place).sort();
  for (const [key, phrase] of Object.entries(messagesOf['zh-Hans'])) {
    const other = messagesOf[locale][key as keyof (typeof messagesOf)['en']];
    expect([key, places(other)]).toEqual([key, places(phrase)]);
    expect(other.trim()).not.toBe('');
  }
});
