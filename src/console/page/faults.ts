import type { SupervisionMessages } from './messages/supervision.ts';

/** A fault the server found, in the reader's words; what is not known is shown as the server says it, in English. */
export function faultText(message: string, { faults }: Pick<SupervisionMessages, 'faults'>): string {
  const known = faults.known[message];
  if (known !== undefined) return known;
  for (const [pattern, say] of patterns) {
    const [, figure] = pattern.exec(message) ?? [];
    if (figure !== undefined) return say(faults, figure);
  }
  return message;
}

type Say = (faults: SupervisionMessages['faults'], figure: string) => string;

/** What zod and our own checks say, with the figure in it. */
const patterns: readonly (readonly [RegExp, Say])[] = [
  [/^Too small: expected string to have >=(1) characters/, ({ missing }) => missing],
  [/^Too small: expected string to have >=(\d+) characters/, ({ tooShort }, least) => tooShort(least)],
  [/^Too big: expected string to have <=(\d+) characters/, ({ tooLong }, most) => tooLong(most)],
  [/^Too small: expected (?:number|int) to be >=(-?[\d.]+)/, ({ tooSmall }, least) => tooSmall(least)],
  [/^Too big: expected (?:number|int) to be <=(-?[\d.]+)/, ({ tooBig }, most) => tooBig(most)],
  [/^Too big: expected array to have <=(\d+) items/, ({ tooMany }, most) => tooMany(most)],
  [/^Use at least (\d+) characters/, ({ tooShort }, least) => tooShort(least)],
  [/^must be 1 to (\d+) characters$/, ({ oneTo }, most) => oneTo(most)],
  [/^must be (\d+) to \d+ characters/, ({ tooShort }, least) => tooShort(least)],
  [/^must be at most (\d+) characters/, ({ tooLong }, most) => tooLong(most)],
  [/^must be at most (\d+)$/, ({ tooMany }, most) => tooMany(most)],
  [/^Invalid (URL)/, ({ url }) => url],
  [/^Invalid input: expected \w+, received (null|undefined|NaN)/, ({ missing }) => missing],
];
