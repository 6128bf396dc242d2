import { createChat, type Chat } from '../../src/widget/chat.ts';
import type { Call, Shelf } from '../../src/widget/ports.ts';
import { rowsOf } from '../../src/widget/transcript.ts';
import { FakeDesk, manualClock, settled, shelf, type Mishap } from './fake-desk.ts';

const server = 'https://desk.example';

function setUp() {
  const clock = manualClock();
  const desk = new FakeDesk(clock);
  const shelves = { tab: shelf(), device: shelf() };
  const load = (foreign = false) => createChat({ server, locale: 'zh-Hans', foreign, ports: desk.ports(shelves) });
  return { clock, desk, shelves, load, chat: load() };
}

async function online() {
  const set = setUp();
  set.chat.start();
  await settled();
  expect(set.chat.state().link).toBe('online');
  return set;
}

/** What the customer sees: each message with its state. */
function seen(chat: Chat): readonly string[] {
  return rowsOf(chat.state().transcript, () => true).flatMap((row) => {
    if (row.kind === 'status') return [`— ${row.line.state}`];
    if (row.kind !== 'message') return [];
    if (row.outgoing) return [`${row.outgoing.text} (${row.outgoing.state})`];
    return [row.message?.text ?? ''];
  });
}

const isPost = ({ url }: Call) => url.endsWith('/activities');
const posts = (mishaps: readonly (Mishap | null)[]) => {
  const left = [...mishaps];
  return (call: Call) => (isPost(call) ? (left.shift() ?? null) : null);
};
const always = (mishap: Mishap) => (call: Call) => (isPost(call) ? mishap : null);

describe('starting', () => {
  test('a visitor who never opens the chat costs the desk nothing', async () => {
    const { desk, chat, clock } = setUp();
    await clock.pass(60_000);
    expect(desk.calls).toEqual([]);
    expect(chat.isReturning()).toBe(false);
  });

  test('the greeting is there as soon as the chat is', async () => {
    const { chat, desk } = await online();
    expect(seen(chat)).toEqual(['您好']);
    expect(desk.calls.map(({ method, url }) => `${method} ${url.slice(server.length)}`)).toEqual([
      'POST /api/chat/token',
      'POST /v3/directline/conversations',
    ]);
  });

  test('the socket is opened where the script came from, whatever the desk calls itself', async () => {
    const { desk } = await online();
    expect(desk.opened).toEqual(['wss://desk.example/stream/c1?watermark=']);
  });

  test('what is written before the desk can be reached goes out once it can', async () => {
    const { chat, desk, clock } = setUp();
    desk.mishap = () => 'request lost';
    chat.start();
    chat.say('在吗');
    await clock.pass(60_000);
    expect(chat.state().link).toBe('unreachable');
    expect(seen(chat)).toEqual(['在吗 (failed)']);
    desk.mishap = () => null;
    await clock.pass(60_000);
    expect(desk.said).toEqual(['在吗']);
    expect(seen(chat)).toEqual(['您好', '在吗']);
  });

  test('on a foreign page the visitor is kept and sent back; on the desk’s own the cookie does it', async () => {
    const { desk, load } = setUp();
    const bodies = () => desk.calls.filter(({ url }) => url.endsWith('/token')).map(({ body }) => body);
    for (const foreign of [true, true, false]) {
      const chat = load(foreign);
      chat.start();
      await settled();
      chat.stop();
    }
    expect(bodies()).toEqual([{ locale: 'zh-Hans' }, { locale: 'zh-Hans', visitor: 'me' }, { locale: 'zh-Hans' }]);
  });
});

describe('a message', () => {
  test('is shown at once, and is one row before and after its echo', async () => {
    const { chat, desk } = await online();
    const keys = () => rowsOf(chat.state().transcript, () => true).map(({ key }) => key);
    desk.deaf = true;
    chat.say('运费多少');
    expect(seen(chat)).toEqual(['您好', '运费多少 (sending)']);
    const before = keys();
    await settled();
    expect(seen(chat)).toEqual(['您好', '运费多少 (sent)']);
    desk.tell(JSON.stringify({ activities: desk.log, watermark: '2' }));
    expect(seen(chat)).toEqual(['您好', '运费多少']);
    expect(keys()).toEqual(before);
  });

  test('whose echo comes before the answer to its post is one row too', async () => {
    const { chat, desk, clock } = await online();
    desk.mishap = posts(['answer lost']);
    chat.say('运费多少');
    await clock.pass(30_000);
    expect(seen(chat)).toEqual(['您好', '运费多少']);
    expect(desk.posts()).toHaveLength(1);
  });

  test('is posted again under the same id when the answer was lost, and stands in the log once', async () => {
    const { chat, desk, clock } = await online();
    desk.deaf = true;
    desk.mishap = posts(['answer lost', 'answer lost']);
    chat.say('运费多少');
    await clock.pass(5_000);
    const ids = desk.posts().map(({ channelData }) => (channelData as { clientActivityID: string }).clientActivityID);
    expect(ids).toHaveLength(3);
    expect(new Set(ids).size).toBe(1);
    expect(desk.said).toEqual(['运费多少']);
    expect(seen(chat)).toEqual(['您好', '运费多少 (sent)']);
  });

  test('that failed and is sent again by the customer never becomes two', async () => {
    const { chat, desk, clock } = await online();
    desk.deaf = true;
    desk.mishap = always('answer lost');
    chat.say('我要退货');
    await clock.pass(30_000);
    expect(seen(chat)).toEqual(['您好', '我要退货 (failed)']);
    expect(desk.posts()).toHaveLength(4);
    desk.mishap = () => null;
    desk.deaf = false;
    const [failed] = chat.state().transcript.outgoing;
    chat.retry(failed?.clientId ?? '');
    chat.retry(failed?.clientId ?? '');
    await clock.pass(20_000);
    expect(desk.said).toEqual(['我要退货']);
    expect(seen(chat)).toEqual(['您好', '我要退货']);
  });

  test('that failed is no failure once its echo comes', async () => {
    const { chat, desk, clock } = await online();
    desk.deaf = true;
    desk.mishap = always('answer lost');
    chat.say('我要退货');
    await clock.pass(30_000);
    expect(seen(chat)).toEqual(['您好', '我要退货 (failed)']);
    desk.dropSockets();
    await clock.pass(30_000);
    expect(seen(chat)).toEqual(['您好', '我要退货']);
    expect(desk.said).toEqual(['我要退货']);
  });

  test('waits for the one before it, so that the order is kept', async () => {
    const { chat, desk, clock } = await online();
    desk.mishap = posts(['request lost']);
    chat.say('一');
    chat.say('二');
    chat.say('三');
    await settled();
    expect(desk.said).toEqual([]);
    await clock.pass(2_000);
    expect(desk.said).toEqual(['一', '二', '三']);
  });

  test('that the desk refuses is not posted again by itself, and holds up nothing', async () => {
    const { chat, desk, clock } = await online();
    desk.mishap = posts([{ status: 400 }]);
    chat.say('坏');
    chat.say('好');
    await clock.pass(60_000);
    expect(seen(chat)).toEqual(['您好', '好', '坏 (failed)']);
    expect(chat.state().transcript.outgoing[0]?.failure).toBe('refused');
    expect(desk.posts()).toHaveLength(2);
  });

  test('that failed can be taken back', async () => {
    const { chat, desk, clock } = await online();
    desk.mishap = always({ status: 500 });
    chat.say('算了');
    await clock.pass(30_000);
    chat.discard(chat.state().transcript.outgoing[0]?.clientId ?? '');
    desk.mishap = () => null;
    desk.dropSockets();
    await clock.pass(60_000);
    expect(seen(chat)).toEqual(['您好']);
    expect(desk.said).toEqual([]);
  });

  test('is held as long as a busy desk asks', async () => {
    const { chat, desk, clock } = await online();
    desk.mishap = posts([{ status: 429, retryAfterMs: 25_000 }]);
    chat.say('慢慢来');
    await clock.pass(24_900);
    expect(desk.posts()).toHaveLength(1);
    await clock.pass(200);
    expect(desk.said).toEqual(['慢慢来']);
  });

  test('whose echo does not come makes the socket new, for it must be dead', async () => {
    const { chat, desk, clock } = await online();
    desk.deaf = true;
    chat.say('有人吗');
    await clock.pass(8_000);
    expect(seen(chat)).toEqual(['您好', '有人吗']);
    expect(desk.opened).toHaveLength(2);
    expect(desk.opened[1]).toContain('watermark=1');
  });
});

describe('a picture', () => {
  test('goes up with its name and its own id, and tells how far it is', async () => {
    const { chat, desk } = await online();
    const file = new File(['x'], '截图 一.png', { type: 'image/png' });
    chat.sendFile(file, 'blob:1');
    await settled();
    const call = desk.calls.find(({ url }) => url.includes('/upload'));
    const form = call?.body as FormData;
    expect(call?.url).toBe(`${server}/v3/directline/conversations/c1/upload?userId=dl_u`);
    expect((form.get('file') as File).name).toBe('截图 一.png');
    const activity = JSON.parse(await (form.get('activity') as Blob).text()) as Record<string, unknown>;
    expect(activity.channelData).toEqual({ clientActivityID: 'client-1-1' });
  });

  test('too large for the desk says so and can’t be kept over a reload', async () => {
    const { chat, desk, load } = await online();
    desk.mishap = ({ url }) => (url.includes('/upload') ? { status: 413 } : null);
    chat.sendFile(new File(['x'], 'a.png', { type: 'image/png' }), 'blob:1');
    await settled();
    expect(chat.state().transcript.outgoing[0]).toMatchObject({ state: 'failed', failure: 'too_large' });
    expect(load().state().transcript.outgoing).toEqual([]);
  });
});

describe('the connection', () => {
  test('that breaks brings what was missed, once', async () => {
    const { chat, desk, clock } = await online();
    desk.takesSockets = false;
    desk.dropSockets();
    desk.bot('一');
    desk.bot('二');
    expect(chat.state().link).toBe('reconnecting');
    await clock.pass(5_000);
    desk.takesSockets = true;
    await clock.pass(60_000);
    expect(chat.state().link).toBe('online');
    expect(seen(chat)).toEqual(['您好', '一', '二']);
    expect(desk.opened[desk.opened.length - 1]).toContain('watermark=1');
  });

  test('shows a replay from the beginning once', async () => {
    const { chat, desk } = await online();
    desk.bot('一');
    desk.tell(JSON.stringify({ activities: [...desk.log, ...desk.log], watermark: '2' }));
    expect(seen(chat)).toEqual(['您好', '一']);
  });

  test('is tried ever more slowly while the desk is down, but every ten seconds however long that takes', async () => {
    const { chat, desk, clock } = await online();
    desk.mishap = () => 'request lost';
    desk.dropSockets();
    const triesIn = async (ms: number) => {
      const from = desk.calls.length;
      await clock.pass(ms);
      return desk.calls.length - from;
    };
    expect(await triesIn(15_000)).toBe(4);
    expect(await triesIn(10 * 60_000)).toBe(60);
    desk.mishap = () => null;
    await clock.pass(10_000);
    expect(chat.state().link).toBe('online');
  });

  test('is tried at once when the page is looked at again, and left alone where it stands', async () => {
    const { chat, desk, clock } = await online();
    chat.lookedAtAgain(5_000);
    await settled();
    expect(desk.opened).toHaveLength(1);
    desk.mishap = () => 'request lost';
    desk.dropSockets();
    await clock.pass(60_000);
    desk.mishap = () => null;
    chat.lookedAtAgain(5_000);
    await settled();
    expect(chat.state().link).toBe('online');
  });

  test('is made new after a long sleep, for the socket may be gone without a word', async () => {
    const { chat, desk } = await online();
    chat.lookedAtAgain(2 * 60_000);
    await settled();
    expect(desk.opened).toHaveLength(2);
    expect(chat.state().link).toBe('online');
  });

  test('costs nothing while the chat was never opened, however often the page is looked at', async () => {
    const { chat, desk } = setUp();
    chat.lookedAtAgain(2 * 60_000);
    await settled();
    expect(desk.calls).toEqual([]);
  });

  test('that is accepted and dropped at once is tried ever more slowly too', async () => {
    const { desk, clock } = await online();
    for (let minute = 0; minute < 10; minute++) {
      for (let second = 0; second < 60; second++) {
        desk.dropSockets();
        await clock.pass(1_000);
      }
    }
    expect(desk.opened.length).toBeLessThan(70);
  });

  test('waits for the network while the browser has none, and is back at once with it', async () => {
    const { chat, desk, clock } = await online();
    desk.online = false;
    desk.dropSockets();
    chat.networkLost();
    expect(chat.state().link).toBe('offline');
    chat.say('离线时写的');
    await clock.pass(120_000);
    expect(seen(chat)).toEqual(['您好', '离线时写的 (failed)']);
    desk.online = true;
    chat.reconnect();
    await settled();
    expect(chat.state().link).toBe('online');
    await settled();
    expect(desk.said).toEqual(['离线时写的']);
  });

  test.each([403, 401])(
    'with an expired token (%i) gets another without a word, and the message goes out once',
    async (status) => {
      const { chat, desk } = await online();
      desk.mishap = (call) => (isPost(call) && call.token === 'token-1' ? { status } : null);
      chat.say('还在吗');
      await settled();
      expect(desk.tokens).toBe(2);
      expect(desk.said).toEqual(['还在吗']);
      expect(seen(chat)).toEqual(['您好', '还在吗']);
    },
  );

  test('renews its token before it expires', async () => {
    const { desk, clock } = await online();
    await clock.pass(1349_000);
    expect(desk.tokens).toBe(1);
    await clock.pass(2_000);
    expect(desk.tokens).toBe(2);
  });

  test('to a desk that lost the conversation starts another, and the message is in it', async () => {
    const { chat, desk, clock } = await online();
    desk.bot('旧的');
    desk.forget('c2');
    chat.say('新的');
    await clock.pass(1_000);
    expect(desk.said).toEqual(['新的']);
    expect(seen(chat)).toEqual(['您好', '新的']);
    expect(desk.opened[desk.opened.length - 1]).toContain('/stream/c2?watermark=');
  });

  test('survives frames that are none', async () => {
    const { chat, desk } = await online();
    const frames = ['', '{}', 'null', '[]', '{"activities":{}}', '{"activities":[null,1,"x",{},[]]}', '<html>'];
    for (const frame of frames) desk.tell(frame);
    desk.bot('还好');
    expect(seen(chat)).toEqual(['您好', '还好']);
  });

  test('never lets an object through where text belongs', async () => {
    const { chat, desk } = await online();
    const node = { type: 'img', props: { src: 'x', onerror: 'alert(1)' }, constructor: null };
    desk.tell(
      JSON.stringify({
        activities: [
          {
            type: 'message',
            id: 'c1|00000002',
            text: node,
            from: { id: node, name: node, role: 'bot' },
            channelData: { author: node, answer: { title: node }, clientActivityID: node },
            suggestedActions: { actions: [{ title: node, value: node }, { title: node, value: '好' }, node] },
            attachments: [{ contentUrl: node }, { contentUrl: '/a.png', name: node, contentType: node }],
          },
        ],
        watermark: node,
      }),
    );
    expect(chat.state().transcript.entries[1]).toEqual({
      kind: 'message',
      id: 'c1|00000002',
      seq: 2,
      at: Date.parse('2026-05-03T12:00:00Z'),
      author: 'bot',
      authorId: '',
      name: null,
      text: '',
      format: 'plain',
      article: null,
      choices: [{ kind: 'question', title: '好', value: '好' }],
      attachments: [{ name: '', contentType: '', url: '/a.png' }],
      clientId: null,
    });
  });
});

describe('a reload', () => {
  const reload = async (chat: Chat, load: () => Chat) => {
    chat.stop();
    const again = load();
    if (again.isReturning()) again.start();
    await settled();
    return again;
  };

  test('shows the conversation again', async () => {
    const { chat, desk, load } = await online();
    chat.say('运费多少');
    await settled();
    desk.bot('满 59 包邮');
    expect(seen(await reload(chat, load))).toEqual(['您好', '运费多少', '满 59 包邮']);
  });

  test('sends what had not been sent, as the same message', async () => {
    const { chat, desk, load } = await online();
    desk.mishap = always('request lost');
    chat.say('没发出去');
    await settled();
    desk.mishap = () => null;
    const again = await reload(chat, load);
    expect(desk.said).toEqual(['没发出去']);
    expect(seen(again)).toEqual(['您好', '没发出去']);
  });

  test('does not say again what had been saved while its answer was lost', async () => {
    const { chat, desk, load, clock } = await online();
    desk.deaf = true;
    desk.mishap = always('answer lost');
    chat.say('其实发出去了');
    await settled();
    desk.deaf = false;
    desk.mishap = () => null;
    const again = await reload(chat, load);
    await clock.pass(10_000);
    expect(desk.said).toEqual(['其实发出去了']);
    expect(seen(again)).toEqual(['您好', '其实发出去了']);
  });

  test('keeps what is written and not sent', async () => {
    const { chat, load } = await online();
    chat.draft.write('写到一半');
    expect((await reload(chat, load)).draft.read()).toBe('写到一半');
  });

  test('counts as unread what came since the customer last looked', async () => {
    const { chat, desk, load } = await online();
    expect(chat.state().unread).toBe(1);
    chat.seen();
    expect(chat.state().unread).toBe(0);
    desk.bot('一');
    chat.say('我说的不算');
    await settled();
    const again = await reload(chat, load);
    expect(again.state().unread).toBe(1);
  });

  test('survives shelves full of nonsense', async () => {
    const { desk, clock } = setUp();
    const nonsense = (value: unknown): Shelf => ({ read: () => value, write: () => {} });
    for (const value of [
      1,
      'x',
      [],
      { unsent: [{}, null, { clientId: 'a', at: 1, text: '', event: { name: 'x' } }] },
    ]) {
      const ports = desk.ports({ tab: nonsense(value), device: nonsense(value) });
      const chat = createChat({ server, locale: 'zh-Hans', foreign: true, ports });
      chat.start();
      await settled();
      expect(seen(chat)).toEqual(['您好']);
      chat.stop();
    }
    await clock.pass(1_000);
    expect(desk.posts()).toEqual([]);
  });
});

describe('what is asked at the end', () => {
  const atTheEnd = async () => {
    const set = await online();
    set.desk.status('accepted', '小林');
    const end = set.desk.status('completed', '小林', { cause: 'resolve', survey: 'csat' });
    expect(set.chat.state().survey).toEqual({ about: end, kind: 'csat' });
    const again = async () => {
      set.chat.stop();
      const chat = set.load();
      if (chat.isReturning()) chat.start();
      await settled();
      return chat;
    };
    return { ...set, end, again };
  };
  const ratings = (desk: FakeDesk) => desk.posts().filter(({ name }) => name === 'zhike.rating');

  test('is answered with a score and a word, and not asked again, here or after a reload', async () => {
    const { chat, desk, again } = await atTheEnd();
    chat.rate(4, '很快');
    chat.rate(5, '再按一下');
    await settled();
    expect(ratings(desk)).toEqual([
      expect.objectContaining({ type: 'event', value: { score: 4, comment: '很快' }, channelData: expect.anything() }),
    ]);
    expect(chat.state().survey).toBeNull();
    expect((await again()).state().survey).toBeNull();
  });

  test('may be waved away, once and for this end only', async () => {
    const { chat, desk, again } = await atTheEnd();
    chat.skipSurvey();
    expect(chat.state().survey).toBeNull();
    const later = await again();
    expect(later.state().survey).toBeNull();
    expect(ratings(desk)).toEqual([]);
    later.say('还有个问题');
    await settled();
    desk.status('bot');
    const next = desk.status('completed', '小林', { survey: 'nps' });
    expect(later.state().survey).toEqual({ about: next, kind: 'nps' });
  });

  test('gives way when the customer goes on', async () => {
    const { chat, desk } = await atTheEnd();
    desk.mishap = always('request lost');
    chat.say('谢谢');
    expect(chat.state().survey).not.toBeNull();
    chat.say('等等');
    expect(chat.state().survey).toBeNull();
  });

  test('and was answered without a network is kept over a reload, and sent once when it is back', async () => {
    const { chat, desk, clock, end, again } = await atTheEnd();
    desk.online = false;
    chat.networkLost();
    chat.rate(2, '等太久');
    await clock.pass(60_000);
    expect(chat.state().rating).toEqual({ about: end, score: 2, refused: false });
    const later = await again();
    expect(later.state().rating).toEqual({ about: end, score: 2, refused: false });
    desk.online = true;
    later.reconnect();
    await clock.pass(10_000);
    expect(desk.log.filter(({ name }) => name === 'zhike.rated')).toHaveLength(1);
    expect(later.state().survey).toBeNull();
  });

  test('and answered while answers are lost counts once', async () => {
    const { chat, desk, clock } = await atTheEnd();
    desk.deaf = true;
    desk.mishap = posts(['answer lost', 'answer lost']);
    chat.rate(5, '');
    await clock.pass(10_000);
    expect(ratings(desk)).toHaveLength(3);
    expect(desk.log.filter(({ name }) => name === 'zhike.rated')).toHaveLength(1);
  });

  test('and answered while the desk is ill goes out once it is well, without another word of the customer’s', async () => {
    const { chat, desk, clock } = await atTheEnd();
    desk.mishap = always({ status: 503 });
    chat.rate(3, '');
    await clock.pass(5 * 60_000);
    expect(ratings(desk).length).toBeLessThan(60);
    desk.mishap = () => null;
    await clock.pass(60_000);
    expect(desk.log.filter(({ name }) => name === 'zhike.rated')).toHaveLength(1);
    expect(chat.state().survey).toBeNull();
  });

  test('and is refused may be answered again', async () => {
    const { chat, desk, end } = await atTheEnd();
    desk.mishap = posts([{ status: 409 }]);
    chat.rate(5, '');
    await settled();
    expect(chat.state().rating).toEqual({ about: end, score: 5, refused: true });
    chat.rate(5, '');
    await settled();
    expect(chat.state().survey).toBeNull();
  });
});

describe('a read marker', () => {
  const markers = (desk: FakeDesk) =>
    desk
      .posts()
      .filter(({ name }) => name === 'zhike.read')
      .map(({ value }) => (value as { about: string }).about);

  test('names the newest message on the screen, at most every two seconds', async () => {
    const { chat, desk, clock } = await online();
    const ids: string[] = [];
    for (let i = 0; i < 50; i++) {
      ids.push(desk.bot(String(i)));
      chat.read(ids[i] ?? '');
      await clock.pass(100);
    }
    await clock.pass(5_000);
    expect(markers(desk).length).toBeLessThanOrEqual(4);
    expect(markers(desk).at(-1)).toBe(ids.at(-1));
  });

  test('is told once, and never of something older, after a reload too', async () => {
    const { chat, desk, clock, load } = await online();
    const [first, second] = [desk.bot('一'), desk.bot('二')];
    for (const id of [second, first, second]) {
      chat.read(id);
      await clock.pass(3_000);
    }
    expect(markers(desk)).toEqual([second]);
    chat.stop();
    const again = load();
    again.start();
    await settled();
    again.read(second);
    await clock.pass(3_000);
    expect(markers(desk)).toEqual([second]);
  });

  test('that could not be sent goes out when the line is back, and does not knock meanwhile', async () => {
    const { chat, desk, clock } = await online();
    const id = desk.bot('一');
    desk.mishap = always({ status: 503 });
    chat.read(id);
    await clock.pass(60_000);
    expect(markers(desk)).toEqual([id]);
    desk.mishap = () => null;
    desk.dropSockets();
    await clock.pass(10_000);
    expect(markers(desk)).toEqual([id, id]);
  });

  test('that is refused is not sent again', async () => {
    const { chat, desk, clock } = await online();
    const id = desk.bot('一');
    desk.mishap = always({ status: 400 });
    chat.read(id);
    await clock.pass(60_000);
    desk.dropSockets();
    await clock.pass(10_000);
    expect(markers(desk)).toEqual([id]);
  });
});

describe('the desk beside the messages', () => {
  test('the customer’s typing is told at most every three seconds, and only to a person', async () => {
    const { chat, desk, clock } = await online();
    const told = () => desk.posts().filter(({ type }) => type === 'typing').length;
    chat.typing();
    expect(told()).toBe(0);
    desk.status('accepted', '小林');
    for (let i = 0; i < 70; i++) {
      chat.typing();
      await clock.pass(100);
    }
    expect(told()).toBe(3);
  });

  test('the agent’s typing ends with their message, or after five seconds', async () => {
    const { chat, desk, clock } = await online();
    const typing = { type: 'typing', from: { id: 'a1', name: '小林', role: 'bot' } };
    desk.hint(typing);
    expect(chat.state().transcript.typing?.name).toBe('小林');
    desk.bot('机器人说的不算');
    expect(chat.state().transcript.typing).not.toBeNull();
    desk.bot('来了', { from: { id: 'a1', name: '小林', role: 'bot' } });
    expect(chat.state().transcript.typing).toBeNull();
    desk.hint(typing);
    await clock.pass(5_000);
    expect(chat.state().transcript.typing).toBeNull();
  });

  test('the place in the queue is known while queued, and forgotten with it', async () => {
    const { chat, desk } = await online();
    desk.status('queued');
    desk.hint({
      type: 'event',
      name: 'zhike.queue',
      value: { position: 2, waiting: 3, expectedWaitSeconds: null, agentsOnline: 1 },
    });
    expect(chat.state().transcript.queue).toEqual({
      kind: 'queue',
      position: 2,
      expectedWaitSeconds: null,
      agentsOnline: 1,
      opensAt: null,
      timeZone: null,
    });
    desk.status('accepted', '小林');
    expect(chat.state().transcript.queue).toBeNull();
    expect(seen(chat)).toEqual(['您好', '— queued', '— accepted']);
  });

  test('leaving the queue is asked once, and over when the desk says so', async () => {
    const { chat, desk } = await online();
    desk.status('queued');
    chat.leaveQueue();
    chat.leaveQueue();
    await settled();
    expect(desk.posts().map(({ type, name }) => [type, name])).toEqual([['event', 'zhike.cancel']]);
    expect(chat.state().leavingQueue).toBe(true);
    desk.status('bot');
    expect(chat.state().leavingQueue).toBe(false);
  });

  test('a verdict names the answer, stays after a reload, and is taken back when it can’t be given', async () => {
    const { chat, desk, load, clock } = await online();
    const [first, second] = [desk.bot('一'), desk.bot('二')];
    chat.judge(first, true);
    await settled();
    expect(desk.posts()[0]).toMatchObject({
      type: 'event',
      name: 'zhike.feedback',
      value: { about: first, helpful: true },
    });
    desk.mishap = always({ status: 400 });
    chat.judge(second, false);
    expect(chat.state().verdicts).toEqual({ [first]: true, [second]: false });
    await clock.pass(1_000);
    expect(load().state().verdicts).toEqual({ [first]: true });
  });
});
