import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Entry, Message } from '../../conversation/conversation.ts';
import { BusyError } from '../../errors.ts';
import { plainOf, termsOf } from './terms.ts';
import type { TermAt, TranscriptSearchNeeds } from './transcript-search.ts';

/** Makes searchable what is said. */
export type Indexing = {
  /** Whether all that was said before the start can be found, as far as it is known here. */
  upToDate(): boolean;
  settled(): Promise<void>;
  stop(): Promise<void>;
};

/**
 * Reads the log with a cursor per conversation, and takes the pieces of what people said into the store. Off the path of
 * messages: it wakes a moment after something was saved, writes a little at a time and yields in between. What is told
 * of goes before what was missed. A batch that is interrupted is read again: adding twice changes nothing.
 */
export function createIndexing({ log, store, signals, failed, later }: TranscriptSearchNeeds): Indexing {
  const waiting = new Set<string>();
  let sweptTo: string | null = '';
  let cancel: (() => void) | null = null;
  let running: Promise<void> | null = null;
  let stopped = false;
  let settling: (() => void)[] = [];

  const quiet = () => stopped || (waiting.size === 0 && sweptTo === null);

  /** Null when all is done; else how long to wait. One conversation that can't be read stops no other. */
  async function run(): Promise<number | null> {
    const failing = new Set<string>();
    try {
      while (!quiet()) {
        const [id] = waiting;
        if (id === undefined) await sweep();
        else if (!(await bringUp(id))) failing.add(id);
        await nextTurn();
      }
      return failing.size > 0 ? retryAfter : null;
    } catch (error) {
      if (!stopped) failed(error);
      return retryAfter;
    } finally {
      for (const id of failing) waiting.add(id);
    }
  }

  /** Takes note of the next conversations of which something was missed. */
  async function sweep(): Promise<void> {
    const page = await store.progress(sweptTo ?? '', sweepSize);
    for (const { conversationId, seq, cursor } of page) if (seq > cursor) waiting.add(conversationId);
    sweptTo = page.length < sweepSize ? null : (page.at(-1)?.conversationId ?? null);
  }

  /** Whether that was possible; throws when the database can't serve. */
  async function bringUp(id: string): Promise<boolean> {
    // Taken off first: what is told of meanwhile is looked for once more.
    waiting.delete(id);
    try {
      let cursor = await store.cursorOf(id);
      while (!stopped) {
        const entries = await log.read(id, cursor, pageSize);
        const last = entries.at(-1);
        if (!last) return true;
        await take(id, entries, last.seq);
        if (entries.length < pageSize) return true;
        cursor = last.seq;
        await nextTurn();
      }
      return true;
    } catch (error) {
      if (error instanceof BusyError) {
        waiting.add(id);
        throw error;
      }
      if (!stopped) failed(error);
      return false;
    }
  }

  /** The cursor moves with the last of the terms, so that none is missed. */
  async function take(conversationId: string, entries: readonly Entry[], seq: number): Promise<void> {
    let terms: readonly TermAt[] = [];
    for (const message of entries.filter(isSearchable)) {
      terms = [...terms, ...termsAt(conversationId, message)];
      for (; terms.length > batchSize; terms = terms.slice(batchSize)) {
        await store.add(terms.slice(0, batchSize), null);
        await nextTurn();
      }
    }
    await store.add(terms, { conversationId, seq });
  }

  function plan(wait: number): void {
    if (stopped || running || cancel) return;
    cancel = later(() => {
      cancel = null;
      running = run().then((again) => {
        running = null;
        for (const tell of settling) tell();
        settling = [];
        if (again !== null || !quiet()) plan(again ?? debounce);
      });
    }, wait);
  }

  const unlisten = signals.listen((signal) => {
    if (signal.kind !== 'saved') return;
    if (signal.entries.length > 0 && !signal.entries.some(isSearchable)) return;
    waiting.add(signal.conversation.id);
    plan(debounce);
  });
  plan(0);

  return {
    upToDate: () => sweptTo === null && waiting.size === 0,
    settled: () => (quiet() && !running ? Promise.resolve() : new Promise((resolve) => settling.push(resolve))),
    stop: async () => {
      stopped = true;
      unlisten();
      cancel?.();
      await running;
      for (const tell of settling) tell();
    },
  };
}

/** What people said; the bot's words are articles, and those have a search of their own. */
function isSearchable(entry: Entry): entry is Message {
  return entry.kind === 'message' && (entry.author.role === 'customer' || entry.author.role === 'agent');
}

function termsAt(conversationId: string, { at, seq, text }: Message): readonly TermAt[] {
  return termsOf(plainOf(text).text).map((term) => ({ term, at, conversationId, seq }));
}

/** Milliseconds in which more may come that is taken together. */
const debounce = 300;
const retryAfter = 30_000;
const sweepSize = 500;
const pageSize = 50;
/** Terms in one transaction: five milliseconds, in which SQLite writes nothing else. */
const batchSize = 1_000;
