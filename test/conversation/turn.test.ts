import fc from 'fast-check';
import { correctionIn, listen, phrasesFor, pickIn, questionIn } from '../../bots/phrases.zh.ts';
import type { Candidate, Conversation, Entry } from '../../src/conversation/conversation.ts';
import { transition, type ConversationEvent } from '../../src/conversation/transition.ts';
import { takeTurn, type Answers, type Finding, type TurnTools } from '../../src/conversation/turn.ts';
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
    ),
    fc.constantFrom('不是，我是说换货', '我问的是运费', '那运费呢', '转人工', '', '？', 'tuihuo'),
    fc.string({ unit: 'binary', maxLength: 30 }),
  ),
  { minLength: 1, maxLength: 12 },
);

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
      const tools = { answers: scripted(script), phrases, listen, questionIn, pickIn, correctionIn, outlook };
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
