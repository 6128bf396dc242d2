import type { Author, Conversation, Entry } from './conversation.ts';
import type { ConversationLog } from './log.ts';

/**
 * Wake-ups between the parts of one process. They carry hints, never truth: a reader that misses one, or whose next
 * seq is not cursor + 1, reads the log. `saved` without entries says no more than: look.
 */
export type Signal =
  | { readonly kind: 'saved'; readonly conversation: Conversation; readonly entries: readonly Entry[] }
  | { readonly kind: 'typing'; readonly conversationId: string; readonly author: Author }
  | { readonly kind: 'presence' };

export type Signals = {
  emit(signal: Signal): void;
  /** Returns the function that ends the subscription. A listener must not throw and must not wait. */
  listen(listener: (signal: Signal) => void): () => void;
};

/** In-process signals. */
export function createSignals(): Signals {
  const listeners = new Set<(signal: Signal) => void>();
  return {
    emit: (signal) => {
      for (const listener of listeners) listener(signal);
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/**
 * The same log, telling `signals` of everything that was saved. A repeat is told of too: its first try may have been
 * committed without anyone hearing, as when the connection to the database broke in that moment.
 */
export function announcing(log: ConversationLog, signals: Signals): ConversationLog {
  return {
    ...log,
    write: async (id, event) => {
      const written = await log.write(id, event);
      if (written.kind === 'saved') {
        signals.emit({ kind: 'saved', conversation: written.conversation, entries: written.entries });
      } else if (written.kind === 'duplicate') {
        signals.emit({ kind: 'saved', conversation: written.conversation, entries: [] });
      }
      return written;
    },
  };
}
