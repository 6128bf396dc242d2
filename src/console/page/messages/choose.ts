import { en } from './en.ts';
import { pickLocale, type Locale } from '../../../web/locale.ts';
import type { Messages } from './messages.ts';
import { zhHans } from './zh-hans.ts';
import { zhHant } from './zh-hant.ts';

/** The languages of the page, each by its own name. */
export const locales: readonly { readonly locale: Locale; readonly name: string }[] = [
  { locale: 'zh-Hans', name: '简体中文' },
  { locale: 'zh-Hant', name: '繁體中文' },
  { locale: 'en', name: 'English' },
];

/** What the page says in a language. */
export function messagesIn(locale: Locale): Messages {
  switch (locale) {
    case 'zh-Hans':
      return zhHans;
    case 'zh-Hant':
      return zhHant;
    case 'en':
      return en;
  }
}

/** The language the reader chose on this device, else the first of the browser's that we speak. */
export function chooseLocale(kept: string | null, wanted: readonly string[]): Locale {
  return locales.find(({ locale }) => locale === kept)?.locale ?? pickLocale(wanted);
}
