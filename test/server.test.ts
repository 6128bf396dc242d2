import { once } from 'node:events';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { AccessError, BusyError, ConflictError, NotFoundError } from '../src/errors.ts';
import {
  assertSameOrigin,
  empty,
  json,
  parseBody,
  readCookie,
  setCookie,
  stream,
  type Mountable,
  type Routes,
} from '../src/http.ts';
import { text } from '../src/text.ts';
import { createServer, type HttpServer, type RequestMeasure } from '../src/server.ts';

const publicUrl = 'http://127.0.0.1:3978';
const noted = z.object({ title: text({ min: 1, max: 20 }), count: z.int().optional() });

type Failure = { error: { code: string; issues: { path: string; message: string }[] } };

type Site = { server: HttpServer; url: string; port: number; log: () => string; measures: RequestMeasure[] };

let site: Site;
let pagesDir: string;
let release: () => void = () => undefined;
let ready = true;
const drained: string[] = [];

beforeEach(async () => {
  ready = true;
  drained.length = 0;
  pagesDir = await mkdtemp(join(tmpdir(), 'zhike-pages-'));
  await mkdir(join(pagesDir, 'console', 'assets'), { recursive: true });
  await writeFile(join(pagesDir, 'index.html'), `<!doctype html><title>知客</title>${'<p>你好</p>'.repeat(500)}`);
  await writeFile(join(pagesDir, 'widget.js'), 'void 0;');
  await writeFile(join(pagesDir, 'console', 'index.html'), '<!doctype html><title>console</title>');
  await writeFile(join(pagesDir, 'console', 'assets', 'main-AbCd1234.js'), 'void 1;');
  await writeFile(join(pagesDir, '.secret'), 'not a page');
  site = await start([things]);
});

afterEach(async () => {
  release();
  await site.server.stop(500);
  await rm(pagesDir, { recursive: true });
});

describe('answers', () => {
  test('a checked body reaches the handler', async () => {
    const answer = await post('/things', { title: '运费', count: 2 });
    expect(answer.status).toBe(201);
    expect(await answer.json()).toEqual({ title: '运费', count: 2 });
  });

  test('segments arrive decoded', async () => {
    expect(await (await fetch(`${site.url}/things/${encodeURIComponent('你好 1')}`)).json()).toEqual({ id: '你好 1' });
  });

  test('every answer carries the security headers', async () => {
    for (const path of ['/things/1', '/', '/nothing', '/healthz']) {
      const { headers } = await fetch(site.url + path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('same-origin');
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('server')).toBeNull();
    }
  });

  test("a route's own headers are on its errors too", async () => {
    expect((await fetch(`${site.url}/fails/unknown`)).headers.get('x-route')).toBe('fails');
  });
});

describe('errors', () => {
  test.each([
    ['unauthenticated', 401, 'Unauthenticated'],
    ['forbidden', 403, 'Forbidden'],
    ['expired', 403, 'TokenExpired'],
    ['missing', 404, 'NotFound'],
    ['taken', 409, 'taken'],
    ['busy', 503, 'Busy'],
  ])('%s becomes %i %s', async (kind, status, code) => {
    const answer = await fetch(`${site.url}/fails/${kind}`);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toEqual({ error: { code, message: expect.any(String) } });
    expect(answer.headers.get('retry-after')).toBe(kind === 'busy' ? '7' : null);
  });

  test('an error nobody expected tells the caller nothing, and the log everything', async () => {
    const answer = await fetch(`${site.url}/fails/unknown`);
    expect(answer.status).toBe(500);
    expect(await answer.text()).toBe('{"error":{"code":"Internal","message":"Something went wrong on our side."}}');
    expect(site.log()).toContain('password is hunter2');
  });

  test('faults in a body are named field by field', async () => {
    const answer = await post('/things', { title: 'nul\0', count: 'two' });
    expect(answer.status).toBe(400);
    const { error } = (await answer.json()) as Failure;
    expect(error.code).toBe('BadArgument');
    expect(error.issues.map((issue) => issue.path)).toEqual(['title', 'count']);
    expect(error.issues[0]?.message).toMatch(/NUL/);
  });

  test.each([
    ['broken JSON', '{"title":', 'application/json'],
    ['invalid UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22]), 'application/json'],
    ['a form', 'title=x', 'application/x-www-form-urlencoded'],
    ['JSON that calls itself text, as a cross-site form can send', '{"title":"x"}', 'text/plain'],
    ['an empty body where a field is needed', '', 'application/json'],
    ['an array', '[]', 'application/json'],
  ])('%s is a 400', async (_, body, type) => {
    const answer = await fetch(`${site.url}/things`, { method: 'POST', body, headers: { 'content-type': type } });
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as Failure).error.issues.length).toBeGreaterThan(0);
  });

  test('a lone surrogate is replaced, as no database can hold it', async () => {
    const answer = await fetch(`${site.url}/things`, {
      method: 'POST',
      body: '{"title":"a\\ud83d"}',
      headers: { 'content-type': 'application/json' },
    });
    expect(await answer.json()).toEqual({ title: 'a\u{FFFD}' });
  });

  test('1 MB is a 413, whether its length is announced or not', async () => {
    const body = JSON.stringify({ title: 'x'.repeat(1024 * 1024) });
    const announced = await fetch(`${site.url}/things`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    });
    expect(announced.status).toBe(413);
    expect(await chunked('/things', body)).toBe(413);
    expect((await post('/things', { title: 'still alive' })).status).toBe(201);
  });

  test('unknown paths and methods answer in our own shape', async () => {
    const missing = await fetch(`${site.url}/nothing/<script>`);
    expect(missing.status).toBe(404);
    expect(await missing.json()).toEqual({ error: { code: 'NotFound', message: expect.any(String) } });
    const wrong = await fetch(`${site.url}/things`, { method: 'DELETE' });
    expect(wrong.status).toBe(405);
    expect(wrong.headers.get('allow')).toBe('POST');
  });

  // restify 12 throws on these before any handler runs, which would end the process.
  test.each([
    ['a Host that is none', 'GET /healthz HTTP/1.1\r\nHost: a b[\r\n\r\n'],
    ['an absolute target that is no URL', 'GET http://[ HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['an asterisk', 'OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['a Host that is none on an upgrade', upgradeText('/socket/1', 'a b[')],
    ['bad percent-encoding on an upgrade', upgradeText('/socket/%zz', 'x')],
  ])('%s is a 400 and the process lives', async (_, raw) => {
    expect(await rawStatus(raw)).toBe(400);
    expect((await fetch(`${site.url}/healthz`)).status).toBe(200);
  });

  test.each([
    '/../package.json',
    '/console/..%2f..%2fpackage.json',
    '/%2e%2e/.secret',
    '/.secret',
    '/console/%00',
    '/%zz',
  ])('%s reaches no file', async (path) => {
    expect(await rawStatus(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`)).toBe(404);
  });
});

describe('log and measures', () => {
  test('a request is logged without its query, body or headers', async () => {
    await fetch(`${site.url}/things?t=SECRET1`, {
      method: 'POST',
      body: '{"title":"SECRET2"}',
      headers: { 'content-type': 'application/json', authorization: 'Bearer SECRET3', cookie: 'a=SECRET4' },
    });
    expect(site.log()).toContain('"path":"/things"');
    expect(site.log()).not.toContain('SECRET');
  });

  test('measures name the route, not the address', async () => {
    await fetch(`${site.url}/things/1`);
    await fetch(`${site.url}/nothing`);
    expect(site.measures.map(({ method, route, status }) => [method, route, status])).toEqual([
      ['GET', '/things/:id', 200],
      ['GET', 'unmatched', 404],
    ]);
  });
});

describe('pages', () => {
  test('are served from memory, compressed, and known by their tag', async () => {
    const first = await fetch(`${site.url}/`, { headers: { 'accept-encoding': 'br' } });
    expect(first.headers.get('content-encoding')).toBe('br');
    expect(first.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(first.headers.get('cache-control')).toBe('no-cache');
    expect(await first.text()).toContain('你好');
    const again = await fetch(`${site.url}/`, {
      headers: { 'accept-encoding': 'br', 'if-none-match': first.headers.get('etag') ?? '' },
    });
    expect(again.status).toBe(304);
    const plain = await fetch(`${site.url}/`, { headers: { 'accept-encoding': 'br;q=0, identity' } });
    expect(plain.headers.get('content-encoding')).toBeNull();
  });

  test('a folder answers with its index, a hashed file may be kept for ever', async () => {
    expect(await (await fetch(`${site.url}/console`)).text()).toContain('console');
    expect((await fetch(`${site.url}/console/`, { method: 'HEAD' })).status).toBe(200);
    const asset = await fetch(`${site.url}/console/assets/main-AbCd1234.js`);
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect((await fetch(`${site.url}/widget.js`)).headers.get('cache-control')).toBe('no-cache');
  });

  test('run no script but our own', async () => {
    const policy = (await fetch(`${site.url}/`)).headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain('ws://127.0.0.1:3978');
    expect(policy).not.toContain('unsafe');
  });
});

describe('life and death', () => {
  test('readiness follows what the application says', async () => {
    expect((await fetch(`${site.url}/readyz`)).status).toBe(200);
    ready = false;
    expect((await fetch(`${site.url}/readyz`)).status).toBe(503);
    expect((await fetch(`${site.url}/healthz`)).status).toBe(200);
    expect(await (await fetch(`${site.url}/metrics`)).text()).toBe('up 1\n');
  });

  test('a request in flight is answered before the server ends, new work on a kept connection gets 503', async () => {
    const arrived = once(process, 'zhike-test-slow');
    const slow = fetch(`${site.url}/slow`);
    await arrived;
    const kept = await keptConnection();
    const stopped = site.server.stop();
    expect(drained).toEqual(['things']);
    expect(await kept.get('/readyz')).toContain('503');
    expect(await kept.get('/things/1')).toContain('503');
    release();
    expect((await slow).status).toBe(204);
    await stopped;
    await expect(fetch(`${site.url}/healthz`)).rejects.toThrow();
  });

  test('streams are ended, and what hangs is cut off at the deadline', async () => {
    const events = await fetch(`${site.url}/events`);
    const hanging = fetch(`${site.url}/slow`).catch(() => 'cut off');
    const before = Date.now();
    await site.server.stop(200);
    expect(await events.text()).toBe('data: hello\n\n');
    expect(await hanging).toBe('cut off');
    expect(Date.now() - before).toBeLessThan(5_000);
  });
});

describe('sockets', () => {
  test('are handed over by path, with the segments of the path', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${site.port}/socket/${encodeURIComponent('会话')}`);
    const [message] = await once(socket, 'message');
    expect(String(message)).toBe('会话');
    socket.close();
  });

  test.each([
    ['/socket/refused', 403],
    ['/nowhere', 404],
    ['/socket/unknown', 500],
  ])('a handshake at %s is refused with %i', async (path, status) => {
    const socket = new WebSocket(`ws://127.0.0.1:${site.port}${path}`);
    const [error] = await once(socket, 'error');
    expect((error as Error).message).toContain(String(status));
  });
});

test('a connection reset in the middle of a handshake does no harm', async () => {
  const socket = connect(site.port, '127.0.0.1', () => socket.write(upgradeText('/socket/later', 'x')));
  socket.on('error', () => undefined);
  await once(process, 'zhike-test-handshake');
  socket.resetAndDestroy();
  await once(socket, 'close');
  release();
  expect((await fetch(`${site.url}/healthz`)).status).toBe(200);
});

describe('cookies and origins', () => {
  test('a cookie set over https has the __Host- prefix and is only read with it', () => {
    const header = setCookie('visitor', 'abc', { secure: true, maxAgeSeconds: 60 });
    expect(header).toBe('__Host-visitor=abc; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure');
    const request = (cookie: string) => ({ headers: { cookie } }) as never;
    expect(readCookie(request('a=1; __Host-visitor=abc'), 'visitor', { secure: true })).toBe('abc');
    expect(readCookie(request('visitor=planted'), 'visitor', { secure: true })).toBeNull();
    expect(readCookie(request('visitor=abc'), 'visitor', { secure: false })).toBe('abc');
  });

  test.each([
    ['https://shop.example', 'https://shop.example', true],
    ['https://shop.example', 'https://evil.example', false],
    ['https://shop.example', 'http://shop.example', false],
    ['https://shop.example', 'https://shop.example.evil.example', false],
    ['https://shop.example', 'null', false],
    ['https://shop.example', undefined, false],
    ['http://127.0.0.1:3978', 'http://localhost:3978', true],
    ['http://127.0.0.1:3978', 'http://localhost:8080', false],
  ])('on %s, origin %s: ours is %s', (publicUrl, origin, ours) => {
    const check = () => assertSameOrigin({ headers: { origin } } as never, publicUrl);
    if (ours) expect(check).not.toThrow();
    else expect(check).toThrow(AccessError);
  });
});

const things: Mountable = {
  mount(routes: Routes) {
    const sockets = new WebSocketServer({ noServer: true });
    routes.post('/things', async (request) => json(201, await parseBody(noted, request)));
    routes.get('/things/:id', (request) => json(200, { id: request.param('id') }));
    routes.get('/fails/:how', (request) => fail(request.param('how')), { headers: () => ({ 'x-route': 'fails' }) });
    routes.get('/slow', async () => {
      await until('zhike-test-slow');
      return empty();
    });
    routes.get('/events', () =>
      stream({ 'content-type': 'text/event-stream' }, (response) => response.write('data: hello\n\n')),
    );
    routes.upgrade('/socket/:id', async (request, { message, socket, head }) => {
      if (request.param('id') === 'refused') throw new AccessError('forbidden', 'No.');
      if (request.param('id') === 'unknown') throw new Error('secret');
      if (request.param('id') === 'later') {
        await until('zhike-test-handshake');
        throw new AccessError('forbidden', 'No.');
      }
      sockets.handleUpgrade(message, socket, head, (client) => client.send(request.param('id')));
    });
  },
  drain: () => drained.push('things'),
};

/** Says that it waits, and waits for `release()`. */
function until(event: string): Promise<void> {
  return new Promise((resolve) => {
    release = resolve;
    process.emit(event as never);
  });
}

function fail(how: string): never {
  if (how === 'unauthenticated' || how === 'forbidden' || how === 'expired') throw new AccessError(how, 'No.');
  if (how === 'missing') throw new NotFoundError('No such thing.');
  if (how === 'taken') throw new ConflictError('taken', 'A colleague has it.');
  if (how === 'busy') throw new BusyError('Later.', 7);
  throw new Error('password is hunter2');
}

async function start(mountables: readonly Mountable[]): Promise<Site> {
  let lines = '';
  const measures: RequestMeasure[] = [];
  const server = await createServer({
    mountables,
    publicUrl,
    pagesDir,
    ready: () => ready,
    metrics: { contentType: 'text/plain', metrics: async () => 'up 1\n' },
    observe: (measure) => measures.push(measure),
    log: pino({ level: 'debug' }, { write: (line: string) => (lines += line) }),
  });
  const port = await server.listen(0, '127.0.0.1');
  return { server, port, url: `http://127.0.0.1:${port}`, log: () => lines, measures };
}

function post(path: string, body: unknown): Promise<Response> {
  return fetch(site.url + path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
}

async function chunked(path: string, body: string): Promise<number | undefined> {
  const request = httpRequest(site.url + path, { method: 'POST', headers: { 'content-type': 'application/json' } });
  for (let at = 0; at < body.length; at += 65_536) request.write(body.slice(at, at + 65_536));
  request.end();
  const [response] = await once(request, 'response');
  response.resume();
  return response.statusCode;
}

async function rawStatus(text: string): Promise<number> {
  const socket = connect(site.port, '127.0.0.1', () => socket.write(text));
  const [data] = await once(socket, 'data');
  socket.destroy();
  return Number(String(data).split(' ')[1]);
}

function upgradeText(path: string, host: string): string {
  const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n';
  return `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${key}\r\n`;
}

/** A connection that stays busy, so that the server may not close it as idle: its first answer is still to come. */
async function keptConnection(): Promise<{ get(path: string): Promise<string> }> {
  const sockets = [await opened(), await opened()];
  return {
    get: async (path) => {
      const socket = sockets.pop();
      if (!socket) throw new Error('used up');
      socket.write(` ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
      const [data] = await once(socket, 'data');
      socket.destroy();
      return String(data);
    },
  };
}

/** Connected before the server stops, with a request line begun. */
async function opened() {
  const socket = connect(site.port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write('GET');
  await fetch(`${site.url}/healthz`);
  return socket;
}
