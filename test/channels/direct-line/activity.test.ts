import fc from 'fast-check';
import {
  activityId,
  activityOf,
  inboundActivity,
  seqOf,
  type ActivityContext,
} from '../../../src/channels/direct-line/activity.ts';
import type { Message, Status, StatusChange } from '../../../src/conversation/conversation.ts';
import { answers, openLine, says, startConversation } from './line.ts';

const context: ActivityContext = { conversationId: 'c', fileUrl: ({ id }) => `https://desk.example/${id}` };

const message: Message = {
  kind: 'message',
  seq: 12,
  at: Date.UTC(2026, 0, 2, 3, 4, 5, 6),
  author: { role: 'customer', id: 'dl_1', name: null },
  ...says('你好'),
  private: false,
  clientId: null,
  channelData: null,
  replyTo: null,
  mentions: [],
};

const change: StatusChange = {
  kind: 'status',
  seq: 1,
  at: 0,
  author: { role: 'agent', id: 'a', name: '小李' },
  from: 'bot',
  to: 'assigned',
  cause: 'claim',
  reason: 'no_match',
  agent: { id: 'a', name: '小李' },
  understanding: null,
  route: { groupId: 'refunds', priority: 'urgent', because: [{ kind: 'tag', from: 'vip', priority: 'urgent' }] },
  resolution: null,
  survey: null,
};

describe('an entry as an activity', () => {
  test('of a customer', () => {
    expect(activityOf({ ...message, channelData: { clientActivityID: 'x' } }, context)).toEqual({
      id: 'c|00000012',
      timestamp: '2026-01-02T03:04:05.006Z',
      type: 'message',
      channelId: 'directline',
      conversation: { id: 'c' },
      from: { id: 'dl_1', role: 'user' },
      text: '你好',
      textFormat: 'plain',
      channelData: { clientActivityID: 'x' },
    });
  });

  test('of the bot: a reply from an article, with buttons', () => {
    const draft = answers('**包邮**', 'shipping/fee', '运费怎么算');
    const activity = activityOf(
      {
        ...message,
        ...draft,
        author: { role: 'bot', id: 'bot', name: null },
        replyTo: 3,
        choices: [{ kind: 'feedback', title: '有帮助', value: '有帮助' }],
        // Nothing a customer sent may come back under another author's name.
        channelData: { author: 'agent' },
      },
      context,
    );
    expect(activity).toMatchObject({
      textFormat: 'markdown',
      replyToId: 'c|00000003',
      from: { id: 'bot', role: 'bot' },
      channelData: { author: 'bot', answer: { articleId: 'shipping/fee', title: '运费怎么算' } },
      suggestedActions: {
        actions: [{ type: 'imBack', title: '有帮助', value: '有帮助', channelData: { kind: 'feedback' } }],
      },
    });
    // How sure the bot was, and what else it weighed, is the desk's business.
    expect(JSON.stringify(activity)).not.toMatch(/confidence|candidates|unmatched/);
  });

  test('of an upload', () => {
    const attachments = [{ id: 'f', name: '图.png', contentType: 'image/png', size: 1 }];
    const url = 'https://desk.example/f';
    expect(activityOf({ ...message, attachments }, context)).toMatchObject({
      attachments: [{ contentType: 'image/png', contentUrl: url, thumbnailUrl: url, name: '图.png' }],
    });
  });

  test.each<[Status, string]>([
    ['bot', 'bot'],
    ['queued', 'queued'],
    ['assigned', 'accepted'],
    ['resolved', 'completed'],
  ])('of a change to %s says %s', (to, state) => {
    const activity = activityOf({ ...change, to }, context);
    expect(activity).toMatchObject({ type: 'event', name: 'handoff.status' });
    expect(activity?.value).toEqual({ state, cause: 'claim', agent: { name: '小李' }, survey: null });
    // Why, where to and how urgently is the desk's business.
    expect(JSON.stringify(activity)).not.toMatch(/no_match|refunds|urgent|vip/);
  });

  test('of an end says what the customer is asked, and not why it ended', () => {
    const end = { ...change, to: 'resolved', cause: 'resolve', resolution: 'no-reply', survey: 'csat' } as const;
    const activity = activityOf(end, context);
    expect(activity?.value).toEqual({ state: 'completed', cause: 'resolve', agent: { name: '小李' }, survey: 'csat' });
    expect(activityOf({ ...end, to: 'bot' }, context)?.value).toMatchObject({ survey: null });
  });

  test('of a rating tells the score, by which every device of the customer knows of it, and nothing else', () => {
    const rating = { survey: 'csat', score: 2, comment: '等太久了', clientId: 'x' } as const;
    expect(activityOf({ kind: 'rating', seq: 9, at: 0, author: message.author, ...rating }, context)).toEqual({
      id: 'c|00000009',
      timestamp: '1970-01-01T00:00:00.000Z',
      type: 'event',
      name: 'zhike.rated',
      channelId: 'directline',
      conversation: { id: 'c' },
      from: { id: 'dl_1', role: 'user' },
      value: { score: 2 },
    });
  });

  test('of a private note, a verdict or a change is none', () => {
    const broken = { what: 'promise_broken', promise: 'first_response', dueAt: 1 } as const;
    expect(activityOf({ kind: 'change', seq: 2, at: 0, author: message.author, change: broken }, context)).toBeNull();
    expect(activityOf({ ...message, private: true }, context)).toBeNull();
    const verdict = {
      about: 1,
      articleId: 'a',
      question: '',
      helpful: true,
      source: 'feedback',
      clientId: null,
    } as const;
    expect(activityOf({ kind: 'verdict', seq: 2, at: 0, author: message.author, ...verdict }, context)).toBeNull();
  });
});

describe('ids', () => {
  test('lead back to their seq, in their own conversation only', () => {
    const ids = fc.stringMatching(/^[\w|-]{1,30}$/);
    fc.assert(
      fc.property(ids, ids, fc.integer({ min: 1, max: 1e12 }), (id, other, seq) => {
        expect(seqOf(id, activityId(id, seq))).toBe(seq);
        if (!id.startsWith(`${other}|`) && id !== other) expect(seqOf(other, activityId(id, seq))).toBeNull();
      }),
    );
  });

  test.each(['c|1', 'c|00000000', 'c|000000001', 'c|-0000001', 'c|0000000x', '|00000001', ''])('%s is none', (id) => {
    expect(seqOf('c', id)).toBeNull();
  });
});

test('whatever JSON is posted, the answer is 200, a 400 that names a field, or a 409 that says what is not the time for it', async () => {
  const line = await openLine({ messageRate: { count: 1e9, windowMs: 1_000 } });
  const customer = await startConversation(line);
  const near = fc.record(
    {
      type: fc.constantFrom<unknown>('message', 'typing', 'event', 'trace', 1, null),
      text: fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue()),
      name: fc.constantFrom<unknown>('zhike.feedback', 'zhike.cancel', 'zhike.rating', 'zhike.read', 'x', {}),
      value: fc.oneof(
        fc.jsonValue(),
        fc.record({ about: fc.string(), helpful: fc.boolean() }),
        fc.record({ score: fc.oneof(fc.integer(), fc.double()), comment: fc.oneof(fc.string(), fc.jsonValue()) }),
      ),
      channelData: fc.oneof(fc.jsonValue(), fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue())),
      attachments: fc.jsonValue(),
    },
    { requiredKeys: [] },
  );
  await fc.assert(
    fc.asyncProperty(fc.oneof(near, fc.jsonValue()), async (activity) => {
      const answer = await customer.post(activity as Record<string, unknown>);
      const body = (await answer.json()) as { id?: string; error?: { code: string; issues?: { message: string }[] } };
      // Well-formed, but nobody asked.
      if (body.error?.code === 'not_asked') return;
      if (answer.status === 200)
        expect(inboundActivity.safeParse(JSON.parse(JSON.stringify(activity))).success).toBe(true);
      else expect([answer.status, body.error?.issues?.[0]?.message]).toEqual([400, expect.any(String)]);
    }),
    { numRuns: 300 },
  );
  expect(line.logged()).not.toContain('"level":50');
  await line.close();
});
