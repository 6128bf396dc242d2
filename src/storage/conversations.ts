import { sql } from 'kysely';
import {
  begun,
  type Conversation,
  type Entry,
  type Message,
  type NewConversation,
  type NewEntry,
  type Status,
} from '../conversation/conversation.ts';
import type { ConversationLog, ConversationSummary, ListFilter, Written } from '../conversation/log.ts';
import type { ConversationEvent, Decision } from '../conversation/events.ts';
import { transition } from '../conversation/transition.ts';
import { ConflictError } from '../errors.ts';
import type { Database, Queries } from './database.ts';
import { conversationOf, conversationRow, entryOf, entryRow } from './rows.ts';
import type { ConversationRow, EntryRow } from './schema.ts';
import { command, statement } from './statement.ts';
import { isStorableId, storable, storableId } from './storable.ts';

/** The one log on a database. What it promises is written at `ConversationLog`. */
export function conversationLog(database: Database): ConversationLog {
  const statements = prepare(database);
  const { reader } = database;
  return {
    start: async (conversation, at) => start(database, statements, newRow(conversation, at)),
    find: async (id) => {
      if (!isStorableId(id)) return null;
      const [row] = await statements.conversation(reader, { id });
      return row ? conversationOf(row) : null;
    },
    latestOf: async (channel, customerId) => {
      if (!isStorableId(channel) || !isStorableId(customerId)) return null;
      const [row] = await statements.latest(reader, { channel, customerId });
      return row ? conversationOf(row) : null;
    },
    write: async (id, event) => {
      if (!isStorableId(id)) return { kind: 'unknown' };
      return write(database, statements, id, storableEvent(event));
    },
    read: async (id, after, limit) => {
      if (!isStorableId(id)) return [];
      return (await statements.entriesAfter(reader, { id, after, limit })).map(entryOf);
    },
    list: (filter) => list(reader, filter),
    count: (filters) => Promise.all(filters.map((filter) => count(reader, filter))),
    inService: async (after, limit) => (await statements.inService(reader, { after, limit })).map(conversationOf),
    idle: async (since, limit) => (await statements.idle(reader, { since, limit })).map(conversationOf),
    unanswered: async (limit) => (await statements.unanswered(reader, { limit })).map(conversationOf),
  };
}

/** How often a write or a start is decided again after somebody else was faster. */
const attempts = 5;

async function start(database: Database, statements: Statements, row: ConversationRow) {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const created = await database.transact(async (transaction) => statements.insertConversation(transaction, row));
    if (created > 0) return { conversation: conversationOf(row), created: true };
    const [existing] = await statements.conversation(database.reader, { id: row.id });
    if (existing) return { conversation: conversationOf(existing), created: false };
    // This id is new, so it was the rule of one open conversation per visitor that refused it.
    const [open] = await statements.open(database.reader, { channel: row.channel, customerId: row.customer_id });
    if (open) return { conversation: conversationOf(open), created: false };
  }
  throw new ConflictError(
    'unsettled',
    `Conversation ${row.id} could not be started: others kept changing it. Try again.`,
  );
}

async function write(
  database: Database,
  statements: Statements,
  id: string,
  event: ConversationEvent,
): Promise<Written> {
  for (let attempt = 1; attempt <= attempts; attempt++) {
    try {
      const written = await database.transact((transaction) => decide(transaction, statements, id, event));
      if (written !== 'moved_on') return written;
    } catch (error) {
      if (!database.isUniqueViolation(error)) throw error;
      // On PostgreSQL the same client id may have been stored after our snapshot: the next round finds it. What
      // fails again is a second open conversation of one visitor.
      if (attempt > 1) throw superseded(id);
    }
  }
  throw new ConflictError('unsettled', `Conversation ${id} could not be written: others kept changing it. Try again.`);
}

/** One round: read the row, decide, and save if the row is still the one the decision was made on. */
async function decide(
  transaction: Queries,
  statements: Statements,
  id: string,
  event: ConversationEvent,
): Promise<Written | 'moved_on'> {
  const clientId = 'clientId' in event ? event.clientId : null;
  const [row] = await statements.rowToChange(transaction, { id, clientId });
  if (!row) return { kind: 'unknown' };
  const before = conversationOf(row);
  if (row.first_seq !== null) {
    const [first] = await statements.entry(transaction, { id, seq: row.first_seq });
    if (first) return { kind: 'duplicate', conversation: before, entry: entryOf(first) };
  }
  const decision = transition(before, event);
  if (decision.kind === 'refused') {
    // PostgreSQL looked for the client id before it waited for the row: what refuses this may be its own first try.
    const [first] = clientId !== null ? await statements.entryOfClient(transaction, { id, clientId }) : [];
    if (first) return { kind: 'duplicate', conversation: before, entry: entryOf(first) };
    return { kind: 'refused', because: decision.because, conversation: before };
  }
  return save(transaction, statements, before, decision);
}

async function save(
  transaction: Queries,
  statements: Statements,
  before: Conversation,
  { conversation, entries }: Extract<Decision, { kind: 'changed' }>,
): Promise<Written | 'moved_on'> {
  const values = { ...conversationRow(conversation), seqBefore: before.seq, versionBefore: before.version };
  const updated = await (isAdvance(before, conversation) ? statements.advance : statements.update)(transaction, values);
  if (updated === 0) return 'moved_on';
  const numbered = entries.map((entry, index): Entry => ({ ...readBack(entry), seq: before.seq + 1 + index }));
  for (const entry of numbered) {
    await statements.insertEntry(transaction, entryRow(conversation.id, entry.seq, entry));
  }
  return { kind: 'saved', conversation, entries: numbered };
}

/** Whether the row only moves on, as with most messages. */
function isAdvance(before: Conversation, after: Conversation): boolean {
  return (
    after.version === before.version &&
    after.groupId === before.groupId &&
    after.priority === before.priority &&
    after.serveBy === before.serveBy &&
    after.snoozedUntil === before.snoozedUntil &&
    after.service.breaches === before.service.breaches
  );
}

/** An entry exactly as a reader will get it. */
function readBack(entry: NewEntry): NewEntry {
  return entry.kind === 'message' && entry.channelData === undefined ? { ...entry, channelData: null } : entry;
}

/**
 * The first of each part, then the first of those: each is read from its own end of an index, and which ones they are is
 * read in indexes alone. (Asked for several statuses at once, SQLite sorts all there are: 750 ms at 200,000 conversations
 * instead of 2.)
 */
async function list(reader: Queries, filter: ListFilter): Promise<readonly ConversationSummary[]> {
  const isQueue = filter.statuses.every((status) => status === 'queued');
  const [first, ...rest] = isQueue ? wholeParts(filter) : partsByGroup(filter);
  if (first === undefined || !isAskable(filter)) return [];
  const { limit, customer, agentId } = filter;
  const order = isQueue ? inOrderOfService : lastChanged;
  const firstOf = (part: Part) =>
    reader
      .selectFrom(
        ofPart(reader, part, filter)
          .select(['id', isQueue ? 'serve_by' : 'updated_at'])
          .orderBy((customer ?? agentId) && !isQueue ? lastChangedOfFew : order)
          .limit(limit)
          .as('of_part'),
      )
      .selectAll();
  const listed = reader
    .selectFrom(rest.reduce((lists, part) => lists.unionAll(firstOf(part)), firstOf(first)).as('firsts'))
    .select('id as listed_id')
    .orderBy(order)
    .limit(limit);
  const rows = await reader
    .selectFrom(listed.as('listed'))
    .innerJoin('conversations', 'conversations.id', 'listed.listed_id')
    .leftJoin('entries', (join) =>
      join
        .onRef('entries.conversation_id', '=', 'conversations.id')
        .onRef('entries.seq', '=', 'conversations.customer_seq'),
    )
    .selectAll('conversations')
    .select('entries.body as last_customer_body')
    .orderBy(order)
    .execute();
  return rows.map((row) => ({ ...conversationOf(row), lastCustomerText: textOf(row.last_customer_body) }));
}

async function count(reader: Queries, filter: ListFilter): Promise<number> {
  if (!isAskable(filter)) return 0;
  let total = 0;
  for (const part of wholeParts(filter)) {
    if (total >= filter.limit) break;
    const { counted } = await reader
      .selectFrom(ofPart(reader, part, filter).select('id').limit(filter.limit).as('some'))
      .select(({ fn }) => fn.countAll<number>().as('counted'))
      .executeTakeFirstOrThrow();
    total += counted;
  }
  return Math.min(total, filter.limit);
}

/** The conversations of one status, of some groups or of all. */
type Part = { readonly status: Status; readonly groups: ListFilter['groups'] };

/** Those of no group apart: `in` does not find them. */
function wholeParts(filter: ListFilter): readonly Part[] {
  const { groups } = filter;
  if (groups === undefined) return partsOf(filter, [undefined]);
  const named = groups.filter((group) => group !== null);
  return partsOf(filter, [...(groups.includes(null) ? [[null]] : []), ...(named.length > 0 ? [named] : [])]);
}

/** Each group from its own end of the index, unless there is a better one: by agent, by customer, of broken promises. */
function partsByGroup(filter: ListFilter): readonly Part[] {
  const { groups, agentId, customer, broken } = filter;
  const hasBetter = agentId !== undefined || customer !== undefined || broken !== undefined;
  if (groups === undefined || hasBetter || groups.length > mostApart) return wholeParts(filter);
  return partsOf(
    filter,
    [...new Set(groups)].map((group) => [group]),
  );
}

/** SQLite puts at most 500 selects together. */
const mostApart = 100;

function partsOf({ statuses, agentId }: ListFilter, apart: readonly ListFilter['groups'][]): readonly Part[] {
  // Who has an owner is assigned to them.
  const possible = agentId === undefined ? statuses : statuses.filter((status) => status === 'assigned');
  return [...new Set(possible)].flatMap((status) => apart.map((groups) => ({ status, groups })));
}

/** The conversations of a part that pass a filter. */
function ofPart(reader: Queries, { status, groups }: Part, filter: ListFilter) {
  const { agentId, customer, channel, priority, broken, snoozed, before } = filter;
  let query = reader.selectFrom('conversations').where('status', '=', status);
  if (agentId !== undefined) query = query.where('agent_id', '=', agentId);
  if (customer) query = query.where('channel', '=', customer.channel).where('customer_id', '=', customer.id);
  if (channel !== undefined) query = query.where('channel', '=', channel);
  if (priority !== undefined) query = query.where('priority', '=', priority);
  // Spelled as the index of these is.
  if (broken !== undefined) query = query.where(broken ? sql<boolean>`breaches > 0` : sql<boolean>`breaches = 0`);
  if (snoozed !== undefined) query = query.where('snoozed_until', snoozed ? 'is not' : 'is', null);
  const named = groups?.filter((group) => group !== null) ?? [];
  if (groups) query = named.length > 0 ? query.where('group_id', 'in', named) : query.where('group_id', 'is', null);
  if (before) {
    const earlier = sql<boolean>`(updated_at, id) < (${before.updatedAt}, ${before.id})`;
    query = query.where('updated_at', '<=', before.updatedAt).where(earlier);
  }
  return query;
}

function isAskable({ agentId, customer, channel, groups = [], before }: ListFilter): boolean {
  return [agentId, customer?.channel, customer?.id, channel, before?.id, ...groups].every(
    (id) => id === undefined || id === null || isStorableId(id),
  );
}

const inOrderOfService = sql`serve_by asc, id asc`;
const lastChanged = sql`updated_at desc, id desc`;
/** The same in words no index answers: else SQLite goes through all of a status by time to save the sorting of a few. */
const lastChangedOfFew = sql`+updated_at desc, id desc`;

/** The first 200 characters of a stored message. */
function textOf(body: string | null): string | null {
  if (body === null) return null;
  const { text } = JSON.parse(body) as Pick<Message, 'text'>;
  return text.length <= 200 ? text : [...text.slice(0, 400)].slice(0, 200).join('');
}

function newRow(conversation: NewConversation, at: number): ConversationRow {
  const { customerName, locale } = storable(conversation);
  const clean: NewConversation = {
    id: storableId(conversation.id, 'id'),
    channel: storableId(conversation.channel, 'channel'),
    customerId: storableId(conversation.customerId, 'customerId'),
    customerName,
    locale,
  };
  return conversationRow(begun(clean, at));
}

function storableEvent(event: ConversationEvent): ConversationEvent {
  if ('clientId' in event && event.clientId !== null) storableId(event.clientId, 'clientId');
  return storable(event);
}

function superseded(id: string): ConflictError {
  return new ConflictError(
    'superseded',
    `Conversation ${id} is resolved and can't be reopened: its customer has a newer open conversation.`,
  );
}

type Statements = ReturnType<typeof prepare>;

/** The statements every message costs, compiled once. */
function prepare(database: Database) {
  const queries = database.reader;
  const locks = database.kind === 'postgres';
  return {
    conversation: statement(queries, (db, p: { id: string }) =>
      db.selectFrom('conversations').selectAll().where('id', '=', p.id),
    ),

    latest: statement(queries, (db, p: { channel: string; customerId: string }) =>
      db
        .selectFrom('conversations')
        .selectAll()
        .where('channel', '=', p.channel)
        .where('customer_id', '=', p.customerId)
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(1),
    ),

    open: statement(queries, (db, p: { channel: string; customerId: string }) =>
      db
        .selectFrom('conversations')
        .selectAll()
        .where('channel', '=', p.channel)
        .where('customer_id', '=', p.customerId)
        .where('status', '<>', sql.lit('resolved'))
        .limit(1),
    ),

    // The index conversations_unanswered holds exactly these, if the condition is spelled as it is there.
    unanswered: statement(queries, (db, p: { limit: number }) =>
      db
        .selectFrom('conversations')
        .selectAll()
        .where('status', '=', sql.lit('bot'))
        .whereRef('customer_seq', '>', 'bot_cursor')
        .orderBy('updated_at', 'asc')
        .limit(p.limit),
    ),

    // The index conversations_in_service, likewise.
    inService: statement(queries, (db, p: { after: string; limit: number }) =>
      db
        .selectFrom('conversations')
        .selectAll()
        .where(sql<boolean>`status in ('queued', 'assigned')`)
        .where('id', '>', p.after)
        .orderBy('id', 'asc')
        .limit(p.limit),
    ),

    idle: statement(queries, (db, p: { since: number; limit: number }) =>
      db
        .selectFrom('conversations')
        .selectAll()
        .where('status', '=', sql.lit('bot'))
        .whereRef('customer_seq', '<=', 'bot_cursor')
        .where('updated_at', '<=', p.since)
        .orderBy('updated_at', 'asc')
        .limit(p.limit),
    ),

    entriesAfter: statement(queries, (db, p: { id: string; after: number; limit: number }) =>
      db
        .selectFrom('entries')
        .selectAll()
        .where('conversation_id', '=', p.id)
        .where('seq', '>', p.after)
        .orderBy('seq', 'asc')
        .limit(p.limit),
    ),

    entry: statement(queries, (db, p: { id: string; seq: number }) =>
      db.selectFrom('entries').selectAll().where('conversation_id', '=', p.id).where('seq', '=', p.seq),
    ),

    entryOfClient: statement(queries, (db, p: { id: string; clientId: string }) =>
      db.selectFrom('entries').selectAll().where('conversation_id', '=', p.id).where('client_id', '=', p.clientId),
    ),

    // With the seq of the entry that has this client id already, if there is one.
    rowToChange: statement(queries, (db, p: { id: string; clientId: string | null }) =>
      db
        .selectFrom('conversations')
        .selectAll()
        .select((conversations) =>
          conversations
            .selectFrom('entries')
            .select('entries.seq')
            .where('entries.conversation_id', '=', p.id)
            .where('entries.client_id', '=', p.clientId)
            .as('first_seq'),
        )
        .where('id', '=', p.id)
        .$if(locks, (query) => query.forUpdate('conversations')),
    ),

    insertConversation: command(queries, (db, p: ConversationRow) =>
      db
        .insertInto('conversations')
        .values(columns(p, conversationColumns))
        .onConflict((conflict) => conflict.doNothing()),
    ),

    insertEntry: command(queries, (db, p: EntryRow) => db.insertInto('entries').values(columns(p, entryColumns))),

    // Most writes change no status: leaving those columns alone spares their indexes.
    advance: command(queries, (db, p: ConversationRow & Expected) =>
      db
        .updateTable('conversations')
        .set(columns(p, ['seq', 'customer_seq', 'bot_cursor', 'memory', 'service', 'updated_at']))
        .where('id', '=', p.id)
        .where('seq', '=', p.seqBefore)
        .where('version', '=', p.versionBefore),
    ),

    update: command(queries, (db, p: ConversationRow & Expected) =>
      db
        .updateTable('conversations')
        .set(columns(p, changingColumns))
        .where('id', '=', p.id)
        .where('seq', '=', p.seqBefore)
        .where('version', '=', p.versionBefore),
    ),
  };
}

/** The row a decision was made on. */
type Expected = { readonly seqBefore: number; readonly versionBefore: number };

const changingColumns = [
  'status',
  'agent_id',
  'agent_name',
  'version',
  'seq',
  'customer_seq',
  'bot_cursor',
  'memory',
  'handoff_reason',
  'queued_at',
  'group_id',
  'priority',
  'serve_by',
  'snoozed_until',
  'breaches',
  'service',
  'updated_at',
] as const;

const conversationColumns = [
  'id',
  'channel',
  'customer_id',
  'customer_name',
  'locale',
  ...changingColumns,
  'created_at',
] as const;

const entryColumns = [
  'conversation_id',
  'seq',
  'kind',
  'at',
  'author_role',
  'author_id',
  'author_name',
  'private',
  'client_id',
  'body',
] as const;

function columns<Row, Name extends keyof Row>(row: Row, names: readonly Name[]): Pick<Row, Name> {
  return Object.fromEntries(names.map((name) => [name, row[name]])) as Pick<Row, Name>;
}
