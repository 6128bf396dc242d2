export type Decoded =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'refused'; readonly line: number; readonly reason: string };

/**
 * Text from UTF-8 bytes, with or without a byte order mark, every line ending a line feed; or on which line (from 1)
 * and why it is not UTF-8. Nothing is guessed: text in the wrong encoding would be served as it is.
 */
export function decodeText(bytes: Uint8Array): Decoded {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    return { kind: 'refused', line: 1, reason: 'the file is UTF-16: save it as UTF-8' };
  }
  const nul = bytes.indexOf(0);
  if (nul >= 0) {
    return { kind: 'refused', line: lineAt(bytes, nul), reason: 'the file holds a NUL byte: it is binary, not text' };
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { kind: 'text', text: text.replace(/\r\n?/g, '\n') };
  } catch {
    const found = decodes('gb18030', bytes) ? 'not UTF-8 but probably GBK' : 'not UTF-8';
    return { kind: 'refused', line: firstBadLine(bytes), reason: `the file is ${found}: save it as UTF-8` };
  }
}

function lineAt(bytes: Uint8Array, offset: number): number {
  let line = 1;
  for (let at = bytes.indexOf(0x0a); at >= 0 && at < offset; at = bytes.indexOf(0x0a, at + 1)) line++;
  return line;
}

function firstBadLine(bytes: Uint8Array): number {
  let line = 1;
  for (let start = 0; start <= bytes.length; line++) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline < 0 ? bytes.length : newline;
    if (!decodes('utf-8', bytes.subarray(start, end))) return line;
    start = end + 1;
  }
  return line;
}

function decodes(encoding: string, bytes: Uint8Array): boolean {
  try {
    new TextDecoder(encoding, { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
