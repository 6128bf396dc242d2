import { InputError, type Issue } from '../errors.ts';

/** Whose customer: ids mean something on their channel alone. */
export type CustomerKey = { readonly channel: string; readonly id: string };

/** Something to know of a customer, as agents wrote it down: a shoe size, an invoice title. */
export type Fact = { readonly name: string; readonly value: string };

/** What agents know of a customer. */
export type Customer = CustomerKey & {
  /** Given by agents; stands over the channel's name. */
  readonly name: string | null;
  /** Ids of tags. */
  readonly tags: readonly string[];
  /** Each name once. */
  readonly facts: readonly Fact[];
  /** The channel could not deliver to them the last time. */
  readonly unreachable: boolean;
  /** Counts changes; 0 of a customer nothing is known of. */
  readonly version: number;
  readonly updatedAt: number;
};

/** What customers need remembered. */
export type CustomerStore = {
  find(key: CustomerKey): Promise<Customer | null>;
  /** Those of them that something is known of, at once and in any order. */
  findMany(keys: readonly CustomerKey[]): Promise<readonly Customer[]>;
  /** Saves if what is stored has the version before `customer.version`, or nothing is stored and that is 1. */
  save(customer: Customer): Promise<'saved' | 'stale'>;
};

/** What an agent changes; what is left out stays. */
export type CustomerEdit = {
  /** The version the agent saw. */
  readonly version: number;
  /** Null or blank gives the channel's name back. */
  readonly name?: string | null;
  readonly tags?: readonly string[];
  readonly facts?: readonly Fact[];
};

export type CustomerSaved =
  | { readonly kind: 'saved'; readonly customer: Customer }
  /** Somebody else changed it since; this is how it stands now. */
  | { readonly kind: 'stale'; readonly customer: Customer };

export type Customers = {
  /** What is known; of a customer nobody wrote anything about: nothing. */
  find(key: CustomerKey): Promise<Customer>;
  /** Those of them that something is known of, at once and in any order. */
  findMany(keys: readonly CustomerKey[]): Promise<readonly Customer[]>;
  /** Refuses what does not fit, and a tag that nobody set up, with an InputError. */
  edit(key: CustomerKey, edit: CustomerEdit): Promise<CustomerSaved>;
  /** Notes whether the channel can deliver to them. */
  reachable(key: CustomerKey, reachable: boolean): Promise<void>;
};

export const mostTags = 50;
export const mostFacts = 30;
export const longestCustomerName = 60;
export const longestFactName = 60;
export const longestFactValue = 500;

/** What is known of customers. */
export function createCustomers(needs: {
  readonly store: CustomerStore;
  /** The tags that are set up: `settings.tags.tags`. */
  readonly tags: () => Promise<readonly { readonly id: string }[]>;
  readonly now: () => number;
}): Customers {
  const { store, tags, now } = needs;
  const find = async (key: CustomerKey) => (await store.find(key)) ?? unknownCustomer(key);
  const save = (customer: Customer, changing: Partial<Customer>) => {
    const changed = { ...customer, ...changing, version: customer.version + 1, updatedAt: now() };
    return store.save(changed).then((outcome) => (outcome === 'saved' ? changed : null));
  };
  return {
    find,
    findMany: (keys) => store.findMany(keys),
    edit: async (key, { version, ...edit }) => {
      const customer = await find(key);
      const changing = checked(edit, { before: customer, known: (await tags()).map(({ id }) => id) });
      if (customer.version !== version) return { kind: 'stale', customer };
      const changed = await save(customer, changing);
      return changed ? { kind: 'saved', customer: changed } : { kind: 'stale', customer: await find(key) };
    },
    reachable: async (key, reachable) => {
      for (;;) {
        const customer = await find(key);
        // Whoever was faster changed something else: that one stays, and this is noted over it.
        if (customer.unreachable === !reachable || (await save(customer, { unreachable: !reachable }))) return;
      }
    },
  };
}

/** A customer nobody wrote anything about. */
export function unknownCustomer({ channel, id }: CustomerKey): Customer {
  return { channel, id, name: null, tags: [], facts: [], unreachable: false, version: 0, updatedAt: 0 };
}

type Contents = Omit<CustomerEdit, 'version'>;

function checked(
  edit: Contents,
  { before, known }: { readonly before: Customer; readonly known: readonly string[] },
): Contents {
  const name = edit.name?.trim() || null;
  const tags = edit.tags && [...new Set(edit.tags)];
  const facts = edit.facts?.map((fact) => ({ name: fact.name.trim(), value: fact.value.trim() }));
  const issues = [
    ...(name && name.length > longestCustomerName
      ? [{ path: 'name', message: `must be at most ${longestCustomerName} characters` }]
      : []),
    // A tag that was taken out of the settings since may stay; it can't be given anew.
    ...issuesOfTags(tags ?? [], new Set([...known, ...before.tags])),
    ...issuesOfFacts(facts ?? []),
  ];
  if (issues.length > 0) {
    throw new InputError(issues.map(({ path, message }) => `${path} ${message}`).join('; '), issues);
  }
  return {
    ...(edit.name === undefined ? {} : { name }),
    ...(tags ? { tags } : {}),
    ...(facts ? { facts } : {}),
  };
}

function issuesOfTags(tags: readonly string[], allowed: ReadonlySet<string>): readonly Issue[] {
  if (tags.length > mostTags) return [{ path: 'tags', message: `must be at most ${mostTags}` }];
  return tags.flatMap((tag, index) =>
    allowed.has(tag) ? [] : [{ path: `tags.${index}`, message: 'must be a tag that is set up' }],
  );
}

function issuesOfFacts(facts: readonly Fact[]): readonly Issue[] {
  if (facts.length > mostFacts) return [{ path: 'facts', message: `must be at most ${mostFacts}` }];
  return facts.flatMap(({ name, value }, index): Issue[] => {
    const issues: Issue[] = [];
    if (name.length === 0 || name.length > longestFactName) {
      issues.push({ path: `facts.${index}.name`, message: `must be 1 to ${longestFactName} characters` });
    } else if (facts.findIndex((fact) => fact.name === name) < index) {
      issues.push({ path: `facts.${index}.name`, message: 'must not stand there twice' });
    }
    if (value.length === 0 || value.length > longestFactValue) {
      issues.push({ path: `facts.${index}.value`, message: `must be 1 to ${longestFactValue} characters` });
    }
    return issues;
  });
}
