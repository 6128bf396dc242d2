import { pinyin } from 'pinyin-pro';

/** How a Chinese word may sound, without tones, one string for each way to read its characters (at most `mostReadings`). */
export function soundsOf(word: string): readonly string[] {
  let sounds: readonly string[] = [''];
  for (const character of word) {
    const next = sounds.flatMap((sound) => readingsOf(character).map((reading) => sound + reading));
    sounds = next.slice(0, mostReadings);
  }
  return sounds;
}

/**
 * A sound as people who do not tell some of them apart spell it: zh and z, ch and c, sh and s, n and l, ng and n at the
 * end of a syllable.
 */
export function folded(sound: string): string {
  return sound
    .replace(/(?<=[zcs])h/g, '')
    .replace(/n(?=[aeiouv])/g, 'l')
    .replace(/ng/g, 'n');
}

/** Of a word with several characters that can be read in several ways. */
const mostReadings = 4;

const known = new Map<string, readonly string[]>();

/** Most characters of a base are asked for again and again, and the library takes 20 µs for each. */
function readingsOf(character: string): readonly string[] {
  let readings = known.get(character);
  if (!readings) {
    readings = pinyin(character, { toneType: 'none', type: 'array', multiple: true, v: true });
    known.set(character, readings);
  }
  return readings;
}
