import type { VNode } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { fill } from '../../web/locale.ts';
import { checkFile, imageTypes, isSend, largestImage, mostImages, roomLeft } from '../composing.ts';
import { useChatState, useDesk } from './desk.ts';
import { CloseIcon, ImageIcon, SendIcon } from './icons.tsx';

/** What the panel around it may ask of the composer. */
export type ComposerHandle = { focus(): void; add(files: FileList | null): void };

type Staged = { readonly file: File; readonly preview: string };

/** Where the customer writes: text that grows, pictures by button, paste or drop. */
export function Composer({ handle }: { handle: { current: ComposerHandle | null } }): VNode {
  const { chat, t } = useDesk();
  const { transcript } = useChatState(chat);
  const [text, setText] = useState(() => chat.draft.read());
  const [staged, setStaged] = useState<readonly Staged[]>([]);
  const [complaint, setComplaint] = useState<string | null>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const left = roomLeft(text);
  const canSend = (text.trim() !== '' || staged.length > 0) && (left === null || left >= 0);

  const write = (value: string) => {
    setText(value);
    chat.draft.write(value);
  };
  const add = (files: FileList | null) => {
    const { fit, fault } = sort(Array.from(files ?? []));
    setComplaint(
      fault === 'wrong_type'
        ? t.onlyImages
        : fault === 'too_large'
          ? fill(t.imageTooLarge, { limit: Math.round(largestImage / 1024 / 1024) })
          : null,
    );
    const fresh = fit.map((file) => ({ file, preview: URL.createObjectURL(file) }));
    setStaged((before) => [...before, ...fresh].slice(0, mostImages));
    area.current?.focus();
  };
  const send = () => {
    if (!canSend) return;
    for (const { file, preview } of staged) chat.sendFile(file, preview);
    if (text.trim() !== '') chat.say(text.trim());
    setStaged([]);
    setComplaint(null);
    write('');
    area.current?.focus();
  };
  handle.current = { focus: () => area.current?.focus({ preventScroll: true }), add };

  useLayoutEffect(() => {
    const element = area.current;
    if (!element) return;
    element.style.height = 'auto';
    element.style.height = `${Math.min(element.scrollHeight, 132)}px`;
  }, [text]);

  // Pictures can't be kept over a reload.
  const uploading = transcript.outgoing.some(({ file, state }) => file && state === 'sending');
  useEffect(() => {
    if (!uploading) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [uploading]);

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {complaint && (
        <p class="complaint" role="alert">
          <span>{complaint}</span>
          <button type="button" class="link" onClick={() => setComplaint(null)}>
            {t.dismiss}
          </button>
        </p>
      )}
      <div class="composer-box">
        {staged.length > 0 && (
          <ul class="staged">
            {staged.map((one) => (
              <li key={one.preview}>
                <img src={one.preview} alt={one.file.name} />
                <button
                  type="button"
                  aria-label={`${t.discard} ${one.file.name}`}
                  onClick={() => setStaged(staged.filter((other) => other !== one))}
                >
                  <CloseIcon size={12} />
                </button>
              </li>
            ))}
          </ul>
        )}
        <div class="composer-line">
          <button
            type="button"
            class="icon-button"
            aria-label={t.attach}
            title={t.attach}
            onClick={() => picker.current?.click()}
          >
            <ImageIcon size={21} />
          </button>
          <input
            ref={picker}
            type="file"
            hidden
            multiple
            accept={imageTypes.join(',')}
            onChange={(event) => {
              add(event.currentTarget.files);
              event.currentTarget.value = '';
            }}
          />
          <textarea
            ref={area}
            rows={1}
            value={text}
            aria-label={t.composer}
            placeholder={t.placeholder}
            enterkeyhint="send"
            aria-invalid={left !== null && left < 0}
            onInput={(event) => {
              write(event.currentTarget.value);
              chat.typing();
            }}
            onKeyDown={(event) => {
              if (!isSend(event)) return;
              event.preventDefault();
              send();
            }}
            onPaste={(event) => {
              const files = event.clipboardData?.files ?? null;
              if (!files || files.length === 0) return;
              event.preventDefault();
              add(files);
            }}
          />
          <button type="submit" class="send" disabled={!canSend} aria-label={t.send} title={t.send}>
            <SendIcon size={19} />
          </button>
        </div>
      </div>
      {left !== null && (
        <p class="room" data-over={String(left < 0)} role="status">
          {left < 0 ? fill(t.charactersOver, { count: -left }) : fill(t.charactersLeft, { count: left })}
        </p>
      )}
    </form>
  );
}

/** The files that may be sent, and what is wrong with the first that may not. */
function sort(files: readonly File[]): { fit: readonly File[]; fault: 'wrong_type' | 'too_large' | null } {
  const verdicts = files.map(checkFile);
  const fault = verdicts.find((verdict) => verdict !== 'ok');
  return { fit: files.filter((_file, i) => verdicts[i] === 'ok'), fault: fault ?? null };
}
