import type { SearchAnswer } from '../../src/console/api.ts';
import type {
  ArticleSearchAnswer,
  CustomerAnswer,
  DirectoryAnswer,
  SuggestionsAnswer,
  UploadAnswer,
} from '../../src/console/desk-api.ts';
import { listLimit, maxInsert } from '../../src/console/limits.ts';
import { openConsole, type OpenConsole, type Visitor } from './open-console.ts';

let desk: OpenConsole;
let [li, wu, zhou]: Visitor[] = [];
beforeEach(async () => {
  desk = await openConsole();
  [li, wu, zhou] = [await desk.signIn('li'), await desk.signIn('wu'), await desk.signIn('zhou')];
});
afterEach(async () => {
  await desk.close();
  expect(desk.failures).toEqual([]);
});

const api = '/api/console';
const c1 = `${api}/conversations/c1`;
const png = Buffer.from('\x89PNG\r\n\x1a\nrest', 'latin1');

const idsOf = async (visitor: Visitor | undefined, query: string) =>
  (await visitor?.get(`${api}/conversations?${query}`))?.body.conversations.map(({ id }) => id);

describe('a list', () => {
  beforeEach(async () => {
    await desk.queued('free');
    await desk.queued('vip', { groupId: 'vip' });
    await desk.queued('returns', { groupId: 'returns' });
  });

  it('shows and counts what the agent reaches, and nothing else', async () => {
    expect(await idsOf(li, 'view=queue')).toEqual(['free']);
    expect(await idsOf(wu, 'view=queue')).toEqual(['vip', 'free']);
    expect(await idsOf(zhou, 'view=queue')).toEqual(['vip', 'returns', 'free']);
    expect((await li?.get(`${api}/conversations`))?.body.counts).toMatchObject({ queue: 1, all: 1 });
    expect((await zhou?.get(`${api}/conversations`))?.body.counts).toMatchObject({ queue: 3, all: 3 });
  });

  it('shows and counts once what an agent has, of whatever group', async () => {
    for (const id of ['free', 'vip']) {
      const { version } = (await desk.log.find(id)) ?? { version: 0 };
      await desk.storage.agents.see(desk.agents.li.id, desk.clock.now);
      const given = await zhou?.send('POST', `${api}/conversations/${id}/assign`, { version, to: desk.agents.li.id });
      expect(given?.status).toBe(200);
    }
    expect(await idsOf(li, 'view=all')).toEqual(['vip', 'free']);
    expect(await idsOf(li, 'view=mine')).toEqual(['vip', 'free']);
    expect(await idsOf(li, 'view=all&group=vip')).toEqual(['vip']);
    expect((await li?.get(`${api}/conversations`))?.body.counts).toMatchObject({ queue: 0, mine: 2, all: 2 });
    expect((await li?.get(`${api}/conversations/vip`))?.status).toBe(200);
  });

  it('is filtered by group, channel, priority and owner', async () => {
    expect(await idsOf(zhou, 'group=vip')).toEqual(['vip']);
    expect(await idsOf(zhou, 'group=none')).toEqual(['free']);
    expect(await idsOf(li, 'group=vip')).toEqual([]);
    expect(await idsOf(zhou, 'priority=high')).toEqual(['vip', 'returns']);
    expect(await idsOf(zhou, 'channel=wechat')).toEqual([]);
    await li?.send('POST', `${api}/conversations/free/claim`);
    expect(await idsOf(zhou, `view=all&agent=${desk.agents.li.id}`)).toEqual(['free']);
    expect(await idsOf(zhou, `view=all&agent=${desk.agents.zhou.id}`)).toEqual([]);
  });

  it('keeps what is put off out of "mine", until it is asked for', async () => {
    const { version = 0 } = (await li?.send('POST', `${api}/conversations/free/claim`))?.body.conversation ?? {};
    const until = desk.clock.now + 3_600_000;
    const put = await li?.send('POST', `${api}/conversations/free/snooze`, { version, until });
    expect(put?.body.conversation).toMatchObject({ status: 'assigned', snoozedUntil: until });
    expect(await idsOf(li, 'view=mine')).toEqual([]);
    expect(await idsOf(li, 'view=mine&snoozed=true')).toEqual(['free']);
    expect((await li?.get(`${api}/conversations`))?.body.counts).toMatchObject({ mine: 0, snoozed: 1, all: 1 });
  });

  it('shows the broken promises alone', async () => {
    const noted = { kind: 'promise_noted', what: 'promise_broken', promise: 'first_response' } as const;
    await desk.write('free', { ...noted, at: desk.clock.now, dueAt: desk.clock.now + 1, apology: null });
    expect(await idsOf(zhou, 'view=all&broken=true')).toEqual(['free']);
    expect((await zhou?.get(`${api}/conversations`))?.body.counts.broken).toBe(1);
  });

  it('goes on page by page, each conversation once', async () => {
    for (let n = 0; n < listLimit + 5; n++) {
      const start = { id: `n${n}`, channel: 'webchat', customerId: `n${n}`, customerName: null, locale: 'en' };
      await desk.log.start(start, desk.clock.now + (n % 3));
    }
    const first = (await zhou?.get(`${api}/conversations?view=all`))?.body;
    const next = encodeURIComponent(first?.next ?? '');
    const second = (await zhou?.get(`${api}/conversations?view=all&before=${next}`))?.body;
    const ids = [...(first?.conversations ?? []), ...(second?.conversations ?? [])].map(({ id }) => id);
    expect([first?.conversations.length, second?.conversations.length, second?.next]).toEqual([listLimit, 8, null]);
    expect(new Set(ids).size).toBe(listLimit + 8);
  });

  it('names customers as agents do, with their tags, and says what they were promised', async () => {
    await desk.customers.edit({ channel: 'webchat', id: 'u-free' }, { version: 0, name: '王总', tags: ['vip'] });
    const policy = { firstResponse: 10, nextResponse: null, resolution: null };
    const policies = { urgent: policy, high: policy, medium: policy, low: policy };
    const value = { ...desk.settings.current().promises, policies };
    expect(await desk.settings.save('promises', value, { version: 0, agentId: 'test' })).toBe('saved');
    const [free] = (await zhou?.get(`${api}/conversations?group=none`))?.body.conversations ?? [];
    const queuedAt = free?.queuedAt ?? 0;
    expect(free).toMatchObject({
      customer: { id: 'u-free', name: '王总', tags: ['vip'] },
      promise: { kind: 'first_response', dueAt: queuedAt + 600_000, state: 'on_time' },
      because: [],
      breaches: 0,
    });
  });
});

describe('a search', () => {
  it('finds what was said where the agent may look, and marks it', async () => {
    await desk.queued('c1');
    await desk.queued('v1', { groupId: 'vip' });
    await desk.customers.edit({ channel: 'webchat', id: 'u-c1' }, { version: 0, tags: ['vip'] });
    await desk.search.settled();
    const found = async (visitor: Visitor | undefined) =>
      (await visitor?.get<SearchAnswer>(`${api}/search?q=${encodeURIComponent('月球')}`))?.body;
    const hits = (await found(li))?.hits ?? [];
    expect(hits.map(({ conversationId }) => conversationId)).toEqual(['c1']);
    const [hit] = hits;
    expect(hit?.ranges.map(([start, end]) => hit.snippet.slice(start, end))).toEqual(['月球']);
    expect(hit).toMatchObject({
      customer: { id: 'u-c1', name: '王芳', tags: ['vip'] },
      status: 'queued',
      author: { role: 'customer' },
    });
    expect((await found(zhou))?.hits.map(({ conversationId }) => conversationId)).toEqual(['v1', 'c1']);
  });

  it.each(['q=', 'q=%E6%9C%88', 'q=x%00y', `q=${'x'.repeat(101)}`, 'q=ab&before=1', ''])(
    'names the fault of ?%s',
    async (query) => {
      const reply = await li?.get(`${api}/search?${query}`);
      expect([reply?.status, reply?.body.error.issues.length]).toEqual([400, 1]);
    },
  );
});

describe('a conversation', () => {
  beforeEach(() => desk.assigned('c1', desk.agents.li));

  const version = 2;

  it('comes with what is known of the customer, and with their other conversations that the agent reaches', async () => {
    const start = { channel: 'webchat', customerId: 'u-c1', customerName: '王芳', locale: 'en' };
    await li?.send('POST', `${c1}/resolve`, { version, seen: 99 });
    await desk.log.start({ ...start, id: 'c2' }, (desk.clock.now += 1));
    const { past, duplicates, customer } = (await li?.get(c1))?.body ?? {};
    expect(past?.map(({ id }) => id)).toEqual(['c2']);
    expect(duplicates?.map(({ id }) => id)).toEqual(['c2']);
    expect(customer).toMatchObject({ channelName: '王芳', name: null, facts: [], version: 0 });
    expect((await li?.get(`${api}/conversations/c2`))?.body.duplicates).toEqual([]);
  });

  it('lets agents write down what they know of the customer; the later of two is told', async () => {
    const facts = [{ name: '鞋码', value: '42' }];
    const edit = { version: 0, name: '王总', tags: ['vip'], facts };
    const saved = await li?.send<CustomerAnswer>('POST', `${c1}/customer`, edit);
    expect(saved?.body.customer).toMatchObject({ name: '王总', tags: ['vip'], facts, version: 1 });
    const late = await zhou?.send('POST', `${c1}/customer`, { version: 0, name: '王' });
    expect([late?.status, late?.body.error.code]).toEqual([409, 'stale']);
    expect((await zhou?.get(c1))?.body.conversation.customer).toMatchObject({ name: '王总', tags: ['vip'] });
  });

  it('keeps the article that was inserted as what answers the customer’s wording', async () => {
    const article = { articleId: 'overseas', about: 3 };
    const message = { text: '可以寄到二十个国家。', clientId: 'm1', version, article };
    const said = await li?.send('POST', `${c1}/messages`, message);
    expect(said?.body.entries).toMatchObject([
      { kind: 'message', text: '可以寄到二十个国家。' },
      { kind: 'verdict', about: 3, articleId: 'overseas', question: '能寄到月球吗', helpful: true, source: 'agent' },
    ]);
  });

  it('takes the wording as it was looked up', async () => {
    const article = { articleId: 'overseas', about: 1 };
    const said = await li?.send('POST', `${c1}/messages`, { text: '好', clientId: 'm1', version, article });
    expect(said?.body.entries.at(-1)).toMatchObject({ kind: 'verdict', question: '运费多少' });
  });

  it('says what an agent says all the same when the article is for agents alone, and learns nothing', async () => {
    const article = { articleId: 'goodwill', about: 3 };
    const said = await li?.send('POST', `${c1}/messages`, { text: '好', clientId: 'm1', version, article });
    expect(said?.body.entries.map(({ kind }) => kind)).toEqual(['message']);
  });

  it('is quoted from', async () => {
    const said = await li?.send('POST', `${c1}/messages`, { text: '不能', clientId: 'm1', version, replyTo: 3 });
    expect(said?.body.entries).toMatchObject([{ replyTo: 3 }]);
  });

  it('takes an image, sent with a message of few words or none, and shows it to who reaches it', async () => {
    const form = new FormData();
    form.set('file', new File([png], '截图.png', { type: 'text/html' }));
    const response = await fetch(`${desk.url}${c1}/uploads`, {
      method: 'POST',
      headers: { cookie: li?.cookie ?? '', origin: 'http://127.0.0.1' },
      body: form,
    });
    const { attachment } = (await response.json()) as UploadAnswer;
    expect(attachment).toMatchObject({ name: '截图.png', contentType: 'image/png', size: png.length });
    const bare = await fetch(`${desk.url}${c1}/uploads?name=a.png`, {
      method: 'POST',
      headers: { cookie: li?.cookie ?? '', origin: 'http://127.0.0.1', 'content-type': 'image/png' },
      body: png,
    });
    expect(((await bare.json()) as UploadAnswer).attachment.name).toBe('a.png');
    const message = { text: '', clientId: 'm1', version, attachments: [attachment.id] };
    expect((await li?.send('POST', `${c1}/messages`, message))?.body.entries).toMatchObject([
      { attachments: [{ id: attachment.id, contentType: 'image/png', url: attachment.url }] },
    ]);
    expect((await zhou?.get(attachment.url))?.headers.get('content-type')).toBe('image/png');
    await zhou?.send('POST', `${c1}/route`, { groupId: 'vip' });
    expect((await wu?.get(attachment.url))?.status).toBe(200);
    const { version: now = 0 } = (await desk.log.find('c1')) ?? {};
    await li?.send('POST', `${c1}/transfer`, { to: { kind: 'queue' }, version: now, seen: 99 });
    expect((await li?.get(attachment.url))?.status).toBe(404);
  });

  it('refuses what is no image, and an upload of another conversation', async () => {
    const response = await fetch(`${desk.url}${c1}/uploads`, {
      method: 'POST',
      headers: { cookie: li?.cookie ?? '', origin: 'http://127.0.0.1', 'content-type': 'image/png' },
      body: '<svg onload="alert(1)">',
    });
    expect(response.status).toBe(400);
    await desk.assigned('c2', desk.agents.li);
    const message = { text: '看', clientId: 'm1', version, attachments: ['photo'] };
    expect((await li?.send('POST', `${api}/conversations/c2/messages`, message))?.status).toBe(400);
  });

  it('goes to a group with its place, to a colleague who is there, and not to one who is not', async () => {
    const moving = { version, seen: 99 };
    const gone = await li?.send('POST', `${c1}/transfer`, {
      ...moving,
      to: { kind: 'agent', agentId: desk.agents.wu.id },
    });
    expect([gone?.status, gone?.body.error.code]).toEqual([409, 'unavailable']);
    await desk.storage.agents.see(desk.agents.wu.id, desk.clock.now);
    const to = { kind: 'agent', agentId: desk.agents.wu.id };
    const moved = await li?.send('POST', `${c1}/transfer`, { ...moving, to, note: '请接手' });
    expect(moved?.body.conversation).toMatchObject({ status: 'assigned', agent: { name: 'wu' } });
    const current = moved?.body.conversation.version;
    const grouped = await wu?.send('POST', `${c1}/transfer`, {
      to: { kind: 'group', groupId: 'returns' },
      version: current,
      seen: 99,
    });
    expect(grouped?.body.conversation).toMatchObject({ status: 'queued', groupId: 'returns' });
    expect((await wu?.get(c1))?.status).toBe(404);
    expect((await li?.get(c1))?.status).toBe(404);
  });

  it('is whispered in: a note for its agent, from a supervisor', async () => {
    const note = { text: '先安抚', clientId: 'n1', mentions: [desk.agents.li.id] };
    const noted = await zhou?.send('POST', `${c1}/notes`, note);
    expect(noted?.body.entries).toMatchObject([{ private: true, mentions: [desk.agents.li.id] }]);
  });

  it('is taken over by a supervisor and not by a colleague, and given to somebody by supervisors alone', async () => {
    const refused = await wu?.send('POST', `${c1}/takeover`, { version });
    expect([refused?.status, refused?.body.error.code]).toEqual([409, 'taken']);
    const taken = await zhou?.send('POST', `${c1}/takeover`, { version });
    expect(taken?.body).toMatchObject({
      conversation: { agent: { name: 'zhou' } },
      entries: [{ kind: 'status', cause: 'takeover' }],
    });
    const to = desk.agents.wu.id;
    await desk.storage.agents.see(to, desk.clock.now);
    const given = await zhou?.send('POST', `${c1}/assign`, { version: taken?.body.conversation.version, to });
    expect(given?.body.conversation.agent).toEqual({ id: to, name: 'wu' });
  });

  it('says who chose its priority', async () => {
    const routed = await li?.send('POST', `${c1}/route`, { priority: 'urgent' });
    expect(routed?.body.conversation).toMatchObject({
      priority: 'urgent',
      because: [{ kind: 'agent', from: 'li', group: null, priority: 'urgent' }],
    });
    expect(routed?.body.entries).toMatchObject([{ kind: 'change', change: { what: 'routed' } }]);
  });

  it('gets suggestions for the customer’s newest message, or the one that is named, and for no other', async () => {
    const { body } = (await li?.get<SuggestionsAnswer>(`${c1}/suggestions`)) ?? {};
    expect(desk.knowledge.asked.sought).toEqual(['能寄到月球吗']);
    expect(body?.about).toBe(3);
    expect(body?.suggestions.map(({ articleId, audience }) => [articleId, audience])).toEqual([
      ['goodwill', 'internal'],
      ['overseas', 'public'],
    ]);
    expect(body?.suggestions[1]?.text.length).toBe(maxInsert);
    expect((await li?.get<SuggestionsAnswer>(`${c1}/suggestions?seq=1`))?.body.about).toBe(1);
    for (const seq of [2, 6, 99]) expect((await li?.get(`${c1}/suggestions?seq=${seq}`))?.status).toBe(404);
  });

  it.each([
    ['activities', 'application/json', 'c1.transcript'],
    ['text', 'text/plain', 'c1.txt'],
    ['html', 'text/html', 'c1.html'],
  ])('is downloaded as %s, with notes only where they are asked for', async (format, type, name) => {
    await li?.send('POST', `${c1}/notes`, { text: '难缠<b>', clientId: 'n1' });
    const reply = await li?.get<unknown>(`${c1}/transcript?format=${format}`);
    const text = typeof reply?.body === 'string' ? reply.body : JSON.stringify(reply?.body);
    expect(reply?.headers.get('content-type')).toContain(type);
    expect(reply?.headers.get('content-disposition')).toBe(`attachment; filename="${name}"`);
    expect(text).toContain('能寄到月球吗');
    expect(text).not.toContain('难缠');
    const noted = await li?.get<unknown>(`${c1}/transcript?format=${format}&notes=true`);
    expect(typeof noted?.body === 'string' ? noted.body : JSON.stringify(noted?.body)).toContain('难缠');
  });
});

describe('what is kept at hand', () => {
  it('is who is there, with how much, what is set up, and the canned replies of one’s groups', async () => {
    await desk.cannedReplies.add({ shortcut: 'hi', title: '问候', text: '您好', groupId: null }, 'test');
    await desk.cannedReplies.add({ shortcut: 'vip', title: '贵宾', text: '尊敬的', groupId: 'vip' }, 'test');
    await desk.assigned('c1', desk.agents.wu);
    await desk.storage.agents.see(desk.agents.wu.id, desk.clock.now);
    const { body } = (await wu?.get<DirectoryAnswer>(`${api}/directory`)) ?? {};
    expect(body?.colleagues.map(({ name, status, load, groups }) => [name, status, load, groups])).toEqual([
      ['li', 'offline', 0, []],
      ['wu', 'online', 1, ['vip']],
      ['zhou', 'offline', 0, []],
    ]);
    expect(body?.colleagues[0]?.capacity).toBe(desk.settings.current().routing.defaultCapacity);
    expect(body?.groups.map(({ id }) => id)).toEqual(['vip', 'returns']);
    expect(body?.tags.map(({ id }) => id)).toEqual(['vip']);
    expect(body?.canned.map(({ shortcut }) => shortcut).sort()).toEqual(['hi', 'vip']);
    expect(JSON.stringify(body)).not.toMatch(/@shop|secret/);
    const theirs = (await li?.get<DirectoryAnswer>(`${api}/directory`))?.body.canned ?? [];
    expect(theirs.map(({ shortcut }) => shortcut)).toEqual(['hi']);
  });

  it('counts how often a canned reply was sent', async () => {
    const added = await desk.cannedReplies.add({ shortcut: 'hi', title: '问候', text: '您好', groupId: null }, 'test');
    const id = added.kind === 'saved' ? added.reply.id : '';
    await li?.send('POST', `${api}/canned/${id}/used`);
    expect((await desk.cannedReplies.list(null)).map(({ uses }) => uses)).toEqual([1]);
  });

  it('is a status that one chooses', async () => {
    const chosen = await li?.send('POST', `${api}/me/status`, { status: 'away' });
    expect(chosen?.body.agent.status).toBe('away');
    expect((await li?.get(`${api}/session`))?.body.agent).toMatchObject({ status: 'away', groups: [] });
  });
});

describe('the base', () => {
  it('is searched by everybody with an account, internal articles included', async () => {
    const editor = await desk.signIn('editor');
    const sent = { question: '补偿' };
    const { body } = await editor.send<ArticleSearchAnswer>('POST', `${api}/knowledge/search`, sent);
    expect(body.articles[0]).toMatchObject({ articleId: 'goodwill', audience: 'internal', confidence: null });
    expect(body.articles[1]).toMatchObject({ articleId: 'overseas', matched: ['寄'] });
  });
});
