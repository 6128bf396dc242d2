import { type Conversation, type Message, type Understanding } from '../conversation/conversation.ts';
import type { ConversationEvent, EventOf } from '../conversation/events.ts';
import type { ConversationLog } from '../conversation/log.ts';
import type { Customers } from './customers.ts';
import { triage, type TriageSettings } from './routing/triage.ts';

export type IntakeNeeds = {
  /** How a message sounds, from -1 to 1; null where there is nothing to hear. */
  readonly sentimentOf: (text: string) => number | null;
  /** Thanks, a goodbye and the like. */
  readonly isSmallTalk: (text: string) => boolean;
  /** The `skill` of an article. */
  readonly skillOf: (articleId: string) => string | null;
  readonly customers: Pick<Customers, 'find'>;
  readonly settings: () => TriageSettings;
  readonly failed: (error: unknown) => void;
};

/**
 * The same log, for whoever brings in what customers and the bot say, on whatever channel: each customer message is saved
 * with how it sounds, and each handoff with where it goes and how urgently.
 */
export function withIntake(log: ConversationLog, needs: IntakeNeeds): ConversationLog {
  return { ...log, write: async (id, event) => log.write(id, await completed(log, needs, id, event)) };
}

async function completed(
  log: ConversationLog,
  needs: IntakeNeeds,
  id: string,
  event: ConversationEvent,
): Promise<ConversationEvent> {
  try {
    if (event.kind === 'customer_wrote') return heard(event, needs);
    if (event.kind === 'bot_took_turn' && event.handoff) return await routed(log, needs, id, event);
  } catch (error) {
    // What is known of it may be less; that it is saved, and goes somewhere, may not depend on this.
    needs.failed(error);
  }
  return event;
}

function heard(event: EventOf<'customer_wrote'>, needs: IntakeNeeds): EventOf<'customer_wrote'> {
  const { text, attachments } = event.draft;
  const isSmallTalk = attachments.length === 0 && needs.isSmallTalk(text);
  return { ...event, sentiment: text.trim() === '' ? null : needs.sentimentOf(text), isSmallTalk };
}

async function routed(
  log: ConversationLog,
  needs: IntakeNeeds,
  id: string,
  event: EventOf<'bot_took_turn'>,
): Promise<ConversationEvent> {
  const conversation = await log.find(id);
  if (!conversation || !event.handoff) return event;
  const { reason, understanding, sentiment = null, sensitiveTopic = null } = event.handoff;
  const [said, { tags }] = await Promise.all([
    lastWords(log, conversation),
    needs.customers.find({ channel: conversation.channel, id: conversation.customerId }),
  ]);
  const facts = {
    reason,
    questions: understanding ? [understanding.question, ...said] : said,
    channel: conversation.channel,
    tags,
    skill: skillIn(understanding, needs),
    sentiment: sentiment ?? conversation.service.mood?.last.score ?? null,
    sensitiveTopic,
  };
  return { ...event, handoff: { ...event.handoff, route: triage(facts, needs.settings()) } };
}

/** A topic further back is not what the customer needs a person for. */
const entriesLookedAt = 12;

async function lastWords(log: ConversationLog, { id, seq }: Conversation): Promise<readonly string[]> {
  const entries = await log.read(id, Math.max(0, seq - entriesLookedAt), entriesLookedAt);
  return entries
    .filter((entry): entry is Message => entry.kind === 'message' && entry.author.role === 'customer')
    .map(({ text }) => text);
}

/** The skill its topic asks for: that of the nearest article, if one is near at all. */
function skillIn(understanding: Understanding | null, { skillOf }: IntakeNeeds): string | null {
  const nearest = understanding?.candidates[0];
  return nearest && nearest.confidence >= nearEnough ? skillOf(nearest.articleId) : null;
}

/** Below this answering says that nothing matches. */
const nearEnough = 0.15;
