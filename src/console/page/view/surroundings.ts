import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { AgentSelf } from '../../api.ts';
import type { Locale } from '../../../web/locale.ts';
import type { Alerts } from '../alerts.ts';
import type { Desk, DeskState } from '../desk.ts';
import type { Messages } from '../messages/messages.ts';
import type { Settings } from '../settings.ts';
import type { Store } from '../store.ts';

/** What every part of the page may need: the desk and its state, the words, and the device. */
export type Surroundings = {
  readonly desk: Desk;
  readonly state: DeskState;
  readonly m: Messages;
  readonly locale: Locale;
  readonly settings: Store<Settings>;
  readonly alerts: Alerts;
  /** The dialog that lies over the page. */
  readonly dialog: Dialog | null;
  readonly show: (dialog: Dialog | null) => void;
};

export type Dialog = 'keys' | 'transfer' | 'toBot' | 'resolve' | 'snooze' | 'merge' | 'takeOver' | 'routing' | 'export';

export const SurroundingsContext = createContext<Surroundings | null>(null);

export function useSurroundings(): Surroundings {
  const surroundings = useContext(SurroundingsContext);
  if (!surroundings) throw new Error('This component lives inside <App>.');
  return surroundings;
}

/** The account that is signed in. */
export function useAgent(): AgentSelf | null {
  const { session } = useSurroundings().state;
  return session.kind === 'signed_in' ? session.agent : null;
}

/** Its id. */
export function useMyId(): string | null {
  return useAgent()?.id ?? null;
}

/** What a customer is called: their name, or visitor and the tail of their id. */
export function nameOf(customer: { readonly id: string; readonly name: string | null }, m: Messages): string {
  return customer.name?.trim() || m.unnamed(customer.id.slice(-4));
}

/** A channel by its name. */
export function channelName(channel: string, m: Messages): string {
  return m.channels[channel] ?? channel;
}
