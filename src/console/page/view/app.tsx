import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Alerts } from '../alerts.ts';
import type { Desk } from '../desk.ts';
import { commandFor, type Command } from '../keys.ts';
import { messagesIn } from '../messages/choose.ts';
import type { Settings } from '../settings.ts';
import { useStore, type Store } from '../store.ts';
import { neighbour } from '../waiting.ts';
import { Brief } from './brief.tsx';
import { composeEvent, Conversation } from './conversation.tsx';
import { Dialogs } from './dialogs.tsx';
import { Icon } from './icons.tsx';
import { List } from './list.tsx';
import { Notices } from './notices.tsx';
import { Rail } from './rail.tsx';
import { SignIn } from './sign-in.tsx';
import { SurroundingsContext, useSurroundings, type Dialog } from './surroundings.ts';

/** The whole page. */
export function App({
  desk,
  settings,
  alerts,
}: {
  desk: Desk;
  settings: Store<Settings>;
  alerts: Alerts;
}): JSX.Element {
  const state = useStore(desk.store);
  const { locale, theme } = useStore(settings);
  const [dialog, show] = useState<Dialog | null>(null);
  const m = messagesIn(locale);
  const { kind } = state.session;

  useEffect(() => {
    document.documentElement.lang = locale;
    document.documentElement.dataset['theme'] = theme;
  }, [locale, theme]);
  useEffect(
    () => alerts.title(m.product, kind === 'signed_in' ? (state.counts?.queue ?? 0) : 0),
    [m, kind, state.counts],
  );

  return (
    <SurroundingsContext.Provider value={{ desk, state, m, locale, settings, alerts, dialog, show }}>
      {kind === 'checking' && <div class="splash" role="status" aria-label={m.loading} />}
      {kind === 'signed_out' && <SignIn />}
      {kind === 'signed_in' && <Workspace />}
    </SurroundingsContext.Provider>
  );
}

function Workspace(): JSX.Element {
  const { state, m } = useSurroundings();
  const [briefShown, setBriefShown] = useState(false);
  const { open, connection } = state;
  useKeyboard();
  useEffect(() => setBriefShown(false), [open?.id]);
  return (
    <div class={`workspace ${open ? 'has-open' : ''} ${briefShown ? 'has-brief' : ''}`}>
      <Rail />
      <List />
      <main class="middle">
        {connection === 'lost' && (
          <p class="banner" role="alert">
            <Icon name="retry" size={14} />
            {m.connection.lost}
          </p>
        )}
        {open ? <Conversation open={open} onBrief={() => setBriefShown(!briefShown)} /> : <NothingOpen />}
      </main>
      {open && open.state !== 'missing' && <Brief open={open} onClose={() => setBriefShown(false)} />}
      <Notices />
      <Dialogs />
    </div>
  );
}

function NothingOpen(): JSX.Element {
  const [title, text] = useSurroundings().m.nothingOpen;
  return (
    <div class="empty">
      <Icon name="chat" size={40} />
      <h2>{title}</h2>
      <p>{text}</p>
    </div>
  );
}

function useKeyboard() {
  const { desk, state, dialog, show } = useSurroundings();

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
      if (run(command, target)) event.preventDefault();
    }

    /** False when there is nothing to do, so that the key keeps its usual meaning. */
    function run(command: Command, target: HTMLElement): boolean {
      switch (command.kind) {
        case 'move':
          return moveInList(command.step, target);
        case 'claim':
          if (state.open?.conversation?.status !== 'queued') return false;
          void desk.claim();
          return true;
        case 'reply':
        case 'note':
          dispatchEvent(new CustomEvent(composeEvent, { detail: command.kind }));
          return state.open !== null;
        case 'view':
          desk.choose(command.view);
          return true;
        case 'help':
          show('keys');
          return true;
        case 'leave':
          target.blur();
          return false;
      }
    }

    function moveInList(step: 1 | -1, target: HTMLElement): boolean {
      if (target.closest('.transcript')) return false;
      const ids = (state.lists[state.view] ?? []).map(({ id }) => id);
      const next = neighbour(ids, target.dataset['conversation'] ?? state.open?.id ?? null, step);
      if (next === null) return false;
      document.querySelector<HTMLElement>(`[data-conversation="${CSS.escape(next)}"]`)?.focus();
      return true;
    }

    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [desk, state, dialog, show]);
}

function isField(target: HTMLElement): boolean {
  return target.isContentEditable || /^(?:input|textarea|select)$/i.test(target.tagName);
}
