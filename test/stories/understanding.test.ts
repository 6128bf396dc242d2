import type { Understanding } from '../../src/conversation/conversation.ts';
import { openSampleDesk, type StoryDesk } from '../support/sample-desk.ts';

let desk: StoryDesk;
beforeAll(async () => {
  desk = await openSampleDesk();
});
afterAll(() => desk.close());

describe('a customer who goes on asking in fewer words', () => {
  it('means the subject of the answer before', async () => {
    const customer = await desk.customer();
    await customer.says('换货怎么申请').getsArticle('exchanges/request-exchange');
    await customer.says('要多久').getsArticle('exchanges/exchange-time');
    await customer.says('那运费呢？').getsArticle('exchanges/exchange-shipping-fee');
  });

  it('means another subject, asked the same', async () => {
    const customer = await desk.customer();
    await customer.says('退货运费谁承担').getsArticle('returns/return-shipping-fee');
    await customer.says('那换货呢').getsArticle('exchanges/exchange-shipping-fee');
  });

  it('may thank the bot in between, and write traditional Chinese', async () => {
    const customer = await desk.customer('阿明', { locale: 'zh-Hant' });
    await customer.says('換貨怎麼申請').getsArticle('exchanges/request-exchange');
    await customer.says('謝謝').gets('不客氣');
    await customer.says('那運費呢？').getsArticle('exchanges/exchange-shipping-fee');
  });

  it('types a follow-up of the answer in words of their own', async () => {
    const customer = await desk.customer();
    await customer.says('优惠券为什么用不了').getsArticle('coupons/coupon-not-working');
    await customer.says('和满减能一起用吗').getsArticle('coupons/promotion-stacking');
  });

  it('is not answered what no article knows, whatever they asked before', async () => {
    const customer = await desk.customer();
    await customer.says('换货怎么申请').getsArticle('exchanges/request-exchange');
    await customer.says('那天气呢').gets('换个说法');
  });

  it('finds the answer helpful: what is recorded is what was looked up', async () => {
    const customer = await desk.customer();
    await customer.says('换货怎么申请').getsArticle('exchanges/request-exchange');
    await customer.says('要多久').getsArticle('exchanges/exchange-time');
    await (
      await customer.presses('有帮助')
    ).isRecordedAs({ question: '换货要多久', helpful: true, source: 'feedback' });
  });
});

describe('a customer who corrects the bot', () => {
  it.each(['不是，我是说换货的运费', '我问的是换货的运费', '不对，我要问换货的运费'])(
    'says "%s" and gets what they meant; the answer before is recorded as wrong',
    async (said) => {
      const customer = await desk.customer();
      await customer.says('退货运费谁承担').getsArticle('returns/return-shipping-fee');
      const corrected = customer.says(said);
      await corrected.getsArticle('exchanges/exchange-shipping-fee');
      await corrected.isRecordedAs({
        articleId: 'returns/return-shipping-fee',
        question: '退货运费谁承担',
        helpful: false,
        source: 'feedback',
      });
    },
  );

  it.each(['不是退货，是换货的运费', '不对，换货的运费'])(
    'says "%s" and gets what they meant; whether the answer before was wrong is not known',
    async (said) => {
      const customer = await desk.customer();
      await customer.says('退货运费谁承担').getsArticle('returns/return-shipping-fee');
      await customer.says(said).getsArticle('exchanges/exchange-shipping-fee');
      expect((await customer.entries()).filter(({ kind }) => kind === 'verdict')).toEqual([]);
    },
  );

  it.each(['No problem', '不，谢谢', 'No, thanks', '错了，怎么办'])(
    'says "%s" of a right answer, which is not recorded as wrong',
    async (said) => {
      const customer = await desk.customer();
      await customer.says('退货运费谁承担？').getsArticle('returns/return-shipping-fee');
      await customer.says(said).isNotHandedOver();
      expect((await customer.entries()).filter(({ kind }) => kind === 'verdict')).toEqual([]);
    },
  );

  it('goes on about the answer they got: its article is not refused', async () => {
    const customer = await desk.customer();
    await customer.says('退货运费谁承担？').getsArticle('returns/return-shipping-fee');
    await customer.says('不是质量问题是不是要自己出运费').isKept();
    const { candidates } = (await customer.conversation()).memory.lastUnderstanding as Understanding;
    expect(candidates.map(({ articleId }) => articleId)).toContain('returns/return-shipping-fee');
    expect((await customer.entries()).filter(({ kind }) => kind === 'verdict')).toEqual([]);
  });

  it.each(['没帮助', '有帮助', '不是，我是说换货'])(
    'wrote "%s" before the answer reached them: it is not about that answer',
    async (said) => {
      const customer = await desk.customer();
      await Promise.all([customer.says('退货运费谁承担').isKept(), customer.says(said).isKept()]);
      expect((await customer.entries()).filter(({ kind }) => kind === 'verdict')).toEqual([]);
    },
  );

  it('names the other subject alone', async () => {
    const customer = await desk.customer();
    await customer.says('退货运费谁承担').getsArticle('returns/return-shipping-fee');
    await customer.says('不是，我是说换货').getsArticle('exchanges/exchange-shipping-fee');
  });

  it('does not get the refused article again, even by its own words', async () => {
    const customer = await desk.customer();
    await customer.says('退款多久到账').getsArticle('refunds/refund-time');
    await customer.says('不对，退款多久到账').isKept();
    expect((await customer.conversation()).memory.lastUnderstanding?.articleId).not.toBe('refunds/refund-time');
  });

  it('has to do it twice in a row and gets a person', async () => {
    const customer = await desk.customer();
    await customer.says('退货运费谁承担').getsArticle('returns/return-shipping-fee');
    await customer.says('不是，我是说换货').isNotHandedOver();
    const second = customer.says('不是，我问的是积分会过期吗');
    await second.isHandedOver('repeated_failure');
    await second.isRecordedAs({ articleId: 'exchanges/exchange-shipping-fee', helpful: false });
  });

  it('is answered after one correction and starts afresh with the next question', async () => {
    const customer = await desk.customer();
    await customer.says('退货运费谁承担').getsArticle('returns/return-shipping-fee');
    await customer.says('不是，我是说换货').isNotHandedOver();
    await customer.says('积分会过期吗').getsArticle('membership/points-expiry');
    await customer.says('不是，我问的是换货怎么申请').getsArticle('exchanges/request-exchange');
  });

  it('corrects nothing where nothing was answered', async () => {
    const customer = await desk.customer();
    await customer.says('我问的是积分会过期吗').getsArticle('membership/points-expiry');
    expect((await customer.entries()).filter(({ kind }) => kind === 'verdict')).toEqual([]);
  });
});

describe('a customer who cannot spell, or has no Chinese keyboard', () => {
  it.each([
    ['huanhuo zenme shenqing', 'exchanges/request-exchange'],
    ['运废多少钱', 'delivery/shipping-fee'],
  ])('writes "%s" and gets the article', async (said, articleId) => {
    const customer = await desk.customer();
    await customer.says(said).getsArticle(articleId);
  });

  it('writes "tuihuo" and is offered what there is on returns', async () => {
    const customer = await desk.customer();
    await customer.says('tuihuo').getsButtons('都不是');
    await customer.says('1').isRecordedAs({ question: '退货', helpful: true, source: 'pick' });
  });
});
