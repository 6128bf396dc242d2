/** The languages our pages speak. */
export type Locale = 'zh-Hans' | 'zh-Hant' | 'en';

/**
 * The first of the wanted languages (BCP 47 tags, in the order of preference) that our pages speak. Any other Chinese
 * is simplified Chinese; a customer who wants neither Chinese nor English gets simplified Chinese too, the shop's own.
 */
export function pickLocale(wanted: readonly (string | null | undefined)[]): Locale {
  for (const tag of wanted) {
    if (!tag) continue;
    const [language, ...parts] = tag.replace(/_/g, '-').toLowerCase().split('-');
    if (language === 'en') return 'en';
    if (language === 'yue') return 'zh-Hant';
    if (language !== 'zh') continue;
    if (parts.includes('hans')) return 'zh-Hans';
    return parts.some((part) => ['hant', 'tw', 'hk', 'mo'].includes(part)) ? 'zh-Hant' : 'zh-Hans';
  }
  return 'zh-Hans';
}

/** A phrase with its `{name}` places filled. A place nobody fills stays visible, so that a test or a reader sees it. */
export function fill(phrase: string, values: Readonly<Record<string, string | number>>): string {
  return phrase.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}
