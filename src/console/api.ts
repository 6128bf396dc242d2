import { z } from 'zod';
import { handoffReasons } from '../conversation/conversation.ts';
import { doubts } from '../handoff/brief.ts';
import { entriesLimit, listLimit, type View } from './limits.ts';

/*
 * What the console's API gives, in zod. The presenters fill it, the page takes its types from it (types only: zod stays
 * out of the browser) and /api/openapi.json is printed from it. Times are milliseconds since 1970.
 */

export const statuses = ['bot', 'queued', 'assigned', 'resolved'] as const;

const seq = z.int().min(0);
const time = z.int();
const agent = z.object({ id: z.string(), name: z.string() });
const status = z.enum(statuses);
const reason = z.enum(handoffReasons);
const confidence = z.number().min(0).max(1).describe('Probability that the article is the right answer.');

export const agentSelf = z
  .object({ id: z.string(), name: z.string(), email: z.string(), role: z.enum(['agent', 'editor', 'supervisor']) })
  .meta({ id: 'Agent' });

export const conversationView = z
  .object({
    id: z.string(),
    channel: z.string(),
    locale: z.string(),
    customer: z.object({ id: z.string(), name: z.string().nullable() }),
    status,
    agent: agent.nullable().describe('The owner.'),
    version: z.int(),
    seq,
    customerSeq: seq.describe('Seq of the last customer message.'),
    reason: reason.nullable(),
    queuedAt: time.nullable(),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Conversation' });

export const summaryView = conversationView
  .extend({ lastCustomerText: z.string().nullable() })
  .meta({ id: 'ConversationSummary' });

export const triedArticle = z.object({
  articleId: z.string(),
  title: z.string(),
  confidence,
  shown: z.boolean().describe('The customer saw it as an answer.'),
  helpful: z.boolean().nullable().describe('What the customer said of it.'),
});

export const briefView = z
  .object({
    reason: reason.nullable(),
    question: z.string().nullable(),
    tried: z.array(triedArticle),
    unmatched: z.array(z.string()).describe('Words of the question that no article knows.'),
    doubts: z.array(z.enum(doubts)).describe('What spoke against an answer, the strongest first.'),
    attempts: z.int().describe('How many questions the bot looked up before it gave up.'),
    waitingSince: time.nullable(),
    customer: z.object({
      id: z.string(),
      name: z.string().nullable(),
      channel: z.string(),
      locale: z.string(),
      since: time,
      messages: z.int(),
    }),
  })
  .meta({ id: 'HandoffBrief' });

const author = z.object({
  role: z.enum(['customer', 'bot', 'agent', 'system']),
  id: z.string(),
  name: z.string().nullable(),
});

export const attachmentView = z.object({
  id: z.string(),
  name: z.string(),
  contentType: z.string(),
  size: z.int(),
  url: z.string().describe('Opens with the session of an agent.'),
});

const entryBase = { seq, at: time, author };

export const messageView = z
  .object({
    kind: z.literal('message'),
    ...entryBase,
    text: z.string(),
    format: z.enum(['plain', 'markdown']),
    attachments: z.array(attachmentView),
    choices: z.array(z.object({ kind: z.enum(['question', 'feedback', 'command']), title: z.string() })),
    private: z.boolean(),
    clientId: z.string().nullable(),
    replyTo: seq.nullable(),
    answer: z
      .object({ articleId: z.string(), title: z.string(), confidence })
      .nullable()
      .describe('The article the bot answered with.'),
  })
  .meta({ id: 'Message' });

export const statusView = z
  .object({
    kind: z.literal('status'),
    ...entryBase,
    from: status,
    to: status,
    cause: z.enum(['handoff', 'claim', 'transfer', 'return', 'cancel', 'resolve', 'reopen']),
    reason: reason.nullable(),
    agent: agent.nullable(),
  })
  .meta({ id: 'StatusChange' });

export const verdictView = z
  .object({
    kind: z.literal('verdict'),
    ...entryBase,
    about: seq,
    articleId: z.string(),
    question: z.string().describe("The customer's wording that was judged; empty where it was not kept."),
    helpful: z.boolean(),
    source: z
      .enum(['feedback', 'pick', 'agent'])
      .describe('Said of an answer; picked of what the bot offered; sent by an agent.'),
  })
  .meta({ id: 'Verdict' });

export const entryView = z.discriminatedUnion('kind', [messageView, statusView, verdictView]).meta({ id: 'Entry' });

export const sessionAnswer = z.object({ agent: agentSelf });
export const listAnswer = z.object({
  conversations: z.array(summaryView).max(listLimit),
  counts: z
    .object({ queue: z.int(), mine: z.int(), all: z.int(), resolved: z.int() } satisfies Record<View, z.ZodInt>)
    .describe(`Conversations per view; ${listLimit} means so many or more.`),
  agentsOnline: z.int(),
  now: time.describe('The clock of the server, for waiting times.'),
});
export const conversationAnswer = z.object({ conversation: conversationView, brief: briefView });
export const entriesAnswer = z.object({
  conversation: conversationView.describe('As it was when the entries were read, or newer.'),
  entries: z.array(entryView).max(entriesLimit),
});
export const writtenAnswer = z.object({ conversation: conversationView, entries: z.array(entryView) });
export const doneAnswer = z.object({ ok: z.literal(true) });

export const changedEvent = z.object({ conversationId: z.string(), seq, status }).meta({ id: 'ChangedEvent' });
export const typingEvent = z
  .object({ conversationId: z.string(), author: author.pick({ role: true, name: true }) })
  .meta({ id: 'TypingEvent' });
export const presenceEvent = z.object({ agentsOnline: z.int() }).meta({ id: 'PresenceEvent' });

export type Status = z.infer<typeof status>;
export type Reason = z.infer<typeof reason>;
export type AgentSelf = z.infer<typeof agentSelf>;
export type ConversationView = z.infer<typeof conversationView>;
export type SummaryView = z.infer<typeof summaryView>;
export type BriefView = z.infer<typeof briefView>;
export type TriedArticle = z.infer<typeof triedArticle>;
export type AttachmentView = z.infer<typeof attachmentView>;
export type MessageView = z.infer<typeof messageView>;
export type StatusView = z.infer<typeof statusView>;
export type VerdictView = z.infer<typeof verdictView>;
export type EntryView = z.infer<typeof entryView>;
export type SessionAnswer = z.infer<typeof sessionAnswer>;
export type ListAnswer = z.infer<typeof listAnswer>;
export type ConversationAnswer = z.infer<typeof conversationAnswer>;
export type EntriesAnswer = z.infer<typeof entriesAnswer>;
export type WrittenAnswer = z.infer<typeof writtenAnswer>;
export type ChangedEvent = z.infer<typeof changedEvent>;
export type TypingEvent = z.infer<typeof typingEvent>;
export type PresenceEvent = z.infer<typeof presenceEvent>;
