import type { Label } from './labels.ts';
import { wordingKey } from '../wording.ts';

/** Customers' wordings by the id of the article they are confirmed to mean, the newest last. */
export type Confirmed = ReadonlyMap<string, readonly string[]>;

/**
 * An article's confirmed wordings after one more label of it: a wording confirmed is added, one denied is dropped until
 * everything that was said of it is weighed again.
 */
export function heard(
  wordings: readonly string[],
  { question, right }: Pick<Label, 'question' | 'right'>,
): readonly string[] {
  const key = wordingKey(question);
  if (key === '') return wordings;
  const others = wordings.filter((other) => wordingKey(other) !== key);
  return right ? [...others, question] : others;
}

/** The wordings of each article, in the order given. */
export function confirmedBy(pairs: Iterable<{ readonly articleId: string; readonly question: string }>): Confirmed {
  const confirmed = new Map<string, string[]>();
  for (const { articleId, question } of pairs) {
    const wordings = confirmed.get(articleId) ?? [];
    wordings.push(question);
    confirmed.set(articleId, wordings);
  }
  return confirmed;
}
