import { createHmac } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { announcing } from '../../../src/conversation/signals.ts';
import type { ConversationLog } from '../../../src/conversation/log.ts';
import { openStorage, type Storage } from '../../../src/storage/storage.ts';
import {
  agentWrote,
  anAgent,
  botTookTurn,
  claimedBy,
  customerWrote,
  handsOver,
  newConversation,
  saved,
  understanding,
} from '../../support/conversations.ts';
import { sqliteFile, type ScratchDatabase } from '../../support/databases.ts';
import { freePort } from '../../support/free-port.ts';
import {
  movedClock,
  openOutsideDesk,
  secret,
  startNode,
  type Clock,
  type Node,
  type OutsideDesk,
  type Received,
} from './outside-desk.ts';

const li = anAgent();
const minute = 60_000;
const hour = 60 * minute;

let database: ScratchDatabase;
let storage: Storage;
let desk: OutsideDesk;
let clock: Clock;
let node: Node;
/** As the node writes to it: with its signals. */
let log: ConversationLog;
let url: string | null;

beforeEach(async () => {
  database = sqliteFile();
  storage = await openStorage(database.url);
  desk = await openOutsideDesk();
  clock = movedClock(Date.UTC(2026, 10, 22));
  url = desk.url;
  node = await begin();
});
afterEach(async () => {
  await node.webhook.stop();
  await desk.close();
  await storage.close();
  await database.drop();
});

describe('An outside desk', () => {
  it('is told first that it is attached', () => {
    expect(events()).toEqual(['ping']);
    expect(desk.received[0]).toMatchObject({ path: '/hook', event: { type: 'event', name: 'zhike.ping' } });
  });

  it('is told of a handoff with transcript and brief, of what became of it, and of what the customer says', async () => {
    await handedOver('c1');
    await say('c1', '在吗');
    await saved(log, 'c1', claimedBy(li, clock.now()));
    await agentSays('c1', '您好');
    await say('c1', '我要退款');
    await resolve('c1');
    await node.webhook.idle();
    expect(events('c1')).toEqual(['handoff.initiate', 'message', 'handoff.accepted', 'message', 'handoff.completed']);
    const [initiate, message, accepted, , completed] = told('c1').map(({ event }) => event);
    expect(initiate).toMatchObject({
      type: 'event',
      name: 'handoff.initiate',
      conversation: { id: 'c1' },
      from: { id: 'of c1', role: 'user' },
      replyToId: 'c1|00000001',
      value: {
        reason: 'no_match',
        brief: { question: '能寄到月球吗', reason: 'no_match', customer: { id: 'of c1', messages: 1 } },
      },
      attachments: [{ name: 'Transcript', contentType: 'application/json' }],
    });
    expect(initiate?.attachments?.[0]?.content.activities.map(({ text }) => text)).toEqual([
      '能寄到月球吗',
      '为您转接人工',
    ]);
    expect(message).toMatchObject({ type: 'message', text: '在吗', from: { role: 'user' }, id: 'c1|00000004' });
    expect(accepted).toMatchObject({ name: 'handoff.status', value: { state: 'accepted', agent: { name: '小李' } } });
    expect(completed).toMatchObject({ name: 'handoff.status', value: { state: 'completed' } });
  });

  it('is told when the agent goes away, and when the bot has the customer again', async () => {
    await handedOver('c1');
    const { conversation } = await saved(log, 'c1', claimedBy(li, clock.now()));
    await saved(log, 'c1', {
      kind: 'dropped',
      at: clock.now(),
      agentId: li.id,
      version: conversation.version,
      notice: null,
    });
    const again = await saved(log, 'c1', claimedBy(li, clock.now()));
    const { version, seq: seen } = again.conversation;
    const to = { kind: 'bot' } as const;
    await saved(log, 'c1', { kind: 'transferred', at: clock.now(), agent: li, version, seen, to, note: '没事了' });
    await say('c1', '谢谢机器人');
    await node.webhook.idle();
    expect(events('c1')).toEqual([
      'handoff.initiate',
      'handoff.accepted',
      'handoff.failed',
      'handoff.accepted',
      'handoff.returned',
    ]);
  });

  it('is not told what the bot does alone, nor what only agents see', async () => {
    await begun('c1');
    await handedOver('c2');
    const noted = { kind: 'agent_noted', at: clock.now(), agent: li, text: '小心', clientId: null } as const;
    await saved(log, 'c2', noted);
    await node.webhook.idle();
    expect(events('c1')).toEqual([]);
    expect(JSON.stringify(desk.received)).not.toContain('小心');
  });

  it('can check that an event comes from us, and when', async () => {
    await handedOver('c1');
    await node.webhook.idle();
    for (const { headers, raw } of desk.received) {
      const [, t = '', v1] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['zhike-signature'])) ?? [];
      expect(Number(t)).toBe(clock.now() / 1_000);
      expect(createHmac('sha256', secret).update(`${t}.${raw}`).digest('hex')).toBe(v1);
      expect(headers['content-type']).toBe('application/json; charset=utf-8');
      expect(headers['zhike-event-id']).toMatch(/^evt_[0-9a-f]{32}$/);
    }
  });

  it('knows a repeat by the id of the event, and the letters of it', async () => {
    let failures = 1;
    desk.answers(() => (failures-- > 0 ? 503 : 204));
    await handedOver('c1');
    await clock.passes(minute, idle);
    const [first, second] = told('c1');
    expect(told('c1')).toHaveLength(2);
    expect(second?.headers['zhike-event-id']).toBe(first?.headers['zhike-event-id']);
    expect(second?.raw).toBe(first?.raw);
    expect(second?.headers['zhike-signature']).not.toBe(first?.headers['zhike-signature']);
  });

  it('may be asked for user and password', async () => {
    url = desk.url.replace('//', '//desk:p%40ss@');
    await clock.passes(minute, idle);
    const ping = desk.received.at(-1);
    expect(ping?.headers.authorization).toBe(`Basic ${Buffer.from('desk:p@ss').toString('base64')}`);
  });

  it('gets the newest of a long story, not all of it', async () => {
    await begun('c1');
    for (let n = 0; n < 60; n++) await say('c1', `${n} ${'很长'.repeat(3_500)}`);
    await handOver('c1');
    await node.webhook.idle();
    const [initiate] = told('c1');
    expect(initiate?.raw.length).toBeLessThan(300 * 1_024);
    const texts = initiate?.event.attachments?.[0]?.content.activities.map(({ text }) => text) ?? [];
    expect(texts.at(-1)).toBe('为您转接人工');
    expect(texts.at(-2)).toMatch(/^59 /);
    expect(texts.length).toBeGreaterThan(20);
  });
});

describe('No outside desk', () => {
  it('gets nothing', async () => {
    url = null;
    await handedOver('c1');
    await clock.passes(hour, idle);
    expect(events('c1')).toEqual([]);
    expect(await storage.deliveries.figures()).toMatchObject({ pending: 0 });
  });

  it('that is attached later is told of what happens from then on', async () => {
    url = null;
    await handedOver('c1');
    await clock.passes(hour, idle);
    const other = await openOutsideDesk();
    url = other.url;
    await clock.passes(minute, idle);
    await say('c1', '在吗');
    await clock.passes(minute, idle);
    expect(other.received.map(({ headers }) => headers['zhike-event'])).toEqual(['ping', 'message']);
    await other.close();
  });
});

describe('A desk that does not take an event', () => {
  it('and fails gets it again, later each time, for most of a day; then it is dead', async () => {
    const at: number[] = [];
    desk.answers(() => {
      at.push(clock.now());
      return 500;
    });
    await handedOver('c1');
    await clock.strides(48 * hour, idle);
    const pauses = at.slice(1).map((time, index) => time - (at[index] ?? 0));
    expect(at).toHaveLength(12);
    expect(pauses.every((pause, index) => index === 0 || pause >= (pauses[index - 1] ?? 0))).toBe(true);
    expect((at.at(-1) ?? 0) - (at[0] ?? 0)).toBeGreaterThan(20 * hour);
    expect((at.at(-1) ?? 0) - (at[0] ?? 0)).toBeLessThan(24 * hour);
    expect(await storage.deliveries.dead(10)).toMatchObject([
      { event: 'handoff.initiate', conversationId: 'c1', attempts: 12, error: 'HTTP 500 no, because of this' },
    ]);
    expect(node.seen.at(-1)).toMatchObject({ kind: 'dead', event: 'handoff.initiate', attempts: 12 });
  });

  it('holds up the conversation it is of, and no other', async () => {
    let isDown = true;
    desk.answers(({ event }) => (isDown && event.conversation?.id === 'c1' ? 500 : 200));
    await handedOver('c1');
    await saved(log, 'c1', claimedBy(li, clock.now()));
    await handedOver('c2');
    await clock.passes(minute, idle);
    expect(new Set(events('c1'))).toEqual(new Set(['handoff.initiate']));
    expect(events('c2')).toEqual(['handoff.initiate']);
    isDown = false;
    await clock.passes(hour, idle);
    expect(events('c1').slice(-2)).toEqual(['handoff.initiate', 'handoff.accepted']);
  });

  it('and refuses is asked a few times only', async () => {
    desk.answers(() => 403);
    await handedOver('c1');
    await clock.passes(hour, idle);
    expect(told('c1')).toHaveLength(6);
    expect(await storage.deliveries.dead(10)).toMatchObject([{ attempts: 6, error: 'HTTP 403 no, because of this' }]);
  });

  it('and wants no more of it is not asked again', async () => {
    desk.answers(() => 410);
    await handedOver('c1');
    await clock.passes(hour, idle);
    expect(told('c1')).toHaveLength(1);
    expect(await storage.deliveries.figures()).toMatchObject({ pending: 0, dead: 1 });
  });

  it('and says when to come back is asked then', async () => {
    const at: number[] = [];
    desk.answers(() => (response) => {
      at.push(clock.now());
      response.writeHead(429, { 'retry-after': '600' });
      response.end();
    });
    await handedOver('c1');
    await clock.passes(11 * minute, idle);
    expect(at).toHaveLength(2);
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(10 * minute);
  });

  it('and sends elsewhere is not followed', async () => {
    desk.answers(({ path }) => (path === '/hook' ? sentElsewhere : 200));
    await handedOver('c1');
    await clock.passes(hour, idle);
    expect(new Set(desk.received.map(({ path }) => path))).toEqual(new Set(['/hook']));
    expect(await storage.deliveries.dead(10)).toMatchObject([{ error: 'HTTP 307' }]);
  });

  it('within ten seconds gets it again', async () => {
    desk.answers(() => () => undefined);
    const asked = desk.next();
    await handedOver('c1');
    await asked;
    desk.answers(() => 200);
    await clock.passes(10_000);
    await idle();
    expect(node.seen.at(-1)).toMatchObject({ kind: 'again', event: 'handoff.initiate', attempts: 1 });
    await clock.passes(minute, idle);
    expect(events('c1')).toEqual(['handoff.initiate', 'handoff.initiate']);
    expect(node.seen.at(-1)).toMatchObject({ kind: 'delivered', attempts: 2 });
  });

  it('may talk without end, and nobody listens', async () => {
    desk.answers(() => (response) => {
      response.writeHead(404);
      const talk = (): boolean | NodeJS.Immediate =>
        !response.destroyed && response.write('x'.repeat(1_000)) && setImmediate(talk);
      talk();
    });
    await handedOver('c1');
    await idle();
    desk.answers(() => (response) => {
      response.writeHead(200);
      response.write('half of');
    });
    await clock.passes(minute, idle);
    expect(node.seen.at(-1)).toMatchObject({ kind: 'delivered', attempts: 2 });
  });

  it('because nobody is there is tried again', async () => {
    url = `http://127.0.0.1:${await freePort()}/hook`;
    await clock.passes(minute, idle);
    expect(node.seen.at(-1)).toMatchObject({ kind: 'again', event: 'ping' });
    await clock.strides(48 * hour, idle);
    expect(await storage.deliveries.dead(10)).toMatchObject([{ event: 'ping', attempts: 12, error: 'ECONNREFUSED' }]);
  });

  it('gets a dead one again when a supervisor says so', async () => {
    desk.answers(() => 410);
    await handedOver('c1');
    await idle();
    desk.answers(() => 200);
    const [dead] = await storage.deliveries.dead(1);
    await storage.deliveries.retry(dead?.id ?? '', clock.now());
    node.webhook.wake();
    await idle();
    expect(node.seen.at(-1)).toMatchObject({ kind: 'delivered', event: 'handoff.initiate', attempts: 1 });
  });
});

describe('A process that ends', () => {
  it('between the log and the outbox leaves the event to the next', async () => {
    await handedOver('c1');
    await idle();
    node.kill();
    // Committed, and nobody heard of it.
    await saved(storage.log, 'c1', claimedBy(li, clock.now()));
    await saved(storage.log, 'c1', customerWrote('在吗', { at: clock.now() }));
    await handedOver('c2', storage.log);
    await clock.passes(30 * hour);
    node = await begin();
    await idle();
    expect(events('c1')).toEqual(['handoff.initiate', 'handoff.accepted', 'message']);
    expect(events('c2')).toEqual(['handoff.initiate']);
  });

  it('of two is replaced by the other within minutes', async () => {
    await saved(
      storage.log,
      (await storage.log.start(newConversation({ id: 'c1' }), clock.now())).conversation.id,
      customerWrote('转人工', { at: clock.now() }),
    );
    await handOver('c1', storage.log);
    await clock.passes(2 * minute, idle);
    await saved(storage.log, 'c1', customerWrote('在吗', { at: clock.now() }));
    await clock.passes(2 * minute, idle);
    expect(events('c1')).toEqual(['handoff.initiate', 'message']);
  });

  it('while it sends leaves that to the next', async () => {
    desk.answers(() => () => undefined);
    const asked = desk.next();
    await handedOver('c1');
    await asked;
    node.kill();
    desk.answers(() => 200);
    node = await begin();
    await clock.passes(minute, idle);
    expect(events('c1')).toEqual(['handoff.initiate', 'handoff.initiate']);
    expect(await storage.deliveries.figures()).toMatchObject({ pending: 0, dead: 0 });
  });

  it('in order lets requests under way go after two seconds', async () => {
    desk.answers(() => () => undefined);
    const asked = desk.next();
    await handedOver('c1');
    await asked;
    const stopping = node.webhook.stop();
    await clock.passes(2_000);
    await stopping;
    expect(await storage.deliveries.figures()).toMatchObject({ pending: 1 });
  });
});

it('Two processes tell of everything once while nothing fails', async () => {
  const other = await begin();
  const otherLog = announcing(storage.log, other.signals);
  const ids = Array.from({ length: 20 }, (_, n) => `c${n}`);
  await Promise.all(ids.map((id, n) => handedOver(id, n % 2 === 0 ? log : otherLog)));
  await Promise.all(ids.map((id, n) => saved(n % 3 === 0 ? log : otherLog, id, claimedBy(li, clock.now()))));
  await Promise.all([idle(), other.webhook.idle()]);
  for (const id of ids) expect(events(id)).toEqual(['handoff.initiate', 'handoff.accepted']);
  await other.webhook.stop();
});

async function begin(): Promise<Node> {
  const started = startNode({
    log: storage.log,
    store: storage.deliveries,
    clock,
    settings: () => ({ url, secret }),
  });
  log = announcing(storage.log, started.signals);
  await started.webhook.idle();
  return started;
}

function idle(): Promise<void> {
  return node.webhook.idle();
}

function told(conversationId: string): readonly Received[] {
  return desk.received.filter(({ event }) => event.conversation?.id === conversationId);
}

/** The names of what came: of one conversation, or of all. */
function events(conversationId?: string): readonly unknown[] {
  return (conversationId === undefined ? desk.received : told(conversationId)).map(
    ({ headers }) => headers['zhike-event'],
  );
}

async function begun(id: string, to = log): Promise<void> {
  await to.start(newConversation({ id, customerId: `of ${id}` }), clock.now());
  const { conversation } = await saved(to, id, customerWrote('能寄到月球吗', { at: clock.now() }));
  await saved(to, id, botTookTurn(conversation, { at: clock.now(), replies: [] }));
}

async function handedOver(id: string, to = log): Promise<void> {
  await to.start(newConversation({ id, customerId: `of ${id}` }), clock.now());
  await saved(to, id, customerWrote('能寄到月球吗', { at: clock.now() }));
  await handOver(id, to);
}

async function handOver(id: string, to = log): Promise<void> {
  const conversation = await to.find(id);
  if (!conversation) throw new Error(`No conversation ${id}.`);
  const handoff = {
    reason: 'no_match',
    understanding: understanding({ question: '能寄到月球吗', outcome: 'handoff' }),
  } as const;
  await saved(to, id, handsOver(conversation, { at: clock.now(), handoff }));
}

async function say(id: string, text: string): Promise<void> {
  await saved(log, id, customerWrote(text, { at: clock.now() }));
}

async function agentSays(id: string, text: string): Promise<void> {
  const version = (await log.find(id))?.version ?? 0;
  await saved(
    log,
    id,
    agentWrote(li, version, {
      at: clock.now(),
      draft: { text, format: 'plain', attachments: [], choices: [], understanding: null },
    }),
  );
}

async function resolve(id: string): Promise<void> {
  const { version = 0, seq: seen = 0 } = (await log.find(id)) ?? {};
  await saved(log, id, { kind: 'resolved', at: clock.now(), agent: li, version, seen });
}

function sentElsewhere(response: ServerResponse): void {
  response.writeHead(307, { location: '/elsewhere' });
  response.end();
}
