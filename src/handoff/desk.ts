import { plainDraft, type Conversation, type Entry } from '../conversation/conversation.ts';
import type { ConversationLog, Written } from '../conversation/log.ts';
import type { ConversationEvent, Refusal } from '../conversation/transition.ts';
import { AccessError, InputError } from '../errors.ts';
import type { Agent } from './agents.ts';

/** Why the desk did nothing; all of them ordinary. */
export type NotDone =
  | { readonly kind: 'unknown' }
  /** Somebody else has it: `by` is their name. */
  | { readonly kind: 'taken'; readonly by: string; readonly conversation: Conversation }
  /** It is not in the queue. */
  | { readonly kind: 'not_waiting'; readonly conversation: Conversation }
  /** The agent does not have it (any more), and nobody else has. */
  | { readonly kind: 'not_yours'; readonly conversation: Conversation }
  /** It changed hands since the agent looked. */
  | { readonly kind: 'stale'; readonly conversation: Conversation };

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

/**
 * What agents do with conversations. Editors are refused with an AccessError, text that is empty or too long with an
 * InputError; everything that depends on what others do meanwhile is an outcome.
 */
export type Desk = {
  /** Exactly one of several claims wins. Claiming what one has already is done at once. */
  claim(target: Target): Promise<Done<'claimed'> | NotDone>;
  /** Says something to the customer. Sent twice with one `clientId`, it is said once. */
  say(
    said: Target & { readonly text: string; readonly clientId: string | null; readonly version: number },
  ): Promise<Done<'said'> | NotDone>;
  /** Leaves a private note. Anybody who serves customers may, whoever has the conversation. */
  note(noted: Target & { readonly text: string; readonly clientId: string | null }): Promise<Done<'noted'> | NotDone>;
  /** Gives it back to the queue, where it keeps the place it had, or to the bot. */
  transfer(
    moved: Target & {
      readonly to: 'queue' | 'bot';
      readonly version: number;
      readonly seen: number;
      readonly note: string | null;
    },
  ): Promise<Done<'transferred'> | NotDone>;
  resolve(target: Target & { readonly version: number; readonly seen: number }): Promise<Done<'resolved'> | NotDone>;
  /** Gives everything the agent has back to the queue, as when their account is disabled. Returns how many. */
  releaseAll(agent: Agent): Promise<number>;
};

/** Agents and supervisors serve customers and read what they wrote; editors write articles and do neither. */
export function mayServe(agent: Agent): boolean {
  return !agent.disabled && (agent.role === 'agent' || agent.role === 'supervisor');
}

/** The longest message or note, in UTF-16 units. */
export const longestText = 8_000;

/** The desk over a log. */
export function createDesk(needs: { readonly log: ConversationLog; readonly now: () => number }): Desk {
  const { log, now } = needs;

  const act = async <Kind extends string>(
    done: Kind,
    { agent, conversationId }: Target,
    event: (by: { agent: { id: string; name: string }; at: number }) => ConversationEvent,
  ): Promise<Done<Kind> | NotDone> => {
    if (!mayServe(agent)) throw new AccessError('forbidden', 'Only agents and supervisors serve customers.');
    const by = { agent: { id: agent.id, name: agent.name }, at: now() };
    return outcome(done, await log.write(conversationId, event(by)));
  };

  return {
    claim: async (target) => {
      const claimed = await act('claimed', target, (by) => ({ kind: 'claimed', ...by }));
      if (claimed.kind !== 'taken' || claimed.conversation.agentId !== target.agent.id) return claimed;
      return { kind: 'claimed', conversation: claimed.conversation, entries: [] };
    },
    say: async ({ text, clientId, version, ...target }) =>
      act('said', target, (by) => ({
        kind: 'agent_wrote',
        ...by,
        version,
        clientId,
        draft: plainDraft(checkedText(text, 'text')),
      })),
    note: async ({ text, clientId, ...target }) =>
      act('noted', target, (by) => ({ kind: 'agent_noted', ...by, text: checkedText(text, 'text'), clientId })),
    transfer: async ({ to, version, seen, note, ...target }) =>
      act('transferred', target, (by) => ({
        kind: 'transferred',
        ...by,
        to,
        version,
        seen,
        note: note === null || note.trim() === '' ? null : checkedText(note, 'note'),
      })),
    resolve: async ({ version, seen, ...target }) =>
      act('resolved', target, (by) => ({ kind: 'resolved', ...by, version, seen })),
    releaseAll: async ({ id, name }) => {
      let released = 0;
      for (;;) {
        const held = await log.list({ statuses: ['assigned'], agentId: id, limit: 100 });
        if (held.length === 0) return released;
        for (const conversation of held) {
          const event = {
            agent: { id, name },
            at: now(),
            version: conversation.version,
            seen: conversation.seq,
            note: null,
          } as const;
          const written = await log.write(conversation.id, { kind: 'transferred', to: 'queue', ...event });
          if (written.kind === 'saved') released++;
        }
      }
    },
  };
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
      return { kind: 'taken', by: conversation.agentName ?? '', conversation };
    case 'not_yours':
      if (conversation.status === 'assigned') return { kind: 'taken', by: conversation.agentName ?? '', conversation };
      return { kind: 'not_yours', conversation };
    case 'not_waiting':
    case 'stale':
      return { kind: because, conversation };
    case 'overtaken':
      throw new Error('The log refused an agent as if it were the bot.');
  }
}

function checkedText(text: string, path: string): string {
  const length = text.trim().length;
  if (length > 0 && text.length <= longestText) return text;
  const message = `must be 1 to ${longestText} characters`;
  throw new InputError(`${path} ${message}`, [{ path, message }]);
}
