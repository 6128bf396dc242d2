import { useEffect } from 'preact/hooks';
import { commandFor, type Command } from '../keys.ts';
import { useSurroundings } from './surroundings.ts';

/** Does what a key asks for; false when there is nothing to do, so that the key keeps its usual meaning. */
export type Run = (command: Exclude<Command, { kind: 'help' | 'leave' }>, target: HTMLElement) => boolean;

/** The keyboard of the section that is shown. */
export function useKeyboard(run: Run): void {
  const { dialog, show } = useSurroundings();
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      const target = event.target as HTMLElement;
      const command = commandFor({
        key: event.key,
        modified: event.ctrlKey || event.metaKey || event.altKey,
        composing: event.isComposing || event.keyCode === 229,
        writing: isField(target),
      });
      // The tabs have arrow keys of their own, and an open dialog has the keyboard to itself.
      if (!command || dialog || (target.role === 'tab' && command.kind === 'move')) return;
      if (command.kind === 'leave') return target.blur();
      if (command.kind === 'help') show('keys');
      if (command.kind === 'help' || run(command, target)) event.preventDefault();
    }
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  });
}

function isField(target: HTMLElement): boolean {
  return target.isContentEditable || /^(?:input|textarea|select)$/i.test(target.tagName);
}
