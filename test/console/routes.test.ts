import { createConsole, type ConsoleNeeds } from '../../src/console/routes.ts';
import { longestText } from '../../src/handoff/desk.ts';
import { maxSearch, maxText, maxUpload } from '../../src/console/limits.ts';
import { longestQuery } from '../../src/handoff/search/transcript-search.ts';
import { imageLimit } from '../../src/images.ts';
import type { Rule } from '../../src/console/route.ts';
import type { Routes } from '../../src/http.ts';
import { openConsole, type OpenConsole } from './open-console.ts';

/**
 * Every route the console has, and what must become of each request that should not get through. A route that is
 * missing here fails the suite: decide who may use it, then write it down.
 */
type Expectation = {
  readonly who: Rule;
  /** A body that is right but for what the test breaks. */
  readonly body?: unknown;
  /** Bodies that are wrong, and where. */
  readonly wrong?: readonly (readonly [body: unknown, path: string])[];
  /** Only the owner may. */
  readonly owned?: true;
  /** Its body is no JSON. */
  readonly raw?: true;
  /** What it needs besides is in a test of its own. */
  readonly special?: true;
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
  'GET /api/console/search': { who: 'serving' },
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
      [{ text: '您好', clientId: 'm1', version: 1, replyTo: -1 }, 'replyTo'],
      [{ text: '您好', clientId: 'm1', version: 1, article: { articleId: 'overseas', about: 2 } }, 'article.about'],
      [{ text: '您好', clientId: 'm1', version: 1, article: { articleId: 'overseas' } }, 'article.about'],
      [{ text: '您好', clientId: 'm1', version: 1, attachments: ['photo', 'orphan'] }, 'attachments.1'],
      [{ text: '您好', clientId: 'm1', version: 1, attachments: ['a', 'b', 'c', 'd', 'e', 'f'] }, 'attachments'],
    ],
  },
  'POST /api/console/conversations/:id/notes': {
    who: 'serving',
    body: { text: '备注', clientId: 'n1' },
    wrong: [
      [{ text: '', clientId: 'n1' }, 'text'],
      [{ text: '备注' }, 'clientId'],
      [{ text: '备注', clientId: 'n1', mentions: 'li' }, 'mentions'],
    ],
  },
  'POST /api/console/conversations/:id/typing': { who: 'serving', wrong: [[{ on: true }, '']] },
  'POST /api/console/conversations/:id/transfer': {
    who: 'serving',
    owned: true,
    body: { to: { kind: 'queue' }, version: current, seen: 99 },
    wrong: [
      [{ to: { kind: 'moon' }, version: 1, seen: 1 }, 'to.kind'],
      [{ to: { kind: 'group' }, version: 1, seen: 1 }, 'to.groupId'],
      [{ to: { kind: 'group', groupId: 'nobody' }, version: current, seen: 99 }, 'to'],
      [{ to: { kind: 'agent', agentId: 'nobody' }, version: current, seen: 99 }, 'to'],
      [{ to: { kind: 'bot' }, seen: 1 }, 'version'],
      [{ to: { kind: 'bot' }, version: 1 }, 'seen'],
      [{ to: { kind: 'bot' }, version: 1, seen: 1, note: 5 }, 'note'],
    ],
  },
  'POST /api/console/conversations/:id/resolve': {
    who: 'serving',
    owned: true,
    body: { version: current, seen: 99 },
    wrong: [
      [{ version: -1, seen: 1 }, 'version'],
      [{ version: 1 }, 'seen'],
      [{ version: current, seen: 99, resolution: 'unheard-of' }, 'resolution'],
    ],
  },
  'POST /api/console/conversations/:id/snooze': {
    who: 'serving',
    owned: true,
    body: { version: current, until: Date.UTC(2026, 0, 6) },
    wrong: [
      [{ version: current }, 'until'],
      [{ version: current, until: 5 }, 'until'],
      [{ version: current, until: Date.UTC(2027, 0, 6) }, 'until'],
    ],
  },
  'POST /api/console/conversations/:id/merge': {
    who: 'serving',
    special: true,
    body: { version: current, other: { id: 'c9', seen: 99 } },
    wrong: [
      [{ version: current }, 'other'],
      [{ version: current, other: { id: 'c9' } }, 'other.seen'],
      [{ version: current, other: { id: 'c1', seen: 99 } }, 'other'],
    ],
  },
  'POST /api/console/conversations/:id/takeover': {
    who: 'serving',
    body: { version: current },
    wrong: [[{}, 'version']],
  },
  'POST /api/console/conversations/:id/assign': {
    who: 'supervising',
    body: { version: 0, to: 'nobody' },
    wrong: [
      [{ version: current }, 'to'],
      [{ version: current, to: 'nobody' }, 'to'],
    ],
  },
  'POST /api/console/conversations/:id/route': {
    who: 'serving',
    body: { priority: 'urgent' },
    wrong: [
      [{}, ''],
      [{ priority: 'yesterday' }, 'priority'],
      [{ groupId: 'nobody' }, 'to'],
    ],
  },
  'POST /api/console/conversations/:id/uploads': { who: 'serving', raw: true },
  'GET /api/console/conversations/:id/suggestions': { who: 'serving' },
  'GET /api/console/conversations/:id/transcript': { who: 'serving' },
  'POST /api/console/conversations/:id/customer': {
    who: 'serving',
    body: { version: 0, tags: ['vip'] },
    wrong: [
      [{ tags: ['vip'] }, 'version'],
      [{ version: 0, tags: ['unheard-of'] }, 'tags.0'],
      [{ version: 0, facts: [{ name: '', value: '42' }] }, 'facts.0.name'],
      [{ version: 0, name: 'x'.repeat(61) }, 'name'],
    ],
  },
  'POST /api/console/me/status': {
    who: 'serving',
    body: { status: 'busy' },
    wrong: [[{ status: 'asleep' }, 'status']],
  },
  'GET /api/console/directory': { who: 'serving' },
  'POST /api/console/canned/:id/used': { who: 'serving', wrong: [[{ times: 2 }, '']] },
  'GET /api/console/canned': { who: 'writing_canned' },
  'POST /api/console/canned': {
    who: 'writing_canned',
    body: { shortcut: 'hi', title: '问候', text: '您好', groupId: null },
    wrong: [
      [{ shortcut: 'h i', title: '问候', text: '您好', groupId: null }, 'shortcut'],
      [{ shortcut: 'hi', title: '', text: '您好', groupId: null }, 'title'],
      [{ shortcut: 'hi', title: '问候', text: '您好' }, 'groupId'],
    ],
  },
  'POST /api/console/canned/:id': {
    who: 'writing_canned',
    body: { shortcut: 'hi', title: '问候', text: '您好！', groupId: null },
    wrong: [
      [{ shortcut: 'hi', title: '问候', text: '', groupId: null }, 'text'],
      [{ shortcut: 'hi', title: '问候', text: '您好', groupId: 'unheard-of' }, 'groupId'],
    ],
  },
  'DELETE /api/console/canned/:id': { who: 'writing_canned', wrong: [[{ all: true }, '']] },
  'GET /api/console/board': { who: 'supervising' },
  'POST /api/console/follow-ups/:id/done': { who: 'supervising', wrong: [[{ by: 'li' }, '']] },
  'POST /api/console/bulk/assign': {
    who: 'supervising',
    body: { conversations: [{ id: 'c1', version: current }], to: null },
    wrong: [
      [{ conversations: [], to: null }, 'conversations'],
      [{ conversations: [{ id: 'c1' }], to: null }, 'conversations.0.version'],
      [{ conversations: [{ id: 'c1', version: current }] }, 'to'],
      [{ conversations: [{ id: 'c1', version: current }], to: 'nobody' }, 'to'],
    ],
  },
  'GET /api/console/agents': { who: 'supervising' },
  'POST /api/console/agents': {
    who: 'supervising',
    body: { email: 'new@shop.cn', name: '新人', role: 'agent', password: 'long-enough-word' },
    wrong: [
      [{ email: 'new', name: '新人', role: 'agent', password: 'long-enough-word' }, 'email'],
      [{ email: 'new@shop.cn', name: ' ', role: 'agent', password: 'long-enough-word' }, 'name'],
      [{ email: 'new@shop.cn', name: '新人', role: 'king', password: 'long-enough-word' }, 'role'],
      [{ email: 'new@shop.cn', name: '新人', role: 'agent', password: 'short' }, 'password'],
    ],
  },
  'POST /api/console/agents/:id': {
    who: 'supervising',
    body: { capacity: 3 },
    wrong: [
      [{ capacity: 0 }, 'capacity'],
      [{ name: '' }, 'name'],
      [{ password: 'short' }, 'password'],
      [{ groups: ['unheard-of'] }, 'groups.0'],
      [{ email: 'new@shop.cn' }, ''],
    ],
  },
  'GET /api/console/settings/:section': { who: 'supervising' },
  'POST /api/console/settings/:section': {
    who: 'supervising',
    body: { value: { kind: 'nps', followUpBelow: 6 }, version: 0 },
    wrong: [
      [{ value: { kind: 'stars', followUpBelow: 6 }, version: 0 }, 'kind'],
      [{ value: { kind: 'nps', followUpBelow: 11 }, version: 0 }, 'followUpBelow'],
      [{ version: -1, value: null }, 'version'],
    ],
  },
  'GET /api/console/deliveries': { who: 'supervising' },
  'POST /api/console/deliveries/:id/retry': { who: 'supervising', wrong: [[{ all: true }, '']] },
  'POST /api/console/deliveries/:id/discard': { who: 'supervising', wrong: [[{ all: true }, '']] },
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
  'POST /api/console/knowledge/search': {
    who: 'reading_knowledge',
    body: { question: '运费多少' },
    wrong: [
      [{}, 'question'],
      [{ question: '' }, 'question'],
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
/** What `:id` of a path that is no conversation's stands for. */
let things: { readonly canned: string; readonly agents: string; readonly 'follow-ups': string };

beforeEach(async () => {
  desk = await openConsole();
  await desk.assigned('c1', desk.agents.zhou);
  const text = { shortcut: 'bye', title: '再见', text: '再见', groupId: null };
  const added = await desk.cannedReplies.add(text, desk.agents.zhou.id);
  await desk.followUps.add({ conversationId: 'c1', kind: 'low_rating', seq: 1, note: '很差' });
  const [task] = await desk.followUps.open(1);
  things = {
    canned: added.kind === 'saved' ? added.reply.id : '',
    agents: desk.agents.li.id,
    'follow-ups': task?.id ?? '',
  };
});
afterEach(() => desk.close());

describe('the table of routes', () => {
  it('holds no route that is not written down here', () => {
    expect(new Set(mountedRoutes())).toEqual(new Set(Object.keys(expectations)));
  });

  it('takes as much as the desk does', () => {
    expect([maxText, maxSearch, maxUpload]).toEqual([longestText, longestQuery, imageLimit]);
  });
});

const all = Object.entries(expectations).map(([where, expected]) => {
  const [method = '', path = ''] = where.split(' ');
  return { where, method, path: () => fitted(path), isOfConversation: path.includes('conversations/:id'), ...expected };
});
const changes = all.filter(({ method }) => method !== 'GET');
const ofConversations = all.filter(({ isOfConversation }) => isOfConversation);

function fitted(path: string): string {
  const [, kind = ''] = /console\/([\w-]+)\/:/.exec(path) ?? [];
  const id = { conversations: 'c1', uploads: 'photo', deliveries: 'none', ...things }[kind] ?? '';
  return path.replace(':id', id).replace(':section', 'survey');
}

describe.each(all.filter(({ who }) => who !== 'anyone'))('$where', ({ method, path, who, body }) => {
  it('refuses who has not signed in', async () => {
    const reply = await desk.visitor().send(method, path(), body);
    expect([reply.status, reply.body.error.code]).toEqual([401, 'Unauthenticated']);
  });

  it('refuses a made-up session', async () => {
    const visitor = desk.visitor();
    visitor.cookie = 'zhike_agent=Zm9yZ2Vk';
    expect((await visitor.send(method, path(), body)).status).toBe(401);
  });

  it('refuses an account that was disabled meanwhile', async () => {
    const li = await desk.signIn('li');
    await desk.accounts.disable('li@shop.cn');
    expect((await li.send(method, path(), body)).status).toBe(401);
  });

  if (who === 'editing_knowledge' || who === 'writing_canned' || who === 'supervising') {
    it('refuses an agent', async () => {
      const li = await desk.signIn('li');
      const reply = await li.send(method, path(), body);
      expect([reply.status, reply.body.error.code]).toEqual([403, 'Forbidden']);
    });
  }

  if (who === 'serving' || who === 'supervising') {
    it('refuses an editor', async () => {
      const editor = await desk.signIn('editor');
      const before = await desk.log.find('c1');
      const reply = await editor.send(method, path(), body);
      expect([reply.status, reply.body.error.code]).toEqual([403, 'Forbidden']);
      expect(await desk.log.find('c1')).toEqual(before);
    });
  }
});

describe.each(ofConversations)('$where', ({ method, path, body, who, special }) => {
  it('knows nothing of a conversation of a group that the agent is not in', async () => {
    const before = await desk.queued('v1', { groupId: 'vip' });
    const [li, wu] = [await desk.signIn('li'), await desk.signIn('wu')];
    const refused = await li.send(method, path().replace('c1', 'v1'), body);
    const unknown = await li.send(method, path().replace('c1', 'v2'), body);
    expect([refused.status, refused.body]).toEqual([who === 'serving' ? 404 : 403, unknown.body]);
    expect(await desk.log.find('v1')).toEqual(before);
    if (who === 'serving' && !special)
      expect((await wu.send(method, path().replace('c1', 'v1'), body)).status).not.toBe(404);
  });
});

describe.each(changes)('$where', ({ method, path, body, raw: isRaw, wrong = [] }) => {
  it.each(['https://evil.example', 'null', null])('refuses the Origin %s and changes nothing', async (origin) => {
    const zhou = await desk.signIn('zhou');
    const before = await desk.log.find('c1');
    const reply = await zhou.send(method, path(), body, { origin });
    expect([reply.status, reply.body.error.code]).toEqual([403, 'Forbidden']);
    expect(await desk.log.find('c1')).toEqual(before);
    expect((await zhou.get('/api/console/session')).status).toBe(200);
  });

  it('refuses what is not JSON', async () => {
    const zhou = await desk.signIn('zhou');
    expect((await zhou.send(method, path(), undefined, { raw: '{"text":' })).status).toBe(400);
    expect((await zhou.send(method, path(), undefined, { raw: 'text=1', type: 'text/plain' })).status).toBe(400);
  });

  if (isRaw) return;

  it('refuses a body of a megabyte', async () => {
    const zhou = await desk.signIn('zhou');
    const raw = JSON.stringify({ text: 'x'.repeat(1024 * 1024) });
    expect((await zhou.send(method, path(), undefined, { raw })).status).toBe(413);
  });

  it.each(wrong.map(([given, at]) => ({ given, at })))('names the fault of %j', async ({ given, at }) => {
    const zhou = await desk.signIn('zhou');
    const before = await desk.log.find('c1');
    const reply = await zhou.send(method, path(), given);
    expect(reply.status).toBe(400);
    expect(reply.body.error.issues.map((issue: { path: string }) => issue.path)).toContain(at);
    expect(await desk.log.find('c1')).toEqual(before);
  });
});

describe.each(all.filter(({ owned }) => owned))('$where', ({ method, path, body }) => {
  it('refuses who does not have the conversation, and says who has', async () => {
    const li = await desk.signIn('li');
    const before = await desk.log.find('c1');
    const reply = await li.send(method, path(), body);
    expect([reply.status, reply.body.error.code]).toEqual([409, 'taken']);
    expect(reply.body.error.message).toContain('zhou');
    expect(await desk.log.find('c1')).toEqual(before);
  });

  it('refuses while nobody has it', async () => {
    await desk.queued('c2');
    const li = await desk.signIn('li');
    const reply = await li.send(method, path().replace('c1', 'c2'), body);
    expect([reply.status, reply.body.error.code]).toEqual([409, 'not_yours']);
  });

  it('lets the owner', async () => {
    const zhou = await desk.signIn('zhou');
    expect((await zhou.send(method, path(), body)).status).toBe(200);
  });
});

describe.each(changes.filter(({ body, special }) => !special && (body as { version?: number } | undefined)?.version))(
  '$where',
  ({ method, path, body }) => {
    it('refuses the owner whose picture is old', async () => {
      const zhou = await desk.signIn('zhou');
      const reply = await zhou.send(method, path(), { ...(body as object), version: old });
      expect([reply.status, reply.body.error.code]).toEqual([409, 'stale']);
    });
  },
);

describe.each(all.filter(({ where }) => where.includes(':id')))('$where', ({ method, path, body }) => {
  it.each(['nothing', '..%2f..%2fetc%2fpasswd', '%00', 'c1%27--'])('knows nothing of %s', async (id) => {
    const zhou = await desk.signIn('zhou');
    const reply = await zhou.send(method, withId(path(), id), body);
    expect(reply.status).toBe(404);
  });
});

function withId(path: string, id: string): string {
  return path.replace(/(console\/[\w-]+\/)[\w-]+/, `$1${id}`);
}

describe('a list', () => {
  it('shows who waits, since when, why and what they last said; the longest wait first', async () => {
    const first = await desk.queued('early', { reason: 'repeated_failure' });
    await desk.queued('late');
    const zhou = await desk.signIn('zhou');
    const { body } = await zhou.get('/api/console/conversations');
    expect(body.conversations.map((each: { id: string }) => each.id)).toEqual(['early', 'late']);
    expect(body.conversations[0]).toMatchObject({
      customer: { id: 'u-early', name: '王芳', tags: [] },
      status: 'queued',
      agent: null,
      reason: 'repeated_failure',
      queuedAt: first.queuedAt,
      lastCustomerText: '能寄到月球吗',
    });
    expect(body.counts).toEqual({ queue: 2, mine: 1, all: 3, resolved: 0, broken: 0, snoozed: 0 });
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

  it.each(['view=everything', 'view=mine&limit=2', 'before=1', 'view=queue&before=1,c1', 'priority=now', 'broken=no'])(
    'refuses ?%s',
    async (query) => {
      const zhou = await desk.signIn('zhou');
      expect((await zhou.get(`/api/console/conversations?${query}`)).status).toBe(400);
    },
  );
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
      to: { kind: 'queue' },
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
      to: { kind: 'bot' },
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
  const edge = createConsole({
    ...({} as ConsoleNeeds),
    signals: desk.signals,
    settings: desk.settings,
    publicUrl: 'http://127.0.0.1',
    now: () => 0,
    timers: desk.timers,
    failed: () => undefined,
    knowledge: {} as never,
    uploads: {} as never,
  });
  edge.mount(routes);
  edge.drain?.();
  return mounted;
}
