import type { AgentSelf, ConversationView, EntryView, SummaryView, WrittenAnswer } from '../../../src/console/api.ts';
import { ApiError, type Client } from '../../../src/console/page/client.ts';
import { createDesk } from '../../../src/console/page/desk.ts';
import { createDrafts } from '../../../src/console/page/drafts.ts';
import { conversationOf } from '../../../src/console/page/news.ts';
import type { LiveHandlers } from '../../../src/console/page/live.ts';
import { knowledgeClient } from './knowledge-client.ts';
import { messagesIn } from '../../../src/console/page/messages/choose.ts';
import { noticeText } from '../../../src/console/page/view/notices.tsx';
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
const taken = new ApiError(409, 'taken', '周明 has this conversation.');
const unreachable = new ApiError(0, 'unreachable', 'no network');
const expired = new ApiError(401, 'Unauthenticated', 'Sign in first.');

describe('the page', () => {
  it('asks to sign in when nobody has, and opens nothing before', async () => {
    const page = open({ session: () => Promise.reject(expired) });
    page.desk.open('c1');
    await page.start();
    expect(page.state().session).toEqual({ kind: 'signed_out', because: null });
    expect(page.calls).toEqual(['session']);
    await page.desk.signIn('li@shop.cn', 'x');
    await settled();
    expect(page.state().open?.state).toBe('ready');
  });

  it('shows an editor the knowledge and nothing of the conversations, whatever the address names', async () => {
    const page = open({ session: () => Promise.resolve({ agent: { ...li, role: 'editor' } }) });
    page.desk.go({ kind: 'conversations', conversationId: 'c1' });
    await page.start();
    expect(page.desk.place()).toEqual({ kind: 'knowledge', view: 'ask', question: null, after: null });
    page.desk.go({ kind: 'knowledge', view: 'quality' });
    page.desk.go({ kind: 'conversations', conversationId: 'c1' });
    await settled();
    expect(page.desk.place()).toEqual({ kind: 'knowledge', view: 'quality' });
    expect(new Set(page.calls)).toEqual(new Set(['session', 'knowledge']));
    expect(page.connected()).toBe(false);
  });

  it('keeps the open conversation while an agent looks into the knowledge', async () => {
    const page = open();
    await page.start('c1');
    page.desk.go({ kind: 'knowledge', view: 'gaps', days: 7 });
    expect(page.desk.place()).toEqual({ kind: 'knowledge', view: 'gaps', days: 7 });
    page.desk.knowledge.go(null);
    expect(page.desk.place()).toEqual({ kind: 'conversations', conversationId: 'c1' });
    page.desk.go({ kind: 'knowledge', view: 'quality' });
    page.desk.open('c2');
    expect(page.desk.place()).toEqual({ kind: 'conversations', conversationId: 'c2' });
  });

  it('opens the part of the knowledge that the address names once somebody has signed in', async () => {
    const page = open({ session: () => Promise.reject(expired) });
    page.desk.go({ kind: 'knowledge', view: 'ask', question: '运费多少', after: null });
    await page.start();
    expect(page.count('explain')).toBe(0);
    await page.desk.signIn('li@shop.cn', 'x');
    await settled();
    expect(page.count('explain')).toBe(1);
    expect(page.desk.place()).toMatchObject({ view: 'ask', question: '运费多少' });
  });

  it('goes to the sign-in page when the session ends while the knowledge is read, and shows nothing of it to the next', async () => {
    const page = open({ gaps: () => Promise.reject(expired) });
    await page.start();
    page.desk.go({ kind: 'knowledge', view: 'ask', question: '运费多少', after: null });
    await settled();
    page.desk.go({ kind: 'knowledge', view: 'gaps', days: 7 });
    await settled();
    expect(page.state().session).toEqual({ kind: 'signed_out', because: 'expired' });
    expect(page.desk.place()).toEqual({ kind: 'knowledge', view: 'gaps', days: 7 });
    await page.desk.signIn('li@shop.cn', 'x');
    await page.desk.signOut();
    expect(page.desk.knowledge.store.get()).toMatchObject({ place: null, asked: [], explained: { value: null } });
  });

  it('tells the loser of a claim kindly who has the customer now', async () => {
    const page = open({ claim: () => Promise.reject(taken) });
    await page.start('c1');
    page.server.agent = { id: 'zhou', name: '周明' };
    page.server.status = 'assigned';
    const listed = page.count('conversations');
    await page.desk.claim();
    await settled();
    expect(page.state().notice).toEqual({ kind: 'taken', owner: '周明' });
    expect(page.state().open?.conversation).toMatchObject({ status: 'assigned', agent: { name: '周明' } });
    expect(page.count('conversations')).toBeGreaterThan(listed);
  });

  it('tells one who wrote to a conversation that a colleague took meanwhile, and keeps the words', async () => {
    const page = open({ say: () => Promise.reject(taken) });
    page.server.mine();
    await page.start('c1');
    page.server.agent = { id: 'zhou', name: '周明' };
    page.says('您好');
    await settled();
    expect(page.state().notice).toEqual({ kind: 'notYours', owner: '周明' });
    expect(page.state().open?.outgoing).toMatchObject([{ text: '您好', state: 'failed' }]);
  });

  it('names the claimed customer as the list does, an unnamed one too', async () => {
    const page = open();
    await page.start('c1');
    await page.desk.claim();
    const { notice } = page.state();
    expect(notice && noticeText(notice, messagesIn('zh-Hans'), 'zh-Hans')).toBe('已接入 访客 7f3a');
    page.server.customer = { id: 'u-7f3a', name: '王芳', tags: [] };
    await page.desk.claim();
    const named = page.state().notice;
    expect(named && noticeText(named, messagesIn('zh-Hans'), 'zh-Hans')).toBe('已接入 王芳');
  });

  it('does one thing at a time: a second click claims nothing twice', async () => {
    const page = open();
    await page.start('c1');
    await Promise.all([page.desk.claim(), page.desk.claim()]);
    expect(page.count('claim')).toBe(1);
  });

  it('keeps a message that failed and sends it again under the same id', async () => {
    const ids: string[] = [];
    let works = false;
    const page = open({
      say: (_, { clientId, text }) => {
        ids.push(clientId);
        return works ? page.server.saved(text, clientId) : Promise.reject(unreachable);
      },
    });
    page.server.mine();
    await page.start('c1');
    page.says('您好');
    await settled();
    expect(page.state().open?.outgoing).toMatchObject([{ text: '您好', state: 'waiting' }]);
    expect(page.state().notice).toBeNull();
    works = true;
    page.desk.retry(ids[0] ?? '');
    await settled();
    expect(ids).toEqual([ids[0], ids[0]]);
    expect(page.state().open?.outgoing).toEqual([]);
    expect(page.texts()).toEqual(['您好']);
  });

  it('sends what could not reach the server by itself once the connection is back, in order and once each', async () => {
    const line = cutLine();
    const page = open({ say: (_, message) => line.carry(() => page.server.saved(message.text, message.clientId)) });
    page.server.mine();
    await page.start('c1');
    line.lose('request');
    page.live().lost();
    page.says('一');
    page.says('二');
    await settled();
    expect(page.state().open?.outgoing).toMatchObject([{ state: 'waiting' }, { state: 'waiting' }]);
    expect(line.tries).toBe(1);
    line.lose('answer');
    page.live().connected();
    await settled();
    page.live().lost();
    line.lose('nothing');
    page.live().connected();
    page.live().connected();
    await settled();
    expect(page.texts()).toEqual(['一', '二']);
    expect(page.state().open?.outgoing).toEqual([]);
    expect(page.storage.size).toBe(0);
  });

  it('tries again at once what failed only after the connection was back', async () => {
    const line = cutLine();
    const page = open({ say: (_, message) => line.carry(() => page.server.saved(message.text, message.clientId)) });
    page.server.mine();
    await page.start('c1');
    line.lose('request');
    page.live().lost();
    page.says('您好');
    page.live().connected();
    line.lose('nothing');
    await settled();
    expect(page.texts()).toEqual(['您好']);
  });

  it('sends what waits for the connection though another conversation is open by then', async () => {
    const line = cutLine();
    const page = open({ say: (_, message) => line.carry(() => page.server.saved(message.text, message.clientId)) });
    page.server.mine();
    await page.start('c1');
    line.lose('request');
    page.says('您好');
    await settled();
    page.desk.open('c2');
    await settled();
    page.desk.open('c1');
    expect(page.state().open?.outgoing).toMatchObject([{ text: '您好', state: 'waiting' }]);
    page.desk.open('c2');
    line.lose('nothing');
    page.live().connected();
    await settled();
    page.desk.open('c1');
    await settled();
    expect(page.texts()).toEqual(['您好']);
    expect(page.state().open?.outgoing).toEqual([]);
  });

  it('sends what waits before what is written after it', async () => {
    const line = cutLine();
    const page = open({ say: (_, message) => line.carry(() => page.server.saved(message.text, message.clientId)) });
    page.server.mine();
    await page.start('c1');
    line.lose('request');
    page.says('一');
    await settled();
    line.lose('nothing');
    page.says('二');
    await settled();
    expect(page.texts()).toEqual(['一', '二']);
  });

  it('leaves to the agent what was refused, whatever the connection does', async () => {
    const page = open({ say: () => Promise.reject(taken) });
    page.server.mine();
    await page.start('c1');
    page.says('您好');
    await settled();
    page.live().lost();
    page.live().connected();
    await settled();
    expect(page.count('say')).toBe(1);
    expect(page.state().open?.outgoing).toMatchObject([{ state: 'failed' }]);
  });

  it('never sends by itself what the agent took back or what an earlier session left', async () => {
    const line = cutLine();
    const page = open({ say: (_, message) => line.carry(() => page.server.saved(message.text, message.clientId)) });
    page.server.mine();
    await page.start('c1');
    line.lose('request');
    page.says('算了');
    page.says('留着');
    await settled();
    page.desk.discard(page.state().open?.outgoing[0]?.clientId ?? '');
    await page.desk.signOut();
    await page.desk.signIn('li@shop.cn', 'x');
    line.lose('nothing');
    page.live().connected();
    page.desk.open('c1');
    await settled();
    expect(page.texts()).toEqual([]);
    expect(page.state().open?.outgoing).toMatchObject([{ text: '留着', state: 'failed' }]);
  });

  it('shows a message once when the answer was lost but the message was not', async () => {
    const page = open({
      say: (_, { clientId, text }) => page.server.saved(text, clientId).then(() => Promise.reject(unreachable)),
    });
    page.server.mine();
    await page.start('c1');
    page.says('您好');
    await settled();
    page.live().changed({ conversationId: 'c1', seq: 1, status: 'assigned', agentId: null });
    await settled();
    expect(page.texts()).toEqual(['您好']);
    expect(page.state().open?.outgoing).toEqual([]);
  });

  it('sends two quick messages in the order they were written, though the first takes longer', async () => {
    const page = open({
      say: async (_, { clientId, text }) => {
        if (text === '一') await settled();
        return page.server.saved(text, clientId);
      },
    });
    page.server.mine();
    await page.start('c1');
    page.says('一');
    page.says('二');
    await settled();
    await settled();
    await settled();
    expect(page.texts()).toEqual(['一', '二']);
  });

  it('brings back after a reload what was never sent', async () => {
    const page = open({ say: () => Promise.reject(unreachable) });
    page.server.mine();
    await page.start('c1');
    page.desk.writing.write('reply', '写到一半');
    page.says('没发出去');
    page.desk.writing.write('reply', '又写');
    await settled();
    const reloaded = open({}, page.storage);
    await reloaded.start('c1');
    expect(reloaded.state().open?.outgoing).toMatchObject([{ text: '没发出去', state: 'failed' }]);
    expect(reloaded.desk.writing.of('c1').reply).toBe('又写');
  });

  it('goes to the sign-in page when the session ends, and comes back to where it was', async () => {
    const page = open({ say: () => Promise.reject(expired) });
    page.server.mine();
    await page.start('c1');
    page.says('您好');
    await settled();
    expect(page.state().session).toEqual({ kind: 'signed_out', because: 'expired' });
    expect(page.connected()).toBe(false);
    await page.desk.signIn('li@shop.cn', 'x');
    await settled();
    expect(page.state().open).toMatchObject({
      id: 'c1',
      state: 'ready',
      outgoing: [{ text: '您好', state: 'failed' }],
    });
  });

  it('reads anew what it may have missed once the connection is back', async () => {
    const page = open();
    await page.start('c1');
    page.live().lost();
    expect(page.state().connection).toBe('lost');
    await page.server.saved('断线时说的', 'x');
    page.live().connected();
    await settled();
    expect(page.state()).toMatchObject({ connection: 'online', notice: { kind: 'back' } });
    expect(page.texts()).toEqual(['断线时说的']);
  });

  it('counts what the customer has said while they talk, and does not ask the server for it', async () => {
    const page = open();
    page.server.mine();
    await page.start('c1');
    const asked = page.count('conversation');
    await page.server.saved('在吗', null, 'customer');
    await page.server.saved('您好', 'x');
    await page.server.saved('想退货', null, 'customer');
    page.live().changed({ conversationId: 'c1', seq: 3, status: 'assigned', agentId: null });
    await settled();
    expect(page.state().open?.brief?.customer.messages).toBe(2);
    expect(page.count('conversation')).toBe(asked);
  });

  it('reads the brief anew when the bot answers: what it understood is another question now', async () => {
    const page = open();
    page.server.status = 'bot';
    await page.start('c1');
    const asked = page.count('conversation');
    await page.server.saved('十元', null, 'bot');
    page.live().changed({ conversationId: 'c1', seq: 1, status: 'bot', agentId: null });
    await settled();
    expect(page.count('conversation')).toBe(asked + 1);
  });

  it('announces who began to wait, and not who waited already', async () => {
    const page = open();
    page.server.queue = ['old'];
    await page.start();
    page.server.queue = ['old', 'new'];
    page.live().changed({ conversationId: 'old', seq: 3, status: 'queued', agentId: null });
    await settled();
    expect(page.announced).toEqual(['new']);
  });

  it('tells on the page who mentions me, unless I look at it', async () => {
    const page = open();
    await page.start('c1');
    const by = { id: 'zhou', name: '周明' };
    page.live().mentioned({ conversationId: 'c1', by });
    expect(page.state().notice).toBeNull();
    page.live().mentioned({ conversationId: 'c2', by });
    expect(page.state().notice).toEqual({ kind: 'news', news: { kind: 'mentioned', conversationId: 'c2', by } });
    expect(page.announced).toEqual(['c1', 'c2']);
  });

  it('shows that the customer is typing until they have said it', async () => {
    const page = open();
    page.server.mine();
    await page.start('c1');
    page.live().typing({ conversationId: 'c1', author: { role: 'agent', id: 'li', name: '小李' }, draft: false });
    expect(page.state().open?.typing).toBeNull();
    page.live().typing({ conversationId: 'c1', author: { role: 'customer', id: 'u', name: null }, draft: false });
    expect(page.state().open?.typing).toEqual({ role: 'customer', id: 'u', name: null });
    await page.server.saved('到了', null, 'customer');
    page.live().changed({ conversationId: 'c1', seq: 1, status: 'assigned', agentId: null });
    await settled();
    expect(page.state().open?.typing).toBeNull();
  });

  it('says that a conversation does not exist', async () => {
    const gone = () => Promise.reject(new ApiError(404, 'NotFound', 'There is no such conversation.'));
    const page = open({ entries: gone, conversation: gone });
    await page.start('nowhere');
    expect(page.state().open?.state).toBe('missing');
  });
});

/** A line to the server that loses what it is told to lose. */
function cutLine() {
  let losing: 'nothing' | 'request' | 'answer' = 'nothing';
  const line = {
    tries: 0,
    lose: (what: typeof losing) => void (losing = what),
    carry: async (save: () => Promise<WrittenAnswer>) => {
      line.tries++;
      const lost = losing;
      await Promise.resolve();
      if (lost === 'request') throw unreachable;
      const answer = await save();
      if (lost === 'answer') throw unreachable;
      return answer;
    },
  };
  return line;
}

/** A page on a server of a few lines: one conversation `c1`, and a queue of ids. */
function open(overrides: Partial<Client> = {}, storage = new Map<string, string>()) {
  const calls: string[] = [];
  const announced: string[] = [];
  const entries: EntryView[] = [];
  let handlers: LiveHandlers | null = null;
  const server = {
    status: 'queued' as ConversationView['status'],
    agent: null as ConversationView['agent'],
    customer: { id: 'u-7f3a', name: null, tags: [] } as ConversationView['customer'],
    queue: ['c1'] as readonly string[],
    mine: () => Object.assign(server, { status: 'assigned', agent: { id: li.id, name: li.name } }),
    conversation: () =>
      aConversation({
        customer: server.customer,
        status: server.status,
        agent: server.agent,
        seq: entries.length,
        customerSeq: 0,
        queuedAt: 1,
      }),
    saved: (
      text: string,
      clientId: string | null,
      role: 'agent' | 'customer' | 'bot' = 'agent',
    ): Promise<WrittenAnswer> => {
      const known = entries.some((entry) => entry.kind === 'message' && entry.clientId === clientId);
      if (!known || clientId === null) {
        entries.push(aMessage(entries.length + 1, { at: 0, author: { role, id: role, name: null }, text, clientId }));
      }
      return Promise.resolve({ conversation: server.conversation(), entries: [] });
    },
  };
  const written = () => Promise.resolve({ conversation: server.conversation(), entries: [] });
  const honest = {
    session: () => Promise.resolve({ agent: li }),
    signIn: () => Promise.resolve({ agent: li }),
    signOut: () => Promise.resolve({}),
    directory: () => Promise.reject(unreachable),
    conversations: ({ view = 'queue' }) =>
      Promise.resolve({
        conversations: (view === 'mine' ? [] : server.queue).map((id): SummaryView => ({
          ...server.conversation(),
          id,
          lastCustomerText: null,
        })),
        counts: { queue: server.queue.length, mine: 0, all: 1, resolved: 0, broken: 0, snoozed: 0, [view]: 1 },
        next: null,
        agentsOnline: 1,
        now: 1000,
      }),
    conversation: () =>
      Promise.resolve({
        conversation: server.conversation(),
        brief: {
          reason: null,
          question: null,
          tried: [],
          unmatched: [],
          doubts: [],
          attempts: 0,
          waitingSince: null,
          customer: { ...server.customer, channel: 'webchat', locale: 'zh-Hans', since: 0, messages: 0 },
        },
        customer: {
          ...server.customer,
          channel: 'webchat',
          channelName: null,
          facts: [],
          unreachable: false,
          version: 1,
          updatedAt: 0,
        },
        past: [],
        duplicates: [],
      }),
    entries: (_, after) =>
      Promise.resolve({ conversation: server.conversation(), entries: entries.filter(({ seq }) => seq > after) }),
    claim: written,
    say: written,
    note: written,
    typing: () => Promise.resolve({}),
    transfer: written,
    resolve: written,
    ...knowledgeClient(),
    ...overrides,
  } as Client;
  const client = new Proxy(honest, {
    get: (target, name: keyof Client) => {
      return (...given: never[]) => {
        calls.push(name);
        return (target[name] as (...each: never[]) => unknown)(...given);
      };
    },
  });
  let ids = 0;
  const desk = createDesk({
    client,
    connect: (given) => {
      handlers = given;
      return () => (handlers = null);
    },
    draftsOf: (agentId) =>
      createDrafts(
        {
          getItem: (key) => storage.get(key) ?? null,
          setItem: (key, value) => void storage.set(key, value),
          removeItem: (key) => void storage.delete(key),
        },
        agentId,
      ),
    files: { send: () => new Promise(() => undefined), previewOf: () => null, forget: () => undefined },
    now: () => 1000,
    // Pauses between refreshes pass at once; the seconds that "is typing" stays do not pass at all.
    wait: (ms) => (ms === 300 ? Promise.resolve() : new Promise(() => undefined)),
    newId: () => `id${storage.size}-${++ids}`,
    announce: (news) => announced.push(...news.map(conversationOf)),
  });
  return {
    desk,
    says: (text: string) => {
      desk.writing.write('reply', text);
      desk.send('reply');
    },
    server,
    storage,
    calls,
    announced,
    count: (name: string) => calls.filter((each) => each === name).length,
    state: () => desk.store.get(),
    texts: () =>
      (desk.store.get().open?.entries ?? []).map((entry) => (entry.kind === 'message' ? entry.text : entry.kind)),
    connected: () => handlers !== null,
    live: (): LiveHandlers => {
      if (!handlers) throw new Error('The page is not connected.');
      return handlers;
    },
    start: async (conversationId?: string) => {
      await desk.start();
      await settled();
      if (conversationId) desk.open(conversationId);
      await settled();
    },
  };
}

/** Everything that can happen without a timer has happened. */
async function settled(): Promise<void> {
  for (let i = 0; i < 100; i++) await Promise.resolve();
}
