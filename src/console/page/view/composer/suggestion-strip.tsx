import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { SuggestionView } from '../../../desk-api.ts';
import { unansweredOf } from '../../composing/suggestions.ts';
import type { OpenConversation } from '../../conversation.ts';
import { useStore } from '../../store.ts';
import { Confidence } from '../confidence.tsx';
import { Icon } from '../icons.tsx';
import { useSurroundings } from '../surroundings.ts';

export type Offered = { readonly about: number | null; readonly list: readonly SuggestionView[] };

/** What the knowledge base has for the message that awaits a reply. */
export function useSuggestions({ id, entries }: OpenConversation, wanted: boolean): Offered {
  const { desk } = useSurroundings();
  const { suggested } = useStore(desk.suggestions.store);
  const about = unansweredOf(entries);
  useEffect(() => {
    if (wanted && about !== null) desk.suggestions.look(id, about);
  }, [id, about, wanted]);
  const isFresh = wanted && suggested?.conversationId === id && suggested.about === about;
  return isFresh ? { about, list: suggested.suggestions } : { about: null, list: [] };
}

/** The suggestions above the field: Alt and a number puts one into the reply. */
export function SuggestionStrip(props: {
  suggestions: Offered;
  onChoose: (place: number) => boolean;
}): JSX.Element | null {
  const { suggestions, onChoose } = props;
  const { desk, m } = useSurroundings();
  const [folded, setFolded] = useState(false);
  const words = m.conversation.composer;
  if (suggestions.list.length === 0) return null;
  return (
    <section class="suggestions" aria-label={words.suggestions}>
      <header>
        <button type="button" class="suggestions-fold" aria-expanded={!folded} onClick={() => setFolded(!folded)}>
          <Icon name="book" size={14} />
          {words.suggestions}
          <span class="count">{suggestions.list.length}</span>
        </button>
        <button
          type="button"
          class="icon-button"
          aria-label={words.hideSuggestions}
          title={words.hideSuggestions}
          onClick={desk.suggestions.hide}
        >
          <Icon name="close" size={14} />
        </button>
      </header>
      {!folded && (
        <ol>
          {suggestions.list.map((suggestion, place) => (
            <li key={suggestion.articleId}>
              <button
                type="button"
                class="suggestion"
                title={suggestion.text}
                aria-keyshortcuts={`Alt+${place + 1}`}
                onClick={() => onChoose(place)}
              >
                <kbd>Alt {place + 1}</kbd>
                {suggestion.audience === 'internal' && (
                  <span class="chip chip-internal" title={words.insertNote}>
                    <Icon name="lock" size={11} />
                    {words.internalOnly}
                  </span>
                )}
                <strong>{suggestion.title}</strong>
                <span class="suggestion-text">{suggestion.text}</span>
                {suggestion.confidence !== null && <Confidence value={suggestion.confidence} />}
              </button>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
