import { phrase, record } from './activity.ts';
import type { Answer, Ports, Socket } from './ports.ts';

/**
 * The state of the connection. `reconnecting` comes after it was online, `unreachable` when it never was and the first
 * attempts failed, `offline` when the browser itself has no network.
 */
export type Link = 'idle' | 'connecting' | 'online' | 'reconnecting' | 'unreachable' | 'offline';

export type DirectLine = {
  /** Connects, and stays connected until `close`. Calling it again changes nothing. */
  connect(): void;
  /** Replaces the socket at once: the network is back, the customer is impatient, or an echo is overdue. */
  reconnect(): void;
  /** The browser lost its network. */
  disconnected(): void;
  /** Sends one activity. Never rejects. */
  post(activity: Readonly<Record<string, unknown>>): Promise<Posted>;
  /** Sends one activity with a file. Never rejects. */
  upload(activity: Readonly<Record<string, unknown>>, file: File, onProgress: (done: number) => void): Promise<Posted>;
  close(): void;
};

/** `unavailable`: the same activity may be posted again. `refused`: posting it again is no use. */
export type Posted =
  | { readonly kind: 'accepted'; readonly id: string | null }
  | { readonly kind: 'unavailable'; readonly retryAfterMs: number | null }
  | { readonly kind: 'refused'; readonly status: number };

export type LineEvents = {
  link(link: Link): void;
  /** Activities in the order of the stream. Replays repeat some: dedupe by id. */
  activities(activities: readonly unknown[]): void;
  /** The conversation we are in. Told again when the server has given us another one. */
  conversation(id: string): void;
};

export type LineOptions = {
  /** The server's origin. */
  readonly server: string;
  readonly locale: string;
  /** Who we are where cookies don't reach: kept, and sent back. Null on the server's own origin. */
  readonly visitor: { read(): string | null; write(visitor: string): void } | null;
  readonly ports: Pick<Ports, 'request' | 'openSocket' | 'clock' | 'network' | 'random'>;
  readonly on: LineEvents;
};

/** Our client of Direct Line 3.0, for our own server: tokens from /api/chat/token, replay by watermark. Does nothing yet. */
export function createDirectLine({ server, locale, visitor, ports, on }: LineOptions): DirectLine {
  const { request, openSocket, clock, network, random } = ports;
  let session: Session | null = null;
  /** The conversation of the last session. */
  let conversation: string | null = null;
  let renewing: Promise<Session | null> | null = null;
  let starting: Promise<Session | null> | null = null;
  let cancelRenewal = () => {};

  let wanted = false;
  let link: Link = 'idle';
  let everOnline = false;
  let socket: Socket | null = null;
  let watermark = '';
  /** Failed attempts in a row. */
  let failures = 0;
  /** Counts attempts; one that is not the last any more has nothing to say. */
  let generation = 0;
  let cancelWait = () => {};
  let cancelUpkeep = () => {};

  return {
    connect: () => {
      if (wanted) return;
      wanted = true;
      void attach();
    },
    reconnect: () => {
      if (!wanted) return;
      failures = 0;
      void attach();
    },
    disconnected: () => {
      if (!wanted) return;
      detach();
      become('offline');
    },
    post: (activity) =>
      deliver(({ token, conversationId }) =>
        request({
          method: 'POST',
          url: `${server}/v3/directline/conversations/${encodeURIComponent(conversationId)}/activities`,
          token,
          timeoutMs: 20_000,
          body: activity,
        }),
      ),
    upload: (activity, file, onProgress) =>
      deliver(({ token, conversationId, userId }) => {
        const body = new FormData();
        body.append('activity', new Blob([JSON.stringify(activity)], { type: 'application/vnd.microsoft.activity' }));
        body.append('file', file, file.name);
        return request({
          method: 'POST',
          url: `${server}/v3/directline/conversations/${encodeURIComponent(conversationId)}/upload?userId=${encodeURIComponent(userId)}`,
          token,
          timeoutMs: 120_000,
          body,
          onProgress,
        });
      }),
    close: () => {
      wanted = false;
      detach();
      cancelRenewal();
      become('idle');
    },
  };

  function become(next: Link): void {
    if (next === link) return;
    link = next;
    on.link(next);
  }

  /** Drops the socket and whatever was about to replace it. */
  function detach(): void {
    generation++;
    cancelWait();
    cancelUpkeep();
    socket?.close();
    socket = null;
  }

  async function attach(): Promise<void> {
    detach();
    const mine = generation;
    if (!network.online()) return become('offline');
    if (link !== 'unreachable') become(everOnline ? 'reconnecting' : 'connecting');
    const address = await streamAddress();
    if (mine !== generation) return;
    if (address.kind === 'none') return tryAgain(address.retryAfterMs);
    socket = openSocket(address.url, {
      opened: () => {
        if (mine === generation) attached();
      },
      text: (text) => {
        if (mine === generation) receive(text);
      },
      closed: () => {
        if (mine === generation) tryAgain(null);
      },
    });
  }

  function attached(): void {
    everOnline = true;
    become('online');
    const ping = () => {
      socket?.send('');
      // A server that accepts and drops at once is not reached: only a socket that lasts starts the count anew.
      failures = 0;
      cancelUpkeep = clock.after(pingEvery, ping);
    };
    cancelUpkeep = clock.after(settledAfter, ping);
  }

  function tryAgain(retryAfterMs: number | null): void {
    detach();
    if (!wanted) return;
    if (!network.online()) return become('offline');
    failures++;
    if (everOnline) become('reconnecting');
    else if (failures >= 2) become('unreachable');
    const wait = Math.max(backOff(failures, random()), Math.min(retryAfterMs ?? 0, longestPatience));
    cancelWait = clock.after(wait, () => void attach());
  }

  function receive(text: string): void {
    if (text === '') return;
    const frame = record(parse(text));
    if (!Array.isArray(frame.activities)) return;
    on.activities(frame.activities);
    // Only after they were taken in: a fault there must bring them again.
    watermark = phrase(frame.watermark) ?? watermark;
  }

  /** Starts the conversation the first time, later asks for what came after the watermark. */
  async function streamAddress(): Promise<Address> {
    for (let tries = 0; tries < 3; tries++) {
      const current = await started();
      if (!current) break;
      if (current.streamUrl !== null) {
        session = { ...current, streamUrl: null };
        return socketAddress(current.streamUrl);
      }
      const answer = await request({
        method: 'GET',
        url: `${server}/v3/directline/conversations/${encodeURIComponent(current.conversationId)}?watermark=${encodeURIComponent(watermark)}`,
        token: current.token,
        timeoutMs: 15_000,
      });
      if (isUnwelcome(answer)) await welcomeAgain(answer, current);
      else if (isOk(answer)) {
        const streamUrl = phrase(record(answer.body).streamUrl);
        if (session) session = { ...session, token: phrase(record(answer.body).token) ?? session.token };
        return streamUrl === null ? { kind: 'none', retryAfterMs: null } : socketAddress(streamUrl);
      } else return { kind: 'none', retryAfterMs: answer.retryAfterMs };
    }
    return { kind: 'none', retryAfterMs: null };
  }

  /** The server knows itself by another name behind a proxy; we reach it where this script came from. */
  function socketAddress(streamUrl: string): Address {
    try {
      const { pathname, search } = new URL(streamUrl, server);
      return { kind: 'address', url: `${server.replace(/^http/, 'ws')}${pathname}${search}` };
    } catch {
      return { kind: 'none', retryAfterMs: null };
    }
  }

  async function deliver(send: (session: Session) => Promise<Answer>): Promise<Posted> {
    for (let tries = 0; tries < 3; tries++) {
      const current = await started();
      if (!current) break;
      const answer = await send(current);
      if (isOk(answer)) return { kind: 'accepted', id: phrase(record(answer.body).id) };
      if (isUnwelcome(answer)) await welcomeAgain(answer, current);
      else if (answer.status === 0 || [408, 425, 429].includes(answer.status) || answer.status >= 500)
        return { kind: 'unavailable', retryAfterMs: answer.retryAfterMs };
      else return { kind: 'refused', status: answer.status };
    }
    return { kind: 'unavailable', retryAfterMs: null };
  }

  /** 401, 403: another token for the same conversation. 404: the server lost it, so start again. */
  async function welcomeAgain(answer: Answer, used: Session): Promise<void> {
    if (answer.status === 404 && session?.conversationId === used.conversationId) session = null;
    else if (session?.token === used.token) await renewed();
  }

  function started(): Promise<Session | null> {
    if (session?.started) return Promise.resolve(session);
    starting ??= start().finally(() => (starting = null));
    return starting;
  }

  async function start(): Promise<Session | null> {
    for (let tries = 0; tries < 2; tries++) {
      const current = session ?? (await renewed());
      if (!current) return null;
      const answer = await request({
        method: 'POST',
        url: `${server}/v3/directline/conversations`,
        token: current.token,
        timeoutMs: 15_000,
        body: { locale },
      });
      if (isOk(answer)) {
        const { token, streamUrl } = record(answer.body);
        session = { ...current, token: phrase(token) ?? current.token, streamUrl: phrase(streamUrl), started: true };
        return session;
      }
      if (!isUnwelcome(answer)) return null;
      session = null;
    }
    return null;
  }

  function renewed(): Promise<Session | null> {
    renewing ??= renew().finally(() => (renewing = null));
    return renewing;
  }

  async function renew(): Promise<Session | null> {
    const known = visitor?.read() ?? null;
    const answer = await request({
      method: 'POST',
      url: `${server}/api/chat/token`,
      timeoutMs: 15_000,
      body: known === null ? { locale } : { locale, visitor: known },
    });
    const { token, conversationId, userId, expires_in: life, visitor: self } = record(answer.body);
    if (!isOk(answer) || !phrase(token) || !phrase(conversationId)) return null;
    if (phrase(self)) visitor?.write(String(self));
    const before = conversation;
    const same = before === conversationId;
    conversation = String(conversationId);
    session = {
      token: String(token),
      conversationId: conversation,
      userId: phrase(userId) ?? '',
      started: same && session !== null && session.started,
      streamUrl: null,
    };
    renewBeforeExpiry(typeof life === 'number' ? life : 1800);
    if (!same) {
      watermark = '';
      on.conversation(conversation);
      if (before !== null && wanted) void attach();
    }
    return session;
  }

  function renewBeforeExpiry(lifeSeconds: number): void {
    cancelRenewal();
    const wait = Math.min(Math.max(lifeSeconds * 750, 30_000), 12 * 3_600_000);
    // Should this fail, the next call gets its 403 and renews then.
    cancelRenewal = clock.after(wait, () => void renewed());
  }
}

/** Milliseconds before the attempt after `failures` failures: doubling up to 10 s, spread so that a restart is no stampede. */
export function backOff(failures: number, random: number): number {
  return Math.min(500 * 2 ** Math.min(failures, 10), longestWait) * (0.5 + random / 2);
}

/** A customer who looks at the banner gives up sooner than a server minds the asking. */
const longestWait = 10_000;
/** A busy server may ask for more. */
export const longestPatience = 30_000;
/** Proxies cut what is silent for 30 or 60 s. */
const pingEvery = 25_000;
const settledAfter = 5_000;

type Session = {
  readonly token: string;
  readonly conversationId: string;
  readonly userId: string;
  readonly started: boolean;
  /** Of the start; used once. */
  readonly streamUrl: string | null;
};

type Address =
  { readonly kind: 'address'; readonly url: string } | { readonly kind: 'none'; readonly retryAfterMs: number | null };

function isOk({ status }: Answer): boolean {
  return status >= 200 && status < 300;
}

function isUnwelcome({ status }: Answer): boolean {
  return status === 401 || status === 403 || status === 404;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
