import { confirmedBy, type Supported } from '../answering/learning/confirmed.ts';
import { openKnowledge, type Knowledge } from '../answering/knowledge.ts';
import type { Label } from '../answering/learning/labels.ts';
import { studyHere } from '../answering/learning/study.ts';
import { loadConfig } from '../config.ts';
import { rounded } from './ask.ts';
import { readQuestions, shuffled, type Question } from './eval-questions.ts';
import { basisOf, compare, report, type Graded, type Result, type Run } from './eval-report.ts';
import type { Terminal } from './terminal.ts';

type EvalOptions = {
  readonly knowledge?: string;
  readonly questions?: string;
  readonly labels?: string;
  readonly learn?: string;
  readonly jsonl?: boolean;
};

/**
 * Asks every question of a file, in order, of the base as the desk would serve it. With `labels` the confidence is
 * calibrated on those first; without `questions` on one half of them, and the other half is asked. With `learn` it shows
 * what confirmed wordings are worth.
 */
export async function evaluate(options: EvalOptions, terminal: Terminal): Promise<number> {
  if (options.learn !== undefined) return learningCurve(await readJudged(options.learn), options, terminal);
  const judged = options.labels === undefined ? [] : await readJudged(options.labels);
  const { fit, rest } =
    options.questions === undefined ? split(judged) : { fit: judged, rest: await readQuestions(options.questions) };
  const base = await openBase(options, terminal, rest);
  await base.learn([]);
  const before = fit.length > 0 && !options.jsonl ? base.ask() : null;
  if (fit.length > 0) await base.learn(fit);
  const after = base.ask();
  if (options.jsonl) {
    for (const { result } of after.graded) terminal.out(`${JSON.stringify(result)}\n`);
    return 0;
  }
  terminal.out(report(after));
  const runs = [before, after].flatMap((run) => (run ? [{ name: basisOf(run.calibration), run }] : []));
  if (before) terminal.out(`\n${compare(runs)}`);
  return 0;
}

/** Asks one half of the questions after 0, 50, 100 … wordings of the other half were confirmed. */
async function learningCurve(judged: readonly Question[], options: EvalOptions, terminal: Terminal): Promise<number> {
  const { fit, rest } = split(judged);
  const base = await openBase(options, terminal, rest);
  const wordings = fit.filter(({ kind }) => kind === 'in');
  const strangers = fit.filter(({ kind }) => kind !== 'in');
  const runs: { name: string; run: Run }[] = [];
  for (const count of curve.filter((one) => one === 0 || one <= wordings.length)) {
    // Those who ask in vain are heard at the same pace.
    const heard = strangers.slice(0, Math.round((strangers.length * count) / wordings.length));
    await base.learn([...wordings.slice(0, count), ...heard], { confirming: true });
    terminal.err(`${count} confirmed\n`);
    const run = base.ask();
    runs.push({ name: `${count} confirmed`, run });
  }
  const last = runs.at(-1);
  if (last) terminal.out(`${compare(runs)}\nconfidence at the end: ${basisOf(last.run.calibration)}\n`);
  return 0;
}

const curve = [0, 50, 100, 200, 400, 800, 1_600];

/** A base that learns as the desk does, and answers the same questions each time. */
type Base = {
  learn(judged: readonly Question[], how?: { readonly confirming: boolean }): Promise<void>;
  ask(): Run;
};

async function openBase(options: EvalOptions, terminal: Terminal, asked: readonly Question[]): Promise<Base> {
  const { knowledgeDir, targetPrecision } = loadConfig();
  const knowledge = await openKnowledge(options.knowledge ?? knowledgeDir, {
    targetPrecision,
    warn: (message) => terminal.err(`${message}\n`),
  });
  const { articles, faults } = knowledge.loaded;
  terminal.err(`${articles.length} articles, ${faults.length} files skipped, ${asked.length} questions\n`);
  const study = studyHere();
  return {
    learn: async (judged, { confirming } = { confirming: false }) => {
      const labels = judged.map((question) => labelOf(question, knowledge));
      const lesson = await knowledge.lesson({
        labels,
        confirmed: confirmedBy(confirming ? labels.filter(({ right }) => right).map(supported) : []),
      });
      knowledge.take(await study.learn(lesson), lesson);
    },
    ask: () => ({
      graded: asked.map(grader(knowledge)),
      calibration: knowledge.calibration(),
      promised: targetPrecision,
    }),
  };
}

/** As if an agent had said so. */
function supported({ articleId, question }: Label): Supported {
  return { articleId, question, voices: { feedback: 0, pick: 0, agent: 1 }, against: 0 };
}

async function readJudged(file: string): Promise<readonly Question[]> {
  return (await readQuestions(file)).filter(({ kind }) => kind !== 'unknown');
}

function grader(knowledge: Knowledge): (question: Question) => Graded {
  return (question) => {
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
    return { question, result };
  };
}

/** Half of them, shuffled, three in ten of it out of scope if the file has as many, to fit on; the rest to report on. */
function split(judged: readonly Question[]): { readonly fit: readonly Question[]; readonly rest: readonly Question[] } {
  const inside = shuffled(judged.filter(({ kind }) => kind === 'in'));
  const outside = shuffled(judged.filter(({ kind }) => kind !== 'in'));
  const half = Math.floor(inside.length / 2);
  const few = Math.min(Math.floor(outside.length / 2), Math.round((half * 3) / 7));
  return {
    fit: [...inside.slice(0, half), ...outside.slice(0, few)],
    rest: [...inside.slice(half), ...outside.slice(few)],
  };
}

/** What a customer would have said of the answer: right or not, and an agent, which article was. */
function labelOf({ query, right }: Question, knowledge: Knowledge): Label {
  const best = knowledge.search(query, 1).candidates[0]?.articleId ?? '';
  const said = { question: query, source: 'agent', by: query, at: 0 } as const;
  if (right.length === 0) return { ...said, articleId: best, right: false };
  return { ...said, articleId: right.includes(best) ? best : (right[0] ?? ''), right: true };
}
