import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { expected, oneOf } from './article.ts';

/** A question with what must come of it, from `tests.yaml` in the knowledge folder. */
export type TestCase = {
  readonly ask: string;
  /** The article answered just before; null at the start of a conversation. */
  readonly after: string | null;
  /** Answered with one of these, or one of these offered to choose; empty = any, or none. */
  readonly expect: readonly string[];
  /** Never answered with one of these. */
  readonly not: readonly string[];
  /** One of these; empty = any. */
  readonly outcome: readonly ('answer' | 'clarify' | 'handoff')[];
  /** Where it stands in the file, from 1. */
  readonly line: number;
};

export type ReadTests = {
  readonly cases: readonly TestCase[];
  /** What cannot be understood, by line. */
  readonly faults: readonly { readonly line: number; readonly reason: string }[];
};

/** Reads the text of `tests.yaml`; an empty file has no cases. See knowledge/README.md for how to write one. */
export function parseTests(text: string): ReadTests {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, logLevel: 'silent' });
  const lineAt = (offset: number): number => counter.linePos(offset).line;
  if (document.errors.length > 0)
    return {
      cases: [],
      faults: document.errors.map(({ pos, message }) => ({ line: lineAt(pos[0]), reason: `not YAML: ${message}` })),
    };
  const list = plain(document);
  if (list === null) return { cases: [], faults: [] };
  if (!Array.isArray(list)) return { cases: [], faults: [{ line: 1, reason: notAList }] };
  const cases: TestCase[] = [];
  const faults: { line: number; reason: string }[] = [];
  for (const [at, entry] of list.entries()) {
    const line = lineAt(offsetOf(document, [at]));
    const read = testCase.safeParse(entry);
    if (read.success) cases.push({ ...read.data, line });
    else
      for (const { path, message } of issuesOf(read.error))
        faults.push({
          line: lineAt(offsetOf(document, [at, ...path])),
          reason: path.length > 0 ? `${String(path[0])}: ${message}` : message,
        });
  }
  return { cases, faults };
}

const notAList = 'expected a list of cases, each like `- ask: …` with `expect:`, `not:` or `outcome:` below it';

/** One or several: `expect: a` and `expect: [a, b]`. */
function oneOrMore<Each extends z.ZodType>(each: Each, what: string) {
  return z.preprocess(
    (value: unknown) =>
      value === undefined || value === null ? [] : Array.isArray(value) ? (value as unknown) : [value],
    z.array(each, { error: expected(what) }),
  );
}

const id = z.string({ error: expected('an article id such as refunds/refund-time') }).min(1, 'must not be empty');

const testCase = z
  .strictObject(
    {
      ask: z
        .string({ error: expected('what a customer asks') })
        .max(2_000, 'is longer than 2000 characters')
        .refine((text) => text.trim() !== '', 'must not be empty'),
      after: id.nullish().transform((value) => value ?? null),
      expect: oneOrMore(id, 'article ids'),
      not: oneOrMore(id, 'article ids'),
      outcome: oneOrMore(oneOf(['answer', 'clarify', 'handoff']), 'outcomes'),
    },
    {
      error: (issue) =>
        issue.code === 'unrecognized_keys'
          ? `unknown: ${issue.keys?.join(', ')} (a case has ask, after, expect, not and outcome)`
          : expected('a case, such as `ask: …` and below it `expect: …`')(issue),
    },
  )
  .superRefine(({ expect, not, outcome }, context) => {
    const fail = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
    if (expect.length + not.length + outcome.length === 0)
      fail('ask', 'says nothing of what must come of it: add `expect:`, `not:` or `outcome:`');
    if (expect.length > 0 && outcome.length > 0 && outcome.every((each) => each === 'handoff'))
      fail('outcome', 'who is handed over gets no article: leave out `expect:`, or the outcome');
    const both = expect.find((each) => not.includes(each));
    if (both !== undefined) fail('not', `"${both}" is expected and forbidden`);
  });

/** Where a key is misspelt, what is missing is that key. */
function issuesOf({ issues }: z.ZodError): readonly z.core.$ZodIssue[] {
  const misspelt = issues.filter(({ code }) => code === 'unrecognized_keys');
  return misspelt.length > 0 ? misspelt : issues;
}

function plain(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 }) ?? null;
  } catch {
    // Aliases (`*name`): not needed here, and how a kilobyte of YAML becomes a gigabyte.
    return 'aliases';
  }
}

function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}
