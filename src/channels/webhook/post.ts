import type { NewDelivery } from '../../handoff/deliveries.ts';
import { signatureOf } from './signature.ts';

/** Where events go. */
export type Target = { readonly url: string; readonly secret: string };

/**
 * What came of one request.
 * - `failed`   nobody answered, or they can't just now: worth many tries.
 * - `refused`  they don't want it so (a 4xx, a redirect): worth a few, as somebody may be setting it up.
 * - `gone`     they want no more of it (410).
 */
export type Posted =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'failed' | 'refused'; readonly error: string; readonly retryAfterMs: number }
  | { readonly kind: 'gone'; readonly error: string };

export type PostTools = {
  readonly fetch: typeof fetch;
  now(): number;
  readonly later: (callback: () => void, milliseconds: number) => () => void;
  /** Ends the request from outside. */
  readonly signal: AbortSignal;
};

/** An answer that takes longer is none. */
export const answerWithinMs = 10_000;

/** How much of a refusal is read, in bytes, and kept, in characters. */
const readAtMost = 1_024;
const keptAtMost = 200;

/** Sends one event. Follows no redirect, reads at most 1 KB of the answer, and never throws. */
export async function post(target: Target, delivery: NewDelivery, tools: PostTools): Promise<Posted> {
  const timeout = new AbortController();
  const cancel = tools.later(() => timeout.abort(), answerWithinMs);
  try {
    const { url, authorization } = addressed(target.url);
    const response = await tools.fetch(url, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.any([tools.signal, timeout.signal]),
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'zhike-webhook',
        'zhike-event': delivery.event,
        'zhike-event-id': delivery.id,
        'zhike-signature': signatureOf(delivery.body, target.secret, tools.now()),
        ...authorization,
      },
      body: delivery.body,
    });
    return await judged(response, tools.now());
  } catch (error) {
    const reason = timeout.signal.aborted ? `no answer within ${answerWithinMs / 1_000} s` : causeOf(error);
    return { kind: 'failed', error: reason, retryAfterMs: 0 };
  } finally {
    cancel();
  }
}

/** fetch takes no user and password in an address; they mean basic authorization. */
function addressed(text: string): { readonly url: URL; readonly authorization: Readonly<Record<string, string>> } {
  const url = new URL(text);
  if (url.username === '' && url.password === '') return { url, authorization: {} };
  const user = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  url.username = '';
  url.password = '';
  return { url, authorization: { authorization: `Basic ${Buffer.from(user).toString('base64')}` } };
}

async function judged(response: Response, now: number): Promise<Posted> {
  const { status, headers } = response;
  if (response.ok) {
    // Taken is taken, whatever else they say and however long that takes.
    void response.body?.cancel().catch(() => undefined);
    return { kind: 'delivered' };
  }
  const error = `HTTP ${status} ${await beginningOf(response)}`.trim();
  if (status === 410) return { kind: 'gone', error };
  const isPassing = status >= 500 || [408, 425, 429].includes(status);
  const retryAfterMs = isPassing ? retryAfter(headers.get('retry-after'), now) : 0;
  return { kind: isPassing ? 'failed' : 'refused', error, retryAfterMs };
}

/** The first words of a refusal, for whoever must find out why. */
async function beginningOf({ body }: Response): Promise<string> {
  if (!body) return '';
  const reader = (body as ReadableStream<Uint8Array>).getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    while (size < readAtMost) {
      const { done, value } = await reader.read();
      if (done) break;
      chunks.push(value.subarray(0, readAtMost - size));
      size += value.length;
    }
  } catch {
    // What came is enough.
  }
  void reader.cancel().catch(() => undefined);
  return new TextDecoder()
    .decode(Buffer.concat(chunks))
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .slice(0, keptAtMost);
}

/** Seconds or a date, as milliseconds from now. */
function retryAfter(value: string | null, now: number): number {
  if (value === null) return 0;
  const milliseconds = /^\d{1,9}$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - now;
  return Number.isNaN(milliseconds) ? 0 : Math.max(0, milliseconds);
}

/** By the code of the failure, as its message may name the address, and with it a password. */
function causeOf(error: unknown): string {
  const { cause } = error as { readonly cause?: { readonly code?: unknown } };
  const code = cause?.code;
  if (typeof code === 'string') return code;
  return error instanceof Error ? error.name : 'unknown';
}
