import { plainOf, termsOf, wordsOf } from './terms.ts';

/** A part of a text, in UTF-16 units; `end` is the first that is not in it. */
export type Span = { readonly start: number; readonly end: number };

/** What a query asks for. */
export type Sought = {
  /** A message has to have all of them. */
  readonly words: readonly string[];
  /** The pieces of the words: empty when no word has two characters. */
  readonly terms: readonly string[];
};

/** What a query asks for. */
export function soughtIn(query: string): Sought {
  const { text } = plainOf(query);
  const words = [...new Set(wordsOf(text))];
  return { words, terms: [...new Set(words.flatMap(termsOf))] };
}

/** Where the text says what is sought, in order and without overlaps; null when it does not say all of it. */
export function spansIn(text: string, { words }: Sought): readonly Span[] | null {
  const plain = plainOf(text);
  const spans: Span[] = [];
  for (const word of words) {
    let found = plain.text.indexOf(word);
    if (found < 0) return null;
    for (; found >= 0; found = plain.text.indexOf(word, found + word.length)) {
      spans.push(originOf(plain.origins, found, found + word.length));
    }
  }
  return merged(spans);
}

/** A part of the text around the first of the spans, and the spans in it. */
export function excerptOf(
  text: string,
  spans: readonly Span[],
): { readonly snippet: string; readonly matches: readonly Span[] } {
  const first = spans[0]?.start ?? 0;
  const start = atCharacter(text, text.length <= longestSnippet ? 0 : Math.max(0, first - leadIn));
  const end = atCharacter(text, Math.min(text.length, start + longestSnippet));
  const inside = spans.filter((span) => span.start < end);
  return {
    snippet: text.slice(start, end),
    matches: inside.map((span) => ({ start: span.start - start, end: Math.min(span.end, end) - start })),
  };
}

/** In UTF-16 units. */
const longestSnippet = 120;
const leadIn = 30;

/** Some characters become several (㎏): a match with a part of them is a match with all. */
function originOf(origins: readonly number[], from: number, to: number): Span {
  const start = origins[from] ?? 0;
  const lastCharacter = origins[to - 1] ?? start;
  let next = to;
  while (next < origins.length - 1 && origins[next] === lastCharacter) next++;
  return { start, end: origins[next] ?? start };
}

function merged(spans: readonly Span[]): readonly Span[] {
  const result: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last && span.start < last.end) result[result.length - 1] = { ...last, end: Math.max(last.end, span.end) };
    else result.push(span);
  }
  return result;
}

/** The place itself, or the one before it when it is in the middle of a character. */
function atCharacter(text: string, place: number): number {
  const unit = text.charCodeAt(place);
  return unit >= 0xdc00 && unit <= 0xdfff ? place - 1 : place;
}
