import { createHash } from 'node:crypto';
import type { Conversation, Entry, Message, StatusChange } from '../../conversation/conversation.ts';
import type { ConversationLog } from '../../conversation/log.ts';
import { briefOf } from '../../handoff/brief.ts';
import {
  concernsPeople,
  handoffInitiate,
  handoffStateOf,
  handoffStatus,
  isInitiation,
} from '../../handoff/handoff-events.ts';
import { messageActivity, type Activity } from '../../handoff/transcripts/activity.ts';
import { activitiesOf } from '../../handoff/transcripts/bot-framework.ts';
import type { EventName, NewDelivery } from '../../handoff/deliveries.ts';

export type TellingTools = {
  readonly log: Pick<ConversationLog, 'find' | 'read'>;
  readonly publicUrl: string;
  now(): number;
};

/**
 * Whether an outside desk is told of an entry, `isServed` being whether a person should serve the customer before it: of
 * every change from or to people, and of what the customer writes meanwhile. What the bot does alone is not its business.
 */
export function isTold(entry: Entry, isServed: boolean): entry is Message | StatusChange {
  if (entry.kind === 'status') return concernsPeople(entry);
  return entry.kind === 'message' && entry.author.role === 'customer' && isServed;
}

/** Whether people should serve the customer after an event; so the last one told says how it stood there. */
export function leavesWithPeople(event: EventName): boolean {
  switch (event) {
    case 'ping':
    case 'handoff.returned':
    case 'handoff.completed':
      return false;
    case 'message':
    case 'handoff.initiate':
    case 'handoff.queued':
    case 'handoff.accepted':
    case 'handoff.failed':
      return true;
  }
}

/** The event that tells of an entry. */
export async function deliveryOf(
  conversation: Conversation,
  entry: Message | StatusChange,
  tools: TellingTools,
): Promise<NewDelivery> {
  const { id: conversationId } = conversation;
  const { seq } = entry;
  const event = eventOf(entry);
  const body = JSON.stringify(await activityOf(conversation, entry, tools));
  return { id: eventId(conversationId, seq, event), conversationId, seq, event, body, createdAt: tools.now() };
}

/** The first event at a new address; what happened before it is not told there. */
export function pingOf(url: string, at: number): NewDelivery {
  const conversationId = `ping:${createHash('sha256').update(url).digest('hex').slice(0, 32)}`;
  const id = eventId(conversationId, 0, 'ping');
  const activity = { type: 'event', name: 'zhike.ping', id, timestamp: new Date(at).toISOString() };
  return { id, conversationId, seq: 0, event: 'ping', body: JSON.stringify(activity), createdAt: at };
}

function eventOf(entry: Message | StatusChange): EventName {
  if (entry.kind === 'message') return 'message';
  return isInitiation(entry) ? 'handoff.initiate' : `handoff.${handoffStateOf(entry)}`;
}

/** ASCII and short whatever the conversation is called, as it travels in a header. */
function eventId(conversationId: string, seq: number, event: EventName): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([conversationId, seq, event]))
    .digest('hex');
  return `evt_${digest.slice(0, 32)}`;
}

async function activityOf(
  conversation: Conversation,
  entry: Message | StatusChange,
  { log, publicUrl }: TellingTools,
): Promise<Activity> {
  const context = { conversation, publicUrl };
  if (entry.kind === 'message') return messageActivity(entry, context);
  if (!isInitiation(entry)) return handoffStatus(entry, context);
  const before = await log.read(conversation.id, Math.max(0, entry.seq - 1 - entriesAtMost), entriesAtMost);
  const entries = [...before.filter(({ seq }) => seq < entry.seq), entry];
  const { reason, route } = entry;
  return handoffInitiate(entry, context, {
    value: {
      reason,
      groupId: route?.groupId ?? null,
      priority: route?.priority ?? null,
      brief: briefOf({ ...conversation, handoffReason: reason }, entries),
    },
    about: entries.findLast(isFromCustomer)?.seq ?? null,
    transcript: newest(activitiesOf(conversation, entries.slice(0, -1), { publicUrl })),
  });
}

/** What a handoff carries of what was said: the newest, up to so many entries and characters of JSON. */
const entriesAtMost = 500;
const charactersAtMost = 256 * 1_024;

function newest(activities: readonly Activity[]): readonly Activity[] {
  let left = charactersAtMost;
  const first = activities.findLastIndex((activity) => (left -= JSON.stringify(activity).length) < 0);
  return activities.slice(first + 1);
}

function isFromCustomer(entry: Entry): boolean {
  return entry.kind === 'message' && entry.author.role === 'customer';
}
