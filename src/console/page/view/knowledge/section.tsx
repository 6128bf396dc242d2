import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { hashOf, knowledgeViews, startOf, type KnowledgePlace, type KnowledgeView } from '../../places.ts';
import { useStore } from '../../store.ts';
import { Icon, type IconName } from '../icons.tsx';
import { moveAmongItems } from '../items.ts';
import { useKeyboard, type Run } from '../keyboard.ts';
import { useSurroundings } from '../surroundings.ts';
import { AskView, askField } from './ask.tsx';
import { GapsView } from './gaps.tsx';
import { ProposalsView } from './proposals.tsx';
import { QualityView } from './quality.tsx';

/** What the bot knows, for those who write it: how it thinks, what it lacks, what it should learn, how good it is. */
export function KnowledgeSection({ place }: { place: KnowledgePlace }): JSX.Element {
  const { desk, m } = useSurroundings();
  const knowledge = useStore(desk.knowledge.store);
  const scroll = useRef<HTMLDivElement>(null);
  useKeyboard(useKnowledgeCommands());
  useLayoutEffect(() => {
    scroll.current?.scrollTo({ top: 0 });
    // A phone shows three of the four tabs.
    document.querySelector('.knowledge-head [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [place.view]);
  const loading = knowledge[reads[place.view]].state === 'loading';
  return (
    <main class="knowledge" aria-label={m.knowledge.title}>
      <header class="knowledge-head">
        <h1>{m.knowledge.title}</h1>
        <nav class="tabs" aria-label={m.knowledge.title}>
          {knowledgeViews.map((view) => (
            <a
              key={view}
              class="tab"
              href={hashOf({ kind: 'knowledge', ...(view === place.view ? place : startOf(view)) })}
              aria-current={view === place.view ? 'page' : undefined}
            >
              <Icon name={icons[view]} size={15} />
              {m.knowledge.views[view]}
            </a>
          ))}
        </nav>
        <button
          type="button"
          class={loading ? 'icon-button is-loading' : 'icon-button'}
          aria-label={m.knowledge.refresh}
          title={m.knowledge.refresh}
          onClick={desk.knowledge.refresh}
        >
          <Icon name="retry" />
        </button>
      </header>
      <div class="knowledge-scroll" ref={scroll}>
        <div class="knowledge-page">
          <View place={place} />
        </div>
      </div>
    </main>
  );
}

const icons: Readonly<Record<KnowledgeView, IconName>> = {
  ask: 'search',
  gaps: 'gap',
  proposals: 'quote',
  quality: 'gauge',
};

/** What of the state each view shows. */
const reads = { ask: 'explained', gaps: 'gaps', proposals: 'proposals', quality: 'quality' } as const;

function View({ place }: { place: KnowledgePlace }): JSX.Element {
  switch (place.view) {
    case 'ask':
      return <AskView place={place} />;
    case 'gaps':
      return <GapsView place={place} />;
    case 'proposals':
      return <ProposalsView />;
    case 'quality':
      return <QualityView />;
  }
}

function useKnowledgeCommands(): Run {
  const { desk } = useSurroundings();
  return (command, target) => {
    switch (command.kind) {
      case 'section':
        desk.nextSection();
        return true;
      case 'ask':
        desk.knowledge.choose('ask');
        document.getElementById(askField)?.focus();
        return true;
      case 'tab': {
        const view = knowledgeViews[command.place];
        if (view) desk.knowledge.choose(view);
        return view !== undefined;
      }
      case 'move':
        return moveAmongItems('.knowledge', command.step, target);
      case 'accept':
      case 'edit':
      case 'refuse':
        return press(command.kind, target);
      case 'claim':
      case 'reply':
      case 'note':
      case 'act':
        return false;
    }
  };
}

/** Presses the button of the item in focus that does this. */
function press(what: string, target: HTMLElement): boolean {
  const button = target.closest('[data-item]')?.querySelector<HTMLElement>(`[data-does="${what}"]`);
  button?.click();
  return button !== null && button !== undefined;
}
