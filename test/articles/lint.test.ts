import { lintArticles } from '../../src/articles/lint.ts';
import { loadArticles } from '../../src/articles/load.ts';
import { temporaryFolder } from './folder.ts';

const folder = temporaryFolder();

describe('linting a base', () => {
  it('finds nothing in a sound one', async () => {
    folder.write(
      'a.md',
      '---\ntitle: 怎么退货？\nchannels: [web]\nfollow_ups: [运费谁出？]\n---\n见[运费](b/freight.md#who)、![图](pic.png)、[官网](https://example.org/x)。',
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
      '---\ntitle: 退货\nchannels: [web]\n---\n第一行\n[甲](gone.md)、![乙](<two words.png>)、[丙](../out.md)\n\n[丁]: ref.md\n`[x](no.md)`\n```\n[y](no.md)\n```\n[戊](%E7%94%B2.md)',
    );
    folder.write('甲.md', '好');
    expect(await findings()).toEqual([
      'a.md:6 error dead-link the link gone.md leads to no file',
      'a.md:6 error dead-link the link two words.png leads to no file',
      'a.md:6 error dead-link the link ../out.md leads out of the knowledge folder',
      'a.md:8 error dead-link the link ref.md leads to no file',
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
});

async function findings(): Promise<readonly string[]> {
  const found = lintArticles(await loadArticles(folder.path), { today: '2026-11-22' });
  return found.map(({ file, line, severity, rule, message }) => `${file}:${line} ${severity} ${rule} ${message}`);
}
