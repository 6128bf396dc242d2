import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { z } from 'zod';
import { logLevels, type LogLevel } from './log.ts';

/** Everything that can be set from outside, as plain values. */
export type Config = {
  readonly port: number;
  readonly host: string;
  /** What customers type, without a trailing slash. */
  readonly publicUrl: string;
  readonly databaseUrl: string;
  readonly knowledgeDir: string;
  readonly dataDir: string;
  /** Null until `secretKeyOf` made or found one. */
  readonly secretKey: string | null;
  /** Null: `tokens/generate` is off. */
  readonly directLineSecret: string | null;
  /** Pages of other origins that may embed the chat. */
  readonly allowedOrigins: readonly string[];
  readonly targetPrecision: number;
  readonly logLevel: LogLevel;
  readonly admin: { readonly email: string; readonly password: string } | null;
};

/** The configuration can't be used. `faults` has all that is wrong with it, and what to write instead. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(['the configuration has faults:', ...faults.map((fault) => `  ${fault}`)].join('\n'));
    this.faults = faults;
  }
}

/** The configuration from the environment and, for what that leaves open, from a `.env` file if there is one. */
export function loadConfig(envFile = '.env'): Config {
  if (!existsSync(envFile)) return readConfig(process.env);
  const written = parseEnv(readFileSync(envFile, 'utf8')) as Readonly<Record<string, string>>;
  return readConfig({ ...written, ...process.env }, misspelt(Object.keys(written), envFile));
}

/** Plain values, or a ConfigError with all the faults at once. An empty value is as good as none. */
export function readConfig(env: Readonly<Record<string, string | undefined>>, known: readonly string[] = []): Config {
  const given = Object.fromEntries(Object.keys(settings).map((key) => [key, env[key]?.trim() || undefined]));
  const checked = schema.safeParse(given);
  const faults = [
    ...known,
    ...(checked.error?.issues ?? []).map((issue) => `${issue.path.join('.')}: ${issue.message}`),
  ];
  if (!checked.success || faults.length > 0) throw new ConfigError(faults);
  const values = checked.data;
  return {
    port: values.PORT,
    host: values.HOST,
    publicUrl: values.PUBLIC_URL ?? `http://${reachable(values.HOST)}:${values.PORT}`,
    databaseUrl: values.DATABASE_URL ?? `sqlite:${join(values.DATA_DIR, 'zhike.db')}`,
    knowledgeDir: values.KNOWLEDGE_DIR,
    dataDir: values.DATA_DIR,
    secretKey: values.SECRET_KEY ?? null,
    directLineSecret: values.DIRECT_LINE_SECRET ?? null,
    allowedOrigins: values.ALLOWED_ORIGINS,
    targetPrecision: values.TARGET_PRECISION,
    logLevel: values.LOG_LEVEL,
    admin:
      values.ADMIN_EMAIL && values.ADMIN_PASSWORD
        ? { email: values.ADMIN_EMAIL, password: values.ADMIN_PASSWORD }
        : null,
  };
}

/**
 * The key that tokens and cookies are signed with: SECRET_KEY, or one made at the first start and kept in
 * DATA_DIR/secret.key, readable by the owner alone. Processes that start at once agree on one.
 */
export function secretKeyOf({ secretKey, dataDir }: Pick<Config, 'secretKey' | 'dataDir'>): string {
  if (secretKey !== null) return secretKey;
  const file = join(dataDir, 'secret.key');
  mkdirSync(dataDir, { recursive: true });
  if (!existsSync(file)) {
    const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
    writeFileSync(draft, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
    try {
      linkSync(draft, file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      rmSync(draft);
    }
  }
  const key = readFileSync(file, 'utf8').trim();
  if (key.length >= shortestKey) return key;
  throw new ConfigError([
    `${file}: holds fewer than ${shortestKey} characters: delete it, and a new one is made (everybody signs in anew)`,
  ]);
}

/** `.env.example`, as it must be: every key with its meaning, unit and default. */
export function envExample(): string {
  const head = ['# Every setting of zhike, with its default. Copy to .env and take the # off what you change.', ''];
  const entries = Object.entries(settings).flatMap(([key, { meaning, example }]) => [
    ...meaning.map((line) => `# ${line}`),
    `#${key}=${example}`,
    '',
  ]);
  return [...head, ...entries].join('\n');
}

const shortestKey = 32;

/** What each key means, in the order of `.env.example`; `example` is the default where there is one. */
const settings = {
  PORT: {
    meaning: ['The TCP port to listen on, 1 to 65535.'],
    example: '3978',
    schema: z.coerce
      .number({ error: portHint })
      .int({ error: portHint })
      .min(0, { error: portHint })
      .max(65535, { error: portHint })
      .default(3978),
  },
  HOST: {
    meaning: ['The address to listen on. 127.0.0.1 = this machine only, 0.0.0.0 = every network it is on.'],
    example: '127.0.0.1',
    schema: z
      .string()
      .regex(/^[\w.:-]+$/, { error: 'must be a host name or an address, such as 127.0.0.1' })
      .default('127.0.0.1'),
  },
  PUBLIC_URL: {
    meaning: [
      'The address customers type, without a path. Default: http://HOST:PORT. Behind a proxy: https://help.example.com',
    ],
    example: 'http://127.0.0.1:3978',
    schema: z
      .string()
      .refine((value) => originOf(value) !== null, {
        error: 'must be http:// or https:// and a host, without a path, such as https://help.example.com',
      })
      .transform((value) => originOf(value) ?? value)
      .optional(),
  },
  DATABASE_URL: {
    meaning: [
      'Where conversations are kept: sqlite:FILE, or postgres://USER:PASSWORD@HOST/DATABASE. Default: sqlite, zhike.db in DATA_DIR.',
    ],
    example: 'sqlite:./data/zhike.db',
    schema: z
      .string()
      .regex(/^(sqlite:.+|postgres(ql)?:\/\/[^/\s]+\/.+)$/, {
        error: 'must be sqlite:FILE, such as sqlite:./data/zhike.db, or postgres://USER:PASSWORD@HOST/DATABASE',
      })
      .optional(),
  },
  KNOWLEDGE_DIR: {
    meaning: ['The folder of articles.'],
    example: './knowledge',
    schema: z.string().default('./knowledge'),
  },
  DATA_DIR: {
    meaning: ['The folder for what the desk keeps: the database, uploads and the generated secret key.'],
    example: './data',
    schema: z.string().default('./data'),
  },
  SECRET_KEY: {
    meaning: [
      'Signs tokens and cookies; at least 32 characters. Default: made at the first start, kept in DATA_DIR/secret.key.',
      'Several processes on one database need the same. To make one: openssl rand -base64 32',
    ],
    example: '',
    schema: z
      .string()
      .min(shortestKey, { error: `must have at least ${shortestKey} characters: openssl rand -base64 32 makes one` })
      .optional(),
  },
  DIRECT_LINE_SECRET: {
    meaning: [
      'Lets a server of yours fetch Direct Line tokens (POST /v3/directline/tokens/generate); at least 16 characters.',
      'Default: none, and that route is off.',
    ],
    example: '',
    schema: z
      .string()
      .min(16, { error: 'must have at least 16 characters: openssl rand -base64 32 makes one' })
      .optional(),
  },
  ALLOWED_ORIGINS: {
    meaning: [
      'Pages of other origins that may embed the chat, separated by commas, such as https://shop.example.com. Default: none.',
    ],
    example: '',
    schema: z
      .string()
      .transform((value) =>
        value
          .split(',')
          .map((origin) => origin.trim())
          .filter((origin) => origin !== ''),
      )
      .superRefine((origins, context) => {
        for (const origin of origins) {
          if (originOf(origin) === null) {
            context.addIssue({
              code: 'custom',
              message: `"${origin}" must be http:// or https:// and a host, without a path, such as https://shop.example.com`,
            });
          }
        }
      })
      .transform((origins) => origins.map((origin) => originOf(origin) ?? origin))
      .default([]),
  },
  TARGET_PRECISION: {
    meaning: [
      'The share of given answers that should be right, 0.5 to 0.999. Higher: fewer answers, more handed to people.',
    ],
    example: '0.95',
    schema: z.coerce
      .number({ error: precisionHint })
      .min(0.5, { error: precisionHint })
      .max(0.999, { error: precisionHint })
      .default(0.95),
  },
  LOG_LEVEL: {
    meaning: [`How much is logged: ${logLevels.join(', ')}.`],
    example: 'info',
    schema: z.enum(logLevels, { error: `must be one of ${logLevels.join(', ')}` }).default('info'),
  },
  ADMIN_EMAIL: {
    meaning: [
      'The first supervisor, created at start if there is no such account. Default: one is made and its password printed once.',
    ],
    example: '',
    schema: z
      .string()
      .regex(/^[^\s@]+@[^\s@]+$/, { error: 'must be an email address' })
      .optional(),
  },
  ADMIN_PASSWORD: {
    meaning: ['Their password, at least 10 characters. Goes with ADMIN_EMAIL.'],
    example: '',
    schema: z
      .string()
      .min(10, { error: 'must have at least 10 characters' })
      .max(256, { error: 'must have at most 256 characters' })
      .optional(),
  },
} as const;

type Shape = { readonly [Key in keyof typeof settings]: (typeof settings)[Key]['schema'] };

const schema = z
  .object(Object.fromEntries(Object.entries(settings).map(([key, { schema }]) => [key, schema])) as Shape)
  .superRefine((values, context) => {
    if ((values.ADMIN_EMAIL === undefined) === (values.ADMIN_PASSWORD === undefined)) return;
    const missing = values.ADMIN_EMAIL === undefined ? 'ADMIN_EMAIL' : 'ADMIN_PASSWORD';
    const present = missing === 'ADMIN_EMAIL' ? 'ADMIN_PASSWORD' : 'ADMIN_EMAIL';
    context.addIssue({ code: 'custom', path: [missing], message: `is missing: set it too, or remove ${present}` });
  });

function portHint(): string {
  return 'must be a whole number from 1 to 65535, such as 3978 (0 = any free port)';
}

function precisionHint(): string {
  return 'must be a number from 0.5 to 0.999, such as 0.95';
}

/** `https://host:port`; null for anything but an http(s) address without path, query or user. */
function originOf(value: string): string | null {
  if (!URL.canParse(value)) return null;
  const url = new URL(value);
  const isPlain =
    url.pathname === '/' &&
    url.search === '' &&
    url.hash === '' &&
    url.username === '' &&
    !value.includes('?') &&
    !value.includes('#');
  return isPlain && /^https?:$/.test(url.protocol) && url.hostname !== '*' && !url.hostname.includes('*')
    ? url.origin
    : null;
}

/** An address one can type for what is listened on. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

/** Keys of the file that look like one of ours but are not; the file may hold other programs' keys as well. */
function misspelt(keys: readonly string[], file: string): readonly string[] {
  const ours = Object.keys(settings);
  return keys
    .filter((key) => !ours.includes(key))
    .flatMap((key) => {
      const meant = ours.find(
        (own) => own.toLowerCase() === key.toLowerCase() || editsBetween(own, key) <= (own.length > 6 ? 2 : 1),
      );
      return meant === undefined ? [] : [`${key}: there is no such setting (in ${file}): write ${meant}`];
    });
}

/** How many letters must be added, dropped, changed or swapped to make one word the other. */
function editsBetween(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) =>
    Array.from({ length: b.length + 1 }, (_, j) => (i === 0 ? j : j === 0 ? i : 0)),
  );
  const at = (i: number, j: number): number => rows[i]?.[j] ?? Infinity;
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      const swap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(i - 2, j - 2) + 1 : Infinity;
      (rows[i] as number[])[j] = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + change, swap);
    }
  }
  return at(a.length, b.length);
}
