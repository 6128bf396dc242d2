import { anOutlook } from '../support/outlook.ts';
import { openSampleDesk, type StoryDesk } from '../support/sample-desk.ts';

let desk: StoryDesk;
beforeEach(async () => {
  desk = await openSampleDesk();
});
afterEach(() => desk.close());

const nonsense = '恐龙为什么灭绝';
const moreNonsense = '勾股定理怎么证明';

describe('a customer who wants a person', () => {
  it.each([
    '转人工',
    '人工客服',
    '我要找真人',
    '麻烦帮我转接人工客服',
    '能不能给我转个人工啊',
    '有人工吗',
    '叫你们客服来',
    '我想和真人聊聊',
    '轉人工',
    '找專員',
    'Talk to a human please',
  ])('says %s and is handed over at their own request', async (said) => {
    const customer = await desk.customer();
    await customer.says(said).isHandedOver('customer_request');
    await customer.is('queued');
  });

  it('asks when the service opens, which is a question and no request for a person', async () => {
    const customer = await desk.customer();
    await customer.says('人工客服几点上班').isNotHandedOver();
  });

  it('is told how many wait before them', async () => {
    desk.outlook = anOutlook({ agentsOnline: 2, ahead: 3, expectedWaitSeconds: 200 });
    const customer = await desk.customer();
    await customer.says('转人工').gets('您前面还有 3 位，预计等待约 4 分钟');
  });

  it('is told so when nobody is signed in, and the request is kept', async () => {
    desk.outlook = anOutlook({ agentsOnline: 0 });
    const customer = await desk.customer();
    await customer.says('转人工').gets('现在没有坐席在线。您的问题和以上对话已经记下');
    await customer.is('queued');
  });

  it('is told outside hours when it opens, and the request is kept', async () => {
    const at = Date.parse('2026-11-20T21:00+08:00');
    desk.outlook = anOutlook({ at, opensAt: Date.parse('2026-11-23T09:00+08:00'), agentsOnline: 0 });
    const customer = await desk.customer();
    await customer.says('转人工').gets('现在不在人工服务时间，周一 9:00 开始服务。您的问题和以上对话已经记下');
    await customer.is('queued');
  });

  it('changes their mind while waiting and talks to the bot again', async () => {
    const customer = await desk.customer();
    await customer.says('转人工').isHandedOver('customer_request');
    await customer.cancelsWaiting();
    await customer.is('bot');
    await customer.says('退款多久到账').getsArticle('refunds/refund-time');
  });
});

describe('a customer whom the bot cannot help', () => {
  it('asks of the shop what no article answers, and is handed over at once instead of being fobbed off', async () => {
    const customer = await desk.customer();
    await customer.says('你们的快递员叫什么名字').isHandedOver('low_confidence');
  });

  it('is asked once to say it differently, then handed over', async () => {
    const customer = await desk.customer();
    const first = customer.says(nonsense);
    await first.gets('换个说法');
    await first.getsButtons('转人工');
    await customer.says(moreNonsense).isHandedOver('repeated_failure');
  });

  it('starts afresh after an answer: misses count only in a row', async () => {
    const customer = await desk.customer();
    await customer.says(nonsense).isNotHandedOver();
    await customer.says('退款多久到账').getsArticle('refunds/refund-time');
    await customer.says(nonsense).isNotHandedOver();
  });

  it('presses the thumb down in the chat window, which counts as a miss like a typed one', async () => {
    const customer = await desk.customer();
    await customer.says('退款多久到账').getsArticle('refunds/refund-time');
    await customer.judges('refunds/refund-time', false);
    await customer.says(nonsense).isHandedOver('repeated_failure');
  });

  it.each(['没用', '不是这个', '答非所问', '你根本听不懂', '什么破机器人', '還是沒解決我的問題'])(
    'says %s and gets a person, with the reason',
    async (said) => {
      const customer = await desk.customer();
      await customer.says('退款多久到账').getsArticle('refunds/refund-time');
      await customer.says(said).isHandedOver('negative_sentiment');
    },
  );

  it('sends a picture, which the bot says it cannot read; a second one goes to a person', async () => {
    const customer = await desk.customer();
    await customer.sendsImage().gets('还看不懂图片');
    await customer.sendsImage().isHandedOver('repeated_failure');
  });

  it('never meets silence when the bot breaks: an apology and a person', async () => {
    const customer = await desk.customer();
    desk.breakBot();
    const exchange = customer.says('退款多久到账');
    await exchange.gets('抱歉，我刚才出了点问题');
    await exchange.isHandedOver('bot_error');
  });

  it('is not taken to ask an older question when the bot breaks on a new one', async () => {
    const customer = await desk.customer();
    await customer.says('退款多久到账').getsArticle('refunds/refund-time');
    desk.breakBot();
    await customer.says('发票开错了').isHandedOver('bot_error');
    const handoff = (await customer.entries()).findLast(({ kind }) => kind === 'status');
    expect(handoff).toMatchObject({ understanding: null });
  });
});

describe('a customer with a person', () => {
  it('talks with the agent while the bot keeps silent, and with the bot again afterwards', async () => {
    const [customer, agent] = [await desk.customer(), desk.agent('小林')];
    await customer.says('转人工').isHandedOver('customer_request');
    await agent.claims(customer);
    await agent.says(customer, '您好，我是小林');
    await customer.hears('您好，我是小林');
    await customer.says('退款多久到账').getsSilence();
    await agent.resolves(customer);
    await customer.is('resolved');
    await customer.says('退款多久到账').getsArticle('refunds/refund-time');
    await customer.is('bot');
  });

  it('is not answered twice: what was said to the agent is not the bot’s to answer later', async () => {
    const [customer, agent] = [await desk.customer(), desk.agent('小林')];
    await customer.says('转人工').isHandedOver('customer_request');
    await agent.claims(customer);
    await customer.says('退款多久到账').getsSilence();
    await agent.transfers(customer, 'bot');
    await desk.restart();
    const before = (await customer.entries()).length;
    await customer.says('谢谢').gets('不客气');
    expect(await customer.entries()).toHaveLength(before + 2);
  });

  it('writes while waiting; nobody talks over them, and the agent sees all of it', async () => {
    const [customer, agent] = [await desk.customer(), desk.agent('小林')];
    await customer.says('转人工').isHandedOver('customer_request');
    await customer.says('订单号是 A1001').getsSilence();
    expect(await agent.claims(customer)).toMatchObject({ kind: 'saved' });
    const texts = (await customer.entries()).map((entry) => (entry.kind === 'message' ? entry.text : ''));
    expect(texts).toContain('订单号是 A1001');
  });

  it('is claimed by one of two agents; the other is told who has it', async () => {
    const customer = await desk.customer();
    await customer.says('转人工').isHandedOver('customer_request');
    const results = await Promise.all([desk.agent('小林').claims(customer), desk.agent('小陈').claims(customer)]);
    expect(results.map(({ kind }) => kind).sort()).toEqual(['refused', 'saved']);
    expect(results.find(({ kind }) => kind === 'refused')).toMatchObject({ because: 'taken' });
  });

  it('goes back to the queue with a note, and the next agent takes over', async () => {
    const [customer, first, second] = [await desk.customer(), desk.agent('小林'), desk.agent('小陈')];
    await customer.says('转人工').isHandedOver('customer_request');
    await first.claims(customer);
    await first.transfers(customer, 'queue', '需要财务处理');
    await customer.is('queued');
    await second.claims(customer);
    expect(await first.says(customer, '我还在')).toMatchObject({ kind: 'refused', because: 'not_yours' });
    await second.says(customer, '我是小陈，接着为您处理');
    await customer.hears('我是小陈');
  });

  it('is not let go with their last words unread: the agent must see them first', async () => {
    const [customer, agent] = [await desk.customer(), desk.agent('小林')];
    await customer.says('转人工').isHandedOver('customer_request');
    await agent.claims(customer);
    const onScreen = (await customer.conversation()).seq;
    await customer.says('对了，还有一个问题').getsSilence();
    expect(await agent.resolves(customer, onScreen)).toMatchObject({ kind: 'refused', because: 'stale' });
    expect(await agent.transfers(customer, 'bot', null, onScreen)).toMatchObject({ because: 'stale' });
    expect(await agent.resolves(customer)).toMatchObject({ kind: 'saved' });
  });

  it('never sees a private note', async () => {
    const [customer, agent] = [await desk.customer(), desk.agent('小林')];
    await customer.says('转人工').isHandedOver('customer_request');
    await agent.claims(customer);
    await agent.notes(customer, '这位是老客户');
    const notes = (await customer.entries()).filter((entry) => entry.kind === 'message' && entry.private);
    expect(notes).toHaveLength(1);
  });
});

describe('a desk that was stopped in the middle', () => {
  it('answers after the restart what it had accepted before', async () => {
    const customer = await desk.customer();
    await desk.stop();
    await desk.log.write(customer.line.id, {
      kind: 'customer_wrote',
      at: 1,
      clientId: 'last-words',
      channelData: null,
      draft: { text: '退款多久到账', format: 'plain', attachments: [], choices: [], understanding: null },
    });
    const answered = customer.nextFromBot();
    await desk.restart();
    await answered;
    await customer.hears('**退款多久到账？**');
  });

  it('does not answer twice what it had answered', async () => {
    const customer = await desk.customer();
    await customer.says('退款多久到账').getsArticle('refunds/refund-time');
    const before = (await customer.entries()).length;
    await desk.restart();
    await desk.stop();
    expect(await customer.entries()).toHaveLength(before);
  });

  it('takes a message that is sent twice as one, and answers once', async () => {
    const customer = await desk.customer();
    await customer.says('退款多久到账', 'same-id').getsArticle('refunds/refund-time');
    const before = (await customer.entries()).length;
    await customer.says('退款多久到账', 'same-id').getsSilence();
    expect(await customer.entries()).toHaveLength(before);
  });
});
