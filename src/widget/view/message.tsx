import type { VNode } from 'preact';
import { useCallback, useState } from 'preact/hooks';
import { fullTime, timeOfDay } from '../../web/dates.ts';
import { safeImage, safeLink } from '../../web/links.ts';
import { fill } from '../../web/locale.ts';
import { Markdown } from '../../web/markdown.tsx';
import { linkified } from '../../web/plain-text.tsx';
import type { Attachment, Message } from '../activity.ts';
import type { Messages } from '../messages/index.ts';
import type { Failure, Outgoing, OutgoingFile, Row } from '../transcript.ts';
import { Avatar } from './avatar.tsx';
import { useDesk } from './desk.ts';
import { AlertIcon, ArticleIcon, CheckIcon, DownThumbIcon, FileIcon, UpThumbIcon } from './icons.tsx';

type MessageRowProps = {
  readonly row: Extract<Row, { kind: 'message' }>;
  readonly verdicts: Readonly<Record<string, boolean>>;
};

/** One message with what belongs to it: who and when, its state, the question whether it helped. */
export function MessageRow({ row, verdicts }: MessageRowProps): VNode | null {
  if (row.outgoing) return <OwnRow row={row} outgoing={row.outgoing} />;
  if (!row.message) return null;
  if (row.message.author === 'customer') return <OwnRow row={row} message={row.message} />;
  if (row.message.author === 'system') return <Notice message={row.message} />;
  return <TheirRow row={row} message={row.message} verdicts={verdicts} />;
}

function Notice({ message }: { message: Message }): VNode {
  return (
    <div class="status">
      <span class="plain">{message.text}</span>
    </div>
  );
}

function TheirRow({ row, message, verdicts }: MessageRowProps & { message: Message }): VNode {
  const { chat, t, locale, server } = useDesk();
  const ask = useCallback((title: string) => chat.say(title), [chat]);
  const author = message.author === 'agent' ? 'agent' : 'bot';
  const name = message.name ?? (author === 'agent' ? t.agent : t.bot);
  return (
    <div
      class="row"
      data-side="theirs"
      data-id={message.id}
      data-first={String(row.first)}
      data-last={String(row.last)}
    >
      {row.first ? <Avatar author={author} name={message.name} /> : <span class="avatar-space" />}
      <div class="bubbles">
        <p class={row.first ? 'byline' : 'unseen'}>
          <b>{name}</b>
          <time dateTime={new Date(message.at).toISOString()} title={fullTime(message.at, locale)}>
            {timeOfDay(message.at, locale)}
          </time>
        </p>
        {message.text !== '' && (
          <div class="bubble">
            {message.article && (
              <p class="article">
                <ArticleIcon size={15} />
                <span>{message.article}</span>
              </p>
            )}
            {message.format === 'markdown' ? (
              <Markdown class="markdown" source={message.text} base={`${server}/`} onArticle={ask} />
            ) : (
              <p class="plain">{linkified(message.text)}</p>
            )}
          </div>
        )}
        {message.attachments.map((attachment) => (
          <Attached attachment={attachment} />
        ))}
        {message.choices.some(({ kind }) => kind === 'feedback') && (
          <Feedback about={message.id} verdict={verdicts[message.id] ?? null} />
        )}
      </div>
    </div>
  );
}

function Feedback({ about, verdict }: { about: string; verdict: boolean | null }): VNode {
  const { chat, t } = useDesk();
  const button = (helpful: boolean) => (
    <button
      type="button"
      class="thumb"
      aria-pressed={verdict === helpful}
      disabled={verdict !== null}
      onClick={() => chat.judge(about, helpful)}
    >
      {helpful ? <UpThumbIcon size={15} /> : <DownThumbIcon size={15} />}
      <span>{helpful ? t.helpful : t.notHelpful}</span>
    </button>
  );
  return (
    <div class="feedback" role="group" aria-label={t.helpfulQuestion}>
      {verdict !== false && button(true)}
      {verdict !== true && button(false)}
      {verdict !== null && (
        <span class="thanks" role="status">
          {t.thanksForVerdict}
        </span>
      )}
    </div>
  );
}

/** Pictures the customer sent from this page: shown from memory, so that nothing flickers when the echo comes. */
const previews = new Map<string, string>();

function OwnRow({
  row,
  message,
  outgoing,
}: {
  row: MessageRowProps['row'];
  message?: Message;
  outgoing?: Outgoing;
}): VNode {
  const { t } = useDesk();
  const text = message?.text ?? outgoing?.text ?? '';
  if (outgoing?.file) previews.set(outgoing.clientId, outgoing.file.preview);
  const preview = previews.get(message?.clientId ?? '');
  return (
    <div
      class="row"
      data-side="ours"
      data-first={String(row.first)}
      data-last={String(row.last)}
      data-state={outgoing?.state ?? 'sent'}
    >
      <div class="bubbles">
        <span class="unseen">{t.you}</span>
        {text !== '' && (
          <div class="bubble">
            <p class="plain">{text}</p>
          </div>
        )}
        {message?.attachments.map((attachment, i) => (
          <Attached attachment={attachment} preview={i === 0 ? preview : undefined} />
        ))}
        {outgoing?.file && <Uploading file={outgoing.file} state={outgoing.state} />}
        <Delivery row={row} outgoing={outgoing ?? null} at={message?.at ?? outgoing?.at ?? 0} />
      </div>
    </div>
  );
}

/** Below a message of the customer's: its time, and how far it has come. */
function Delivery({
  row,
  outgoing,
  at,
}: {
  row: MessageRowProps['row'];
  outgoing: Outgoing | null;
  at: number;
}): VNode | null {
  const { chat, t, locale } = useDesk();
  if (outgoing?.state === 'failed') {
    const { clientId, failure } = outgoing;
    return (
      <p class="delivery failed" role="alert">
        <AlertIcon size={14} />
        <span>{failureWords(failure, t)}</span>
        {failure !== 'too_large' && failure !== 'wrong_type' && (
          <button type="button" class="link" data-goes onClick={() => chat.retry(clientId)}>
            {t.retry}
          </button>
        )}
        <button type="button" class="link" data-goes onClick={() => chat.discard(clientId)}>
          {t.discard}
        </button>
      </p>
    );
  }
  if (outgoing?.state === 'sending') {
    return (
      <p class="delivery">
        <span class="sending-dot" aria-hidden="true" />
        {outgoing.file ? fill(t.uploading, { percent: Math.round(outgoing.file.progress * 100) }) : t.sending}
      </p>
    );
  }
  if (!row.last && !row.latestSent) return null;
  return (
    <p class="delivery">
      <time dateTime={new Date(at).toISOString()} title={fullTime(at, locale)}>
        {timeOfDay(at, locale)}
      </time>
      {row.latestSent && (
        <>
          <CheckIcon size={13} />
          {t.sent}
        </>
      )}
    </p>
  );
}

function failureWords(failure: Failure | null, t: Messages): string {
  switch (failure) {
    case 'too_large':
      return t.tooLarge;
    case 'wrong_type':
      return t.wrongType;
    case 'refused':
      return t.refused;
    case 'unreachable':
    case null:
      return t.failed;
  }
}

function Uploading({ file, state }: { file: OutgoingFile; state: Outgoing['state'] }): VNode {
  return (
    <div class="picture" data-state={state}>
      <img src={file.preview} alt={file.name} />
      {state === 'sending' && (
        <span
          class="progress"
          role="progressbar"
          aria-label={file.name}
          aria-valuenow={Math.round(file.progress * 100)}
        >
          <i style={{ width: `${Math.max(4, file.progress * 100)}%` }} />
        </span>
      )}
    </div>
  );
}

function Attached({ attachment, preview }: { attachment: Attachment; preview?: string }): VNode | null {
  const { t, server } = useDesk();
  const [broken, setBroken] = useState(false);
  const { name, contentType } = attachment;
  const src = contentType.startsWith('image/') ? safeImage(attachment.url, `${server}/`) : null;
  const href = src ?? safeLink(attachment.url, `${server}/`);
  if (!href) return null;
  if (!src || broken) {
    return (
      <a class="file" href={href} target="_blank" rel="noopener">
        <FileIcon size={18} />
        <span>{name || t.file}</span>
      </a>
    );
  }
  return (
    <a class="picture" href={href} target="_blank" rel="noopener" aria-label={fill(t.openImage, { name })}>
      <img src={preview ?? src} alt={name || t.image} decoding="async" onError={() => setBroken(true)} />
    </a>
  );
}
