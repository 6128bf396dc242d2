/**
 * Rows under a head, in columns two spaces apart; figures stand on the right. Chinese takes two places a character; what
 * is wider than `widest` is cut.
 */
export function table(head: readonly string[], rows: readonly (readonly string[])[], widest = 48): string {
  const lines = [head, ...rows].map((row) => row.map((cell) => cut(plain(cell), widest)));
  const widths = head.map((_, at) => Math.max(...lines.map((row) => displayWidth(row[at] ?? ''))));
  const right = head.map((_, at) => rows.every((row) => /^[\d.–]*$/.test(row[at] ?? '')));
  return lines
    .map((row) => row.map((cell, at) => padded(cell, widths[at] ?? 0, right[at] ?? false)).join('  '))
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

/** How many places a terminal gives a text: two for Chinese, kana, full width and emoji, none for what combines. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += widthOf(character);
  return width;
}

/** Text of articles on one line of a terminal: without control characters, which could paint over what stands there. */
export function plain(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '');
}

function padded(cell: string, width: number, right: boolean): string {
  const blank = ' '.repeat(width - displayWidth(cell));
  return right ? blank + cell : cell + blank;
}

function cut(text: string, widest: number): string {
  if (displayWidth(text) <= widest) return text;
  let kept = '';
  let width = 0;
  for (const character of text) {
    width += widthOf(character);
    if (width > widest - 1) return `${kept}…`;
    kept += character;
  }
  return kept;
}

function widthOf(character: string): number {
  if (/^[\p{M}\p{Cf}\p{Cc}]$/u.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}

/** Unicode's wide and full-width ranges (UAX 11), as far as customers and editors write them. */
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]$/u;
