import { z } from 'zod';
import { surveyKinds } from '../conversation/conversation.ts';
import { roles } from '../handoff/roles.ts';
import { followUpKinds } from '../handoff/follow-ups.ts';
import { settingsSchemas, type SettingsSection } from '../handoff/settings/settings.ts';
import { text } from '../text.ts';
import { agentStatus, customerRef, person, summaryView } from './api.ts';
import { cannedView, colleagueView } from './desk-api.ts';
import { boardLimit, bulkLimit } from './limits.ts';

/* What the console's API gives supervisors: the board, accounts, settings, deliveries. Times are milliseconds since 1970. */

const id = text({ min: 1, max: 200 });
const time = z.int();

export const followUpView = z
  .object({
    id: z.string(),
    conversationId: z.string(),
    kind: z.enum(followUpKinds),
    seq: z.int().describe('The entry that called for it.'),
    note: z.string().describe('May be a customer’s words.'),
    createdAt: time,
    customer: customerRef.nullable(),
  })
  .meta({ id: 'FollowUp' });

const tally = z.object({
  kept: z.int(),
  broken: z.int(),
  open: z.int().describe('Not decided yet: in no rate.'),
  rate: z.number().min(0).max(1).nullable().describe('Kept of those that are decided.'),
});

export const todayView = z
  .object({
    since: time.describe('Midnight in the time zone of the opening hours.'),
    asked: z.int().describe('Questions the bot looked up.'),
    answeredByBot: z.int().describe('Of those answered.'),
    handedOver: z.int().describe('Times a person was asked for.'),
    resolved: z.int(),
    promiseKeptRate: tally.describe('Of the customers who asked for a person today.'),
    promises: z.object({ first_response: tally, next_response: tally, resolution: tally }),
    csat: z
      .object({ survey: z.enum(surveyKinds), count: z.int(), average: z.number().nullable() })
      .describe('Ratings of the kind that is asked for now.'),
    firstResponseMedianMs: z
      .int()
      .nullable()
      .describe('From asking for a person today to their first reply; of those who have one.'),
    partial: z.boolean().describe('More happened than is counted at once: figures are of the latest part of the day.'),
  })
  .meta({ id: 'Today' });

export const boardAgent = colleagueView
  .extend({
    seenAt: time.nullable().describe('When their console was last heard of.'),
    broken: z.int().describe('Conversations they have with a promise broken.'),
  })
  .meta({ id: 'BoardAgent' });

export const boardAnswer = z
  .object({
    waiting: z.int(),
    longestWaitMs: z.int().nullable(),
    byGroup: z.array(
      z.object({
        groupId: z.string().nullable().describe('Null: of no group.'),
        name: z.string().nullable(),
        waiting: z.int(),
        longestWaitMs: z.int().nullable(),
        assigned: z.int(),
        agentsOnline: z.int().describe('Of its members.'),
      }),
    ),
    agents: z.array(boardAgent).describe('By name.'),
    breaches: z.array(summaryView).max(boardLimit).describe('Open with a promise broken, the most pressing first.'),
    breachesCount: z.int(),
    atRisk: z.array(summaryView).max(boardLimit).describe('Open with a promise at risk, the most pressing first.'),
    followUps: z.array(followUpView).max(boardLimit).describe('Open ones, the oldest first.'),
    followUpsCount: z.int(),
    today: todayView,
    now: time,
  })
  .meta({ id: 'Board' });

export const bulkAssignBody = z.strictObject({
  conversations: z
    .array(z.strictObject({ id, version: z.int().min(0) }))
    .min(1)
    .max(bulkLimit),
  to: id.nullable().describe('Id of an agent; null gives them back to the queue.'),
});
export const bulkAnswer = z.object({
  outcomes: z.array(
    z.object({
      id: z.string(),
      outcome: z.enum(['done', 'unknown', 'taken', 'not_waiting', 'not_yours', 'stale', 'unavailable']),
    }),
  ),
});

export const accountView = z
  .object({
    id: z.string(),
    email: z.string(),
    name: z.string(),
    role: z.enum(roles),
    disabled: z.boolean(),
    status: agentStatus.describe('What they chose to be.'),
    capacity: z.int().nullable().describe('Null: what is usual at this desk.'),
    groups: z.array(z.string()),
  })
  .meta({ id: 'Account' });
export const accountsAnswer = z.object({
  accounts: z.array(accountView).describe('By name.'),
  defaultCapacity: z.int(),
});
export const accountAnswer = z.object({ account: accountView });
const password = z.string().max(1024).describe('10 to 256 characters.');
export const newAccountBody = z.strictObject({
  email: text({ min: 1, max: 254 }),
  name: text({ max: 200 }),
  role: z.enum(roles),
  password,
});
export const accountBody = z.strictObject({
  name: text({ max: 200 }).optional(),
  role: z.enum(roles).optional(),
  capacity: z.int().min(1).max(100).nullable().optional(),
  groups: z.array(id).max(100).optional(),
  disabled: z.boolean().optional().describe('True ends their sessions and gives their customers back to the queue.'),
  password: password.optional(),
  status: agentStatus.optional(),
});

const state = {
  version: z.int().describe('0: the default that nobody changed.'),
  at: time.nullable(),
  by: person.nullable(),
};
const sectionOf = <Section extends SettingsSection>(section: Section) =>
  z.object({ section: z.literal(section), value: settingsSchemas[section], ...state });
export const webhookView = settingsSchemas.webhook.extend({
  secret: z.literal('').describe('Never given.'),
  hasSecret: z.boolean(),
});
export const settingsAnswer = z
  .discriminatedUnion('section', [
    sectionOf('groups'),
    sectionOf('routing'),
    sectionOf('tags'),
    sectionOf('hours'),
    sectionOf('promises'),
    sectionOf('survey'),
    sectionOf('resolutions'),
    z.object({ section: z.literal('webhook'), value: webhookView, ...state }),
  ])
  .meta({ id: 'SettingsSection' });
export const settingsBody = z.strictObject({
  value: z.unknown().describe('The whole section. An empty `secret` of the webhook keeps the one there is.'),
  version: z.int().min(0).describe('Of the section as it was read.'),
});

export const cannedBody = z.strictObject({
  shortcut: text({ max: 200 }),
  title: text({ max: 200 }),
  text: text({ max: 8000 }),
  groupId: id.nullable(),
});
export const cannedListAnswer = z.object({ canned: z.array(cannedView).describe('The most used first.') });
export const cannedAnswer = z.object({ canned: cannedView });

export const deliveriesQuery = z.strictObject({ state: z.enum(['dead']).default('dead') });
export const deliveryView = z
  .object({
    id: z.string(),
    conversationId: z.string(),
    seq: z.int(),
    event: z.string(),
    attempts: z.int(),
    createdAt: time,
    diedAt: time,
    error: z.string(),
  })
  .meta({ id: 'DeadDelivery' });
export const deliveriesAnswer = z.object({
  dead: z.array(deliveryView).describe('Last given up first.'),
  figures: z.object({
    pending: z.int(),
    dead: z.int(),
    oldestPendingAt: time.nullable(),
    lastDeliveredAt: time.nullable(),
  }),
});

export type FollowUpView = z.infer<typeof followUpView>;
export type TodayView = z.infer<typeof todayView>;
export type BoardAgentView = z.infer<typeof boardAgent>;
export type BoardAnswer = z.infer<typeof boardAnswer>;
export type BulkAssignBody = z.input<typeof bulkAssignBody>;
export type BulkAnswer = z.infer<typeof bulkAnswer>;
export type AccountView = z.infer<typeof accountView>;
export type AccountsAnswer = z.infer<typeof accountsAnswer>;
export type AccountAnswer = z.infer<typeof accountAnswer>;
export type NewAccountBody = z.input<typeof newAccountBody>;
export type AccountBody = z.input<typeof accountBody>;
export type WebhookView = z.infer<typeof webhookView>;
export type SettingsAnswer = z.infer<typeof settingsAnswer>;
export type SettingsBody = z.input<typeof settingsBody>;
export type CannedBody = z.input<typeof cannedBody>;
export type CannedListAnswer = z.infer<typeof cannedListAnswer>;
export type CannedAnswer = z.infer<typeof cannedAnswer>;
export type DeliveryView = z.infer<typeof deliveryView>;
export type DeliveriesAnswer = z.infer<typeof deliveriesAnswer>;
