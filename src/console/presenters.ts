import type {
  Attachment,
  Change,
  Conversation,
  Entry,
  Message,
  Route,
  RouteReason,
} from '../conversation/conversation.ts';
import type { ConversationSummary } from '../conversation/log.ts';
import type { Agent } from '../handoff/agents.ts';
import type { HandoffBrief } from '../handoff/brief.ts';
import type { Customer } from '../handoff/customers.ts';
import type { PromiseState } from '../handoff/promises/promises.ts';
import type {
  AgentSelf,
  AttachmentView,
  BriefView,
  ChangeView,
  ConversationView,
  CustomerRef,
  CustomerView,
  EntryView,
  MessageView,
  PromiseView,
  RouteReasonView,
  RouteView,
  SummaryView,
  TriedArticle,
} from './api.ts';

/** An agent, to themselves. */
export function presentAgent(agent: Agent, defaultCapacity: number): AgentSelf {
  const { id, name, email, role, status, capacity, groups } = agent;
  return { id, name, email, role, status, capacity: capacity ?? defaultCapacity, groups: [...groups] };
}

/** What a conversation's row does not hold. */
export type Besides = {
  /** Null where nobody wrote anything of them. */
  readonly customer: Customer | null;
  /** The most pressing; null when nothing is awaited. */
  readonly promise: PromiseState | null;
};

/** A conversation, to those who serve customers. The bot's memory and cursor stay inside. */
export function presentConversation(conversation: Conversation, { customer, promise }: Besides): ConversationView {
  const { id, channel, locale, status, version, seq, customerSeq, queuedAt, createdAt, updatedAt } = conversation;
  const { groupId, priority, serveBy, snoozedUntil, service } = conversation;
  const { reservedFor, lastAgent, because, breaches, mood, readSeq } = service;
  const { resolution, resolvedAt, mergedInto, survey, rating } = service;
  return {
    id,
    channel,
    locale,
    customer: presentCustomerRef(conversation, customer),
    status,
    agent: conversation.agentId === null ? null : { id: conversation.agentId, name: conversation.agentName ?? '' },
    version,
    seq,
    customerSeq,
    reason: conversation.handoffReason,
    queuedAt,
    groupId,
    priority,
    serveBy,
    snoozedUntil,
    reservedFor,
    lastAgent,
    because: because.map(presentRouteReason),
    promise: presentPromise(promise),
    breaches,
    mood,
    readSeq,
    resolution,
    resolvedAt,
    mergedInto,
    survey,
    rating,
    createdAt,
    updatedAt,
  };
}

/** A conversation as a list shows it. */
export function presentSummary(summary: ConversationSummary, besides: Besides): SummaryView {
  return { ...presentConversation(summary, besides), lastCustomerText: summary.lastCustomerText };
}

/** The customer of a conversation: as agents call them, else as their channel does. */
export function presentCustomerRef(
  { customerId, customerName }: Pick<Conversation, 'customerId' | 'customerName'>,
  customer: Customer | null,
): CustomerRef {
  return { id: customerId, name: customer?.name ?? customerName, tags: [...(customer?.tags ?? [])] };
}

/** What agents know of a customer. */
export function presentCustomer(customer: Customer, channelName: string | null): CustomerView {
  const { channel, id, name, tags, facts, unreachable, version, updatedAt } = customer;
  return {
    channel,
    id,
    name,
    channelName,
    tags: [...tags],
    facts: facts.map(({ name: of, value }) => ({ name: of, value })),
    unreachable,
    version,
    updatedAt,
  };
}

function presentPromise(promise: PromiseState | null): PromiseView | null {
  if (promise === null || promise.state === 'kept') return null;
  const { kind, dueAt, warnAt, state } = promise;
  return { kind, dueAt, warnAt, state };
}

function presentRouteReason({ kind, from, group, priority }: RouteReason): RouteReasonView {
  return { kind, from, group: group ?? null, priority: priority ?? null };
}

function presentRoute({ groupId, priority, because }: Route): RouteView {
  return { groupId, priority, because: because.map(presentRouteReason) };
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
      const { from, to, cause, reason, agent, resolution, survey } = entry;
      const route = entry.route === null ? null : presentRoute(entry.route);
      return { kind: 'status', seq, at, author, from, to, cause, reason, agent, route, resolution, survey };
    }
    case 'verdict': {
      const { about, articleId, question, helpful, source } = entry;
      return { kind: 'verdict', seq, at, author, about, articleId, question, helpful, source };
    }
    case 'rating': {
      const { survey, score, comment } = entry;
      return { kind: 'rating', seq, at, author, survey, score, comment };
    }
    case 'change':
      return { kind: 'change', seq, at, author, change: presentChange(entry) };
  }
}

function presentChange({ change }: Change): ChangeView['change'] {
  switch (change.what) {
    case 'routed':
      return { what: 'routed', route: presentRoute(change.route) };
    case 'promise_at_risk':
    case 'promise_broken':
      return { what: change.what, promise: change.promise, dueAt: change.dueAt };
    case 'snoozed':
      return { what: 'snoozed', until: change.until };
    case 'merged':
      return { what: 'merged', conversationId: change.conversationId };
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
    mentions: [...message.mentions],
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

/** A file, as it is opened with the session of an agent. */
export function presentAttachment({ id, name, contentType, size }: Attachment): AttachmentView {
  return { id, name, contentType, size, url: `/api/console/uploads/${encodeURIComponent(id)}` };
}
