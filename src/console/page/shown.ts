import type { EntryView } from '../api.ts';

/** An article that a customer was given. */
export type ShownArticle = {
  /** Of the message it was in, or of the label that says so. */
  readonly seq: number;
  readonly at: number;
  readonly articleId: string;
  /** Null where only its id is known. */
  readonly title: string | null;
  /** The agent who sent it; null where the bot did. */
  readonly by: string | null;
  readonly confidence: number | null;
  /** What the customer said of it. */
  readonly helpful: boolean | null;
};

/** The articles a customer was given in a conversation, the newest first. */
export function shownIn(entries: readonly EntryView[]): readonly ShownArticle[] {
  const titles = new Map<string, string>();
  const verdicts = new Map<number, boolean>();
  const shown: ShownArticle[] = [];
  for (const entry of entries) {
    const { seq, at } = entry;
    if (entry.kind === 'message' && entry.answer) {
      const { articleId, title, confidence } = entry.answer;
      titles.set(articleId, title);
      shown.push({ seq, at, articleId, title, by: null, confidence, helpful: null });
    } else if (entry.kind === 'verdict' && entry.source === 'feedback') {
      verdicts.set(entry.about, entry.helpful);
    } else if (entry.kind === 'verdict' && entry.source === 'agent') {
      const { articleId, author } = entry;
      shown.push({ seq, at, articleId, title: null, by: author.name ?? '', confidence: null, helpful: null });
    }
  }
  return shown
    .map((each) => ({
      ...each,
      title: each.title ?? titles.get(each.articleId) ?? null,
      helpful: verdicts.get(each.seq) ?? null,
    }))
    .reverse();
}
