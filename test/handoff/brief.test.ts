import { emptyMemory, type Conversation, type Entry } from '../../src/conversation/conversation.ts';
import type { ConversationEvent } from '../../src/conversation/events.ts';
import { transition } from '../../src/conversation/transition.ts';
import { briefOf } from '../../src/handoff/brief.ts';
import {
  aConversation,
  anAgent,
  botTookTurn,
  claimedBy,
  customerWrote,
  draft,
  handsOver,
  understanding,
} from '../support/conversations.ts';

/** Plays events through `transition`; a function sees the conversation so far. */
function play(...script: readonly (ConversationEvent | ((seen: Conversation) => ConversationEvent))[]) {
  let conversation = aConversation({ customerName: '韩梅梅', createdAt: 5 });
  const entries: Entry[] = [];
  for (const line of script) {
    const event = typeof line === 'function' ? line(conversation) : line;
    const decision = transition(conversation, event);
    if (decision.kind === 'refused') throw new Error(`${event.kind} was refused: ${decision.because}`);
    for (const entry of decision.entries) entries.push({ ...entry, seq: entries.length + 1 });
    conversation = decision.conversation;
  }
  return briefOf(conversation, entries);
}

const shipping = understanding({ question: '运费多少', confidence: 0.71 });
const lost = understanding({
  question: '偏远地区卡航运费谁补',
  outcome: 'handoff',
  articleId: null,
  confidence: 0.2,
  candidates: [
    { articleId: 'remote-areas', title: '偏远地区怎么发货', confidence: 0.2 },
    { articleId: 'shipping-fee', title: '运费怎么算', confidence: 0.1 },
  ],
  unmatched: ['卡航'],
});
const li = anAgent();

describe('a handoff brief', () => {
  it('tells what was asked, what was tried, how sure the bot was and which words it did not know', () => {
    const brief = play(
      customerWrote('运费多少'),
      (seen) => botTookTurn(seen, { at: 2_000, replies: [draft('10 元', { understanding: shipping })] }),
      customerWrote('偏远地区卡航运费谁补'),
      (seen) => handsOver(seen, { at: 3_000, handoff: { reason: 'low_confidence', understanding: lost } }),
    );
    expect(brief).toEqual({
      reason: 'low_confidence',
      at: 3_000,
      question: '偏远地区卡航运费谁补',
      tried: [{ articleId: 'shipping-fee', title: '运费怎么算', confidence: 0.71, question: '运费多少', at: 2_000 }],
      considered: [{ articleId: 'remote-areas', title: '偏远地区怎么发货', confidence: 0.2 }],
      unmatched: ['卡航'],
      doubts: ['unmatched_words', 'close_candidates'],
      attempts: 2,
      verdicts: [],
      customer: { id: 'u1', name: '韩梅梅', channel: 'directline', locale: 'zh-Hans', since: 5, messages: 2 },
    });
  });

  it('names the question before "转人工", not the wish for a person', () => {
    const brief = play(
      customerWrote('我的快递丢了'),
      (seen) => botTookTurn(seen, { replies: [draft('请换个说法')] }),
      customerWrote('转人工'),
      (seen) => handsOver(seen),
    );
    expect(brief).toMatchObject({ reason: 'customer_request', question: '我的快递丢了', attempts: 0 });
  });

  it('names the message the bot broke on, not an older question it understood', () => {
    const brief = play(
      customerWrote('运费多少'),
      (seen) => botTookTurn(seen, { replies: [draft('10 元', { understanding: shipping })] }),
      customerWrote('发票开错了'),
      (seen) => handsOver(seen, { handoff: { reason: 'bot_error', understanding: null } }),
    );
    expect(brief).toMatchObject({ reason: 'bot_error', question: '发票开错了', considered: [], unmatched: [] });
    expect(brief.tried).toHaveLength(1);
  });

  it('says that nothing was asked when a person was all they asked for', () => {
    const brief = play(customerWrote('转人工'), (seen) => handsOver(seen));
    expect(brief).toMatchObject({ reason: 'customer_request', question: null, tried: [] });
  });

  it('says what spoke against an answer, the strongest first', () => {
    const doubtsOf = (given: Partial<typeof lost>) =>
      play(customerWrote('?'), (seen) =>
        handsOver(seen, { handoff: { reason: 'low_confidence', understanding: { ...lost, unmatched: [], ...given } } }),
      ).doubts;
    const candidates = (...confidences: readonly number[]) =>
      confidences.map((confidence, n) => ({ articleId: `a${n}`, title: `甲${n}`, confidence }));
    expect(doubtsOf({ candidates: [] })).toEqual(['far_from_everything']);
    expect(doubtsOf({ candidates: candidates(0.06, 0.05, 0.03) })).toEqual(['far_from_everything']);
    expect(doubtsOf({ candidates: candidates(0.6) })).toEqual([]);
    expect(doubtsOf({ candidates: candidates(0.6, 0.29) })).toEqual([]);
    expect(doubtsOf({ candidates: candidates(0.4, 0.2) })).toEqual(['close_candidates']);
    expect(doubtsOf({ candidates: candidates(0.05), unmatched: ['卡航'], denied: true })).toEqual([
      'contradiction',
      'far_from_everything',
      'unmatched_words',
    ]);
  });

  it('has no doubts to tell of what was answered, nor of what was not looked up', () => {
    const answered = play(customerWrote('运费多少'), (seen) =>
      handsOver(seen, {
        handoff: { reason: 'negative_sentiment', understanding: { ...shipping, unmatched: ['卡航'] } },
      }),
    );
    expect(answered.doubts).toEqual([]);
    expect(play(customerWrote('转人工'), (seen) => handsOver(seen)).doubts).toEqual([]);
  });

  it('counts a question once when the handoff repeats what its reply showed', () => {
    const brief = play(customerWrote('偏远地区卡航运费谁补'), (seen) =>
      handsOver(seen, {
        replies: [draft('为您转接', { understanding: lost })],
        handoff: { reason: 'no_match', understanding: lost },
      }),
    );
    expect(brief.attempts).toBe(1);
  });

  it('shows what the customer thought of the answers', () => {
    const brief = play(
      customerWrote('运费多少'),
      (seen) => botTookTurn(seen, { replies: [draft('10 元', { understanding: shipping })] }),
      {
        kind: 'customer_judged',
        at: 9,
        about: 2,
        articleId: 'shipping-fee',
        question: '运费多少',
        helpful: false,
        clientId: null,
      },
      customerWrote('没用'),
      (seen) => handsOver(seen, { handoff: { reason: 'negative_sentiment', understanding: null } }),
    );
    expect(brief.verdicts).toEqual([{ articleId: 'shipping-fee', title: '运费怎么算', helpful: false, at: 9 }]);
    expect(brief.question).toBe('运费多少');
  });

  it('speaks of the last handoff only, and leaves what was resolved before to the transcript', () => {
    const brief = play(
      customerWrote('运费多少'),
      (seen) => botTookTurn(seen, { replies: [draft('10 元', { understanding: shipping })] }),
      customerWrote('转人工'),
      (seen) => handsOver(seen),
      claimedBy(li),
      (seen) => ({ kind: 'resolved', at: 50, agent: li, version: seen.version, seen: seen.seq }),
      customerWrote('发票呢', { at: 60 }),
      (seen) => handsOver(seen, { at: 61, handoff: { reason: 'no_match', understanding: null } }),
    );
    expect(brief).toMatchObject({ reason: 'no_match', at: 61, question: '发票呢', tried: [], attempts: 0 });
    expect(brief.customer.messages).toBe(3);
  });

  it('stays as it is while agent and customer talk, and after they are done', () => {
    const script = [
      customerWrote('偏远地区卡航运费谁补'),
      (seen: Conversation) => handsOver(seen, { at: 3, handoff: { reason: 'no_match' as const, understanding: lost } }),
      claimedBy(li),
    ];
    const { customer: _, ...before } = play(...script);
    const { customer, ...after } = play(...script, customerWrote('谢谢'), (seen) => ({
      kind: 'resolved',
      at: 50,
      agent: li,
      version: seen.version,
      seen: seen.seq,
    }));
    expect(after).toEqual(before);
    expect(customer.messages).toBe(2);
  });

  it('has no reason while the bot has the conversation', () => {
    const brief = play(customerWrote('运费多少'), (seen) =>
      botTookTurn(seen, { memory: emptyMemory, replies: [draft('10 元', { understanding: shipping })] }),
    );
    expect(brief).toMatchObject({ reason: null, at: null, question: '运费多少', attempts: 1 });
    expect(briefOf(aConversation(), [])).toMatchObject({ reason: null, question: null, tried: [], attempts: 0 });
  });
});
