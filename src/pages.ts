import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { bytes, empty, type Answer, type AnswerHeaders, type HttpRequest } from './http.ts';

/** One built file, ready to be sent. Nothing a caller sends ever names a file: the paths are made from the folder. */
export type Page = {
  /** `/console` and `/console/` for `console/index.html`; otherwise the file's own path. */
  readonly paths: readonly string[];
  readonly headers: AnswerHeaders;
  readonly etag: string;
  readonly bodies: Readonly<Record<Encoding, Buffer | null>> & { readonly identity: Buffer };
};

type Encoding = 'br' | 'gzip' | 'identity';

/** Reads and compresses every file below `dir`; none when there is no such folder. */
export async function loadPages(dir: string, publicUrl: string): Promise<readonly Page[]> {
  const files = await filesBelow(dir);
  return Promise.all(files.map(async (file) => loadPage(file, await readFile(join(dir, file)), publicUrl)));
}

/** The page in the best encoding the caller takes, or 304. */
export function servePage(page: Page, request: HttpRequest): Answer {
  const encoding = chooseEncoding(page, request);
  const etag = `"${page.etag}-${encoding}"`;
  const headers = { ...page.headers, etag, ...(encoding === 'identity' ? {} : { 'content-encoding': encoding }) };
  const known = (request.headers['if-none-match'] ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  if (known.includes(etag)) return empty(304, headers);
  return bytes(200, page.bodies[encoding] ?? page.bodies.identity, headers);
}

async function filesBelow(dir: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(dir, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.') && !entry.name.endsWith('.map'))
      .map((entry) => relative(dir, join(entry.parentPath, entry.name)).split(sep).join('/'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

async function loadPage(file: string, body: Buffer, publicUrl: string): Promise<Page> {
  const type = contentTypes[extname(file)] ?? 'application/octet-stream';
  const compress = /^text\/|json|svg|javascript/.test(type) && body.length > 1024;
  const [br, gz] = compress ? await Promise.all([compressBrotli(body), gzipAsync(body, { level: 9 })]) : [null, null];
  return {
    paths: pathsOf(file),
    etag: createHash('sha256').update(body).digest('base64url').slice(0, 22),
    headers: {
      'content-type': type,
      'cache-control': isHashed(file) ? 'public, max-age=31536000, immutable' : 'no-cache',
      vary: 'accept-encoding',
      ...(type.startsWith('text/html') ? { 'content-security-policy': pagePolicy(publicUrl) } : {}),
    },
    bodies: { br, gzip: gz, identity: body },
  };
}

function pathsOf(file: string): readonly string[] {
  if (file === 'index.html') return ['/', '/index.html'];
  if (!file.endsWith('/index.html')) return [`/${encodeURI(file)}`];
  const folder = `/${encodeURI(file.slice(0, -'/index.html'.length))}`;
  return [folder, `${folder}/`];
}

/** Vite puts a hash of the content into the names of what it bundles for pages. */
function isHashed(file: string): boolean {
  return /(^|\/)assets\/.*-[\w-]{8,}\.\w+$/.test(file);
}

/** Safari before 15.4 does not count our WebSockets as 'self', so they are named. */
function pagePolicy(publicUrl: string): string {
  const { host, protocol } = new URL(publicUrl);
  const sockets = `${protocol === 'https:' ? 'wss' : 'ws'}://${host}`;
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self' ${sockets}`,
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

const gzipAsync = promisify(gzip);
const brotliAsync = promisify(brotliCompress);

/** Quality 9 of 11: 310 kB of script take 48 ms and end 9 % larger than at 11, which takes 700 ms of every start. */
function compressBrotli(body: Buffer): Promise<Buffer> {
  return brotliAsync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } });
}

function chooseEncoding(page: Page, request: HttpRequest): Encoding {
  const accepted = (request.headers['accept-encoding'] ?? '').toString();
  const takes = (encoding: string) =>
    new RegExp(`(^|[\\s,])${encoding}(?!\\s*;\\s*q=0(\\.0*)?(\\s|,|$))`).test(accepted);
  if (page.bodies.br && takes('br')) return 'br';
  if (page.bodies.gzip && takes('gzip')) return 'gzip';
  return 'identity';
}
