import type { SettingsSection } from '../../handoff/settings/settings.ts';

/** The parts of the supervisor's section, in the order of their tabs. */
export const supervisionViews = ['board', 'conversations', 'agents', 'canned', 'settings'] as const;
export type SupervisionView = (typeof supervisionViews)[number];

/** The settings, in the order in which one sets up a desk. */
export const settingsPages = [
  'groups',
  'routing',
  'hours',
  'promises',
  'tags',
  'resolutions',
  'survey',
  'webhook',
] as const satisfies readonly SettingsSection[];

/** Which open conversations are listed: all, or of one agent, of one group (`none`: of no group), with a broken promise. */
export type OpenFilter = { readonly agent: string | null; readonly group: string | null; readonly broken: boolean };

export type SupervisionPlace =
  | { readonly view: 'board' | 'agents' | 'canned' }
  | { readonly view: 'conversations'; readonly filter: OpenFilter }
  | { readonly view: 'settings'; readonly section: SettingsSection };

export const allOpen: OpenFilter = { agent: null, group: null, broken: false };

/** Where a view starts. */
export function supervisionStart(view: SupervisionView): SupervisionPlace {
  switch (view) {
    case 'board':
    case 'agents':
    case 'canned':
      return { view };
    case 'conversations':
      return { view, filter: allOpen };
    case 'settings':
      return { view, section: 'groups' };
  }
}

/** All addresses of the section begin with it, and no conversation's does: a slash in an id is written %2F. */
export const supervisionPrefix = 'supervision/';

/** The address of a place, without `#`. */
export function supervisionAddress(place: SupervisionPlace): string {
  if (place.view === 'settings') return `${supervisionPrefix}settings/${place.section}`;
  if (place.view !== 'conversations') return supervisionPrefix + place.view;
  const { agent, group, broken } = place.filter;
  const query = new URLSearchParams();
  if (agent !== null) query.set('agent', agent);
  if (group !== null) query.set('group', group);
  if (broken) query.set('broken', '1');
  return `${supervisionPrefix}conversations${query.size === 0 ? '' : `?${query.toString()}`}`;
}

/** The place that an address names, which begins with the prefix; where it names none, where the section starts. */
export function supervisionPlaceOf(address: string): SupervisionPlace {
  const [path = '', search = ''] = address.slice(supervisionPrefix.length).split(/\?(.*)/s);
  const [name, part] = path.split('/');
  const start = supervisionStart(supervisionViews.find((view) => view === name) ?? 'board');
  if (start.view === 'settings') {
    return { ...start, section: settingsPages.find((section) => section === part) ?? start.section };
  }
  if (start.view !== 'conversations') return start;
  const query = new URLSearchParams(search);
  return {
    ...start,
    filter: {
      agent: query.get('agent') || null,
      group: query.get('group') || null,
      broken: query.get('broken') === '1',
    },
  };
}
