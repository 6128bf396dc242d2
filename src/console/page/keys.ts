import { views, type View } from '../limits.ts';

/** What a key asks for. */
export type Command =
  | { readonly kind: 'move'; readonly step: 1 | -1 }
  | { readonly kind: 'claim' }
  | { readonly kind: 'reply' }
  | { readonly kind: 'note' }
  | { readonly kind: 'view'; readonly view: View }
  | { readonly kind: 'help' }
  | { readonly kind: 'leave' };

export type KeyPress = {
  readonly key: string;
  /** Ctrl, Alt or Meta is held. */
  readonly modified: boolean;
  /** An input method is composing: every key belongs to it. */
  readonly composing: boolean;
  /** The focus is where text is written. */
  readonly writing: boolean;
};

/** The page's keyboard map. Letters are commands only outside of text fields; Enter opens by being the button's own key. */
export function commandFor({ key, modified, composing, writing }: KeyPress): Command | null {
  if (modified || composing) return null;
  if (key === 'Escape') return { kind: 'leave' };
  if (writing) return null;
  switch (key) {
    case 'j':
    case 'ArrowDown':
      return { kind: 'move', step: 1 };
    case 'k':
    case 'ArrowUp':
      return { kind: 'move', step: -1 };
    case 'c':
      return { kind: 'claim' };
    case 'r':
      return { kind: 'reply' };
    case 'n':
      return { kind: 'note' };
    case '?':
      return { kind: 'help' };
    default: {
      const view = /^[1-9]$/.test(key) ? views[Number(key) - 1] : undefined;
      return view ? { kind: 'view', view } : null;
    }
  }
}

/** Does Enter send? Not with Shift, and not while an input method composes (Safari says so only by key code 229). */
export function sends(event: { key: string; shiftKey: boolean; isComposing: boolean; keyCode: number }): boolean {
  return event.key === 'Enter' && !event.shiftKey && !event.isComposing && event.keyCode !== 229;
}
