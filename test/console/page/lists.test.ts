import type { AgentSelf, ChangedEvent, ListAnswer, SearchAnswer, SummaryView } from '../../../src/console/api.ts';
import type { DirectoryAnswer, ListQuery } from '../../../src/console/desk-api.ts';
import { createAnnouncing, createTold } from '../../../src/console/page/announcing.ts';
import { ApiError, type Client } from '../../../src/console/page/client.ts';
import { createLists, noLists, shownList, type ListsState } from '../../../src/console/page/lists.ts';
import { forMe, type News } from '../../../src/console/page/news.ts';
import { hashOf, isSamePage, placeOf, queueList, type Place } from '../../../src/console/page/places.ts';
import { createStore } from '../../../src/console/page/store.ts';
import { inOrder, merged, promiseState } from '../../../src/console/page/waiting.ts';
import { aConversation } from './builders.ts';

const li: AgentSelf = {
  id: 'li',
  name: '小李',
  email: 'li@shop.cn',
  role: 'agent',
  status: 'online',
  capacity: 5,
  groups: [],
};

describe('the address', () => {
  const places: readonly Place[] = [
    { kind: 'conversations', conversationId: null, list: { ...queueList, view: 'mine', snoozed: true } },
    { kind: 'conversations', conversationId: 'a?b/c', sought: 12, list: { ...queueList, q: '退款 & 发票' } },
    {
      kind: 'conversations',
      conversationId: 'c1',
      list: { ...queueList, view: 'all', group: 'none', channel: 'wechat', priority: 'urgent', status: 'bot' },
    },
    {
      kind: 'conversations',
      conversationId: null,
      list: { ...queueList, view: 'resolved', agent: 'li', broken: true },
    },
    { kind: 'conversations', conversationId: 'c1', sought: 3 },
  ];

  it('keeps the list, what narrows it down, what is looked for and the message found', () => {
    for (const place of places) expect(placeOf(hashOf(place))).toEqual(place);
  });

  it('leads to where one starts for whatever it does not know', () => {
    expect(placeOf('#?view=nowhere&priority=extreme&at=-4')).toEqual({
      kind: 'conversations',
      conversationId: null,
      list: queueList,
    });
  });

  it('is one page however the list beside a conversation is narrowed down', () => {
    const one: Place = { kind: 'conversations', conversationId: 'c1' };
    expect(isSamePage(one, { ...one, list: { ...queueList, q: '退' } })).toBe(true);
    expect(isSamePage(one, { kind: 'conversations', conversationId: 'c2' })).toBe(false);
  });
});

describe('the lists', () => {
  it('serve the queue in the order of the server, not of the wait', () => {
    const queue = [waiting('first', { queuedAt: 1, serveBy: 50 }), waiting('vip', { queuedAt: 9, serveBy: 2 })];
    expect(idsOf(inOrder('queue', queue))).toEqual(['vip', 'first']);
  });

  it('keep the pages that were loaded when the first is read anew', () => {
    const known = { conversations: [at('c', 3), at('b', 2), at('a', 1)], next: 'behind a' };
    const moved = merged(known, { conversations: [at('d', 4), at('c', 3)], next: 'behind c' });
    expect([idsOf(moved.conversations), moved.next]).toEqual([['d', 'c', 'b', 'a'], 'behind a']);
    const bumped = merged(known, { conversations: [at('a', 5), at('c', 3)], next: 'behind c' });
    expect(idsOf(bumped.conversations)).toEqual(['a', 'c', 'b']);
    const left = merged(known, { conversations: [at('b', 2)], next: 'behind b' });
    expect(idsOf(left.conversations)).toEqual(['b', 'a']);
    expect(merged(known, { conversations: [at('c', 3)], next: null }).conversations).toHaveLength(1);
  });

  it('read the next page once, below what is there', async () => {
    const page = open({
      conversations: ({ before }) =>
        Promise.resolve(
          answer(before ? { conversations: [at('b', 1)] } : { conversations: [at('a', 2)], next: '2,a' }),
        ),
    });
    page.lists.choose('all');
    await settled();
    await Promise.all([page.lists.more(), page.lists.more()]);
    expect(idsOf(shownList(page.state())?.conversations ?? [])).toEqual(['a', 'b']);
    expect(page.asked.filter(({ before }) => before !== undefined)).toHaveLength(1);
  });

  it('show of the open ones those of one status', async () => {
    const open1 = { ...at('a', 2), status: 'bot' as const };
    const page = open({ conversations: () => Promise.resolve(answer({ conversations: [open1, waiting('b')] })) });
    page.lists.show({ ...queueList, view: 'all', status: 'bot' });
    await settled();
    expect(idsOf(shownList(page.state())?.conversations ?? [])).toEqual(['a']);
  });

  it('stay as they were when they can not be read anew, and say so', async () => {
    let works = true;
    const page = open({
      conversations: () =>
        works ? Promise.resolve(answer({ conversations: [waiting('a')] })) : Promise.reject(unreachable),
    });
    page.lists.begin();
    await settled();
    works = false;
    page.lists.refresh();
    await settled();
    expect(page.state().listFailed).toBe(true);
    expect(idsOf(shownList(page.state())?.conversations ?? [])).toEqual(['a']);
  });

  it('are read at once for what I serve or look at, soon for who waits, and within 2 to 8 seconds for the rest', async () => {
    const page = open({ conversations: () => Promise.resolve(answer({ conversations: [waiting('shown')] })) });
    page.lists.begin();
    await settled();
    const asks = async (event: ChangedEvent, isOpen = false) => {
      const before = page.asked.length;
      page.lists.changed(event, isOpen);
      await settled();
      return page.asked.length > before;
    };
    const theirs = (id: string): ChangedEvent => ({ ...changed(id), agentId: 'zhou' });
    expect(await asks(changed('given'))).toBe(true);
    expect(await asks(theirs('shown'))).toBe(true);
    expect(await asks(theirs('open'), true)).toBe(true);
    expect(await asks(theirs('elsewhere'))).toBe(false);
    expect(await asks({ ...theirs('new'), status: 'queued', agentId: null })).toBe(false);
    const later = page.waits.filter((ms) => ms !== 300);
    expect(later).toHaveLength(2);
    expect(later[0]).toBeGreaterThanOrEqual(2_000);
    expect(later[0]).toBeLessThanOrEqual(8_000);
    // One agent there: 20 ms.
    expect(later[1]).toBeLessThanOrEqual(20);
  });

  it('drop at once what went out of reach', async () => {
    const page = open({
      conversations: () => Promise.resolve(answer({ conversations: [waiting('a'), waiting('b')] })),
    });
    page.lists.begin();
    await settled();
    page.lists.gone('a');
    expect(idsOf(shownList(page.state())?.conversations ?? [])).toEqual(['b']);
  });
});

describe('the search', () => {
  it('shows what was looked for last, whatever answer comes last', async () => {
    const answers = new Map<string, (found: SearchAnswer) => void>();
    const page = open({ search: (q) => new Promise((resolve) => answers.set(q, resolve)) });
    page.lists.show({ ...queueList, q: '退款' });
    page.lists.show({ ...queueList, q: '退款到账' });
    answers.get('退款到账')?.(found(['new']));
    answers.get('退款')?.(found(['old']));
    await settled();
    expect(page.state().found).toMatchObject({ q: '退款到账', state: 'ready', hits: [{ conversationId: 'new' }] });
  });

  it('tells a word that is too short from a server that is not there', async () => {
    let error = new ApiError(400, 'BadRequest', 'Too short.');
    const page = open({ search: () => Promise.reject(error) });
    page.lists.show({ ...queueList, q: '退' });
    await settled();
    expect(page.state().found?.state).toBe('too_short');
    error = unreachable;
    page.lists.searchAgain();
    await settled();
    expect(page.state().found?.state).toBe('failed');
  });

  it('goes on behind a page that has few hits', async () => {
    const page = open({
      search: (_, before) => Promise.resolve(before ? found(['b']) : { ...found([]), next: 'on' }),
    });
    page.lists.show({ ...queueList, q: '退款' });
    await settled();
    await page.lists.moreFound();
    expect(page.state().found).toMatchObject({ hits: [{ conversationId: 'b' }], next: null, loadingMore: false });
  });
});

describe('news', () => {
  it('are who was given to me, not whom I took myself', async () => {
    let mine: readonly SummaryView[] = [];
    const page = open({
      conversations: ({ view }) => Promise.resolve(answer({ conversations: view === 'mine' ? mine : [] })),
    });
    page.lists.begin();
    await settled();
    mine = [assigned('given'), assigned('taken')];
    page.lists.taken('taken');
    page.lists.changed(changed('given'));
    await settled();
    expect(page.news).toEqual([['assigned', 'given']]);
  });

  it('are a promise of mine at risk, once for each promise', async () => {
    let dueAt = 100;
    let state: 'on_time' | 'at_risk' = 'on_time';
    const page = open({
      conversations: ({ view }) =>
        Promise.resolve(
          answer({
            conversations:
              view === 'mine'
                ? [{ ...assigned('a'), promise: { kind: 'next_response', dueAt, warnAt: 50, state } }]
                : [],
          }),
        ),
    });
    const again = async () => {
      page.lists.refresh();
      await settled();
    };
    page.lists.begin();
    await settled();
    state = 'at_risk';
    await again();
    await again();
    dueAt = 200;
    await again();
    expect(page.news).toEqual([
      ['at_risk', 'a'],
      ['at_risk', 'a'],
    ]);
  });

  it('of who waits are for those who take customers themselves and are ready', () => {
    const directory = { groups: [{ id: 'vip', name: 'VIP', mode: 'auto' }] } as unknown as DirectoryAnswer;
    const of = (conversation: SummaryView): News => ({ kind: 'waiting', conversation });
    const all = [
      of(waiting('pulled')),
      of(waiting('given', { groupId: 'vip' })),
      of(waiting('for zhou', { reservedFor: { id: 'zhou', name: '周明' } })),
    ];
    const ids = (news: readonly News[]) => news.map((each) => each.kind !== 'mentioned' && each.conversation.id);
    expect(ids(forMe(all, { me: li, directory }))).toEqual(['pulled']);
    expect(forMe(all, { me: { ...li, status: 'away' }, directory })).toEqual([]);
    expect(forMe([{ kind: 'assigned', conversation: assigned('a') }], { me: null, directory })).toHaveLength(1);
  });

  it('reach an agent once, however many tabs are open', async () => {
    const storage = new Map<string, string>();
    const kept = {
      getItem: (key: string) => storage.get(key) ?? null,
      setItem: (key: string, value: string) => void storage.set(key, value),
      removeItem: (key: string) => void storage.delete(key),
    };
    let now = 0;
    const heard: string[] = [];
    const tab = (name: string) =>
      createAnnouncing({
        alerts: { chime: () => heard.push(`${name} rings`), notify: ({ title }) => heard.push(`${name}: ${title}`) },
        told: createTold({ storage: kept, locks: null, now: () => now }),
        sound: () => true,
        say: () => ({ title: '新客户', body: '' }),
        open: () => undefined,
      });
    const news: readonly News[] = [{ kind: 'mentioned', conversationId: 'c1', by: { id: 'zhou', name: '周明' } }];
    await tab('one')(news);
    await tab('two')(news);
    expect(heard).toEqual(['one rings', 'one: 新客户']);
    now = 60_000;
    await tab('two')(news);
    expect(heard).toHaveLength(4);
  });
});

describe('a promise', () => {
  it('comes to be at risk and broken while one looks at it', () => {
    const promise = { kind: 'first_response', warnAt: 50, dueAt: 100, state: 'on_time' } as const;
    expect([0, 50, 100].map((now) => promiseState(promise, now))).toEqual(['on_time', 'at_risk', 'broken']);
    expect(promiseState({ ...promise, state: 'broken' }, 0)).toBe('broken');
  });
});

const unreachable = new ApiError(0, 'unreachable', 'no network');

function waiting(id: string, more: Partial<SummaryView> = {}): SummaryView {
  return { ...aConversation({ id, status: 'queued', queuedAt: 1 }), lastCustomerText: null, ...more };
}

function assigned(id: string): SummaryView {
  return waiting(id, { status: 'assigned', agent: { id: li.id, name: li.name } });
}

function at(id: string, updatedAt: number): SummaryView {
  return waiting(id, { updatedAt });
}

function changed(conversationId: string): ChangedEvent {
  return { conversationId, seq: 1, status: 'assigned', agentId: li.id };
}

function idsOf(conversations: readonly SummaryView[]): readonly string[] {
  return conversations.map(({ id }) => id);
}

function answer(given: { conversations: readonly SummaryView[]; next?: string }): ListAnswer {
  return {
    conversations: [...given.conversations],
    counts: { queue: 0, mine: 0, all: 0, resolved: 0, broken: 0, snoozed: 0 },
    next: given.next ?? null,
    agentsOnline: 1,
    now: 1000,
  };
}

function found(ids: readonly string[]): SearchAnswer {
  return {
    hits: ids.map((conversationId) => ({
      conversationId,
      seq: 1,
      at: 0,
      author: { role: 'customer', id: 'u1', name: null },
      private: false,
      snippet: '退款',
      ranges: [[0, 2]],
      customer: { id: 'u1', name: null, tags: [] },
      status: 'resolved',
    })),
    next: null,
    upToDate: true,
  };
}

/** The lists on a server of a few lines. */
function open(overrides: Partial<Pick<Client, 'conversations' | 'search'>>) {
  const asked: ListQuery[] = [];
  const waits: number[] = [];
  const news: (readonly [string, string])[] = [];
  const store = createStore<ListsState>(noLists);
  const {
    conversations = () => Promise.resolve(answer({ conversations: [] })),
    search = () => Promise.resolve(found([])),
  } = overrides;
  const lists = createLists({
    client: {
      conversations: (query) => {
        asked.push(query);
        return conversations(query);
      },
      search,
    },
    store,
    me: () => li,
    isOver: () => false,
    now: () => 1000,
    wait: (ms) => {
      waits.push(ms);
      return ms === 300 ? Promise.resolve() : new Promise(() => undefined);
    },
    announce: (given) =>
      news.push(...given.map((each) => [each.kind, each.kind === 'mentioned' ? '' : each.conversation.id] as const)),
  });
  return { lists, asked, waits, news, state: () => store.get() };
}

/** Everything that can happen without a timer has happened. */
async function settled(): Promise<void> {
  for (let i = 0; i < 100; i++) await Promise.resolve();
}
