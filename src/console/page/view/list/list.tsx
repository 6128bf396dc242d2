import type { JSX } from 'preact';
import { views, type View } from '../../../limits.ts';
import { isNarrowed, shownList } from '../../lists.ts';
import { useNow } from '../../store.ts';
import { Empty, Failed } from '../empty.tsx';
import { Icon } from '../icons.tsx';
import { useSurroundings } from '../surroundings.ts';
import { Card } from './card.tsx';
import { countText } from './count.ts';
import { FilterBar, FilterPanel, useFilterPanel } from './filters.tsx';
import { More } from './more.tsx';
import { FoundList, SearchField } from './search.tsx';
import { Skeleton } from './skeleton.tsx';

/** The left side: the search, the views and, below them, the conversations of the chosen one. */
export function List(): JSX.Element {
  const { state, m } = useSurroundings();
  const panel = useFilterPanel();
  const searches = state.found !== null;
  return (
    <section class="list" aria-label={m.listLabel}>
      <div class="list-head">
        <SearchField />
        {!searches && panel.button}
      </div>
      {searches ? (
        <FoundList />
      ) : (
        <>
          {panel.shown && <FilterPanel onClose={panel.close} />}
          <Tabs />
          <FilterBar />
          <div class="list-scroll" role="tabpanel" id="list-panel" aria-labelledby={`tab-${state.list.view}`}>
            <Conversations />
          </div>
        </>
      )}
    </section>
  );
}

function Tabs(): JSX.Element {
  const { desk, state, m } = useSurroundings();
  const { view } = state.list;

  function onKeyDown(event: KeyboardEvent) {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    const next = views[(views.indexOf(view) + step + views.length) % views.length] ?? 'queue';
    desk.choose(next);
    document.getElementById(`tab-${next}`)?.focus();
  }

  return (
    <div class="tabs" role="tablist" aria-label={m.viewsLabel} onKeyDown={onKeyDown}>
      {views.map((each) => (
        <button
          type="button"
          role="tab"
          key={each}
          id={`tab-${each}`}
          class={`tab tab-${each}`}
          aria-selected={view === each}
          aria-controls="list-panel"
          tabIndex={view === each ? 0 : -1}
          onClick={() => desk.choose(each)}
        >
          {m.views[each]}
          {/* What is finished only grows; nobody acts on how much it is. */}
          {each !== 'resolved' && <Count count={state.counts?.[each] ?? null} />}
        </button>
      ))}
    </div>
  );
}

function Count({ count }: { count: number | null }): JSX.Element | null {
  if (count === null) return null;
  return <span class={count > 0 ? 'count' : 'count count-zero'}>{countText(count)}</span>;
}

function Conversations(): JSX.Element {
  const { desk, state, m } = useSurroundings();
  const now = useNow() + state.clockOffset;
  const listed = shownList(state);
  if (!listed) return state.listFailed ? <Failed onRetry={desk.refresh} /> : <Skeleton />;
  const { conversations, next } = listed;
  // One of them is reached with Tab, the others from there with the arrow keys.
  const entry = conversations.find(({ id }) => id === state.open?.id) ?? conversations[0];
  return (
    <>
      {state.listFailed && (
        <p class="list-outdated" role="alert">
          <Icon name="warn" size={14} />
          <span>{m.desk.outdated}</span>
          <button type="button" class="link" onClick={desk.refresh}>
            {m.retry}
          </button>
        </p>
      )}
      {conversations.length === 0 && <Nothing />}
      <ul class="cards">
        {conversations.map((conversation) => (
          <li key={conversation.id}>
            <Card conversation={conversation} now={now} isEntry={conversation === entry} />
          </li>
        ))}
      </ul>
      {next !== null && <More waits={state.loadingMore} onMore={() => void desk.more()} />}
    </>
  );
}

function Nothing(): JSX.Element {
  const { desk, state, m } = useSurroundings();
  const { list } = state;
  const { view } = list;
  if (list.snoozed && !isNarrowed({ ...list, snoozed: false })) {
    const [title, text] = m.desk.emptySnoozed;
    return <Empty icon="snooze" title={title} text={text} />;
  }
  if (isNarrowed(list)) {
    const [title, text] = m.desk.narrowed;
    return (
      <div class="empty">
        <Icon name="sliders" size={32} />
        <h2>{title}</h2>
        <p>{text}</p>
        <button type="button" class="button" onClick={() => desk.choose(view)}>
          {m.desk.filters.clear}
        </button>
      </div>
    );
  }
  const [title, text] = m.empty[view];
  return <Empty icon={emptyIcons[view]} title={title} text={text} />;
}

const emptyIcons = { queue: 'tea', mine: 'mine', all: 'all', resolved: 'resolved' } as const satisfies Record<
  View,
  string
>;
