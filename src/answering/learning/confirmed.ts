import { mostConfirmed, type ConfirmedWording } from '../search-index.ts';
import { longestWording, wordingKey } from '../wording.ts';
import type { Label, LabelSource } from './labels.ts';

/** Customers' wordings by the id of the article they are confirmed to mean, those that count most last. */
export type Confirmed = ReadonlyMap<string, readonly ConfirmedWording[]>;

/**
 * An article's confirmed wordings after one more label, until everything that was said of them is weighed again: a
 * wording confirmed is added; one denied is dropped, unless it is vouched for and a customer alone denies it.
 */
export function heard(
  wordings: readonly ConfirmedWording[],
  { question, right, source }: Pick<Label, 'question' | 'right' | 'source'>,
): readonly ConfirmedWording[] {
  const key = wordingKey(question);
  if (key === '' || question.length > longestWording) return wordings;
  const before = wordings.find(({ text }) => wordingKey(text) === key);
  const others = wordings.filter((other) => other !== before);
  const vouched = source === 'agent' || (before?.vouched ?? false);
  if (right) return [...others, { text: question, vouched }].slice(-mostConfirmed);
  return vouched && source !== 'agent' ? wordings : others;
}

/** A wording with how many people of each kind said that it means the article, and how many said that it does not. */
export type Supported = {
  readonly articleId: string;
  readonly question: string;
  readonly voices: Readonly<Record<LabelSource, number>>;
  readonly against: number;
};

/** The wordings of each article. One customer's word is heard, not vouched for: a slip of the finger must not answer others. */
export function confirmedBy(supported: Iterable<Supported>): Confirmed {
  const confirmed = new Map<string, ConfirmedWording[]>();
  for (const { articleId, question, voices, against } of supported) {
    const wordings = confirmed.get(articleId) ?? [];
    const customers = voices.feedback + voices.pick;
    wordings.push({ text: question, vouched: voices.agent > 0 || customers - against >= fewestCustomers });
    confirmed.set(articleId, wordings);
  }
  return confirmed;
}

/** More than one person, so that nobody alone decides what others are told. */
const fewestCustomers = 2;
