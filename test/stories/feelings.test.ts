import { openSampleDesk, type StoryDesk } from '../support/sample-desk.ts';

let desk: StoryDesk;
beforeEach(async () => {
  desk = await openSampleDesk();
});
afterEach(() => desk.close());

describe('a customer who is furious', () => {
  it.each([
    '你们就是一群骗子，退款多久到账！！！',
    '什么破店，气死我了，运费凭什么我出',
    '垃圾公司，再也不来了',
    '這是什麼垃圾服務，氣死我了',
  ])('says %s and gets a person instead of an article', async (said) => {
    const customer = await desk.customer();
    await customer.says(said).isHandedOver('negative_sentiment');
  });

  it.each([
    ['收到的东西坏了怎么办'],
    ['退款怎么还没到，等了好几天了，有点着急'],
    ['怎么投诉快递员'],
    ['人工客服一直敷衍我'],
  ])('is not who says %s', async (said) => {
    const customer = await desk.customer();
    await customer.says(said).isNotHandedOver();
  });
});

describe('a customer who speaks of what no program should answer', () => {
  it.each(['再不退款我就打12315', '我要找律师起诉你们', '電熱毯著火了，人受傷了', '我不想活了'])(
    'says %s and gets a person at once',
    async (said) => {
      const customer = await desk.customer();
      await customer.says(said).isHandedOver('sensitive_topic');
    },
  );
});
