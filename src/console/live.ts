import type { ServerResponse } from 'node:http';
import type { Author, Conversation, Entry } from '../conversation/conversation.ts';
import type { ConversationLog } from '../conversation/log.ts';
import type { Signal, Signals } from '../conversation/signals.ts';
import { BusyError } from '../errors.ts';
import { mayReach, serves, type Accessed } from '../handoff/access.ts';
import type { Agent, Presence } from '../handoff/agents.ts';
import { stream, type Answer } from '../http.ts';
import type { LiveEvents } from './api.ts';
import type { Session } from './session.ts';

/** Timers, so that tests hold the clock. Both return the function that cancels. */
export type Timers = {
  every(ms: number, run: () => void): () => void;
  after(ms: number, run: () => void): () => void;
};

/** The machine's timers. They don't keep the process alive. */
export const systemTimers: Timers = {
  every: (ms, run) => {
    const timer = setInterval(run, ms).unref();
    return () => clearInterval(timer);
  },
  after: (ms, run) => {
    const timer = setTimeout(run, ms).unref();
    return () => clearTimeout(timer);
  },
};

export const heartbeatEvery = 15_000;
/** An agent who reloads the page has not left. */
export const leaveAfter = 10_000;
export const streamsPerAgent = 8;
/** Colleagues come and go in crowds: whoever keeps them at hand is told of all that happened in such a time at once. */
export const directoryEvery = 2_000;
/** Of so many conversations it is remembered who reached them, to tell those who do not any more. */
const remembered = 10_000;
/** A reader that is so many bytes behind is cut off; it reconnects and reads the log. */
export const longestBacklog = 1024 * 1024;

export type Live = {
  /** A stream of hints for this session. BusyError when the agent has too many open already. */
  open(session: Session): Answer;
  /** An agent types in a conversation that they do not have: their colleagues are told, the customer is not. */
  colleagueTyping(conversation: Conversation, author: Author): void;
  /** What `GET directory` gives may have changed. */
  directoryChanged(): void;
  /** Ends the streams of a session that signed out; an agent without any other is gone at once. */
  endSession(session: Session): void;
  /** Ends everything. */
  close(): void;
};

export type LiveNeeds = {
  readonly signals: Signals;
  readonly presence: Presence;
  readonly log: Pick<ConversationLog, 'find'>;
  /** The agent whose session this is, as their account stands now; null when it has ended. */
  readonly agentOf: (token: string) => Promise<Agent | null>;
  readonly timers: Timers;
  /** Told of a failure in what nobody waits for. */
  readonly failed: (error: unknown) => void;
};

type Stream = { session: Session; readonly response: ServerResponse };

/**
 * Live events: hints of what to read anew, to everyone who serves customers and reaches what they speak of. An agent is
 * present while one of their streams is open. A stream lives no longer than its session, and what it is told is what its
 * account allows, give or take a heartbeat.
 */
export function createLive({ signals, presence, log, agentOf, timers, failed: tellFailed }: LiveNeeds): Live {
  const streams = new Set<Stream>();
  const reach = new Map<string, Accessed>();
  let cancelDirectory: (() => void) | null = null;
  let isClosed = false;
  /** What is still under way when everything ends may fail. */
  const failed = (error: unknown): void => {
    if (!isClosed) tellFailed(error);
  };
  const leaving = new Map<string, () => void>();
  let agentsOnline = -1;
  const stopListening = signals.listen(onSignal);
  const stopHeartbeat = timers.every(heartbeatEvery, () => void heartbeat().catch(failed));

  const streamsOf = (agentId: string) => [...streams].filter(({ session }) => session.agent.id === agentId);

  function open(session: Session): Answer {
    if (streamsOf(session.agent.id).length >= streamsPerAgent) {
      throw new BusyError(`You have ${streamsPerAgent} consoles open. Close one first.`, 30);
    }
    return stream({ 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' }, (response) => {
      const opened = { session, response };
      streams.add(opened);
      response.once('close', () => closed(opened));
      response.on('error', () => response.destroy());
      write(opened, 'retry: 2000\n\n');
      void arrived(opened).catch(failed);
    });
  }

  async function arrived(opened: Stream): Promise<void> {
    const { id } = opened.session.agent;
    await presence.touch(id);
    await countAgents();
    write(opened, frame('presence', { agentsOnline }));
    if (streamsOf(id).length === 1) signals.emit({ kind: 'presence' });
  }

  function closed(opened: Stream): void {
    const { id } = opened.session.agent;
    if (!streams.delete(opened) || streamsOf(id).length > 0) return;
    leaving.get(id)?.();
    leaving.set(
      id,
      timers.after(leaveAfter, () => leave(id)),
    );
  }

  /** Unless they are back. */
  function leave(agentId: string): void {
    leaving.get(agentId)?.();
    leaving.delete(agentId);
    if (streamsOf(agentId).length > 0) return;
    void presence.leave(agentId).then(() => signals.emit({ kind: 'presence' }), failed);
  }

  function onSignal(signal: Signal): void {
    switch (signal.kind) {
      case 'saved':
        return saved(signal.conversation, signal.entries);
      case 'typing':
        return void typing(signal.conversationId, signal.author).catch(failed);
      case 'presence':
        directoryChanged();
        return void countAgents().catch(failed);
    }
  }

  function saved(conversation: Conversation, entries: readonly Entry[]): void {
    const { id, seq, status, agentId } = conversation;
    const before = reach.get(id);
    remember(conversation);
    if (streams.size === 0) return;
    const changed = frame('changed', { conversationId: id, seq, status, agentId });
    const gone = frame('gone', { conversationId: id });
    for (const each of [...streams]) {
      const { agent } = each.session;
      if (mayReach(agent, conversation)) write(each, changed);
      else if (before && mayReach(agent, before)) write(each, gone);
    }
    for (const entry of entries)
      if (entry.kind === 'message' && entry.mentions.length > 0) mention(conversation, entry);
  }

  function mention(conversation: Conversation, { author, mentions }: Extract<Entry, { kind: 'message' }>): void {
    const by = { id: author.id, name: author.name ?? '' };
    broadcast('mentioned', { conversationId: conversation.id, by }, (agent) => {
      return agent.id !== author.id && mentions.includes(agent.id) && mayReach(agent, conversation);
    });
  }

  async function typing(conversationId: string, author: Author): Promise<void> {
    if (streams.size === 0) return;
    const accessed = reach.get(conversationId) ?? (await log.find(conversationId));
    if (accessed) tellTyping(conversationId, accessed, author);
  }

  /** To everybody but who types, in all of their windows. */
  function tellTyping(conversationId: string, accessed: Accessed, { role, id, name }: Author, draft = false): void {
    const event = { conversationId, author: { role, id, name }, draft };
    broadcast('typing', event, (agent) => (role !== 'agent' || agent.id !== id) && mayReach(agent, accessed));
  }

  /** Who reaches a conversation, the longest unchanged forgotten first. */
  function remember({ id, groupId, agentId, service: { reservedFor } }: Conversation): void {
    reach.delete(id);
    reach.set(id, { groupId, agentId, service: { reservedFor } });
    if (reach.size > remembered) for (const oldest of reach.keys()) if (reach.delete(oldest)) break;
  }

  /** What happens within a while is told of once, at its end. */
  function directoryChanged(): void {
    cancelDirectory ??= timers.after(directoryEvery, () => {
      cancelDirectory = null;
      broadcast('directory', {});
    });
  }

  /** Tells of the number of agents, if it is another one: agents come and go on other nodes too. */
  async function countAgents(): Promise<void> {
    if (streams.size === 0) return;
    const count = await presence.onlineAgents();
    if (count === agentsOnline) return;
    agentsOnline = count;
    broadcast('presence', { agentsOnline });
  }

  async function heartbeat(): Promise<void> {
    for (const each of [...streams]) write(each, ': still here\n\n');
    for (const token of new Set([...streams].map(({ session }) => session.token))) {
      const agent = await agentOf(token);
      for (const each of [...streams]) {
        if (each.session.token !== token) continue;
        if (agent && serves(agent)) each.session = { token, agent };
        else each.response.end();
      }
    }
    for (const id of new Set([...streams].map(({ session }) => session.agent.id))) await presence.touch(id);
    await countAgents();
  }

  function broadcast<Name extends keyof LiveEvents>(
    name: Name,
    event: LiveEvents[Name],
    isFor: (agent: Agent) => boolean = () => true,
  ): void {
    if (streams.size === 0) return;
    const text = frame(name, event);
    for (const each of [...streams]) if (isFor(each.session.agent)) write(each, text);
  }

  function write({ response }: Stream, text: string): void {
    if (response.writableEnded || response.destroyed) return;
    response.write(text);
    if (response.writableLength > longestBacklog) response.destroy();
  }

  return {
    open,
    colleagueTyping: (conversation, author) => tellTyping(conversation.id, conversation, author, true),
    directoryChanged,
    endSession: ({ token, agent }) => {
      for (const each of [...streams]) {
        if (each.session.token !== token) continue;
        streams.delete(each);
        each.response.end();
      }
      leave(agent.id);
    },
    close: () => {
      isClosed = true;
      stopListening();
      stopHeartbeat();
      cancelDirectory?.();
      for (const cancel of leaving.values()) cancel();
      leaving.clear();
      // Whoever was here is still at their desk: after a restart their page is back before presence runs out.
      for (const each of [...streams]) {
        streams.delete(each);
        each.response.end();
      }
    },
  };
}

function frame<Name extends keyof LiveEvents>(name: Name, data: LiveEvents[Name]): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
