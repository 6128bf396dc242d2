/** Why a supervisor should look after a conversation. */
export const followUpKinds = ['broken_promise', 'low_rating'] as const;
export type FollowUpKind = (typeof followUpKinds)[number];

/** A task for a supervisor. */
export type FollowUp = {
  readonly id: string;
  readonly conversationId: string;
  readonly kind: FollowUpKind;
  /** The entry of the log that called for it. */
  readonly seq: number;
  /** What happened, in a few words; text that may be a customer's. */
  readonly note: string;
  readonly createdAt: number;
  readonly doneAt: number | null;
  /** Id of the agent who did it. */
  readonly doneBy: string | null;
};

/** What follow-ups need remembered. */
export type FollowUpStore = {
  /** One entry calls for one follow-up of a kind: however often it is added, it is there once. */
  add(followUp: FollowUp): Promise<'added' | 'known'>;
  /** Those nobody has done yet, the oldest first. */
  open(limit: number): Promise<readonly FollowUp[]>;
  /** The first who says so did it. */
  done(id: string, by: { readonly agentId: string; readonly at: number }): Promise<FollowUpDone>;
  /** How many are open. */
  count(): Promise<number>;
};

export type FollowUpDone = 'done' | 'already_done' | 'unknown';

export type NewFollowUp = Pick<FollowUp, 'conversationId' | 'kind' | 'seq' | 'note'>;

export type FollowUps = {
  /** Adds a task unless its entry has called for it before. The note is cut to `longestFollowUpNote`. */
  add(followUp: NewFollowUp): Promise<'added' | 'known'>;
  /** What is to be done, the oldest first. */
  open(limit: number): Promise<readonly FollowUp[]>;
  done(id: string, agentId: string): Promise<FollowUpDone>;
  /** How many are open. */
  count(): Promise<number>;
};

/** In UTF-16 units. */
export const longestFollowUpNote = 500;

/** Tasks for supervisors. */
export function createFollowUps(needs: { readonly store: FollowUpStore; readonly now: () => number }): FollowUps {
  const { store, now } = needs;
  return {
    add: ({ conversationId, kind, seq, note }) =>
      store.add({
        id: crypto.randomUUID(),
        conversationId,
        kind,
        seq,
        note: note.slice(0, longestFollowUpNote),
        createdAt: now(),
        doneAt: null,
        doneBy: null,
      }),
    open: (limit) => store.open(limit),
    done: (id, agentId) => store.done(id, { agentId, at: now() }),
    count: () => store.count(),
  };
}
