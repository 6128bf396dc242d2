import { once } from 'node:events';
import pino from 'pino';
import { WebSocket } from 'ws';
import { createDirectLine, type DirectLineOptions } from '../../../src/channels/direct-line/routes.ts';
import type { MediaStore } from '../../../src/channels/direct-line/uploads.ts';
import {
  emptyMemory,
  type Conversation,
  type Draft,
  type HandoffReason,
  type Understanding,
} from '../../../src/conversation/conversation.ts';
import type { ConversationLog } from '../../../src/conversation/log.ts';
import { announcing, createSignals, type Signals } from '../../../src/conversation/signals.ts';
import { createServer } from '../../../src/server.ts';
import { freePort } from '../../support/free-port.ts';
import { memoryLog } from '../../support/memory-log.ts';

export const directLineSecret = 'the-secret-of-the-shop';

/** What the scripted bot does with a message. */
export type Turn = { readonly replies: readonly Draft[]; readonly handoff?: HandoffReason };
export type Script = (text: string) => Turn;

export type Line = {
  readonly url: string;
  readonly port: number;
  readonly log: ConversationLog;
  readonly signals: Signals;
  /** Moves the server's clock. */
  passes(ms: number): void;
  readonly openStreams: () => number;
  readonly fileUrl: (conversationId: string, attachment: { id: string }) => string;
  readonly logged: () => string;
  readonly errors: unknown[];
  /** Ends the server; `restarted` starts another on the same port and log. */
  close(): Promise<void>;
};

export type LineOptions = Partial<
  Pick<DirectLineOptions, 'allowedOrigins' | 'messageRate' | 'queueStatus' | 'streamLimits' | 'directLineSecret'>
> & {
  readonly script?: Script;
  readonly store?: ConversationLog;
  readonly media?: MediaStore;
  readonly port?: number;
  readonly pagesDir?: string;
};

/** A Direct Line server on loopback, with a log in memory and a scripted bot. */
export async function openLine(options: LineOptions = {}): Promise<Line> {
  const { script = echo, store = memoryLog(), media = memoryMedia() } = options;
  const port = options.port ?? (await freePort());
  const publicUrl = `http://127.0.0.1:${port}`;
  const signals = createSignals();
  const log = announcing(store, signals);
  const bot = scriptedBot(log, signals, script);
  const errors: unknown[] = [];
  let skipped = 0;
  let lines = '';
  const directLine = createDirectLine({
    log,
    signals,
    media,
    now: () => Date.now() + skipped,
    secret: 'a-secret-key-of-thirty-two-bytes-or-more',
    publicUrl,
    allowedOrigins: options.allowedOrigins ?? [],
    directLineSecret: options.directLineSecret === undefined ? directLineSecret : options.directLineSecret,
    onStarted: bot.greet,
    queueStatus: options.queueStatus ?? (async () => null),
    onError: (error) => errors.push(error),
    ...(options.streamLimits ? { streamLimits: options.streamLimits } : {}),
    ...(options.messageRate ? { messageRate: options.messageRate } : {}),
  });
  const server = await createServer({
    mountables: [directLine],
    publicUrl,
    pagesDir: options.pagesDir ?? null,
    ready: () => true,
    metrics: { contentType: 'text/plain', metrics: async () => '' },
    observe: () => undefined,
    log: pino({ level: 'debug' }, { write: (line: string) => (lines += line) }),
  });
  await server.listen(port, '127.0.0.1');
  return {
    url: publicUrl,
    port,
    log,
    signals,
    passes: (ms) => (skipped += ms),
    openStreams: directLine.openStreams,
    fileUrl: directLine.fileUrl,
    logged: () => lines,
    errors,
    close: () => server.stop(1_000),
  };
}

export function says(text: string, more: Partial<Draft> = {}): Draft {
  return { text, format: 'plain', attachments: [], choices: [], understanding: null, ...more };
}

/** An answer from an article, as the bot gives it. */
export function answers(text: string, articleId: string, title: string): Draft {
  const understanding: Understanding = {
    question: text,
    outcome: 'answer',
    articleId,
    confidence: 0.9,
    candidates: [{ articleId, title, confidence: 0.9 }],
    unmatched: [],
  };
  return says(text, { format: 'markdown', understanding });
}

export const echo: Script = (text) => ({ replies: [says(`收到：${text}`)] });

/** A client of the raw protocol. */
export type Customer = {
  readonly token: string;
  readonly conversationId: string;
  readonly streamUrl: string;
  readonly status: number;
  call(path: string, init?: RequestInit): Promise<Response>;
  post(activity: Record<string, unknown>): Promise<Response>;
  say(text: string, clientActivityID?: string): Promise<Response>;
  listen(watermark?: string | number): Promise<Ear>;
};

export async function newToken(line: Line, user?: { id: string; name?: string }): Promise<string> {
  const answer = await fetch(`${line.url}/v3/directline/tokens/generate`, {
    method: 'POST',
    headers: { authorization: `Bearer ${directLineSecret}`, 'content-type': 'application/json' },
    body: JSON.stringify(user ? { user } : {}),
  });
  return ((await answer.json()) as { token: string }).token;
}

export async function startConversation(line: Line, token?: string): Promise<Customer> {
  const shown = token ?? (await newToken(line));
  const answer = await fetch(`${line.url}/v3/directline/conversations`, {
    method: 'POST',
    headers: { authorization: `Bearer ${shown}` },
  });
  const started = (await answer.json()) as { token: string; conversationId: string; streamUrl: string };
  const { conversationId, streamUrl } = started;
  const call = (path: string, init: RequestInit = {}) =>
    fetch(`${line.url}/v3/directline/conversations/${conversationId}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${started.token}`, ...init.headers },
    });
  const post = (activity: Record<string, unknown>) =>
    call('/activities', {
      method: 'POST',
      body: JSON.stringify(activity),
      headers: { 'content-type': 'application/json' },
    });
  return {
    ...started,
    status: answer.status,
    call,
    post,
    say: (text, clientActivityID) =>
      post({ type: 'message', text, ...(clientActivityID ? { channelData: { clientActivityID } } : {}) }),
    listen: async (watermark = '') => {
      const url = new URL(streamUrl);
      url.searchParams.set('watermark', String(watermark));
      return listenTo(url.href);
    },
  };
}

/** A socket that remembers all it heard. */
export type Ear = {
  readonly socket: WebSocket;
  readonly frames: Frame[];
  readonly activities: () => readonly Heard[];
  /** Resolves once `wanted` is true of what was heard. */
  until(wanted: (activities: readonly Heard[]) => boolean): Promise<readonly Heard[]>;
  close(): Promise<void>;
};
export type Heard = Record<string, unknown> & {
  readonly type: string;
  readonly id?: string;
  readonly text?: string;
  readonly name?: string;
  readonly from: { readonly id: string; readonly role: string; readonly name?: string };
};
export type Frame = { readonly activities: readonly Heard[]; readonly watermark: string | null };

export async function listenTo(url: string, headers: Record<string, string> = {}): Promise<Ear> {
  const socket = new WebSocket(url, { headers });
  const frames: Frame[] = [];
  const waiting = new Set<() => void>();
  socket.on('message', (data) => {
    frames.push(JSON.parse((data as Buffer).toString()) as Frame);
    for (const look of waiting) look();
  });
  await once(socket, 'open');
  const activities = () => frames.flatMap((frame) => frame.activities);
  return {
    socket,
    frames,
    activities,
    until: (wanted) =>
      new Promise((resolve) => {
        const look = () => {
          if (!wanted(activities())) return;
          waiting.delete(look);
          resolve(activities());
        };
        waiting.add(look);
        look();
      }),
    close: async () => {
      if (socket.readyState === socket.CLOSED) return;
      socket.close();
      await once(socket, 'close');
    },
  };
}

/** The handshake's status where it is refused. */
export async function refusedWith(url: string, headers: Record<string, string> = {}): Promise<number> {
  const socket = new WebSocket(url, { headers });
  socket.on('error', () => undefined);
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }];
  socket.terminate();
  return response.statusCode;
}

export function memoryMedia(): MediaStore {
  const files = new Map<string, { conversationId: string; name: string; data: Uint8Array }>();
  return {
    save: async (data, { conversationId, name, contentType }) => {
      const id = `file-${files.size + 1}`;
      files.set(id, { conversationId, name, data });
      return { id, name, contentType, size: data.byteLength };
    },
    open: async (id) => {
      const file = files.get(id);
      return file ? { ...file, bytes: async () => file.data } : null;
    },
  };
}

function scriptedBot(log: ConversationLog, signals: Signals, script: Script) {
  signals.listen((signal) => {
    // A test that breaks the log breaks it for the bot too.
    if (signal.kind === 'saved') answer(signal.conversation).catch(() => undefined);
  });
  async function answer(conversation: Conversation): Promise<void> {
    const { id, status, botCursor } = conversation;
    if (status !== 'bot') return;
    const entries = await log.read(id, botCursor, 100);
    const message = entries.find((entry) => entry.kind === 'message' && entry.author.role === 'customer');
    if (message?.kind !== 'message') return;
    const { replies, handoff } = script(message.text);
    await log.write(id, {
      kind: 'bot_took_turn',
      at: Date.now(),
      cursor: botCursor,
      through: message.seq,
      replies,
      memory: emptyMemory,
      handoff: handoff ? { reason: handoff, understanding: null } : null,
      verdict: null,
    });
  }
  return {
    greet: ({ id }: Conversation) =>
      void log.write(id, {
        kind: 'bot_took_turn',
        at: Date.now(),
        cursor: 0,
        through: 0,
        replies: [says('您好，我是小知。')],
        memory: emptyMemory,
        handoff: null,
        verdict: null,
      }),
  };
}
