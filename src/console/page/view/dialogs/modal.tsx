import type { ComponentChildren, JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { useSurroundings } from '../surroundings.ts';

/** The browser's own dialog: it keeps the focus inside and gives it back. */
export function Modal(props: {
  label: string;
  children: ComponentChildren;
  /** More room, for lists to choose from. */
  wide?: boolean;
}): JSX.Element {
  const { label, children, wide = false } = props;
  const { show } = useSurroundings();
  const element = useRef<HTMLDialogElement>(null);
  // Before the next key: whoever types ahead types into the dialog.
  useLayoutEffect(() => {
    const dialog = element.current;
    dialog?.showModal();
    // The dialog's own choice would be the button that closes it.
    dialog?.querySelector<HTMLElement>('[data-first]')?.focus();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={element}
      class={wide ? 'modal modal-wide' : 'modal'}
      aria-label={label}
      onCancel={() => show(null)}
      onMouseDown={(event) => event.target === element.current && show(null)}
    >
      <div class="modal-body">{children}</div>
    </dialog>
  );
}
