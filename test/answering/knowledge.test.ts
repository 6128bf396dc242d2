import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openKnowledge, type Knowledge } from '../../src/answering/knowledge.ts';
import { studyHere } from '../../src/answering/learning/study.ts';
import type { Article } from '../../src/articles/article.ts';

/** Article files and vocabulary of one folder, changed while they are being read. */
describe('the knowledge of a folder', () => {
  let dir: string;
  let knowledge: Knowledge;
  let fee: Article;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'zhike-knowledge-'));
    await writeFile(join(dir, 'fee.md'), '---\ntitle: 运费多少钱？\n---\n满 99 元包邮。\n');
    await writeFile(join(dir, 'refund.md'), '---\ntitle: 退款多久到账？\n---\n1–3 个工作日。\n');
    knowledge = await openKnowledge(dir);
    fee = knowledge.loaded.articles.find(({ id }) => id === 'fee') as Article;
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  const answer = () => knowledge.ask('运费多少钱', { lastArticleId: null }).article?.body;

  it('keeps what changed while the vocabulary was learnt anew', async () => {
    const learning = knowledge.relearn(knowledge.loaded.articles);
    knowledge.upsert({ ...fee, body: '满 59 元包邮。' });
    await learning;
    expect(answer()).toContain('满 59 元');
  });

  it('keeps it when dictionary and synonyms are saved together, so that two learn at once', async () => {
    const first = knowledge.relearn(knowledge.loaded.articles);
    const second = knowledge.relearn(knowledge.loaded.articles);
    knowledge.upsert({ ...fee, body: '满 59 元包邮。' });
    await Promise.all([first, second]);
    expect(answer()).toContain('满 59 元');
    knowledge.upsert(fee);
    expect(answer()).toContain('满 99 元');
  });

  it('never answers from an article that was taken away meanwhile', async () => {
    const learning = [knowledge.relearn(knowledge.loaded.articles)];
    knowledge.remove('fee');
    learning.push(knowledge.relearn(knowledge.loaded.articles.filter(({ id }) => id !== 'fee')));
    await Promise.all(learning);
    expect(answer()).toBeUndefined();
    expect(knowledge.size).toBe(1);
  });

  it('serves the vocabulary that was read last', async () => {
    await writeFile(join(dir, 'synonyms.txt'), '运费 邮钱\n');
    const first = knowledge.relearn(knowledge.loaded.articles);
    await writeFile(join(dir, 'synonyms.txt'), '运费 邮钱 车马费\n');
    await Promise.all([first, knowledge.relearn(knowledge.loaded.articles)]);
    expect(knowledge.search('车马费多少钱').candidates[0]?.articleId).toBe('fee');
  });

  it('feels how a message sounds, and of which sensitive topic it is as the file says now', async () => {
    expect(knowledge.feel('我要找律师')).toEqual({ sentiment: 0, sensitiveTopic: null });
    expect(knowledge.feel('太好了，很满意').sentiment).toBeGreaterThan(0.5);
    await writeFile(join(dir, 'sensitive-topics.txt'), '法律: 律师\n');
    await knowledge.relearn(knowledge.loaded.articles);
    expect(knowledge.feel('我要找律師').sensitiveTopic).toBe('法律');
  });

  it('names a bad line of the sensitive topics, and the others hold', async () => {
    await writeFile(join(dir, 'sensitive-topics.txt'), '律师\n: 起诉\n');
    const warnings: string[] = [];
    const opened = await openKnowledge(dir, { warn: (message) => warnings.push(message) });
    expect(opened.feel('找律师').sensitiveTopic).toBe('律师');
    expect(warnings).toEqual([expect.stringMatching(/^sensitive-topics\.txt, line 2, is left out: has no topic/)]);
  });

  it('keeps what it heard while a lesson was learned that knows nothing of it', async () => {
    const first = () => knowledge.search('蚂蚁宝里啥时入袋').candidates[0]?.articleId;
    const lesson = await knowledge.lesson({ labels: [], confirmed: new Map() });
    const learning = studyHere().learn(lesson);
    knowledge.hear({ question: '蚂蚁宝里啥时入袋', articleId: 'refund', right: true, source: 'agent' });
    expect(first()).toBe('refund');
    knowledge.take(await learning, lesson);
    expect(first()).toBe('refund');
    const next = await knowledge.lesson({ labels: [], confirmed: new Map() });
    knowledge.take(await studyHere().learn(next), next);
    expect(first()).toBeUndefined();
  });

  it('answers an article’s own words whatever is promised', async () => {
    const strict = await openKnowledge(dir, { targetPrecision: 0.999 });
    expect(strict.ask('运费多少钱', { lastArticleId: null }).article?.id).toBe('fee');
    expect(strict.ask('运费要多少', { lastArticleId: null }).article).toBeNull();
  });
});
