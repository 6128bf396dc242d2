import type { AttachmentView, PersonView } from '../api.ts';

/** The part of localStorage we use. It may throw (full, forbidden). */
export type KeyValue = {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
};

/** What goes out with words: files that are on the server, the message they reply to, the article they were taken from. */
export type Enclosed = {
  readonly attachments: readonly AttachmentView[];
  readonly replyTo: number | null;
  readonly article: ChosenArticle | null;
};

/** An article an agent chose for a customer's message, whose seq is `about`. Sent with the words, it teaches the bot. */
export type ChosenArticle = { readonly articleId: string; readonly about: number; readonly title: string };

/** What an agent is writing in one conversation: to the customer, with what goes out with it, and for colleagues. */
export type Draft = Enclosed & {
  readonly reply: string;
  readonly note: string;
  /** The colleagues chosen in the note. */
  readonly mentions: readonly PersonView[];
};

/** What was sent from here and has not been seen in the log yet. */
export type Unsent = Enclosed & {
  readonly clientId: string;
  readonly text: string;
  readonly private: boolean;
  readonly at: number;
  readonly mentions: readonly PersonView[];
};

const nothingEnclosed: Enclosed & { readonly mentions: readonly PersonView[] } = {
  attachments: [],
  replyTo: null,
  article: null,
  mentions: [],
};

/** Nothing written yet. */
export const emptyDraft: Draft = { reply: '', note: '', ...nothingEnclosed };

/** The draft after its reply, or its note, has gone out. */
export function withoutSent(draft: Draft, mode: 'reply' | 'note'): Draft {
  if (mode === 'note') return { ...draft, note: '', mentions: [] };
  return { ...emptyDraft, note: draft.note, mentions: draft.mentions };
}

/** Whether there is something to send to the customer. */
export function hasReply({ reply, attachments }: Draft): boolean {
  return reply.trim() !== '' || attachments.length > 0;
}

/** An agent's unfinished words on this device, by conversation. */
export type Drafts = {
  draft(conversationId: string): Draft;
  setDraft(conversationId: string, draft: Draft): void;
  unsent(conversationId: string): readonly Unsent[];
  setUnsent(conversationId: string, unsent: readonly Unsent[]): void;
};

/**
 * Keeps drafts and unsent messages of one agent over reloads, sign-outs and crashes. What can't be written to `storage`
 * stays in memory, so that a full disk never eats a sentence.
 */
export function createDrafts(storage: KeyValue, agentId: string): Drafts {
  const memory = new Map<string, string>();

  function get<T>(key: string, isValid: (value: unknown) => value is T, otherwise: T): T {
    try {
      const value: unknown = JSON.parse(memory.get(key) ?? storage.getItem(key) ?? 'null');
      return isValid(value) ? value : otherwise;
    } catch {
      return otherwise;
    }
  }

  function set(key: string, value: unknown, isEmpty: boolean) {
    const json = JSON.stringify(value);
    try {
      if (isEmpty) storage.removeItem(key);
      else storage.setItem(key, json);
      memory.delete(key);
    } catch {
      memory.set(key, json);
    }
  }

  const key = (kind: 'draft' | 'unsent', conversationId: string) =>
    `zhike.console.${kind}.${agentId}.${conversationId}`;
  return {
    // What an older page kept has words only.
    draft: (id) => ({ ...emptyDraft, ...get(key('draft', id), isDraft, emptyDraft) }),
    setDraft: (id, draft) => set(key('draft', id), draft, isEmpty(draft)),
    unsent: (id) => get(key('unsent', id), isUnsentList, []).map((unsent) => ({ ...nothingEnclosed, ...unsent })),
    setUnsent: (id, unsent) => set(key('unsent', id), unsent, unsent.length === 0),
  };
}

function isEmpty({ reply, note, attachments, replyTo, article }: Draft): boolean {
  return reply === '' && note === '' && attachments.length === 0 && replyTo === null && article === null;
}

function isDraft(value: unknown): value is Draft {
  const draft = value as Partial<Draft> | null;
  return typeof draft?.reply === 'string' && typeof draft.note === 'string' && encloses(draft);
}

function isUnsentList(value: unknown): value is readonly Unsent[] {
  return (
    Array.isArray(value) &&
    value.every(
      (item: Partial<Unsent> | null) =>
        typeof item?.clientId === 'string' && typeof item.text === 'string' && encloses(item),
    )
  );
}

/** Whatever of it is there is what it should be. */
function encloses({ attachments, mentions, replyTo, article }: Partial<Draft>): boolean {
  return (
    [attachments, mentions].every((list) => list === undefined || Array.isArray(list)) &&
    (replyTo ?? 0) === Number(replyTo ?? 0) &&
    typeof (article ?? {}) === 'object'
  );
}
