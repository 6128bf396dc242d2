import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Author, Message } from '../../conversation/conversation.ts';
import type { ConversationLog } from '../../conversation/log.ts';
import type { Signals } from '../../conversation/signals.ts';
import { InputError } from '../../errors.ts';
import { createIndexing } from './indexing.ts';
import { type Span, excerptOf, type Sought, spansIn, soughtIn } from './matches.ts';

/** Where a message stands among all there are, in the order of time. */
export type Place = { readonly at: number; readonly conversationId: string; readonly seq: number };

/** One piece of a message. */
export type TermAt = Place & { readonly term: string };

/** Whose conversations may be found. */
export type SearchAccess = {
  /** Those of these skill groups, null standing for those of no group; null: all there are. */
  readonly groups: readonly (string | null)[] | null;
  /** And those this agent serves, whatever their group; null: no others. */
  readonly agentId: string | null;
};

/** A message that has all the pieces; whether it says what is sought is still to be seen. */
export type SearchCandidate = { readonly conversationId: string; readonly message: Message };

/** What searching needs remembered. */
export type SearchStore = {
  /** Adds what is not there yet and moves the cursor on, never back, all at once. */
  add(terms: readonly TermAt[], cursor: SearchCursor | null): Promise<void>;
  /** Up to which entry the conversation can be searched; 0 before anything of it was read. */
  cursorOf(conversationId: string): Promise<number>;
  /** Conversations in the order of their ids, those after `after`, and how far each can be searched. */
  progress(after: string, limit: number): Promise<readonly SearchProgress[]>;
  /** How many messages have each term, counted up to `limit`. At most `mostCounted` terms. */
  frequencies(terms: readonly string[], limit: number): Promise<readonly number[]>;
  /**
   * Looks at the newest `size` messages that have the first term and stand before `before`: those that have the others
   * too and may be found, newest first; and the last one looked at, null when there are no more.
   */
  look(glance: Glance): Promise<{ readonly candidates: readonly SearchCandidate[]; readonly last: Place | null }>;
};

export type SearchCursor = { readonly conversationId: string; readonly seq: number };
export type SearchProgress = SearchCursor & { readonly cursor: number };

export type Glance = {
  /** The rarest first, at most `mostTerms`. */
  readonly terms: readonly string[];
  readonly before: Place | null;
  readonly size: number;
  readonly access: SearchAccess;
};

export const mostCounted = 8;
export const mostTerms = 4;

export type SearchQuery = Omit<SearchAccess, 'agentId'> & {
  /** Words set apart by white space: a message is found that has each of them, anywhere. */
  readonly query: string;
  readonly agentId?: string | null;
  /** `next` of the page before. */
  readonly before?: Place | null;
  /** At most `mostHits`. */
  readonly limit: number;
};

export type SearchHit = Place & {
  readonly author: Author;
  /** Whether it is a private note. */
  readonly private: boolean;
  /** The message around the first match, as it was written. */
  readonly snippet: string;
  /** What was found, in UTF-16 units of the snippet, in order. */
  readonly matches: readonly Span[];
};

export type SearchResult =
  | {
      readonly kind: 'found';
      /** Newest first. */
      readonly hits: readonly SearchHit[];
      /**
       * Where to go on; null when there is no more. One search looks at so many messages and no more, so a page may have
       * fewer hits than were asked for, even none, and still not be the last.
       */
      readonly next: Place | null;
      /** False while what was said before is still being made searchable. */
      readonly upToDate: boolean;
    }
  /** No word of it has two characters. */
  | { readonly kind: 'too_short' };

export const mostHits = 50;
export const longestQuery = 100;

export type TranscriptSearch = {
  /** Finds what customers and agents said, private notes included; not what the bot said. */
  search(query: SearchQuery): Promise<SearchResult>;
  /** Resolves when everything announced so far can be found, or when that failed and is to be tried again later. */
  settled(): Promise<void>;
  /** Reads no more of the log. Resolves when the batch under way is done with. */
  stop(): Promise<void>;
};

export type TranscriptSearchNeeds = {
  readonly log: Pick<ConversationLog, 'read'>;
  readonly store: SearchStore;
  readonly signals: Pick<Signals, 'listen'>;
  /** Told of a batch that failed; it is tried again. */
  readonly failed: (error: unknown) => void;
  /** Calls back later. Returns the way to cancel it. */
  readonly later: (callback: () => void, milliseconds: number) => () => void;
};

/**
 * Search over what was said. Messages become searchable behind the writers' backs, within a second: at the start those
 * that were missed, then what `signals` tell of.
 */
export function createTranscriptSearch(needs: TranscriptSearchNeeds): TranscriptSearch {
  const { store } = needs;
  const indexing = createIndexing(needs);
  return {
    search: async ({ query, groups, agentId = null, before = null, limit }) => {
      const sought = soughtIn(checked(query));
      if (sought.terms.length === 0) return { kind: 'too_short' };
      const page = await find(store, sought, { before, access: { groups, agentId }, limit: Math.min(limit, mostHits) });
      return { kind: 'found', ...page, upToDate: indexing.upToDate() };
    },
    settled: () => indexing.settled(),
    stop: () => indexing.stop(),
  };
}

function checked(query: string): string {
  if (query.length <= longestQuery) return query;
  const message = `must be at most ${longestQuery} characters`;
  throw new InputError(`query ${message}`, [{ path: 'query', message }]);
}

type Wanted = { readonly before: Place | null; readonly access: SearchAccess; readonly limit: number };

/** Goes back in time along the rarest term, a glance at a time, between which other work goes on. */
async function find(store: SearchStore, sought: Sought, { before, access, limit }: Wanted) {
  const terms = await rarest(store, sought.terms);
  if (terms.length === 0) return { hits: [], next: null };
  const hits: SearchHit[] = [];
  let from = before;
  for (const size of glances) {
    const { candidates, last } = await store.look({ terms, before: from, size, access });
    let read = 0;
    for (const candidate of candidates) {
      const hit = hitOf(candidate, sought);
      if (hit) hits.push(hit);
      if (hit && hits.length === limit) return { hits, next: placeOf(hit, hit.conversationId) };
      read += candidate.message.text.length;
      if (read > readAtOnce) {
        await nextTurn();
        read = 0;
      }
    }
    if (!last) return { hits, next: null };
    from = last;
    await nextTurn();
  }
  return { hits, next: from };
}

/** Characters that are read before other work goes on: five milliseconds. Most messages have twenty. */
const readAtOnce = 20_000;

/**
 * How many messages each glance takes in: few first, because most searches are for something said lately. Measured on
 * SQLite with 100,000 messages (2,067,000 terms): a glance of 200 takes at most 3 ms, a search 1.4 ms in the median and
 * 6 in the 99th percentile, and one that finds nothing in 8,000 messages 10 to 27.
 */
const glances: readonly number[] = [100, ...Array.from({ length: 100 }, () => 200)];

/** The rarest terms, the rarest first; none when a message can't have them all. */
async function rarest(store: SearchStore, terms: readonly string[]): Promise<readonly string[]> {
  const counted = sample(terms);
  const counts = await store.frequencies(counted, countedUpTo);
  if (counts.includes(0)) return [];
  return counted
    .map((term, index) => ({ term, count: counts[index] ?? 0 }))
    .sort((a, b) => a.count - b.count)
    .slice(0, mostTerms)
    .map(({ term }) => term);
}

/** Beyond this it makes little difference: a search looks at so many messages at most. */
const countedUpTo = 2_000;

/** Longer terms are rarer; of equals some from all over the query. */
function sample(terms: readonly string[]): readonly string[] {
  const long = terms.filter((term) => term.length === 4);
  const pool = long.length >= mostCounted ? long : [...long, ...terms.filter((term) => term.length !== 4)];
  if (pool.length <= mostCounted) return pool;
  const step = pool.length / mostCounted;
  return Array.from({ length: mostCounted }, (_, index) => pool[Math.floor(index * step)] ?? '');
}

function hitOf({ conversationId, message }: SearchCandidate, sought: Sought): SearchHit | null {
  const spans = spansIn(message.text, sought);
  if (!spans) return null;
  return {
    ...placeOf(message, conversationId),
    author: message.author,
    private: message.private,
    ...excerptOf(message.text, spans),
  };
}

function placeOf({ at, seq }: { readonly at: number; readonly seq: number }, conversationId: string): Place {
  return { at, conversationId, seq };
}
