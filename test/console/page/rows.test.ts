import type { ConversationView, EntryView, MessageView } from '../../../src/console/api.ts';
import { unansweredOf } from '../../../src/console/page/composing/suggestions.ts';
import { permitted } from '../../../src/console/page/permitted.ts';
import { lastRead, moodMark, rowsOf } from '../../../src/console/page/rows.ts';
import { aConversation, aMessage } from './builders.ts';

const customer = { role: 'customer', id: 'u1', name: '王芳' } as const;
const li = { role: 'agent', id: 'li', name: '小李' } as const;
const bot = { role: 'bot', id: 'bot', name: null } as const;
const system = { role: 'system', id: 'desk', name: null } as const;

describe('the transcript', () => {
  it('shows every kind of entry, but not a pick that stands there as a message already', () => {
    const entries: EntryView[] = [
      said(1, customer, '运费多少'),
      said(2, bot, '6 元', { answer: { articleId: 'fees', title: '运费', confidence: 0.9 } }),
      verdict(3, { about: 2, source: 'feedback', author: customer }),
      verdict(4, { about: 2, source: 'pick', author: customer }),
      said(5, li, '您好'),
      verdict(6, { about: 1, source: 'agent', author: li }),
      { kind: 'change', seq: 7, at: 7, author: system, change: { what: 'snoozed', until: null } },
      { kind: 'rating', seq: 8, at: 8, author: customer, survey: 'csat', score: 5, comment: '好' },
    ];
    expect(rowsOf(entries).map(({ kind, key }) => `${kind} ${key}`)).toEqual([
      'day day-1',
      'message 1',
      'message 2',
      'verdict 3',
      'message 5',
      'verdict 6',
      'change 7',
      'rating 8',
    ]);
  });

  it('names the article an agent sent as the bot did before, or by its id', () => {
    const answered = said(1, bot, '6 元', { answer: { articleId: 'fees', title: '运费', confidence: 0.9 } });
    const known = rowsOf([answered, verdict(2, { about: 1, source: 'agent', author: li })]).at(-1);
    expect(known).toMatchObject({ kind: 'verdict', title: '运费' });
    expect(rowsOf([verdict(1, { about: 1, source: 'agent', author: li })]).at(-1)).toMatchObject({ title: 'fees' });
  });

  it('goes on with an agent’s words after the label of the article they sent, and begins anew with a quote', () => {
    const entries = [
      said(1, li, '6 元'),
      verdict(2, { about: 1, source: 'agent', author: li }),
      said(3, li, '还有吗'),
      said(4, li, '这个', { replyTo: 1 }),
    ];
    const continues = rowsOf(entries).flatMap((row) => (row.kind === 'message' ? [row.continues] : []));
    expect(continues).toEqual([false, true, false]);
  });

  it('marks the last of the agents’ messages that the customer has seen', () => {
    const entries = [
      said(1, customer, 'a'),
      said(2, li, 'b'),
      said(3, li, 'note', { private: true }),
      said(4, li, 'c'),
    ];
    expect([0, 1, 2, 3, 4].map((seq) => lastRead(entries, seq))).toEqual([null, null, 2, 2, 4]);
  });

  it('marks the worst moment and the last message, if there is anything to them', () => {
    const mood = { worst: { seq: 3, score: -0.9 }, last: { seq: 7, score: 0.6 } };
    expect(moodMark(3, mood)).toEqual({ which: 'worst', level: 'furious' });
    expect(moodMark(7, mood)).toEqual({ which: 'last', level: 'happy' });
    expect(moodMark(5, mood)).toBeNull();
    expect(moodMark(3, { worst: { seq: 3, score: 0.1 }, last: { seq: 3, score: 0.1 } })).toBeNull();
    expect(moodMark(3, null)).toBeNull();
  });

  it('knows which of the customer’s messages awaits a person', () => {
    const entries = [said(1, customer, 'a'), said(2, bot, 'b'), said(3, li, 'note', { private: true })];
    expect(unansweredOf(entries)).toBe(1);
    expect(unansweredOf([...entries, said(4, li, 'c')])).toBeNull();
    expect(unansweredOf([])).toBeNull();
  });
});

describe('what one may do with a conversation', () => {
  const agent = { id: 'li', role: 'agent' } as const;
  const supervisor = { id: 'chen', role: 'supervisor' } as const;

  it('is everything with one’s own, and nothing of it with a colleague’s', () => {
    const mine = conversation('assigned', { agent: { id: 'li', name: '小李' } });
    expect(permitted(mine, agent)).toEqual({ serve: true, claim: false, takeOver: null, route: true, watches: false });
    const theirs = conversation('assigned', { agent: { id: 'w', name: '小王' } });
    expect(permitted(theirs, agent)).toEqual({
      serve: false,
      claim: false,
      takeOver: null,
      route: false,
      watches: false,
    });
    expect(permitted(theirs, supervisor)).toMatchObject({ takeOver: 'colleague', watches: true, route: true });
  });

  it('is to claim who waits, unless they wait for somebody else alone', () => {
    expect(permitted(conversation('queued'), agent).claim).toBe(true);
    const reserved = conversation('queued', { reservedFor: { id: 'w', name: '小王' } });
    expect(permitted(reserved, agent).claim).toBe(false);
    expect(permitted(reserved, { ...agent, id: 'w' }).claim).toBe(true);
  });

  it('is to take over from the bot and what is resolved, but not what goes on elsewhere', () => {
    expect(permitted(conversation('bot'), agent).takeOver).toBe('bot');
    expect(permitted(conversation('resolved'), agent).takeOver).toBe('resolved');
    expect(permitted(conversation('resolved', { mergedInto: 'c2' }), agent).takeOver).toBeNull();
  });
});

function said(seq: number, author: MessageView['author'], text: string, more: Partial<MessageView> = {}): MessageView {
  return aMessage(seq, { author, text, ...more });
}

function verdict(
  seq: number,
  { about, source, author }: { about: number; source: 'feedback' | 'pick' | 'agent'; author: MessageView['author'] },
): EntryView {
  return { kind: 'verdict', seq, at: seq, author, about, articleId: 'fees', question: '运费', helpful: true, source };
}

function conversation(status: ConversationView['status'], more: Partial<ConversationView> = {}): ConversationView {
  return aConversation({ status, ...more });
}
