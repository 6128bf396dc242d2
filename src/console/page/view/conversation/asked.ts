import type { ComposerMode } from '../../composing/writing.ts';
import type { ConversationAct } from '../../keys.ts';

/** The keyboard map asks for the composer from outside of it: `detail` is a ComposerMode. */
export const composeEvent = 'zhike:compose';

/** It asks for something to be done with the open conversation: `detail` is a ConversationAct. */
export const askEvent = 'zhike:ask';

/** Puts the cursor where one writes. */
export function askToWrite(mode: ComposerMode): void {
  dispatchEvent(new CustomEvent(composeEvent, { detail: mode }));
}

/** Asks for an action of the open conversation, if it is permitted. */
export function askFor(asked: ConversationAct): void {
  dispatchEvent(new CustomEvent(askEvent, { detail: asked }));
}
