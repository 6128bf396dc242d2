import type { EntriesAnswer, EntryView, MessageView, SummaryView } from '../../../src/console/api.ts';
import { createDrafts, emptyDraft, withoutSent, type KeyValue } from '../../../src/console/page/drafts.ts';
import { agoText, durationText } from '../../../src/console/page/durations.ts';
import { commandFor, sends } from '../../../src/console/page/keys.ts';
import { chooseLocale, locales, messagesIn } from '../../../src/console/page/messages/choose.ts';
import { rowsOf } from '../../../src/console/page/rows.ts';
import { append, createReader } from '../../../src/console/page/transcript-reader.ts';
import { inOrder, neighbour, newcomers, urgency, waitKey } from '../../../src/console/page/waiting.ts';
import { aConversation, aMessage } from './builders.ts';

const minute = 60_000;

describe('the list', () => {
  it('puts who waits longest first in the queue, and the latest change first elsewhere', () => {
    const list = [summary('b', { queuedAt: 2, updatedAt: 9 }), summary('a', { queuedAt: 1, updatedAt: 3 })];
    expect(inOrder('queue', list).map(({ id }) => id)).toEqual(['a', 'b']);
    expect(inOrder('all', list).map(({ id }) => id)).toEqual(['b', 'a']);
  });

  it('keeps one order for those of the same moment', () => {
    const list = ['c', 'a', 'b'].map((id) => summary(id));
    expect(inOrder('queue', list).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(inOrder('queue', [...list].reverse()).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  });

  it('announces a customer once for each wait, and nobody at the first look', () => {
    const queue = [summary('a', { queuedAt: 1 }), summary('b', { queuedAt: 2 })];
    expect(newcomers(null, queue)).toEqual([]);
    const seen = new Set([waitKey(summary('a', { queuedAt: 1 }))]);
    expect(newcomers(seen, queue).map(({ id }) => id)).toEqual(['b']);
    expect(newcomers(seen, [summary('a', { queuedAt: 5 })])).toHaveLength(1);
  });

  it('grows more pressing after two minutes, and late after five', () => {
    expect([minute, 2 * minute, 5 * minute].map(urgency)).toEqual(['fine', 'soon', 'late']);
  });

  it('is walked with the keyboard and has ends', () => {
    const ids = ['a', 'b', 'c'];
    expect(neighbour(ids, null, 1)).toBe('a');
    expect(neighbour(ids, null, -1)).toBe('c');
    expect(neighbour(ids, 'b', 1)).toBe('c');
    expect(neighbour(ids, 'c', 1)).toBe('c');
    expect(neighbour(ids, 'gone', 1)).toBe('a');
    expect(neighbour([], 'a', 1)).toBeNull();
  });
});

describe('the transcript reader', () => {
  it('shows each entry once and in order, whatever answers overlap or skip', () => {
    const [one, two, three, four] = [1, 2, 3, 4].map(message) as [MessageView, MessageView, MessageView, MessageView];
    expect(append([one], [one, two, three])).toEqual([one, two, three]);
    expect(append([one], [three, four])).toEqual([one]);
    expect(append([one, two], [two])).toEqual([one, two]);
  });

  it('reads on until it has what the log holds', async () => {
    const log = fakeLog(450);
    const reader = open(log);
    reader.refresh();
    await reader.settled();
    expect(log.asked).toEqual([0, 200, 400]);
    expect(reader.seqs()).toEqual(Array.from({ length: 450 }, (_, n) => n + 1));
  });

  it('asks once however many hints come while it reads, and then for what came meanwhile', async () => {
    const log = fakeLog(1);
    const reader = open(log);
    reader.hint(1);
    reader.hint(1);
    log.length = 2;
    reader.hint(2);
    reader.hint(2);
    await reader.settled();
    expect(reader.seqs()).toEqual([1, 2]);
    expect(log.asked.length).toBeLessThanOrEqual(2);
  });

  it('is not moved by a hint of what it has already', async () => {
    const log = fakeLog(3);
    const reader = open(log);
    reader.hint(3);
    await reader.settled();
    const before = log.asked.length;
    reader.hint(3);
    reader.hint(1);
    await reader.settled();
    expect(log.asked).toHaveLength(before);
  });

  it('does not spin on a hint the log does not keep', async () => {
    const log = fakeLog(1);
    const reader = open(log);
    reader.hint(99);
    await reader.settled();
    expect(log.asked).toEqual([0]);
  });

  it('tries again after a failure, each time waiting longer, and loses nothing', async () => {
    const log = fakeLog(2);
    log.failures = 3;
    const reader = open(log);
    reader.refresh();
    await reader.settled();
    expect(reader.waits).toEqual([500, 1000, 2000]);
    expect(reader.seqs()).toEqual([1, 2]);
  });

  it('shows nothing any more once it is stopped', async () => {
    const log = fakeLog(2);
    const reader = open(log);
    reader.refresh();
    reader.stop();
    await reader.settled();
    expect(reader.seqs()).toEqual([]);
  });
});

describe('drafts', () => {
  const begun = { ...emptyDraft, reply: '您好' };

  it('are kept for each agent and conversation, and forgotten when sent', () => {
    const storage = memoryStorage();
    const drafts = createDrafts(storage, 'li');
    drafts.setDraft('c1', begun);
    expect(createDrafts(storage, 'li').draft('c1')).toEqual(begun);
    expect(createDrafts(storage, 'zhou').draft('c1')).toEqual(emptyDraft);
    expect(drafts.draft('c2')).toEqual(emptyDraft);
    drafts.setDraft('c1', withoutSent(begun, 'reply'));
    expect(storage.size()).toBe(0);
  });

  it('keep files, a quote and a chosen article without a word of text', () => {
    const storage = memoryStorage();
    const file = { id: 'f1', name: 'a.png', contentType: 'image/png', size: 1, url: '/f1' };
    const enclosed = {
      ...emptyDraft,
      attachments: [file],
      replyTo: 3,
      article: { articleId: 'fees', about: 3, title: '运费' },
    };
    createDrafts(storage, 'li').setDraft('c1', enclosed);
    expect(createDrafts(storage, 'li').draft('c1')).toEqual(enclosed);
  });

  it('that an older page kept have words only', () => {
    const storage = memoryStorage();
    storage.setItem('zhike.console.draft.li.c1', '{"reply":"您好","note":""}');
    storage.setItem('zhike.console.unsent.li.c1', '[{"clientId":"a","text":"在吗","private":false,"at":1}]');
    const drafts = createDrafts(storage, 'li');
    expect(drafts.draft('c1')).toEqual(begun);
    expect(drafts.unsent('c1')).toMatchObject([{ text: '在吗', attachments: [], replyTo: null, article: null }]);
  });

  it('stay in memory when the device can’t keep them', () => {
    const drafts = createDrafts(memoryStorage({ full: true }), 'li');
    drafts.setDraft('c1', { ...emptyDraft, reply: '写了很久的话' });
    expect(drafts.draft('c1').reply).toBe('写了很久的话');
  });

  it('survive what others wrote under their name', () => {
    const storage = memoryStorage();
    const strange = ['{', '7', '{"reply":1}', '[null]', '{"reply":"","note":"","attachments":7}'];
    for (const text of [...strange, '{"reply":"a","note":"","article":"x"}']) {
      storage.setItem('zhike.console.draft.li.c1', text);
      storage.setItem('zhike.console.unsent.li.c1', text);
      expect(createDrafts(storage, 'li').draft('c1')).toEqual(emptyDraft);
      expect(createDrafts(storage, 'li').unsent('c1')).toEqual([]);
    }
  });
});

describe('the keyboard', () => {
  const press = (key: string, given = {}) =>
    commandFor({ key, modified: false, composing: false, writing: false, ...given });

  it('has a command for each key of the map', () => {
    expect([...'jcrng/aex?', 'ArrowUp', 'Escape'].map((key) => press(key)?.kind)).toEqual([
      'move',
      'claim',
      'reply',
      'note',
      'prefix',
      'ask',
      'accept',
      'edit',
      'refuse',
      'help',
      'move',
      'leave',
    ]);
    expect(press('2')).toEqual({ kind: 'tab', place: 1 });
    expect([press('g', { going: true }), press('m', { going: true })]).toEqual([
      { kind: 'section' },
      { kind: 'go', to: 'mine' },
    ]);
    expect(press('k', { modified: true, controlled: true, writing: true })).toEqual({ kind: 'search' });
    expect([press('0'), press('z'), press('Enter')]).toEqual([null, null, null]);
  });

  it('leaves the keys alone while one writes, composes or holds Ctrl', () => {
    expect([
      press('c', { writing: true }),
      press('c', { modified: true }),
      press('Escape', { composing: true }),
    ]).toEqual([null, null, null]);
    expect(press('Escape', { writing: true })).toEqual({ kind: 'leave' });
  });

  it('sends with Enter, but never the Enter that chooses a word of an input method', () => {
    const enter = { key: 'Enter', shiftKey: false, isComposing: false, keyCode: 13 };
    expect(sends(enter)).toBe(true);
    expect(sends({ ...enter, shiftKey: true })).toBe(false);
    expect(sends({ ...enter, isComposing: true })).toBe(false);
    expect(sends({ ...enter, keyCode: 229 })).toBe(false);
  });
});

describe('the rows of a transcript', () => {
  it('begin each day with its date and group what one author says in a row', () => {
    const noon = new Date(2026, 0, 5, 12).getTime();
    const rows = rowsOf([
      { ...message(1), at: noon },
      { ...message(2), at: noon + minute },
      { ...message(3), at: noon + 2 * minute, private: true },
      { ...message(4), at: noon + 24 * 60 * minute },
    ]);
    expect(rows.map((row) => (row.kind === 'message' ? row.continues : row.kind))).toEqual([
      'day',
      false,
      true,
      false,
      'day',
      false,
    ]);
  });

  it('name the article a verdict speaks of', () => {
    const answer = { articleId: 'fee', title: '运费怎么算', confidence: 0.9 };
    const verdict: EntryView = {
      kind: 'verdict',
      seq: 2,
      at: 2,
      author: { role: 'customer', id: 'u', name: null },
      about: 1,
      articleId: 'fee',
      question: '运费多少',
      helpful: false,
      source: 'feedback',
    };
    const rows = rowsOf([{ ...message(1), answer }, verdict]);
    expect(rows.at(-1)).toMatchObject({ kind: 'verdict', title: '运费怎么算' });
  });
});

describe('the words', () => {
  const m = messagesIn('zh-Hans');

  it('tell how long somebody waits in two units, and never less than nothing', () => {
    expect([-5, 9_000, 3 * minute + 4_000, 62 * minute, 49 * 60 * minute].map((ms) => durationText(ms, m))).toEqual([
      '0 秒',
      '9 秒',
      '3 分 04 秒',
      '1 小时 2 分',
      '2 天 1 小时',
    ]);
    expect([0, 5 * minute, 25 * 60 * minute].map((ms) => agoText(ms, m))).toEqual(['刚刚', '5 分钟前', '1 天前']);
  });

  it('keep the language the agent chose, and otherwise follow the browser', () => {
    expect(chooseLocale('en', ['zh-CN'])).toBe('en');
    expect(chooseLocale('xx', ['zh-TW', 'en'])).toBe('zh-Hant');
    expect(chooseLocale(null, ['fr', 'en-GB'])).toBe('en');
  });

  it('are all there in every language, and in the right script', () => {
    const texts = (value: unknown): readonly string[] =>
      typeof value === 'string'
        ? [value]
        : typeof value === 'object' && value
          ? Object.values(value).flatMap(texts)
          : [];
    for (const { locale } of locales) expect(texts(messagesIn(locale)).every((text) => text.trim() !== '')).toBe(true);
    expect(texts(messagesIn('en')).join('')).not.toMatch(/\p{Script=Han}/u);
    expect(texts(messagesIn('zh-Hant')).join('')).not.toMatch(/[发这队转个选误签录话]/u);
  });
});

function summary(id: string, given: Partial<SummaryView> = {}): SummaryView {
  return { ...conversation(0), id, lastCustomerText: null, ...given };
}

const conversation = (seq: number) => aConversation({ seq, queuedAt: 0 });

const message = (seq: number) => aMessage(seq);

function fakeLog(length: number) {
  const log = {
    length,
    failures: 0,
    asked: [] as number[],
    read: async (after: number): Promise<EntriesAnswer> => {
      log.asked.push(after);
      await Promise.resolve();
      if (log.failures-- > 0) throw new Error('down');
      const entries = Array.from({ length: Math.min(200, log.length - after) }, (_, n) => message(after + n + 1));
      return { conversation: conversation(log.length), entries };
    },
  };
  return log;
}

function open(log: ReturnType<typeof fakeLog>) {
  let shown: readonly EntryView[] = [];
  const waits: number[] = [];
  const reader = createReader({
    read: log.read,
    changed: (entries) => (shown = entries),
    failed: () => undefined,
    wait: (ms) => {
      waits.push(ms);
      return Promise.resolve();
    },
  });
  const settled = async () => {
    for (let i = 0; i < 100; i++) await Promise.resolve();
  };
  return { ...reader, waits, settled, seqs: () => shown.map(({ seq }) => seq) };
}

function memoryStorage({ full = false } = {}): KeyValue & { size(): number } {
  const kept = new Map<string, string>();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => {
      if (full) throw new Error('QuotaExceededError');
      kept.set(key, value);
    },
    removeItem: (key) => void kept.delete(key),
    size: () => kept.size,
  };
}
