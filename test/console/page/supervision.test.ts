import type { AgentSelf } from '../../../src/console/api.ts';
import { ApiError } from '../../../src/console/page/client.ts';
import { faultText } from '../../../src/console/page/faults.ts';
import { messagesIn } from '../../../src/console/page/messages/choose.ts';
import { clockText, nextInterval } from '../../../src/console/page/opening.ts';
import { hashOf, placeOf, type Place } from '../../../src/console/page/places.ts';
import { passwordText, secretText } from '../../../src/console/page/secrets.ts';
import { allOpen, settingsPages } from '../../../src/console/page/supervision-places.ts';
import {
  accountKey,
  createSupervision,
  newAccountKey,
  newCannedKey,
  sectionKey,
  viewsFor,
  type SupervisionClient,
  type SupervisionNotice,
} from '../../../src/console/page/supervision.ts';
import { settingsSections } from '../../../src/handoff/settings/settings.ts';
import { account, cannedReply, groupsAt, quietBoard, summary, supervisionClient, wang } from './supervision-client.ts';

const down = new ApiError(0, 'unreachable', 'no network');
const stale = new ApiError(409, 'stale', 'Somebody saved it meanwhile.');
const groups = sectionKey('groups');

describe('the address', () => {
  const places: readonly Place[] = [
    { kind: 'supervision', view: 'board' },
    { kind: 'supervision', view: 'agents' },
    { kind: 'supervision', view: 'canned' },
    { kind: 'supervision', view: 'conversations', filter: allOpen },
    { kind: 'supervision', view: 'conversations', filter: { agent: 'a/b&c', group: 'none', broken: true } },
    ...settingsPages.map((section): Place => ({ kind: 'supervision', view: 'settings', section })),
    { kind: 'conversations', conversationId: 'supervision/board' },
  ];

  it('leads back to every part of the section', () => {
    for (const place of places) expect(placeOf(hashOf(place))).toEqual(place);
    expect(new Set(places.map(hashOf)).size).toBe(places.length);
  });

  it('leads to the board when it is wrong', () => {
    expect(placeOf('#supervision/nowhere')).toEqual({ kind: 'supervision', view: 'board' });
    expect(placeOf('#supervision/settings/money')).toMatchObject({ view: 'settings', section: 'groups' });
  });

  it('has a page for every section of the settings', () => {
    expect([...settingsPages].sort()).toEqual([...settingsSections].sort());
  });
});

describe('who may see what', () => {
  it('is all for a supervisor, the replies for an editor, nothing for an agent', () => {
    expect(viewsFor(wang)).toContain('settings');
    expect(viewsFor({ role: 'editor' })).toEqual(['canned']);
    expect(viewsFor({ role: 'agent' })).toEqual([]);
  });

  it('leads an editor from the board to the replies, and asks nothing else of the server', async () => {
    const page = open({}, { ...wang, role: 'editor' });
    page.supervision.go({ view: 'board' });
    await settled();
    expect(page.state().place).toEqual({ view: 'canned' });
    expect(page.calls).toEqual(['canned']);
  });

  it('leads an agent nowhere', () => {
    const page = open({}, { ...wang, role: 'agent' });
    page.supervision.go({ view: 'settings', section: 'groups' });
    expect(page.state().place).toBeNull();
    expect(page.calls).toEqual([]);
  });
});

describe('the board', () => {
  it('stays as it was read, and is said to be old, when the server can’t be reached', async () => {
    let works = true;
    const page = open({ board: () => (works ? Promise.resolve(quietBoard({ waiting: 3 })) : Promise.reject(down)) });
    await page.goes({ view: 'board' });
    works = false;
    page.supervision.look();
    expect(page.state().board.state).toBe('ready');
    await settled();
    expect(page.state().board).toMatchObject({ state: 'failed', value: { waiting: 3 } });
  });

  it('ticks off a follow-up at once, and once however often the button is pressed', async () => {
    const followUp = {
      id: 'f1',
      conversationId: 'c1',
      kind: 'low_rating' as const,
      seq: 9,
      note: '1 分',
      createdAt: 0,
      customer: null,
    };
    const page = open({ board: () => Promise.resolve(quietBoard({ followUps: [followUp], followUpsCount: 1 })) });
    await page.goes({ view: 'board' });
    await Promise.all([page.supervision.followUpDone('f1'), page.supervision.followUpDone('f1')]);
    expect(page.calls.filter((call) => call === 'followUpDone')).toHaveLength(1);
    expect(page.told).toEqual([{ kind: 'followUpDone' }]);
  });
});

describe('giving many conversations away', () => {
  const list = ['c1', 'c2', 'c3'].map((id) => summary(id));
  const listed = (conversations = list, next: string | null = null): Partial<SupervisionClient> => ({
    conversations: async (query) => ({
      ...(await supervisionClient().conversations(query)),
      conversations: query.before ? [summary('c3'), summary('c4')] : conversations,
      next: query.before ? null : next,
    }),
  });

  it('tells of each what came of it, and keeps selected what could not be given', async () => {
    const sent: unknown[] = [];
    const page = open({
      ...listed(),
      bulkAssign: (body) => {
        sent.push(body);
        return Promise.resolve({
          outcomes: [
            { id: 'c1', outcome: 'done' },
            { id: 'c2', outcome: 'stale' },
          ],
        });
      },
    });
    await page.goes({ view: 'conversations', filter: allOpen });
    page.supervision.select(['c1', 'c2'], true);
    await page.supervision.assign('zhou');
    expect(sent).toEqual([
      {
        conversations: [
          { id: 'c1', version: 3 },
          { id: 'c2', version: 3 },
        ],
        to: 'zhou',
      },
    ]);
    expect(page.state().outcomes.map(({ conversation, outcome }) => [conversation.id, outcome])).toEqual([
      ['c1', 'done'],
      ['c2', 'stale'],
    ]);
    expect([...page.state().selected]).toEqual(['c2']);
    expect(page.told).toEqual([{ kind: 'reassigned', done: 1, failed: 1 }]);
  });

  it('keeps the selection when the server can’t be reached', async () => {
    const page = open({ ...listed(), bulkAssign: () => Promise.reject(down) });
    await page.goes({ view: 'conversations', filter: allOpen });
    page.supervision.select(['c1', 'c2'], true);
    await page.supervision.assign(null);
    expect([...page.state().selected]).toEqual(['c1', 'c2']);
    expect(page.told).toEqual([{ kind: 'notDone' }]);
  });

  it('forgets of the selection what is listed no more', async () => {
    let conversations = list;
    const page = open({ conversations: (query) => listed(conversations).conversations!(query) });
    await page.goes({ view: 'conversations', filter: allOpen });
    page.supervision.select(['c1', 'c3'], true);
    conversations = list.slice(1);
    page.supervision.look();
    await settled();
    expect([...page.state().selected]).toEqual(['c3']);
  });

  it('shows the next page below, each conversation once', async () => {
    const page = open(listed(list, '9,c3'));
    await page.goes({ view: 'conversations', filter: allOpen });
    await page.supervision.more();
    expect(page.state().open.value?.conversations.map(({ id }) => id)).toContain('c4');
    expect(new Set(page.state().open.value?.conversations.map(({ id }) => id)).size).toBe(
      page.state().open.value?.conversations.length,
    );
  });
});

describe('the settings', () => {
  it('are saved with the version they were read with', async () => {
    const page = open({
      settings: () => Promise.resolve(groupsAt(4, ['售后'])),
      saveSettings: (_, { version, value }) => {
        page.saved.push({ version, value });
        return Promise.resolve(groupsAt(version + 1, ['售后', '物流']));
      },
    });
    await page.goes({ view: 'settings', section: 'groups' });
    page.writesGroups(['售后', '物流']);
    expect(page.supervision.hasUnsaved()).toBe(true);
    await page.supervision.saveSection('groups');
    expect(page.saved).toMatchObject([{ version: 4, value: { groups: [{ name: '售后' }, { name: '物流' }] } }]);
    expect(page.supervision.hasUnsaved()).toBe(false);
    expect(page.form()).toMatchObject({ base: { version: 5 }, saving: false });
    expect(page.told).toEqual([{ kind: 'saved' }]);
  });

  it('keep what is not saved while one looks elsewhere and while they are read anew', async () => {
    const page = open({ settings: () => Promise.resolve(groupsAt(1, ['售后'])) });
    await page.goes({ view: 'settings', section: 'groups' });
    page.writesGroups(['改到一半']);
    await page.goes({ view: 'board' });
    await page.goes({ view: 'settings', section: 'groups' });
    expect(page.names()).toEqual(['改到一半']);
    expect(page.form()?.stale).toBeNull();
  });

  it('are never saved over what a colleague saved, unless that is what one wants', async () => {
    let version = 1;
    const page = open({
      settings: () => Promise.resolve(groupsAt(version, version === 1 ? ['售后'] : ['同事的'], '周明')),
      saveSettings: (_, body) => {
        if (body.version !== version) return Promise.reject(stale);
        version++;
        page.saved.push(body);
        return Promise.resolve(groupsAt(version, ['我的']));
      },
    });
    await page.goes({ view: 'settings', section: 'groups' });
    page.writesGroups(['我的']);
    version = 2;
    await page.supervision.saveSection('groups');
    expect(page.form()).toMatchObject({ stale: { version: 2, by: { name: '周明' } }, saving: false, failure: null });
    expect(page.names()).toEqual(['我的']);
    expect(page.saved).toEqual([]);
    await page.supervision.saveSection('groups', true);
    expect(page.saved).toMatchObject([{ version: 2, value: { groups: [{ name: '我的' }] } }]);
    expect(page.form()?.stale).toBeNull();
  });

  it('can be taken as the colleague saved them', async () => {
    let version = 1;
    const page = open({ settings: () => Promise.resolve(groupsAt(version, [`第${version}版`])) });
    await page.goes({ view: 'settings', section: 'groups' });
    page.writesGroups(['我的']);
    version = 2;
    page.supervision.refresh();
    await settled();
    expect(page.form()?.stale?.version).toBe(2);
    page.supervision.forms.reset(groups);
    expect(page.names()).toEqual(['第2版']);
    expect(page.supervision.hasUnsaved()).toBe(false);
  });

  it('show a fault at its field until the field is changed', async () => {
    const issues = [
      { path: 'groups.0.name', message: 'Give it a name.' },
      { path: 'groups.1.name', message: 'Give it a name.' },
    ];
    const page = open({
      settings: () => Promise.resolve(groupsAt(1, ['a', 'b'])),
      saveSettings: () => Promise.reject(new ApiError(400, 'InvalidInput', 'no', issues)),
    });
    await page.goes({ view: 'settings', section: 'groups' });
    page.writesGroups(['', '']);
    await page.supervision.saveSection('groups');
    expect(page.form()?.issues).toEqual(issues);
    page.writesGroups(['售后', '']);
    expect(page.form()?.issues).toEqual(issues.slice(1));
    expect(page.told).toEqual([]);
  });

  it('stay in their fields when the server can’t be reached', async () => {
    const page = open({
      settings: () => Promise.resolve(groupsAt(1, [])),
      saveSettings: () => Promise.reject(down),
    });
    await page.goes({ view: 'settings', section: 'groups' });
    page.writesGroups(['我的']);
    await page.supervision.saveSection('groups');
    expect(page.form()).toMatchObject({ failure: 'unreachable', saving: false });
    expect(page.names()).toEqual(['我的']);
  });

  it('send back a secret, and never what the server says of it', async () => {
    const read = { section: 'webhook' as const, version: 1, at: null, by: null };
    const page = open({
      settings: () =>
        Promise.resolve({ ...read, value: { url: 'https://desk.cn/hook', secret: '' as const, hasSecret: true } }),
      saveSettings: (_, body) => {
        page.saved.push(body);
        return Promise.resolve({ ...read, value: { url: null, secret: '' as const, hasSecret: true } });
      },
    });
    await page.goes({ view: 'settings', section: 'webhook' });
    page.supervision.forms.change(sectionKey('webhook'), { url: null, secret: 'x'.repeat(20), hasSecret: true });
    await page.supervision.saveSection('webhook');
    expect(page.saved).toEqual([{ version: 1, value: { url: null, secret: 'x'.repeat(20) } }]);
    expect(page.supervision.forms.of(sectionKey('webhook'))?.value.secret).toBe('');
  });

  it('are forgotten, changes and all, when somebody else signs in', async () => {
    const page = open({ settings: () => Promise.resolve(groupsAt(1, ['售后'])) });
    await page.goes({ view: 'settings', section: 'groups' });
    page.writesGroups(['我的']);
    page.supervision.forget();
    expect(page.state().forms).toEqual({});
    expect(page.supervision.hasUnsaved()).toBe(false);
  });
});

describe('accounts', () => {
  it('send what was changed, and an empty password changes nothing', async () => {
    const sent: unknown[] = [];
    const page = open({
      changeAccount: (id, body) => {
        sent.push(body);
        return Promise.resolve({ account: account(id, { capacity: body.capacity ?? null }) });
      },
    });
    page.supervision.beginAccount(account('li'));
    const form = page.supervision.forms.of(accountKey('li'));
    if (!form) throw new Error('The form is open.');
    page.supervision.forms.change(accountKey('li'), { ...form.value, capacity: 8 });
    expect(await page.supervision.saveAccount('li')).toBe(true);
    expect(sent).toEqual([{ capacity: 8 }]);
  });

  it('keep the form of a new one open, with its faults, until it is taken', async () => {
    const taken = new ApiError(409, 'exists', 'Somebody has this email already.');
    const page = open({ addAccount: () => Promise.reject(taken) });
    page.supervision.beginAccount(null);
    page.supervision.forms.change(newAccountKey, { name: '新', email: 'li@shop.cn', role: 'agent', password: 'x' });
    expect(await page.supervision.addAccount()).toBe(false);
    expect(page.supervision.forms.of(newAccountKey)).toMatchObject({
      issues: [{ path: 'email', message: taken.message }],
      value: { name: '新' },
    });
  });
});

describe('canned replies', () => {
  it('close their form when they are saved, and go at once when they are removed', async () => {
    let replies = [cannedReply('a', '你好'), cannedReply('b', '再见')];
    const page = open({
      canned: () => Promise.resolve({ canned: replies }),
      removeCanned: (id) => {
        replies = replies.filter((reply) => reply.id !== id);
        return Promise.resolve({});
      },
    });
    await page.goes({ view: 'canned' });
    page.supervision.beginCanned(null);
    page.supervision.forms.change(newCannedKey, { shortcut: 'th', title: '退货', text: '好的', groupId: null });
    expect(await page.supervision.saveCanned(null)).toBe(true);
    expect(page.supervision.forms.of(newCannedKey)).toBeNull();
    await page.supervision.removeCanned('a');
    expect(page.state().canned.value?.map(({ id }) => id)).toEqual(['b']);
    expect(page.told.map(({ kind }) => kind)).toEqual(['saved', 'removed']);
  });
});

describe('a time of day', () => {
  it('is understood as people type it', () => {
    expect(['9', '930', '9:30', '9：30', '09.30', '18:00', '24', ' 7 '].map(clockText)).toEqual([
      '09:00',
      '09:30',
      '09:30',
      '09:30',
      '09:30',
      '18:00',
      '24:00',
      '07:00',
    ]);
    expect(['25:00', '9:75', '早上', ''].map(clockText)).toEqual(['25:00', '9:75', '早上', '']);
  });

  it('is offered after the last one of the day', () => {
    expect(nextInterval([])).toEqual({ from: '09:00', to: '18:00' });
    expect(nextInterval([{ from: '09:00', to: '12:00' }])).toEqual({ from: '13:00', to: '17:00' });
    expect(nextInterval([{ from: '18:00', to: '24:00' }])).toBeNull();
    expect(nextInterval([{ from: '09:00', to: '' }])).toEqual({ from: '01:00', to: '05:00' });
  });
});

describe('a fault', () => {
  const m = messagesIn('zh-Hans').supervision;

  it('is told in the reader’s language where it is known, and as it came where not', () => {
    expect(faultText('Give it a name.', m)).toBe('请起个名字');
    expect(faultText('Too small: expected number to be >=45', m)).toBe('不能小于 45');
    expect(faultText('must be 10 to 256 characters', m)).toBe('至少 10 个字符');
    expect(faultText('Invalid input: expected number, received null', m)).toBe('请填写');
    expect(faultText('Something else.', m)).toBe('Something else.');
  });
});

describe('a password', () => {
  it('is long, easy to read aloud and never the same', () => {
    expect(passwordText()).toMatch(/^([a-hj-km-np-z2-9]{5}-){3}[a-hj-km-np-z2-9]{5}$/);
    expect(secretText()).toMatch(/^[a-z0-9]{32}$/);
    expect(new Set(Array.from({ length: 100 }, passwordText)).size).toBe(100);
  });
});

/** The section on a server of a few lines. */
function open(overrides: Partial<SupervisionClient> = {}, agent: AgentSelf = wang) {
  const calls: string[] = [];
  const saved: unknown[] = [];
  const told: SupervisionNotice[] = [];
  const scripted = supervisionClient(overrides);
  const client = new Proxy(scripted, {
    get: (target, name: keyof SupervisionClient) => {
      const call = target[name] as (...given: unknown[]) => unknown;
      return (...given: unknown[]) => {
        calls.push(name);
        return call(...given);
      };
    },
  });
  const supervision = createSupervision({
    client,
    me: () => agent,
    isOver: () => false,
    tell: (notice) => told.push(notice),
  });
  return {
    supervision,
    calls,
    saved,
    told,
    state: () => supervision.store.get(),
    form: () => supervision.forms.of(groups),
    names: () => supervision.forms.of(groups)?.value.groups.map(({ name }) => name),
    writesGroups: (names: readonly string[]) =>
      supervision.forms.change(groups, {
        groups: names.map((name, index) => ({ id: `g${index}`, name, mode: 'pull' })),
      }),
    goes: async (place: Parameters<typeof supervision.go>[0]) => {
      supervision.go(place);
      await settled();
    },
  };
}

async function settled() {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}
