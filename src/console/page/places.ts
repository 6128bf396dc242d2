import type { Priority, Status } from '../api.ts';
import { views, type View } from '../limits.ts';
import {
  supervisionAddress,
  supervisionPlaceOf,
  supervisionPrefix,
  type SupervisionPlace,
} from './supervision-places.ts';

/** The parts of the knowledge section, in the order of their tabs. */
export const knowledgeViews = ['ask', 'gaps', 'proposals', 'quality'] as const;
export type KnowledgeView = (typeof knowledgeViews)[number];

/** Over how many past days content gaps are collected. */
export const gapDays = [7, 30, 90] as const;
export type GapDays = (typeof gapDays)[number];

export type KnowledgePlace =
  /** `after`: the article that is taken to have been answered just before, for short follow-ups. */
  | { readonly view: 'ask'; readonly question: string | null; readonly after: string | null }
  | { readonly view: 'gaps'; readonly days: GapDays }
  | { readonly view: 'proposals' }
  | { readonly view: 'quality' };

/** Which conversations are listed: one of the views, narrowed down. Null, and false, narrow nothing. */
export type ListPlace = {
  readonly view: View;
  /** Id of a skill group; `none` for those of no group. */
  readonly group: string | null;
  readonly channel: string | null;
  readonly priority: Priority | null;
  /** Of the open ones. */
  readonly status: Exclude<Status, 'resolved'> | null;
  /** Id of the owner. */
  readonly agent: string | null;
  /** With a broken promise. */
  readonly broken: boolean;
  /** Mine that are put off. */
  readonly snoozed: boolean;
  /** What is looked for in what was said; it stands in place of the list. */
  readonly q: string | null;
};

/** Where the list starts. */
export const queueList: ListPlace = {
  view: 'queue',
  group: null,
  channel: null,
  priority: null,
  status: null,
  agent: null,
  broken: false,
  snoozed: false,
  q: null,
};

export type ConversationsPlace = {
  readonly conversationId: string | null;
  /** Seq of the message that is shown first; without it, the end. */
  readonly sought?: number;
  /** Without it the list stays as it is. */
  readonly list?: ListPlace;
};

/** What the page shows: it can be linked to, gone back to and loaded anew. */
export type Place =
  | ({ readonly kind: 'conversations' } & ConversationsPlace)
  | ({ readonly kind: 'knowledge' } & KnowledgePlace)
  | ({ readonly kind: 'supervision' } & SupervisionPlace);

/** Where a knowledge view starts. */
export function startOf(view: KnowledgeView): KnowledgePlace {
  switch (view) {
    case 'ask':
      return { view, question: null, after: null };
    case 'gaps':
      return { view, days: 30 };
    case 'proposals':
    case 'quality':
      return { view };
  }
}

/** The address of a place, `''` or beginning with `#`. */
export function hashOf(place: Place): string {
  switch (place.kind) {
    case 'conversations':
      return conversationsHash(place);
    case 'supervision':
      return `#${supervisionAddress(place)}`;
    case 'knowledge':
      return knowledgeHash(place);
  }
}

/** The place an address names. Whatever is no place of ours leads to the list of conversations. */
export function placeOf(hash: string): Place {
  const address = hash.replace(/^#/, '');
  if (address.startsWith(supervisionPrefix)) return { kind: 'supervision', ...supervisionPlaceOf(address) };
  if (address.startsWith(prefix)) return { kind: 'knowledge', ...knowledgePlaceOf(address) };
  return { kind: 'conversations', ...conversationsPlaceOf(address) };
}

/** Is it the same page, whatever its list is narrowed down to? Then the back button needs no step between them. */
export function isSamePage(one: Place, other: Place): boolean {
  if (one.kind === 'conversations') {
    return other.kind === 'conversations' && one.conversationId === other.conversationId;
  }
  return hashOf(one) === hashOf(other);
}

function conversationsHash({ conversationId, sought, list = queueList }: ConversationsPlace): string {
  const query = new URLSearchParams();
  if (sought !== undefined) query.set('at', String(sought));
  if (list.view !== 'queue') query.set('view', list.view);
  for (const name of ['group', 'channel', 'priority', 'status', 'agent', 'q'] as const) {
    const value = list[name];
    if (value !== null) query.set(name, value);
  }
  for (const name of ['broken', 'snoozed'] as const) if (list[name]) query.set(name, '1');
  const id = conversationId === null ? '' : encodeURIComponent(conversationId);
  const hash = query.size === 0 ? id : `${id}?${query.toString()}`;
  return hash === '' ? '' : `#${hash}`;
}

function conversationsPlaceOf(address: string): ConversationsPlace {
  const [name = '', search = ''] = address.split(/\?(.*)/s);
  const query = new URLSearchParams(search);
  const seq = Number(query.get('at'));
  query.delete('at');
  const conversationId = decoded(name);
  return {
    conversationId,
    ...(Number.isSafeInteger(seq) && seq > 0 ? { sought: seq } : {}),
    // A link to a conversation alone opens it beside whatever is listed.
    ...(query.size > 0 ? { list: listOf(query) } : {}),
  };
}

function listOf(query: URLSearchParams): ListPlace {
  const one = <T extends string>(name: string, of: readonly T[]) => of.find((each) => each === query.get(name)) ?? null;
  const text = (name: string) => query.get(name)?.slice(0, 200) || null;
  return {
    view: one('view', views) ?? queueList.view,
    group: text('group'),
    channel: text('channel'),
    priority: one('priority', ['urgent', 'high', 'medium', 'low']),
    status: one('status', ['bot', 'queued', 'assigned']),
    agent: text('agent'),
    broken: query.get('broken') === '1',
    snoozed: query.get('snoozed') === '1',
    q: text('q'),
  };
}

function knowledgeHash(place: KnowledgePlace): string {
  const query = new URLSearchParams();
  if (place.view === 'ask' && place.question !== null) query.set('q', place.question);
  if (place.view === 'ask' && place.after !== null) query.set('after', place.after);
  if (place.view === 'gaps' && place.days !== 30) query.set('days', String(place.days));
  return `#${prefix}${place.view}${query.size === 0 ? '' : `?${query.toString()}`}`;
}

function knowledgePlaceOf(address: string): KnowledgePlace {
  const [name = '', search = ''] = address.slice(prefix.length).split(/\?(.*)/s);
  const query = new URLSearchParams(search);
  const start = startOf(knowledgeViews.find((each) => each === name) ?? 'ask');
  if (start.view === 'ask') return { ...start, question: query.get('q') || null, after: query.get('after') || null };
  if (start.view === 'gaps') {
    return { ...start, days: gapDays.find((each) => String(each) === query.get('days')) ?? start.days };
  }
  return start;
}

/** No conversation's id looks like it: the slash in an id is written %2F. */
const prefix = 'knowledge/';

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text) || null;
  } catch {
    return null;
  }
}
