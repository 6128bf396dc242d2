import type { AttachmentView, PersonView } from '../../api.ts';
import { emptyDraft, withoutSent, type ChosenArticle, type Draft, type Drafts, type Unsent } from '../drafts.ts';
import { createStore, type Store } from '../store.ts';
import { inserted, mentionedIn } from './completions.ts';

export type ComposerMode = 'reply' | 'note';

/** The draft of the conversation that is open. */
export type Written = { readonly conversationId: string | null; readonly draft: Draft };

export type Writing = ReturnType<typeof createWriting>;

/**
 * What is being written, kept on the device with every key. An upload that ends later, or a message that failed, finds
 * the draft of its own conversation, whichever is open then.
 */
export function createWriting(drafts: () => Drafts | null) {
  const store: Store<Written> = createStore<Written>({ conversationId: null, draft: emptyDraft });

  function of(conversationId: string): Draft {
    const { conversationId: open, draft } = store.get();
    return open === conversationId ? draft : (drafts()?.draft(conversationId) ?? emptyDraft);
  }

  function change(conversationId: string, to: (draft: Draft) => Draft) {
    const draft = to(of(conversationId));
    drafts()?.setDraft(conversationId, draft);
    if (store.get().conversationId === conversationId) store.set({ draft });
  }

  /** Of the open conversation. */
  function changeOpen(to: (draft: Draft) => Draft) {
    const { conversationId } = store.get();
    if (conversationId !== null) change(conversationId, to);
  }

  return {
    store,
    of,
    open: (conversationId: string | null) =>
      store.set({
        conversationId,
        draft: conversationId === null ? emptyDraft : (drafts()?.draft(conversationId) ?? emptyDraft),
      }),
    /** An emptied reply has nothing of an article any more. */
    write: (mode: ComposerMode, text: string) =>
      changeOpen((draft) =>
        mode === 'note'
          ? { ...draft, note: text }
          : { ...draft, reply: text, ...(text === '' ? { article: null } : {}) },
      ),
    /** Puts a text in where the caret is; null is behind everything. Returns where the caret is then. */
    insert: (
      mode: ComposerMode,
      { text, caret, article }: { text: string; caret: number | null; article: ChosenArticle | null },
    ): number => {
      let place = 0;
      changeOpen((draft) => {
        const result = inserted(draft[mode], caret ?? draft[mode].length, text);
        place = result.caret;
        return { ...draft, [mode]: result.text, ...(article && mode === 'reply' ? { article } : {}) };
      });
      return place;
    },
    forgetArticle: () => changeOpen((draft) => ({ ...draft, article: null })),
    quote: (seq: number | null) => changeOpen((draft) => ({ ...draft, replyTo: seq })),
    mention: (person: PersonView) =>
      changeOpen((draft) => ({
        ...draft,
        mentions: [...draft.mentions.filter(({ id }) => id !== person.id), { id: person.id, name: person.name }],
      })),
    attach: (conversationId: string, attachment: AttachmentView) =>
      change(conversationId, (draft) => ({ ...draft, attachments: [...draft.attachments, attachment] })),
    detach: (attachmentId: string) =>
      changeOpen((draft) => ({ ...draft, attachments: draft.attachments.filter(({ id }) => id !== attachmentId) })),
    /** It has gone out, and leaves the draft. */
    sent: (conversationId: string, mode: ComposerMode) => change(conversationId, (draft) => withoutSent(draft, mode)),
    /** A message that was not sent goes back where it was written; what stands there already is kept. */
    takeBack: (conversationId: string, unsent: Unsent) =>
      change(conversationId, (draft) => {
        const both = (text: string) => [text, unsent.text].filter((each) => each !== '').join('\n');
        if (unsent.private) {
          return { ...draft, note: both(draft.note), mentions: [...draft.mentions, ...unsent.mentions] };
        }
        return {
          ...draft,
          reply: both(draft.reply),
          attachments: [...draft.attachments, ...unsent.attachments],
          replyTo: draft.replyTo ?? unsent.replyTo,
          article: draft.article ?? unsent.article,
        };
      }),
  };
}

/** What goes out of a draft; null where there is nothing. */
export function outOf(
  draft: Draft,
  mode: ComposerMode,
  { clientId, at }: { readonly clientId: string; readonly at: number },
): Unsent | null {
  const text = draft[mode].trim();
  const base = { clientId, at, text };
  if (mode === 'note') {
    const mentions = mentionedIn(text, draft.mentions);
    return text === '' ? null : { ...base, private: true, mentions, attachments: [], replyTo: null, article: null };
  }
  const { attachments, replyTo, article } = draft;
  if (text === '' && attachments.length === 0) return null;
  return { ...base, private: false, mentions: [], attachments, replyTo, article };
}
