import { openKnowledge } from '../answering/knowledge.ts';
import { loadConfig } from '../config.ts';
import type { Terminal } from './terminal.ts';

type AskOptions = { readonly knowledge?: string; readonly json?: boolean };

/** Asks one question; exit code 0 whatever the outcome. */
export async function ask(question: string, { knowledge: dir, json }: AskOptions, terminal: Terminal): Promise<number> {
  const { knowledgeDir, targetPrecision } = loadConfig();
  const knowledge = await openKnowledge(dir ?? knowledgeDir, {
    targetPrecision,
    warn: (message) => terminal.err(`${message}\n`),
  });
  const { finding, candidates } = knowledge.search(question, 10);
  const { outcome, articleId, confidence, unmatched } = finding.understanding;
  if (json) {
    const { article, suggestions, failure } = finding;
    const shown = candidates.map(({ articleId: id, title, score }) => ({ article: id, title, score: rounded(score) }));
    const answer = article === null ? null : { title: article.title, body: article.body, followUps: article.followUps };
    terminal.out(
      `${JSON.stringify({ query: question, outcome, article: articleId, confidence: rounded(confidence), failure, answer, suggestions, unmatched, candidates: shown })}\n`,
    );
    return 0;
  }
  terminal.out(
    `${outcome}  confidence ${confidence.toFixed(2)}${finding.failure === null ? '' : `  ${finding.failure}`}\n\n`,
  );
  if (finding.article) terminal.out(`${finding.article.title}\n\n${finding.article.body}\n\n`);
  for (const suggestion of finding.suggestions) terminal.out(`? ${suggestion.question}\n`);
  if (finding.suggestions.length > 0) terminal.out('\n');
  if (candidates.length === 0) terminal.out('nothing in the articles resembles it\n');
  for (const { confidence: chance, articleId: id, title } of candidates.slice(0, 5)) {
    terminal.out(`${chance.toFixed(2)}  ${id}  ${title}\n`);
  }
  return 0;
}

/** Six digits are more than the figures are worth, and keep lines short. */
export function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
