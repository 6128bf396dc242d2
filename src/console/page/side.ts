import type { Issue } from '../../errors.ts';
import type { CustomerView } from '../api.ts';
import type { ArticleHitView } from '../desk-api.ts';
import { ApiError, type Client } from './client.ts';
import { createLoader, nothingRead, type Loaded } from './loader.ts';
import { createStore, type Store } from './store.ts';

/** What stands beside a conversation: who it is, or what the articles say. */
export const sideTabs = ['about', 'articles'] as const;
export type SideTab = (typeof sideTabs)[number];

/** What the side of a conversation shows besides what is known of the conversation itself. */
export type SideState = {
  readonly tab: SideTab;
  /** What is being saved of the customer: shown as if it were. */
  readonly saving: CustomerEdit | null;
  /** Why the last change was not saved. */
  readonly refused: Refused | null;
  /** What somebody else wrote while we wrote the same: shown beside ours until one is chosen. */
  readonly conflict: Conflict | null;
  readonly found: Loaded<Found>;
};

/** A change of what is known of a customer; what is left out stays. */
export type CustomerEdit = Partial<Pick<CustomerView, 'name' | 'tags' | 'facts'>>;

export type Refused = { readonly edit: CustomerEdit; readonly issues: readonly Issue[] };
export type Conflict = { readonly mine: CustomerEdit; readonly theirs: CustomerView };

/** Articles with the words they were asked with. */
export type Found = { readonly question: string; readonly articles: readonly ArticleHitView[] };

export type SideNeeds = {
  readonly client: Pick<Client, 'conversation' | 'changeCustomer' | 'searchArticles'>;
  /** The open conversation, and what is known of its customer. */
  readonly shown: () => { readonly conversationId: string; readonly customer: CustomerView } | null;
  /** What is known of the customer of a conversation from now on. */
  readonly took: (conversationId: string, customer: CustomerView) => void;
  readonly isOver: (error: unknown) => boolean;
};

export type Side = ReturnType<typeof createSide>;

/** The side of a conversation without its looks: changes of the customer, and asking the knowledge base. */
export function createSide({ client, shown, took, isOver }: SideNeeds) {
  const store: Store<SideState> = createStore(nothing);
  const search = createLoader<Found>((found) => store.set({ found }), isOver);

  /** Saves a change of the customer. What somebody else changed meanwhile, and this does not touch, stays theirs. */
  async function edit(change: CustomerEdit) {
    const target = shown();
    if (!target || store.get().saving) return;
    const { conversationId, customer } = target;
    store.set({ saving: change, refused: null, conflict: null });
    try {
      await save(conversationId, customer, change);
    } catch (error) {
      if (isOver(error)) return;
      const issues = error instanceof ApiError ? error.issues : [];
      if (shown()?.conversationId === conversationId) store.set({ refused: { edit: change, issues } });
    } finally {
      store.set({ saving: null });
    }
  }

  async function save(conversationId: string, base: CustomerView, change: CustomerEdit, tries = 3): Promise<void> {
    try {
      const { customer } = await client.changeCustomer(conversationId, { version: base.version, ...change });
      took(conversationId, customer);
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'stale' || tries === 0) throw error;
      const { customer: theirs } = await client.conversation(conversationId);
      took(conversationId, theirs);
      const rebased = onTopOf(theirs, base, change);
      if (rebased) return save(conversationId, theirs, rebased, tries - 1);
      if (shown()?.conversationId === conversationId) store.set({ conflict: { mine: change, theirs } });
    }
  }

  return {
    store,
    choose: (tab: SideTab) => store.set({ tab }),
    edit,
    /** Ends a conflict: with ours over theirs, or with theirs. */
    settle: (whose: 'mine' | 'theirs') => {
      const { conflict } = store.get();
      store.set({ conflict: null });
      return conflict && whose === 'mine' ? edit(conflict.mine) : Promise.resolve();
    },
    dismissRefusal: () => store.set({ refused: null }),
    search: (question: string) => {
      const asked = question.trim();
      if (asked === '') return search.stop(nothingRead);
      const known = store.get().found.value;
      search.load(
        async () => ({ question: asked, articles: (await client.searchArticles(asked)).articles }),
        known?.question === asked ? known : null,
      );
    },
    /** Another conversation is open, or none: the tab stays, the rest was of the one before. */
    forget: () => {
      search.stop(nothingRead);
      store.set({ ...nothing, tab: store.get().tab });
    },
  };
}

const nothing: SideState = { tab: 'about', saving: null, refused: null, conflict: null, found: nothingRead };

/**
 * A change of `base` as one of `theirs`, where that is what was meant: tags are given and taken one by one, and a field
 * that they left alone is ours. Null where both changed the same.
 */
function onTopOf(theirs: CustomerView, base: CustomerView, change: CustomerEdit): CustomerEdit | null {
  const { tags, ...others } = change;
  const keys = Object.keys(others) as (keyof typeof others)[];
  const both = keys.some((key) => JSON.stringify(theirs[key]) !== JSON.stringify(base[key]));
  if (both) return null;
  if (!tags) return others;
  const given = tags.filter((tag) => !base.tags.includes(tag) && !theirs.tags.includes(tag));
  const left = theirs.tags.filter((tag) => tags.includes(tag) || !base.tags.includes(tag));
  return { ...others, tags: [...left, ...given] };
}
