import fc from 'fast-check';
import {
  botOwesAnswer,
  handoffReasons,
  noService,
  promiseKinds,
  serveByOf,
  serveFirst,
  type Conversation,
  type Entry,
  type Message,
  type Person,
  type PromiseKind,
  type Route,
  type Service,
  type Status,
} from '../../src/conversation/conversation.ts';
import { agentAuthor, theSystem } from '../../src/conversation/entries.ts';
import type { ConversationEvent, EventOf, Refusal, TransferTarget } from '../../src/conversation/events.ts';
import { transition } from '../../src/conversation/transition.ts';
import {
  aConversation,
  agentWrote,
  botTookTurn,
  claimedBy,
  customerWrote,
  draft,
  handsOver,
  understanding,
} from '../support/conversations.ts';

const li: Person = { id: 'li', name: '小李' };
const wang: Person = { id: 'wang', name: '小王' };
const people: readonly Person[] = [li, wang, { id: 'zhao', name: '小赵' }];

/** What somebody does who looked at the conversation `lag` moments ago. `who` and `choice` say who, and how. */
type Step = { readonly what: Deed; readonly who: number; readonly lag: number; readonly choice: number };

const replies = [
  [],
  [draft('您好')],
  [draft('满 99 包邮', { understanding: understanding() })],
  [
    draft('您是想问', {
      understanding: understanding({ outcome: 'clarify', articleId: null }),
      choices: [{ kind: 'question', title: '运费怎么算', value: '运费怎么算', articleId: 'shipping-fee' }],
    }),
  ],
];
const routes: readonly (Route | undefined)[] = [
  undefined,
  { groupId: 'tech', priority: 'urgent', because: [{ kind: 'rule', from: '维修', group: 'tech' }] },
  { groupId: null, priority: 'low', because: [] },
];
/** Moments are this far apart. */
const tick = 10;

/** Takes the one that `choice` stands for. */
function oneOf<T>(all: readonly T[], choice: number): T {
  return all[choice % all.length] as T;
}

type Look = {
  readonly seen: Conversation;
  readonly at: number;
  readonly agent: Person;
  readonly choice: number;
};

const deeds = {
  writes: ({ at, choice }) =>
    customerWrote(`第 ${at} 刻`, { at, sentiment: oneOf([null, -0.9, 0.4], choice), isSmallTalk: choice % 4 === 3 }),
  judges: ({ seen, at, choice }) => ({
    kind: 'customer_judged',
    at,
    about: seen.memory.judgeable?.seq ?? 1,
    articleId: 'shipping-fee',
    question: '运费多少',
    helpful: choice % 2 === 0,
    clientId: null,
  }),
  rates: ({ at, choice }) => ({ kind: 'customer_rated', at, score: 1 + (choice % 5), comment: null, clientId: null }),
  // Sometimes of what is not there yet.
  reads: ({ seen, at, choice }) => ({ kind: 'customer_read', at, seq: seen.seq + choice - 4 }),
  cancels: ({ at }) => ({ kind: 'customer_cancelled', at }),
  botAnswers: ({ seen, at, choice }) => botTookTurn(seen, { at, replies: oneOf(replies, choice) }),
  botHandsOver: ({ seen, at, choice }) => {
    const route = oneOf(routes, choice);
    const reason = oneOf(handoffReasons, choice);
    return handsOver(seen, { at, handoff: { reason, understanding: null, ...(route && { route }) } });
  },
  claims: ({ at, agent }) => claimedBy(agent, at),
  isGiven: ({ seen, at, agent }) => {
    return { kind: 'assigned', at, by: theSystem, to: agent, version: seen.version, cause: 'assign' };
  },
  takesOver: ({ seen, at, agent }) => {
    return { kind: 'assigned', at, by: agentAuthor(agent), to: agent, version: seen.version, cause: 'takeover' };
  },
  says: ({ seen, at, agent, choice }) => {
    const article = choice === 0 ? { about: seen.customerSeq, articleId: 'shipping-fee', question: '运费多少' } : null;
    return agentWrote(agent, seen.version, { at, article });
  },
  notes: ({ at, agent, choice }) => {
    const mentions = choice % 2 ? [oneOf(people, choice).id] : [];
    return { kind: 'agent_noted', at, agent, text: '老客户', clientId: null, mentions };
  },
  transfers: ({ seen, at, agent, choice }) => {
    const targets: readonly TransferTarget[] = [
      { kind: 'queue' },
      { kind: 'bot' },
      { kind: 'group', groupId: 'tech' },
      ...people.map((colleague) => ({ kind: 'agent' as const, agent: colleague })),
    ];
    const note = choice % 2 ? '请跟进' : null;
    return { kind: 'transferred', at, agent, version: seen.version, seen: seen.seq, to: oneOf(targets, choice), note };
  },
  resolves: ({ seen, at, agent, choice }) => ({
    kind: 'resolved',
    at,
    agent,
    version: seen.version,
    seen: seen.seq,
    resolution: oneOf([null, 'solved'], choice),
    survey: oneOf(['csat', 'nps', null], choice),
    returnsUntil: oneOf([at + 4 * tick, at + 1_000 * tick, null], choice),
  }),
  snoozes: ({ seen, at, agent, choice }) => {
    const until = oneOf([at + tick, at + 5 * tick, at, null], choice);
    return { kind: 'snoozed', at, agent, version: seen.version, until };
  },
  isWoken: ({ at }) => ({ kind: 'woken', at }),
  absorbs: ({ seen, at, agent }) => {
    return { kind: 'absorbed', at, agent, version: seen.version, conversationId: 'c0' };
  },
  isMerged: ({ seen, at, agent, choice }) => ({
    kind: 'merged',
    at,
    agent,
    into: oneOf(['c2', 'c2', 'c1'], choice),
    seen: seen.seq,
    returnsUntil: oneOf([at + 4 * tick, null], choice),
  }),
  goesAway: ({ seen, at, agent, choice }) => {
    const notice = oneOf([null, '正在为您换一位客服'], choice);
    return { kind: 'dropped', at, agentId: agent.id, version: seen.version, notice };
  },
  isRouted: ({ at, agent, choice }) => {
    const route = oneOf(routes, choice) ?? { groupId: null, priority: 'high', because: [] };
    return { kind: 'routed', at, by: agentAuthor(agent), route };
  },
  promiseIsNoted: ({ at, choice, seen }) => ({
    kind: 'promise_noted',
    at,
    what: oneOf(['promise_broken', 'promise_at_risk'], choice),
    promise: oneOf(promiseKinds, choice),
    dueAt: (seen.service.waitingSince ?? seen.service.askedAt ?? at) + 1,
    apology: choice % 4 === 0 ? '让您久等了' : null,
  }),
  idles: ({ at, choice }) => {
    return { kind: 'idled', at, idleSince: at - oneOf([1, 3], choice) * tick, survey: oneOf(['csat', null], choice) };
  },
} satisfies Record<string, (look: Look) => ConversationEvent>;

type Deed = keyof typeof deeds;

const often: readonly Deed[] = ['writes', 'writes', 'botAnswers', 'botHandsOver', 'claims', 'says', 'isGiven'];
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    what: fc.constantFrom(...(Object.keys(deeds) as Deed[]), ...often, ...often),
    // Most deeds are those of one person, and most people look at what is there now: else nearly all is refused.
    who: fc.constantFrom(0, 0, 0, 1, 2),
    lag: fc.constantFrom(0, 0, 0, 0, 1, 2, 4),
    choice: fc.nat({ max: 11 }),
  }),
  { maxLength: 40, size: 'max' },
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
  for (const [index, { what, who, lag, choice }] of script.entries()) {
    const before = seen.at(-1) as Conversation;
    const look = { seen: seen.at(-1 - lag) ?? before, at: (index + 1) * tick, agent: oneOf(people, who), choice };
    const event: ConversationEvent = deeds[what](look);
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

const numRuns = 10_000;

/** No life has a moment in which this is not so. */
function always(holds: (moment: Moment) => boolean): void {
  fc.assert(
    fc.property(steps, (script) => live(script).every(holds)),
    { numRuns },
  );
}

/** The same of whole lives. */
function inEveryLife(holds: (moments: readonly Moment[]) => boolean): void {
  fc.assert(
    fc.property(steps, (script) => holds(live(script))),
    { numRuns },
  );
}

function isMoved({ before, after }: Moment): boolean {
  return before.status !== after.status || before.agentId !== after.agentId;
}

function isAPersons({ status }: Conversation): boolean {
  return status === 'queued' || status === 'assigned';
}

/** The entry that a moment is, if it is of a kind. */
function added<Kind extends ConversationEvent['kind']>(moment: Moment, kind: Kind): EventOf<Kind> | null {
  return moment.event.kind === kind && moment.refused === null ? (moment.event as EventOf<Kind>) : null;
}

describe('whatever happens to a conversation, in whatever order and however late', () => {
  it('it has an owner exactly while it is assigned', () => {
    always(({ after: { agentId, agentName, status } }) =>
      [agentId, agentName].every((owner) => (owner !== null) === (status === 'assigned')),
    );
  });

  it('comes to whom it was meant for: by a claim out of the queue, or by somebody who knew where it was', () => {
    always((moment) => {
      const { before, after, event } = moment;
      if (after.agentId === null || after.agentId === before.agentId) return true;
      if (event.kind === 'claimed') return before.status === 'queued' && after.agentId === event.agent.id;
      if (event.kind === 'assigned') return event.version === before.version && after.agentId === event.to.id;
      if (event.kind !== 'transferred' || event.to.kind !== 'agent') return false;
      return before.agentId === event.agent.id && after.agentId === event.to.agent.id;
    });
  });

  it('nobody does anything with it whose picture of it is stale', () => {
    always((moment) => {
      const { before, event, refused } = moment;
      return refused !== null || !('version' in event) || event.version === before.version;
    });
  });

  it('only its owner speaks to the customer, lets them go, puts them off or merges it', () => {
    always((moment) => {
      const { before, event, refused } = moment;
      const own: readonly ConversationEvent['kind'][] = [
        'agent_wrote',
        'transferred',
        'resolved',
        'snoozed',
        'absorbed',
      ];
      return refused !== null || !own.includes(event.kind) || ('agent' in event && before.agentId === event.agent.id);
    });
  });

  it('the bot speaks only while it has the conversation', () => {
    always(({ before, added: entries, event, refused }) => {
      const isSpeaking = entries.some(({ kind, author }) => kind === 'message' && author.role === 'bot');
      return before.status === 'bot' || (!isSpeaking && (event.kind !== 'bot_took_turn' || refused === 'overtaken'));
    });
  });

  it('what an agent says is heard only from its owner, and a note is never heard', () => {
    always(({ before, added: entries, event }) =>
      entries.every((entry) => {
        if (entry.kind !== 'message' || entry.author.role !== 'agent') return true;
        return (
          entry.private === (event.kind !== 'agent_wrote') && (entry.private || before.agentId === entry.author.id)
        );
      }),
    );
  });

  it('seq counts the entries, and what was refused changed nothing', () => {
    always(
      ({ before, after, added: entries, refused }) =>
        after.seq === before.seq + entries.length && (refused === null || after === before),
    );
  });

  it('everything the customer said is in the log once, in the order in which they said it', () => {
    inEveryLife((moments) => {
      const said = moments.flatMap((moment) => added(moment, 'customer_wrote')?.draft.text ?? []);
      const log = moments.flatMap((moment) => moment.added);
      const kept = log.filter(
        (entry): entry is Message => entry.kind === 'message' && entry.author.role === 'customer',
      );
      return (
        log.every(({ seq }, index) => seq === index + 1) &&
        said.length === moments.filter(({ event }) => event.kind === 'customer_wrote').length &&
        said.join() === kept.map(({ text }) => text).join()
      );
    });
  });

  it('the version grows by one when status or owner change, and only then', () => {
    always((moment) => moment.after.version === moment.before.version + (isMoved(moment) ? 1 : 0));
  });

  it('every change of status or owner is one entry that tells from where to where, and to whom', () => {
    always((moment) => {
      const { before, after } = moment;
      const told = moment.added.filter((entry) => entry.kind === 'status');
      if (!isMoved(moment)) return told.length === 0;
      const [change] = told;
      return (
        told.length === 1 &&
        change?.from === before.status &&
        change.to === after.status &&
        (after.status !== 'assigned' || change.agent?.id === after.agentId)
      );
    });
  });

  it('takes no way but the ones there are', () => {
    always(({ before, after }) => before.status === after.status || ways[before.status].includes(after.status));
  });

  it('no word of the customer is lost: the bot owes an answer, a person has it or will, or they were let go knowingly', () => {
    inEveryLife((moments) => {
      const open = new Set<number>();
      const close = (upTo: number) => [...open].filter((seq) => seq <= upTo).forEach((seq) => open.delete(seq));
      return moments.every((moment) => {
        const { before, after, event } = moment;
        if (moment.refused === null) {
          if (event.kind === 'customer_wrote') open.add(after.customerSeq);
          if (event.kind === 'bot_took_turn' && !event.handoff) close(event.through);
          if (event.kind === 'agent_wrote') close(before.seq);
          if (event.kind === 'customer_cancelled') open.clear();
          // Who ends it, or gives it back to the bot, has seen all of it.
          if ('seen' in event && !isAPersons(after)) close(event.seen);
        }
        const oldest = Math.min(...open);
        return open.size === 0 || isAPersons(after) || (botOwesAnswer(after) && after.botCursor < oldest);
      });
    });
  });

  it('customerSeq is the seq of the last customer message', () => {
    inEveryLife((moments) => {
      const said = moments
        .flatMap((moment) => moment.added)
        .filter((entry) => entry.kind === 'message' && entry.author.role === 'customer');
      return (moments.at(-1)?.after.customerSeq ?? 0) === (said.at(-1)?.seq ?? 0);
    });
  });

  it("the bot's cursor never goes back and never passes what the customer said", () => {
    always(({ before, after }) => after.botCursor >= before.botCursor && after.botCursor <= after.customerSeq);
  });

  it('the bot owes nothing of what was said to a person', () => {
    always(({ after }) => after.status === 'bot' || after.botCursor === after.customerSeq);
  });

  it('it has a place in the order of service and waits since a time exactly while it is queued', () => {
    always(({ after: { status, serveBy, queuedAt } }) => {
      if (status === 'queued') return serveBy !== null && queuedAt !== null;
      return serveBy === null && (status === 'assigned' || queuedAt === null);
    });
  });

  it('who waits for a person has asked for one, so that promises hold for them', () => {
    always(({ after }) => !isAPersons(after) || after.service.askedAt !== null);
  });

  it('the place is that of the priority, and the front for whose agent went away, until they are served', () => {
    let isInFront = false;
    always((moment) => {
      const { status, serveBy, queuedAt, priority } = moment.after;
      if (isMoved(moment)) isInFront = moment.event.kind === 'dropped';
      if (status !== 'queued' || queuedAt === null) return true;
      return serveBy === (isInFront ? serveFirst(queuedAt) : serveByOf(queuedAt, priority));
    });
  });

  it('keeps its place in the queue while people pass it on', () => {
    always((moment) => {
      const { before, after } = moment;
      return (
        before.queuedAt === null || !isAPersons(before) || !isAPersons(after) || after.queuedAt === before.queuedAt
      );
    });
  });

  it('somebody waits for a reply from their first unanswered word to a person until one replies', () => {
    always((moment) => {
      const { before, after } = moment;
      const { waitingSince } = after.service;
      if (added(moment, 'agent_wrote')) return waitingSince === null;
      if (added(moment, 'customer_wrote') && isAPersons(after)) return waitingSince !== null;
      if (!isAPersons(after)) return waitingSince === null;
      if (isMoved(moment) && after.status === 'queued' && moment.event.kind !== 'dropped') return waitingSince !== null;
      return !isAPersons(before) || before.service.waitingSince === null || waitingSince !== null;
    });
  });

  it('a first reply is the first thing a person says after they were asked for', () => {
    inEveryLife((moments) => {
      let repliedAt: number | null = null;
      return moments.every((moment) => {
        const { service } = moment.after;
        if (service.askedAt !== moment.before.service.askedAt) repliedAt = null;
        if (added(moment, 'agent_wrote')) repliedAt ??= moment.event.at;
        return service.firstReplyAt === (service.askedAt === null ? null : repliedAt);
      });
    });
  });

  it('a promise is noted once a wait as at risk and once as broken, and as many are counted as were broken', () => {
    inEveryLife((moments) => {
      const noted = new Set<string>();
      let breaches = 0;
      return moments.every((moment) => {
        const { before, after } = moment;
        if (before.service.askedAt !== after.service.askedAt) {
          noted.clear();
          breaches = 0;
        }
        // Another wait, another promise.
        if (before.service.waitingSince === null && after.service.waitingSince !== null) {
          for (const what of ['promise_at_risk', 'promise_broken']) noted.delete(`${what} next_response`);
        }
        const note = added(moment, 'promise_noted');
        if (note) {
          const key = `${note.what} ${note.promise}`;
          if (noted.has(key) || !isAPersons(before)) return false;
          noted.add(key);
          if (note.what === 'promise_broken') breaches++;
        }
        const { atRisk, broken } = after.service;
        const all = [
          ...atRisk.map((kind) => `promise_at_risk ${kind}`),
          ...broken.map((kind) => `promise_broken ${kind}`),
        ];
        return after.service.breaches === breaches && all.length === noted.size && all.every((key) => noted.has(key));
      });
    });
  });

  it('it is rated at the end alone, or after a word to the bot, when the customer was asked, and once', () => {
    const isOver = (status: Status) => status === 'resolved' || status === 'bot';
    inEveryLife((moments) => {
      let asked = false;
      return moments.every((moment) => {
        const { before, after } = moment;
        const isRated = added(moment, 'customer_rated') !== null;
        if (isRated && (!asked || !isOver(before.status))) return false;
        for (const entry of moment.added) {
          if (entry.kind !== 'status') continue;
          const goesOnAsking = entry.to === 'bot' ? entry.cause === 'reopen' : entry.author.role === 'system';
          asked = entry.survey !== null || (asked && goesOnAsking && isOver(entry.to));
        }
        if (isRated) asked = false;
        return asked === (isOver(after.status) && after.service.survey !== null && after.service.rating === null);
      });
    });
  });

  it('nobody has read what is not there, or reads it back', () => {
    always(
      ({ before, after }) =>
        after.service.readSeq <= after.seq && after.service.readSeq >= Math.min(before.service.readSeq, before.seq),
    );
  });

  it('is put off only while somebody has it, and never over the head of a customer who writes', () => {
    always((moment) => {
      const { after } = moment;
      if (added(moment, 'customer_wrote') && after.snoozedUntil !== null) return false;
      if (isMoved(moment) && after.snoozedUntil !== null) return false;
      return after.snoozedUntil === null || after.status === 'assigned';
    });
  });

  it('waits for one person alone only in the queue, where a customer who came back does', () => {
    always(({ after: { status, service } }) => service.reservedFor === null || status === 'queued');
  });

  it('whose end was not long ago, and was an agent’s, comes back to that agent; any other to the bot', () => {
    always((moment) => {
      const wrote = added(moment, 'customer_wrote');
      if (!wrote || moment.before.status !== 'resolved') return true;
      const { lastAgent, returnsUntil } = moment.before.service;
      const returns = !wrote.isSmallTalk && lastAgent !== null && returnsUntil !== null && wrote.at <= returnsUntil;
      const { status, service } = moment.after;
      return returns
        ? status === 'queued' && service.reservedFor?.id === lastAgent.id
        : status === 'bot' && service.reservedFor === null;
    });
  });

  it('nobody merges what a colleague has, or what is over', () => {
    always((moment) => {
      const { before } = moment;
      const done = added(moment, 'merged');
      return !done || (before.status !== 'resolved' && [null, done.agent.id].includes(before.agentId));
    });
  });

  it('nothing is asked of a customer whom a person serves, or should', () => {
    always(({ after: { status, service } }) => service.survey === null || status === 'resolved' || status === 'bot');
  });

  it('remembers who served it last', () => {
    inEveryLife((moments) => {
      let last: string | null = null;
      return moments.every(({ after, event, refused }) => {
        if (after.agentId !== null) last = after.agentId;
        // Who merged it has what it goes on in.
        if (event.kind === 'merged' && refused === null) last = event.agent.id;
        return (after.service.lastAgent?.id ?? null) === last;
      });
    });
  });

  it('goes on in another one only when it has ended here', () => {
    always(({ after: { id, status, service } }) => {
      return service.mergedInto === null || (status === 'resolved' && service.mergedInto !== id);
    });
  });

  it('remembers the worst moment and the last word', () => {
    inEveryLife((moments) => {
      const felt = moments.flatMap((moment) => {
        const score = added(moment, 'customer_wrote')?.sentiment ?? null;
        return score === null ? [] : [{ seq: moment.after.customerSeq, score }];
      });
      const mood = moments.at(-1)?.after.service.mood ?? null;
      if (felt.length === 0) return mood === null;
      const worst = Math.min(...felt.map(({ score }) => score));
      return mood?.worst.score === worst && mood.last.seq === felt.at(-1)?.seq;
    });
  });

  it('what the bot keeps in mind to be judged is an answer or an offer of its own, with the articles it names', () => {
    fc.assert(
      fc.property(steps, (script) => {
        const log: Entry[] = [];
        for (const { after, added: entries } of live(script)) {
          log.push(...entries);
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
      { numRuns: 300 },
    );
  });

  it('the same row and event always give the same decision, and neither is changed', () => {
    fc.assert(
      fc.property(steps, (script) => {
        for (const { before, event } of live(script)) {
          const [row, what] = [structuredClone(before), structuredClone(event)];
          expect(transition(before, event)).toEqual(transition(row, what));
          expect([before, event]).toEqual([row, what]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('every way out of every status, and every deed done and refused, is found by these tests', () => {
    const found = new Set<string>();
    for (const script of fc.sample(steps, { numRuns: 5_000, seed: 1 })) {
      for (const { before, after, event, refused } of live(script)) {
        if (before.status !== after.status) found.add(`${before.status} → ${after.status}`);
        else if (before.agentId !== after.agentId) found.add('from one person to another');
        found.add(`${event.kind} ${refused === null ? 'done' : 'refused'}`);
        if (before.service.rating === null && after.service.rating !== null) found.add('rated');
        if (after.service.breaches > 1) found.add('broken twice');
        if (after.service.reservedFor) found.add('came back');
      }
    }
    const never = ['customer_wrote refused', 'customer_judged refused', 'agent_noted refused'];
    const kinds = new Set(Object.values(deeds).map((deed) => deed(nothing).kind));
    const wanted = [
      ...Object.entries(ways).flatMap(([from, all]) => all.map((to) => `${from} → ${to}`)),
      ...[...kinds].flatMap((kind) => [`${kind} done`, `${kind} refused`]).filter((deed) => !never.includes(deed)),
      ...['from one person to another', 'rated', 'broken twice', 'came back'],
    ];
    expect(wanted.filter((way) => !found.has(way))).toEqual([]);
    expect(never.filter((way) => found.has(way))).toEqual([]);
  });
});

/** From each status to which others. */
const ways: Readonly<Record<Status, readonly Status[]>> = {
  bot: ['queued', 'assigned', 'resolved'],
  queued: ['assigned', 'bot', 'resolved'],
  assigned: ['queued', 'bot', 'resolved'],
  resolved: ['bot', 'queued', 'assigned'],
};

const nothing: Look = { seen: aConversation(), at: 0, agent: li, choice: 0 };

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

const minute = 60_000;
const asked: Service = { ...noService, askedAt: 0, waitingSince: 0 };
const assigned = aConversation({
  status: 'assigned',
  agentId: 'li',
  agentName: '小李',
  queuedAt: 0,
  service: { ...asked, lastAgent: li, assignedAt: 0 },
});

/** The conversation after an event that is not refused. */
function after(before: Conversation, event: ConversationEvent): Conversation {
  const decision = transition(before, event);
  if (decision.kind === 'refused') throw new Error(`${event.kind} was refused: ${decision.because}`);
  return decision.conversation;
}

describe('what is promised to a customer', () => {
  const broken = (promise: PromiseKind, at: number, dueAt = at): EventOf<'promise_noted'> => {
    return { kind: 'promise_noted', what: 'promise_broken', promise, at, dueAt, apology: null };
  };

  it('counts from when a person took them from the bot, not from a service that is over', () => {
    const ended = aConversation({
      status: 'resolved',
      service: { ...asked, firstReplyAt: 1, resolvedAt: 2, mergedInto: 'c9' },
    });
    const taken: ConversationEvent = {
      kind: 'assigned',
      at: 99 * minute,
      by: agentAuthor(wang),
      to: wang,
      version: 0,
      cause: 'takeover',
    };
    expect(after(ended, taken).service).toMatchObject({
      askedAt: 99 * minute,
      firstReplyAt: null,
      resolvedAt: null,
      mergedInto: null,
      waitingSince: null,
    });
    const unanswered = aConversation({ seq: 1, customerSeq: 1, botCursor: 0 });
    expect(after(unanswered, taken)).toMatchObject({ botCursor: 1, service: { waitingSince: 99 * minute } });
  });

  it('is not noted as broken when somebody replied before the desk had counted, or it counted an older wait', () => {
    const replied = after(assigned, agentWrote(li, 0, { at: minute }));
    const again = after(replied, customerWrote('还有', { at: 3 * minute }));
    for (const now of [replied, again]) {
      expect(transition(now, broken('first_response', 2 * minute))).toEqual({ kind: 'refused', because: 'stale' });
      expect(transition(now, broken('next_response', 2 * minute))).toEqual({ kind: 'refused', because: 'stale' });
    }
    expect(after(again, broken('next_response', 9 * minute)).service).toMatchObject({ breaches: 1 });
  });

  it('is not noted by who counted another wait, however late', () => {
    const replied = after(assigned, agentWrote(li, 0, { at: minute }));
    const again = after(replied, customerWrote('还有', { at: 2 * minute }));
    // Another process saw the wait that began at 0, and nothing of the reply and the next question.
    const elsewhere = { ...broken('next_response', 6 * minute, 5 * minute), since: 0 };
    expect(transition(again, elsewhere)).toEqual({ kind: 'refused', because: 'stale' });
    expect(after(again, { ...elsewhere, since: 2 * minute }).service).toMatchObject({ breaches: 1 });
  });

  it('is noted, and no more apologised for, once somebody has replied too late', () => {
    const late = after(assigned, agentWrote(li, 0, { at: 6 * minute }));
    const noted = transition(late, { ...broken('first_response', 6 * minute, 5 * minute), apology: '让您久等了' });
    expect(noted).toMatchObject({ entries: [{ kind: 'change' }], conversation: { service: { breaches: 1 } } });
  });

  it('is promised anew when they are passed on after a reply', () => {
    const late = after(after(assigned, broken('next_response', minute)), agentWrote(li, 0, { at: 2 * minute }));
    const moved = after(late, {
      kind: 'transferred',
      at: 3 * minute,
      agent: li,
      version: 0,
      seen: 99,
      to: { kind: 'queue' },
      note: null,
    });
    expect(moved.service).toMatchObject({ waitingSince: 3 * minute, broken: [], breaches: 1 });
    expect(after(moved, broken('next_response', 9 * minute)).service).toMatchObject({ breaches: 2 });
  });

  it('counts from when they were passed on, where an older version had given them to an agent', () => {
    const old = { ...assigned, service: noService };
    const dropped: ConversationEvent = { kind: 'dropped', at: minute, agentId: 'li', version: 0, notice: null };
    expect(after(old, dropped).service).toMatchObject({ askedAt: minute });
  });

  it('counts anew when they write while they were put off', () => {
    const off = after(assigned, { kind: 'snoozed', at: minute, agent: li, version: 0, until: 60 * minute });
    const back = after(off, customerWrote('在吗', { at: 50 * minute }));
    expect(back).toMatchObject({ snoozedUntil: null, service: { waitingSince: 50 * minute } });
  });
});

describe('a customer whose agent went away', () => {
  const gone = after(assigned, {
    kind: 'dropped',
    at: minute,
    agentId: 'li',
    version: 0,
    notice: '正在为您换一位客服',
  });

  it('goes before everybody, the most urgent too, by when they began to wait', () => {
    expect(gone.serveBy).toBeLessThan(serveByOf(0, 'urgent') - 24 * 60 * minute);
    const later = after(
      { ...assigned, queuedAt: 5 },
      { kind: 'dropped', at: minute, agentId: 'li', version: 0, notice: null },
    );
    expect(gone.serveBy).toBeLessThan(later.serveBy ?? 0);
  });

  it('stays there when somebody makes them more urgent', () => {
    const route: Route = { groupId: 'tech', priority: 'urgent', because: [] };
    const routed = after(gone, { kind: 'routed', at: 2 * minute, by: agentAuthor(wang), route });
    expect(routed).toMatchObject({ groupId: 'tech', priority: 'urgent', serveBy: gone.serveBy });
  });

  it('is explained by the newest reasons, however often that happens', () => {
    let flapping = assigned;
    for (let n = 0; n < 200; n++) {
      const { version } = flapping;
      flapping = after(flapping, { kind: 'dropped', at: n, agentId: 'li', version, notice: null });
      const because = [...flapping.service.because, { kind: 'agent', from: `${n}` } as const];
      const route = { groupId: null, priority: 'low', because } as const;
      flapping = after(flapping, { kind: 'routed', at: n, by: agentAuthor(wang), route });
      flapping = after(flapping, claimedBy(li, n));
    }
    expect(flapping.service.because).toHaveLength(50);
    expect(flapping.service.because.at(-1)).toEqual({ kind: 'agent', from: '199' });
  });

  it('can be served by them again, with another version: what they sent before is refused', () => {
    const back = after(gone, claimedBy(li, 2 * minute));
    expect(transition(back, agentWrote(li, 0))).toEqual({ kind: 'refused', because: 'stale' });
    expect(after(back, agentWrote(li, back.version)).agentId).toBe('li');
  });
});

describe('a rating', () => {
  const resolved = (survey: 'csat' | null): ConversationEvent => {
    return { kind: 'resolved', at: minute, agent: li, version: 0, seen: 99, survey, returnsUntil: 99 * minute };
  };
  const rated: ConversationEvent = {
    kind: 'customer_rated',
    at: 2 * minute,
    score: 2,
    comment: '太慢',
    clientId: null,
  };

  it('nobody asked for is refused', () => {
    expect(transition(after(assigned, resolved(null)), rated)).toEqual({ kind: 'refused', because: 'not_asked' });
    expect(transition(assigned, rated)).toEqual({ kind: 'refused', because: 'not_asked' });
  });

  it('is kept with what was asked, and not asked for again when they come back at once', () => {
    const ended = after(assigned, resolved('csat'));
    expect(transition(ended, rated)).toMatchObject({
      entries: [{ kind: 'rating', survey: 'csat', score: 2, comment: '太慢' }],
      conversation: { status: 'resolved', version: ended.version, service: { rating: 2 } },
    });
    const back = after(after(ended, rated), customerWrote('还有', { at: 3 * minute }));
    const again = after(back, claimedBy(li, 4 * minute));
    const over = after(again, { ...resolved('csat'), version: again.version } as ConversationEvent);
    expect(over.service.survey).toBeNull();
  });
});
