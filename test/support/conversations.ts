import {
  begun,
  plainDraft,
  type Conversation,
  type Draft,
  type Entry,
  type NewConversation,
  type Person,
  type Understanding,
} from '../../src/conversation/conversation.ts';
import type { ConversationLog, Written } from '../../src/conversation/log.ts';
import type { ConversationEvent } from '../../src/conversation/events.ts';
import type { Agent } from '../../src/handoff/agents.ts';

/** Builders: what a test doesn't name gets a plain value. */

export function newConversation(given: Partial<NewConversation> = {}): NewConversation {
  return { id: 'c1', channel: 'directline', customerId: 'u1', customerName: null, locale: 'zh-Hans', ...given };
}

export function aConversation(given: Partial<Conversation> = {}): Conversation {
  return { ...begun(newConversation(), 0), ...given };
}

export function anAgent(given: Partial<Agent> = {}): Agent {
  return {
    id: 'a1',
    email: 'li@example.com',
    name: '小李',
    role: 'agent',
    disabled: false,
    status: 'online',
    capacity: null,
    groups: [],
    ...given,
  };
}

export function draft(text: string, given: Partial<Draft> = {}): Draft {
  return { ...plainDraft(text), ...given };
}

export function understanding(given: Partial<Understanding> = {}): Understanding {
  return {
    question: '运费多少',
    outcome: 'answer',
    articleId: 'shipping-fee',
    confidence: 0.9,
    candidates: [{ articleId: 'shipping-fee', title: '运费怎么算', confidence: 0.9 }],
    unmatched: [],
    ...given,
  };
}

type Event<Kind extends ConversationEvent['kind']> = Extract<ConversationEvent, { kind: Kind }>;

export function customerWrote(text: string, given: Partial<Event<'customer_wrote'>> = {}): Event<'customer_wrote'> {
  return { kind: 'customer_wrote', at: 1_000, draft: draft(text), clientId: null, channelData: null, ...given };
}

/** The bot's turn with the last customer message of `conversation`. */
export function botTookTurn(
  conversation: Conversation,
  given: Partial<Event<'bot_took_turn'>> = {},
): Event<'bot_took_turn'> {
  return {
    kind: 'bot_took_turn',
    at: 1_000,
    cursor: conversation.botCursor,
    through: conversation.customerSeq,
    replies: [draft('您好')],
    memory: conversation.memory,
    handoff: null,
    verdict: null,
    ...given,
  };
}

export function handsOver(conversation: Conversation, given: Partial<Event<'bot_took_turn'>> = {}) {
  return botTookTurn(conversation, {
    replies: [draft('为您转接人工')],
    handoff: { reason: 'customer_request', understanding: null },
    ...given,
  });
}

export function claimedBy(agent: Person, at = 1_000): Event<'claimed'> {
  return { kind: 'claimed', at, agent: { id: agent.id, name: agent.name } };
}

export function agentWrote(agent: Person, version: number, given: Partial<Event<'agent_wrote'>> = {}) {
  const by = { id: agent.id, name: agent.name };
  const event: Event<'agent_wrote'> = {
    kind: 'agent_wrote',
    at: 1_000,
    agent: by,
    version,
    draft: draft('我来帮您'),
    clientId: null,
    ...given,
  };
  return event;
}

/** Writes and insists that it was saved. */
export async function saved(
  log: ConversationLog,
  id: string,
  event: ConversationEvent,
): Promise<Extract<Written, { kind: 'saved' }>> {
  const written = await log.write(id, event);
  if (written.kind !== 'saved') throw new Error(`Expected ${event.kind} to be saved: ${JSON.stringify(written)}`);
  return written;
}

/** Starts a conversation that waits in the queue since `at`. */
export async function startQueued(
  log: ConversationLog,
  given: Partial<NewConversation> = {},
  at = 1_000,
): Promise<Conversation> {
  const { conversation } = await log.start(newConversation(given), at);
  const asked = await saved(log, conversation.id, customerWrote('转人工', { at }));
  return (await saved(log, conversation.id, handsOver(asked.conversation, { at }))).conversation;
}

/** The whole log of a conversation. */
export async function allEntries(log: ConversationLog, id: string): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for (;;) {
    const page = await log.read(id, entries.at(-1)?.seq ?? 0, 1_000);
    if (page.length === 0) return entries;
    entries.push(...page);
  }
}
