import { createContext } from 'preact';
import { useContext, useEffect, useReducer } from 'preact/hooks';
import type { Locale } from '../../web/locale.ts';
import type { Chat, ChatState } from '../chat.ts';
import type { Messages } from '../messages/index.ts';

/** What every part of the widget may need. */
export type Desk = {
  readonly chat: Chat;
  readonly t: Messages;
  readonly locale: Locale;
  readonly server: string;
};

export const DeskContext = createContext<Desk | null>(null);

/** The desk around this component. */
export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (!desk) throw new Error('useDesk: no DeskContext.Provider above.');
  return desk;
}

/** The chat's state; draws again whenever it changes. */
export function useChatState(chat: Chat): ChatState {
  const [, again] = useReducer((count: number) => count + 1, 0);
  useEffect(() => chat.subscribe(() => again(undefined)), [chat]);
  return chat.state();
}
