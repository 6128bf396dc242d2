import { readSensitiveTopics, sensitiveTopicsFile } from '../answering/knowledge.ts';
import { lintArticles } from '../articles/lint.ts';
import { loadArticles } from '../articles/load.ts';
import { loadConfig } from '../config.ts';
import type { Terminal } from './terminal.ts';

/** Checks the articles and sensitive topics below a folder; exit code 1 if there is an error among the findings. */
export async function lint(
  dir: string | undefined,
  { json }: { readonly json?: boolean },
  terminal: Terminal,
): Promise<number> {
  const folder = dir ?? loadConfig().knowledgeDir;
  const loaded = await loadArticles(folder);
  const topics = await readSensitiveTopics(folder);
  const faults = [...loaded.faults, ...topics.faults.map((fault) => ({ file: sensitiveTopicsFile, ...fault }))];
  const findings = lintArticles({ ...loaded, faults }, { today: today() });
  if (json) terminal.out(`${JSON.stringify(findings, null, 2)}\n`);
  else
    for (const { file, line, severity, rule, message } of findings)
      terminal.out(`${file}:${line ?? 1}  ${severity}  ${rule}  ${message}\n`);
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  terminal.err(`${loaded.articles.length} articles, ${errors} errors, ${findings.length - errors} warnings\n`);
  return errors > 0 ? 1 : 0;
}

/** The date here, where the editors are. */
function today(): string {
  const now = new Date();
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
