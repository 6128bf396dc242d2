import { z } from 'zod';
import type { Attachment, Conversation } from '../../conversation/conversation.ts';
import type { ConversationLog } from '../../conversation/log.ts';
import type { Signals } from '../../conversation/signals.ts';
import { AccessError, NotFoundError } from '../../errors.ts';
import {
  check,
  empty,
  isSameOrigin,
  json,
  parseBody,
  readCookie,
  setCookie,
  type Answer,
  type AnswerHeaders,
  type Handshake,
  type HttpRequest,
  type Mountable,
  type RouteOptions,
  type Routes,
} from '../../http.ts';
import { text } from '../../text.ts';
import { activityOf, inboundActivity, type ActivityContext, type QueueStatus } from './activity.ts';
import { createInbox, fault, type MessageRate } from './inbox.ts';
import { createStreams, type StreamLimits } from './sockets.ts';
import { createTokens, isEqual, newId, tokenSeconds, visitorSeconds, type Pass } from './tokens.ts';
import { createUploads, type MediaStore } from './uploads.ts';

export type DirectLineOptions = {
  /** The log that announces what it saves. */
  readonly log: ConversationLog;
  readonly signals: Signals;
  readonly media: MediaStore;
  readonly now: () => number;
  /** Signs tokens, cookies and addresses of uploads. */
  readonly secret: string;
  /** The address customers type, without a trailing slash. */
  readonly publicUrl: string;
  /** Other origins whose pages may embed the chat (`https://shop.example`). */
  readonly allowedOrigins: readonly string[];
  /** Lets a shop's own back end make tokens; null switches that off. */
  readonly directLineSecret: string | null;
  /** A conversation that has no entry yet wants its greeting. Called after the answer is decided; must not throw. */
  readonly onStarted: (conversation: Conversation) => void;
  readonly queueStatus: (conversationId: string) => Promise<QueueStatus | null>;
  /** Told of what went wrong outside a request; must not throw. */
  readonly onError: (error: unknown) => void;
  readonly streamLimits?: Partial<StreamLimits>;
  /** For measurements: no person needs more than the default. */
  readonly messageRate?: MessageRate;
};

export type DirectLine = Mountable & {
  /** Closes every stream. */
  drain(): void;
  readonly openStreams: () => number;
  /** The path of an upload, signed for some days: for whoever else shows conversations. */
  readonly fileUrl: (conversationId: string, attachment: Pick<Attachment, 'id'>) => string;
};

/** The channel's name in the log. */
export const channel = 'webchat';

/** A page of the log for a client that polls. */
const pollLimit = 200;

const base = '/v3/directline';

const visitorCookie = 'zhike_visitor';

const preflightHeaders: AnswerHeaders = {
  'access-control-allow-methods': 'GET, POST, OPTIONS',
  'access-control-allow-headers': 'authorization, content-type, x-ms-bot-agent, x-requested-with',
  'access-control-max-age': '600',
};

/** Direct Line 3.0 under /v3/directline, and the tokens of our own page under /api/chat/token. */
export function createDirectLine(options: DirectLineOptions): DirectLine {
  const { log, signals, now, publicUrl } = options;
  const tokens = createTokens({ secret: options.secret, now });
  const uploads = createUploads({ media: options.media, tokens, now });
  const streams = createStreams({ ...options, limits: options.streamLimits ?? {} });
  const inbox = createInbox({ log, signals, now, rate: options.messageRate });
  const secure = publicUrl.startsWith('https:');

  return {
    mount,
    drain: () => streams.close(),
    openStreams: () => streams.size,
    fileUrl: (conversationId, attachment) => uploads.pathOf(conversationId, attachment),
  };

  function mount(routes: Routes): void {
    const one = `${base}/conversations/:id`;
    const cors: RouteOptions = { headers: corsHeaders };
    routes.post(`${base}/tokens/generate`, generateToken, cors);
    routes.post(`${base}/tokens/refresh`, refreshToken, cors);
    routes.post(`${base}/conversations`, startConversation, cors);
    routes.get(one, reconnect, cors);
    routes.get(`${one}/activities`, poll, cors);
    routes.post(`${one}/activities`, receive, cors);
    routes.post(`${one}/upload`, receiveUpload, cors);
    routes.get(`${one}/uploads/:file`, (request) => uploads.serve(request));
    routes.get(`${base}/session/getsessionid`, () => json(200, { sessionId: newId() }), cors);
    routes.post('/api/chat/token', visitorToken, cors);
    routes.upgrade(`${one}/stream`, stream);
    for (const path of [
      `${base}/tokens/generate`,
      `${base}/tokens/refresh`,
      `${base}/conversations`,
      one,
      `${one}/activities`,
      `${one}/upload`,
      `${base}/session/getsessionid`,
      '/api/chat/token',
    ]) {
      routes.options(path, () => empty(204, preflightHeaders), cors);
    }
  }

  // Tokens

  async function generateToken(request: HttpRequest): Promise<Answer> {
    const { directLineSecret } = options;
    if (directLineSecret === null) throw new NotFoundError('Tokens are not made here: no Direct Line secret is set.');
    if (!isEqual(directLineSecret, bearerOf(request))) {
      throw new AccessError('unauthenticated', 'The Direct Line secret is wrong or missing.');
    }
    const { user } = await parseBody(generateBody, request);
    return tokenAnswer({ conversationId: newId(), userId: user?.id ?? newUserId(), userName: user?.name ?? null });
  }

  async function refreshToken(request: HttpRequest): Promise<Answer> {
    return tokenAnswer(await tokens.verify(bearerOf(request)));
  }

  async function tokenAnswer(pass: Pass): Promise<Answer> {
    return json(200, {
      conversationId: pass.conversationId,
      token: await tokens.issue(pass),
      expires_in: tokenSeconds,
    });
  }

  /**
   * For our own page. The visitor is known by a signed cookie, or on another origin, where a browser may keep the
   * cookie back, by the `visitor` of an earlier answer, which only such pages are given.
   */
  async function visitorToken(request: HttpRequest): Promise<Answer> {
    assertKnownOrigin(request);
    const own = isSameOrigin(request.headers.origin, publicUrl);
    const { visitor } = await parseBody(visitorBody, request);
    // A cookie counts only where a browser says which page asks.
    const cookie = request.headers.origin === undefined ? null : readCookie(request, visitorCookie, { secure });
    const userId = (await knownVisitor(visitor)) ?? (await knownVisitor(cookie)) ?? newUserId();
    const latest = await log.latestOf(channel, userId);
    const conversationId = latest?.id ?? tokens.firstConversationOf(userId);
    const [token, proof] = await Promise.all([
      tokens.issue({ conversationId, userId, userName: latest?.customerName ?? null }),
      tokens.issueVisitor(userId),
    ]);
    return json(
      200,
      { token, conversationId, userId, expires_in: tokenSeconds, ...(own ? {} : { visitor: proof }) },
      { 'set-cookie': setCookie(visitorCookie, proof, { secure, maxAgeSeconds: visitorSeconds }) },
    );
  }

  async function knownVisitor(proof: string | null | undefined): Promise<string | null> {
    return proof ? tokens.verifyVisitor(proof) : null;
  }

  // Conversations

  async function startConversation(request: HttpRequest): Promise<Answer> {
    const pass = await tokens.verify(bearerOf(request));
    const { locale } = await parseBody(startBody, request);
    const { conversation, created } = await log.start(
      { id: pass.conversationId, channel, customerId: pass.userId, customerName: pass.userName, locale },
      now(),
    );
    assertOwner(conversation, pass);
    // Also when a crash came between the start and the greeting.
    if (conversation.seq === 0) options.onStarted(conversation);
    // Not the token's own where the customer has another open: a shop may make a new token for every page.
    const open = { ...pass, conversationId: conversation.id };
    return json(created ? 201 : 200, await connection(request, open, ''));
  }

  async function reconnect(request: HttpRequest): Promise<Answer> {
    const pass = await passOf(request);
    const conversation = await conversationOf(pass);
    return json(200, await connection(request, pass, String(watermarkOf(request, conversation) || '')));
  }

  async function connection(request: HttpRequest, pass: Pass, watermark: string) {
    const { conversationId } = pass;
    const [token, t] = await Promise.all([tokens.issue(pass), tokens.issueStream(pass)]);
    const query = new URLSearchParams({ watermark, t });
    const path = `${base}/conversations/${encodeURIComponent(conversationId)}/stream`;
    const streamUrl = `${originFor(request).replace(/^http/, 'ws')}${path}?${query.toString()}`;
    return { conversationId, token, expires_in: tokenSeconds, streamUrl, referenceGrammarId: '' };
  }

  async function stream(request: HttpRequest, handshake: Handshake): Promise<void> {
    assertKnownOrigin(request);
    const pass = inOwnConversation(request, await tokens.verifyStream(request.query.get('t') ?? ''));
    const conversation = await conversationOf(pass);
    const watermark = watermarkOf(request, conversation);
    streams.open(handshake, { conversation, watermark, context: contextFor(request, conversation.id) });
  }

  async function poll(request: HttpRequest): Promise<Answer> {
    const pass = await passOf(request);
    const conversation = await conversationOf(pass);
    const watermark = watermarkOf(request, conversation);
    const entries = await log.read(conversation.id, watermark, pollLimit);
    const context = contextFor(request, conversation.id);
    const activities = entries.map((entry) => activityOf(entry, context)).filter((activity) => activity !== null);
    return json(200, { activities, watermark: String(entries.at(-1)?.seq ?? watermark) });
  }

  async function receive(request: HttpRequest): Promise<Answer> {
    const pass = await passOf(request);
    const activity = await parseBody(inboundActivity, request);
    inbox.admit(pass, activity);
    return json(200, { id: await inbox.take(pass, activity) });
  }

  async function receiveUpload(request: HttpRequest): Promise<Answer> {
    const pass = await passOf(request);
    await conversationOf(pass);
    inbox.admit(pass);
    const upload = await uploads.read(request);
    const activity = check(inboundActivity, upload.activity);
    if (activity.type !== 'message') throw fault('type', 'Files come with a message.');
    const attachments = await uploads.save(pass.conversationId, upload.files);
    return json(200, { id: await inbox.take(pass, activity, attachments) });
  }

  // Who may

  async function passOf(request: HttpRequest): Promise<Pass> {
    return inOwnConversation(request, await tokens.verify(bearerOf(request)));
  }

  async function conversationOf(pass: Pass): Promise<Conversation> {
    const conversation = await log.find(pass.conversationId);
    if (!conversation) throw new NotFoundError('This conversation was not started.');
    assertOwner(conversation, pass);
    return conversation;
  }

  /** A program that is no browser names no origin, and brings no cookie either. */
  function assertKnownOrigin({ headers: { origin } }: HttpRequest): void {
    if (origin === undefined || isKnownOrigin(origin)) return;
    throw new AccessError('forbidden', 'Pages of this origin may not use this chat (see ALLOWED_ORIGINS).');
  }

  function isKnownOrigin(origin: string): boolean {
    return isSameOrigin(origin, publicUrl) || options.allowedOrigins.includes(origin);
  }

  /** What the official clients ask for in their preflights, to pages we know. */
  function corsHeaders({ headers: { origin } }: HttpRequest): AnswerHeaders {
    if (origin === undefined || !isKnownOrigin(origin)) return { vary: 'origin' };
    return {
      vary: 'origin',
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'retry-after',
    };
  }

  // Where we are

  function contextFor(request: HttpRequest, conversationId: string): ActivityContext {
    const origin = originFor(request);
    return { conversationId, fileUrl: (file) => origin + uploads.pathOf(conversationId, file) };
  }

  /** Our origin as this caller knows it: an owner may type any name of loopback, everyone else the public one. */
  function originFor({ headers: { host } }: HttpRequest): string {
    const { protocol } = new URL(publicUrl);
    const called = `${protocol}//${host ?? ''}`;
    return host !== undefined && isSameOrigin(called, publicUrl) ? called : new URL(publicUrl).origin;
  }
}

const generateBody = z.object({
  user: z.object({ id: text({ min: 1, max: 128 }), name: text({ max: 100 }).optional() }).optional(),
});

const startBody = z.object({
  locale: z
    .string()
    .max(35)
    .regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/, 'Must be a language tag such as zh-Hans.')
    .optional()
    .default('zh-Hans'),
});

const visitorBody = z.object({ visitor: z.string().max(1_000).nullish() });

/** Documents of Direct Line ask for this prefix. */
function newUserId(): string {
  return `dl_${newId()}`;
}

function bearerOf({ headers: { authorization } }: HttpRequest): string {
  const token = /^Bearer +([^\s]+)$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) throw new AccessError('unauthenticated', 'Send Authorization: Bearer and a token.');
  return token;
}

function inOwnConversation(request: HttpRequest, pass: Pass): Pass {
  if (pass.conversationId === request.param('id')) return pass;
  throw new AccessError('forbidden', 'The token is for another conversation.');
}

function assertOwner(conversation: Conversation, pass: Pass): void {
  if (conversation.channel === channel && conversation.customerId === pass.userId) return;
  throw new AccessError('forbidden', 'The conversation is of another customer.');
}

/** The seq to go on after. One beyond the end (of a log restored from an older copy) counts as the end. */
function watermarkOf(request: HttpRequest, conversation: Conversation): number {
  const watermark = request.query.get('watermark') ?? '';
  if (!/^\d{0,15}$/.test(watermark)) throw fault('watermark', 'Must be the watermark of an earlier answer, or empty.');
  return Math.min(Number(watermark), conversation.seq);
}
