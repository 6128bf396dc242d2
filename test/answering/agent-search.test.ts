import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openKnowledge, type Knowledge } from '../../src/answering/knowledge.ts';
import type { Article } from '../../src/articles/article.ts';

describe('what agents find', () => {
  let dir: string;
  let knowledge: Knowledge;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'zhike-agent-search-'));
    await writeFile(join(dir, 'fee.md'), '---\ntitle: 运费多少钱？\n---\n满 **99** 元包邮。\n');
    await writeFile(
      join(dir, 'goodwill.md'),
      '---\ntitle: 运费补偿的额度\naudience: internal\n---\n单笔最多补偿 30 元。\n',
    );
    await writeFile(
      join(dir, 'draft.md'),
      '---\ntitle: 运费险草稿\nstatus: draft\naudience: internal\n---\n还没写完。\n',
    );
    knowledge = await openKnowledge(dir);
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  const found = async (question: string) =>
    (await knowledge.searchForAgents(question, 5)).map(({ articleId }) => articleId);
  const articleCalled = (id: string) =>
    knowledge.loaded.base.articles().find((article) => article.id === id) as Article;

  it('is also what customers never see, and no draft', async () => {
    expect(await found('运费补偿的额度')).toEqual(['goodwill', 'fee']);
    expect(await found('运费险草稿')).not.toContain('draft');
  });

  it('says for whom each is, how sure it is where that is known, which words it has, and its text without markup', async () => {
    const [first, second] = await knowledge.searchForAgents('运费补偿的额度', 5);
    expect(first).toMatchObject({ audience: 'internal', confidence: null, text: '单笔最多补偿 30 元。' });
    expect(first?.matched).toEqual(expect.arrayContaining(['运费', '补偿']));
    expect(second).toMatchObject({ audience: 'public', question: '运费多少钱？', text: '满 99 元包邮。' });
    expect(second?.matched).toContain('运费');
    expect(second?.matched).not.toContain('补偿');
    expect(typeof second?.confidence).toBe('number');
  });

  it('is never what customers are answered with, asked for by its very words', () => {
    const { understanding, article, suggestions } = knowledge.ask('运费补偿的额度', { lastArticleId: null });
    expect(JSON.stringify([understanding, article, suggestions])).not.toContain('goodwill');
    expect(knowledge.article('goodwill')).toBeNull();
    expect(knowledge.size).toBe(1);
  });

  it('puts an internal article below those that fit, and leaves it out where nothing of it does', async () => {
    expect(await found('运费多少钱')).toEqual(['fee', 'goodwill']);
    expect(await found('怎么修改密码')).not.toContain('goodwill');
  });

  it('follows an article that is opened to customers, closed again, changed and removed', async () => {
    const goodwill = articleCalled('goodwill');
    knowledge.upsert({ ...goodwill, audience: 'public' });
    expect(knowledge.ask('运费补偿的额度', { lastArticleId: null }).article?.id).toBe('goodwill');
    expect(await found('运费补偿的额度')).toEqual(['goodwill', 'fee']);
    knowledge.upsert(goodwill);
    expect(knowledge.article('goodwill')).toBeNull();
    expect(await found('运费补偿的额度')).toEqual(['goodwill', 'fee']);
    knowledge.remove('goodwill');
    expect(await found('运费补偿的额度')).toEqual(['fee']);
    const learning = knowledge.relearn(knowledge.loaded.articles);
    knowledge.upsert({ ...goodwill, body: '最多 50 元。' });
    await learning;
    expect((await knowledge.searchForAgents('运费补偿的额度', 1))[0]?.text).toBe('最多 50 元。');
  });

  it.each(['', ' \n', '\ud83d', '？'.repeat(5000)])(
    'finds something or nothing, and throws for no text',
    async (text) => {
      expect(Array.isArray(await knowledge.searchForAgents(text, 5))).toBe(true);
    },
  );
});
