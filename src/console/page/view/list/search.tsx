import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { SearchHitView } from '../../../api.ts';
import { maxSearch } from '../../../limits.ts';
import { agoText } from '../../durations.ts';
import type { Found } from '../../lists.ts';
import { useNow } from '../../store.ts';
import { Avatar } from '../avatar.tsx';
import { Empty, Failed } from '../empty.tsx';
import { Icon } from '../icons.tsx';
import { nameOf, useMyId, useSurroundings } from '../surroundings.ts';
import { countText } from './count.ts';
import { More } from './more.tsx';
import { Skeleton } from './skeleton.tsx';

/** Looks through everything that was said. */
export function SearchField(): JSX.Element {
  const { desk, state, m } = useSurroundings();
  const { q } = state.list;
  const [text, setText] = useState(q ?? '');
  const field = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const composing = useRef(false);
  // The address may have led elsewhere, or the search may have been left.
  useEffect(() => setText(q ?? ''), [q]);
  useEffect(() => () => clearTimeout(timer.current), []);

  function write(value: string) {
    setText(value);
    clearTimeout(timer.current);
    // Letters of an input method are no words yet.
    if (!composing.current) timer.current = setTimeout(() => desk.narrow({ q: value.trim() || null }), searchAfter);
  }

  function leave() {
    clearTimeout(timer.current);
    setText('');
    desk.narrow({ q: null });
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === 'Escape' && text !== '') {
      event.stopPropagation();
      event.preventDefault();
      leave();
    } else if (event.key === 'Enter') {
      clearTimeout(timer.current);
      desk.narrow({ q: text.trim() || null });
    } else if (event.key === 'ArrowDown') {
      event.preventDefault();
      document.querySelector<HTMLElement>('.list-scroll [data-row], .list-scroll .card')?.focus();
    }
  }

  return (
    <search class="search">
      <Icon name="search" size={15} />
      <input
        ref={field}
        type="text"
        enterkeyhint="search"
        autocomplete="off"
        spellcheck={false}
        maxLength={maxSearch}
        value={text}
        placeholder={m.desk.search.placeholder}
        aria-label={m.desk.search.label}
        aria-keyshortcuts="Control+K"
        onInput={(event) => write(event.currentTarget.value)}
        onCompositionStart={() => (composing.current = true)}
        onCompositionEnd={(event) => {
          composing.current = false;
          write(event.currentTarget.value);
        }}
        onKeyDown={onKeyDown}
      />
      {text === '' ? (
        <kbd class="wide-only" aria-hidden="true">
          Ctrl K
        </kbd>
      ) : (
        <button
          type="button"
          class="icon-button search-clear"
          aria-label={m.desk.search.clear}
          title={m.desk.search.clear}
          onClick={() => {
            leave();
            field.current?.focus();
          }}
        >
          <Icon name="close" size={14} />
        </button>
      )}
    </search>
  );
}

/** What was found, newest first. */
export function FoundList(): JSX.Element | null {
  const { state, m } = useSurroundings();
  const { found } = state;
  if (!found) return null;
  const { search } = m.desk;
  const settled = found.state === 'ready';
  return (
    <>
      <p class="found-head" role="status">
        {settled && found.hits.length > 0 && search.results(countText(found.hits.length) + (found.next ? '+' : ''))}
        {found.state === 'loading' && m.loading}
      </p>
      <div class="list-scroll" aria-busy={found.state === 'loading'}>
        <Hits found={found} />
      </div>
    </>
  );
}

function Hits({ found }: { found: Found }): JSX.Element {
  const { desk, state, m } = useSurroundings();
  const { search } = m.desk;
  const now = useNow() + state.clockOffset;
  if (found.state === 'too_short') return <Empty icon="search" title={search.tooShort[0]} text={search.tooShort[1]} />;
  if (found.hits.length === 0 && found.state === 'failed') return <Failed onRetry={desk.searchAgain} />;
  if (found.hits.length === 0 && found.state === 'loading') return <Skeleton />;
  return (
    <>
      {found.hits.length === 0 && found.next === null && (
        <Empty icon="search" title={search.none[0]} text={search.none[1]} />
      )}
      <ul class={found.state === 'loading' ? 'cards cards-stale' : 'cards'}>
        {found.hits.map((hit, index) => (
          <li key={`${hit.conversationId}/${hit.seq}`}>
            <Hit hit={hit} now={now} isEntry={index === 0} />
          </li>
        ))}
      </ul>
      {found.state === 'failed' && <Failed onRetry={desk.searchAgain} />}
      {found.state === 'ready' && found.next !== null && (
        <More waits={found.loadingMore} onMore={() => void desk.moreFound()} />
      )}
      {!found.upToDate && <p class="fine-print list-full">{search.indexing}</p>}
    </>
  );
}

function Hit({ hit, now, isEntry }: { hit: SearchHitView; now: number; isEntry: boolean }): JSX.Element {
  const { desk, state, m } = useSurroundings();
  const myId = useMyId();
  const { conversationId, seq, at, author, customer, status } = hit;
  const name = nameOf(customer, m);
  const isOpen = state.open?.id === conversationId;
  return (
    <button
      type="button"
      class="card found-hit"
      data-row={`${conversationId}/${seq}`}
      aria-current={isOpen ? 'true' : undefined}
      tabIndex={isEntry ? 0 : -1}
      onClick={() => desk.open(conversationId, seq)}
    >
      <Avatar id={customer.id} name={name} />
      <span class="card-body">
        <span class="card-top">
          <span class="card-name" dir="auto">
            {name}
          </span>
          <time class="card-when">{agoText(now - at, m)}</time>
        </span>
        <span class="card-text" dir="auto">
          <Snippet hit={hit} />
        </span>
        <span class="card-foot">
          {hit.private && (
            <span class="hit-note">
              <Icon name="lock" size={11} />
              {m.desk.search.note}
            </span>
          )}
          {author.role !== 'customer' && (
            <span>{author.id === myId ? m.transcript.me : (author.name ?? m.transcript[roleName(author.role)])}</span>
          )}
          <span class="card-channel">{m.status[status]}</span>
        </span>
      </span>
    </button>
  );
}

function roleName(role: SearchHitView['author']['role']): 'bot' | 'system' {
  return role === 'bot' ? 'bot' : 'system';
}

/** The words around what was found, which is marked. */
function Snippet({ hit: { snippet, ranges } }: { hit: SearchHitView }): JSX.Element {
  const parts: (string | JSX.Element)[] = [];
  let from = 0;
  for (const [start, end] of ranges) {
    if (start < from || end <= start) continue;
    parts.push(snippet.slice(from, start), <mark key={start}>{snippet.slice(start, end)}</mark>);
    from = end;
  }
  return (
    <>
      {parts}
      {snippet.slice(from)}
    </>
  );
}

/** Long enough not to look for every letter, short enough not to be noticed. */
const searchAfter = 220;
