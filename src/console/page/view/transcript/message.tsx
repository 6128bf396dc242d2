import type { ComponentChildren, JSX } from 'preact';
import type { MessageView } from '../../../api.ts';
import { fullTime, timeOfDay } from '../../../../web/dates.ts';
import { Markdown } from '../../../../web/markdown.tsx';
import { linkified } from '../../../../web/plain-text.tsx';
import { withMentions } from '../../composing/completions.ts';
import { moodMark, type Marked } from '../../rows.ts';
import { Avatar } from '../avatar.tsx';
import { Confidence } from '../confidence.tsx';
import { Icon } from '../icons.tsx';
import { Attachments } from './attachments.tsx';
import { Quoted } from './quoted.tsx';
import { isWhisper, mentionedNames, speakerOf, type Scene } from './scene.ts';

/** One message: who, what they quote, what they say, what hangs on it, and what is known of it. */
export function Message(props: {
  message: MessageView;
  continues: boolean;
  scene: Scene;
  /** It is the last one of ours the customer has seen. */
  read: boolean;
}): JSX.Element {
  const { message, continues, scene, read } = props;
  const { m, locale, myId } = scene;
  const { author, seq } = message;
  const kind = message.private ? 'note' : author.role;
  const whispers = isWhisper(message, scene);
  const isForMe = message.private && myId !== null && message.mentions.includes(myId);
  const name = speakerOf(message, scene);
  const quoted = author.role === 'agent' && message.replyTo !== null ? message.replyTo : null;
  const mark = author.role === 'customer' ? moodMark(seq, scene.conversation?.mood ?? null) : null;
  return (
    <article
      class={[
        `message message-${kind}`,
        continues ? 'message-continues' : '',
        whispers ? 'message-whisper' : '',
        isForMe ? 'message-for-me' : '',
      ].join(' ')}
      data-seq={seq}
      tabIndex={-1}
      aria-label={`${name} ${timeOfDay(message.at, locale)}`}
    >
      {!continues && (
        <header class="message-head">
          {author.role === 'customer' && <Avatar id={author.id} name={name} size="s" />}
          {author.role === 'bot' && <Icon name="bot" size={14} />}
          {message.private && <Icon name={whispers ? 'whisper' : 'lock'} size={13} />}
          <span class="message-name">{headWords(name, { isPrivate: message.private, whispers, m })}</span>
          <time title={fullTime(message.at, locale)}>{timeOfDay(message.at, locale)}</time>
        </header>
      )}
      <div class="message-line">
        <div class="bubble" title={continues ? fullTime(message.at, locale) : undefined}>
          {quoted !== null && <Quoted seq={quoted} scene={scene} />}
          {message.answer && <AnswerLine answer={message.answer} m={m} />}
          {message.text !== '' && <Body message={message} scene={scene} />}
          <Attachments attachments={message.attachments} m={m} onPicture={scene.onPicture} />
        </div>
        {scene.onQuote && !message.private && author.role !== 'system' && (
          <button
            type="button"
            class="icon-button quote-button"
            tabIndex={-1}
            aria-label={m.conversation.quote}
            title={`${m.conversation.quote} (Q)`}
            onClick={() => scene.onQuote?.(seq)}
          >
            <Icon name="reply" size={15} />
          </button>
        )}
      </div>
      {message.choices.length > 0 && (
        <ul class="choices" aria-label={m.transcript.choices}>
          {message.choices.map(({ title }) => (
            <li key={title}>{title}</li>
          ))}
        </ul>
      )}
      {mark && <Mood mark={mark} m={m} />}
      {read && (
        <p class="read">
          <Icon name="check" size={12} />
          {m.conversation.read}
        </p>
      )}
    </article>
  );
}

function headWords(
  name: string,
  { isPrivate, whispers, m }: { isPrivate: boolean; whispers: boolean; m: Scene['m'] },
): string {
  if (whispers) return m.conversation.whisper(name);
  return isPrivate ? m.transcript.noteOf(name) : name;
}

/** Which article the bot answered with, and how sure it was: for agents only. */
function AnswerLine({ answer, m }: { answer: NonNullable<MessageView['answer']>; m: Scene['m'] }): JSX.Element {
  return (
    <div class="answer-line" title={answer.articleId}>
      <Icon name="file" size={13} />
      <span class="answer-title">{m.transcript.article(answer.title)}</span>
      <Confidence value={answer.confidence} />
    </div>
  );
}

/** Only the bot's articles are markup; what a person wrote is text. */
function Body({ message, scene }: { message: MessageView; scene: Scene }): JSX.Element {
  if (message.author.role === 'bot' && message.format === 'markdown') {
    return <Markdown class="markdown" source={message.text} base={location.origin} />;
  }
  return (
    <p class="said" dir="auto">
      {message.private ? <Mentioning message={message} scene={scene} /> : linkified(message.text)}
    </p>
  );
}

/** A note, with the colleagues it is meant for made to stand out. */
function Mentioning({ message, scene }: { message: MessageView; scene: Scene }): JSX.Element {
  const mine = scene.directory?.colleagues.find(({ id }) => id === scene.myId)?.name ?? null;
  const parts = withMentions(message.text, mentionedNames(message, scene));
  return (
    <>
      {parts.map(({ text, mention }): ComponentChildren =>
        mention === null ? (
          linkified(text)
        ) : (
          <mark class={mention === mine ? 'mention mention-me' : 'mention'}>{text}</mark>
        ),
      )}
    </>
  );
}

/** How it sounds, where that is worth a look: a dot, and words for who asks or listens. */
function Mood({ mark: { which, level }, m }: { mark: Marked; m: Scene['m'] }): JSX.Element {
  const words = `${m.conversation.mood[which]} · ${m.conversation.mood.levels[level]}`;
  return (
    <p class={`mood mood-${level}`} title={words}>
      <Icon name={level === 'happy' ? 'smile' : 'frown'} size={13} />
      {which === 'worst' ? m.conversation.mood.levels[level] : <span class="sr-only">{words}</span>}
    </p>
  );
}
