import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { OpenConversation } from '../../conversation.ts';
import { sideTabs, type SideTab } from '../../side.ts';
import { useStore } from '../../store.ts';
import { Icon, type IconName } from '../icons.tsx';
import { useSurroundings } from '../surroundings.ts';
import { About } from './about.tsx';
import { Articles, articleField } from './articles.tsx';

/** Beside a conversation: who it is and why they are here, or what the articles say. */
export function Side({ open, onClose }: { open: OpenConversation; onClose: () => void }): JSX.Element {
  const { desk, m } = useSurroundings();
  const { tab } = useStore(desk.side.store);
  useEffect(() => desk.side.forget(), [open.id]);

  function choose(next: SideTab) {
    desk.side.choose(next);
    document.getElementById(`side-tab-${next}`)?.focus();
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') choose(tab === 'about' ? 'articles' : 'about');
  }

  return (
    <aside class="brief side" aria-label={m.side.label}>
      <header class="brief-head side-head">
        <div class="side-tabs" role="tablist" aria-label={m.side.label} onKeyDown={onKeyDown}>
          {sideTabs.map((each) => (
            <button
              type="button"
              role="tab"
              key={each}
              id={`side-tab-${each}`}
              class="side-tab"
              aria-selected={each === tab}
              aria-controls="side-panel"
              tabIndex={each === tab ? 0 : -1}
              onClick={() => desk.side.choose(each)}
            >
              <Icon name={icons[each]} size={15} />
              {m.side.tabs[each]}
            </button>
          ))}
        </div>
        <button type="button" class="icon-button brief-close" aria-label={m.actions.close} onClick={onClose}>
          <Icon name="close" size={18} />
        </button>
      </header>
      <div class="side-panel" role="tabpanel" id="side-panel" aria-labelledby={`side-tab-${tab}`}>
        {tab === 'about' ? (
          <About open={open} key={open.id} />
        ) : (
          <Articles open={open} key={open.id} onInserted={onClose} />
        )}
      </div>
    </aside>
  );
}

const icons: Readonly<Record<SideTab, IconName>> = { about: 'mine', articles: 'book' };

/** Shows the articles and puts the cursor where one asks. */
export function askArticles(side: { choose: (tab: SideTab) => void }): void {
  side.choose('articles');
  requestAnimationFrame(() => document.getElementById(articleField)?.focus());
}
