import type { EntriesAnswer, EntryView } from '../api.ts';

/** Reads one conversation's log with a cursor. */
export type TranscriptReader = {
  /** The log may hold entries up to `seq` now. Only ever a hint: what is shown is what was read. */
  hint(seq: number): void;
  /** Reads what is new, whatever was hinted: after a reconnect, after our own write. */
  refresh(): void;
  stop(): void;
};

export type ReaderNeeds = {
  /** Entries with seq > `after`, in order. */
  readonly read: (after: number) => Promise<EntriesAnswer>;
  /** Everything read so far and the conversation as it was then. Entries run from 1 without a gap. */
  readonly changed: (entries: readonly EntryView[], answer: EntriesAnswer) => void;
  readonly failed: (error: unknown) => void;
  /** Waits before the next try after a failure. */
  readonly wait: (ms: number) => Promise<void>;
};

/**
 * A reader that shows each entry once, in order and without a gap: an answer is applied only from cursor + 1 on, one
 * read is under way at a time, and what is hinted meanwhile is read afterwards. A failed read is tried again until it
 * succeeds or the reader is stopped.
 */
export function createReader({ read, changed, failed, wait }: ReaderNeeds): TranscriptReader {
  let entries: readonly EntryView[] = [];
  let wanted = false;
  let running = false;
  let stopped = false;
  const cursor = () => entries.length;

  async function run(): Promise<void> {
    if (running) return;
    running = true;
    let failures = 0;
    while (wanted && !stopped) {
      wanted = false;
      try {
        const answer = await read(cursor());
        failures = 0;
        if (stopped) break;
        const before = cursor();
        entries = append(entries, answer.entries);
        changed(entries, answer);
        // An answer that holds nothing new ends the reading, whatever it promises: no busy loop on a wrong hint.
        if (cursor() > before && cursor() < answer.conversation.seq) wanted = true;
      } catch (error) {
        if (stopped) break;
        failed(error);
        wanted = true;
        await wait(Math.min(15_000, 500 * 2 ** failures++));
      }
    }
    running = false;
  }

  function refresh() {
    wanted = true;
    void run();
  }

  return {
    hint: (seq) => {
      if (seq > cursor()) refresh();
    },
    refresh,
    stop: () => {
      stopped = true;
    },
  };
}

/** The entries with those of `more` that continue them; anything known already or beyond a gap is left out. */
export function append(entries: readonly EntryView[], more: readonly EntryView[]): readonly EntryView[] {
  const fresh: EntryView[] = [];
  for (const entry of more) {
    if (entry.seq === entries.length + fresh.length + 1) fresh.push(entry);
  }
  return fresh.length === 0 ? entries : [...entries, ...fresh];
}
