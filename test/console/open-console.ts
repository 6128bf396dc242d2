import pino from 'pino';
import type { FitStore } from '../../src/answering/learning/fits.ts';
import type { GapsAnswer, KnowledgeAnswer, ProposalsAnswer } from '../../src/console/knowledge-api.ts';
import type { ConversationAnswer, EntriesAnswer, ListAnswer, SessionAnswer } from '../../src/console/api.ts';
import { createConsole, type Console, type ConsoleNeeds } from '../../src/console/routes.ts';
import type { MediaStore, OpenedUpload } from '../../src/console/uploads.ts';
import type { Timers } from '../../src/console/live.ts';
import type { Conversation, HandoffReason, Route } from '../../src/conversation/conversation.ts';
import type { ConversationLog } from '../../src/conversation/log.ts';
import { announcing, createSignals, type Signals } from '../../src/conversation/signals.ts';
import type { ConversationEvent } from '../../src/conversation/events.ts';
import { emptyMemory } from '../../src/conversation/conversation.ts';
import { createAccounts, createPresence, type Accounts, type Agent } from '../../src/handoff/agents.ts';
import type { Role } from '../../src/handoff/roles.ts';
import { createAccountEdits } from '../../src/handoff/account-edits.ts';
import { createCannedReplies, type CannedReplies } from '../../src/handoff/canned-replies.ts';
import { createCustomers, type Customers } from '../../src/handoff/customers.ts';
import { createDesk } from '../../src/handoff/desk.ts';
import { createFigures } from '../../src/handoff/figures.ts';
import { createFollowUps, type FollowUps } from '../../src/handoff/follow-ups.ts';
import { createRoster } from '../../src/handoff/roster.ts';
import { createTranscriptSearch, type TranscriptSearch } from '../../src/handoff/search/transcript-search.ts';
import { createDeskSettings, type DeskSettings } from '../../src/handoff/settings/desk-settings.ts';
import { createPasswords } from '../../src/handoff/passwords.ts';
import { createServer } from '../../src/server.ts';
import { openStorage, type Storage } from '../../src/storage/storage.ts';
import { draft, understanding } from '../support/conversations.ts';
import { scriptedKnowledge, type ScriptedKnowledge } from './scripted-knowledge.ts';

/** The console over real HTTP, on a database that lives as long as the test. */
export type OpenConsole = {
  readonly url: string;
  readonly storage: Storage;
  readonly edge: Console;
  readonly settings: DeskSettings;
  readonly customers: Customers;
  readonly cannedReplies: CannedReplies;
  readonly followUps: FollowUps;
  readonly search: TranscriptSearch;
  readonly log: ConversationLog;
  readonly signals: Signals;
  readonly knowledge: Mutable<ScriptedKnowledge>;
  readonly fits: FitStore;
  readonly accounts: Accounts;
  readonly agents: Readonly<Record<Who, Agent>>;
  readonly timers: HandTimers;
  readonly failures: unknown[];
  readonly clock: { now: number };
  /** A conversation in the queue, after one question that was answered and one that was not. */
  queued(id: string, options?: { reason?: HandoffReason; groupId?: string }): Promise<Conversation>;
  /** A conversation an agent has. */
  assigned(id: string, agent: Agent): Promise<Conversation>;
  write(id: string, event: ConversationEvent): Promise<Conversation>;
  /** The browser of somebody who signed in. */
  signIn(who: Who): Promise<Visitor>;
  /** A browser without a session. */
  visitor(): Visitor;
  close(): Promise<void>;
};

/** An agent of no group, one of the group `vip`, a supervisor, an editor. */
export type Who = 'li' | 'wu' | 'zhou' | 'editor';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

export type Visitor = {
  cookie: string | null;
  get<T = Body>(path: string): Promise<Reply<T>>;
  send<T = Body>(method: string, path: string, body?: unknown, options?: SendOptions): Promise<Reply<T>>;
};

export type SendOptions = { readonly origin?: string | null; readonly raw?: string; readonly type?: string };

export type Reply<T = Body> = { readonly status: number; readonly body: T; readonly headers: Headers };

/** What most routes answer, whichever it is: a test looks at what it asked for, or names another answer. */
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
  const log = announcing(storage.log, signals);
  const timers = handTimers();
  const failures: unknown[] = [];
  const knowledge = scriptedKnowledge();
  const clock = { now: Date.UTC(2026, 0, 5, 2, 0, 0) };
  const now = () => clock.now;
  const passwords = createPasswords({ cost: 2 ** 4 });
  const accounts = createAccounts({ agents: storage.agents, sessions: storage.sessions, passwords, now });
  const settings = createDeskSettings({ store: storage.settings, now, warn: (message) => failures.push(message) });
  const roster = createRoster({ agents: storage.agents, now });
  const desksOwn = createDesk({ log, roster, settings: () => settings.current(), now });
  const customers = createCustomers({
    store: storage.customers,
    tags: () => Promise.resolve(settings.current().tags.tags),
    now,
  });
  const cannedReplies = createCannedReplies({ store: storage.cannedReplies, now });
  const followUps = createFollowUps({ store: storage.followUps, now });
  const search = createTranscriptSearch({
    log,
    store: storage.search,
    signals,
    failed: (error) => failures.push(error),
    later: (run) => {
      const soon = setImmediate(run);
      return () => clearImmediate(soon);
    },
  });
  const needs: Omit<ConsoleNeeds, 'publicUrl'> = {
    log,
    desk: desksOwn,
    accounts,
    accountEdits: createAccountEdits({
      agents: storage.agents,
      passwords,
      desk: desksOwn,
      settings: () => settings.current(),
    }),
    agents: storage.agents,
    presence: createPresence({ agents: storage.agents, now }),
    roster,
    settings,
    customers,
    cannedReplies,
    followUps,
    search,
    figures: createFigures({ log, store: storage.figures, settings: () => settings.current(), now }),
    deliveries: storage.deliveries,
    channels: ['webchat'],
    signals,
    uploads: memoryMedia(),
    knowledge: {
      ...knowledge,
      calibration: () => knowledge.calibration(),
      fits: storage.fits,
    },
    now,
    timers,
    failed: (error) => failures.push(error),
  };
  const edge = createConsole({ ...needs, publicUrl });
  const server = await createServer({
    mountables: [edge],
    publicUrl,
    pagesDir: null,
    ready: () => true,
    metrics: { contentType: 'text/plain', metrics: () => Promise.resolve('') },
    observe: () => undefined,
    log: pino({ level: 'silent' }),
  });
  const port = await server.listen(0, '127.0.0.1');
  const url = `http://127.0.0.1:${port}`;

  const groups = [
    { id: 'vip', name: 'VIP', mode: 'auto' as const },
    { id: 'returns', name: '退换货', mode: 'auto' as const },
  ];
  await settings.save('groups', { groups }, { version: 0, agentId: 'test' });
  await settings.save('tags', { tags: [tag] }, { version: 0, agentId: 'test' });

  const desk: OpenConsole = {
    url,
    storage,
    edge,
    settings,
    customers,
    cannedReplies,
    followUps,
    search,
    log,
    signals,
    knowledge,
    fits: storage.fits,
    accounts,
    agents: {
      li: await add('li', 'agent'),
      wu: await add('wu', 'agent', ['vip']),
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
    queued: async (id, { reason = 'low_confidence', groupId } = {}) => {
      const at = clock.now;
      await log.start({ id, channel: 'webchat', customerId: `u-${id}`, customerName: '王芳', locale: 'zh-Hans' }, at);
      await customerSays(id, '运费多少');
      await botReplies(id, null);
      await customerSays(id, '能寄到月球吗');
      return botReplies(id, reason, groupId);
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
      await search.stop();
      await storage.close();
    },
  };

  async function add(name: string, role: Role, groups: readonly string[] = []): Promise<Agent> {
    const added = await accounts.add({ email: `${name}@shop.cn`, name, role, password });
    if (added.kind !== 'added') throw new Error(`${name} exists already`);
    return (await storage.agents.change(added.agent.id, { groups })) ?? added.agent;
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

  async function botReplies(id: string, reason: HandoffReason | null, groupId?: string): Promise<Conversation> {
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
      handoff: reason ? { reason, understanding: unseen, ...(groupId ? { route: routeTo(groupId) } : {}) } : null,
      verdict: null,
    });
  }

  return desk;
}

function visitor(url: string, publicUrl: string): Visitor {
  const call = async <T>(method: string, path: string, init: RequestInit): Promise<Reply<T>> => {
    const headers = {
      ...(init.headers as Record<string, string>),
      ...(browser.cookie ? { cookie: browser.cookie } : {}),
    };
    const response = await fetch(url + path, { ...init, method, headers });
    const [setCookie] = response.headers.getSetCookie();
    if (setCookie) browser.cookie = setCookie.includes('Max-Age=0') ? null : (setCookie.split(';')[0] ?? null);
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json');
    return { status: response.status, body: (isJson ? JSON.parse(text) : text) as T, headers: response.headers };
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

function routeTo(groupId: string): Route {
  return { groupId, priority: 'high', because: [{ kind: 'skill', from: groupId, group: groupId, priority: 'high' }] };
}

const tag = { id: 'vip', name: 'VIP', colour: 'red', priority: 'high' } as const;

/** Keeps files as long as the test. */
function memoryMedia(): MediaStore {
  const saved = new Map<string, OpenedUpload>();
  return {
    save: (data, about) => {
      const [id, size] = [`upload-${saved.size + 1}`, data.byteLength];
      saved.set(id, { ...about, size, bytes: () => Promise.resolve(Buffer.from(data)) });
      return Promise.resolve({ id, size, name: about.name, contentType: about.contentType });
    },
    open: (id) => Promise.resolve(saved.get(id) ?? uploads[id] ?? null),
  };
}

const uploads: Record<string, OpenedUpload> = {
  photo: {
    conversationId: 'c1',
    name: '照片 (1).png',
    contentType: 'image/png',
    size: 3,
    bytes: () => Promise.resolve(Buffer.from('png')),
  },
  page: {
    conversationId: 'c1',
    name: 'evil.html',
    contentType: 'text/html',
    size: 25,
    bytes: () => Promise.resolve(Buffer.from('<script>alert(1)</script>')),
  },
  orphan: {
    conversationId: 'gone',
    name: 'x.png',
    contentType: 'image/png',
    size: 1,
    bytes: () => Promise.resolve(Buffer.from('x')),
  },
};
