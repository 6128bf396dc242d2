import type { Edited } from '../../../src/articles/edit.ts';
import {
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

const questions = (labels: readonly Evidence[], decisions: readonly WordingDecision[] = []): readonly string[] =>
  proposalsOf(labels, base, decisions).map(({ question }) => question);

describe('A wording is proposed for an article', () => {
  it('with the voices for it, by how they came about, and an example', () => {
    const labels = [
      label('钱什么时候到账', { at: 10, source: 'pick' }),
      label('钱什么时候到账？', { at: 30, conversationId: 'newest' }),
      label('錢什麼時候到賬', { at: 20, source: 'agent' }),
      label('钱什么时候到账', { at: 40, right: false }),
    ];
    expect(proposalsOf(labels, base, [])).toEqual([
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

  it('counting one person once, by what they said last', () => {
    const [proposal] = proposalsOf(
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

  it('for each article it was confirmed for', () => {
    expect(questions([label('钱和票'), label('钱和票', { articleId: 'invoice' })])).toHaveLength(2);
  });

  it('most voices first, then the newest', () => {
    const labels = [
      label('甲问题', { at: 90 }),
      label('乙问题', { at: 10 }),
      label('乙问题', { at: 20 }),
      label('丙问题', { at: 95 }),
    ];
    expect(questions(labels)).toEqual(['乙问题', '丙问题', '甲问题']);
  });
});

describe('A wording is not proposed', () => {
  it('when more people deny it than confirm it, or nobody confirms it', () => {
    const against = () => label('钱什么时候到账', { right: false });
    expect(questions([label('钱什么时候到账'), against()])).toHaveLength(1);
    expect(questions([label('钱什么时候到账'), against(), against()])).toEqual([]);
    expect(questions([against()])).toEqual([]);
  });

  it('when the article has it already, as title or question, however it is spelled', () => {
    expect(questions([label('退款多久到账？'), label(' 退款几天到銀行卡 ')])).toEqual([]);
    expect(questions([label('退款几天到银行卡', { articleId: 'invoice' })])).toHaveLength(1);
  });

  it('when an editor has decided about it', () => {
    const decision = { articleId: 'refund', question: '钱什么时候到账', agentId: 'e', at: 1 } as const;
    const labels = [label('钱什么时候到账？')];
    expect(questions(labels, [{ ...decision, decision: 'refused' }])).toEqual([]);
    expect(questions(labels, [{ ...decision, decision: 'accepted' }])).toEqual([]);
    expect(questions(labels, [{ ...decision, articleId: 'invoice', decision: 'refused' }])).toHaveLength(1);
  });

  it('when there is no such article any more, or it is a letter or says nothing', () => {
    expect(questions([label('钱', { articleId: 'gone' }), label('长'.repeat(201)), label('？！')])).toEqual([]);
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
    });
    return { proposals, decisions, written };
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

  it('sees as many as asked for', async () => {
    expect(await desk().proposals.list(1)).toHaveLength(1);
  });
});
