import { bodyLines, type Source } from './finding.ts';
import { affirmations, denials, figures, notDenials, ordinal, units } from './statements.zh.ts';

/** A sentence taken apart: what it is about, and what it says of that. */
export type Statement = {
  readonly text: string;
  /** In its file, from 1. */
  readonly line: number;
  /** The sentence without figures and denials: alike for sentences that differ in those alone. */
  readonly about: string;
  /** Its amounts in order, such as "7天"; one unit is spelled one way. */
  readonly amounts: readonly string[];
  /** Whether it denies. */
  readonly denied: boolean;
};

/** The Chinese sentences of a body, without headings, tables and code. */
export function statementsOf({ article, at }: Source): readonly Statement[] {
  return bodyLines(article)
    .filter(({ text }) => !/^\s*[#|]/.test(text))
    .flatMap(({ text, index }) =>
      withoutMarkup(text)
        .split(/[\u3002\uff01\uff1f\uff1b!?;]+/)
        .map((sentence) => statementOf(sentence.trim(), at.body + index)),
    )
    .filter(({ about }, place) => place === 0 || (about.match(/\p{Script=Han}/gu)?.length ?? 0) >= shortest);
}

export function statementOf(text: string, line: number): Statement {
  const amounts: string[] = [];
  const masked = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(notDenial, '')
    .replace(amount, (_, figure: string, unit: string | undefined) => {
      amounts.push((figures[figure] ?? figure) + (unit === undefined ? '' : (spelling.get(unit) ?? unit)));
      return '#';
    });
  const denied = (masked.match(denial)?.length ?? 0) % 2 === 1;
  const about = masked
    .replace(denial, '')
    .replace(affirmation, '')
    .replace(/[^\p{L}\p{N}#]+/gu, '');
  return { text, line, about, amounts, denied };
}

/** Characters without figures and denials; shorter sentences are labels, except the first: a yes or a no. */
const shortest = 4;

function withoutMarkup(line: string): string {
  return line.replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/^\s*(?:[-*+>]|\d+[.)])\s+|[*_`]+/g, '');
}

const spelling = new Map(units.flatMap(([first = '', ...others]) => [first, ...others].map((unit) => [unit, first])));
const unit = alternatives([...spelling.keys()]);
const figure = alternatives(Object.keys(figures));
/** Not the digits of a name (v4, mysql-02), nor an ordinal; words are figures where a unit follows. */
const amount = new RegExp(
  `(?<![\\p{Script=Latin}\\d._${ordinal}-]\\s?)(\\d+(?:[.,]\\d+)*|(?<!${figure})(?:${figure})(?=${unit}))\\s*(${unit})?(?![\\p{Script=Latin}\\d])`,
  'gu',
);
const denial = new RegExp(alternatives(denials), 'g');
const affirmation = new RegExp(alternatives(affirmations), 'g');
const notDenial = new RegExp(alternatives(notDenials), 'g');

/** The longest first. */
function alternatives(words: readonly string[]): string {
  return [...words].sort((one, other) => other.length - one.length).join('|');
}
