import fc from 'fast-check';
import { readActivity, type Incoming, type Message, type StatusLine } from '../../src/widget/activity.ts';
import {
  agentOf,
  emptyTranscript,
  endedByPerson,
  openChoices,
  openSurvey,
  received,
  rowsOf,
  said,
  statusOf,
  type Outgoing,
  type Transcript,
} from '../../src/widget/transcript.ts';

const minute = 60_000;

function message(seq: number, author: Message['author'], more: Partial<Message> = {}): Message {
  return {
    kind: 'message',
    id: `c|${seq}`,
    seq,
    at: seq * 1000,
    author,
    authorId: author,
    name: null,
    text: String(seq),
    format: 'plain',
    article: null,
    choices: [],
    attachments: [],
    clientId: null,
    ...more,
  };
}

function status(
  seq: number,
  state: 'queued' | 'accepted' | 'completed' | 'bot',
  agent: string | null = null,
  more: Partial<StatusLine> = {},
): Incoming {
  return { kind: 'status', id: `c|${seq}`, seq, at: seq * 1000, state, cause: null, agent, survey: null, ...more };
}

function rated(seq: number, score: number): Incoming {
  return { kind: 'rated', id: `c|${seq}`, seq, at: seq * 1000, score };
}

function outgoing(clientId: string, more: Partial<Outgoing> = {}): Outgoing {
  return { clientId, at: 9_000, text: clientId, file: null, state: 'sending', failure: null, id: null, ...more };
}

const of = (...incoming: readonly Incoming[]): Transcript => incoming.reduce(received, emptyTranscript);
const drawn = (transcript: Transcript) =>
  rowsOf(transcript, (a, b) => Math.floor(a / 86_400_000) === Math.floor(b / 86_400_000));
const ask = { kind: 'question', title: '运费', value: '运费多少' } as const;
const thumb = { kind: 'feedback', title: '有帮助', value: '有帮助' } as const;

test('entries stand in the order of the log, whenever they come', () => {
  const transcript = of(message(3, 'bot'), message(1, 'bot'), message(2, 'customer'), message(1, 'bot'));
  expect(transcript.entries.map(({ seq }) => seq)).toEqual([1, 2, 3]);
});

test('whatever the order and however often they come, the conversation and what is asked are the same', () => {
  const entry = fc.constantFrom<(seq: number) => Incoming>(
    (seq) => message(seq, 'customer'),
    (seq) => message(seq, 'agent'),
    (seq) => status(seq, 'completed', '小林', { survey: 'csat' }),
    (seq) => status(seq, 'bot'),
    (seq) => rated(seq, 3),
  );
  const log = fc.array(entry, { maxLength: 12 }).map((kinds) => kinds.map((make, i) => make(i + 1)));
  const arrivals = log.chain((entries) =>
    fc.tuple(
      fc.constant(entries),
      fc.shuffledSubarray([...entries, ...entries], { minLength: entries.length * 2, maxLength: entries.length * 2 }),
    ),
  );
  fc.assert(
    fc.property(arrivals, ([entries, arrived]) => {
      const [inOrder, asItCame] = [of(...entries), of(...arrived)];
      expect(drawn(asItCame)).toEqual(drawn(inOrder));
      expect(openSurvey(asItCame)).toEqual(openSurvey(inOrder));
    }),
  );
});

test('a reply that overtakes the echo stands below the message it replies to', () => {
  const transcript = received(
    said(of(message(1, 'bot')), outgoing('a', { id: 'c|2', state: 'sent' })),
    message(3, 'bot'),
  );
  expect(drawn(transcript).flatMap((row) => (row.kind === 'message' ? [row.key] : []))).toEqual(['c|1', 'a', 'c|3']);
});

test('messages of one author within five minutes are one run', () => {
  const rows = drawn(
    of(
      message(1, 'bot'),
      message(2, 'bot'),
      message(3, 'bot', { at: 6 * minute }),
      message(4, 'agent', { at: 6 * minute }),
    ),
  );
  expect(rows.flatMap((row) => (row.kind === 'message' ? [[row.first, row.last]] : []))).toEqual([
    [true, false],
    [false, true],
    [true, true],
    [true, true],
  ]);
});

test('every day begins with its name', () => {
  const day = 86_400_000;
  const rows = drawn(of(message(1, 'bot', { at: 0 }), message(2, 'bot', { at: 1 }), message(3, 'bot', { at: day })));
  expect(rows.map(({ kind }) => kind)).toEqual(['day', 'message', 'message', 'day', 'message']);
});

test('"sent" is said of the last message that arrived, and of no other', () => {
  const transcript = said(of(message(1, 'customer'), message(2, 'customer'), message(3, 'bot')), outgoing('a'));
  const latest = drawn(transcript).flatMap((row) => (row.kind === 'message' && row.latestSent ? [row.key] : []));
  expect(latest).toEqual(['c|2']);
});

test('the status is that of the last status line', () => {
  expect(statusOf(of(message(1, 'bot')))).toBe('bot');
  expect(statusOf(of(status(1, 'queued'), status(2, 'accepted', '小林')))).toBe('assigned');
  expect(agentOf(of(status(1, 'queued'), status(2, 'accepted', '小林')))).toBe('小林');
  expect(agentOf(of(status(2, 'accepted', '小林'), status(3, 'completed', '小林')))).toBeNull();
});

test('the title of an article is said once: above the answer', () => {
  const activity = (text: string) =>
    readActivity({ type: 'message', id: 'c|1', text, channelData: { answer: { title: '运费' } } }, 0);
  expect(activity('**运费**\n\n满 59 包邮')).toMatchObject({ article: '运费', text: '满 59 包邮' });
  expect(activity('**运费**多少看重量')).toMatchObject({ article: '运费', text: '**运费**多少看重量' });
});

describe('buttons', () => {
  const offered = message(1, 'bot', { choices: [ask, thumb] });

  test('stand below the last message, without the thumbs, which stay with their answer', () => {
    expect(openChoices(of(offered))).toEqual([ask]);
  });

  test('go when anybody says something after them, even before it arrives', () => {
    expect(openChoices(of(offered, message(2, 'bot')))).toEqual([]);
    expect(openChoices(said(of(offered), outgoing('a')))).toEqual([]);
  });

  test('are gone while a person has the conversation', () => {
    expect(openChoices(of(offered, status(2, 'queued')))).toEqual([]);
    expect(openChoices(of(offered, status(2, 'bot')))).toEqual([ask]);
  });
});

describe('what is asked at the end', () => {
  const end = status(3, 'completed', '小林', { survey: 'csat' });
  const asked = { about: 'c|3', kind: 'csat' };

  test('is asked after an end that asks, and only after that', () => {
    expect(openSurvey(of(status(2, 'accepted', '小林'), end))).toEqual(asked);
    expect(openSurvey(of(status(3, 'completed', '小林')))).toBeNull();
    expect(openSurvey(of(status(3, 'bot', null, { survey: 'csat' })))).toBeNull();
    expect(openSurvey(of(message(1, 'customer'), end))).toEqual(asked);
  });

  test('is over once it was answered, here or elsewhere', () => {
    expect(openSurvey(of(end, rated(4, 5)))).toBeNull();
  });

  test('is over once the customer goes on, even before that arrives, and not by what others say', () => {
    const thanks = [status(4, 'bot'), message(5, 'customer'), message(6, 'bot')] as const;
    expect(openSurvey(of(end, ...thanks))).toEqual(asked);
    expect(openSurvey(of(end, ...thanks, message(7, 'customer')))).toBeNull();
    expect(openSurvey(of(end, status(4, 'queued'), message(5, 'customer')))).toBeNull();
    expect(openSurvey(said(of(end, ...thanks), outgoing('a')))).toBeNull();
    expect(openSurvey(of(end, message(4, 'system')))).toEqual(asked);
  });

  test('is asked anew after the next end', () => {
    const next = status(7, 'completed', '小林', { survey: 'nps' });
    const transcript = of(end, rated(4, 5), status(5, 'bot'), message(6, 'customer'), next);
    expect(openSurvey(transcript)).toEqual({ about: 'c|7', kind: 'nps' });
  });

  test('and was answered stands in the log with what was asked', () => {
    const rows = drawn(of(end, rated(4, 2), rated(1, 3)));
    expect(rows.flatMap((row) => (row.kind === 'rated' ? [[row.score, row.survey]] : []))).toEqual([
      [3, null],
      [2, 'csat'],
    ]);
  });

  test('is of a person only where a person was there', () => {
    expect(endedByPerson(of(end))).toBe(true);
    expect(endedByPerson(of(status(3, 'completed', null, { survey: 'csat' })))).toBe(false);
    expect(endedByPerson(of(end, status(4, 'bot')))).toBe(false);
  });
});

test('nothing in an event is taken for what it is not', () => {
  const event = (name: string, value: unknown, id: string | null = 'c|00000004') =>
    readActivity({ type: 'event', name, value, id }, 0);
  expect(event('zhike.rated', { score: 4 })).toMatchObject({ kind: 'rated', seq: 4, score: 4 });
  for (const value of [null, {}, { score: '4' }, { score: {} }, { score: -1 }, { score: Infinity }]) {
    expect(event('zhike.rated', value)).toBeNull();
  }
  expect(event('zhike.rated', { score: 4 }, null)).toBeNull();
  expect(event('handoff.status', { state: 'completed', cause: 'resolve', survey: 'ces' })).toMatchObject({
    cause: 'resolve',
    survey: 'ces',
  });
  expect(event('handoff.status', { state: 'completed', cause: { x: 1 }, survey: 'toString' })).toMatchObject({
    cause: null,
    survey: null,
  });
  expect(event('zhike.queue', { opensAt: 'soon', timeZone: {} })).toMatchObject({ opensAt: null, timeZone: null });
});
