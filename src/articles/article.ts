import { z } from 'zod';

/** A knowledge article: front matter and markdown, checked. See knowledge/README.md for what each field means. */
export type Article = {
  /** Unique in the base; the path below the knowledge folder without `.md`, unless the front matter names one. */
  readonly id: string;
  readonly title: string;
  /** Alternate questions. */
  readonly questions: readonly string[];
  readonly notQuestions: readonly string[];
  readonly keywords: readonly string[];
  readonly followUps: readonly string[];
  readonly status: 'draft' | 'published' | 'archived';
  readonly audience: 'public' | 'internal';
  /** Channels it may be shown on; empty = all. */
  readonly channels: readonly string[];
  readonly skill: string | null;
  readonly owner: string | null;
  /** ISO date (yyyy-mm-dd) by which somebody should read it again. */
  readonly reviewBy: string | null;
  /** Markdown, front matter removed. */
  readonly body: string;
  /** The body as plain text (no markup), for the index. */
  readonly text: string;
  /** Path relative to the knowledge folder, with `/`. */
  readonly file: string;
};

/**
 * What stands between the two `---` lines of an article. Unknown keys are tolerated, because real bases are full of
 * them; a known key with a wrong value is refused with a message that says what to write instead.
 */
export const frontMatter = z.object(
  {
    id: text(200)
      .refine(
        (id) => id === id.trim() && !/\p{Cc}/u.test(id),
        'must not begin or end with a space, nor hold a line break',
      )
      .optional(),
    title: line(500).optional(),
    questions: lines(1000),
    keywords: lines(1000),
    status: oneOf(['draft', 'published', 'archived']).default('published'),
    audience: oneOf(['public', 'internal']).default('public'),
    channels: lines(50),
    skill: line(200).optional(),
    owner: line(200).optional(),
    review_by: z
      .string({ error: expected('a date such as 2027-03-31') })
      .refine(isDate, { error: 'expected a date such as 2027-03-31' })
      .optional(),
    follow_ups: lines(50),
    not_questions: lines(1000),
  },
  { error: expected('lines of the form `key: value` (with an ASCII colon and a space)') },
);

export type FrontMatter = z.output<typeof frontMatter>;

function lines(most: number) {
  return z
    .array(line(1000), { error: expected('a list, each entry on its own line after `- `') })
    .max(most, { error: `holds more than ${most} entries` })
    .default([]);
}

function line(most: number) {
  return text(most)
    .transform((value) => value.replace(/\s+/g, ' ').trim())
    .refine((value) => value !== '', 'must not be empty');
}

function text(most: number) {
  return z
    .string({ error: expected('text') })
    .min(1, { error: 'must not be empty' })
    .max(most, { error: `is longer than ${most} characters` })
    .refine((value) => !/[\0\p{Cs}]/u.test(value), 'holds a NUL or half a character (lone surrogate): write it anew');
}

/** A schema for one of some words; its message lists them. */
export function oneOf<const Choice extends string>(choices: readonly Choice[]) {
  const error = expected(choices.map((choice) => `"${choice}"`).join(' or '));
  return z.enum(choices, { error });
}

/** A message that says what was expected, and what stands there instead. */
export function expected(what: string) {
  return ({ input }: { readonly input?: unknown }): string => `expected ${what}, found ${described(input)}`;
}

function described(input: unknown): string {
  if (input === null || input === undefined) return 'nothing';
  if (Array.isArray(input)) return 'a list';
  if (typeof input === 'string') return `"${input.slice(0, 60)}"`;
  if (typeof input === 'number') return `the number ${input} (put it in quotes to make it text)`;
  if (typeof input === 'boolean') return `${input} (put it in quotes to make it text)`;
  return 'a group of keys';
}

function isDate(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const at = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(value);
}
