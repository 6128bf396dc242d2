import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Upload } from '../../composing/uploads.ts';
import type { Draft } from '../../drafts.ts';
import type { OpenConversation } from '../../conversation.ts';
import { Icon } from '../icons.tsx';
import { sizeText } from '../transcript/attachments.tsx';
import { excerptOf, isPicture, messagesBySeq, speakerOf } from '../transcript/scene.ts';
import { useMyId, useSurroundings } from '../surroundings.ts';

/** What goes out with the reply: the message it quotes, the article it is taken from, files and how far they are. */
export function Enclosures(props: {
  open: OpenConversation;
  draft: Draft;
  uploads: readonly Upload[];
}): JSX.Element | null {
  const { open, draft, uploads } = props;
  const { replyTo, article, attachments } = draft;
  return (
    <>
      {replyTo !== null && <QuoteChip open={open} seq={replyTo} />}
      {article && <ArticleChip title={article.title} />}
      {(attachments.length > 0 || uploads.length > 0) && <Tray open={open} draft={draft} uploads={uploads} />}
    </>
  );
}

function QuoteChip({ open, seq }: { open: OpenConversation; seq: number }): JSX.Element {
  const { desk, m } = useSurroundings();
  const myId = useMyId();
  const messages = useMemo(() => messagesBySeq(open.entries), [open.entries]);
  const message = messages.get(seq);
  const scene = { m, myId, conversation: open.conversation } as Parameters<typeof speakerOf>[1];
  return (
    <div class="quote-chip">
      <Icon name="reply" size={14} />
      <span dir="auto">
        <strong>{message ? m.conversation.quoted(speakerOf(message, scene)) : m.conversation.quotedGone}</strong>
        {message && excerptOf(message, { m })}
      </span>
      <Remove label={m.conversation.composer.removeQuote} onClick={() => desk.writing.quote(null)} />
    </div>
  );
}

function ArticleChip({ title }: { title: string }): JSX.Element {
  const { desk, m } = useSurroundings();
  return (
    <div class="article-chip">
      <Icon name="book" size={14} />
      <span>{m.conversation.composer.answersWith(title)}</span>
      <Remove label={m.conversation.composer.forgetArticle} onClick={desk.writing.forgetArticle} />
    </div>
  );
}

function Tray({
  open,
  draft,
  uploads,
}: {
  open: OpenConversation;
  draft: Draft;
  uploads: readonly Upload[];
}): JSX.Element {
  const { desk, m } = useSurroundings();
  const words = m.conversation.composer;
  return (
    <ul class="tray" aria-label={words.attachments}>
      {draft.attachments.map(({ id, name, size, contentType, url }) => (
        <li key={id}>
          <Face preview={isPicture({ contentType }) ? url : null} name={name} />
          <span class="tray-words">
            <span dir="auto">{name}</span>
            <small>{sizeText(size)}</small>
          </span>
          <Remove label={words.remove(name)} onClick={() => desk.writing.detach(id)} />
        </li>
      ))}
      {uploads.map(({ id, name, preview, progress, fault }) => (
        <li key={id} class={fault ? 'tray-failed' : 'tray-uploading'}>
          <Face preview={preview} name={name} />
          <span class="tray-words">
            <span dir="auto">{name}</span>
            {fault ? (
              <small role="alert">{words.faults[fault](name)}</small>
            ) : (
              <progress max={1} value={progress} aria-label={words.uploading(Math.round(progress * 100))} />
            )}
          </span>
          {fault === 'unreachable' && (
            <button
              type="button"
              class="icon-button"
              aria-label={words.retry(name)}
              title={words.retry(name)}
              onClick={() => desk.uploads.retry(open.id, id)}
            >
              <Icon name="retry" size={14} />
            </button>
          )}
          <Remove label={words.remove(name)} onClick={() => desk.uploads.remove(open.id, id)} />
        </li>
      ))}
    </ul>
  );
}

function Face({ preview, name }: { preview: string | null; name: string }): JSX.Element {
  return preview ? <img src={preview} alt={name} /> : <Icon name="file" size={20} />;
}

function Remove({ label, onClick }: { label: string; onClick: () => void }): JSX.Element {
  return (
    <button type="button" class="icon-button" aria-label={label} title={label} onClick={onClick}>
      <Icon name="close" size={14} />
    </button>
  );
}
