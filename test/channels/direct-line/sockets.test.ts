import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { QueueStatus } from '../../../src/channels/direct-line/activity.ts';
import type { ConversationLog } from '../../../src/conversation/log.ts';
import { memoryLog } from '../../support/memory-log.ts';
import { listenTo, openLine, refusedWith, says, startConversation, type Line, type LineOptions } from './line.ts';

let line: Line;

afterEach(() => line.close());

async function open(options: LineOptions = {}): Promise<Line> {
  line = await openLine(options);
  return line;
}

const xiaoli = { id: 'agent-1', name: '小李' };

describe('a stream', () => {
  test('replays what came after the watermark, then goes on live', async () => {
    const customer = await startConversation(await open());
    await customer.say('一');
    const ear = await customer.listen(1);
    await ear.until((heard) => heard.length === 2);
    await customer.say('二');
    const heard = await ear.until((activities) => activities.length === 4);
    expect(heard.map(({ text }) => text)).toEqual(['一', '收到：一', '二', '收到：二']);
    expect(ear.frames.at(-1)?.watermark).toBe('5');
    await ear.close();
  });

  test('has every frame as the clients need it: activities, and a watermark of text', async () => {
    const customer = await startConversation(await open());
    const ear = await customer.listen();
    await customer.say('一');
    await ear.until((heard) => heard.length === 3);
    for (const frame of ear.frames) {
      expect(frame).toEqual({ activities: expect.any(Array), watermark: expect.stringMatching(/^\d+$/) });
    }
    await ear.close();
  });

  test('may be one of several: every tab hears everything once', async () => {
    const customer = await startConversation(await open());
    const ears = await Promise.all([customer.listen(), customer.listen(), customer.listen()]);
    for (const text of ['一', '二', '三']) await customer.say(text);
    for (const ear of ears) {
      const heard = await ear.until((activities) => activities.length === 7);
      const ids = heard.map(({ id }) => id);
      expect(new Set(ids).size).toBe(7);
      expect(ids).toEqual([...ids].sort());
      await ear.close();
    }
  });

  test('dropped and reopened again and again loses and repeats nothing', async () => {
    const customer = await startConversation(await open({ script: () => ({ replies: [] }) }));
    const heard: string[] = [];
    let sent = 0;
    const writer = (async () => {
      for (; sent < 60; sent++) {
        await line.log.write(customer.conversationId, {
          kind: 'customer_wrote',
          at: sent,
          draft: says(String(sent)),
          clientId: null,
          channelData: null,
        });
        await new Promise(setImmediate);
      }
    })();
    let watermark: string | number = 1;
    while (heard.length < 60) {
      const ear = await customer.listen(watermark);
      await ear.until((activities) => activities.length > 0);
      heard.push(...ear.activities().map(({ text }) => String(text)));
      watermark = ear.frames.at(-1)?.watermark ?? watermark;
      ear.socket.terminate();
      // What came between the last look and the end is not counted, and must come again.
    }
    await writer;
    expect(heard).toEqual(Array.from({ length: 60 }, (_, n) => String(n)));
  });

  test('reads the log where a wake-up was missed', async () => {
    const store = memoryLog();
    const customer = await startConversation(await open({ store }));
    const ear = await customer.listen();
    await ear.until((heard) => heard.length === 1);
    // Written behind the back of this process, as another node would.
    await store.write(customer.conversationId, {
      kind: 'customer_wrote',
      at: 1,
      draft: says('从别处来'),
      clientId: null,
      channelData: null,
    });
    await customer.say('从这里来');
    const heard = await ear.until((activities) => activities.length >= 4);
    expect(heard.map(({ text }) => text).slice(1, 3)).toEqual(['从别处来', '从这里来']);
    await ear.close();
  });

  test('that cannot be read is closed, so that the client asks again', async () => {
    let broken = true;
    const store = memoryLog();
    const flaky: ConversationLog = {
      ...store,
      read: (id, after, limit) => (broken ? Promise.reject(new Error('disk')) : store.read(id, after, limit)),
    };
    const customer = await startConversation(await open({ store: flaky }));
    const ear = await customer.listen();
    const [code] = await once(ear.socket, 'close');
    expect(code).toBe(1011);
    expect(line.errors).toHaveLength(1);
    broken = false;
    const again = await customer.listen();
    await again.until((heard) => heard.length === 1);
    await again.close();
  });

  test('hides private notes and verdicts, and moves on past them', async () => {
    const customer = await startConversation(await open({ script: () => ({ replies: [], handoff: 'no_match' }) }));
    const ear = await customer.listen();
    await customer.say('转人工');
    await ear.until((heard) => heard.some(({ name }) => name === 'handoff.status'));
    const { conversationId } = customer;
    await line.log.write(conversationId, { kind: 'claimed', at: 1, agent: xiaoli });
    await line.log.write(conversationId, { kind: 'agent_noted', at: 2, agent: xiaoli, text: '难缠', clientId: null });
    await line.log.write(conversationId, {
      kind: 'agent_wrote',
      at: 3,
      agent: xiaoli,
      version: 2,
      draft: says('您好，我是小李。'),
      clientId: null,
    });
    const heard = await ear.until((activities) => activities.some(({ text }) => text === '您好，我是小李。'));
    expect(heard.slice(2).map(({ name, value, text }) => text ?? [name, value])).toEqual([
      ['handoff.status', { state: 'queued', cause: 'handoff', agent: null, survey: null }],
      ['handoff.status', { state: 'accepted', cause: 'claim', agent: { name: '小李' }, survey: null }],
      '您好，我是小李。',
    ]);
    expect(heard.at(-1)).toMatchObject({
      from: { id: 'agent-1', name: '小李', role: 'bot' },
      channelData: { author: 'agent' },
      textFormat: 'plain',
    });
    expect(ear.frames.at(-1)?.watermark).toBe('6');
    const poll = (await (await customer.call('/activities?watermark=')).json()) as { watermark: string };
    expect(poll.watermark).toBe('6');
    expect(JSON.stringify([ear.frames, poll])).not.toContain('难缠');
    await ear.close();
  });

  test('tells who is typing, but not the customer of themselves', async () => {
    const customer = await startConversation(await open());
    const ear = await customer.listen();
    await ear.until((heard) => heard.length === 1);
    await customer.post({ type: 'typing' });
    line.signals.emit({
      kind: 'typing',
      conversationId: customer.conversationId,
      author: { role: 'agent', ...xiaoli },
    });
    const heard = await ear.until((activities) => activities.length === 2);
    expect(heard[1]).toEqual({
      type: 'typing',
      channelId: 'directline',
      conversation: { id: customer.conversationId },
      from: { id: 'agent-1', name: '小李', role: 'bot' },
    });
    expect(ear.frames.at(-1)?.watermark).toBeNull();
    await ear.close();
  });

  test('tells those who wait where they stand, on connect and when it changes', async () => {
    let status: QueueStatus = { position: 2, waiting: 2, expectedWaitSeconds: null, agentsOnline: 1 };
    const customer = await startConversation(
      await open({ script: () => ({ replies: [], handoff: 'no_match' }), queueStatus: async () => status }),
    );
    const waiting = (heard: readonly { name?: string; value?: unknown }[]) =>
      heard.filter(({ name }) => name === 'zhike.queue').map(({ value }) => value);
    const ear = await customer.listen();
    await customer.say('转人工');
    await ear.until((heard) => waiting(heard).length === 1);
    const second = await customer.listen();
    await second.until((heard) => waiting(heard).length === 1);
    status = { ...status, position: 1, waiting: 1 };
    line.signals.emit({ kind: 'presence' });
    expect(waiting(await ear.until((heard) => waiting(heard).length === 2))).toEqual([
      { position: 2, waiting: 2, expectedWaitSeconds: null, agentsOnline: 1 },
      { position: 1, waiting: 1, expectedWaitSeconds: null, agentsOnline: 1 },
    ]);
    await line.log.write(customer.conversationId, { kind: 'claimed', at: 1, agent: xiaoli });
    await ear.until((heard) => heard.at(-1)?.name === 'handoff.status');
    await Promise.all([ear.close(), second.close()]);
  });

  test('takes empty frames as a sign of life, and nothing else', async () => {
    const customer = await startConversation(await open());
    const ear = await customer.listen();
    ear.socket.send('');
    ear.socket.ping();
    await once(ear.socket, 'pong');
    expect(ear.socket.readyState).toBe(WebSocket.OPEN);
    ear.socket.send('{"activities":[]}');
    const [code] = await once(ear.socket, 'close');
    expect(code).toBe(1008);
  });

  test('closes with 1009 on 1 MB from a client', async () => {
    const customer = await startConversation(await open());
    const ear = await customer.listen();
    ear.socket.on('error', () => undefined);
    ear.socket.send('x'.repeat(1024 * 1024));
    const [code] = await once(ear.socket, 'close');
    expect(code).toBe(1009);
    expect((await customer.say('还在')).status).toBe(200);
  });

  test('may be opened by the same address again for some minutes, and not after', async () => {
    const customer = await startConversation(await open());
    await (await listenTo(customer.streamUrl)).close();
    line.passes(10 * 60_000);
    await (await listenTo(customer.streamUrl)).close();
    line.passes(6 * 60_000);
    expect(await refusedWith(customer.streamUrl)).toBe(403);
    expect(await refusedWith(customer.streamUrl.replace(/t=.*/, ''))).toBe(401);
    expect(await refusedWith(customer.streamUrl.replace('watermark=', 'watermark=x'))).toBe(403);
  });
});

describe('limits', () => {
  test('only so many sockets on a conversation, and in all', async () => {
    await open({ streamLimits: { perConversation: 2, total: 3 } });
    const [one, two] = [await startConversation(line), await startConversation(line)];
    const ears = [await one.listen(), await one.listen()];
    expect(await refusedWith(one.streamUrl)).toBe(503);
    ears.push(await two.listen());
    expect(await refusedWith(two.streamUrl)).toBe(503);
    await ears[2]?.close();
    await (await two.listen()).close();
    await Promise.all(ears.map((ear) => ear.close()));
  });

  test('a reader that stops is closed within two heartbeats, and nobody else notices', async () => {
    await open({ script: () => ({ replies: [] }), streamLimits: { heartbeatMs: 150 } });
    const customer = await startConversation(line);
    const [slow, quick] = [await customer.listen(), await customer.listen()];
    await slow.until((heard) => heard.length === 1);
    slow.socket.pause();
    // More than the kernel keeps on loopback.
    const long = '长'.repeat(8_000);
    let written = 0;
    while (line.openStreams() === 2 && written < 5_000) {
      await line.log.write(customer.conversationId, {
        kind: 'customer_wrote',
        at: written++,
        draft: says(long),
        clientId: null,
        channelData: null,
      });
      await new Promise(setImmediate);
    }
    expect(line.openStreams()).toBe(1);
    await quick.until((heard) => heard.length === written + 1);
    slow.socket.terminate();
    await quick.close();
  });

  test('a peer that is gone without a word is let go', async () => {
    await open({ streamLimits: { heartbeatMs: 50 } });
    const customer = await startConversation(line);
    const url = new URL(customer.streamUrl);
    const mute = new WebSocket(url, { autoPong: false });
    await once(mute, 'open');
    const [code] = await once(mute, 'close');
    expect(code).toBe(1006);
    while (line.openStreams() > 0) await new Promise(setImmediate);
  });
});

test('a stopping server says 1001, and a restarted one goes on where it was', async () => {
  const store = memoryLog();
  await open({ store });
  const customer = await startConversation(line);
  const ear = await customer.listen();
  await customer.say('一');
  await ear.until((heard) => heard.length === 3);
  const closed = once(ear.socket, 'close');
  await line.close();
  expect((await closed)[0]).toBe(1001);
  line = await openLine({ store, port: line.port });
  const again = await customer.listen(ear.frames.at(-1)?.watermark ?? '');
  await customer.say('二');
  const heard = await again.until((activities) => activities.length === 2);
  expect(heard.map(({ text }) => text)).toEqual(['二', '收到：二']);
  await again.close();
});
