/** The owner's colour, and what of it can be read where. All as `#rrggbb`. */
export type Palette = {
  /** The colour itself: launcher, header, own bubbles. */
  readonly accent: string;
  /** Text on it. */
  readonly onAccent: string;
  /** The colour as text on a light and on a dark ground, moved as far as it must be to be legible. */
  readonly inkOnLight: string;
  readonly inkOnDark: string;
};

/** A palette around an owner's `#rgb` or `#rrggbb`; anything else is the default. Every pair has a contrast of 4.5 or more. */
export function paletteOf(colour: string): Palette {
  const accent = parse(colour) ?? parse(defaultColour) ?? black;
  // White looks right on strong colours, so it wins wherever it is legible.
  const onAccent = contrast(accent, white) >= legible ? white : contrast(accent, black) >= legible ? black : white;
  const filled = onAccent === white ? towards(accent, black, white) : accent;
  return {
    accent: hex(filled),
    onAccent: hex(onAccent),
    inkOnLight: hex(towards(accent, black, lightGround)),
    inkOnDark: hex(towards(accent, white, darkGround)),
  };
}

/** WCAG contrast of two `#rrggbb` colours, 1..21. */
export function contrastOf(a: string, b: string): number {
  return contrast(parse(a) ?? black, parse(b) ?? black);
}

type Rgb = readonly [number, number, number];

const defaultColour = '#0b7a5b';
const legible = 4.5;
const white: Rgb = [255, 255, 255];
const black: Rgb = [17, 22, 28];
/** The grounds of bubbles in widget.css, the less favourable of each scheme. */
const lightGround: Rgb = [241, 243, 245];
const darkGround: Rgb = [42, 48, 56];

function parse(colour: string): Rgb | null {
  const [, digits] = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(colour.trim()) ?? [];
  if (!digits) return null;
  const full = digits.length === 3 ? digits.replace(/./g, '$&$&') : digits;
  const value = parseInt(full, 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

function hex(rgb: Rgb): string {
  return `#${rgb.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;
}

/** The colour nearest to `from` on the way to `to` that can be read on `ground`. */
function towards(from: Rgb, to: Rgb, ground: Rgb): Rgb {
  for (let step = 0; step < 20; step++) {
    const mixed = mix(from, to, step / 20);
    if (contrast(mixed, ground) >= legible) return mixed;
  }
  return to;
}

function mix(a: Rgb, b: Rgb, share: number): Rgb {
  const at = (i: 0 | 1 | 2) => Math.round(a[i] + (b[i] - a[i]) * share);
  return [at(0), at(1), at(2)];
}

function contrast(a: Rgb, b: Rgb): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
