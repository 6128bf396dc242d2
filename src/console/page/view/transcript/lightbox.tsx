import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { AttachmentView } from '../../../api.ts';
import { Icon } from '../icons.tsx';
import { useSurroundings } from '../surroundings.ts';

/** A picture over the whole page, with the conversation's others beside it: the arrow keys lead through them. */
export function Lightbox(props: {
  pictures: readonly AttachmentView[];
  first: string;
  onClose: () => void;
}): JSX.Element | null {
  const { pictures, first, onClose } = props;
  const { m } = useSurroundings();
  const dialog = useRef<HTMLDialogElement>(null);
  const [shown, setShown] = useState(first);
  const place = pictures.findIndex(({ id }) => id === shown);
  const picture = pictures[place];
  useEffect(() => {
    dialog.current?.showModal();
    return () => dialog.current?.close();
  }, []);
  if (!picture) return null;

  function step(by: 1 | -1) {
    const next = pictures[place + by];
    if (next) setShown(next.id);
  }

  return (
    <dialog
      ref={dialog}
      class="lightbox"
      aria-label={m.conversation.lightbox.label}
      onCancel={onClose}
      onClick={({ target }) =>
        (target as Element).tagName !== 'IMG' && !(target as Element).closest('a,button') && onClose()
      }
      onKeyDown={({ key }) => {
        if (key === 'ArrowLeft') step(-1);
        if (key === 'ArrowRight') step(1);
      }}
    >
      <header>
        <span dir="auto">{picture.name}</span>
        {pictures.length > 1 && (
          <small>
            {place + 1} / {pictures.length}
          </small>
        )}
        <a href={picture.url} target="_blank" rel="noopener">
          {m.conversation.lightbox.original}
        </a>
        <button type="button" class="icon-button" aria-label={m.actions.close} onClick={onClose} autofocus>
          <Icon name="close" size={20} />
        </button>
      </header>
      <div class="lightbox-stage">
        <img src={picture.url} alt={picture.name} />
      </div>
      {place > 0 && (
        <button
          type="button"
          class="lightbox-step lightbox-before"
          aria-label={m.conversation.lightbox.before}
          onClick={() => step(-1)}
        >
          <Icon name="back" size={22} />
        </button>
      )}
      {place < pictures.length - 1 && (
        <button
          type="button"
          class="lightbox-step lightbox-after"
          aria-label={m.conversation.lightbox.after}
          onClick={() => step(1)}
        >
          <Icon name="right" size={22} />
        </button>
      )}
    </dialog>
  );
}
