import type { EntryView } from '../../api.ts';
import type { SuggestionsAnswer, SuggestionView } from '../../desk-api.ts';
import { createStore, type Store } from '../store.ts';

/** What the knowledge base has for a customer's message. */
export type Suggested = {
  readonly conversationId: string;
  /** Seq of the message. */
  readonly about: number;
  readonly suggestions: readonly SuggestionView[];
};

export type SuggestionsNeeds = {
  readonly ask: (conversationId: string, seq: number) => Promise<SuggestionsAnswer>;
};

export type Suggestions = ReturnType<typeof createSuggestions>;

/**
 * Suggestions for the customer's newest message in the open conversation: asked for once a message, and nothing is shown
 * of a message that was followed by another one meanwhile. That none could be had is no news: one writes without.
 */
export function createSuggestions({ ask }: SuggestionsNeeds) {
  const store: Store<{ readonly suggested: Suggested | null }> = createStore({ suggested: null });
  let wanted: { readonly conversationId: string; readonly about: number } | null = null;

  async function look(conversationId: string, about: number) {
    if (wanted?.conversationId === conversationId && wanted.about === about) return;
    const mine = { conversationId, about };
    wanted = mine;
    store.set({ suggested: null });
    try {
      const { suggestions } = await ask(conversationId, about);
      if (wanted === mine) store.set({ suggested: { conversationId, about, suggestions } });
    } catch {
      // The next time the conversation is looked at it is asked again.
      if (wanted === mine) wanted = null;
    }
  }

  return {
    store,
    look: (conversationId: string, about: number) => void look(conversationId, about),
    /** Another conversation is open, or none. */
    forget: () => {
      wanted = null;
      store.set({ suggested: null });
    },
    /** The agent does not want them for this message. */
    hide: () => store.set({ suggested: null }),
  };
}

/** Seq of the customer's message that awaits a reply of a person; null when an agent has had the last word. */
export function unansweredOf(entries: readonly EntryView[]): number | null {
  const last = entries.findLast(
    (entry) => entry.kind === 'message' && !entry.private && ['customer', 'agent'].includes(entry.author.role),
  );
  return last?.author.role === 'customer' ? last.seq : null;
}
