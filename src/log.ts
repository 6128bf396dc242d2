import { type DestinationStream, type Logger, pino } from 'pino';

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/**
 * A logger that writes one JSON object a line and never a secret or what anybody said: requests and errors are cut to
 * the fields below, and keys that hold secrets are struck out wherever they stand.
 */
export function createLogger(level: LogLevel, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }), log: withoutSecretsIn },
    // What a child logger carries passes no formatter, only this.
    redact: { paths: carried, censor: removed },
    serializers: { req: requestFields, err: errorFields, error: errorFields },
  };
  return destination ? pino(options, destination) : pino(options);
}

const secretKey =
  /^(authorization|proxy-authorization|cookie|set-cookie|.*tokens?|.*password(hash)?|.*secret(key)?|.*api[-_]?key)$/i;
/** What customers and agents wrote; it is in the log of the conversation, and nowhere else. */
const spokenKey = /^(text|body|draft|channeldata|question)$/i;

const carried = ['authorization', 'cookie', 'token', 'password', 'secret', 'secretKey', 'text', 'body'];
const removed = '[removed]';

/** Bounded, so that a thing with cycles can't hang the logger. */
const deepest = 4;

function withoutSecretsIn(fields: Record<string, unknown>): Record<string, unknown> {
  return withoutSecrets(fields, 0);
}

function withoutSecrets(fields: Record<string, unknown>, depth: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => {
      if (secretKey.test(key) || spokenKey.test(key)) return [key, removed];
      return [key, cleaned(value, depth)];
    }),
  );
}

function cleaned(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Error || value instanceof Date) return value;
  if (depth >= deepest) return '[deeper]';
  if (Array.isArray(value)) return value.slice(0, 50).map((item) => cleaned(item, depth + 1));
  // Requests and other objects with a class are left to their serializers.
  const isPlain = [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null);
  return isPlain ? withoutSecrets(value as Record<string, unknown>, depth + 1) : value;
}

type Requested = { readonly method?: unknown; readonly url?: unknown; readonly id?: unknown };

/** Of a request, what it was for. The query is left out: Direct Line puts tokens there. */
function requestFields(request: Requested | null | undefined): unknown {
  const { method, url, id } = request ?? {};
  return { id, method, path: typeof url === 'string' ? url.replace(/\?.*$/s, '') : undefined };
}

/** Of an error, its name, code, message and stack, and the same of its cause; not what libraries hang on it. */
function errorFields(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: typeof error === 'string' ? error : 'not an error' };
  return {
    name: error.name,
    code: 'code' in error ? error.code : undefined,
    message: error.message,
    stack: error.stack,
    cause: error.cause instanceof Error ? { name: error.cause.name, message: error.cause.message } : undefined,
  };
}
