import fc from 'fast-check';
import { encoderOf, examplesOf, trainEncoder } from '../../../src/answering/learning/encoder.ts';
import type { EncoderWeights } from '../../../src/answering/learning/encoder.ts';
import { article } from '../../quality/datasets.ts';

const shop = [
  article('refund', '退款多久到账', {
    questions: ['退的钱什么时候能到', '退款几天到银行卡'],
    text: '支付宝一到三个工作日。',
  }),
  article('return', '七天无理由退货怎么申请', { questions: ['买了不想要了可以退吗', '如何退回商品'] }),
  article('exchange', '换货怎么申请', { questions: ['想换个尺寸', '尺码不合适'] }),
  article('invoice', '怎么开电子发票', { questions: ['在哪里开票', '报销凭证怎么弄'] }),
  article('fee', '运费怎么收', { questions: ['满多少包邮', '要付邮费吗'], text: '满九十九元免运费。不满的付十元。' }),
  article('address', '怎么修改收货地址', { questions: ['地址填错了', '能换个地方收吗'] }),
  article('password', '忘记登录密码'),
];

const trained = (): EncoderWeights => {
  const weights = trainEncoder(examplesOf(shop));
  if (!weights) throw new Error('nothing was learned');
  return weights;
};

const cosine = (one: Float32Array, other: Float32Array): number =>
  one.reduce((sum, value, d) => sum + value * (other[d] ?? 0), 0);

describe('an encoder trained on a base', () => {
  const weights = trained();
  const encoder = encoderOf(weights);

  it('puts wordings of one article nearer to each other than to another’s, though they share no word', () => {
    const postage = encoder.encode('要付邮费吗');
    expect(cosine(postage, encoder.encode('运费怎么收'))).toBeGreaterThan(0.5);
    expect(cosine(postage, encoder.encode('怎么开电子发票'))).toBeLessThan(0.3);
  });

  it('gives vectors of length one, and zero where it knows nothing', () => {
    for (const text of ['退款多久到账', '发票', '退']) {
      const vector = encoder.encode(text);
      expect(cosine(vector, vector)).toBeCloseTo(1, 5);
    }
    expect(encoder.encode('').every((value) => value === 0)).toBe(true);
    expect(encoder.encode('🙂！？').every((value) => value === 0)).toBe(true);
  });

  it('is the same every time', () => {
    expect(Buffer.from(trained().table.buffer).equals(Buffer.from(weights.table.buffer))).toBe(true);
  });

  it('goes to another thread and works there', () => {
    const copy = structuredClone(trained());
    const moved = structuredClone(copy, { transfer: [copy.table.buffer] });
    expect(encoderOf(moved).encode('邮费多少')).toEqual(encoder.encode('邮费多少'));
  });

  it('never throws, and never gives anything but numbers', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) =>
        encoder.encode(text).every((value) => Number.isFinite(value)),
      ),
    );
  });

  it('learns from customers’ confirmed wordings too', () => {
    const confirmed = new Map([
      [
        'password',
        [
          { text: '进不去账号了', vouched: false },
          { text: '账号登不上', vouched: true },
        ],
      ],
    ]);
    const learned = trainEncoder(examplesOf(shop, [], confirmed));
    const wiser = encoderOf(learned as EncoderWeights);
    expect(cosine(wiser.encode('账号进不去'), wiser.encode('忘记登录密码'))).toBeGreaterThan(
      cosine(encoder.encode('账号进不去'), encoder.encode('忘记登录密码')),
    );
  });
});

describe('a base with nothing to learn from', () => {
  it('has no encoder', () => {
    expect(trainEncoder([])).toBeNull();
    expect(trainEncoder(examplesOf(shop.slice(0, 1)))).toBeNull();
    expect(trainEncoder(examplesOf(shop.map((one) => ({ ...one, questions: [] }))))).toBeNull();
    expect(trainEncoder(examplesOf(shop.map((one) => ({ ...one, title: '🙂', questions: ['！', ''] }))))).toBeNull();
  });
});

describe('training', () => {
  it('survives hostile articles', () => {
    const hostile = shop.map((one, i) => ({
      ...one,
      questions: [...one.questions, '退'.repeat(5_000), '\uD800', ''],
      text: i % 2 ? '。'.repeat(10_000) : '字'.repeat(10_000),
    }));
    const weights = trainEncoder(examplesOf(hostile)) as EncoderWeights;
    expect(weights.table.includes(NaN)).toBe(false);
  });

  it('does no more work than it may', () => {
    const weights = trainEncoder(examplesOf(shop), { mostPairs: 0 }) as EncoderWeights;
    const idle = encoderOf(weights);
    // As random directions have it: nothing shared, nothing near.
    expect(Math.abs(cosine(idle.encode('要付邮费吗'), idle.encode('运费怎么收')))).toBeLessThan(0.5);
  });
});
