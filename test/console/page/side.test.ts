import type { ConversationAnswer, CustomerView, EntryView } from '../../../src/console/api.ts';
import { ApiError } from '../../../src/console/page/client.ts';
import { standingOf } from '../../../src/console/page/order.ts';
import { shownIn } from '../../../src/console/page/shown.ts';
import { createSide, type SideNeeds } from '../../../src/console/page/side.ts';

const stale = new ApiError(409, 'stale', 'Somebody changed it meanwhile.');
const chen: CustomerView = {
  channel: 'webchat',
  id: 'u1',
  name: null,
  channelName: '小陈',
  tags: ['vip'],
  facts: [{ name: '鞋码', value: '42' }],
  unreachable: false,
  version: 1,
  updatedAt: 0,
};

describe('what is known of a customer', () => {
  it('is saved field by field, on the version that was seen', async () => {
    const page = open();
    await page.side.edit({ name: '陈女士' });
    expect(page.sent).toEqual([{ version: 1, name: '陈女士' }]);
    expect(page.shown().name).toBe('陈女士');
    expect(page.state()).toMatchObject({ saving: null, refused: null, conflict: null });
  });

  it('shows what is being saved, and saves one change at a time', async () => {
    const page = open();
    const saving = page.side.edit({ name: '陈女士' });
    void page.side.edit({ name: '别的' });
    expect(page.state().saving).toEqual({ name: '陈女士' });
    await saving;
    expect(page.sent).toHaveLength(1);
  });

  it('keeps what a colleague changed elsewhere meanwhile', async () => {
    const page = open();
    page.colleague({ name: '陈总' });
    await page.side.edit({ facts: [] });
    expect(page.shown()).toMatchObject({ name: '陈总', facts: [], version: 3 });
    expect(page.state().conflict).toBeNull();
  });

  it('gives and takes tags one by one, whatever a colleague did to the others', async () => {
    const page = open();
    page.colleague({ tags: ['vip', 'elder'] });
    await page.side.edit({ tags: ['vip', 'angry'] });
    expect(page.shown().tags).toEqual(['vip', 'elder', 'angry']);
    page.colleague({ tags: ['vip', 'elder', 'angry', 'new'] });
    await page.side.edit({ tags: ['elder', 'angry'] });
    expect(page.shown().tags).toEqual(['elder', 'angry', 'new']);
  });

  it('shows both when a colleague changed the same, and saves neither unasked', async () => {
    const page = open();
    page.colleague({ name: '陈总' });
    await page.side.edit({ name: '陈女士' });
    expect(page.state().conflict).toMatchObject({ mine: { name: '陈女士' }, theirs: { name: '陈总' } });
    expect(page.shown().name).toBe('陈总');
    await page.side.settle('mine');
    expect(page.shown().name).toBe('陈女士');
    expect(page.state().conflict).toBeNull();
  });

  it('stays as the colleague wrote it when that is what one wants', async () => {
    const page = open();
    page.colleague({ name: '陈总' });
    await page.side.edit({ name: '陈女士' });
    await page.side.settle('theirs');
    expect(page.shown().name).toBe('陈总');
    expect(page.state().conflict).toBeNull();
  });

  it('tells why a change was refused, and takes nothing as saved', async () => {
    const issues = [{ path: 'name', message: 'must be at most 60 characters' }];
    const page = open({ changeCustomer: () => Promise.reject(new ApiError(400, 'InvalidInput', 'no', issues)) });
    await page.side.edit({ name: 'x'.repeat(61) });
    expect(page.state()).toMatchObject({ saving: null, refused: { issues } });
    expect(page.shown().name).toBeNull();
  });
});

describe('asking the base', () => {
  it('shows what came of the question asked last', async () => {
    const answers = new Map<string, () => void>();
    const page = open({
      searchArticles: (question) =>
        new Promise((resolve) => void answers.set(question, () => resolve({ articles: [] }))),
    });
    page.side.search('一');
    page.side.search(' 二 ');
    answers.get('二')?.();
    await settled();
    answers.get('一')?.();
    await settled();
    expect(page.state().found).toEqual({ state: 'ready', value: { question: '二', articles: [] } });
  });

  it('is forgotten with the conversation, the tab is not', async () => {
    const page = open();
    page.side.choose('articles');
    page.side.search('运费');
    await settled();
    page.side.forget();
    expect(page.state()).toMatchObject({ tab: 'articles', found: { value: null } });
  });
});

describe('what the customer was shown', () => {
  it('is what the bot answered and what agents sent, newest first, with what was said of it', () => {
    const author = { role: 'bot' as const, id: 'bot', name: null };
    const li = { role: 'agent' as const, id: 'li', name: '小李' };
    const verdict = { kind: 'verdict' as const, at: 0, articleId: 'fee', question: '', helpful: true };
    const entries: readonly EntryView[] = [
      message(2, author, { articleId: 'fee', title: '运费', confidence: 0.9 }),
      {
        ...verdict,
        seq: 3,
        author: { role: 'customer', id: 'u1', name: null },
        about: 2,
        helpful: false,
        source: 'feedback',
      },
      message(4, author, null),
      { ...verdict, seq: 6, author: li, about: 1, source: 'agent' },
    ];
    expect(shownIn(entries).map(({ seq, title, by, helpful }) => [seq, title, by, helpful])).toEqual([
      [6, '运费', '小李', null],
      [2, '运费', null, false],
    ]);
  });
});

describe('the order of service', () => {
  it('is explained by the head start of the priority, or by an agent who went away', () => {
    const queuedAt = 1_000_000_000_000;
    const minutes = (count: number) => standingOf({ queuedAt, serveBy: queuedAt - count * 60_000 });
    expect(minutes(0)).toEqual({ kind: 'by_time' });
    expect(minutes(60)).toEqual({ kind: 'ahead', minutes: 60 });
    expect(minutes(-15)).toEqual({ kind: 'behind', minutes: 15 });
    expect(minutes(365 * 24 * 60)).toEqual({ kind: 'first' });
    expect(standingOf({ queuedAt: null, serveBy: null })).toEqual({ kind: 'by_time' });
  });
});

function message(
  seq: number,
  author: EntryView['author'],
  answer: { articleId: string; title: string; confidence: number } | null,
): EntryView {
  return {
    kind: 'message',
    seq,
    at: seq,
    author,
    text: '',
    format: 'plain',
    attachments: [],
    choices: [],
    private: false,
    clientId: null,
    replyTo: null,
    mentions: [],
    answer,
  };
}

/** The side of a conversation on a server of a few lines. */
function open(overrides: Partial<SideNeeds['client']> = {}) {
  let stored = chen;
  let shown = chen;
  const sent: unknown[] = [];
  const side = createSide({
    client: {
      conversation: () => Promise.resolve({ customer: stored } as ConversationAnswer),
      changeCustomer: (_, { version, ...change }) => {
        sent.push({ version, ...change });
        if (version !== stored.version) return Promise.reject(stale);
        stored = { ...stored, ...(change as Partial<CustomerView>), version: version + 1 };
        return Promise.resolve({ customer: stored });
      },
      searchArticles: () => Promise.resolve({ articles: [] }),
      ...overrides,
    },
    shown: () => ({ conversationId: 'c1', customer: shown }),
    took: (_, customer) => (shown = customer),
    isOver: () => false,
  });
  return {
    side,
    sent,
    state: () => side.store.get(),
    shown: () => shown,
    colleague: (change: Partial<CustomerView>) => {
      stored = { ...stored, ...change, version: stored.version + 1 };
    },
  };
}

async function settled() {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}
