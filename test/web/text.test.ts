import { dayOf, roughSpan, sameDay, timeOfDay } from '../../src/web/dates.ts';
import { safeImage, safeLink } from '../../src/web/links.ts';
import { fill, pickLocale } from '../../src/web/locale.ts';
import { linkified } from '../../src/web/plain-text.tsx';
import { elementsOf, textOf } from './nodes.ts';
import { payloads } from './payloads.ts';

describe('plain text of people', () => {
  const links = (text: string) => elementsOf(linkified(text)).map(({ props }) => props.href);

  test('an address can be followed, the Chinese around it is not part of it', () => {
    expect(links('见https://a.cn/b?c=1。再看http://d.cn，')).toEqual(['https://a.cn/b?c=1', 'http://d.cn/']);
  });

  test('punctuation after an address is not part of it', () => {
    expect(links('(https://a.cn/b).')).toEqual(['https://a.cn/b']);
  });

  test.each(payloads)('the text stays as it was written, and only http can be followed: %j', (payload) => {
    expect(textOf(linkified(payload))).toBe(payload);
    for (const { type, props } of elementsOf(linkified(payload))) {
      expect(type).toBe('a');
      expect(props.href).toMatch(/^https?:\/\/[a-z0-9]/i);
      expect(Object.keys(props).sort()).toEqual(['children', 'href', 'rel', 'target']);
    }
  });

  test('bidi marks and look-alike letters end an address', () => {
    expect(links('https://a.cn/\u202egnp.exe')).toEqual(['https://a.cn/']);
    expect(links('https://\u0430pple.com')).toEqual([]);
  });
});

describe('addresses', () => {
  test('only http, https and mailto are followed', () => {
    expect(safeLink('mailto:a@b.cn', 'https://a.cn')).toBe('mailto:a@b.cn');
    expect(safeLink('java\nscript:alert(1)', 'https://a.cn')).toBeNull();
    expect(safeLink('http://[', 'https://a.cn')).toBeNull();
  });

  test('an image comes over https or from the desk itself', () => {
    expect(safeImage('/a.png', 'http://localhost:3978/')).toBe('http://localhost:3978/a.png');
    expect(safeImage('http://localhost:3979/a.png', 'http://localhost:3978/')).toBeNull();
    expect(safeImage('https://b.cn/a.png', 'http://localhost:3978/')).toBe('https://b.cn/a.png');
    expect(safeImage('data:image/png;base64,AAAA', 'https://a.cn')).toBeNull();
  });
});

describe('languages', () => {
  test.each([
    [['zh-Hant'], 'zh-Hant'],
    [['zh-TW', 'en'], 'zh-Hant'],
    [['zh_HK'], 'zh-Hant'],
    [['zh-Hans-HK'], 'zh-Hans'],
    [['yue'], 'zh-Hant'],
    [['zh'], 'zh-Hans'],
    [['fr', 'en-GB', 'zh'], 'en'],
    [[null, undefined, '', 'fr'], 'zh-Hans'],
  ])('%j speaks %s', (wanted, locale) => {
    expect(pickLocale(wanted)).toBe(locale);
  });

  test('a place nobody fills stays visible', () => {
    expect(fill('{name} 第 {count} 位', { count: 0 })).toBe('{name} 第 0 位');
  });
});

describe('dates', () => {
  const noon = new Date(2026, 4, 3, 12, 5).getTime();
  const day = 86_400_000;

  test('a day is said as people say it', () => {
    expect(dayOf(noon, noon, 'zh-Hans')).toBe('今天');
    expect(dayOf(noon - day, noon, 'zh-Hans')).toBe('昨天');
    expect(dayOf(noon - 5 * day, noon, 'zh-Hans')).toBe('4月28日');
    expect(dayOf(noon - 400 * day, noon, 'en')).toBe('March 29, 2025');
  });

  test('the time is said in 24 hours', () => {
    expect(timeOfDay(noon - 12 * 3_600_000, 'en')).toBe('00:05');
  });

  test('a day ends at midnight of the reader', () => {
    expect(sameDay(noon, new Date(2026, 4, 3, 23, 59).getTime())).toBe(true);
    expect(sameDay(noon, new Date(2026, 4, 4, 0, 0).getTime())).toBe(false);
  });

  test('a wait is at least a minute, and from an hour and a half on it is said in hours', () => {
    expect(roughSpan(1)).toEqual({ unit: 'minute', count: 1 });
    expect(roughSpan(170)).toEqual({ unit: 'minute', count: 3 });
    expect(roughSpan(2 * 3600)).toEqual({ unit: 'hour', count: 2 });
  });
});
