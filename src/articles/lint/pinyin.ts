import { textsOf } from './encoding.ts';
import { eachArticle } from './finding.ts';

/**
 * Text with its pronunciation between the characters, as reading aids and teaching pages have it: nobody who asks
 * writes so, and no search finds words that are cut apart.
 */
export const pinyin = eachArticle((source) => {
  const found = textsOf(source).flatMap(({ text, line }) => {
    const annotated = annotatedPart(text);
    return annotated === null ? [] : [{ line, annotated }];
  });
  const [first] = found;
  if (!first) return [];
  const more = found.length > 1 ? ` (and on ${found.length - 1} lines more)` : '';
  return [
    {
      file: source.article.file,
      line: first.line,
      severity: 'warning' as const,
      rule: 'pinyin' as const,
      message: `"${first.annotated.slice(0, 30)}" has its pronunciation written in${more}: keep the characters alone`,
    },
  ];
});

/** One annotated character tells how a rare one is read; two in a row are text that was annotated throughout. */
function annotatedPart(text: string): string | null {
  if (/<r[tp]\b|<ruby\b/i.test(text)) return /<(?:ruby|r[tp])\b[^<]*/i.exec(text)?.[0] ?? null;
  if (!hint.test(text)) return null;
  return (
    bopomofo.exec(text)?.[0] ??
    runOf(text, inBrackets, (syllable) => isSyllable(syllable)) ??
    runOf(text, beside, (syllable) => isSyllable(syllable) && hasTone(syllable)) ??
    spelledOut(text)
  );
}

const letters =
  'a-z\u00fc\u00e0\u00e1\u00e8\u00e9\u00ea\u00ec\u00ed\u00f2\u00f3\u00f9\u00fa\u0101\u0113\u011b\u012b\u014d\u016b\u0144\u0148\u01ce\u01d0\u01d2\u01d4\u01d6\u01d8\u01da\u01dc';
/** Without one of these there is nothing to find: a tone mark, a syllable in brackets, bopomofo. */
const hint = /[\u00e0-\u01dc\u3105-\u312f]|[(\uff08[]\s?[a-z]{1,6}[1-5]?\s?[)\uff09\]]/i;
const bopomofo = /(?:\p{Script=Han}\s?[\u3105-\u312f]+[\u02ca\u02c7\u02cb\u02d9]?\s?){2,}/u;
const inBrackets = new RegExp(`\\p{Script=Han}\\s?[(\uff08\\[]\\s?([${letters}]{1,6}[1-5]?)\\s?[)\uff09\\]]`, 'giu');
const beside = new RegExp(`\\p{Script=Han}\\s?([${letters}]{1,6})`, 'giu');

/** Two matches of a pattern, one directly after the other, whose first group holds. */
function runOf(text: string, pattern: RegExp, holds: (syllable: string) => boolean): string | null {
  let before: { readonly start: number; readonly end: number } | null = null;
  for (const match of text.matchAll(pattern)) {
    if (!holds(match[1] ?? '')) {
      before = null;
      continue;
    }
    const end = match.index + match[0].length;
    if (before && /^\s?$/.test(text.slice(before.end, match.index))) return text.slice(before.start, end);
    before = { start: match.index, end };
  }
  return null;
}

/** Four syllables in a row, most with their tones: a line of pinyin above or below its characters. */
function spelledOut(text: string): string | null {
  for (const [run] of text.matchAll(syllables)) {
    const words = run.split(/\s+/);
    for (let at = 0; at + 4 <= words.length; at++) {
      const four = words.slice(at, at + 4);
      if (four.filter(hasTone).length > 2 && four.every(isSyllable)) return four.join(' ');
    }
  }
  return null;
}

const syllables = new RegExp(`(?<![${letters}])[${letters}]{1,6}(?:\\s+[${letters}]{1,6}){3,}(?![${letters}])`, 'giu');

/** Pinyin with or without its tone, which is a mark or a digit. */
function isSyllable(text: string): boolean {
  return syllable.test(
    text
      .normalize('NFD')
      .replace(tone, '')
      .normalize('NFC')
      .toLowerCase()
      .replace(/[1-5]$/, ''),
  );
}

function hasTone(text: string): boolean {
  return tone.test(text.normalize('NFD'));
}

/** Macron, acute, caron, grave. */
const tone = /[\u0304\u0301\u030c\u0300]/;
const syllable =
  /^(?:[bpmfdtnlgkhjqxrzcsyw]|[zcs]h)?(?:a|ai|an|ang|ao|e|ei|en|eng|er|i|ia|ian|iang|iao|ie|in|ing|iong|iu|o|ong|ou|u|ua|uai|uan|uang|ue|ui|un|uo|[v\u00fc](?:e|an|n)?)$/;
