import type { Locale } from '../../web/locale.ts';
import { messages as en } from './en.ts';
import { messages as hans } from './zh-Hans.ts';
import { messages as hant } from './zh-Hant.ts';

/** Everything the widget says by itself. `{name}` marks a place to fill. */
export type Messages = Readonly<Record<keyof typeof hans, string>>;

/** The messages of each locale. */
export const messagesOf: Readonly<Record<Locale, Messages>> = { 'zh-Hans': hans, 'zh-Hant': hant, en };
