import type { Explanation } from '../answering/explanation.ts';
import type { FitRecord } from '../answering/fits.ts';
import type { Gap } from '../answering/gaps.ts';
import type { Fault } from '../articles/parse.ts';
import type { CalibrationView, ExplanationView, FaultView, FitView, GapView } from './knowledge-api.ts';
import type { CalibrationStatus } from './knowledge-routes.ts';

/** A file that can't be served, to who can mend it. */
export function presentFault({ file, line, reason }: Fault): FaultView {
  return { file, line, message: reason };
}

/** How far the confidence can be believed. */
export function presentCalibration(status: CalibrationStatus): CalibrationView {
  const { stage, labels, promised, threshold, fittedAt, report } = status;
  return { stage, estimated: stage !== 'labelled', labels, promised, threshold, fittedAt, report };
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
  return {
    ...gap,
    wordings: [...gap.wordings],
    unmatched: [...gap.unmatched],
    candidates: [...gap.candidates],
    reasons: [...gap.reasons],
    conversationIds: [...gap.conversationIds],
  };
}
