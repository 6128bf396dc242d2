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

/** What the page shows: it can be linked to, gone back to and loaded anew. */
export type Place =
  | { readonly kind: 'conversations'; readonly conversationId: string | null }
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
  if (place.kind === 'conversations') {
    return place.conversationId === null ? '' : `#${encodeURIComponent(place.conversationId)}`;
  }
  if (place.kind === 'supervision') return `#${supervisionAddress(place)}`;
  const query = new URLSearchParams();
  if (place.view === 'ask' && place.question !== null) query.set('q', place.question);
  if (place.view === 'ask' && place.after !== null) query.set('after', place.after);
  if (place.view === 'gaps' && place.days !== 30) query.set('days', String(place.days));
  return `#${prefix}${place.view}${query.size === 0 ? '' : `?${query.toString()}`}`;
}

/** The place an address names. Whatever is no place of ours leads to the list of conversations. */
export function placeOf(hash: string): Place {
  const address = hash.replace(/^#/, '');
  if (address.startsWith(supervisionPrefix)) return { kind: 'supervision', ...supervisionPlaceOf(address) };
  if (!address.startsWith(prefix)) return { kind: 'conversations', conversationId: decoded(address) };
  const [name = '', search = ''] = address.slice(prefix.length).split(/\?(.*)/s);
  const query = new URLSearchParams(search);
  const view = knowledgeViews.find((each) => each === name) ?? 'ask';
  const start = startOf(view);
  if (start.view === 'ask') {
    return { kind: 'knowledge', ...start, question: query.get('q') || null, after: query.get('after') || null };
  }
  if (start.view === 'gaps') {
    const days = gapDays.find((each) => String(each) === query.get('days')) ?? start.days;
    return { kind: 'knowledge', ...start, days };
  }
  return { kind: 'knowledge', ...start };
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
