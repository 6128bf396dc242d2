import type { VNode } from 'preact';
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { fill } from '../../web/locale.ts';
import type { Chat } from '../chat.ts';
import { paletteOf } from '../colour.ts';
import { messagesOf } from '../messages/index.ts';
import type { Settings } from '../settings.ts';
import { DeskContext, useChatState, type Desk } from './desk.ts';
import { ChatIcon, DownIcon } from './icons.tsx';
import { Panel } from './panel.tsx';

/** How the page around the widget steers it. */
export type Remote = { open(): void; close(): void; ask(question: string): void };

type Props = {
  readonly chat: Chat;
  readonly settings: Settings;
  /** The element in the page's document that holds the widget. */
  readonly host: HTMLElement;
  /** Told once, when the widget can be steered. */
  readonly ready: (remote: Remote) => void;
};

/** The launcher and, from the first opening on, the panel. */
export function Widget({ chat, settings, host, ready }: Props): VNode {
  const [open, setOpen] = useState(settings.open);
  const [everOpen, setEverOpen] = useState(settings.open);
  /** An opening by the customer takes the focus along; one by `data-open` must not pull it from the page. */
  const [takesFocus, setTakesFocus] = useState(false);
  const launcher = useRef<HTMLButtonElement>(null);
  const opener = useRef<Element | null>(null);
  const gaveFocusBack = useRef(true);
  const { unread } = useChatState(chat);
  const theme = useTheme(settings.theme);
  const palette = useMemo(() => paletteOf(settings.colour), [settings.colour]);
  const t = messagesOf[settings.locale];
  const desk: Desk = useMemo(
    () => ({ chat, t, locale: settings.locale, server: settings.server }),
    [chat, t, settings],
  );

  const show = useCallback(() => {
    opener.current = document.activeElement;
    setTakesFocus(true);
    setEverOpen(true);
    setOpen(true);
    chat.start();
  }, [chat]);
  const hide = useCallback(() => {
    gaveFocusBack.current = false;
    setOpen(false);
  }, []);
  // Only now that it is drawn: on a phone the launcher is not there while the panel is open, and takes no focus.
  useEffect(() => {
    if (open || gaveFocusBack.current) return;
    gaveFocusBack.current = true;
    const before = opener.current;
    if (before instanceof HTMLElement && before !== host && before !== document.body && before.isConnected)
      before.focus();
    else launcher.current?.focus();
  }, [open, host]);

  useEffect(() => {
    if (settings.open || chat.isReturning()) chat.start();
    ready({
      open: show,
      close: hide,
      ask: (question) => {
        show();
        chat.say(question);
      },
    });
  }, []);

  const label = open ? t.close : unread > 0 ? fill(t.openUnread, { count: unread }) : t.open;
  return (
    <DeskContext.Provider value={desk}>
      <div
        class="root"
        data-theme={theme}
        data-side={settings.position}
        data-open={String(open)}
        style={{
          '--accent': palette.accent,
          '--on-accent': palette.onAccent,
          '--ink': theme === 'dark' ? palette.inkOnDark : palette.inkOnLight,
        }}
      >
        {everOpen && <Panel title={settings.title ?? t.title} open={open} takesFocus={takesFocus} onClose={hide} />}
        <button
          ref={launcher}
          type="button"
          class="launcher"
          aria-label={label}
          aria-expanded={open}
          title={label}
          onClick={open ? hide : show}
        >
          <span class="launcher-icon launcher-chat">
            <ChatIcon size={30} />
          </span>
          <span class="launcher-icon launcher-down">
            <DownIcon size={26} />
          </span>
          {!open && unread > 0 && (
            <span class="badge" aria-hidden="true">
              {unread > 99 ? '99+' : unread}
            </span>
          )}
        </button>
      </div>
    </DeskContext.Provider>
  );
}

/** Light or dark as the owner fixed it, else as the customer's system has it now. */
function useTheme(wanted: Settings['theme']): 'light' | 'dark' {
  const query = useMemo(() => matchMedia('(prefers-color-scheme: dark)'), []);
  const [dark, setDark] = useState(query.matches);
  useEffect(() => {
    const changed = () => setDark(query.matches);
    query.addEventListener?.('change', changed);
    return () => query.removeEventListener?.('change', changed);
  }, [query]);
  if (wanted !== 'auto') return wanted;
  return dark ? 'dark' : 'light';
}
