/** What is being typed right before the caret: `/` and what is looked for, or `@` and a name. */
export type Token = {
  readonly kind: 'canned' | 'mention';
  /** Where the sign stands. */
  readonly start: number;
  readonly query: string;
};

/**
 * The token the caret stands behind, null where there is none. `/` counts at the start of a word only, so that addresses
 * and dates stay what they are; on a Chinese keyboard the same key gives `、` or `／`. `@` counts anywhere but inside an
 * e-mail address, because Chinese puts no space before it.
 */
export function tokenAt(text: string, caret: number, mode: 'reply' | 'note'): Token | null {
  const before = text.slice(Math.max(0, caret - longestToken), caret);
  const start = caret - before.length;
  const canned = /(?:^|\s)([/／、])([^/／、\s]*)$/u.exec(before);
  if (canned && (start === 0 || canned.index > 0 || /^\s/.test(canned[0]))) {
    const [, sign = '', query = ''] = canned;
    return { kind: 'canned', start: caret - sign.length - query.length, query };
  }
  if (mode !== 'note') return null;
  const mention = /(?<![a-z0-9._-])[@＠]([^@＠\s]*)$/iu.exec(before);
  if (!mention) return null;
  return { kind: 'mention', start: caret - mention[0].length, query: mention[1] ?? '' };
}

/** Nobody types more than this to find something. */
const longestToken = 40;

/** The text with the token replaced, and where the caret is then. */
export function completed(
  text: string,
  { start, caret }: { readonly start: number; readonly caret: number },
  insert: string,
): { readonly text: string; readonly caret: number } {
  return { text: text.slice(0, start) + insert + text.slice(caret), caret: start + insert.length };
}

/** The text with something more in it where the caret is, on a line of its own unless it stands alone. */
export function inserted(
  text: string,
  caret: number,
  insert: string,
): { readonly text: string; readonly caret: number } {
  const [before, after] = [text.slice(0, caret), text.slice(caret)];
  const head = before.trim() === '' ? '' : before.endsWith('\n') ? before : `${before}\n`;
  const tail = after === '' || after.startsWith('\n') ? after : `\n${after}`;
  return { text: head + insert + tail, caret: head.length + insert.length };
}

/** Colleagues whose name contains what was typed, those whose name starts with it first; the order is kept otherwise. */
export function colleaguesMatching<Colleague extends { readonly name: string }>(
  query: string,
  colleagues: readonly Colleague[],
): readonly Colleague[] {
  const typed = plain(query);
  const found = colleagues.filter(({ name }) => plain(name).includes(typed));
  return [
    ...found.filter(({ name }) => plain(name).startsWith(typed)),
    ...found.filter(({ name }) => !plain(name).startsWith(typed)),
  ];
}

/** Of those who were chosen, the ones whose `@name` still stands in the text. */
export function mentionedIn<Mentioned extends { readonly name: string }>(
  text: string,
  mentions: readonly Mentioned[],
): readonly Mentioned[] {
  const names = new Set(
    withMentions(
      text,
      mentions.map(({ name }) => name),
    ).flatMap((part) => part.mention ?? []),
  );
  return mentions.filter(({ name }) => names.has(name));
}

/** The text cut where `@name` stands in it; of names that start alike the longest counts. */
export function withMentions(
  text: string,
  names: readonly string[],
): readonly { readonly text: string; readonly mention: string | null }[] {
  const known = [...new Set(names)].filter((name) => name !== '').sort((a, b) => b.length - a.length);
  if (known.length === 0) return [{ text, mention: null }];
  const sought = new RegExp(`[@＠](${known.map(literal).join('|')})`, 'gu');
  const parts: { text: string; mention: string | null }[] = [];
  let end = 0;
  for (const match of text.matchAll(sought)) {
    if (match.index > end) parts.push({ text: text.slice(end, match.index), mention: null });
    parts.push({ text: match[0], mention: match[1] ?? null });
    end = match.index + match[0].length;
  }
  if (end < text.length) parts.push({ text: text.slice(end), mention: null });
  return parts;
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** One width and one case. */
function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}
