import type { z } from 'zod';
import type { FoundArticle } from '../answering/agent-search.ts';
import {
  lookedUp,
  type Attachment,
  type Author,
  type Conversation,
  type Message,
} from '../conversation/conversation.ts';
import type { ConversationLog } from '../conversation/log.ts';
import type { Signals } from '../conversation/signals.ts';
import { ConflictError, InputError, NotFoundError } from '../errors.ts';
import { mayReach } from '../handoff/access.ts';
import type { Agent } from '../handoff/agents.ts';
import { briefOf } from '../handoff/brief.ts';
import type { Customers } from '../handoff/customers.ts';
import type { Desk } from '../handoff/desk.ts';
import type { Settings } from '../handoff/settings/settings.ts';
import { botFrameworkTranscript } from '../handoff/transcripts/bot-framework.ts';
import { htmlTranscript } from '../handoff/transcripts/html.ts';
import { pagesOf } from '../handoff/transcripts/pages.ts';
import { textTranscript } from '../handoff/transcripts/plain-text.ts';
import { bytes, type Answer } from '../http.ts';
import { conversationAnswer, doneAnswer, entriesAnswer, writtenAnswer } from './api.ts';
import {
  assignBody,
  conversationParams,
  customerAnswer,
  customerBody,
  entriesQuery,
  mergeBody,
  messageBody,
  noteBody,
  resolveBody,
  routeBody,
  snoozeBody,
  suggestionsAnswer,
  suggestionsQuery,
  takeoverBody,
  transcriptQuery,
  transferBody,
  uploadAnswer,
  uploadQuery,
} from './desk-api.ts';
import type { KnowledgeNeeds } from './knowledge-routes.ts';
import { presentSuggestion } from './knowledge-presenters.ts';
import { entriesLimit, pastLimit, suggestionLimit } from './limits.ts';
import type { Live } from './live.ts';
import { presentAttachment, presentBrief, presentCustomer } from './presenters.ts';
import { jsonRoute, otherRoute, type Call, type Headed, type Line, type Route, type Shapes } from './route.ts';
import type { Session } from './session.ts';
import { createUploads, type MediaStore } from './uploads.ts';
import { presentEntries, type Views } from './views.ts';

/** What the routes of one conversation ask of the rest. */
export type ConversationNeeds = {
  readonly log: Pick<ConversationLog, 'find' | 'list' | 'read'>;
  readonly desk: Omit<Desk, 'releaseAll'>;
  readonly customers: Pick<Customers, 'find' | 'edit'>;
  readonly settings: () => Pick<Settings, 'hours'>;
  readonly signals: Pick<Signals, 'emit'>;
  readonly uploads: MediaStore;
  readonly knowledge: Pick<KnowledgeNeeds, 'searchForAgents' | 'isForCustomers'>;
  readonly views: Views;
  readonly live: Pick<Live, 'colleagueTyping'>;
  readonly publicUrl: string;
};

/** The routes of one conversation. Every one of them goes through `reached`. */
export function conversationTable(needs: ConversationNeeds): readonly Route[] {
  const { log, desk, customers, views } = needs;
  const on = onConversation(log);
  const uploads = createUploads(needs.uploads);
  return [
    on(
      ['GET /api/console/conversations/:id', 'serving', 'A conversation, its handoff brief and its customer'],
      { answer: conversationAnswer },
      ({ conversation, session }) => conversationView(needs, conversation, session.agent),
    ),
    on(
      ['GET /api/console/conversations/:id/entries', 'serving', 'The log after a seq, private notes included'],
      { query: entriesQuery, answer: entriesAnswer },
      async ({ conversation: { id }, query, session }) => {
        const entries = await log.read(id, query.after, entriesLimit);
        // Read after the entries, so that a seq it promises is never below what was given.
        const conversation = await reached(log, id, session.agent);
        return { conversation: await views.conversation(conversation), entries: presentEntries(entries) };
      },
    ),
    on(
      ['POST /api/console/conversations/:id/claim', 'serving', 'Take a waiting conversation'],
      { answer: writtenAnswer },
      async (call) => views.written(await desk.claim(target(call))),
    ),
    on(
      ['POST /api/console/conversations/:id/messages', 'serving', 'Say something to the customer; the owner only'],
      { body: messageBody, answer: writtenAnswer },
      async (call) => {
        const { article, attachments = [], ...body } = call.body;
        const { id } = call.conversation;
        const said = {
          ...body,
          article: article ? await labelOf(needs, id, article) : null,
          attachments: await attachmentsOf(needs.uploads, id, attachments),
        };
        return views.written(await desk.say({ ...target(call), ...said }));
      },
    ),
    on(
      ['POST /api/console/conversations/:id/notes', 'serving', 'Leave a private note'],
      { body: noteBody, answer: writtenAnswer },
      async (call) => views.written(await desk.note({ ...target(call), ...call.body })),
    ),
    on(
      [
        'POST /api/console/conversations/:id/typing',
        'serving',
        'Tell colleagues that one is typing, and the customer when it is the owner',
      ],
      { answer: doneAnswer },
      ({ conversation, session }) => tellTyping(needs, conversation, session.agent),
    ),
    on(
      [
        'POST /api/console/conversations/:id/transfer',
        'serving',
        'Give it to the queue, a group, a colleague or the bot; the owner only',
      ],
      { body: transferBody, answer: writtenAnswer },
      async (call) => {
        const { note = null, ...body } = call.body;
        return views.written(await desk.transfer({ ...target(call), ...body, note }));
      },
    ),
    on(
      ['POST /api/console/conversations/:id/resolve', 'serving', 'End the conversation; the owner only'],
      { body: resolveBody, answer: writtenAnswer },
      async (call) => views.written(await desk.resolve({ ...target(call), ...call.body })),
    ),
    on(
      ['POST /api/console/conversations/:id/snooze', 'serving', 'Put it off, or take that back; the owner only'],
      { body: snoozeBody, answer: writtenAnswer },
      async (call) => views.written(await desk.snooze({ ...target(call), ...call.body })),
    ),
    on(
      [
        'POST /api/console/conversations/:id/merge',
        'serving',
        'End another conversation of the customer, which goes on in this one; the owner only',
      ],
      { body: mergeBody, answer: writtenAnswer },
      async (call) => views.written(await desk.merge({ ...target(call), ...call.body })),
    ),
    on(
      [
        'POST /api/console/conversations/:id/takeover',
        'serving',
        'Take it from the bot or from among the resolved ones; a supervisor also from a colleague',
      ],
      { body: takeoverBody, answer: writtenAnswer },
      async (call) => views.written(await desk.takeOver({ ...target(call), ...call.body })),
    ),
    on(
      ['POST /api/console/conversations/:id/assign', 'supervising', 'Give it to an agent'],
      { body: assignBody, answer: writtenAnswer },
      async (call) => views.written(await desk.assign({ ...target(call), ...call.body })),
    ),
    on(
      ['POST /api/console/conversations/:id/route', 'serving', 'Say which group it is for, or how urgent it is'],
      { body: routeBody, answer: writtenAnswer },
      async (call) => views.written(await desk.route({ ...target(call), route: call.body })),
    ),
    on(
      ['POST /api/console/conversations/:id/uploads', 'serving', 'Keep an image to send with a message'],
      { raw: 'multipart/form-data', query: uploadQuery, answer: uploadAnswer },
      async ({ conversation, request, query }) => ({
        attachment: presentAttachment(await uploads.take(conversation.id, request, query.name ?? null)),
      }),
    ),
    on(
      [
        'GET /api/console/conversations/:id/suggestions',
        'serving',
        'Articles for a message of the customer, the newest unless told which',
      ],
      { query: suggestionsQuery, answer: suggestionsAnswer },
      async ({ conversation, query }) => {
        const about = query.seq ?? (conversation.customerSeq || null);
        const message = about === null ? null : await customerMessage(log, conversation.id, about);
        if (query.seq !== undefined && !message) throw new NotFoundError('The customer wrote no such message.');
        if (!message || message.text.trim() === '') return { about: message?.seq ?? null, suggestions: [] };
        const found = await needs.knowledge.searchForAgents(message.text, suggestionLimit);
        return { about: message.seq, suggestions: found.filter(isWorthAnOffer).map(presentSuggestion) };
      },
    ),
    on(
      ['POST /api/console/conversations/:id/customer', 'serving', 'Write down what is known of the customer'],
      { body: customerBody, answer: customerAnswer },
      async ({ conversation, body }) => {
        const { channel, customerId, customerName } = conversation;
        const saved = await customers.edit({ channel, id: customerId }, body);
        if (saved.kind === 'stale') {
          throw new ConflictError('stale', 'A colleague has changed this customer since you looked. Read it anew.');
        }
        // Lists show the name and the tags: whoever has this one in theirs reads it anew.
        needs.signals.emit({ kind: 'saved', conversation, entries: [] });
        return { customer: presentCustomer(saved.customer, customerName) };
      },
    ),
    otherRoute(
      ['GET /api/console/conversations/:id/transcript', 'serving', 'The transcript as a file'],
      { params: conversationParams, query: transcriptQuery, answer: 'application/octet-stream' },
      async ({ params, query, session }) => transcript(needs, await reached(log, params.id, session.agent), query),
    ),
  ];
}

/** Not every message is a question: to a greeting nothing comes near, and an offer would only be in the way. */
function isWorthAnOffer({ confidence, matched }: FoundArticle): boolean {
  return confidence === null ? matched.some((word) => word.length > 1) : confidence >= leastOffered;
}

const leastOffered = 0.05;

/** The conversation with this id, if there is one and this agent reaches it. The one check of every route to one. */
export async function reached(log: Pick<ConversationLog, 'find'>, id: string, agent: Agent): Promise<Conversation> {
  const conversation = await log.find(id);
  if (!conversation || !mayReach(agent, conversation)) throw new NotFoundError('There is no such conversation.');
  return conversation;
}

type OnConversation<Q, B> = Call<{ readonly id: string }, Q, B, Session> & { readonly conversation: Conversation };

/** Makes routes whose handlers are given the conversation of the path, after the check. */
function onConversation(log: Pick<ConversationLog, 'find'>) {
  return <A, Q = unknown, B = unknown>(
    line: Line<'serving' | 'supervising'>,
    shapes: Omit<Shapes<unknown, Q, B>, 'params'> & { readonly answer: z.ZodType<A> },
    handle: (call: OnConversation<Q, B>) => A | Headed<A> | Promise<A | Headed<A>>,
  ): Route =>
    jsonRoute(line, { ...shapes, params: conversationParams }, async (call) =>
      handle({ ...call, conversation: await reached(log, call.params.id, call.session.agent) }),
    );
}

function target({ conversation, session }: { readonly conversation: Conversation; readonly session: Session }) {
  return { agent: session.agent, conversationId: conversation.id };
}

/** How far back a brief looks: a handoff speaks of what was just tried. */
const briefLooksBack = 1000;

async function conversationView(
  { log, customers, views }: ConversationNeeds,
  conversation: Conversation,
  agent: Agent,
): Promise<z.infer<typeof conversationAnswer>> {
  const { id, seq, channel, customerId, customerName } = conversation;
  const [entries, customer, all] = await Promise.all([
    log.read(id, Math.max(0, seq - briefLooksBack), briefLooksBack),
    customers.find({ channel, id: customerId }),
    log.list({ ...everyStatus, customer: { channel, id: customerId }, limit: pastLimit * 2 }),
  ]);
  const others = all.filter((other) => other.id !== id && mayReach(agent, other)).slice(0, pastLimit);
  const past = await views.summaries(others);
  return {
    conversation: await views.conversation(conversation),
    brief: presentBrief(briefOf(conversation, entries), conversation),
    customer: presentCustomer(customer, customerName),
    past,
    duplicates: past.filter(({ status }) => status !== 'resolved'),
  };
}

const everyStatus = { statuses: ['bot', 'queued', 'assigned', 'resolved'] } as const;

/** Colleagues are told of anybody, so that no two answer at once; the customer of the owner alone. */
function tellTyping({ live, signals }: ConversationNeeds, conversation: Conversation, { id, name }: Agent) {
  const author: Author = { role: 'agent', id, name };
  const isOwner = conversation.status === 'assigned' && conversation.agentId === id;
  if (isOwner) signals.emit({ kind: 'typing', conversationId: conversation.id, author });
  else live.colleagueTyping(conversation, author);
  return { ok: true } as const;
}

/** The message of the customer with this seq; null when what stands there is something else. */
async function customerMessage(log: Pick<ConversationLog, 'read'>, id: string, seq: number): Promise<Message | null> {
  const [entry] = seq > 0 ? await log.read(id, seq - 1, 1) : [];
  return entry?.kind === 'message' && entry.author.role === 'customer' && entry.seq === seq ? entry : null;
}

/**
 * What an inserted article teaches: it answers the wording of that message, as it was looked up. Nothing when customers
 * can't be answered with it (any more): what the agent says is said all the same.
 */
async function labelOf(
  { log, knowledge }: ConversationNeeds,
  id: string,
  { articleId, about }: { readonly articleId: string; readonly about: number },
) {
  const message = await customerMessage(log, id, about);
  if (!message) {
    const issue = { path: 'article.about', message: 'must be a message of the customer' };
    throw new InputError(`${issue.path} ${issue.message}`, [issue]);
  }
  if (message.text.trim() === '' || !knowledge.isForCustomers(articleId)) return null;
  const following = await log.read(id, about, repliesFollow);
  const reply = following.find(
    (entry): entry is Message => entry.kind === 'message' && entry.replyTo === about && entry.understanding !== null,
  );
  return { articleId, about, question: reply?.understanding ? lookedUp(reply.understanding) : message.text };
}

/** The bot's reply stands soon after the message. */
const repliesFollow = 20;

/** What a message carries: only what was uploaded to this very conversation. */
async function attachmentsOf(
  uploads: MediaStore,
  conversationId: string,
  ids: readonly string[],
): Promise<readonly Attachment[]> {
  return Promise.all(
    [...new Set(ids)].map(async (id, index) => {
      const upload = await uploads.open(id);
      if (upload?.conversationId === conversationId) {
        const { name, contentType, size } = upload;
        return { id, name, contentType, size };
      }
      const issue = { path: `attachments.${index}`, message: 'must be an upload to this conversation' };
      throw new InputError(`${issue.path} ${issue.message}`, [issue]);
    }),
  );
}

const transcriptKinds = {
  activities: { contentType: 'application/json; charset=utf-8', extension: 'transcript' },
  text: { contentType: 'text/plain; charset=utf-8', extension: 'txt' },
  html: { contentType: 'text/html; charset=utf-8', extension: 'html' },
} as const;

/** Always a download: what customers wrote is never opened on this origin. */
async function transcript(
  { log, settings, publicUrl }: ConversationNeeds,
  conversation: Conversation,
  { format, notes, locale }: z.infer<typeof transcriptQuery>,
): Promise<Answer> {
  const includeNotes = notes === 'true';
  const reading = { locale, timeZone: settings().hours.timeZone, includeNotes };
  const pages = pagesOf(log, conversation.id);
  const write = {
    activities: () => botFrameworkTranscript(conversation, pages, { publicUrl, includeNotes }),
    text: () => textTranscript(conversation, pages, reading),
    html: () => htmlTranscript(conversation, pages, reading),
  }[format];
  const { contentType, extension } = transcriptKinds[format];
  const name = conversation.id.replace(/[^\w-]/g, '_').slice(0, 100);
  return bytes(200, Buffer.from(await write(), 'utf8'), {
    'content-type': contentType,
    'content-disposition': `attachment; filename="${name}.${extension}"`,
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    'cache-control': 'no-store',
  });
}
