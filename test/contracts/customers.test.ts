import { type CustomerKey, type Customers, createCustomers, unknownCustomer } from '../../src/handoff/customers.ts';
import { openStorage, type Storage } from '../../src/storage/storage.ts';
import { databases, describeOn, type ScratchDatabase } from '../support/databases.ts';

for (const kind of databases) {
  describeOn(kind, 'What is known of a customer', () => {
    const li: CustomerKey = { channel: 'webchat', id: 'li' };
    let database: ScratchDatabase;
    let storage: Storage;
    let customers: Customers;
    let now = 1_000;

    beforeEach(async () => {
      database = await kind.create();
      storage = await openStorage(database.url);
      customers = desk(['vip', 'elder']);
    });
    afterEach(async () => {
      await storage.close();
      await database.drop();
    });

    it('is nothing before somebody wrote it down', async () => {
      expect(await customers.find(li)).toEqual(unknownCustomer(li));
      expect(await customers.find({ channel: 'webchat', id: 'a\0b' })).toMatchObject({ version: 0 });
    });

    it('is name, tags and facts, and stays over a restart', async () => {
      const facts = [{ name: '发票抬头', value: '北京某某公司' }];
      const edit = { version: 0, name: ' 李女士 ', tags: ['vip', 'vip'], facts };
      expect(await customers.edit(li, edit)).toMatchObject({ kind: 'saved', customer: { version: 1 } });
      await storage.close();
      storage = await openStorage(database.url);
      expect(await desk([]).find(li)).toEqual({
        ...li,
        name: '李女士',
        tags: ['vip'],
        facts,
        unreachable: false,
        version: 1,
        updatedAt: 1_000,
      });
    });

    it('is found for many customers at once, and for those alone', async () => {
      await customers.edit(li, { version: 0, name: '李' });
      await customers.edit({ channel: 'wechat', id: 'wang' }, { version: 0, tags: ['vip'] });
      await customers.edit({ channel: 'wechat', id: 'li' }, { version: 0, name: '别人' });
      const keys = [
        li,
        li,
        { channel: 'wechat', id: 'wang' },
        { channel: 'webchat', id: 'nobody' },
        { channel: '', id: 'a\0b' },
      ];
      const found = await customers.findMany(keys);
      expect(found.map(({ channel, id, name, tags }) => [channel, id, name, tags]).sort()).toEqual([
        ['webchat', 'li', '李', []],
        ['wechat', 'wang', null, ['vip']],
      ]);
      expect(await customers.findMany([])).toEqual([]);
    });

    it('belongs to one channel: the same id elsewhere is somebody else', async () => {
      await customers.edit(li, { version: 0, name: '李' });
      expect(await customers.find({ channel: 'wechat', id: 'li' })).toMatchObject({ name: null });
    });

    it('stays where an edit leaves it out, and goes where an edit empties it', async () => {
      await customers.edit(li, { version: 0, name: '李', tags: ['vip'] });
      await customers.edit(li, { version: 1, facts: [{ name: '鞋码', value: '42' }] });
      await customers.edit(li, { version: 2, name: '  ' });
      expect(await customers.find(li)).toMatchObject({
        name: null,
        tags: ['vip'],
        facts: [{ value: '42' }],
        version: 3,
      });
    });

    it('is not overwritten by who saw an older version, and they are shown the newer one', async () => {
      await customers.edit(li, { version: 0, name: '李' });
      const stale = await customers.edit(li, { version: 0, name: '黎' });
      expect(stale).toMatchObject({ kind: 'stale', customer: { name: '李', version: 1 } });
    });

    it('is changed by one of those who change it at the same moment', async () => {
      for (let version = 0; version < 3; version++) {
        const edits = Array.from({ length: 8 }, (_, n) => customers.edit(li, { version, name: `李${n}` }));
        const saved = (await Promise.all(edits)).filter((edit) => edit.kind === 'saved');
        expect(saved).toHaveLength(1);
        expect(await customers.find(li)).toEqual(saved[0]?.customer);
      }
    });

    it('is kept whatever was noted of the channel at the same moment', async () => {
      await Promise.all([
        customers.edit(li, { version: 0, name: '李' }),
        ...Array.from({ length: 5 }, () => customers.reachable(li, false)),
      ]);
      expect(await customers.find(li)).toMatchObject({ unreachable: true });
      const { version } = await customers.find(li);
      now = 2_000;
      await customers.reachable(li, false);
      expect(await customers.find(li)).toMatchObject({ version });
      await customers.reachable(li, true);
      expect(await customers.find(li)).toMatchObject({ unreachable: false, updatedAt: 2_000 });
    });

    it('is refused where it does not fit, all faults at once', async () => {
      const fact = { name: '一'.repeat(61), value: '' };
      const facts = [fact, { name: '鞋码', value: '42' }, { name: ' 鞋码', value: '字'.repeat(501) }];
      const edit = customers.edit(li, { version: 0, name: '李'.repeat(61), tags: ['vip', 'nobody'], facts });
      await expect(edit).rejects.toMatchObject({
        name: 'InputError',
        issues: [
          { path: 'name' },
          { path: 'tags.1' },
          { path: 'facts.0.name' },
          { path: 'facts.0.value' },
          { path: 'facts.2.name' },
          { path: 'facts.2.value' },
        ],
      });
      const many = Array.from({ length: 31 }, (_, n) => ({ name: `${n}`, value: 'x' }));
      await expect(customers.edit(li, { version: 0, facts: many })).rejects.toMatchObject({
        issues: [{ path: 'facts' }],
      });
      await expect(customers.edit(li, { version: 0, name: 'a\0b' })).rejects.toMatchObject({ name: 'InputError' });
      expect(await customers.find(li)).toMatchObject({ version: 0 });
    });

    it('keeps a tag that nobody can give any more, until it is taken away', async () => {
      await customers.edit(li, { version: 0, tags: ['elder'] });
      const later = desk(['vip']);
      expect(await later.edit(li, { version: 1, tags: ['elder', 'vip'] })).toMatchObject({ kind: 'saved' });
      await later.edit(li, { version: 2, tags: ['vip'] });
      await expect(later.edit(li, { version: 3, tags: ['elder'] })).rejects.toMatchObject({ name: 'InputError' });
    });

    function desk(tags: readonly string[]): Customers {
      return createCustomers({
        store: storage.customers,
        tags: async () => tags.map((id) => ({ id })),
        now: () => now,
      });
    }
  });
}
