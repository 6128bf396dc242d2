import { z } from 'zod';
import { handoffReasons, priorities, promiseKinds, surveyKinds } from '../conversation/conversation.ts';
import { agentStatuses, roles } from '../handoff/roles.ts';
import { doubts } from '../handoff/brief.ts';
import { countLimit, entriesLimit, listLimit, pastLimit, type View } from './limits.ts';

/*
 * What the console's API gives of conversations, in zod; desk-api.ts, supervision-api.ts and knowledge-api.ts have the
 * rest. The presenters fill it, the page takes its types from it (types only: zod stays out of the browser) and
 * /api/openapi.json is printed from it. Times are milliseconds since 1970.
 */

export const statuses = ['bot', 'queued', 'assigned', 'resolved'] as const;

const seq = z.int().min(0);
const time = z.int();
export const person = z.object({ id: z.string(), name: z.string() });
export const status = z.enum(statuses);
const reason = z.enum(handoffReasons);
export const priority = z.enum(priorities);
export const agentStatus = z.enum(agentStatuses);
const survey = z.enum(surveyKinds);
const confidence = z.number().min(0).max(1).describe('Probability that the article is the right answer.');

export const agentSelf = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string(),
    role: z.enum(roles),
    status: agentStatus.describe('What they chose to be while their console is open.'),
    capacity: z.int().describe('Conversations at once.'),
    groups: z.array(z.string()).describe('Ids of skill groups.'),
  })
  .meta({ id: 'Agent' });

/** The customer of a conversation, as lists name them. */
export const customerRef = z.object({
  id: z.string(),
  name: z.string().nullable().describe('As agents call them, else as their channel does.'),
  tags: z.array(z.string()).describe('Ids.'),
});

export const routeReason = z
  .object({
    kind: z.enum(['rule', 'skill', 'default', 'reason', 'tag', 'sentiment', 'sensitive_topic', 'returned', 'agent']),
    from: z.string().describe('The rule, tag, skill, topic, person or handoff reason.'),
    group: z.string().nullable().describe('The skill group it asked for.'),
    priority: priority.nullable().describe('The priority it asked for.'),
  })
  .meta({ id: 'RouteReason' });

const route = z.object({ groupId: z.string().nullable(), priority, because: z.array(routeReason) });

const promise = z.enum(promiseKinds);
export const promiseView = z
  .object({
    kind: promise,
    dueAt: time,
    warnAt: time,
    state: z.enum(['on_time', 'at_risk', 'broken']),
  })
  .meta({ id: 'Promise' });

const felt = z.object({ seq, score: z.number().min(-1).max(1) });

export const conversationView = z
  .object({
    id: z.string(),
    channel: z.string(),
    locale: z.string(),
    customer: customerRef,
    status,
    agent: person.nullable().describe('The owner.'),
    version: z.int(),
    seq,
    customerSeq: seq.describe('Seq of the last customer message.'),
    reason: reason.nullable(),
    queuedAt: time.nullable(),
    groupId: z.string().nullable().describe('The skill group it is for; null for everybody.'),
    priority,
    serveBy: time.nullable().describe('Its place in the order of service, the smallest first; null unless it waits.'),
    snoozedUntil: time.nullable(),
    reservedFor: person.nullable().describe('Whom it waits for alone.'),
    lastAgent: person.nullable().describe('Who serves it or did last.'),
    because: z.array(routeReason).describe('Why this group and priority, in the order in which it was weighed.'),
    promise: promiseView.nullable().describe('The most pressing of what the customer awaits.'),
    breaches: z.int().describe('How many promises were broken since a person was asked for.'),
    mood: z.object({ worst: felt, last: felt }).nullable(),
    readSeq: seq.describe('The customer has seen everything up to here, as far as their client tells.'),
    resolution: z.string().nullable().describe('Id of the chosen reason.'),
    resolvedAt: time.nullable(),
    mergedInto: z.string().nullable().describe('The conversation it goes on in.'),
    survey: survey.nullable().describe('What the customer was asked at the end.'),
    rating: z.int().nullable(),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Conversation' });

export const summaryView = conversationView
  .extend({ lastCustomerText: z.string().nullable() })
  .meta({ id: 'ConversationSummary' });

export const customerView = z
  .object({
    channel: z.string(),
    id: z.string(),
    name: z.string().nullable().describe('Given by agents; stands over the channel’s.'),
    channelName: z.string().nullable(),
    tags: z.array(z.string()).describe('Ids.'),
    facts: z.array(z.object({ name: z.string(), value: z.string() })),
    unreachable: z.boolean().describe('The channel could not deliver to them the last time.'),
    version: z.int().describe('Counts changes; a change must name the one it was made on.'),
    updatedAt: time,
  })
  .meta({ id: 'Customer' });

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
    replyTo: seq.nullable().describe('The message it quotes or answers.'),
    mentions: z.array(z.string()).describe('Ids of the colleagues a private note is meant for.'),
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
    cause: z.enum([
      'handoff',
      'claim',
      'assign',
      'takeover',
      'transfer',
      'return',
      'dropped',
      'cancel',
      'reopen',
      'resolve',
      'merge',
    ]),
    reason: reason.nullable(),
    agent: person.nullable().describe('The owner from then on; on `resolve` and `dropped` the last one.'),
    route: route.nullable().describe('Where it goes and how urgently, on what leads into the queue.'),
    resolution: z.string().nullable().describe('Id of the chosen reason.'),
    survey: survey.nullable().describe('What the customer is asked.'),
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

export const ratingView = z
  .object({
    kind: z.literal('rating'),
    ...entryBase,
    survey,
    score: z.int(),
    comment: z.string().nullable(),
  })
  .meta({ id: 'Rating' });

export const changeView = z
  .object({
    kind: z.literal('change'),
    ...entryBase,
    change: z.discriminatedUnion('what', [
      z.object({ what: z.literal('routed'), route }),
      z.object({ what: z.enum(['promise_at_risk', 'promise_broken']), promise, dueAt: time }),
      z.object({ what: z.literal('snoozed'), until: time.nullable().describe('Null: it is back.') }),
      z.object({ what: z.literal('merged'), conversationId: z.string().describe('What goes on in this one.') }),
    ]),
  })
  .meta({ id: 'Change' });

export const entryView = z
  .discriminatedUnion('kind', [messageView, statusView, verdictView, ratingView, changeView])
  .meta({ id: 'Entry' });

export const sessionAnswer = z.object({ agent: agentSelf });
export const listAnswer = z.object({
  conversations: z.array(summaryView).max(listLimit),
  counts: z
    .object({
      queue: z.int(),
      mine: z.int(),
      all: z.int(),
      resolved: z.int(),
      broken: z.int().describe('Not resolved, with a promise broken.'),
      snoozed: z.int().describe('Mine, put off.'),
    } satisfies Record<View | 'broken' | 'snoozed', z.ZodInt>)
    .describe(`Of what the agent may reach, whatever the filters; ${countLimit} means so many or more.`),
  next: z.string().nullable().describe('`before` of the next page.'),
  agentsOnline: z.int(),
  now: time.describe('The clock of the server, for waiting times.'),
});
export const searchHit = z
  .object({
    conversationId: z.string(),
    seq,
    at: time,
    author,
    private: z.boolean().describe('A private note.'),
    snippet: z.string(),
    ranges: z
      .array(z.tuple([z.int(), z.int()]))
      .describe('What was found: start and end in UTF-16 units of the snippet.'),
    customer: customerRef,
    status,
  })
  .meta({ id: 'SearchHit' });
export const searchAnswer = z.object({
  hits: z.array(searchHit).describe('Newest first.'),
  next: z.string().nullable().describe('`before` of the next page, which there may be even after few or no hits.'),
  upToDate: z.boolean().describe('False while what was said before is still being made searchable.'),
});
export const conversationAnswer = z.object({
  conversation: conversationView,
  brief: briefView,
  customer: customerView,
  past: z.array(summaryView).max(pastLimit).describe('Other conversations of the customer, newest first.'),
  duplicates: z
    .array(summaryView)
    .max(pastLimit)
    .describe('Of those the open ones, which could be merged into this one.'),
});
export const entriesAnswer = z.object({
  conversation: conversationView.describe('As it was when the entries were read, or newer.'),
  entries: z.array(entryView).max(entriesLimit),
});
export const writtenAnswer = z.object({ conversation: conversationView, entries: z.array(entryView) });
export const doneAnswer = z.object({ ok: z.literal(true) });

export const changedEvent = z
  .object({ conversationId: z.string(), seq, status, agentId: z.string().nullable().describe('The owner.') })
  .meta({ id: 'ChangedEvent' });
export const goneEvent = z
  .object({ conversationId: z.string() })
  .describe('It went where the agent does not reach it: out of the lists with it.')
  .meta({ id: 'GoneEvent' });
export const typingEvent = z
  .object({
    conversationId: z.string(),
    author,
    draft: z.boolean().describe('A colleague writes who does not have the conversation: the customer is not told.'),
  })
  .meta({ id: 'TypingEvent' });
export const presenceEvent = z.object({ agentsOnline: z.int() }).meta({ id: 'PresenceEvent' });
export const directoryEvent = z
  .object({})
  .describe('Colleagues, canned replies or settings changed: read `directory` anew.')
  .meta({ id: 'DirectoryEvent' });
export const mentionedEvent = z
  .object({ conversationId: z.string(), by: person })
  .describe('A private note is meant for this agent.')
  .meta({ id: 'MentionedEvent' });

/** Every live event by its name. */
export const liveEvents = {
  changed: changedEvent,
  gone: goneEvent,
  typing: typingEvent,
  presence: presenceEvent,
  directory: directoryEvent,
  mentioned: mentionedEvent,
} as const;

export type Status = z.infer<typeof status>;
export type Reason = z.infer<typeof reason>;
export type Priority = z.infer<typeof priority>;
export type AgentStatus = z.infer<typeof agentStatus>;
export type PersonView = z.infer<typeof person>;
export type CustomerRef = z.infer<typeof customerRef>;
export type CustomerView = z.infer<typeof customerView>;
export type RouteReasonView = z.infer<typeof routeReason>;
export type RouteView = z.infer<typeof route>;
export type PromiseView = z.infer<typeof promiseView>;
export type RatingView = z.infer<typeof ratingView>;
export type ChangeView = z.infer<typeof changeView>;
export type SearchHitView = z.infer<typeof searchHit>;
export type SearchAnswer = z.infer<typeof searchAnswer>;
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
export type LiveEvents = { readonly [Name in keyof typeof liveEvents]: z.infer<(typeof liveEvents)[Name]> };
export type GoneEvent = z.infer<typeof goneEvent>;
export type DirectoryEvent = z.infer<typeof directoryEvent>;
export type MentionedEvent = z.infer<typeof mentionedEvent>;
