import { bodyLines, eachArticle, type Source } from './finding.ts';
import { gbkMojibake } from './gbk.ts';

/** Text that was read in the wrong encoding on its way here. */
export const mojibake = eachArticle(({ article, at }) =>
  textsOf({ article, at }).flatMap(({ text, line }) => {
    const garbled = garbledPart(text);
    if (garbled === null) return [];
    return [
      {
        file: article.file,
        line,
        severity: 'error' as const,
        rule: 'mojibake' as const,
        message: `"${shown(garbled)}" is text read in the wrong encoding: restore it from the original and save as UTF-8`,
      },
    ];
  }),
);

/** What customers may read or be matched with, by line; code is left out. */
export function textsOf({ article, at }: Source): readonly { readonly text: string; readonly line: number }[] {
  return [
    { text: article.title, line: at.title },
    ...article.questions.map((text, index) => ({ text, line: at.questions[index] ?? 1 })),
    ...article.notQuestions.map((text, index) => ({ text, line: at.notQuestions[index] ?? 1 })),
    ...article.followUps.map((text, index) => ({ text, line: at.followUps[index] ?? 1 })),
    ...bodyLines(article).map(({ text, index }) => ({ text, line: at.body + index })),
  ];
}

/** Control characters, of which mojibake has many, do terminals no good. */
function shown(garbled: string): string {
  return garbled.slice(0, 20).replace(/\p{Cc}/gu, '\u00b7');
}

/**
 * What conversions in the wrong encoding leave behind:
 * - U+FFFD itself; its three bytes read as Latin-1 (\u00ef\u00bf\u00bd); twice, read as GBK (\u951f\u65a4\u62f7);
 * - \u70eb or \u5c6f three times, memory nobody had written to, read as GBK;
 * - UTF-8 read as Latin-1 or Windows-1252: three such letters where Chinese text has one (\u00e4\u00bd\u00a0\u00e5\u00a5\u00bd), or one
 *   quotation mark or dash (\u00e2\u20ac\u0153);
 * - GBK read as Latin-1: capitals and signs in a row (\u00c4\u00e3\u00ba\u00c3);
 * - UTF-8 read as GBK: rare characters in a row that the bytes of common ones make (\u6d63\u72b2\u30bd).
 */
function garbledPart(text: string): string | null {
  // Most lines of most bases are Chinese and ASCII.
  const latin = /[\u0080-\u00ff]/.test(text)
    ? (/\u00ef\u00bf\u00bd|\u00e2[\u0080\u20ac][\u0080-\u02ff\u2013-\u203a\u2122]/.exec(text)?.[0] ??
      utf8ReadAsLatin.exec(text)?.[0].trim() ??
      gbkReadAsLatin(text))
    : null;
  return /\uFFFD|\u951f\u65a4\u62f7|\u70eb{3}|\u5c6f{3}/.exec(text)?.[0] ?? latin ?? gbkMojibake(text);
}

const utf8ReadAsLatin =
  /(?:[\u00e2-\u00ef][\u0080-\u00bf\u0152-\u0178\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]{1,2}\s?){2,}/;

/** Two common characters make four letters and signs, the first and third from the upper half of their block. */
function gbkReadAsLatin(text: string): string | null {
  for (const [run] of text.matchAll(/(?:[\u00b0-\u00f7][\u00a1-\u00fe]){2,}/g)) {
    // A row of one or two signs is a mask or a rule, not text.
    if (new Set(run).size > 2 && /[\u00c0-\u00d6\u00d8-\u00f6]/.test(run)) return run;
  }
  return null;
}
