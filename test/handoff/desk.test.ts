import type { ConversationLog } from '../../src/conversation/log.ts';
import { AccessError, InputError } from '../../src/errors.ts';
import { createDesk, type Desk, longestSnooze, longestText } from '../../src/handoff/desk.ts';
import type { Agent } from '../../src/handoff/agents.ts';
import { allEntries, customerWrote, newConversation, saved, startQueued } from '../support/conversations.ts';
import { openServiceDesk, type ServiceDesk } from '../support/service-desk.ts';

describe('the desk', () => {
  const conversationId = 'c1';
  let world: ServiceDesk;
  let log: ConversationLog;
  let desk: Desk;
  /** `zhao` serves the group 技术 too, `li` nobody but those of no group; `wang` is the supervisor. */
  let li: Agent;
  let zhao: Agent;
  let wang: Agent;
  let editor: Agent;

  beforeEach(async () => {
    world = await openServiceDesk();
    ({ log, desk } = world);
    await world.set('groups', { groups: [{ id: 'tech', name: '技术', mode: 'pull' }] });
    li = await world.agent('li', { name: '小李' });
    zhao = await world.agent('zhao', { name: '小赵', groups: ['tech'] });
    wang = await world.agent('wang', { name: '小王', role: 'supervisor' });
    editor = await world.agent('ed', { name: '编辑', role: 'editor' });
    await startQueued(log, { id: conversationId });
  });
  afterEach(() => world.close());

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
    expect(first).toMatchObject({
      kind: 'said',
      entries: [{ text: '您好，我是小李', private: false, at: world.clock.now }],
    });
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
      to: { kind: 'queue' },
      note: '请技术组看看',
    });
    expect(moved).toMatchObject({
      kind: 'transferred',
      // Its place from before the claim.
      conversation: { status: 'queued', agentId: null, queuedAt: 1000 },
    });
    expect(moved.kind === 'transferred' && moved.entries.map(({ kind }) => kind)).toEqual(['message', 'status']);
    expect(
      await desk.transfer({ agent: li, conversationId, version, seen: 99, to: { kind: 'bot' }, note: null }),
    ).toMatchObject({
      kind: 'not_yours',
    });
    await claimed(wang);
  });

  it('gives a conversation back to the bot, and writes no empty note', async () => {
    const version = await claimed();
    const moved = await desk.transfer({
      agent: li,
      conversationId,
      version,
      seen: 99,
      to: { kind: 'bot' },
      note: '  ',
    });
    expect(moved).toMatchObject({
      kind: 'transferred',
      conversation: { status: 'bot' },
      entries: [{ kind: 'status' }],
    });
  });

  it('resolves, after which it cannot be claimed until the customer asks for a person again', async () => {
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
    await log.write(conversationId, customerWrote('还有个问题', { at: world.clock.now + 25 * 60 * 60_000 }));
    expect(await desk.claim({ agent: wang, conversationId })).toMatchObject({ kind: 'not_waiting' });
  });

  it('refuses editors and disabled agents everything', async () => {
    const version = await claimed();
    for (const agent of [editor, { ...li, disabled: true }]) {
      const mine = { agent, conversationId, version, seen: 99 };
      const target = { ...mine, clientId: null, text: '您好', note: null, to: { kind: 'bot' as const } };
      for (const act of ['claim', 'say', 'note', 'transfer', 'resolve', 'takeOver'] as const) {
        await expect(desk[act](target)).rejects.toThrow(AccessError);
      }
      await expect(desk.snooze({ ...mine, until: null })).rejects.toThrow(AccessError);
      await expect(desk.merge({ ...mine, other: { id: 'c2', seen: 9 } })).rejects.toThrow(AccessError);
      await expect(desk.assign({ ...mine, to: 'li' })).rejects.toThrow(AccessError);
      await expect(desk.route({ ...mine, route: { priority: 'high' } })).rejects.toThrow(AccessError);
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

  const inTech = (id: string) => {
    const route = { groupId: 'tech', priority: 'medium', because: [] } as const;
    return world.waiting(id, { handoff: { reason: 'customer_request', understanding: null, route } });
  };
  const versionOf = async (id = conversationId): Promise<number> => (await world.now(id)).version;

  it('shows agents nothing of what is another group’s, and supervisors everything', async () => {
    const { version } = await inTech('t1');
    const target = { conversationId: 't1', version, seen: 99 };
    const text = { ...target, text: '您好', clientId: null };
    const asLi = { agent: li };
    expect(
      await Promise.all([
        desk.claim({ ...asLi, ...target }),
        desk.say({ ...asLi, ...text }),
        desk.note({ ...asLi, ...text }),
        desk.transfer({ ...asLi, ...target, to: { kind: 'queue' }, note: null }),
        desk.resolve({ ...asLi, ...target }),
        desk.snooze({ ...asLi, ...target, until: null }),
        desk.takeOver({ ...asLi, ...target }),
        desk.route({ ...asLi, ...target, route: { priority: 'urgent' } }),
        desk.merge({ ...asLi, ...target, other: { id: conversationId, seen: 99 } }),
        desk.merge({ ...asLi, conversationId, version: 1, other: { id: 't1', seen: 99 } }),
      ]),
    ).toEqual(Array.from({ length: 10 }, () => ({ kind: 'unknown' })));
    expect(await desk.note({ agent: wang, ...text })).toMatchObject({ kind: 'noted' });
    expect(await desk.claim({ agent: zhao, ...target })).toMatchObject({ kind: 'claimed' });
  });

  it('gives a conversation to a group, whose agents alone reach it from then on', async () => {
    const version = await claimed();
    const to = { kind: 'group', groupId: 'tech' } as const;
    const mine = { agent: li, conversationId, version, seen: 99, note: null };
    await expect(desk.transfer({ ...mine, to: { kind: 'group', groupId: 'nowhere' } })).rejects.toThrow(InputError);
    expect(await desk.transfer({ ...mine, to })).toMatchObject({
      kind: 'transferred',
      conversation: { status: 'queued', groupId: 'tech', queuedAt: 1000 },
      entries: [{ route: { because: [{ kind: 'agent', from: '小李', group: 'tech' }] } }],
    });
    expect(await desk.claim({ agent: li, conversationId })).toEqual({ kind: 'unknown' });
    await claimed(zhao);
  });

  it('gives a conversation to a colleague at once, who reaches it whatever its group', async () => {
    await inTech('t1');
    await desk.claim({ agent: zhao, conversationId: 't1' });
    const mine = { agent: zhao, conversationId: 't1', version: await versionOf('t1'), seen: 99, note: '麻烦你了' };
    expect(await desk.transfer({ ...mine, to: { kind: 'agent', agentId: 'li' } })).toMatchObject({
      kind: 'transferred',
      conversation: { status: 'assigned', agentId: 'li', agentName: '小李' },
    });
    const said = { agent: li, conversationId: 't1', version: await versionOf('t1'), text: '您好', clientId: null };
    expect(await desk.say(said)).toMatchObject({ kind: 'said' });
    expect(await desk.say({ ...said, agent: zhao })).toMatchObject({ kind: 'taken', by: '小李' });
  });

  it('does not give a conversation to a colleague who is not there, to oneself or to who serves nobody', async () => {
    const version = await claimed();
    await world.agent('sun', { name: '小孙', isHere: false });
    await world.agent('qian', { name: '小钱', status: 'offline' });
    await world.agent('zhou', { name: '小周', status: 'busy' });
    const give = (agentId: string) =>
      desk.transfer({ agent: li, conversationId, version, seen: 99, note: null, to: { kind: 'agent', agentId } });
    expect(await give('sun')).toEqual({ kind: 'unavailable', name: '小孙' });
    expect(await give('qian')).toEqual({ kind: 'unavailable', name: '小钱' });
    for (const nobody of ['li', 'ed', 'nobody']) await expect(give(nobody)).rejects.toThrow(InputError);
    expect(await versionOf()).toBe(version);
    expect(await give('zhou')).toMatchObject({ kind: 'transferred' });
  });

  it('puts a conversation off until a time to come, within 90 days', async () => {
    const version = await claimed();
    const now = world.clock.now;
    const until = (time: number | null) => desk.snooze({ agent: li, conversationId, version, until: time });
    for (const time of [now, now - 1, now + longestSnooze + 1]) await expect(until(time)).rejects.toThrow(InputError);
    expect(await until(now + longestSnooze)).toMatchObject({ kind: 'snoozed', conversation: { status: 'assigned' } });
    expect(await until(now + 1)).toMatchObject({ conversation: { snoozedUntil: now + 1 } });
    expect(await until(null)).toMatchObject({ conversation: { snoozedUntil: null } });
    expect(await desk.snooze({ agent: wang, conversationId, version, until: now + 1 })).toMatchObject({
      kind: 'taken',
    });
  });

  it('takes over from the bot and from among the resolved ones, and from a colleague as a supervisor only', async () => {
    await log.start(newConversation({ id: 'b1' }), 1);
    await saved(log, 'b1', customerWrote('在吗'));
    expect(await desk.takeOver({ agent: li, conversationId: 'b1', version: 0 })).toMatchObject({
      kind: 'taken_over',
      conversation: { status: 'assigned', agentId: 'li', botCursor: 1 },
    });
    const version = await versionOf('b1');
    expect(await desk.takeOver({ agent: zhao, conversationId: 'b1', version })).toMatchObject({
      kind: 'taken',
      by: '小李',
    });
    expect(await desk.takeOver({ agent: wang, conversationId: 'b1', version: version - 1 })).toMatchObject({
      kind: 'stale',
    });
    expect(await desk.takeOver({ agent: wang, conversationId: 'b1', version })).toMatchObject({ kind: 'taken_over' });
    const mine = { conversationId: 'b1', version: version + 1 };
    expect(await desk.say({ agent: li, ...mine, text: '我还在', clientId: null })).toMatchObject({ kind: 'taken' });
    await desk.resolve({ agent: wang, ...mine, seen: 99 });
    expect(await desk.takeOver({ agent: li, conversationId: 'b1', version: version + 2 })).toMatchObject({
      kind: 'taken_over',
      conversation: { agentId: 'li', service: { resolvedAt: null, survey: null } },
    });
    // Who waits is served, whatever was on the screen.
    expect(await desk.takeOver({ agent: li, conversationId, version: 0 })).toMatchObject({ kind: 'taken_over' });
  });

  it('lets supervisors alone give a conversation to somebody', async () => {
    const version = await versionOf();
    const assign = (agent: Agent, to: string) => desk.assign({ agent, conversationId, version, to });
    await expect(assign(li, 'li')).rejects.toThrow(AccessError);
    await expect(assign(wang, 'ed')).rejects.toThrow(InputError);
    await world.agent('sun', { name: '小孙', isHere: false });
    expect(await assign(wang, 'sun')).toEqual({ kind: 'unavailable', name: '小孙' });
    expect(await assign(wang, 'li')).toMatchObject({
      kind: 'assigned',
      conversation: { agentId: 'li' },
      entries: [{ cause: 'assign', author: { id: 'wang' }, agent: { id: 'li' } }],
    });
    expect(await assign(wang, 'zhao')).toMatchObject({ kind: 'stale' });
  });

  it('resolves with a reason that was set up, and without one unless it must be chosen', async () => {
    await world.set('resolutions', { required: true });
    const ended = { agent: li, conversationId, version: await claimed(), seen: 99 };
    await expect(desk.resolve(ended)).rejects.toMatchObject({ issues: [{ path: 'resolution' }] });
    await expect(desk.resolve({ ...ended, resolution: 'whatever' })).rejects.toThrow(InputError);
    expect(await desk.resolve({ ...ended, resolution: 'solved' })).toMatchObject({
      kind: 'resolved',
      conversation: { service: { resolution: 'solved', survey: 'csat' } },
      entries: [{ resolution: 'solved', survey: 'csat' }],
    });
  });

  it('notes which article an agent answered with, as what the question should have found', async () => {
    const version = await claimed();
    const article = { about: 1, articleId: 'refunds/refund-time', question: '转人工' };
    expect(
      await desk.say({ agent: li, conversationId, version, text: '三天内', clientId: 'k', article, replyTo: 1 }),
    ).toMatchObject({
      kind: 'said',
      entries: [
        { kind: 'message', text: '三天内', replyTo: 1 },
        { kind: 'verdict', ...article, helpful: true, source: 'agent', author: { id: 'li' } },
      ],
    });
  });

  it('brings a customer who writes again within the set hours back to their agent, and later to the bot', async () => {
    const hour = 60 * 60_000;
    await world.set('routing', { reopenHours: 2 });
    await desk.resolve({ agent: li, conversationId, version: await claimed(), seen: 99 });
    const soon = await saved(log, conversationId, customerWrote('还有', { at: world.clock.now + 2 * hour }));
    expect(soon.conversation).toMatchObject({ status: 'queued', service: { reservedFor: { id: 'li' } } });
    await desk.resolve({ agent: li, conversationId, version: await claimed(), seen: 99 });
    const late = await saved(log, conversationId, customerWrote('还有', { at: world.clock.now + 2 * hour + 1 }));
    expect(late.conversation).toMatchObject({ status: 'bot', service: { reservedFor: null } });
  });

  it('moves a conversation on screen to another group or priority, and says who did', async () => {
    expect(await desk.route({ agent: li, conversationId, route: { priority: 'urgent' } })).toMatchObject({
      kind: 'routed',
      conversation: { priority: 'urgent', groupId: null, serveBy: 1000 - 60 * 60_000 },
      entries: [{ kind: 'change', change: { route: { because: [{ kind: 'agent', from: '小李' }] } } }],
    });
    await expect(desk.route({ agent: li, conversationId, route: { groupId: 'x' } })).rejects.toThrow(InputError);
  });

  describe('merging', () => {
    const other = { id: 'c2', seen: 99 };
    beforeEach(() => startQueued(log, { id: 'c2' }));
    const merge = async (given: Partial<Parameters<Desk['merge']>[0]> = {}, by = desk) =>
      by.merge({ agent: li, conversationId, version: await versionOf(), other, ...given });

    it('ends the other conversation, which goes on in this one', async () => {
      await claimed();
      expect(await merge()).toMatchObject({
        kind: 'merged',
        conversation: { id: conversationId, agentId: 'li' },
        entries: [{ change: { what: 'merged', conversationId: 'c2' } }],
      });
      expect(await world.now('c2')).toMatchObject({
        status: 'resolved',
        service: { mergedInto: conversationId, survey: null },
      });
    });

    it('sent again is done, once', async () => {
      await claimed();
      await merge();
      const before = [await allEntries(log, conversationId), await allEntries(log, 'c2')];
      expect(await merge()).toMatchObject({ kind: 'merged', entries: [] });
      expect([await allEntries(log, conversationId), await allEntries(log, 'c2')]).toEqual(before);
    });

    it('that broke off in the middle closes nothing without its sequel, and can be done again', async () => {
      await claimed();
      const broken: ConversationLog = {
        ...log,
        write: (id, event) => (event.kind === 'merged' ? Promise.reject(new Error('power cut')) : log.write(id, event)),
      };
      const { roster, settings, clock } = world;
      const dying = createDesk({ log: broken, roster, settings: () => settings.current(), now: () => clock.now });
      await expect(merge({}, dying)).rejects.toThrow('power cut');
      expect(await world.now('c2')).toMatchObject({ status: 'queued' });
      expect(await merge()).toMatchObject({ kind: 'merged' });
      expect(await world.now('c2')).toMatchObject({ status: 'resolved', service: { mergedInto: conversationId } });
    });

    it('lets nobody’s last words go unread, and takes nothing from a colleague', async () => {
      await claimed();
      const { seq } = await world.now('c2');
      await saved(log, 'c2', customerWrote('等等'));
      expect(await merge({ other: { id: 'c2', seen: seq } })).toMatchObject({ kind: 'stale' });
      await desk.claim({ agent: zhao, conversationId: 'c2' });
      expect(await merge()).toMatchObject({ kind: 'taken', by: '小赵' });
      expect((await allEntries(log, conversationId)).filter(({ kind }) => kind === 'change')).toEqual([]);
    });

    it('is for two open conversations of one customer, by who has the one', async () => {
      await startQueued(log, { id: 'c3', customerId: 'another' });
      expect(await merge()).toMatchObject({ kind: 'not_yours' });
      await claimed();
      await expect(merge({ other: { id: 'c3', seen: 99 } })).rejects.toThrow(InputError);
      await expect(merge({ other: { id: conversationId, seen: 99 } })).rejects.toThrow(InputError);
      expect(await merge({ other: { id: 'nowhere', seen: 99 } })).toEqual({ kind: 'unknown' });
      await desk.claim({ agent: zhao, conversationId: 'c2' });
      await desk.resolve({ agent: zhao, conversationId: 'c2', version: await versionOf('c2'), seen: 99 });
      expect(await merge()).toMatchObject({ kind: 'stale' });
    });
  });
});
