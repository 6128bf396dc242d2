import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Activity, ConnectionStatus as Status, DirectLine as Client } from 'botframework-directlinejs';
import { WebSocket } from 'ws';
import { memoryLog } from '../../support/memory-log.ts';
import { openLine, says, type Line, type LineOptions } from './line.ts';

/*
 * Microsoft's own client, as published, against our server.
 */

type Module = { DirectLine: typeof Client; ConnectionStatus: typeof Status };
type Xhr = new () => XhrLike;
type XhrLike = { setRequestHeader(name: string, value: string): void; send(body?: unknown): void };

const { XMLHttpRequest } = jest.requireActual<{ XMLHttpRequest: Xhr }>('xhr2');

/** xhr2 knows no FormData; a browser turns it into multipart as `Response` does. */
class BrowserLikeXhr extends XMLHttpRequest {
  override send(body?: unknown): void {
    if (!(body instanceof FormData)) return super.send(body);
    const multipart = new Response(body);
    this.setRequestHeader('content-type', multipart.headers.get('content-type') ?? '');
    void multipart.arrayBuffer().then((bytes) => super.send(Buffer.from(bytes)));
  }
}

/** Every socket the client opened, so that a test can cut the line. */
const opened: WebSocket[] = [];
class WatchedSocket extends WebSocket {
  constructor(url: string) {
    super(url);
    opened.push(this);
  }
}

Object.assign(globalThis, { XMLHttpRequest: BrowserLikeXhr, WebSocket: WatchedSocket });
const { DirectLine, ConnectionStatus } = jest.requireActual<Module>('botframework-directlinejs');

let line: Line;
const clients: Client[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) client.end();
  opened.splice(0);
  await line.close();
});

describe('botframework-directlinejs', () => {
  test('is greeted, hears its own message and the reply', async () => {
    const client = await connect();
    const heard = listen(client.activities);
    await heard.until((activities) => activities.length === 1);
    const id = await client.say('你好', { clientActivityID: 'c1' });
    const [greeting, said, reply] = await heard.until((activities) => activities.length === 3);
    expect(greeting).toMatchObject({ text: '您好，我是小知。', from: { role: 'bot' } });
    expect(said).toMatchObject({ id, text: '你好', channelData: { clientActivityID: 'c1' } });
    expect(reply).toMatchObject({ text: '收到：你好', replyToId: id });
    expect(client.line.connectionStatus$.getValue()).toBe(ConnectionStatus.Online);
  });

  test('uploads an image with a Chinese name', async () => {
    const image = Buffer.from('89504e470d0a1a0a00000000', 'hex');
    const host = createHttpServer((_, response) => response.end(image)).listen(0, '127.0.0.1');
    const client = await connect();
    const heard = listen(client.activities);
    await heard.until((activities) => activities.length === 1);
    await client.post({
      type: 'message',
      text: '',
      from: { id: 'me' },
      attachments: [
        {
          contentType: 'image/png',
          name: '截图 一.png',
          contentUrl: `http://127.0.0.1:${(host.address() as AddressInfo).port}/`,
        },
      ],
    });
    const said = (await heard.until((activities) => activities.length >= 2))[1];
    host.close();
    const [attachment] = said?.attachments ?? [];
    expect(attachment).toMatchObject({ contentType: 'image/png', name: '截图 一.png' });
    const shown = await fetch((attachment as { contentUrl: string }).contentUrl);
    expect(Buffer.from(await shown.arrayBuffer()).equals(image)).toBe(true);
  });

  test('hears after a dropped line what it missed, once', async () => {
    const client = await connect();
    const heard = listen(client.activities);
    await heard.until((activities) => activities.length === 1);
    for (const round of ['一', '二', '三']) {
      const before = opened.length;
      opened.at(-1)?.terminate();
      await client.say(round);
      await heard.until((activities) => activities.at(-1)?.text === `收到：${round}`);
      expect(opened.length).toBeGreaterThan(before);
    }
    expect(heard.texts()).toEqual(['您好，我是小知。', '一', '收到：一', '二', '收到：二', '三', '收到：三']);
  });

  test('goes on after a restart of the server', async () => {
    const store = memoryLog();
    const client = await connect({ store });
    const heard = listen(client.activities);
    await heard.until((activities) => activities.length === 1);
    await line.close();
    line = await openLine({ store, port: line.port });
    await client.say('还在吗');
    await heard.until((activities) => activities.at(-1)?.text === '收到：还在吗');
    expect(heard.texts()).toEqual(['您好，我是小知。', '还在吗', '收到：还在吗']);
  });

  test('is told of an expired token, and a new client goes on with a new one', async () => {
    const client = await connect();
    const heard = listen(client.activities);
    await heard.until((activities) => activities.length === 1);
    line.passes(13 * 3600_000);
    const expired = statusOf(client.line, ConnectionStatus.ExpiredToken);
    expect(await client.say('丢了吗')).toBe('retry');
    await expired;
    const { conversationId } = client;
    client.line.end();
    const again = await connectWith({ token: await client.renewed(), conversationId, watermark: '1' });
    const heardAgain = listen(again.activities);
    await again.say('回来了');
    await heardAgain.until((activities) => activities.length === 2);
    expect(heardAgain.texts()).toEqual(['回来了', '收到：回来了']);
  });

  test('reads the whole history after a reload of its page', async () => {
    const client = await connect();
    const heard = listen(client.activities);
    await client.say('一');
    await heard.until((activities) => activities.length === 3);
    client.line.end();
    const again = await connectWith({ token: client.token, conversationId: client.conversationId });
    const heardAgain = listen(again.activities);
    await heardAgain.until((activities) => activities.length === 3);
    expect(heardAgain.texts()).toEqual(['您好，我是小知。', '一', '收到：一']);
  });

  test('can poll where there are no sockets', async () => {
    const client = await connect({}, { webSocket: false, pollingInterval: 200 });
    const heard = listen(client.activities);
    await heard.until((activities) => activities.length === 1);
    await client.say('轮询');
    await heard.until((activities) => activities.length === 3);
    expect(heard.texts()).toEqual(['您好，我是小知。', '轮询', '收到：轮询']);
    expect(opened).toHaveLength(0);
  });

  test('sees buttons, typing and changes of hands', async () => {
    const client = await connect({
      script: (text) =>
        text === '转人工'
          ? { replies: [], handoff: 'customer_request' }
          : { replies: [says('选一个', { choices: [{ kind: 'question', title: '运费', value: '运费怎么算' }] })] },
    });
    const heard = listen(client.activities);
    await client.say('你好');
    const [, , offer] = await heard.until((activities) => activities.length === 3);
    expect(offer).toMatchObject({
      suggestedActions: { actions: [{ type: 'imBack', title: '运费', value: '运费怎么算' }] },
    });
    await client.say('转人工');
    const { conversationId } = client;
    await heard.until((activities) => activities.at(-1)?.name === 'handoff.status');
    await line.log.write(conversationId, { kind: 'claimed', at: Date.now(), agent: { id: 'a', name: '小李' } });
    await heard.until((activities) => activities.at(-2)?.name === 'handoff.status');
    line.signals.emit({ kind: 'typing', conversationId, author: { role: 'agent', id: 'a', name: '小李' } });
    const all = await heard.until((activities) => activities.at(-1)?.type === 'typing');
    expect(all.slice(-3, -1)).toEqual([
      expect.objectContaining({ name: 'handoff.status', value: expect.objectContaining({ state: 'queued' }) }),
      expect.objectContaining({
        name: 'handoff.status',
        value: expect.objectContaining({ state: 'accepted', agent: { name: '小李' } }),
      }),
    ]);
  });

  test('learns at once that it talks too much, and lives', async () => {
    const client = await connect({ script: () => ({ replies: [] }) });
    listen(client.activities);
    const tries = await Promise.allSettled(Array.from({ length: 45 }, (_, n) => client.say(String(n))));
    const refused = tries.filter(({ status }) => status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    expect(client.line.connectionStatus$.getValue()).toBe(ConnectionStatus.Online);
  });
});

type Heard = Activity & Record<string, unknown> & { text?: string; attachments?: unknown[] };

type Connection = {
  readonly line: Client;
  readonly token: string;
  readonly conversationId: string;
  /** Subscribing is what connects. */
  readonly activities: (listener: (activity: Heard) => void) => void;
  post(activity: unknown): Promise<string>;
  say(text: string, channelData?: object): Promise<string>;
  /** Another token for the same conversation, as the host page would fetch it. */
  renewed(): Promise<string>;
};

async function connect(options: LineOptions = {}, client: Record<string, unknown> = {}): Promise<Connection> {
  line = await openLine(options);
  const connection = await connectWith({ token: await newVisit(), ...client });
  return connection;
}

let cookie = '';

/** As our page does it: a token bound to the visitor's cookie. */
async function newVisit(): Promise<string> {
  cookie = '';
  return visit();
}

async function visit(): Promise<string> {
  const answer = await fetch(`${line.url}/api/chat/token`, {
    method: 'POST',
    headers: { origin: line.url, ...(cookie ? { cookie } : {}) },
  });
  cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  return ((await answer.json()) as { token: string }).token;
}

async function connectWith(options: { token: string } & Record<string, unknown>): Promise<Connection> {
  const client = new DirectLine({
    domain: `${line.url}/v3/directline`,
    timeout: 1_000,
    // The pause before a reconnect is 3 s + random × 12 s: so it is some milliseconds.
    random: () => -0.249,
    ...options,
  });
  clients.push(client);
  const post = (activity: unknown) =>
    new Promise<string>((resolve, reject) => client.postActivity(activity as Activity).subscribe(resolve, reject));
  return {
    line: client,
    token: options.token,
    conversationId: String(JSON.parse(Buffer.from(options.token.split('.')[1] ?? '', 'base64url').toString()).conv),
    activities: (listener) =>
      client.activity$.subscribe(
        (activity) => listener(activity as Heard),
        () => undefined,
      ),
    post,
    say: (text, channelData) =>
      post({ type: 'message', text, from: { id: 'me' }, ...(channelData ? { channelData } : {}) }),
    renewed: visit,
  };
}

function listen(activities: Connection['activities']) {
  const heard: Heard[] = [];
  const waiting = new Set<() => void>();
  activities((activity) => {
    heard.push(activity);
    for (const look of waiting) look();
  });
  return {
    texts: () => heard.map(({ text }) => text),
    until: (wanted: (activities: readonly Heard[]) => boolean) =>
      new Promise<readonly Heard[]>((resolve) => {
        const look = () => {
          if (!wanted(heard)) return;
          waiting.delete(look);
          resolve(heard);
        };
        waiting.add(look);
        look();
      }),
  };
}

function statusOf(client: Client, wanted: Status): Promise<void> {
  return new Promise((resolve) => {
    client.connectionStatus$.subscribe((status) => {
      if (status === wanted) resolve();
    });
  });
}
