/** A knowledge article: front matter and markdown, checked. See knowledge/README.md for what each field means. */
export type Article = {
  /** Unique in the base; the path below the knowledge folder without `.md`, unless the front matter names one. */
  readonly id: string;
  readonly title: string;
  /** Alternate questions. */
  readonly questions: readonly string[];
  readonly notQuestions: readonly string[];
  readonly keywords: readonly string[];
  readonly followUps: readonly string[];
  readonly status: 'draft' | 'published' | 'archived';
  readonly audience: 'public' | 'internal';
  /** Channels it may be shown on; empty = all. */
  readonly channels: readonly string[];
  readonly skill: string | null;
  readonly owner: string | null;
  /** ISO date (yyyy-mm-dd) by which somebody should read it again. */
  readonly reviewBy: string | null;
  /** Markdown, front matter removed. */
  readonly body: string;
  /** The body as plain text (no markup), for the index. */
  readonly text: string;
  /** Path relative to the knowledge folder, with `/`. */
  readonly file: string;
};
