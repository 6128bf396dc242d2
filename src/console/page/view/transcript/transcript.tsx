import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useState } from 'preact/hooks';
import type { OpenConversation, Outgoing } from '../../conversation.ts';
import { lastRead, rowsOf } from '../../rows.ts';
import { Icon } from '../icons.tsx';
import { nameOf, useMyId, useSurroundings } from '../surroundings.ts';
import { useBottom } from './bottom.ts';
import { Lightbox } from './lightbox.tsx';
import { OutgoingMessage } from './outgoing.tsx';
import { RowView } from './row.tsx';
import { isPicture, messagesBySeq, type Scene } from './scene.ts';

/**
 * The whole conversation, the newest at the bottom; it stays there as long as the agent does. The arrow keys (or J and K)
 * lead from message to message, Q quotes the one that has the focus.
 */
export function Transcript(props: {
  open: OpenConversation;
  /** Puts a message that failed back where it was written. */
  onEdit: (message: Outgoing) => void;
  /** Null where one may not reply. */
  onQuote: ((seq: number) => void) | null;
}): JSX.Element {
  const { open, onEdit, onQuote } = props;
  const { desk, m } = useSurroundings();
  const [picture, setPicture] = useState<string | null>(null);
  const rows = useMemo(() => rowsOf(open.entries), [open.entries]);
  const length = open.entries.length + open.outgoing.length;
  const { scroll, content, atBottom, toBottom, leave, onScroll } = useBottom();
  const [shown, setShown] = useState(0);
  const isSending = open.outgoing.some(({ state }) => state === 'sending');
  const scene = useScene(open, { onQuote, onJump: jump, onPicture: setPicture, onOpen: desk.open });
  const read = lastRead(open.entries, open.conversation?.readSeq ?? 0);
  // The lines stay as they are while somebody writes: a conversation may have thousands.
  const lines = useMemo(
    () =>
      rows.map((row) => (
        <RowView row={row} scene={scene} read={row.kind === 'message' && row.entry.seq === read} key={row.key} />
      )),
    [rows, scene, read],
  );

  /** Shows a message, and for a moment which one it was. */
  function jump(seq: number) {
    const target = scroll.current?.querySelector<HTMLElement>(`[data-seq="${seq}"]`);
    if (!target) return;
    leave();
    target.scrollIntoView({ block: 'center' });
    target.focus({ preventScroll: true });
    target.classList.remove('message-sought');
    // Read, so that the animation begins anew for a message that was sought before.
    void target.offsetWidth;
    target.classList.add('message-sought');
  }

  // A message somebody looks for is shown as soon as it has been read.
  const { sought } = open;
  const isThere = sought !== null && sought <= open.entries.length;
  useLayoutEffect(() => {
    if (!isThere || sought === null) return;
    jump(sought);
    desk.found();
  }, [isThere, sought]);

  // What I send is always shown; what comes in only moves the page when I am at its end.
  useLayoutEffect(() => {
    if (isSending) toBottom();
  }, [length, isSending]);
  useEffect(() => {
    if (atBottom) setShown(length);
  }, [length, atBottom]);

  function onKeyDown(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey || (event.target as Element).closest('summary,input')) return;
    const current = (event.target as Element).closest<HTMLElement>('[data-seq]');
    const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key] ?? 0;
    if (step !== 0) {
      const messages = [...(content.current?.querySelectorAll<HTMLElement>('[data-seq]') ?? [])];
      const next = current ? messages[messages.indexOf(current) + step] : messages.at(-1);
      if (!next) return;
      next.focus({ preventScroll: true });
      next.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'q' && current && onQuote && !current.classList.contains('message-note')) {
      onQuote(Number(current.dataset['seq']));
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <div class="transcript-frame">
      <div
        class="transcript"
        ref={scroll}
        onScroll={onScroll}
        onKeyDown={onKeyDown}
        role="log"
        aria-label={m.transcript.label}
        aria-live="polite"
        tabIndex={0}
      >
        <div class="transcript-rows" ref={content}>
          {rows.length === 0 && open.outgoing.length === 0 && <p class="fine-print">{m.transcript.empty}</p>}
          {lines}
          {open.outgoing.map((message) => (
            <OutgoingMessage message={message} scene={scene} key={message.clientId} onEdit={onEdit} />
          ))}
          {open.typing && <Typing open={open} />}
        </div>
      </div>
      {!atBottom && (
        <button
          type="button"
          class={length > shown ? 'new-below' : 'new-below to-bottom'}
          aria-label={length > shown ? undefined : m.conversation.toBottom}
          onClick={toBottom}
        >
          <Icon name="down" size={14} />
          {length > shown && m.transcript.newBelow}
        </button>
      )}
      {picture !== null && (
        <Lightbox
          pictures={open.entries
            .flatMap((entry) => (entry.kind === 'message' ? entry.attachments : []))
            .filter(isPicture)}
          first={picture}
          onClose={() => setPicture(null)}
        />
      )}
    </div>
  );
}

/** What the lines need to know, the same as long as nothing of it changes. */
function useScene(open: OpenConversation, does: Pick<Scene, 'onQuote' | 'onJump' | 'onPicture' | 'onOpen'>): Scene {
  const { m, locale, state } = useSurroundings();
  const myId = useMyId();
  const { conversation, entries } = open;
  const { directory } = state;
  const mayQuote = does.onQuote !== null;
  return useMemo(
    () => ({ m, locale, myId, conversation, directory, messages: messagesBySeq(entries), ...does }),
    [m, locale, myId, conversation, directory, entries, mayQuote],
  );
}

function Typing({ open }: { open: OpenConversation }): JSX.Element {
  const { m } = useSurroundings();
  const { typing, conversation } = open;
  const name =
    typing?.role === 'customer' && conversation ? nameOf(conversation.customer, m) : (typing?.name ?? m.transcript.bot);
  return (
    <p class={`typing typing-${typing?.role ?? 'customer'}`} role="status">
      <span class="typing-dots" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      {m.transcript.typing(name)}
    </p>
  );
}
