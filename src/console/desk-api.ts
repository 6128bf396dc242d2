import { z } from 'zod';
import { priorities, surveyKinds } from '../conversation/conversation.ts';
import { roles } from '../handoff/roles.ts';
import { routingModes } from '../handoff/settings/settings.ts';
import { text } from '../text.ts';
import { agentStatus, attachmentView, customerView, priority } from './api.ts';
import { listLimit, maxAttachments, maxSearch, maxText, views } from './limits.ts';

/*
 * What the console asks of an agent who works a conversation, and what they keep at hand: the bodies of requests, the
 * directory, suggestions from the knowledge. Times are milliseconds since 1970.
 */

const id = text({ min: 1, max: 200 });
const seq = z.int().min(0);
const typed = text({ max: maxText }).refine((value) => value.trim() !== '', 'Write something.');
const clientId = z
  .string()
  .max(64)
  .regex(/^[\w-]+$/, 'Use letters, digits, - and _.');
const version = z.int().min(0).describe('Of the conversation as the agent last saw it.');
const seen = z.int().min(0).describe('Seq of the last entry the agent saw.');

export const listQuery = z.strictObject({
  view: z
    .enum(views)
    .default('queue')
    .describe('`queue`: who waits; `mine`: assigned to who asks; `all`: whatever is not resolved; `resolved`.'),
  group: id.optional().describe('Id of a skill group, or `none` for those of no group.'),
  channel: text({ min: 1, max: 40 }).optional(),
  priority: priority.optional(),
  broken: z.enum(['true']).optional().describe('Only those with a broken promise.'),
  snoozed: z.enum(['true', 'false']).optional().describe('`mine` leaves out what is put off, unless this is `true`.'),
  agent: id.optional().describe('Id of the owner.'),
  before: z
    .string()
    .regex(/^\d{1,16},.{1,200}$/, 'Take it from `next`.')
    .optional()
    .describe(`\`next\` of the page before; a page has ${listLimit}. Not for the queue.`),
});

export const searchQuery = z.strictObject({
  q: text({ min: 1, max: maxSearch }).describe('Words set apart by white space; a message is found that has each.'),
  before: z
    .string()
    .regex(/^\d{1,16},\d{1,10},.{1,200}$/, 'Take it from `next`.')
    .optional()
    .describe('`next` of the page before.'),
});

export const messageBody = z.strictObject({
  text: text({ max: maxText }).describe('May be empty beside attachments.'),
  clientId,
  version,
  replyTo: seq.optional().describe('Seq of the message it quotes.'),
  article: z
    .strictObject({ articleId: text({ min: 1, max: 256 }), about: seq })
    .optional()
    .describe('The article that was inserted, and the seq of the customer’s message it answers: kept as a label.'),
  attachments: z.array(id).max(maxAttachments).optional().describe('Ids of uploads to this conversation.'),
});
export const noteBody = z.strictObject({
  text: typed,
  clientId,
  mentions: z.array(id).max(20).optional().describe('Ids of the colleagues it is meant for.'),
});
export const transferBody = z.strictObject({
  to: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.enum(['queue', 'bot']) }),
    z.strictObject({ kind: z.literal('group'), groupId: id }),
    z.strictObject({ kind: z.literal('agent'), agentId: id }),
  ]),
  version,
  seen,
  note: text({ max: maxText }).optional(),
});
export const resolveBody = z.strictObject({ version, seen, resolution: id.nullable().optional() });
export const snoozeBody = z.strictObject({ version, until: z.int().nullable() });
export const mergeBody = z.strictObject({
  version,
  other: z.strictObject({ id, seen }).describe('The conversation that ends, and the seq of the last entry seen of it.'),
});
export const takeoverBody = z.strictObject({ version });
export const assignBody = z.strictObject({ version, to: id.describe('Id of an agent.') });
export const routeBody = z
  .strictObject({ groupId: id.nullable().optional(), priority: priority.optional() })
  .refine(({ groupId, priority: chosen }) => groupId !== undefined || chosen !== undefined, 'Name one of them.');
export const customerBody = z.strictObject({
  version: z.int().min(0).describe('Of the customer as the agent last saw them.'),
  name: text({ max: 200 }).nullable().optional(),
  tags: z.array(id).max(200).optional(),
  facts: z
    .array(z.strictObject({ name: text({ max: 200 }), value: text({ max: 2000 }) }))
    .max(100)
    .optional(),
});
export const meStatusBody = z.strictObject({ status: agentStatus });
export const conversationParams = z.strictObject({ id: z.string().min(1).max(200) });
export const entriesQuery = z.strictObject({ after: z.coerce.number().int().min(0).default(0) });
export const suggestionsQuery = z.strictObject({
  seq: z.coerce.number().int().min(1).optional().describe('Of a message of the customer.'),
});
export const uploadQuery = z.strictObject({
  name: text({ max: 200 }).optional().describe('What the file is called, where the body is the file itself.'),
});
export const transcriptQuery = z.strictObject({
  format: z.enum(['activities', 'text', 'html']).default('html').describe('`activities`: a Bot Framework .transcript.'),
  notes: z.enum(['true', 'false']).default('false').describe('With private notes and the like.'),
  locale: z.enum(['zh-Hans', 'zh-Hant', 'en']).default('zh-Hans'),
});

export const uploadAnswer = z.object({ attachment: attachmentView });
export const customerAnswer = z.object({ customer: customerView });

export const articleHit = z
  .object({
    articleId: z.string(),
    title: z.string(),
    audience: z.enum(['public', 'internal']).describe('Internal ones are for agents alone, never to be sent.'),
    confidence: z.number().min(0).max(1).nullable().describe('Probability that it is the right answer.'),
    matched: z.array(z.string()).describe('Words of the question that it has.'),
    text: z.string().describe('Plain text, cut.'),
  })
  .meta({ id: 'ArticleHit' });
export const articleSearchBody = z.strictObject({ question: text({ min: 1, max: 2000 }) });
export const articleSearchAnswer = z.object({ articles: z.array(articleHit).describe('Best first.') });

export const suggestionView = articleHit
  .omit({ matched: true })
  .extend({ question: z.string().describe('The article’s wording nearest to what the customer said.') })
  .meta({ id: 'Suggestion' });
export const suggestionsAnswer = z.object({
  about: seq.nullable().describe('Seq of the customer’s message; null when they said nothing.'),
  suggestions: z.array(suggestionView).describe('Best first.'),
});

export const cannedView = z
  .object({
    id: z.string(),
    shortcut: z.string(),
    title: z.string(),
    text: z.string().describe('`{{customer}}` and `{{agent}}` stand for names.'),
    groupId: z.string().nullable().describe('The skill group it is for; null for everybody.'),
    sound: z.string().describe('Title and shortcut in pinyin, as src/web/canned-replies.ts reads it.'),
    uses: z.int(),
    updatedAt: z.int(),
  })
  .meta({ id: 'CannedReply' });

export const colleagueView = z
  .object({
    id: z.string(),
    name: z.string(),
    role: z.enum(roles),
    status: agentStatus.describe('As it counts now: whoever is not heard of is offline.'),
    load: z.int(),
    capacity: z.int(),
    groups: z.array(z.string()),
  })
  .meta({ id: 'Colleague' });

export const tagView = z.object({
  id: z.string(),
  name: z.string(),
  colour: z.enum(['grey', 'red', 'orange', 'green', 'blue', 'purple']),
  priority: z.enum(priorities).nullable(),
});

export const directoryAnswer = z
  .object({
    colleagues: z.array(colleagueView).describe('Everybody who serves customers, oneself included, by name.'),
    groups: z.array(z.object({ id: z.string(), name: z.string(), mode: z.enum(routingModes) })),
    tags: z.array(tagView),
    resolutions: z.object({
      required: z.boolean(),
      reasons: z.array(z.object({ id: z.string(), name: z.string() })),
    }),
    survey: z.object({ kind: z.enum(surveyKinds).nullable(), followUpBelow: z.int() }),
    channels: z.array(z.string()).describe('Channels that conversations come from.'),
    canned: z.array(cannedView).describe('Those for everybody and for the agent’s groups, the most used first.'),
    settingsVersion: z.int().describe('Grows with every change of the settings.'),
  })
  .meta({ id: 'Directory' });

export type ListQuery = z.input<typeof listQuery>;
export type MessageBody = z.input<typeof messageBody>;
export type NoteBody = z.input<typeof noteBody>;
export type TransferBody = z.input<typeof transferBody>;
export type ResolveBody = z.input<typeof resolveBody>;
export type SnoozeBody = z.input<typeof snoozeBody>;
export type MergeBody = z.input<typeof mergeBody>;
export type RouteBody = z.input<typeof routeBody>;
export type CustomerBody = z.input<typeof customerBody>;
export type UploadAnswer = z.infer<typeof uploadAnswer>;
export type CustomerAnswer = z.infer<typeof customerAnswer>;
export type ArticleHitView = z.infer<typeof articleHit>;
export type ArticleSearchAnswer = z.infer<typeof articleSearchAnswer>;
export type SuggestionView = z.infer<typeof suggestionView>;
export type SuggestionsAnswer = z.infer<typeof suggestionsAnswer>;
export type CannedView = z.infer<typeof cannedView>;
export type ColleagueView = z.infer<typeof colleagueView>;
export type TagView = z.infer<typeof tagView>;
export type DirectoryAnswer = z.infer<typeof directoryAnswer>;
