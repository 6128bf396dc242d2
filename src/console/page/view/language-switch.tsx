import type { JSX } from 'preact';
import type { Locale } from '../../../web/locale.ts';
import { locales } from '../messages/choose.ts';
import { Icon } from './icons.tsx';
import { useSurroundings } from './surroundings.ts';

/** Each language by its own name. */
export function LanguageSwitch(): JSX.Element {
  const { m, locale, settings } = useSurroundings();
  return (
    <label class="language" title={m.rail.language}>
      <Icon name="globe" size={18} />
      <span class="sr-only">{m.rail.language}</span>
      <select value={locale} onChange={(event) => settings.set({ locale: event.currentTarget.value as Locale })}>
        {locales.map((each) => (
          <option value={each.locale} key={each.locale} lang={each.locale}>
            {each.name}
          </option>
        ))}
      </select>
    </label>
  );
}
