import type { Attachment, Conversation, Entry, Message } from '../conversation/conversation.ts';
import type { ConversationSummary } from '../conversation/log.ts';
import type { Agent } from '../handoff/agents.ts';
import type { HandoffBrief } from '../handoff/brief.ts';
import type {
  AgentSelf,
  AttachmentView,
  BriefView,
  ConversationView,
  EntryView,
  MessageView,
  SummaryView,
  TriedArticle,
} from './api.ts';

/** An agent, to themselves. */
export function presentAgent({ id, name, email, role }: Agent): AgentSelf {
  return { id, name, email, role };
}

/** A conversation, to those who serve customers. The bot's memory and cursor stay inside. */
export function presentConversation(conversation: Conversation): ConversationView {
  const { id, channel, locale, status, version, seq, customerSeq, queuedAt, createdAt, updatedAt } = conversation;
  return {
    id,
    channel,
    locale,
    customer: { id: conversation.customerId, name: conversation.customerName },
    status,
    agent: conversation.agentId === null ? null : { id: conversation.agentId, name: conversation.agentName ?? '' },
    version,
    seq,
    customerSeq,
    reason: conversation.handoffReason,
    queuedAt,
    createdAt,
    updatedAt,
  };
}

/** A conversation as a list shows it. */
export function presentSummary(summary: ConversationSummary): SummaryView {
  return { ...presentConversation(summary), lastCustomerText: summary.lastCustomerText };
}

/** The handoff brief: every article once, what the customer saw before what was only weighed. */
export function presentBrief(brief: HandoffBrief, { status, queuedAt }: Conversation): BriefView {
  const { reason, question, unmatched, doubts, attempts, customer } = brief;
  const tried = new Map<string, TriedArticle>();
  const remember = (articleId: string, title: string, confidence: number, shown: boolean) => {
    const verdict = brief.verdicts.findLast((one) => one.articleId === articleId);
    tried.set(articleId, { articleId, title, confidence, shown, helpful: verdict?.helpful ?? null });
  };
  for (const { articleId, title, confidence } of brief.tried) remember(articleId, title, confidence, true);
  for (const { articleId, title, confidence } of brief.considered) remember(articleId, title, confidence, false);
  return {
    reason,
    question,
    tried: [...tried.values()],
    unmatched: [...unmatched],
    doubts: [...doubts],
    attempts,
    waitingSince: status === 'queued' ? queuedAt : null,
    customer,
  };
}

/** An entry of the log, private notes included: only for those who serve customers. */
export function presentEntry(entry: Entry): EntryView {
  const { seq, at } = entry;
  const author = { role: entry.author.role, id: entry.author.id, name: entry.author.name };
  switch (entry.kind) {
    case 'message':
      return presentMessage(entry, { seq, at, author });
    case 'status': {
      const { from, to, cause, reason, agent } = entry;
      return { kind: 'status', seq, at, author, from, to, cause, reason, agent };
    }
    case 'verdict': {
      const { about, articleId, question, helpful, source } = entry;
      return { kind: 'verdict', seq, at, author, about, articleId, question, helpful, source };
    }
  }
}

function presentMessage(message: Message, base: Pick<MessageView, 'seq' | 'at' | 'author'>): MessageView {
  const { text, format, clientId, replyTo, understanding } = message;
  return {
    kind: 'message',
    ...base,
    text,
    format,
    attachments: message.attachments.map(presentAttachment),
    choices: message.choices.map(({ kind, title }) => ({ kind, title })),
    private: message.private,
    // A customer's own id of a message means nothing here.
    clientId: message.author.role === 'agent' ? clientId : null,
    replyTo,
    answer: understanding === null ? null : answerOf(understanding),
  };
}

function answerOf({
  outcome,
  articleId,
  confidence,
  candidates,
}: NonNullable<Message['understanding']>): MessageView['answer'] {
  if (outcome !== 'answer' || articleId === null) return null;
  const title = candidates.find((candidate) => candidate.articleId === articleId)?.title ?? articleId;
  return { articleId, title, confidence };
}

function presentAttachment({ id, name, contentType, size }: Attachment): AttachmentView {
  return { id, name, contentType, size, url: `/api/console/uploads/${encodeURIComponent(id)}` };
}
