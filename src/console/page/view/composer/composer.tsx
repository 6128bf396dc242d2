import type { JSX, RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ConversationView } from '../../../api.ts';
import { maxText } from '../../../limits.ts';
import { completed, tokenAt } from '../../composing/completions.ts';
import type { ComposerMode } from '../../composing/writing.ts';
import { hasReply } from '../../drafts.ts';
import type { OpenConversation } from '../../conversation.ts';
import { sends } from '../../keys.ts';
import { permitted } from '../../permitted.ts';
import { useStore } from '../../store.ts';
import { Icon } from '../icons.tsx';
import { nameOf, useAgent, useSurroundings } from '../surroundings.ts';
import { Completions, useCompletions, type Completion } from './completions.tsx';
import { Enclosures } from './enclosures.tsx';
import { Collision, NotMine } from './not-mine.tsx';
import { SuggestionStrip, useSuggestions } from './suggestion-strip.tsx';

/** Where an agent writes. Only the owner may reply; anyone may leave a note. */
export function Composer(props: {
  open: OpenConversation;
  conversation: ConversationView;
  mode: ComposerMode;
  onMode: (mode: ComposerMode) => void;
  field: RefObject<HTMLTextAreaElement | null>;
}): JSX.Element {
  const { open, conversation, mode, onMode, field } = props;
  const { desk, m, state } = useSurroundings();
  const me = useAgent();
  const { draft } = useStore(desk.writing.store);
  const { byConversation } = useStore(desk.uploads.store);
  const picker = useRef<HTMLInputElement>(null);
  const [caret, setCaret] = useState(0);
  const [dismissed, setDismissed] = useState<number | null>(null);
  const wantedCaret = useRef<number | null>(null);
  const mayReply = permitted(conversation, me).serve;
  const text = draft[mode];
  const over = text.length - maxText;
  const uploading = (byConversation[open.id] ?? []).some(({ fault }) => fault === null);
  const blocked = mode === 'reply' && uploading;
  const maySend = (mode === 'reply' ? hasReply(draft) : text.trim() !== '') && over <= 0 && !blocked;
  const suggestions = useSuggestions(open, mayReply && mode === 'reply');
  const token = tokenAt(text, caret, mode);
  const completions = useCompletions(token?.start === dismissed ? null : token, conversation);
  useGrowing(field, text);
  useStaying(uploading);
  useLayoutEffect(() => {
    if (wantedCaret.current === null) return;
    field.current?.setSelectionRange(wantedCaret.current, wantedCaret.current);
    setCaret(wantedCaret.current);
    wantedCaret.current = null;
  });
  const hasCanned = (state.directory?.canned.length ?? 0) > 0;
  const { slash, at } = m.conversation.composer;
  const shortcuts = mode === 'note' ? at : hasCanned ? slash : null;
  // A note is written on demand; without the conversation there is nothing else to choose.
  const modes: readonly ComposerMode[] = mayReply ? ['reply', 'note'] : ['note'];

  function write(value: string, at: number) {
    desk.writing.write(mode, value);
    setCaret(at);
    setDismissed(null);
    if (value !== '') desk.typed(mode);
  }

  function complete({ text: insert, mention, cannedId }: Completion) {
    if (!token) return;
    const next = completed(text, { start: token.start, caret }, insert);
    write(next.text, next.caret);
    wantedCaret.current = next.caret;
    if (mention) desk.writing.mention(mention);
    if (cannedId) desk.usedCanned(cannedId);
    field.current?.focus();
  }

  function suggest(place: number): boolean {
    const suggestion = suggestions.list[place];
    if (!suggestion || suggestions.about === null) return false;
    const { articleId, title, text: insert, audience } = suggestion;
    // An internal article is for colleagues: it never stands where it could be sent.
    const into = audience === 'internal' ? 'note' : mode;
    if (into !== mode) onMode(into);
    const article = into === 'reply' ? { articleId, title, about: suggestions.about } : null;
    wantedCaret.current = desk.writing.insert(into, { text: insert, caret: into === mode ? caret : null, article });
    field.current?.focus();
    return true;
  }

  // From anywhere in the conversation: a suggestion is taken before one has begun to write.
  useEffect(() => {
    function onAltDigit(event: KeyboardEvent) {
      if (!event.altKey || event.ctrlKey || event.metaKey || document.querySelector('dialog[open]')) return;
      if (/^Digit[1-3]$/.test(event.code) && suggest(Number(event.code.slice(-1)) - 1)) event.preventDefault();
    }
    document.addEventListener('keydown', onAltDigit);
    return () => document.removeEventListener('keydown', onAltDigit);
  });

  function submit() {
    if (!maySend) return;
    desk.send(mode);
    setCaret(0);
    field.current?.focus();
  }

  function onKeyDown(event: KeyboardEvent) {
    if (completions.onKeyDown(event, { complete, dismiss: () => setDismissed(token?.start ?? null) })) return;
    if (!sends(event)) return;
    event.preventDefault();
    submit();
  }

  return (
    <form
      class={`composer composer-${mode}`}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Collision colleagues={open.colleagues} />
      {!mayReply && <NotMine conversation={conversation} keptReply={draft.reply} mode={mode} onMode={onMode} />}
      {mayReply && mode === 'reply' && <SuggestionStrip suggestions={suggestions} onChoose={suggest} />}
      <div class="composer-box" hidden={!mayReply && mode === 'reply'}>
        {completions.list && (
          <Completions completions={completions} onChoose={complete} kind={token?.kind ?? 'canned'} />
        )}
        {mode === 'reply' && <Enclosures open={open} draft={draft} uploads={byConversation[open.id] ?? []} />}
        <textarea
          ref={field}
          rows={1}
          value={text}
          placeholder={mode === 'reply' ? m.composer.replyTo(nameOf(conversation.customer, m)) : m.composer.writeNote}
          aria-label={mode === 'reply' ? m.composer.reply : m.composer.note}
          aria-invalid={over > 0}
          aria-autocomplete="list"
          aria-controls={completions.list ? 'completions' : undefined}
          aria-activedescendant={completions.list ? completions.activeId : undefined}
          onInput={({ currentTarget: { value, selectionStart } }) => write(value, selectionStart)}
          onSelect={({ currentTarget: { selectionStart } }) => setCaret(selectionStart)}
          onKeyDown={onKeyDown}
          onPaste={(event) => {
            const files = [...(event.clipboardData?.files ?? [])];
            if (files.length === 0 || mode !== 'reply') return;
            event.preventDefault();
            desk.attach(files);
          }}
        />
        <div class="composer-foot">
          <div class="segments" role="radiogroup" aria-label={m.composer.mode}>
            {modes.map((each) => (
              <button
                type="button"
                role="radio"
                key={each}
                class="segment"
                aria-checked={mode === each}
                onClick={() => onMode(each)}
              >
                {each === 'note' && <Icon name="lock" size={12} />}
                {m.composer[each]}
                <kbd>{each === 'reply' ? 'R' : 'N'}</kbd>
              </button>
            ))}
          </div>
          {mode === 'reply' && (
            <>
              <button
                type="button"
                class="icon-button attach"
                aria-label={m.conversation.composer.attach}
                title={m.conversation.composer.attach}
                onClick={() => picker.current?.click()}
              >
                <Icon name="clip" size={17} />
              </button>
              <input
                ref={picker}
                type="file"
                hidden
                multiple
                accept="image/png,image/jpeg,image/gif,image/webp"
                onChange={({ currentTarget }) => {
                  desk.attach([...(currentTarget.files ?? [])]);
                  currentTarget.value = '';
                  field.current?.focus();
                }}
              />
            </>
          )}
          <span
            class={over > 0 || blocked ? 'composer-hint composer-over' : 'composer-hint'}
            role={over > 0 ? 'alert' : undefined}
          >
            {over > 0
              ? m.composer.tooLong(over)
              : blocked
                ? m.conversation.composer.stillUploading
                : [shortcuts, m.composer.hint].filter(Boolean).join(' · ')}
          </span>
          <button type="submit" class="button button-send" disabled={!maySend}>
            <Icon name={mode === 'reply' ? 'send' : 'check'} size={15} />
            {mode === 'reply' ? m.composer.send : m.composer.saveNote}
          </button>
        </div>
      </div>
    </form>
  );
}

/** What is half uploaded can't be kept over a reload: the browser asks first. */
function useStaying(uploading: boolean) {
  useEffect(() => {
    if (!uploading) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [uploading]);
}

/** The field grows with its text, up to a third of the window. */
function useGrowing(field: RefObject<HTMLTextAreaElement | null>, text: string) {
  useLayoutEffect(() => {
    const area = field.current;
    if (!area) return;
    area.style.height = 'auto';
    area.style.height = `${Math.min(area.scrollHeight, window.innerHeight / 3)}px`;
  }, [text]);
}
