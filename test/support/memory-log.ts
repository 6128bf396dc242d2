import {
  begun,
  botOwesAnswer,
  type Conversation,
  type Entry,
  type NewConversation,
} from '../../src/conversation/conversation.ts';
import type { ConversationLog, ConversationSummary, Written } from '../../src/conversation/log.ts';
import { transition, type ConversationEvent } from '../../src/conversation/transition.ts';

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
    list: async ({ statuses, agentId, limit }) =>
      all()
        .filter(({ status }) => statuses.includes(status))
        .filter((known) => agentId === undefined || known.agentId === agentId)
        .sort((a, b) =>
          statuses.length === 1 && statuses[0] === 'queued'
            ? (a.queuedAt ?? 0) - (b.queuedAt ?? 0)
            : b.updatedAt - a.updatedAt,
        )
        .slice(0, limit)
        .map(summary),
    unanswered: async (limit) => all().filter(botOwesAnswer).slice(0, limit),
  };
}

function clientIdOf(entry: Entry): string | null {
  return entry.kind === 'status' ? null : entry.clientId;
}

function isFromCustomer(entry: Entry): boolean {
  return entry.kind === 'message' && entry.author.role === 'customer';
}
