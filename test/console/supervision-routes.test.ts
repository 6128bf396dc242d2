import type {
  AccountAnswer,
  AccountsAnswer,
  BoardAnswer,
  BulkAnswer,
  CannedAnswer,
  CannedListAnswer,
  DeliveriesAnswer,
  SettingsAnswer,
} from '../../src/console/supervision-api.ts';
import { figuresKept } from '../../src/handoff/figures.ts';
import { openConsole, password, type OpenConsole, type Visitor } from './open-console.ts';

let desk: OpenConsole;
let zhou: Visitor;
beforeEach(async () => {
  desk = await openConsole();
  zhou = await desk.signIn('zhou');
});
afterEach(async () => {
  await desk.close();
  expect(desk.failures).toEqual([]);
});

const api = '/api/console';

describe('the board', () => {
  it('shows how everything stands, by group and by agent', async () => {
    await desk.queued('free');
    desk.clock.now += 60_000;
    await desk.queued('vip', { groupId: 'vip' });
    await desk.assigned('c1', desk.agents.li);
    await desk.storage.agents.see(desk.agents.wu.id, desk.clock.now);
    const noted = { kind: 'promise_noted', what: 'promise_broken', promise: 'first_response' } as const;
    await desk.write('c1', { ...noted, at: desk.clock.now, dueAt: desk.clock.now + 1, apology: null });
    await desk.followUps.add({ conversationId: 'c1', kind: 'broken_promise', seq: 7, note: 'first_response' });
    const { body } = await zhou.get<BoardAnswer>(`${api}/board`);
    const waited = desk.clock.now - ((await desk.log.find('free'))?.queuedAt ?? 0);
    expect(body).toMatchObject({ waiting: 2, longestWaitMs: waited, breachesCount: 1, followUpsCount: 1 });
    expect(body.byGroup).toMatchObject([
      { groupId: null, waiting: 1, longestWaitMs: waited, assigned: 1, agentsOnline: 1 },
      { groupId: 'vip', name: 'VIP', waiting: 1, assigned: 0, agentsOnline: 1 },
      { groupId: 'returns', name: '退换货', waiting: 0, longestWaitMs: null, agentsOnline: 0 },
    ]);
    expect(body.agents.map(({ name, status, load, broken }) => [name, status, load, broken])).toEqual([
      ['li', 'offline', 1, 1],
      ['wu', 'online', 0, 0],
      ['zhou', 'offline', 0, 0],
    ]);
    expect(body.breaches).toMatchObject([{ id: 'c1', breaches: 1, lastCustomerText: '能寄到月球吗' }]);
    expect(body.followUps).toMatchObject([{ conversationId: 'c1', customer: { id: 'u-c1', name: '王芳' } }]);
    expect(body.today).toMatchObject({ asked: 6, answeredByBot: 3, handedOver: 3, resolved: 0, partial: false });
    expect(body.today.promiseKeptRate).toMatchObject({ kept: 0, broken: 1 });
  });

  it('is reckoned at most once in a while, however many look', async () => {
    expect((await zhou.get<BoardAnswer>(`${api}/board`)).body.waiting).toBe(0);
    const looked = desk.clock.now;
    await desk.queued('c1');
    desk.clock.now = looked + figuresKept - 1;
    expect((await zhou.get<BoardAnswer>(`${api}/board`)).body.waiting).toBe(0);
    desk.clock.now += 1;
    expect((await zhou.get<BoardAnswer>(`${api}/board`)).body.waiting).toBe(1);
  });

  it('lets go of a task once somebody says it is done', async () => {
    await desk.queued('c1');
    await desk.followUps.add({ conversationId: 'c1', kind: 'low_rating', seq: 1, note: '1' });
    const [task] = await desk.followUps.open(1);
    for (let time = 0; time < 2; time++) {
      expect((await zhou.send('POST', `${api}/follow-ups/${task?.id}/done`)).status).toBe(200);
    }
    expect((await zhou.get<BoardAnswer>(`${api}/board`)).body.followUps).toEqual([]);
  });
});

describe('assigning in bulk', () => {
  it('says of each what became of it', async () => {
    await desk.storage.agents.see(desk.agents.wu.id, desk.clock.now);
    const waiting = await desk.queued('waiting');
    const served = await desk.assigned('served', desk.agents.li);
    const conversations = [
      { id: 'waiting', version: waiting.version },
      { id: 'served', version: served.version },
      { id: 'served', version: 0 },
      { id: 'nothing', version: 0 },
    ];
    const to = desk.agents.wu.id;
    const { body } = await zhou.send<BulkAnswer>('POST', `${api}/bulk/assign`, { conversations, to });
    expect(body.outcomes.map(({ outcome }) => outcome)).toEqual(['done', 'done', 'stale', 'unknown']);
    expect((await desk.log.find('waiting'))?.agentName).toBe('wu');
    expect((await desk.log.find('served'))?.agentName).toBe('wu');
  });

  it('gives back to the queue whatever anybody has', async () => {
    const served = await desk.assigned('served', desk.agents.li);
    const own = await desk.assigned('own', desk.agents.zhou);
    const waiting = await desk.queued('waiting');
    const conversations = [served, own, waiting].map(({ id, version }) => ({ id, version }));
    const { body } = await zhou.send<BulkAnswer>('POST', `${api}/bulk/assign`, { conversations, to: null });
    expect(body.outcomes.map(({ outcome }) => outcome)).toEqual(['done', 'done', 'done']);
    for (const { id } of conversations) {
      expect(await desk.log.find(id)).toMatchObject({ status: 'queued', agentId: null });
    }
    expect((await desk.log.find('served'))?.queuedAt).toBe(served.queuedAt);
  });

  it('gives nothing to somebody who is not there', async () => {
    const { version } = await desk.queued('waiting');
    const conversations = [{ id: 'waiting', version }];
    const to = desk.agents.li.id;
    const { body } = await zhou.send<BulkAnswer>('POST', `${api}/bulk/assign`, { conversations, to });
    expect(body.outcomes).toEqual([{ id: 'waiting', outcome: 'unavailable' }]);
  });
});

describe('an account', () => {
  it('is made, signs in, and is shown without its password', async () => {
    const wanted = { email: 'New@shop.cn', name: '新人', role: 'agent', password: 'long-enough-word' };
    const made = await zhou.send<AccountAnswer>('POST', `${api}/agents`, wanted);
    expect(made.body.account).toMatchObject({ email: 'new@shop.cn', name: '新人', capacity: null, disabled: false });
    const signedIn = await desk
      .visitor()
      .send('POST', `${api}/session`, { ...wanted, name: undefined, role: undefined });
    expect(signedIn.status).toBe(200);
    const again = await zhou.send('POST', `${api}/agents`, wanted);
    expect([again.status, again.body.error.code]).toEqual([409, 'exists']);
    const { body } = await zhou.get<AccountsAnswer>(`${api}/agents`);
    expect(body.accounts.map(({ name }) => name)).toContain('新人');
    expect(JSON.stringify([made.body, body])).not.toMatch(/password|scrypt/i);
  });

  it('changes where it is told to, and nowhere else', async () => {
    const { li } = desk.agents;
    const change = { name: ' 小李 ', capacity: 3, groups: ['vip', 'vip'] };
    const { body } = await zhou.send<AccountAnswer>('POST', `${api}/agents/${li.id}`, change);
    expect(body.account).toEqual({
      id: li.id,
      email: 'li@shop.cn',
      name: '小李',
      role: 'agent',
      disabled: false,
      status: 'online',
      capacity: 3,
      groups: ['vip'],
    });
  });

  it('gives its customers back and is signed out when it is disabled, and can be opened again', async () => {
    const li = await desk.signIn('li');
    await desk.assigned('c1', desk.agents.li);
    const path = `${api}/agents/${desk.agents.li.id}`;
    expect((await zhou.send<AccountAnswer>('POST', path, { disabled: true })).body.account.disabled).toBe(true);
    expect((await li.get(`${api}/session`)).status).toBe(401);
    expect(await desk.log.find('c1')).toMatchObject({ status: 'queued', agentId: null });
    await zhou.send('POST', path, { disabled: false });
    expect((await li.get(`${api}/session`)).status).toBe(401);
    expect((await (await desk.signIn('li')).get(`${api}/session`)).status).toBe(200);
  });

  it('gives its customers back when it serves none any more', async () => {
    await desk.assigned('c1', desk.agents.li);
    await zhou.send('POST', `${api}/agents/${desk.agents.li.id}`, { role: 'editor' });
    expect((await desk.log.find('c1'))?.status).toBe('queued');
  });

  it('is signed out everywhere by a new password, which is the one from then on', async () => {
    const li = await desk.signIn('li');
    await zhou.send('POST', `${api}/agents/${desk.agents.li.id}`, { password: 'another-long-word' });
    expect((await li.get(`${api}/session`)).status).toBe(401);
    const credentials = { email: 'li@shop.cn', password: 'another-long-word' };
    expect((await desk.visitor().send('POST', `${api}/session`, { ...credentials, password })).status).toBe(401);
    expect((await desk.visitor().send('POST', `${api}/session`, credentials)).status).toBe(200);
  });

  it.each([{ disabled: true }, { role: 'agent' }])('never locks its own supervisor out: %j', async (change) => {
    const reply = await zhou.send('POST', `${api}/agents/${desk.agents.zhou.id}`, change);
    expect([reply.status, reply.body.error.code]).toEqual([409, 'own_account']);
    expect((await zhou.get(`${api}/agents`)).status).toBe(200);
  });
});

describe('a section of the settings', () => {
  it('is read, replaced and told who replaced it; the later of two is refused', async () => {
    const path = `${api}/settings/survey`;
    const before = (await zhou.get<SettingsAnswer>(path)).body;
    expect(before).toMatchObject({ section: 'survey', version: 0, at: null, by: null });
    const value = { kind: 'nps', followUpBelow: 6 };
    const saved = (await zhou.send<SettingsAnswer>('POST', path, { value, version: 0 })).body;
    const by = { id: desk.agents.zhou.id, name: 'zhou' };
    expect(saved).toEqual({ section: 'survey', value, version: 1, at: desk.clock.now, by });
    const late = await zhou.send('POST', path, { value, version: 0 });
    expect([late.status, late.body.error.code]).toEqual([409, 'stale']);
    expect(desk.settings.current().survey).toEqual(value);
  });

  it('names each field that does not fit', async () => {
    const value = { ...desk.settings.current().routing, defaultGroup: 'gone', graceSeconds: 1 };
    const refused = await zhou.send('POST', `${api}/settings/routing`, { value, version: 0 });
    expect(refused.body.error.issues.map(({ path }) => path)).toEqual(['graceSeconds']);
    const next = { ...value, graceSeconds: 60 };
    const again = await zhou.send('POST', `${api}/settings/routing`, { value: next, version: 0 });
    expect(again.body.error.issues.map(({ path }) => path)).toEqual(['defaultGroup']);
  });

  it.each(['unheard-of', '__proto__', 'constructor'])('is not there as %s', async (section) => {
    expect((await zhou.get(`${api}/settings/${section}`)).status).toBe(400);
  });

  it('never gives the secret of the webhook away, and keeps it when none is sent', async () => {
    const path = `${api}/settings/webhook`;
    const secret = 'a-secret-of-many-characters';
    const url = 'https://desk.example/hook';
    const saved = await zhou.send<SettingsAnswer>('POST', path, { value: { url, secret }, version: 0 });
    expect(saved.body.value).toEqual({ url, secret: '', hasSecret: true });
    const value = { url: 'https://desk.example/other', secret: '', hasSecret: true };
    const kept = await zhou.send<SettingsAnswer>('POST', path, { value, version: 1 });
    expect(kept.body).toMatchObject({ version: 2, value });
    expect(desk.settings.current().webhook).toEqual({ url: value.url, secret });
    expect(JSON.stringify([saved.body, kept.body, (await zhou.get(path)).body])).not.toContain(secret);
  });
});

describe('a canned reply', () => {
  it('is written, rewritten and removed; an editor writes those for everybody and no others', async () => {
    const text = { shortcut: 'hi', title: '问候', text: '您好', groupId: null };
    const editor = await desk.signIn('editor');
    const { canned } = (await editor.send<CannedAnswer>('POST', `${api}/canned`, text)).body;
    expect(canned).toMatchObject({ ...text, uses: 0 });
    const clash = await zhou.send('POST', `${api}/canned`, text);
    expect([clash.status, clash.body.error.code]).toEqual([409, 'exists']);
    const forGroup = { ...text, groupId: 'vip' };
    expect((await editor.send('POST', `${api}/canned`, forGroup)).status).toBe(403);
    const group = (await zhou.send<CannedAnswer>('POST', `${api}/canned`, forGroup)).body.canned;
    const path = `${api}/canned/${canned.id}`;
    expect((await editor.send('POST', path, { ...text, text: '您好！' })).status).toBe(200);
    expect((await editor.send('POST', path, forGroup)).status).toBe(403);
    expect((await editor.send('DELETE', `${api}/canned/${group.id}`)).status).toBe(404);
    expect((await editor.get<CannedListAnswer>(`${api}/canned`)).body.canned.map(({ id }) => id)).toEqual([canned.id]);
    expect((await editor.send('DELETE', path)).status).toBe(200);
    expect((await editor.send('DELETE', path)).status).toBe(404);
    expect((await zhou.get<CannedListAnswer>(`${api}/canned`)).body.canned.map(({ id }) => id)).toEqual([group.id]);
  });
});

describe('deliveries that were given up', () => {
  it('are shown without what they tell, and sent again or dropped', async () => {
    await desk.queued('c1');
    await desk.queued('c2');
    const { deliveries } = desk.storage;
    const at = desk.clock.now;
    for (const id of ['c1', 'c2']) {
      const told = { id: `d-${id}`, conversationId: id, seq: 5, event: 'handoff.initiate', createdAt: at } as const;
      await deliveries.add([{ ...told, body: '{"text":"秘密"}' }]);
      const leased = await deliveries.lease(at, at + 1000);
      if (leased) await deliveries.settle(leased, { kind: 'dead', at, error: '500' });
    }
    const { body } = await zhou.get<DeliveriesAnswer>(`${api}/deliveries?state=dead`);
    expect(body.dead.map(({ id, error }) => [id, error]).sort()).toEqual([
      ['d-c1', '500'],
      ['d-c2', '500'],
    ]);
    expect(body.figures).toMatchObject({ pending: 0, dead: 2 });
    expect(JSON.stringify(body)).not.toContain('秘密');
    expect((await zhou.send('POST', `${api}/deliveries/d-c1/retry`)).status).toBe(200);
    expect((await zhou.send('POST', `${api}/deliveries/d-c2/discard`)).status).toBe(200);
    expect((await zhou.get<DeliveriesAnswer>(`${api}/deliveries`)).body).toMatchObject({
      dead: [],
      figures: { pending: 1, dead: 0 },
    });
  });
});
