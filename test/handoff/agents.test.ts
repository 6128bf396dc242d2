import { createHash } from 'node:crypto';
import { BusyError, InputError } from '../../src/errors.ts';
import { createAccounts, createPresence, type NewAgent } from '../../src/handoff/agents.ts';
import { createPasswords, type Passwords } from '../../src/handoff/passwords.ts';
import { createRoster } from '../../src/handoff/roster.ts';
import { openStorage, type Storage } from '../../src/storage/storage.ts';
import { anAgent, claimedBy, saved, startQueued } from '../support/conversations.ts';
import { databases, describeOn, type ScratchDatabase } from '../support/databases.ts';

const minute = 60_000;
const hour = 60 * minute;
const li: NewAgent = { email: 'Li@Example.com ', name: ' 小李 ', role: 'agent', password: '春风十里不如你123' };

for (const kind of databases) {
  describeOn(kind, 'Accounts', () => {
    let database: ScratchDatabase;
    let storage: Storage;
    let clock: number;
    const now = () => clock;

    beforeEach(async () => {
      database = await kind.create();
      storage = await openStorage(database.url);
      clock = Date.UTC(2026, 0, 5);
    });
    afterEach(async () => {
      await storage.close();
      await database.drop();
    });

    const accountsWith = (passwords: Passwords = createPasswords({ cost: 2 ** 10 })) =>
      createAccounts({ agents: storage.agents, sessions: storage.sessions, passwords, now });
    const signedIn = async (accounts: ReturnType<typeof accountsWith>, password = li.password) => {
      const outcome = await accounts.signIn(li.email, password);
      if (outcome.kind !== 'signed_in') throw new Error(`Expected to be signed in, but: ${outcome.kind}`);
      return outcome;
    };

    it('are found by email in any case, and signed in with their password only', async () => {
      const accounts = accountsWith();
      const added = await accounts.add(li);
      expect(added).toMatchObject({ kind: 'added', agent: { email: 'li@example.com', name: '小李', role: 'agent' } });
      expect(await accounts.signIn('li@example.com', 'wrong password')).toEqual({ kind: 'wrong' });
      expect(await accounts.signIn('nobody@example.com', li.password)).toEqual({ kind: 'wrong' });
      expect(await signedIn(accounts)).toMatchObject({ agent: { name: '小李' }, expiresAt: clock + 12 * hour });
    });

    it('exist once for an email, whatever raced', async () => {
      const accounts = accountsWith();
      const outcomes = await Promise.all([li, { ...li, email: 'LI@example.com' }, li].map((one) => accounts.add(one)));
      expect(outcomes.map(({ kind: outcome }) => outcome).sort()).toEqual(['added', 'exists', 'exists']);
      expect(await accounts.list()).toHaveLength(1);
    });

    it('are refused with every fault named', async () => {
      const error = await accountsWith()
        .add({ email: 'li', name: ' ', role: 'agent', password: 'short' })
        .catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(InputError);
      expect((error as InputError).issues.map(({ path }) => path)).toEqual(['email', 'name', 'password']);
    });

    it('keep a session twelve hours from its last use, and know its token only as a hash', async () => {
      const accounts = accountsWith();
      await accounts.add(li);
      const { token } = await signedIn(accounts);
      expect(Buffer.from(token, 'base64url')).toHaveLength(32);
      expect(await storage.sessions.find(token, clock)).toBeNull();
      expect(await storage.sessions.find(createHash('sha256').update(token).digest('hex'), clock)).not.toBeNull();
      for (let used = 0; used < 3; used++) {
        clock += 11 * hour;
        expect(await accounts.authenticate(token)).toMatchObject({
          agent: { name: '小李' },
          expiresAt: clock + 12 * hour,
        });
      }
      clock += 12 * hour;
      expect(await accounts.authenticate(token)).toBeNull();
      for (const forged of ['', 'x', '\0', `${token}x`]) expect(await accounts.authenticate(forged)).toBeNull();
    });

    it('end one session at sign-out, and all of them when they are disabled', async () => {
      const accounts = accountsWith();
      await accounts.add(li);
      const [one, two, three] = [await signedIn(accounts), await signedIn(accounts), await signedIn(accounts)];
      expect(new Set([one.token, two.token, three.token]).size).toBe(3);
      await accounts.signOut(one.token);
      expect(await accounts.authenticate(one.token)).toBeNull();
      expect(await accounts.authenticate(two.token)).not.toBeNull();
      expect(await accounts.disable(' li@EXAMPLE.com')).toMatchObject({ kind: 'disabled', agent: { disabled: true } });
      expect(await accounts.authenticate(two.token)).toBeNull();
      expect(await accounts.authenticate(three.token)).toBeNull();
      expect(await accounts.signIn(li.email, li.password)).toEqual({ kind: 'wrong' });
      expect(await accounts.list()).toMatchObject([{ name: '小李', disabled: true }]);
      expect(await accounts.disable('nobody@example.com')).toEqual({ kind: 'unknown' });
    });

    it('are tried ten times in fifteen minutes, even all at once, and then told how long to wait', async () => {
      let verified = 0;
      const accounts = accountsWith({
        hash: async (password) => password,
        verify: async (password, hash) => {
          verified++;
          return password === hash;
        },
      });
      await accounts.add(li);
      const outcomes = await Promise.all(
        Array.from({ length: 1_000 }, (_, n) => accounts.signIn(n % 2 ? 'LI@example.com' : li.email, `guess ${n}`)),
      );
      expect(verified).toBe(10);
      expect(outcomes.filter((outcome) => outcome.kind === 'wait')).toHaveLength(990);
      clock += 5 * minute;
      expect(await accounts.signIn(li.email, li.password)).toEqual({ kind: 'wait', seconds: 600 });
      expect(await accounts.signIn('other@example.com', 'x')).toEqual({ kind: 'wrong' });
      clock += 10 * minute;
      await signedIn(accounts);
    });

    it('are not charged an attempt while sign-in is too busy to check the password', async () => {
      let busy = true;
      const accounts = accountsWith({
        hash: async (password) => password,
        verify: async (password, hash) => {
          if (busy) throw new BusyError('busy', 1);
          return password === hash;
        },
      });
      await accounts.add(li);
      for (let n = 0; n < 20; n++) await expect(accounts.signIn(li.email, li.password)).rejects.toThrow(BusyError);
      busy = false;
      await signedIn(accounts);
    });

    it('begin with a supervisor whose password is made up and told once, if nobody exists', async () => {
      const accounts = accountsWith();
      const first = await accounts.ensureFirstAdmin(null);
      if (first.kind !== 'generated') throw new Error(first.kind);
      expect(first.agent.role).toBe('supervisor');
      expect(await accounts.signIn(first.agent.email, first.password)).toMatchObject({ kind: 'signed_in' });
      expect(await accounts.ensureFirstAdmin(null)).toEqual({ kind: 'none_needed' });
    });

    it('begin with the configured supervisor, whose password is not set back later', async () => {
      const accounts = accountsWith();
      await accounts.add(li);
      const admin = { email: 'Boss@example.com', password: 'correct horse' };
      expect(await accounts.ensureFirstAdmin(admin)).toMatchObject({ kind: 'created', agent: { role: 'supervisor' } });
      expect(await accounts.ensureFirstAdmin({ ...admin, password: 'another one' })).toEqual({ kind: 'none_needed' });
      expect(await accounts.signIn(admin.email, admin.password)).toMatchObject({ kind: 'signed_in' });
      expect(await accounts.signIn(admin.email, 'another one')).toEqual({ kind: 'wrong' });
    });

    it('count as online for 45 seconds after they were heard of, if they serve customers', async () => {
      const accounts = accountsWith();
      const presence = createPresence({ agents: storage.agents, now });
      const ids: Record<string, string> = {};
      for (const role of ['agent', 'editor', 'supervisor'] as const) {
        const added = await accounts.add({ ...li, email: `${role}@example.com`, role });
        if (added.kind === 'added') ids[role] = added.agent.id;
      }
      expect(await presence.onlineAgents()).toBe(0);
      for (const id of Object.values(ids)) await presence.touch(id);
      expect(await presence.onlineAgents()).toBe(2);
      await presence.leave(ids['supervisor'] ?? '');
      expect(await presence.onlineAgents()).toBe(1);
      clock += 45_000;
      expect(await presence.onlineAgents()).toBe(1);
      clock += 1;
      expect(await presence.onlineAgents()).toBe(0);
      await presence.touch(ids['agent'] ?? '');
      await accounts.disable('agent@example.com');
      await presence.touch(ids['agent'] ?? '');
      expect(await presence.onlineAgents()).toBe(0);
    });

    it('stand in the roster with what they have, what they chose to be and whether their console was heard of', async () => {
      const roster = createRoster({ agents: storage.agents, now });
      const presence = createPresence({ agents: storage.agents, now });
      for (const [id, given] of Object.entries({
        chen: { name: '陈', groups: ['tech'], capacity: 3 },
        lin: { name: '林', status: 'busy' as const },
        zhou: { name: '周', role: 'supervisor' as const },
        ed: { name: '编辑', role: 'editor' as const },
        gone: { name: '走了', disabled: true },
      })) {
        const agent = anAgent({ id, email: `${id}@example.com`, ...given });
        await storage.agents.insert({ ...agent, passwordHash: '', createdAt: clock });
      }
      for (const id of ['chen', 'lin', 'ed']) await presence.touch(id);
      for (const id of ['c1', 'c2']) {
        await startQueued(storage.log, { id });
        await saved(storage.log, id, claimedBy({ id: 'chen', name: '陈' }));
      }
      await saved(storage.log, 'c2', {
        kind: 'snoozed',
        at: 2_000,
        agent: { id: 'chen', name: '陈' },
        version: 2,
        until: 9_000,
      });
      const all = await roster.all();
      expect(all.map(({ id, status, load }) => [id, status, load]).sort()).toEqual([
        // What is put off is no load.
        ['chen', 'online', 1],
        ['lin', 'busy', 0],
        ['zhou', 'offline', 0],
      ]);
      expect(await roster.colleague('chen')).toMatchObject({ groups: ['tech'], capacity: 3, lastAssignedAt: null });
      for (const id of ['ed', 'gone', 'nobody', '']) expect(await roster.colleague(id)).toBeNull();
      roster.served('chen');
      expect(await roster.colleague('chen')).toMatchObject({ lastAssignedAt: clock });
      clock += 45_001;
      expect(await roster.colleague('chen')).toMatchObject({ status: 'offline' });
      await presence.touch('chen');
      expect(await roster.colleague('chen')).toMatchObject({ status: 'online' });
      await presence.leave('chen');
      expect(await roster.colleague('chen')).toMatchObject({ status: 'offline' });
    });

    it('are counted among those online by the same moment that the roster goes by', async () => {
      const presence = createPresence({ agents: storage.agents, now });
      const roster = createRoster({ agents: storage.agents, now });
      await storage.agents.insert({ ...anAgent({ id: 'chen' }), passwordHash: '', createdAt: clock });
      await presence.touch('chen');
      for (const later of [0, 44_999, 1, 1]) {
        clock += later;
        const isOnline = (await roster.colleague('chen'))?.status === 'online';
        expect(await presence.onlineAgents()).toBe(isOnline ? 1 : 0);
      }
    });

    it('change in what is given, and in nothing else', async () => {
      const accounts = accountsWith();
      const added = await accounts.add(li);
      if (added.kind !== 'added') throw new Error(added.kind);
      const { id } = added.agent;
      const { token } = await signedIn(accounts);
      expect(await storage.agents.change(id, { status: 'away' })).toEqual({ ...added.agent, status: 'away' });
      const groups = ['tech', 'sales'];
      expect(await storage.agents.change(id, { groups, capacity: 2 })).toEqual({
        ...added.agent,
        status: 'away',
        groups,
        capacity: 2,
      });
      expect(await storage.agents.change(id, { capacity: null })).toMatchObject({ groups, capacity: null });
      expect(await storage.agents.change(id, {})).toMatchObject({ groups, status: 'away' });
      expect(await storage.agents.change('nobody', { status: 'online' })).toBeNull();
      // Who is signed in is known with it at once.
      expect((await accounts.authenticate(token))?.agent).toMatchObject({ groups, status: 'away' });
    });
  });
}
