import type { AttachmentView } from '../../../src/console/api.ts';
import type { SuggestionsAnswer } from '../../../src/console/desk-api.ts';
import { maxUpload } from '../../../src/console/limits.ts';
import {
  colleaguesMatching,
  completed,
  inserted,
  mentionedIn,
  tokenAt,
  withMentions,
} from '../../../src/console/page/composing/completions.ts';
import { inputTime, laterTime, snoozeChoices } from '../../../src/console/page/composing/snoozing.ts';
import { createSuggestions } from '../../../src/console/page/composing/suggestions.ts';
import { createDrafts, emptyDraft } from '../../../src/console/page/drafts.ts';
import { createUploads, type UploadFault } from '../../../src/console/page/composing/uploads.ts';
import { createWriting, outOf } from '../../../src/console/page/composing/writing.ts';

describe('what is typed before the caret', () => {
  const found = (text: string, mode: 'reply' | 'note' = 'reply') => tokenAt(text, text.length, mode);

  it('looks for a canned reply behind a slash, whatever the keyboard makes of that key', () => {
    for (const sign of ['/', '／', '、']) {
      expect(found(`${sign}tuihuo`)).toEqual({ kind: 'canned', start: 0, query: 'tuihuo' });
      expect(found(`您好 ${sign}`)).toEqual({ kind: 'canned', start: 3, query: '' });
      expect(found(`第一行\n${sign}退`)).toEqual({ kind: 'canned', start: 4, query: '退' });
    }
  });

  it('leaves addresses, dates and lists alone', () => {
    for (const text of ['https://a.cn/b', '2026/10/3', '苹果、梨', '/运费 多少', 'a'.repeat(60) + '/x']) {
      expect(found(text)).toBeNull();
    }
  });

  it('looks for a colleague behind an @ in a note, without a space before it, and not in an e-mail address', () => {
    expect(found('请@小', 'note')).toEqual({ kind: 'mention', start: 1, query: '小' });
    expect(found('＠', 'note')).toEqual({ kind: 'mention', start: 0, query: '' });
    expect(found('li@shop.cn', 'note')).toBeNull();
    expect(found('请@小', 'reply')).toBeNull();
  });

  it('is replaced by what was chosen, and what stands behind the caret stays', () => {
    expect(completed('您好 /tui，谢谢', { start: 3, caret: 7 }, '七天内可退')).toEqual({
      text: '您好 七天内可退，谢谢',
      caret: 8,
    });
  });

  it('gets a suggestion on a line of its own, or alone', () => {
    expect(inserted('', 0, '运费 6 元')).toEqual({ text: '运费 6 元', caret: 6 });
    expect(inserted('您好', 2, '运费 6 元')).toEqual({ text: '您好\n运费 6 元', caret: 9 });
    expect(inserted('您好\n谢谢', 2, '运费')).toEqual({ text: '您好\n运费\n谢谢', caret: 5 });
  });
});

describe('mentions', () => {
  const wang = { id: 'w', name: '小王' };
  const wangLi = { id: 'wl', name: '小王丽' };

  it('offers those whose name starts like it before those who have it inside', () => {
    const colleagues = ['王小明', '小明', 'Ming'].map((name) => ({ name }));
    expect(colleaguesMatching('小明', colleagues).map(({ name }) => name)).toEqual(['小明', '王小明']);
    expect(colleaguesMatching('ＭＩＮＧ', colleagues)).toEqual([{ name: 'Ming' }]);
  });

  it('count only while the name stands in the note, the longest of names that start alike', () => {
    expect(mentionedIn('@小王 看一下', [wang, wangLi])).toEqual([wang]);
    expect(mentionedIn('@小王丽 看一下', [wang, wangLi])).toEqual([wangLi]);
    expect(mentionedIn('算了', [wang])).toEqual([]);
  });

  it('are cut out of the text literally, whatever signs a name has', () => {
    expect(withMentions('给@A.(b) 和 @A.xb', ['A.(b)'])).toEqual([
      { text: '给', mention: null },
      { text: '@A.(b)', mention: 'A.(b)' },
      { text: ' 和 @A.xb', mention: null },
    ]);
    expect(withMentions('没有', [])).toEqual([{ text: '没有', mention: null }]);
  });
});

describe('what is being written', () => {
  const file: AttachmentView = { id: 'f1', name: 'a.png', contentType: 'image/png', size: 1, url: '/f1' };
  const article = { articleId: 'fees', about: 3, title: '运费' };

  it('goes out with its files, its quote and the article it was taken from, and nothing of it stays', () => {
    const { writing } = write();
    writing.insert('reply', { text: '运费 6 元', caret: null, article });
    writing.write('reply', '运费是 6 元');
    writing.quote(3);
    writing.attach('c1', file);
    const out = outOf(writing.of('c1'), 'reply', { clientId: 'm1', at: 1 });
    expect(out).toMatchObject({ text: '运费是 6 元', attachments: [file], replyTo: 3, article, private: false });
    writing.sent('c1', 'reply');
    expect(writing.of('c1')).toEqual(emptyDraft);
  });

  it('forgets the article once the reply was cleared, and only then', () => {
    const { writing } = write();
    writing.insert('reply', { text: '运费 6 元', caret: null, article });
    writing.write('reply', '完全不同');
    expect(writing.of('c1').article).toEqual(article);
    writing.write('reply', '');
    expect(writing.of('c1').article).toBeNull();
  });

  it('may be a file without a word, but not white space', () => {
    const { writing } = write();
    writing.write('reply', ' \n ');
    expect(outOf(writing.of('c1'), 'reply', { clientId: 'm1', at: 1 })).toBeNull();
    writing.attach('c1', file);
    expect(outOf(writing.of('c1'), 'reply', { clientId: 'm1', at: 1 })).toMatchObject({
      text: '',
      attachments: [file],
    });
  });

  it('tells those colleagues whose names still stand in the note, and keeps the reply beside it', () => {
    const { writing } = write();
    writing.write('reply', '您好');
    writing.mention({ id: 'w', name: '小王' });
    writing.mention({ id: 'z', name: '周明' });
    writing.write('note', '@小王 看一下');
    expect(outOf(writing.of('c1'), 'note', { clientId: 'n1', at: 1 })).toMatchObject({
      private: true,
      mentions: [{ id: 'w', name: '小王' }],
    });
    writing.sent('c1', 'note');
    expect(writing.of('c1')).toEqual({ ...emptyDraft, reply: '您好' });
  });

  it('finds the draft of its own conversation while another one is open', () => {
    const { writing, drafts } = write();
    writing.write('reply', '第一个');
    writing.open('c2');
    writing.attach('c1', file);
    expect(writing.store.get().draft).toEqual(emptyDraft);
    writing.open('c1');
    expect(writing.store.get().draft).toMatchObject({ reply: '第一个', attachments: [file] });
    expect(drafts.draft('c1')).toEqual(writing.store.get().draft);
  });

  it('gets back what could not be sent, below what was written meanwhile', () => {
    const { writing } = write();
    writing.write('reply', '新的');
    const unsent = { clientId: 'm1', at: 1, text: '旧的', private: false, mentions: [] };
    writing.takeBack('c1', { ...unsent, attachments: [file], replyTo: 3, article });
    expect(writing.of('c1')).toMatchObject({ reply: '新的\n旧的', attachments: [file], replyTo: 3, article });
  });

  function write() {
    const kept = new Map<string, string>();
    const drafts = createDrafts(
      {
        getItem: (key) => kept.get(key) ?? null,
        setItem: (key, value) => void kept.set(key, value),
        removeItem: (key) => void kept.delete(key),
      },
      'li',
    );
    const writing = createWriting(() => drafts);
    writing.open('c1');
    return { writing, drafts };
  }
});

describe('uploads', () => {
  it('move into the draft once they are on the server', async () => {
    const page = uploading();
    page.uploads.add('c1', [page.file('a.png', 10)]);
    page.progress[0]?.(0.5);
    expect(page.of('c1')).toMatchObject([{ name: 'a.png', progress: 0.5, fault: null }]);
    page.arrive(0);
    await settled();
    expect(page.of('c1')).toEqual([]);
    expect(page.drafted).toEqual([['c1', 'a.png']]);
  });

  it('are refused before a byte is sent where they are too large, empty or too many', () => {
    const page = uploading();
    page.uploads.add('c1', [page.file('big', maxUpload + 1), page.file('none', 0)]);
    page.uploads.add(
      'c1',
      [1, 2, 3, 4, 5, 6].map((n) => page.file(`${n}`, 1)),
    );
    expect(page.of('c1').map(({ fault }) => fault)).toEqual([
      'too_large',
      'empty',
      null,
      null,
      null,
      null,
      null,
      'too_many',
    ]);
    expect(page.progress).toHaveLength(5);
  });

  it('can be tried again, and taken back while they are on their way', async () => {
    const page = uploading();
    page.uploads.add('c1', [page.file('a.png', 10), page.file('b.png', 10)]);
    page.fail(0, 'unreachable');
    await settled();
    const [first, second] = page.of('c1');
    expect(first?.fault).toBe('unreachable');
    page.uploads.retry('c1', first?.id ?? '');
    page.uploads.remove('c1', second?.id ?? '');
    page.arrive(1);
    page.arrive(2);
    await settled();
    expect(page.drafted).toEqual([['c1', 'a.png']]);
    expect(page.of('c1')).toEqual([]);
    expect(page.forgotten).toHaveLength(2);
  });
});

describe('suggestions', () => {
  it('are asked for once a message, and an answer that comes too late is not shown', async () => {
    const asked: number[] = [];
    const answers: ((answer: SuggestionsAnswer) => void)[] = [];
    const suggestions = createSuggestions({
      ask: (_, seq) => {
        asked.push(seq);
        return new Promise((resolve) => answers.push(resolve));
      },
    });
    suggestions.look('c1', 3);
    suggestions.look('c1', 3);
    suggestions.look('c1', 5);
    expect(asked).toEqual([3, 5]);
    answers[1]?.({ about: 5, suggestions: [] });
    answers[0]?.({ about: 3, suggestions: [] });
    await settled();
    expect(suggestions.store.get().suggested).toEqual({ conversationId: 'c1', about: 5, suggestions: [] });
    suggestions.forget();
    expect(suggestions.store.get().suggested).toBeNull();
  });

  it('are no reason to complain when they can’t be had, and are asked for again', async () => {
    let asked = 0;
    const suggestions = createSuggestions({
      ask: () => {
        asked++;
        return Promise.reject(new Error('down'));
      },
    });
    suggestions.look('c1', 3);
    await settled();
    suggestions.look('c1', 3);
    expect(asked).toBe(2);
    expect(suggestions.store.get().suggested).toBeNull();
  });
});

describe('putting a conversation aside', () => {
  const now = new Date(2026, 10, 22, 22, 30).getTime();

  it('offers an hour and the next morning', () => {
    expect(snoozeChoices(now).map(({ until }) => inputTime(until))).toEqual(['2026-11-22T23:30', '2026-11-23T09:00']);
  });

  it('takes a later time of the agent’s clock, not one gone by or years away', () => {
    expect(laterTime('2026-11-23T08:00', now)).toBe(new Date(2026, 10, 23, 8).getTime());
    for (const value of ['', '2026-11-22T22:30', '2026-11-22', '2036-01-01T00:00', 'tomorrow']) {
      expect(laterTime(value, now)).toBeNull();
    }
  });
});

/** Uploads to a server that answers when the test says so. */
function uploading() {
  const progress: ((part: number) => void)[] = [];
  const pending: {
    resolve: (attachment: AttachmentView) => void;
    reject: (fault: UploadFault) => void;
    name: string;
  }[] = [];
  const drafted: [string, string][] = [];
  const forgotten: string[] = [];
  let ids = 0;
  const uploads = createUploads({
    send: (_, file, options) => {
      progress.push(options.progress);
      return new Promise((resolve, reject) => pending.push({ resolve, reject, name: file.name }));
    },
    newId: () => `u${++ids}`,
    previewOf: ({ name }) => `blob:${name}`,
    forget: (preview) => forgotten.push(preview),
    held: (id) => drafted.filter(([of]) => of === id).length,
    uploaded: (id, { name }) => drafted.push([id, name]),
  });
  return {
    uploads,
    progress,
    drafted,
    forgotten,
    of: (id: string) => uploads.store.get().byConversation[id] ?? [],
    file: (name: string, size: number) => ({ name, size, type: 'image/png' }) as File,
    arrive: (index: number) => {
      const one = pending[index];
      one?.resolve({ id: one.name, name: one.name, contentType: 'image/png', size: 1, url: '/x' });
    },
    fail: (index: number, fault: UploadFault) => pending[index]?.reject(fault),
  };
}

async function settled(): Promise<void> {
  for (let i = 0; i < 10; i++) await Promise.resolve();
}
