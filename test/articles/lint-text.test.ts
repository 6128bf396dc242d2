import { lintArticles } from '../../src/articles/lint.ts';
import { loadArticles } from '../../src/articles/load.ts';
import { temporaryFolder } from './folder.ts';

const folder = temporaryFolder();

describe('garbled text', () => {
  const garble = (text: string, encoding: string): string => new TextDecoder(encoding).decode(Buffer.from(text));
  // 你好请问 in GBK.
  const gbk = Uint8Array.of(0xc4, 0xe3, 0xba, 0xc3, 0xc7, 0xeb, 0xce, 0xca);

  it.each([
    ['U+FFFD', '退\ufffd货'],
    ['U+FFFD read as GBK', '锟斤拷锟斤拷'],
    ['U+FFFD read as Latin-1', '退ï¿½货'],
    ['memory nobody wrote to', '烫烫烫烫'],
    ['UTF-8 read as Latin-1', garble('你好', 'latin1')],
    ['UTF-8 read as Windows-1252', garble('运费谁出', 'windows-1252')],
    ['a quotation mark read as Windows-1252', `说${garble('“', 'windows-1252')}好`],
    ['UTF-8 read as GBK', garble('你好', 'gbk')],
    ['UTF-8 read as GBK amid sound text', `请问${garble('运费', 'gbk')}多少`],
    ['GBK read as Latin-1', new TextDecoder('latin1').decode(gbk)],
  ])('is found: %s', async (_, garbled) => {
    folder.write('a.md', `---\ntitle: 退货\n---\n好\n${garbled}`);
    expect(await findings()).toEqual([expect.stringMatching(/^a\.md:5 error mojibake/)]);
  });

  it('is found in questions of every kind', async () => {
    folder.write('a.md', '---\ntitle: 退货\nquestions: [锟斤拷]\nnot_questions:\n  - 退ï¿½款\n---\n好');
    expect(await findings()).toEqual([
      expect.stringMatching(/^a\.md:3 error mojibake/),
      expect.stringMatching(/^a\.md:5 error mojibake/),
    ]);
  });

  it.each([
    '鑫淼犇羴骉，瀧澤先生，氹仔路環，「繁體」。',
    'À la carte — « été à la crème brûlée », naïve façade.',
    '王××先生，尾号××××，······，5 ± 0.5 °C',
    'Größe, Übergröße, Señor Ñáñez',
  ])('is not: %s', async (text) => {
    folder.write('a.md', `---\ntitle: 退貨須知\n---\n${text}`);
    expect(await findings()).toEqual([]);
  });
});

describe('text with its pronunciation', () => {
  it.each([
    ['in brackets', '汉(hàn)字(zì)怎么念'],
    ['in full-width brackets without tones', '退（tui）货（huo）'],
    ['with tones as digits', '退(tui4)货(huo4)'],
    ['beside the characters', '退tuì货huò流程'],
    ['with spaces', '退 tuì 货 huò'],
    ['as a line of its own', 'wǒ xiǎng tuì huò'],
    ['as ruby', '<ruby>退<rt>tuì</rt></ruby>货'],
    ['in bopomofo', '退ㄊㄨㄟˋ貨ㄏㄨㄛˋ'],
  ])('is found: %s', async (_, text) => {
    folder.write('a.md', `---\ntitle: 退货\nchannels: [web]\n---\n好\n\n${text}`);
    expect(await findings()).toEqual([expect.stringMatching(/^a\.md:7 warning pinyin/)]);
  });

  it('is told once for an article, with how many lines there are', async () => {
    folder.write('a.md', '---\ntitle: 退货\n---\n退tuì货huò\n\n运yùn费fèi');
    expect(await findings()).toEqual([expect.stringMatching(/^a\.md:4 warning pinyin .*and on 1 lines more/)]);
  });

  it.each([
    '邕(yōng)江边的门店',
    '打开 App 看 WiFi 名称，在 OPPO 手机上点 Set 再点 OK',
    '型号 A(a)、B(b) 和 C(c)',
    'crème brûlée à la carte',
    '选「男(M)女(F)」',
  ])('is not: %s', async (text) => {
    folder.write('a.md', `---\ntitle: 门店在哪\n---\n${text}`);
    expect(await findings()).toEqual([]);
  });
});

describe('on WeChat', () => {
  it.each([
    ['wechat-table', '好\n\n| 类别 | 期限 |\n| --- | --- |\n| 小家电 | 1 年 |', 6],
    ['wechat-html', '好<br>\n再见<br/>', 4],
    ['wechat-html', '<div class="x">好</div>', 4],
    ['wechat-link', '看![图](https://example.org/a.png)', 4],
    ['wechat-link', '见[下面](#below)', 4],
    ['wechat-link', '见[官网](/help)', 4],
    ['wechat-link', '写信给[我们](mailto:a@example.org)', 4],
    ['wechat-long', '退'.repeat(683), 4],
  ])('%s cannot be read: %j', async (rule, body, line) => {
    folder.write('a.md', `---\ntitle: 退货\n---\n${body}`);
    expect(await findings()).toEqual([expect.stringMatching(new RegExp(`^a\\.md:${line} warning ${rule} `))]);
  });

  it('what is sound can be read', async () => {
    folder.write('b.md', '---\ntitle: 运费\n---\n退'.concat('退'.repeat(680)));
    folder.write(
      'a.md',
      '---\ntitle: 退货\n---\n见[运费](b.md)、[官网](https://example.org/x)、<https://example.org>。满 3 < 5 件，A | B\n\n`<br>` 和\n\n```\n<div>| a |\n| --- |\n```\n\n---\n完',
    );
    expect(await findings()).toEqual([]);
  });

  it.each([['channels: [web]'], ['audience: internal'], ['status: draft']])(
    'does not matter with %s',
    async (field) => {
      folder.write('a.md', `---\ntitle: 退货\n${field}\n---\n${'退'.repeat(700)}<br>`);
      expect(await findings()).toEqual([]);
    },
  );

  it('matters with channels: [wechat]', async () => {
    folder.write('a.md', '---\ntitle: 退货\nchannels: [wechat]\n---\n好<br>');
    expect(await findings()).toEqual([expect.stringMatching(/wechat-html/)]);
  });
});

async function findings(): Promise<readonly string[]> {
  const found = lintArticles(await loadArticles(folder.path), { today: '2026-11-22' });
  return found.map(({ file, line, severity, rule, message }) => `${file}:${line} ${severity} ${rule} ${message}`);
}
