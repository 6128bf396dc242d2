import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { maxText } from '../../../limits.ts';
import { useSurroundings } from '../surroundings.ts';
import { Asking } from './asking.tsx';

/** Gives the conversation back to the bot, with a note for whoever comes next. */
export function ToBot(): JSX.Element {
  const { desk, m } = useSurroundings();
  const [note, setNote] = useState('');
  const [title, text] = m.confirm.toBot;
  return (
    <Asking
      title={title}
      text={text}
      submit={m.actions.toBot}
      does={() => desk.transfer({ kind: 'bot' }, { note, name: m.transcript.bot })}
    >
      <label class="field">
        <span>{m.confirm.note}</span>
        <textarea
          rows={3}
          maxLength={maxText}
          value={note}
          data-first
          onInput={({ currentTarget }) => setNote(currentTarget.value)}
        />
      </label>
    </Asking>
  );
}
