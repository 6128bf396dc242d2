/**
 * Foreign text as a reader may safely be shown it: every line ends with `\n`, and what could reorder or overwrite the
 * text around it (control characters, directions that are not closed) or can't be written at all (lone surrogates)
 * becomes U+FFFD, so that it is seen that something stood there.
 */
export function readable(text: string): string {
  return text.replace(/\r\n?|[\u0085\u2028\u2029\v\f]/g, '\n').replace(unreadable, '\uFFFD');
}

/** The same on one line, for names: breaks become spaces. */
export function readableName(name: string): string {
  return readable(name).replace(/\s+/g, ' ').trim();
}

/** All but tab and line feed of Cc; embeddings, overrides and isolates; half a character. Left-to-right marks may stay. */
const unreadable = /[^\P{Cc}\n\t]|[\u202A-\u202E\u2066-\u2069]|\p{Surrogate}/gu;
