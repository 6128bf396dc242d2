import type { Conversation, Service } from '../conversation/conversation.ts';
import type { Agent } from './agents.ts';

/** What access is decided by: who asks … */
export type Accessor = Pick<Agent, 'id' | 'role' | 'disabled' | 'groups'>;
/** … and for what. */
export type Accessed = Pick<Conversation, 'groupId' | 'agentId'> & {
  readonly service: Pick<Service, 'reservedFor'>;
};

/**
 * Whether this person may read and serve a conversation: the one check behind every route of the console.
 *
 * Supervisors reach all. An agent reaches what goes to no group or to one of theirs, what they own, and what waits for
 * them alone; to be mentioned in a note opens nothing. Editors, and accounts that are disabled, reach none.
 */
export function mayReach(agent: Accessor, { groupId, agentId, service }: Accessed): boolean {
  const groups = reachableGroups(agent);
  if (groups === 'all') return true;
  return serves(agent) && (groups.includes(groupId) || agentId === agent.id || service.reservedFor?.id === agent.id);
}

/**
 * The groups whose conversations this person reaches, for lists; null stands for the conversations of no group. Empty is
 * none at all. What they own or have reserved is theirs besides.
 */
export function reachableGroups(agent: Accessor): readonly (string | null)[] | 'all' {
  if (!serves(agent)) return [];
  return agent.role === 'supervisor' ? 'all' : [null, ...agent.groups];
}

/** Whether this person serves customers at all. */
export function serves({ role, disabled }: Pick<Agent, 'role' | 'disabled'>): boolean {
  return !disabled && role !== 'editor';
}
