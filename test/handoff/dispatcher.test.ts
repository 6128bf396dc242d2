import type { Entry, Message } from '../../src/conversation/conversation.ts';
import type { ConversationEvent } from '../../src/conversation/events.ts';
import { BusyError } from '../../src/errors.ts';
import { allEntries, customerWrote, newConversation, saved } from '../support/conversations.ts';
import { openServiceDesk, type ServiceDesk } from '../support/service-desk.ts';

let world: ServiceDesk;
beforeEach(async () => {
  world = await openServiceDesk();
});
afterEach(async () => {
  await world.close();
  expect(world.failures).toEqual([]);
});

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

describe('in auto mode', () => {
  beforeEach(() => world.set('routing', { mode: 'auto', defaultCapacity: 2 }));

  it('a waiting customer is given to who has the most free capacity', async () => {
    await world.agent('li', { capacity: 1 });
    await world.agent('wang', { capacity: 3 });
    await world.waiting('c1');
    await world.dispatcher.look();
    expect(await world.now('c1')).toMatchObject({ status: 'assigned', agentId: 'wang' });
    expect((await allEntries(world.log, 'c1')).at(-1)).toMatchObject({ cause: 'assign', author: { role: 'system' } });
  });

  it('nobody gets more than they can take, and who waits longest comes first when somebody is free', async () => {
    await world.agent('li');
    for (const id of ['c1', 'c2', 'c3', 'c4']) {
      await world.waiting(id);
      world.clock.now += second;
    }
    await world.dispatcher.look();
    expect(await statuses('c1', 'c2', 'c3', 'c4')).toEqual(['assigned', 'assigned', 'queued', 'queued']);
    const { version, seq } = await world.now('c1');
    const li = (await world.storage.agents.list())[0]!;
    await world.desk.resolve({ agent: li, conversationId: 'c1', version, seen: seq });
    await world.dispatcher.look();
    expect(await statuses('c3', 'c4')).toEqual(['assigned', 'queued']);
  });

  it('a customer who comes back goes to who served them last', async () => {
    await world.agent('li', { capacity: 5 });
    await world.agent('wang', { capacity: 1 });
    await world.waiting('c1');
    await world.dispatcher.look();
    const { version, seq } = await world.now('c1');
    const [li] = await world.storage.agents.list();
    await world.desk.transfer({
      agent: li!,
      conversationId: 'c1',
      version,
      seen: seq,
      note: null,
      to: { kind: 'agent', agentId: 'wang' },
    });
    const wang = (await world.storage.agents.list()).find(({ id }) => id === 'wang')!;
    const given = await world.now('c1');
    await world.desk.resolve({ agent: wang, conversationId: 'c1', version: given.version, seen: given.seq });
    await saved(world.log, 'c1', customerWrote('还有一个问题', { at: world.clock.now + hour }));
    expect(await world.now('c1')).toMatchObject({ status: 'queued', service: { reservedFor: { id: 'wang' } } });
    await world.passes(hour, { here: ['li', 'wang'] });
    expect(await world.now('c1')).toMatchObject({ status: 'assigned', agentId: 'wang' });
  });

  it('who is busy, away or gone gets nobody, and the customer waits', async () => {
    await world.agent('busy', { status: 'busy' });
    await world.agent('away', { status: 'away' });
    await world.agent('gone', { isHere: false });
    await world.waiting('c1');
    await world.dispatcher.look();
    expect(await statuses('c1')).toEqual(['queued']);
  });

  it('two processes that look at once give every customer to one agent', async () => {
    for (const id of ['li', 'wang', 'zhao']) await world.agent(id, { capacity: 5 });
    for (let n = 0; n < 12; n++) await world.waiting(`c${n}`);
    await Promise.all([world.dispatcher.look(), world.another().look(), world.another().look()]);
    for (let n = 0; n < 12; n++) {
      const assigned = (await allEntries(world.log, `c${n}`)).filter(
        (entry) => entry.kind === 'status' && entry.to === 'assigned',
      );
      expect(assigned).toHaveLength(1);
    }
  });

  it('a group that was removed leaves nobody waiting for it', async () => {
    await world.set('groups', { groups: [{ id: 'tech', name: '技术', mode: 'auto' }] });
    await world.waiting('c1', {
      handoff: {
        reason: 'no_match',
        understanding: null,
        route: { groupId: 'tech', priority: 'medium', because: [] },
      },
    });
    await world.agent('li');
    await world.dispatcher.look();
    expect(await statuses('c1')).toEqual(['queued']);
    await world.set('groups', { groups: [] });
    await world.dispatcher.look();
    expect(await world.now('c1')).toMatchObject({ groupId: null });
    await world.passes(second, { here: ['li'] });
    expect(await statuses('c1')).toEqual(['assigned']);
  });
});

describe('a customer who comes back to who served them', () => {
  const comesBack = async () => {
    const li = await world.agent('li', { capacity: 1 });
    await world.agent('wang');
    await world.waiting('c1');
    await world.desk.claim({ agent: li, conversationId: 'c1' });
    const { version, seq } = await world.now('c1');
    await world.desk.resolve({ agent: li, conversationId: 'c1', version, seen: seq });
    await world.passes(minute, { here: ['li', 'wang'] });
    await saved(world.log, 'c1', customerWrote('还有', { at: world.clock.now }));
    expect(await world.now('c1')).toMatchObject({ status: 'queued', service: { reservedFor: { id: 'li' } } });
  };

  it('waits for whoever takes them once that agent went home', async () => {
    await comesBack();
    await world.passes(50 * second, { here: ['wang'] });
    expect(await world.now('c1')).toMatchObject({ status: 'queued', service: { reservedFor: null } });
  });

  it('waits for an agent who is busy, but not for so long that the promise is in danger', async () => {
    await world.set('routing', { mode: 'auto' });
    await comesBack();
    await world.storage.agents.change('li', { status: 'busy' });
    await world.passes(7 * minute, { here: ['li', 'wang'] });
    expect(await world.now('c1')).toMatchObject({ status: 'queued', service: { reservedFor: { id: 'li' } } });
    await world.passes(minute, { here: ['li', 'wang'] });
    await world.passes(5 * second, { here: ['li', 'wang'] });
    expect(await world.now('c1')).toMatchObject({ status: 'assigned', agentId: 'wang' });
  });

  it('waits on after a restart, when nobody could be heard of yet', async () => {
    await comesBack();
    world.clock.now += hour;
    await world.set('promises', { policies: unhurried });
    await world.another().look();
    expect(await world.now('c1')).toMatchObject({ status: 'queued', service: { reservedFor: { id: 'li' } } });
  });

  it('goes where somebody sends them instead', async () => {
    await world.set('groups', { groups: [{ id: 'tech', name: '技术', mode: 'pull' }] });
    await comesBack();
    const boss = await world.agent('boss', { role: 'supervisor' });
    await world.desk.route({ agent: boss, conversationId: 'c1', route: { priority: 'high' } });
    expect(await world.now('c1')).toMatchObject({ service: { reservedFor: { id: 'li' } } });
    await world.desk.route({ agent: boss, conversationId: 'c1', route: { groupId: 'tech' } });
    expect(await world.now('c1')).toMatchObject({ groupId: 'tech', service: { reservedFor: null } });
  });
});

describe('in pull mode', () => {
  it('nobody is given anything', async () => {
    await world.agent('li');
    await world.waiting('c1');
    await world.dispatcher.look();
    expect(await statuses('c1')).toEqual(['queued']);
  });
});

describe('an agent who vanishes', () => {
  const served = async () => {
    const li = await world.agent('li');
    await world.waiting('c1');
    world.clock.now += minute;
    await world.waiting('c2', {
      handoff: {
        reason: 'no_match',
        understanding: null,
        route: { groupId: null, priority: 'urgent', because: [] },
      },
    });
    await world.desk.claim({ agent: li, conversationId: 'c1' });
    await world.passes(2 * minute, { here: ['li'] });
    return li;
  };

  it('gives the customer back to the front of the queue once the grace time is over, and the customer is told', async () => {
    await served();
    await world.passes(89 * second);
    expect(await statuses('c1')).toEqual(['assigned']);
    await world.passes(2 * second);
    expect(await world.now('c1')).toMatchObject({ status: 'queued', agentId: null });
    const queue = await world.log.list({ statuses: ['queued'], limit: 10 });
    expect(queue.map(({ id }) => id)).toEqual(['c1', 'c2']);
    const entries = await allEntries(world.log, 'c1');
    expect(entries.at(-1)).toMatchObject({ kind: 'status', cause: 'dropped', agent: { id: 'li' } });
    expect(saidBySystem(entries)).toEqual(['your agent left']);
  });

  it('can write nothing more when they come back, until they claim it again', async () => {
    const li = await served();
    const { version } = await world.now('c1');
    await world.passes(2 * minute);
    await world.presence.touch('li');
    const late = await world.desk.say({ agent: li, conversationId: 'c1', version, text: '我回来了', clientId: null });
    expect(late).toMatchObject({ kind: 'not_yours' });
    expect(await world.desk.claim({ agent: li, conversationId: 'c1' })).toMatchObject({ kind: 'claimed' });
  });

  it('is not taken for gone right after a restart, when nobody could be heard of', async () => {
    await served();
    world.clock.now += hour;
    const restarted = world.another();
    await restarted.look();
    expect(await statuses('c1')).toEqual(['assigned']);
  });

  it('is gone too when they chose to be offline and left their console open', async () => {
    await served();
    await world.storage.agents.change('li', { status: 'offline' });
    await world.passes(5 * second, { here: ['li'] });
    await world.passes(85 * second, { here: ['li'] });
    expect(await statuses('c1')).toEqual(['assigned']);
    await world.passes(10 * second, { here: ['li'] });
    expect(await statuses('c1')).toEqual(['queued']);
  });

  it('keeps their customers when they are offline for a moment', async () => {
    await served();
    for (const status of ['offline', 'online', 'offline'] as const) {
      await world.storage.agents.change('li', { status });
      await world.passes(60 * second, { here: ['li'] });
    }
    expect(await statuses('c1')).toEqual(['assigned']);
  });

  it('keeps what they put off until it is back', async () => {
    const li = await served();
    const { version } = await world.now('c1');
    const until = world.clock.now + hour;
    await world.desk.snooze({ agent: li, conversationId: 'c1', version, until });
    await world.passes(30 * minute);
    expect(await statuses('c1')).toEqual(['assigned']);
    await world.passes(31 * minute);
    await world.passes(5 * second);
    expect(await statuses('c1')).toEqual(['queued']);
  });
});

describe('what was promised', () => {
  it('is noted when it is at risk, and broken with an apology and a task for the supervisor, each once', async () => {
    await world.waiting('c1');
    await world.passes(8 * minute);
    await world.passes(second);
    expect(await changes('c1')).toEqual(['promise_at_risk first_response']);
    await world.passes(3 * minute);
    await world.passes(minute);
    expect(await changes('c1')).toEqual(['promise_at_risk first_response', 'promise_broken first_response']);
    expect(saidBySystem(await allEntries(world.log, 'c1'))).toEqual(['sorry: first_response']);
    expect(await world.followUps.open(10)).toMatchObject([{ conversationId: 'c1', kind: 'broken_promise' }]);
    expect(await world.now('c1')).toMatchObject({ service: { breaches: 1 } });
  });

  it('of an answer begins anew with every wait', async () => {
    const li = await world.agent('li');
    await world.waiting('c1');
    await world.desk.claim({ agent: li, conversationId: 'c1' });
    for (let round = 0; round < 2; round++) {
      const { version } = await world.now('c1');
      await world.desk.say({ agent: li, conversationId: 'c1', version, text: '请稍等', clientId: null });
      await saved(world.log, 'c1', customerWrote('还在吗', { at: world.clock.now }));
      for (let n = 0; n < 16; n++) await world.passes(minute, { here: ['li'] });
    }
    const noted = (await changes('c1')).filter((change) => change === 'promise_broken next_response');
    expect(noted).toHaveLength(2);
  });

  it('is not counted while the desk is closed', async () => {
    await world.set('hours', { week: [[], [], [], [], [], [], []] });
    await world.waiting('c1');
    await world.passes(24 * hour);
    expect(await changes('c1')).toEqual([]);
  });
});

describe('when something fails', () => {
  const failing = (isBroken: (id: string, event: ConversationEvent) => boolean, error: Error) => ({
    ...world.log,
    write: (id: string, event: ConversationEvent) =>
      isBroken(id, event) ? Promise.reject(error) : world.log.write(id, event),
  });

  it('one conversation that can not be dealt with stops no other', async () => {
    await world.set('routing', { mode: 'auto', idleHours: 1 });
    await world.log.start(newConversation({ id: 'c0', customerId: 'idle' }), world.clock.now);
    await world.log.start(newConversation({ id: 'c00', customerId: 'idle-2' }), world.clock.now);
    await world.agent('li', { capacity: 1 });
    for (const id of ['c1', 'c2', 'c3']) await world.waiting(id);
    world.clock.now += hour;
    await world.presence.touch('li');
    const failures: unknown[] = [];
    const dispatcher = world.another({
      log: failing((id) => id === 'c1' || id === 'c0', new Error('poisoned')),
      failed: (error) => failures.push(error),
    });
    await dispatcher.look();
    expect(await statuses('c00', 'c1', 'c2', 'c3')).toEqual(['resolved', 'queued', 'assigned', 'queued']);
    expect(await changes('c3')).toContain('promise_broken first_response');
    expect(failures.length).toBeGreaterThan(0);
  });

  it('a database that can not serve ends the look, and the next one goes on', async () => {
    await world.set('routing', { mode: 'auto' });
    await world.agent('li');
    await world.waiting('c1');
    await world.waiting('c2');
    let tries = 0;
    const dispatcher = world.another({ log: failing(() => ++tries === 1, new BusyError('down', 5)) });
    await expect(dispatcher.look()).rejects.toThrow(BusyError);
    expect(tries).toBe(1);
    await dispatcher.look();
    expect(await statuses('c1', 'c2')).toEqual(['assigned', 'assigned']);
  });

  it('a broken promise has its task also when the process died before it was noted', async () => {
    await world.waiting('c1');
    world.clock.now += hour;
    const dying = world.another({ followUps: { add: () => Promise.reject(new BusyError('down', 5)) } });
    await expect(dying.look()).rejects.toThrow(BusyError);
    expect(await changes('c1')).toEqual(['promise_broken first_response']);
    await world.another().look();
    expect(await world.followUps.open(10)).toMatchObject([{ kind: 'broken_promise', note: 'first_response' }]);
  });
});

it('hundreds of promises that break at once keep nobody waiting who comes then', async () => {
  await world.set('routing', { mode: 'auto' });
  await world.set('groups', { groups: [{ id: 'nobodys', name: '无人', mode: 'auto' }] });
  for (let n = 0; n < 300; n++) await world.waiting(`c${n}`, { handoff: sentTo('nobodys') });
  world.clock.now += hour;
  await world.agent('li');
  let notedBefore = -1;
  let noted = 0;
  const log = {
    ...world.log,
    write: async (id: string, event: ConversationEvent) => {
      // In the midst of it somebody comes.
      if (event.kind === 'promise_noted' && ++noted === 50) await world.waiting('new');
      if (event.kind === 'assigned') notedBefore = noted;
      return world.log.write(id, event);
    },
  };
  const dispatcher = world.another({ log });
  dispatcher.start();
  await dispatcher.look();
  await dispatcher.stop();
  expect(await statuses('new')).toEqual(['assigned']);
  expect(notedBefore).toBe(100);
  expect(noted).toBeGreaterThanOrEqual(300);
});

describe('at the end', () => {
  it('a low rating becomes a task, also when the process died before it was noted', async () => {
    const li = await world.agent('li');
    await world.waiting('c1');
    await world.desk.claim({ agent: li, conversationId: 'c1' });
    const { version, seq } = await world.now('c1');
    await world.desk.resolve({ agent: li, conversationId: 'c1', version, seen: seq });
    await saved(world.log, 'c1', {
      kind: 'customer_rated',
      at: world.clock.now,
      score: 1,
      comment: '太慢了',
      clientId: null,
    });
    await world.another().look();
    expect(await world.followUps.open(10)).toMatchObject([{ kind: 'low_rating', note: '1: 太慢了' }]);
    await world.another().look();
    expect(await world.followUps.count()).toBe(1);
  });

  it('a conversation with the bot in which nothing happens for a day is ended, and one that owes an answer is not', async () => {
    for (const id of ['done', 'owed']) {
      await world.log.start({ id, channel: 'webchat', customerId: id, customerName: null, locale: 'zh-Hans' }, 0);
    }
    await saved(world.log, 'owed', customerWrote('在吗', { at: world.clock.now }));
    await world.passes(25 * hour);
    expect(await statuses('done', 'owed')).toEqual(['resolved', 'bot']);
  });
});

const none = { firstResponse: null, nextResponse: null, resolution: null };
const unhurried = { urgent: none, high: none, medium: none, low: none };

function sentTo(groupId: string) {
  const route = { groupId, priority: 'medium', because: [] } as const;
  return { reason: 'customer_request', understanding: null, route } as const;
}

async function statuses(...ids: readonly string[]): Promise<readonly string[]> {
  return Promise.all(ids.map(async (id) => (await world.now(id)).status));
}

async function changes(id: string): Promise<readonly string[]> {
  return (await allEntries(world.log, id)).flatMap((entry) =>
    entry.kind === 'change' && 'promise' in entry.change ? [`${entry.change.what} ${entry.change.promise}`] : [],
  );
}

function saidBySystem(entries: readonly Entry[]): readonly string[] {
  return entries
    .filter((entry): entry is Message => entry.kind === 'message' && entry.author.role === 'system')
    .map(({ text }) => text);
}
