import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon, type IconName } from '../icons.tsx';

export type MenuItem = {
  readonly key: string;
  readonly icon: IconName;
  readonly label: string;
  readonly kbd?: string;
  /** Elsewhere it has a button of its own. */
  readonly narrowOnly?: boolean;
  readonly does: () => void;
};

/** A button with more to do below it. The arrow keys lead through it, Escape and a click elsewhere close it. */
export function Menu(props: {
  label: string;
  items: readonly MenuItem[];
  children: ComponentChildren;
  class: string;
  /** Grows to open it from elsewhere. */
  asked: number;
  disabled?: boolean;
}): JSX.Element | null {
  const { label, items, children, class: name, asked, disabled = false } = props;
  const [shown, setShown] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (asked > 0) setShown(true);
  }, [asked]);
  useEffect(() => {
    if (!shown) return;
    itemsOf(list.current)[0]?.focus();
    const elsewhere = ({ target }: Event) => {
      if (!list.current?.contains(target as Node) && !button.current?.contains(target as Node)) setShown(false);
    };
    document.addEventListener('pointerdown', elsewhere);
    return () => document.removeEventListener('pointerdown', elsewhere);
  }, [shown]);

  function onKeyDown(event: KeyboardEvent) {
    const options = itemsOf(list.current);
    const place = options.indexOf(document.activeElement as HTMLElement);
    const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
    if (step !== undefined) options[(place + step + options.length) % options.length]?.focus();
    else if (event.key === 'Escape') close();
    else if (event.key === 'Tab') setShown(false);
    else return event.stopPropagation();
    if (event.key !== 'Tab') event.preventDefault();
    event.stopPropagation();
  }

  function close() {
    setShown(false);
    button.current?.focus();
  }

  if (items.length === 0) return null;
  return (
    <div class="menu-place">
      <button
        ref={button}
        type="button"
        class={name}
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={shown}
        disabled={disabled}
        onClick={() => setShown(!shown)}
      >
        {children}
      </button>
      {shown && (
        <div class="menu" role="menu" aria-label={label} ref={list} onKeyDown={onKeyDown}>
          {items.map(({ key, icon, label, kbd, narrowOnly, does }) => (
            <button
              type="button"
              role="menuitem"
              key={key}
              class={narrowOnly ? 'narrow-only' : undefined}
              tabIndex={-1}
              onClick={() => {
                close();
                does();
              }}
            >
              <Icon name={icon} size={16} />
              <span>{label}</span>
              {kbd && <kbd>{kbd}</kbd>}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

/** Those that are to be seen. */
function itemsOf(list: HTMLElement | null): readonly HTMLElement[] {
  const items = [...(list?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
  return items.filter(({ offsetParent }) => offsetParent !== null);
}
