import { type CannedReplies, type CannedReplyText, createCannedReplies } from '../../src/handoff/canned-replies.ts';
import { openStorage, type Storage } from '../../src/storage/storage.ts';
import { databases, describeOn, type ScratchDatabase } from '../support/databases.ts';

for (const kind of databases) {
  describeOn(kind, 'A canned reply', () => {
    let database: ScratchDatabase;
    let storage: Storage;
    let replies: CannedReplies;

    beforeEach(async () => {
      database = await kind.create();
      storage = await openStorage(database.url);
      replies = createCannedReplies({ store: storage.cannedReplies, now: () => 1_000 });
    });
    afterEach(async () => {
      await storage.close();
      await database.drop();
    });

    it('is kept with how it sounds', async () => {
      const added = await replies.add(aReply({ shortcut: '/THZC', title: ' 退货政策 ' }), 'a1');
      const reply = {
        id: expect.any(String) as string,
        shortcut: 'thzc',
        title: '退货政策',
        text: '七天内可以退货。',
        groupId: null,
        sound: expect.stringMatching(/^tui huo zheng\S* ce\S*\nt h z c$/) as string,
        uses: 0,
        updatedAt: 1_000,
        agentId: 'a1',
      };
      expect(added).toEqual({ kind: 'saved', reply });
      expect(await replies.list(null)).toEqual([reply]);
    });

    it('has a shortcut of its own in its group, whatever raced', async () => {
      const racing = Array.from({ length: 6 }, () => replies.add(aReply(), 'a1'));
      expect((await Promise.all(racing)).filter(({ kind }) => kind === 'saved')).toHaveLength(1);
      expect(await replies.add(aReply({ groupId: 'sales' }), 'a1')).toMatchObject({ kind: 'saved' });
      expect(await replies.add(aReply({ groupId: 'sales' }), 'a1')).toEqual({ kind: 'exists' });
      const other = await replies.add(aReply({ shortcut: 'other' }), 'a1');
      const id = other.kind === 'saved' ? other.reply.id : '';
      expect(await replies.edit(id, aReply(), 'a1')).toEqual({ kind: 'exists' });
      expect(await replies.edit(id, aReply({ shortcut: 'other', text: '新的' }), 'a2')).toMatchObject({
        kind: 'saved',
        reply: { id, text: '新的', agentId: 'a2' },
      });
    });

    it('is listed for everybody or for its groups, the most used first', async () => {
      await replies.add(aReply({ shortcut: 'all' }), 'a1');
      await replies.add(aReply({ shortcut: 'sales', groupId: 'sales' }), 'a1');
      const added = await replies.add(aReply({ shortcut: 'tech', groupId: 'tech' }), 'a1');
      const id = added.kind === 'saved' ? added.reply.id : '';
      await Promise.all([replies.used(id), replies.used(id), replies.used('nothing')]);
      // An edit that began before counts nothing away.
      await replies.edit(id, aReply({ shortcut: 'tech', groupId: 'tech' }), 'a1');
      expect((await replies.list(null)).map(({ shortcut, uses }) => [shortcut, uses])[0]).toEqual(['tech', 2]);
      expect((await replies.list(['sales'])).map(({ shortcut }) => shortcut).sort()).toEqual(['all', 'sales']);
      expect((await replies.list([])).map(({ shortcut }) => shortcut)).toEqual(['all']);
    });

    it('is gone when it is removed', async () => {
      const added = await replies.add(aReply(), 'a1');
      const id = added.kind === 'saved' ? added.reply.id : '';
      expect(await replies.remove(id)).toBe('removed');
      expect(await replies.remove(id)).toBe('unknown');
      expect(await replies.edit(id, aReply(), 'a1')).toEqual({ kind: 'unknown' });
      expect(await replies.list(null)).toEqual([]);
    });

    it('is refused where it does not fit, all faults at once', async () => {
      const wrong = { shortcut: 'a b', title: ' ', text: '字'.repeat(2_001), groupId: 'No Group' };
      await expect(replies.add(wrong, 'a1')).rejects.toMatchObject({
        name: 'InputError',
        issues: [{ path: 'shortcut' }, { path: 'title' }, { path: 'text' }, { path: 'groupId' }],
      });
      await expect(replies.add(aReply({ text: 'a\0b' }), 'a1')).rejects.toMatchObject({ name: 'InputError' });
    });
  });
}

function aReply(given: Partial<CannedReplyText> = {}): CannedReplyText {
  return { shortcut: 'thzc', title: '退货政策', text: '七天内可以退货。', groupId: null, ...given };
}
