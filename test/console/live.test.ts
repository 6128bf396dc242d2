import { request, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { leaveAfter, longestBacklog, streamsPerAgent } from '../../src/console/live.ts';
import type { Author } from '../../src/conversation/conversation.ts';
import { openConsole, type OpenConsole, type Visitor } from './open-console.ts';

let desk: OpenConsole;
const opened: Stream[] = [];
beforeEach(async () => {
  desk = await openConsole();
});
afterEach(async () => {
  for (const each of opened.splice(0)) each.close();
  await desk.close();
  expect(desk.failures).toEqual([]);
});

const customer: Author = { role: 'customer', id: 'u1', name: '王芳' };

describe('live events', () => {
  it('tell which conversation changed, up to which seq, and nothing of what was said', async () => {
    const li = await listen(await desk.signIn('li'));
    const { seq } = await desk.queued('c1');
    await li.until('"seq":' + seq);
    expect(li.events('changed').at(-1)).toEqual({ conversationId: 'c1', seq, status: 'queued' });
    expect(li.text()).not.toContain('月球');
  });

  it('reach every agent, so that who lost a race sees who won it', async () => {
    await desk.queued('c1');
    const [li, zhou] = [await desk.signIn('li'), await desk.signIn('zhou')];
    const [first, second] = [await listen(li), await listen(zhou)];
    await li.send('POST', '/api/console/conversations/c1/claim');
    await Promise.all([first.until('assigned'), second.until('assigned')]);
    expect(second.events('changed')).toContainEqual({ conversationId: 'c1', seq: 6, status: 'assigned' });
  });

  it('tell that the customer is typing, and the customer’s side that the agent is', async () => {
    await desk.assigned('c1', desk.agents.li);
    const li = await desk.signIn('li');
    const stream = await listen(li);
    desk.signals.emit({ kind: 'typing', conversationId: 'c1', author: customer });
    await stream.until('typing');
    expect(stream.events('typing')).toEqual([{ conversationId: 'c1', author: { role: 'customer', name: '王芳' } }]);
    const heard = new Promise((resolve) =>
      desk.signals.listen((signal) => signal.kind === 'typing' && resolve(signal)),
    );
    await li.send('POST', '/api/console/conversations/c1/typing');
    expect(await heard).toMatchObject({ conversationId: 'c1', author: { role: 'agent', name: 'li' } });
  });

  it('are kept alive by heartbeats', async () => {
    const li = await listen(await desk.signIn('li'));
    desk.timers.tick();
    await li.until(': still here');
  });

  it('end within a heartbeat for an account that was disabled, and go on for the others', async () => {
    const [li, zhou] = [await listen(await desk.signIn('li')), await listen(await desk.signIn('zhou'))];
    await desk.accounts.disable('li@shop.cn');
    desk.timers.tick();
    await li.ended;
    desk.signals.emit({ kind: 'typing', conversationId: 'c1', author: customer });
    await zhou.until('typing');
    expect(li.text()).not.toContain('typing');
  });

  it('end at once at sign-out', async () => {
    const visitor = await desk.signIn('li');
    const li = await listen(visitor);
    await visitor.send('DELETE', '/api/console/session');
    await li.ended;
  });

  it('are refused to one who has too many open, until one closes', async () => {
    const visitor = await desk.signIn('li');
    const streams = [];
    for (let n = 0; n < streamsPerAgent; n++) streams.push(await listen(visitor));
    const refused = await visitor.get('/api/console/events');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '30']);
    await listen(await desk.signIn('zhou'));
    streams[0]?.close();
    await until(async () => (await statusOf(visitor)) === 200);
  });

  it('drop a reader that is a megabyte behind, and spare the others', async () => {
    const [slow, quick] = [await listen(await desk.signIn('li')), await listen(await desk.signIn('zhou'))];
    slow.pause();
    const portion = 16;
    const conversationId = 'x'.repeat(longestBacklog / 64);
    // In portions, as life does: the quick reader empties its share before the next comes.
    for (let sent = portion; sent * conversationId.length < 16 * longestBacklog; sent += portion) {
      for (let n = 0; n < portion; n++) desk.signals.emit({ kind: 'typing', conversationId, author: customer });
      await quick.hasRead(sent * conversationId.length);
    }
    slow.resume();
    await slow.ended;
    desk.signals.emit({ kind: 'typing', conversationId: 'after', author: customer });
    await quick.until('after');
  });
});

describe('presence', () => {
  it('is told at the start, and when an agent comes or goes', async () => {
    const li = await listen(await desk.signIn('li'));
    await li.until('presence');
    expect(li.events('presence').at(-1)).toEqual({ agentsOnline: 1 });
    const zhou = await listen(await desk.signIn('zhou'));
    await li.until('"agentsOnline":2');
    zhou.close();
    await until(async () => {
      desk.timers.runPending();
      return li.text().endsWith('{"agentsOnline":1}\n\n');
    });
  });

  it('outlasts a reload of the page', async () => {
    expect(leaveAfter).toBeGreaterThan(5000);
    const visitor = await desk.signIn('li');
    const watcher = await listen(await desk.signIn('zhou'));
    const before = await listen(visitor);
    await watcher.until('"agentsOnline":2');
    before.close();
    const after = await listen(visitor);
    await after.until('presence');
    desk.timers.runPending();
    desk.timers.tick();
    await watcher.until(': still here');
    expect(watcher.events('presence').at(-1)).toEqual({ agentsOnline: 2 });
  });

  it('ends at sign-out without a grace', async () => {
    const visitor = await desk.signIn('li');
    const watcher = await listen(await desk.signIn('zhou'));
    await listen(visitor);
    await watcher.until('"agentsOnline":2');
    await visitor.send('DELETE', '/api/console/session');
    await until(() => watcher.events('presence').at(-1)?.['agentsOnline'] === 1);
  });
});

type Stream = {
  text(): string;
  events(name: string): readonly Record<string, unknown>[];
  /** Resolves once the text holds `part`. */
  until(part: string): Promise<void>;
  hasRead(characters: number): Promise<void>;
  pause(): void;
  resume(): void;
  readonly ended: Promise<void>;
  close(): void;
};

/** Opens the stream and waits for its first words. */
async function listen(visitor: Visitor): Promise<Stream> {
  const outgoing = request(`${desk.url}/api/console/events`, { headers: { cookie: visitor.cookie ?? '' } }).end();
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  expect([response.statusCode, response.headers['content-type']]).toEqual([200, 'text/event-stream; charset=utf-8']);
  let text = '';
  const waiting = new Set<() => void>();
  const look = () => waiting.forEach((each) => each());
  response.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    look();
  });
  const ended = new Promise<void>((resolve) => response.once('close', resolve));
  outgoing.on('error', () => undefined);
  response.on('error', () => undefined);
  const when = (isTrue: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const check = () => {
        if (!isTrue()) return;
        waiting.delete(check);
        resolve();
      };
      waiting.add(check);
      check();
    });
  const stream: Stream = {
    text: () => text,
    events: (name) =>
      [...text.matchAll(new RegExp(`event: ${name}\\ndata: (.*)\\n\\n`, 'g'))].map(
        ([, data = '']) => JSON.parse(data) as Record<string, unknown>,
      ),
    until: (part) => when(() => text.includes(part)),
    hasRead: (characters) => when(() => text.length >= characters),
    resume: () => response.resume(),
    pause: () => response.pause(),
    ended,
    close: () => outgoing.destroy(),
  };
  opened.push(stream);
  await stream.until('retry:');
  return stream;
}

async function statusOf(visitor: Visitor): Promise<number> {
  const outgoing = request(`${desk.url}/api/console/events`, { headers: { cookie: visitor.cookie ?? '' } }).end();
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  outgoing.destroy();
  return response.statusCode ?? 0;
}

/** Looks again after each turn of the event loop. */
async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await new Promise((resolve) => setImmediate(resolve));
}
