import type { JSX, RefObject } from 'preact';
import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import type { ConversationView } from '../../api.ts';
import { maxText } from '../../limits.ts';
import type { Draft } from '../drafts.ts';
import { sends } from '../keys.ts';
import type { Messages } from '../messages/messages.ts';
import { Icon } from './icons.tsx';
import { nameOf, useMyId, useSurroundings } from './surroundings.ts';

export type ComposerMode = 'reply' | 'note';

/** Where an agent writes. Only the owner may reply; anyone may leave a note. */
export function Composer(props: {
  conversation: ConversationView;
  mode: ComposerMode;
  onMode: (mode: ComposerMode) => void;
  draft: Draft;
  onDraft: (draft: Draft) => void;
  field: RefObject<HTMLTextAreaElement | null>;
}): JSX.Element {
  const { conversation, draft, onDraft, onMode, field } = props;
  const { desk, m } = useSurroundings();
  const myId = useMyId();
  const mayReply = conversation.status === 'assigned' && conversation.agent?.id === myId;
  const { mode } = props;
  const text = draft[mode];
  const over = text.length - maxText;
  const maySend = text.trim() !== '' && over <= 0;
  useGrowing(field, text);
  // A note is written on demand; without the conversation there is nothing else to choose.
  const modes: readonly ComposerMode[] = mayReply ? ['reply', 'note'] : ['note'];

  function write(value: string) {
    onDraft({ ...draft, [mode]: value });
    if (mode === 'reply' && value !== '') desk.typed();
  }

  function submit() {
    if (!maySend) return;
    desk.send(text.trim(), mode === 'note');
    onDraft({ ...draft, [mode]: '' });
    field.current?.focus();
  }

  return (
    <form
      class={`composer composer-${mode}`}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {!mayReply && <NotMine conversation={conversation} keptReply={draft.reply} mode={mode} onMode={onMode} />}
      <div class="composer-box" hidden={!mayReply && mode === 'reply'}>
        <textarea
          ref={field}
          rows={1}
          value={text}
          placeholder={mode === 'reply' ? m.composer.replyTo(nameOf(conversation.customer, m)) : m.composer.writeNote}
          aria-label={mode === 'reply' ? m.composer.reply : m.composer.note}
          aria-invalid={over > 0}
          onInput={(event) => write(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (!sends(event)) return;
            event.preventDefault();
            submit();
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
          <span
            class={over > 0 ? 'composer-hint composer-over' : 'composer-hint'}
            role={over > 0 ? 'alert' : undefined}
          >
            {over > 0 ? m.composer.tooLong(over) : m.composer.hint}
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

/** Why there is no replying here, what to do about it, and what of a reply was already written. */
function NotMine(props: {
  conversation: ConversationView;
  keptReply: string;
  mode: ComposerMode;
  onMode: (mode: ComposerMode) => void;
}): JSX.Element {
  const { conversation, keptReply, mode, onMode } = props;
  const { desk, state, m } = useSurroundings();
  return (
    <div class={`composer-notice composer-notice-${conversation.status}`}>
      <span>
        {whyNot(conversation, m)}
        {keptReply !== '' && <q class="kept">{keptReply}</q>}
      </span>
      {mode === 'reply' && (
        <button type="button" class="button" onClick={() => onMode('note')}>
          <Icon name="lock" size={14} />
          {m.composer.note}
          <kbd>N</kbd>
        </button>
      )}
      {conversation.status === 'queued' && (
        <button
          type="button"
          class="button button-primary"
          disabled={state.busy !== null}
          onClick={() => void desk.claim()}
        >
          <Icon name="hand" size={15} />
          {state.busy === 'claim' ? m.actions.claiming : m.actions.claim}
          <kbd>C</kbd>
        </button>
      )}
    </div>
  );
}

function whyNot({ status, agent }: ConversationView, m: Messages): string {
  switch (status) {
    case 'queued':
      return m.composer.queued;
    case 'bot':
      return m.composer.bot;
    case 'resolved':
      return m.composer.resolved;
    case 'assigned':
      return m.composer.others(agent?.name ?? m.rail.roles.agent);
  }
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

/** The draft of a conversation, written through to the device with every key. */
export function useDraft(conversationId: string): readonly [Draft, (draft: Draft) => void] {
  const { desk } = useSurroundings();
  const [draft, setDraft] = useState(() => desk.draft(conversationId));
  useEffect(() => setDraft(desk.draft(conversationId)), [conversationId]);
  return [
    draft,
    (next) => {
      desk.setDraft(conversationId, next);
      setDraft(next);
    },
  ];
}
