import type { SettingsSection } from '../../handoff/settings/settings.ts';
import type { AgentSelf, SummaryView } from '../api.ts';
import type { CannedView, ListQuery } from '../desk-api.ts';
import { bulkLimit } from '../limits.ts';
import type {
  AccountBody,
  AccountsAnswer,
  AccountView,
  BoardAnswer,
  BulkAnswer,
  CannedBody,
  DeliveriesAnswer,
  NewAccountBody,
  SettingsAnswer,
  WebhookView,
} from '../supervision-api.ts';
import type { Client } from './client.ts';
import { createForms, unsavedOf, type FormKey, type FormsState, type Saved } from './forms.ts';
import { createLoader, nothingRead, type Loaded } from './loader.ts';
import { createStore, type Store } from './store.ts';
import {
  supervisionStart,
  supervisionViews,
  type OpenFilter,
  type SupervisionPlace,
  type SupervisionView,
} from './supervision-places.ts';

/** Everything the supervisor's section shows. */
export type SupervisionState = FormsState & {
  /** Null while another section is shown. */
  readonly place: SupervisionPlace | null;
  readonly board: Loaded<BoardAnswer>;
  readonly open: Loaded<OpenList>;
  /** Ids of the conversations that are to be given to somebody else. */
  readonly selected: ReadonlySet<string>;
  /** What came of giving them, each for itself. */
  readonly outcomes: readonly Outcome[];
  readonly accounts: Loaded<AccountsAnswer>;
  readonly canned: Loaded<readonly CannedView[]>;
  readonly deliveries: Loaded<DeliveriesAnswer>;
  /** How reading the settings stands; what was read stands in their form. */
  readonly settings: Loaded<SettingsSection>;
  /** What is under way and must not be asked for twice: `assign`, or the id of a follow-up, reply or delivery. */
  readonly busy: ReadonlySet<string>;
};

/** Open conversations, with the filter they were read by. */
export type OpenList = {
  readonly filter: OpenFilter;
  readonly conversations: readonly SummaryView[];
  /** There are more. */
  readonly next: string | null;
};

export type Outcome = {
  readonly conversation: SummaryView;
  readonly outcome: BulkAnswer['outcomes'][number]['outcome'];
};

/** A section of the settings as it is changed here: what the server never gives, a secret, can be written. */
export type SectionValue<Section extends SettingsSection> = Section extends 'webhook'
  ? Omit<WebhookView, 'secret'> & { readonly secret: string }
  : Extract<SettingsAnswer, { section: Section }>['value'];

/** What can be changed of an account. An empty password changes nothing. */
export type AccountDraft = Required<Omit<AccountBody, 'status'>> & { readonly email: string };

/** What happened, to tell the supervisor once. */
export type SupervisionNotice =
  | { readonly kind: 'saved' | 'removed' | 'followUpDone' | 'deliveryRetried' | 'deliveryDiscarded' | 'notDone' }
  | { readonly kind: 'reassigned'; readonly done: number; readonly failed: number };

/** What the section asks of the API. */
export type SupervisionClient = Pick<
  Client,
  | 'board'
  | 'followUpDone'
  | 'conversations'
  | 'bulkAssign'
  | 'accounts'
  | 'addAccount'
  | 'changeAccount'
  | 'settings'
  | 'saveSettings'
  | 'canned'
  | 'addCanned'
  | 'changeCanned'
  | 'removeCanned'
  | 'deliveries'
  | 'retryDelivery'
  | 'discardDelivery'
>;

export type SupervisionNeeds = {
  readonly client: SupervisionClient;
  /** Who is signed in. */
  readonly me: () => AgentSelf | null;
  /** Takes an error that ends the session; true when there is nothing more to say about it. */
  readonly isOver: (error: unknown) => boolean;
  readonly tell: (notice: SupervisionNotice) => void;
};

export type Supervision = ReturnType<typeof createSupervision>;

/** The parts of the section that are for this account: all for supervisors, shared replies for editors. */
export function viewsFor(agent: Pick<AgentSelf, 'role'> | null): readonly SupervisionView[] {
  switch (agent?.role) {
    case 'supervisor':
      return supervisionViews;
    case 'editor':
      return ['canned'];
    case 'agent':
    case undefined:
      return [];
  }
}

/** The forms of the section. */
export const sectionKey = <Section extends SettingsSection>(section: Section): FormKey<SectionValue<Section>> =>
  `settings/${section}`;
export const accountKey = (id: string): FormKey<AccountDraft> => `agents/${id}`;
export const newAccountKey: FormKey<NewAccountBody> = 'agents/';
export const cannedKey = (id: string): FormKey<CannedBody> => `canned/${id}`;
export const newCannedKey: FormKey<CannedBody> = 'canned/';

/** The supervisor's section without its looks: where it is, what it has read, and what is changed. */
export function createSupervision({ client, me, isOver, tell }: SupervisionNeeds) {
  const store: Store<SupervisionState> = createStore(empty);
  const forms = createForms(store, isOver);
  const board = createLoader<BoardAnswer>((read) => store.set({ board: read }), isOver);
  const open = createLoader<OpenList>((read) => store.set({ open: read }), isOver);
  const accounts = createLoader<AccountsAnswer>((read) => store.set({ accounts: read }), isOver);
  const canned = createLoader<readonly CannedView[]>((read) => store.set({ canned: read }), isOver);
  const deliveries = createLoader<DeliveriesAnswer>((read) => store.set({ deliveries: read }), isOver);
  const settings = createLoader<SettingsSection>((read) => store.set({ settings: read }), isOver);

  /** Shows a place and reads what it needs; null leaves the section. A part that is not for this account leads to one that is. */
  function go(wanted: SupervisionPlace | null) {
    const place = wanted && allowed(wanted);
    const before = store.get().place;
    const sameList = before?.view === 'conversations' && place?.view === 'conversations';
    store.set({ place, ...(sameList ? {} : { selected: noIds, outcomes: [] }) });
    if (place) load(place, 'load');
  }

  function allowed(place: SupervisionPlace): SupervisionPlace | null {
    const agent = me();
    if (!agent || viewsFor(agent).includes(place.view)) return place;
    const [first] = viewsFor(agent);
    return first ? supervisionStart(first) : null;
  }

  function load(place: SupervisionPlace, how: 'load' | 'look') {
    if (!me()) return;
    const known = store.get();
    switch (place.view) {
      case 'board':
        return board[how](() => client.board(), known.board.value);
      case 'conversations':
        return loadOpen(place.filter, how);
      case 'agents':
        return loadAccounts(how);
      case 'canned':
        return canned[how](async () => (await client.canned()).canned, known.canned.value);
      case 'settings':
        if (place.section === 'webhook') deliveries[how](() => client.deliveries(), known.deliveries.value);
        return loadSection(place.section, how);
    }
  }

  function loadOpen(filter: OpenFilter, how: 'load' | 'look') {
    const known = store.get().open.value;
    const same = known && isSame(known.filter, filter) ? known : null;
    open[how](async () => {
      const { conversations, next } = await client.conversations(queryOf(filter));
      const ids = new Set(conversations.map(({ id }) => id));
      store.set({ selected: new Set([...store.get().selected].filter((id) => ids.has(id))) });
      return { filter, conversations, next };
    }, same);
  }

  function loadAccounts(how: 'load' | 'look') {
    accounts[how](async () => {
      const read = await client.accounts();
      for (const account of read.accounts) {
        const key = accountKey(account.id);
        if (forms.of(key)) forms.take(key, draftOf(account));
      }
      return read;
    }, store.get().accounts.value);
  }

  function loadSection(section: SettingsSection, how: 'load' | 'look') {
    const known = forms.of(sectionKey(section)) ? section : null;
    settings[how](async () => {
      forms.take(sectionKey(section), await readSection(section));
      return section;
    }, known);
  }

  async function readSection<Section extends SettingsSection>(section: Section) {
    return savedOf<Section>(await client.settings(section));
  }

  function refresh(how: 'load' | 'look' = 'load') {
    const { place } = store.get();
    if (place) load(place, how);
  }

  /** Does something once at a time, and tells how it went. */
  async function once(what: string, run: () => Promise<SupervisionNotice | null>) {
    const { busy } = store.get();
    if (busy.has(what)) return;
    store.set({ busy: new Set([...busy, what]) });
    try {
      const notice = await run();
      if (notice) tell(notice);
    } catch (error) {
      if (!isOver(error)) tell({ kind: 'notDone' });
    } finally {
      store.set({ busy: new Set([...store.get().busy].filter((each) => each !== what)) });
      refresh('look');
    }
  }

  const followUpDone = (id: string) =>
    once(id, async () => {
      await client.followUpDone(id);
      const { board: shown } = store.get();
      if (shown.value) {
        const followUps = shown.value.followUps.filter((each) => each.id !== id);
        store.set({ board: { ...shown, value: { ...shown.value, followUps } } });
      }
      return { kind: 'followUpDone' };
    });

  // Giving many conversations to somebody else

  function select(ids: readonly string[], chosen: boolean) {
    const selected = new Set(store.get().selected);
    for (const id of ids) {
      if (chosen) selected.add(id);
      else selected.delete(id);
    }
    store.set({ selected });
  }

  /** Gives what is selected to an agent, or back to the queue. What could not be given stays selected. */
  const assign = (to: string | null) =>
    once('assign', async () => {
      const { open: list, selected } = store.get();
      const chosen = (list.value?.conversations ?? []).filter(({ id }) => selected.has(id));
      if (chosen.length === 0) return null;
      const outcomes: Outcome[] = [];
      for (let start = 0; start < chosen.length; start += bulkLimit) {
        const part = chosen.slice(start, start + bulkLimit);
        const conversations = part.map(({ id, version }) => ({ id, version }));
        const answer = await client.bulkAssign({ conversations, to });
        outcomes.push(...outcomesOf(part, answer));
        store.set({ outcomes });
      }
      const failed = outcomes.filter(({ outcome }) => outcome !== 'done');
      store.set({ selected: new Set(failed.map(({ conversation }) => conversation.id)) });
      return { kind: 'reassigned', done: outcomes.length - failed.length, failed: failed.length };
    });

  /** Reads the next page below what is listed. */
  const more = () =>
    once('more', async () => {
      const known = store.get().open.value;
      if (!known?.next) return null;
      const { conversations, next } = await client.conversations({ ...queryOf(known.filter), before: known.next });
      const { open: now } = store.get();
      if (now.value !== known) return null;
      const ids = new Set(known.conversations.map(({ id }) => id));
      const fresh = conversations.filter(({ id }) => !ids.has(id));
      store.set({ open: { ...now, value: { ...known, conversations: [...known.conversations, ...fresh], next } } });
      return null;
    });

  // Settings

  /** Saves a section; `over` knowingly what somebody else stored meanwhile. */
  async function saveSection<Section extends SettingsSection>(section: Section, over = false) {
    const key = sectionKey(section);
    if (over) forms.overrule(key);
    const saved = await forms.save(key, {
      write: async (value, { version }) =>
        savedOf<Section>(await client.saveSettings(section, { value: bodyOf(value), version })),
      read: () => readSection(section),
    });
    if (saved) tell({ kind: 'saved' });
  }

  // Accounts

  async function addAccount() {
    const added = await forms.save(newAccountKey, {
      write: async (value) => {
        await client.addAccount(value);
        return blankAccount;
      },
      unique: 'email',
    });
    if (!added) return false;
    forms.drop(newAccountKey);
    tell({ kind: 'saved' });
    loadAccounts('look');
    return true;
  }

  async function saveAccount(id: string) {
    const saved = await forms.save(accountKey(id), {
      write: async (value, base) => draftOf((await client.changeAccount(id, changesIn(value, base.value))).account),
    });
    if (saved) tell({ kind: 'saved' });
    loadAccounts('look');
    return saved;
  }

  // Canned replies

  async function saveCanned(id: string | null) {
    const key = id === null ? newCannedKey : cannedKey(id);
    const saved = await forms.save(key, {
      write: async (value) => {
        const { canned: reply } = await (id === null ? client.addCanned(value) : client.changeCanned(id, value));
        return replyOf(reply);
      },
      unique: 'shortcut',
    });
    if (!saved) return false;
    forms.drop(key);
    tell({ kind: 'saved' });
    refresh('look');
    return true;
  }

  const removeCanned = (id: string) =>
    once(id, async () => {
      await client.removeCanned(id);
      forms.drop(cannedKey(id));
      const { canned: shown } = store.get();
      store.set({ canned: { ...shown, value: shown.value?.filter((reply) => reply.id !== id) ?? null } });
      return { kind: 'removed' };
    });

  return {
    store,
    forms,
    go,
    choose: (view: SupervisionView) => go(supervisionStart(view)),
    refresh: () => refresh(),
    /** Reads what is shown anew without a sign of it, unless something is being read already. */
    look: () => refresh('look'),
    followUpDone,
    select,
    assign,
    more,
    dismissOutcomes: () => store.set({ outcomes: [] }),
    saveSection,
    beginAccount: (account: AccountView | null) =>
      account ? forms.take(accountKey(account.id), draftOf(account)) : forms.take(newAccountKey, blankAccount),
    addAccount,
    saveAccount,
    beginCanned: (reply: CannedView | null) =>
      reply ? forms.take(cannedKey(reply.id), replyOf(reply)) : forms.take(newCannedKey, blankReply),
    saveCanned,
    removeCanned,
    retryDelivery: (id: string) =>
      once(id, async () => {
        await client.retryDelivery(id);
        return { kind: 'deliveryRetried' };
      }),
    discardDelivery: (id: string) =>
      once(id, async () => {
        await client.discardDelivery(id);
        return { kind: 'deliveryDiscarded' };
      }),
    /** Whether leaving the page would lose something. */
    hasUnsaved: () => unsavedOf(store.get()).length > 0,
    /** Forgets what was read and changed; the place stays. */
    forget: () => {
      for (const loader of [board, open, accounts, canned, deliveries, settings]) loader.stop(nothingRead);
      store.set({ ...empty, place: store.get().place });
    },
  };
}

const noIds: ReadonlySet<string> = new Set();
const empty: SupervisionState = {
  place: null,
  board: nothingRead,
  open: nothingRead,
  selected: noIds,
  outcomes: [],
  accounts: nothingRead,
  canned: nothingRead,
  deliveries: nothingRead,
  settings: nothingRead,
  forms: {},
  busy: noIds,
};

function queryOf({ agent, group, broken }: OpenFilter): ListQuery {
  return {
    view: 'all',
    ...(agent === null ? {} : { agent }),
    ...(group === null ? {} : { group }),
    ...(broken ? { broken: 'true' as const } : {}),
  };
}

function isSame(a: OpenFilter, b: OpenFilter): boolean {
  return a.agent === b.agent && a.group === b.group && a.broken === b.broken;
}

function outcomesOf(conversations: readonly SummaryView[], { outcomes }: BulkAnswer): readonly Outcome[] {
  return conversations.map((conversation) => ({
    conversation,
    outcome: outcomes.find(({ id }) => id === conversation.id)?.outcome ?? 'unknown',
  }));
}

function savedOf<Section extends SettingsSection>({ value, version, at, by }: SettingsAnswer) {
  return { value, version, at, by } as Saved<SectionValue<Section>>;
}

/** A section without what the server says of it and does not take back. */
function bodyOf(value: object): unknown {
  const { hasSecret: _, ...body } = value as { readonly hasSecret?: boolean };
  return body;
}

/** What has no version counts by nobody and never. */
function unversioned<Value>(value: Value): Saved<Value> {
  return { value, version: 0, at: null, by: null };
}

function draftOf({ email, name, role, capacity, groups, disabled }: AccountView): Saved<AccountDraft> {
  return unversioned({ email, name, role, capacity, groups, disabled, password: '' });
}

/** Only what was changed: a colleague may be changing the rest. */
function changesIn(value: AccountDraft, base: AccountDraft): AccountBody {
  const { email: _, ...fields } = value;
  const changed = Object.entries(fields).filter(
    ([key, field]) => JSON.stringify(field) !== JSON.stringify(base[key as keyof AccountDraft]),
  );
  return Object.fromEntries(changed);
}

function replyOf({ shortcut, title, text, groupId }: CannedView): Saved<CannedBody> {
  return unversioned({ shortcut, title, text, groupId });
}

const blankAccount = unversioned<NewAccountBody>({ email: '', name: '', role: 'agent', password: '' });
const blankReply = unversioned<CannedBody>({ shortcut: '', title: '', text: '', groupId: null });
