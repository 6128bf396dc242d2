import { z } from 'zod';
import { lookedUp, plainDraft, type Attachment, type Entry } from '../../conversation/conversation.ts';
import type { ConversationEvent, Refusal } from '../../conversation/events.ts';
import type { ConversationLog, Written } from '../../conversation/log.ts';
import type { Signals } from '../../conversation/signals.ts';
import { ConflictError, InputError, NotFoundError } from '../../errors.ts';
import { check } from '../../http.ts';
import {
  activityId,
  clientIdOf,
  feedbackValue,
  ratingValue,
  readValue,
  seqOf,
  type InboundActivity,
} from './activity.ts';
import { createLimiter } from './limiter.ts';
import { newId, type Pass } from './tokens.ts';

export type Inbox = {
  /** Counts an activity about to be taken, unless it is a mere signal; ConflictError when there were too many lately. */
  admit(pass: Pass, activity?: InboundActivity): void;
  /** Saves what a customer sent, or passes a signal on, and resolves with its activity id once it is on disk. */
  take(pass: Pass, activity: InboundActivity, attachments?: readonly Attachment[]): Promise<string>;
};

/** Messages and events a conversation may bring in a window of time; the same again of typing signals, and of read markers. */
export type MessageRate = { readonly count: number; readonly windowMs: number };

/** Twenty messages in ten seconds are no person's; typing signals come every three seconds at most. */
const personalRate: MessageRate = { count: 20, windowMs: 10_000 };

/** What customers send, into the log. A repeat (by clientActivityID) gets the id of the first. */
export function createInbox({
  log,
  signals,
  now,
  rate = personalRate,
}: {
  readonly log: ConversationLog;
  readonly signals: Signals;
  readonly now: () => number;
  readonly rate?: MessageRate | undefined;
}): Inbox {
  const messages = createLimiter({ ...rate, now });
  const typing = createLimiter({ ...rate, now });
  const reading = createLimiter({ ...rate, now });

  return {
    admit: ({ conversationId }, activity) => {
      if (activity && isSignal(activity)) return;
      if (messages.allow(conversationId)) return;
      // Neither 403 nor 429 nor 5xx: to those the official client answers by dying, or by saying nothing for 20 seconds.
      throw new ConflictError('TooManyMessages', 'Too many messages at once. Wait some seconds and send it again.');
    },
    take: async (pass, activity, attachments = []) => {
      if (activity.type === 'typing') return signalTyping(pass);
      if (activity.type === 'message') return saveMessage(pass, activity, attachments);
      switch (activity.name) {
        case 'zhike.cancel':
          return cancelWait(pass);
        case 'zhike.feedback':
          return saveVerdict(pass, activity);
        case 'zhike.rating':
          return saveRating(pass, activity);
        case 'zhike.read':
          return noteRead(pass, activity);
      }
    },
  };

  /** A signal only: what is typed is nobody's business before it is sent. */
  function signalTyping({ conversationId, userId, userName }: Pass): string {
    if (typing.allow(conversationId)) {
      const author = { role: 'customer', id: userId, name: userName } as const;
      signals.emit({ kind: 'typing', conversationId, author });
    }
    return `${conversationId}|${newId()}`;
  }

  async function saveMessage(
    pass: Pass,
    { text, channelData }: Extract<InboundActivity, { type: 'message' }>,
    attachments: readonly Attachment[],
  ): Promise<string> {
    if (text.trim() === '' && attachments.length === 0) throw fault('text', 'Must say something.');
    return save(pass, {
      kind: 'customer_wrote',
      at: now(),
      draft: { ...plainDraft(text), attachments },
      clientId: clientIdOf(channelData),
      channelData: channelData ?? null,
    });
  }

  async function saveVerdict(pass: Pass, event: InboundEvent): Promise<string> {
    const { about, helpful } = check(z.object({ value: feedbackValue }), event).value;
    const seq = seqOf(pass.conversationId, about);
    const [entry] = seq === null ? [] : await log.read(pass.conversationId, seq - 1, 1);
    const understanding = entry?.kind === 'message' ? entry.understanding : null;
    if (!entry || !understanding?.articleId) {
      throw fault('value.about', 'Must be the id of an answer in this conversation.');
    }
    const { articleId } = understanding;
    const question = lookedUp(understanding);
    const clientId = clientIdOf(event.channelData);
    return save(pass, { kind: 'customer_judged', at: now(), about: entry.seq, articleId, question, helpful, clientId });
  }

  /** What the score may be depends on what was asked; whether anything was, only the log may decide. */
  async function saveRating(pass: Pass, event: InboundEvent): Promise<string> {
    const conversation = await log.find(pass.conversationId);
    const value = ratingValue(conversation?.service.survey ?? null);
    const { score, comment } = check(z.object({ value }), event).value;
    const clientId = clientIdOf(event.channelData);
    return save(pass, { kind: 'customer_rated', at: now(), score, comment: comment?.trim() || null, clientId });
  }

  /** Dropped where there are too many, or where more was read before: a marker only moves on. */
  async function noteRead(pass: Pass, event: InboundEvent): Promise<string> {
    const { about } = check(z.object({ value: readValue }), event).value;
    const seq = seqOf(pass.conversationId, about);
    if (seq === null) throw fault('value.about', 'Must be the id of an activity of this conversation.');
    if (reading.allow(pass.conversationId)) {
      await log.write(pass.conversationId, { kind: 'customer_read', at: now(), seq });
    }
    return about;
  }

  async function cancelWait(pass: Pass): Promise<string> {
    const written = await log.write(pass.conversationId, { kind: 'customer_cancelled', at: now() });
    // Already back with the bot, by an earlier try of the same client: that is what it wanted.
    if (written.kind === 'refused' && written.conversation.status === 'bot') {
      return activityId(pass.conversationId, written.conversation.seq);
    }
    return idOf(pass, written);
  }

  async function save(pass: Pass, event: ConversationEvent): Promise<string> {
    return idOf(pass, await log.write(pass.conversationId, event));
  }
}

type InboundEvent = Extract<InboundActivity, { type: 'event' }>;

/** Nothing anybody waits for: too many are dropped instead of refused. */
function isSignal(activity: InboundActivity): boolean {
  return activity.type === 'typing' || (activity.type === 'event' && activity.name === 'zhike.read');
}

/** One fault in one field. */
export function fault(path: string, message: string): InputError {
  return new InputError(`${path}: ${message}`, [{ path, message }]);
}

function idOf({ conversationId }: Pass, written: Written): string {
  switch (written.kind) {
    case 'saved':
      return activityId(conversationId, writtenSeq(written.entries));
    case 'duplicate':
      return activityId(conversationId, written.entry.seq);
    case 'refused':
      throw new ConflictError(written.because, refusals[written.because] ?? 'The conversation has moved on.');
    case 'unknown':
      throw new NotFoundError('This conversation was not started.');
  }
}

const refusals: Partial<Readonly<Record<Refusal, string>>> = {
  not_waiting: 'The conversation does not wait in the queue.',
  not_asked: 'Nobody asked for a rating, or it was given before.',
};

/** A message may come with the status change it caused; it is the message that was sent. */
function writtenSeq(entries: readonly Entry[]): number {
  const sent = entries.find(({ kind, author }) => kind !== 'status' && author.role === 'customer');
  return (sent ?? entries[0])?.seq ?? 0;
}
