import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { openKnowledge } from '../answering/knowledge.ts';
import { decodeText } from '../articles/decode.ts';
import { loadConfig } from '../config.ts';
import { InputError } from '../errors.ts';
import { rounded } from './ask.ts';
import type { Terminal } from './terminal.ts';

type EvalOptions = { readonly knowledge?: string; readonly questions: string; readonly jsonl?: boolean };

/** Asks every question of a file, in order. A line that is no question refuses the whole file: rows must match lines. */
export async function evaluate(options: EvalOptions, terminal: Terminal): Promise<number> {
  const questions = await readQuestions(options.questions);
  const { knowledgeDir, targetPrecision } = loadConfig();
  const knowledge = await openKnowledge(options.knowledge ?? knowledgeDir, {
    targetPrecision,
    warn: (message) => terminal.err(`${message}\n`),
  });
  const { articles, faults } = knowledge.loaded;
  terminal.err(`${articles.length} articles, ${faults.length} files skipped, ${questions.length} questions\n`);
  const graded: Graded[] = [];
  for (const question of questions) {
    const started = performance.now();
    const { finding, candidates } = knowledge.search(question.query, 10);
    const ms = performance.now() - started;
    const { outcome, articleId, confidence } = finding.understanding;
    const result: Result = {
      query: question.query,
      outcome,
      article: articleId,
      confidence: rounded(confidence),
      candidates: candidates.map((candidate) => ({ article: candidate.articleId, score: rounded(candidate.score) })),
      ms: rounded(ms),
    };
    if (options.jsonl) terminal.out(`${JSON.stringify(result)}\n`);
    else graded.push({ question, result });
  }
  if (!options.jsonl) terminal.out(report(graded));
  return 0;
}

/** A line of `--jsonl`: a promise to other people's scripts. `score` compares within one question only. */
type Result = {
  readonly query: string;
  readonly outcome: 'answer' | 'clarify' | 'handoff';
  readonly article: string | null;
  readonly confidence: number;
  readonly candidates: readonly { readonly article: string; readonly score: number }[];
  readonly ms: number;
};

const questionSchema = z.object({
  query: z.string(),
  expected_id: z.string().nullish(),
  also_ok: z.array(z.string()).nullish(),
  kind: z.string().nullish(),
});
type Question = z.output<typeof questionSchema>;
type Graded = { readonly question: Question; readonly result: Result };

async function readQuestions(file: string): Promise<readonly Question[]> {
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
    return questionSchema.parse(JSON.parse(line));
  } catch (error) {
    const reason =
      error instanceof z.ZodError
        ? error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
        : 'is not JSON';
    throw new InputError(`${place}: ${reason} (a line must be like {"query": "…"})`);
  }
}

/** Shares of what the rows can tell: those with `expected_id` should be answered, those with `kind` should not. */
function report(graded: readonly Graded[]): string {
  const answerable = graded.filter(({ question }) => typeof question.expected_id === 'string');
  const answered = graded.filter(({ result }) => result.outcome === 'answer');
  const judged = answered.filter(
    ({ question }) => typeof question.expected_id === 'string' || typeof question.kind === 'string',
  );
  const lines: [string, string][] = [['questions', `${graded.length}`]];
  if (answerable.length > 0) {
    const places = answerable.map(placeOfRight);
    lines.push(
      ['  with a right article', `${answerable.length}`],
      ['  right article first', share(places, (place) => place === 1)],
      ['  among the first three', share(places, (place) => place <= 3)],
      ['  mean reciprocal rank', mean(places.map((place) => 1 / place)).toFixed(3)],
      ['  answered', share(answerable, ({ result }) => result.outcome === 'answer')],
      ['  offered to choose from', share(answerable, ({ result }) => result.outcome === 'clarify')],
    );
  }
  for (const kind of ['near', 'far']) {
    const rows = graded.filter(({ question }) => question.kind === kind);
    if (rows.length === 0) continue;
    lines.push(
      [`  out of scope, ${kind}`, `${rows.length}`],
      ['  not answered', share(rows, ({ result }) => result.outcome !== 'answer')],
    );
  }
  if (judged.length > 0) lines.push(['answers given that are right', `${share(judged, isRight)} of ${judged.length}`]);
  if (answerable.length === 0) lines.push(...outcomes(graded));
  const times = graded.map(({ result }) => result.ms).sort((a, b) => a - b);
  if (times.length > 0)
    lines.push(['ms, median / 99 %', `${at(times, 0.5).toFixed(2)} / ${at(times, 0.99).toFixed(2)}`]);
  const width = Math.max(...lines.map(([label]) => label.length));
  return lines.map(([label, value]) => `${label.padEnd(width)}  ${value}\n`).join('');
}

function rightOnes({ expected_id: expected, also_ok: others }: Question): ReadonlySet<string> {
  return new Set([...(typeof expected === 'string' ? [expected] : []), ...(others ?? [])]);
}

function isRight({ question, result }: Graded): boolean {
  return result.article !== null && rightOnes(question).has(result.article);
}

/** From 1; Infinity when no candidate is right. */
function placeOfRight({ question, result }: Graded): number {
  const right = rightOnes(question);
  const index = result.candidates.findIndex(({ article }) => right.has(article));
  return index < 0 ? Infinity : index + 1;
}

function outcomes(graded: readonly Graded[]): [string, string][] {
  return (['answer', 'clarify', 'handoff'] as const).map((outcome) => [
    `  ${outcome}`,
    share(graded, ({ result }) => result.outcome === outcome),
  ]);
}

function share<Row>(rows: readonly Row[], holds: (row: Row) => boolean): string {
  return (rows.filter(holds).length / rows.length).toFixed(3);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function at(sorted: readonly number[], quantile: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * quantile))] ?? 0;
}
