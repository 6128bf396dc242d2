import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runCli } from '../../src/cli/program.ts';
import { displayWidth, table } from '../../src/cli/table.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'zhike-test-'));
  write(
    'kb/returns.md',
    '---\ntitle: 七天无理由退货怎么申请？\nquestions: [买了不想要了可以退吗]\n---\n在订单页申请。',
  );
  write('kb/freight.md', '---\ntitle: 退货运费谁承担？\nnot_questions: [订单页在哪]\n---\n质量问题由我们承担。');
  write('kb/invoice.md', '---\ntitle: 怎么开电子发票？\nquestions: [发票在哪里下载]\n---\n在订单详情页申请。');
});
afterEach(() => rmSync(dir, { recursive: true }));

describe('zhike test', () => {
  it('passes a sound base, and says how good it is', async () => {
    write('kb/tests.yaml', '- ask: 发票在哪里下载\n  expect: invoice\n- ask: 量子纠缠\n  outcome: handoff\n');
    const { code, out } = await zhike('--no-compare');
    expect(out).toMatch(/^own wordings +5 +1\.000 +1\.000 +1\.000 +1\.000/m);
    expect(out).toMatch(/^held out, one at a time +4 /m);
    expect(out).toMatch(/^not_questions +1 +– /m);
    expect(out).toMatch(/^tests\.yaml +2 +1\.000/m);
    expect(out).toMatch(/^no failures$/m);
    expect({ code, coloured: out.includes('\u001b') }).toEqual({ code: 0, coloured: false });
  });

  it('fails on a test that fails, with its line', async () => {
    write('kb/tests.yaml', '- ask: 发票在哪里下载\n  expect: invoice\n- ask: 怎么开电子发票\n  expect: returns\n');
    const { code, out } = await zhike('--no-compare');
    expect(code).toBe(1);
    expect(out).toContain('1 failures\ntests.yaml:3  怎么开电子发票\n    answered with invoice, expected returns\n');
  });

  it('fails on a wording that two articles have', async () => {
    write('kb/copy.md', '---\ntitle: 怎么开电子发票\n---\n别处');
    const { code, out } = await zhike('--no-compare');
    expect(code).toBe(1);
    expect(out).toMatch(/^2 failures\ncopy {2}怎么开电子发票\n {4}not its own any more: offered /m);
  });

  it('names all that is wrong with tests.yaml, and asks nothing', async () => {
    write('kb/tests.yaml', '- ask: 一\n- expect: a\n');
    expect(await zhike('--no-compare')).toEqual({
      code: 1,
      out: '',
      err: expect.stringMatching(/^zhike: tests\.yaml:1: .*\ntests\.yaml:2: ask: /),
    });
  });

  it('colours on a terminal that shows colours', async () => {
    expect((await zhike({ colours: true }, '--no-compare')).out).toContain('\u001b[32mno failures');
  });

  it('writes JSON in the promised shape', async () => {
    const { out } = await zhike('--json', '--no-compare');
    const result = JSON.parse(out) as Record<string, unknown>;
    expect(result).toEqual({
      passed: true,
      articles: 3,
      summaries: {
        own: expect.anything(),
        held_out: {
          asked: 4,
          hit1: expect.any(Number),
          hit3: expect.any(Number),
          mrr: expect.any(Number),
          answered: expect.any(Number),
          clarified: expect.any(Number),
          handedOver: expect.any(Number),
          answeredRight: null,
          wrong: 0,
        },
        not_question: expect.objectContaining({ asked: 1, hit1: null }),
        test: expect.objectContaining({ asked: 0 }),
      },
      failures: [],
      stolen: expect.any(Array),
      thieves: expect.any(Array),
      base: null,
    });
  });
});

describe('zhike test in a git repository', () => {
  beforeEach(() => {
    write('kb/tests.yaml', '- ask: 寄回去谁出钱\n  not: returns\n');
    git('init', '--quiet');
    commit();
  });

  it('compares with nothing where nothing changed', async () => {
    const { code, out } = await zhike();
    expect(code).toBe(0);
    expect(out).toContain('not compared with HEAD: the knowledge is the same there\n');
    expect(await zhike('--base', 'HEAD')).toMatchObject({ code: 0 });
  });

  it('finds no difference where nothing that matters changed', async () => {
    write('kb/returns.md', '---\ntitle: 七天无理由退货怎么申请？\nquestions: [买了不想要了可以退吗]\n---\n在订单页。');
    write('kb/new.md', '---\ntitle: 草稿\nstatus: draft\n---\n好');
    const { code, out } = await zhike();
    expect(code).toBe(0);
    expect(out).toMatch(
      /^since HEAD \([0-9a-f]{7}\), 11 questions asked there too: 0 better, 0 worse, 0 with another article$/m,
    );
  });

  it('tells what an edit made better and worse', async () => {
    write('kb/freight.md', '---\ntitle: 退货运费谁承担？\nquestions: [寄回去谁出钱]\n---\n我们。');
    write('kb/tests.yaml', '- ask: 寄回去谁出钱\n  expect: freight\n');
    const { code, out } = await zhike('--json');
    expect(code).toBe(0);
    const { base } = JSON.parse(out) as { base: { better: { before: unknown; now: unknown }[] } };
    expect(base.better).toContainEqual({
      before: expect.objectContaining({ kind: 'test', question: '寄回去谁出钱', outcome: 'handoff' }),
      now: expect.objectContaining({ kind: 'test', outcome: 'answer', found: 'freight' }),
    });
  });

  it('fails where an edit breaks what was right, and does not touch the work tree', async () => {
    write('kb/returns.md', '---\ntitle: 七天无理由退货怎么申请？\nquestions: [寄回去谁出钱]\n---\n在订单页申请。');
    const { code, out } = await zhike();
    expect(code).toBe(1);
    expect(out).toMatch(
      /^1 regressions: right before, wrong now\ntests\.yaml {2}寄回去谁出钱\n {4}answered with returns/m,
    );
    expect(git('status', '--porcelain')).toBe(' M kb/returns.md\n');
  });

  it('compares with the commit it is told', async () => {
    write('kb/invoice.md', '---\ntitle: 怎么开电子发票？\nquestions: [发票在哪里下载, 收据]\n---\n好');
    commit();
    expect((await zhike('--base', 'HEAD~1')).out).toMatch(/^since HEAD~1 \([0-9a-f]{7}\), /m);
    expect(await zhike('--base', 'nope')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/zhike: --base nope: the repository has no commit nope\n$/),
    });
    expect(await zhike('--base', '--help')).toMatchObject({ code: 1 });
  });

  it('says so where there is nothing to compare with', async () => {
    git('rm', '-r', '--cached', '--quiet', 'kb');
    write('other.txt', 'x');
    git('add', 'other.txt');
    commitStaged();
    expect((await zhike()).out).toContain('not compared with HEAD: the folder is not in commit HEAD\n');
  });
});

describe('zhike test outside of git', () => {
  it('says that it compares with nothing, which is no failure', async () => {
    const { code, out } = await zhike();
    expect(code).toBe(0);
    expect(out).toContain('not compared with HEAD: the folder is not in a git repository\n');
  });

  it('refuses a base it was asked for and cannot find', async () => {
    expect(await zhike('--base', 'main')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/not in a git repository/),
    });
  });
});

describe('a table', () => {
  it('stands in line whatever the script', () => {
    const text = table(
      ['问题', 'n'],
      [
        ['退款', '1'],
        ['refund 多久', '12.5'],
        ['é\u0301🙂', '–'],
      ],
    );
    const lines = text.trimEnd().split('\n');
    expect(lines.map((line) => displayWidth(line))).toEqual([17, 17, 17, 17]);
  });

  it('cuts what is too wide, and keeps what would paint over the screen out', () => {
    expect(table(['q'], [['退'.repeat(10)], ['\u001b[2Jx\ny']], 9)).toBe('q\n退退退退…\n[2Jx y\n');
  });
});

type Result = { readonly code: number; readonly out: string; readonly err: string };

async function zhike(...args: readonly (string | { readonly colours: boolean })[]): Promise<Result> {
  let out = '';
  let err = '';
  const code = await runCli(
    ['test', '--knowledge', join(dir, 'kb'), ...args.filter((arg) => typeof arg === 'string')],
    {
      out: (text) => void (out += text),
      err: (text) => void (err += text),
      input: async () => '',
      secret: async () => null,
      ...args.find((arg) => typeof arg === 'object'),
    },
  );
  return { code, out, err };
}

function write(file: string, content: string): void {
  const path = join(dir, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

function commit(): void {
  git('add', '-A');
  commitStaged();
}

function commitStaged(): void {
  git('-c', 'user.name=t', '-c', 'user.email=t@example.org', 'commit', '--quiet', '--no-verify', '-m', 'x');
}

function git(...args: readonly string[]): string {
  return execFileSync('git', ['-C', dir, ...args], { encoding: 'utf8' });
}
