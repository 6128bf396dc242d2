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
    expect(li.events('changed').at(-1)).toEqual({ conversationId: 'c1', seq, status: 'queued', agentId: null });
    expect(li.text()).not.toContain('月球');
  });

  it('reach every agent, so that who lost a race sees who won it', async () => {
    await desk.queued('c1');
    const [li, zhou] = [await desk.signIn('li'), await desk.signIn('zhou')];
    const [first, second] = [await listen(li), await listen(zhou)];
    await li.send('POST', '/api/console/conversations/c1/claim');
    await Promise.all([first.until('assigned'), second.until('assigned')]);
    const agentId = desk.agents.li.id;
    expect(second.events('changed')).toContainEqual({ conversationId: 'c1', seq: 6, status: 'assigned', agentId });
  });

  it('tell that the customer is typing, and the customer’s side that the agent is', async () => {
    await desk.assigned('c1', desk.agents.li);
    const li = await desk.signIn('li');
    const stream = await listen(li);
    desk.signals.emit({ kind: 'typing', conversationId: 'c1', author: customer });
    await stream.until('typing');
    expect(stream.events('typing')).toEqual([{ conversationId: 'c1', author: customer, draft: false }]);
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
    await desk.queued('c1');
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
    const conversation = { ...(await desk.queued('c1')), id: 'x'.repeat(longestBacklog / 64) };
    // In portions, as life does: the quick reader empties its share before the next comes.
    for (let sent = portion; sent * conversation.id.length < 16 * longestBacklog; sent += portion) {
      for (let n = 0; n < portion; n++) desk.signals.emit({ kind: 'saved', conversation, entries: [] });
      await quick.hasRead(sent * conversation.id.length);
    }
    slow.resume();
    await slow.ended;
    desk.signals.emit({ kind: 'saved', conversation: { ...conversation, id: 'after' }, entries: [] });
    await quick.until('after');
  });
});

describe('what an agent does not reach', () => {
  it('is not told of, whatever happens in it', async () => {
    const [li, wu] = [await listen(await desk.signIn('li')), await listen(await desk.signIn('wu'))];
    const zhou = await desk.signIn('zhou');
    await desk.queued('c1', { groupId: 'vip' });
    desk.signals.emit({ kind: 'typing', conversationId: 'c1', author: customer });
    await zhou.send('POST', '/api/console/conversations/c1/notes', {
      text: '请看',
      clientId: 'n1',
      mentions: [desk.agents.li.id, desk.agents.wu.id],
    });
    await zhou.send('POST', '/api/console/conversations/c1/typing');
    await wu.until('"draft":true');
    expect(wu.events('mentioned')).toEqual([{ conversationId: 'c1', by: { id: desk.agents.zhou.id, name: 'zhou' } }]);
    expect(wu.events('typing')).toHaveLength(2);
    await desk.queued('c2');
    await li.until('"c2","seq":5');
    // Told of while the bot had it and it went to no group; then that it has gone.
    expect(
      li.events('changed').filter(({ conversationId, seq }) => conversationId === 'c1' && Number(seq) > 4),
    ).toEqual([]);
    expect(li.events('gone')).toEqual([{ conversationId: 'c1' }]);
    expect([...li.events('typing'), ...li.events('mentioned')]).toEqual([]);
  });

  it('is told of from the next heartbeat on once it is theirs to reach', async () => {
    const li = await listen(await desk.signIn('li'));
    await desk.storage.agents.change(desk.agents.li.id, { groups: ['vip'] });
    desk.timers.tick();
    await li.until(': still here');
    await until(async () => {
      await desk.queued(`c${Math.random()}`, { groupId: 'vip' });
      return li.events('changed').some(({ status }) => status === 'queued');
    });
  });
});

describe('a colleague who types', () => {
  it('is shown to the others and not to the customer; the owner to both, and nobody to themselves', async () => {
    await desk.assigned('c1', desk.agents.li);
    const [li, zhou] = [await desk.signIn('li'), await desk.signIn('zhou')];
    const [first, second] = [await listen(li), await listen(zhou)];
    const told: unknown[] = [];
    desk.signals.listen((signal) => signal.kind === 'typing' && told.push(signal.author.id));
    await zhou.send('POST', '/api/console/conversations/c1/typing');
    await first.until('"draft":true');
    expect(told).toEqual([]);
    await li.send('POST', '/api/console/conversations/c1/typing');
    await second.until('"draft":false');
    expect(told).toEqual([desk.agents.li.id]);
    const by = ({ id, name }: { id: string; name: string }) => ({ role: 'agent', id, name });
    expect(first.events('typing')).toEqual([{ conversationId: 'c1', author: by(desk.agents.zhou), draft: true }]);
    expect(second.events('typing')).toEqual([{ conversationId: 'c1', author: by(desk.agents.li), draft: false }]);
  });
});

describe('the directory', () => {
  it('is told of once for all that changed in a while: statuses, canned replies, settings', async () => {
    const li = await listen(await desk.signIn('li'));
    const zhou = await desk.signIn('zhou');
    await li.until('presence');
    desk.timers.runPending();
    const before = li.events('directory').length;
    await zhou.send('POST', '/api/console/me/status', { status: 'busy' });
    await zhou.send('POST', '/api/console/canned', { shortcut: 'hi', title: '问候', text: '您好', groupId: null });
    const survey = { value: { kind: 'nps', followUpBelow: 6 }, version: 0 };
    await zhou.send('POST', '/api/console/settings/survey', survey);
    desk.edge.directoryChanged();
    desk.timers.runPending();
    await until(() => li.events('directory').length > before);
    expect(li.events('directory')).toHaveLength(before + 1);
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
      return li.events('presence').at(-1)?.['agentsOnline'] === 1;
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
