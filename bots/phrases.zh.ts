import { normalise } from '../src/answering/normalise.ts';
import type { Correction, Intent, Phrases, QueueOutlook } from '../src/conversation/turn.ts';
import { toTraditional } from './traditional.ts';

/** All the bot says, in the script of the customer's locale: traditional for `zh-Hant`, `zh-TW`, `zh-HK` and `zh-MO`, else simplified. */
export function phrasesFor(locale: string): Phrases {
  return /^zh-(hant|tw|hk|mo)/i.test(locale) ? traditional : simplified;
}

const simplified: Phrases = {
  greeting:
    '您好，我是智能客服小知 👋\n退货、退款、物流、发票、保修……直接把问题发给我就好。我答不上来的，会帮您转给人工坐席。',
  smallTalk: {
    greeting: '您好，我在的。请问有什么可以帮您？',
    who_are_you: '我是智能客服小知，从店铺的帮助文章里为您找答案；遇到我答不准的问题，会请人工坐席来帮您。',
    thanks: '不客气，很高兴能帮到您。还有别的问题随时问我。',
    acknowledgement: '好的。还有别的问题随时问我。',
    goodbye: '好的，祝您生活愉快，再见！',
  },
  rephrase: '抱歉，这个问题我没有找到合适的答案。您可以换个说法、说得再具体一些，或者直接转人工。',
  clarify: '您想问的是下面哪一个？',
  cannotReadAttachment:
    '图片收到了，不过我还看不懂图片。请用文字说说您的问题，或者直接转人工，坐席可以看到您发的图片。',
  gladItHelped: '谢谢您的反馈，很高兴能帮到您！',
  sorryItDidNot: '抱歉没能帮到您，您的反馈已记下。您可以换个说法再问一次，或者直接转人工。',
  botFailed: '抱歉，我刚才出了点问题。',
  handingOver,
  promiseBroken,
  agentLeft: '抱歉，刚才为您服务的坐席掉线了，下一位有空的坐席会优先接着为您服务。以上对话都在，您不用再说一遍。',
  buttons: { askAgent: '转人工', noneOfThese: '都不是', helpful: '有帮助', notHelpful: '没帮助' },
};

function handingOver(outlook: QueueOutlook): string {
  const { agentsOnline, ahead, expectedWaitSeconds, opensAt } = outlook;
  if (opensAt !== null) {
    return `现在不在人工服务时间，${openingTime(opensAt, outlook)} 开始服务。您的问题和以上对话已经记下，到时坐席就在这个对话里回复您，您不用再说一遍，也可以先在这里补充细节。`;
  }
  if (agentsOnline === 0) {
    return '现在没有坐席在线。您的问题和以上对话已经记下，坐席上线后会第一时间在这里回复您，您不用再说一遍，也可以先在这里补充细节。';
  }
  const place = ahead === 0 ? '您是下一位' : `您前面还有 ${ahead} 位`;
  const wait =
    expectedWaitSeconds === null ? '' : `，预计等待约 ${Math.max(1, Math.ceil(expectedWaitSeconds / 60))} 分钟`;
  return `正在为您转接人工坐席，${place}${wait}。以上对话坐席都能看到，您不用再说一遍。`;
}

/** As people say it on the desk's clock: today and tomorrow by that name, within a week the weekday, then the date. */
function openingTime(opensAt: number, { at, timeZone }: Pick<QueueOutlook, 'at' | 'timeZone'>): string {
  const opens = calendarOf(opensAt, timeZone);
  const today = calendarOf(at, timeZone);
  const daysUntil = opens.day - today.day;
  const date = `${opens.month}月${opens.date}日`;
  const named = ['今天', '明天'][daysUntil] ?? (daysUntil < 7 ? opens.weekday : date);
  return `${opens.year > today.year && daysUntil >= 7 ? `${opens.year}年` : ''}${named} ${opens.time}`;
}

function calendarOf(at: number, timeZone: string) {
  const [year = 0, month = 0, date = 0, hour = 0, minute = 0] = new Intl.DateTimeFormat('zh-CN', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  })
    .formatToParts(at)
    .flatMap(({ type, value }) => (type === 'literal' ? [] : [Number(value)]));
  const midnight = new Date(Date.UTC(year, month - 1, date));
  return {
    year,
    month,
    date,
    day: midnight.getTime() / 86_400_000,
    weekday: `周${'日一二三四五六'.charAt(midnight.getUTCDay())}`,
    time: `${hour}:${String(minute).padStart(2, '0')}`,
  };
}

function promiseBroken(promise: 'first_response' | 'next_response'): string {
  const late = {
    first_response: '很抱歉，让您久等了，已经超过我们承诺的接待时间。',
    next_response: '很抱歉，让您久等了，这次回复超过了我们承诺的时间。',
  };
  return `${late[promise]}我们已经通知主管，会一直跟进，坐席会尽快在这里回复您，您不用重新提问。`;
}

const traditional: Phrases = {
  ...mapStrings(simplified, toTraditional),
  handingOver: (outlook) => toTraditional(handingOver(outlook)),
  promiseBroken: (promise) => toTraditional(promiseBroken(promise)),
};

function mapStrings<T>(value: T, change: (text: string) => string): T {
  if (typeof value === 'string') return change(value) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, mapStrings<unknown>(inner, change)]),
  ) as T;
}

/**
 * What a message is beside a question for the knowledge base; null when it is a question. Only a message that is
 * nothing but a greeting is one: "你好，怎么退货" is a question.
 */
export function listen(text: string): Intent | null {
  return intentOf(text) ?? (asksForPersonBeside(text) ? 'agent_request' : null);
}

function intentOf(text: string): Intent | null {
  const heard = bare(text);
  if (heard === '' || heard.length > longestIntent) return null;
  return intents.find(({ patterns }) => patterns.some((pattern) => pattern.test(heard)))?.intent ?? null;
}

/** Who says what it is about and then asks for a person ("退款一直没到，转人工！") asks for a person. */
function asksForPersonBeside(text: string): boolean {
  if (text.length > longestPlea) return false;
  const clauses = text.split(/[\s,，。.!！?？;；、~～]+/u).filter((clause) => clause !== '');
  const last = clauses.at(-1) ?? '';
  // "客服，运费多少" calls somebody; it is the end of a message that asks.
  return clauses.length > 1 && /转|轉|人|找/u.test(last) && intentOf(last) === 'agent_request';
}

/** A letter that ends so is one to read, by whoever serves it. */
const longestPlea = 200;

/** A question without the greeting in front of it, which would only be a word no article knows. The text itself if nothing else is left. */
export function questionIn(text: string): string {
  const rest = text.replace(greetingInFront, '');
  return /[\p{L}\p{N}]/u.test(rest) ? rest : text;
}

/** What the customer says they meant instead ("不是，我是说换货" → "换货"); null when they correct nothing. */
export function correctionIn(text: string): Correction | null {
  const said = text.trim();
  for (const { pattern, isSure } of corrections) {
    const meant = pattern.exec(said)?.groups?.meant?.trim();
    if (meant !== undefined) return isQuestion(meant) && !isSplit(said, meant) ? { meant, isSure } : null;
  }
  return null;
}

/** Something to look up: not thanks, not a wish for a person, not a bare "what now". */
function isQuestion(meant: string): boolean {
  const heard = bare(meant);
  return heard !== '' && listen(meant) === null && !whatNow.test(heard);
}

const whatNow = /^(?:那|我|该|要|又)*(?:怎么|咋|如何)(?:办|弄|处理|搞)?(?:呢|啊|呀)?$/u;

/** Whether the reading tears a 是不是 apart: "不是质量问题是不是要自己出运费" asks, and corrects nothing. */
function isSplit(said: string, meant: string): boolean {
  return meant.startsWith('不是') && said.slice(0, -meant.length).endsWith('是');
}

const tailOfDenial = '(?:[这這](?:个|個|些|样|樣))?(?:的|啊|呀|吧|哦)?';
const denial = `(?:(?:不是){1,2}|不[对對])${tailOfDenial}`;
const refusal = `(?:${denial}|[错錯]了${tailOfDenial}|不(?=\\p{P})|no\\b|nope\\b)`;
const say = '[说說问問指讲講]';
/** The customer speaks of their own words. "我说的" alone does not: "不是我说的地址" is about an address. */
const isMeant = `(?:我(?:其[实實])?(?:是|是?想|是?要)${say}(?:的(?:其[实實])?是|(?!的))|我${say}的(?:其[实實])?是|我的?意思是|我(?:想)?要的是|i mean(?:t)?\\b)[\\s,，:：]*`;
/** Neither a question nor a rhetorical one ("不是说…是…吗"), nor a story ("不是我签收是…"). */
const thing = '(?!我(?![要想问問])|本人|[说說])(?:(?![怎么麼吗嗎能会會可不是])[\\p{L}\\p{N}]){1,6}';
const otherThing = '(?:(?![怎么麼吗嗎吧呢?？])[^\\n]){1,12}';

/** The first that fits counts; in both scripts, as what was meant is kept as it was written. */
const corrections: readonly { readonly pattern: RegExp; readonly isSure: boolean }[] = [
  { pattern: new RegExp(`^${refusal}[\\s\\p{P}]*${isMeant}(?<meant>.+)$`, 'isu'), isSure: true },
  { pattern: new RegExp(`^我(?:${say}的(?:其[实實])?|的?意思)是[\\s,，:：]*(?<meant>.+)$`, 'su'), isSure: true },
  { pattern: new RegExp(`^我是${say}(?!一?下)[\\s,，:：]*(?<meant>.+)$`, 'su'), isSure: true },
  // "没有" may answer whether there is anything else.
  { pattern: new RegExp(`^[没沒]有?[\\s\\p{P}]+${isMeant}(?<meant>.+)$`, 'isu'), isSure: false },
  {
    pattern: new RegExp(`^${denial}[\\s,，。.!！、;；]+(?:(?:[应應][该該]|而)?是(?!不是))?(?<meant>.+)$`, 'su'),
    isSure: false,
  },
  // Without a mark behind it, and with a point, "no" begins too much else: "no problem", "No.12".
  {
    pattern: /^(?:不|no|nope)[,，、!！;；。]+(?![\s\p{P}]*(?:thank|problem|need|worr))(?<meant>.+)$/isu,
    isSure: false,
  },
  { pattern: new RegExp(`^不是[问問要]?${thing}[\\s,，。;；、]*而?是(?<meant>${otherThing})$`, 'su'), isSure: false },
];

/** Which of the questions the bot offered is picked, by its words or its place; null when none is, or more than one. */
export function pickIn(text: string, offered: readonly string[]): number | null {
  const heard = bare(text);
  const same = offered.flatMap((question, place) => (bare(question) === heard ? [place] : []));
  if (same.length > 0) return same.length === 1 ? (same[0] ?? null) : null;
  const place = lastOne.test(heard) ? offered.length - 1 : ordinals.indexOf(nth.exec(heard)?.[1] ?? '?') % 3;
  return place >= 0 && place < offered.length ? place : null;
}

const ordinals = '123一二三';
const nth =
  /^(?:我?(?:想?问的?是|选择?|要|是)|就)?(?:上面)?的?第?([123一二三])(?:个|項|项|条|号|种)?(?:问题)?(?:吧|呢|啊)?$/u;
const lastOne = /^(?:我?(?:想?问的?是|选择?|要|是)|就)?最后(?:那|一|那一)?(?:个|项|条)(?:吧|呢|啊)?$/u;

/** Simplified, lower case, letters and digits only. */
function bare(text: string): string {
  return normalise(text).replace(/[^\p{L}\p{N}]+/gu, '');
}

const greetingInFront =
  /^(?:(?:hi|hello|哈喽|哈啰|嗨|嘿|喂|你好|您好|在吗|在么|在不在|亲(?=[\s,，。!！~～?？]|$)|早上好|上午好|中午好|下午好|晚上好|打扰一下|打扰了|打擾了|問一下|问一下|请问一下|請問一下|请问|請問|咨询一下|諮詢一下|想问一下|想問一下|我想问一下|我想问)(?:啊|呀|嗎|吗)?[\s,，。.、!！~～?？:：]*)+/iu;

/** In characters. Longer messages say more than a wish for a person or a judgement, and go to the knowledge base. */
const longestIntent = 24;

const please =
  '(?:请|怎么才?|如何|怎样|麻烦|拜托|帮我?|帮忙|给我|你?可以|能不能|能否|可不可以|能|我想要?|我要|我需要|想要?|要|需要|直接|马上|赶紧|快点?|那就|还是|算了|不用了)*';
const person =
  '(?:人工|真人|活人|大活人|客服|坐席|专员|人工客服|人工坐席|人工服务|真人客服|在线客服|人工在线客服|客服人员|工作人员|人类|客服专员|店主|店家|掌柜)';
const tail =
  '(?:吧|呢|啊|呀|嘛|吗|么|哈|可以吗|行吗|好吗|行不行|好不好|谢谢|一下|来|服务|聊聊?|说话?|沟通|处理|解决|对话|通话)*';
const reach =
  '(?:转|转接|转到|转给|接|接入|接通|找|找到|叫|呼叫|换|换成|联系|连线|和|跟|与|来|有没有|有|是|上|派|安排|切换|切换到|转回)';

/** What the bot listens for, tried in this order, on text folded to simplified lower case without punctuation. */
const intents: readonly { readonly intent: Intent; readonly patterns: readonly RegExp[] }[] = [
  {
    intent: 'agent_request',
    patterns: [
      new RegExp(`^${please}${reach}?(?:一?下|个|一?位|名)?${person}${tail}$`, 'u'),
      new RegExp(`^${please}${reach}(?:一?下|个|一?位|名)?(?:你们)?(?:的)?${person}${tail}$`, 'u'),
      new RegExp(`^(?:不|不是|不对|不行)我(?:想?要|想|需要|是说)${reach}?(?:个|一?位)?${person}${tail}$`, 'u'),
      /^(?:我)?(?:不想|不要|别)(?:再)?(?:跟|和|让)?(?:你|机器人|智能客服)(?:聊|说|说话|回答|回复|对话)?了?(?:我要|转|换|找)(?:人工|真人|客服)/u,
      /^(?:有没有|有|来个|换个|找个|叫个)?(?:能说话的|真|活)人(?:吗|在吗|啊|来)?$/u,
      /^(?:来个|换个|找个|叫个|叫|换)人(?:来|吧|啊)?$/u,
      /^(?:转接|转人工|人工|真人|客服)(?:转接|人工|服务|客服|在吗|在不在|呢)*$/u,
      /^(?:human|agent|realperson|operator|(?:talk|speak|chat)(?:to|with)(?:a|an)?(?:human|agent|person|realperson|representative))(?:please)?$/u,
    ],
  },
  {
    intent: 'none_of_these',
    patterns: [/^(?:以上|这些|上面)?(?:都|全)(?:不是|不对|没有)(?:我想问的|我要问的|我要的)?$/u],
  },
  {
    intent: 'not_helpful',
    patterns: [/^(?:没|没有|沒|无|不)帮助$/u, /^没(?:有)?帮(?:到|上)(?:我|忙)?$/u],
  },
  {
    intent: 'helpful',
    patterns: [
      /^(?:很|非常|挺|特别)?有(?:很大)?帮助(?:谢谢)?$/u,
      /^(?:解决了|已解决|问题解决了|搞定了)(?:谢谢)?$/u,
      /^(?:很|挺)?有用(?:的)?(?:谢谢)?$/u,
    ],
  },
  {
    intent: 'dissatisfied',
    patterns: [
      /^(?:你?这?(?:个|样|么)?(?:回答|答案|机器人|客服|东西|说的|玩意)?(?:根本|完全|真|真的|也|都|一点都|一点也|一点)*)(?:没用|没有用|不管用|没啥用|没什么用)(?:啊|的|了|吧|嘛)?$/u,
      /^(?:都|根本|完全)?不是(?:这个|这样|这些|我要的|我问的|我想问的|我的问题|这个意思|我的意思)(?:啊|呀|吧|的|好吗|好吧)?$/u,
      /^(?:你)?(?:根本|完全)?(?:答非所问|牛头不对马嘴|文不对题|驴唇不对马嘴|鸡同鸭讲)/u,
      /(?:没|没有|还是没|并没有|根本没|也没)(?:有)?(?:解决|回答)(?:我的)?(?:问题)?(?:啊|呀)?$/u,
      /^(?:你)?(?:根本|完全|到底)?(?:听不懂|看不懂|不懂)(?:人话|我的话|我说的|我说什么)?(?:吗|啊|吧)?$/u,
      /^(?:真|太|什么|你这|你是|你个|这)*(?:垃圾|破)(?:机器人|客服|玩意|东西)?(?:啊|吧)?$/u,
      /^(?:你)?(?:是|个|真|太)*(?:智障|弱智|废物|人工智障|傻)(?:吗|吧|啊|机器人|客服)?$/u,
      /^(?:别|不要)?(?:再)?(?:废话|敷衍)(?:了|我)?(?:吗|啊|吧)?$/u,
      /^(?:太|真|服务)*(?:差|烂|差劲)(?:了|劲|评)?$/u,
    ],
  },
  {
    intent: 'greeting',
    patterns: [
      /^(?:hi|hello|hey|哈喽|哈啰|嗨|嘿|喂|你好|您好|你们好|大家好|在吗|在么|在不在|在不|有人吗|有人在吗|亲|亲在吗|早|早安|早上好|上午好|中午好|下午好|晚上好|晚安|客服你好|你好客服|请问|请问一下|问一下|咨询一下|打扰了|打扰一下|你好啊|你好呀|你好在吗|您好在吗|亲你好|小知你好|你好小知|小知|您好请问|你好请问)+$/u,
    ],
  },
  {
    intent: 'who_are_you',
    patterns: [
      /^(?:请问)?(?:你|您)(?:是|叫)(?:谁|什么|什么名字|哪位|机器人|人工|真人|ai|人|客服|人还是机器人|机器人还是人|真人还是机器人)(?:吗|啊|呀|呢)?$/u,
      /^(?:你|您)(?:能|会|可以)(?:做|干|帮我做|帮我|回答)(?:什么|啥|些什么|哪些问题|什么呢)(?:呢|啊|呀)?$/u,
    ],
  },
  {
    intent: 'thanks',
    patterns: [
      /^(?:好的|好|嗯|哦|行|知道了|明白了|ok|那|不|不用|不用了|不需要|没有|no)*(?:谢谢|多谢|感谢|谢了|谢啦|谢谢你|谢谢您|谢谢啦|谢谢了|非常感谢|十分感谢|太感谢了|感激不尽|辛苦了|辛苦啦|麻烦你了|麻烦了|thanks|thankyou|thx|3q)+(?:你|您|啦|了|哈|啊|亲|客服)*$/u,
      /^(?:你|您)?(?:真|太|很)(?:棒|好|厉害|赞|贴心)(?:了|啦)?$/u,
    ],
  },
  {
    intent: 'acknowledgement',
    patterns: [
      /^(?:好|好的|好吧|好滴|好哒|好嘞|嗯|嗯嗯|嗯呢|哦|哦哦|噢|行|行吧|可以|知道了|明白|明白了|懂了|了解|了解了|收到|ok|okay|okk|没问题|没事|没事了|没有了|没了|暂时没有|不用了|noproblem|noworries|noneed)+$/u,
    ],
  },
  {
    intent: 'goodbye',
    patterns: [
      /^(?:好的|好|那|谢谢)*(?:再见|拜拜|拜|88|886|bye|byebye|goodbye|回见|回头见|下次见|先这样|先这样吧|就这样|就这样吧)+(?:了|啦|哈)?$/u,
    ],
  },
];
