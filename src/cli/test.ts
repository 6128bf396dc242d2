import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  compare,
  type Comparison,
  examine,
  type ExaminationKind,
  examinationKinds,
  failuresAmong,
  type Graded,
  stolenAmong,
  type Summary,
  summarise,
  type Thief,
  thievesAmong,
} from '../answering/editing/examination.ts';
import { openKnowledge } from '../answering/knowledge.ts';
import { decodeText } from '../articles/decode.ts';
import { parseTests, type TestCase } from '../articles/tests.ts';
import { loadConfig } from '../config.ts';
import { InputError } from '../errors.ts';
import { rounded } from './ask.ts';
import { folderAt } from './revision.ts';
import type { Terminal } from './terminal.ts';
import { reportOf } from './test-report.ts';

type TestOptions = {
  readonly knowledge?: string;
  readonly base?: string;
  /** False with `--no-compare`. */
  readonly compare: boolean;
  readonly json?: boolean;
};

/** What `zhike test` found. */
export type TestResult = {
  readonly articles: number;
  readonly summaries: Readonly<Record<ExaminationKind, Summary>>;
  readonly failures: readonly Graded[];
  readonly stolen: readonly Graded[];
  readonly thieves: readonly Thief[];
  readonly base: ComparedBase;
};

/** What it was compared with, or why not; null if that was not wanted. */
export type ComparedBase =
  | { readonly ref: string; readonly commit: string; readonly comparison: Comparison }
  | { readonly ref: string; readonly skipped: string }
  | null;

/**
 * Asks the knowledge its own questions and its tests, and compares with a commit. Exit code 1 on a failure, and on a
 * question that went right at that commit and is plainly wrong now.
 */
export async function test(options: TestOptions, terminal: Terminal): Promise<number> {
  const { knowledgeDir, targetPrecision } = loadConfig();
  const dir = options.knowledge ?? knowledgeDir;
  const tests = await readTests(dir);
  const asked = async (folder: string, what: string): Promise<Exam> => {
    const warn = (message: string): void => terminal.err(`${message}\n`);
    const knowledge = await openKnowledge(folder, { targetPrecision, warn });
    const { articles, faults } = knowledge.loaded;
    terminal.err(`${what}: ${knowledge.size} articles, ${faults.length} files skipped\n`);
    const rows = await examine({ articles, answers: knowledge, tests, progress: reporter(terminal) });
    return { articles: knowledge.size, rows };
  };
  const { articles, rows } = await asked(dir, dir);
  const base = options.compare ? await comparedBase(options.base, { dir, rows, asked }) : null;
  const result: TestResult = {
    articles,
    summaries: summariesOf(rows),
    failures: failuresAmong(rows),
    stolen: stolenAmong(rows),
    thieves: thievesAmong(rows),
    base,
  };
  terminal.out(options.json ? `${JSON.stringify(presented(result), null, 2)}\n` : reportOf(result, terminal));
  return passed(result) ? 0 : 1;
}

export function passed({ failures, base }: TestResult): boolean {
  return failures.length === 0 && !(base && 'comparison' in base && base.comparison.broken.length > 0);
}

type Exam = { readonly articles: number; readonly rows: readonly Graded[] };

async function readTests(dir: string): Promise<readonly TestCase[]> {
  const file = join(dir, 'tests.yaml');
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return new Uint8Array();
    throw new InputError(`${file}: can't be read: ${error.code ?? error.message}`);
  });
  const decoded = decodeText(bytes);
  if (decoded.kind === 'refused') throw new InputError(`${file}:${decoded.line}: ${decoded.reason}`);
  const { cases, faults } = parseTests(decoded.text);
  if (faults.length > 0)
    throw new InputError(faults.map(({ line, reason }) => `${basename(file)}:${line}: ${reason}`).join('\n'));
  return cases;
}

type Now = {
  readonly dir: string;
  readonly rows: readonly Graded[];
  readonly asked: (folder: string, what: string) => Promise<Exam>;
};

/**
 * The same tests on the knowledge of a commit. It is asked second, because words taught to the segmenter stay: only the
 * comparison may suffer from a changed dictionary, never the result.
 */
async function comparedBase(named: string | undefined, { dir, rows, asked }: Now): Promise<ComparedBase> {
  const ref = named ?? 'HEAD';
  const revision = await folderAt(dir, ref);
  if (revision.kind === 'same') return { ref, skipped: 'the knowledge is the same there' };
  if (revision.kind === 'none') {
    // A comparison somebody asked for by name must not be left out silently.
    if (named !== undefined) throw new InputError(`--base ${ref}: ${revision.reason}`);
    return { ref, skipped: revision.reason };
  }
  try {
    const { rows: before } = await asked(revision.path, `${dir} at ${ref}`);
    return { ref, commit: revision.commit, comparison: compare(before, rows) };
  } finally {
    await revision.remove();
  }
}

function summariesOf(rows: readonly Graded[]): TestResult['summaries'] {
  const of = (kind: ExaminationKind): Summary => summarise(rows.filter((row) => row.kind === kind));
  return Object.fromEntries(examinationKinds.map((kind) => [kind, of(kind)])) as TestResult['summaries'];
}

/** Milliseconds between two lines of progress. */
const progressEvery = 5_000;

function reporter(terminal: Terminal): (done: number, total: number) => void {
  let last = performance.now();
  return (done, total) => {
    if (performance.now() - last < progressEvery) return;
    last = performance.now();
    terminal.err(`${done} of ${total} questions\n`);
  };
}

/** The shape of `--json`, a promise to other people's scripts; knowledge/README.md describes it. */
function presented(result: TestResult): unknown {
  const { articles, summaries, failures, stolen, thieves, base } = result;
  const question = ({ kind, question: text, of, line, expected, ...rest }: Graded): unknown => {
    const { outcome, found, confidence, place, wrong } = rest;
    return { kind, question: text, of, line, expected, outcome, found, confidence: rounded(confidence), place, wrong };
  };
  const changes = (list: Comparison['better']): unknown =>
    list.map(({ before, now }) => ({ before: question(before), now: question(now) }));
  const compared =
    base && 'comparison' in base
      ? {
          ref: base.ref,
          commit: base.commit,
          compared: base.comparison.compared,
          better: changes(base.comparison.better),
          worse: changes(base.comparison.worse),
          changed: changes(base.comparison.changed),
          broken: changes(base.comparison.broken),
        }
      : base;
  return {
    passed: passed(result),
    articles,
    summaries: Object.fromEntries(Object.entries(summaries).map(([kind, summary]) => [kind, figures(summary)])),
    failures: failures.map(question),
    stolen: stolen.map(question),
    thieves,
    base: compared,
  };
}

function figures(summary: Summary): unknown {
  return Object.fromEntries(
    Object.entries(summary).map(([name, value]) => [name, value === null ? null : rounded(value)]),
  );
}
