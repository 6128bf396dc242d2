import { z } from 'zod';
import { handoffReasons, priorities, surveyKinds } from '../../conversation/conversation.ts';

/*
 * What supervisors set up, in sections that are read, checked and saved each by itself. Every section has a default with
 * which the desk works, so an empty database is a working one.
 */

const id = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'Use 1 to 40 lower-case letters, digits and hyphens.')
  .describe('Never shown; stays the same when the name changes.');
const name = z.string().trim().min(1, 'Give it a name.').max(60, 'Use at most 60 characters.');
const minutes = z
  .int()
  .min(1)
  .max(60 * 24 * 60)
  .nullable()
  .describe('Minutes of opening time; null promises nothing.');
const uniqueIds = (values: readonly { readonly id: string }[]) =>
  new Set(values.map((value) => value.id)).size === values.length;

/**
 * How conversations come to agents.
 * - `auto` the desk gives them to the agent with the most free capacity.
 * - `pull` agents take them from the queue themselves.
 */
export const routingModes = ['auto', 'pull'] as const;
const mode = z.enum(routingModes);

/** Skill groups (技能组). An agent in no group serves only what was sent to none. */
const groups = z
  .strictObject({ groups: z.array(z.strictObject({ id, name, mode })).max(100) })
  .refine(({ groups }) => uniqueIds(groups), { path: ['groups'], message: 'Two groups have the same id.' });

/** A rule applies when every condition it has is met; a list is met by any of its values, an empty one is no condition. */
const rule = z.strictObject({
  id,
  name,
  when: z.strictObject({
    reasons: z.array(z.enum(handoffReasons)).max(20).optional(),
    keywords: z
      .array(z.string().trim().min(1).max(40))
      .max(100)
      .optional()
      .describe('Found anywhere in what the customer asked.'),
    channels: z.array(z.string().min(1).max(40)).max(20).optional(),
    tags: z.array(id).max(50).optional().describe('Tags of the customer.'),
    skills: z.array(z.string().trim().min(1).max(60)).max(50).optional().describe("The article's `skill`."),
  }),
  then: z.strictObject({ group: id.nullable(), priority: z.enum(priorities).nullable() }),
});

const routing = z.strictObject({
  mode: mode.describe('For conversations that go to no group.'),
  defaultGroup: id.nullable().describe('Where a conversation goes that no rule and no article sends elsewhere.'),
  graceSeconds: z
    .int()
    .min(45)
    .max(3_600)
    .describe('An agent who is not heard of for so long gives their customers back to the front of the queue.'),
  defaultCapacity: z.int().min(1).max(100).describe('Conversations at once, for agents without a number of their own.'),
  reopenHours: z.int().min(0).max(720).describe('A customer who writes again so soon comes back to the same agent.'),
  idleHours: z
    .int()
    .min(1)
    .max(720)
    .nullable()
    .describe('A conversation with the bot in which nothing happened for so long is resolved; null: never.'),
  rules: z
    .array(rule)
    .max(200)
    .refine(uniqueIds, 'Two rules have the same id.')
    .describe('The first that names a group decides the group, the highest priority named decides the priority.'),
});

/** Tags of customers (VIP, 长者 …). */
const tags = z
  .strictObject({
    tags: z
      .array(
        z.strictObject({
          id,
          name,
          colour: z.enum(['grey', 'red', 'orange', 'green', 'blue', 'purple']),
          priority: z.enum(priorities).nullable().describe('At least this, for whoever has the tag.'),
        }),
      )
      .max(200),
  })
  .refine(({ tags }) => uniqueIds(tags), { path: ['tags'], message: 'Two tags have the same id.' });

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'Write it as 09:30.');
const interval = z
  .strictObject({ from: clock, to: clock })
  .refine(({ from, to }) => from < to, { path: ['to'], message: 'Must be later than the start.' });
const day = z
  .array(interval)
  .max(6)
  .refine(
    (intervals) => intervals.every((one, index) => index === 0 || (intervals[index - 1]?.to ?? '') <= one.from),
    'Intervals must follow each other without overlapping.',
  );

/** Opening hours. `week` starts on Monday; null is always open. Night shifts are two intervals, up to and from midnight. */
const hours = z.strictObject({
  timeZone: z.string().refine(isTimeZone, 'Use a time zone name such as Asia/Shanghai.'),
  week: z.tuple([day, day, day, day, day, day, day]).nullable(),
  holidays: z
    .array(
      z.strictObject({
        date: z.iso.date(),
        name: z.string().trim().max(60),
        intervals: day.describe('Open then all the same; empty is closed.'),
      }),
    )
    .max(400)
    .refine((days) => new Set(days.map(({ date }) => date)).size === days.length, 'A date stands there twice.'),
});

/** What is promised to customers (SLA), by priority, in minutes of opening time. */
const promise = z.strictObject({
  firstResponse: minutes.describe('From the handoff to the first reply of a person.'),
  nextResponse: minutes.describe('From an unanswered message to the reply of a person.'),
  resolution: minutes.describe('From the handoff to the end.'),
});
const promises = z.strictObject({
  policies: z.strictObject({ urgent: promise, high: promise, medium: promise, low: promise }),
  warnAt: z.number().min(0.1).max(0.95).describe('Agents are warned when so much of the time is gone.'),
  apologise: z.boolean().describe('The customer is told when a promise of a first or next response was broken.'),
});

/** What customers are asked at the end. */
const survey = z.strictObject({
  kind: z.enum(surveyKinds).nullable().describe('Null asks nothing.'),
  followUpBelow: z.int().min(0).max(10).describe('A score of so much or less becomes a task for the supervisor.'),
});

const resolutions = z
  .strictObject({
    required: z.boolean().describe('An agent must choose one to resolve.'),
    reasons: z.array(z.strictObject({ id, name })).max(100),
  })
  .refine(({ reasons }) => uniqueIds(reasons), { path: ['reasons'], message: 'Two reasons have the same id.' });

/** Events of handoffs, told to another system. */
const webhook = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .nullable(),
  secret: z.string().max(200).describe('Signs what is sent; at least 16 characters where there is a url.'),
});

export const settingsSchemas = { groups, routing, tags, hours, promises, survey, resolutions, webhook } as const;

/** All that supervisors set up. */
export type Settings = {
  readonly [Section in keyof typeof settingsSchemas]: z.infer<(typeof settingsSchemas)[Section]>;
};
export type SettingsSection = keyof Settings;
export const settingsSections = Object.keys(settingsSchemas) as readonly SettingsSection[];

export type SkillGroup = Settings['groups']['groups'][number];
export type RoutingMode = (typeof routingModes)[number];
export type RoutingRule = z.infer<typeof rule>;
export type Tag = Settings['tags']['tags'][number];
export type OpeningHours = Settings['hours'];
export type OpeningInterval = z.infer<typeof interval>;
export type PromisePolicy = z.infer<typeof promise>;

function isTimeZone(value: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return true;
  } catch {
    return false;
  }
}
