import type { Answer, Call, Clock, Ports, Shelf, SocketEvents } from '../../src/widget/ports.ts';

type Json = Readonly<Record<string, unknown>>;

/** A clock that moves when it is told to. */
export type ManualClock = Clock & { pass(ms: number): Promise<void> };

export function manualClock(): ManualClock {
  let now = Date.parse('2026-05-03T12:00:00Z');
  let timers: { at: number; run: () => void }[] = [];
  return {
    now: () => now,
    after: (ms, run) => {
      const timer = { at: now + ms, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    pass: async (ms) => {
      const end = now + ms;
      await settled();
      for (;;) {
        const next = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        timers = timers.filter((timer) => timer !== next);
        now = Math.max(now, next.at);
        next.run();
        await settled();
      }
      now = end;
    },
  };
}

/** Lets everything that waits only for promises go on. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 60; i++) await Promise.resolve();
}

/** What goes wrong with one call: nothing reaches the desk, its answer is lost, or it refuses with a status. */
export type Mishap = 'request lost' | 'answer lost' | { readonly status: number; readonly retryAfterMs?: number };

/**
 * The desk as src/README.md promises it, in memory: one log, seq as id and watermark, a clientActivityID saved once,
 * replay from the watermark on every socket.
 */
export class FakeDesk {
  readonly calls: Call[] = [];
  /** Asked before every call; the first answer that is not null happens. */
  mishap: (call: Call) => Mishap | null = () => null;
  /** False: sockets are refused. */
  takesSockets = true;
  /** True: what is saved is not told to open sockets, as if they were dead without knowing it. */
  deaf = false;
  online = true;
  conversation = 'c1';
  log: Json[] = [];
  tokens = 0;
  readonly opened: string[] = [];
  private readonly saved = new Map<string, string>();
  private readonly sockets = new Set<SocketEvents>();
  private readonly received: string[] = [];

  private readonly clock: ManualClock;
  private pages = 0;

  constructor(clock: ManualClock) {
    this.clock = clock;
  }

  ports(shelves: { tab: Shelf; device: Shelf } = { tab: shelf(), device: shelf() }): Ports {
    let ids = 0;
    const page = ++this.pages;
    return {
      request: (call) => this.answer(call),
      openSocket: (url, on) => {
        this.opened.push(url);
        if (!this.takesSockets) {
          queueMicrotask(() => on.closed());
          return { send: () => {}, close: () => {} };
        }
        queueMicrotask(() => {
          this.sockets.add(on);
          on.opened();
          const after = Number(new URL(url).searchParams.get('watermark') ?? 0);
          if (this.log.length > after) on.text(this.frame(this.log.slice(after)));
        });
        return { send: (text) => void this.received.push(text), close: () => void this.sockets.delete(on) };
      },
      clock: this.clock,
      network: { online: () => this.online },
      random: () => 1,
      newId: () => `client-${page}-${++ids}`,
      ...shelves,
    };
  }

  /** All messages of the customer that were saved. */
  get said(): readonly unknown[] {
    return this.log.filter(({ from, text }) => (from as Json).role === 'user' && text).map(({ text }) => text);
  }

  posts(): readonly Json[] {
    return this.calls.filter(({ url }) => url.endsWith('/activities')).map(({ body }) => body as Json);
  }

  bot(text: string, more: Json = {}): string {
    return this.write({ type: 'message', from: { id: 'bot', role: 'bot' }, text, textFormat: 'markdown', ...more });
  }

  status(state: string, agent: string | null = null, more: Json = {}): string {
    return this.write({
      type: 'event',
      from: { id: 'system', role: 'bot' },
      name: 'handoff.status',
      value: { state, agent: agent && { name: agent }, ...more },
    });
  }

  /** A hint, which has no place in the log. */
  hint(activity: Json): void {
    this.tell(JSON.stringify({ activities: [activity], watermark: null }));
  }

  tell(text: string): void {
    for (const on of [...this.sockets]) on.text(text);
  }

  dropSockets(): void {
    const open = [...this.sockets];
    this.sockets.clear();
    for (const on of open) on.closed();
  }

  /** Everything is gone, as after a lost disk. */
  forget(conversation: string): void {
    this.conversation = conversation;
    this.log = [];
    this.saved.clear();
  }

  private async answer(call: Call): Promise<Answer> {
    this.calls.push(call);
    await Promise.resolve();
    const mishap = this.online ? this.mishap(call) : 'request lost';
    if (mishap === 'request lost') return nothing;
    if (typeof mishap === 'object' && mishap !== null) {
      return { status: mishap.status, body: { error: {} }, retryAfterMs: mishap.retryAfterMs ?? null };
    }
    const answer = this.handle(call);
    return mishap === 'answer lost' ? nothing : answer;
  }

  private handle({ url, body }: Call): Answer {
    const { pathname, searchParams } = new URL(url);
    if (pathname === '/api/chat/token') {
      const token = `token-${++this.tokens}`;
      return ok({ token, conversationId: this.conversation, userId: 'dl_u', expires_in: 1800, visitor: 'me' });
    }
    const token = `token-${this.tokens}`;
    const streamUrl = (after: string) => `ws://behind.proxy:80/stream/${this.conversation}?watermark=${after}`;
    if (pathname === '/v3/directline/conversations') {
      if (this.log.length === 0) this.bot('您好');
      return ok({ conversationId: this.conversation, token, streamUrl: streamUrl('') }, 201);
    }
    if (!pathname.startsWith(`/v3/directline/conversations/${this.conversation}`)) return failed(404);
    if (pathname.endsWith('/activities')) return this.receive(body as Json);
    if (pathname.endsWith('/upload')) return ok({ id: this.write({ type: 'message', from: { role: 'user' } }) });
    return ok({ token, streamUrl: streamUrl(searchParams.get('watermark') ?? '') });
  }

  private receive(activity: Json): Answer {
    if (activity.type !== 'message' && activity.name !== 'zhike.rating') return ok({ id: 'event' });
    const { clientActivityID } = activity.channelData as { clientActivityID: string };
    const known = this.saved.get(clientActivityID);
    if (known) return ok({ id: known });
    const from = { id: 'dl_u', role: 'user' };
    const id = this.write(
      activity.name === 'zhike.rating'
        ? { type: 'event', name: 'zhike.rated', from, value: { score: (activity.value as Json).score } }
        : { ...activity, from },
    );
    this.saved.set(clientActivityID, id);
    return ok({ id });
  }

  private write(activity: Json): string {
    const id = `${this.conversation}|${String(this.log.length + 1).padStart(8, '0')}`;
    const entry = { ...activity, id, timestamp: new Date(this.clock.now()).toISOString() };
    this.log.push(entry);
    if (!this.deaf) this.tell(this.frame([entry]));
    return id;
  }

  private frame(activities: readonly Json[]): string {
    return JSON.stringify({ activities, watermark: String(this.log.length) });
  }
}

/** A shelf that keeps what is JSON, as a browser's does. */
export function shelf(): Shelf {
  let kept = 'null';
  return { read: () => JSON.parse(kept) as unknown, write: (value) => void (kept = JSON.stringify(value)) };
}

const nothing: Answer = { status: 0, body: null, retryAfterMs: null };

function ok(body: unknown, status = 200): Answer {
  return { status, body, retryAfterMs: null };
}

function failed(status: number): Answer {
  return { status, body: { error: {} }, retryAfterMs: null };
}
