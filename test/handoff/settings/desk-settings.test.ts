import { InputError } from '../../../src/errors.ts';
import { defaultSettings } from '../../../src/handoff/settings/defaults.zh.ts';
import {
  createDeskSettings,
  type DeskSettings,
  type SettingsStore,
  type StoredSection,
} from '../../../src/handoff/settings/desk-settings.ts';
import { settingsSchemas, settingsSections } from '../../../src/handoff/settings/settings.ts';

/** A store in memory, and desks on it as other processes would have them. */
function aStore(...stored: readonly StoredSection[]) {
  const sections = new Map(stored.map((one) => [one.section, one]));
  const store: SettingsStore = {
    all: async () => [...sections.values()],
    save: async (section, { version, ...rest }) => {
      if ((sections.get(section)?.version ?? 0) !== version) return 'stale';
      sections.set(section, { section, version: version + 1, ...rest });
      return 'saved';
    },
  };
  const warnings: string[] = [];
  const desk = async (): Promise<DeskSettings> => {
    const settings = createDeskSettings({ store, now: () => 500, warn: (message) => warnings.push(message) });
    await settings.load();
    return settings;
  };
  return { store, warnings, desk };
}

const returns = { groups: [{ id: 'returns', name: '退换货', mode: 'auto' }] };
const first = { version: 0, agentId: 'boss' };

async function faultsOf(saving: Promise<unknown>): Promise<readonly string[]> {
  const error: unknown = await saving.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(InputError);
  return error instanceof InputError ? error.issues.map(({ path }) => path) : [];
}

describe('The settings of a desk', () => {
  it('are a working default before anybody changed them', async () => {
    const settings = await aStore().desk();
    expect(settings.current()).toEqual(defaultSettings);
    expect(settings.section('survey')).toEqual({ value: defaultSettings.survey, version: 0, at: null, by: null });
    for (const section of settingsSections) {
      expect(settingsSchemas[section].safeParse(defaultSettings[section]).success).toBe(true);
    }
  });

  it('hold what was saved, at once, and say when and by whom', async () => {
    const settings = await aStore().desk();
    expect(await settings.save('groups', returns, first)).toBe('saved');
    expect(settings.current().groups).toEqual(returns);
    expect(settings.section('groups')).toEqual({ value: returns, version: 1, at: 500, by: 'boss' });
    expect(settings.current().survey).toBe(defaultSettings.survey);
  });

  it('are the same object until something changes', async () => {
    const settings = await aStore().desk();
    const before = settings.current();
    expect(await settings.refresh()).toBe(false);
    expect(settings.current()).toBe(before);
  });

  it('are one process’s as much as the other’s, after a look', async () => {
    const { desk } = aStore();
    const [here, there] = [await desk(), await desk()];
    await here.save('groups', returns, first);
    expect(there.current().groups.groups).toEqual([]);
    expect(await there.refresh()).toBe(true);
    expect(there.section('groups')).toEqual(here.section('groups'));
  });

  it('take nothing back because of a look that was overtaken by a save', async () => {
    const { store, desk } = aStore();
    await (await desk()).save('groups', { groups: [] }, first);
    let held: (() => void) | null = null;
    const slow: SettingsStore = {
      ...store,
      all: async () => {
        const stored = await store.all();
        if (held === null) await new Promise<void>((resolve) => (held = resolve));
        return stored;
      },
    };
    const settings = createDeskSettings({ store: slow, now: () => 1, warn: () => {} });
    const looking = settings.refresh();
    await new Promise(setImmediate);
    await settings.save('groups', returns, { ...first, version: 1 });
    (held as (() => void) | null)?.();
    await looking;
    expect(settings.current().groups).toEqual(returns);
  });
});

describe('Two supervisors who save the same section', () => {
  it('do not undo each other: the second is told, and sees what stands there', async () => {
    const { desk } = aStore();
    const [here, there] = [await desk(), await desk()];
    expect(await here.save('groups', returns, first)).toBe('saved');
    expect(await there.save('groups', { groups: [] }, first)).toBe('stale');
    expect(there.section('groups')).toMatchObject({ value: returns, version: 1 });
    expect(await there.save('groups', { groups: [] }, { version: 1, agentId: 'boss' })).toBe('saved');
  });

  it('are told so before they are told of faults in what they saw', async () => {
    const { desk } = aStore();
    const [here, there] = [await desk(), await desk()];
    await here.save('routing', defaultSettings.routing, first);
    expect(await there.save('routing', { ...defaultSettings.routing, defaultGroup: 'gone' }, first)).toBe('stale');
  });

  it('do not at the very same time either', async () => {
    const { desk } = aStore();
    const [here, there] = [await desk(), await desk()];
    const outcomes = await Promise.all([
      here.save('groups', returns, first),
      there.save('groups', { groups: [] }, first),
    ]);
    expect(outcomes.toSorted()).toEqual(['saved', 'stale']);
    expect(here.section('groups')).toEqual(there.section('groups'));
  });
});

describe('A bad value', () => {
  it('is refused, field by field', async () => {
    const settings = await aStore().desk();
    const groups = { groups: [{ id: 'Bad id', name: ' ', mode: 'auto' }] };
    expect(await faultsOf(settings.save('groups', groups, first))).toEqual(['groups.0.id', 'groups.0.name']);
    expect(await faultsOf(settings.save('survey', null, first))).toEqual(['']);
    expect(settings.current()).toBe(defaultSettings);
  });

  it('is a group that does not exist', async () => {
    const { desk } = aStore();
    const settings = await desk();
    const { routing } = defaultSettings;
    const rule = { id: 'r', name: 'r', when: {}, then: { group: 'returns', priority: null } };
    const wanted = { ...routing, defaultGroup: 'gone', rules: [rule] };
    expect(await faultsOf(settings.save('routing', wanted, first))).toEqual(['defaultGroup', 'rules.0.then.group']);
    // Known here as soon as another process knows it.
    await (await desk()).save('groups', returns, first);
    expect(await settings.save('routing', { ...wanted, defaultGroup: null }, first)).toBe('saved');
  });

  it('is a webhook that anybody could sign, or that does not speak HTTP', async () => {
    const settings = await aStore().desk();
    const save = (url: string | null, secret: string) => settings.save('webhook', { url, secret }, first);
    expect(await faultsOf(save('https://desk.example/hook', 'too short'))).toEqual(['secret']);
    expect(await faultsOf(save('ftp://desk.example/hook', 'x'.repeat(16)))).toEqual(['url']);
    expect(await faultsOf(save('javascript:alert(1)', 'x'.repeat(16)))).toEqual(['url']);
    expect(await save('http://127.0.0.1:9000/hook', 'x'.repeat(16))).toBe('saved');
  });

  it('is a reason that must be chosen where there is none', async () => {
    const settings = await aStore().desk();
    expect(await faultsOf(settings.save('resolutions', { required: true, reasons: [] }, first))).toEqual(['reasons']);
  });
});

describe('A group that is deleted', () => {
  it('takes nothing with it: what names it is left as it is', async () => {
    const settings = await aStore().desk();
    await settings.save('groups', returns, first);
    await settings.save('routing', { ...defaultSettings.routing, defaultGroup: 'returns' }, first);
    expect(await settings.save('groups', { groups: [] }, { ...first, version: 1 })).toBe('saved');
    expect(settings.current().routing.defaultGroup).toBe('returns');
  });
});

describe('What is stored and can’t be read any more', () => {
  const stored = (section: string, value: string): StoredSection => ({
    section,
    value,
    version: 3,
    at: 1,
    agentId: 'b',
  });

  it('counts as the default, with a warning that tells no secret, and can be saved anew', async () => {
    const { desk, warnings } = aStore(
      stored('survey', '{ not json'),
      stored('webhook', JSON.stringify({ url: 'gopher://x', secret: 'a-very-secret-secret' })),
      stored('hours', 'null'),
      stored('of-a-later-version', '{}'),
    );
    const settings = await desk();
    expect(settings.current()).toEqual(defaultSettings);
    expect(warnings).toHaveLength(3);
    expect(warnings.join()).not.toContain('a-very-secret-secret');
    await settings.refresh();
    expect(warnings).toHaveLength(3);
    expect(await settings.save('survey', { kind: 'nps', followUpBelow: 6 }, { version: 3, agentId: 'b' })).toBe(
      'saved',
    );
    expect(settings.current().survey.kind).toBe('nps');
  });

  it('has the default for what has come since it was saved', async () => {
    const { graceSeconds: _, ...older } = { ...defaultSettings.routing, reopenHours: 48 };
    const { desk, warnings } = aStore(stored('routing', JSON.stringify(older)));
    expect((await desk()).current().routing).toEqual({ ...defaultSettings.routing, reopenHours: 48 });
    expect(warnings).toEqual([]);
  });
});
