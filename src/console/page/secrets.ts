/** A secret nobody guesses: 158 bits in letters and digits. */
export function secretText(): string {
  return charactersOf(32);
}

/** A password to read aloud: four groups of characters that are not taken for each other, 98 bits. */
export function passwordText(): string {
  return (charactersOf(20).match(/.{5}/g) ?? []).join('-');
}

/** Every character is equally likely: bytes beyond a multiple of the alphabet are thrown away. */
function charactersOf(count: number): string {
  const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';
  const fair = 256 - (256 % alphabet.length);
  let text = '';
  while (text.length < count) {
    const bytes = crypto.getRandomValues(new Uint8Array(count));
    for (const byte of bytes) if (byte < fair && text.length < count) text += alphabet[byte % alphabet.length];
  }
  return text;
}
