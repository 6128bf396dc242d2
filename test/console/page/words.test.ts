import type { ChangeView, MessageView, RouteView, StatusView } from '../../../src/console/api.ts';
import type { DirectoryAnswer } from '../../../src/console/desk-api.ts';
import { locales, messagesIn } from '../../../src/console/page/messages/choose.ts';
import { excerptOf, isWhisper } from '../../../src/console/page/view/transcript/scene.ts';
import { becauseWords, noteWords, routeWords, statusWords } from '../../../src/console/page/view/transcript/words.ts';

const wang = { id: 'w', name: '小王' };
const li = { id: 'li', name: '小李' };
const directory = {
  colleagues: [
    { id: 'w', name: '小王', role: 'agent' },
    { id: 'chen', name: '陈主管', role: 'supervisor' },
  ],
  groups: [{ id: 'refunds', name: '退款组', mode: 'auto' }],
  resolutions: { required: false, reasons: [{ id: 'solved', name: '已解决' }] },
} as unknown as DirectoryAnswer;
const m = messagesIn('zh-Hans');
const words = { m, locale: 'zh-Hans', directory, myId: 'li' } as const;
const route: RouteView = {
  groupId: 'refunds',
  priority: 'urgent',
  because: [{ kind: 'agent', from: '小王', group: 'refunds', priority: null }],
};

describe('what happened to a conversation', () => {
  const tell = (cause: StatusView['cause'], more: Partial<StatusView> = {}) =>
    statusWords({ ...status, cause, ...more }, words);

  it('names who did it and who has it now', () => {
    expect(tell('claim', { agent: li })).toBe('我 接入会话');
    expect(tell('assign', { author: system, agent: wang })).toBe('系统把会话分配给 小王');
    expect(tell('assign', { author: { role: 'agent', id: 'chen', name: '陈主管' }, agent: wang })).toBe(
      '陈主管 把会话分配给 小王',
    );
    expect(tell('transfer', { to: 'assigned', agent: li })).toBe('小王 转给 我');
    expect(tell('transfer', { to: 'queued', route })).toBe('小王 转给「退款组」');
    expect(tell('transfer', { to: 'queued', route: { ...route, because: [] } })).toBe('小王 转回排队');
    expect(tell('dropped', { author: system, agent: wang })).toBe('小王 离线太久，客户回到队首');
    expect(tell('reopen', { to: 'assigned', agent: wang })).toBe('客户再次来访，回到 小王 这里');
    expect(tell('resolve', { author: system })).toBe('很久没有动静，会话自动结束');
  });

  it('is told in every language, without a hole', () => {
    const causes = ['handoff', 'claim', 'assign', 'takeover', 'transfer', 'return', 'dropped', 'cancel', 'reopen'];
    for (const { locale } of locales) {
      const said = [...causes, 'resolve', 'merge'].map((cause) =>
        statusWords({ ...status, cause: cause as StatusView['cause'], route }, { ...words, m: messagesIn(locale) }),
      );
      expect(said.filter((text) => text === '' || /undefined|null|object/.test(text))).toEqual([]);
      expect(new Set(said).size).toBe(said.length);
    }
  });

  it('says why it went there: the rule, tag or topic, and what it asked for', () => {
    const because = (kind: RouteView['because'][number]['kind'], from: string) =>
      becauseWords({ kind, from, group: 'refunds', priority: 'urgent' }, words);
    expect(because('rule', '退款问题')).toEqual(['规则「退款问题」', '分到「退款组」、优先级：紧急']);
    expect(because('reason', 'sensitive_topic')[0]).toBe('转人工原因：敏感话题');
    expect(becauseWords({ kind: 'sentiment', from: '-0.90', group: null, priority: null }, words)).toEqual([
      '语气强烈',
      '',
    ]);
  });

  it('mentions a group and a priority only where they are out of the ordinary', () => {
    expect(routeWords(route, words)).toEqual(['退款组', '优先级：紧急']);
    expect(routeWords({ groupId: null, priority: 'medium', because: [] }, words)).toEqual([]);
    expect(routeWords({ groupId: 'gone', priority: 'medium', because: [] }, words)).toEqual(['gone']);
  });

  it('tells of promises, snoozes and merges', () => {
    const noted = (change: ChangeView['change'], author: ChangeView['author'] = system) =>
      noteWords({ kind: 'change', seq: 1, at: 1, author, change }, words);
    const dueAt = new Date().setHours(9, 30, 0, 0);
    expect(noted({ what: 'promise_broken', promise: 'first_response', dueAt })).toBe('首次响应超过了承诺的时间 09:30');
    expect(noted({ what: 'snoozed', until: null })).toBe('搁置结束，继续处理');
    expect(noted({ what: 'snoozed', until: dueAt }, { role: 'agent', ...wang })).toBe('小王 搁置到 09:30');
  });
});

describe('a whisper', () => {
  const conversation = { agent: wang, lastAgent: wang } as Parameters<typeof isWhisper>[1]['conversation'];
  const note = (author: string, mentions: readonly string[]): MessageView =>
    ({ private: true, author: { role: 'agent', id: author, name: author }, mentions: [...mentions] }) as MessageView;

  it('is a supervisor’s note for the agent who has the conversation, and no other', () => {
    const whispers = (author: string, mentions: readonly string[]) =>
      isWhisper(note(author, mentions), { directory, conversation });
    expect(whispers('chen', ['w'])).toBe(true);
    expect(whispers('chen', ['li'])).toBe(false);
    expect(whispers('li', ['w'])).toBe(false);
    expect(isWhisper({ ...note('chen', ['w']), private: false }, { directory, conversation })).toBe(false);
  });
});

describe('a message that is quoted', () => {
  it('is told in one line, or by what it carries', () => {
    const message = { text: ' 第一行\n第二行 ', attachments: [] } as unknown as MessageView;
    const picture = { id: 'p', name: 'a.png', contentType: 'image/png', size: 1, url: '' };
    expect(excerptOf(message, { m })).toBe('第一行 第二行');
    expect(excerptOf({ ...message, text: '', attachments: [picture] }, { m })).toBe('[图片]');
    expect(
      excerptOf({ ...message, text: '', attachments: [{ ...picture, contentType: 'image/svg+xml' }] }, { m }),
    ).toBe('a.png');
  });
});

const system = { role: 'system', id: 'desk', name: null } as const;
const status: StatusView = {
  kind: 'status',
  seq: 1,
  at: 1,
  author: { role: 'agent', ...wang },
  from: 'queued',
  to: 'queued',
  cause: 'claim',
  reason: null,
  agent: null,
  route: null,
  resolution: null,
  survey: null,
};
