import type { ChangedEvent, GoneEvent } from '../api.ts';
import type { Client } from './client.ts';
import { createConversation, type ConversationNotice, type ConversationState } from './conversation.ts';
import type { UploadsNeeds } from './composing/uploads.ts';
import { createDirectory, type DirectoryState } from './directory.ts';
import type { Drafts } from './drafts.ts';
import type { Goal } from './keys.ts';
import { createKnowledge, type DecisionNotice } from './knowledge.ts';
import { createLists, noLists, type ListsState } from './lists.ts';
import type { ConnectLive } from './live.ts';
import { conversationOf, forMe, type News } from './news.ts';
import { queueList, startOf, type ListPlace, type Place } from './places.ts';
import { createSession, noSession, serves, type SessionState } from './session.ts';
import { createSide } from './side.ts';
import { createStore, type Store } from './store.ts';
import { supervisionStart } from './supervision-places.ts';
import { createSupervision, viewsFor, type SupervisionNotice } from './supervision.ts';

/** Everything the page shows. */
export type DeskState = SessionState &
  DirectoryState &
  ListsState &
  Omit<ConversationState, 'notice'> & {
    readonly notice: Notice | null;
    /** An editor, who serves nobody, stays `connecting`. */
    readonly connection: 'connecting' | 'online' | 'lost';
  };

/** Something to tell the agent once; the page puts it in words. */
export type Notice =
  | ConversationNotice
  | DecisionNotice
  | SupervisionNotice
  | { readonly kind: 'back' }
  | { readonly kind: 'news'; readonly news: News };

export type DeskNeeds = {
  readonly client: Client;
  readonly connect: ConnectLive;
  readonly draftsOf: (agentId: string) => Drafts;
  readonly files: Pick<UploadsNeeds, 'send' | 'previewOf' | 'forget'>;
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
  readonly newId: () => string;
  /** What an agent should hear of while they look elsewhere. */
  readonly announce: (news: readonly News[]) => void;
};

export type Desk = ReturnType<typeof createDesk>;

export { serves };

/** The console's page without its looks: what is known, and what an agent can do. */
export function createDesk({ client, connect, draftsOf, files, now, wait, newId, announce }: DeskNeeds) {
  const store: Store<DeskState> = createStore<DeskState>({
    ...noSession,
    ...noLists,
    directory: null,
    connection: 'connecting',
    open: null,
    notice: null,
    busy: null,
  });
  let drafts: Drafts | null = null;
  let disconnect: (() => void) | null = null;
  /** Whose unsaved changes of the settings are kept. */
  let supervisor: string | null = null;
  const tell = (notice: Notice) => store.set({ notice });
  const session = createSession({ client, store, began, ended, refused: () => tell({ kind: 'failed' }) });
  const { isOver, me } = session;
  const tellOf = (news: readonly News[]) => {
    const mine = forMe(news, { me: me(), directory: store.get().directory });
    if (mine.length > 0) announce(mine);
    // Who waits is seen in the list; the others call for this agent alone, and the last of them is told of on the page.
    const calls = mine.findLast((each) => each.kind !== 'waiting' && !isOpen(conversationOf(each)));
    if (calls) tell({ kind: 'news', news: calls });
  };
  const isOpen = (id: string) => store.get().open?.id === id;
  const lists = createLists({ client, store, me, isOver, now, wait, announce: tellOf });
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
    acted: () => {
      const { open } = store.get();
      if (open?.conversation?.agent && open.conversation.agent.id === me()?.id) lists.taken(open.id);
      lists.refresh();
    },
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
      mentioned: (event) => tellOf([{ kind: 'mentioned', ...event }]),
    });
    lists.begin();
    directory.refresh();
    conversation.beginAgain();
  }

  async function signOut() {
    await session.signOut();
    store.set({ open: null });
    lists.show(queueList);
    knowledge.go(null);
    knowledge.forget();
    supervision.go(null);
    supervision.forget();
  }

  /** The conversation stays open below the sign-in screen, and so do its drafts. */
  function ended() {
    disconnect?.();
    disconnect = null;
    lists.forget();
    conversation.stop();
    store.set({ busy: null, notice: null });
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
    conversation.changed(event);
    lists.changed(event, isOpen(event.conversationId));
  }

  function gone(event: GoneEvent) {
    conversation.gone(event);
    lists.gone(event.conversationId);
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
    // An address that names neither leads to where one starts.
    const list = place.list ?? (place.conversationId === null ? queueList : null);
    if (list) lists.show(list);
    open(place.conversationId, place.sought ?? null);
  }

  function place(): Place {
    const supervised = supervision.store.get().place;
    if (supervised) return { kind: 'supervision', ...supervised };
    const known = knowledge.store.get().place;
    if (known) return { kind: 'knowledge', ...known };
    return conversationsPlace();
  }

  /** Where the conversations stand, shown or not. */
  function conversationsPlace(): Place & { kind: 'conversations' } {
    const { open, list } = store.get();
    return {
      kind: 'conversations',
      conversationId: open?.id ?? null,
      ...(open && open.sought !== null ? { sought: open.sought } : {}),
      ...(isStart(list) ? {} : { list }),
    };
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
    conversationsPlace,
    choose: lists.choose,
    /** Changes what is listed; the rest stays. */
    narrow: (change: Partial<ListPlace>) => lists.show({ ...store.get().list, ...change }),
    more: lists.more,
    moreFound: lists.moreFound,
    searchAgain: lists.searchAgain,
    /** Where a key leads: to a list, or to another section, if it is for this account. */
    goTo: (goal: Goal | 'conversations') => {
      const agent = me();
      if (goal === 'knowledge') return go({ kind: 'knowledge', ...(knowledge.store.get().place ?? startOf('ask')) });
      if (goal === 'supervision') {
        const [view] = viewsFor(agent);
        return view && go({ kind: 'supervision', ...supervisionStart(view) });
      }
      if (!agent || !serves(agent)) return;
      if (goal === 'snoozed') lists.show({ ...queueList, view: 'mine', snoozed: true });
      else if (goal !== 'conversations') lists.choose(goal);
      open(store.get().open?.id ?? null);
    },
    /** From the conversations to the knowledge, to supervision where that is for this account, and around. */
    nextSection: () => {
      const { kind } = place();
      if (kind === 'conversations') return knowledge.choose('ask');
      if (kind === 'knowledge' && viewsFor(me()).length > 0) return go({ kind: 'supervision', view: 'board' });
      // Who serves nobody is led back to the knowledge.
      go(conversationsPlace());
    },
    refresh: () => lists.refresh(),
    dismissNotice: () => store.set({ notice: null }),
  };
}

function isStart(list: ListPlace): boolean {
  return JSON.stringify(list) === JSON.stringify(queueList);
}
