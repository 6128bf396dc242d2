import {
  findGaps,
  groupMisses,
  tellingUnits,
  type Gap,
  type Grouped,
  type Miss,
} from '../../../src/answering/editing/gaps.ts';
import { createSegmenter, type Segmenter } from '../../../src/answering/segment.ts';
import type { Answers, Finding } from '../../../src/conversation/turn.ts';
import { understanding } from '../../support/conversations.ts';

let background: Segmenter['background'];
beforeAll(async () => {
  ({ background } = await createSegmenter());
});

let asked = 0;
/** A question nobody asked before, in a conversation of its own. */
function miss(question: string, given: Partial<Miss> = {}): Miss {
  const at = ++asked;
  return {
    question,
    reason: 'no_match',
    refusedArticleId: null,
    conversationId: `c${at}`,
    customerId: `u${at}`,
    at,
    ...given,
  };
}

const grouped = (...misses: readonly Miss[]): Promise<readonly Grouped[]> =>
  groupMisses(misses, (key) => tellingUnits(key, background));

/** The wordings of each group. */
async function together(...questions: readonly string[]): Promise<readonly (readonly string[])[]> {
  const groups = await grouped(...questions.map((question) => miss(question)));
  return groups.map(({ question, wordings }) => [question, ...wordings].sort());
}

describe('Questions that were not answered', () => {
  it('are one when only script, width, case and punctuation differ', async () => {
    expect(await grouped(miss('ＡＰＰ怎么开发票'), miss('app 怎麼開發票？'), miss('APP怎么开发票!!'))).toMatchObject([
      { question: 'APP怎么开发票!!', wordings: [], count: 3 },
    ]);
  });

  it('are put together when they are about the same', async () => {
    expect(await together('怎么开发票', '发票怎么开', '请问如何开具发票呢')).toHaveLength(1);
    expect(await together('能寄到月球吗', '可以寄月球吗', '你们寄不寄月球')).toHaveLength(1);
    expect(await together('不想要了怎么退款', '怎么退款')).toHaveLength(1);
  });

  it('are kept apart when they are not', async () => {
    for (const pair of [
      ['能寄到月球吗', '能寄到火星吗'],
      ['怎么退款', '怎么退货'],
      ['支付宝付款失败', '微信付款失败'],
      ['几点上班', '周末上班吗'],
      ['那怎么办', '怎么办呢'],
    ]) {
      expect(await together(...pair)).toHaveLength(2);
    }
  });

  it('lead their group by the wording of most conversations, the newest among equals', async () => {
    const [group] = await grouped(miss('怎么开发票'), miss('发票怎么开'), miss('怎么开发票'), miss('如何开具发票'));
    expect(group).toMatchObject({ id: '怎么开发票', question: '怎么开发票', wordings: ['如何开具发票', '发票怎么开'] });
    expect((await grouped(miss('怎么开发票'), miss('发票怎么开')))[0]?.question).toBe('发票怎么开');
  });

  it('count once in a conversation, whatever became of them there', async () => {
    const here = { conversationId: 'here', customerId: 'li' };
    const [group] = await grouped(
      miss('怎么开发票', { ...here, reason: 'not_helpful', refusedArticleId: 'invoice', at: 10 }),
      miss('发票怎么开', { ...here, reason: 'repeated_failure', at: 11 }),
      miss('怎么开发票', { conversationId: 'later', customerId: 'li', reason: 'not_helpful', at: 20 }),
      miss('怎么开发票', { conversationId: 'other', customerId: 'wang', reason: 'no_match', at: 15 }),
    );
    expect(group).toMatchObject({
      count: 3,
      customers: 2,
      lastAt: 20,
      reasons: [
        { reason: 'not_helpful', count: 2 },
        { reason: 'no_match', count: 1 },
        { reason: 'repeated_failure', count: 1 },
      ],
      conversationIds: ['later', 'other', 'here'],
      refusedArticleIds: ['invoice'],
    });
  });

  it('come most frequent first, then newest first, the same in whatever order they are read', async () => {
    const misses = [
      miss('怎么开发票'),
      miss('怎么开发票'),
      miss('能寄到月球吗'),
      miss('学生有优惠吗'),
      miss('发票怎么开'),
      miss('周末上班吗'),
    ];
    const groups = await grouped(...misses);
    expect(groups.map(({ question }) => question)).toEqual([
      '怎么开发票',
      '周末上班吗',
      '学生有优惠吗',
      '能寄到月球吗',
    ]);
    expect(await grouped(...[...misses].reverse())).toEqual(groups);
  });

  it('name five conversations and five other wordings at most', async () => {
    const questions = [
      '怎么开发票',
      '发票怎么开',
      '如何开发票',
      '开发票',
      '要开发票',
      '开发票吗',
      '发票开吗',
      '能开发票不',
    ];
    const [group] = await grouped(...questions.map((question) => miss(question)));
    expect(group?.count).toBe(8);
    expect(group?.wordings).toHaveLength(5);
    expect(group?.conversationIds).toHaveLength(5);
  });

  it('that say nothing are left out, and endless ones are cut', async () => {
    expect(await grouped(miss('？？？'), miss('😀'), miss(''))).toEqual([]);
    const [group] = await grouped(miss('月'.repeat(5_000)));
    expect(group?.question).toHaveLength(300);
    expect(group?.id).toHaveLength(300);
  });
});

describe('Content gaps', () => {
  const finding = (given: Partial<Finding> = {}): Finding => ({
    understanding: understanding({ outcome: 'handoff', articleId: null, confidence: 0.1, candidates: [] }),
    article: null,
    suggestions: [],
    failure: 'no_match',
    ...given,
  });
  const article = { id: 'invoice', title: '怎么开发票', body: '在订单里', followUps: [] };
  const answered = finding({ understanding: understanding({ confidence: 0.97 }), article, failure: null });

  async function gaps(misses: readonly Miss[], ask: Answers['ask'], limit = 10): Promise<readonly Gap[]> {
    const store = {
      misses: (since: number, most: number) => Promise.resolve(misses.filter(({ at }) => at >= since).slice(0, most)),
    };
    return findGaps({ store, answers: { ask }, background }, 0, limit);
  }

  it('tell what comes near now and what is missing', async () => {
    const near = [{ articleId: 'overseas', title: '海外配送', confidence: 0.2 }];
    const found = understanding({ outcome: 'handoff', candidates: near, unmatched: ['月球'] });
    const [gap] = await gaps([miss('能寄到月球吗')], () => finding({ understanding: found }));
    expect(gap).toMatchObject({ unmatched: ['月球'], candidates: near, nowAnswered: null });
  });

  it('are asked anew: an article written meanwhile has answered them', async () => {
    const questions: string[] = [];
    const [gap] = await gaps([miss('怎么开发票')], (question, context) => {
      questions.push(question);
      expect(context).toEqual({ lastArticleId: null });
      return answered;
    });
    expect(questions).toEqual(['怎么开发票']);
    expect(gap?.nowAnswered).toEqual({ articleId: 'invoice', title: '怎么开发票', confidence: 0.97 });
  });

  it('are not answered by what was said to be no help, nor by an article without words', async () => {
    const refused = miss('怎么开发票', { reason: 'not_helpful', refusedArticleId: 'invoice' });
    expect((await gaps([refused], () => answered))[0]?.nowAnswered).toBeNull();
    const empty = { ...answered, article: { ...article, body: ' \n' } };
    expect((await gaps([miss('怎么开发票')], () => empty))[0]?.nowAnswered).toBeNull();
  });

  it('are the first of many, and no more is asked', async () => {
    let questions = 0;
    const ask = () => {
      questions++;
      return finding();
    };
    const many = ['怎么开发票', '能寄到月球吗', '学生有优惠吗', '周末上班吗'].map((question) => miss(question));
    expect(await gaps(many, ask, 2)).toHaveLength(2);
    expect(questions).toBe(2);
  });
});
