import { presenceTimeout, type AgentStore, type RosterRow } from './agents.ts';
import type { AgentStatus } from './roles.ts';
import type { Colleague } from './routing/routing.ts';

/** Somebody who serves customers, as they stand now. */
export type RosterEntry = Colleague & Pick<RosterRow['agent'], 'email' | 'role'> & Pick<RosterRow, 'seenAt'>;

/** Who serves customers, and who of them can take one now: the same for the router, the board and a transfer. */
export type Roster = {
  /** Everybody who serves customers, by name. */
  all(): Promise<readonly RosterEntry[]>;
  /** Those who are there, whatever they do. */
  present(): Promise<readonly RosterEntry[]>;
  /** One of them; null for editors, disabled accounts and strangers. */
  colleague(id: string): Promise<RosterEntry | null>;
  /** Notes that somebody was just given a conversation, so that the next one goes to another who is as free. */
  served(id: string): void;
};

/** The roster, across all processes; who was last served is known to this one alone, and breaks ties only. */
export function createRoster(needs: {
  readonly agents: Pick<AgentStore, 'roster'>;
  readonly now: () => number;
}): Roster {
  const { agents, now } = needs;
  const lastServed = new Map<string, number>();
  const all = async (): Promise<readonly RosterEntry[]> => {
    const rows = await agents.roster();
    return rows.map(({ agent, seenAt, load }) => {
      const { id, name, email, role, groups, capacity } = agent;
      const status = statusNow(agent.status, seenAt, now());
      const lastAssignedAt = lastServed.get(id) ?? null;
      return { id, name, email, role, groups, capacity, load, status, seenAt, lastAssignedAt };
    });
  };
  return {
    all,
    present: async () => (await all()).filter(({ status }) => status !== 'offline'),
    colleague: async (id) => (await all()).find((entry) => entry.id === id) ?? null,
    served: (id) => void lastServed.set(id, now()),
  };
}

/** What somebody chose to be, unless their console has not been heard of for `presenceTimeout`. */
export function statusNow(chosen: AgentStatus, seenAt: number | null, now: number): AgentStatus {
  return seenAt !== null && seenAt >= now - presenceTimeout ? chosen : 'offline';
}
