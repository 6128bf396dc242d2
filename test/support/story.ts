import { randomUUID } from 'node:crypto';
import { phrasesFor } from '../../bots/phrases.zh.ts';
import { SupportBot } from '../../bots/support-bot.ts';
import { createBotTurns, type BotTurns } from '../../src/channels/bot-turns.ts';
import type {
  Conversation,
  Entry,
  HandoffReason,
  Judgeable,
  Judgement,
  Message,
  Status,
} from '../../src/conversation/conversation.ts';
import { announcing, createSignals, type Signals } from '../../src/conversation/signals.ts';
import type { ConversationLog, Written } from '../../src/conversation/log.ts';
import type { ConversationEvent } from '../../src/conversation/events.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { giveUp, type Answers, type Feeling, type QueueOutlook, type TurnTools } from '../../src/conversation/turn.ts';
import { anOutlook } from './outlook.ts';

/** A desk for stories: the real bot, turns and transitions on the log given, with the knowledge given. */
export type StoryDesk = {
  readonly log: ConversationLog;
  customer(name?: string, options?: { locale?: string }): Promise<Customer>;
  agent(name: string): Agent;
  /** How the queue looks when the bot hands over. */
  outlook: QueueOutlook;
  /** Stops the bot as a killed process would, and starts another on the same log. */
  restart(): Promise<void>;
  /** The next turn finds the bot broken. */
  breakBot(): void;
  /** Lets the turns under way finish and takes no more. */
  stop(): Promise<void>;
  /** Stops, and closes what it stands on. */
  close(): Promise<void>;
};

/** Answers that feel nothing will do. */
type Heard = Answers & Partial<Pick<TurnTools, 'feel'>>;

export function openStoryDesk(answers: Heard, storage: Pick<Storage, 'log' | 'close'>): StoryDesk {
  const signals = createSignals();
  const log = announcing(storage.log, signals);
  let broken = false;
  let clock = Date.UTC(2026, 0, 5, 2, 0, 0);
  const now = (): number => (clock += 1_000);
  const feel = (text: string): Feeling => answers.feel?.(text) ?? { sentiment: 0, sensitiveTopic: null };
  const desk: { outlook: QueueOutlook; turns: BotTurns } & Partial<StoryDesk> = {
    outlook: anOutlook(),
    turns: startTurns(),
  };

  function startTurns(): BotTurns {
    const outlook = (): Promise<QueueOutlook> => Promise.resolve(desk.outlook);
    const bot = new SupportBot({ answers, feel, outlook });
    return createBotTurns({
      log,
      signals,
      now,
      bot: {
        run: (context) => {
          if (!broken) return bot.run(context);
          broken = false;
          return Promise.reject(new Error('the bot broke'));
        },
        giveUp: (conversation) => giveUp(conversation.memory, { phrases: phrasesFor(conversation.locale), outlook }),
      },
      observe: (event) => {
        if (event.kind === 'bot_failed' && (event.error as Error).message !== 'the bot broke')
          console.error(event.error);
      },
      later: () => () => undefined,
    });
  }

  return Object.assign(desk, {
    log,
    customer: async (name = '小王', { locale = 'zh-Hans' } = {}) => {
      const id = randomUUID();
      const { conversation } = await log.start(
        { id, channel: 'webchat', customerId: `v-${id}`, customerName: name, locale },
        now(),
      );
      await desk.turns.greet(conversation);
      return new Customer({ id, log, signals, now });
    },
    agent: (name: string) => new Agent(name, log, now),
    restart: async () => {
      await desk.turns.stop();
      desk.turns = startTurns();
      await desk.turns.resume();
    },
    breakBot: () => {
      broken = true;
    },
    stop: () => desk.turns.stop(),
    close: async () => {
      await desk.turns.stop();
      await storage.close();
    },
  });
}

type Line = {
  readonly id: string;
  readonly log: ConversationLog;
  readonly signals: Signals;
  readonly now: () => number;
};

export class Customer {
  readonly line: Line;

  constructor(line: Line) {
    this.line = line;
  }

  /** Says something and waits until the bot has dealt with it, or a person has the conversation. */
  says(text: string, clientId: string = randomUUID()): Exchange {
    return new Exchange(this.line, { text, attachments: [], clientId });
  }

  sendsImage(name = '照片.png'): Exchange {
    const attachments = [{ id: randomUUID(), name, contentType: 'image/png', size: 1_000 }];
    return new Exchange(this.line, { text: '', attachments, clientId: randomUUID() });
  }

  /** Presses a button of the last message. */
  async presses(title: string): Promise<Exchange> {
    const choice = (await this.lastMessage()).choices.find((one) => one.title === title);
    if (!choice) throw new Error(`No button "${title}" to press.`);
    return this.says(choice.value);
  }

  /** Resolves when the bot speaks next, unasked. */
  nextFromBot(): Promise<void> {
    const { id, signals } = this.line;
    return new Promise((resolve) => {
      const stop = signals.listen((signal) => {
        if (signal.kind !== 'saved' || signal.conversation.id !== id) return;
        if (!signal.entries.some(({ author }) => author.role === 'bot')) return;
        stop();
        resolve();
      });
    });
  }

  /** Presses a thumb under the last answer, as the chat window has them. */
  async judges(articleId: string, helpful: boolean): Promise<void> {
    const { id, log, now } = this.line;
    const { seq: about, question } = (await this.conversation()).memory.judgeable as Judgeable;
    const clientId = randomUUID();
    saved(await log.write(id, { kind: 'customer_judged', at: now(), about, articleId, question, helpful, clientId }));
  }

  async cancelsWaiting(): Promise<void> {
    saved(await this.line.log.write(this.line.id, { kind: 'customer_cancelled', at: this.line.now() }));
  }

  async hears(expected: string | RegExp): Promise<void> {
    expect((await this.lastMessage()).text).toMatch(pattern(expected));
  }

  async conversation(): Promise<Conversation> {
    return (await this.line.log.find(this.line.id)) as Conversation;
  }

  async is(status: Status): Promise<void> {
    expect((await this.conversation()).status).toBe(status);
  }

  /** The whole log, private notes included. */
  entries(): Promise<readonly Entry[]> {
    return this.line.log.read(this.line.id, 0, 1_000);
  }

  private async lastMessage(): Promise<Message> {
    const messages = (await this.entries()).filter(isPublicMessage);
    return messages.at(-1) as Message;
  }
}

type Said = Pick<Message, 'text' | 'attachments'> & { readonly clientId: string };

/** One thing the customer said, and what came of it. Each expectation runs the exchange once. */
export class Exchange {
  private readonly line: Line;
  private readonly said: Said;
  private result: Promise<readonly Entry[]> | null = null;

  constructor(line: Line, said: Said) {
    this.line = line;
    this.said = said;
  }

  /** The bot's last message contains the text. */
  async gets(expected: string | RegExp): Promise<this> {
    expect((await this.replies()).map((reply) => reply.text).join('\n')).toMatch(pattern(expected));
    return this;
  }

  /** An article, by id, with its title on top, follow-ups and the question whether it helped. */
  async getsArticle(articleId: string): Promise<this> {
    const reply = (await this.replies()).at(-1);
    expect(reply?.understanding).toMatchObject({ outcome: 'answer', articleId });
    expect(reply?.choices.filter(({ kind }) => kind === 'feedback')).toHaveLength(2);
    return this;
  }

  async getsButtons(...titles: string[]): Promise<this> {
    const reply = (await this.replies()).at(-1);
    expect(reply?.choices.map(({ title }) => title)).toEqual(expect.arrayContaining(titles));
    return this;
  }

  async isHandedOver(reason: HandoffReason): Promise<this> {
    const change = (await this.run()).find((entry) => entry.kind === 'status');
    expect(change).toMatchObject({ to: 'queued', cause: 'handoff', reason });
    return this;
  }

  async isNotHandedOver(): Promise<this> {
    expect((await this.run()).filter((entry) => entry.kind === 'status')).toEqual([]);
    return this;
  }

  async isRecordedAs(verdict: Partial<Judgement>): Promise<this> {
    expect((await this.run()).find((entry) => entry.kind === 'verdict')).toMatchObject(verdict);
    return this;
  }

  async getsSilence(): Promise<this> {
    expect((await this.replies()).map((reply) => reply.text)).toEqual([]);
    return this;
  }

  async isKept(): Promise<this> {
    await this.run();
    return this;
  }

  private async replies(): Promise<readonly Message[]> {
    return (await this.run()).filter(isPublicMessage).filter(({ author }) => author.role === 'bot');
  }

  private run(): Promise<readonly Entry[]> {
    this.result ??= this.exchange();
    return this.result;
  }

  private async exchange(): Promise<readonly Entry[]> {
    const { id, log, signals, now } = this.line;
    const { clientId, ...content } = this.said;
    const draft = { ...content, format: 'plain' as const, choices: [], understanding: null };
    const dealtWith = new Promise<void>((resolve) => {
      const stop = signals.listen((signal) => {
        if (signal.kind !== 'saved' || signal.conversation.id !== id) return;
        const { status, botCursor, customerSeq } = signal.conversation;
        if (status === 'bot' && botCursor < customerSeq) return;
        stop();
        resolve();
      });
    });
    const written = await log.write(id, { kind: 'customer_wrote', at: now(), draft, clientId, channelData: null });
    if (written.kind === 'duplicate') return [];
    const { entries } = saved(written);
    await dealtWith;
    return log.read(id, entries.at(-1)?.seq ?? 0, 1_000);
  }
}

export class Agent {
  readonly person: { readonly id: string; readonly name: string };
  private readonly log: ConversationLog;
  private readonly now: () => number;

  constructor(name: string, log: ConversationLog, now: () => number) {
    this.person = { id: `agent-${name}`, name };
    this.log = log;
    this.now = now;
  }

  claims(customer: Customer): Promise<Written> {
    return this.does(customer, () => ({ kind: 'claimed', at: this.now(), agent: this.person }));
  }

  says(customer: Customer, text: string): Promise<Written> {
    const draft = { text, format: 'plain' as const, attachments: [], choices: [], understanding: null };
    return this.does(customer, ({ version }) => {
      return { kind: 'agent_wrote', at: this.now(), agent: this.person, version, draft, clientId: randomUUID() };
    });
  }

  notes(customer: Customer, text: string): Promise<Written> {
    return this.does(customer, () => {
      return { kind: 'agent_noted', at: this.now(), agent: this.person, text, clientId: randomUUID() };
    });
  }

  transfers(customer: Customer, to: 'queue' | 'bot', note: string | null = null, onScreen?: number): Promise<Written> {
    return this.does(customer, ({ version, seq }) => {
      const seen = onScreen ?? seq;
      return { kind: 'transferred', at: this.now(), agent: this.person, version, seen, to: { kind: to }, note };
    });
  }

  /** `onScreen` is the last entry the agent has seen; everything, unless said. */
  resolves(customer: Customer, onScreen?: number): Promise<Written> {
    return this.does(customer, ({ version, seq }) => {
      return { kind: 'resolved', at: this.now(), agent: this.person, version, seen: onScreen ?? seq };
    });
  }

  private async does(customer: Customer, event: (seen: Conversation) => ConversationEvent): Promise<Written> {
    return this.log.write(customer.line.id, event(await customer.conversation()));
  }
}

function saved(written: Written): Extract<Written, { kind: 'saved' }> {
  if (written.kind !== 'saved') throw new Error(`Expected to be saved, was ${written.kind}.`);
  return written;
}

function isPublicMessage(entry: Entry): entry is Message {
  return entry.kind === 'message' && !entry.private;
}

function pattern(expected: string | RegExp): RegExp {
  return typeof expected === 'string' ? new RegExp(expected.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')) : expected;
}
