import { InputError, type Issue } from '../../errors.ts';
import { check } from '../../http.ts';
import { defaultSettings } from './defaults.zh.ts';
import { type Settings, type SettingsSection, settingsSchemas, settingsSections } from './settings.ts';

/** What is remembered of one section: `value` is JSON, `version` counts how often it was saved. */
export type StoredSection = {
  readonly section: string;
  readonly value: string;
  readonly version: number;
  readonly at: number;
  readonly agentId: string;
};

/** What the settings need of a store. */
export type SettingsStore = {
  /** Every section that was ever saved. */
  all(): Promise<readonly StoredSection[]>;
  /**
   * Replaces version `version` of a section (0: it was never saved), which then has the next one. 'stale', and nothing
   * changes, when it has another version by now.
   */
  save(section: string, saved: Omit<StoredSection, 'section'>): Promise<'saved' | 'stale'>;
};

/** A section as supervisors see it. Version 0, by nobody, is the default that nobody changed. */
export type SectionState<Section extends SettingsSection> = {
  readonly value: Settings[Section];
  readonly version: number;
  readonly at: number | null;
  /** Id of who saved it. */
  readonly by: string | null;
};

/** What supervisors set up, at hand for everybody who decides by it. */
export type DeskSettings = {
  /** As they were last read or saved: the same object until something changes. Defaults before `load`. */
  current(): Settings;
  /** Reads what is stored. For the start. */
  load(): Promise<void>;
  /** Reads what other processes saved. Resolves with whether anything changed. */
  refresh(): Promise<boolean>;
  section<Section extends SettingsSection>(section: Section): SectionState<Section>;
  /**
   * Replaces a section, if `version` is still the one that is stored; `current` tells it as soon as this resolves. Also
   * after 'stale', `section` tells what stands there now. Refuses a bad value with an InputError that names each field.
   */
  save(
    section: SettingsSection,
    value: unknown,
    by: { readonly version: number; readonly agentId: string },
  ): Promise<'saved' | 'stale'>;
};

/** The settings of the desk. What is stored and can't be read any more counts as the default, with a warning. */
export function createDeskSettings(needs: {
  readonly store: SettingsStore;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly warn: (message: string) => void;
}): DeskSettings {
  const { store, now, warn } = needs;
  let states: States = unchanged;
  let settings: Settings = defaultSettings;

  /** Whether anything is newer than what is known: a look that was overtaken by a save takes nothing back. */
  function take(stored: readonly StoredSection[]): boolean {
    const newer = stored.filter(({ section, version }) => isSection(section) && version > states[section].version);
    for (const one of newer) states = { ...states, [one.section]: stateOf(one, warn) };
    if (newer.length > 0) settings = settingsOf(states);
    return newer.length > 0;
  }

  const refresh = async (): Promise<boolean> => take(await store.all());

  return {
    current: () => settings,
    load: async () => void (await refresh()),
    refresh,
    section: (section) => states[section],
    save: async (section, given, { version, agentId }) => {
      const checked: unknown = check<unknown>(settingsSchemas[section], given);
      // What it is held against may have been changed by another process.
      await refresh();
      if (states[section].version !== version) return 'stale';
      refuseIf(faultsIn({ ...settings, [section]: checked }, section));
      const value = JSON.stringify(checked);
      const at = now();
      const outcome = await store.save(section, { value, version, at, agentId });
      if (outcome === 'saved') take([{ section, value, version: version + 1, at, agentId }]);
      else await refresh();
      return outcome;
    },
  };
}

type States = { readonly [Section in SettingsSection]: SectionState<Section> };

const unchanged = Object.fromEntries(
  settingsSections.map((section) => [section, { value: defaultSettings[section], version: 0, at: null, by: null }]),
) as States;

function settingsOf(states: States): Settings {
  return Object.fromEntries(settingsSections.map((section) => [section, states[section].value])) as Settings;
}

function isSection(name: string): name is SettingsSection {
  return Object.hasOwn(settingsSchemas, name);
}

function stateOf(stored: StoredSection, warn: (message: string) => void): SectionState<SettingsSection> {
  const { version, at, agentId: by } = stored;
  const section = stored.section as SettingsSection;
  const read = settingsSchemas[section].safeParse(completed(section, stored.value));
  if (read.success) return { value: read.data, version, at, by };
  const [issue] = read.error.issues;
  // The path alone: a value may be a secret.
  warn(`The settings "${section}" can't be read (${issue?.path.join('.') || 'not JSON'}); their default stands in.`);
  return { value: defaultSettings[section], version, at, by };
}

/** What is stored; a key that has come since it was saved has its default. */
function completed(section: SettingsSection, json: string): unknown {
  try {
    const stored = JSON.parse(json) as unknown;
    const isObject = typeof stored === 'object' && stored !== null && !Array.isArray(stored);
    return isObject ? { ...defaultSettings[section], ...stored } : stored;
  } catch {
    return undefined;
  }
}

/** What is wrong with a section in the light of the others, or as a whole. Paths begin inside the section. */
function faultsIn(settings: Settings, section: SettingsSection): readonly Issue[] {
  switch (section) {
    case 'routing':
      return missingGroups(settings);
    case 'resolutions':
      return settings.resolutions.required && settings.resolutions.reasons.length === 0
        ? [{ path: 'reasons', message: 'Name a reason, or no conversation can be resolved.' }]
        : [];
    case 'webhook':
      return settings.webhook.url !== null && settings.webhook.secret.length < shortestSecret
        ? [{ path: 'secret', message: `Use at least ${shortestSecret} characters.` }]
        : [];
    // A group may go: what names it then passes it over.
    case 'groups':
    case 'tags':
    case 'hours':
    case 'promises':
    case 'survey':
      return [];
  }
}

const shortestSecret = 16;

function missingGroups({ groups, routing }: Settings): readonly Issue[] {
  const named = [
    { path: 'defaultGroup', group: routing.defaultGroup },
    ...routing.rules.map(({ then }, index) => ({ path: `rules.${index}.then.group`, group: then.group })),
  ];
  return named
    .filter(({ group }) => group !== null && !groups.groups.some(({ id }) => id === group))
    .map(({ path, group }) => ({ path, message: `There is no group "${group ?? ''}".` }));
}

function refuseIf(issues: readonly Issue[]): void {
  const [first] = issues;
  if (first) throw new InputError(`${first.path}: ${first.message}`, issues);
}
