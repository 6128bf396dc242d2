import fc from 'fast-check';
import { createAnswers } from '../../src/answering/answers.ts';
import type { ArticleAnswers } from '../../src/answering/answers.ts';
import { createSegmenter } from '../../src/answering/segment.ts';
import type { Segmenter } from '../../src/answering/segment.ts';
import type { Article } from '../../src/articles/article.ts';
import type { Finding } from '../../src/conversation/turn.ts';
import { article } from '../quality/datasets.ts';

let segmenter: Segmenter;
beforeAll(async () => {
  segmenter = await createSegmenter();
});

const shop: readonly Article[] = [
  article('refund-time', '退款多久到账？', {
    questions: ['退的钱什么时候能到', '退款几天到银行卡'],
    text: '支付宝一到三个工作日，银行卡三到七个工作日。',
  }),
  article('return', '七天无理由退货怎么申请？', {
    questions: ['买了不想要了可以退吗'],
    text: '打开订单，点申请售后。',
  }),
  article('exchange', '换货怎么申请？', { questions: ['想换个尺寸'], text: '打开订单，点申请换货。' }),
  article('invoice', '怎么开电子发票？', { questions: ['在哪里开发票'], keywords: ['开票'] }),
  article('shipping-fee', '运费怎么收？', { questions: ['满多少包邮', '要付邮费吗'] }),
  article('address', '怎么修改收货地址？', { questions: ['地址填错了怎么办'] }),
  article('password', '忘记登录密码怎么办？'),
  article('warranty', '保修期是多久？', { questions: ['保修几年'] }),
  article('installation', '大家电安装要收费吗？'),
  article('points', '积分怎么获得，怎么用？', { questions: ['积分有什么用'] }),
];

const openShop = (more: readonly Article[] = []): Promise<ArticleAnswers> =>
  createAnswers([...shop, ...more], { segmenter });
const ask = (answers: ArticleAnswers, question: string): Finding => answers.ask(question, { lastArticleId: null });

describe('a question', () => {
  it('that is two articles’ own is offered by their titles, which can be told apart', async () => {
    const answers = await openShop([
      article('open-shop', '店铺怎么开通？', { questions: ['怎么开通'] }),
      article('open-wallet', '钱包怎么开通？', { questions: ['怎么开通'] }),
    ]);
    const { suggestions } = ask(answers, '怎么开通');
    expect(suggestions.map(({ question }) => question).toSorted()).toEqual(['店铺怎么开通？', '钱包怎么开通？']);
  });

  it('that is an article’s own gets that article, surely', async () => {
    const answers = await openShop();
    for (const question of ['退款多久到账', '買了不想要了可以退嗎', ' 满多少包邮？？ ', '怎么开电子发票']) {
      const { understanding, article: found, suggestions, failure } = ask(answers, question);
      expect(understanding).toMatchObject({ question, outcome: 'answer', articleId: found?.id });
      expect(understanding.confidence).toBeGreaterThan(0.95);
      expect([suggestions, failure]).toEqual([[], null]);
    }
  });

  it.each(['呀', '啊！', '嘛~', '哦哦。'])('is the same question with the tone of %s at its end', async (tone) => {
    const answers = await openShop();
    for (const question of ['运费怎么收', '怎么退', '保修几年']) {
      const { understanding } = ask(answers, question);
      expect(ask(answers, `${question}${tone}`).understanding).toEqual({
        ...understanding,
        question: `${question}${tone}`,
      });
    }
    expect(ask(answers, tone).failure).toBe('no_match');
  });

  it('comes with title, body and follow-ups of its article', async () => {
    const answers = await openShop([{ ...article('a', '如何预约上门'), body: '**打电话**', followUps: ['保修几年'] }]);
    expect(ask(answers, '如何预约上门').article).toEqual({
      id: 'a',
      title: '如何预约上门',
      body: '**打电话**',
      followUps: ['保修几年'],
    });
  });

  it('in other words finds the right article first', async () => {
    const answers = await openShop();
    expect(answers.search('退的钱几天可以到账').candidates[0]?.articleId).toBe('refund-time');
    expect(answers.search('登录的密码忘了').candidates[0]?.articleId).toBe('password');
    expect(answers.search('邮费要付多少').candidates[0]?.articleId).toBe('shipping-fee');
  });

  it('with a synonym of the shop finds what is written with the other', async () => {
    const synonyms = [['保修', '质保']];
    const answers = await createAnswers(shop, { segmenter, synonyms });
    expect(ask(answers, '质保期是多久').article?.id).toBe('warranty');
    expect(ask(await openShop(), '质保期是多久').article).toBeNull();
  });

  it('that two articles claim word for word is given back to choose', async () => {
    const answers = await openShop([article('refund-credit-card', '信用卡退款', { questions: ['退款多久到账'] })]);
    const { understanding, suggestions, article: found } = ask(answers, '退款多久到账？');
    expect(understanding.outcome).toBe('clarify');
    expect(found).toBeNull();
    expect(suggestions.map(({ articleId }) => articleId).sort()).toEqual(['refund-credit-card', 'refund-time']);
  });

  it('between several articles is clarified with the wordings it is nearest to, at most three', async () => {
    const answers = await openShop();
    const { understanding, suggestions } = ask(answers, '怎么申请');
    expect(understanding.outcome).toBe('clarify');
    expect(suggestions.length).toBeLessThanOrEqual(3);
    expect(suggestions).toContainEqual({ articleId: 'exchange', question: '换货怎么申请？' });
  });

  it('about something else is handed over, and its words are named', async () => {
    const answers = await openShop();
    const { understanding, failure } = ask(answers, '附近有没有好吃的火锅店');
    expect(understanding).toMatchObject({ outcome: 'handoff', articleId: null });
    expect(failure).toBe('no_match');
    expect(understanding.unmatched).toContain('火锅');
  });

  it('is understood with at most three candidates, the best first, each with a probability', async () => {
    const { finding, candidates } = (await openShop()).search('退货运费怎么算', 5);
    expect(candidates).toHaveLength(5);
    expect(finding.understanding.candidates).toHaveLength(3);
    const confidences = candidates.map(({ confidence }) => confidence);
    expect(confidences).toEqual([...confidences].sort((one, other) => other - one));
    expect(confidences.every((value) => value >= 0 && value <= 1)).toBe(true);
  });
});

describe('opposites', () => {
  const pairs = [
    ['会员可以退吗', '会员不可以退吗'],
    ['可以开收据吗', '不可以开收据吗'],
    ['收到验证码怎么办', '收不到验证码怎么办'],
    ['优惠券能用吗', '优惠券用不了'],
    ['已经发货了怎么取消', '还没发货怎么取消'],
    ['定制商品能退款吗', '定制商品不能退款吗'],
  ] as const;

  it.each(pairs)('%s and %s are never taken for each other', async (one, other) => {
    for (const [known, asked] of [
      [one, other],
      [other, one],
    ] as const) {
      const answers = await openShop([article('known', known)]);
      expect(ask(answers, asked).article?.id).not.toBe('known');
      const both = await openShop([article('known', known), article('asked', asked)]);
      expect(ask(both, asked).article?.id).toBe('asked');
    }
  });

  it('are said to be what spoke against an answer', async () => {
    const answers = await openShop([article('known', '会员可以退吗')]);
    expect(ask(answers, '会员不可以退吗').understanding.denied).toBe(true);
    expect(ask(answers, '会员可以退吗').understanding).not.toHaveProperty('denied');
  });

  it('ask the same where the negation only asks', async () => {
    const answers = await openShop([article('known', '会员可以退吗')]);
    const { candidates, finding } = answers.search('会员可不可以退');
    expect(candidates[0]?.articleId).toBe('known');
    expect(finding.understanding.confidence).toBeGreaterThan(0.5);
  });
});

describe('what looks like a question of an article and is not', () => {
  it('is not answered with it', async () => {
    const plain = article('wholesale', '大批采购怎么报价');
    const asked = '大批采购怎么报名';
    expect((await openShop([plain])).search(asked).candidates[0]?.articleId).toBe('wholesale');
    const warned = { ...plain, notQuestions: [asked] };
    const ids = (await openShop([warned])).search(asked, 20).candidates.map(({ articleId }) => articleId);
    expect(ids).not.toContain('wholesale');
  });
});

describe('articles that customers may not see', () => {
  it.each([{ status: 'draft' }, { status: 'archived' }, { audience: 'internal' }] as const)(
    '%j: are not there',
    async (hidden) => {
      const answers = await openShop([{ ...article('hidden', '内部补偿额度是多少'), ...hidden }]);
      expect(answers.size).toBe(shop.length);
      const { finding, candidates } = answers.search('内部补偿额度是多少', 20);
      expect(finding.article).toBeNull();
      expect(candidates.map(({ articleId }) => articleId)).not.toContain('hidden');
    },
  );

  it('disappear when they are withdrawn', async () => {
    const answers = await openShop();
    answers.upsert({ ...(shop[0] as Article), status: 'archived' });
    expect(answers.size).toBe(shop.length - 1);
    expect(ask(answers, '退款多久到账').article).toBeNull();
  });
});

describe('while it is answering', () => {
  it('an article can be added, changed and removed', async () => {
    const answers = await openShop();
    answers.upsert(article('gift', '礼品卡怎么用'));
    expect(ask(answers, '礼品卡怎么用').article?.id).toBe('gift');
    answers.upsert(article('gift', '购物卡余额哪里查'));
    expect(ask(answers, '礼品卡怎么用').article).toBeNull();
    expect(ask(answers, '购物卡余额哪里查').article?.id).toBe('gift');
    answers.remove('gift');
    answers.remove('never-there');
    expect(ask(answers, '购物卡余额哪里查').article).toBeNull();
    expect(answers.size).toBe(shop.length);
  });

  it('a changed base answers exactly as one built with the change from the start', async () => {
    const changed = await createAnswers(shop.slice(3), { segmenter });
    changed.upsert(article('invoice', '别的'));
    for (const one of shop) changed.upsert(one);
    changed.upsert(article('gone', '退款多久到账'));
    changed.remove('gone');
    const fresh = await openShop();
    for (const question of ['退的钱几天到', '运费多少', '怎么申请', '密码', '火锅店在哪']) {
      const [one, other] = [changed.search(question), fresh.search(question)];
      expect(one.finding.understanding.outcome).toBe(other.finding.understanding.outcome);
      expect(one.candidates[0]?.articleId).toBe(other.candidates[0]?.articleId);
      expect(one.finding.understanding.confidence).toBeCloseTo(other.finding.understanding.confidence, 6);
    }
  });

  it('indexing lets other work go on', async () => {
    const many = Array.from({ length: 600 }, (_, i) =>
      article(`a${i}`, `第${i}种商品怎么退换`, { text: '正文'.repeat(300) }),
    );
    let turns = 0;
    let building = true;
    const count = (): void => {
      turns++;
      if (building) setImmediate(count);
    };
    setImmediate(count);
    const answers = await createAnswers(many, { segmenter });
    building = false;
    expect(answers.size).toBe(600);
    expect(turns).toBeGreaterThan(10);
  });
});

describe('a small base', () => {
  it('of nothing finds nothing', async () => {
    const answers = await createAnswers([], { segmenter });
    expect(ask(answers, '退款多久到账')).toMatchObject({ article: null, suggestions: [], failure: 'no_match' });
  });

  it('of one article does not give it for whatever is asked', async () => {
    const answers = await createAnswers([article('only', '退款多久到账')], { segmenter });
    expect(ask(answers, '退款多久到账？').article?.id).toBe('only');
    for (const question of ['退款怎么申请', '怎么退货', '多久发货', '退款少了', '你好']) {
      expect(ask(answers, question).article).toBeNull();
    }
  });
});

describe('the promised precision', () => {
  it('decides how sure an answer must be', async () => {
    const question = '退的钱几天可以到';
    const outcomes = await Promise.all(
      [0.5, 0.999].map(async (targetPrecision) => {
        const answers = await createAnswers(shop, { segmenter, targetPrecision });
        return ask(answers, question).understanding.outcome;
      }),
    );
    expect(outcomes).toEqual(['answer', 'clarify']);
  });
});

describe('whatever is typed', () => {
  it.each([
    ['nothing', ''],
    ['blanks', ' \n\t　'],
    ['punctuation', '？？！。…,.'],
    ['emoji', '😀👍🏽👨‍👩‍👧'],
    ['half a character', '\ud83d'],
    ['a NUL', '\u0000'],
  ])('%s has no match', async (_name, question) => {
    const answers = await openShop();
    expect(ask(answers, question)).toMatchObject({
      failure: 'no_match',
      understanding: { question, outcome: 'handoff', confidence: 0, candidates: [], unmatched: [] },
    });
  });

  it('keyword stuffing does not force an answer', async () => {
    const answers = await openShop();
    const stuffed = '退款退货换货发票运费地址密码保修安装积分'.repeat(40);
    expect(ask(answers, stuffed).article).toBeNull();
  });

  it('there is a finding, never an exception', async () => {
    const answers = await openShop();
    const pieces = fc.constantFrom(
      '退款',
      '不',
      '没',
      '\ud800',
      '😀',
      'WiFi',
      '\u0000',
      '١٢',
      '多久',
      '\n',
      'ﷺ',
      '__proto__',
    );
    const questions = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc.array(pieces, { maxLength: 900 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(questions, (question) => {
        const { understanding, article: found } = ask(answers, question);
        expect(understanding.question).toBe(question);
        expect(understanding.confidence).toBeGreaterThanOrEqual(0);
        expect(understanding.confidence).toBeLessThanOrEqual(1);
        expect(found === null).toBe(understanding.outcome !== 'answer');
      }),
      { numRuns: 150 },
    );
  });
});
