import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import restify from 'restify';
import {
  AccessError,
  BusyError,
  ConflictError,
  InputError,
  NotFoundError,
  TooLargeError,
  type Issue,
} from './errors.ts';
import {
  bytes,
  json,
  type Answer,
  type AnswerHeaders,
  type Handler,
  type HttpRequest,
  type Mountable,
  type RouteOptions,
  type Routes,
  type UpgradeHandler,
} from './http.ts';
import { loadPages, servePage, type Page } from './pages.ts';

export type ServerOptions = {
  readonly mountables: readonly Mountable[];
  /** The address customers type, without a trailing slash. */
  readonly publicUrl: string;
  /** Folder of built pages, read into memory once; null serves none. */
  readonly pagesDir: string | null;
  /** False, or a rejection, makes /readyz answer 503. */
  readonly ready: () => Promise<boolean> | boolean;
  /** What /metrics prints (a prom-client registry). */
  readonly metrics: { readonly contentType: string; metrics(): Promise<string> };
  /** Told of every answered request; `route` is the pattern, so that it stays a small set. */
  readonly observe: (measure: RequestMeasure) => void;
  readonly log: Logger;
};

export type RequestMeasure = {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
};

export type HttpServer = {
  /** Resolves with the port once connections are taken; port 0 picks a free one. */
  listen(port: number, host: string): Promise<number>;
  /**
   * Takes no new work (503), lets requests in flight finish, tells every mountable to close what lives long, and
   * resolves when the last connection is gone: after `withinMs` at the latest.
   */
  stop(withinMs?: number): Promise<void>;
};

/**
 * The one HTTP server: limits, errors → status codes, security headers, pages, /healthz /readyz /metrics, and WebSocket
 * handshakes by path. Nothing but the classes of errors.ts ever reaches a caller; whatever else is thrown is a bare 500.
 */
export async function createServer(options: ServerOptions): Promise<HttpServer> {
  const { log, mountables, publicUrl } = options;
  const pages = options.pagesDir === null ? [] : await loadPages(options.pagesDir, publicUrl);
  // restify logs whole requests, Authorization included, when it warns: it gets a logger that says nothing.
  const silent = log.child({}, { level: 'silent' }) as never;
  const server = restify.createServer({ name: '', log: silent }) as RestifyServer;
  const state: State = { draining: false, sockets: new Set(), streams: new Set() };
  const context: Context = { server, state, options };

  limitTime(server);
  refuseBeforeRouting(context);
  answerUnrouted(context);
  const upgrades = mountAll(context, mountables);
  mountHealth(context);
  mountPages(context, pages);
  dispatchUpgrades(context, upgrades);

  return {
    listen: (port, host) =>
      new Promise((resolve, reject) => {
        let open = false;
        // Without a listener any error of the socket, later ones too, would end the process.
        server.on('error', (error: Error) => {
          if (open) log.error({ err: error }, 'the server socket failed');
          else reject(error);
        });
        server.listen(port, host, () => {
          open = true;
          resolve(server.address().port);
        });
      }),
    stop: async (withinMs = 8_000) => {
      state.draining = true;
      for (const mountable of mountables) mountable.drain?.();
      for (const response of state.streams) response.end();
      await closeWithin(context, withinMs);
    },
  };
}

type State = {
  draining: boolean;
  readonly sockets: Set<Duplex>;
  readonly streams: Set<ServerResponse>;
};

/** restify's published types are those of version 8, which had no `first`. */
type RestifyServer = restify.Server & {
  first(handler: (request: IncomingMessage, response: ServerResponse) => boolean): void;
};

type Context = { readonly server: RestifyServer; readonly state: State; readonly options: ServerOptions };

type Upgrade = { readonly pattern: RegExp; readonly route: string; readonly handler: UpgradeHandler };

function limitTime(server: restify.Server): void {
  // 25 MB of photos over a phone's 2 Mbit/s take 100 s.
  server.server.requestTimeout = 120_000;
  server.server.headersTimeout = 15_000;
  // Longer than the minute most proxies keep a connection, so that they and not we close it.
  server.server.keepAliveTimeout = 65_000;
}

/**
 * Runs before restify looks at a request. It must: restify 12 throws outside any handler when Host or the target is
 * no part of a URL (`Host: a b[`), which ends the process.
 */
function refuseBeforeRouting({ server, state, options }: Context): void {
  server.first((request: IncomingMessage, response: ServerResponse) => {
    if (!isRoutable(request)) {
      send(response, errorAnswer(new InputError('The request target or the Host header is not valid.'), options.log));
      return false;
    }
    if (state.draining && !probes.has(request.url ?? '')) {
      response.setHeader('connection', 'close');
      send(response, errorAnswer(new BusyError('The server is being restarted.', 2), options.log));
      return false;
    }
    return true;
  });
}

function isRoutable(request: IncomingMessage): boolean {
  const target = request.url ?? '';
  return target.startsWith('/') && URL.canParse(`http://${request.headers.host ?? 'localhost'}${target}`);
}

/** Paths and methods nobody registered, in our own shape of error. */
function answerUnrouted({ server, options }: Context): void {
  server.on(
    'restifyError',
    (request: restify.Request, response: restify.Response, error: { statusCode?: number }, done: () => void) => {
      const known = error.statusCode === 404 || error.statusCode === 405;
      if (!known) options.log.error({ err: error }, 'request failed outside its handler');
      const status = known ? (error.statusCode ?? 404) : 500;
      const answer = json(status, { error: unrouted(status) });
      const body = encode(answer);
      response.sendRaw(status, body, headersOf(answer, body) as Record<string, string>);
      options.observe({ method: request.method ?? '', route: 'unmatched', status, seconds: 0 });
      done();
    },
  );
}

function unrouted(status: number): { code: string; message: string } {
  if (status === 404) return { code: 'NotFound', message: 'There is nothing at this address.' };
  if (status === 405) return { code: 'MethodNotAllowed', message: 'This address does not take this method.' };
  return { code: 'Internal', message: internalMessage };
}

function mountAll(context: Context, mountables: readonly Mountable[]): readonly Upgrade[] {
  const upgrades: Upgrade[] = [];
  const routes: Routes = {
    get: (path, handler, options) => register(context, { method: 'get', path, handler, options }),
    post: (path, handler, options) => register(context, { method: 'post', path, handler, options }),
    put: (path, handler, options) => register(context, { method: 'put', path, handler, options }),
    delete: (path, handler, options) => register(context, { method: 'del', path, handler, options }),
    options: (path, handler, options) => register(context, { method: 'opts', path, handler, options }),
    upgrade: (path, handler) => upgrades.push({ pattern: patternOf(path), route: path, handler }),
  };
  for (const mountable of mountables) mountable.mount(routes);
  return upgrades;
}

type Registration = {
  readonly method: 'get' | 'head' | 'post' | 'put' | 'del' | 'opts';
  readonly path: string;
  readonly handler: Handler;
  readonly options?: RouteOptions | undefined;
};

function register({ server, state, options }: Context, { method, path, handler, options: route }: Registration): void {
  // Exactly two parameters and no result: restify refuses a third and prints the request when there is a result.
  server[method](path, async (message: restify.Request, response: restify.Response) => {
    const startedAt = performance.now();
    const request = requestOf(message, message.params as Record<string, string>);
    const answer = await answerSafely(handler, request, options.log);
    const extra = route?.headers ? route.headers(request) : {};
    if (state.draining) response.setHeader('connection', 'close');
    send(response, { ...answer, headers: { ...extra, ...answer.headers } });
    if (answer.kind === 'stream') follow(state.streams, response);
    const seconds = (performance.now() - startedAt) / 1000;
    options.observe({ method: request.method, route: path, status: answer.status, seconds });
    logRequest(options.log, { request, route: path, status: answer.status, seconds });
  });
}

async function answerSafely(handler: Handler, request: HttpRequest, log: Logger): Promise<Answer> {
  try {
    return await handler(request);
  } catch (error) {
    return errorAnswer(error, log);
  }
}

/** Never the body, the query (it may hold a token) or a header. */
function logRequest(
  log: Logger,
  { request, route, status, seconds }: { request: HttpRequest; route: string; status: number; seconds: number },
): void {
  const line = { method: request.method, path: request.path, status, ms: Math.round(seconds * 10_000) / 10 };
  if (probes.has(route)) log.trace(line, 'request');
  else if (status >= 500) log.warn(line, 'request');
  else log.debug(line, 'request');
}

const probes = new Set(['/healthz', '/readyz', '/metrics']);

function follow(streams: Set<ServerResponse>, response: ServerResponse): void {
  streams.add(response);
  response.once('close', () => streams.delete(response));
}

function mountHealth(context: Context): void {
  const { state, options } = context;
  const health: Record<string, Handler> = {
    '/healthz': () => json(200, { status: 'ok' }),
    '/readyz': async () => {
      if (state.draining) return json(503, { status: 'draining' });
      return (await isReady(options)) ? json(200, { status: 'ready' }) : json(503, { status: 'starting' });
    },
    '/metrics': async () =>
      bytes(200, Buffer.from(await options.metrics.metrics()), { 'content-type': options.metrics.contentType }),
  };
  for (const [path, handler] of Object.entries(health)) register(context, { method: 'get', path, handler });
}

async function isReady({ ready, log }: ServerOptions): Promise<boolean> {
  try {
    return await ready();
  } catch (error) {
    log.warn({ err: error }, 'not ready');
    return false;
  }
}

function mountPages(context: Context, pages: readonly Page[]): void {
  for (const page of pages) {
    const handler: Handler = (request) => servePage(page, request);
    for (const path of page.paths) {
      register(context, { method: 'get', path, handler });
      register(context, { method: 'head', path, handler });
    }
  }
}

function dispatchUpgrades({ server, state, options }: Context, upgrades: readonly Upgrade[]): void {
  server.server.on('upgrade', (message: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Without a listener a reset connection would end the process.
    socket.on('error', () => socket.destroy());
    state.sockets.add(socket);
    socket.once('close', () => state.sockets.delete(socket));
    void upgrade({ message, socket, head }, upgrades, { state, options }).catch((error: unknown) => {
      const answer = errorAnswer(error, options.log);
      const body = encode(answer);
      const head = Object.entries({ ...headersOf(answer, body), connection: 'close' });
      socket.end(
        `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status]}\r\n` +
          `${head.map(([name, value]) => `${name}: ${String(value)}\r\n`).join('')}\r\n${body.toString()}`,
      );
    });
  });
}

async function upgrade(
  handshake: { readonly message: IncomingMessage; readonly socket: Duplex; readonly head: Buffer },
  upgrades: readonly Upgrade[],
  { state, options }: Pick<Context, 'state' | 'options'>,
): Promise<void> {
  const { message } = handshake;
  if (!isRoutable(message)) throw new InputError('The request target or the Host header is not valid.');
  if (state.draining) throw new BusyError('The server is being restarted.', 2);
  const path = new URL(`http://localhost${message.url}`).pathname;
  for (const { pattern, route, handler } of upgrades) {
    const match = pattern.exec(path);
    if (!match) continue;
    await handler(requestOf(message, decodeAll(match.groups ?? {})), handshake);
    options.observe({ method: 'UPGRADE', route, status: 101, seconds: 0 });
    return;
  }
  throw new NotFoundError('There is no socket at this address.');
}

function patternOf(path: string): RegExp {
  const escaped = path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`);
}

function decodeAll(params: Record<string, string>): Record<string, string> {
  try {
    return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, decodeURIComponent(value)]));
  } catch {
    throw new InputError('The address is not valid percent-encoding.');
  }
}

function requestOf(message: IncomingMessage, params: Record<string, string>): HttpRequest {
  const url = new URL(`http://localhost${message.url}`);
  return {
    method: message.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    param: (name) => {
      const value = params[name];
      if (value === undefined) throw new Error(`The route has no segment :${name}.`);
      return value;
    },
    headers: message.headers,
    address: message.socket.remoteAddress ?? '',
    read: (limit) => readBody(message, limit),
  };
}

/** What is left unread when this rejects is thrown away by node once the answer is out. */
function readBody(message: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const tooLarge = () => new TooLargeError(`The body may have at most ${limit} bytes.`, limit);
    if (Number(message.headers['content-length'] ?? 0) > limit) {
      reject(tooLarge());
      return;
    }
    const chunks: Buffer[] = [];
    let size = 0;
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) {
        chunks.push(chunk);
        return;
      }
      message.off('data', onData);
      chunks.length = 0;
      reject(tooLarge());
    };
    message.on('data', onData);
    message.once('end', () => resolve(Buffer.concat(chunks)));
    message.once('error', () => reject(new InputError('The body ended early.')));
    message.once('close', () => {
      // Every request closes; an error with its stack is dear, so one is only made for a body that is not whole.
      if (!message.complete) reject(new InputError('The body ended early.'));
    });
  });
}

const internalMessage = 'Something went wrong on our side.';

/** The only place where an error becomes a status code. */
function errorAnswer(error: unknown, log: Logger): Answer {
  if (error instanceof InputError) return failure(400, 'BadArgument', error.message, { issues: error.issues });
  if (error instanceof TooLargeError) return failure(413, 'TooLarge', error.message);
  if (error instanceof AccessError) {
    const [status, code] = accessCodes[error.reason];
    return failure(status, code, error.message);
  }
  if (error instanceof NotFoundError) return failure(404, 'NotFound', error.message);
  if (error instanceof ConflictError) return failure(409, error.code, error.message);
  if (error instanceof BusyError) {
    if (error.cause !== undefined) log.error({ err: error.cause }, error.message);
    return failure(503, 'Busy', error.message, { headers: { 'retry-after': String(error.retryAfterSeconds) } });
  }
  log.error({ err: error }, 'request failed');
  return failure(500, 'Internal', internalMessage);
}

const accessCodes = {
  unauthenticated: [401, 'Unauthenticated'],
  forbidden: [403, 'Forbidden'],
  expired: [403, 'TokenExpired'],
} as const;

function failure(
  status: number,
  code: string,
  message: string,
  { issues = [], headers = {} }: { issues?: readonly Issue[]; headers?: AnswerHeaders } = {},
): Answer {
  return json(status, { error: { code, message, ...(issues.length > 0 ? { issues } : {}) } }, headers);
}

function send(response: ServerResponse, answer: Answer): void {
  if (answer.kind === 'stream') {
    response.writeHead(answer.status, { ...securityHeaders, 'cache-control': 'no-store', ...outgoing(answer.headers) });
    response.flushHeaders();
    answer.open(response);
    return;
  }
  const body = encode(answer);
  response.writeHead(answer.status, headersOf(answer, body));
  response.end(body);
}

function encode(answer: Answer): Buffer {
  if (answer.kind === 'bytes') return answer.body;
  return answer.kind === 'json' ? Buffer.from(JSON.stringify(answer.body)) : Buffer.alloc(0);
}

const securityHeaders = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};

function headersOf(answer: Answer, body: Buffer): Record<string, string | string[]> {
  const bodyless = answer.status === 204 || answer.status === 304;
  return {
    ...securityHeaders,
    'cache-control': 'no-store',
    ...(answer.kind === 'json' ? { 'content-type': 'application/json; charset=utf-8' } : {}),
    ...(bodyless ? {} : { 'content-length': String(body.length) }),
    ...outgoing(answer.headers),
  };
}

function outgoing(headers: AnswerHeaders): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]),
  );
}

function closeWithin({ server, state }: Context, withinMs: number): Promise<void> {
  return new Promise((resolve) => {
    // A connection that goes idle after its last answer would otherwise stay for keepAliveTimeout.
    const sweep = setInterval(() => server.server.closeIdleConnections(), 50);
    const deadline = setTimeout(() => {
      server.server.closeAllConnections();
      for (const socket of state.sockets) socket.destroy();
    }, withinMs);
    server.server.close(() => {
      clearInterval(sweep);
      clearTimeout(deadline);
      resolve();
    });
    server.server.closeIdleConnections();
  });
}
