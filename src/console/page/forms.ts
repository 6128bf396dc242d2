import type { PersonView } from '../api.ts';
import { ApiError } from './client.ts';
import type { Issue } from '../../errors.ts';
import type { Store } from './store.ts';

/** What is stored on the server, by whom and since when. `version` 0: as it came, changed by nobody. */
export type Saved<Value> = {
  readonly value: Value;
  readonly version: number;
  readonly at: number | null;
  readonly by: PersonView | null;
};

/** Something that is being changed here. */
export type Form<Value> = {
  /** As it is stored, as far as we know. */
  readonly base: Saved<Value>;
  /** As it stands in the fields. */
  readonly value: Value;
  readonly saving: boolean;
  /** Faults the server found, by field; a fault goes as soon as its field is changed. */
  readonly issues: readonly Issue[];
  readonly failure: Failure | null;
  /** What somebody else stored while this was being changed: nothing is saved over it unknowingly. */
  readonly stale: Saved<Value> | null;
};

/** Why nothing was saved, where no field is to blame. `exists`: there is another one like it. */
export type Failure = 'unreachable' | 'forbidden' | 'gone' | 'exists';

/** Names a form, and what stands in it. */
export type FormKey<Value> = string & { readonly value?: Value };

export type FormsState = { readonly forms: Readonly<Record<string, Form<unknown>>> };

/** How a form is written to the server and, where two people may change it at once, read from it anew. */
export type Writing<Value> = {
  readonly write: (value: Value, base: Saved<Value>) => Promise<Saved<Value>>;
  readonly read?: () => Promise<Saved<Value>>;
  /** The field that no two of them may have alike. */
  readonly unique?: string;
};

export type Forms = ReturnType<typeof createForms>;

/**
 * Forms that wait to be saved. They stay while one looks elsewhere; what two people change at once is neither lost nor
 * overwritten without being asked.
 */
export function createForms<State extends FormsState>(store: Store<State>, isOver: (error: unknown) => boolean) {
  const all = () => store.get().forms;
  const of = <Value>(key: FormKey<Value>) => (all()[key] ?? null) as Form<Value> | null;
  function put<Value>(key: FormKey<Value>, form: Form<Value>) {
    store.set({ forms: { ...all(), [key]: form } } as Partial<State>);
  }
  function patch<Value>(key: FormKey<Value>, change: Partial<Form<Value>>) {
    const form = of(key);
    if (form) put(key, { ...form, ...change });
  }

  /** Takes what the server has. What was changed here stays. */
  function take<Value>(key: FormKey<Value>, saved: Saved<Value>) {
    const form = of(key);
    if (!form || !isChanged(form)) return put(key, opened(saved));
    if (saved.version !== form.base.version && !form.saving) patch(key, { stale: saved });
  }

  async function save<Value>(key: FormKey<Value>, { write, read, unique }: Writing<Value>): Promise<boolean> {
    const form = of(key);
    if (!form || form.saving) return false;
    patch(key, { saving: true, issues: [], failure: null });
    try {
      put(key, opened(await write(form.value, form.base)));
      return true;
    } catch (error) {
      patch(key, { saving: false, ...refusal(error, unique) });
      if (!isOver(error) && isStale(error) && read) await compare(key, read);
      return false;
    }
  }

  async function compare<Value>(key: FormKey<Value>, read: () => Promise<Saved<Value>>) {
    try {
      patch(key, { stale: await read() });
    } catch (error) {
      if (!isOver(error)) patch(key, { failure: 'unreachable' });
    }
  }

  return {
    of,
    take,
    save,
    change: <Value>(key: FormKey<Value>, value: Value) => {
      const form = of(key);
      if (!form || form.saving) return;
      const issues = form.issues.filter(({ path }) => valueAt(form.value, path) === valueAt(value, path));
      patch(key, { value, issues, failure: null });
    },
    /** Gives up what was changed here: for what is stored, or for what somebody else stored meanwhile. */
    reset: <Value>(key: FormKey<Value>) => {
      const form = of(key);
      if (form) put(key, opened(form.stale ?? form.base));
    },
    /** From here on what is saved goes over what somebody else stored. */
    overrule: <Value>(key: FormKey<Value>) => {
      const form = of(key);
      if (form?.stale) patch(key, { base: form.stale, stale: null });
    },
    drop: (key: string) => {
      const { [key]: _, ...others } = all();
      store.set({ forms: others } as Partial<State>);
    },
    /** Keys of those with changes that are not saved. */
    unsaved: () => unsavedOf(store.get()),
  };
}

/** Keys of the forms with changes that are not saved. */
export function unsavedOf({ forms }: FormsState): readonly string[] {
  return Object.entries(forms).flatMap(([key, form]) => (isChanged(form) ? [key] : []));
}

/** Whether something stands in the fields that is not stored. */
export function isChanged({ base, value }: Form<unknown>): boolean {
  return JSON.stringify(base.value) !== JSON.stringify(value);
}

/** A list with one of its items changed. */
export function replaced<Item>(items: readonly Item[], index: number, item: Item): Item[] {
  return items.map((each, at) => (at === index ? item : each));
}

/** A list without one of its items. */
export function without<Item>(items: readonly Item[], index: number): Item[] {
  return items.filter((_, at) => at !== index);
}

/** A list in which an item has moved one place up or down, if there is room. */
export function moved<Item>(items: readonly Item[], index: number, step: 1 | -1): Item[] {
  const item = items[index];
  const other = items[index + step];
  if (item === undefined || other === undefined) return [...items];
  return replaced(replaced(items, index, other), index + step, item);
}

function opened<Value>(saved: Saved<Value>): Form<Value> {
  return { base: saved, value: saved.value, saving: false, issues: [], failure: null, stale: null };
}

function isStale(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'stale';
}

function refusal(error: unknown, unique: string | undefined): Pick<Form<unknown>, 'issues' | 'failure'> {
  if (!(error instanceof ApiError)) return { issues: [], failure: 'unreachable' };
  const { status, code, issues } = error;
  if (code === 'exists' && unique !== undefined) {
    return { issues: [{ path: unique, message: error.message }], failure: null };
  }
  if (issues.length > 0) return { issues, failure: null };
  if (isStale(error)) return { issues: [], failure: null };
  if (status === 400) return { issues: [{ path: '', message: error.message }], failure: null };
  const failures: Readonly<Record<number, Failure>> = { 403: 'forbidden', 404: 'gone', 409: 'exists' };
  return { issues: [], failure: failures[status] ?? 'unreachable' };
}

/** What stands at `rules.0.name`. */
function valueAt(value: unknown, path: string): unknown {
  if (path === '') return value;
  return path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown> | null | undefined)?.[key], value);
}
