import type { FoundArticle } from '../answering/agent-search.ts';
import type { Calibration } from '../answering/learning/calibration.ts';
import type { Explanation } from '../answering/explanation.ts';
import type { FitRecord } from '../answering/learning/fits.ts';
import type { Gap } from '../answering/editing/gaps.ts';
import type { Fault } from '../articles/parse.ts';
import type { ArticleHitView, SuggestionView } from './desk-api.ts';
import { maxInsert } from './limits.ts';
import type { CalibrationView, ExplanationView, FaultView, FitView, GapView } from './knowledge-api.ts';

/** A file that can't be served, to who can mend it. */
export function presentFault({ file, line, reason }: Fault): FaultView {
  return { file, line, message: reason };
}

/** How far the confidence can be believed: `fit` is the last that was kept. What was shipped was not fitted here. */
export function presentCalibration(
  { stage, labels, threshold }: Pick<Calibration, 'stage' | 'labels' | 'threshold'>,
  promised: number,
  fit: FitRecord | null,
): CalibrationView {
  const own = stage === 'shipped' ? null : fit;
  return {
    stage,
    estimated: stage !== 'labelled',
    labels,
    promised,
    threshold,
    fittedAt: own?.at ?? null,
    report: own?.report ?? null,
  };
}

/** A fit without its numbers, which say nothing to people. */
export function presentFit({ id, at, stage, articles, labels, promised, threshold, report }: FitRecord): FitView {
  return { id, at, stage, articles, labels, promised, threshold, report };
}

/** Why a question got its outcome. */
export function presentExplanation(explanation: Explanation): ExplanationView {
  return {
    ...explanation,
    words: [...explanation.words],
    unmatched: [...explanation.unmatched],
    candidates: explanation.candidates.map((candidate) => ({ ...candidate, shares: [...candidate.shares] })),
    signals: [...explanation.signals],
  };
}

/** A question the knowledge does not answer. */
export function presentGap(gap: Gap): GapView {
  const { id, question, wordings, count, customers, lastAt, unmatched, candidates, nowAnswered } = gap;
  return {
    id,
    question,
    wordings: [...wordings],
    count,
    customers,
    lastAt,
    unmatched: [...unmatched],
    candidates: [...candidates],
    reasons: [...gap.reasons],
    conversationIds: [...gap.conversationIds],
    nowAnswered,
  };
}

/** An article an agent searched for. */
export function presentFound({ articleId, title, audience, confidence, matched, text }: FoundArticle): ArticleHitView {
  return { articleId, title, audience, confidence, matched: [...matched], text: insertable(text) };
}

/** An article suggested for what a customer wrote. */
export function presentSuggestion(found: FoundArticle): SuggestionView {
  const { articleId, title, audience, confidence, question, text } = found;
  return { articleId, title, audience, confidence, question, text: insertable(text) };
}

function insertable(text: string): string {
  return text.length <= maxInsert ? text : `${text.slice(0, maxInsert - 1).toWellFormed()}…`;
}
