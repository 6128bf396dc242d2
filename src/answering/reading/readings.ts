import type { Judgement, Case } from '../outcome.ts';

/** Another way to put a question, to be looked up where its own words find no answer. */
export type Reading = {
  readonly text: string;
  /** The part of it that is the customer's: whatever is found must have all that is telling in it. */
  readonly own: string;
  /** An article that is no new answer: the one the customer has just read; null where there is none. */
  readonly known: string | null;
  /** How far a finding can be believed, 0..1: a factor of its confidence. */
  readonly trust: number;
};

/** What was found for a question; `readAs` is null where its own words were looked up. */
export type Read = { readonly found: Case; readonly judgement: Judgement; readonly readAs: string | null };

/**
 * The best of what was found by other readings, where it is clearly better than what the question's own words find;
 * otherwise that. An answer to the question's own words is never given up.
 */
export function chooseReading(plain: Read, readings: () => readonly Reading[], look: (reading: Reading) => Read): Read {
  if (isAnswer(plain)) return plain;
  let best = plain;
  let least = confidenceOf(plain) + clearlyMore;
  for (const reading of readings()) {
    const read = look(reading);
    if (read.judgement.finding.failure || !speaksOf(read, reading)) continue;
    // An answer beats an offer, however sure the offer is of its best; so does an offer what a misspelt word was refused.
    const refused = best === plain && plain.judgement.finding.failure !== null && reading.known === null;
    const isBetter = isAnswer(read) === isAnswer(best) ? refused || confidenceOf(read) > least : isAnswer(read);
    if (!isBetter) continue;
    best = read;
    least = confidenceOf(read);
  }
  return best;
}

/** In probability. Less may be chance, and the customer's own words are the better evidence. */
const clearlyMore = 0.1;

function isAnswer({ judgement }: Read): boolean {
  return judgement.finding.article !== null;
}

function confidenceOf({ judgement }: Read): number {
  return judgement.finding.understanding.confidence;
}

/** Whether the best is something new, asked with every telling character of what the customer said themselves. */
function speaksOf({ found, judgement }: Read, { own, known }: Reading): boolean {
  const { index, ranked } = found;
  const best = ranked.find(({ entry }) => entry.article.id === judgement.scored[0]?.articleId);
  return best !== undefined && best.entry.article.id !== known && index.isAskedWith(index.parse(own), best.entry);
}
