import type { Judgement, Message } from '../../src/conversation/conversation.ts';
import { openSampleDesk, type StoryDesk } from '../support/sample-desk.ts';
import type { Customer } from '../support/story.ts';

let desk: StoryDesk;
beforeAll(async () => {
  desk = await openSampleDesk();
});
afterAll(() => desk.close());

/** Asks for something several articles speak of, and returns what the bot offers. */
async function ambiguous(customer: Customer): Promise<Message> {
  await customer.says('运费').getsButtons('运费多少钱', '退货的运费谁出', '换货要付邮费吗', '都不是');
  return (await customer.entries()).at(-1) as Message;
}

const verdicts = async (customer: Customer): Promise<readonly Judgement[]> =>
  (await customer.entries()).filter((entry) => entry.kind === 'verdict');

describe('a customer who is offered several questions', () => {
  it('presses one and gets its article; their own words are recorded with it', async () => {
    const customer = await desk.customer();
    const offer = await ambiguous(customer);
    const pressed = await customer.presses('退货的运费谁出');
    await pressed.getsArticle('returns/return-shipping-fee');
    await pressed.isRecordedAs({
      about: offer.seq,
      articleId: 'returns/return-shipping-fee',
      question: '运费',
      helpful: true,
      source: 'pick',
    });
  });

  it.each(['2', '第二个', '②', '退貨的運費誰出？'])('types "%s" and gets the second', async (text) => {
    const customer = await desk.customer();
    await ambiguous(customer);
    await customer.says(text).getsArticle('returns/return-shipping-fee');
  });

  it('may thank the bot before they pick', async () => {
    const customer = await desk.customer();
    await ambiguous(customer);
    await customer.says('谢谢').gets('不客气');
    await customer.says('3').getsArticle('exchanges/exchange-shipping-fee');
  });

  it('finds what they picked no help, which is recorded of their own words too', async () => {
    const customer = await desk.customer();
    await ambiguous(customer);
    await customer.says('3').getsArticle('exchanges/exchange-shipping-fee');
    const judged = await customer.presses('没帮助');
    await judged.isRecordedAs({
      articleId: 'exchanges/exchange-shipping-fee',
      question: '运费',
      helpful: false,
      source: 'feedback',
    });
  });

  it('means none of them: the best is recorded as not meant, and a person takes over', async () => {
    const customer = await desk.customer();
    const offer = await ambiguous(customer);
    const pressed = await customer.presses('都不是');
    await pressed.isHandedOver('ambiguous');
    await pressed.isRecordedAs({
      about: offer.seq,
      articleId: 'delivery/shipping-fee',
      question: '运费',
      helpful: false,
      source: 'pick',
    });
  });

  it('asks something else: nothing is recorded, and a number afterwards picks nothing', async () => {
    const customer = await desk.customer();
    await ambiguous(customer);
    await customer.says('退款多久到账').getsArticle('refunds/refund-time');
    await customer.says('2').isKept();
    expect(await verdicts(customer)).toEqual([]);
  });

  it.each(['2', '都不是'])('wrote "%s" before the offer reached them: nothing is picked of it', async (text) => {
    const customer = await desk.customer();
    await Promise.all([customer.says('运费').isKept(), customer.says(text).isKept()]);
    const entries = await customer.entries();
    expect(entries.filter((one) => one.kind === 'message' && one.understanding?.outcome === 'answer')).toEqual([]);
    expect(await verdicts(customer)).toEqual([]);
  });

  it('wrote the words of an offer before it reached them: they are looked up like any others', async () => {
    const customer = await desk.customer();
    await Promise.all([customer.says('运费').isKept(), customer.says('退货的运费谁出').isKept()]);
    const { lastUnderstanding } = (await customer.conversation()).memory;
    expect(lastUnderstanding).toMatchObject({
      question: '退货的运费谁出',
      articleId: 'returns/return-shipping-fee',
    });
    expect(await verdicts(customer)).toEqual([]);
  });

  it('thanked the bot before the offer reached them, and may still pick', async () => {
    const customer = await desk.customer();
    await Promise.all([customer.says('运费').isKept(), customer.says('谢谢').isKept()]);
    await customer.says('2').getsArticle('returns/return-shipping-fee');
  });

  it('asks for a person and gets one', async () => {
    const customer = await desk.customer();
    await ambiguous(customer);
    await customer.says('转人工').isHandedOver('customer_request');
    expect(await verdicts(customer)).toEqual([]);
  });

  it('is still known by the bot that was started anew meanwhile', async () => {
    const customer = await desk.customer();
    await ambiguous(customer);
    await desk.restart();
    await customer.says('1').getsArticle('delivery/shipping-fee');
  });
});
