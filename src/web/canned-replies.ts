/** What is looked at to find a canned reply. */
export type Findable = {
  readonly shortcut: string;
  readonly title: string;
  readonly text: string;
  /** The syllables of the title and, on the next line, of the shortcut, as the server spells them: `tui huo zheng|zhen ce`. */
  readonly sound: string;
  readonly uses: number;
};

/**
 * The replies that an agent may mean who typed `query` after `/`, the best first: by the shortcut, then by the title,
 * then by the pinyin of either (any mixture of whole syllables and first letters: `tuihuo`, `thzc`, `thzhengce`), then by
 * the text. Of equals the most used comes first, then the one that stood first. All of them while nothing is typed.
 */
export function matching<Reply extends Findable>(query: string, replies: readonly Reply[]): readonly Reply[] {
  const typed = plain(query).replace(/\s+/g, ' ').trim();
  return replies
    .map((reply) => ({ reply, rank: rankOf(typed, reply) }))
    .filter(({ rank }) => rank < noMatch)
    .sort((a, b) => a.rank - b.rank || b.reply.uses - a.reply.uses)
    .map(({ reply }) => reply);
}

/**
 * The text with `{{customer}}` and `{{agent}}` replaced by their names. A customer without a name leaves nothing; what
 * else stands in braces stays as it is, names included.
 */
export function filled(text: string, names: { readonly customer: string | null; readonly agent: string }): string {
  return text.replace(/\{\{\s*(customer|agent)\s*\}\}/g, (_, who: 'customer' | 'agent') => names[who] ?? '');
}

/** Nobody types more pinyin than this to find something. */
export const longestSound = 30;

const noMatch = 7;

function rankOf(typed: string, { shortcut, title, text, sound }: Findable): number {
  if (typed === '' || plain(shortcut) === typed) return 0;
  if (plain(shortcut).startsWith(typed)) return 1;
  const place = plain(title).indexOf(typed);
  if (place === 0) return 2;
  if (place > 0) return 3;
  const sounding = soundRank(typed.replaceAll(' ', '').replaceAll('ü', 'v'), sound);
  if (sounding < noMatch) return sounding;
  return plain(text).includes(typed) ? 6 : noMatch;
}

/** From the first syllable on is better than from a later one. */
function soundRank(typed: string, sound: string): number {
  if (typed.length > longestSound || !/^[a-z0-9]+$/.test(typed)) return noMatch;
  const lines = sound.split('\n').map((line) => line.split(' ').map((syllable) => syllable.split('|')));
  if (lines.some((syllables) => sounds(typed, syllables, 0))) return 4;
  return lines.some((syllables) => syllables.some((_, start) => sounds(typed, syllables, start))) ? 5 : noMatch;
}

/** Whether what is typed is the beginnings of the syllables from `start` on, one after the other. */
function sounds(typed: string, syllables: readonly (readonly string[])[], start: number): boolean {
  // How far what is typed can be accounted for: several ways at once, because `xian` may be one syllable or two.
  let reached: ReadonlySet<number> = new Set([0]);
  for (const spellings of syllables.slice(start)) {
    const next = new Set<number>();
    for (const from of reached) {
      for (const spelling of spellings) {
        for (let length = 1; length <= spelling.length && typed[from + length - 1] === spelling[length - 1]; length++) {
          next.add(from + length);
        }
      }
    }
    if (next.has(typed.length)) return true;
    if (next.size === 0) return false;
    reached = next;
  }
  return false;
}

/** One width and one case. */
function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}
