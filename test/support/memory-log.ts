import {
  begun,
  botOwesAnswer,
  type Conversation,
  type Entry,
  type NewConversation,
} from '../../src/conversation/conversation.ts';
import type { ConversationLog, ConversationSummary, ListFilter, Written } from '../../src/conversation/log.ts';
import type { ConversationEvent } from '../../src/conversation/events.ts';
import { transition } from '../../src/conversation/transition.ts';

/** A ConversationLog that keeps its promises until the process ends. */
export function memoryLog(): ConversationLog {
  const conversations = new Map<string, Conversation>();
  const logs = new Map<string, Entry[]>();

  function start(fresh: NewConversation, at: number): { conversation: Conversation; created: boolean } {
    const known = conversations.get(fresh.id);
    if (known) return { conversation: known, created: false };
    const conversation = begun(fresh, at);
    conversations.set(fresh.id, conversation);
    logs.set(fresh.id, []);
    return { conversation, created: true };
  }

  function write(id: string, event: ConversationEvent): Written {
    const conversation = conversations.get(id);
    const entries = logs.get(id);
    if (!conversation || !entries) return { kind: 'unknown' };
    const clientId = 'clientId' in event ? event.clientId : null;
    const entry = clientId === null ? undefined : entries.find((known) => clientIdOf(known) === clientId);
    if (entry) return { kind: 'duplicate', conversation, entry };
    const decision = transition(conversation, event);
    if (decision.kind === 'refused') return { ...decision, conversation };
    const added = decision.entries.map((added, index): Entry => ({ ...added, seq: conversation.seq + index + 1 }));
    entries.push(...added);
    conversations.set(id, decision.conversation);
    return { kind: 'saved', conversation: decision.conversation, entries: added };
  }

  function summary(conversation: Conversation): ConversationSummary {
    const said = logs.get(conversation.id)?.findLast(isFromCustomer);
    return { ...conversation, lastCustomerText: said?.kind === 'message' ? said.text.slice(0, 200) : null };
  }

  const all = () => [...conversations.values()];
  return {
    start: async (fresh, at) => start(fresh, at),
    find: async (id) => conversations.get(id) ?? null,
    latestOf: async (channel, customerId) =>
      all().findLast((known) => known.channel === channel && known.customerId === customerId) ?? null,
    write: async (id, event) => write(id, event),
    read: async (id, after, limit) => (logs.get(id) ?? []).slice(after, after + limit),
    count: async (filters) =>
      filters.map((filter) => Math.min(filter.limit, all().filter((known) => passes(filter, known)).length)),
    list: async ({ limit, ...filter }) =>
      all()
        .filter((known) => passes(filter, known))
        .sort((a, b) =>
          filter.statuses.length === 1 && filter.statuses[0] === 'queued'
            ? (a.serveBy ?? 0) - (b.serveBy ?? 0)
            : b.updatedAt - a.updatedAt,
        )
        .slice(0, limit)
        .map(summary),
    inService: async (after, limit) =>
      all()
        .filter(({ id, status }) => id > after && (status === 'queued' || status === 'assigned'))
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .slice(0, limit),
    idle: async (since, limit) =>
      all()
        .filter(({ status, updatedAt }) => status === 'bot' && updatedAt <= since)
        .slice(0, limit),
    unanswered: async (limit) => all().filter(botOwesAnswer).slice(0, limit),
  };
}

function passes(filter: Omit<ListFilter, 'limit'>, known: Conversation): boolean {
  const { statuses, agentId, customer, channel, groups, priority, broken, snoozed } = filter;
  return (
    statuses.includes(known.status) &&
    (agentId === undefined || known.agentId === agentId) &&
    (!customer || (known.channel === customer.channel && known.customerId === customer.id)) &&
    (channel === undefined || known.channel === channel) &&
    (!groups || groups.includes(known.groupId)) &&
    (priority === undefined || known.priority === priority) &&
    (broken === undefined || known.service.breaches > 0 === broken) &&
    (snoozed === undefined || (known.snoozedUntil !== null) === snoozed)
  );
}

function clientIdOf(entry: Entry): string | null {
  return 'clientId' in entry ? entry.clientId : null;
}

function isFromCustomer(entry: Entry): boolean {
  return entry.kind === 'message' && entry.author.role === 'customer';
}
