import fc from 'fast-check';
import { correctionIn, listen, phrasesFor, pickIn, questionIn } from '../../bots/phrases.zh.ts';
import { emptyMemory, type Candidate, type Conversation, type Entry } from '../../src/conversation/conversation.ts';
import type { ConversationEvent } from '../../src/conversation/events.ts';
import { transition } from '../../src/conversation/transition.ts';
import {
  giveUp,
  strongAnger,
  takeTurn,
  type Answers,
  type Feeling,
  type Finding,
  type TurnOutcome,
  type TurnTools,
} from '../../src/conversation/turn.ts';
import { aConversation, customerWrote, understanding } from '../support/conversations.ts';
import { anOutlook } from '../support/outlook.ts';

const candidate = (articleId: string): Candidate => ({ articleId, title: articleId, confidence: 0.5 });

/** Knowledge of three articles, of which "gone" is offered but no longer there. It finds whatever the script says next. */
function scripted(script: readonly Outcome[]): Answers {
  let turn = 0;
  return {
    article: (id) => (id === 'gone' ? null : { id, title: id, body: id === 'empty' ? ' ' : '正文', followUps: [] }),
    ask: (question, { refused = [] }): Finding => {
      const { outcome, ids } = script[turn++ % script.length] as Outcome;
      const [id = 'fee', ...others] = ids.filter((one) => !refused.includes(one));
      const candidates = [id, ...others].map(candidate);
      const understood = understanding({ question, outcome, articleId: outcome === 'answer' ? id : null, candidates });
      return {
        understanding: understood,
        article: outcome === 'answer' ? { id, title: id, body: '正文', followUps: ['退货运费谁承担？'] } : null,
        suggestions:
          outcome === 'clarify' ? [id, ...others].map((articleId) => ({ articleId, question: articleId })) : [],
        failure: outcome === 'handoff' ? 'no_match' : null,
      };
    },
  };
}

type Outcome = { readonly outcome: 'answer' | 'clarify' | 'handoff'; readonly ids: readonly string[] };

const outcomes: fc.Arbitrary<readonly Outcome[]> = fc.array(
  fc.record({
    outcome: fc.constantFrom('answer' as const, 'clarify' as const, 'clarify' as const, 'handoff' as const),
    ids: fc.uniqueArray(fc.constantFrom('fee', 'return', 'gone', 'empty'), { minLength: 1, maxLength: 3 }),
  }),
  { minLength: 1, maxLength: 12 },
);

const messages = fc.array(
  fc.oneof(
    fc.constantFrom(
      '运费',
      '1',
      '2',
      '第三个',
      '最后一个',
      'return',
      'gone',
      'empty',
      '都不是',
      '有帮助',
      '没帮助',
      '谢谢',
      '我找律师',
    ),
    fc.constantFrom('不是，我是说换货', '我问的是运费', '那运费呢', '转人工', '', '？', 'tuihuo'),
    fc.string({ unit: 'binary', maxLength: 30 }),
  ),
  { minLength: 1, maxLength: 12 },
);

/** Some messages are in a rage, some speak of lawyers. */
function feel(text: string): Feeling {
  return {
    sentiment: text.includes('那') ? -0.9 : 0,
    sensitiveTopic: text.includes('律') ? '法律' : null,
  };
}

/** What becomes of a conversation with these messages while the bot has it. It is busy while `atOnce` of them come in. */
async function live(said: readonly string[], atOnce: number, tools: TurnTools): Promise<readonly Entry[]> {
  let conversation = aConversation();
  const entries: Entry[] = [];
  const write = (event: ConversationEvent): Conversation => {
    const decision = transition(conversation, event);
    if (decision.kind === 'refused') throw new Error(`${event.kind} was refused: ${decision.because}`);
    for (const entry of decision.entries) entries.push({ ...entry, seq: entries.length + 1 });
    return (conversation = decision.conversation);
  };
  const waiting: { readonly text: string; readonly through: number }[] = [];
  for (const [place, next] of said.entries()) {
    waiting.push({ text: next, through: write(customerWrote(next)).customerSeq });
    if ((place + 1) % atOnce === 0) await takeAll();
    if (conversation.status !== 'bot') break;
  }
  return entries;

  async function takeAll(): Promise<void> {
    for (const { text, through } of waiting.splice(0)) {
      if (conversation.status !== 'bot') return;
      await take(text, through);
    }
  }

  async function take(text: string, through: number): Promise<void> {
    const { memory } = conversation;
    const outcome = await takeTurn({ seq: through, text, hasAttachments: false }, memory, tools);
    write({ kind: 'bot_took_turn', at: 1, cursor: conversation.botCursor, through, ...outcome });
    // Nobody judges what they have not seen.
    if (outcome.verdict) expect(outcome.verdict.about).toBeLessThan(through);
  }
}

test('whatever is said and found, the bot breaks never, and judges only what it answered or offered', async () => {
  await fc.assert(
    fc.asyncProperty(outcomes, messages, fc.integer({ min: 1, max: 3 }), async (script, said, atOnce) => {
      const outlook = () => Promise.resolve(anOutlook());
      const phrases = phrasesFor('zh-Hans');
      const answers = scripted(script);
      const tools = { answers, phrases, feel, listen, questionIn, pickIn, correctionIn, outlook };
      const entries = await live(said, atOnce, tools);
      const about = new Set<number>();
      for (const entry of entries) {
        if (entry.kind !== 'verdict') continue;
        const judged = entries[entry.about - 1];
        if (judged?.kind !== 'message' || !judged.understanding) throw new Error('A verdict on nothing.');
        const articles =
          entry.source === 'pick' ? judged.choices.map(({ articleId }) => articleId) : [judged.understanding.articleId];
        expect(articles).toContain(entry.articleId);
        expect(entry.question).toBe(judged.understanding.question);
        // Said once.
        expect(about).not.toContain(entry.about);
        about.add(entry.about);
      }
    }),
    { numRuns: 500 },
  );
});

describe('a message that a person should see at once', () => {
  const answers = scripted([{ outcome: 'answer', ids: ['fee'] }]);
  const ask = jest.spyOn(answers, 'ask');
  beforeEach(() => ask.mockClear());

  /** The outcome of one message that makes this impression. */
  function feltAs(feeling: Feeling, text = '运费多少'): Promise<TurnOutcome> {
    const outlook = () => Promise.resolve(anOutlook());
    const phrases = phrasesFor('zh-Hans');
    const tools = { answers, phrases, feel: () => feeling, listen, questionIn, pickIn, correctionIn, outlook };
    return takeTurn({ seq: 1, text, hasAttachments: false }, emptyMemory, tools);
  }

  it('is handed over for a sensitive topic, with the topic, and nothing is looked up', async () => {
    const feeling = { sentiment: 0, sensitiveTopic: '人身安全' };
    const { handoff, replies } = await feltAs(feeling);
    expect(handoff).toMatchObject({ reason: 'sensitive_topic', ...feeling });
    expect(replies).toHaveLength(1);
    expect(ask).not.toHaveBeenCalled();
  });

  it('is handed over for strong anger, with how strong it is, and nothing is looked up', async () => {
    const feeling = { sentiment: strongAnger, sensitiveTopic: null };
    expect((await feltAs(feeling)).handoff).toMatchObject({ reason: 'negative_sentiment', ...feeling });
    expect(ask).not.toHaveBeenCalled();
  });

  it('goes by the topic where it is angry too, or asks for a person', async () => {
    const feeling = { sentiment: -1, sensitiveTopic: '法律' };
    expect((await feltAs(feeling)).handoff).toMatchObject({ reason: 'sensitive_topic', ...feeling });
    expect((await feltAs(feeling, '转人工')).handoff?.reason).toBe('sensitive_topic');
  });

  it('is answered as ever where its writer is only unhappy', async () => {
    const { handoff, replies } = await feltAs({ sentiment: strongAnger + 0.01, sensitiveTopic: null });
    expect(handoff).toBeNull();
    expect(replies[0]?.understanding?.articleId).toBe('fee');
  });

  it('tells how it sounded whatever it is handed over for', async () => {
    const { handoff } = await feltAs({ sentiment: -0.4, sensitiveTopic: null }, '转人工');
    expect(handoff).toMatchObject({ reason: 'customer_request', sentiment: -0.4, sensitiveTopic: null });
  });

  it('tells nothing of it where the bot broke', async () => {
    const outlook = () => Promise.resolve(anOutlook());
    const { handoff } = await giveUp(emptyMemory, { phrases: phrasesFor('zh-Hans'), outlook });
    expect(handoff).toMatchObject({ reason: 'bot_error', sentiment: null, sensitiveTopic: null });
  });
});
