import {
  plainDraft,
  type Author,
  type Changed,
  type Conversation,
  type Draft,
  type Judgement,
  type NewEntry,
  type Person,
  type Rated,
  type StatusCause,
  type StatusChange,
} from './conversation.ts';

/** Entries before they have a place in the log: what is not named is empty. */

export const theBot: Author = { role: 'bot', id: 'bot', name: null };
export const theSystem: Author = { role: 'system', id: 'system', name: null };

export function customerOf({ customerId, customerName }: Conversation): Author {
  return { role: 'customer', id: customerId, name: customerName };
}

export function agentAuthor({ id, name }: Person): Author {
  return { role: 'agent', id, name };
}

export function messageEntry(
  at: number,
  author: Author,
  draft: Draft,
  more: { clientId?: string | null; channelData?: unknown; replyTo?: number | null },
): NewEntry {
  return {
    kind: 'message',
    at,
    author,
    ...draft,
    private: false,
    clientId: null,
    channelData: null,
    replyTo: null,
    mentions: [],
    ...more,
  };
}

/** What the desk itself says to the customer. */
export function systemMessage(at: number, text: string): NewEntry {
  return messageEntry(at, theSystem, plainDraft(text), {});
}

export function noteEntry(
  at: number,
  by: Person,
  text: string,
  more: { readonly clientId?: string | null; readonly mentions?: readonly string[] } = {},
): NewEntry {
  return {
    kind: 'message',
    at,
    author: agentAuthor(by),
    ...plainDraft(text),
    private: true,
    clientId: null,
    channelData: null,
    replyTo: null,
    mentions: [],
    ...more,
  };
}

export function verdictEntry(
  at: number,
  author: Author,
  judgement: Judgement,
  clientId: string | null = null,
): NewEntry {
  const { about, articleId, question, helpful, source } = judgement;
  return { kind: 'verdict', at, author, about, articleId, question, helpful, source, clientId };
}

export function ratingEntry(at: number, author: Author, rated: Rated, clientId: string | null): NewEntry {
  const { survey, score, comment } = rated;
  return { kind: 'rating', at, author, survey, score, comment, clientId };
}

export function changeEntry(at: number, author: Author, change: Changed): NewEntry {
  return { kind: 'change', at, author, change };
}

export function statusEntry(
  before: Conversation,
  at: number,
  author: Author,
  change: { to: StatusChange['to']; cause: StatusCause } & Partial<
    Pick<StatusChange, 'reason' | 'agent' | 'understanding' | 'route' | 'resolution' | 'survey'>
  >,
): NewEntry {
  return {
    kind: 'status',
    at,
    author,
    from: before.status,
    reason: null,
    agent: null,
    understanding: null,
    route: null,
    resolution: null,
    survey: null,
    ...change,
  };
}
