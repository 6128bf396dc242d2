import type { AgentSelf, ConversationView } from '../api.ts';

/** What one may do with a conversation now. The server decides; this is what is offered. */
export type Permitted = {
  /** It is mine: I reply, transfer, snooze, merge and resolve. */
  readonly serve: boolean;
  readonly claim: boolean;
  /** From whom it can be taken over. */
  readonly takeOver: 'bot' | 'resolved' | 'colleague' | null;
  readonly route: boolean;
  /** A supervisor reads along while a colleague serves. */
  readonly watches: boolean;
};

export function permitted(
  { status, agent, reservedFor, mergedInto }: ConversationView,
  me: Pick<AgentSelf, 'id' | 'role'> | null,
): Permitted {
  const serve = status === 'assigned' && agent?.id === me?.id;
  const supervises = me?.role === 'supervisor';
  const isColleagues = status === 'assigned' && !serve;
  return {
    serve,
    claim: status === 'queued' && (reservedFor === null || reservedFor.id === me?.id || supervises),
    takeOver: takeOverOf(status, { supervises, serve, isMerged: mergedInto !== null }),
    route: status !== 'resolved' && (serve || supervises || status === 'queued'),
    watches: supervises && isColleagues,
  };
}

function takeOverOf(
  status: ConversationView['status'],
  { supervises, serve, isMerged }: { supervises: boolean; serve: boolean; isMerged: boolean },
): Permitted['takeOver'] {
  switch (status) {
    case 'bot':
      return 'bot';
    case 'queued':
      return null;
    case 'assigned':
      return supervises && !serve ? 'colleague' : null;
    case 'resolved':
      return isMerged ? null : 'resolved';
  }
}
