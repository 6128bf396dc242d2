import type { z } from 'zod';
import type { Conversation, Status } from '../conversation/conversation.ts';
import type { ConversationLog, ConversationSummary, ListFilter } from '../conversation/log.ts';
import { InputError } from '../errors.ts';
import { mayReach, reachableGroups } from '../handoff/access.ts';
import type { Agent, Presence } from '../handoff/agents.ts';
import type { Customers } from '../handoff/customers.ts';
import type { Place, SearchHit, TranscriptSearch } from '../handoff/search/transcript-search.ts';
import { listAnswer, searchAnswer, type ListAnswer, type SearchAnswer } from './api.ts';
import { listQuery, searchQuery } from './desk-api.ts';
import { countLimit, listLimit, searchLimit, type View } from './limits.ts';
import { presentCustomerRef } from './presenters.ts';
import { jsonRoute, type Route } from './route.ts';
import { knownOf, type Views } from './views.ts';

/** What lists and search ask of the rest. */
export type ListNeeds = {
  readonly log: Pick<ConversationLog, 'find' | 'list' | 'count'>;
  readonly search: Pick<TranscriptSearch, 'search'>;
  readonly customers: Pick<Customers, 'findMany'>;
  readonly presence: Pick<Presence, 'onlineAgents'>;
  readonly views: Views;
  readonly now: () => number;
};

/** The lists of conversations, and the search over what was said in them: of what the agent reaches and nothing else. */
export function listTable(needs: ListNeeds): readonly Route[] {
  return [
    jsonRoute(
      ['GET /api/console/conversations', 'serving', 'List conversations'],
      { query: listQuery, answer: listAnswer },
      ({ query, session }) => listView(needs, query, session.agent),
    ),
    jsonRoute(
      ['GET /api/console/search', 'serving', 'Search what customers and agents said'],
      { query: searchQuery, answer: searchAnswer },
      ({ query, session }) => searchView(needs, query, session.agent),
    ),
  ];
}

type ListQuery = z.infer<typeof listQuery>;

async function listView(needs: ListNeeds, query: ListQuery, agent: Agent): Promise<ListAnswer> {
  const { log, presence, views, now } = needs;
  const [page, counts, agentsOnline] = await Promise.all([
    pageOf(log, filtersOf(query, agent)),
    countsOf(log, agent),
    presence.onlineAgents(),
  ]);
  const last = page.at(-1);
  return {
    conversations: await views.summaries(page),
    counts,
    next: last && page.length === listLimit && query.view !== 'queue' ? `${last.updatedAt},${last.id}` : null,
    agentsOnline,
    now: now(),
  };
}

const statusesOf: Readonly<Record<View, readonly Status[]>> = {
  queue: ['queued'],
  mine: ['assigned'],
  all: ['bot', 'queued', 'assigned'],
  resolved: ['resolved'],
};

/** The lists whose union is asked for: of the groups that the agent reaches, and of what is theirs besides. */
function filtersOf(query: ListQuery, agent: Agent): readonly ListFilter[] {
  const { view, group, channel, priority, broken, agent: agentId } = query;
  const wanted = group === undefined ? null : [group === 'none' ? null : group];
  const reachable = reachableGroups(agent);
  const groups =
    reachable === 'all' ? wanted : (wanted ?? reachable).filter((one) => wanted === null || reachable.includes(one));
  const base: ListFilter = {
    statuses: statusesOf[view],
    ...(channel === undefined ? {} : { channel }),
    ...(priority === undefined ? {} : { priority }),
    ...(broken === undefined ? {} : { broken: true }),
    ...(query.snoozed === undefined ? {} : { snoozed: query.snoozed === 'true' }),
    ...(query.before === undefined ? {} : { before: placeInList(query.before, view) }),
    limit: listLimit,
  };
  const mine: ListFilter = {
    ...base,
    statuses: ['assigned'],
    agentId: agent.id,
    ...(wanted ? { groups: wanted } : {}),
  };
  if (view === 'mine') return [{ ...mine, snoozed: query.snoozed === 'true' }];
  const theirs: ListFilter = {
    ...base,
    ...(agentId === undefined ? {} : { agentId }),
    ...(groups ? { groups } : {}),
  };
  const ownCount = view === 'all' && reachable !== 'all' && (agentId ?? agent.id) === agent.id;
  return ownCount ? [theirs, mine] : [theirs];
}

async function pageOf(
  log: Pick<ConversationLog, 'list'>,
  filters: readonly ListFilter[],
): Promise<readonly ConversationSummary[]> {
  const lists = await Promise.all(filters.map((filter) => log.list(filter)));
  const [only = []] = lists;
  if (lists.length === 1) return only;
  const byId = new Map(lists.flat().map((one) => [one.id, one]));
  return [...byId.values()].sort(lastChangedFirst).slice(0, listLimit);
}

function lastChangedFirst(one: Conversation, other: Conversation): number {
  return other.updatedAt - one.updatedAt || (one.id < other.id ? 1 : -1);
}

/** Of each view, in one question; what the agent has outside their groups counts once. */
async function countsOf(log: Pick<ConversationLog, 'count'>, agent: Agent): Promise<ListAnswer['counts']> {
  const reachable = reachableGroups(agent);
  const reach = { limit: countLimit, ...(reachable === 'all' ? {} : { groups: reachable }) };
  const own = { statuses: ['assigned'] as const, agentId: agent.id, limit: countLimit };
  const open = ['queued', 'assigned'] as const;
  const filters: readonly ListFilter[] = [
    { statuses: statusesOf.queue, ...reach },
    { ...own, snoozed: false },
    { ...own, snoozed: true },
    { statuses: statusesOf.all, ...reach },
    { statuses: statusesOf.resolved, ...reach },
    { statuses: open, broken: true, ...reach },
    // Outside the groups: all that is theirs, less what the groups have of it.
    ...(reachable === 'all'
      ? []
      : [own, { ...own, ...reach }, { ...own, broken: true }, { ...own, broken: true, ...reach }]),
  ];
  const counted = await log.count(filters);
  const [queue = 0, mine = 0, snoozed = 0, all = 0, resolved = 0, broken = 0] = counted;
  const [ownAll = 0, ownReached = 0, ownBroken = 0, ownBrokenReached = 0] = counted.slice(6);
  return {
    queue,
    mine,
    all: Math.min(countLimit, all + ownAll - ownReached),
    resolved,
    broken: Math.min(countLimit, broken + ownBroken - ownBrokenReached),
    snoozed,
  };
}

function placeInList(before: string, view: View): NonNullable<ListFilter['before']> {
  if (view === 'queue') {
    const message = 'The queue has one page.';
    throw new InputError(message, [{ path: 'before', message }]);
  }
  const [, at = '', id = ''] = /^(\d+),(.*)$/s.exec(before) ?? [];
  return { updatedAt: Number(at), id };
}

async function searchView(
  { log, search, customers }: ListNeeds,
  { q, before }: z.infer<typeof searchQuery>,
  agent: Agent,
): Promise<SearchAnswer> {
  const reachable = reachableGroups(agent);
  const found = await search.search({
    query: q,
    groups: reachable === 'all' ? null : reachable,
    agentId: agent.id,
    before: before === undefined ? null : placeInSearch(before),
    limit: searchLimit,
  });
  if (found.kind === 'too_short') {
    const message = 'Use a word of at least two characters.';
    throw new InputError(message, [{ path: 'q', message }]);
  }
  const ids = [...new Set(found.hits.map(({ conversationId }) => conversationId))];
  const all = await Promise.all(ids.map((id) => log.find(id)));
  // It may have gone elsewhere since it was found.
  const conversations = new Map(all.flatMap((one) => (one && mayReach(agent, one) ? [[one.id, one] as const] : [])));
  const known = await knownOf(customers, [...conversations.values()]);
  return {
    hits: found.hits.flatMap((hit) => {
      const conversation = conversations.get(hit.conversationId);
      return conversation ? [presentHit(hit, conversation, known)] : [];
    }),
    next: found.next && `${found.next.at},${found.next.seq},${found.next.conversationId}`,
    upToDate: found.upToDate,
  };
}

function presentHit(
  { conversationId, seq, at, author, private: isPrivate, snippet, matches }: SearchHit,
  conversation: Conversation,
  known: Awaited<ReturnType<typeof knownOf>>,
): SearchAnswer['hits'][number] {
  return {
    conversationId,
    seq,
    at,
    author: { role: author.role, id: author.id, name: author.name },
    private: isPrivate,
    snippet,
    ranges: matches.map(({ start, end }) => [start, end]),
    customer: presentCustomerRef(conversation, known(conversation)),
    status: conversation.status,
  };
}

function placeInSearch(before: string): Place {
  const [, at = '', seq = '', conversationId = ''] = /^(\d+),(\d+),(.*)$/s.exec(before) ?? [];
  return { at: Number(at), seq: Number(seq), conversationId };
}
