import fc from 'fast-check';
import type { SearchAnswer } from '../../src/console/api.ts';
import type { Conversation } from '../../src/conversation/conversation.ts';
import { mayReach } from '../../src/handoff/access.ts';
import { openConsole, type OpenConsole, type Visitor } from './open-console.ts';

/** Whatever groups an agent is in and whatever they have: every way to a conversation shows the same ones. */
describe('what an agent reaches', () => {
  let desk: OpenConsole;
  let li: Visitor;
  const ids: string[] = [];

  beforeAll(async () => {
    desk = await openConsole();
    li = await desk.signIn('li');
    for (const groupId of [undefined, 'vip', 'returns']) {
      for (const owner of [null, desk.agents.li, desk.agents.wu]) {
        const id = `${groupId ?? 'free'}-${owner?.name ?? 'queue'}`;
        const { version } = await desk.queued(id, groupId ? { groupId } : {});
        ids.push(id);
        if (!owner) continue;
        const [at, to] = [desk.clock.now, { id: owner.id, name: owner.name }];
        const by = { role: 'system', id: 'system', name: null } as const;
        await desk.write(id, { kind: 'assigned', at, by, to, version, cause: 'assign' });
      }
    }
    await desk.search.settled();
  });
  afterAll(() => desk.close());

  const groups = fc.subarray(['vip', 'returns', 'gone']);
  const roles = fc.constantFrom('agent' as const, 'supervisor' as const);

  it('is the same in lists, counts, search and by its address, and is what `mayReach` says', async () => {
    await fc.assert(
      fc.asyncProperty(groups, roles, async (theirs, role) => {
        const agent = await desk.storage.agents.change(desk.agents.li.id, { groups: theirs, role });
        if (!agent) throw new Error('There is no li.');
        const all = await Promise.all(ids.map((id) => desk.log.find(id)));
        const expected = all
          .flatMap((one: Conversation | null) => (one && mayReach(agent, one) ? [one.id] : []))
          .sort();
        const list = (await li.get('/api/console/conversations?view=all')).body;
        expect(list.conversations.map(({ id }) => id).sort()).toEqual(expected);
        expect(list.counts.all).toBe(expected.length);
        const found = (await li.get<SearchAnswer>(`/api/console/search?q=${encodeURIComponent('月球')}`)).body;
        expect(found.hits.map(({ conversationId }) => conversationId).sort()).toEqual(expected);
        const reached = await Promise.all(ids.map((id) => li.get(`/api/console/conversations/${id}`)));
        expect(ids.filter((_, index) => reached[index]?.status === 200).sort()).toEqual(expected);
      }),
      { numRuns: 20 },
    );
  });
});
