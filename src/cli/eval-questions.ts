import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { decodeText } from '../articles/decode.ts';
import { InputError } from '../errors.ts';

const questionSchema = z.object({
  query: z.string(),
  expected_id: z.string().nullish(),
  also_ok: z.array(z.string()).nullish(),
  kind: z.string().nullish(),
});

/** A question put to a base, and as much of the truth as its file tells. */
export type Question = {
  readonly query: string;
  /** The articles that answer it; none for a question out of scope. */
  readonly right: readonly string[];
  /** How its scope is known: `in` has right articles, `near` and `far` have none, `unknown` has a query only. */
  readonly kind: 'in' | 'near' | 'far' | 'unknown';
};

/**
 * Reads a line of JSON for each question. Rejects with an InputError that names the line when one is no question: rows
 * of an output must match lines.
 */
export async function readQuestions(file: string): Promise<readonly Question[]> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new InputError(`${file}: can't be read: ${error.code ?? error.message}`);
  });
  const decoded = decodeText(bytes);
  if (decoded.kind === 'refused') throw new InputError(`${file}:${decoded.line}: ${decoded.reason}`);
  return decoded.text
    .split('\n')
    .flatMap((line, index) => (line.trim() === '' ? [] : [questionIn(line, `${file}:${index + 1}`)]));
}

function questionIn(line: string, place: string): Question {
  try {
    const { query, expected_id: expected, also_ok: others, kind } = questionSchema.parse(JSON.parse(line));
    if (typeof expected === 'string') return { query, right: [expected, ...(others ?? [])], kind: 'in' };
    if (typeof kind !== 'string') return { query, right: [], kind: 'unknown' };
    return { query, right: [], kind: kind === 'near' ? 'near' : 'far' };
  } catch (error) {
    const reason =
      error instanceof z.ZodError
        ? error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
        : 'is not JSON';
    throw new InputError(`${place}: ${reason} (a line must be like {"query": "…"})`);
  }
}

/** The same questions in an order that has nothing to do with their file's, and is the same each time. */
export function shuffled<T>(rows: readonly T[]): T[] {
  const copy = [...rows];
  let seed = 20_260_101;
  for (let i = copy.length - 1; i > 0; i--) {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    const j = seed % (i + 1);
    [copy[i], copy[j]] = [copy[j] as T, copy[i] as T];
  }
  return copy;
}
