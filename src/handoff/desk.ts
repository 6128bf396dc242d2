import {
  plainDraft,
  type Attachment,
  type Conversation,
  type Entry,
  type Person,
} from '../conversation/conversation.ts';
import { agentAuthor } from '../conversation/entries.ts';
import type { ConversationEvent, EventOf, Refusal, TransferTarget } from '../conversation/events.ts';
import type { ConversationLog, Written } from '../conversation/log.ts';
import { AccessError, InputError } from '../errors.ts';
import { mayReach, serves } from './access.ts';
import type { Agent } from './agents.ts';
import type { Roster } from './roster.ts';
import type { Settings } from './settings/settings.ts';

/** Why the desk did nothing; all of them ordinary. */
export type NotDone =
  /** There is no such conversation, or none that this agent may know of. */
  | { readonly kind: 'unknown' }
  /** Somebody else has it: `by` is their name. */
  | { readonly kind: 'taken'; readonly by: string; readonly conversation: Conversation }
  /** It is not in the queue. */
  | { readonly kind: 'not_waiting'; readonly conversation: Conversation }
  /** The agent does not have it (any more), and nobody else has. */
  | { readonly kind: 'not_yours'; readonly conversation: Conversation }
  /** It changed hands since the agent looked. */
  | { readonly kind: 'stale'; readonly conversation: Conversation }
  /** The colleague it should go to is not there. */
  | { readonly kind: 'unavailable'; readonly name: string };

export type Done<Kind extends string> = {
  readonly kind: Kind;
  readonly conversation: Conversation;
  /** What it added to the log. A repeated request gets the entries of the first. */
  readonly entries: readonly Entry[];
};

/**
 * What a request of an agent speaks of. `version` is that of the conversation as the agent last saw it, `seen` the seq of
 * the last entry they saw: who lets a customer go must have read their last words.
 */
type Target = { readonly agent: Agent; readonly conversationId: string };
type Versioned = Target & { readonly version: number };

/** Whom an agent gives a conversation to; colleagues and groups by id. */
export type TransferTo =
  | { readonly kind: 'queue' | 'bot' }
  | { readonly kind: 'group'; readonly groupId: string }
  | { readonly kind: 'agent'; readonly agentId: string };

/** What is said to a customer. */
export type Said = {
  readonly text: string;
  readonly clientId: string | null;
  readonly attachments?: readonly Attachment[];
  /** Seq of the message it quotes. */
  readonly replyTo?: number | null;
  /** The article that was sent, and the wording it answers at that seq. */
  readonly article?: EventOf<'agent_wrote'>['article'];
};

/**
 * What agents and supervisors do with conversations. Who may not reach a conversation hears that there is none; who may
 * not do a thing gets an AccessError; text that is empty or too long and a group that does not exist an InputError.
 * Everything that depends on what others do meanwhile is an outcome.
 */
export type Desk = {
  /** Exactly one of several claims wins. Claiming what one has already is done at once. */
  claim(target: Target): Promise<Done<'claimed'> | NotDone>;
  /** Says something to the customer. Sent twice with one `clientId`, it is said once. */
  say(said: Versioned & Said): Promise<Done<'said'> | NotDone>;
  /** Leaves a private note. Anybody who reaches the conversation may; from a supervisor to its agent it is a whisper. */
  note(
    noted: Target & {
      readonly text: string;
      readonly clientId: string | null;
      /** Ids of the colleagues it is meant for. */
      readonly mentions?: readonly string[];
    },
  ): Promise<Done<'noted'> | NotDone>;
  /** Gives it to the queue, where it keeps the place it had, to a group, a colleague, or the bot. */
  transfer(
    moved: Versioned & { readonly to: TransferTo; readonly seen: number; readonly note: string | null },
  ): Promise<Done<'transferred'> | NotDone>;
  /** Ends it. The customer is asked how it was, as it was set up. */
  resolve(
    ended: Versioned & { readonly seen: number; readonly resolution?: string | null },
  ): Promise<Done<'resolved'> | NotDone>;
  /** Puts it off until then; null takes that back. */
  snooze(target: Versioned & { readonly until: number | null }): Promise<Done<'snoozed'> | NotDone>;
  /** Ends another conversation of the same customer that is not resolved yet, and goes on in this one. */
  merge(
    target: Versioned & { readonly other: { readonly id: string; readonly seen: number } },
  ): Promise<Done<'merged'> | NotDone>;
  /** Takes it from the bot or from among the resolved ones; a supervisor also from a colleague. */
  takeOver(target: Versioned): Promise<Done<'taken_over'> | NotDone>;
  /** A supervisor gives it to somebody. */
  assign(target: Versioned & { readonly to: string }): Promise<Done<'assigned'> | NotDone>;
  /** Says where it goes or how urgent it is. */
  route(
    target: Target & { readonly route: Partial<Pick<Conversation, 'groupId' | 'priority'>> },
  ): Promise<Done<'routed'> | NotDone>;
  /** Gives everything the agent has back to the queue, as when their account is disabled. Returns how many. */
  releaseAll(agent: Agent): Promise<number>;
};

/** The longest message or note, in UTF-16 units. */
export const longestText = 8_000;
/** The longest snooze, in milliseconds. */
export const longestSnooze = 90 * 24 * 60 * 60_000;

export type DeskNeeds = {
  readonly log: ConversationLog;
  readonly roster: Pick<Roster, 'colleague'>;
  readonly settings: () => Pick<Settings, 'groups' | 'routing' | 'resolutions' | 'survey'>;
  readonly now: () => number;
};

/** The desk over a log. */
export function createDesk({ log, roster, settings, now }: DeskNeeds): Desk {
  const act = async <Kind extends string>(
    done: Kind,
    target: Target,
    event: (by: { agent: Person; at: number }, before: Conversation) => ConversationEvent | NotDone,
  ): Promise<Done<Kind> | NotDone> => {
    const { agent, conversationId } = target;
    mustServe(agent);
    const before = await log.find(conversationId);
    if (!before || !mayReach(agent, before)) return { kind: 'unknown' };
    const wanted = event({ agent: personOf(agent), at: now() }, before);
    return 'at' in wanted ? outcome(done, await log.write(conversationId, wanted)) : wanted;
  };

  /** A colleague somebody wants to give a conversation to, if they can take one. */
  const recipient = async (id: string): Promise<Person | Extract<NotDone, { kind: 'unavailable' }>> => {
    const colleague = await roster.colleague(id);
    if (!colleague) throw fault('to', 'must be somebody who serves customers');
    return colleague.status === 'offline' ? { kind: 'unavailable', name: colleague.name } : personOf(colleague);
  };

  const targetOf = async (
    to: TransferTo,
    from: Agent,
  ): Promise<TransferTarget | Extract<NotDone, { kind: 'unavailable' }>> => {
    switch (to.kind) {
      case 'queue':
      case 'bot':
        return { kind: to.kind };
      case 'group':
        return { kind: 'group', groupId: existing(to.groupId) };
      case 'agent': {
        if (to.agentId === from.id) throw fault('to', 'must be somebody else');
        const agent = await recipient(to.agentId);
        return 'kind' in agent ? agent : { kind: 'agent', agent };
      }
    }
  };

  const existing = (groupId: string): string => {
    if (settings().groups.groups.some(({ id }) => id === groupId)) return groupId;
    throw fault('to', 'must be a skill group that exists');
  };

  const returnsUntil = (): number => now() + settings().routing.reopenHours * 60 * 60_000;

  return {
    claim: async (target) => {
      const claimed = await act('claimed', target, (by) => ({ kind: 'claimed', ...by }));
      if (claimed.kind !== 'taken' || claimed.conversation.agentId !== target.agent.id) return claimed;
      return { kind: 'claimed', conversation: claimed.conversation, entries: [] };
    },
    say: async ({ text, clientId, version, attachments = [], replyTo = null, article = null, ...target }) =>
      act('said', target, (by) => ({
        kind: 'agent_wrote',
        ...by,
        version,
        clientId,
        draft: {
          ...plainDraft(attachments.length > 0 ? boundedText(text, 'text') : checkedText(text, 'text')),
          attachments,
        },
        replyTo,
        article,
      })),
    note: async ({ text, clientId, mentions = [], ...target }) =>
      act('noted', target, (by) => ({
        kind: 'agent_noted',
        ...by,
        text: checkedText(text, 'text'),
        clientId,
        mentions,
      })),
    transfer: async ({ to, version, seen, note, ...target }) => {
      const wanted = await targetOf(to, target.agent);
      if (wanted.kind === 'unavailable') return wanted;
      return act('transferred', target, (by) => ({
        kind: 'transferred',
        ...by,
        to: wanted,
        version,
        seen,
        note: note === null || note.trim() === '' ? null : checkedText(note, 'note'),
      }));
    },
    resolve: async ({ version, seen, resolution = null, ...target }) => {
      const { resolutions, survey } = settings();
      checkResolution(resolution, resolutions);
      return act('resolved', target, (by) => ({
        kind: 'resolved',
        ...by,
        version,
        seen,
        resolution,
        survey: survey.kind,
        returnsUntil: returnsUntil(),
      }));
    },
    snooze: async ({ version, until, ...target }) => {
      if (until !== null && (until <= now() || until > now() + longestSnooze)) {
        throw fault('until', 'must be later than now and within 90 days');
      }
      return act('snoozed', target, (by) => ({ kind: 'snoozed', ...by, version, until }));
    },
    merge: async ({ version, other, ...target }) => {
      mustServe(target.agent);
      if (other.id === target.conversationId) throw fault('other', 'must be another conversation');
      const [into, absorbed] = await Promise.all([log.find(target.conversationId), log.find(other.id)]);
      if (!into || !absorbed || [into, absorbed].some((one) => !mayReach(target.agent, one)))
        return { kind: 'unknown' };
      if (into.channel !== absorbed.channel || into.customerId !== absorbed.customerId) {
        throw fault('other', 'must be a conversation of the same customer');
      }
      // Asked again, as when the answer was lost.
      if (absorbed.service.mergedInto === into.id) return { kind: 'merged', conversation: into, entries: [] };
      if (absorbed.status === 'resolved') return { kind: 'stale', conversation: absorbed };
      if (absorbed.status === 'assigned' && absorbed.agentId !== target.agent.id) return taken(absorbed);
      if (absorbed.customerSeq > other.seen) return { kind: 'stale', conversation: absorbed };
      // This one first: should the other stay open, it can be merged again; nothing is ever closed without its sequel.
      const merged = await act('merged', target, (by) => ({
        kind: 'absorbed',
        ...by,
        version,
        conversationId: other.id,
      }));
      if (!('entries' in merged)) return merged;
      const closed = await act('merged', { ...target, conversationId: other.id }, (by) => ({
        kind: 'merged',
        ...by,
        into: target.conversationId,
        seen: other.seen,
        returnsUntil: returnsUntil(),
      }));
      return 'entries' in closed ? merged : closed;
    },
    takeOver: async ({ version, ...target }) =>
      act('taken_over', target, ({ agent, at }, before) => {
        if (before.status === 'queued') return { kind: 'claimed', at, agent };
        if (before.status === 'assigned' && target.agent.role !== 'supervisor') return taken(before);
        return { kind: 'assigned', at, by: agentAuthor(agent), to: agent, version, cause: 'takeover' };
      }),
    assign: async ({ version, to, ...target }) => {
      if (target.agent.role !== 'supervisor')
        throw new AccessError('forbidden', 'Only supervisors assign conversations.');
      const agent = await recipient(to);
      if ('kind' in agent) return agent;
      return act('assigned', target, (by) => ({
        kind: 'assigned',
        at: by.at,
        by: agentAuthor(by.agent),
        to: agent,
        version,
        cause: 'assign',
      }));
    },
    route: async ({ route, ...target }) => {
      if (route.groupId) existing(route.groupId);
      return act('routed', target, ({ agent, at }, before) => {
        const { groupId = before.groupId, priority = before.priority } = route;
        const chosen = {
          kind: 'agent' as const,
          from: agent.name,
          ...(groupId === null ? {} : { group: groupId }),
          priority,
        };
        const because = [...before.service.because, chosen];
        return { kind: 'routed', at, by: agentAuthor(agent), route: { groupId, priority, because } };
      });
    },
    releaseAll: (agent) => releaseAll(agent, { log, now }),
  };
}

/** Gives everything an agent has back to the queue. Returns how many. */
export async function releaseAll(
  { id, name }: Person,
  { log, now }: { readonly log: Pick<ConversationLog, 'list' | 'write'>; readonly now: () => number },
): Promise<number> {
  let released = 0;
  for (;;) {
    const held = await log.list({ statuses: ['assigned'], agentId: id, limit: 100 });
    if (held.length === 0) return released;
    for (const { id: conversationId, version, seq } of held) {
      const written = await log.write(conversationId, {
        kind: 'transferred',
        agent: { id, name },
        at: now(),
        version,
        seen: seq,
        to: { kind: 'queue' },
        note: null,
      });
      if (written.kind === 'saved') released++;
    }
  }
}

function mustServe(agent: Agent): void {
  if (!serves(agent)) throw new AccessError('forbidden', 'Only agents and supervisors serve customers.');
}

function personOf({ id, name }: Person): Person {
  return { id, name };
}

function outcome<Kind extends string>(done: Kind, written: Written): Done<Kind> | NotDone {
  switch (written.kind) {
    case 'saved':
      return { kind: done, conversation: written.conversation, entries: written.entries };
    case 'duplicate':
      return { kind: done, conversation: written.conversation, entries: [written.entry] };
    case 'unknown':
      return { kind: 'unknown' };
    case 'refused':
      return notDone(written.because, written.conversation);
  }
}

function notDone(because: Refusal, conversation: Conversation): NotDone {
  switch (because) {
    case 'taken':
      return taken(conversation);
    case 'not_yours':
      return conversation.status === 'assigned' ? taken(conversation) : { kind: 'not_yours', conversation };
    case 'not_waiting':
    case 'stale':
      return { kind: because, conversation };
    case 'overtaken':
    case 'not_asked':
      throw new Error(`The log refused an agent as if they were somebody else: ${because}.`);
  }
}

function taken(conversation: Conversation): NotDone {
  return { kind: 'taken', by: conversation.agentName ?? '', conversation };
}

function checkResolution(resolution: string | null, { required, reasons }: Settings['resolutions']): void {
  if (resolution === null ? !required : reasons.some(({ id }) => id === resolution)) return;
  throw fault('resolution', resolution === null ? 'must be chosen' : 'must be one of the reasons that are set up');
}

function checkedText(text: string, path: string): string {
  if (text.trim().length > 0) return boundedText(text, path);
  throw fault(path, `must be 1 to ${longestText} characters`);
}

function boundedText(text: string, path: string): string {
  if (text.length <= longestText) return text;
  throw fault(path, `must be 1 to ${longestText} characters`);
}

function fault(path: string, message: string): InputError {
  return new InputError(`${path} ${message}`, [{ path, message }]);
}
