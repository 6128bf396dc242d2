import { createBotTurns, type BotTurns, type TurnEvent } from '../../src/channels/bot-turns.ts';
import type { Judgeable, Message } from '../../src/conversation/conversation.ts';
import type { ConversationLog } from '../../src/conversation/log.ts';
import { announcing, createSignals, type Signals } from '../../src/conversation/signals.ts';
import { sessionKey, type Session } from '../../src/conversation/turn.ts';
import { BusyError } from '../../src/errors.ts';
import { customerWrote, newConversation, understanding } from '../support/conversations.ts';
import { memoryLog } from '../support/memory-log.ts';

/** The bot over a log that can be made to fail, with timers that run when the test says so. */
describe('the turns of the bot', () => {
  let desk: Desk;
  beforeEach(async () => {
    desk = await openDesk();
  });
  afterEach(() => desk.turns.stop());

  test('reach a message that lies behind any number of verdicts and notes', async () => {
    await desk.says('你好');
    await desk.settled();
    for (let count = 0; count < 250; count++) {
      await desk.log.write('c1', {
        kind: 'agent_noted',
        at: 1,
        agent: { id: 'a1', name: '小李' },
        text: '看一下',
        clientId: null,
      });
    }
    await desk.says('运费多少');
    await desk.settled();
    expect(await desk.replies()).toEqual(['收到：你好', '收到：运费多少']);
  });

  test('deal with a message that comes just as a turn tried again has found nothing more to do', async () => {
    desk.failTurns(1);
    await desk.says('你好');
    await desk.settled();
    expect(desk.events.map(({ kind }) => kind)).toEqual(['not_saved']);
    // The next message is saved while the retry's last look at the log, which does not see it, is on its way back.
    desk.duringLastLook(() => desk.says('运费多少'));
    desk.runTimers();
    await desk.settled();
    expect(await desk.replies()).toEqual(['收到：你好', '收到：运费多少']);
  });

  test('answer a message whose first try was committed without anyone hearing of it', async () => {
    desk.failAfterCommit(1);
    await expect(desk.says('你好', 'first')).rejects.toThrow(BusyError);
    await desk.says('你好', 'first');
    await desk.settled();
    expect(await desk.replies()).toEqual(['收到：你好']);
  });

  test('tell the readers of the log of a reply that was committed without anyone hearing of it', async () => {
    const heard: number[] = [];
    desk.signals.listen((signal) => {
      if (signal.kind === 'saved') heard.push(signal.conversation.seq);
    });
    await desk.says('你好');
    desk.failAfterCommit(1);
    await desk.settled();
    expect(heard).toEqual([1]);
    desk.runTimers();
    await desk.settled();
    expect(heard).toEqual([1, 2]);
    expect(await desk.replies()).toEqual(['收到：你好']);
  });

  test('tell the bot which message it deals with, so that it can tell what the customer had before them', async () => {
    await desk.says('退货');
    await desk.settled();
    await Promise.all([desk.says('第几条'), desk.says('第几条', '又一次')]);
    await desk.settled();
    expect((await desk.replies()).slice(1)).toEqual(['收到：3', '收到：4']);
  });

  test('record a verdict of the answer that was there when it was given', async () => {
    await desk.says('退货');
    await desk.settled();
    await desk.says('没帮助');
    await desk.settled();
    const [verdict] = (await desk.log.read('c1', 0, 100)).filter(({ kind }) => kind === 'verdict');
    expect(verdict).toMatchObject({
      about: 2,
      articleId: '退货',
      question: '退货',
      helpful: false,
      source: 'feedback',
    });
  });
});

type Desk = {
  readonly log: ConversationLog;
  readonly signals: Signals;
  readonly turns: BotTurns;
  readonly events: TurnEvent[];
  says(text: string, clientId?: string): Promise<void>;
  replies(): Promise<readonly string[]>;
  /** Resolves when nothing moves any more. */
  settled(): Promise<void>;
  runTimers(): void;
  /** The next writes of turns are refused. */
  failTurns(times: number): void;
  /** The next writes are committed, and then the connection breaks. */
  failAfterCommit(times: number): void;
  /** Does something while the next look that finds nothing to do is on its way back. */
  duringLastLook(act: () => Promise<void>): void;
};

async function openDesk(): Promise<Desk> {
  const store = memoryLog();
  const signals = createSignals();
  const events: TurnEvent[] = [];
  const timers = new Set<() => void>();
  let failing = 0;
  let failingAfter = 0;
  let lastLook: (() => Promise<void>) | null = null;
  const unsteady: ConversationLog = {
    ...store,
    find: async (id) => {
      const found = await store.find(id);
      if (found && lastLook && found.customerSeq === found.botCursor) {
        const act = lastLook;
        lastLook = null;
        await act();
      }
      return found;
    },
    write: async (id, event) => {
      if (failing > 0 && event.kind === 'bot_took_turn' && failing-- > 0) throw new BusyError('The disk is full.', 1);
      const written = await store.write(id, event);
      if (failingAfter > 0 && failingAfter-- > 0) throw new BusyError('The connection was lost.', 1);
      return written;
    },
  };
  const log = announcing(unsteady, signals);
  const turns = createBotTurns({
    log,
    signals,
    now: () => 1,
    bot: {
      run: async (context) => {
        const session = context.turnState.get<Session>(sessionKey);
        const text = context.activity.text;
        if (text === '没帮助') {
          const { seq: about, question } = session.memory.judgeable as Judgeable;
          const articleId = session.memory.lastArticleId ?? '';
          const verdict = { about, articleId, question, helpful: false, source: 'feedback' } as const;
          session.remember({ memory: session.memory, verdict });
        } else if (text === '退货' || text === '运费') {
          session.remember({ memory: { ...session.memory, lastArticleId: text }, verdict: null });
          const channelData = { understanding: understanding({ articleId: text, question: text }) };
          await context.sendActivity({ type: 'message', text: `收到：${text}`, channelData });
          return;
        }
        await context.sendActivity(`收到：${text === '第几条' ? session.seq : text}`);
      },
      giveUp: () => Promise.reject(new Error('the bot broke')),
    },
    observe: (event) => events.push(event),
    later: (callback) => {
      timers.add(callback);
      return () => timers.delete(callback);
    },
  });
  await store.start(newConversation(), 1);
  return {
    log,
    signals,
    turns,
    events,
    says: async (text, clientId = text) => {
      await log.write('c1', customerWrote(text, { clientId }));
    },
    replies: async () =>
      (await store.read('c1', 0, 10_000))
        .filter((entry): entry is Message => entry.kind === 'message' && entry.author.role === 'bot')
        .map(({ text }) => text),
    settled: async () => {
      // Everything here settles in microtasks.
      for (let tick = 0; tick < 5; tick++) await new Promise(setImmediate);
    },
    runTimers: () => {
      const due = [...timers];
      timers.clear();
      for (const run of due) run();
    },
    failTurns: (times) => (failing = times),
    failAfterCommit: (times) => (failingAfter = times),
    duringLastLook: (act) => (lastLook = act),
  };
}
