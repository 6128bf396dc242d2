import { emptyMemory, noService, type Conversation, type Route, type Service } from './conversation.ts';

/** Where something begins anew in a conversation: with a person, or with the bot. */

/** A person is asked for, and the promises begin to count. */
export function asked({ lastAgent, mood, readSeq, survey, rating }: Service, at: number, route: Route): Service {
  const { because } = route;
  return { ...noService, lastAgent, mood, readSeq, survey, rating, askedAt: at, waitingSince: at, because };
}

/** A customer begins to wait for a reply, with a promise of its own; who waits already waits on. */
export function newWait({ waitingSince, atRisk, broken }: Service, at: number): Partial<Service> {
  if (waitingSince !== null) return {};
  const others = (kinds: Service['broken']) => kinds.filter((kind) => kind !== 'next_response');
  return { waitingSince: at, atRisk: others(atRisk), broken: others(broken) };
}

/** Back with the bot: nobody owns it, and the bot starts afresh after all that was said meanwhile. */
export function toBot(before: Conversation): Partial<Conversation> & Pick<Conversation, 'service'> {
  const { lastAgent, mood, readSeq } = before.service;
  return {
    status: 'bot',
    agentId: null,
    agentName: null,
    queuedAt: null,
    serveBy: null,
    snoozedUntil: null,
    groupId: null,
    priority: 'medium',
    handoffReason: null,
    botCursor: before.customerSeq,
    memory: emptyMemory,
    service: { ...noService, lastAgent, mood, readSeq },
  };
}
