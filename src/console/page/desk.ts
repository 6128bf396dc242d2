import type { ChangedEvent, GoneEvent, ListAnswer, SummaryView } from '../api.ts';
import type { View } from '../limits.ts';
import type { Client } from './client.ts';
import { createConversation, type ConversationNotice, type ConversationState } from './conversation.ts';
import type { UploadsNeeds } from './composing/uploads.ts';
import { createDirectory, type DirectoryState } from './directory.ts';
import type { Drafts } from './drafts.ts';
import { createKnowledge, type DecisionNotice } from './knowledge.ts';
import type { ConnectLive } from './live.ts';
import { startOf, type Place } from './places.ts';
import { createRefresher } from './refresher.ts';
import { createSession, noSession, serves, type SessionState } from './session.ts';
import { createSide } from './side.ts';
import { createStore, type Store } from './store.ts';
import { createSupervision, viewsFor, type SupervisionNotice } from './supervision.ts';
import { inOrder, newcomers, waitKey } from './waiting.ts';

/** Everything the page shows. */
export type DeskState = SessionState &
  DirectoryState &
  Omit<ConversationState, 'notice'> & {
    readonly notice: Notice | null;
    readonly view: View;
    readonly lists: Partial<Record<View, readonly SummaryView[]>>;
    readonly counts: ListAnswer['counts'] | null;
    readonly listFailed: boolean;
    readonly agentsOnline: number;
    /** Add it to the device's clock to get the server's. */
    readonly clockOffset: number;
    /** An editor, who serves nobody, stays `connecting`. */
    readonly connection: 'connecting' | 'online' | 'lost';
  };

/** Something to tell the agent once; the page puts it in words. */
export type Notice = ConversationNotice | DecisionNotice | SupervisionNotice | { readonly kind: 'back' };

export type DeskNeeds = {
  readonly client: Client;
  readonly connect: ConnectLive;
  readonly draftsOf: (agentId: string) => Drafts;
  readonly files: Pick<UploadsNeeds, 'send' | 'previewOf' | 'forget'>;
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
  readonly newId: () => string;
  /** Customers who began to wait since we last looked. */
  readonly announce: (conversations: readonly SummaryView[]) => void;
};

export type Desk = ReturnType<typeof createDesk>;

export { serves };

/** The console's page without its looks: what is known, and what an agent can do. */
export function createDesk({ client, connect, draftsOf, files, now, wait, newId, announce }: DeskNeeds) {
  const store: Store<DeskState> = createStore<DeskState>({
    ...noSession,
    directory: null,
    view: 'queue',
    lists: {},
    counts: null,
    listFailed: false,
    agentsOnline: 0,
    clockOffset: 0,
    connection: 'connecting',
    open: null,
    notice: null,
    busy: null,
  });
  let drafts: Drafts | null = null;
  let disconnect: (() => void) | null = null;
  let seenWaits: ReadonlySet<string> | null = null;
  /** Whose unsaved changes of the settings are kept. */
  let supervisor: string | null = null;
  const tell = (notice: Notice) => store.set({ notice });
  const session = createSession({ client, store, began, ended, refused: () => tell({ kind: 'failed' }) });
  const { isOver, me } = session;
  const lists = createRefresher(loadLists, wait);
  const directory = createDirectory({
    client,
    store,
    me,
    isOver,
    wait,
    self: ({ id, capacity, groups }) => session.patch(id, { capacity, groups }),
  });
  const knowledge = createKnowledge({ client, isSignedIn: () => me() !== null, isOver, tell });
  const supervision = createSupervision({ client, me, isOver, tell });
  const conversation = createConversation({
    client,
    store: store as unknown as Store<ConversationState>,
    drafts: () => drafts,
    me,
    isOver,
    now,
    wait,
    newId,
    files,
    acted: () => lists.refresh(),
  });
  const side = createSide({
    client,
    shown: () => {
      const { open } = store.get();
      return open?.customer ? { conversationId: open.id, customer: open.customer } : null;
    },
    took: (id, customer) => {
      conversation.took(id, customer);
      // Their name and tags stand above the conversation and in the lists too.
      void conversation.reload();
      lists.refresh();
    },
    isOver,
  });

  // Session

  function began(agent: Parameters<typeof serves>[0]) {
    store.set({ connection: 'connecting' });
    const { place } = knowledge.store.get();
    // What somebody else left half changed is not for whoever comes next.
    if (supervisor !== agent.id) supervision.forget();
    supervisor = agent.id;
    supervision.go(supervision.store.get().place);
    if (!serves(agent)) {
      store.set({ open: null });
      return supervision.store.get().place ? undefined : knowledge.go(place ?? startOf('ask'));
    }
    knowledge.go(place);
    drafts = draftsOf(agent.id);
    disconnect = connect({
      connected,
      lost,
      changed,
      gone,
      typing: conversation.typing,
      presence: (event) => store.set(event),
      directory: () => {
        directory.refresh();
        supervision.look();
      },
      mentioned: () => undefined,
    });
    lists.refresh();
    directory.refresh();
    conversation.beginAgain();
  }

  async function signOut() {
    await session.signOut();
    store.set({ open: null, view: 'queue' });
    knowledge.go(null);
    knowledge.forget();
    supervision.go(null);
    supervision.forget();
  }

  /** The conversation stays open below the sign-in screen, and so do its drafts. */
  function ended() {
    disconnect?.();
    disconnect = null;
    seenWaits = null;
    conversation.stop();
    store.set({ lists: {}, counts: null, busy: null, notice: null });
  }

  // Live hints

  function connected() {
    if (store.get().connection === 'lost') tell({ kind: 'back' });
    store.set({ connection: 'online' });
    lists.refresh();
    directory.refresh();
    conversation.connected();
  }

  function lost() {
    store.set({ connection: 'lost' });
    void client.session().catch(isOver);
  }

  function changed(event: ChangedEvent) {
    const { lists: known, view } = store.get();
    conversation.changed(event);
    const listed = Object.values(known).some((list) => list.some(({ id }) => id === event.conversationId));
    // Most of what happens is the bot at work: it moves a figure, and nothing an agent waits for.
    const matters = listed || event.status === 'queued' || event.status === 'assigned' || view === 'all';
    if (matters) lists.refresh();
    else lists.refreshLater();
  }

  function gone(event: GoneEvent) {
    conversation.gone(event);
    lists.refresh();
  }

  // Lists

  async function loadLists() {
    if (!me()) return;
    const { view } = store.get();
    const wanted: readonly View[] = view === 'queue' ? ['queue'] : ['queue', view];
    try {
      const answers = await Promise.all(
        wanted.map(async (each) => [each, await client.conversations({ view: each })] as const),
      );
      for (const [each, answer] of answers) received(each, answer);
    } catch (error) {
      if (!isOver(error)) store.set({ listFailed: true });
    }
  }

  function received(view: View, { conversations, counts, agentsOnline, now: serverNow }: ListAnswer) {
    const ordered = inOrder(view, conversations);
    store.set({
      lists: { ...store.get().lists, [view]: ordered },
      counts,
      agentsOnline,
      listFailed: false,
      clockOffset: serverNow - now(),
    });
    if (view !== 'queue') return;
    const fresh = newcomers(seenWaits, ordered);
    seenWaits = new Set(ordered.map(waitKey));
    if (fresh.length > 0) announce(fresh);
  }

  // Where the page is

  /** Shows a place; one that is not for this account leads to where its work is. */
  function go(place: Place) {
    const agent = me();
    if (place.kind === 'supervision') {
      knowledge.go(null);
      return supervision.go(place);
    }
    supervision.go(null);
    if (place.kind === 'knowledge') return knowledge.go(place);
    if (agent && !serves(agent)) return knowledge.go(knowledge.store.get().place ?? startOf('ask'));
    open(place.conversationId);
  }

  function place(): Place {
    const supervised = supervision.store.get().place;
    if (supervised) return { kind: 'supervision', ...supervised };
    const known = knowledge.store.get().place;
    if (known) return { kind: 'knowledge', ...known };
    return { kind: 'conversations', conversationId: store.get().open?.id ?? null };
  }

  /** Also leaves the other sections for it: afterwards, so that the address changes once. */
  function open(id: string | null, sought: number | null = null) {
    conversation.open(id, sought);
    if (supervision.store.get().place) supervision.go(null);
    if (knowledge.store.get().place) knowledge.go(null);
  }

  return {
    store,
    knowledge,
    supervision,
    side,
    writing: conversation.writing,
    suggestions: conversation.suggestions,
    uploads: conversation.uploads,
    ...conversation.does,
    start: session.start,
    signIn: session.signIn,
    setStatus: session.setStatus,
    signOut,
    go,
    place,
    open,
    choose: (view: View) => {
      store.set({ view });
      lists.refresh();
    },
    /** From the conversations to the knowledge, to supervision where that is for this account, and around. */
    nextSection: () => {
      const { kind } = place();
      if (kind === 'conversations') return knowledge.choose('ask');
      if (kind === 'knowledge' && viewsFor(me()).length > 0) return go({ kind: 'supervision', view: 'board' });
      // Who serves nobody is led back to the knowledge.
      go({ kind: 'conversations', conversationId: store.get().open?.id ?? null });
    },
    refresh: () => lists.refresh(),
    dismissNotice: () => store.set({ notice: null }),
  };
}
