import { lintArticles } from '../../src/articles/lint.ts';
import { loadArticles } from '../../src/articles/load.ts';
import { temporaryFolder } from './folder.ts';

const folder = temporaryFolder();

describe('linting a base', () => {
  it('finds nothing in a sound one', async () => {
    folder.write(
      'a.md',
      '---\ntitle: 怎么退货？\nfollow_ups: [运费谁出？]\n---\n见[运费](b/freight.md#who)、![图](pic.png)、[官网](https://example.org/x)。',
    );
    folder.write(
      'b/freight.md',
      '---\ntitle: 运费谁出\nnot_questions: [怎么退货]\n---\n我们出，见[退货](../a.md)和[文件夹](../b/)。',
    );
    folder.write('pic.png', 'x');
    expect(await findings()).toEqual([]);
  });

  it('finds what could not be read', async () => {
    folder.write('a.md', '---\nstatus: done\n---\n好');
    expect(await findings()).toEqual([expect.stringMatching(/^a\.md:2 error unreadable status: expected/)]);
  });

  it('finds published articles that say nothing, and warns of drafts', async () => {
    folder.write('a.md', '---\ntitle: 一\n---\n\n');
    folder.write('b.md', '---\ntitle: 二\nstatus: draft\n---\n');
    expect(await findings()).toEqual([
      expect.stringMatching(/^a\.md:\d error empty-body/),
      expect.stringMatching(/^b\.md:\d warning empty-body/),
    ]);
  });

  it('finds a question asked in two articles, whatever its width, case and punctuation', async () => {
    folder.write('a.md', '---\ntitle: 退货\nquestions:\n  - 能 退货吗？\n  - App 怎么下载\n---\n好');
    folder.write('b.md', '---\ntitle: 换货\nquestions:\n  - 能退货吗\n  - ＡＰＰ怎么下载！\n---\n好');
    expect(await findings()).toEqual([
      'b.md:4 error duplicate-question "能退货吗" is asked in a.md:4 too: keep it in one of them',
      'b.md:5 error duplicate-question "ＡＰＰ怎么下载！" is asked in a.md:5 too: keep it in one of them',
    ]);
  });

  it('only warns of a duplicate in a draft or within one article', async () => {
    folder.write('a.md', '---\ntitle: 退货\nquestions: [退货？]\n---\n好');
    folder.write('b.md', '---\ntitle: 退货\nstatus: draft\n---\n好');
    expect(await findings()).toEqual([
      expect.stringMatching(/^a\.md:3 warning duplicate-question.*twice/),
      expect.stringMatching(/^b\.md:2 warning duplicate-question/),
    ]);
  });

  it('takes questions apart that differ by more than punctuation', async () => {
    folder.write('a.md', '---\ntitle: 1.5 米的能退吗\n---\n好');
    folder.write('b.md', '---\ntitle: 15 米的能退吗\n---\n好');
    folder.write('c.md', '---\ntitle: 15 米的不能退吗\n---\n好');
    expect(await findings()).toEqual([]);
  });

  it('finds a question that is also a not_question', async () => {
    folder.write('a.md', '---\ntitle: 能退吗\nnot_questions:\n  - 能退吗？\n---\n好');
    expect(await findings()).toEqual([expect.stringMatching(/^a\.md:4 error contradictory-question/)]);
  });

  it('finds links to no file and out of the folder, but none in code', async () => {
    folder.write(
      'a.md',
      '---\ntitle: 退货\n---\n第一行\n[甲](gone.md)、![乙](<two words.png>)、[丙](../out.md)\n\n[丁]: ref.md\n`[x](no.md)`\n```\n[y](no.md)\n```\n[戊](%E7%94%B2.md)',
    );
    folder.write('甲.md', '好');
    expect(await findings()).toEqual([
      'a.md:5 error dead-link the link gone.md leads to no file',
      'a.md:5 error dead-link the link two words.png leads to no file',
      'a.md:5 error dead-link the link ../out.md leads out of the knowledge folder',
      'a.md:7 error dead-link the link ref.md leads to no file',
    ]);
  });

  it('warns of follow-ups that no published article answers', async () => {
    folder.write('a.md', '---\ntitle: 退货\nfollow_ups:\n  - 运费谁出？\n  - 草稿里的\n---\n好');
    folder.write('b.md', '---\ntitle: 草稿里的\nstatus: draft\n---\n好');
    expect(await findings()).toEqual([
      expect.stringMatching(/^a\.md:4 warning dead-follow-up.*运费谁出/),
      expect.stringMatching(/^a\.md:5 warning dead-follow-up/),
    ]);
  });

  const garble = (text: string, encoding: string): string => new TextDecoder(encoding).decode(Buffer.from(text));
  it.each([
    ['U+FFFD', '退\ufffd货'],
    ['U+FFFD read as GBK', '锟斤拷锟斤拷'],
    ['UTF-8 read as Latin-1', garble('你好', 'latin1')],
    ['UTF-8 read as Windows-1252', garble('运费谁出', 'windows-1252')],
    ['UTF-8 read as GBK', garble('你好', 'gbk')],
    ['UTF-8 read as GBK amid sound text', `请问${garble('运费', 'gbk')}多少`],
  ])('finds mojibake: %s', async (_, garbled) => {
    folder.write('a.md', `---\ntitle: 退货\n---\n好\n${garbled}`);
    expect(await findings()).toEqual([expect.stringMatching(/^a\.md:5 error mojibake/)]);
  });

  it('takes rare characters, traditional ones and French for what they are', async () => {
    folder.write(
      'a.md',
      '---\ntitle: 退貨須知\n---\n鑫淼犇羴骉，瀧澤先生，氹仔路環，「繁體」。À la carte — « été à la crème brûlée », naïve façade.',
    );
    expect(await findings()).toEqual([]);
  });
});

async function findings(): Promise<readonly string[]> {
  const found = lintArticles(await loadArticles(folder.path));
  return found.map(({ file, line, severity, rule, message }) => `${file}:${line} ${severity} ${rule} ${message}`);
}
