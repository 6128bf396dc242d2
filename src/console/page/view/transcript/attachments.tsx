import type { JSX } from 'preact';
import type { AttachmentView } from '../../../api.ts';
import type { Messages } from '../../messages/messages.ts';
import { Icon } from '../icons.tsx';
import { isPicture } from './scene.ts';

/** Pictures, which open in the lightbox, and files, which open by themselves. */
export function Attachments(props: {
  attachments: readonly AttachmentView[];
  m: Messages;
  onPicture: (id: string) => void;
}): JSX.Element | null {
  const { attachments, m, onPicture } = props;
  if (attachments.length === 0) return null;
  const pictures = attachments.filter(isPicture);
  return (
    <div class={pictures.length > 1 ? 'attachments attachments-many' : 'attachments'}>
      {attachments.map((attachment) =>
        isPicture(attachment) ? (
          <button
            type="button"
            key={attachment.id}
            class="image"
            aria-label={m.conversation.lightbox.open(attachment.name)}
            onClick={() => onPicture(attachment.id)}
          >
            <img src={attachment.url} alt={attachment.name} />
          </button>
        ) : (
          <FileLink attachment={attachment} key={attachment.id} />
        ),
      )}
    </div>
  );
}

function FileLink({ attachment }: { attachment: AttachmentView }): JSX.Element {
  const { name, url } = attachment;
  const size = sizeText(attachment.size);
  return (
    <a class="file" href={url} target="_blank" rel="noopener">
      <Icon name="file" />
      <span dir="auto">{name}</span>
      <small>{size}</small>
    </a>
  );
}

/** How large a file is: `3 KB`, `1.2 MB`. */
export function sizeText(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
