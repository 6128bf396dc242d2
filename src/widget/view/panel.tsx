import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { fill } from '../../web/locale.ts';
import { isClosed } from '../queue-words.ts';
import { agentOf, endedByPerson, statusOf } from '../transcript.ts';
import { initialOf } from './avatar.tsx';
import { Composer, type ComposerHandle } from './composer.tsx';
import { useChatState, useDesk } from './desk.ts';
import { BotIcon, DownIcon, PersonIcon } from './icons.tsx';
import { Log } from './log.tsx';
import { ConnectionBanner, QueueBanner } from './banners.tsx';

type Props = {
  readonly title: string;
  readonly open: boolean;
  readonly takesFocus: boolean;
  readonly onClose: () => void;
};

/** The chat window: a dialog beside the page on a desktop, instead of it on a phone. */
export function Panel({ title, open, takesFocus, onClose }: Props): VNode {
  const { chat, t } = useDesk();
  const state = useChatState(chat);
  const panel = useRef<HTMLDivElement>(null);
  const composer = useRef<ComposerHandle | null>(null);
  const [dropping, setDropping] = useState(false);
  const covers = usePhone(open, panel);

  const refocus = () => {
    // On a touch screen the keyboard would jump up and hide the conversation.
    if (matchMedia('(pointer: coarse)').matches) panel.current?.focus();
    else composer.current?.focus();
  };
  useEffect(() => {
    if (open && takesFocus) refocus();
  }, [open, takesFocus]);

  useEffect(() => {
    if (!open) return;
    const look = () => {
      if (!document.hidden) chat.seen();
    };
    look();
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, [open, chat, state.transcript]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && !event.isComposing) onClose();
    if (event.key === 'Tab' && covers && panel.current) keepInside(event, panel.current);
  };
  const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;

  return (
    <div
      ref={panel}
      class="panel"
      role="dialog"
      aria-modal={covers}
      aria-labelledby="title"
      tabIndex={-1}
      onKeyDown={onKeyDown}
      onClick={(event) => {
        // A button that goes away when it is pressed must not take the keyboard's place with it.
        if (event.target instanceof Element && event.target.closest('[data-goes]')) refocus();
      }}
      onDragOver={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        setDropping(true);
      }}
      onDragLeave={(event) => {
        if (!(event.relatedTarget instanceof Node) || !panel.current?.contains(event.relatedTarget)) setDropping(false);
      }}
      onDrop={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        setDropping(false);
        composer.current?.add(event.dataTransfer?.files ?? null);
      }}
    >
      <Header title={title} onClose={onClose} />
      <ConnectionBanner state={state} />
      <QueueBanner state={state} />
      <Log state={state} open={open} />
      <Composer handle={composer} />
      {dropping && (
        <div class="drop" aria-hidden="true">
          {t.dropHere}
        </div>
      )}
    </div>
  );
}

function Header({ title, onClose }: { title: string; onClose: () => void }): VNode {
  const { chat, t } = useDesk();
  const { transcript } = useChatState(chat);
  const status = statusOf(transcript);
  const agent = agentOf(transcript);
  const withPerson = status === 'queued' || status === 'assigned';
  const subtitle = {
    bot: t.subtitleBot,
    queued: isClosed(transcript.queue, Date.now()) ? t.subtitleClosed : t.subtitleQueued,
    assigned: fill(t.subtitleAssigned, { name: agent ?? t.agent }),
    resolved: endedByPerson(transcript) ? t.subtitleResolved : t.subtitleBot,
  }[status];
  return (
    <div class="header">
      <span class="header-avatar" aria-hidden="true">
        {agent ? initialOf(agent) : status === 'assigned' ? <PersonIcon size={22} /> : <BotIcon size={24} />}
      </span>
      <div class="header-text">
        <h2 id="title">{title}</h2>
        <p>{subtitle}</p>
      </div>
      {!withPerson && (
        <button
          type="button"
          class="header-person"
          data-goes
          title={t.askForPerson}
          onClick={() => chat.say(t.askForPersonSays)}
        >
          <PersonIcon size={16} />
          <span>{t.askForPerson}</span>
        </button>
      )}
      <button type="button" class="header-close" aria-label={t.close} title={t.close} onClick={onClose}>
        <DownIcon size={22} />
      </button>
    </div>
  );
}

/** Whether the panel covers the page; if so, it is kept inside what the on-screen keyboard leaves free. */
function usePhone(open: boolean, panel: { current: HTMLElement | null }): boolean {
  const [phone, setPhone] = useState(false);
  useEffect(() => {
    if (!open) return;
    const viewport = window.visualViewport;
    const fit = () => {
      const covers = matchMedia('(max-width: 480px), (max-height: 440px)').matches;
      setPhone(covers);
      const style = panel.current?.style;
      if (covers && viewport) {
        style?.setProperty('--height', `${viewport.height}px`);
        style?.setProperty('--top', `${viewport.offsetTop}px`);
      } else {
        style?.removeProperty('--height');
        style?.removeProperty('--top');
      }
    };
    fit();
    const target: EventTarget = viewport ?? window;
    target.addEventListener('resize', fit);
    target.addEventListener('scroll', fit);
    return () => {
      target.removeEventListener('resize', fit);
      target.removeEventListener('scroll', fit);
    };
  }, [open]);
  return phone;
}

/** Tab goes round inside a panel that covers the page. */
function keepInside(event: KeyboardEvent, panel: HTMLElement): void {
  const stops = Array.from(
    panel.querySelectorAll<HTMLElement>(
      'a[href], button:not(:disabled), textarea, input:not([hidden]), [tabindex="0"]',
    ),
  );
  const first = stops[0];
  const last = stops[stops.length - 1];
  const { activeElement } = panel.getRootNode() as ShadowRoot;
  if (event.shiftKey && (activeElement === first || activeElement === panel)) {
    event.preventDefault();
    last?.focus();
  } else if (!event.shiftKey && activeElement === last) {
    event.preventDefault();
    first?.focus();
  }
}
