import { openSampleDesk, type StoryDesk } from '../support/sample-desk.ts';

let desk: StoryDesk;
beforeAll(async () => {
  desk = await openSampleDesk();
});
afterAll(() => desk.close());

describe('a customer who asks what the articles know', () => {
  it('is greeted first, and only once', async () => {
    const customer = await desk.customer();
    await customer.hears('您好，我是智能客服小知');
    await desk.restart();
    expect(await customer.entries()).toHaveLength(1);
  });

  it('gets the article, with its title on top and its follow-up questions', async () => {
    const customer = await desk.customer();
    const exchange = customer.says('七天无理由退货怎么申请');
    await exchange.getsArticle('returns/seven-day-return');
    await exchange.gets('**七天无理由退货怎么申请？**');
    await exchange.getsButtons('退货运费谁承担？', '有帮助', '没帮助');
  });

  it('gets it in everyday words too', async () => {
    const customer = await desk.customer();
    await customer.says('买了不想要了可以退吗').getsArticle('returns/seven-day-return');
  });

  it('gets it with a greeting in front', async () => {
    const customer = await desk.customer();
    await customer.says('你好，请问退款多久到账？').getsArticle('refunds/refund-time');
  });

  it('presses a follow-up and gets the next article', async () => {
    const customer = await desk.customer();
    await customer.says('七天无理由退货怎么申请').getsArticle('returns/seven-day-return');
    const pressed = await customer.presses('退货运费谁承担？');
    await pressed.getsArticle('returns/return-shipping-fee');
  });

  it('writes traditional Chinese and finds the article written in simplified', async () => {
    const customer = await desk.customer('阿明', { locale: 'zh-Hant' });
    await customer.hears('直接把問題發給我就好');
    await customer.says('七天無理由退貨怎麼申請').getsArticle('returns/seven-day-return');
  });

  it('is answered in traditional Chinese where that is their script', async () => {
    const customer = await desk.customer('阿明', { locale: 'zh-Hant' });
    await customer.says('謝謝').gets('不客氣，很高興能幫到您');
  });

  it('writes full-width letters and stray spaces and is understood', async () => {
    const customer = await desk.customer();
    await customer.says('　七天无理由　退货　怎么申请？？？').getsArticle('returns/seven-day-return');
  });

  it('is never told the opposite: what cannot be returned is another article than how to return', async () => {
    const customer = await desk.customer();
    await customer.says('哪些商品不支持七天无理由退货').getsArticle('returns/non-returnable-items');
  });

  it('never gets an article that is a draft or for agents only', async () => {
    const customer = await desk.customer();
    const exchange = customer.says('坐席赔付额度是多少');
    const entries = await exchange.isKept().then(() => customer.entries());
    expect(JSON.stringify(entries)).not.toContain('compensation-limits-internal');
  });
});

describe('a customer who says what they think of an answer', () => {
  it('presses 有帮助, which is recorded for that article', async () => {
    const customer = await desk.customer();
    await customer.says('退款多久到账').getsArticle('refunds/refund-time');
    const pressed = await customer.presses('有帮助');
    await pressed.isRecordedAs({ articleId: 'refunds/refund-time', helpful: true });
    await pressed.gets('谢谢您的反馈');
  });

  it('presses 没帮助, which is recorded, and is offered a person', async () => {
    const customer = await desk.customer();
    await customer.says('退款多久到账').getsArticle('refunds/refund-time');
    const pressed = await customer.presses('没帮助');
    await pressed.isRecordedAs({ articleId: 'refunds/refund-time', helpful: false });
    await pressed.getsButtons('转人工');
    await pressed.isNotHandedOver();
  });

  it('is judged once: a second 没帮助 without a new answer goes to a person', async () => {
    const customer = await desk.customer();
    await customer.says('退款多久到账').getsArticle('refunds/refund-time');
    await customer.says('没帮助').isRecordedAs({ articleId: 'refunds/refund-time', helpful: false });
    await customer.says('没帮助').isHandedOver('negative_sentiment');
  });

  it('speaks of what was said last: 没帮助 to "please rephrase" is no verdict on the answer before it', async () => {
    const customer = await desk.customer();
    await customer.says('退款多久到账').getsArticle('refunds/refund-time');
    await customer.says('恐龙为什么灭绝').gets('换个说法');
    await customer.says('没帮助').isHandedOver('negative_sentiment');
    expect((await customer.entries()).filter(({ kind }) => kind === 'verdict')).toEqual([]);
  });

  it('may chat before they judge', async () => {
    const customer = await desk.customer();
    await customer.says('退款多久到账').getsArticle('refunds/refund-time');
    await customer.says('谢谢').gets('不客气');
    await customer.says('有帮助').isRecordedAs({ articleId: 'refunds/refund-time', helpful: true });
  });

  it('rejects two answers in a row and gets a person', async () => {
    const customer = await desk.customer();
    await customer.says('退款多久到账').getsArticle('refunds/refund-time');
    await customer.says('没帮助').isNotHandedOver();
    await customer.says('恐龙为什么灭绝').isHandedOver('repeated_failure');
  });
});

describe('a customer who chats', () => {
  it.each([
    ['在吗', '我在的'],
    ['您好', '我在的'],
    ['你是机器人吗', '智能客服小知'],
    ['谢谢', '不客气'],
    ['好的', '随时问我'],
    ['再见', '再见'],
  ])('says %s and gets a fitting word, not an article and not a person', async (said, reply) => {
    const customer = await desk.customer();
    const exchange = customer.says(said);
    await exchange.gets(reply);
    await exchange.isNotHandedOver();
  });
});
