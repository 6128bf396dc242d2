import type { Explanation, Share } from '../answering/explanation.ts';
import { openKnowledge, type Knowledge } from '../answering/knowledge.ts';
import { studyHere } from '../answering/learning/study.ts';
import { loadConfig } from '../config.ts';
import { basisOf } from './eval-report.ts';
import { plain, table } from './table.ts';
import type { Terminal } from './terminal.ts';

type AskOptions = { readonly knowledge?: string; readonly json?: boolean; readonly explain?: boolean };

/** Asks one question of the base as the desk would serve it; exit code 0 whatever the outcome. */
export async function ask(question: string, options: AskOptions, terminal: Terminal): Promise<number> {
  const { knowledgeDir, targetPrecision } = loadConfig();
  const knowledge = await openKnowledge(options.knowledge ?? knowledgeDir, {
    targetPrecision,
    warn: (message) => terminal.err(`${message}\n`),
  });
  const lesson = await knowledge.lesson({ labels: [], confirmed: new Map() });
  knowledge.take(await studyHere().learn(lesson), lesson);
  if (options.explain) {
    const explanation = knowledge.explain(question, { lastArticleId: null });
    terminal.out(options.json ? `${JSON.stringify(explanation)}\n` : explained(explanation, knowledge));
  } else {
    terminal.out(options.json ? inJson(question, knowledge) : answered(question, knowledge));
  }
  return 0;
}

function inJson(question: string, knowledge: Knowledge): string {
  const { finding, candidates } = knowledge.search(question, 10);
  const { outcome, articleId, confidence, unmatched } = finding.understanding;
  const { article, suggestions, failure } = finding;
  const shown = candidates.map(({ articleId: id, title, score }) => ({ article: id, title, score: rounded(score) }));
  const answer = article === null ? null : { title: article.title, body: article.body, followUps: article.followUps };
  return `${JSON.stringify({ query: question, outcome, article: articleId, confidence: rounded(confidence), failure, answer, suggestions, unmatched, candidates: shown })}\n`;
}

function answered(question: string, knowledge: Knowledge): string {
  const { finding, candidates } = knowledge.search(question, 10);
  const { outcome, confidence } = finding.understanding;
  const failure = finding.failure === null ? '' : `  ${finding.failure}`;
  const lines = [`${outcome}  confidence ${confidence.toFixed(2)}${failure}`, ''];
  if (finding.article) lines.push(finding.article.title, '', finding.article.body, '');
  for (const suggestion of finding.suggestions) lines.push(`? ${suggestion.question}`);
  if (finding.suggestions.length > 0) lines.push('');
  if (candidates.length === 0) lines.push('nothing in the articles resembles it');
  for (const { confidence: chance, articleId: id, title } of candidates.slice(0, 5)) {
    lines.push(`${chance.toFixed(2)}  ${id}  ${title}`);
  }
  return `${lines.join('\n')}\n`;
}

function explained(explanation: Explanation, knowledge: Knowledge): string {
  const { outcome, confidence, threshold, because, candidates, signals } = explanation;
  const facts: [string, string][] = [
    ['outcome', `${outcome}: ${reasons[because]}`],
    ['confidence', `${confidence.toFixed(3)}, an answer needs ${threshold.toFixed(3)}`],
    ['', basisOf(knowledge.calibration())],
    ...(explanation.readAs === null ? [] : ([['read as', explanation.readAs]] as [string, string][])),
    ['normalised', explanation.normalised],
    ['words', explanation.words.join(' · ')],
    ['unmatched', explanation.unmatched.join(' · ') || '–'],
  ];
  const head = facts.map(([label, value]) => `${label.padEnd(12)}${plain(value)}\n`).join('');
  const rows = candidates.map((one) => [
    one.confidence.toFixed(3),
    one.score.toFixed(2),
    one.articleId,
    one.wording,
    sharesOf(one.shares),
  ]);
  const found =
    rows.length === 0
      ? ''
      : `\n${table(['confidence', 'score', 'article', 'nearest wording', 'score from'], rows, 72)}`;
  const why = signals.map(({ name, value, share }) => [name, value.toFixed(3), signed(share)]);
  return `${head}${found}${why.length === 0 ? '' : `\n${table(['confidence from', 'value', 'log-odds'], why)}`}`;
}

const reasons: Readonly<Record<Explanation['because'], string>> = {
  exact: 'the very words of an article',
  exact_shared: 'the very words of several articles',
  sure: 'sure enough',
  close: 'not sure enough of one, but probably one of these',
  denied: 'the nearest article says the opposite',
  unsure: 'something is near, nothing near enough',
  nothing: 'the base knows nothing of it',
};

function sharesOf(shares: readonly Share[]): string {
  return shares
    .slice(0, 5)
    .map(({ name, share }) => `${name} ${signed(share)}`)
    .join(', ');
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
}

/** Six digits are more than the figures are worth, and keep lines short. */
export function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
