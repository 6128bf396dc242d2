import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { hasReply } from '../../drafts.ts';
import { useStore } from '../../store.ts';
import { useSurroundings } from '../surroundings.ts';
import { Asking, Choices } from './asking.tsx';

/** Ends the conversation, with a reason where one is set up: the number keys choose, Enter ends. */
export function Resolve(): JSX.Element {
  const { desk, state, m } = useSurroundings();
  const { draft } = useStore(desk.writing.store);
  const [chosen, setChosen] = useState<string | null>(null);
  const { required = false, reasons = [] } = state.directory?.resolutions ?? {};
  const words = m.conversation.resolve;
  const [title, text] = m.confirm.resolve;
  const mayGo = !required || chosen !== null || reasons.length === 0;
  const options = [
    ...reasons.map(({ id, name }, place) => ({
      value: id,
      children: (
        <>
          {name}
          {place < 9 && <kbd>{place + 1}</kbd>}
        </>
      ),
    })),
    ...(required ? [] : [{ value: '', children: <em>{words.without}</em> }]),
  ];

  function onKeyDown(event: KeyboardEvent) {
    const reason = /^[1-9]$/.test(event.key) ? reasons[Number(event.key) - 1] : undefined;
    if (!reason) return;
    event.preventDefault();
    setChosen(reason.id);
  }

  return (
    <Asking
      title={title}
      text={text}
      submit={m.actions.resolve}
      does={mayGo ? () => desk.resolve(chosen === '' ? null : chosen) : null}
    >
      {reasons.length > 0 ? (
        <div onKeyDown={onKeyDown}>
          <p class="fine-print">{required && chosen === null ? words.required : words.keys}</p>
          <Choices
            first
            label={words.reason}
            name="resolution"
            options={options}
            chosen={required ? chosen : (chosen ?? '')}
            onChoose={setChosen}
          />
        </div>
      ) : undefined}
      {hasReply(draft) && <p class="callout callout-warn">{words.drafted}</p>}
    </Asking>
  );
}
