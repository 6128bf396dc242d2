import type { ServerResponse } from 'node:http';
import type { Signal, Signals } from '../conversation/signals.ts';
import { BusyError } from '../errors.ts';
import type { Presence } from '../handoff/agents.ts';
import { stream, type Answer } from '../http.ts';
import type { ChangedEvent, PresenceEvent, TypingEvent } from './api.ts';
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
/** A reader that is so many bytes behind is cut off; it reconnects and reads the log. */
export const longestBacklog = 1024 * 1024;

export type Live = {
  /** A stream of hints for this session. BusyError when the agent has too many open already. */
  open(session: Session): Answer;
  /** Ends the streams of a session that signed out; an agent without any other is gone at once. */
  endSession(session: Session): void;
  /** Ends everything. */
  close(): void;
};

export type LiveNeeds = {
  readonly signals: Signals;
  readonly presence: Presence;
  readonly isAlive: (token: string) => Promise<boolean>;
  readonly timers: Timers;
  /** Told of a failure in what nobody waits for. */
  readonly failed: (error: unknown) => void;
};

type Stream = { readonly session: Session; readonly response: ServerResponse };

/**
 * Live events: hints of what to read anew, to everyone who serves customers. An agent is present while one of their
 * streams is open. A stream lives no longer than its session, give or take a heartbeat.
 */
export function createLive({ signals, presence, isAlive, timers, failed }: LiveNeeds): Live {
  const streams = new Set<Stream>();
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
    write(opened, frame('presence', { agentsOnline } satisfies PresenceEvent));
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
      case 'saved': {
        const { id, seq, status } = signal.conversation;
        return broadcast('changed', { conversationId: id, seq, status } satisfies ChangedEvent);
      }
      case 'typing': {
        const { role, name } = signal.author;
        return broadcast('typing', {
          conversationId: signal.conversationId,
          author: { role, name },
        } satisfies TypingEvent);
      }
      case 'presence':
        return void countAgents().catch(failed);
    }
  }

  /** Tells of the number of agents, if it is another one: agents come and go on other nodes too. */
  async function countAgents(): Promise<void> {
    if (streams.size === 0) return;
    const count = await presence.onlineAgents();
    if (count === agentsOnline) return;
    agentsOnline = count;
    broadcast('presence', { agentsOnline } satisfies PresenceEvent);
  }

  async function heartbeat(): Promise<void> {
    for (const each of [...streams]) write(each, ': still here\n\n');
    for (const token of new Set([...streams].map(({ session }) => session.token))) {
      if (await isAlive(token)) continue;
      for (const each of [...streams]) if (each.session.token === token) each.response.end();
    }
    for (const id of new Set([...streams].map(({ session }) => session.agent.id))) await presence.touch(id);
    await countAgents();
  }

  function broadcast(event: string, data: unknown): void {
    if (streams.size === 0) return;
    const text = frame(event, data);
    for (const each of [...streams]) write(each, text);
  }

  function write({ response }: Stream, text: string): void {
    if (response.writableEnded || response.destroyed) return;
    response.write(text);
    if (response.writableLength > longestBacklog) response.destroy();
  }

  return {
    open,
    endSession: ({ token, agent }) => {
      for (const each of [...streams]) {
        if (each.session.token !== token) continue;
        streams.delete(each);
        each.response.end();
      }
      leave(agent.id);
    },
    close: () => {
      stopListening();
      stopHeartbeat();
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

function frame(event: string, data: unknown): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
