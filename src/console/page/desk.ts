import type {
  AgentSelf,
  BriefView,
  ChangedEvent,
  ConversationView,
  EntryView,
  ListAnswer,
  PresenceEvent,
  SummaryView,
  TypingEvent,
  WrittenAnswer,
} from '../api.ts';
import type { View } from '../limits.ts';
import { ApiError, type Client } from './client.ts';
import type { Draft, Drafts, Unsent } from './drafts.ts';
import { createKnowledge, type DecisionNotice } from './knowledge.ts';
import { createOutbox, type Parcel } from './outbox.ts';
import { startOf, type Place } from './places.ts';
import { createStore, type Store } from './store.ts';
import { createReader, type TranscriptReader } from './transcript-reader.ts';
import { inOrder, newcomers, waitKey } from './waiting.ts';

/** Everything the page shows. */
export type DeskState = {
  readonly session:
    | { readonly kind: 'checking' }
    | { readonly kind: 'signed_out'; readonly because: 'expired' | 'unreachable' | null }
    | { readonly kind: 'signed_in'; readonly agent: AgentSelf };
  readonly view: View;
  readonly lists: Partial<Record<View, readonly SummaryView[]>>;
  readonly counts: ListAnswer['counts'] | null;
  readonly listFailed: boolean;
  readonly agentsOnline: number;
  /** Add it to the device's clock to get the server's. */
  readonly clockOffset: number;
  /** An editor, who serves nobody, stays `connecting`. */
  readonly connection: 'connecting' | 'online' | 'lost';
  readonly open: OpenConversation | null;
  readonly notice: Notice | null;
  /** An action under way: its button waits. */
  readonly busy: Action | null;
};

/** The conversation in the middle. */
export type OpenConversation = {
  readonly id: string;
  readonly state: 'loading' | 'ready' | 'failed' | 'missing';
  readonly conversation: ConversationView | null;
  readonly brief: BriefView | null;
  readonly entries: readonly EntryView[];
  readonly outgoing: readonly Outgoing[];
  readonly typing: TypingEvent['author'] | null;
};

/** A message or note on its way. What `waiting` goes out by itself once the server can be reached; what `failed` does not. */
export type Outgoing = Unsent & { readonly state: 'sending' | 'waiting' | 'failed' };

export type Action = 'claim' | 'toQueue' | 'toBot' | 'resolve';

/** Something to tell the agent once; the page puts it in words. */
export type Notice =
  | { readonly kind: 'claimed'; readonly customer: ConversationView['customer'] }
  /** `owner` is the name of the colleague who has it, null where nobody else does. */
  | { readonly kind: 'taken' | 'notYours'; readonly owner: string | null }
  | { readonly kind: 'notWaiting' | 'stale' | 'failed' | 'forbidden' | 'queued' | 'toBot' | 'resolved' | 'back' }
  | DecisionNotice;

export type LiveHandlers = {
  /** Connected, for the first time or again: anything may have changed meanwhile. */
  readonly connected: () => void;
  /** Not connected any more; trying again. Asked each time a try fails, as the session may be what ended. */
  readonly lost: () => void;
  readonly changed: (event: ChangedEvent) => void;
  readonly typing: (event: TypingEvent) => void;
  readonly presence: (event: PresenceEvent) => void;
};

/** Opens the stream of hints and keeps it open until the returned function is called. */
export type ConnectLive = (handlers: LiveHandlers) => () => void;

export type DeskNeeds = {
  readonly client: Client;
  readonly connect: ConnectLive;
  readonly draftsOf: (agentId: string) => Drafts;
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
  readonly newId: () => string;
  /** Customers who began to wait since we last looked. */
  readonly announce: (conversations: readonly SummaryView[]) => void;
};

export type Desk = ReturnType<typeof createDesk>;

/** The console's page without its looks: what is known, and what an agent can do. */
export function createDesk({ client, connect, draftsOf, now, wait, newId, announce }: DeskNeeds) {
  const store: Store<DeskState> = createStore<DeskState>({
    session: { kind: 'checking' },
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
  let reader: TranscriptReader | null = null;
  let seenWaits: ReadonlySet<string> | null = null;
  const lists = createRefresher(loadLists, wait);
  const outbox = createOutbox({
    post,
    moved: ({ conversationId, message }, state) => markOutgoing(conversationId, message.clientId, state),
    sent,
    refused,
  });

  const knowledge = createKnowledge({
    client,
    isSignedIn: () => me() !== null,
    isOver,
    tell: (notice) => store.set({ notice }),
  });

  // Session

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
    store.set({ session: { kind: 'signed_in', agent }, connection: 'connecting' });
    const { place } = knowledge.store.get();
    if (!serves(agent)) {
      store.set({ open: null });
      return knowledge.go(place ?? startOf('ask'));
    }
    knowledge.go(place);
    drafts = draftsOf(agent.id);
    disconnect = connect({ connected, lost, changed, typing, presence: (event) => store.set(event) });
    lists.refresh();
    const { open } = store.get();
    if (open) openConversation(open.id);
  }

  async function signOut() {
    await client.signOut().catch(() => undefined);
    ended(null);
    store.set({ open: null, view: 'queue' });
    knowledge.go(null);
    knowledge.forget();
  }

  /** The conversation stays open below the sign-in screen, and so do its drafts. */
  function ended(because: 'expired' | null) {
    disconnect?.();
    disconnect = null;
    reader?.stop();
    reader = null;
    seenWaits = null;
    outbox.clear();
    store.set({ session: { kind: 'signed_out', because }, lists: {}, counts: null, busy: null, notice: null });
  }

  /** Tells of an error what everybody must know; true when there is nothing more to say about it. */
  function isOver(error: unknown): boolean {
    if (!(error instanceof ApiError) || error.status !== 401) return false;
    if (store.get().session.kind === 'signed_in') ended('expired');
    return true;
  }

  // Live hints

  function connected() {
    if (store.get().connection === 'lost') store.set({ notice: { kind: 'back' } });
    store.set({ connection: 'online' });
    outbox.connected();
    lists.refresh();
    reader?.refresh();
    const { open } = store.get();
    if (open) void loadConversation(open.id);
  }

  function lost() {
    store.set({ connection: 'lost' });
    void client.session().catch(isOver);
  }

  function changed(event: ChangedEvent) {
    const { open, lists: known, view } = store.get();
    if (open?.id === event.conversationId) reader?.hint(event.seq);
    const listed = Object.values(known).some((list) => list.some(({ id }) => id === event.conversationId));
    // Most of what happens is the bot at work: it moves a figure, and nothing an agent waits for.
    const matters = listed || event.status === 'queued' || event.status === 'assigned' || view === 'all';
    if (matters) lists.refresh();
    else lists.refreshLater();
  }

  function typing({ conversationId, author }: TypingEvent) {
    const { open } = store.get();
    const isMine = author.role === 'agent' && author.name === me()?.name;
    if (open?.id !== conversationId || isMine) return;
    patchOpen(open.id, { typing: author });
    void wait(typingLasts).then(() => {
      if (store.get().open?.typing === author) patchOpen(conversationId, { typing: null });
    });
  }

  // Lists

  async function loadLists() {
    if (!me()) return;
    const { view } = store.get();
    const wanted: readonly View[] = view === 'queue' ? ['queue'] : ['queue', view];
    try {
      const answers = await Promise.all(wanted.map(async (each) => [each, await client.list(each)] as const));
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

  function choose(view: View) {
    store.set({ view });
    lists.refresh();
  }

  // Where the page is

  /** Shows a place; one that is not for this account leads to where its work is. */
  function go(place: Place) {
    const agent = me();
    if (place.kind === 'knowledge') return knowledge.go(place);
    if (agent && !serves(agent)) return knowledge.go(knowledge.store.get().place ?? startOf('ask'));
    open(place.conversationId);
  }

  function place(): Place {
    const shown = knowledge.store.get().place;
    if (shown) return { kind: 'knowledge', ...shown };
    return { kind: 'conversations', conversationId: store.get().open?.id ?? null };
  }

  // The open conversation

  /** Also leaves the knowledge section for it: afterwards, so that the address changes once. */
  function open(id: string | null) {
    if (id === null) {
      reader?.stop();
      reader = null;
      store.set({ open: null });
    } else if (store.get().open?.id !== id) {
      openConversation(id);
    }
    if (knowledge.store.get().place) knowledge.go(null);
  }

  function openConversation(id: string) {
    reader?.stop();
    const outgoing = (drafts?.unsent(id) ?? []).map((unsent): Outgoing => ({
      ...unsent,
      state: outbox.stateOf(unsent.clientId) ?? 'failed',
    }));
    store.set({ open: { id, state: 'loading', conversation: null, brief: null, entries: [], outgoing, typing: null } });
    if (!me()) return;
    reader = createReader({
      read: (after) => client.entries(id, after),
      changed: (entries, { conversation }) => showEntries(id, entries, conversation),
      failed: (error) => failedToOpen(id, error),
      wait,
    });
    reader.refresh();
    void loadConversation(id);
  }

  function failedToOpen(id: string, error: unknown) {
    if (isOver(error)) return;
    if (error instanceof ApiError && error.status === 404) {
      reader?.stop();
      return patchOpen(id, { state: 'missing' });
    }
    if (store.get().open?.entries.length === 0) patchOpen(id, { state: 'failed' });
  }

  async function loadConversation(id: string) {
    try {
      const { conversation, brief } = await client.conversation(id);
      const { open } = store.get();
      patchOpen(id, {
        conversation: newest(open?.conversation, conversation),
        brief: counted(brief, open?.entries ?? []),
      });
    } catch (error) {
      isOver(error);
    }
  }

  function showEntries(id: string, entries: readonly EntryView[], conversation: ConversationView) {
    const { open } = store.get();
    if (open?.id !== id) return;
    const fresh = entries.slice(open.entries.length);
    const arrived = new Set(entries.map((entry) => (entry.kind === 'message' ? entry.clientId : null)));
    for (const { clientId } of open.outgoing) if (arrived.has(clientId)) outbox.drop(clientId);
    const outgoing = open.outgoing.filter(({ clientId }) => !arrived.has(clientId));
    if (outgoing.length !== open.outgoing.length) keepOutgoing(id, outgoing);
    patchOpen(id, {
      state: 'ready',
      entries,
      brief: open.brief && counted(open.brief, entries),
      conversation: newest(open.conversation, conversation),
      typing: fresh.some(({ author }) => author.role === open.typing?.role) ? null : open.typing,
    });
    // The first load fetches the brief beside the entries; later it changes with all but what people say.
    if (open.state === 'ready' && fresh.some(changesBrief)) void loadConversation(id);
  }

  function patchOpen(id: string, change: Partial<OpenConversation>) {
    const { open } = store.get();
    if (open?.id === id) store.set({ open: { ...open, ...change } });
  }

  // What an agent does

  /** Does something that changes status or owner, and tells how it went. */
  async function act(action: Action, request: (now: ConversationView, seen: number) => Promise<WrittenAnswer>) {
    const { open, busy } = store.get();
    if (!open?.conversation || busy) return;
    store.set({ busy: action, notice: null });
    try {
      const { conversation } = await request(open.conversation, open.entries.at(-1)?.seq ?? 0);
      patchOpen(open.id, { conversation: newest(store.get().open?.conversation, conversation) });
      store.set({ notice: noticeOf(action, conversation) });
    } catch (error) {
      await explain(open.id, error);
    } finally {
      store.set({ busy: null });
      if (store.get().open?.id === open.id) reader?.refresh();
      lists.refresh();
    }
  }

  const claim = () => act('claim', ({ id }) => client.claim(id));
  const resolve = () => act('resolve', ({ id, version }, seen) => client.resolve(id, { version, seen }));
  const transfer = (to: 'queue' | 'bot', note: string) =>
    act(to === 'queue' ? 'toQueue' : 'toBot', ({ id, version }, seen) =>
      client.transfer(id, { to, version, seen, ...(note.trim() ? { note: note.trim() } : {}) }),
    );

  /** A refusal is answered from the log as it is now, not from what the refusal said. */
  async function explain(id: string, error: unknown) {
    if (isOver(error)) return;
    if (!(error instanceof ApiError) || error.status !== 409) {
      const forbidden = error instanceof ApiError && error.status === 403;
      return store.set({ notice: { kind: forbidden ? 'forbidden' : 'failed' } });
    }
    await loadConversation(id);
    const owner = store.get().open?.conversation?.agent ?? null;
    store.set({ notice: refusal(error.code, owner && owner.id !== me()?.id ? owner.name : null) });
  }

  function send(text: string, isPrivate: boolean) {
    const { open } = store.get();
    if (!open || !drafts) return;
    const message: Outgoing = { clientId: newId(), text, private: isPrivate, at: now(), state: 'sending' };
    keepOutgoing(open.id, [...open.outgoing, message]);
    const draft = drafts.draft(open.id);
    drafts.setDraft(open.id, isPrivate ? { ...draft, note: '' } : { ...draft, reply: '' });
    outbox.send(parcelOf(open, message));
  }

  function retry(clientId: string) {
    const { open } = store.get();
    const message = open?.outgoing.find((each) => each.clientId === clientId);
    if (!open || !message || message.state === 'sending') return;
    markOutgoing(open.id, clientId, 'sending');
    outbox.send(parcelOf(open, message));
  }

  function discard(clientId: string) {
    const { open } = store.get();
    if (!open) return;
    outbox.drop(clientId);
    keepOutgoing(
      open.id,
      open.outgoing.filter((each) => each.clientId !== clientId),
    );
  }

  function post({ conversationId, version, message: { text, clientId, private: isPrivate } }: Parcel) {
    return isPrivate
      ? client.note(conversationId, { text, clientId })
      : client.say(conversationId, { text, clientId, version });
  }

  function sent({ conversationId, message }: Parcel) {
    forgetUnsent(conversationId, message.clientId);
    if (store.get().open?.id === conversationId) reader?.refresh();
  }

  function refused({ conversationId, message }: Parcel, error: unknown) {
    markOutgoing(conversationId, message.clientId, 'failed');
    // The message itself says that it failed, and offers another try.
    if (error instanceof ApiError && error.status >= 500) return;
    // To one who wrote, that a colleague has it means that it is theirs no more.
    const lost = error instanceof ApiError && error.code === 'taken';
    void explain(conversationId, lost ? new ApiError(error.status, 'not_yours', error.message) : error);
  }

  function markOutgoing(id: string, clientId: string, state: Outgoing['state']) {
    const { open } = store.get();
    if (open?.id !== id) return;
    patchOpen(id, { outgoing: open.outgoing.map((each) => (each.clientId === clientId ? { ...each, state } : each)) });
  }

  function keepOutgoing(id: string, outgoing: readonly Outgoing[]) {
    drafts?.setUnsent(
      id,
      outgoing.map(({ state: _, ...unsent }) => unsent),
    );
    patchOpen(id, { outgoing });
  }

  /** Saved on the server; it leaves the screen when the log shows it. */
  function forgetUnsent(id: string, clientId: string) {
    drafts?.setUnsent(
      id,
      drafts.unsent(id).filter((each) => each.clientId !== clientId),
    );
  }

  let typedAt = 0;
  function typed() {
    const { open } = store.get();
    if (open?.conversation?.agent?.id !== me()?.id || !open || now() - typedAt < typingPace) return;
    typedAt = now();
    void client.typing(open.id).catch(() => undefined);
  }

  function me(): AgentSelf | null {
    const { session } = store.get();
    return session.kind === 'signed_in' ? session.agent : null;
  }

  return {
    store,
    knowledge,
    start,
    signIn,
    signOut,
    go,
    place,
    choose,
    open,
    refresh: () => lists.refresh(),
    reopen: () => reader?.refresh(),
    claim,
    transfer,
    resolve,
    send,
    retry,
    discard,
    typed,
    draft: (id: string): Draft => drafts?.draft(id) ?? { reply: '', note: '' },
    setDraft: (id: string, draft: Draft) => drafts?.setDraft(id, draft),
    dismissNotice: () => store.set({ notice: null }),
  };
}

/** Does this account work conversations? An editor's does not. */
export function serves({ role }: AgentSelf): boolean {
  return role !== 'editor';
}

/** How long "is typing" stays without a new sign, and how often we give one. */
const typingLasts = 5000;
const typingPace = 2500;

function parcelOf({ id, conversation }: OpenConversation, message: Unsent): Parcel {
  return { conversationId: id, version: conversation?.version ?? 0, message };
}

/** What to tell of an action that was done. */
function noticeOf(action: Action, { customer }: ConversationView): Notice {
  switch (action) {
    case 'claim':
      return { kind: 'claimed', customer };
    case 'toQueue':
      return { kind: 'queued' };
    case 'toBot':
      return { kind: 'toBot' };
    case 'resolve':
      return { kind: 'resolved' };
  }
}

function refusal(code: string, owner: string | null): Notice {
  switch (code) {
    case 'taken':
      return { kind: 'taken', owner };
    case 'not_yours':
      return { kind: 'notYours', owner };
    case 'not_waiting':
      return { kind: 'notWaiting' };
    case 'stale':
      return { kind: 'stale' };
    default:
      return { kind: 'failed' };
  }
}

/** A status, a verdict, or an answer of the bot, which tells what it understood. */
function changesBrief({ kind, author }: EntryView): boolean {
  return kind !== 'message' || author.role === 'bot';
}

/** The brief, with what the customer has said since it was read. It may in turn be ahead of a log still being read. */
function counted(brief: BriefView, entries: readonly EntryView[]): BriefView {
  const said = entries.filter(({ kind, author }) => kind === 'message' && author.role === 'customer').length;
  return { ...brief, customer: { ...brief.customer, messages: Math.max(brief.customer.messages, said) } };
}

/** Answers may overtake each other: the row with the higher seq is the later one. */
function newest(known: ConversationView | null | undefined, read: ConversationView): ConversationView {
  return known && known.id === read.id && known.seq > read.seq ? known : read;
}

/** Runs `load` at once, then at most every 300 ms however often it is asked for; `refreshLater` may wait for seconds. */
function createRefresher(load: () => Promise<void>, wait: (ms: number) => Promise<void>) {
  let running = false;
  let again = false;
  let later = false;

  async function run() {
    if (running) {
      again = true;
      return;
    }
    running = true;
    do {
      again = false;
      await load();
      await wait(300);
    } while (again);
    running = false;
  }

  return {
    refresh: () => void run(),
    refreshLater: () => {
      if (later) return;
      later = true;
      void wait(5000).then(() => {
        later = false;
        return run();
      });
    },
  };
}
