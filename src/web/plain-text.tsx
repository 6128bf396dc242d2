import type { ComponentChildren } from 'preact';
import { safeLink } from './links.ts';

/**
 * What a person wrote: literal text in which whole http(s) addresses can be followed. Nothing else is interpreted.
 * The address shown is the address opened; style the surrounding element with `white-space: pre-wrap`.
 */
export function linkified(text: string): ComponentChildren {
  if (!text.includes('://')) return text;
  return text.split(address).map((part, i) => {
    const href = i % 2 ? safeLink(part, part) : null;
    if (!href) return part;
    return (
      <a href={href} target="_blank" rel="noopener nofollow">
        {part}
      </a>
    );
  });
}

/** Printable ASCII only, so that the Chinese around it, look-alike letters and bidi marks are never part of a link. */
const address = /(https?:\/\/[a-zA-Z0-9](?:[!#-;=?-Z\\[\]_a-z~]{0,500}[a-zA-Z0-9/#=_~-])?)/;
