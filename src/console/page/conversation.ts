import type {
  AgentSelf,
  BriefView,
  ChangedEvent,
  ConversationView,
  CustomerView,
  EntryView,
  GoneEvent,
  PersonView,
  SummaryView,
  TypingEvent,
  WrittenAnswer,
} from '../api.ts';
import type { RouteBody, TransferBody } from '../desk-api.ts';
import { ApiError, type Client, type TranscriptFormat } from './client.ts';
import { createSuggestions } from './composing/suggestions.ts';
import { createUploads, type UploadsNeeds } from './composing/uploads.ts';
import { createWriting, outOf, type ComposerMode } from './composing/writing.ts';
import type { Drafts, Unsent } from './drafts.ts';
import { createOutbox, type Parcel } from './outbox.ts';
import type { Store } from './store.ts';
import { createReader, type TranscriptReader } from './transcript-reader.ts';

/** What the middle of the page shows, and what is told of it. */
export type ConversationState = {
  readonly open: OpenConversation | null;
  readonly notice: ConversationNotice | null;
  /** An action under way: its button waits. */
  readonly busy: Action | null;
};

/** The conversation in the middle. */
export type OpenConversation = {
  readonly id: string;
  readonly state: 'loading' | 'ready' | 'failed' | 'missing';
  readonly conversation: ConversationView | null;
  readonly brief: BriefView | null;
  readonly customer: CustomerView | null;
  /** The customer's other conversations, and those of them that could be merged into this one. */
  readonly past: readonly SummaryView[];
  readonly duplicates: readonly SummaryView[];
  readonly entries: readonly EntryView[];
  readonly outgoing: readonly Outgoing[];
  /** The customer or the bot. */
  readonly typing: TypingEvent['author'] | null;
  /** Colleagues who write here now. */
  readonly colleagues: readonly Colleague[];
  /** Seq of a message somebody looks for, until it was shown. */
  readonly sought: number | null;
};

/** `draft`: they do not have the conversation, so the customer is not told that they write. */
export type Colleague = PersonView & { readonly draft: boolean };

/** A message or note on its way. What `waiting` goes out by itself once the server can be reached; what `failed` does not. */
export type Outgoing = Unsent & { readonly state: 'sending' | 'waiting' | 'failed' };

export type Action = 'claim' | 'takeOver' | 'toQueue' | 'toBot' | 'transfer' | 'resolve' | 'snooze' | 'merge' | 'route';

/** How something that was asked for went. `over`: it can't be done any more, and a notice says why. */
export type Did =
  { readonly kind: 'done' | 'over' | 'stale' | 'failed' } | { readonly kind: 'unavailable'; readonly name: string };

/** Something to tell the agent once; the page puts it in words. */
export type ConversationNotice =
  | { readonly kind: 'claimed' | 'tookOver'; readonly customer: ConversationView['customer'] }
  /** `owner` is the name of the colleague who has it, null where nobody else does. */
  | { readonly kind: 'taken' | 'notYours'; readonly owner: string | null }
  | { readonly kind: 'transferred' | 'unavailable'; readonly name: string }
  | { readonly kind: 'reserved'; readonly name: string }
  | { readonly kind: 'snoozed'; readonly until: number }
  | {
      readonly kind:
        | 'notWaiting'
        | 'stale'
        | 'failed'
        | 'forbidden'
        | 'notNow'
        | 'queued'
        | 'toBot'
        | 'resolved'
        | 'woken'
        | 'merged'
        | 'routed';
    };

export type ConversationNeeds = {
  readonly client: Client;
  readonly store: Store<ConversationState>;
  readonly drafts: () => Drafts | null;
  readonly me: () => AgentSelf | null;
  readonly isOver: (error: unknown) => boolean;
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
  readonly newId: () => string;
  readonly files: Pick<UploadsNeeds, 'send' | 'previewOf' | 'forget'>;
  /** The lists may be others now. */
  readonly acted: () => void;
};

/** The open conversation without its looks: what is known of it, and what an agent can do with it. */
export function createConversation(needs: ConversationNeeds) {
  const { client, store, drafts, me, isOver, now, wait, newId, files, acted } = needs;
  let reader: TranscriptReader | null = null;
  const outbox = createOutbox({
    post: (parcel) => post(client, parcel),
    moved: ({ conversationId, message }, state) => markOutgoing(conversationId, message.clientId, state),
    sent,
    refused,
  });
  const writing = createWriting(drafts);
  const suggestions = createSuggestions({ ask: client.suggestions });
  const uploads = createUploads({
    ...files,
    newId,
    held: (id) => writing.of(id).attachments.length,
    uploaded: writing.attach,
  });

  // What is open

  /** Opens a conversation, at a message where one is looked for; null opens none. */
  function open(id: string | null, sought: number | null = null) {
    if (id === null) {
      leave();
      store.set({ open: null });
    } else if (store.get().open?.id === id) {
      if (sought !== null) patch(id, { sought });
    } else {
      begin(id, sought);
    }
  }

  /** Reads the open one from its beginning, as after signing in. */
  function beginAgain() {
    const { open: before } = store.get();
    if (before) begin(before.id, before.sought);
  }

  function begin(id: string, sought: number | null) {
    leave();
    const outgoing = (drafts()?.unsent(id) ?? []).map((unsent): Outgoing => ({
      ...unsent,
      state: outbox.stateOf(unsent.clientId) ?? 'failed',
    }));
    store.set({ open: { ...nothingKnown, id, outgoing, sought } });
    writing.open(id);
    if (!me()) return;
    reader = createReader({
      read: (after) => client.entries(id, after),
      changed: (entries, { conversation }) => showEntries(id, entries, conversation),
      failed: (error) => failedToOpen(id, error),
      wait,
    });
    reader.refresh();
    void load(id);
  }

  function leave() {
    reader?.stop();
    reader = null;
    suggestions.forget();
    writing.open(null);
  }

  function failedToOpen(id: string, error: unknown) {
    if (isOver(error)) return;
    if (error instanceof ApiError && error.status === 404) return isGone(id);
    if (store.get().open?.entries.length === 0) patch(id, { state: 'failed' });
  }

  function isGone(id: string) {
    if (store.get().open?.id !== id) return;
    reader?.stop();
    patch(id, { state: 'missing' });
  }

  async function load(id: string) {
    try {
      const { conversation, brief, customer, past, duplicates } = await client.conversation(id);
      const { open } = store.get();
      patch(id, {
        conversation: newest(open?.conversation, conversation),
        brief: counted(brief, open?.entries ?? []),
        customer,
        past,
        duplicates,
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
    patch(id, {
      state: 'ready',
      entries,
      brief: open.brief && counted(open.brief, entries),
      conversation: newest(open.conversation, conversation),
      typing: fresh.some(({ author }) => author.role === open.typing?.role) ? null : open.typing,
      colleagues: open.colleagues.filter((colleague) => !fresh.some(({ author }) => author.id === colleague.id)),
    });
    // The first load fetches the brief beside the entries; later it changes with all but what people say.
    if (open.state === 'ready' && fresh.some(changesBrief)) void load(id);
  }

  function patch(id: string, change: Partial<OpenConversation>) {
    const { open } = store.get();
    if (open?.id === id) store.set({ open: { ...open, ...change } });
  }

  // Live hints

  function connected() {
    outbox.connected();
    reader?.refresh();
    const { open } = store.get();
    if (open) void load(open.id);
  }

  function changed({ conversationId, seq }: ChangedEvent) {
    const { open } = store.get();
    if (open?.id !== conversationId) return;
    // What changes without a new entry: what the customer has read.
    if (open.entries.length === seq) reader?.refresh();
    else reader?.hint(seq);
  }

  function typing({ conversationId, author, draft }: TypingEvent) {
    const { open } = store.get();
    if (open?.id !== conversationId || author.id === me()?.id) return;
    if (author.role !== 'agent') {
      patch(open.id, { typing: author });
      void wait(typingLasts).then(() => {
        if (store.get().open?.typing === author) patch(conversationId, { typing: null });
      });
      return;
    }
    const colleague: Colleague = { id: author.id, name: author.name ?? '', draft };
    patch(open.id, { colleagues: [...open.colleagues.filter(({ id }) => id !== author.id), colleague] });
    void wait(typingLasts).then(() => {
      const still = store.get().open;
      if (still?.colleagues.includes(colleague)) {
        patch(conversationId, { colleagues: still.colleagues.filter((each) => each !== colleague) });
      }
    });
  }

  // What an agent does

  /** Does something that changes status or owner, and tells how it went. */
  async function act(
    action: Action,
    request: (now: ConversationView, seen: number) => Promise<WrittenAnswer>,
    notice: (after: ConversationView) => ConversationNotice,
  ): Promise<Did> {
    const { open, busy } = store.get();
    if (!open?.conversation || busy) return { kind: 'failed' };
    store.set({ busy: action, notice: null });
    try {
      const { conversation } = await request(open.conversation, open.entries.at(-1)?.seq ?? 0);
      patch(open.id, { conversation: newest(store.get().open?.conversation, conversation) });
      store.set({ notice: notice(conversation) });
      return { kind: 'done' };
    } catch (error) {
      return await explain(open.id, error);
    } finally {
      store.set({ busy: null });
      if (store.get().open?.id === open.id) reader?.refresh();
      acted();
    }
  }

  const claim = () =>
    act(
      'claim',
      ({ id }) => client.claim(id),
      ({ customer }) => ({ kind: 'claimed', customer }),
    );
  const takeOver = () =>
    act(
      'takeOver',
      ({ id, version }) => client.takeOver(id, version),
      ({ customer }) => ({ kind: 'tookOver', customer }),
    );
  const resolve = (resolution: string | null = null) =>
    act(
      'resolve',
      ({ id, version }, seen) => client.resolve(id, { version, seen, ...(resolution ? { resolution } : {}) }),
      () => ({ kind: 'resolved' }),
    );
  /** `name` is what the target is called. */
  const transfer = (to: TransferBody['to'], { note, name }: { readonly note: string; readonly name: string }) =>
    act(
      to.kind === 'queue' ? 'toQueue' : to.kind === 'bot' ? 'toBot' : 'transfer',
      ({ id, version }, seen) =>
        client.transfer(id, { to, version, seen, ...(note.trim() ? { note: note.trim() } : {}) }),
      () =>
        to.kind === 'queue'
          ? { kind: 'queued' }
          : to.kind === 'bot'
            ? { kind: 'toBot' }
            : { kind: 'transferred', name },
    ).then((did): Did => (did.kind === 'unavailable' ? { ...did, name } : did));
  const snooze = (until: number | null) =>
    act(
      'snooze',
      ({ id, version }) => client.snooze(id, { version, until }),
      () => (until === null ? { kind: 'woken' } : { kind: 'snoozed', until }),
    );
  const merge = (other: { readonly id: string; readonly seen: number }) =>
    act(
      'merge',
      ({ id, version }) => client.merge(id, { version, other }),
      () => ({ kind: 'merged' }),
    );
  const route = (to: RouteBody) =>
    act(
      'route',
      ({ id }) => client.route(id, to),
      () => ({ kind: 'routed' }),
    );

  /** A refusal is answered from the log as it is now, not from what the refusal said. */
  async function explain(id: string, error: unknown): Promise<Did> {
    if (isOver(error)) return { kind: 'over' };
    if (!(error instanceof ApiError) || (error.status !== 409 && error.status !== 404)) {
      const forbidden = error instanceof ApiError && error.status === 403;
      store.set({ notice: { kind: forbidden ? 'forbidden' : 'failed' } });
      return { kind: forbidden ? 'over' : 'failed' };
    }
    if (error.status === 404) {
      isGone(id);
      return { kind: 'over' };
    }
    await load(id);
    if (error.code === 'stale') {
      store.set({ notice: { kind: 'stale' } });
      return { kind: 'stale' };
    }
    if (error.code === 'unavailable') return { kind: 'unavailable', name: '' };
    const conversation = store.get().open?.conversation ?? null;
    store.set({ notice: refusal(error.code, conversation, me()?.id ?? null) });
    return { kind: 'over' };
  }

  function send(mode: ComposerMode) {
    const { open } = store.get();
    if (!open || !drafts()) return;
    const out = outOf(writing.of(open.id), mode, { clientId: newId(), at: now() });
    if (!out) return;
    const message: Outgoing = { ...out, state: 'sending' };
    keepOutgoing(open.id, [...open.outgoing, message]);
    writing.sent(open.id, mode);
    outbox.send(parcelOf(open, out));
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

  /** Puts a message that was not sent back where it was written. */
  function takeBack(clientId: string) {
    const { open } = store.get();
    const message = open?.outgoing.find((each) => each.clientId === clientId);
    if (!open || !message) return;
    writing.takeBack(open.id, message);
    discard(clientId);
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
    patch(id, { outgoing: open.outgoing.map((each) => (each.clientId === clientId ? { ...each, state } : each)) });
  }

  function keepOutgoing(id: string, outgoing: readonly Outgoing[]) {
    drafts()?.setUnsent(
      id,
      outgoing.map(({ state: _, ...unsent }) => unsent),
    );
    patch(id, { outgoing });
  }

  /** Saved on the server; it leaves the screen when the log shows it. */
  function forgetUnsent(id: string, clientId: string) {
    const kept = drafts();
    kept?.setUnsent(
      id,
      kept.unsent(id).filter((each) => each.clientId !== clientId),
    );
  }

  let typedAt = 0;
  /** Tells the customer of a reply that is being written, and colleagues of whatever somebody else writes. */
  function typed(mode: ComposerMode) {
    const { open } = store.get();
    if (!open?.conversation || now() - typedAt < typingPace) return;
    const isMine = open.conversation.agent?.id === me()?.id;
    if (isMine && mode === 'note') return;
    typedAt = now();
    void client.typing(open.id).catch(() => undefined);
  }

  return {
    writing,
    suggestions,
    uploads,
    open,
    beginAgain,
    connected,
    changed,
    gone: ({ conversationId }: GoneEvent) => isGone(conversationId),
    typing,
    /** The session is over: what is open stays on the screen, below the sign-in. */
    stop: () => {
      reader?.stop();
      reader = null;
      outbox.clear();
      suggestions.forget();
      uploads.clear();
    },
    reload: () => {
      const { open } = store.get();
      return open ? load(open.id) : Promise.resolve();
    },
    /** What is known of the customer from now on. */
    took: (id: string, customer: CustomerView) => patch(id, { customer }),
    does: {
      reopen: () => reader?.refresh(),
      found: () => {
        const { open } = store.get();
        if (open) patch(open.id, { sought: null });
      },
      claim,
      takeOver,
      transfer,
      resolve,
      snooze,
      merge,
      route,
      send,
      retry,
      discard,
      takeBack,
      typed,
      attach: (chosen: readonly File[]) => {
        const { open } = store.get();
        if (open) uploads.add(open.id, chosen);
      },
      usedCanned: (id: string) => void client.cannedUsed(id).catch(() => undefined),
      transcriptUrl: (format: TranscriptFormat) => {
        const { open } = store.get();
        return open ? client.transcriptUrl(open.id, format) : '';
      },
    },
  };
}

const nothingKnown: Omit<OpenConversation, 'id'> = {
  state: 'loading',
  conversation: null,
  brief: null,
  customer: null,
  past: [],
  duplicates: [],
  entries: [],
  outgoing: [],
  typing: null,
  colleagues: [],
  sought: null,
};

/** How long "is typing" stays without a new sign, and how often we give one. */
const typingLasts = 5000;
const typingPace = 2500;

function post(client: Pick<Client, 'say' | 'note'>, { conversationId, version, message }: Parcel) {
  const { text, clientId, mentions, attachments, replyTo, article } = message;
  if (message.private) {
    const ids = mentions.map(({ id }) => id);
    return client.note(conversationId, { text, clientId, ...(ids.length > 0 ? { mentions: ids } : {}) });
  }
  return client.say(conversationId, {
    text,
    clientId,
    version,
    ...(replyTo === null ? {} : { replyTo }),
    ...(article === null ? {} : { article: { articleId: article.articleId, about: article.about } }),
    ...(attachments.length === 0 ? {} : { attachments: attachments.map(({ id }) => id) }),
  });
}

function parcelOf({ id, conversation }: OpenConversation, message: Unsent): Parcel {
  return { conversationId: id, version: conversation?.version ?? 0, message };
}

function refusal(code: string, conversation: ConversationView | null, myId: string | null): ConversationNotice {
  const others = (person: PersonView | null | undefined) => (person && person.id !== myId ? person.name : null);
  const owner = others(conversation?.agent);
  const reservedFor = others(conversation?.reservedFor);
  switch (code) {
    case 'taken':
      return owner === null && reservedFor !== null
        ? { kind: 'reserved', name: reservedFor }
        : { kind: 'taken', owner };
    case 'not_yours':
      return { kind: 'notYours', owner };
    case 'not_waiting':
      return { kind: 'notWaiting' };
    default:
      return { kind: 'notNow' };
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

/** Answers may overtake each other: the row with the higher seq is the later one, and what was read stays read. */
function newest(known: ConversationView | null | undefined, read: ConversationView): ConversationView {
  if (known?.id !== read.id) return read;
  if (known.seq !== read.seq) return known.seq > read.seq ? known : read;
  return known.readSeq > read.readSeq ? known : read;
}
