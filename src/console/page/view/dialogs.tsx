import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { maxText } from '../../limits.ts';
import { Icon } from './icons.tsx';
import { useSurroundings } from './surroundings.ts';

/** Whatever lies over the page now. */
export function Dialogs(): JSX.Element | null {
  const { dialog } = useSurroundings();
  switch (dialog) {
    case null:
      return null;
    case 'keys':
      return <Keys />;
    case 'toQueue':
    case 'toBot':
    case 'resolve':
      return <Confirm action={dialog} />;
  }
}

/** Gives a conversation out of one's hands only after a second look. */
function Confirm({ action }: { action: 'toQueue' | 'toBot' | 'resolve' }): JSX.Element {
  const { desk, m, show } = useSurroundings();
  const [note, setNote] = useState('');
  const [title, text] = m.confirm[action];

  function go(event: Event) {
    event.preventDefault();
    show(null);
    if (action === 'resolve') void desk.resolve();
    else void desk.transfer(action === 'toQueue' ? 'queue' : 'bot', note);
  }

  return (
    <Modal label={title}>
      <form onSubmit={go}>
        <h2>{title}</h2>
        <p>{text}</p>
        {action !== 'resolve' && (
          <label class="field">
            <span>{m.confirm.note}</span>
            <textarea
              rows={3}
              maxLength={maxText}
              value={note}
              onInput={(event) => setNote(event.currentTarget.value)}
            />
          </label>
        )}
        <footer>
          <button type="button" class="button" onClick={() => show(null)}>
            {m.actions.cancel}
          </button>
          <button type="submit" class="button button-primary" autofocus>
            {m.actions[action]}
          </button>
        </footer>
      </form>
    </Modal>
  );
}

function Keys(): JSX.Element {
  const { m, show } = useSurroundings();
  const map: readonly KeyLine[] = [
    [['J', '↓', 'K', '↑'], m.keys.list],
    [['Enter'], m.keys.open],
    [['1', '2', '3', '4'], m.keys.views],
    [['C'], m.keys.claim],
    [['R'], m.keys.reply],
    [['N'], m.keys.note],
    [['Enter'], m.keys.send],
    [['Shift', 'Enter'], m.keys.newline],
    [['Esc'], m.keys.escape],
    [['G'], m.knowledge.keys.section],
    [['?'], m.keys.help],
  ];
  const inKnowledge: readonly KeyLine[] = [
    [['/'], m.knowledge.keys.ask],
    [['1', '2', '3', '4'], m.knowledge.keys.views],
    [['J', '↓', 'K', '↑'], m.knowledge.keys.list],
    [['A'], m.knowledge.keys.accept],
    [['E'], m.knowledge.keys.edit],
    [['X'], m.knowledge.keys.refuse],
  ];
  return (
    <Modal label={m.keys.title}>
      <header class="modal-head">
        <h2>{m.keys.title}</h2>
        <button type="button" class="icon-button" aria-label={m.actions.close} onClick={() => show(null)}>
          <Icon name="close" size={18} />
        </button>
      </header>
      <KeyLines lines={map} />
      <h3>{m.knowledge.keys.title}</h3>
      <KeyLines lines={inKnowledge} />
    </Modal>
  );
}

type KeyLine = readonly [keys: readonly string[], words: string];

function KeyLines({ lines }: { lines: readonly KeyLine[] }): JSX.Element {
  return (
    <dl class="keys">
      {lines.map(([keys, words]) => (
        <div key={words}>
          <dt>{words}</dt>
          <dd>
            {keys.map((key) => (
              <kbd key={key}>{key}</kbd>
            ))}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** The browser's own dialog: it keeps the focus inside and gives it back. */
function Modal({ label, children }: { label: string; children: ComponentChildren }): JSX.Element {
  const { show } = useSurroundings();
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    element.current?.showModal();
    return () => element.current?.close();
  }, []);
  return (
    <dialog
      ref={element}
      class="modal"
      aria-label={label}
      onCancel={() => show(null)}
      onClick={(event) => event.target === element.current && show(null)}
    >
      <div class="modal-body">{children}</div>
    </dialog>
  );
}
