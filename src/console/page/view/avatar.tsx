import type { JSX } from 'preact';

/** A person's initial on a colour of their own. */
export function Avatar({ id, name, size = 'm' }: { id: string; name: string; size?: 's' | 'm' }): JSX.Element {
  return (
    <span class={`avatar avatar-${size} hue-${hueOf(id)}`} aria-hidden="true">
      {initialOf(name)}
    </span>
  );
}

/** One of eight hues, the same for the same id. */
function hueOf(id: string): number {
  let sum = 0;
  for (const character of id) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973;
  return sum % 8;
}

/** Of a Chinese name the last character is the telling one (小雨 → 雨); of any other the first letter. */
function initialOf(name: string): string {
  const characters = [...name.trim()];
  const [first = '?'] = characters;
  const last = characters.at(-1) ?? first;
  return (/\p{Script=Han}/u.test(first) && characters.length <= 4 ? last : first).toUpperCase();
}
