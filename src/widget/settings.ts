import { pickLocale, type Locale } from '../web/locale.ts';

/** What the owner's script tag says. */
export type Settings = {
  /** Origin of the desk: where the script came from. */
  readonly server: string;
  /** Heading of the panel; null = the locale's own. */
  readonly title: string | null;
  readonly colour: string;
  readonly locale: Locale;
  readonly position: 'right' | 'left';
  /** Open from the start. */
  readonly open: boolean;
  /** `auto`: as the customer's system. */
  readonly theme: 'auto' | 'light' | 'dark';
};

/** The settings of a script tag. What is missing or malformed gets its default, so that a typo never costs the chat. */
export function readSettings(
  script: { readonly src: string; readonly dataset: Readonly<Record<string, string | undefined>> },
  page: { readonly language: string; readonly languages: readonly string[] },
): Settings {
  const { title, colour, color, locale, position, open, theme } = script.dataset;
  return {
    server: new URL(script.src).origin,
    title: title?.trim().slice(0, 60) || null,
    colour: colour ?? color ?? '',
    locale: pickLocale([locale, page.language, ...page.languages]),
    position: position === 'left' ? 'left' : 'right',
    open: open !== undefined && open !== 'false',
    theme: theme === 'light' || theme === 'dark' ? theme : 'auto',
  };
}
