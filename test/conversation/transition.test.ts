import fc from 'fast-check';
import {
  handoffReasons,
  type Conversation,
  type Entry,
  type Message,
  type Status,
} from '../../src/conversation/conversation.ts';
import { transition, type ConversationEvent, type Refusal } from '../../src/conversation/transition.ts';
import {
  aConversation,
  agentWrote,
  anAgent,
  botTookTurn,
  claimedBy,
  customerWrote,
  draft,
  handsOver,
  understanding,
} from '../support/conversations.ts';

const li = anAgent({ id: 'li', name: '小李' });
const wang = anAgent({ id: 'wang', name: '小王' });

/** An event as it would be sent by somebody who looked at the conversation some steps ago. */
type Step = { readonly lag: number; readonly event: (seen: Conversation, at: number) => ConversationEvent };

const lag = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 4 }));
const someAgent = fc.constantFrom(li, wang);
const reply = fc.constantFrom(
  draft('您好'),
  draft('满 99 包邮', { understanding: understanding() }),
  draft('您是想问', {
    understanding: understanding({ outcome: 'clarify', articleId: null }),
    choices: [{ kind: 'question', title: '运费怎么算', value: '运费怎么算', articleId: 'shipping-fee' }],
  }),
);
const step = (event: fc.Arbitrary<Step['event']>): fc.Arbitrary<Step> => fc.record({ lag, event });

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: step(fc.constant((_, at) => customerWrote('在吗', { at }))) },
    {
      weight: 4,
      arbitrary: step(
        fc.array(reply, { maxLength: 3 }).map((replies) => (seen, at) => botTookTurn(seen, { at, replies })),
      ),
    },
    {
      weight: 2,
      arbitrary: step(
        fc
          .constantFrom(...handoffReasons)
          .map((reason) => (seen, at) => handsOver(seen, { at, handoff: { reason, understanding: null } })),
      ),
    },
    { weight: 3, arbitrary: step(someAgent.map((agent) => (_, at) => claimedBy(agent, at))) },
    { weight: 2, arbitrary: step(someAgent.map((agent) => (seen, at) => agentWrote(agent, seen.version, { at }))) },
    {
      weight: 2,
      arbitrary: step(
        fc
          .record({ agent: someAgent, to: fc.constantFrom('queue', 'bot'), note: fc.constantFrom(null, '请跟进') })
          .map((moved) => (seen, at) => ({ kind: 'transferred', at, version: seen.version, seen: seen.seq, ...moved })),
      ),
    },
    {
      weight: 1,
      arbitrary: step(
        someAgent.map((agent) => (seen, at) => ({
          kind: 'resolved',
          at,
          agent,
          version: seen.version,
          seen: seen.seq,
        })),
      ),
    },
    {
      weight: 1,
      arbitrary: step(
        someAgent.map((agent) => (_, at) => ({ kind: 'agent_noted', at, agent, text: '老客户', clientId: null })),
      ),
    },
    { weight: 1, arbitrary: step(fc.constant((_, at) => ({ kind: 'customer_cancelled', at }))) },
    {
      weight: 1,
      arbitrary: step(
        fc.boolean().map((helpful) => (seen, at) => ({
          kind: 'customer_judged',
          at,
          about: seen.memory.judgeable?.seq ?? 1,
          articleId: 'shipping-fee',
          question: '运费多少',
          helpful,
          clientId: null,
        })),
      ),
    },
  ),
  { maxLength: 40 },
);

type Moment = {
  readonly before: Conversation;
  readonly event: ConversationEvent;
  readonly after: Conversation;
  readonly added: readonly Entry[];
  readonly refused: Refusal | null;
};

/** What becomes of a conversation, moment by moment. */
function live(script: readonly Step[]): readonly Moment[] {
  const moments: Moment[] = [];
  const seen = [aConversation()];
  for (const [index, { lag: behind, event: build }] of script.entries()) {
    const before = seen.at(-1) ?? aConversation();
    const event = build(seen.at(-1 - behind) ?? before, index + 1);
    const decision = transition(before, event);
    const added =
      decision.kind === 'changed'
        ? decision.entries.map((entry, n): Entry => ({ ...entry, seq: before.seq + 1 + n }))
        : [];
    const after = decision.kind === 'changed' ? decision.conversation : before;
    moments.push({ before, event, after, added, refused: decision.kind === 'refused' ? decision.because : null });
    seen.push(after);
  }
  return moments;
}

function always(check: (moment: Moment) => void): void {
  fc.assert(
    fc.property(steps, (script) => live(script).forEach(check)),
    { numRuns: 300 },
  );
}

describe('whatever happens to a conversation, in whatever order and however late', () => {
  it('it has an owner exactly while it is assigned', () => {
    always(({ after }) => {
      expect(after.agentId !== null).toBe(after.status === 'assigned');
      expect(after.agentName !== null).toBe(after.status === 'assigned');
    });
  });

  it('its owner changes only by a claim, of a conversation that nobody had', () => {
    always(({ before, after, event }) => {
      if (after.agentId === null || after.agentId === before.agentId) return;
      expect(event.kind).toBe('claimed');
      expect(before).toMatchObject({ status: 'queued', agentId: null });
    });
  });

  it('the bot speaks only while it has the conversation', () => {
    always(({ before, added }) => {
      if (added.some((entry) => entry.kind === 'message' && entry.author.role === 'bot'))
        expect(before.status).toBe('bot');
    });
  });

  it('an agent speaks to the customer only as its owner', () => {
    always(({ before, added }) => {
      for (const entry of added) {
        if (entry.kind === 'message' && entry.author.role === 'agent' && !entry.private) {
          expect(before.agentId).toBe(entry.author.id);
        }
      }
    });
  });

  it('seq counts the entries, and a refusal adds none', () => {
    always(({ before, after, added, refused }) => {
      expect(after.seq).toBe(before.seq + added.length);
      if (refused) expect(after).toBe(before);
      else expect(added.length > 0 || before.botCursor !== after.botCursor || isEmptyTurn(before, after)).toBe(true);
    });
  });

  it('the version grows by one when status or owner change, and only then', () => {
    always(({ before, after }) => {
      const moved = before.status !== after.status || before.agentId !== after.agentId;
      expect(after.version).toBe(before.version + (moved ? 1 : 0));
    });
  });

  it('every change of status is one entry that tells from where to where', () => {
    always(({ before, after, added }) => {
      const changes = added.flatMap((entry) => (entry.kind === 'status' ? [[entry.from, entry.to]] : []));
      expect(changes).toEqual(before.status === after.status ? [] : [[before.status, after.status]]);
    });
  });

  it('takes no way but the ones there are', () => {
    const ways: Readonly<Record<Status, readonly Status[]>> = {
      bot: ['queued'],
      queued: ['assigned', 'bot'],
      assigned: ['queued', 'bot', 'resolved'],
      resolved: ['bot'],
    };
    always(({ before, after }) => {
      if (before.status !== after.status) expect(ways[before.status]).toContain(after.status);
    });
  });

  it('customerSeq is the seq of the last customer message', () => {
    fc.assert(
      fc.property(steps, (script) => {
        const moments = live(script);
        const said = moments
          .flatMap(({ added }) => added)
          .filter((entry) => entry.kind === 'message' && entry.author.role === 'customer');
        expect(moments.at(-1)?.after.customerSeq ?? 0).toBe(said.at(-1)?.seq ?? 0);
      }),
    );
  });

  it("the bot's cursor never goes back and never passes what the customer said", () => {
    always(({ before, after }) => {
      expect(after.botCursor).toBeGreaterThanOrEqual(before.botCursor);
      expect(after.botCursor).toBeLessThanOrEqual(after.customerSeq);
    });
  });

  it('the bot owes nothing of what was said to a person', () => {
    always(({ after }) => {
      if (after.status !== 'bot') expect(after.botCursor).toBe(after.customerSeq);
    });
  });

  it('waits with a reason since a time exactly while it is queued', () => {
    always(({ after }) => {
      if (after.status === 'queued') expect([after.queuedAt, after.handoffReason]).not.toContain(null);
      if (after.status === 'bot') expect([after.queuedAt, after.handoffReason]).toEqual([null, null]);
      if (after.status === 'resolved') expect(after.queuedAt).toBeNull();
    });
  });

  it('what the bot keeps in mind to be judged is an answer or an offer of its own, with the articles it names', () => {
    fc.assert(
      fc.property(steps, (script) => {
        const log: Entry[] = [];
        for (const { after, added } of live(script)) {
          log.push(...added);
          const { judgeable } = after.memory;
          if (!judgeable) continue;
          const said = log[judgeable.seq - 1] as Message;
          expect(said).toMatchObject({ kind: 'message', author: { role: 'bot' } });
          expect(said.understanding?.question).toBe(judgeable.question);
          if (judgeable.kind === 'answer') expect(said.understanding?.articleId).toBe(judgeable.articleId);
          else {
            const offered = said.choices.flatMap(({ articleId, value: question }) => ({ articleId, question }));
            expect(judgeable.offers).toEqual(offered);
          }
        }
      }),
    );
  });

  it('the same row and event always give the same decision, and neither is changed', () => {
    always(({ before, event }) => {
      const [row, what] = [structuredClone(before), structuredClone(event)];
      expect(transition(before, event)).toEqual(transition(row, what));
      expect([before, event]).toEqual([row, what]);
    });
  });

  it('every way out of every status is found by these tests', () => {
    const found = new Set<string>();
    for (const script of fc.sample(steps, { numRuns: 2_000, seed: 1 })) {
      for (const { before, after } of live(script)) found.add(`${before.status} → ${after.status}`);
    }
    for (const way of [
      'bot → queued',
      'queued → assigned',
      'queued → bot',
      'assigned → queued',
      'assigned → bot',
      'assigned → resolved',
      'resolved → bot',
    ]) {
      expect(found).toContain(way);
    }
  });
});

describe('a conversation', () => {
  it('greets once, before anything was said', () => {
    const fresh = aConversation();
    const greeted = transition(fresh, botTookTurn(fresh));
    expect(greeted).toMatchObject({ kind: 'changed', conversation: { seq: 1, botCursor: 0 } });
    const again = greeted.kind === 'changed' ? transition(greeted.conversation, botTookTurn(fresh)) : null;
    expect(again).toEqual({ kind: 'refused', because: 'overtaken' });
  });

  it('that waits keeps its place when the customer writes on', () => {
    const waiting = aConversation({ status: 'queued', queuedAt: 5, handoffReason: 'no_match', seq: 3, customerSeq: 1 });
    expect(transition(waiting, customerWrote('还在吗', { at: 9 }))).toMatchObject({
      conversation: { status: 'queued', queuedAt: 5, customerSeq: 4, botCursor: 4 },
    });
  });

  it('is taken when somebody has it, and not waiting when nobody asked', () => {
    const assigned = aConversation({ status: 'assigned', agentId: 'li', agentName: '小李' });
    expect(transition(assigned, claimedBy(wang))).toEqual({ kind: 'refused', because: 'taken' });
    for (const status of ['bot', 'resolved'] as const) {
      expect(transition(aConversation({ status }), claimedBy(wang))).toEqual({
        kind: 'refused',
        because: 'not_waiting',
      });
    }
  });
});

/** A turn that says nothing about a message that was dealt with already changes nothing but the time. */
function isEmptyTurn(before: Conversation, after: Conversation): boolean {
  return before.seq === after.seq && before.botCursor === after.botCursor;
}
