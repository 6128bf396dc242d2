import { SignJWT, decodeJwt } from 'jose';
import type { SurveyKind } from '../../../src/conversation/conversation.ts';
import { openStorage } from '../../../src/storage/storage.ts';
import {
  answers,
  directLineSecret,
  listenTo,
  newToken,
  openLine,
  refusedWith,
  says,
  startConversation,
  type Line,
} from './line.ts';

const jsonType = { 'content-type': 'application/json' };

let line: Line;

beforeEach(async () => {
  line = await openLine({
    allowedOrigins: ['https://shop.example'],
    script: (text) => {
      if (text === '转人工') return { replies: [says('正在为您转接。')], handoff: 'customer_request' };
      if (text === '运费') return { replies: [answers('满 99 元包邮。', 'shipping/fee', '运费怎么算')] };
      return { replies: [says(`收到：${text}`)] };
    },
  });
});

afterEach(() => line.close());

describe('tokens', () => {
  test('are made for the shop that knows the secret, with the user in the claim the clients read', async () => {
    const answer = await fetch(`${line.url}/v3/directline/tokens/generate`, {
      method: 'POST',
      headers: { ...jsonType, authorization: `Bearer ${directLineSecret}` },
      body: JSON.stringify({ user: { id: 'dl_42', name: '小王' } }),
    });
    expect(answer.status).toBe(200);
    const { token, conversationId, expires_in } = (await answer.json()) as Record<string, string & number>;
    expect(decodeJwt(token ?? '')).toMatchObject({ user: 'dl_42', conv: conversationId, aud: 'directline' });
    expect(expires_in).toBeGreaterThanOrEqual(1800);
  });

  test.each([['wrong'], [''], [`${directLineSecret}x`]])('the secret "%s" makes none', async (secret) => {
    const answer = await fetch(`${line.url}/v3/directline/tokens/generate`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}` },
    });
    expect(answer.status).toBe(401);
  });

  test('without a configured secret nobody makes any', async () => {
    const closed = await openLine({ directLineSecret: null });
    const answer = await fetch(`${closed.url}/v3/directline/tokens/generate`, {
      method: 'POST',
      headers: { authorization: 'Bearer ' },
    });
    await closed.close();
    expect(answer.status).toBe(404);
  });

  test('are renewed for the same conversation', async () => {
    const customer = await startConversation(line);
    line.passes(60_000);
    const answer = await fetch(`${line.url}/v3/directline/tokens/refresh`, {
      method: 'POST',
      headers: { authorization: `Bearer ${customer.token}` },
    });
    const renewed = (await answer.json()) as { token: string; conversationId: string };
    expect(renewed.conversationId).toBe(customer.conversationId);
    expect(decodeJwt(renewed.token).exp).toBeGreaterThan(decodeJwt(customer.token).exp ?? 0);
  });

  test('are refused with 403 TokenExpired once expired, everywhere', async () => {
    const customer = await startConversation(line);
    line.passes(13 * 3600_000);
    for (const answer of [
      await customer.call(''),
      await customer.call('/activities'),
      await customer.say('你好'),
      await fetch(`${line.url}/v3/directline/tokens/refresh`, {
        method: 'POST',
        headers: { authorization: `Bearer ${customer.token}` },
      }),
    ]) {
      expect(answer.status).toBe(403);
      expect(await answer.json()).toMatchObject({ error: { code: 'TokenExpired' } });
    }
    expect(await refusedWith(customer.streamUrl)).toBe(403);
  });

  test('that are forged, unsigned, signed otherwise or made for something else are refused with 401', async () => {
    const customer = await startConversation(line);
    const claims = { user: 'dl_1', conv: customer.conversationId, aud: 'directline', exp: 4_000_000_000 };
    const unsigned = `${encode({ alg: 'none' })}.${encode(claims)}.`;
    const [head, , signature] = customer.token.split('.');
    const forgeries = [
      unsigned,
      `${head}.${encode(claims)}.${signature}`,
      await new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256' })
        .sign(Buffer.from('another key of enough bytes, surely')),
      await new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS512' })
        .sign(Buffer.from('a-secret-key-of-thirty-two-bytes-or-more-and-more-and-more-and-more')),
      new URL(customer.streamUrl).searchParams.get('t') ?? '',
      'not.a.token',
      'x',
    ];
    for (const token of forgeries) {
      const answer = await customer.call('/activities', { headers: { authorization: `Bearer ${token}` } });
      expect(answer.status).toBe(401);
    }
    expect((await customer.call('', { headers: { authorization: customer.token } })).status).toBe(401);
    expect((await fetch(`${line.url}/v3/directline/conversations/${customer.conversationId}`)).status).toBe(401);
  });

  test('open no other conversation, by call or by socket', async () => {
    const mine = await startConversation(line);
    const other = await startConversation(line);
    for (const [path, method] of [
      ['', 'GET'],
      ['/activities', 'GET'],
      ['/activities', 'POST'],
      ['/upload', 'POST'],
    ] as const) {
      const answer = await other.call(path, { method, headers: { authorization: `Bearer ${mine.token}` } });
      expect([path, method, answer.status]).toEqual([path, method, 403]);
    }
    const stolen = mine.streamUrl.replace(mine.conversationId, other.conversationId);
    expect(await refusedWith(stolen)).toBe(403);
    const withCallToken = new URL(mine.streamUrl);
    withCallToken.searchParams.set('t', mine.token);
    expect(await refusedWith(withCallToken.href)).toBe(401);
    expect((await line.log.read(other.conversationId, 0, 10)).length).toBe(1);
  });
});

describe('a conversation', () => {
  test('starts with 201 and a greeting, and again with 200 and nothing new', async () => {
    const token = await newToken(line);
    const first = await startConversation(line, token);
    const ear = await first.listen();
    await ear.until((heard) => heard.length === 1);
    const second = await startConversation(line, token);
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.conversationId).toBe(first.conversationId);
    expect(await line.log.read(first.conversationId, 0, 10)).toHaveLength(1);
    await ear.close();
  });

  test('keeps the name and the language it started with', async () => {
    const token = await newToken(line, { id: 'dl_7', name: '小王' });
    const answer = await fetch(`${line.url}/v3/directline/conversations`, {
      method: 'POST',
      headers: { ...jsonType, authorization: `Bearer ${token}` },
      body: JSON.stringify({ locale: 'zh-Hant', user: { id: 'somebody else' } }),
    });
    const { conversationId } = (await answer.json()) as { conversationId: string };
    expect(await line.log.find(conversationId)).toMatchObject({
      channel: 'webchat',
      customerId: 'dl_7',
      customerName: '小王',
      locale: 'zh-Hant',
    });
  });

  test('is the open one for a user who has one already, whatever token their shop makes', async () => {
    const storage = await openStorage('sqlite::memory:');
    const shop = await openLine({ store: storage.log });
    const user = { id: 'customer-42', name: '小王' };
    const first = await startConversation(shop, await newToken(shop, user));
    await first.say('一');
    const second = await startConversation(shop, await newToken(shop, user));
    expect([second.status, second.conversationId]).toEqual([200, first.conversationId]);
    expect(decodeJwt(second.token)).toMatchObject({ conv: first.conversationId, user: user.id });
    expect((await second.say('二')).status).toBe(200);
    const ear = await second.listen();
    await ear.until((heard) => heard.some(({ text }) => text === '收到：二'));
    await ear.close();
    await shop.close();
    await storage.close();
  });

  test('that was never started is a 404', async () => {
    const token = await newToken(line);
    const id = String(decodeJwt(token).conv);
    const headers = { ...jsonType, authorization: `Bearer ${token}` };
    const url = `${line.url}/v3/directline/conversations/${id}`;
    expect((await fetch(url, { headers })).status).toBe(404);
    const body = JSON.stringify({ type: 'message', text: '你好' });
    expect((await fetch(`${url}/activities`, { method: 'POST', headers, body })).status).toBe(404);
  });

  test('can be taken up again: a token and a stream from the watermark on', async () => {
    const customer = await startConversation(line);
    await customer.say('一');
    const answer = await customer.call('?watermark=1');
    const again = (await answer.json()) as { token: string; streamUrl: string; conversationId: string };
    expect(answer.status).toBe(200);
    expect(again.conversationId).toBe(customer.conversationId);
    expect(decodeJwt(again.token).conv).toBe(customer.conversationId);
    const ear = await listenTo(again.streamUrl);
    const heard = await ear.until((activities) => activities.length === 2);
    expect(heard.map(({ text }) => text)).toEqual(['一', '收到：一']);
    await ear.close();
  });

  test('can be polled', async () => {
    const customer = await startConversation(line);
    await customer.say('一');
    const poll = async (watermark: string) =>
      (await (await customer.call(`/activities?watermark=${watermark}`)).json()) as {
        activities: { text: string }[];
        watermark: string;
      };
    const all = await poll('');
    expect(all.activities.map(({ text }) => text)).toEqual(['您好，我是小知。', '一', '收到：一']);
    expect(all.watermark).toBe('3');
    expect(await poll('3')).toEqual({ activities: [], watermark: '3' });
    // Beyond the end, as after a restored backup: what comes next must not be hidden.
    expect((await poll('999')).watermark).toBe('3');
    expect((await customer.call('/activities?watermark=-1')).status).toBe(400);
    expect((await customer.call('/activities?watermark=1e9')).status).toBe(400);
  });
});

describe('what a customer sends', () => {
  test('is saved, echoed as it came, and then answered', async () => {
    const customer = await startConversation(line);
    const ear = await customer.listen();
    const channelData = { clientActivityID: 'abc.1', attachmentSizes: [], more: { 深: ['层', 1, null] } };
    const answer = await customer.post({
      type: 'message',
      text: '你好',
      channelData,
      id: 'mine',
      timestamp: '2001-01-01T00:00:00Z',
      from: { id: 'somebody else', role: 'bot', name: '客服' },
      conversation: { id: 'another' },
    });
    expect(answer.status).toBe(200);
    const id = `${customer.conversationId}|00000002`;
    expect(await answer.json()).toEqual({ id });
    const [, said, reply] = await ear.until((heard) => heard.length === 3);
    expect(said).toMatchObject({
      id,
      type: 'message',
      text: '你好',
      channelData,
      from: { id: decodeJwt(customer.token).user, role: 'user' },
    });
    expect(String(said?.timestamp)).not.toContain('2001');
    expect(reply).toMatchObject({
      text: '收到：你好',
      replyToId: id,
      from: { role: 'bot' },
      channelData: { author: 'bot' },
    });
    await ear.close();
  });

  test('twice under one clientActivityID is there once', async () => {
    const customer = await startConversation(line);
    const [first, second] = await Promise.all([customer.say('一', 'c1'), customer.say('一', 'c1')]);
    expect(await first?.json()).toEqual(await second?.json());
    const entries = await line.log.read(customer.conversationId, 0, 10);
    expect(entries.filter(({ author }) => author.role === 'customer')).toHaveLength(1);
  });

  test('typing is passed on and leaves no trace', async () => {
    const customer = await startConversation(line);
    const heard: unknown[] = [];
    line.signals.listen((signal) => heard.push(signal));
    expect((await customer.post({ type: 'typing' })).status).toBe(200);
    expect(heard).toEqual([
      {
        kind: 'typing',
        conversationId: customer.conversationId,
        author: expect.objectContaining({ role: 'customer' }),
      },
    ]);
    expect(await line.log.read(customer.conversationId, 0, 10)).toHaveLength(1);
  });

  test('a verdict on an answer is kept', async () => {
    const customer = await startConversation(line);
    const ear = await customer.listen();
    await customer.say('运费');
    const heard = await ear.until((activities) => activities.length === 3);
    const about = heard[2]?.id;
    expect(heard[2]).toMatchObject({ channelData: { answer: { articleId: 'shipping/fee', title: '运费怎么算' } } });
    const answer = await customer.post({ type: 'event', name: 'zhike.feedback', value: { about, helpful: false } });
    expect(answer.status).toBe(200);
    expect(await line.log.read(customer.conversationId, 3, 10)).toEqual([
      expect.objectContaining({
        kind: 'verdict',
        about: 3,
        articleId: 'shipping/fee',
        question: '满 99 元包邮。',
        helpful: false,
        source: 'feedback',
      }),
    ]);
    await ear.close();
  });

  test('a verdict on anything but an answer of this conversation is a 400', async () => {
    const customer = await startConversation(line);
    await customer.say('你好');
    for (const about of [
      `${customer.conversationId}|00000002`,
      `${customer.conversationId}|00000099`,
      'other|00000003',
      '3',
      '',
    ]) {
      const answer = await customer.post({ type: 'event', name: 'zhike.feedback', value: { about, helpful: true } });
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ error: { issues: [{ path: 'value.about' }] } });
    }
  });

  test('leaving the queue gives the conversation back to the bot, once or twice', async () => {
    const customer = await startConversation(line);
    const ear = await customer.listen();
    await customer.say('转人工');
    await ear.until((heard) => heard.some(({ name }) => name === 'handoff.status'));
    const cancel = () => customer.post({ type: 'event', name: 'zhike.cancel' });
    expect([(await cancel()).status, (await cancel()).status]).toEqual([200, 200]);
    expect(await line.log.find(customer.conversationId)).toMatchObject({ status: 'bot' });
    await ear.close();
  });

  test('leaving the queue after somebody took the conversation is refused', async () => {
    const customer = await startConversation(line);
    await customer.say('转人工');
    await line.log.write(customer.conversationId, { kind: 'claimed', at: 1, agent: { id: 'a', name: '小李' } });
    const answer = await customer.post({ type: 'event', name: 'zhike.cancel' });
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({ error: { code: 'not_waiting' } });
  });

  test('having read is noted, only ever forwards, and told to nobody', async () => {
    const customer = await startConversation(line);
    const ear = await customer.listen();
    await customer.say('你好');
    await ear.until((heard) => heard.length === 3);
    const reads = async (seq: number) => {
      const about = `${customer.conversationId}|${String(seq).padStart(8, '0')}`;
      const answer = await customer.post({ type: 'event', name: 'zhike.read', value: { about } });
      expect([answer.status, await answer.json()]).toEqual([200, { id: about }]);
      return (await line.log.find(customer.conversationId))?.service.readSeq;
    };
    // One beyond the end, of a log restored from an older copy, counts as the end.
    expect([await reads(1), await reads(3), await reads(2), await reads(99)]).toEqual([1, 3, 3, 3]);
    await customer.say('还在');
    await ear.until((heard) => heard.length === 5);
    expect(ear.frames.every(({ activities }) => activities.length > 0)).toBe(true);
    await ear.close();
  });

  test('too many read markers are dropped, and leave room for messages', async () => {
    const customer = await startConversation(line);
    await customer.say('你好');
    const about = `${customer.conversationId}|00000002`;
    for (let n = 0; n < 45; n++) {
      expect((await customer.post({ type: 'event', name: 'zhike.read', value: { about } })).status).toBe(200);
    }
    expect((await customer.say('还在')).status).toBe(200);
  });

  test('having read what is not of this conversation is a 400', async () => {
    const customer = await startConversation(line);
    for (const about of ['other|00000001', '1', '']) {
      const answer = await customer.post({ type: 'event', name: 'zhike.read', value: { about } });
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ error: { issues: [{ path: 'value.about' }] } });
    }
  });

  test('more than twenty messages in ten seconds wait for the next ten', async () => {
    const customer = await startConversation(line);
    const other = await startConversation(line);
    const statuses: number[] = [];
    for (let n = 0; n < 45; n++) statuses.push((await customer.say(String(n))).status);
    expect(statuses).toContain(409);
    expect(new Set(statuses)).toEqual(new Set([200, 409]));
    expect((await other.say('我呢')).status).toBe(200);
    line.passes(10_000);
    expect((await customer.say('再来')).status).toBe(200);
  });
});

describe('a rating', () => {
  /** A customer whom a person has let go, asked for this. */
  async function letGo(survey: SurveyKind | null) {
    const customer = await startConversation(line);
    const ear = await customer.listen();
    await customer.say('转人工');
    await ear.until((heard) => heard.some(({ name }) => name === 'handoff.status'));
    const id = customer.conversationId;
    const agent = { id: 'a', name: '小李' };
    await line.log.write(id, { kind: 'claimed', at: 1, agent });
    const { version = 0, seq = 0 } = (await line.log.find(id)) ?? {};
    await line.log.write(id, { kind: 'resolved', at: 2, agent, version, seen: seq, survey });
    const end = (await line.log.find(id))?.seq ?? 0;
    const rates = (value: unknown, clientActivityID = 'rating-1') =>
      customer.post({ type: 'event', name: 'zhike.rating', value, channelData: { clientActivityID } });
    const saved = () => line.log.read(id, end, 10);
    return { customer, ear, rates, saved };
  }

  test('is saved with its word, told back as the score alone, and saved once however often it is sent', async () => {
    const { rates, saved, ear } = await letGo('csat');
    const statuses = (await ear.until((heard) => heard.some(({ value }) => stateOf(value) === 'completed')))
      .filter(({ name }) => name === 'handoff.status')
      .map(({ value }) => value);
    expect(statuses).toEqual([
      { state: 'queued', cause: 'handoff', agent: null, survey: null },
      { state: 'accepted', cause: 'claim', agent: { name: '小李' }, survey: null },
      { state: 'completed', cause: 'resolve', agent: { name: '小李' }, survey: 'csat' },
    ]);
    const answers = [await rates({ score: 4, comment: ' 很快 ' }), await rates({ score: 4, comment: ' 很快 ' })];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const [first, again] = await Promise.all(answers.map((answer) => answer.json()));
    expect(again).toEqual(first);
    expect(await saved()).toEqual([
      expect.objectContaining({ kind: 'rating', survey: 'csat', score: 4, comment: '很快', clientId: 'rating-1' }),
    ]);
    const heard = await ear.until((activities) => activities.some(({ name }) => name === 'zhike.rated'));
    const rated = heard.find(({ name }) => name === 'zhike.rated');
    expect(rated).toMatchObject({ ...(first as object), value: { score: 4 }, from: { role: 'user' } });
    expect(JSON.stringify(rated)).not.toContain('很快');
    await ear.close();
  });

  test.each([
    ['csat', [1, 5], [0, 6, 4.5]],
    ['ces', [1, 7], [0, 8]],
    ['nps', [0, 10], [-1, 11]],
  ] as const)('of a %s has the scale that was asked for', async (survey, ends, beyond) => {
    for (const score of ends) {
      const { rates, ear } = await letGo(survey);
      expect([score, (await rates({ score })).status]).toEqual([score, 200]);
      await ear.close();
    }
    const { rates, saved, ear } = await letGo(survey);
    for (const score of beyond) {
      const answer = await rates({ score });
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ error: { issues: [{ path: 'value.score' }] } });
    }
    expect(await saved()).toEqual([]);
    await ear.close();
  });

  test('with a word of more than a thousand characters, or with none that is text, is a 400', async () => {
    const { rates, saved, ear } = await letGo('csat');
    for (const comment of ['长'.repeat(1_001), 5, { text: '好' }, 'a\0b']) {
      const answer = await rates({ score: 5, comment });
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ error: { issues: [{ path: 'value.comment' }] } });
    }
    expect(await saved()).toEqual([]);
    expect((await rates({ score: 5, comment: '长'.repeat(1_000) })).status).toBe(200);
    await ear.close();
  });

  test('is still taken from who said thanks first', async () => {
    const { rates, customer, saved, ear } = await letGo('csat');
    await customer.say('谢谢');
    expect((await rates({ score: 5 })).status).toBe(200);
    expect((await saved()).at(-1)).toMatchObject({ kind: 'rating', score: 5 });
    await ear.close();
  });

  test('that nobody asked for, and a second one, are refused', async () => {
    const notAsked = await letGo(null);
    const rated = await letGo('csat');
    await rated.rates({ score: 5 });
    for (const { rates, ear } of [notAsked, rated]) {
      const answer = await rates({ score: 1 }, 'rating-2');
      expect([answer.status, await answer.json()]).toMatchObject([409, { error: { code: 'not_asked' } }]);
      await ear.close();
    }
  });
});

function stateOf(value: unknown): unknown {
  return (value as { readonly state?: unknown } | undefined)?.state;
}

describe('bad input is a 4xx that names the field, and nothing is stored', () => {
  const deep = (levels: number): unknown => (levels === 0 ? 0 : { inner: deep(levels - 1) });
  test.each<[string, unknown, number, string]>([
    ['no type', {}, 400, 'type'],
    ['an unknown type', { type: 'conversationUpdate' }, 400, 'type'],
    ['an unknown event', { type: 'event', name: 'webchat/join' }, 400, 'name'],
    ['a text that is a number', { type: 'message', text: 5 }, 400, 'text'],
    ['no text', { type: 'message' }, 400, 'text'],
    ['blank text', { type: 'message', text: ' \n　' }, 400, 'text'],
    ['NUL', { type: 'message', text: 'a\0b' }, 400, 'text'],
    ['a long text', { type: 'message', text: '长'.repeat(8_001) }, 400, 'text'],
    ['channelData that is a list', { type: 'message', text: 'a', channelData: [] }, 400, 'channelData'],
    ['deep channelData', { type: 'message', text: 'a', channelData: deep(9) }, 400, 'channelData'],
    ['large channelData', { type: 'message', text: 'a', channelData: { x: 'y'.repeat(9_000) } }, 400, 'channelData'],
    ['NUL in channelData', { type: 'message', text: 'a', channelData: { x: ['\0'] } }, 400, 'channelData'],
    [
      'a long clientActivityID',
      { type: 'message', text: 'a', channelData: { clientActivityID: 'x'.repeat(201) } },
      400,
      'channelData.clientActivityID',
    ],
    ['a verdict without a value', { type: 'event', name: 'zhike.feedback' }, 400, 'value'],
    [
      'a verdict of text',
      { type: 'event', name: 'zhike.feedback', value: { about: 'x', helpful: 'yes' } },
      400,
      'value.helpful',
    ],
    ['a list', [], 400, ''],
    ['null', null, 400, ''],
  ])('%s', async (_, activity, status, path) => {
    const customer = await startConversation(line);
    const answer = await customer.post(activity as Record<string, unknown>);
    expect(answer.status).toBe(status);
    const { error } = (await answer.json()) as { error: { issues: { path: string }[] } };
    expect(error.issues.map((issue) => issue.path)).toContain(path);
    expect(JSON.stringify(error)).not.toMatch(/node_modules|\.ts|Error/);
    expect(await line.log.read(customer.conversationId, 1, 10)).toEqual([]);
  });

  test('channelData deeper than any stack', async () => {
    const customer = await startConversation(line);
    const body = `{"type":"message","text":"a","channelData":{"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`;
    expect((await customer.call('/activities', { method: 'POST', body, headers: jsonType })).status).toBe(400);
  });

  test('1 MB', async () => {
    const customer = await startConversation(line);
    expect((await customer.post({ type: 'message', text: 'x'.repeat(1024 * 1024) })).status).toBe(413);
    expect(await line.log.read(customer.conversationId, 1, 10)).toEqual([]);
  });

  test('lone surrogates are not refused but replaced, in text and in channelData', async () => {
    const customer = await startConversation(line);
    const body = '{"type":"message","text":"a\\ud83d","channelData":{"x":"\\udc00b","clientActivityID":"c"}}';
    expect((await customer.call('/activities', { method: 'POST', body, headers: jsonType })).status).toBe(200);
    expect(await line.log.read(customer.conversationId, 1, 1)).toEqual([
      expect.objectContaining({ text: 'a\u{FFFD}', channelData: { x: '\u{FFFD}b', clientActivityID: 'c' } }),
    ]);
  });

  test('ZWJ, right-to-left and rare characters arrive as they were sent', async () => {
    const customer = await startConversation(line);
    const said = '👨‍👩‍👧 ‏שלום 𠮷野家 \\u0000 ①';
    await customer.say(said);
    expect(await line.log.read(customer.conversationId, 1, 1)).toEqual([expect.objectContaining({ text: said })]);
  });

  test('__proto__ in channelData stays data', async () => {
    const customer = await startConversation(line);
    const body = '{"type":"message","text":"a","channelData":{"__proto__":{"polluted":true}}}';
    expect((await customer.call('/activities', { method: 'POST', body, headers: jsonType })).status).toBe(200);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test.each([
    ['a bad locale', { locale: '<script>' }, 'locale'],
    ['a locale that is a number', { locale: 1 }, 'locale'],
  ])('starting with %s', async (_, body, path) => {
    const answer = await fetch(`${line.url}/v3/directline/conversations`, {
      method: 'POST',
      headers: { ...jsonType, authorization: `Bearer ${await newToken(line)}` },
      body: JSON.stringify(body),
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { issues: [{ path }] } });
  });

  test('tokens stay out of the log', async () => {
    const customer = await startConversation(line);
    const ear = await customer.listen();
    await customer.say('秘密的话');
    await ear.close();
    expect(line.logged()).toContain('/activities');
    expect(line.logged()).not.toMatch(/eyJ|秘密/);
  });
});

describe('our own page', () => {
  type Visit = { token: string; conversationId: string; userId: string; expires_in: number; visitor?: string };
  async function visit(init: { origin?: string; cookie?: string; body?: unknown } = {}) {
    const { origin = line.url, cookie, body } = init;
    const answer = await fetch(`${line.url}/api/chat/token`, {
      method: 'POST',
      headers: { ...(origin ? { origin } : {}), ...(cookie ? { cookie } : {}), ...jsonType },
      body: JSON.stringify(body ?? {}),
    });
    const cookies = answer.headers.getSetCookie().map((header) => header.split(';')[0]);
    return { answer, visit: (await answer.json()) as Visit, cookie: cookies[0] ?? '' };
  }

  test('gets the same visitor and conversation back with its cookie', async () => {
    const first = await visit();
    expect(first.answer.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Lax/);
    await startConversation(line, first.visit.token);
    const again = await visit({ cookie: first.cookie });
    expect(again.visit.userId).toBe(first.visit.userId);
    expect(again.visit.conversationId).toBe(first.visit.conversationId);
    expect(again.visit.visitor).toBeUndefined();
    expect((await startConversation(line, again.visit.token)).status).toBe(200);
  });

  test('opens one conversation however many tabs ask at once', async () => {
    const { cookie } = await visit();
    const visits = await Promise.all(Array.from({ length: 8 }, () => visit({ cookie })));
    const started = await Promise.all(visits.map((each) => startConversation(line, each.visit.token)));
    expect(new Set(started.map(({ conversationId }) => conversationId)).size).toBe(1);
    expect(started.filter(({ status }) => status === 201)).toHaveLength(1);
  });

  test('a stranger gets a conversation of their own', async () => {
    const [one, two] = [await visit(), await visit()];
    expect(two.visit.userId).not.toBe(one.visit.userId);
    expect(two.visit.conversationId).not.toBe(one.visit.conversationId);
    expect((await visit({ cookie: 'zhike_visitor=forged' })).visit.userId).not.toBe(one.visit.userId);
  });

  test('a page of an allowed origin is known by the visitor string it kept', async () => {
    const first = await visit({ origin: 'https://shop.example' });
    expect(first.answer.headers.get('access-control-allow-origin')).toBe('https://shop.example');
    expect(first.visit.visitor).toEqual(expect.any(String));
    const again = await visit({ origin: 'https://shop.example', body: { visitor: first.visit.visitor } });
    expect(again.visit.conversationId).toBe(first.visit.conversationId);
    // A token is no proof of the visitor, nor the other way round.
    expect((await visit({ body: { visitor: first.visit.token } })).visit.userId).not.toBe(first.visit.userId);
    const misused = { headers: { authorization: `Bearer ${first.visit.visitor}` }, method: 'POST' };
    expect((await fetch(`${line.url}/v3/directline/tokens/refresh`, misused)).status).toBe(401);
  });

  test('a page of any other origin gets nothing', async () => {
    const { cookie } = await visit();
    const { answer, visit: got } = await visit({ origin: 'https://evil.example', cookie });
    expect(answer.status).toBe(403);
    expect(got.token).toBeUndefined();
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });

  test('a cookie without an origin is nobody', async () => {
    const first = await visit();
    const { visit: got } = await visit({ origin: '', cookie: first.cookie });
    expect(got.userId).not.toBe(first.visit.userId);
  });
});

describe('pages of other origins', () => {
  const preflight = (path: string, origin: string) =>
    fetch(line.url + path, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type,x-ms-bot-agent,x-requested-with',
      },
    });

  test.each([
    '/v3/directline/conversations',
    '/v3/directline/conversations/x',
    '/v3/directline/conversations/x/activities',
    '/v3/directline/conversations/x/upload',
    '/v3/directline/tokens/refresh',
    '/v3/directline/session/getsessionid',
    '/api/chat/token',
  ])('may call %s where they are allowed', async (path) => {
    const { status, headers } = await preflight(path, 'https://shop.example');
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe('https://shop.example');
    expect(headers.get('access-control-allow-credentials')).toBe('true');
    for (const header of ['authorization', 'content-type', 'x-ms-bot-agent', 'x-requested-with']) {
      expect(headers.get('access-control-allow-headers')).toContain(header);
    }
    expect(headers.get('vary')).toContain('origin');
    expect((await preflight(path, 'https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
  });

  test('can read our errors too', async () => {
    const answer = await fetch(`${line.url}/v3/directline/conversations`, {
      method: 'POST',
      headers: { origin: 'https://shop.example' },
    });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://shop.example');
  });

  test('open sockets only where they are allowed', async () => {
    const customer = await startConversation(line);
    expect(await refusedWith(customer.streamUrl, { origin: 'https://evil.example' })).toBe(403);
    for (const origin of ['https://shop.example', line.url, line.url.replace('127.0.0.1', 'localhost')]) {
      await (await listenTo(customer.streamUrl, { origin })).close();
    }
  });
});

test('addresses name us as the caller does, where that is us', async () => {
  const customer = await startConversation(line);
  expect(customer.streamUrl.startsWith(`ws://127.0.0.1:${line.port}/`)).toBe(true);
  const asked = await fetch(`${line.url.replace('127.0.0.1', 'localhost')}/v3/directline/conversations`, {
    method: 'POST',
    headers: { authorization: `Bearer ${customer.token}` },
  });
  expect(((await asked.json()) as { streamUrl: string }).streamUrl).toContain(`ws://localhost:${line.port}/`);
});

test('a session id is there for clients that ask for one', async () => {
  const answer = await fetch(`${line.url}/v3/directline/session/getsessionid`);
  expect(await answer.json()).toEqual({ sessionId: expect.any(String) });
});

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
