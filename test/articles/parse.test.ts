import fc from 'fast-check';
import { parseArticle } from '../../src/articles/parse.ts';

const whole = `---
id: returns/seven-days
title: 七天无理由退货怎么申请？
questions:
  - 买了不想要了可以退吗
  - 能退吗
keywords: [退货, 七天]
audience: internal
status: draft
channels: [web]
skill: after-sales
owner: 售后组
review_by: 2027-03-31
follow_ups:
  - 运费谁出？
not_questions: [换货怎么换]
ms.topic: article
---

可以。**签收后七天内**，见[运费](freight.md)。

| 项目 | 时间 |
|---|---|
| 审核 | \`24\` 小时 |

- 第一步
  - 再一步
`;

describe('reading an article', () => {
  it('takes every field of the front matter and tolerates keys it does not know', async () => {
    const { article } = await read(whole);
    expect(article).toMatchObject({
      id: 'returns/seven-days',
      title: '七天无理由退货怎么申请？',
      questions: ['买了不想要了可以退吗', '能退吗'],
      keywords: ['退货', '七天'],
      audience: 'internal',
      status: 'draft',
      channels: ['web'],
      skill: 'after-sales',
      owner: '售后组',
      reviewBy: '2027-03-31',
      followUps: ['运费谁出？'],
      notQuestions: ['换货怎么换'],
      file: 'a/b.md',
    });
  });

  it('gives the body as written and as plain text without markup', async () => {
    const { article } = await read(whole);
    expect(article.body).toMatch(/^可以。\*\*签收后七天内\*\*[\s\S]*再一步$/);
    expect(article.text).toBe('可以。签收后七天内，见运费。\n项目 时间\n审核 24 小时\n第一步\n再一步');
  });

  it('knows the line of each part', async () => {
    const { lines } = await read(whole);
    expect(lines).toMatchObject({ id: 2, title: 3, questions: [5, 6], followUps: [15], notQuestions: [16], body: 20 });
  });

  it('defaults to a published public article named by its path', async () => {
    const { article } = await read('正文');
    expect(article).toMatchObject({ id: 'a/b', title: 'b', status: 'published', audience: 'public', channels: [] });
    expect(article).toMatchObject({ questions: [], skill: null, owner: null, reviewBy: null, body: '正文' });
  });

  it('takes the first heading for a title when there is none', async () => {
    expect((await read('导语\n\n## 怎么*退*货\n\n正文')).article.title).toBe('怎么退货');
  });

  it('reads the same with a byte order mark, Windows line ends and blank lines before the front matter', async () => {
    const { article } = await read(`\ufeff\r\n\r\n${whole.replaceAll('\n', '\r\n')}`);
    expect(article.audience).toBe('internal');
    expect(article.body).toBe((await read(whole)).article.body);
  });

  it('treats a key with nothing after it as not given', async () => {
    expect((await read('---\ntitle: 退货\nquestions:\nowner:\n---\n')).article).toMatchObject({
      questions: [],
      owner: null,
    });
  });

  it('keeps an id exactly, digits and all', async () => {
    expect((await read('---\nid: "00123"\n---\n')).article.id).toBe('00123');
  });
});

describe('an article that can not be read is refused by line and reason', () => {
  const latin = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));
  it.each<[string, string | Uint8Array, number | null, RegExp]>([
    ['a wrong type', '---\ntitle: 退货\nquestions: 能退吗\n---\n', 3, /^questions: expected a list/],
    ['a number for text', '---\nkeywords:\n  - 退货\n  - 12306\n---\n', 4, /^keywords\.1: .*number 12306.*quotes/],
    [
      'an unknown audience',
      '---\naudience: Admin\n---\n',
      2,
      /^audience: expected "public" or "internal", found "Admin"$/,
    ],
    ['a date that is none', '---\nreview_by: 2027-02-30\n---\n', 2, /^review_by: expected a date/],
    ['a full-width colon', '---\ntitle：退货\n---\n', 2, /ASCII colon/],
    ['YAML that is none', '---\ntitle: 退货\nquestions: [a, b\n---\n', 3, /not YAML/],
    ['a key twice', '---\ntitle: a\ntitle: b\n---\n', 3, /unique/],
    ['front matter without end', '---\ntitle: 退货\n\n正文', 1, /never closed/],
    ['an escaped NUL', '---\ntitle: "a\\0"\n---\n', 2, /NUL/],
    ['half a character', '---\ntitle: "a\\ud83d"\n---\n', 2, /surrogate/],
    ['a NUL byte', 'a\nb\0c', 2, /binary/],
    ['GBK', latin('ok\n\xc4\xe3\xba\xc3'), 2, /GBK.*UTF-8/],
    ['broken UTF-8', latin('ok\n\nab\xff\xff\xff\x80'), 3, /not UTF-8/],
    ['a surrogate in UTF-8', latin('\xed\xa0\x80'), 1, /not UTF-8/],
    ['UTF-16', latin('\xff\xfea\0'), 1, /UTF-16/],
    ['more than 256 KB', '退'.repeat(90_000), null, /264 KB.*256 KB/],
    ['five thousand nested quotes', `正文\n\n${'>'.repeat(5000)}`, 3, /more than 20 deep/],
    ['quotes within lists without end', `${'- > '.repeat(60_000)}x`, 1, /more than 20 deep/],
    [
      'lists nested by indentation',
      Array.from({ length: 25 }, (_, at) => `${' '.repeat(at * 2)}- a`).join('\n'),
      21,
      /more than 20 deep/,
    ],
    ['brackets nested without end', `---\ntitle: ${'['.repeat(30_000)}\n---\n`, 2, /too deep/],
    [
      'question marks that keep the YAML parser busy for minutes',
      `---\n${'? '.repeat(16_000)}\n---\n`,
      2,
      /`\? ` keys/,
    ],
  ])('%s', async (_, source, line, reason) => {
    const parsed = await parse(source);
    expect(parsed).toMatchObject({
      kind: 'fault',
      fault: { file: 'a/b.md', line, reason: expect.stringMatching(reason) },
    });
  });

  it('all faults of the front matter at once', async () => {
    const parsed = await parse('---\ntitle: 5\nstatus: done\nowner: [a]\n---\n');
    expect(parsed.kind === 'fault' && parsed.fault.reason).toMatch(/^title: .*; status: .*; owner: /);
  });

  it('an alias bomb', async () => {
    const bomb = [
      'a: &a [x,x,x]',
      ...'bcdefgh'.split('').map((name, at) => `${name}: &${name} [${`*${'abcdefg'[at]},`.repeat(9)}]`),
    ];
    expect(await parse(`---\n${bomb.join('\n')}\n---\n`)).toMatchObject({
      kind: 'fault',
      fault: { reason: expect.stringMatching(/aliases/) },
    });
  });
});

describe('whatever the bytes', () => {
  it('reading answers and never throws', async () => {
    const pieces = fc.constantFrom(
      '---\n',
      'title: ',
      '退货',
      '\n',
      '- ',
      '> ',
      '```',
      '[',
      '](',
      '{',
      '&a ',
      '*a',
      '"',
      '|',
      '#',
      '\0',
      '  ',
      '<',
      '!',
    );
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.uint8Array({ maxLength: 300 }),
          fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join('')),
        ),
        async (source) => {
          expect(['article', 'fault']).toContain((await parse(source)).kind);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('a rule of dashes is no nesting', async () => {
    expect((await read(`甲\n\n${'- '.repeat(40)}\n\n乙`)).article.text).toBe('甲\n乙');
  });

  it('the longest article leaves turns to others: marked would take a fifth of a second for it in one go', async () => {
    const bytes = new TextEncoder().encode(
      Array.from({ length: 12 }, (_, at) => `${' '.repeat(2 * at)}- **退货** \`a\`\n`)
        .join('')
        .repeat(550),
    );
    expect(bytes.length).toBeLessThan(256 * 1024);
    await parseArticle('warm.md', bytes);
    let turns = 0;
    const counting = setInterval(() => turns++, 0);
    const before = turns;
    await parseArticle('a.md', bytes);
    clearInterval(counting);
    expect(turns - before).toBeGreaterThan(5);
  });
});

async function read(source: string) {
  const parsed = await parse(source);
  if (parsed.kind === 'fault') throw new Error(parsed.fault.reason);
  return parsed;
}

function parse(source: string | Uint8Array) {
  return parseArticle('a/b.md', typeof source === 'string' ? new TextEncoder().encode(source) : source);
}
