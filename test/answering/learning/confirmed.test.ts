import { Ranker } from '../../../src/answering/rank.ts';
import type { LabelSource } from '../../../src/answering/learning/labels.ts';
import { confirmedBy, heard } from '../../../src/answering/learning/confirmed.ts';
import type { ConfirmedWording } from '../../../src/answering/search-index.ts';
import { SearchIndex } from '../../../src/answering/search-index.ts';
import { createSegmenter } from '../../../src/answering/segment.ts';
import type { Segmenter } from '../../../src/answering/segment.ts';
import { shippedModel } from '../../../src/answering/shipped-model.ts';
import { createAnswers } from '../../../src/answering/answers.ts';
import { encoderOf, examplesOf, trainEncoder } from '../../../src/answering/learning/encoder.ts';
import { Vectors } from '../../../src/answering/learning/vectors.ts';
import { article } from '../../quality/datasets.ts';

const shop = [
  article('refund', '退款多久到账', { questions: ['退款几天到银行卡'] }),
  article('return', '七天无理由退货怎么申请', { questions: ['如何退回商品'] }),
  article('invoice', '怎么开电子发票', { questions: ['在哪里开票'] }),
  article('fee', '运费怎么收', { questions: ['满多少包邮', '要付邮费吗'] }),
  article('password', '忘记登录密码', { questions: ['密码想不起来', '怎么找回密码'] }),
  article('address', '怎么修改收货地址', { questions: ['地址填错了'] }),
];

let segmenter: Segmenter;
beforeAll(async () => {
  segmenter = await createSegmenter();
});

function open(): SearchIndex {
  const index = new SearchIndex(segmenter);
  for (const one of shop) index.upsert(one);
  return index;
}

const found = (index: SearchIndex, question: string): readonly [string, number][] =>
  new Ranker(index, shippedModel.ranker)
    .rank(index.parse(question))
    .map(({ entry, score }) => [entry.article.id, score]);

const vouched = (...texts: string[]): ConfirmedWording[] => texts.map((text) => ({ text, vouched: true }));

describe('a customer’s confirmed wording', () => {
  it('makes its article a candidate, and the first for what is worded like it', () => {
    const index = open();
    expect(found(index, '蚂蚁花呗啥时入袋')).toEqual([]);
    index.confirm('refund', vouched('花呗啥时入袋'));
    expect(found(index, '蚂蚁花呗啥时入袋')[0]?.[0]).toBe('refund');
  });

  it('does not answer others on the word of one customer, who may have pressed the wrong button', async () => {
    const wrong = (isVouched: boolean) => new Map([['fee', [{ text: '钱退到哪里多久到', vouched: isVouched }]]]);
    const outcomes = [false, true].map(async (isVouched) => {
      const answers = await createAnswers(shop, { segmenter, confirmed: wrong(isVouched) });
      const { finding, candidates } = answers.search('钱退到哪里多久到');
      return { answered: finding.article?.id ?? null, first: candidates[0]?.articleId };
    });
    expect(await Promise.all(outcomes)).toEqual([
      { answered: null, first: 'refund' },
      { answered: 'fee', first: 'fee' },
    ]);
  });

  it('is vouched for by two customers or an agent, not by one, nor by two of whom another says no', () => {
    const said = (voices: Partial<Record<LabelSource, number>>, against = 0) => ({
      articleId: 'a',
      question: '钱呢',
      voices: { feedback: 0, pick: 0, agent: 0, ...voices },
      against,
    });
    const vouchedFor = [
      said({ pick: 1 }),
      said({ pick: 1, feedback: 1 }),
      said({ agent: 1 }),
      said({ feedback: 2 }, 1),
    ].map((one) => confirmedBy([one]).get('a')?.[0]?.vouched);
    expect(vouchedFor).toEqual([false, true, true, false]);
  });

  it('is heard at once, and dropped at once when somebody denies it', () => {
    const once = heard([], { question: '钱呢？', right: true, source: 'pick' });
    expect(once).toEqual([{ text: '钱呢？', vouched: false }]);
    expect(heard(once, { question: '錢呢', right: true, source: 'agent' })).toEqual([{ text: '錢呢', vouched: true }]);
    expect(heard(once, { question: '钱呢', right: false, source: 'feedback' })).toEqual([]);
    expect(heard([{ text: '钱呢', vouched: true }], { question: '钱呢', right: false, source: 'pick' })).toHaveLength(
      1,
    );
    expect(heard([{ text: '钱呢', vouched: true }], { question: '钱呢', right: false, source: 'agent' })).toEqual([]);
    expect(heard([], { question: '钱'.repeat(201), right: true, source: 'pick' })).toEqual([]);
    expect(heard(once, { question: '？！', right: true, source: 'feedback' })).toEqual(once);
  });

  it('that many vouch for is not pushed out by many of one voice each', () => {
    const index = open();
    const single = Array.from({ length: 80 }, (_, n) => ({ text: `第${n}种说法`, vouched: false }));
    index.confirm('refund', [{ text: '花呗啥时入袋', vouched: true }, ...single]);
    const { wordings, heard: others } = index.entry('refund') ?? { wordings: [], heard: [] };
    expect(wordings.map(({ text }) => text)).toContain('花呗啥时入袋');
    expect(others.map(({ text }) => text).at(-1)).toBe('第79种说法');
    expect(others.length).toBeLessThanOrEqual(50);
  });

  it('is never taken for the article’s own words', () => {
    const index = open();
    index.confirm('refund', vouched('花呗啥时入袋'));
    expect(index.exact(index.parse('花呗啥时入袋'))).toEqual([]);
    expect(index.exact(index.parse('退款多久到账'))).toHaveLength(1);
  });

  it('is never shown to another customer', async () => {
    const confirmed = new Map([
      ['refund', vouched('我是王小明，花呗的钱啥时入袋')],
      ['fee', vouched('我是李小红，花呗的邮费啥时收')],
    ]);
    const answers = await createAnswers(shop, { segmenter, confirmed });
    const { finding } = answers.search('花呗的钱和邮费啥时入袋');
    expect(JSON.stringify(finding)).not.toMatch(/王小明|李小红/);
  });

  it('leaves no trace when it is taken back', () => {
    const index = open();
    const before = ['退款要多久', '花呗啥时入袋', '邮费'].map((question) => found(index, question));
    index.confirm('refund', vouched('花呗啥时入袋', '邮费'));
    index.confirm('refund', vouched('还没到账呢'));
    index.confirm('refund', []);
    expect(['退款要多久', '花呗啥时入袋', '邮费'].map((question) => found(index, question))).toEqual(before);
  });

  it('stays through changes of its article, and may come before it', () => {
    const index = open();
    index.confirm('late', vouched('花呗啥时入袋'));
    expect(found(index, '花呗啥时入袋')).toEqual([]);
    index.upsert(article('late', '钱包提现'));
    index.upsert(article('late', '钱包怎么提现'));
    expect(found(index, '花呗啥时入袋')[0]?.[0]).toBe('late');
    index.remove('late');
    expect(found(index, '花呗啥时入袋')).toEqual([]);
  });

  it('may be anything at all', () => {
    const index = open();
    for (const wordings of [
      [''],
      ['🙂', '！？'],
      ['\uD800'],
      ['退'.repeat(10_000)],
      Array.from({ length: 500 }, () => '退款'),
    ]) {
      index.confirm('refund', vouched(...wordings));
      expect(found(index, '退款多久到账')[0]?.[0]).toBe('refund');
    }
  });
});

describe('a base’s own encoder', () => {
  it('weighs in where no word is shared, and is asked for anew when its article changes', () => {
    const index = open();
    const weights = trainEncoder(examplesOf(shop));
    const ranker = new Ranker(index, shippedModel.ranker, weights && new Vectors(encoderOf(weights)));
    const cosine = (): number => ranker.rank(index.parse('邮费多少'))[0]?.features.at(-1) ?? 0;
    const before = cosine();
    expect(before).toBeGreaterThan(0.5);
    index.confirm('fee', vouched('怎么开电子发票啊', '怎么找回密码呢', '地址填错了呀'));
    expect(cosine()).toBeLessThan(before);
  });
});
