import type { JSX } from 'preact';
import type { Outgoing } from '../../conversation.ts';
import { Icon } from '../icons.tsx';
import { useSurroundings } from '../surroundings.ts';
import { Attachments } from './attachments.tsx';
import { Quoted } from './quoted.tsx';
import type { Scene } from './scene.ts';

/** A message on its way, and what can be done about one that is not. */
export function OutgoingMessage(props: {
  message: Outgoing;
  scene: Scene;
  onEdit: (message: Outgoing) => void;
}): JSX.Element {
  const { message, scene, onEdit } = props;
  const { state, m } = useSurroundings();
  // Nothing is promised of the connection's return while it is there: a busy server may take the next try or not.
  const waits = message.state === 'waiting' && state.connection !== 'online';
  const looks = message.state === 'waiting' && !waits ? 'failed' : message.state;
  return (
    <article class={`message message-${message.private ? 'note' : 'agent'} message-${looks}`}>
      <div class="bubble">
        {message.replyTo !== null && <Quoted seq={message.replyTo} scene={scene} />}
        {message.text !== '' && <p class="said">{message.text}</p>}
        <Attachments attachments={message.attachments} m={m} onPicture={() => undefined} />
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
