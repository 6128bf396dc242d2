import type { Conversation, Person, Service } from '../../conversation/conversation.ts';
import type { RoutingMode, Settings } from '../settings/settings.ts';
import { existingGroup } from './triage.ts';

/** A conversation that waits, as far as routing looks at it. The smallest `serveBy` goes first; of equals, the lower id. */
export type Routable = Pick<Conversation, 'id' | 'groupId' | 'serveBy'> & {
  readonly service: Pick<Service, 'reservedFor' | 'lastAgent' | 'atRisk' | 'broken'>;
};

/** Somebody who serves customers: an agent or a supervisor whose account is not disabled. */
export type Colleague = Person & {
  /** Ids of their skill groups. */
  readonly groups: readonly string[];
  /** Conversations at once; null for what is usual (`routing.defaultCapacity`). */
  readonly capacity: number | null;
  /** Conversations that they have now and that ask something of them. */
  readonly load: number;
  /** As it counts now: whoever is not heard of any more is offline, whatever they chose. */
  readonly status: 'online' | 'busy' | 'away' | 'offline';
  /** When they last got a conversation; null when they never did. */
  readonly lastAssignedAt: number | null;
};

/** One step of the plan, and why it is this agent: for the screen. */
export type Assignment<Some extends Routable = Routable> = {
  readonly conversation: Some;
  readonly agent: Person;
  readonly why: 'reserved' | 'last_agent' | 'most_free';
};

/** What routing goes by. */
export type RoutingSettings = Pick<Settings, 'groups' | 'routing'>;

/**
 * Who gets what, at this moment: the plan of the desk, in the order of service.
 *
 * - Only agents who are online get anything, and never more than their capacity.
 * - What is reserved goes to that agent and nobody else, whatever the mode, as long as `reservationHolds`.
 * - Anything else is given away where the mode is `auto`, to members of its group: to who served the customer last, if
 *   they are free, or else to who has the most free capacity; of those, to who has waited longest for work.
 */
export function assignments<Some extends Routable>(
  waiting: readonly Some[],
  agents: readonly Colleague[],
  settings: RoutingSettings,
): readonly Assignment<Some>[] {
  let free = agents.map((agent) => deskOf(agent, settings)).filter(isFree);
  const plan: Assignment<Some>[] = [];
  for (const conversation of inOrderOfService(waiting)) {
    if (free.length === 0) break;
    const choice = chosen(conversation, { agents, free, settings });
    if (!choice) continue;
    const { desk, why } = choice;
    desk.room -= 1;
    // Among equals, whoever just got something comes last.
    desk.lastAssignedAt = Infinity;
    if (desk.room === 0) free = free.filter(isFree);
    plan.push({ conversation, agent: { id: desk.agent.id, name: desk.agent.name }, why });
  }
  return plan;
}

/** Whether an agent takes part in what a conversation is for: everybody where it is for no group. */
export function mayTake(agent: Pick<Colleague, 'groups'>, { groupId }: Pick<Routable, 'groupId'>): boolean {
  return groupId === null || agent.groups.includes(groupId);
}

/**
 * Whether a conversation still waits for one agent alone. Not when they are gone (away, offline, or nobody who serves
 * customers any more), nor once the first response that was promised is at risk: then it is for everybody in its group,
 * so that no customer waits for ever for somebody who went home or has their hands full.
 */
export function reservationHolds(
  { service }: Pick<Routable, 'service'>,
  agents: readonly Pick<Colleague, 'id' | 'status'>[],
): boolean {
  if (service.atRisk.includes('first_response') || service.broken.includes('first_response')) return false;
  const holder = agents.find(({ id }) => id === service.reservedFor?.id);
  return holder?.status === 'online' || holder?.status === 'busy';
}

/** Whether the desk gives such a conversation away or agents take it. */
export function modeFor({ groupId }: Pick<Routable, 'groupId'>, settings: RoutingSettings): RoutingMode {
  return existingGroup(groupId, settings)?.mode ?? settings.routing.mode;
}

/** How many conversations at once an agent takes. */
export function capacityOf({ capacity }: Pick<Colleague, 'capacity'>, { routing }: RoutingSettings): number {
  return capacity ?? routing.defaultCapacity;
}

function inOrderOfService<Some extends Routable>(waiting: readonly Some[]): readonly Some[] {
  return [...waiting].sort((a, b) => {
    const [first, second] = [a.serveBy ?? Infinity, b.serveBy ?? Infinity];
    return first === second ? (a.id < b.id ? -1 : 1) : first - second;
  });
}

/** An agent while the plan is made. */
type Desk = { readonly agent: Colleague; room: number; lastAssignedAt: number };
type Scene = {
  readonly agents: readonly Colleague[];
  readonly free: readonly Desk[];
  readonly settings: RoutingSettings;
};

function deskOf(agent: Colleague, settings: RoutingSettings): Desk {
  return { agent, room: capacityOf(agent, settings) - agent.load, lastAssignedAt: agent.lastAssignedAt ?? -Infinity };
}

function isFree({ agent, room }: Desk): boolean {
  return agent.status === 'online' && room > 0;
}

function chosen(
  conversation: Routable,
  { agents, free, settings }: Scene,
): { readonly desk: Desk; readonly why: Assignment['why'] } | null {
  const { reservedFor, lastAgent } = conversation.service;
  if (reservedFor && reservationHolds(conversation, agents)) {
    const desk = free.find(({ agent }) => agent.id === reservedFor.id);
    return desk ? { desk, why: 'reserved' } : null;
  }
  if (modeFor(conversation, settings) === 'pull') return null;
  const groupId = existingGroup(conversation.groupId, settings)?.id ?? null;
  const members = free.filter(({ agent }) => mayTake(agent, { groupId }));
  const last = members.find(({ agent }) => agent.id === lastAgent?.id);
  if (last) return { desk: last, why: 'last_agent' };
  const [first, ...others] = members;
  return first
    ? { desk: others.reduce((best, desk) => (isBetter(desk, best) ? desk : best), first), why: 'most_free' }
    : null;
}

function isBetter(one: Desk, other: Desk): boolean {
  if (one.room !== other.room) return one.room > other.room;
  if (one.lastAssignedAt !== other.lastAssignedAt) return one.lastAssignedAt < other.lastAssignedAt;
  return one.agent.id < other.agent.id;
}
