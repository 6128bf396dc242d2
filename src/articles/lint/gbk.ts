/**
 * The first part of a text that is UTF-8 read as GBK, or null. UTF-8 writes a common Chinese character as three bytes (E4–E9, 80–BF, 80–BF), so two of them read as GBK are three
 * characters from three small classes. Ordinary text meets all three by chance, but hardly ever with one that
 * everyday GB2312 lacks.
 */
export function gbkMojibake(text: string): string | null {
  const classOf = (gbkClasses ??= readGbkClasses());
  const at = (index: number): number => classOf[text.charCodeAt(index)] ?? 0;
  for (let index = 0; index < text.length - 2; index++) {
    if (!(at(index) & first && at(index + 1) & second && at(index + 2) & third)) continue;
    if (!(at(index) & at(index + 1) & at(index + 2) & everyday)) return text.slice(index, index + 3);
  }
  return null;
}

const first = 1;
const second = 2;
const third = 4;
const everyday = 8;

/** The classes of every UTF-16 unit, as bits; a pattern with such classes takes fifty times as long. */
let gbkClasses: Uint8Array | undefined;

function readGbkClasses(): Uint8Array {
  const classes = new Uint8Array(0x10000);
  const mark = (bit: number, characters: readonly string[]): void => {
    for (const character of characters)
      classes[character.charCodeAt(0)] = (classes[character.charCodeAt(0)] ?? 0) | bit;
  };
  mark(first, gbkCharacters([0xe4, 0xe9], [0x80, 0xbf]));
  mark(second, gbkCharacters([0x81, 0xbf], [0xe4, 0xe9]));
  mark(third, gbkCharacters([0x81, 0xbf], [0x80, 0xbf]));
  mark(everyday, gbkCharacters([0xb0, 0xf7], [0xa1, 0xfe]));
  return classes;
}

/** The characters with these two bytes in GBK. */
function gbkCharacters(leads: readonly [number, number], trails: readonly [number, number]): readonly string[] {
  const decoder = new TextDecoder('gbk');
  const characters: string[] = [];
  for (let lead = leads[0]; lead <= leads[1]; lead++) {
    for (let trail = trails[0]; trail <= trails[1]; trail++) {
      const character = decoder.decode(Uint8Array.of(lead, trail));
      if (character.length === 1 && character !== '\ufffd') characters.push(character);
    }
  }
  return characters;
}
