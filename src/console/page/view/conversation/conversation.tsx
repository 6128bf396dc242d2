import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { PersonView } from '../../../api.ts';
import type { ComposerMode } from '../../composing/writing.ts';
import type { OpenConversation, Outgoing } from '../../conversation.ts';
import type { ConversationAct } from '../../keys.ts';
import { permitted } from '../../permitted.ts';
import { Composer } from '../composer/composer.tsx';
import { Failed } from '../empty.tsx';
import { nameOf, useAgent, useSurroundings } from '../surroundings.ts';
import { Transcript } from '../transcript/transcript.tsx';
import { askEvent, composeEvent } from './asked.ts';
import { DropZone } from './drop-zone.tsx';
import { Head } from './head.tsx';

/** The middle: one conversation, from its head to where one writes. */
export function Conversation({ open, onBrief }: { open: OpenConversation; onBrief: () => void }): JSX.Element {
  const { desk, m, show } = useSurroundings();
  const me = useAgent();
  const [mode, setMode] = useState<ComposerMode>('reply');
  const [focusAsked, setFocusAsked] = useState(0);
  const [moreAsked, setMoreAsked] = useState(0);
  const field = useRef<HTMLTextAreaElement>(null);
  const { conversation } = open;
  const may = conversation && permitted(conversation, me);
  // A note that was begun is shown again; otherwise one wants to reply.
  useEffect(() => setMode(desk.writing.of(open.id).note === '' ? 'reply' : 'note'), [open.id]);
  useAsked<ComposerMode>(composeEvent, write);
  useAsked<ConversationAct>(askEvent, (asked) => {
    if (asked === 'more') setMoreAsked((times) => times + 1);
    else if (asked === 'takeOver' ? may?.takeOver : may?.serve) show(asked);
  });

  /** Opens the field if need be, and puts the cursor into it. */
  function write(wanted: ComposerMode) {
    if (wanted === 'note' && may?.watches && conversation?.agent) whisperTo(conversation.agent);
    setMode(wanted);
    setFocusAsked((times) => times + 1);
  }
  /** Who reads along writes to the agent who serves. */
  function whisperTo(owner: PersonView) {
    if (desk.writing.of(open.id).note !== '') return;
    desk.writing.mention(owner);
    desk.writing.write('note', `@${owner.name} `);
  }

  useLayoutEffect(() => {
    if (focusAsked > 0) field.current?.focus();
  }, [focusAsked]);

  /** A failed message goes back where it was written. */
  function edit({ clientId, private: isPrivate }: Outgoing) {
    desk.takeBack(clientId);
    write(isPrivate ? 'note' : 'reply');
  }

  function quote(seq: number) {
    desk.writing.quote(seq);
    write('reply');
  }

  function attach(files: readonly File[]) {
    desk.attach(files);
    write('reply');
  }

  return (
    <DropZone label={conversation ? nameOf(conversation.customer, m) : m.loading} onFiles={may?.serve ? attach : null}>
      <Head open={open} moreAsked={moreAsked} onBrief={onBrief} />
      {open.state === 'failed' ? (
        <Failed onRetry={desk.reopen} />
      ) : open.state === 'missing' ? (
        <Missing wasThere={conversation !== null} />
      ) : open.state === 'loading' ? (
        <TranscriptSkeleton />
      ) : (
        <Transcript key={open.id} open={open} onEdit={edit} onQuote={may?.serve ? quote : null} />
      )}
      {conversation && open.state === 'ready' && (
        <Composer
          key={`composer-${open.id}`}
          open={open}
          conversation={conversation}
          mode={mode}
          onMode={write}
          field={field}
        />
      )}
    </DropZone>
  );
}

/** It never was there for this agent, or it went where they don't reach it. */
function Missing({ wasThere }: { wasThere: boolean }): JSX.Element {
  const { m } = useSurroundings();
  const [title, text] = wasThere ? m.conversation.gone : m.notFound;
  return <Failed icon="info" title={title} text={text} />;
}

function useAsked<Detail>(name: string, answer: (detail: Detail) => void) {
  useEffect(() => {
    const listen = (event: Event) => answer((event as CustomEvent<Detail>).detail);
    addEventListener(name, listen);
    return () => removeEventListener(name, listen);
  });
}

function TranscriptSkeleton(): JSX.Element {
  const { m } = useSurroundings();
  return (
    <div class="transcript-skeleton" role="status" aria-label={m.loading}>
      <span class="skeleton skeleton-bubble" />
      <span class="skeleton skeleton-bubble skeleton-ours" />
      <span class="skeleton skeleton-bubble skeleton-narrow" />
      <span class="skeleton skeleton-bubble skeleton-ours skeleton-narrow" />
    </div>
  );
}
