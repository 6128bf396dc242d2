import type { AgentSelf, ConversationView, EntryView } from '../../../src/console/api.ts';
import type { MessageBody, NoteBody, TransferBody } from '../../../src/console/desk-api.ts';
import { ApiError, type Client } from '../../../src/console/page/client.ts';
import { createConversation, type ConversationState } from '../../../src/console/page/conversation.ts';
import { createDrafts } from '../../../src/console/page/drafts.ts';
import { createStore } from '../../../src/console/page/store.ts';
import { aConversation, aMessage } from './builders.ts';

const li: AgentSelf = {
  id: 'li',
  name: '小李',
  email: 'li@shop.cn',
  role: 'agent',
  status: 'online',
  capacity: 5,
  groups: [],
};
const refused = (code: string) => new ApiError(409, code, code);

describe('a reply', () => {
  it('takes its files, its quote and the chosen article along, and its draft is empty at once', async () => {
    const page = open();
    await page.start();
    const { writing, does } = page.conversation;
    const file = { id: 'f1', name: 'a.png', contentType: 'image/png', size: 1, url: '/f1' };
    writing.insert('reply', {
      text: '运费 6 元',
      caret: null,
      article: { articleId: 'fees', about: 1, title: '运费' },
    });
    writing.quote(1);
    writing.attach('c1', file);
    does.send('reply');
    expect(writing.of('c1')).toMatchObject({ reply: '', attachments: [], replyTo: null, article: null });
    await settled();
    expect(page.said).toEqual([
      {
        text: '运费 6 元',
        clientId: 'id1',
        version: 3,
        replyTo: 1,
        article: { articleId: 'fees', about: 1 },
        attachments: ['f1'],
      },
    ]);
  });

  it('that can’t be sent goes back where it was written with all that belongs to it', async () => {
    const page = open({ say: () => Promise.reject(refused('not_yours')) });
    await page.start();
    const { writing, does } = page.conversation;
    writing.write('reply', '您好');
    writing.quote(1);
    does.send('reply');
    await settled();
    expect(page.state().open?.outgoing).toMatchObject([{ text: '您好', state: 'failed' }]);
    expect(page.state().notice).toEqual({ kind: 'notYours', owner: null });
    does.takeBack('id1');
    expect(writing.of('c1')).toMatchObject({ reply: '您好', replyTo: 1 });
    expect(page.state().open?.outgoing).toEqual([]);
  });

  it('is kept unsent with its files when the page is closed before it arrives', async () => {
    const page = open({ say: () => new Promise(() => undefined) });
    await page.start();
    page.conversation.writing.attach('c1', { id: 'f1', name: 'a', contentType: 'image/png', size: 1, url: '/' });
    page.conversation.does.send('reply');
    const again = open({}, page.kept);
    await again.start();
    expect(again.state().open?.outgoing).toMatchObject([{ text: '', attachments: [{ id: 'f1' }], state: 'failed' }]);
  });
});

describe('a note', () => {
  it('tells those it mentions', async () => {
    const page = open();
    await page.start();
    const { writing, does } = page.conversation;
    writing.mention({ id: 'w', name: '小王' });
    writing.write('note', '@小王 看一下');
    does.send('note');
    await settled();
    expect(page.noted).toEqual([{ text: '@小王 看一下', clientId: 'id1', mentions: ['w'] }]);
  });
});

describe('what is asked for', () => {
  it('is told when it is done, with the name of who has the conversation now', async () => {
    const page = open();
    await page.start();
    const did = await page.conversation.does.transfer({ kind: 'agent', agentId: 'w' }, { note: ' 急 ', name: '小王' });
    expect(did).toEqual({ kind: 'done' });
    expect(page.transferred).toEqual([{ to: { kind: 'agent', agentId: 'w' }, version: 3, seen: 1, note: '急' }]);
    expect(page.state().notice).toEqual({ kind: 'transferred', name: '小王' });
    expect(page.acted()).toBe(1);
  });

  it('can be asked for differently when the colleague is not there', async () => {
    const page = open({ transfer: () => Promise.reject(refused('unavailable')) });
    await page.start();
    const did = await page.conversation.does.transfer({ kind: 'agent', agentId: 'w' }, { note: '', name: '小王' });
    expect(did).toEqual({ kind: 'unavailable', name: '小王' });
    expect(page.state().notice).toBeNull();
  });

  it('can be asked for again after the conversation changed, with what is true by then', async () => {
    let tries = 0;
    const versions: number[] = [];
    const page = open({
      resolve: (_, { version }) => {
        versions.push(version);
        return tries++ === 0 ? Promise.reject(refused('stale')) : page.written();
      },
    });
    await page.start();
    page.server.version = 4;
    page.server.seq = 2;
    page.server.entries.push(said(2, '等等'));
    expect(await page.conversation.does.resolve('solved')).toEqual({ kind: 'stale' });
    await settled();
    expect(await page.conversation.does.resolve('solved')).toEqual({ kind: 'done' });
    expect(versions).toEqual([3, 4]);
  });

  it('is over when a colleague has the conversation, or it is reserved for one', async () => {
    const page = open({ claim: () => Promise.reject(refused('taken')) });
    await page.start();
    page.server.agent = { id: 'w', name: '小王' };
    page.server.seq = 2;
    expect(await page.conversation.does.claim()).toEqual({ kind: 'over' });
    expect(page.state().notice).toEqual({ kind: 'taken', owner: '小王' });
    page.server.agent = null;
    page.server.reservedFor = { id: 'z', name: '周明' };
    page.server.seq = 3;
    expect(await page.conversation.does.claim()).toEqual({ kind: 'over' });
    expect(page.state().notice).toEqual({ kind: 'reserved', name: '周明' });
  });

  it('leads out of a conversation that went where one does not reach it', async () => {
    const page = open({ snooze: () => Promise.reject(new ApiError(404, 'not_found', 'gone')) });
    await page.start();
    expect(await page.conversation.does.snooze(1)).toEqual({ kind: 'over' });
    expect(page.state().open?.state).toBe('missing');
  });

  it('is done once, however often it is asked for meanwhile', async () => {
    const page = open();
    await page.start();
    const [first, second] = await Promise.all([
      page.conversation.does.merge(other),
      page.conversation.does.merge(other),
    ]);
    expect([first?.kind, second?.kind]).toEqual(['done', 'failed']);
  });

  const other = { id: 'c2', seen: 4 };
});

describe('the open conversation', () => {
  it('shows what the customer has read, though nothing was added to the log', async () => {
    const page = open();
    await page.start();
    page.server.readSeq = 1;
    page.conversation.changed({ conversationId: 'c1', seq: 1, status: 'assigned', agentId: 'li' });
    await settled();
    expect(page.state().open?.conversation?.readSeq).toBe(1);
  });

  it('warns of colleagues who write here for some seconds, each once, but not of oneself', async () => {
    const page = open();
    await page.start();
    const typing = (id: string, name: string) =>
      page.conversation.typing({ conversationId: 'c1', author: { role: 'agent', id, name }, draft: true });
    typing('li', '小李');
    typing('w', '小王');
    typing('w', '小王');
    expect(page.state().open?.colleagues).toEqual([{ id: 'w', name: '小王', draft: true }]);
    expect(page.state().open?.typing).toBeNull();
    page.passTime();
    await settled();
    expect(page.state().open?.colleagues).toEqual([]);
  });

  it('tells the customer of a reply that is being written, never of a note', async () => {
    const page = open();
    await page.start();
    page.conversation.does.typed('note');
    expect(page.typings()).toBe(0);
    page.conversation.does.typed('reply');
    page.conversation.does.typed('reply');
    expect(page.typings()).toBe(1);
  });

  it('remembers which message is looked for until it was shown', async () => {
    const page = open();
    page.conversation.open('c1', 1);
    expect(page.state().open?.sought).toBe(1);
    await settled();
    page.conversation.does.found();
    expect(page.state().open?.sought).toBeNull();
    page.conversation.open('c1', 1);
    expect(page.state().open).toMatchObject({ sought: 1, state: 'ready' });
  });

  it('is missing once it went where one does not reach it', async () => {
    const page = open();
    await page.start();
    page.conversation.gone({ conversationId: 'c2' });
    expect(page.state().open?.state).toBe('ready');
    page.conversation.gone({ conversationId: 'c1' });
    expect(page.state().open?.state).toBe('missing');
  });
});

/** The open conversation over a server that the test can change. */
function open(overrides: Partial<Client> = {}, kept = new Map<string, string>()) {
  const server = {
    seq: 1,
    version: 3,
    readSeq: 0,
    agent: { id: 'li', name: '小李' } as ConversationView['agent'],
    reservedFor: null as ConversationView['reservedFor'],
    entries: [said(1, '运费多少')] as EntryView[],
  };
  const log = { said: [] as MessageBody[], noted: [] as NoteBody[], transferred: [] as TransferBody[] };
  const waits: (() => void)[] = [];
  let acted = 0;
  let typings = 0;
  let ids = 0;
  const row = () => aConversation({ status: 'assigned', ...server, entries: undefined } as Partial<ConversationView>);
  const written = () => Promise.resolve({ conversation: row(), entries: [] });
  const client = {
    entries: (_: string, after: number) =>
      Promise.resolve({ conversation: row(), entries: server.entries.filter(({ seq }) => seq > after) }),
    conversation: () =>
      Promise.resolve({ conversation: row(), brief, customer: {}, past: [], duplicates: [] } as never),
    suggestions: () => Promise.resolve({ about: null, suggestions: [] }),
    claim: written,
    takeOver: written,
    resolve: written,
    snooze: written,
    merge: written,
    route: written,
    transfer: (_: string, body: TransferBody) => {
      log.transferred.push(body);
      return written();
    },
    say: (_: string, body: MessageBody) => {
      log.said.push(body);
      return written();
    },
    note: (_: string, body: NoteBody) => {
      log.noted.push(body);
      return written();
    },
    typing: () => {
      typings++;
      return Promise.resolve({});
    },
    ...overrides,
  } as unknown as Client;
  const store = createStore<ConversationState>({ open: null, notice: null, busy: null });
  const drafts = createDrafts(
    {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => void kept.set(key, value),
      removeItem: (key) => void kept.delete(key),
    },
    'li',
  );
  const page = createConversation({
    client,
    store,
    drafts: () => drafts,
    me: () => li,
    isOver: () => false,
    now: () => 10_000,
    wait: () => new Promise((resolve) => waits.push(resolve)),
    newId: () => `id${++ids}`,
    files: { send: () => new Promise(() => undefined), previewOf: () => null, forget: () => undefined },
    acted: () => void acted++,
  });
  return {
    conversation: page,
    server,
    kept,
    ...log,
    written,
    state: () => store.get(),
    acted: () => acted,
    typings: () => typings,
    passTime: () => waits.splice(0).forEach((pass) => pass()),
    start: async () => {
      page.open('c1');
      await settled();
    },
  };
}

const brief = {
  reason: null,
  question: null,
  tried: [],
  unmatched: [],
  doubts: [],
  attempts: 0,
  waitingSince: null,
  customer: { id: 'u1', name: null, channel: 'webchat', locale: 'zh-Hans', since: 0, messages: 1 },
};

const said = (seq: number, text: string) => aMessage(seq, { text });

async function settled(): Promise<void> {
  for (let i = 0; i < 30; i++) await Promise.resolve();
}
