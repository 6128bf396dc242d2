import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createWebhook, type Webhook, type WebhookEvent } from '../../../src/channels/webhook/webhook.ts';
import { createSignals, type Signals } from '../../../src/conversation/signals.ts';
import type { ConversationLog } from '../../../src/conversation/log.ts';
import type { DeliveryStore } from '../../../src/handoff/deliveries.ts';

export const secret = 'a secret of the two desks';

/** One request as it came. */
export type Received = {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly raw: string;
  readonly event: ReceivedEvent;
};

export type ReceivedEvent = Readonly<Record<string, unknown>> & {
  readonly conversation?: { readonly id: string };
  readonly attachments?: readonly { readonly content: { readonly activities: readonly { readonly text: string }[] } }[];
};

/** A status to answer with, or whatever else a server may do. */
export type Reaction = number | ((response: ServerResponse) => void);

export type OutsideDesk = {
  readonly url: string;
  readonly received: Received[];
  /** What is done with each request from now on. */
  answers(reaction: (received: Received) => Reaction): void;
  /** Resolves when the next request is there. */
  next(): Promise<Received>;
  close(): Promise<void>;
};

/** A desk of somebody else, on loopback. */
export async function openOutsideDesk(): Promise<OutsideDesk> {
  const received: Received[] = [];
  const waiting: ((received: Received) => void)[] = [];
  let react: (received: Received) => Reaction = () => 200;
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    response.on('error', () => undefined);
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks).toString();
      const one = {
        path: request.url ?? '',
        headers: request.headers,
        raw,
        event: JSON.parse(raw || '{}') as ReceivedEvent,
      };
      received.push(one);
      for (const tell of waiting.splice(0)) tell(one);
      const reaction = react(one);
      if (typeof reaction === 'function') return reaction(response);
      // Not in one go: restify, once loaded in this process by another test, lets writeHead return nothing.
      response.writeHead(reaction);
      response.end(reaction < 300 ? '' : 'no, because of this');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    answers: (reaction) => (react = reaction),
    next: () => new Promise((resolve) => waiting.push(resolve)),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A clock that is moved, and what is to be done when. */
export type Clock = {
  now(): number;
  later(callback: () => void, milliseconds: number): () => void;
  /** Moves on, doing what becomes due in its order; `between` is awaited after each. */
  passes(milliseconds: number, between?: () => Promise<void>): Promise<void>;
  /** The same in steps of a minute, in which whatever became due is done late: days pass in a second. */
  strides(milliseconds: number, between: () => Promise<void>): Promise<void>;
};

export function movedClock(at: number): Clock {
  let now = at;
  let timers: { readonly at: number; readonly callback: () => void }[] = [];
  return {
    now: () => now,
    later: (callback, milliseconds) => {
      const timer = { at: now + milliseconds, callback };
      timers.push(timer);
      return () => (timers = timers.filter((other) => other !== timer));
    },
    passes: async (milliseconds, between = () => Promise.resolve()) => {
      const until = now + milliseconds;
      for (;;) {
        await between();
        const next = timers.toSorted((a, b) => a.at - b.at)[0];
        if (!next || next.at > until) break;
        timers = timers.filter((other) => other !== next);
        now = Math.max(now, next.at);
        next.callback();
      }
      now = until;
    },
    strides: async (milliseconds, between) => {
      for (const until = now + milliseconds; now < until;) {
        now = Math.min(until, now + 60_000);
        const due = timers.filter((timer) => timer.at <= now);
        timers = timers.filter((timer) => timer.at > now);
        for (const { callback } of due) callback();
        await between();
      }
    },
  };
}

export type Node = {
  readonly webhook: Webhook;
  readonly signals: Signals;
  readonly seen: WebhookEvent[];
  /** As kill -9: nothing it does reaches the database any more. */
  kill(): void;
};

export type NodeOptions = {
  readonly log: ConversationLog;
  readonly store: DeliveryStore;
  readonly clock: Clock;
  readonly settings: () => { readonly url: string | null; readonly secret: string };
  readonly random?: () => number;
};

/** One process with a webhook. */
export function startNode({ log, store, clock, settings, random = () => 0.5 }: NodeOptions): Node {
  const signals = createSignals();
  const seen: WebhookEvent[] = [];
  let killed = false;
  const mortal = <T extends object>(target: T): T =>
    new Proxy(target, {
      get: (_, name) => {
        const method = Reflect.get(target, name);
        if (typeof method !== 'function') return method;
        return (...given: unknown[]) => {
          if (killed) throw new Error('killed');
          return method.apply(target, given);
        };
      },
    });
  const webhook = createWebhook({
    log: mortal(log),
    store: mortal(store),
    signals,
    publicUrl: 'https://desk.example.com',
    settings,
    fetch,
    random,
    now: () => clock.now(),
    later: (callback, milliseconds) => clock.later(() => killed || callback(), milliseconds),
    observe: (event) => seen.push(event),
  });
  webhook.start();
  return { webhook, signals, seen, kill: () => (killed = true) };
}
