import { correctionIn, listen, phrasesFor, pickIn, questionIn } from '../../bots/phrases.zh.ts';
import type { Intent } from '../../src/conversation/turn.ts';
import { anOutlook } from '../support/outlook.ts';

const wordings: Readonly<Record<Intent, readonly string[]>> = {
  agent_request: [
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
    '人工',
    '客服',
    '找客服',
    '我要人工服务',
    '请转人工客服，谢谢',
    '不想跟机器人聊了，我要人工',
    '接人工',
    '联系客服',
    '有没有真人',
    '人工人工人工',
    '转人工！！！',
    '換真人客服',
    '能转人工吗',
    '怎么转人工',
    '如何联系人工客服',
    '给我个人工',
    '叫人来',
    '不，我要人工',
    '不是，我要转人工',
    '不是，我是说转人工',
  ],
  dissatisfied: [
    '没用',
    '不是这个',
    '答非所问',
    '你根本听不懂',
    '什么破机器人',
    '還是沒解決我的問題',
    '你这回答根本没用',
    '垃圾',
    '太差了',
    '不是我要的',
    '没有回答我的问题',
    '智障',
  ],
  greeting: ['你好', '在吗', '您好，在吗？', 'hi', 'Hello', '亲', '早上好', '有人吗', '你好，请问'],
  who_are_you: ['你是谁', '你是机器人吗', '你能做什么', '你叫什么名字'],
  thanks: [
    '谢谢',
    '好的谢谢',
    '谢谢你',
    '非常感谢',
    '辛苦了',
    'thx',
    '不，谢谢',
    '不用了，谢谢',
    'No, thanks',
    'No, thank you',
  ],
  acknowledgement: ['好的', '嗯嗯', '知道了', 'ok', '没有了', 'No problem'],
  goodbye: ['再见', '拜拜', '好的再见'],
  helpful: ['有帮助', '很有帮助', '解决了', '有用'],
  not_helpful: ['没帮助', '没有帮助', '沒幫助'],
  none_of_these: ['都不是', '以上都不是'],
};

/** They hold words of an intent and are questions all the same. */
const questions = [
  '人工客服几点上班',
  '怎么退货',
  '客服电话是多少',
  '投诉客服',
  '优惠券没用上能退吗',
  '不是质量问题能退吗',
  '没收到货',
  '差评会被删吗',
  '人工费多少钱',
  '退货的钱没解决怎么办',
  '积分有用吗',
  '保修有用吗',
  '不是这个颜色怎么换',
  '可以退吗',
  '好的商品能退吗',
  '破了能赔吗',
  '没有发票能保修吗',
  '你好怎么退货',
  '客服态度差怎么投诉',
  '太差了我要退货',
  '联系不上快递员怎么办',
  '换货',
  '转账给你们安全吗',
];

describe('what the bot listens for', () => {
  for (const [intent, said] of Object.entries(wordings)) {
    it.each(said)(`hears ${intent} in "%s"`, (text) => expect(listen(text)).toBe(intent));
  }

  it.each(questions)('leaves "%s" to the knowledge base', (text) => expect(listen(text)).toBeNull());

  it('hears nothing in punctuation, emoji or a long story', () => {
    for (const text of ['？？？', '😀', `转人工${'，我等了很久'.repeat(10)}`]) expect(listen(text)).toBeNull();
  });
});

describe('the question in a message', () => {
  it.each([
    ['你好，请问退款多久到账？', '退款多久到账？'],
    ['您好！在吗？我想问一下保修多久', '保修多久'],
    ['亲 運費誰出', '運費誰出'],
    ['亲子装能退吗', '亲子装能退吗'],
    ['你好', '你好'],
  ])('of "%s" is "%s"', (said, question) => expect(questionIn(said)).toBe(question));
});

describe('a wish for a person at the end of a message', () => {
  it.each(['我要投诉！转人工', '退款一直没到，帮我转人工客服', '你答的不对 我要找人工', '運費太貴了，轉人工'])(
    'is heard in %s',
    (said) => expect(listen(said)).toBe('agent_request'),
  );

  it.each(['客服，运费多少', '转人工要等多久', '人工，退款几天到账', '你好，在吗'])('is not in %s', (said) =>
    expect(listen(said)).not.toBe('agent_request'),
  );
});

describe('what the bot says', () => {
  it('comes in the script of the customer', () => {
    expect(phrasesFor('zh-Hant').buttons.askAgent).toBe('轉人工');
    expect(phrasesFor('zh-HK').rephrase).toContain('換個說法');
    expect(phrasesFor('en').buttons.askAgent).toBe('转人工');
  });

  it('has buttons that it understands itself, in both scripts', () => {
    for (const locale of ['zh-Hans', 'zh-Hant']) {
      const { askAgent, noneOfThese, helpful, notHelpful } = phrasesFor(locale).buttons;
      const heard = [askAgent, noneOfThese, helpful, notHelpful].map(listen);
      expect(heard).toEqual(['agent_request', 'none_of_these', 'helpful', 'not_helpful']);
    }
  });

  it('promises no waiting time that nobody knows, and rounds the others up', () => {
    const { handingOver } = phrasesFor('zh-Hans');
    expect(handingOver(anOutlook())).not.toMatch(/分钟/);
    expect(handingOver(anOutlook({ ahead: 2, expectedWaitSeconds: 61 }))).toContain('约 2 分钟');
  });

  it.each([
    ['2026-11-20T07:00+08:00', '2026-11-20T09:00+08:00', '今天 9:00'],
    ['2026-11-20T20:00+08:00', '2026-11-21T09:30+08:00', '明天 9:30'],
    ['2026-11-20T00:30+08:00', '2026-11-21T09:00+08:00', '明天 9:00'],
    ['2026-11-20T20:00+08:00', '2026-11-23T09:00+08:00', '周一 9:00'],
    ['2026-11-21T20:00+08:00', '2026-11-22T13:00+08:00', '明天 13:00'],
    ['2026-09-30T20:00+08:00', '2026-10-08T09:00+08:00', '10月8日 9:00'],
    ['2026-12-31T20:00+08:00', '2027-01-01T00:00+08:00', '明天 0:00'],
    ['2026-12-28T20:00+08:00', '2027-01-04T09:00+08:00', '2027年1月4日 9:00'],
  ])('says outside hours (%s) that it opens at %s: %s', (at, opensAt, said) => {
    const closed = anOutlook({ at: Date.parse(at), opensAt: Date.parse(opensAt), agentsOnline: 0, ahead: 3 });
    const text = phrasesFor('zh-Hans').handingOver(closed);
    expect(text).toContain(`不在人工服务时间，${said} 开始服务`);
    expect(text).toContain('已经记下');
    expect(text).not.toMatch(/位|分钟/);
  });

  it('tells opening times on the clock of the shop', () => {
    const outlook = anOutlook({ at: Date.parse('2026-11-20T23:00Z'), opensAt: Date.parse('2026-11-21T14:00Z') });
    const { handingOver } = phrasesFor('zh-TW');
    expect(handingOver({ ...outlook, timeZone: 'America/New_York' })).toContain('明天 9:00 開始服務');
    expect(handingOver({ ...outlook, timeZone: 'Asia/Shanghai' })).toContain('今天 22:00 開始服務');
  });

  it('is sorry for a promise it broke, in both scripts', () => {
    for (const promise of ['first_response', 'next_response'] as const) {
      expect(phrasesFor('zh-Hans').promiseBroken(promise)).toMatch(/抱歉.*超过.*承诺.*通知主管/);
      expect(phrasesFor('zh-HK').promiseBroken(promise)).toMatch(/抱歉.*超過.*承諾.*通知主管/);
    }
    expect(phrasesFor('zh-HK').agentLeft).toContain('優先接著為您服務');
  });
});

describe('what is picked of three questions', () => {
  const offered = ['运费多少钱？', '退货的运费谁出', '换货要付邮费吗'];

  it.each([
    ['运费多少钱', 0],
    ['退貨的運費誰出？', 1],
    ['1', 0],
    ['２', 1],
    ['3️⃣', 2],
    ['②', 1],
    ['2.', 1],
    ['二', 1],
    ['第二个', 1],
    ['第2個', 1],
    ['我选第三个吧', 2],
    ['是第一个', 0],
    ['我问的是第二个问题', 1],
    ['最后一个', 2],
  ])('by "%s" is number %i', (text, place) => expect(pickIn(text, offered)).toBe(place));

  it.each(['', '？', '4', '0', '12', '第四个', '2 个包裹运费多少', '运费', '都不是', '转人工', '😀'])(
    'by "%s" is none',
    (text) => expect(pickIn(text, offered)).toBeNull(),
  );

  it('is nothing where fewer are offered, or where two read the same', () => {
    expect(pickIn('2', ['运费多少钱'])).toBeNull();
    expect(pickIn('怎么申请', ['怎么申请', '怎么申请？'])).toBeNull();
    expect(pickIn('2', ['怎么申请', '怎么申请？'])).toBe(1);
    expect(pickIn('最后一个', [])).toBeNull();
  });
});

describe('what is meant instead', () => {
  it.each([
    ['不是，我是说换货', '换货'],
    ['不對，我問的是退款', '退款'],
    ['不对，我问的是发票', '发票'],
    ['我问的是换货怎么弄', '换货怎么弄'],
    ['我问的是是不是可以退', '是不是可以退'],
    ['不对，我要问换货的运费', '换货的运费'],
    ['不是这个，我问的是运费', '运费'],
    ['不是不是，我说的是发票', '发票'],
    ['错了，我要的是发票', '发票'],
    ['不，我想问运费', '运费'],
    ['我的意思是能不能开专票', '能不能开专票'],
    ['No, I mean refund', 'refund'],
  ])('in "%s" is "%s", and the answer was surely wrong', (said, meant) => {
    expect(listen(said)).toBeNull();
    expect(correctionIn(said)).toEqual({ meant, isSure: true });
  });

  it.each([
    ['不对，我要换货', '我要换货'],
    ['不是退货，是换货', '换货'],
    ['不是退货，是换货的运费', '换货的运费'],
    ['不是退货是换货', '换货'],
    ['不是问退货，是问换货', '问换货'],
    ['不是，是换货', '换货'],
    ['不对，应该是换货', '换货'],
    ['不是 换货', '换货'],
    ['不对，是不是可以退', '是不是可以退'],
    ['没有，我是问发票', '发票'],
    ['no, refund', 'refund'],
  ])('in "%s" is "%s", whatever the answer was worth', (said, meant) => {
    expect(listen(said)).toBeNull();
    expect(correctionIn(said)).toEqual({ meant, isSure: false });
  });

  it.each([
    '不是我买的东西怎么回事',
    '不是',
    '不对',
    '我问的是，',
    '我是会员',
    '不是正品怎么办',
    '是不是可以退',
    '不是质量问题可以退吗',
    '我想问运费',
    '错了地址怎么改',
    '不是本人签收怎么办，是我邻居拿的',
    '',
    'No problem',
    'no, problem solved',
    'No need, bye',
    'No, thanks',
    'No, thanks a lot for the help',
    'NO.20260105 到哪了',
    'no refund yet',
    '不，谢谢',
    '不，不用了',
    '不，转人工',
    '不是质量问题是不是要自己出运费',
    '不是质量问题，是不是要自己出运费',
    '不是七天是不是就不能退了',
    '不是本人签收是快递放驿站的怎么办',
    '不是本人签收，是快递放驿站的怎么办',
    '不是说七天内是可以退的吗',
    '不是说好了是三天到',
    '不是包邮是吧',
    '不是我签收是邻居拿的',
    '不是我说的地址怎么改',
    '不是我的意思是不是要重新下单',
    '没有我要的尺码怎么办',
    '不要人工',
    '没有我说的那个颜色',
    '错了，怎么办',
    '错了，地址怎么改',
    '不对，怎么办',
    '我说的是不是对的',
    '我是问一下发票怎么开',
  ])('is nothing in "%s"', (said) => expect(correctionIn(said)).toBeNull());
});
