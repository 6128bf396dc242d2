/** The link's absolute address if a customer or an agent may be led there (http, https, mailto), else null. */
export function safeLink(href: string, base: string): string | null {
  const url = parse(href, base);
  return url && ['http:', 'https:', 'mailto:'].includes(url.protocol) ? url.href : null;
}

/** The image's absolute address if it comes over https or from the server itself, else null. */
export function safeImage(src: string, base: string): string | null {
  const url = parse(src, base);
  if (!url) return null;
  if (url.protocol === 'https:') return url.href;
  return url.protocol === 'http:' && url.origin === new URL(base).origin ? url.href : null;
}

/** Judged by the parsed URL, never by the text: `java\nscript:` and friends have one spelling after parsing. */
function parse(href: string, base: string): URL | null {
  try {
    return new URL(href, base);
  } catch {
    return null;
  }
}
