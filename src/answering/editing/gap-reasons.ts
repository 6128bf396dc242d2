/** Why a question counts as one the knowledge does not answer. */
export const gapReasons = ['no_match', 'low_confidence', 'ambiguous', 'repeated_failure', 'not_helpful'] as const;
export type GapReason = (typeof gapReasons)[number];
