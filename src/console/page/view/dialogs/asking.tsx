import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Did } from '../../conversation.ts';
import { Icon } from '../icons.tsx';
import { useSurroundings } from '../surroundings.ts';
import { Modal } from './modal.tsx';

/**
 * A question before something is done to the open conversation. It stays until that is done: what stands in the way is
 * said here, where another choice can be made, and where nothing is left to choose it closes.
 */
export function Asking(props: {
  title: string;
  text?: string;
  submit: string;
  /** What is done; null while there is nothing to do it with. */
  does: (() => Promise<Did>) | null;
  children?: ComponentChildren;
  wide?: boolean;
}): JSX.Element {
  const { title, text, submit, does, children, wide = false } = props;
  const { m, show } = useSurroundings();
  const [waits, setWaits] = useState(false);
  const [did, setDid] = useState<Did | null>(null);

  async function go(event: Event) {
    event.preventDefault();
    if (!does || waits) return;
    setWaits(true);
    const outcome = await does();
    setWaits(false);
    if (outcome.kind === 'done' || outcome.kind === 'over') show(null);
    else setDid(outcome);
  }

  return (
    <Modal label={title} wide={wide}>
      <form onSubmit={(event) => void go(event)}>
        <h2>{title}</h2>
        {text && <p>{text}</p>}
        {children}
        {did && (
          <p class="callout callout-warn" role="alert">
            <Icon name="warn" size={15} />
            {did.kind === 'unavailable'
              ? m.conversation.notices.unavailable(did.name)
              : did.kind === 'stale'
                ? m.notices.stale
                : m.notices.failed}
          </p>
        )}
        <footer>
          <button type="button" class="button" onClick={() => show(null)}>
            {m.actions.cancel}
          </button>
          <button
            type="submit"
            class="button button-primary"
            disabled={!does || waits}
            data-first={children === undefined || undefined}
          >
            {submit}
          </button>
        </footer>
      </form>
    </Modal>
  );
}

/** A list to choose one of, by the arrow keys too. */
export function Choices<Value extends string>(props: {
  label: string;
  name: string;
  options: readonly { readonly value: Value; readonly children: ComponentChildren; readonly disabled?: boolean }[];
  chosen: Value | null;
  onChoose: (value: Value) => void;
  /** The focus begins here. */
  first?: boolean;
}): JSX.Element {
  const { label, name, options, chosen, onChoose, first = false } = props;
  const focused = chosen ?? options[0]?.value;
  return (
    <div class="options" role="radiogroup" aria-label={label}>
      {options.map(({ value, children, disabled }) => (
        <label key={value} class={disabled ? 'option option-off' : 'option'}>
          <input
            type="radio"
            name={name}
            value={value}
            checked={value === chosen}
            disabled={disabled}
            data-first={(first && value === focused) || undefined}
            onChange={() => onChoose(value)}
          />
          <span class="option-words">{children}</span>
        </label>
      ))}
    </div>
  );
}
