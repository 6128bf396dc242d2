import type { JSX } from 'preact';
import type { ConversationView } from '../../../api.ts';
import type { ComposerMode } from '../../composing/writing.ts';
import type { Colleague } from '../../conversation.ts';
import { permitted } from '../../permitted.ts';
import { Icon } from '../icons.tsx';
import { useAgent, useSurroundings } from '../surroundings.ts';

/** A colleague writes here as well: nothing is blocked, but nobody should reply twice. */
export function Collision({ colleagues }: { colleagues: readonly Colleague[] }): JSX.Element {
  const { m } = useSurroundings();
  const names = m.conversation.listOf(colleagues.map(({ name }) => name));
  return (
    <div role="status" aria-live="polite" class="collision-place">
      {colleagues.length > 0 && (
        <p class="collision">
          <Icon name="warn" size={14} />
          {colleagues.some(({ draft }) => !draft)
            ? m.conversation.colleagueTyping(names)
            : m.conversation.colleagueDraft(names)}
        </p>
      )}
    </div>
  );
}

/** Why there is no replying here, what to do about it, and what of a reply was already written. */
export function NotMine(props: {
  conversation: ConversationView;
  keptReply: string;
  mode: ComposerMode;
  onMode: (mode: ComposerMode) => void;
}): JSX.Element {
  const { conversation, keptReply, mode, onMode } = props;
  const { desk, state, show, m } = useSurroundings();
  const { claim, takeOver, watches } = permitted(conversation, useAgent());
  const { mergedInto } = conversation;
  const waits = state.busy !== null;
  return (
    <div class={`composer-notice composer-notice-${watches ? 'watching' : conversation.status}`}>
      <span>
        {watches && <Icon name="eye" size={15} />}
        {useWhyNot(conversation)}
        {keptReply !== '' && (
          <>
            {' '}
            {m.conversation.composer.notSentYet}
            <q class="kept">{keptReply}</q>
          </>
        )}
      </span>
      {mode === 'reply' && (
        <button type="button" class="button" onClick={() => onMode('note')}>
          <Icon name={watches ? 'whisper' : 'lock'} size={14} />
          {m.composer.note}
          <kbd>N</kbd>
        </button>
      )}
      {mergedInto !== null && (
        <button type="button" class="button button-primary" onClick={() => desk.open(mergedInto)}>
          <Icon name="merge" size={15} />
          {m.conversation.actions.openOther}
        </button>
      )}
      {claim && (
        <button type="button" class="button button-primary" disabled={waits} onClick={() => void desk.claim()}>
          <Icon name="hand" size={15} />
          {state.busy === 'claim' ? m.actions.claiming : m.actions.claim}
          <kbd>C</kbd>
        </button>
      )}
      {takeOver !== null && (
        <button type="button" class="button button-primary" disabled={waits} onClick={() => show('takeOver')}>
          <Icon name="hand" size={15} />
          {takeOver === 'resolved' ? m.conversation.actions.reopen : m.conversation.actions.takeOver}
          <kbd>O</kbd>
        </button>
      )}
    </div>
  );
}

function useWhyNot(conversation: ConversationView): string {
  const { m } = useSurroundings();
  const me = useAgent();
  const { status, agent, reservedFor, mergedInto } = conversation;
  const words = m.conversation.composer;
  switch (status) {
    case 'queued':
      if (!reservedFor) return m.composer.queued;
      return reservedFor.id === me?.id ? words.reservedForMe : words.reservedFor(reservedFor.name);
    case 'bot':
      return m.composer.bot;
    case 'resolved':
      return mergedInto === null ? m.composer.resolved : words.mergedInto;
    case 'assigned': {
      const owner = agent?.name ?? m.rail.roles.agent;
      return permitted(conversation, me).watches ? words.watching(owner) : m.composer.others(owner);
    }
  }
}
