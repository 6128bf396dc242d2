import type { VNode } from 'preact';
import type { ChatState } from '../chat.ts';
import { queueWords } from '../queue-words.ts';
import { newest, statusOf } from '../transcript.ts';
import { useDesk } from './desk.ts';

/** Says that the connection is gone and coming back; nothing while all is well. */
export function ConnectionBanner({ state }: { state: ChatState }): VNode {
  const { chat, t } = useDesk();
  const { link } = state;
  // Without a conversation on screen the log itself tells of it, at length.
  const shown =
    link === 'offline' || link === 'reconnecting' || (link === 'unreachable' && hasSomething(state)) ? link : null;
  return (
    <div class="connection" role="status" data-shown={String(shown !== null)}>
      {shown && (
        <>
          <span class="spinner" aria-hidden="true" />
          <span class="connection-text">
            {shown === 'offline' ? t.offline : shown === 'unreachable' ? t.unreachableTitle : t.reconnecting}
          </span>
          {shown !== 'offline' && (
            <button type="button" class="link" data-goes onClick={() => chat.reconnect()}>
              {t.tryNow}
            </button>
          )}
        </>
      )}
    </div>
  );
}

/** Whether there is a conversation to look at. */
export function hasSomething({ transcript }: ChatState): boolean {
  return newest(transcript) > 0 || transcript.outgoing.length > 0;
}

/** Where the customer stands while waiting for a person, and the way out. */
export function QueueBanner({ state }: { state: ChatState }): VNode | null {
  const { chat, t, locale } = useDesk();
  if (statusOf(state.transcript) !== 'queued') return null;
  const { queue } = state.transcript;
  const [main, more] = queueWords(queue, Date.now(), { t, locale });
  return (
    <section class="queue" data-offline={String(queue?.agentsOnline === 0)}>
      <div class="queue-text" role="status">
        <strong>{main}</strong>
        {more && <span>{more}</span>}
      </div>
      <button
        type="button"
        class="queue-leave"
        data-goes
        disabled={state.leavingQueue}
        onClick={() => chat.leaveQueue()}
      >
        {state.leavingQueue ? t.leavingQueue : t.leaveQueue}
      </button>
    </section>
  );
}
