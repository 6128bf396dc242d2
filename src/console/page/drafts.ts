/** The part of localStorage we use. It may throw (full, forbidden). */
export type KeyValue = {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
};

/** What an agent is writing in one conversation: to the customer, and for colleagues. */
export type Draft = { readonly reply: string; readonly note: string };

/** What was sent from here and has not been seen in the log yet. */
export type Unsent = {
  readonly clientId: string;
  readonly text: string;
  readonly private: boolean;
  readonly at: number;
};

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
    draft: (id) => get(key('draft', id), isDraft, { reply: '', note: '' }),
    setDraft: (id, draft) => set(key('draft', id), draft, draft.reply === '' && draft.note === ''),
    unsent: (id) => get(key('unsent', id), isUnsentList, []),
    setUnsent: (id, unsent) => set(key('unsent', id), unsent, unsent.length === 0),
  };
}

function isDraft(value: unknown): value is Draft {
  const draft = value as Partial<Draft> | null;
  return typeof draft?.reply === 'string' && typeof draft.note === 'string';
}

function isUnsentList(value: unknown): value is readonly Unsent[] {
  return (
    Array.isArray(value) &&
    value.every((item: Partial<Unsent> | null) => typeof item?.clientId === 'string' && typeof item.text === 'string')
  );
}
