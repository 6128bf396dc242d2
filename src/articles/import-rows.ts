import { extname } from 'node:path';
import { parse as parseCsv } from 'csv-parse/sync';
import { z } from 'zod';
import { InputError } from '../errors.ts';
import { decodeText } from './decode.ts';

/** What becomes one article. */
export type ImportRow = {
  /** Where it stands in its file, from 1. */
  readonly line: number;
  /** Kept exactly; null: the article's path becomes its id. */
  readonly id: string | null;
  readonly question: string;
  /** Markdown; may be empty. */
  readonly answer: string;
  readonly aliases: readonly string[];
  readonly followUps: readonly string[];
  readonly category: string | null;
};

/** A row that makes no article, and why. */
export type BadRow = { readonly line: number; readonly reason: string };

export type ImportRows = { readonly rows: readonly ImportRow[]; readonly bad: readonly BadRow[] };

/**
 * Reads `{id,question,answer,aliases?,category?}` from JSON lines, CSV or TSV with a header, and QnA Maker's exports as
 * TSV, CSV or JSON. Bad rows are named beside the good ones; a file that can't be read at all is an InputError.
 */
export function readImportRows(name: string, bytes: Uint8Array): ImportRows {
  const decoded = decodeText(bytes);
  if (decoded.kind === 'refused')
    throw new InputError(`${name}:${decoded.line}: ${decoded.reason}${howToConvert(name, decoded.reason)}`);
  switch (extname(name).toLowerCase()) {
    case '.jsonl':
    case '.ndjson':
      return fromJsonLines(decoded.text);
    case '.csv':
      return fromTable(decoded.text, ',');
    case '.tsv':
    case '.tab':
      return fromTable(decoded.text, '\t');
    case '.json':
      return fromQnaJson(name, decoded.text);
    default:
      throw new InputError(`${name}: can't tell what this is: the name must end in .jsonl, .csv, .tsv or .json`);
  }
}

function howToConvert(name: string, reason: string): string {
  const from = reason.includes('GBK') ? 'GB18030' : reason.includes('UTF-16') ? 'UTF-16' : null;
  if (from === null) return '';
  return ` (in Excel: Save as, "CSV UTF-8"; in a shell: iconv -f ${from} -t UTF-8 "${name}" > "utf8-${name.replace(/^.*[\\/]/, '')}")`;
}

const text = z.string({ error: 'must be text' });
const optionalText = text.nullish().transform((value) => value ?? '');
const rowSchema = z.object(
  {
    id: z
      .union([text, z.int()], { error: 'must be text or a whole number' })
      .nullish()
      .transform((id) => (id === null || id === undefined || id === '' ? null : String(id))),
    question: text.refine((question) => question.trim() !== '', 'must not be empty'),
    answer: optionalText,
    aliases: z
      .array(text, { error: 'must be a list of texts' })
      .nullish()
      .transform((aliases) => aliases ?? []),
    category: optionalText.transform((category) => category.trim() || null),
  },
  { error: 'must be an object {"question": …, "answer": …}' },
);

function fromJsonLines(content: string): ImportRows {
  const rows: ImportRow[] = [];
  const bad: BadRow[] = [];
  for (const [index, source] of content.split('\n').entries()) {
    if (source.trim() === '') continue;
    const line = index + 1;
    try {
      check({ line, value: JSON.parse(source), rows, bad });
    } catch (error) {
      bad.push({ line, reason: `is not JSON: ${error instanceof Error ? error.message : String(error)}` });
    }
  }
  return { rows, bad };
}

function check({ line, value, rows, bad }: { line: number; value: unknown; rows: ImportRow[]; bad: BadRow[] }): void {
  const checked = rowSchema.safeParse(value);
  if (checked.success) rows.push({ line, ...checked.data, followUps: [] });
  else
    bad.push({
      line,
      reason: checked.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`.trim()).join('; '),
    });
}

type Cells = { readonly line: number; readonly cells: ReadonlyMap<string, string> };

function fromTable(content: string, delimiter: string): ImportRows {
  const bad: BadRow[] = [];
  const [header, ...records] = readTable(content, delimiter, bad);
  if (!header)
    throw new InputError('the file is empty: its first line must name the columns, such as id,question,answer');
  const columns = header.record.map((column) => column.trim().toLowerCase());
  if (!columns.includes('question') || !columns.includes('answer')) {
    throw new InputError(
      `the first line must name the columns, at least question and answer (found: ${columns.join(', ').slice(0, 200)})`,
    );
  }
  const table = records.map(({ record, line }): Cells => ({
    line,
    cells: new Map(record.map((cell, at) => [columns[at] ?? `${at}`, cell])),
  }));
  if (columns.some((column) => ['qnaid', 'metadata', 'suggestedquestions'].includes(column)))
    return fromQnaTable(table, bad);
  const rows: ImportRow[] = [];
  for (const { line, cells } of table) {
    const value = { ...Object.fromEntries(cells), aliases: split(cells.get('aliases') ?? '', /[|\n]/) };
    check({ line, value, rows, bad });
  }
  return { rows, bad };
}

function split(cell: string, by: RegExp): readonly string[] {
  return cell.split(by).flatMap((part) => part.trim() || []);
}

function readTable(
  content: string,
  delimiter: string,
  bad: BadRow[],
): readonly { readonly record: readonly string[]; readonly line: number }[] {
  let read = 0;
  const records = parseCsv(content, {
    delimiter,
    info: true,
    relax_column_count: true,
    // Tab-separated exports do not quote: a quotation mark inside a text is just that.
    relax_quotes: delimiter === '\t',
    skip_empty_lines: true,
    skip_records_with_error: true,
    // A quotation mark that is never closed would swallow the rest of the file.
    max_record_size: 1024 * 1024,
    on_skip: (error) => void bad.push({ line: lineOf(error) ?? read + 1, reason: error?.message ?? 'is malformed' }),
  }) as unknown as readonly { readonly record: readonly string[]; readonly info: { readonly lines: number } }[];
  return records.map(({ record, info }) => {
    const line = read + 1;
    read = info.lines;
    return { record, line };
  });
}

function lineOf(error: unknown): number | null {
  return error instanceof Error && 'lines' in error && typeof error.lines === 'number' ? error.lines : null;
}

/** One question and its answer, as QnA Maker has them; those with one `key` are one article. */
type Pair = {
  readonly line: number;
  readonly key: string;
  readonly id: string | null;
  readonly questions: readonly string[];
  readonly answer: string;
  readonly category: string | null;
  readonly prompts: readonly Prompt[];
};

type Prompt = { readonly qnaId: string | null; readonly displayText: string };

function fromQnaTable(table: readonly Cells[], bad: BadRow[]): ImportRows {
  const pairs = table.flatMap(({ line, cells }): readonly Pair[] => {
    const cell = (name: string): string => cells.get(name)?.trim() ?? '';
    if (cell('question') === '') {
      bad.push({ line, reason: 'question must not be empty' });
      return [];
    }
    const id = cell('qnaid') || null;
    // The export writes line breaks as \n, so that a pair stays on its line.
    const answer = cell('answer').replace(/\\r?\\n|\\n/g, '\n');
    return [
      {
        line,
        key: id ?? JSON.stringify([answer, cell('source'), cell('metadata')]),
        id,
        questions: [cell('question')],
        answer,
        category: categoryIn(
          cell('metadata')
            .split('|')
            .map((entry) => entry.split(':')),
        ),
        prompts: promptsIn(cell('prompts')),
      },
    ];
  });
  return { rows: joined(pairs), bad };
}

function categoryIn(metadata: readonly (readonly (string | undefined)[])[]): string | null {
  const [, ...value] = metadata.find(([name]) => name?.trim().toLowerCase() === 'category') ?? [];
  return value.join(':').trim() || null;
}

const promptSchema = z.object({ qnaId: z.union([z.string(), z.number()]).nullish(), displayText: z.string() });

function promptsIn(cell: string): readonly Prompt[] {
  try {
    return cell === '' ? [] : promptsOf(JSON.parse(cell));
  } catch {
    // Buttons below an answer: an article without them is still the article.
    return [];
  }
}

function promptsOf(value: unknown): readonly Prompt[] {
  const checked = z.array(promptSchema).safeParse(value);
  return (checked.data ?? []).map(({ qnaId, displayText }) => ({
    qnaId: qnaId === null || qnaId === undefined ? null : String(qnaId),
    displayText,
  }));
}

const qnaSchema = z.object({
  id: z.union([z.int(), z.string()]).nullish(),
  answer: z.string().nullish(),
  questions: z.array(z.string()).min(1),
  metadata: z
    .array(z.object({ name: z.string(), value: z.string() }))
    .nullish()
    .catch(null),
  context: z.object({ prompts: z.unknown() }).nullish().catch(null),
});

function fromQnaJson(name: string, content: string): ImportRows {
  const documents = qnaDocumentsIn(name, content);
  const bad: BadRow[] = [];
  const pairs = documents.flatMap((document, index): readonly Pair[] => {
    const line = index + 1;
    const checked = qnaSchema.safeParse(document);
    if (!checked.success) {
      const reasons = checked.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
      bad.push({ line, reason: `(entry ${line}) ${reasons.join('; ')}` });
      return [];
    }
    const { id, answer, questions, metadata, context } = checked.data;
    return [
      {
        line,
        key: `${index}`,
        id: id === null || id === undefined ? null : String(id),
        questions,
        answer: answer ?? '',
        category: categoryIn((metadata ?? []).map((entry) => [entry.name, entry.value])),
        prompts: promptsOf(context?.prompts ?? []),
      },
    ];
  });
  return { rows: joined(pairs), bad };
}

function qnaDocumentsIn(name: string, content: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(content);
    const checked = z.union([z.array(z.unknown()), z.object({ qnaDocuments: z.array(z.unknown()) })]).parse(value);
    return 'qnaDocuments' in checked ? checked.qnaDocuments : checked;
  } catch {
    throw new InputError(
      `${name}: is not QnA Maker's JSON export {"qnaDocuments": […]} (other rows go into a .jsonl file, one a line)`,
    );
  }
}

function joined(pairs: readonly Pair[]): readonly ImportRow[] {
  const groups = new Map<string, Pair[]>();
  for (const pair of pairs) groups.set(pair.key, [...(groups.get(pair.key) ?? []), pair]);
  const questionOf = new Map([...groups.values()].map(([first]) => [first?.id ?? null, first?.questions[0]]));
  return [...groups.values()].flatMap((group): readonly ImportRow[] => {
    const [first] = group;
    const [question, ...aliases] = group.flatMap(({ questions }) => questions);
    if (!first || question === undefined) return [];
    const followUps = first.prompts.map(
      ({ qnaId, displayText }) => (qnaId !== null && questionOf.get(qnaId)) || displayText,
    );
    return [
      { line: first.line, id: first.id, question, answer: first.answer, aliases, followUps, category: first.category },
    ];
  });
}
