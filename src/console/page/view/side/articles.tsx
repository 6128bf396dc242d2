import type { JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ArticleHitView } from '../../../desk-api.ts';
import { maxQuestion } from '../../../limits.ts';
import type { OpenConversation } from '../../conversation.ts';
import { sends } from '../../keys.ts';
import { permitted } from '../../permitted.ts';
import { hashOf } from '../../places.ts';
import { useStore } from '../../store.ts';
import { Confidence } from '../confidence.tsx';
import { askToWrite } from '../conversation/asked.ts';
import { Empty, Failed } from '../empty.tsx';
import { Icon } from '../icons.tsx';
import { useAgent, useSurroundings } from '../surroundings.ts';

/** The id of the field in which one asks. */
export const articleField = 'side-ask';

/** Asks all articles, internal ones too, and puts what one of them says where the agent writes. */
export function Articles({ open, onInserted }: { open: OpenConversation; onInserted: () => void }): JSX.Element {
  const { desk, m } = useSurroundings();
  const { found } = useStore(desk.side.store);
  const theirs = questionOf(open);
  const [text, setText] = useState(found.value?.question ?? '');
  const list = useRef<HTMLOListElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const insert = useInsert(open, onInserted);
  const a = m.side.articles;
  // On a phone the keyboard would cover what one came to read.
  useLayoutEffect(() => {
    if (matchMedia('(pointer: fine)').matches) field.current?.focus();
  }, []);

  function ask(question: string) {
    setText(question);
    desk.side.search(question);
  }

  function move(event: KeyboardEvent) {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0 || event.isComposing) return;
    const hits = [...(list.current?.querySelectorAll<HTMLElement>('.hit') ?? [])];
    const at = hits.findIndex((hit) => hit.contains(event.target as Node));
    const next = at + step;
    event.preventDefault();
    // They are of this list: the page's own list stays where it is.
    event.stopPropagation();
    if (next < 0) field.current?.focus();
    else hits[Math.min(next, hits.length - 1)]?.focus();
  }

  return (
    <div class="articles" onKeyDown={move}>
      <form
        class="search-box"
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          ask(text);
        }}
      >
        <Icon name="search" />
        <input
          ref={field}
          id={articleField}
          type="search"
          value={text}
          maxLength={maxQuestion}
          placeholder={a.placeholder}
          aria-label={a.label}
          autocomplete="off"
          spellcheck={false}
          enterkeyhint="search"
          dir="auto"
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => event.key === 'Enter' && !sends(event) && event.preventDefault()}
        />
        <button type="submit" class="button" disabled={text.trim() === ''} aria-busy={found.state === 'loading'}>
          {a.submit}
        </button>
      </form>
      {theirs !== null && theirs !== found.value?.question && (
        <button type="button" class="their-question" onClick={() => ask(theirs)}>
          <Icon name="quote" size={14} />
          <span>
            {a.theirQuestion}
            <span class="their-words" dir="auto">
              {theirs}
            </span>
          </span>
        </button>
      )}
      {found.state === 'failed' ? (
        <Failed onRetry={() => ask(text)} />
      ) : !found.value ? (
        found.state === 'loading' ? (
          <Searching />
        ) : (
          <p class="fine-print">{a.intro}</p>
        )
      ) : found.value.articles.length === 0 ? (
        <Empty icon="search" title={a.none[0]} text={a.none[1]} />
      ) : (
        <>
          <p class="fine-print wide-only">{a.hint}</p>
          <ol class="hits" ref={list} aria-label={m.side.tabs.articles}>
            {found.value.articles.map((article) => (
              <Hit article={article} question={found.value?.question ?? ''} onInsert={insert} key={article.articleId} />
            ))}
          </ol>
        </>
      )}
    </div>
  );
}

/** What the customer wants to know: as the brief has it, else what they said last. */
function questionOf({ brief, entries }: OpenConversation): string | null {
  const last = entries.findLast(
    (entry) => entry.kind === 'message' && entry.author.role === 'customer' && entry.text.trim() !== '',
  );
  const said = last?.kind === 'message' ? last.text.trim().slice(0, maxQuestion) : null;
  return brief?.reason ? (brief.question ?? said) : said;
}

type Insert = { readonly mode: 'reply' | 'note'; readonly run: () => void };

/** Puts an article's text where the agent writes: an internal one, and whoever may not reply, into a note. */
function useInsert(open: OpenConversation, onInserted: () => void): (article: ArticleHitView) => Insert {
  const { desk } = useSurroundings();
  const me = useAgent();
  const { conversation } = open;
  const mayReply = conversation !== null && permitted(conversation, me).serve;
  return ({ articleId, title, text, audience }) => {
    const mode = audience === 'internal' || !mayReply ? 'note' : 'reply';
    const about = conversation?.customerSeq ?? 0;
    return {
      mode,
      run: () => {
        const article = mode === 'reply' && about > 0 ? { articleId, title, about } : null;
        desk.writing.insert(mode, { text, caret: null, article });
        onInserted();
        askToWrite(mode);
      },
    };
  };
}

function Hit(props: {
  article: ArticleHitView;
  question: string;
  onInsert: (article: ArticleHitView) => Insert;
}): JSX.Element {
  const { m } = useSurroundings();
  const { article, question, onInsert } = props;
  const [whole, setWhole] = useState(false);
  const { articleId, title, audience, confidence, matched, text } = article;
  const { mode, run } = onInsert(article);
  const a = m.side.articles;
  const internal = audience === 'internal';
  return (
    <li
      class={internal ? 'hit hit-internal' : 'hit'}
      tabIndex={0}
      title={articleId}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || event.target !== event.currentTarget) return;
        event.preventDefault();
        run();
      }}
    >
      <p class="hit-title">
        <strong dir="auto">{title}</strong>
        {internal && (
          <span class="tag tag-internal" title={a.internalHint}>
            <Icon name="lock" size={11} />
            {a.internal}
          </span>
        )}
      </p>
      <p class="hit-why">
        {confidence !== null && <Confidence value={confidence} />}
        <a href={hashOf({ kind: 'knowledge', view: 'ask', question, after: null })}>{a.why}</a>
      </p>
      {matched.length > 0 ? (
        <ul class="words" aria-label={a.matched} title={a.matched}>
          {matched.map((word) => (
            <li class="word-known" key={word}>
              {word}
            </li>
          ))}
        </ul>
      ) : (
        <p class="fine-print">{a.noMatched}</p>
      )}
      <p class={whole ? 'hit-text' : 'hit-text hit-cut'} dir="auto">
        {text}
      </p>
      <p class="hit-actions">
        {text.length > cutFrom && (
          <button type="button" class="link" aria-expanded={whole} onClick={() => setWhole(!whole)}>
            {whole ? a.less : a.whole}
          </button>
        )}
        <button type="button" class="button" tabIndex={-1} onClick={run}>
          <Icon name={mode === 'note' ? 'lock' : 'insert'} size={14} />
          {mode === 'note' ? a.insertNote : a.insert}
        </button>
      </p>
    </li>
  );
}

/** Shorter texts fit. */
const cutFrom = 90;

function Searching(): JSX.Element {
  const { m } = useSurroundings();
  return (
    <div class="skeletons knowledge-skeleton" role="status" aria-label={m.loading}>
      <span class="skeleton" />
      <span class="skeleton skeleton-short" />
      <span class="skeleton" />
    </div>
  );
}
