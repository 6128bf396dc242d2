import { ApiError, type Client } from '../../../src/console/page/client.ts';
import { percentText, signedText } from '../../../src/console/page/figures.ts';
import { byArticle, createKnowledge, keyOf, type DecisionNotice } from '../../../src/console/page/knowledge.ts';
import { hashOf, placeOf, type Place } from '../../../src/console/page/places.ts';
import { measuredIn, reportLines } from '../../../src/console/page/reports.ts';
import { barsOf, widestOf, wordChips } from '../../../src/console/page/shares.ts';
import { explanation, gap, knowledgeClient, proposal } from './knowledge-client.ts';

const down = new ApiError(0, 'unreachable', 'no network');

describe('the address', () => {
  const places: readonly Place[] = [
    { kind: 'conversations', conversationId: null },
    { kind: 'conversations', conversationId: 'dl_7/ü?#%' },
    { kind: 'conversations', conversationId: 'knowledge/ask' },
    { kind: 'knowledge', view: 'ask', question: null, after: null },
    { kind: 'knowledge', view: 'ask', question: '100% 退款？a&b=c #1 + 空格', after: '售后/退款 多久' },
    { kind: 'knowledge', view: 'gaps', days: 30 },
    { kind: 'knowledge', view: 'gaps', days: 90 },
    { kind: 'knowledge', view: 'proposals' },
    { kind: 'knowledge', view: 'quality' },
  ];

  it('leads back to every place, whatever stands in a question or an id', () => {
    for (const place of places) expect(placeOf(hashOf(place))).toEqual(place);
    expect(new Set(places.map(hashOf)).size).toBe(places.length);
  });

  it('leads somewhere when it is wrong', () => {
    expect(placeOf('#%')).toEqual({ kind: 'conversations', conversationId: null });
    expect(placeOf('#knowledge/nowhere')).toMatchObject({ kind: 'knowledge', view: 'ask', question: null });
    expect(placeOf('#knowledge/gaps?days=-3')).toEqual({ kind: 'knowledge', view: 'gaps', days: 30 });
    expect(placeOf('#knowledge/ask?q=%E0%A4%A')).toMatchObject({ kind: 'knowledge', view: 'ask' });
  });
});

describe('asking', () => {
  it('shows what came of the question asked last, though an earlier answer comes later', async () => {
    const answers = new Map<string, () => void>();
    const page = open({
      explain: (question) => new Promise((resolve) => void answers.set(question, () => resolve(explanation(question)))),
    });
    page.knowledge.ask('一');
    page.knowledge.ask(' 二 ');
    expect(page.state().explained).toEqual({ value: null, state: 'loading' });
    answers.get('二')?.();
    await settled();
    answers.get('一')?.();
    await settled();
    expect(page.state().explained).toMatchObject({ state: 'ready', value: { question: '二' } });
    expect(page.state().place).toMatchObject({ view: 'ask', question: '二' });
  });

  it('asks nothing for a question without words', () => {
    const page = open();
    page.knowledge.ask('  ');
    expect(page.state().place).toBeNull();
    expect(page.calls).toEqual([]);
  });

  it('remembers what was asked, the newest first and each once, and comes back to the last', async () => {
    const page = open();
    for (const question of ['一', '二', '一']) {
      page.knowledge.ask(question);
      await settled();
    }
    expect(page.state().asked.map(({ question }) => question)).toEqual(['一', '二']);
    page.knowledge.choose('quality');
    page.knowledge.choose('ask');
    expect(page.state().place).toEqual({ view: 'ask', question: '一', after: null });
  });

  it('tells the same words apart when they follow different articles', async () => {
    const page = open();
    page.knowledge.ask('多久', 'refund');
    await settled();
    page.knowledge.ask('多久', 'shipping');
    await settled();
    expect(page.state().asked.map(({ after }) => after)).toEqual(['shipping', 'refund']);
    expect(page.calls).toEqual(['explain 多久 refund', 'explain 多久 shipping']);
  });

  it('shows the answer to what was asked, never the one before it, when the server can’t be reached', async () => {
    let works = true;
    const page = open({
      explain: (question) => (works ? Promise.resolve(explanation(question)) : Promise.reject(down)),
    });
    page.knowledge.ask('一');
    await settled();
    works = false;
    page.knowledge.ask('二');
    await settled();
    expect(page.state().explained).toEqual({ value: null, state: 'failed' });
    works = true;
    page.knowledge.refresh();
    await settled();
    expect(page.state().explained).toMatchObject({ state: 'ready', value: { question: '二' } });
  });
});

describe('the gaps', () => {
  it('of another period are not shown as those of this one', async () => {
    let works = true;
    const page = open({
      gaps: (days) => (works ? Promise.resolve({ gaps: [gap(`${days}`)], since: 0 }) : Promise.reject(down)),
    });
    page.knowledge.go({ view: 'gaps', days: 7 });
    await settled();
    page.knowledge.go({ view: 'gaps', days: 90 });
    expect(page.state().gaps).toEqual({ value: null, state: 'loading' });
    await settled();
    expect(page.state().gaps.value?.gaps).toMatchObject([{ question: '90' }]);
    works = false;
    page.knowledge.refresh();
    await settled();
    expect(page.state().gaps).toMatchObject({ state: 'failed', value: { gaps: [{ question: '90' }] } });
  });
});

describe('a proposed wording', () => {
  const [a, b, c] = [
    proposal('refund', '钱啥时候退'),
    proposal('refund', '退款到哪'),
    proposal('fee', '邮费几块'),
  ] as const;

  it('stands with the others of its article', () => {
    expect(byArticle([a, c, b]).map(({ articleId, proposals }) => [articleId, proposals.length])).toEqual([
      ['refund', 2],
      ['fee', 1],
    ]);
  });

  it('goes at once when it is accepted, and the editor is told into which article', async () => {
    const page = open({ proposals: () => Promise.resolve({ proposals: [a, b, c] }) });
    await page.goes('proposals');
    void page.knowledge.decide(a, 'accept');
    expect(page.questions()).toEqual([b, c].map(({ question }) => question));
    expect(page.told).toEqual([]);
    await settled();
    expect(page.told).toEqual([{ kind: 'accepted', title: '《refund》' }]);
    // A read that began before the decision brings it once more.
    page.knowledge.refresh();
    await settled();
    expect(page.questions()).toEqual([b, c].map(({ question }) => question));
  });

  it('is decided once, however often the key is pressed', async () => {
    const page = open({ proposals: () => Promise.resolve({ proposals: [a] }) });
    await page.goes('proposals');
    await Promise.all([page.knowledge.decide(a, 'refuse'), page.knowledge.decide(a, 'accept')]);
    expect(page.calls.filter((call) => call.startsWith('decide'))).toEqual(['decide refuse 钱啥时候退']);
    expect(page.told).toEqual([{ kind: 'refused', title: '《refund》' }]);
  });

  it('carries the editor’s words only where they changed something', async () => {
    const page = open({ proposals: () => Promise.resolve({ proposals: [a, b] }) });
    await page.goes('proposals');
    await page.knowledge.decide(a, 'accept', ' 钱啥时候退 ');
    await page.knowledge.decide(b, 'accept', '退款退到哪里 ');
    expect(page.calls.slice(-2)).toEqual(['decide accept 钱啥时候退', 'decide accept 退款到哪 → 退款退到哪里']);
  });

  it('comes back to its place with the editor’s words when the server can’t be reached', async () => {
    let works = false;
    const page = open({
      proposals: () => Promise.resolve({ proposals: [a, b, c] }),
      decide: () => (works ? Promise.resolve({}) : Promise.reject(down)),
    });
    await page.goes('proposals');
    await page.knowledge.decide(b, 'accept', '退款退到哪里');
    expect(page.questions()).toEqual([a, b, c].map(({ question }) => question));
    expect(page.state().editing).toEqual({ key: keyOf(b), text: '退款退到哪里' });
    expect(page.told).toEqual([{ kind: 'notDecided' }]);
    works = true;
    await page.knowledge.decide(b, 'accept', '退款退到哪里');
    expect(page.questions()).toEqual([a, c].map(({ question }) => question));
  });

  it('comes back between those that are still there when several fail', async () => {
    const page = open({
      proposals: () => Promise.resolve({ proposals: [a, b, c] }),
      decide: () => Promise.reject(down),
    });
    await page.goes('proposals');
    await Promise.all([c, a, b].map((each) => page.knowledge.decide(each, 'refuse')));
    expect(page.questions()).toEqual([a, b, c].map(({ question }) => question));
  });

  it('tells why the article can’t take it, and what became of one whose article is gone', async () => {
    const refusals = [
      new ApiError(409, 'not_writable', 'The file is read-only.'),
      new ApiError(404, 'NotFound', 'There is no such article.'),
      new ApiError(403, 'Forbidden', 'Only editors.'),
    ];
    const page = open({
      proposals: () => Promise.resolve({ proposals: [a, b, c] }),
      decide: () => Promise.reject(refusals.shift() ?? down),
    });
    await page.goes('proposals');
    for (const each of [a, b, c]) await page.knowledge.decide(each, 'accept');
    expect(page.told).toEqual([
      { kind: 'notWritable', title: '《refund》', reason: 'The file is read-only.' },
      { kind: 'articleGone' },
      { kind: 'forbidden' },
    ]);
    expect(page.questions()).toEqual([a, c].map(({ question }) => question));
  });
});

describe('the shares', () => {
  const share = (name: string, size: number) => ({ name, value: 1, share: size });

  it('are drawn largest first whatever their sign, and compared by the widest of all', () => {
    const { telling, slight } = barsOf([share('a', 1), share('b', -2), share('c', 0), share('d', 0.01)], 4);
    expect(telling.map(({ name, width }) => [name, width])).toEqual([
      ['b', 0.5],
      ['a', 0.25],
    ]);
    expect(slight.map(({ name }) => name)).toEqual(['d']);
    expect(widestOf([[share('a', 1)], [share('b', -2)], []])).toBe(2);
    expect(barsOf([share('a', 0)], widestOf([]))).toEqual({ telling: [], slight: [] });
  });

  it('leave out of sight what is one of many', () => {
    const { telling, slight } = barsOf(
      Array.from({ length: 20 }, (_, n) => share(`${n}`, 20 - n)),
      20,
    );
    expect([telling.length, slight.length]).toEqual([8, 12]);
  });

  it('come with the words, of which those nobody has are marked', () => {
    expect(wordChips(['退款', '退', '鲸鱼'], ['鲸鱼', '吗啡'])).toEqual([
      { word: '退款', missing: false },
      { word: '退', missing: false },
      { word: '鲸鱼', missing: true },
      { word: '吗啡', missing: true },
    ]);
  });
});

describe('the figures', () => {
  it('have at most one decimal, and a sign where it matters', () => {
    expect([0, 0.9345, 0.92, 1].map(percentText)).toEqual(['0%', '93.5%', '92%', '100%']);
    expect([1.2, -0.349, 0.001].map(signedText)).toEqual(['+1.20', '−0.35', '0.00']);
  });

  it('of a report are lines, of counts and of shares', () => {
    const report = {
      articles: 41,
      selfExam: { questions: 120, top1: 0.9 },
      measured: { questions: 60, precision: 0.9625, calibrationError: 0.04 },
      nothing: null,
      note: '<b>x</b>',
      list: [1],
    };
    expect(reportLines(report).map(({ key, value }) => `${key} ${value}`)).toEqual([
      'articles 41',
      'selfExam.questions 120',
      'selfExam.top1 90%',
      'measured.questions 60',
      'measured.precision 96.3%',
      'measured.calibrationError 4%',
      'note <b>x</b>',
    ]);
    expect(measuredIn(report)).toEqual({ precision: 0.9625, questions: 60 });
    const unmeasured = [null, {}, { measured: null }, { measured: { questions: 60, precision: null } }];
    expect(unmeasured.map(measuredIn)).toEqual(unmeasured.map(() => null));
  });
});

/** The section on a server of a few lines. */
function open(overrides: Partial<Client> = {}) {
  const calls: string[] = [];
  const told: DecisionNotice[] = [];
  const client = knowledgeClient(overrides);
  const knowledge = createKnowledge({
    client: {
      ...client,
      explain: (question, after) => {
        calls.push(`explain ${question} ${after}`);
        return client.explain(question, after);
      },
      decide: (decision) => {
        const { text } = decision;
        calls.push(`decide ${decision.decision} ${decision.question}${text === undefined ? '' : ` → ${text}`}`);
        return client.decide(decision);
      },
    },
    isSignedIn: () => true,
    isOver: () => false,
    tell: (notice) => told.push(notice),
  });
  return {
    knowledge,
    calls,
    told,
    state: () => knowledge.store.get(),
    questions: () => knowledge.store.get().proposals.value?.map(({ question }) => question),
    goes: async (view: 'proposals') => {
      knowledge.go({ view });
      await settled();
    },
  };
}

/** Everything that can happen without a timer has happened. */
async function settled(): Promise<void> {
  for (let i = 0; i < 50; i++) await Promise.resolve();
}
