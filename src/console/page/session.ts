import type { AgentSelf, AgentStatus } from '../api.ts';
import { ApiError, type Client } from './client.ts';
import type { Store } from './store.ts';

/** Who uses the page. */
export type SessionState = {
  readonly session:
    | { readonly kind: 'checking' }
    | { readonly kind: 'signed_out'; readonly because: 'expired' | 'unreachable' | null }
    | { readonly kind: 'signed_in'; readonly agent: AgentSelf };
};

export const noSession: SessionState = { session: { kind: 'checking' } };

export type SessionNeeds = {
  readonly client: Pick<Client, 'session' | 'signIn' | 'signOut' | 'setStatus'>;
  readonly store: Store<SessionState>;
  /** Somebody is signed in from now on. */
  readonly began: (agent: AgentSelf) => void;
  /** Nobody is any more: `expired` by itself, null as they wished. */
  readonly ended: (because: 'expired' | null) => void;
  /** A status could not be saved; the one before is back. */
  readonly refused: (error: unknown) => void;
};

export type Session = ReturnType<typeof createSession>;

/** Does this account work conversations? An editor's does not. */
export function serves({ role }: AgentSelf): boolean {
  return role !== 'editor';
}

/** Signing in and out, and what an agent is to others: ready, busy, away or gone. */
export function createSession({ client, store, began, ended, refused }: SessionNeeds) {
  async function start() {
    try {
      signedIn((await client.session()).agent);
    } catch (error) {
      const unknown = error instanceof ApiError && error.status === 401;
      store.set({ session: { kind: 'signed_out', because: unknown ? null : 'unreachable' } });
    }
  }

  /** Rejects with ApiError when the server says no. */
  async function signIn(email: string, password: string) {
    signedIn((await client.signIn(email, password)).agent);
  }

  function signedIn(agent: AgentSelf) {
    store.set({ session: { kind: 'signed_in', agent } });
    began(agent);
  }

  async function signOut() {
    await client.signOut().catch(() => undefined);
    end(null);
  }

  function end(because: 'expired' | null) {
    ended(because);
    store.set({ session: { kind: 'signed_out', because } });
  }

  /** Tells of an error what everybody must know; true when there is nothing more to say about it. */
  function isOver(error: unknown): boolean {
    if (!(error instanceof ApiError) || error.status !== 401) return false;
    if (store.get().session.kind === 'signed_in') end('expired');
    return true;
  }

  function me(): AgentSelf | null {
    const { session } = store.get();
    return session.kind === 'signed_in' ? session.agent : null;
  }

  /** Shown at once, and taken back where the server does not take it. */
  async function setStatus(status: AgentStatus) {
    const before = me();
    if (!before || before.status === status) return;
    patch(before.id, { status });
    try {
      await client.setStatus(status);
    } catch (error) {
      patch(before.id, { status: before.status });
      if (!isOver(error)) refused(error);
    }
  }

  /** What is known of oneself by now. */
  function patch(id: string, change: Partial<AgentSelf>) {
    const agent = me();
    if (agent?.id === id) store.set({ session: { kind: 'signed_in', agent: { ...agent, ...change } } });
  }

  return { start, signIn, signOut, isOver, me, setStatus, patch };
}
