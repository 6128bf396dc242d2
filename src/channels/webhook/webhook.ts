import type { Signal, Signals } from '../../conversation/signals.ts';
import type { DeliveryStore, EventName, Leased, NewDelivery, Settlement } from '../../handoff/deliveries.ts';
import { deliveryOf, isTold, leavesWithPeople, pingOf, type TellingTools } from './events.ts';
import { isWithPeople } from '../../conversation/conversation.ts';
import { pauseAfter } from './pauses.ts';
import { answerWithinMs, post, type Posted, type PostTools, type Target } from './post.ts';

export type WebhookOptions = TellingTools &
  Pick<PostTools, 'fetch' | 'later'> & {
    readonly signals: Signals;
    readonly store: DeliveryStore;
    /** As supervisors set it up; asked again before everything that is sent. */
    settings(): { readonly url: string | null; readonly secret: string };
    /** 0..1, for pauses. */
    random(): number;
    /** Told of every attempt and of everything that could not be saved; must not throw. */
    readonly observe: (event: WebhookEvent) => void;
  };

export type WebhookEvent =
  | {
      readonly kind: 'delivered' | 'again' | 'dead';
      readonly id: string;
      readonly event: EventName;
      readonly attempts: number;
    }
  | { readonly kind: 'not_saved'; readonly error: unknown };

export type Webhook = {
  /** Begins: looks for what a stopped process left, then tells of what happens. */
  start(): void;
  /** Looks at once, as after the settings changed or a dead delivery is to be sent again. */
  wake(): void;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
  /** Begins nothing new; gives requests under way two seconds more. What is left, the next process sends. */
  stop(): Promise<void>;
};

/** So many requests at once, of different conversations. */
const atOnce = 4;
/** Longer than a request can take; a process that dies leaves its deliveries to others after it. */
const leaseMs = 3 * answerWithinMs;
/** So often it is looked whether something is due, and whether something was missed. */
const lookEveryMs = 5_000;
const reconcileEveryMs = 60_000;
/** How far clocks may differ, and a commit lag behind the time in its entry. */
const overlapMs = 10 * 60_000;
/** What was missed for longer is history and no longer told. */
const horizonMs = 7 * 24 * 3_600_000;
/** Settled deliveries are kept so long, well beyond the horizon: what is forgotten must not be told again. */
const keptMs = 30 * 24 * 3_600_000;
const graceMs = 2_000;
const entriesAtOnce = 200;

/**
 * Tells an outside desk of handoffs. A reader of the log in two steps: what must be told is saved in the outbox, then
 * sent from there until it is taken, in the order of its conversation. Signals say which conversations to read; what
 * they miss, as when the process dies between the log's commit and the outbox, is found by looking at both.
 */
export function createWebhook(options: WebhookOptions): Webhook {
  const { signals, store, observe } = options;
  const woken = new Set<string>();
  const sending = new Set<Promise<void>>();
  const ending = new AbortController();
  let telling: Promise<void> | null = null;
  let tellAgain = false;
  let attached: { readonly url: string; readonly at: number } | null = null;
  let reconciledAt: number | null = null;
  let cancelLook: () => void = () => undefined;
  let stopListening: () => void = () => undefined;
  let stopped = false;

  function hear(signal: Signal): void {
    if (signal.kind !== 'saved' || !mayConcern(signal)) return;
    woken.add(signal.conversation.id);
    wakeTeller();
  }

  function look(): void {
    if (stopped) return;
    wakeTeller();
    wakeSender();
    cancelLook = options.later(look, lookEveryMs);
  }

  function wakeTeller(): void {
    if (stopped) return;
    if (telling) {
      tellAgain = true;
      return;
    }
    telling = tellAll().finally(() => {
      telling = null;
      if (!tellAgain) return;
      tellAgain = false;
      wakeTeller();
    });
  }

  /** Never rejects: what could not be told stays woken, for the next look. */
  async function tellAll(): Promise<void> {
    try {
      const target = targetOf(options);
      if (!target) return woken.clear();
      const since = await attach(target);
      await reconcile(since);
      for (const id of woken) {
        if (stopped) return;
        woken.delete(id);
        await tell(id, since).catch((error: unknown) => {
          woken.add(id);
          throw error;
        });
        wakeSender();
      }
      wakeSender();
    } catch (error) {
      observe({ kind: 'not_saved', error });
    }
  }

  /** Since when the address is told of what happens. The first event there is a ping. */
  async function attach({ url }: Target): Promise<number> {
    if (attached?.url !== url) {
      attached = { url, at: await store.attach(pingOf(url, options.now())) };
      reconciledAt = null;
    }
    return Math.max(attached.at, options.now() - horizonMs);
  }

  /** Wakes every conversation in which something may not have been told: of all the time, and then since the last look. */
  async function reconcile(since: number): Promise<void> {
    const begun = options.now();
    if (reconciledAt !== null && begun - reconciledAt < reconcileEveryMs) return;
    for await (const id of store.untold(Math.max(since, (reconciledAt ?? 0) - overlapMs))) woken.add(id);
    await store.prune(begun - keptMs);
    reconciledAt = begun;
  }

  /** Saves in the outbox what was not told of a conversation yet, from after the last thing that was. */
  async function tell(id: string, since: number): Promise<void> {
    const conversation = await options.log.find(id);
    if (!conversation) return;
    const last = await store.last(id);
    let isServed = last !== null && leavesWithPeople(last.event);
    for (let after = last?.seq ?? 0; ;) {
      const page = await options.log.read(id, after, entriesAtOnce);
      const deliveries: NewDelivery[] = [];
      for (const entry of page) {
        if (isTold(entry, isServed) && entry.at >= since) {
          deliveries.push(await deliveryOf(conversation, entry, options));
        }
        if (entry.kind === 'status') isServed = isWithPeople(entry.to);
      }
      if (deliveries.length > 0) await store.add(deliveries);
      if (page.length < entriesAtOnce) return;
      after = page.at(-1)?.seq ?? after;
    }
  }

  /** One request more, unless there are enough; each that finds work calls for the next. */
  function wakeSender(): void {
    if (stopped || sending.size >= atOnce) return;
    const work: Promise<void> = sendOne()
      .catch((error: unknown) => {
        observe({ kind: 'not_saved', error });
        return false;
      })
      .then((found) => {
        sending.delete(work);
        if (found) wakeSender();
      });
    sending.add(work);
  }

  async function sendOne(): Promise<boolean> {
    const target = targetOf(options);
    if (!target || stopped) return false;
    const leasedAt = options.now();
    const leased = await store.lease(leasedAt, leasedAt + leaseMs);
    if (!leased) return false;
    wakeSender();
    // A process that slept with its lease in hand leaves it to those who are awake.
    if (options.now() > leased.leasedUntil - answerWithinMs) return true;
    const posted = await post(target, leased, { ...options, signal: ending.signal });
    const settlement = settlementOf(leased, posted);
    const { id, event, attempts } = leased;
    if (await store.settle(leased, settlement)) observe({ kind: settlement.kind, id, event, attempts });
    return true;
  }

  function settlementOf({ attempts }: Leased, posted: Posted): Settlement {
    const at = options.now();
    if (posted.kind === 'delivered') return { kind: 'delivered', at };
    const { error } = posted;
    const pause = posted.kind === 'gone' ? null : pauseAfter(attempts, posted, options.random());
    return pause === null ? { kind: 'dead', at, error } : { kind: 'again', nextAt: at + pause, error };
  }

  async function idle(): Promise<void> {
    while (telling || sending.size > 0) await Promise.all([telling, ...sending]);
  }

  return {
    start: () => {
      stopListening = signals.listen(hear);
      look();
    },
    wake: () => {
      wakeTeller();
      wakeSender();
    },
    idle,
    stop: async () => {
      stopped = true;
      stopListening();
      cancelLook();
      const cancelEnd = options.later(() => ending.abort(), graceMs);
      await idle();
      cancelEnd();
    },
  };
}

/** A repeated write tells no entries: then only the log knows. */
function mayConcern({ conversation, entries }: Extract<Signal, { kind: 'saved' }>): boolean {
  const isServed = isWithPeople(conversation.status);
  return entries.length === 0 ? isServed : entries.some((entry) => isTold(entry, isServed));
}

function targetOf(options: WebhookOptions): Target | null {
  const { url, secret } = options.settings();
  return url === null ? null : { url, secret };
}
