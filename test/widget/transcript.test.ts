import { readActivity, type Incoming, type Message } from '../../src/widget/activity.ts';
import {
  agentOf,
  emptyTranscript,
  openChoices,
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
): Incoming {
  return { kind: 'status', id: `c|${seq}`, seq, at: seq * 1000, state, agent };
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
