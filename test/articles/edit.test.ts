import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createArticleEditor, replaceFile, type Replace } from '../../src/articles/edit.ts';
import { temporaryFolder } from './folder.ts';

const folder = temporaryFolder();
const read = (file: string) => readFileSync(join(folder.path, file), 'utf8');

/** What a file holds after one question more. */
async function withOneMore(content: string, question = '钱什么时候到账'): Promise<string> {
  folder.write('refund.md', content);
  expect(await createArticleEditor(folder.path).addQuestion('refund.md', question)).toEqual({ kind: 'edited' });
  return read('refund.md');
}

async function refusal(content: string | Uint8Array, question = '钱什么时候到账'): Promise<string> {
  folder.write('refund.md', content);
  const edited = await createArticleEditor(folder.path).addQuestion('refund.md', question);
  expect(readFileSync(join(folder.path, 'refund.md'))).toEqual(Buffer.from(content));
  expect(readdirSync(folder.path)).toEqual(['refund.md']);
  if (edited.kind !== 'refused') throw new Error(`it was ${edited.kind}`);
  return edited.reason;
}

describe('An alternate question is added', () => {
  it('after the last of a list, and nothing else changes', async () => {
    const before = [
      '---',
      'title:   退款多久到账   # as customers say',
      '# what they ask',
      'questions:',
      '  - 退款要几天  # most frequent',
      "  - '多久: 到账'",
      '  # until here',
      '',
      'keywords: [ 退款,到账 ]',
      'x_custom: {a: 1}',
      '---',
      '',
      '三到五个工作日。',
      '',
      '  - 到账: 以银行为准',
      '',
    ];
    const after = [...before];
    after.splice(6, 0, '  - 钱什么时候到账');
    expect(await withOneMore(before.join('\n'))).toBe(after.join('\n'));
  });

  it('at the depth the list has', async () => {
    expect(await withOneMore('---\nquestions:\n- 退款要几天\nstatus: draft\n---\n正文\n')).toBe(
      '---\nquestions:\n- 退款要几天\n- 钱什么时候到账\nstatus: draft\n---\n正文\n',
    );
  });

  it('after an entry of several lines', async () => {
    expect(
      await withOneMore(
        '---\nquestions:\n    - "退款\n      要几天"\n    - >-\n      多久\n      到账\ntitle: 退款\n---\n',
      ),
    ).toBe(
      '---\nquestions:\n    - "退款\n      要几天"\n    - >-\n      多久\n      到账\n    - 钱什么时候到账\ntitle: 退款\n---\n',
    );
  });

  it('where the list ends the front matter', async () => {
    expect(await withOneMore('---\ntitle: 退款\nquestions:\n  - 退款要几天\n---\n正文')).toBe(
      '---\ntitle: 退款\nquestions:\n  - 退款要几天\n  - 钱什么时候到账\n---\n正文',
    );
  });

  it('into a list in brackets', async () => {
    expect(await withOneMore('---\nquestions: [退款要几天, 多久到账] # two\ntitle: 退款\n---\n正文\n')).toBe(
      '---\nquestions: [退款要几天, 多久到账, 钱什么时候到账] # two\ntitle: 退款\n---\n正文\n',
    );
    expect(await withOneMore('---\n# a note\nquestions: []\ntitle: 退款\n---\n正文\n')).toBe(
      '---\n# a note\nquestions: [钱什么时候到账]\ntitle: 退款\n---\n正文\n',
    );
  });

  it.each(['questions:\n', 'questions: ~\n', 'questions: # none yet\n'])('where %j names none', async (line) => {
    const after = await withOneMore(`---\n${line}title: 退款\n---\n正文\n`);
    expect(after).toMatch(/^---\nquestions:.*\n {2}- 钱什么时候到账\ntitle: 退款\n---\n正文\n$/);
  });

  it('where the front matter has no such list', async () => {
    expect(await withOneMore('---\ntitle: 退款\n---\n正文\n')).toBe(
      '---\ntitle: 退款\nquestions:\n  - 钱什么时候到账\n---\n正文\n',
    );
    expect(await withOneMore('---\n---\n正文\n')).toBe('---\nquestions:\n  - 钱什么时候到账\n---\n正文\n');
    expect(await withOneMore('\n---\n# only a comment\n---\n正文\n')).toBe(
      '\n---\n# only a comment\nquestions:\n  - 钱什么时候到账\n---\n正文\n',
    );
  });

  it('where there is no front matter', async () => {
    expect(await withOneMore('# 退款多久到账\n\n三到五天。\n')).toBe(
      '---\nquestions:\n  - 钱什么时候到账\n---\n\n# 退款多久到账\n\n三到五天。\n',
    );
  });

  it('keeping the line ends of Windows and the byte order mark', async () => {
    expect(await withOneMore('\uFEFF---\r\nquestions:\r\n  - 退款要几天\r\n---\r\n正文\r\n')).toBe(
      '\uFEFF---\r\nquestions:\r\n  - 退款要几天\r\n  - 钱什么时候到账\r\n---\r\n正文\r\n',
    );
  });

  it('in quotes where YAML would read something else, and on one line', async () => {
    for (const question of [
      '退款: 几天?',
      '# 退款',
      '- 退款',
      '12345',
      'yes',
      '"退款"',
      "'",
      '[退款]',
      '*退款',
      '!退款 & 换货',
    ]) {
      expect(await withOneMore('---\nquestions:\n  - 甲\n---\n正文\n', question)).toContain('  - 甲\n  - ');
      expect(await withOneMore('---\nquestions: [甲]\n---\n正文\n', question)).toContain('[甲, ');
    }
    expect(await withOneMore('---\nquestions:\n  - 甲\n---\n', ' 退款\n---\n要几天 ')).toBe(
      '---\nquestions:\n  - 甲\n  - 退款 --- 要几天\n---\n',
    );
    const long = '退款'.repeat(90);
    expect(await withOneMore('---\nquestions: [甲]\n---\n', long)).toBe(`---\nquestions: [甲, ${long}]\n---\n`);
  });

  it('once', async () => {
    folder.write('refund.md', '---\nquestions: [退款要几天]\n---\n正文');
    const editor = createArticleEditor(folder.path);
    expect(await editor.addQuestion('refund.md', ' 退款要几天 ')).toEqual({ kind: 'unchanged' });
    expect(read('refund.md')).toBe('---\nquestions: [退款要几天]\n---\n正文');
  });

  it('each of several at the same time', async () => {
    folder.write('topic/refund.md', '# 退款');
    const editor = createArticleEditor(folder.path);
    await Promise.all(['甲', '乙', '丙'].map((question) => editor.addQuestion('topic/refund.md', question)));
    expect(read('topic/refund.md')).toContain('questions:\n  - 甲\n  - 乙\n  - 丙\n');
  });

  it('to the file behind a link, with the rights the file has', async () => {
    folder.write('真.md', '正文');
    chmodSync(join(folder.path, '真.md'), 0o640);
    symlinkSync('真.md', join(folder.path, 'link.md'));
    expect(await createArticleEditor(folder.path).addQuestion('link.md', '甲')).toEqual({ kind: 'edited' });
    expect(read('真.md')).toContain('- 甲');
    expect(statSync(join(folder.path, '真.md')).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder.path).sort()).toEqual(['link.md', '真.md']);
  });
});

describe('An alternate question is refused, and the file stays as it is', () => {
  it('when the file can not be read as an article', async () => {
    expect(await refusal('---\nquestions: [甲\n---\n正文')).toMatch(
      /refund\.md can't be read as it stands, mend it first: /,
    );
    expect(await refusal('---\ntitle: x')).toContain('never closed');
    expect(await refusal(Uint8Array.from([0xff, 0xfe, 0x41]))).toContain('UTF-16');
  });

  it('when the front matter would become too long', async () => {
    expect(await refusal(`---\n# ${'x'.repeat(32 * 1024 - 10)}\n---\n正文`)).toMatch(
      /can't take the question: .*longer/,
    );
  });

  it('when there are no words in it, or too many', async () => {
    expect(await refusal('正文', ' \n ')).toBe('the question is empty: write one');
    expect(await refusal('正文', 'x'.repeat(1001))).toContain('longer than 1000');
  });

  it('when the file is gone, or lies elsewhere', async () => {
    const editor = createArticleEditor(folder.path);
    expect(await editor.addQuestion('none.md', '甲')).toEqual({
      kind: 'refused',
      reason: 'none.md is gone: look at the list anew',
    });
    folder.write('outside.md', '正文');
    mkdirSync(join(folder.path, 'knowledge'));
    expect(await createArticleEditor(join(folder.path, 'knowledge')).addQuestion('../outside.md', '甲')).toMatchObject({
      kind: 'refused',
    });
    expect(read('outside.md')).toBe('正文');
  });

  it('when the folder can not be written to, and says what to do', async () => {
    folder.write('refund.md', '正文');
    const replace: Replace = () => Promise.reject(Object.assign(new Error('read-only file system'), { code: 'EROFS' }));
    expect(await createArticleEditor(folder.path, { replace }).addQuestion('refund.md', '甲')).toEqual({
      kind: 'refused',
      reason:
        "refund.md can't be written (EROFS): let the program write to the knowledge folder, or add the question by hand",
    });
  });

  it('when somebody else saves the file in that moment', async () => {
    folder.write('refund.md', '正文');
    const replace: Replace = (path, bytes, before) => {
      writeFileSync(path, '新的正文');
      return replaceFile(path, bytes, before);
    };
    expect(await createArticleEditor(folder.path, { replace }).addQuestion('refund.md', '甲')).toEqual({
      kind: 'refused',
      reason: 'refund.md was changed by somebody else in this moment: try again',
    });
    expect(read('refund.md')).toBe('新的正文');
    expect(readdirSync(folder.path)).toEqual(['refund.md']);
  });
});
