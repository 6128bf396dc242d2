import type { Activity, TurnContext } from 'botbuilder';
import { botOwesAnswer, type Conversation, type Entry, type Message } from '../conversation/conversation.ts';
import type { ConversationLog, Written } from '../conversation/log.ts';
import type { Signals } from '../conversation/signals.ts';
import { theBot } from '../conversation/entries.ts';
import type { ConversationEvent } from '../conversation/events.ts';
import type { TurnOutcome } from '../conversation/turn.ts';
import { InProcessAdapter } from './bot-adapter.ts';

/** The bot as its turns need it: an ActivityHandler, and what to say when that one throws. */
export type TurnTaker = {
  run(context: TurnContext): Promise<void>;
  /** The outcome of a turn in which the bot broke: an apology and a handoff. */
  giveUp(conversation: Conversation): Promise<TurnOutcome>;
};

export type BotTurnsOptions = {
  readonly log: ConversationLog;
  readonly signals: Signals;
  readonly bot: TurnTaker;
  now(): number;
  /** Told of every turn taken, refused or failed; must not throw. */
  readonly observe: (event: TurnEvent) => void;
  /** Calls back later, for another try after the database failed. Returns the way to cancel it. */
  readonly later: (callback: () => void, milliseconds: number) => () => void;
};

export type TurnEvent =
  | {
      readonly kind: 'taken';
      readonly conversationId: string;
      readonly outcome: TurnOutcome;
      readonly milliseconds: number;
    }
  | { readonly kind: 'overtaken'; readonly conversationId: string }
  | { readonly kind: 'bot_failed'; readonly conversationId: string; readonly error: unknown }
  | { readonly kind: 'not_saved'; readonly conversationId: string; readonly error: unknown };

export type BotTurns = {
  /** Takes up what a stopped process left unanswered. Resolves when those turns are under way. */
  resume(): Promise<void>;
  /** Says the first words, unless something was said already. */
  greet(conversation: Conversation): Promise<void>;
  /** Takes no new turns and resolves when those under way are saved. What is left, `resume` finds. */
  stop(): Promise<void>;
};

/** First and longest pause before a turn that could not be saved is tried again. */
const retryPause = { first: 250, longest: 5_000 };

/** A conversation as it was seen, with the customer message that came with it, if one did. */
type Seen = { readonly conversation: Conversation; readonly next: Message | null };

/** How many entries one look at the log brings. */
const entriesAtOnce = 100;

/**
 * The bot is a reader of the log with a cursor of its own. It is woken by signals, takes the messages of a conversation
 * in order and one at a time, and saves replies, cursor, memory and handoff in one event, which the log refuses if a
 * person took over meanwhile. Different conversations do not wait for each other.
 */
export function createBotTurns(options: BotTurnsOptions): BotTurns {
  const { log, signals, observe } = options;
  const adapter = new InProcessAdapter();
  const running = new Map<string, Promise<void>>();
  const woken = new Set<string>();
  const greetings = new Set<Promise<void>>();
  /** Of conversations whose last turn was not saved: how to call the next try off, and how long to wait for it. */
  const retries = new Map<string, () => void>();
  const pauses = new Map<string, number>();
  let stopped = false;

  const stopListening = signals.listen((signal) => {
    if (signal.kind !== 'saved' || !botOwesAnswer(signal.conversation)) return;
    const { conversation, entries } = signal;
    wake(conversation.id, () => Promise.resolve({ conversation, next: entries.find(isFromCustomer) ?? null }));
  });

  /** `look` brings the conversation to begin with. It may be stale: what is decided on a stale one is refused and decided anew. */
  function wake(id: string, look: () => Promise<Seen | null> = () => find(id)): void {
    if (stopped) return;
    if (running.has(id)) {
      woken.add(id);
      return;
    }
    const work = workOff(id, look).finally(() => {
      running.delete(id);
      if (woken.delete(id)) wake(id);
    });
    running.set(id, work);
  }

  async function find(id: string): Promise<Seen | null> {
    const conversation = await log.find(id);
    return conversation && { conversation, next: null };
  }

  async function workOff(id: string, look: () => Promise<Seen | null>): Promise<void> {
    try {
      let seen = await look();
      while (!stopped && seen && botOwesAnswer(seen.conversation)) seen = await takeNextTurn(seen);
      pauses.delete(id);
    } catch (error) {
      observe({ kind: 'not_saved', conversationId: id, error });
      retryLater(id);
    }
  }

  function retryLater(id: string): void {
    if (stopped || retries.has(id)) return;
    const pause = pauses.get(id) ?? retryPause.first;
    pauses.set(id, Math.min(pause * 2, retryPause.longest));
    const cancel = options.later(() => {
      retries.delete(id);
      wake(id, () => announceAgain(id));
    }, pause);
    retries.set(id, cancel);
  }

  /** A turn that failed while it was saved may be in the log all the same (the answer of the database got lost): whoever reads it must look. */
  async function announceAgain(id: string): Promise<Seen | null> {
    const seen = await find(id);
    if (seen) signals.emit({ kind: 'saved', conversation: seen.conversation, entries: [] });
    return seen;
  }

  /** Takes one turn and returns the conversation after it; null when there is nothing to say. */
  async function takeNextTurn({ conversation, next }: Seen): Promise<Seen | null> {
    const isNext = next?.seq === conversation.botCursor + 1;
    const message = isNext ? next : await nextMessage(conversation);
    if (!message) return null;
    const began = performance.now();
    const outcome = await decide(conversation, message.seq, messageActivity(conversation, message));
    const written = await save(conversation, message.seq, { outcome, began });
    return written.kind === 'saved' ? { conversation: written.conversation, next: null } : find(conversation.id);
  }

  /** The first customer message behind the cursor. Any number of verdicts and notes may stand before it. */
  async function nextMessage({ id, botCursor }: Conversation): Promise<Message | null> {
    for (let after = botCursor; ; after += entriesAtOnce) {
      const entries = await log.read(id, after, entriesAtOnce);
      const message = entries.find(isFromCustomer);
      if (message) return message;
      if (entries.length < entriesAtOnce) return null;
    }
  }

  async function decide(conversation: Conversation, seq: number, activity: Partial<Activity>): Promise<TurnOutcome> {
    try {
      const { memory } = conversation;
      return await adapter.collectTurn(activity, { memory, seq }, (context) => options.bot.run(context));
    } catch (error) {
      observe({ kind: 'bot_failed', conversationId: conversation.id, error });
      return options.bot.giveUp(conversation);
    }
  }

  async function sayHello(conversation: Conversation): Promise<void> {
    const began = performance.now();
    await save(conversation, 0, { outcome: await decide(conversation, 0, arrivalActivity(conversation)), began });
  }

  async function save(
    conversation: Conversation,
    through: number,
    turn: { readonly outcome: TurnOutcome; readonly began: number },
  ): Promise<Written> {
    const { outcome, began } = turn;
    const written = await log.write(conversation.id, turnEvent(conversation, through, outcome, options.now()));
    observe(
      written.kind === 'saved'
        ? { kind: 'taken', conversationId: conversation.id, outcome, milliseconds: performance.now() - began }
        : { kind: 'overtaken', conversationId: conversation.id },
    );
    return written;
  }

  return {
    resume: async () => {
      for (const conversation of await log.unanswered(10_000)) wake(conversation.id);
    },
    greet: async (conversation) => {
      if (stopped || conversation.seq > 0) return;
      const greeting = sayHello(conversation);
      greetings.add(greeting);
      await greeting.finally(() => greetings.delete(greeting));
    },
    stop: async () => {
      stopped = true;
      stopListening();
      for (const cancel of retries.values()) cancel();
      await Promise.allSettled([...running.values(), ...greetings]);
    },
  };
}

function isFromCustomer(entry: Entry): entry is Message {
  return entry.kind === 'message' && entry.author.role === 'customer';
}

function turnEvent(before: Conversation, through: number, outcome: TurnOutcome, at: number): ConversationEvent {
  return { kind: 'bot_took_turn', at, cursor: before.botCursor, through, ...outcome };
}

function addressed(conversation: Conversation): Partial<Activity> {
  const { id, channel, customerId, customerName, locale } = conversation;
  return {
    channelId: channel,
    serviceUrl: '',
    locale,
    conversation: { id, isGroup: false, conversationType: 'personal', name: '' },
    from: { id: customerId, name: customerName ?? '' },
    recipient: { id: theBot.id, name: '' },
  };
}

function messageActivity(conversation: Conversation, message: Message): Partial<Activity> {
  const attachments = message.attachments.map(({ name, contentType }) => ({ name, contentType }));
  return {
    ...addressed(conversation),
    type: 'message',
    id: String(message.seq),
    text: message.text,
    timestamp: new Date(message.at),
    attachments,
  };
}

function arrivalActivity(conversation: Conversation): Partial<Activity> {
  return {
    ...addressed(conversation),
    type: 'conversationUpdate',
    membersAdded: [{ id: conversation.customerId, name: conversation.customerName ?? '' }],
  };
}
