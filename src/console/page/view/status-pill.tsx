import type { JSX } from 'preact';
import type { ConversationView } from '../../api.ts';
import { useMyId, useSurroundings } from './surroundings.ts';

/** The status in words and colour, with the owner's name. */
export function StatusPill({ conversation }: { conversation: ConversationView }): JSX.Element {
  const { m } = useSurroundings();
  const myId = useMyId();
  const { status, agent } = conversation;
  const isMine = status === 'assigned' && agent?.id === myId;
  const words = status !== 'assigned' || !agent ? m.status[status] : isMine ? m.assignedToMe : m.assignedTo(agent.name);
  return (
    <span class={`pill pill-${status}`}>
      <span class="dot" aria-hidden="true" />
      {words}
    </span>
  );
}
