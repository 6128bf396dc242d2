import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { z } from 'zod';
import { AccessError, InputError } from './errors.ts';

/**
 * What an edge (Direct Line, console, WeChat) sees of HTTP. An edge is a `Mountable`: it registers handlers that take a
 * request and return an answer, and throws the classes of errors.ts; server.ts alone knows restify and status codes.
 *
 *     mount(routes) {
 *       routes.post('/api/things/:id', async (request) => {
 *         assertSameOrigin(request, publicUrl);
 *         const { title } = await parseBody(thingSchema, request);
 *         return json(201, await rename(request.param('id'), title));
 *       });
 *     }
 */
export type Mountable = {
  mount(routes: Routes): void;
  /** Called once when the server stops: close what lives long (sockets). Streams are ended by the server. */
  drain?(): void;
};

/** Paths are literal or hold `:name` segments, which `request.param('name')` returns percent-decoded. */
export type Routes = {
  get(path: string, handler: Handler, options?: RouteOptions): void;
  post(path: string, handler: Handler, options?: RouteOptions): void;
  put(path: string, handler: Handler, options?: RouteOptions): void;
  delete(path: string, handler: Handler, options?: RouteOptions): void;
  options(path: string, handler: Handler, options?: RouteOptions): void;
  /** A WebSocket handshake. What `handler` throws is answered like any other error and the socket is closed. */
  upgrade(path: string, handler: UpgradeHandler): void;
};

/** May throw or reject with anything: our error classes become their status, anything else a bare 500. */
export type Handler = (request: HttpRequest) => Promise<Answer> | Answer;

export type UpgradeHandler = (request: HttpRequest, handshake: Handshake) => Promise<void> | void;

/** What `ws` needs to take a connection over. */
export type Handshake = { readonly message: IncomingMessage; readonly socket: Duplex; readonly head: Buffer };

export type RouteOptions = {
  /** Put on every answer of this route, errors included (CORS). */
  readonly headers?: (request: HttpRequest) => AnswerHeaders;
};

export type HttpRequest = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** The text of a `:name` segment. */
  param(name: string): string;
  readonly headers: IncomingHttpHeaders;
  /** The peer's address; a proxy's, behind a proxy. */
  readonly address: string;
  /** The whole body, once. Rejects with TooLargeError as soon as more than `limit` bytes are known to come. */
  read(limit: number): Promise<Buffer>;
};

export type AnswerHeaders = Readonly<Record<string, string | readonly string[]>>;

export type Answer = { readonly status: number; readonly headers: AnswerHeaders } & (
  | { readonly kind: 'json'; readonly body: unknown }
  | { readonly kind: 'bytes'; readonly body: Buffer }
  | { readonly kind: 'empty' }
  /** The handler writes the body itself (server-sent events): `open` is called after the head was sent. */
  | { readonly kind: 'stream'; readonly open: (response: ServerResponse) => void }
);

/** An answer with a JSON body. */
export function json(status: number, body: unknown, headers: AnswerHeaders = {}): Answer {
  return { kind: 'json', status, body, headers };
}

/** An answer with a body of any type; name it in `content-type`. */
export function bytes(status: number, body: Buffer, headers: AnswerHeaders): Answer {
  return { kind: 'bytes', status, body, headers };
}

/** 204, or another status without a body. */
export function empty(status = 204, headers: AnswerHeaders = {}): Answer {
  return { kind: 'empty', status, headers };
}

/** An answer whose body is written bit by bit. The response's `close` event tells that the reader has gone. */
export function stream(headers: AnswerHeaders, open: (response: ServerResponse) => void): Answer {
  return { kind: 'stream', status: 200, headers, open };
}

/** The largest JSON body we read: Direct Line's documented limit for one activity. */
export const jsonLimit = 256 * 1024;

/**
 * Reads the JSON body and checks it: InputError with one issue per fault. An empty body reads as `{}`.
 * A body must call itself JSON, which no cross-site form can.
 */
export async function parseBody<T>(schema: z.ZodType<T>, request: HttpRequest, limit = jsonLimit): Promise<T> {
  const body = await request.read(limit);
  if (body.length === 0) return check(schema, {});
  if (!/^application\/(?:[\w.-]+\+)?json\b/i.test(request.headers['content-type'] ?? '')) {
    throw new InputError('The body must be JSON.', [
      { path: '', message: 'Send it with Content-Type: application/json.' },
    ]);
  }
  return check(schema, parseJson(body));
}

/** UTF-8 JSON from anywhere; InputError when it is not. */
export function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as unknown;
  } catch {
    throw new InputError('The body is not valid JSON.', [{ path: '', message: 'Send JSON in UTF-8.' }]);
  }
}

/** Checks a foreign value: the parsed value, or InputError with one issue per fault. */
export function check<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issues = result.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  const [first] = issues;
  throw new InputError(first ? `${first.path || 'The body'}: ${first.message}` : 'The body is not valid.', issues);
}

/** How a cookie is kept. Over https its name gets the prefix `__Host-`, which no other host or path can set. */
export type CookieOptions = {
  /** True when the public address is https. */
  readonly secure: boolean;
  /** 0 removes the cookie. */
  readonly maxAgeSeconds: number;
  readonly sameSite?: 'Strict' | 'Lax' | 'None';
};

/** The value for a `set-cookie` header: HttpOnly, for the whole host. `value` must need no quoting (a token, base64url). */
export function setCookie(name: string, value: string, options: CookieOptions): string {
  const { secure, maxAgeSeconds, sameSite = 'Lax' } = options;
  const attributes = ['Path=/', 'HttpOnly', `SameSite=${sameSite}`, `Max-Age=${maxAgeSeconds}`];
  if (secure) attributes.push('Secure');
  return [`${cookieName(name, secure)}=${value}`, ...attributes].join('; ');
}

/** The value of our cookie of this name, set with the same `secure`; null when it was not sent. */
export function readCookie(request: HttpRequest, name: string, { secure }: { secure: boolean }): string | null {
  const wanted = `${cookieName(name, secure)}=`;
  const pair = (request.headers.cookie ?? '')
    .split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(wanted));
  return pair === undefined ? null : pair.slice(wanted.length);
}

function cookieName(name: string, secure: boolean): string {
  return secure ? `__Host-${name}` : name;
}

/** Throws `forbidden` unless a page of ours made the request. For every state change and socket that rides on a cookie. */
export function assertSameOrigin(request: HttpRequest, publicUrl: string): void {
  if (!isSameOrigin(request.headers.origin, publicUrl)) {
    throw new AccessError('forbidden', 'This request must come from a page of this site.');
  }
}

/**
 * Does this Origin header name a page of ours? A missing one does not. A server on loopback answers to all three names
 * of loopback, as its owner may type any.
 */
export function isSameOrigin(origin: string | undefined, publicUrl: string): boolean {
  if (origin === undefined || !URL.canParse(origin)) return false;
  const theirs = new URL(origin);
  const ours = new URL(publicUrl);
  if (theirs.protocol !== ours.protocol || theirs.port !== ours.port) return false;
  return theirs.hostname === ours.hostname || (isLoopback(theirs.hostname) && isLoopback(ours.hostname));
}

function isLoopback(hostname: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}
