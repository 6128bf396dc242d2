import { useEffect, useRef } from 'preact/hooks';
import { commandFor, type Command } from '../keys.ts';
import type { Desk } from '../desk.ts';
import { useSurroundings } from './surroundings.ts';

/** Does what a key asks for; false when there is nothing to do, so that the key keeps its usual meaning. */
export type Run = (
  command: Exclude<Command, { kind: 'help' | 'leave' | 'prefix' | 'go' | 'search' }>,
  target: HTMLElement,
) => boolean;

/** The keyboard of the section that is shown. */
export function useKeyboard(run: Run): void {
  const { desk, dialog, show } = useSurroundings();
  const waiting = useRef<ReturnType<typeof setTimeout> | null>(null);
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      const target = event.target as HTMLElement;
      const going = waiting.current !== null;
      if (waiting.current && !['Shift', 'Control', 'Alt', 'Meta'].includes(event.key)) stopWaiting();
      const command = commandFor({
        key: event.key,
        modified: event.ctrlKey || event.metaKey || event.altKey,
        composing: event.isComposing || event.keyCode === 229,
        writing: isField(target),
        going,
        controlled: (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey,
      });
      // The tabs have arrow keys of their own, and an open dialog has the keyboard to itself.
      if (!command || dialog || (target.role === 'tab' && command.kind === 'move')) return;
      if (command.kind === 'leave') return target.blur();
      if (command.kind === 'prefix') {
        // Alone it leads to the next section, once it is clear that nothing follows.
        waiting.current = setTimeout(() => {
          stopWaiting();
          run({ kind: 'section' }, target);
        }, goalWithin);
        return event.preventDefault();
      }
      if (command.kind === 'go') {
        desk.goTo(command.to);
        return event.preventDefault();
      }
      if (command.kind === 'search') {
        askToSearch(desk);
        return event.preventDefault();
      }
      if (command.kind === 'help') show('keys');
      if (command.kind === 'help' || run(command, target)) event.preventDefault();
    }
    function stopWaiting() {
      if (waiting.current) clearTimeout(waiting.current);
      waiting.current = null;
    }
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  });
}

/** Puts the cursor into the search, in whatever section one is. */
export function askToSearch(desk: Desk): void {
  desk.goTo('conversations');
  // The conversations may have to be drawn first.
  setTimeout(() => document.querySelector<HTMLInputElement>('.search input')?.select());
}

/** How long the key after G may take. */
const goalWithin = 700;

function isField(target: HTMLElement): boolean {
  return target.isContentEditable || /^(?:input|textarea|select)$/i.test(target.tagName);
}
