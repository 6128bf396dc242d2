import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runCli } from '../../src/cli/program.ts';
import { openStorage } from '../../src/storage/storage.ts';
import { claimedBy, saved, startQueued } from '../support/conversations.ts';

let dir = '';
const before = { ...process.env };

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'zhike-cli-'));
  process.env.KNOWLEDGE_DIR = join(dir, 'kb');
  process.env.DATABASE_URL = `sqlite:${join(dir, 'zhike.db')}`;
  write(
    'kb/returns.md',
    '---\ntitle: 七天无理由退货怎么申请？\nquestions: [买了不想要了可以退吗]\n---\n在订单页申请。',
  );
  write('kb/freight.md', '---\ntitle: 退货运费谁承担？\n---\n质量问题由我们承担。');
  write('kb/invoice.md', '---\ntitle: 怎么开电子发票？\nquestions: [发票在哪里下载]\n---\n在订单详情页申请。');
});
afterEach(() => {
  process.env = { ...before };
  rmSync(dir, { recursive: true });
});

describe('zhike ask', () => {
  it('shows the answer a customer would get, and why', async () => {
    const { code, out, err } = await zhike('ask', '买了不想要了可以退吗');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^answer {2}confidence 0\.\d\d\n\n七天无理由退货怎么申请？\n\n在订单页申请。\n/);
    expect(out).toMatch(/^0\.\d\d {2}returns {2}七天无理由退货怎么申请？$/m);
  });

  it('says so when there is no answer, which is no failure', async () => {
    const { code, out } = await zhike('ask', '量子纠缠是什么', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ query: '量子纠缠是什么', outcome: 'handoff', article: null, answer: null });
  });

  it('asks another folder when told', async () => {
    write('other/a.md', '---\ntitle: 营业时间\n---\n九点到六点');
    expect((await zhike('ask', '营业时间', '--knowledge', join(dir, 'other'))).out).toContain('九点到六点');
    expect(await zhike('ask', '营业时间', '--knowledge', join(dir, 'nope'))).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/^zhike: .*nope.*ENOENT\n$/),
    });
  });
});

describe('zhike export', () => {
  const said = async () => {
    const storage = await openStorage(process.env.DATABASE_URL ?? '');
    await startQueued(storage.log, { id: '../c1', customerName: '王芳' });
    await storage.close();
  };

  it('prints what was said, in each format', async () => {
    await said();
    const text = await zhike('export', '../c1');
    expect(text).toMatchObject({ code: 0, err: '' });
    expect(text.out).toContain('王芳：转人工');
    expect(JSON.parse((await zhike('export', '../c1', '--format', 'activities')).out)).toMatchObject([
      { type: 'message', text: '转人工' },
      { type: 'message', text: '为您转接人工' },
      { type: 'event', name: 'handoff.initiate' },
    ]);
    expect((await zhike('export', '../c1', '--format', 'html')).out).toContain('<!doctype html>');
  });

  it('writes a file for each, and none outside the folder', async () => {
    await said();
    const out = join(dir, 'out');
    expect(await zhike('export', '--out', out)).toMatchObject({
      code: 0,
      err: expect.stringContaining('1 conversations') as string,
    });
    expect(readdirSync(out)).toEqual(['%2E%2E%2Fc1.txt']);
    expect((await zhike('export', '--out', out, '--since', '2026-01-01')).err).toContain('0 conversations');
  });

  it('says what is missing or wrong', async () => {
    expect(await zhike('export')).toMatchObject({ code: 1, err: expect.stringContaining('--out') as string });
    expect(await zhike('export', 'nobody')).toMatchObject({ code: 1, err: 'zhike: there is no conversation nobody\n' });
    expect(await zhike('export', '--out', dir, '--since', 'soon')).toMatchObject({ code: 1 });
    expect(await zhike('export', 'c1', '--format', 'pdf')).toMatchObject({ code: 2 });
  });
});

describe('zhike lint', () => {
  it('is content with a sound base', async () => {
    expect(await zhike('lint')).toEqual({ code: 0, out: '', err: '3 articles, 0 errors, 0 warnings\n' });
  });

  it('fails on an error and names file, line and rule', async () => {
    write('kb/bad.md', '---\naudience: all\n---\n');
    const { code, out } = await zhike('lint', join(dir, 'kb'));
    expect(code).toBe(1);
    expect(out).toMatch(/^bad\.md:2 {2}error {2}unreadable {2}audience: /);
    expect(JSON.parse((await zhike('lint', '--json')).out)).toEqual([
      expect.objectContaining({ file: 'bad.md', line: 2, severity: 'error', rule: 'unreadable' }),
    ]);
  });

  it('names a bad line of the sensitive topics', async () => {
    write('kb/sensitive-topics.txt', '律师\n: 起诉\n');
    const { code, out } = await zhike('lint');
    expect(code).toBe(1);
    expect(out).toMatch(/^sensitive-topics\.txt:2 {2}error {2}unreadable {2}has no topic before the colon/);
  });

  it('knows what day it is', async () => {
    write('kb/old.md', '---\ntitle: 旧文章\nreview_by: 2020-01-01\n---\n好');
    const { code, out } = await zhike('lint');
    expect(out).toMatch(
      /^old\.md:1 {2}warning {2}review-overdue {2}was to be read again until 2020-01-01, \d+ days ago$/m,
    );
    expect(code).toBe(0);
  });

  it('does not fail on a warning', async () => {
    write('kb/draft.md', '---\ntitle: 草稿\nstatus: draft\n---\n');
    expect(await zhike('lint')).toMatchObject({ code: 0, err: '4 articles, 0 errors, 1 warnings\n' });
  });
});

describe('zhike eval', () => {
  const questions = [
    { query: '发票在哪里下载', expected_id: 'invoice' },
    { query: '量子纠缠是什么', kind: 'far' },
    { query: '买了不想要了可以退吗', expected_id: 'x', also_ok: ['returns'] },
  ];

  it('writes a line for each question, in order and in the promised shape', async () => {
    const { code, out } = await zhike('eval', '--questions', lines('q.jsonl', questions), '--jsonl');
    const rows = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(code).toBe(0);
    expect(rows.map(({ query, outcome, article }) => [query, outcome, article])).toEqual([
      ['发票在哪里下载', 'answer', 'invoice'],
      ['量子纠缠是什么', 'handoff', null],
      ['买了不想要了可以退吗', 'answer', 'returns'],
    ]);
    for (const row of rows) {
      expect(Object.keys(row)).toEqual(['query', 'outcome', 'article', 'confidence', 'candidates', 'ms']);
      expect(row.confidence).toBeGreaterThanOrEqual(0);
      expect(row.confidence).toBeLessThanOrEqual(1);
    }
    expect(rows[2]?.candidates).toEqual(expect.arrayContaining([{ article: 'returns', score: expect.any(Number) }]));
  });

  it('gives at least ten candidates where there are as many', async () => {
    for (let at = 0; at < 15; at++) write(`kb/more-${at}.md`, `---\ntitle: 第${at}种商品可以退货吗\n---\n可以`);
    const { out } = await zhike('eval', '--questions', lines('q.jsonl', [{ query: '商品退货' }]), '--jsonl');
    expect((JSON.parse(out) as { candidates: unknown[] }).candidates.length).toBeGreaterThanOrEqual(10);
  });

  it('reports what the rows can tell', async () => {
    const { out } = await zhike('eval', '--questions', lines('q.jsonl', questions));
    expect(out.split('\n').map((line) => line.trim().split(/ {2,}/))).toEqual(
      expect.arrayContaining([
        ['questions', '3'],
        ['right article first', '1.000'],
        ['mean reciprocal rank', '1.000'],
        ['answered', '1.000'],
        ['out of scope, far', '1'],
        ['not answered', '1.000'],
        ['answers right, actually', '1.000 of 2'],
      ]),
    );
  });

  it('counts an answer with the wrong article as wrong', async () => {
    const wrong = [
      { query: '发票在哪里下载', expected_id: 'returns' },
      { query: '退货运费谁承担', kind: 'near' },
    ];
    const { out } = await zhike('eval', '--questions', lines('q.jsonl', wrong));
    expect(out).toMatch(/answers right, actually +0\.000 of 2/);
    expect(out).toMatch(/right article first +0\.000/);
  });

  it('says that its confidence is an estimate, and shows it beside the truth', async () => {
    const { out } = await zhike('eval', '--questions', lines('q.jsonl', questions));
    expect(out).toMatch(/confidence +estimated: /);
    expect(out).toMatch(/answers right, promised +0\.950/);
    expect(out).toMatch(/calibration error \(ECE\) +0\.\d{3}/);
    expect(out).toMatch(/confidence +share +sure +right\n +0\.0–0\.1 /);
  });

  it('calibrates on labels, and reports before and after on questions it was not fitted on', async () => {
    const many = Array.from({ length: 60 }, (_, n) => [
      { query: `发票第${n}次在哪里能下载呢`, expected_id: 'invoice' },
      { query: `第${n}次买了不喜欢可以退吗`, expected_id: 'returns' },
      { query: `今天第${n}场电影几点开始`, kind: 'far' },
    ]).flat();
    const file = lines('labels.jsonl', many);
    const { code, out } = await zhike('eval', '--labels', file);
    expect(code).toBe(0);
    expect(out).toMatch(/with a right article +60/);
    expect(out).toMatch(/confidence +calibrated on \d+ judged questions/);
    expect(out).toMatch(/\nestimated: .*\ncalibrated on /);
    const asked = await zhike('eval', '--labels', file, '--questions', lines('q.jsonl', questions), '--jsonl');
    expect(asked.out.trimEnd().split('\n')).toHaveLength(questions.length);
  });

  it('refuses a line that is no question: answers would no longer match lines', async () => {
    write('q.jsonl', '{"query":"a"}\n\n{"question":"b"}\n');
    expect(await zhike('eval', '--questions', join(dir, 'q.jsonl'), '--jsonl')).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/q\.jsonl:3: query: /),
    });
  });
});

describe('zhike import', () => {
  it('makes articles, names the rows it passes over, and keeps stdout empty', async () => {
    write('rows.csv', 'id,question,answer\na,能开收据吗,能\na,再问,能\n');
    const { code, out, err } = await zhike('import', join(dir, 'rows.csv'), join(dir, 'new'));
    expect({ code, out }).toEqual({ code: 0, out: '' });
    expect(err).toMatch(/rows\.csv:3: the id "a" .*\n1 articles written to .*, 1 rows passed over\n$/);
    expect(readFileSync(join(dir, 'new/a.md'), 'utf8')).toBe('---\nid: a\ntitle: 能开收据吗\n---\n能\n');
  });

  it('fails when it made nothing', async () => {
    write('rows.jsonl', 'nonsense\n');
    expect(await zhike('import', join(dir, 'rows.jsonl'), join(dir, 'new'))).toMatchObject({ code: 1 });
    expect(await zhike('import', join(dir, 'nope.jsonl'), join(dir, 'new'))).toMatchObject({
      code: 1,
      err: expect.stringMatching(/ENOENT/),
    });
  });
});

describe('zhike agent', () => {
  it('adds, lists and disables accounts', async () => {
    const added = await zhike(
      { input: 'a long password\n' },
      'agent',
      'add',
      'Li@example.com',
      '--name',
      '小李',
      '--role',
      'supervisor',
      '--password-stdin',
    );
    expect(added).toEqual({ code: 0, out: '', err: 'added li@example.com (小李, supervisor)\n' });
    expect((await zhike('agent', 'list')).out).toBe('li@example.com\t小李\tsupervisor\n');
    expect(await zhike('agent', 'disable', 'li@example.com')).toMatchObject({
      code: 0,
      err: expect.stringMatching(/^disabled li@example\.com; 0 /),
    });
    expect((await zhike('agent', 'list')).out).toMatch(/\tdisabled\n$/);
  });

  it('makes a password and prints it alone on stdout', async () => {
    const { code, out } = await zhike('agent', 'add', 'wang@example.com', '--generate-password');
    expect(code).toBe(0);
    expect(out).toMatch(/^\S{20}\n$/);
  });

  it('asks twice for a password, and adds nothing when the two differ', async () => {
    expect(
      await zhike({ secrets: ['a long password', 'a long passwort'] }, 'agent', 'add', 'a@example.com'),
    ).toMatchObject({ code: 1, err: expect.stringMatching(/differ/) });
    expect(
      await zhike({ secrets: ['a long password', 'a long password'] }, 'agent', 'add', 'a@example.com'),
    ).toMatchObject({ code: 0 });
  });

  it('says what is wrong with an account, and that one is there already', async () => {
    expect(await zhike({ input: 'short' }, 'agent', 'add', 'nobody', '--password-stdin')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/email.*password/),
    });
    expect(await zhike('agent', 'add', 'a@example.com')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/--password-stdin/),
    });
    await zhike('agent', 'add', 'a@example.com', '--generate-password');
    expect(await zhike('agent', 'add', 'A@example.com', '--generate-password')).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/already/),
    });
    expect(await zhike('agent', 'disable', 'b@example.com')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/no account/),
    });
  });

  it('gives the conversations of a disabled account back to the queue', async () => {
    await zhike('agent', 'add', 'a@example.com', '--generate-password');
    const storage = await openStorage(process.env.DATABASE_URL ?? '');
    const [agent] = await storage.agents.list();
    if (!agent) throw new Error('no agent');
    const { id } = await startQueued(storage.log);
    await saved(storage.log, id, claimedBy(agent));
    expect((await zhike('agent', 'disable', 'a@example.com')).err).toMatch(/; 1 conversations went back/);
    expect(await storage.log.find(id)).toMatchObject({ status: 'queued', agentId: null });
    await storage.close();
  });
});

describe('called wrongly', () => {
  it.each([
    [['nonsense'], /unknown command/],
    [['ask'], /missing required argument 'question'/],
    [['eval'], /--questions/],
    [['lint', '--fix'], /unknown option '--fix'/],
    [['agent', 'add', 'a@example.com', '--role', 'boss'], /agent, editor, supervisor/],
    [['agent', 'add', 'a@example.com', '--password-stdin', '--generate-password'], /cannot be used with/],
    [[], /Usage: zhike/],
  ])('%j exits 2 and says why on stderr', async (args, reason) => {
    expect(await zhike(...args)).toEqual({ code: 2, out: '', err: expect.stringMatching(reason) });
  });

  it('a faulty configuration exits 2 with all its faults', async () => {
    process.env.PORT = 'x';
    process.env.LOG_LEVEL = 'y';
    expect(await zhike('ask', '退货')).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringMatching(/PORT: [\s\S]*LOG_LEVEL: /),
    });
  });

  it('-h tells how, on stdout', async () => {
    expect(await zhike('-h')).toMatchObject({
      code: 0,
      err: '',
      out: expect.stringMatching(/ask[\s\S]*lint[\s\S]*test[\s\S]*eval[\s\S]*import[\s\S]*agent/),
    });
    expect(await zhike('eval', '-h')).toMatchObject({
      code: 0,
      err: '',
      out: expect.stringMatching(/--questions <file>/),
    });
  });
});

type Result = { readonly code: number; readonly out: string; readonly err: string };
type Given = { readonly input?: string; readonly secrets?: readonly string[] };

async function zhike(...args: readonly (string | Given)[]): Promise<Result> {
  const [first] = args;
  const given = typeof first === 'object' ? first : {};
  const secrets = [...(given.secrets ?? [])];
  let out = '';
  let err = '';
  const code = await runCli(
    args.filter((arg) => typeof arg === 'string'),
    {
      out: (text) => void (out += text),
      err: (text) => void (err += text),
      input: async () => given.input ?? '',
      secret: async () => secrets.shift() ?? null,
    },
  );
  return { code, out, err };
}

function write(file: string, content: string): string {
  const path = join(dir, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

function lines(file: string, rows: readonly unknown[]): string {
  return write(file, rows.map((row) => JSON.stringify(row)).join('\n'));
}
