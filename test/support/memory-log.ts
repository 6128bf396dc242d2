import {
  begun,
  botOwesAnswer,
  type Conversation,
  type Entry,
  type Message,
  type NewConversation,
} from '../../src/conversation/conversation.ts';
import type { ConversationLog, ConversationSummary, ListFilter, Written } from '../../src/conversation/log.ts';
import type { ConversationEvent } from '../../src/conversation/events.ts';
import { transition } from '../../src/conversation/transition.ts';
import { ConflictError } from '../../src/errors.ts';
import { isStorableId, storable, storableId } from '../../src/storage/storable.ts';

/**
 * A ConversationLog that keeps its promises (test/contracts/conversation-log.test.ts proves it) until the process ends:
 * for tests that need thousands of them, as opening a database takes as long as a whole conversation.
 */
export function memoryLog(): ConversationLog {
  const conversations = new Map<string, Conversation>();
  const logs = new Map<string, Entry[]>();
  const all = () => [...conversations.values()];
  const openOf = ({ channel, customerId }: NewConversation) =>
    channel === 'webchat'
      ? all().find((known) => known.channel === channel && known.customerId === customerId && !isResolved(known))
      : undefined;

  function start(wanted: NewConversation, at: number): { conversation: Conversation; created: boolean } {
    storableId(wanted.id, 'id');
    const fresh = storable(wanted);
    const known = conversations.get(fresh.id) ?? openOf(fresh);
    if (known) return { conversation: known, created: false };
    const conversation = begun(fresh, at);
    conversations.set(fresh.id, conversation);
    logs.set(fresh.id, []);
    return { conversation, created: true };
  }

  function write(id: string, given: ConversationEvent): Written {
    const conversation = conversations.get(id);
    const entries = logs.get(id);
    if (!conversation || !entries) return { kind: 'unknown' };
    const event = storable(given);
    const clientId = 'clientId' in event ? event.clientId : null;
    if (clientId !== null) storableId(clientId, 'clientId');
    const entry = clientId === null ? undefined : entries.find((known) => clientIdOf(known) === clientId);
    if (entry) return { kind: 'duplicate', conversation, entry };
    const decision = transition(conversation, event);
    if (decision.kind === 'refused') return { ...decision, conversation };
    if (isResolved(conversation) && !isResolved(decision.conversation) && openOf(conversation)) {
      throw new ConflictError('superseded', `Conversation ${id} can't be reopened beside a newer one.`);
    }
    const added = decision.entries.map((added, index): Entry => {
      const numbered: Entry = { ...added, seq: conversation.seq + index + 1 };
      return numbered.kind === 'message' ? { ...numbered, channelData: numbered.channelData ?? null } : numbered;
    });
    entries.push(...added);
    conversations.set(id, decision.conversation);
    return { kind: 'saved', conversation: decision.conversation, entries: added };
  }

  function summary(conversation: Conversation): ConversationSummary {
    const said = logs.get(conversation.id)?.findLast(isFromCustomer);
    return { ...conversation, lastCustomerText: said ? [...said.text].slice(0, 200).join('') : null };
  }

  return {
    start: async (fresh, at) => start(fresh, at),
    find: async (id) => conversations.get(id) ?? null,
    latestOf: async (channel, customerId) =>
      all().findLast((known) => known.channel === channel && known.customerId === customerId) ?? null,
    write: async (id, event) => write(id, event),
    read: async (id, after, limit) => (logs.get(id) ?? []).slice(after, after + limit),
    count: async (filters) =>
      filters.map((filter) => Math.min(filter.limit, all().filter((known) => passes(filter, known)).length)),
    list: async (filter) => {
      const isQueue = filter.statuses.every((status) => status === 'queued');
      return all()
        .filter((known) => passes(filter, known))
        .sort(isQueue ? inOrderOfService : lastChangedFirst)
        .slice(0, filter.limit)
        .map(summary);
    },
    inService: async (after, limit) =>
      all()
        .filter(({ id, status }) => id > after && (status === 'queued' || status === 'assigned'))
        .sort((a, b) => byText(a.id, b.id))
        .slice(0, limit),
    idle: async (since, limit) =>
      all()
        .filter((known) => known.status === 'bot' && !botOwesAnswer(known) && known.updatedAt <= since)
        .sort((a, b) => a.updatedAt - b.updatedAt)
        .slice(0, limit),
    unanswered: async (limit) => all().filter(botOwesAnswer).slice(0, limit),
  };
}

function passes(filter: ListFilter, known: Conversation): boolean {
  const { statuses, agentId, customer, channel, groups, priority, broken, snoozed, before } = filter;
  const ids = [agentId, customer?.channel, customer?.id, channel, before?.id, ...(groups ?? [])];
  return (
    ids.every((id) => id === undefined || id === null || isStorableId(id)) &&
    statuses.includes(known.status) &&
    (agentId === undefined || known.agentId === agentId) &&
    (!customer || (known.channel === customer.channel && known.customerId === customer.id)) &&
    (channel === undefined || known.channel === channel) &&
    (!groups || groups.includes(known.groupId)) &&
    (priority === undefined || known.priority === priority) &&
    (broken === undefined || known.service.breaches > 0 === broken) &&
    (snoozed === undefined || (known.snoozedUntil !== null) === snoozed) &&
    (!before || lastChangedFirst(before, known) < 0)
  );
}

function inOrderOfService(a: Conversation, b: Conversation): number {
  return (a.serveBy ?? 0) - (b.serveBy ?? 0) || byText(a.id, b.id);
}

type Changed = Pick<Conversation, 'updatedAt' | 'id'>;

function lastChangedFirst(a: Changed, b: Changed): number {
  return b.updatedAt - a.updatedAt || byText(b.id, a.id);
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function isResolved({ status }: Conversation): boolean {
  return status === 'resolved';
}

function clientIdOf(entry: Entry): string | null {
  return 'clientId' in entry ? entry.clientId : null;
}

function isFromCustomer(entry: Entry): entry is Message {
  return entry.kind === 'message' && entry.author.role === 'customer';
}
