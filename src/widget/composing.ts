import { longestText } from './chat.ts';

/**
 * Whether this key press sends: Enter alone. While an input method composes, Enter picks a candidate; Safari ends the
 * composition before it reports that very Enter, and marks it only by the old key code 229.
 */
export function isSend(event: {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  readonly isComposing: boolean;
  readonly keyCode: number;
}): boolean {
  if (event.isComposing || event.keyCode === 229) return false;
  return event.key === 'Enter' && !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey;
}

/** How much room is left in a message; null while there is plenty. Negative: so much too long. */
export function roomLeft(text: string): number | null {
  const left = longestText - text.trim().length;
  return left <= longestText / 10 ? left : null;
}

/** What can't be sent of chosen files, and why. The desk checks again; this only saves the upload. */
export function checkFile(file: { readonly type: string; readonly size: number }): 'ok' | 'wrong_type' | 'too_large' {
  if (!imageTypes.includes(file.type)) return 'wrong_type';
  return file.size > largestImage ? 'too_large' : 'ok';
}

/** What a customer may send: pictures that every browser shows, and no SVG, which can carry script. */
export const imageTypes: readonly string[] = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];

/** In bytes. */
export const largestImage = 10 * 1024 * 1024;

/** Pictures in one go. */
export const mostImages = 4;
