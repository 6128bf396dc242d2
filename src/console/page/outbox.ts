import { ApiError } from './client.ts';
import type { Unsent } from './drafts.ts';

/** Something an agent wrote, on its way. `version` is that of the conversation it was written for. */
export type Parcel = { readonly conversationId: string; readonly version: number; readonly message: Unsent };

/** `waiting`: the server could not be reached, and it goes out by itself once it can. */
export type ParcelState = 'sending' | 'waiting';

export type Outbox = {
  /** Sends it behind whatever waits. A parcel with a known client id takes the place of the one before. */
  send(parcel: Parcel): void;
  /** The connection is back: whatever waits goes out. */
  connected(): void;
  /** Null: it is not here (any more). */
  stateOf(clientId: string): ParcelState | null;
  /** It arrived after all, or was taken back. What is on the wire can't be called back, and nothing is told of it. */
  drop(clientId: string): void;
  clear(): void;
};

export type OutboxNeeds = {
  readonly post: (parcel: Parcel) => Promise<unknown>;
  readonly moved: (parcel: Parcel, state: ParcelState) => void;
  readonly sent: (parcel: Parcel) => void;
  /** It will not go out by itself. */
  readonly refused: (parcel: Parcel, error: unknown) => void;
};

/**
 * Delivers what agents write, one after the other, so that it arrives in the order it was written. The client id stays
 * the same from try to try: what did arrive is not said twice.
 */
export function createOutbox({ post, moved, sent, refused }: OutboxNeeds): Outbox {
  /** In the order they were written. */
  const held = new Map<string, { readonly parcel: Parcel; readonly state: ParcelState }>();
  let connections = 0;
  let posting = false;

  async function pump() {
    if (posting) return;
    posting = true;
    for (let next = firstToSend(); next; next = firstToSend()) await tryOnce(next);
    posting = false;
  }

  function firstToSend(): Parcel | null {
    return [...held.values()].find(({ state }) => state === 'sending')?.parcel ?? null;
  }

  async function tryOnce(parcel: Parcel) {
    const { clientId } = parcel.message;
    const connectionsBefore = connections;
    try {
      await post(parcel);
      if (held.delete(clientId)) sent(parcel);
    } catch (error) {
      if (!held.has(clientId)) return;
      if (!isUnreachable(error)) {
        held.delete(clientId);
        refused(parcel, error);
      } else if (connections === connectionsBefore) {
        // Whatever comes behind it would fare alike.
        moveAll('waiting');
      }
      // Else it was lost with the old connection, and the new one has not been tried.
    }
  }

  function moveAll(state: ParcelState) {
    for (const [clientId, one] of held) {
      if (one.state === state) continue;
      held.set(clientId, { ...one, state });
      moved(one.parcel, state);
    }
  }

  function sendAll() {
    moveAll('sending');
    void pump();
  }

  return {
    send: (parcel) => {
      const { clientId } = parcel.message;
      held.set(clientId, { parcel, state: held.get(clientId)?.state ?? 'sending' });
      sendAll();
    },
    connected: () => {
      connections++;
      sendAll();
    },
    stateOf: (clientId) => held.get(clientId)?.state ?? null,
    drop: (clientId) => void held.delete(clientId),
    clear: () => held.clear(),
  };
}

/** No network, or a server that is starting, stopping or overrun. Any other failure would only repeat itself. */
function isUnreachable(error: unknown): boolean {
  return error instanceof ApiError && [0, 429, 502, 503, 504].includes(error.status);
}
