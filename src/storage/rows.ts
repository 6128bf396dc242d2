import {
  emptyMemory,
  noService,
  type BotMemory,
  type Changed,
  type Conversation,
  type Entry,
  type Judgement,
  type Message,
  type NewEntry,
  type Rated,
  type Service,
  type StatusChange,
} from '../conversation/conversation.ts';
import type { ConversationRow, EntryRow } from './schema.ts';

/** A row of `conversations` as the rest of the program knows it. */
export function conversationOf(row: ConversationRow): Conversation {
  return {
    id: row.id,
    channel: row.channel,
    customerId: row.customer_id,
    customerName: row.customer_name,
    locale: row.locale,
    status: row.status,
    agentId: row.agent_id,
    agentName: row.agent_name,
    version: row.version,
    seq: row.seq,
    customerSeq: row.customer_seq,
    botCursor: row.bot_cursor,
    memory: { ...emptyMemory, ...(JSON.parse(row.memory) as Partial<BotMemory>) },
    handoffReason: row.handoff_reason,
    queuedAt: row.queued_at,
    groupId: row.group_id,
    priority: row.priority,
    serveBy: row.serve_by,
    snoozedUntil: row.snoozed_until,
    service: { ...noService, ...(JSON.parse(row.service) as Partial<Service>) },
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** A conversation as a row. */
export function conversationRow(conversation: Conversation): ConversationRow {
  return {
    id: conversation.id,
    channel: conversation.channel,
    customer_id: conversation.customerId,
    customer_name: conversation.customerName,
    locale: conversation.locale,
    status: conversation.status,
    agent_id: conversation.agentId,
    agent_name: conversation.agentName,
    version: conversation.version,
    seq: conversation.seq,
    customer_seq: conversation.customerSeq,
    bot_cursor: conversation.botCursor,
    memory: JSON.stringify(conversation.memory),
    handoff_reason: conversation.handoffReason,
    queued_at: conversation.queuedAt,
    group_id: conversation.groupId,
    priority: conversation.priority,
    serve_by: conversation.serveBy,
    snoozed_until: conversation.snoozedUntil,
    breaches: conversation.service.breaches,
    service: JSON.stringify(conversation.service),
    created_at: conversation.createdAt,
    updated_at: conversation.updatedAt,
  };
}

/** A row of `entries` as the rest of the program knows it. */
export function entryOf(row: EntryRow): Entry {
  const base = {
    seq: row.seq,
    at: row.at,
    author: { role: row.author_role, id: row.author_id, name: row.author_name },
  };
  switch (row.kind) {
    case 'message': {
      const body = JSON.parse(row.body) as MessageBody;
      return {
        ...base,
        kind: 'message',
        ...laterMessage,
        ...body,
        private: row.private === 1,
        clientId: row.client_id,
      };
    }
    case 'status':
      return { ...base, kind: 'status', ...laterStatus, ...(JSON.parse(row.body) as StatusBody) };
    case 'verdict':
      return { ...base, kind: 'verdict', ...judgementOf(row.body), clientId: row.client_id };
    case 'rating':
      return { ...base, kind: 'rating', ...(JSON.parse(row.body) as Rated), clientId: row.client_id };
    case 'change':
      return { ...base, kind: 'change', change: JSON.parse(row.body) as Changed };
  }
}

/** An entry as a row, with the place it has in the log. */
export function entryRow(conversationId: string, seq: number, entry: NewEntry): EntryRow {
  return {
    conversation_id: conversationId,
    seq,
    kind: entry.kind,
    at: entry.at,
    author_role: entry.author.role,
    author_id: entry.author.id,
    author_name: entry.author.name,
    private: entry.kind === 'message' && entry.private ? 1 : 0,
    client_id: 'clientId' in entry ? entry.clientId : null,
    body: JSON.stringify(bodyOf(entry)),
  };
}

type Columns = 'kind' | 'seq' | 'at' | 'author' | 'private' | 'clientId';
type MessageBody = Omit<Message, Columns | 'mentions'> & Partial<Pick<Message, 'mentions'>>;
type StatusBody = Omit<StatusChange, Columns>;

function bodyOf(entry: NewEntry): MessageBody | StatusBody | Judgement | Rated | Changed {
  switch (entry.kind) {
    case 'message': {
      const { text, format, attachments, choices, understanding, channelData, replyTo, mentions } = entry;
      const said = { text, format, attachments, choices, understanding, channelData: channelData ?? null, replyTo };
      return mentions.length > 0 ? { ...said, mentions } : said;
    }
    case 'status': {
      const { from, to, cause, reason, agent, understanding, route, resolution, survey } = entry;
      return { from, to, cause, reason, agent, understanding, route, resolution, survey };
    }
    case 'verdict': {
      const { about, articleId, question, helpful, source } = entry;
      return { about, articleId, question, helpful, source };
    }
    case 'rating': {
      const { survey, score, comment } = entry;
      return { survey, score, comment };
    }
    case 'change':
      return entry.change;
  }
}

/** What entries from before these fields do not have. */
const laterMessage = { mentions: [] } as const;
const laterStatus = { route: null, resolution: null, survey: null } as const;

/** The first versions kept feedback only, and not what had been asked. */
function judgementOf(body: string): Judgement {
  return { question: '', source: 'feedback', ...(JSON.parse(body) as Omit<Judgement, 'question' | 'source'>) };
}
