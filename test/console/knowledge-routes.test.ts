import { longestWording } from '../../src/answering/wording.ts';
import { maxWording } from '../../src/console/limits.ts';
import { openConsole, type OpenConsole } from './open-console.ts';

let desk: OpenConsole;
beforeEach(async () => {
  desk = await openConsole();
});
afterEach(() => desk.close());

const base = '/api/console/knowledge';
const day = 24 * 60 * 60_000;

describe('an editor', () => {
  it('signs in and reads of the knowledge, and of no conversation', async () => {
    await desk.queued('c1');
    const editor = await desk.signIn('editor');
    expect((await editor.get('/api/console/session')).body.agent.role).toBe('editor');
    for (const path of [base, `${base}/gaps`, `${base}/proposals`]) {
      expect([path, (await editor.get(path)).status]).toEqual([path, 200]);
    }
    for (const path of ['conversations', 'conversations/c1', 'conversations/c1/entries', 'events', 'uploads/photo']) {
      expect([path, (await editor.get(`/api/console/${path}`)).status]).toEqual([path, 403]);
    }
  });
});

describe('the state of the knowledge', () => {
  it('is how much there is, what is broken and how far the confidence can be believed', async () => {
    for (let at = 1; at <= 12; at++) {
      const fit = { id: `f${at}`, at, stage: 'labelled', articles: 2, labels: at, promised: 0.95 } as const;
      await desk.fits.save({ ...fit, threshold: 0.9, data: { slope: at }, report: { ece: 0.03 } });
    }
    const { body } = await (await desk.signIn('editor')).get(base);
    expect(body).toMatchObject({
      articles: 2,
      faults: [{ file: '退款/坏.md', line: 3, message: 'title: expected text' }],
      calibration: {
        stage: 'labelled',
        estimated: false,
        labels: 60,
        promised: 0.95,
        threshold: 0.91,
        fittedAt: 12,
        report: { ece: 0.03 },
      },
    });
    expect(body.fits.map(({ id }) => id)).toEqual(['f12', 'f11', 'f10', 'f9', 'f8', 'f7', 'f6', 'f5', 'f4', 'f3']);
    expect(JSON.stringify(body)).not.toContain('slope');
  });

  it('says that the confidence is an estimate until somebody has judged answers', async () => {
    desk.knowledge.calibration = () => ({ stage: 'shipped', labels: 0, threshold: 0.93 });
    const { body } = await (await desk.signIn('li')).get(base);
    expect(body.calibration).toEqual({
      stage: 'shipped',
      estimated: true,
      labels: 0,
      promised: 0.95,
      threshold: 0.93,
      fittedAt: null,
      report: null,
    });
  });
});

describe('an explanation', () => {
  it('is of the question in its context', async () => {
    const editor = await desk.signIn('editor');
    const { body } = await editor.send('POST', `${base}/explain`, {
      question: '那运费呢\ud83d',
      lastArticleId: 'refund',
    });
    expect(body).toMatchObject({
      question: '那运费呢\ufffd',
      because: 'sure',
      candidates: [{ wording: '运费是多少' }],
    });
    await editor.send('POST', `${base}/explain`, { question: '' });
    expect(desk.knowledge.asked.explained).toEqual([
      ['那运费呢\ufffd', { lastArticleId: 'refund' }],
      ['', { lastArticleId: null }],
    ]);
  });
});

describe('content gaps', () => {
  it('are those of the last thirty days, or of as many as wanted', async () => {
    const editor = await desk.signIn('editor');
    const { body } = await editor.get(`${base}/gaps`);
    expect(body).toMatchObject({ since: desk.clock.now - 30 * day, gaps: [{ question: '能寄到月球吗？', count: 3 }] });
    await editor.get(`${base}/gaps?days=7`);
    expect(desk.knowledge.asked.gaps).toEqual([
      [desk.clock.now - 30 * day, 100],
      [desk.clock.now - 7 * day, 100],
    ]);
  });

  it.each(['days=0', 'days=366', 'days=x', 'since=1'])('refuses ?%s', async (query) => {
    const editor = await desk.signIn('editor');
    expect((await editor.get(`${base}/gaps?${query}`)).status).toBe(400);
  });
});

describe('a proposed wording', () => {
  const wording = { articleId: 'refund', question: '钱什么时候到账' };
  const decide = `${base}/proposals/decide`;

  it('is accepted as it is or in other words, or refused, by a person with a name', async () => {
    const editor = await desk.signIn('editor');
    expect((await editor.get(`${base}/proposals`)).body.proposals).toMatchObject([wording]);
    const replies = [
      await editor.send('POST', decide, { ...wording, decision: 'accept' }),
      await editor.send('POST', decide, { ...wording, decision: 'accept', text: '退款几天到账' }),
      await editor.send('POST', decide, { ...wording, decision: 'refuse' }),
    ];
    expect(replies.map(({ status, body }) => [status, body])).toEqual(replies.map(() => [200, { ok: true }]));
    const by = { ...wording, agentId: desk.agents.editor.id };
    expect(desk.knowledge.asked.decided).toEqual([
      { ...by, decision: 'accept', text: '钱什么时候到账' },
      { ...by, decision: 'accept', text: '退款几天到账' },
      { ...by, decision: 'refuse', text: '钱什么时候到账' },
    ]);
  });

  it('is decided by supervisors too, not by agents', async () => {
    const [zhou, li] = [await desk.signIn('zhou'), await desk.signIn('li')];
    const body = { ...wording, decision: 'accept' };
    expect((await zhou.send('POST', decide, body)).status).toBe(200);
    const reply = await li.send('POST', decide, body);
    expect([reply.status, reply.body.error.code]).toEqual([403, 'Forbidden']);
    expect(desk.knowledge.asked.decided).toHaveLength(1);
  });

  it('that can not be written is said to be so, and why', async () => {
    desk.knowledge.decides = { kind: 'not_writable', reason: "refund.md can't be written (EROFS)" };
    const editor = await desk.signIn('editor');
    const reply = await editor.send('POST', decide, { ...wording, decision: 'accept' });
    expect([reply.status, reply.body.error]).toEqual([
      409,
      { code: 'not_writable', message: "refund.md can't be written (EROFS)" },
    ]);
  });

  it('of an article that is gone is said to be so', async () => {
    desk.knowledge.decides = { kind: 'unknown_article' };
    const editor = await desk.signIn('editor');
    expect((await editor.send('POST', decide, { ...wording, decision: 'refuse' })).status).toBe(404);
  });

  it('may be as long as those that are proposed', () => {
    expect(maxWording).toBe(longestWording);
  });
});
