import type { ConversationLog } from '../../src/conversation/log.ts';
import { AccessError, InputError } from '../../src/errors.ts';
import { createDesk, type Desk, longestText } from '../../src/handoff/desk.ts';
import { openStorage, type Storage } from '../../src/storage/storage.ts';
import { allEntries, anAgent, customerWrote, newConversation, startQueued } from '../support/conversations.ts';

describe('the desk', () => {
  const li = anAgent({ id: 'li', name: '小李' });
  const wang = anAgent({ id: 'wang', name: '小王', role: 'supervisor' });
  const editor = anAgent({ id: 'ed', name: '编辑', role: 'editor' });
  const conversationId = 'c1';
  let storage: Storage;
  let log: ConversationLog;
  let desk: Desk;

  beforeEach(async () => {
    storage = await openStorage('sqlite::memory:');
    log = storage.log;
    desk = createDesk({ log, now: () => 77 });
    await startQueued(log, { id: conversationId });
  });
  afterEach(() => storage.close());

  const claimed = async (agent = li): Promise<number> => {
    const outcome = await desk.claim({ agent, conversationId });
    if (outcome.kind !== 'claimed') throw new Error(outcome.kind);
    return outcome.conversation.version;
  };

  it('gives a conversation to one of two who claim at once, and tells the other who has it', async () => {
    const outcomes = await Promise.all([li, wang].map((agent) => desk.claim({ agent, conversationId })));
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['claimed', 'taken']);
    const winner = outcomes[0]?.kind === 'claimed' ? li : wang;
    expect(outcomes.find(({ kind }) => kind === 'taken')).toMatchObject({ by: winner.name });
  });

  it('takes a claim that is sent again as done', async () => {
    const version = await claimed();
    expect(await desk.claim({ agent: li, conversationId })).toMatchObject({
      kind: 'claimed',
      conversation: { version, agentId: 'li' },
      entries: [],
    });
  });

  it('says what the owner says, once', async () => {
    const version = await claimed();
    const said = { agent: li, conversationId, version, text: '您好，我是小李', clientId: 'k1' };
    const first = await desk.say(said);
    expect(first).toMatchObject({ kind: 'said', entries: [{ text: '您好，我是小李', private: false, at: 77 }] });
    const again = await desk.say(said);
    expect(again).toMatchObject({ kind: 'said', entries: first.kind === 'said' ? first.entries : [] });
    expect((await allEntries(log, conversationId)).filter(({ author }) => author.role === 'agent')).toHaveLength(2);
  });

  it('lets nobody speak who does not have it', async () => {
    const text = { conversationId, text: '您好', clientId: null };
    expect(await desk.say({ agent: li, version: 1, ...text })).toMatchObject({ kind: 'not_yours' });
    const version = await claimed();
    expect(await desk.say({ agent: wang, version, ...text })).toMatchObject({ kind: 'taken', by: '小李' });
    expect(await desk.say({ agent: li, version: version - 1, ...text })).toMatchObject({ kind: 'stale' });
    expect(await desk.say({ agent: li, version, ...text, conversationId: 'nowhere' })).toEqual({ kind: 'unknown' });
  });

  it('takes private notes from everybody who serves customers', async () => {
    await claimed();
    const noted = await desk.note({ agent: wang, conversationId, text: '老客户，耐心点', clientId: 'n1' });
    expect(noted).toMatchObject({ kind: 'noted', entries: [{ private: true, author: { id: 'wang' } }] });
  });

  it('gives a conversation back to the queue with a note, for a colleague to claim', async () => {
    const version = await claimed();
    const moved = await desk.transfer({
      agent: li,
      conversationId,
      version,
      seen: 99,
      to: 'queue',
      note: '请技术组看看',
    });
    expect(moved).toMatchObject({
      kind: 'transferred',
      // Its place from before the claim.
      conversation: { status: 'queued', agentId: null, queuedAt: 1000 },
    });
    expect(moved.kind === 'transferred' && moved.entries.map(({ kind }) => kind)).toEqual(['message', 'status']);
    expect(await desk.transfer({ agent: li, conversationId, version, seen: 99, to: 'bot', note: null })).toMatchObject({
      kind: 'not_yours',
    });
    await claimed(wang);
  });

  it('gives a conversation back to the bot, and writes no empty note', async () => {
    const version = await claimed();
    const moved = await desk.transfer({ agent: li, conversationId, version, seen: 99, to: 'bot', note: '  ' });
    expect(moved).toMatchObject({
      kind: 'transferred',
      conversation: { status: 'bot' },
      entries: [{ kind: 'status' }],
    });
  });

  it('resolves, after which it cannot be claimed until the customer is handed over again', async () => {
    const version = await claimed();
    expect(await desk.resolve({ agent: wang, conversationId, version, seen: 99 })).toMatchObject({
      kind: 'taken',
      by: '小李',
    });
    expect(await desk.resolve({ agent: li, conversationId, version, seen: 99 })).toMatchObject({
      kind: 'resolved',
      conversation: { status: 'resolved', agentId: null },
    });
    expect(await desk.claim({ agent: wang, conversationId })).toMatchObject({ kind: 'not_waiting' });
    await log.write(conversationId, customerWrote('还有个问题'));
    expect(await desk.claim({ agent: wang, conversationId })).toMatchObject({ kind: 'not_waiting' });
  });

  it('refuses editors and disabled agents everything', async () => {
    const version = await claimed();
    for (const agent of [editor, { ...li, disabled: true }]) {
      const mine = { agent, conversationId, version, seen: 99 };
      const target = { ...mine, clientId: null, text: '您好', note: null, to: 'bot' as const };
      for (const act of ['claim', 'say', 'note', 'transfer', 'resolve'] as const) {
        await expect(desk[act](target)).rejects.toThrow(AccessError);
      }
    }
  });

  it('refuses text that says nothing or too much', async () => {
    const version = await claimed();
    for (const text of ['', ' \n', '长'.repeat(longestText + 1)]) {
      await expect(desk.say({ agent: li, conversationId, version, text, clientId: null })).rejects.toThrow(InputError);
      await expect(desk.note({ agent: li, conversationId, text, clientId: null })).rejects.toThrow(InputError);
    }
  });

  it('gives back to the queue all that an agent has, when they can serve no more', async () => {
    await claimed();
    await startQueued(log, { id: 'c2' });
    await startQueued(log, { id: 'c3' });
    await log.start(newConversation({ id: 'c4' }), 1);
    await desk.claim({ agent: li, conversationId: 'c2' });
    await desk.claim({ agent: wang, conversationId: 'c3' });
    expect(await desk.releaseAll({ ...li, disabled: true })).toBe(2);
    const statuses = await Promise.all(['c1', 'c2', 'c3', 'c4'].map(async (id) => (await log.find(id))?.status));
    expect(statuses).toEqual(['queued', 'queued', 'assigned', 'bot']);
  });
});
