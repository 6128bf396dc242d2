import type { AgentSelf, ChangedEvent, ListAnswer, SearchHitView, SummaryView } from '../api.ts';
import type { ListQuery } from '../desk-api.ts';
import type { View } from '../limits.ts';
import { ApiError, type Client } from './client.ts';
import type { News } from './news.ts';
import { queueList, type ListPlace } from './places.ts';
import { createRefresher } from './refresher.ts';
import type { Store } from './store.ts';
import { freshlyMine, inOrder, merged, newcomers, pressed, waitKey } from './waiting.ts';

/** The list on the left: which one, what is in it, and what was found. */
export type ListsState = {
  readonly list: ListPlace;
  /** What was read, by `listKey`: a list one comes back to is there at once. */
  readonly lists: Readonly<Record<string, Listed>>;
  /** The list shown could not be read, or not be read anew. */
  readonly listFailed: boolean;
  readonly loadingMore: boolean;
  readonly counts: ListAnswer['counts'] | null;
  readonly agentsOnline: number;
  /** Add it to the device's clock to get the server's. */
  readonly clockOffset: number;
  /** Null while nothing is looked for. */
  readonly found: Found | null;
};

export type Listed = {
  readonly conversations: readonly SummaryView[];
  /** Where the next page starts; null when there is none. */
  readonly next: string | null;
};

export type Found = {
  readonly q: string;
  readonly state: 'loading' | 'ready' | 'failed' | 'too_short';
  readonly hits: readonly SearchHitView[];
  readonly next: string | null;
  readonly loadingMore: boolean;
  /** False while older conversations are still being made searchable. */
  readonly upToDate: boolean;
};

export const noLists: ListsState = {
  list: queueList,
  lists: {},
  listFailed: false,
  loadingMore: false,
  counts: null,
  agentsOnline: 0,
  clockOffset: 0,
  found: null,
};

export type ListsNeeds = {
  readonly client: Pick<Client, 'conversations' | 'search'>;
  readonly store: Store<ListsState>;
  readonly me: () => AgentSelf | null;
  readonly isOver: (error: unknown) => boolean;
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
  /** What happened that an agent should hear of while they look elsewhere. */
  readonly announce: (news: readonly News[]) => void;
};

export type Lists = ReturnType<typeof createLists>;

/**
 * Milliseconds for each agent who is there, over which their pages spread when they ask who began to wait: a list costs
 * the server 10 to 20, and a desk of five sees a newcomer at once.
 */
const spreadForEach = 20;

/** Reads the list shown and, to tell the agent of news, always the queue and their own conversations. */
export function createLists({ client, store, me, isOver, now, wait, announce }: ListsNeeds) {
  let seenWaits: ReadonlySet<string> | null = null;
  let seenMine: ReadonlySet<string> | null = null;
  let seenPressed: ReadonlySet<string> | null = null;
  /** Taken here, by my own hand. */
  const takenHere = new Set<string>();
  const lists = createRefresher(load, wait);

  async function load() {
    if (!me()) return;
    const { list } = store.get();
    const wanted = new Map([queueList, mineList, list].map((each) => [listKey(each), each]));
    try {
      await Promise.all([...wanted.values()].map(read));
      store.set({ listFailed: false });
    } catch (error) {
      if (!isOver(error)) store.set({ listFailed: true });
    }
  }

  async function read(list: ListPlace) {
    const answer = await client.conversations(queryOf(list));
    if (!me()) return;
    received(list, answer);
  }

  function received(list: ListPlace, { conversations, next, counts, agentsOnline, now: serverNow }: ListAnswer) {
    const { lists: known } = store.get();
    const key = listKey(list);
    const listed = merged(known[key] ?? null, { conversations, next });
    store.set({
      lists: { ...known, [key]: { ...listed, conversations: inOrder(list.view, listed.conversations) } },
      counts,
      agentsOnline,
      clockOffset: serverNow - now(),
    });
    if (key === listKey(queueList)) hearOfQueue(conversations);
    if (key === listKey(mineList)) hearOfMine(conversations);
  }

  function hearOfQueue(queue: readonly SummaryView[]) {
    const fresh = newcomers(seenWaits, queue);
    seenWaits = new Set(queue.map(waitKey));
    tell(fresh.map((conversation) => ({ kind: 'waiting', conversation })));
  }

  function hearOfMine(mine: readonly SummaryView[]) {
    const fresh = freshlyMine(seenMine, mine).filter(({ id }) => !takenHere.has(id));
    const late = pressed(mine);
    const risky = seenPressed === null ? [] : late.filter(({ key }) => !seenPressed?.has(key));
    seenMine = new Set(mine.map(({ id }) => id));
    for (const { id } of mine) takenHere.delete(id);
    seenPressed = new Set(late.map(({ key }) => key));
    tell([
      ...fresh.map((conversation): News => ({ kind: 'assigned', conversation })),
      ...risky.map(({ conversation }): News => ({ kind: 'at_risk', conversation })),
    ]);
  }

  function tell(news: readonly News[]) {
    if (news.length > 0) announce(news);
  }

  /** Shows another list; what is looked for goes with the place. */
  function show(list: ListPlace) {
    const before = store.get().list;
    store.set({ list, listFailed: false, loadingMore: false });
    if (list.q !== before.q || (list.q !== null) !== (store.get().found !== null)) seek(list.q);
    lists.refresh();
  }

  /** The view with nothing narrowed down. */
  function choose(view: View) {
    show({ ...queueList, view });
  }

  async function more() {
    const { list, lists: known, loadingMore } = store.get();
    const key = listKey(list);
    const listed = known[key];
    if (!listed?.next || loadingMore) return;
    store.set({ loadingMore: true });
    try {
      const { conversations, next } = await client.conversations({ ...queryOf(list), before: listed.next });
      const now = store.get().lists[key];
      if (now?.next === listed.next) {
        const ids = new Set(now.conversations.map(({ id }) => id));
        const fresh = conversations.filter(({ id }) => !ids.has(id));
        const all = { conversations: [...now.conversations, ...fresh], next };
        store.set({ lists: { ...store.get().lists, [key]: all } });
      }
    } catch (error) {
      if (!isOver(error)) store.set({ listFailed: true });
    } finally {
      if (listKey(store.get().list) === key) store.set({ loadingMore: false });
    }
  }

  // Search

  let searches = 0;

  function seek(q: string | null) {
    const mine = ++searches;
    const words = q?.trim() ?? '';
    if (words === '') return store.set({ found: null });
    // What was found before stays until there is something else.
    const { found } = store.get();
    store.set({ found: { ...nothingFound, q: words, hits: found?.hits ?? [] } });
    void search(words, mine);
  }

  async function search(words: string, mine: number) {
    if (!me()) return;
    try {
      const answer = await client.search(words, null);
      if (mine === searches) store.set({ found: { ...nothingFound, ...answer, q: words, state: 'ready' } });
    } catch (error) {
      if (mine !== searches || isOver(error)) return;
      const tooShort = error instanceof ApiError && error.status === 400;
      store.set({ found: { ...nothingFound, q: words, state: tooShort ? 'too_short' : 'failed' } });
    }
  }

  async function moreFound() {
    const { found } = store.get();
    const mine = searches;
    if (!found?.next || found.loadingMore) return;
    const show = (change: Partial<Found>) =>
      mine === searches && store.set({ found: { ...found, loadingMore: false, ...change } });
    show({ loadingMore: true });
    try {
      const { hits, next, upToDate } = await client.search(found.q, found.next);
      show({ hits: [...found.hits, ...hits], next, upToDate });
    } catch (error) {
      if (!isOver(error)) show({ state: 'failed' });
    }
  }

  /**
   * Something happened: at once to what I serve or look at, soon to who waits, and within some seconds to whatever else
   * stands in a list.
   */
  function changed({ conversationId, agentId, status }: ChangedEvent, isOpen = false) {
    const isMine = agentId !== null && agentId === me()?.id;
    if (isMine || isOpen || isListed(conversationId)) lists.refresh();
    else if (status === 'queued') lists.refreshWithin(store.get().agentsOnline * spreadForEach);
    else lists.refreshLater();
  }

  /** It stands in the list shown, or did last among my own. */
  function isListed(conversationId: string): boolean {
    const { list, lists: known } = store.get();
    return [list, mineList].some((each) => known[listKey(each)]?.conversations.some(({ id }) => id === conversationId));
  }

  /** It is nowhere I may look. */
  function gone(conversationId: string) {
    const { lists: known, found } = store.get();
    const without = ({ conversations, next }: Listed) => ({
      conversations: conversations.filter(({ id }) => id !== conversationId),
      next,
    });
    store.set({
      lists: Object.fromEntries(Object.entries(known).map(([key, listed]) => [key, without(listed)])),
      found: found && { ...found, hits: found.hits.filter((hit) => hit.conversationId !== conversationId) },
    });
    lists.refreshLater();
  }

  return {
    show,
    choose,
    more,
    moreFound,
    searchAgain: () => seek(store.get().list.q),
    refresh: () => lists.refresh(),
    changed,
    gone,
    /** I took it myself: nobody needs to tell me of it. */
    taken: (conversationId: string) => void takenHere.add(conversationId),
    /** Somebody signed in: reads what is shown. */
    begin: () => {
      lists.refresh();
      seek(store.get().list.q);
    },
    /** Nobody is signed in: forgets what was read; the place stays. */
    forget: () => {
      searches++;
      takenHere.clear();
      seenWaits = seenMine = seenPressed = null;
      store.set({ ...noLists, list: store.get().list });
    },
  };
}

/** The list that is shown; null before it was read. */
export function shownList({ list, lists }: Pick<ListsState, 'list' | 'lists'>): Listed | null {
  const listed = lists[listKey(list)];
  if (!listed || list.status === null) return listed ?? null;
  return { ...listed, conversations: listed.conversations.filter(({ status }) => status === list.status) };
}

/** Is the list narrowed down? */
export function isNarrowed(list: ListPlace): boolean {
  return listKey(list) !== listKey({ ...queueList, view: list.view }) || list.status !== null;
}

/** What makes a list another one. The status is picked out of what was read. */
export function listKey(list: ListPlace): string {
  return JSON.stringify(queryOf(list));
}

const mineList: ListPlace = { ...queueList, view: 'mine' };
const nothingFound: Omit<Found, 'q'> = {
  state: 'loading',
  hits: [],
  next: null,
  loadingMore: false,
  upToDate: true,
};

function queryOf({ view, group, channel, priority, agent, broken, snoozed }: ListPlace): ListQuery {
  return {
    view,
    ...(group === null ? {} : { group }),
    ...(channel === null ? {} : { channel }),
    ...(priority === null ? {} : { priority }),
    ...(agent === null ? {} : { agent }),
    ...(broken ? { broken: 'true' } : {}),
    ...(snoozed ? { snoozed: 'true' } : {}),
  };
}
