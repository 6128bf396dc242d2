import { openKnowledge, type Knowledge } from '../answering/knowledge.ts';
import type { Label } from '../answering/labels.ts';
import { studyHere } from '../answering/study.ts';
import { loadConfig } from '../config.ts';
import { rounded } from './ask.ts';
import { readQuestions, shuffled, type Question } from './eval-questions.ts';
import { basisOf, compare, report, type Graded, type Result, type Run } from './eval-report.ts';
import type { Terminal } from './terminal.ts';

type EvalOptions = {
  readonly knowledge?: string;
  readonly questions?: string;
  readonly labels?: string;
  readonly jsonl?: boolean;
};

/**
 * Asks every question of a file, in order, of the base as the desk would serve it. With `labels` the confidence is
 * calibrated on those first; without `questions` on one part of them, and the rest is asked.
 */
export async function evaluate(options: EvalOptions, terminal: Terminal): Promise<number> {
  const { questions: file, labels: labelsFile } = options;
  const judged = labelsFile === undefined ? [] : (await readQuestions(labelsFile)).filter(isJudged);
  const { fit, rest } = file === undefined ? split(judged) : { fit: judged, rest: await readQuestions(file) };
  const { knowledgeDir, targetPrecision } = loadConfig();
  const knowledge = await openKnowledge(options.knowledge ?? knowledgeDir, {
    targetPrecision,
    warn: (message) => terminal.err(`${message}\n`),
  });
  const { articles, faults } = knowledge.loaded;
  terminal.err(`${articles.length} articles, ${faults.length} files skipped, ${rest.length} questions\n`);
  const study = studyHere();
  const ask = (): Run => ({
    graded: rest.map(grader(knowledge)),
    calibration: knowledge.calibration(),
    promised: targetPrecision,
  });

  knowledge.take(await study.learn(knowledge.lesson([])));
  const before = fit.length > 0 && !options.jsonl ? ask() : null;
  if (fit.length > 0) knowledge.take(await study.learn(knowledge.lesson(fit.map((one) => labelOf(one, knowledge)))));
  const after = ask();
  if (options.jsonl) {
    for (const { result } of after.graded) terminal.out(`${JSON.stringify(result)}\n`);
    return 0;
  }
  terminal.out(report(after));
  if (before) {
    const runs = [before, after].map((run) => ({ name: basisOf(run.calibration), run }));
    terminal.out(`\n${compare(runs)}`);
  }
  return 0;
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

function isJudged({ kind }: Question): boolean {
  return kind !== 'unknown';
}

/** What a customer would have said of the answer: right or not, and an agent, which article was. */
function labelOf({ query, right }: Question, knowledge: Knowledge): Label {
  const best = knowledge.search(query, 1).candidates[0]?.articleId ?? '';
  const said = { question: query, source: 'agent', by: query, at: 0 } as const;
  if (right.length === 0) return { ...said, articleId: best, right: false };
  return { ...said, articleId: right.includes(best) ? best : (right[0] ?? ''), right: true };
}
