import pino from 'pino';
import type { FitStore } from '../../src/answering/learning/fits.ts';
import type { GapsAnswer, KnowledgeAnswer, ProposalsAnswer } from '../../src/console/knowledge-api.ts';
import type { ConversationAnswer, EntriesAnswer, ListAnswer, SessionAnswer } from '../../src/console/api.ts';
import { createConsole, type ConsoleNeeds, type OpenedUpload } from '../../src/console/routes.ts';
import type { Timers } from '../../src/console/live.ts';
import type { Conversation, HandoffReason } from '../../src/conversation/conversation.ts';
import type { ConversationLog } from '../../src/conversation/log.ts';
import { announcing, createSignals, type Signals } from '../../src/conversation/signals.ts';
import type { ConversationEvent } from '../../src/conversation/transition.ts';
import { emptyMemory } from '../../src/conversation/conversation.ts';
import { createAccounts, createPresence, type Accounts, type Agent, type Role } from '../../src/handoff/agents.ts';
import { createDesk } from '../../src/handoff/desk.ts';
import { createPasswords } from '../../src/handoff/passwords.ts';
import { createServer } from '../../src/server.ts';
import { openStorage } from '../../src/storage/storage.ts';
import { draft, understanding } from '../support/conversations.ts';
import { memoryLog } from '../support/memory-log.ts';
import { scriptedKnowledge, type ScriptedKnowledge } from './scripted-knowledge.ts';

/** The console over real HTTP, on a log and accounts that live as long as the test. */
export type OpenConsole = {
  readonly url: string;
  readonly log: ConversationLog;
  readonly signals: Signals;
  readonly knowledge: Mutable<ScriptedKnowledge>;
  readonly fits: FitStore;
  readonly accounts: Accounts;
  readonly agents: Readonly<Record<'li' | 'zhou' | 'editor', Agent>>;
  readonly timers: HandTimers;
  readonly failures: unknown[];
  readonly clock: { now: number };
  /** A conversation in the queue, after one question that was answered and one that was not. */
  queued(id: string, options?: { reason?: HandoffReason }): Promise<Conversation>;
  /** A conversation an agent has. */
  assigned(id: string, agent: Agent): Promise<Conversation>;
  write(id: string, event: ConversationEvent): Promise<Conversation>;
  /** The browser of somebody who signed in. */
  signIn(who: 'li' | 'zhou' | 'editor'): Promise<Visitor>;
  /** A browser without a session. */
  visitor(): Visitor;
  close(): Promise<void>;
};

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

export type Visitor = {
  cookie: string | null;
  get(path: string): Promise<Reply>;
  send(method: string, path: string, body?: unknown, options?: SendOptions): Promise<Reply>;
};

export type SendOptions = { readonly origin?: string | null; readonly raw?: string; readonly type?: string };

export type Reply = { readonly status: number; readonly body: Body; readonly headers: Headers };

/** What the console answers, whichever route: a test looks at what it asked for. */
export type Body = SessionAnswer &
  ListAnswer &
  ConversationAnswer &
  EntriesAnswer &
  KnowledgeAnswer &
  GapsAnswer &
  ProposalsAnswer & {
    readonly error: {
      readonly code: string;
      readonly message: string;
      readonly issues: readonly { readonly path: string; readonly message: string }[];
    };
  };

export const password = 'a-good-password';

export async function openConsole(publicUrl = 'http://127.0.0.1'): Promise<OpenConsole> {
  const storage = await openStorage('sqlite::memory:');
  const signals = createSignals();
  const log = announcing(memoryLog(), signals);
  const timers = handTimers();
  const failures: unknown[] = [];
  const knowledge = scriptedKnowledge();
  const clock = { now: Date.UTC(2026, 0, 5, 2, 0, 0) };
  const now = () => clock.now;
  const passwords = createPasswords({ cost: 2 ** 4 });
  const accounts = createAccounts({ agents: storage.agents, sessions: storage.sessions, passwords, now });
  const needs: Omit<ConsoleNeeds, 'publicUrl'> = {
    log,
    desk: createDesk({ log, now }),
    accounts,
    presence: createPresence({ agents: storage.agents, now }),
    signals,
    uploads: { open: (id) => Promise.resolve(uploads[id] ?? null) },
    knowledge: {
      ...knowledge,
      calibration: () => knowledge.calibration(),
      fits: storage.fits,
    },
    now,
    timers,
    failed: (error) => failures.push(error),
  };
  const server = await createServer({
    mountables: [createConsole({ ...needs, publicUrl })],
    publicUrl,
    pagesDir: null,
    ready: () => true,
    metrics: { contentType: 'text/plain', metrics: () => Promise.resolve('') },
    observe: () => undefined,
    log: pino({ level: 'silent' }),
  });
  const port = await server.listen(0, '127.0.0.1');
  const url = `http://127.0.0.1:${port}`;

  const desk: OpenConsole = {
    url,
    log,
    signals,
    knowledge,
    fits: storage.fits,
    accounts,
    agents: {
      li: await add('li', 'agent'),
      zhou: await add('zhou', 'supervisor'),
      editor: await add('editor', 'editor'),
    },
    timers,
    failures,
    clock,
    write: async (id, event) => {
      const written = await log.write(id, event);
      if (written.kind !== 'saved') throw new Error(`${event.kind} was ${written.kind}`);
      return written.conversation;
    },
    queued: async (id, { reason = 'low_confidence' } = {}) => {
      const at = clock.now;
      await log.start({ id, channel: 'webchat', customerId: `u-${id}`, customerName: '王芳', locale: 'zh-Hans' }, at);
      await customerSays(id, '运费多少');
      await botReplies(id, null);
      await customerSays(id, '能寄到月球吗');
      return botReplies(id, reason);
    },
    assigned: async (id, { id: agentId, name }) => {
      await desk.queued(id);
      return desk.write(id, { kind: 'claimed', at: clock.now, agent: { id: agentId, name } });
    },
    visitor: () => visitor(url, publicUrl),
    signIn: async (who) => {
      const browser = visitor(url, publicUrl);
      const { status } = await browser.send('POST', '/api/console/session', { email: `${who}@shop.cn`, password });
      if (status !== 200) throw new Error(`${who} could not sign in: ${status}`);
      return browser;
    },
    close: async () => {
      await server.stop(500);
      await storage.close();
    },
  };

  async function add(name: string, role: Role): Promise<Agent> {
    const added = await accounts.add({ email: `${name}@shop.cn`, name, role, password });
    if (added.kind !== 'added') throw new Error(`${name} exists already`);
    return added.agent;
  }

  function customerSays(id: string, text: string): Promise<Conversation> {
    return desk.write(id, {
      kind: 'customer_wrote',
      at: (clock.now += 1000),
      draft: draft(text),
      clientId: `${id}-${text}`,
      channelData: { secret: 'of the page' },
    });
  }

  async function botReplies(id: string, reason: HandoffReason | null): Promise<Conversation> {
    const conversation = await log.find(id);
    const seen = understanding();
    const unseen = understanding({
      question: '能寄到月球吗',
      outcome: 'handoff',
      articleId: null,
      confidence: 0.2,
      candidates: [{ articleId: 'overseas', title: '海外配送', confidence: 0.2 }],
      unmatched: ['月球'],
    });
    return desk.write(id, {
      kind: 'bot_took_turn',
      at: (clock.now += 1000),
      cursor: conversation?.botCursor ?? 0,
      through: conversation?.customerSeq ?? 0,
      replies: [reason ? draft('为您转人工') : draft('**十元**', { format: 'markdown', understanding: seen })],
      memory: emptyMemory,
      handoff: reason ? { reason, understanding: unseen } : null,
      verdict: null,
    });
  }

  return desk;
}

function visitor(url: string, publicUrl: string): Visitor {
  const call = async (method: string, path: string, init: RequestInit): Promise<Reply> => {
    const headers = {
      ...(init.headers as Record<string, string>),
      ...(browser.cookie ? { cookie: browser.cookie } : {}),
    };
    const response = await fetch(url + path, { ...init, method, headers });
    const [setCookie] = response.headers.getSetCookie();
    if (setCookie) browser.cookie = setCookie.includes('Max-Age=0') ? null : (setCookie.split(';')[0] ?? null);
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json');
    return { status: response.status, body: (isJson ? JSON.parse(text) : text) as Body, headers: response.headers };
  };
  const browser: Visitor = {
    cookie: null,
    get: (path) => call('GET', path, {}),
    send: (method, path, body, { origin = publicUrl, raw, type = 'application/json' } = {}) => {
      const text = raw ?? (body === undefined ? undefined : JSON.stringify(body));
      return call(method, path, {
        headers: { ...(origin ? { origin } : {}), ...(text === undefined ? {} : { 'content-type': type }) },
        ...(text === undefined ? {} : { body: text }),
      });
    },
  };
  return browser;
}

/** Timers a test runs by hand. */
export type HandTimers = Timers & { tick(): void; runPending(): void };

function handTimers(): HandTimers {
  const repeating = new Set<() => void>();
  const pending = new Set<() => void>();
  const add = (to: Set<() => void>, run: () => void) => {
    to.add(run);
    return () => void to.delete(run);
  };
  return {
    every: (_ms, run) => add(repeating, run),
    after: (_ms, run) => add(pending, run),
    tick: () => repeating.forEach((run) => run()),
    runPending: () => {
      const due = [...pending];
      pending.clear();
      for (const run of due) run();
    },
  };
}

const uploads: Record<string, OpenedUpload> = {
  photo: {
    conversationId: 'c1',
    name: '照片 (1).png',
    contentType: 'image/png',
    bytes: () => Promise.resolve(Buffer.from('png')),
  },
  page: {
    conversationId: 'c1',
    name: 'evil.html',
    contentType: 'text/html',
    bytes: () => Promise.resolve(Buffer.from('<script>alert(1)</script>')),
  },
  orphan: {
    conversationId: 'gone',
    name: 'x.png',
    contentType: 'image/png',
    bytes: () => Promise.resolve(Buffer.from('x')),
  },
};
