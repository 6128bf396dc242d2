import { mojibake } from './lint/encoding.ts';
import type { Check, Finding } from './lint/finding.ts';
import { deadLinks } from './lint/links.ts';
import { pinyin } from './lint/pinyin.ts';
import { contradictoryQuestions, deadFollowUps, duplicateQuestions } from './lint/questions.ts';
import { similarArticles } from './lint/similar.ts';
import { emptyBody, owners, reviews } from './lint/upkeep.ts';
import { onWeChat } from './lint/wechat.ts';
import type { Loaded } from './load.ts';

export type { Finding, Rule } from './lint/finding.ts';

/**
 * Looks over a loaded base; findings come in the order of files and lines. `today` is an ISO date (yyyy-mm-dd). Reads
 * nothing and changes nothing.
 */
export function lintArticles(loaded: LoadedBase, { today }: { readonly today: string }): readonly Finding[] {
  const { articles, faults, files, lines } = loaded;
  const sources = articles.map((article) => ({ article, at: lines.get(article.file) ?? atTop }));
  const findings = checks.flatMap((check) => check({ sources, faults, files, today }));
  return findings.sort((a, b) => (a.file === b.file ? (a.line ?? 0) - (b.line ?? 0) : a.file < b.file ? -1 : 1));
}

type LoadedBase = Pick<Loaded, 'articles' | 'faults' | 'files' | 'lines'>;

const unreadable: Check = ({ faults }) =>
  faults.map(({ file, line, reason }) => ({ file, line, severity: 'error', rule: 'unreadable', message: reason }));

const checks: readonly Check[] = [
  unreadable,
  emptyBody,
  duplicateQuestions,
  contradictoryQuestions,
  deadLinks,
  deadFollowUps,
  mojibake,
  pinyin,
  similarArticles,
  reviews,
  owners,
  onWeChat,
];

const atTop = { id: 1, title: 1, questions: [], notQuestions: [], followUps: [], body: 1 };
