import type { Edited } from '../../../src/articles/edit.ts';
import {
  confirmedWordings,
  createProposals,
  proposalsOf,
  type Evidence,
  type WordingChoice,
  type WordingDecision,
} from '../../../src/answering/editing/proposals.ts';
import { article } from '../../quality/datasets.ts';

const refund = article('refund', '退款多久到账', { questions: ['退款几天到银行卡'] });
const invoice = article('invoice', '怎么开发票');
const base = [refund, invoice];

let said = 0;
function label(question: string, given: Partial<Evidence> = {}): Evidence {
  const at = ++said;
  return {
    question,
    articleId: 'refund',
    right: true,
    source: 'feedback',
    by: `u${at}`,
    at,
    conversationId: `c${at}`,
    ...given,
  };
}

async function questions(
  labels: readonly Evidence[],
  decisions: readonly WordingDecision[] = [],
): Promise<readonly string[]> {
  return (await proposalsOf(labels, base, decisions)).map(({ question }) => question);
}

async function confirmed(
  labels: readonly Evidence[],
  decisions: readonly WordingDecision[] = [],
): Promise<readonly string[]> {
  return (await confirmedWordings(labels, base, decisions)).map(({ question }) => question);
}

/** How often other work got its turn while something was done. */
async function turnsDuring(work: Promise<unknown>): Promise<number> {
  let turns = 0;
  let done = false;
  const count = () => {
    if (done) return;
    turns++;
    setImmediate(count);
  };
  setImmediate(count);
  await work;
  done = true;
  return turns;
}

describe('A wording is proposed for an article', () => {
  it('with the voices for it, by how they came about, and an example', async () => {
    const labels = [
      label('钱什么时候到账', { at: 10, source: 'pick' }),
      label('钱什么时候到账？', { at: 30, conversationId: 'newest' }),
      label('錢什麼時候到賬', { at: 20, source: 'agent' }),
      label('钱什么时候到账', { at: 40, right: false }),
    ];
    expect(await proposalsOf(labels, base, [])).toEqual([
      {
        articleId: 'refund',
        title: '退款多久到账',
        question: '钱什么时候到账？',
        voices: { feedback: 1, pick: 1, agent: 1 },
        against: 1,
        lastAt: 30,
        conversationId: 'newest',
      },
    ]);
  });

  it('counting one person once, by what they said last', async () => {
    const [proposal] = await proposalsOf(
      [
        label('钱什么时候到账', { by: 'li', at: 10, right: false }),
        label('钱什么时候到账。', { by: 'li', at: 20 }),
        label('钱什么时候到账!', { by: 'li', at: 15 }),
      ],
      base,
      [],
    );
    expect(proposal).toMatchObject({ voices: { feedback: 1 }, against: 0, question: '钱什么时候到账。' });
  });

  it('for each article it was confirmed for', async () => {
    expect(await questions([label('钱和票'), label('钱和票', { articleId: 'invoice' })])).toHaveLength(2);
  });

  it('most voices first, then the newest', async () => {
    const labels = [
      label('甲问题', { at: 90 }),
      label('乙问题', { at: 10 }),
      label('乙问题', { at: 20 }),
      label('丙问题', { at: 95 }),
    ];
    expect(await questions(labels)).toEqual(['乙问题', '丙问题', '甲问题']);
  });
});

describe('A wording is not proposed', () => {
  it('when more people deny it than confirm it, or nobody confirms it', async () => {
    const against = () => label('钱什么时候到账', { right: false });
    expect(await questions([label('钱什么时候到账'), against()])).toHaveLength(1);
    expect(await questions([label('钱什么时候到账'), against(), against()])).toEqual([]);
    expect(await questions([against()])).toEqual([]);
  });

  it('when the article has it already, as title or question, however it is spelled', async () => {
    expect(await questions([label('退款多久到账？'), label(' 退款几天到銀行卡 ')])).toEqual([]);
    expect(await questions([label('退款几天到银行卡', { articleId: 'invoice' })])).toHaveLength(1);
  });

  it('when an editor has decided about it', async () => {
    const decision = { articleId: 'refund', question: '钱什么时候到账', agentId: 'e', at: 1 } as const;
    const labels = [label('钱什么时候到账？')];
    expect(await questions(labels, [{ ...decision, decision: 'refused' }])).toEqual([]);
    expect(await questions(labels, [{ ...decision, decision: 'accepted' }])).toEqual([]);
    expect(await questions(labels, [{ ...decision, articleId: 'invoice', decision: 'refused' }])).toHaveLength(1);
  });

  it('when there is no such article any more, or it is a letter or says nothing', async () => {
    expect(await questions([label('钱', { articleId: 'gone' }), label('长'.repeat(201)), label('？！')])).toEqual([]);
  });
});

describe('A wording weighs in', () => {
  const decision = { articleId: 'refund', question: '钱什么时候到账', agentId: 'e', at: 1 } as const;
  const labels = [label('钱什么时候到账？'), label('钱什么时候到账', { source: 'agent' })];

  it('with the voices for it and against it', async () => {
    const against = label('钱什么时候到账', { right: false });
    expect(await confirmedWordings([...labels, against], base, [])).toMatchObject([
      {
        articleId: 'refund',
        question: '钱什么时候到账',
        voices: { feedback: 1, pick: 0, agent: 1 },
        against: 1,
      },
    ]);
  });

  it('until the article has it, or an editor refuses it', async () => {
    expect(await confirmed([label('退款多久到账？')])).toEqual([]);
    expect(await confirmed(labels, [{ ...decision, decision: 'refused' }])).toEqual([]);
    expect(await confirmed(labels, [{ ...decision, articleId: 'invoice', decision: 'refused' }])).toHaveLength(1);
  });

  it('though an editor accepted it in other words, as customers go on saying it in theirs', async () => {
    const decisions = [{ ...decision, decision: 'accepted' }] as const;
    expect(await confirmed(labels, decisions)).toEqual(['钱什么时候到账']);
    expect(await questions(labels, decisions)).toEqual([]);
  });

  it('by the last decision about it', async () => {
    const [accepted, refused] = [
      { ...decision, decision: 'accepted', at: 1 },
      { ...decision, decision: 'refused', at: 2 },
    ] as const;
    expect(await confirmed(labels, [accepted, refused])).toEqual([]);
    expect(await confirmed(labels, [refused, accepted])).toHaveLength(1);
  });

  it('most voices and the newest last, as of many the last are kept', async () => {
    const many = [
      label('甲问题', { at: 90 }),
      label('乙问题', { at: 10 }),
      label('乙问题', { at: 20 }),
      label('丙问题', { at: 95 }),
    ];
    expect(await confirmed(many)).toEqual(['甲问题', '丙问题', '乙问题']);
  });
});

describe('Other work goes on', () => {
  it('while many labels are read', async () => {
    const labels = Array.from({ length: 1_000 }, (_, place) => label(`第${place}个问题`));
    expect(await turnsDuring(proposalsOf(labels, base, []))).toBeGreaterThanOrEqual(10);
  });

  it('while the wordings of many articles are read, once for each article', async () => {
    const articles = Array.from({ length: 100 }, (_, place) => article(`a${place}`, `第${place}篇`));
    const labels = articles.map(({ id }) => label('钱什么时候到账', { articleId: id }));
    const first = await turnsDuring(proposalsOf(labels, articles, []));
    expect(first).toBeGreaterThanOrEqual(100);
    expect(await turnsDuring(proposalsOf(labels, articles, []))).toBeLessThan(first / 10);
  });
});

describe('An editor', () => {
  const choice: WordingChoice = {
    articleId: 'refund',
    question: '钱什么时候到账？',
    text: '钱什么时候到账？',
    decision: 'accept',
    agentId: 'editor',
  };

  function desk(edited: Edited = { kind: 'edited' }) {
    const decisions: WordingDecision[] = [];
    const written: (readonly [string, string])[] = [];
    const told: unknown[] = [];
    const proposals = createProposals({
      labels: { labels: () => Promise.resolve([label('钱什么时候到账？'), label('几号能到账')]) },
      wordings: {
        save: (decision) => Promise.resolve(void decisions.push(decision)),
        decisions: () => Promise.resolve(decisions),
      },
      articles: () => base,
      addQuestion: (file, question) => {
        written.push([file, question]);
        return Promise.resolve(edited);
      },
      now: () => 1_000,
      decided: (choice) => told.push([choice, decisions.length]),
    });
    return { proposals, decisions, written, told };
  }

  it('accepts a wording: it is written into the article and proposed no more', async () => {
    const { proposals, written, decisions } = desk();
    expect(await proposals.decide(choice)).toEqual({ kind: 'decided' });
    expect(written).toEqual([[refund.file, '钱什么时候到账？']]);
    expect(decisions).toEqual([
      { articleId: 'refund', question: '钱什么时候到账', decision: 'accepted', agentId: 'editor', at: 1_000 },
    ]);
    expect((await proposals.list(10)).map(({ question }) => question)).toEqual(['几号能到账']);
  });

  it('accepts it in better words: those are written, and the wording is settled', async () => {
    const { proposals, written } = desk();
    await proposals.decide({ ...choice, text: '退款什么时候到账' });
    expect(written).toEqual([[refund.file, '退款什么时候到账']]);
    expect(await proposals.list(10)).toHaveLength(1);
  });

  it('refuses a wording: nothing is written, and it is proposed no more', async () => {
    const { proposals, written, decisions } = desk();
    expect(await proposals.decide({ ...choice, decision: 'refuse' })).toEqual({ kind: 'decided' });
    expect(written).toEqual([]);
    expect(decisions).toMatchObject([{ decision: 'refused' }]);
    expect(await proposals.list(10)).toHaveLength(1);
  });

  it('is told when the file can not be written, and the wording stays open', async () => {
    const { proposals, decisions } = desk({ kind: 'refused', reason: 'the disk is full' });
    expect(await proposals.decide(choice)).toEqual({ kind: 'not_writable', reason: 'the disk is full' });
    expect(decisions).toEqual([]);
    expect(await proposals.list(10)).toHaveLength(2);
  });

  it('is told when the article is gone, and when there is nothing to write', async () => {
    const { proposals, written } = desk();
    expect(await proposals.decide({ ...choice, articleId: 'gone' })).toEqual({ kind: 'unknown_article' });
    await expect(proposals.decide({ ...choice, question: '？？' })).rejects.toMatchObject({ name: 'InputError' });
    expect(written).toEqual([]);
  });

  it('has decided once that is saved, and the desk is told', async () => {
    const { proposals, told } = desk();
    await proposals.decide({ ...choice, decision: 'refuse' });
    await proposals.decide(choice);
    const about = { articleId: 'refund', question: '钱什么时候到账？' };
    expect(told).toEqual([
      [{ ...about, decision: 'refuse' }, 1],
      [{ ...about, decision: 'accept' }, 2],
    ]);
  });

  it('has decided nothing when it can not be written, and nobody is told', async () => {
    const { proposals, told } = desk({ kind: 'refused', reason: 'the disk is full' });
    await proposals.decide(choice);
    expect(told).toEqual([]);
  });

  it('sees as many as asked for', async () => {
    expect(await desk().proposals.list(1)).toHaveLength(1);
  });
});
