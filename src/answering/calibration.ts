/**
 * How far the confidence can be believed.
 * - `shipped`   coefficients fitted on other bases, with a cautious start: estimated.
 * - `self`      calibrated on this base's own alternate questions, held out: estimated.
 * - `labelled`  calibrated on what customers and agents said of this base's answers.
 */
export type Stage = 'shipped' | 'self' | 'labelled';
