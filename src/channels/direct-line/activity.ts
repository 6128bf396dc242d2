import { z } from 'zod';
import type {
  Attachment,
  Author,
  Choice,
  Entry,
  Message,
  Rating,
  Status,
  StatusChange,
  SurveyKind,
} from '../../conversation/conversation.ts';
import { text, wellFormed } from '../../text.ts';

/** An activity as it leaves us: plain JSON. */
export type Activity = Readonly<Record<string, unknown>> & { readonly type: string };

export type ActivityContext = {
  readonly conversationId: string;
  /** Where a browser finds an upload. */
  readonly fileUrl: (attachment: Attachment) => string;
};

/** How long a message may be, in UTF-16 units. */
export const textLimit = 8_000;

/** How large channelData may be, as JSON, and how deep. It is stored and sent back untouched. */
const channelDataLimit = { characters: 8_192, depth: 8 };

/** The id of the activity made from an entry. */
export function activityId(conversationId: string, seq: number): string {
  return `${conversationId}|${String(seq).padStart(8, '0')}`;
}

/** The seq an activity id of this conversation names; null for any other text. */
export function seqOf(conversationId: string, id: string): number | null {
  const match = /^\|(\d{8,15})$/.exec(id.startsWith(conversationId) ? id.slice(conversationId.length) : '');
  const seq = Number(match?.[1] ?? 0);
  return seq > 0 && activityId(conversationId, seq) === id ? seq : null;
}

/** The activity a customer sees of an entry; null for what is not for their eyes. src/README.md is the contract. */
export function activityOf(entry: Entry, context: ActivityContext): Activity | null {
  switch (entry.kind) {
    case 'message':
      return entry.private ? null : messageActivity(entry, context);
    case 'status':
      return { ...base(entry, context), type: 'event', name: 'handoff.status', value: statusValue(entry) };
    case 'rating':
      // All their devices learn that they were asked and have answered; the word they added stays with the desk.
      return { ...base(entry, context), type: 'event', name: 'zhike.rated', value: ratedValue(entry) };
    case 'verdict':
    case 'change':
      return null;
  }
}

/** Somebody is writing. Without an id, as it is not in the log; without text, which WebChat would draw. */
export function typingActivity(author: Author, conversationId: string): Activity {
  return { type: 'typing', channelId: 'directline', conversation: { id: conversationId }, from: fromOf(author) };
}

/** How the queue looks to one who waits in it. */
export type QueueStatus = {
  readonly position: number;
  readonly waiting: number;
  readonly expectedWaitSeconds: number | null;
  readonly agentsOnline: number;
  /** Outside opening hours: when they begin again (milliseconds since 1970), and the time zone they are kept in. */
  readonly opensAt?: number | null;
  readonly timeZone?: string;
};

export function queueActivity(value: QueueStatus, conversationId: string): Activity {
  return {
    type: 'event',
    name: 'zhike.queue',
    channelId: 'directline',
    conversation: { id: conversationId },
    from: { id: 'system', role: 'bot' },
    value,
  };
}

/** What we take from a customer. Everything else in an activity (from, id, timestamp, …) is ours to say and ignored. */
export const inboundActivity = z.discriminatedUnion(
  'type',
  [
    z.object({
      type: z.literal('message'),
      text: text({ max: textLimit }).optional().default(''),
      channelData: channelData().optional(),
      // Names and thumbnails of an upload; the files themselves come as parts.
      attachments: z.array(z.unknown()).max(20).optional(),
    }),
    z.object({ type: z.literal('typing') }),
    z.object({
      type: z.literal('event'),
      name: z.enum(['zhike.feedback', 'zhike.cancel', 'zhike.rating', 'zhike.read']),
      value: z.unknown().optional(),
      channelData: channelData().optional(),
    }),
  ],
  { error: 'Must be message, typing or event.' },
);
export type InboundActivity = z.infer<typeof inboundActivity>;

const about = z.string().max(300);

export const feedbackValue = z.object({ about, helpful: z.boolean() });

/** How long the word beside a rating may be, in UTF-16 units. */
export const commentLimit = 1_000;

/** A rating's value; `survey` is what the customer was asked, which bounds the score, or null where nothing was. */
export function ratingValue(survey: SurveyKind | null) {
  const { from, to } = survey === null ? { from: 0, to: 10 } : scales[survey];
  const score = z.int().min(from, `Must be ${from} to ${to}.`).max(to, `Must be ${from} to ${to}.`);
  return z.object({ score, comment: text({ max: commentLimit }).nullish() });
}

export const readValue = z.object({ about });

/** The sender's own id of a message, by which a repeat is known. */
export function clientIdOf(channelData: unknown): string | null {
  if (typeof channelData !== 'object' || channelData === null) return null;
  const id = (channelData as Readonly<Record<string, unknown>>).clientActivityID;
  return typeof id === 'string' && id !== '' ? id : null;
}

function messageActivity(message: Message, context: ActivityContext): Activity {
  const { author, attachments, choices, replyTo } = message;
  return {
    ...base(message, context),
    type: 'message',
    text: message.text,
    textFormat: message.format,
    ...(replyTo === null ? {} : { replyToId: activityId(context.conversationId, replyTo) }),
    ...(attachments.length === 0 ? {} : { attachments: attachments.map((file) => attachmentOf(file, context)) }),
    ...(choices.length === 0 ? {} : { suggestedActions: { actions: choices.map(actionOf) } }),
    channelData:
      author.role === 'customer' ? (message.channelData ?? {}) : { author: author.role, ...answerOf(message) },
  };
}

function base({ seq, at, author }: Entry, { conversationId }: ActivityContext) {
  return {
    id: activityId(conversationId, seq),
    timestamp: new Date(at).toISOString(),
    channelId: 'directline',
    conversation: { id: conversationId },
    from: fromOf(author),
  };
}

function fromOf({ id, name, role }: Author) {
  return { id, ...(name === null ? {} : { name }), role: role === 'customer' ? 'user' : 'bot' };
}

/** WebChat shows a customer's own image only by its thumbnail; without one it shows a link. */
function attachmentOf(file: Attachment, { fileUrl }: ActivityContext) {
  const { contentType, name } = file;
  const contentUrl = fileUrl(file);
  return { contentType, contentUrl, name, ...(contentType.startsWith('image/') ? { thumbnailUrl: contentUrl } : {}) };
}

function actionOf({ kind, title, value }: Choice) {
  return { type: 'imBack', title, value, channelData: { kind } };
}

function answerOf({ understanding }: Message) {
  if (understanding?.outcome !== 'answer' || understanding.articleId === null) return {};
  const { articleId, candidates } = understanding;
  const title = candidates.find((candidate) => candidate.articleId === articleId)?.title ?? '';
  return { answer: { articleId, title } };
}

function statusValue({ to, cause, agent, survey }: StatusChange) {
  return {
    state: handoffStates[to],
    cause,
    agent: agent === null ? null : { name: agent.name },
    survey: to === 'resolved' ? survey : null,
  };
}

function ratedValue({ score }: Rating) {
  return { score };
}

/** Bot Framework's own words where it has them. */
const handoffStates: Readonly<Record<Status, string>> = {
  bot: 'bot',
  queued: 'queued',
  assigned: 'accepted',
  resolved: 'completed',
};

const scales: Readonly<Record<SurveyKind, { readonly from: number; readonly to: number }>> = {
  csat: { from: 1, to: 5 },
  ces: { from: 1, to: 7 },
  nps: { from: 0, to: 10 },
};

/** Bounded, storable everywhere, otherwise as it came. */
function channelData() {
  return z
    .record(z.string(), z.unknown())
    .superRefine((value, context) => {
      const fault = faultOf(value);
      if (fault) context.addIssue(fault);
      else if (isLongClientId(value.clientActivityID)) {
        context.addIssue({ code: 'custom', path: ['clientActivityID'], message: 'Must be at most 200 characters.' });
      }
    })
    .transform((value) => cleaned(value) as Readonly<Record<string, unknown>>);
}

function faultOf(value: unknown): string | null {
  const { characters, depth } = channelDataLimit;
  if (!isShallow(value, depth)) return `Must be at most ${depth} levels deep.`;
  if (JSON.stringify(value).length > characters) return `Must be at most ${characters} characters of JSON.`;
  return hasNul(value) ? 'Must not contain the character NUL.' : null;
}

/** Looks no deeper than `levels`, so that no depth can exhaust the stack. */
function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((inner) => isShallow(inner, levels - 1));
}

function hasNul(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\0');
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, inner]) => key.includes('\0') || hasNul(inner));
}

function isLongClientId(id: unknown): boolean {
  return typeof id === 'string' && id.length > 200;
}

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return wellFormed(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(cleaned);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [wellFormed(key), cleaned(inner)]));
}
