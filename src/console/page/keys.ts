import type { View } from '../limits.ts';

/** What a key asks for. */
export type Command =
  | { readonly kind: 'move'; readonly step: 1 | -1 }
  | { readonly kind: 'claim' }
  | { readonly kind: 'reply' }
  | { readonly kind: 'note' }
  /** Something to do with the open conversation. */
  | { readonly kind: 'act'; readonly what: ConversationAct }
  /** Of the section shown, from 0. */
  | { readonly kind: 'tab'; readonly place: number }
  | { readonly kind: 'section' | 'ask' }
  | { readonly kind: 'search' }
  | { readonly kind: 'go'; readonly to: Goal }
  /** The next key says where to. */
  | { readonly kind: 'prefix' }
  | { readonly kind: Decision }
  | { readonly kind: 'help' }
  | { readonly kind: 'leave' };

/** What an agent does with the open conversation, beside claiming it and writing. */
export type ConversationAct = 'transfer' | 'snooze' | 'resolve' | 'takeOver' | 'more';

/** Where one gets with G and another key. */
export type Goal = View | 'snoozed' | 'knowledge' | 'supervision';

/** What an editor does with a proposal. */
export type Decision = 'accept' | 'edit' | 'refuse';

export type KeyPress = {
  readonly key: string;
  /** Ctrl, Alt or Meta is held. */
  readonly modified: boolean;
  /** An input method is composing: every key belongs to it. */
  readonly composing: boolean;
  /** The focus is where text is written. */
  readonly writing: boolean;
  /** G was pressed just before. */
  readonly going?: boolean;
  /** Ctrl or Meta alone is held. */
  readonly controlled?: boolean;
};

/** The page's keyboard map. Letters are commands only outside of text fields; Enter opens by being the button's own key. */
export function commandFor({ key, modified, composing, writing, going, controlled }: KeyPress): Command | null {
  if (composing) return null;
  if (controlled && key.toLowerCase() === 'k') return { kind: 'search' };
  if (modified) return null;
  if (key === 'Escape') return { kind: 'leave' };
  if (writing) return null;
  const goal = goals[key];
  if (going && goal) return { kind: 'go', to: goal };
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
    case 't':
      return { kind: 'act', what: 'transfer' };
    case 's':
      return { kind: 'act', what: 'snooze' };
    case 'd':
      return { kind: 'act', what: 'resolve' };
    case 'o':
      return { kind: 'act', what: 'takeOver' };
    case 'm':
      return { kind: 'act', what: 'more' };
    case 'g':
      return going ? { kind: 'section' } : { kind: 'prefix' };
    case '/':
      return { kind: 'ask' };
    case 'a':
      return { kind: 'accept' };
    case 'e':
      return { kind: 'edit' };
    case 'x':
      return { kind: 'refuse' };
    case '?':
      return { kind: 'help' };
    default:
      return /^[1-9]$/.test(key) ? { kind: 'tab', place: Number(key) - 1 } : null;
  }
}

const goals: Readonly<Record<string, Goal>> = {
  q: 'queue',
  m: 'mine',
  a: 'all',
  e: 'resolved',
  s: 'snoozed',
  k: 'knowledge',
  b: 'supervision',
};

/** Does Enter send? Not with Shift, and not while an input method composes (Safari says so only by key code 229). */
export function sends(event: { key: string; shiftKey: boolean; isComposing: boolean; keyCode: number }): boolean {
  return event.key === 'Enter' && !event.shiftKey && !event.isComposing && event.keyCode !== 229;
}
