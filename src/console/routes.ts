import { z } from 'zod';
import type { Conversation } from '../conversation/conversation.ts';
import type { ConversationLog, ListFilter } from '../conversation/log.ts';
import type { Signals } from '../conversation/signals.ts';
import { ConflictError, NotFoundError } from '../errors.ts';
import type { Agent, Presence } from '../handoff/agents.ts';
import { briefOf } from '../handoff/brief.ts';
import type { Desk, Done, NotDone } from '../handoff/desk.ts';
import { bytes, json, text, wellFormed, type Answer, type Mountable } from '../http.ts';
import {
  conversationAnswer,
  doneAnswer,
  entriesAnswer,
  listAnswer,
  sessionAnswer,
  writtenAnswer,
  type ListAnswer,
  type WrittenAnswer,
} from './api.ts';
import { knowledgeTable, type KnowledgeNeeds } from './knowledge-routes.ts';
import { entriesLimit, listLimit, maxText, views, type View } from './limits.ts';
import { createLive, systemTimers, type Live, type Timers } from './live.ts';
import { openApiOf } from './openapi.ts';
import { presentAgent, presentBrief, presentConversation, presentEntry, presentSummary } from './presenters.ts';
import { Headed, jsonRoute, mountTable, otherRoute, type Route } from './route.ts';
import { createSessions, type SessionAccounts, type Sessions } from './session.ts';

/** A file a customer or an agent sent. */
export type OpenedUpload = {
  readonly conversationId: string;
  readonly name: string;
  readonly contentType: string;
  bytes(): Promise<Buffer>;
};

export type ConsoleNeeds = {
  readonly log: Pick<ConversationLog, 'find' | 'list' | 'read'>;
  readonly desk: Pick<Desk, 'claim' | 'say' | 'note' | 'transfer' | 'resolve'>;
  readonly accounts: SessionAccounts;
  readonly presence: Presence;
  readonly signals: Signals;
  readonly uploads: { open(id: string): Promise<OpenedUpload | null> };
  readonly knowledge: KnowledgeNeeds;
  /** The address agents type; the cookie is secure when it is https. */
  readonly publicUrl: string;
  readonly now: () => number;
  readonly timers?: Timers;
  /** Told of a failure in what nobody waits for. */
  readonly failed: (error: unknown) => void;
};

/** The agents' API under /api/console, and its description at /api/openapi.json. */
export function createConsole(needs: ConsoleNeeds): Mountable {
  const { accounts, publicUrl, signals, presence, timers = systemTimers, failed } = needs;
  const sessions = createSessions({ accounts, secure: new URL(publicUrl).protocol === 'https:' });
  const live = createLive({ signals, presence, isAlive: (token) => sessions.isAlive(token), timers, failed });
  const table = consoleTable({ ...needs, sessions, live });
  return {
    mount: (routes) => mountTable(table, routes, { sessions, publicUrl }),
    drain: () => live.close(),
  };
}

type TableNeeds = ConsoleNeeds & { readonly sessions: Sessions; readonly live: Live };

/** Every route there is, each with who may use it. */
function consoleTable(needs: TableNeeds): readonly Route[] {
  const { desk, log, live, sessions } = needs;
  const table: readonly Route[] = [
    jsonRoute(
      ['POST /api/console/session', 'anyone', 'Sign in'],
      { body: signInBody, answer: sessionAnswer },
      async ({ request, body, session }) => {
        const { agent, headers } = await sessions.signIn(request, body);
        if (session) live.endSession(session);
        return new Headed({ agent: presentAgent(agent) }, headers);
      },
    ),
    jsonRoute(
      ['GET /api/console/session', 'signed_in', 'Who am I'],
      { answer: sessionAnswer },
      ({ session: { agent } }) => ({ agent: presentAgent(agent) }),
    ),
    jsonRoute(['DELETE /api/console/session', 'signed_in', 'Sign out'], { answer: doneAnswer }, async ({ session }) => {
      const headers = await sessions.signOut(session);
      live.endSession(session);
      return new Headed({ ok: true }, headers);
    }),
    jsonRoute(
      ['GET /api/console/conversations', 'serving', 'List conversations'],
      { query: listQuery, answer: listAnswer },
      ({ query, session }) => listView(needs, query.view, session.agent),
    ),
    jsonRoute(
      ['GET /api/console/conversations/:id', 'serving', 'A conversation and its handoff brief'],
      { params: conversationParams, answer: conversationAnswer },
      async ({ params }) => {
        const conversation = found(await log.find(params.id));
        const entries = await latestEntries(log, conversation);
        return {
          conversation: presentConversation(conversation),
          brief: presentBrief(briefOf(conversation, entries), conversation),
        };
      },
    ),
    jsonRoute(
      ['GET /api/console/conversations/:id/entries', 'serving', 'The log after a seq, private notes included'],
      { params: conversationParams, query: entriesQuery, answer: entriesAnswer },
      async ({ params, query }) => {
        const entries = await log.read(params.id, query.after, entriesLimit);
        // Read after the entries, so that a seq it promises is never below what was given.
        const conversation = found(await log.find(params.id));
        return { conversation: presentConversation(conversation), entries: entries.map(presentEntry) };
      },
    ),
    jsonRoute(
      ['POST /api/console/conversations/:id/claim', 'serving', 'Take a waiting conversation'],
      { params: conversationParams, answer: writtenAnswer },
      async ({ params, session }) => written(await desk.claim({ agent: session.agent, conversationId: params.id })),
    ),
    jsonRoute(
      ['POST /api/console/conversations/:id/messages', 'serving', 'Say something to the customer; the owner only'],
      { params: conversationParams, body: messageBody, answer: writtenAnswer },
      async ({ params, body, session }) =>
        written(await desk.say({ agent: session.agent, conversationId: params.id, ...body })),
    ),
    jsonRoute(
      ['POST /api/console/conversations/:id/notes', 'serving', 'Leave a private note'],
      { params: conversationParams, body: noteBody, answer: writtenAnswer },
      async ({ params, body, session }) =>
        written(await desk.note({ agent: session.agent, conversationId: params.id, ...body })),
    ),
    jsonRoute(
      ['POST /api/console/conversations/:id/typing', 'serving', 'Tell the customer that the owner is typing'],
      { params: conversationParams, answer: doneAnswer },
      ({ params, session }) => tellTyping(needs, params.id, session.agent),
    ),
    jsonRoute(
      ['POST /api/console/conversations/:id/transfer', 'serving', 'Give back to the queue or the bot; the owner only'],
      { params: conversationParams, body: transferBody, answer: writtenAnswer },
      async ({ params, body: { to, version, seen, note = null }, session }) =>
        written(await desk.transfer({ agent: session.agent, conversationId: params.id, to, version, seen, note })),
    ),
    jsonRoute(
      ['POST /api/console/conversations/:id/resolve', 'serving', 'End the conversation; the owner only'],
      { params: conversationParams, body: z.strictObject({ version, seen }), answer: writtenAnswer },
      async ({ params, body, session }) =>
        written(await desk.resolve({ agent: session.agent, conversationId: params.id, ...body })),
    ),
    otherRoute(
      ['GET /api/console/uploads/:id', 'serving', 'A file of a conversation'],
      { params: z.strictObject({ id: z.string().min(1).max(200) }), answer: 'application/octet-stream' },
      ({ params }) => sendUpload(needs, params.id),
    ),
    otherRoute(
      [
        'GET /api/console/events',
        'serving',
        'Server-sent events: changed, typing, presence. Hints: the log is the truth',
      ],
      { answer: 'text/event-stream' },
      ({ session }) => live.open(session),
    ),
    ...knowledgeTable(needs.knowledge, needs),
    otherRoute(['GET /api/openapi.json', 'anyone', 'This description'], { answer: 'application/json' }, () =>
      json(200, openApiOf(table)),
    ),
  ];
  return table;
}

const signInBody = z.strictObject({ email: text({ min: 1, max: 254 }), password: z.string().min(1).max(1024) });
const listQuery = z.strictObject({
  view: z
    .enum(views)
    .default('queue')
    .describe('`queue`: who waits; `mine`: assigned to who asks; `all`: whatever is not resolved; `resolved`.'),
});
const conversationParams = z.strictObject({ id: z.string().min(1).max(200) });
const entriesQuery = z.strictObject({ after: z.coerce.number().int().min(0).default(0) });
const typed = text({ max: maxText }).refine((value) => value.trim() !== '', 'Write something.');
const clientId = z
  .string()
  .max(64)
  .regex(/^[\w-]+$/, 'Use letters, digits, - and _.');
const version = z.int().min(0).describe('Of the conversation as the agent last saw it.');
const seen = z.int().min(0).describe('Seq of the last entry the agent saw.');
const messageBody = z.strictObject({ text: typed, clientId, version });
const noteBody = z.strictObject({ text: typed, clientId });
const transferBody = z.strictObject({
  to: z.enum(['queue', 'bot']),
  version,
  seen,
  note: text({ max: maxText }).optional(),
});

async function listView({ log, presence, now }: ConsoleNeeds, view: View, agent: Agent): Promise<ListAnswer> {
  const lists = await Promise.all(
    views.map(async (each) => [each, await log.list({ ...filterOf(each, agent), limit: listLimit })] as const),
  );
  const by = Object.fromEntries(lists) as Record<View, (typeof lists)[number][1]>;
  return {
    conversations: by[view].map(presentSummary),
    counts: {
      queue: by.queue.length,
      mine: by.mine.length,
      all: by.all.length,
      resolved: by.resolved.length,
    },
    agentsOnline: await presence.onlineAgents(),
    now: now(),
  };
}

function filterOf(view: View, agent: Agent): Omit<ListFilter, 'limit'> {
  switch (view) {
    case 'queue':
      return { statuses: ['queued'] };
    case 'mine':
      return { statuses: ['assigned'], agentId: agent.id };
    case 'all':
      return { statuses: ['bot', 'queued', 'assigned'] };
    case 'resolved':
      return { statuses: ['resolved'] };
  }
}

/** How far back a brief looks: a handoff speaks of what was just tried. */
const briefLooksBack = 1000;

function latestEntries(log: ConsoleNeeds['log'], { id, seq }: Conversation) {
  return log.read(id, Math.max(0, seq - briefLooksBack), briefLooksBack);
}

function found(conversation: Conversation | null): Conversation {
  if (!conversation) throw new NotFoundError('There is no such conversation.');
  return conversation;
}

/** What the desk did; what it did not do becomes an error that says why. */
function written(outcome: Done<string> | NotDone): WrittenAnswer {
  if ('entries' in outcome) {
    return { conversation: presentConversation(outcome.conversation), entries: outcome.entries.map(presentEntry) };
  }
  switch (outcome.kind) {
    case 'unknown':
      throw new NotFoundError('There is no such conversation.');
    case 'taken':
      throw new ConflictError('taken', `${outcome.by} has this conversation.`);
    case 'not_waiting':
      throw new ConflictError('not_waiting', 'The customer is not waiting in the queue.');
    case 'not_yours':
      throw new ConflictError('not_yours', 'You do not have this conversation. Claim it first.');
    case 'stale':
      throw new ConflictError('stale', 'The conversation has changed since you looked. Read it anew.');
  }
}

async function tellTyping({ log, signals }: ConsoleNeeds, conversationId: string, agent: Agent) {
  const { status, agentId, agentName } = found(await log.find(conversationId));
  if (status === 'assigned' && agentId !== agent.id) {
    throw new ConflictError('taken', `${agentName ?? 'A colleague'} has this conversation.`);
  }
  if (status !== 'assigned') throw new ConflictError('not_yours', 'You do not have this conversation. Claim it first.');
  signals.emit({ kind: 'typing', conversationId, author: { role: 'agent', id: agent.id, name: agent.name } });
  return { ok: true } as const;
}

/** Types a browser may show in place; anything else is offered for download and never interpreted. */
const shownInPlace = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];

async function sendUpload({ uploads, log }: ConsoleNeeds, id: string): Promise<Answer> {
  const upload = await uploads.open(id);
  if (!upload || !(await log.find(upload.conversationId))) throw new NotFoundError('There is no such file.');
  const inPlace = shownInPlace.includes(upload.contentType);
  return bytes(200, await upload.bytes(), {
    'content-type': inPlace ? upload.contentType : 'application/octet-stream',
    'content-disposition': `${inPlace ? 'inline' : 'attachment'}; filename*=UTF-8''${percentEncoded(upload.name)}`,
    'content-security-policy': "default-src 'none'; sandbox",
    'cache-control': 'private, max-age=3600',
  });
}

/** As RFC 8187 wants it: encodeURIComponent leaves four characters that are not allowed there. */
function percentEncoded(name: string): string {
  return encodeURIComponent(wellFormed(name)).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
