import type { ConversationView, MessageView } from '../../../src/console/api.ts';

/** A conversation as the API gives it, in which nothing has happened. */
export function aConversation(more: Partial<ConversationView> = {}): ConversationView {
  return {
    id: 'c1',
    channel: 'webchat',
    locale: 'zh-Hans',
    customer: { id: 'u1', name: '王芳', tags: [] },
    status: 'queued',
    agent: null,
    version: 1,
    seq: 1,
    customerSeq: 1,
    reason: null,
    queuedAt: null,
    groupId: null,
    priority: 'medium',
    serveBy: null,
    snoozedUntil: null,
    reservedFor: null,
    lastAgent: null,
    because: [],
    promise: null,
    breaches: 0,
    mood: null,
    readSeq: 0,
    resolution: null,
    resolvedAt: null,
    mergedInto: null,
    survey: null,
    rating: null,
    createdAt: 0,
    updatedAt: 0,
    ...more,
  };
}

/** A customer's message as the API gives it; `more` makes it somebody else's. */
export function aMessage(seq: number, more: Partial<MessageView> = {}): MessageView {
  return {
    kind: 'message',
    seq,
    at: seq,
    author: { role: 'customer', id: 'u1', name: null },
    text: `第 ${seq} 句`,
    format: 'plain',
    attachments: [],
    choices: [],
    private: false,
    clientId: null,
    replyTo: null,
    mentions: [],
    answer: null,
    ...more,
  };
}
