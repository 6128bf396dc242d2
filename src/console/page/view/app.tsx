import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Alerts } from '../alerts.ts';
import type { Desk } from '../desk.ts';
import { views } from '../../limits.ts';
import { messagesIn } from '../messages/choose.ts';
import type { Settings } from '../settings.ts';
import { useStore, type Store } from '../store.ts';
import { neighbour } from '../waiting.ts';
import { askFor, askToWrite } from './conversation/asked.ts';
import { Conversation } from './conversation/conversation.tsx';
import { Dialogs } from './dialogs/dialogs.tsx';
import { Empty } from './empty.tsx';
import { Icon } from './icons.tsx';
import { KnowledgeSection } from './knowledge/section.tsx';
import { askToSearch, useKeyboard, type Run } from './keyboard.ts';
import { List } from './list/list.tsx';
import { Notices } from './notices.tsx';
import { Rail } from './rail.tsx';
import { askArticles, Side } from './side/side.tsx';
import { SignIn } from './sign-in.tsx';
import { SupervisionSection } from './supervision/section.tsx';
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
  const { desk, state } = useSurroundings();
  const { place } = useStore(desk.knowledge.store);
  const supervised = useStore(desk.supervision.store).place;
  const [briefShown, setBriefShown] = useState(false);
  const { open } = state;
  useEffect(() => setBriefShown(false), [open?.id]);
  const layout = place || supervised ? 'in-knowledge' : `${open ? 'has-open' : ''} ${briefShown ? 'has-brief' : ''}`;
  return (
    <div class={`workspace ${layout}`}>
      <Rail place={place} />
      {supervised ? (
        <SupervisionSection place={supervised} />
      ) : place ? (
        <KnowledgeSection place={place} />
      ) : (
        <Conversations onBrief={setBriefShown} briefShown={briefShown} />
      )}
      <Notices />
      <Dialogs />
    </div>
  );
}

function Conversations(props: { briefShown: boolean; onBrief: (shown: boolean) => void }): JSX.Element {
  const { state, m } = useSurroundings();
  const { open, connection } = state;
  useKeyboard(useDeskCommands(props.onBrief));
  return (
    <>
      <List />
      <main class="middle">
        {connection === 'lost' && (
          <p class="banner" role="alert">
            <Icon name="retry" size={14} />
            {m.connection.lost}
          </p>
        )}
        {open ? <Conversation open={open} onBrief={() => props.onBrief(!props.briefShown)} /> : <NothingOpen />}
      </main>
      {open && open.state !== 'missing' && <Side open={open} onClose={() => props.onBrief(false)} />}
    </>
  );
}

function NothingOpen(): JSX.Element {
  const [title, text] = useSurroundings().m.nothingOpen;
  return <Empty icon="chat" size={40} title={title} text={text} />;
}

function useDeskCommands(onBrief: (shown: boolean) => void): Run {
  const { desk, state } = useSurroundings();

  function moveInList(step: 1 | -1, target: HTMLElement): boolean {
    if (target.closest('.transcript')) return false;
    const cards = [...document.querySelectorAll<HTMLElement>('.list-scroll .card')];
    const current = target.closest('.card') ?? document.querySelector('.list-scroll .card[aria-current]');
    const next = neighbour(cards, current as HTMLElement | null, step);
    next?.focus();
    return next !== null;
  }

  return (command, target) => {
    switch (command.kind) {
      case 'move':
        return moveInList(command.step, target);
      case 'claim':
        if (state.open?.conversation?.status !== 'queued') return false;
        void desk.claim();
        return true;
      case 'reply':
      case 'note':
        askToWrite(command.kind);
        return state.open !== null;
      case 'tab': {
        const view = views[command.place];
        if (view) desk.choose(view);
        return view !== undefined;
      }
      case 'act':
        askFor(command.what);
        return state.open !== null;
      case 'section':
        desk.nextSection();
        return true;
      case 'ask':
        if (!state.open) askToSearch(desk);
        else {
          onBrief(true);
          askArticles(desk.side);
        }
        return true;
      case 'edit':
        // E ends a conversation, as it does in other desks.
        askFor('resolve');
        return state.open !== null;
      case 'accept':
      case 'refuse':
        return false;
    }
  };
}
