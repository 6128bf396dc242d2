import { createConsole } from '../../src/console/routes.ts';
import { longestText } from '../../src/handoff/desk.ts';
import { maxText } from '../../src/console/limits.ts';
import type { Routes } from '../../src/http.ts';
import { openConsole, type OpenConsole } from './open-console.ts';

/**
 * Every route the console has, and what must become of each request that should not get through. A route that is
 * missing here fails the suite: decide who may use it, then write it down.
 */
type Expectation = {
  readonly who: 'anyone' | 'signed_in' | 'serving' | 'reading_knowledge' | 'editing_knowledge';
  /** A body that is right but for what the test breaks. */
  readonly body?: unknown;
  /** Bodies that are wrong, and where. */
  readonly wrong?: readonly (readonly [body: unknown, path: string])[];
  /** Only the owner may. */
  readonly owned?: true;
};

// A conversation that came to the queue and was claimed changed hands twice.
const old = 1;
const current = 2;

const expectations: Readonly<Record<string, Expectation>> = {
  'POST /api/console/session': {
    who: 'anyone',
    body: { email: 'li@shop.cn', password: 'x' },
    wrong: [
      [{ password: 'x' }, 'email'],
      [{ email: 'li@shop.cn', password: 7 }, 'password'],
      [{ email: 'li@shop.cn\u0000', password: 'x' }, 'email'],
      [{ email: 'li@shop.cn', password: 'x', admin: true }, ''],
      [[], ''],
    ],
  },
  'GET /api/console/session': { who: 'signed_in' },
  'DELETE /api/console/session': { who: 'signed_in', wrong: [[{ everywhere: true }, '']] },
  'GET /api/console/conversations': { who: 'serving' },
  'GET /api/console/conversations/:id': { who: 'serving' },
  'GET /api/console/conversations/:id/entries': { who: 'serving' },
  'POST /api/console/conversations/:id/claim': { who: 'serving', wrong: [[{ force: true }, '']] },
  'POST /api/console/conversations/:id/messages': {
    who: 'serving',
    owned: true,
    body: { text: '您好', clientId: 'm1', version: current },
    wrong: [
      [{ text: '', clientId: 'm1', version: 1 }, 'text'],
      [{ text: ' \n ', clientId: 'm1', version: 1 }, 'text'],
      [{ text: 'x'.repeat(maxText + 1), clientId: 'm1', version: 1 }, 'text'],
      [{ text: 'a\u0000b', clientId: 'm1', version: 1 }, 'text'],
      [{ text: '您好', clientId: 'a b', version: 1 }, 'clientId'],
      [{ text: '您好', clientId: 'm1', version: '1' }, 'version'],
      [{ text: '您好', clientId: 'm1' }, 'version'],
    ],
  },
  'POST /api/console/conversations/:id/notes': {
    who: 'serving',
    body: { text: '备注', clientId: 'n1' },
    wrong: [
      [{ text: '', clientId: 'n1' }, 'text'],
      [{ text: '备注' }, 'clientId'],
    ],
  },
  'POST /api/console/conversations/:id/typing': { who: 'serving', owned: true, wrong: [[{ on: true }, '']] },
  'POST /api/console/conversations/:id/transfer': {
    who: 'serving',
    owned: true,
    body: { to: 'queue', version: current, seen: 99 },
    wrong: [
      [{ to: 'moon', version: 1, seen: 1 }, 'to'],
      [{ to: 'bot', seen: 1 }, 'version'],
      [{ to: 'bot', version: 1 }, 'seen'],
      [{ to: 'bot', version: 1, seen: 1, note: 5 }, 'note'],
    ],
  },
  'POST /api/console/conversations/:id/resolve': {
    who: 'serving',
    owned: true,
    body: { version: current, seen: 99 },
    wrong: [
      [{ version: -1, seen: 1 }, 'version'],
      [{ version: 1 }, 'seen'],
    ],
  },
  'GET /api/console/uploads/:id': { who: 'serving' },
  'GET /api/console/events': { who: 'serving' },
  'GET /api/console/knowledge': { who: 'reading_knowledge' },
  'POST /api/console/knowledge/explain': {
    who: 'reading_knowledge',
    body: { question: '运费多少' },
    wrong: [
      [{}, 'question'],
      [{ question: 'x'.repeat(2001) }, 'question'],
      [{ question: 'a\u0000b' }, 'question'],
      [{ question: '运费', lastArticleId: 7 }, 'lastArticleId'],
      [{ question: '运费', limit: 7 }, ''],
    ],
  },
  'GET /api/console/knowledge/gaps': { who: 'reading_knowledge' },
  'GET /api/console/knowledge/proposals': { who: 'reading_knowledge' },
  'POST /api/console/knowledge/proposals/decide': {
    who: 'editing_knowledge',
    body: { articleId: 'refund', question: '钱什么时候到账', decision: 'accept' },
    wrong: [
      [{ question: '钱', decision: 'accept' }, 'articleId'],
      [{ articleId: 'refund', question: ' \n', decision: 'accept' }, 'question'],
      [{ articleId: 'refund', question: '钱', decision: 'maybe' }, 'decision'],
      [{ articleId: 'refund', question: '钱', decision: 'accept', text: '' }, 'text'],
      [{ articleId: 'refund', question: '钱', decision: 'accept', text: 'x'.repeat(201) }, 'text'],
      [{ articleId: 'refund', question: 'a\u0000b', decision: 'refuse' }, 'question'],
    ],
  },
  'GET /api/openapi.json': { who: 'anyone' },
};

let desk: OpenConsole;

beforeEach(async () => {
  desk = await openConsole();
  await desk.assigned('c1', desk.agents.zhou);
});
afterEach(() => desk.close());

describe('the table of routes', () => {
  it('holds no route that is not written down here', () => {
    expect(new Set(mountedRoutes())).toEqual(new Set(Object.keys(expectations)));
  });

  it('takes as long a text as the desk does', () => {
    expect(maxText).toBe(longestText);
  });
});

const all = Object.entries(expectations).map(([where, expected]) => {
  const [method = '', path = ''] = where.split(' ');
  return { where, method, path: path.replace(':id', path.includes('uploads') ? 'photo' : 'c1'), ...expected };
});
const changes = all.filter(({ method }) => method !== 'GET');

describe.each(all.filter(({ who }) => who !== 'anyone'))('$where', ({ method, path, who, body }) => {
  it('refuses who has not signed in', async () => {
    const reply = await desk.visitor().send(method, path, body);
    expect([reply.status, reply.body.error.code]).toEqual([401, 'Unauthenticated']);
  });

  it('refuses a made-up session', async () => {
    const visitor = desk.visitor();
    visitor.cookie = 'zhike_agent=Zm9yZ2Vk';
    expect((await visitor.send(method, path, body)).status).toBe(401);
  });

  it('refuses an account that was disabled meanwhile', async () => {
    const li = await desk.signIn('li');
    await desk.accounts.disable('li@shop.cn');
    expect((await li.send(method, path, body)).status).toBe(401);
  });

  if (who === 'editing_knowledge') {
    it('refuses an agent who edits nothing', async () => {
      const li = await desk.signIn('li');
      const reply = await li.send(method, path, body);
      expect([reply.status, reply.body.error.code]).toEqual([403, 'Forbidden']);
    });
  }

  if (who === 'serving') {
    it('refuses an editor', async () => {
      const editor = await desk.signIn('editor');
      const before = await desk.log.find('c1');
      const reply = await editor.send(method, path, body);
      expect([reply.status, reply.body.error.code]).toEqual([403, 'Forbidden']);
      expect(await desk.log.find('c1')).toEqual(before);
    });
  }
});

describe.each(changes)('$where', ({ method, path, body, wrong = [] }) => {
  it.each(['https://evil.example', 'null', null])('refuses the Origin %s and changes nothing', async (origin) => {
    const zhou = await desk.signIn('zhou');
    const before = await desk.log.find('c1');
    const reply = await zhou.send(method, path, body, { origin });
    expect([reply.status, reply.body.error.code]).toEqual([403, 'Forbidden']);
    expect(await desk.log.find('c1')).toEqual(before);
    expect((await zhou.get('/api/console/session')).status).toBe(200);
  });

  it('refuses what is not JSON', async () => {
    const zhou = await desk.signIn('zhou');
    expect((await zhou.send(method, path, undefined, { raw: '{"text":' })).status).toBe(400);
    expect((await zhou.send(method, path, undefined, { raw: 'text=1', type: 'text/plain' })).status).toBe(400);
  });

  it('refuses a body of a megabyte', async () => {
    const zhou = await desk.signIn('zhou');
    const raw = JSON.stringify({ text: 'x'.repeat(1024 * 1024) });
    expect((await zhou.send(method, path, undefined, { raw })).status).toBe(413);
  });

  it.each(wrong.map(([given, at]) => ({ given, at })))('names the fault of %j', async ({ given, at }) => {
    const zhou = await desk.signIn('zhou');
    const before = await desk.log.find('c1');
    const reply = await zhou.send(method, path, given);
    expect(reply.status).toBe(400);
    expect(reply.body.error.issues.map((issue: { path: string }) => issue.path)).toContain(at);
    expect(await desk.log.find('c1')).toEqual(before);
  });
});

describe.each(all.filter(({ owned }) => owned))('$where', ({ method, path, body }) => {
  it('refuses who does not have the conversation, and says who has', async () => {
    const li = await desk.signIn('li');
    const before = await desk.log.find('c1');
    const reply = await li.send(method, path, body);
    expect([reply.status, reply.body.error.code]).toEqual([409, 'taken']);
    expect(reply.body.error.message).toContain('zhou');
    expect(await desk.log.find('c1')).toEqual(before);
  });

  it('refuses while nobody has it', async () => {
    await desk.queued('c2');
    const li = await desk.signIn('li');
    const reply = await li.send(method, path.replace('c1', 'c2'), body);
    expect([reply.status, reply.body.error.code]).toEqual([409, 'not_yours']);
  });

  it('lets the owner', async () => {
    const zhou = await desk.signIn('zhou');
    expect((await zhou.send(method, path, body)).status).toBe(200);
  });
});

describe.each(changes.filter(({ body }) => (body as { version?: number } | undefined)?.version))(
  '$where',
  ({ method, path, body }) => {
    it('refuses the owner whose picture is old', async () => {
      const zhou = await desk.signIn('zhou');
      const reply = await zhou.send(method, path, { ...(body as object), version: old });
      expect([reply.status, reply.body.error.code]).toEqual([409, 'stale']);
    });
  },
);

describe.each(all.filter(({ path }) => path.includes('/c1') || path.includes('/photo')))(
  '$where',
  ({ method, path, body }) => {
    it.each(['nothing', '..%2f..%2fetc%2fpasswd', '%00', 'c1%27--'])('knows nothing of %s', async (id) => {
      const zhou = await desk.signIn('zhou');
      const reply = await zhou.send(method, path.replace(/c1|photo/, id), body);
      expect(reply.status).toBe(404);
    });
  },
);

describe('a list', () => {
  it('shows who waits, since when, why and what they last said; the longest wait first', async () => {
    const first = await desk.queued('early', { reason: 'repeated_failure' });
    await desk.queued('late');
    const zhou = await desk.signIn('zhou');
    const { body } = await zhou.get('/api/console/conversations');
    expect(body.conversations.map((each: { id: string }) => each.id)).toEqual(['early', 'late']);
    expect(body.conversations[0]).toMatchObject({
      customer: { id: 'u-early', name: '王芳' },
      status: 'queued',
      agent: null,
      reason: 'repeated_failure',
      queuedAt: first.queuedAt,
      lastCustomerText: '能寄到月球吗',
    });
    expect(body.counts).toEqual({ queue: 2, mine: 1, all: 3, resolved: 0 });
  });

  it('shows in "mine" the conversations of who asks, and nobody else’s', async () => {
    const [li, zhou] = [await desk.signIn('li'), await desk.signIn('zhou')];
    expect((await li.get('/api/console/conversations?view=mine')).body.conversations).toEqual([]);
    expect((await zhou.get('/api/console/conversations?view=mine')).body.conversations).toHaveLength(1);
  });

  it('shows in "all" whatever is not resolved, and in "resolved" what is', async () => {
    const zhou = await desk.signIn('zhou');
    await desk.queued('waiting');
    await zhou.send('POST', '/api/console/conversations/c1/resolve', { version: current, seen: 99 });
    const idsOf = async (view: string) =>
      (await zhou.get(`/api/console/conversations?view=${view}`)).body.conversations.map(({ id }) => id);
    expect(await idsOf('all')).toEqual(['waiting']);
    expect(await idsOf('resolved')).toEqual(['c1']);
  });

  it('keeps to itself what the bot remembers', async () => {
    const zhou = await desk.signIn('zhou');
    const text = JSON.stringify((await zhou.get('/api/console/conversations?view=all')).body);
    expect(text).not.toMatch(/memory|botCursor/);
  });

  it.each(['view=everything', 'view=mine&agent=2'])('refuses ?%s', async (query) => {
    const zhou = await desk.signIn('zhou');
    expect((await zhou.get(`/api/console/conversations?${query}`)).status).toBe(400);
  });
});

describe('a conversation', () => {
  it('comes with its handoff brief', async () => {
    const zhou = await desk.signIn('zhou');
    const { conversation, brief } = (await zhou.get('/api/console/conversations/c1')).body;
    expect(conversation).toMatchObject({ id: 'c1', status: 'assigned', agent: { name: 'zhou' }, version: current });
    expect(brief).toMatchObject({
      reason: 'low_confidence',
      question: '能寄到月球吗',
      tried: [
        { articleId: 'shipping-fee', title: '运费怎么算', confidence: 0.9, shown: true, helpful: null },
        { articleId: 'overseas', title: '海外配送', confidence: 0.2, shown: false, helpful: null },
      ],
      unmatched: ['月球'],
      doubts: ['unmatched_words'],
      attempts: 2,
      waitingSince: null,
      customer: { name: '王芳', channel: 'webchat', messages: 2 },
    });
  });

  it('shows the log from a seq on, notes and the bot’s confidence included, and nothing of the customer’s page', async () => {
    const zhou = await desk.signIn('zhou');
    await zhou.send('POST', '/api/console/conversations/c1/notes', { text: '先别退款', clientId: 'n1' });
    const { entries, conversation } = (await zhou.get('/api/console/conversations/c1/entries?after=1')).body;
    expect(entries.map((entry: { seq: number }) => entry.seq)).toEqual([2, 3, 4, 5, 6, 7]);
    expect(conversation.seq).toBe(7);
    expect(entries[0]).toMatchObject({ answer: { title: '运费怎么算', confidence: 0.9 }, format: 'markdown' });
    expect(entries.at(-1)).toMatchObject({ private: true, text: '先别退款', author: { role: 'agent', name: 'zhou' } });
    expect(JSON.stringify(entries)).not.toContain('of the page');
    const [asked] = (await zhou.get('/api/console/conversations/c1/entries')).body.entries;
    expect(asked).toMatchObject({ text: '运费多少', clientId: null });
  });

  it.each(['after=-1', 'after=x', 'after=1&limit=9999'])('refuses ?%s', async (query) => {
    const zhou = await desk.signIn('zhou');
    expect((await zhou.get(`/api/console/conversations/c1/entries?${query}`)).status).toBe(400);
  });

  it('is claimed by exactly one of many who try at once; the others are told who has it', async () => {
    await desk.queued('c2');
    const [li, zhou] = [await desk.signIn('li'), await desk.signIn('zhou')];
    const replies = await Promise.all(
      Array.from({ length: 8 }, (_, n) => (n % 2 ? li : zhou).send('POST', '/api/console/conversations/c2/claim')),
    );
    const owner = (await desk.log.find('c2'))?.agentName;
    // Claiming again what one has is no race: the winner's own retries succeed.
    const lost = replies.filter(({ status }) => status === 409);
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(4);
    expect(lost).toHaveLength(4);
    for (const { body } of lost)
      expect(body.error).toEqual({ code: 'taken', message: `${owner} has this conversation.` });
    const claims = (await desk.log.read('c2', 0, 100)).filter(
      (entry) => entry.kind === 'status' && entry.cause === 'claim',
    );
    expect(claims).toHaveLength(1);
  });

  it('is not claimed while the bot has it', async () => {
    await desk.log.start(
      { id: 'c3', channel: 'webchat', customerId: 'u', customerName: null, locale: 'en' },
      desk.clock.now,
    );
    const zhou = await desk.signIn('zhou');
    const reply = await zhou.send('POST', '/api/console/conversations/c3/claim');
    expect([reply.status, reply.body.error.code]).toEqual([409, 'not_waiting']);
  });

  it('gets a message once, however often it is sent', async () => {
    const zhou = await desk.signIn('zhou');
    const message = { text: '您好，\u{1F600}\ud83d', clientId: 'once', version: current };
    const [first, again] = [
      await zhou.send('POST', '/api/console/conversations/c1/messages', message),
      await zhou.send('POST', '/api/console/conversations/c1/messages', message),
    ];
    expect([first.status, again.status]).toEqual([200, 200]);
    expect(again.body.entries).toEqual(first.body.entries);
    // Half a character can't be stored: it becomes the replacement character.
    expect(first.body.entries[0]).toMatchObject({ text: '您好，\u{1F600}\ufffd', clientId: 'once' });
    expect((await desk.log.find('c1'))?.seq).toBe(first.body.conversation.seq);
  });

  it('goes back to the queue with a note for the next, or to the bot, or ends', async () => {
    const zhou = await desk.signIn('zhou');
    const path = '/api/console/conversations/c1';
    const moved = await zhou.send('POST', `${path}/transfer`, {
      to: 'queue',
      version: current,
      seen: 99,
      note: '要财务',
    });
    expect(moved.body.conversation).toMatchObject({ status: 'queued', agent: null });
    expect(moved.body.entries[0]).toMatchObject({ private: true, text: '要财务' });
    const { version } = (await zhou.send('POST', `${path}/claim`)).body.conversation;
    const ended = await zhou.send('POST', `${path}/resolve`, { version, seen: 99 });
    expect(ended.body.conversation.status).toBe('resolved');
    await desk.assigned('c4', desk.agents.zhou);
    const back = await zhou.send('POST', '/api/console/conversations/c4/transfer', {
      to: 'bot',
      version: current,
      seen: 99,
    });
    expect(back.body.conversation.status).toBe('bot');
  });

  it('takes a note from any agent, whoever has it', async () => {
    const li = await desk.signIn('li');
    const reply = await li.send('POST', '/api/console/conversations/c1/notes', { text: '我见过他', clientId: 'n' });
    expect(reply.status).toBe(200);
    expect(reply.body.entries[0]).toMatchObject({ private: true, author: { name: 'li' } });
  });
});

describe('an upload', () => {
  it('is shown in place if it is an image', async () => {
    const zhou = await desk.signIn('zhou');
    const { status, headers } = await zhou.get('/api/console/uploads/photo');
    expect([status, headers.get('content-type')]).toEqual([200, 'image/png']);
    expect(headers.get('content-disposition')).toBe("inline; filename*=UTF-8''%E7%85%A7%E7%89%87%20%281%29.png");
  });

  it('is only offered for download if it could be anything else', async () => {
    const zhou = await desk.signIn('zhou');
    const { headers } = await zhou.get('/api/console/uploads/page');
    expect(headers.get('content-type')).toBe('application/octet-stream');
    expect(headers.get('content-disposition')).toMatch(/^attachment;/);
    expect(headers.get('content-security-policy')).toContain('sandbox');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('is not there without its conversation', async () => {
    const zhou = await desk.signIn('zhou');
    expect((await zhou.get('/api/console/uploads/orphan')).status).toBe(404);
  });
});

/** What the console puts on a server, as it would be seen by one. */
function mountedRoutes(): readonly string[] {
  const mounted: string[] = [];
  const note = (method: string) => (path: string) => void mounted.push(`${method} ${path}`);
  const routes: Routes = {
    get: note('GET'),
    post: note('POST'),
    put: note('PUT'),
    delete: note('DELETE'),
    options: note('OPTIONS'),
    upgrade: note('UPGRADE'),
  };
  const { log, signals, accounts } = desk;
  const edge = createConsole({
    log,
    signals,
    accounts,
    desk: {} as never,
    presence: {} as never,
    uploads: { open: () => Promise.resolve(null) },
    knowledge: {} as never,
    publicUrl: 'http://127.0.0.1',
    now: () => 0,
    timers: desk.timers,
    failed: () => undefined,
  });
  edge.mount(routes);
  edge.drain?.();
  return mounted;
}
