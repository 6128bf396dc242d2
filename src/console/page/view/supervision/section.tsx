import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { unsavedOf } from '../../forms.ts';
import { hashOf } from '../../places.ts';
import { useStore } from '../../store.ts';
import { supervisionStart, type SupervisionPlace, type SupervisionView } from '../../supervision-places.ts';
import { viewsFor, type SupervisionState } from '../../supervision.ts';
import { Icon, type IconName } from '../icons.tsx';
import { moveAmongItems } from '../items.ts';
import { useKeyboard, type Run } from '../keyboard.ts';
import { useAgent, useSurroundings } from '../surroundings.ts';
import { AgentsView } from './agents.tsx';
import { BoardView } from './board.tsx';
import { CannedView } from './canned.tsx';
import { OpenView } from './open.tsx';
import { SettingsView } from './settings.tsx';

/** For those who see to the desk: how it goes now, who serves whom, and what it goes by. */
export function SupervisionSection({ place }: { place: SupervisionPlace }): JSX.Element {
  const { desk, m } = useSurroundings();
  const supervision = useStore(desk.supervision.store);
  const agent = useAgent();
  const scroll = useRef<HTMLDivElement>(null);
  const part = place.view === 'settings' ? place.section : place.view;
  useKeyboard(useSupervisionCommands());
  useLayoutEffect(() => {
    scroll.current?.scrollTo({ top: 0 });
    // A phone shows some of the tabs.
    for (const current of document.querySelectorAll('.supervision [aria-current]')) {
      current.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    }
  }, [part]);
  useLook(place.view === 'board' || place.view === 'conversations');
  const unsaved = unsavedOf(supervision);
  const loading = supervision[reads[place.view]].state === 'loading';
  return (
    <main class="knowledge supervision" aria-label={m.supervision.title}>
      <header class="knowledge-head">
        <h1>{m.supervision.title}</h1>
        <nav class="tabs" aria-label={m.supervision.title}>
          {viewsFor(agent).map((view) => (
            <a
              key={view}
              class="tab"
              href={hashOf({ kind: 'supervision', ...(view === place.view ? place : supervisionStart(view)) })}
              aria-current={view === place.view ? 'page' : undefined}
            >
              <Icon name={icons[view]} size={15} />
              {m.supervision.views[view]}
              {unsaved.some((key) => key.startsWith(`${view}/`)) && (
                <span class="unsaved" title={m.supervision.unsaved}>
                  <span class="sr-only">({m.supervision.unsaved})</span>
                </span>
              )}
            </a>
          ))}
        </nav>
        <button
          type="button"
          class={loading ? 'icon-button is-loading' : 'icon-button'}
          aria-label={m.supervision.refresh}
          title={m.supervision.refresh}
          onClick={desk.supervision.refresh}
        >
          <Icon name="retry" />
        </button>
      </header>
      <div class="knowledge-scroll" ref={scroll}>
        <div class={`knowledge-page supervision-${place.view}`}>
          <View place={place} />
        </div>
      </div>
    </main>
  );
}

const icons: Readonly<Record<SupervisionView, IconName>> = {
  board: 'gauge',
  conversations: 'hand',
  agents: 'mine',
  canned: 'quote',
  settings: 'sliders',
};

/** What of the state each view shows. */
const reads = {
  board: 'board',
  conversations: 'open',
  agents: 'accounts',
  canned: 'canned',
  settings: 'settings',
} as const satisfies Record<SupervisionView, keyof SupervisionState>;

function View({ place }: { place: SupervisionPlace }): JSX.Element {
  switch (place.view) {
    case 'board':
      return <BoardView />;
    case 'conversations':
      return <OpenView filter={place.filter} />;
    case 'agents':
      return <AgentsView />;
    case 'canned':
      return <CannedView />;
    case 'settings':
      return <SettingsView place={place} />;
  }
}

/** Looks again every few seconds, while somebody looks at it. */
function useLook(active: boolean) {
  const { desk } = useSurroundings();
  useEffect(() => {
    if (!active) return;
    const look = () => !document.hidden && desk.supervision.look();
    const timer = setInterval(look, lookEvery);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [active]);
}

const lookEvery = 5_000;

function useSupervisionCommands(): Run {
  const { desk } = useSurroundings();
  const agent = useAgent();
  return (command, target) => {
    switch (command.kind) {
      case 'tab': {
        const view = viewsFor(agent)[command.place];
        if (view) desk.supervision.choose(view);
        return view !== undefined;
      }
      case 'move':
        return moveAmongItems('.supervision', command.step, target);
      case 'section':
        desk.nextSection();
        return true;
      case 'ask':
        document.querySelector<HTMLElement>('.supervision input[type="search"]')?.focus();
        return true;
      case 'accept':
      case 'edit':
      case 'refuse':
      case 'claim':
      case 'reply':
      case 'note':
      case 'act':
        return false;
    }
  };
}
