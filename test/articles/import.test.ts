import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importArticles } from '../../src/articles/import.ts';
import { loadArticles } from '../../src/articles/load.ts';
import { temporaryFolder } from './folder.ts';

const folder = temporaryFolder();
const base = (): string => join(folder.path, 'kb');

describe('importing', () => {
  it('JSON lines gives articles that load back with the same ids, questions and answers', async () => {
    const rows = [
      {
        id: 'faq-1',
        question: '怎么退货？',
        answer: '## 步骤\n\n1. 申请',
        aliases: ['能退吗', '退货流程'],
        category: '售后',
      },
      { id: '00123', question: '"运费": 谁出 #1', answer: '---\n我们出' },
      { id: '../../etc/x', question: '- 可以吗', answer: '', category: null },
      { id: 7, question: ' 空格  很多 ', answer: '好\r\n', aliases: ['空格 很多', ''] },
    ];
    folder.write('rows.jsonl', `\ufeff${rows.map((row) => JSON.stringify(row)).join('\r\n')}\n`);
    const { written, bad } = await imported('rows.jsonl');
    expect(bad).toEqual([]);
    expect(written).toHaveLength(4);
    expect(await articles()).toEqual({
      'faq-1': {
        title: '怎么退货？',
        questions: ['能退吗', '退货流程'],
        body: '## 步骤\n\n1. 申请',
        file: '售后/faq-1.md',
      },
      '00123': { title: '"运费": 谁出 #1', questions: [], body: '---\n我们出', file: '00123.md' },
      '../../etc/x': { title: '- 可以吗', questions: [], body: '', file: 'etc-x.md' },
      '7': { title: '空格 很多', questions: [], body: '好', file: '7.md' },
    });
  });

  it('CSV takes quoted cells, aliases by | or line, and columns in any order', async () => {
    folder.write(
      'rows.csv',
      '\ufeffAnswer,ID,Question,Aliases,note\r\n"七天内,\r\n包邮",a,怎么退,"能退吗|可以退吗\n退不退",x\r\n不能,b,能换吗\r\n',
    );
    expect((await imported('rows.csv')).bad).toEqual([]);
    expect(await articles()).toEqual({
      a: { title: '怎么退', questions: ['能退吗', '可以退吗', '退不退'], body: '七天内,\n包邮', file: 'a.md' },
      b: { title: '能换吗', questions: [], body: '不能', file: 'b.md' },
    });
  });

  it('a QnA Maker table makes one article of the rows with one id', async () => {
    const header = 'Question\tAnswer\tSource\tMetadata\tSuggestedQuestions\tIsContextOnly\tPrompts\tQnaId';
    const prompts = '[{"displayOrder":0,"qnaId":2,"displayText":"运费"}]';
    const rows = [
      `怎么退货\t说"退货"\\n即可\teditorial\tcategory:售后|level:1\t[]\tfalse\t${prompts}\t1`,
      `能退吗\t说"退货"\\n即可\teditorial\tcategory:售后|level:1\t[]\tfalse\t${prompts}\t1`,
      '运费谁出？\t您\teditorial\t\t[]\tfalse\t[]\t2',
    ];
    folder.write('qna.tsv', [header, ...rows].join('\n'));
    await imported('qna.tsv');
    expect(await articles()).toEqual({
      '1': { title: '怎么退货', questions: ['能退吗'], body: '说"退货"\n即可', file: '售后/1.md' },
      '2': { title: '运费谁出？', questions: [], body: '您', file: '2.md' },
    });
    const {
      articles: [, first],
    } = await loadArticles(base());
    expect(first?.followUps).toEqual(['运费谁出？']);
  });

  it('an older QnA Maker table without ids goes by the answer', async () => {
    folder.write(
      'qna.tsv',
      'Question\tAnswer\tSource\tMetadata\n怎么退\t可以\te\t\n能退吗\t可以\te\t\n运费\t您出\te\t\n',
    );
    await imported('qna.tsv');
    expect(Object.values(await articles()).map(({ title, questions }) => [title, ...questions])).toEqual([
      ['怎么退', '能退吗'],
      ['运费'],
    ]);
  });

  it('a QnA Maker JSON export', async () => {
    const documents = [
      {
        id: 5,
        answer: '可以',
        questions: ['能退吗', '怎么退'],
        metadata: [{ name: 'Category', value: '售后' }],
        context: { prompts: [] },
      },
      { id: 6, answer: '好', questions: [] },
    ];
    folder.write('qna.json', JSON.stringify({ qnaDocuments: documents }));
    expect((await imported('qna.json')).bad).toEqual([
      { line: 2, reason: expect.stringMatching(/entry 2.*questions/) },
    ]);
    expect(await articles()).toEqual({
      '5': { title: '能退吗', questions: ['怎么退'], body: '可以', file: '售后/5.md' },
    });
  });

  it('names bad rows by line and goes on', async () => {
    folder.write(
      'rows.jsonl',
      [
        '{"question":"一"}',
        'nonsense',
        '',
        '{"question":5}',
        '[]',
        '{"id":"x","question":"二"}',
        '{"id":"x","question":"三"}',
        '{"question":"a\\u0000"}',
        '{"question":"四","answer":"\\ud800"}',
      ].join('\n'),
    );
    const { written, bad } = await imported('rows.jsonl');
    expect(written).toEqual(['一.md', 'x.md']);
    expect(bad.map(({ line, reason }) => `${line} ${reason}`)).toEqual([
      expect.stringMatching(/^2 is not JSON/),
      expect.stringMatching(/^4 question must be text/),
      expect.stringMatching(/^5 must be an object/),
      expect.stringMatching(/^7 the id "x" is already that of line 6/),
      expect.stringMatching(/^8 .*NUL/),
      expect.stringMatching(/^9 .*half a character/),
    ]);
  });

  it('names malformed rows of a table and goes on', async () => {
    folder.write('rows.csv', 'id,question,answer\na,甲,好\nb"x,乙,好\nc,丙,好\n');
    const { written, bad } = await imported('rows.csv');
    expect(written).toEqual(['a.md', 'c.md']);
    expect(bad).toEqual([{ line: 3, reason: expect.stringMatching(/quote/i) }]);
  });

  it('gives every article a name that any file system takes, and no two the same', async () => {
    const questions = [
      'CON',
      'con',
      'README',
      '_draft',
      '.hidden',
      '???',
      '!!!',
      'a/b\\c:d',
      '问'.repeat(200),
      `${'问'.repeat(200)}！`,
    ];
    folder.write('rows.jsonl', questions.map((question) => JSON.stringify({ question, answer: '好' })).join('\n'));
    const { written } = await imported('rows.jsonl');
    expect(written).toHaveLength(questions.length);
    expect(new Set(written.map((file) => file.toLowerCase())).size).toBe(questions.length);
    for (const file of written) expect(file).toMatch(/^(?!(con|readme)\.md$)[\p{L}\p{N}][\p{L}\p{N}._-]*\.md$/iu);
    expect((await loadArticles(base())).articles).toHaveLength(questions.length);
  });

  it('never overwrites an article, unless forced', async () => {
    folder.write('kb/a.md', 'mine');
    folder.write('rows.csv', 'id,question,answer\na,甲,新\nb,乙,新\n');
    expect(await imported('rows.csv')).toEqual({
      written: ['b.md'],
      bad: [{ line: 2, reason: expect.stringMatching(/a\.md exists: use --force/) }],
    });
    expect(readFileSync(join(base(), 'a.md'), 'utf8')).toBe('mine');
    await importArticles(join(folder.path, 'rows.csv'), base(), { force: true });
    expect(readFileSync(join(base(), 'a.md'), 'utf8')).toContain('新');
    expect(readdirSync(base()).sort()).toEqual(['a.md', 'b.md']);
  });

  it.each<[string, string, string | Uint8Array, RegExp]>([
    [
      'GBK, saying what to do',
      'rows.csv',
      Buffer.from('question,answer\n\xc4\xe3\xba\xc3,x\n', 'latin1'),
      /rows\.csv:2: .*GBK.*"CSV UTF-8".*iconv -f GB18030/,
    ],
    ['UTF-16, saying what to do', 'rows.tsv', Buffer.from('\ufeffquestion', 'utf16le'), /UTF-16.*iconv -f UTF-16/],
    [
      'a table without the columns',
      'rows.csv',
      '问题,答案\n一,二\n',
      /at least question and answer \(found: 问题, 答案\)/,
    ],
    ['an empty table', 'rows.csv', '', /is empty/],
    ['JSON that is no export', 'rows.json', '{"a":1}', /qnaDocuments/],
    ['a file of another kind', 'rows.xlsx', 'x', /\.jsonl, \.csv, \.tsv or \.json/],
  ])('refuses %s', async (_, name, content, reason) => {
    folder.write(name, content);
    await expect(imported(name)).rejects.toThrow(reason);
  });

  it('refuses a file that is not there', async () => {
    await expect(imported('nope.csv')).rejects.toThrow(/nope\.csv: can't be read: ENOENT/);
  });
});

function imported(name: string) {
  return importArticles(join(folder.path, name), base());
}

async function articles() {
  const loaded = await loadArticles(base());
  expect(loaded.faults).toEqual([]);
  return Object.fromEntries(
    loaded.articles.map(({ id, title, questions, body, file }) => [id, { title, questions, body, file }]),
  );
}
