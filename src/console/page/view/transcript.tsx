import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { AttachmentView, MessageView, StatusView } from '../../api.ts';
import { dayOf, fullTime, timeOfDay } from '../../../web/dates.ts';
import { Markdown } from '../../../web/markdown.tsx';
import { linkified } from '../../../web/plain-text.tsx';
import type { OpenConversation, Outgoing } from '../desk.ts';
import type { Messages } from '../messages/messages.ts';
import { rowsOf, type Row } from '../rows.ts';
import { Avatar } from './avatar.tsx';
import { Icon } from './icons.tsx';
import { nameOf, useMyId, useSurroundings } from './surroundings.ts';

/** The whole conversation, the newest at the bottom; it stays there as long as the agent does. */
export function Transcript({
  open,
  onEdit,
}: {
  open: OpenConversation;
  onEdit: (message: Outgoing) => void;
}): JSX.Element {
  const { m } = useSurroundings();
  const rows = useMemo(() => rowsOf(open.entries), [open.entries]);
  const length = open.entries.length + open.outgoing.length;
  const { scroll, content, atBottom, toBottom, onScroll } = useBottom();
  const [shown, setShown] = useState(0);
  const isSending = open.outgoing.some(({ state }) => state === 'sending');

  // What I send is always shown; what comes in only moves the page when I am at its end.
  useLayoutEffect(() => {
    if (isSending) toBottom();
  }, [length, isSending]);
  useEffect(() => {
    if (atBottom) setShown(length);
  }, [length, atBottom]);

  return (
    <div class="transcript-frame">
      <div
        class="transcript"
        ref={scroll}
        onScroll={onScroll}
        role="log"
        aria-label={m.transcript.label}
        aria-live="polite"
        tabIndex={0}
      >
        <div class="transcript-rows" ref={content}>
          {rows.length === 0 && open.outgoing.length === 0 && <p class="fine-print">{m.transcript.empty}</p>}
          {rows.map((row) => (
            <RowView row={row} open={open} key={row.key} />
          ))}
          {open.outgoing.map((message) => (
            <OutgoingMessage message={message} key={message.clientId} onEdit={onEdit} />
          ))}
          {open.typing && <Typing open={open} />}
        </div>
      </div>
      {!atBottom && length > shown && (
        <button type="button" class="new-below" onClick={toBottom}>
          <Icon name="down" size={14} />
          {m.transcript.newBelow}
        </button>
      )}
    </div>
  );
}

/**
 * Keeps the end in sight, whatever grows (an image that loads, a field below), until the reader scrolls up. Only a
 * scroll upwards counts as leaving: content that grows between a scroll and its event looks the same otherwise.
 */
function useBottom() {
  const scroll = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const lastTop = useRef(0);
  const sticks = useRef(true);
  const [atBottom, setAtBottom] = useState(true);

  function toBottom() {
    sticks.current = true;
    scroll.current?.scrollTo({ top: scroll.current.scrollHeight });
  }

  useLayoutEffect(() => {
    const observer = new ResizeObserver(() => sticks.current && toBottom());
    if (scroll.current) observer.observe(scroll.current);
    if (content.current) observer.observe(content.current);
    return () => observer.disconnect();
  }, []);

  function onScroll({ currentTarget: { scrollTop, scrollHeight, clientHeight } }: { currentTarget: HTMLDivElement }) {
    if (scrollHeight - scrollTop - clientHeight < 48) sticks.current = true;
    else if (scrollTop < lastTop.current) sticks.current = false;
    lastTop.current = scrollTop;
    setAtBottom(sticks.current);
  }

  return { scroll, content, atBottom, toBottom, onScroll };
}

function RowView({ row, open }: { row: Row; open: OpenConversation }): JSX.Element {
  const { m, locale } = useSurroundings();
  switch (row.kind) {
    case 'day':
      return <Divider class="day">{dayOf(row.at, Date.now(), locale)}</Divider>;
    case 'status':
      return (
        <Divider class={`change change-${row.entry.to}`}>
          <span class="change-words">
            <span class="dot" aria-hidden="true" />
            {changeWords(row.entry, m)}
          </span>
          <time title={fullTime(row.entry.at, locale)}>{timeOfDay(row.entry.at, locale)}</time>
        </Divider>
      );
    case 'verdict':
      return (
        <p class={row.entry.helpful ? 'verdict verdict-good' : 'verdict verdict-bad'}>
          <Icon name="thumb" upsideDown={!row.entry.helpful} size={13} />
          {row.entry.helpful ? m.transcript.helpful(row.title) : m.transcript.unhelpful(row.title)}
        </p>
      );
    case 'message':
      return <Message message={row.entry} continues={row.continues} open={open} />;
  }
}

function Divider({ children, class: name }: { children: ComponentChildren; class: string }): JSX.Element {
  return (
    <div class={`divider ${name}`}>
      <span>{children}</span>
    </div>
  );
}

function changeWords(entry: StatusView, m: Messages): string {
  const name = entry.author.name ?? m.transcript.system;
  switch (entry.cause) {
    case 'handoff':
      return m.statusChange.handoff(entry.reason && m.reasons[entry.reason]);
    case 'claim':
      return m.statusChange.claim(name);
    case 'transfer':
      return m.statusChange.transfer(name);
    case 'return':
      return m.statusChange.return(name);
    case 'cancel':
      return m.statusChange.cancel;
    case 'resolve':
      return m.statusChange.resolve(name);
    case 'reopen':
      return m.statusChange.reopen;
  }
}

function Message(props: { message: MessageView; continues: boolean; open: OpenConversation }): JSX.Element {
  const { message, continues, open } = props;
  const { m, locale } = useSurroundings();
  const myId = useMyId();
  const { author } = message;
  const kind = message.private ? 'note' : author.role;
  const name = speakerOf(message, { open, m, myId });
  return (
    <article class={`message message-${kind} ${continues ? 'message-continues' : ''}`}>
      {!continues && (
        <header class="message-head">
          {author.role === 'customer' && <Avatar id={author.id} name={name} size="s" />}
          {author.role === 'bot' && <Icon name="bot" size={14} />}
          {message.private && <Icon name="lock" size={13} />}
          <span class="message-name">{message.private ? m.transcript.noteOf(name) : name}</span>
          <time title={fullTime(message.at, locale)}>{timeOfDay(message.at, locale)}</time>
        </header>
      )}
      <div class="bubble" title={continues ? fullTime(message.at, locale) : undefined}>
        {message.answer && <AnswerLine answer={message.answer} />}
        {message.text !== '' && <Body message={message} />}
        {message.attachments.map((attachment) => (
          <Attachment attachment={attachment} key={attachment.id} />
        ))}
      </div>
      {message.choices.length > 0 && (
        <ul class="choices" aria-label={m.transcript.choices}>
          {message.choices.map(({ title }) => (
            <li key={title}>{title}</li>
          ))}
        </ul>
      )}
    </article>
  );
}

function speakerOf(
  { author }: MessageView,
  { open, m, myId }: { open: OpenConversation; m: Messages; myId: string | null },
): string {
  switch (author.role) {
    case 'customer':
      return open.conversation ? nameOf(open.conversation.customer, m) : nameOf(author, m);
    case 'bot':
      return m.transcript.bot;
    case 'system':
      return m.transcript.system;
    case 'agent':
      return author.id === myId ? m.transcript.me : (author.name ?? m.rail.roles.agent);
  }
}

/** Which article the bot answered with, and how sure it was: for agents only. */
function AnswerLine({ answer }: { answer: NonNullable<MessageView['answer']> }): JSX.Element {
  const { m } = useSurroundings();
  return (
    <div class="answer-line" title={answer.articleId}>
      <Icon name="file" size={13} />
      <span class="answer-title">{m.transcript.article(answer.title)}</span>
      <Confidence value={answer.confidence} />
    </div>
  );
}

/** A probability as a bar and in words. */
export function Confidence({ value }: { value: number }): JSX.Element {
  const { m } = useSurroundings();
  const level = value >= 0.8 ? 'high' : value >= 0.5 ? 'middle' : 'low';
  return (
    <span class={`confidence confidence-${level}`}>
      <meter min={0} max={1} value={value} aria-hidden="true" />
      {m.transcript.confidence(Math.round(value * 100))}
    </span>
  );
}

/** Only the bot's articles are markup; what a person wrote is text. */
function Body({ message }: { message: MessageView }): JSX.Element {
  if (message.author.role === 'bot' && message.format === 'markdown') {
    return <Markdown class="markdown" source={message.text} base={location.origin} />;
  }
  return (
    <p class="said" dir="auto">
      {linkified(message.text)}
    </p>
  );
}

function Attachment({ attachment }: { attachment: AttachmentView }): JSX.Element {
  const { m } = useSurroundings();
  const { name, contentType, url } = attachment;
  const size = sizeText(attachment.size);
  if (/^image\/(png|jpeg|gif|webp)$/.test(contentType)) {
    return (
      <a class="image" href={url} target="_blank" rel="noopener" aria-label={m.transcript.openImage(name)}>
        <img src={url} alt={name} />
      </a>
    );
  }
  return (
    <a class="file" href={url} target="_blank" rel="noopener" aria-label={m.transcript.attachment(name, size)}>
      <Icon name="file" />
      <span dir="auto">{name}</span>
      <small>{size}</small>
    </a>
  );
}

function sizeText(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

function OutgoingMessage({ message, onEdit }: { message: Outgoing; onEdit: (message: Outgoing) => void }): JSX.Element {
  const { state, m } = useSurroundings();
  // Nothing is promised of the connection's return while it is there: a busy server may take the next try or not.
  const waits = message.state === 'waiting' && state.connection !== 'online';
  const looks = message.state === 'waiting' && !waits ? 'failed' : message.state;
  return (
    <article class={`message message-${message.private ? 'note' : 'agent'} message-${looks}`}>
      <div class="bubble">
        <p class="said">{message.text}</p>
      </div>
      {looks === 'sending' ? (
        <p class="delivery" role="status">
          {m.transcript.sending}
        </p>
      ) : (
        <p class={`delivery delivery-${looks}`} role={waits ? 'status' : 'alert'}>
          <Icon name={waits ? 'retry' : 'warn'} size={13} />
          <span>{waits ? m.transcript.waits : m.transcript.notSent}</span>
          <OutgoingActions message={message} onEdit={onEdit} />
        </p>
      )}
    </article>
  );
}

function OutgoingActions({ message, onEdit }: { message: Outgoing; onEdit: (message: Outgoing) => void }): JSX.Element {
  const { desk, m } = useSurroundings();
  const { clientId } = message;
  return (
    <>
      <button type="button" class="link" onClick={() => desk.retry(clientId)}>
        {m.transcript.retry}
      </button>
      <button type="button" class="link" onClick={() => onEdit(message)}>
        {m.transcript.edit}
      </button>
      <button type="button" class="link" onClick={() => desk.discard(clientId)}>
        {m.transcript.discard}
      </button>
    </>
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
