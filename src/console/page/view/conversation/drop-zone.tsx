import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Icon } from '../icons.tsx';
import { useSurroundings } from '../surroundings.ts';

/** Where files can be let go of. Text that is dragged stays the browser's. */
export function DropZone(props: {
  label: string;
  /** Null where none are taken. */
  onFiles: ((files: readonly File[]) => void) | null;
  children: ComponentChildren;
}): JSX.Element {
  const { label, onFiles, children } = props;
  const { m } = useSurroundings();
  const [over, setOver] = useState(false);
  const hasFiles = ({ dataTransfer }: DragEvent) => dataTransfer?.types.includes('Files') ?? false;
  return (
    <section
      class="conversation"
      aria-label={label}
      onDragOver={(event) => {
        if (!hasFiles(event)) return;
        // Else the browser would leave the page for the file.
        event.preventDefault();
        setOver(onFiles !== null);
      }}
      onDragLeave={({ currentTarget, relatedTarget }) => {
        if (!currentTarget.contains(relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={(event) => {
        setOver(false);
        if (!hasFiles(event)) return;
        event.preventDefault();
        onFiles?.([...(event.dataTransfer?.files ?? [])]);
      }}
    >
      {children}
      {over && (
        <div class="drop-here" aria-hidden="true">
          <Icon name="clip" size={22} />
          {m.conversation.composer.dropHere}
        </div>
      )}
    </section>
  );
}
