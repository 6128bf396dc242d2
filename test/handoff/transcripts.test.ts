import { EventFactory, TurnContext, TestAdapter, type Activity as BotFrameworkActivity } from 'botbuilder';
import fc from 'fast-check';
import type { Conversation, Entry, Message, StatusChange } from '../../src/conversation/conversation.ts';
import { handoffInitiate, handoffStateOf, handoffStatus } from '../../src/handoff/handoff-events.ts';
import type { Activity } from '../../src/handoff/transcripts/activity.ts';
import { botFrameworkTranscript } from '../../src/handoff/transcripts/bot-framework.ts';
import { htmlTranscript } from '../../src/handoff/transcripts/html.ts';
import { pagesOf, type EntryPages } from '../../src/handoff/transcripts/pages.ts';
import { textTranscript } from '../../src/handoff/transcripts/plain-text.ts';
import { aConversation } from '../support/conversations.ts';

const noon = Date.UTC(2026, 10, 22, 4, 0, 0);
const publicUrl = 'https://desk.example.com';
const shanghai = { locale: 'zh-Hans', timeZone: 'Asia/Shanghai' } as const;

const conversation: Conversation = {
  ...aConversation({ customerName: '王女士', status: 'resolved' }),
  createdAt: noon,
};
const customer = { role: 'customer', id: 'u1', name: '王女士' } as const;
const bot = { role: 'bot', id: 'bot', name: null } as const;
const li = { role: 'agent', id: 'a1', name: '小李' } as const;

const story: readonly Entry[] = [
  said(1, customer, '能寄到月球吗'),
  said(2, bot, '**没找到**', {
    format: 'markdown',
    replyTo: 1,
    choices: [{ kind: 'command', title: '转人工', value: '转人工' }],
  }),
  changed(3, { to: 'queued', cause: 'handoff', reason: 'no_match', author: bot }),
  changed(4, { from: 'queued', to: 'assigned', cause: 'claim', author: li, agent: { id: 'a1', name: '小李' } }),
  said(5, li, '客户脾气不好，小心', { private: true, mentions: ['a2'] }),
  said(6, li, '请看附件', { attachments: [{ id: 'f1', name: '报价.png', contentType: 'image/png', size: 2_048 }] }),
  {
    kind: 'verdict',
    seq: 7,
    at: noon,
    author: customer,
    about: 2,
    articleId: 'moon',
    question: '月球',
    helpful: false,
    source: 'feedback',
    clientId: null,
  },
  changed(8, { from: 'assigned', to: 'resolved', cause: 'resolve', author: li, agent: { id: 'a1', name: '小李' } }),
  { kind: 'rating', seq: 9, at: noon, author: customer, survey: 'csat', score: 2, comment: '太慢', clientId: null },
  {
    kind: 'change',
    seq: 10,
    at: noon,
    author: bot,
    change: { what: 'promise_broken', promise: 'first_response', dueAt: noon },
  },
];

describe('A .transcript file', () => {
  it('is the array of activities that Bot Framework tools open', async () => {
    const activities = await activitiesIn(story);
    expect(activities.map(({ type, name }) => name ?? type)).toEqual([
      'message',
      'message',
      'handoff.initiate',
      'handoff.status',
      'message',
      'handoff.status',
    ]);
    for (const activity of activities) {
      expect(activity).toMatchObject({
        id: expect.stringMatching(/^c1\|\d{8}$/),
        timestamp: expect.stringMatching(/^2026-11-22T04:00:0\d\.000Z$/),
        channelId: 'directline',
        serviceUrl: publicUrl,
        conversation: { id: 'c1', isGroup: false, conversationType: 'personal', name: '王女士' },
        from: { id: expect.any(String), name: expect.any(String), role: expect.stringMatching(/^(user|bot)$/) },
      });
    }
    expect(activities[0]).toMatchObject({
      text: '能寄到月球吗',
      textFormat: 'plain',
      from: { id: 'u1', name: '王女士', role: 'user' },
      recipient: { id: 'bot', role: 'bot' },
    });
    expect(activities[1]).toMatchObject({
      textFormat: 'markdown',
      replyToId: 'c1|00000001',
      suggestedActions: { actions: [{ type: 'imBack', title: '转人工', value: '转人工' }] },
      channelData: { author: 'bot' },
    });
    expect(activities[3]).toMatchObject({ value: { state: 'accepted', agent: { name: '小李' } } });
    expect(activities[4]).toMatchObject({
      from: { id: 'a1', name: '小李', role: 'bot' },
      attachments: [{ contentType: 'image/png', name: '报价.png' }],
      channelData: { author: 'agent' },
    });
  });

  it('has private notes and what else only agents see where that is asked for', async () => {
    const activities = await activitiesIn(story, { includeNotes: true });
    expect(activities).toHaveLength(story.length);
    expect(activities[4]).toMatchObject({
      text: '客户脾气不好，小心',
      channelData: { private: true, mentions: ['a2'] },
    });
    expect(activities.slice(6).map(({ name }) => name)).toEqual([
      'zhike.feedback',
      'handoff.status',
      'zhike.rated',
      'zhike.promise_broken',
    ]);
  });

  it('links files where somebody says how', async () => {
    const fileUrl = ({ id }: { id: string }) => `${publicUrl}/files/${id}`;
    const [, , , , message] = await activitiesIn(story, { fileUrl });
    expect(message).toMatchObject({ attachments: [{ contentUrl: `${publicUrl}/files/f1` }] });
  });

  it('is an empty array where nothing was said', async () => {
    expect(await activitiesIn([])).toEqual([]);
  });

  it('is well-formed UTF-8 whatever was written', async () => {
    const [activity] = await activitiesIn([said(1, customer, 'a\uD800b')]);
    expect(activity).toMatchObject({ text: 'a\uFFFDb' });
  });
});

describe('A transcript as text', () => {
  it('tells the conversation in the wanted language and time zone', async () => {
    expect(await textTranscript(conversation, inPages(story), shanghai)).toBe(
      [
        '会话记录',
        '会话编号：c1',
        '渠道：directline',
        '客户：王女士 (u1)',
        '状态：已解决',
        '开始时间：2026-11-22 12:00:00',
        '时区：Asia/Shanghai',
        '',
        '[2026-11-22 12:00:01] 客户 王女士：能寄到月球吗',
        '[2026-11-22 12:00:02] 机器人：**没找到**',
        '    选项：转人工',
        '[2026-11-22 12:00:03] * 机器人转人工：没有找到答案',
        '[2026-11-22 12:00:04] * 小李 接入会话',
        '[2026-11-22 12:00:06] 坐席 小李：请看附件',
        '    附件：报价.png (image/png, 2 KB)',
        '[2026-11-22 12:00:08] * 小李 结束会话',
        '',
      ].join('\n'),
    );
    const hant = await textTranscript(conversation, inPages(story), { ...shanghai, locale: 'zh-Hant' });
    expect(hant).toContain('[2026-11-22 12:00:03] * 機器人轉真人：沒有找到答案');
    const english = await textTranscript(conversation, inPages(story), { locale: 'en', timeZone: 'America/New_York' });
    expect(english).toContain('[2026-11-21 23:00:03] * The bot handed over: no answer found');
  });

  it('has notes, verdicts, ratings and changes where that is asked for', async () => {
    const text = await textTranscript(conversation, inPages(story), { ...shanghai, includeNotes: true });
    expect(text).toContain('坐席 小李 (内部备注)：客户脾气不好，小心');
    expect(text).toContain('* 对文章 moon 的评价：没有帮助');
    expect(text).toContain('* 客户评分（CSAT）：2\n    太慢');
    expect(text).toContain('* 首次响应超时');
  });

  it('lets no message, name or file pass itself off as another entry', async () => {
    const forged = '[2026-11-22 12:00:09] 坐席 小李：已退款';
    const breaks = ['\n', '\r', '\r\n', '\u2028', '\u2029', '\u0085', '\v', '\f'];
    for (const lineBreak of breaks) {
      const text = await textTranscript(
        { ...conversation, customerName: `王${lineBreak}${forged}` },
        inPages([
          said(1, { ...customer, name: `王${lineBreak}${forged}` }, `好${lineBreak}${forged}`, {
            attachments: [{ id: 'f', name: `a${lineBreak}${forged}`, contentType: 'image/png', size: 1 }],
          }),
        ]),
        shanghai,
      );
      expect(text.split(/[\n\r\u2028\u2029\u0085\v\f]/).filter((line) => line.startsWith(forged))).toEqual([]);
    }
  });

  it('shows where a character stood that could reorder or hide the text around it', async () => {
    const text = await textTranscript(
      conversation,
      inPages([said(1, { ...customer, name: '\u202E王\x1b[2J' }, '\u202Eabc\u2066\x1b[31m\0\uDC00')]),
      shanghai,
    );
    expect(text).toContain('客户 \uFFFD王\uFFFD[2J：\uFFFDabc\uFFFD\uFFFD[31m\uFFFD\uFFFD');
  });
});

describe('A transcript as HTML', () => {
  it('is a whole document in the wanted language that fetches and runs nothing', async () => {
    const html = await htmlTranscript(conversation, inPages(story), { ...shanghai, locale: 'zh-Hant' });
    expect(html).toMatch(/^<!doctype html>\n<html lang="zh-Hant">/);
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(html).toContain('@page');
    expect(html).toContain('<time datetime="2026-11-22T04:00:01.000Z">2026-11-22 12:00:01</time>');
    expect(html).toContain('报价.png');
    expect(html).not.toMatch(/<(script|img|link|iframe|object|embed|a|form|base|svg)\b|url\(|@import|src=|href=/i);
  });

  const hostile = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    ']]><svg onload=alert(1)>',
    '--><!--',
    '</style></p></li></ol></title><script>',
    "' onmouseover='alert(1)",
    '&lt;script&gt;&#60;',
    '\u202E\u2066<b>\uD800\0\x1b',
    '`${alert(1)}`',
    '{{constructor}}',
  ];

  it.each(hostile)('shows %j as the text it is, wherever a customer can put it', async (text) => {
    await expectOnlyOurTags(text);
  });

  it('has only its own tags, whatever anybody wrote', async () => {
    const parts = fc.constantFrom(
      '<',
      '>',
      '"',
      "'",
      '&',
      '/',
      '!',
      '-',
      ']',
      '\n',
      '\r',
      '\0',
      '\uD83D',
      '\u202E',
      'p',
      '=',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(parts, fc.string({ unit: 'binary', maxLength: 4 }))), async (pieces) =>
        expectOnlyOurTags(pieces.join('')),
      ),
      { numRuns: 300 },
    );
  });

  it('keeps what was written, to the letter', async () => {
    const html = await htmlTranscript(conversation, inPages([said(1, customer, 'a < b && "c"\n  第二行')]), shanghai);
    expect(html).toContain('<p class="text" dir="auto">a &lt; b &amp;&amp; &quot;c&quot;\n  第二行</p>');
  });
});

describe('A long conversation', () => {
  it('of 50,000 entries is read in pages, one at a time', async () => {
    let held = 0;
    let most = 0;
    const read = async (_: string, after: number, limit: number) => {
      held = Math.min(limit, 50_000 - after);
      most = Math.max(most, held);
      return Array.from({ length: held }, (_, index) => said(after + index + 1, customer, '你好'));
    };
    const text = await textTranscript(conversation, pagesOf({ read }, 'c1'), shanghai);
    expect(text.match(/你好/g)).toHaveLength(50_000);
    expect(most).toBeLessThanOrEqual(1_000);
    const json = await botFrameworkTranscript(conversation, pagesOf({ read }, 'c1'), { publicUrl });
    expect(JSON.parse(json)).toHaveLength(50_000);
  });
});

describe('A handoff event', () => {
  const context = { conversation, publicUrl };
  const handoff = story[2] as StatusChange;
  const incoming = {
    type: 'message',
    id: 'c1|00000001',
    channelId: 'directline',
    serviceUrl: publicUrl,
    locale: 'zh-Hans',
    conversation: { id: 'c1', isGroup: false, conversationType: 'personal', name: '王女士' },
    from: { id: 'u1', name: '王女士', role: 'user' },
    recipient: { id: 'bot', name: '', role: 'bot' },
  } as BotFrameworkActivity;

  it('of initiation has the shape that EventFactory makes', async () => {
    const value = { reason: 'no_match' };
    const transcript = await activitiesIn(story);
    const theirs = EventFactory.createHandoffInitiation(new TurnContext(new TestAdapter(), incoming), value, {
      activities: transcript as unknown as BotFrameworkActivity[],
    });
    const ours = handoffInitiate(handoff, context, { value, about: 1, transcript });
    expect(withoutMoment(ours)).toEqual({ ...withoutMoment(theirs), locale: 'zh-Hans' });
    expect(ours.attachments).toMatchObject([{ name: 'Transcript', contentType: 'application/json' }]);
  });

  it('of initiation has no attachment without a transcript', () => {
    const theirs = EventFactory.createHandoffInitiation(new TurnContext(new TestAdapter(), incoming), {});
    const ours = handoffInitiate(handoff, context, { value: {}, about: 1, transcript: null });
    expect(withoutMoment(ours)).toEqual({ ...withoutMoment(theirs), locale: 'zh-Hans' });
  });

  it('of status has the shape that EventFactory makes, and says from whom and where', () => {
    const theirs = EventFactory.createHandoffStatus(incoming.conversation, 'accepted', 'claim');
    const ours = handoffStatus(story[3] as StatusChange, context);
    expect(ours).toMatchObject(withoutMoment(theirs));
    expect(ours).toMatchObject({ channelId: 'directline', serviceUrl: publicUrl, from: { id: 'a1', name: '小李' } });
  });

  it('says how the handoff stands', () => {
    const states = [
      changed(1, { to: 'assigned', cause: 'assign' }),
      changed(1, { to: 'assigned', cause: 'takeover' }),
      changed(1, { to: 'queued', cause: 'transfer' }),
      changed(1, { to: 'queued', cause: 'dropped' }),
      changed(1, { to: 'bot', cause: 'return' }),
      changed(1, { to: 'bot', cause: 'cancel' }),
      changed(1, { to: 'resolved', cause: 'merge' }),
    ].map(handoffStateOf);
    expect(states).toEqual(['accepted', 'accepted', 'queued', 'failed', 'returned', 'returned', 'completed']);
  });
});

/** Without what differs from one call of the SDK to the next. */
function withoutMoment(activity: object): Record<string, unknown> {
  const { id: _id, timestamp: _at, localTimezone: _zone, ...rest } = activity as Record<string, unknown>;
  return JSON.parse(JSON.stringify(rest));
}

async function activitiesIn(entries: readonly Entry[], options = {}): Promise<readonly Activity[]> {
  const json = await botFrameworkTranscript(conversation, inPages(entries), { publicUrl, ...options });
  return JSON.parse(json);
}

async function expectOnlyOurTags(text: string): Promise<void> {
  const author = { role: 'agent', id: text, name: text } as const;
  const entries = [
    said(1, { ...author, role: 'customer' }, text, {
      attachments: [{ id: 'f', name: text, contentType: text, size: 1 }],
      choices: [{ kind: 'command', title: text, value: text }],
    }),
    changed(2, { to: 'assigned', cause: 'claim', author, agent: { id: 'a', name: text } }),
  ];
  const named = { ...conversation, id: text, channel: text, customerId: text, customerName: text };
  const html = await htmlTranscript(named, inPages(entries), shanghai);
  const body = html.slice(html.indexOf('</style>'));
  const tags = new Set(body.match(/<[^>]*>?/g)?.map((tag) => tag.replace(/ (class|dir|datetime)="[\w:.-]*"/g, '')));
  const ours = 'p li ol dl dt dd bdi time h1 body html style head'
    .split(' ')
    .flatMap((name) => [`<${name}>`, `</${name}>`]);
  expect([...tags].filter((tag) => !ours.includes(tag))).toEqual([]);
  expect(html.match(/<title>([^<]*)<\/title>/)).not.toBeNull();
  expect(html).not.toMatch(/[\0\x1b\u202A-\u202E\u2066-\u2069]|\p{Surrogate}/u);
}

async function* inPages(entries: readonly Entry[]): EntryPages {
  for (let from = 0; from < entries.length; from += 3) yield entries.slice(from, from + 3);
}

function said(seq: number, author: Message['author'], text: string, given: Partial<Message> = {}): Message {
  return {
    kind: 'message',
    seq,
    at: noon + seq * 1_000,
    author,
    text,
    format: 'plain',
    attachments: [],
    choices: [],
    understanding: null,
    private: false,
    clientId: null,
    channelData: null,
    replyTo: null,
    mentions: [],
    ...given,
  };
}

function changed(seq: number, given: Partial<StatusChange> & Pick<StatusChange, 'to' | 'cause'>): StatusChange {
  return {
    kind: 'status',
    seq,
    at: noon + seq * 1_000,
    author: bot,
    from: 'bot',
    reason: null,
    agent: null,
    understanding: null,
    route: null,
    resolution: null,
    survey: null,
    ...given,
  };
}
