import type { Conversation, Entry } from '../conversation/conversation.ts';
import type { ConversationSummary } from '../conversation/log.ts';
import { ConflictError, NotFoundError } from '../errors.ts';
import type { Customer, Customers } from '../handoff/customers.ts';
import type { Done, NotDone } from '../handoff/desk.ts';
import { openingHours } from '../handoff/promises/hours.ts';
import { nextPromise, promisesOf } from '../handoff/promises/promises.ts';
import type { Settings } from '../handoff/settings/settings.ts';
import type { ConversationView, SummaryView, WrittenAnswer } from './api.ts';
import { presentConversation, presentEntry, presentSummary } from './presenters.ts';

/** Conversations as they are shown: with what is known of the customer, and what they were promised. */
export type Views = {
  conversation(conversation: Conversation): Promise<ConversationView>;
  /** A page of them, with one question for all their customers. */
  summaries(summaries: readonly ConversationSummary[]): Promise<SummaryView[]>;
  /** What the desk did; what it did not do becomes an error that says why. */
  written(outcome: Done<string> | NotDone): Promise<WrittenAnswer>;
};

export function createViews(needs: {
  readonly customers: Pick<Customers, 'findMany'>;
  readonly settings: () => Pick<Settings, 'promises' | 'hours'>;
  readonly now: () => number;
}): Views {
  const { customers, settings, now } = needs;
  const besides = async (conversations: readonly Conversation[]) => {
    const { promises, hours } = settings();
    const opening = openingHours(hours);
    const at = now();
    const known = await knownOf(customers, conversations);
    return (conversation: Conversation) => ({
      customer: known(conversation),
      promise: nextPromise(promisesOf(conversation, promises, opening, at)),
    });
  };
  const conversationView = async (conversation: Conversation): Promise<ConversationView> =>
    presentConversation(conversation, (await besides([conversation]))(conversation));
  return {
    conversation: conversationView,
    summaries: async (summaries) => {
      const of = await besides(summaries);
      return summaries.map((summary) => presentSummary(summary, of(summary)));
    },
    written: async (outcome) => {
      if (!('entries' in outcome)) throw errorOf(outcome);
      const { conversation, entries } = outcome;
      return { conversation: await conversationView(conversation), entries: presentEntries(entries) };
    },
  };
}

/** Finds what is known of the customers of some conversations. */
export async function knownOf(
  customers: Pick<Customers, 'findMany'>,
  conversations: readonly Pick<Conversation, 'channel' | 'customerId'>[],
): Promise<(conversation: Pick<Conversation, 'channel' | 'customerId'>) => Customer | null> {
  const keys = conversations.map(({ channel, customerId: id }) => ({ channel, id }));
  const found = new Map((await customers.findMany(keys)).map((one) => [keyOf(one.channel, one.id), one]));
  return ({ channel, customerId }) => found.get(keyOf(channel, customerId)) ?? null;
}

export function presentEntries(entries: readonly Entry[]): WrittenAnswer['entries'] {
  return entries.map(presentEntry);
}

function keyOf(channel: string, id: string): string {
  return JSON.stringify([channel, id]);
}

function errorOf(outcome: NotDone): Error {
  switch (outcome.kind) {
    case 'unknown':
      return new NotFoundError('There is no such conversation.');
    case 'taken':
      return new ConflictError('taken', `${outcome.by || 'A colleague'} has this conversation.`);
    case 'not_waiting':
      return new ConflictError('not_waiting', 'The customer is not waiting in the queue.');
    case 'not_yours':
      return new ConflictError('not_yours', 'You do not have this conversation. Claim it first.');
    case 'stale':
      return new ConflictError('stale', 'The conversation has changed since you looked. Read it anew.');
    case 'unavailable':
      return new ConflictError('unavailable', `${outcome.name} is not there.`);
  }
}
