import { join } from 'node:path';
import fc from 'fast-check';
import { openKnowledge, type Knowledge } from '../../../src/answering/knowledge.ts';
import { folded, soundsOf } from '../../../src/answering/reading/pinyin.ts';
import { respellings, Vocabulary, type Words } from '../../../src/answering/reading/spelling.ts';
import { article } from '../../quality/datasets.ts';

const base = (...words: string[]): Words => {
  const vocabulary = new Vocabulary();
  vocabulary.add(words);
  return { vocabulary, isWord: (text) => text === '火车' };
};
const respelled = (question: string, words: Words): string | null => respellings(question, words)[0]?.text ?? null;

describe('a misspelt question', () => {
  const words = base('退货', '退款', '运费', '换货', '怎么', '发票', '货车', '七天无理由', 'iphone');

  it.each([
    ['tuihuo', '退货'],
    ['怎么tuikuan', '怎么退款'],
    ['tui huo yun fei', '退货运费'],
    ['wo yao tuihuo', '我要退货'],
    ['huan huo zenme', '换货怎么'],
    ['推货', '退货'],
    ['怎么推货', '怎么退货'],
    ['运废', '运费'],
    ['开发飘', '开发票'],
    ['七天无理油', '七天无理由'],
    ['iphnne 退货', 'iphone 退货'],
  ])('"%s" is read as "%s"', (question, read) => expect(respelled(question, words)).toBe(read));

  it.each(['退货', '怎么退货', 'hello', 'how to return it', '天气', '火车', '', '？？？', 'iphone 退货', 'th'])(
    '"%s" is left alone',
    (question) => expect(respelled(question, words)).toBeNull(),
  );

  it('is trusted less where the words only sound alike to some', () => {
    const trust = (question: string): number => respellings(question, base('牛奶', '退货'))[0]?.trust ?? 0;
    expect(trust('tuihuo')).toBeGreaterThan(trust('推货'));
    expect(trust('推货')).toBeGreaterThan(trust('流来'));
  });

  it('is read with the words of most articles where several sound the same', () => {
    const vocabulary = new Vocabulary();
    for (const words of [['收货'], ['售货'], ['售货']]) vocabulary.add(words);
    expect(respelled('shouhuo', { vocabulary, isWord: () => false })).toBe('售货');
    vocabulary.remove(['售货']);
    vocabulary.remove(['售货']);
    expect(respelled('shouhuo', { vocabulary, isWord: () => false })).toBe('收货');
    vocabulary.remove(['收货']);
    expect(respelled('shouhuo', { vocabulary, isWord: () => false })).toBeNull();
  });

  it('never throws, whatever it is made of', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[a-z退货推运𠀀𪚥' ]*$/u)), (text) => {
        for (const reading of respellings(text, words)) expect(reading.trust).toBeLessThan(1);
      }),
    );
  });
});

describe('a sound', () => {
  it('is each that the characters can have', () => {
    expect(soundsOf('银行')).toContain('yinhang');
    expect(soundsOf('银行')).toContain('yinxing');
    expect(soundsOf('')).toEqual(['']);
  });

  it.each([
    ['zhongguo', 'zongguo'],
    ['liulai', 'niunai'],
    ['fangwen', 'fanwen'],
    ['xinxi', 'xingxi'],
    ['shengyin', 'senyin'],
  ])('%s is as good as %s', (one, other) => expect(folded(one)).toBe(folded(other)));
});

describe('the knowledge', () => {
  let knowledge: Knowledge;
  beforeAll(async () => {
    knowledge = await openKnowledge(join(__dirname, '../../../knowledge'));
  });
  const ask = (question: string) => knowledge.ask(question, { lastArticleId: null });

  // As typed → article that is answered or offered first.
  const typed: readonly (readonly [string, string])[] = [
    ['huanhuo zenme shenqing', 'exchanges/request-exchange'],
    ['tui kuan duo jiu dao zhang', 'refunds/refund-time'],
    ['baoxiu duo jiu', 'warranty/warranty-period'],
    ['huiyuan dengji', 'membership/member-levels'],
    ['jifen guoqi', 'membership/points-expiry'],
    ['zuxiao zanghao', 'account/delete-account'],
    ['fenqi fukuan shouxufei', 'payment/installments'],
    ['运废多少钱', 'delivery/shipping-fee'],
    ['包休多久', 'warranty/warranty-period'],
    ['忘记蜜码怎么办', 'account/forgot-password'],
    ['注消账号', 'account/delete-account'],
    ['怎么查勿流', 'delivery/track-package'],
    ['积份怎么用', 'membership/points-rules'],
    ['发飘抬头', 'invoices/invoice-title-wrong'],
  ];

  it.each(typed)('answers "%s"', (question, articleId) => {
    const { understanding } = ask(question);
    expect(understanding.candidates[0]?.articleId).toBe(articleId);
    expect(understanding.question).toBe(question);
    expect(understanding.readAs).toBeDefined();
  });

  it('answers none of what it does not know, however it is spelt', () => {
    const unknown = ['mingtian xiayu ma', 'gupiao zhangle ma', '火车票怎么退', '天汽怎么样', 'womende tianqi', 'hello'];
    expect(unknown.filter((question) => ask(question).understanding.outcome !== 'handoff')).toEqual([]);
  });

  it('knows the words of an article from when it comes until it goes', () => {
    const coffee = article('coffee', '咖啡机怎么除垢', { questions: ['咖啡机除垢', '咖啡机清洗'] });
    const found = () => ask('kafeiji').understanding.candidates[0]?.articleId;
    expect(found()).toBeUndefined();
    knowledge.upsert(coffee);
    expect(found()).toBe('coffee');
    knowledge.remove('coffee');
    expect(found()).toBeUndefined();
  });
});
