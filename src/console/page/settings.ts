import type { Locale } from '../../web/locale.ts';
import type { KeyValue } from './drafts.ts';
import { chooseLocale } from './messages/choose.ts';
import { createStore, type Store } from './store.ts';

/** How the page looks and sounds on this device. */
export type Settings = {
  readonly locale: Locale;
  readonly theme: 'auto' | 'light' | 'dark';
  readonly sound: boolean;
};

/** The settings, kept on the device from visit to visit. */
export function createSettings(storage: KeyValue, languages: readonly string[]): Store<Settings> {
  const kept = read(storage);
  const store = createStore<Settings>({
    locale: chooseLocale(kept.locale ?? null, languages),
    theme: kept.theme === 'light' || kept.theme === 'dark' ? kept.theme : 'auto',
    sound: kept.sound === true,
  });
  store.listen(() => {
    try {
      storage.setItem(key, JSON.stringify(store.get()));
    } catch {
      // A full or forbidden storage costs the settings of the next visit, nothing more.
    }
  });
  return store;
}

const key = 'zhike.console.settings';

function read(storage: KeyValue): Partial<Settings> {
  try {
    return (JSON.parse(storage.getItem(key) ?? 'null') as Partial<Settings> | null) ?? {};
  } catch {
    return {};
  }
}
