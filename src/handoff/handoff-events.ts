import { isWithPeople, type StatusChange } from '../conversation/conversation.ts';
import {
  activityBase,
  activityId,
  botAccount,
  conversationAccount,
  customerAccount,
  type Activity,
  type ActivityContext,
} from './transcripts/activity.ts';

/*
 * Handoffs in the event shapes of Bot Framework (its `EventFactory`), so that a desk which was built for those can be
 * attached. Plain objects: the SDK stays in channels/, and a test holds these against what it makes.
 */

/**
 * How a handoff stands. `accepted`, `completed` and `failed` are Bot Framework's words, the others ours.
 * - `queued`    it waits for somebody else, as after a transfer.
 * - `accepted`  an agent has it.
 * - `failed`    its agent went away; it waits again, at the front.
 * - `returned`  the bot has it again: an agent gave it back, or the customer left the queue.
 * - `completed` it is resolved.
 */
export type HandoffState = 'queued' | 'accepted' | 'failed' | 'returned' | 'completed';

/** Whether a change is told outside: every one from or to people. What the bot does alone is not. */
export function concernsPeople({ from, to }: Pick<StatusChange, 'from' | 'to'>): boolean {
  return isWithPeople(from) || isWithPeople(to);
}

/** Whether this change asks for a person: the bot gave up, or the customer came back to people. */
export function isInitiation({ cause, to }: StatusChange): boolean {
  return cause === 'handoff' || (cause === 'reopen' && to === 'queued');
}

export function handoffStateOf({ to, cause }: StatusChange): HandoffState {
  switch (to) {
    case 'queued':
      return cause === 'dropped' ? 'failed' : 'queued';
    case 'assigned':
      return 'accepted';
    case 'bot':
      return 'returned';
    case 'resolved':
      return 'completed';
  }
}

/** What is handed over with it. */
export type HandedOver = {
  /** The event's `value`: whatever the outside desk should know. */
  readonly value: unknown;
  /** Seq of the message the bot gave up on; null when there is none. */
  readonly about: number | null;
  /** What was said so far; null attaches nothing. */
  readonly transcript: readonly Activity[] | null;
};

/** `handoff.initiate`: the conversation asks for a person. The transcript is the attachment named `Transcript`. */
export function handoffInitiate(change: StatusChange, context: ActivityContext, handed: HandedOver): Activity {
  const { conversation } = context;
  const { recipient: _, ...base } = activityBase(change, context);
  const about = handed.about === null ? null : activityId(conversation.id, handed.about);
  return {
    ...base,
    type: 'event',
    name: 'handoff.initiate',
    value: handed.value,
    from: customerAccount(context),
    relatesTo: {
      ...(about === null ? {} : { activityId: about }),
      user: customerAccount(context),
      bot: botAccount,
      conversation: conversationAccount(context),
      channelId: conversation.channel,
      locale: conversation.locale,
      serviceUrl: context.publicUrl,
    },
    ...(about === null ? {} : { replyToId: about }),
    attachments: handed.transcript === null ? [] : [transcriptAttachment(handed.transcript)],
    entities: [],
  };
}

/** `handoff.status`: what became of it. `value.message` is the cause in one word, as the log has it. */
export function handoffStatus(change: StatusChange, context: ActivityContext): Activity {
  const { agent, cause, resolution } = change;
  return {
    ...activityBase(change, context),
    type: 'event',
    name: 'handoff.status',
    value: {
      state: handoffStateOf(change),
      message: cause,
      ...(agent === null ? {} : { agent: { id: agent.id, name: agent.name } }),
      ...(resolution === null ? {} : { resolution }),
    },
    attachments: [],
    entities: [],
  };
}

function transcriptAttachment(activities: readonly Activity[]) {
  return { contentType: 'application/json', content: { activities }, name: 'Transcript' };
}
