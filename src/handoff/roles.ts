/** What people with an account are, and what they may be doing. */

export const roles = ['agent', 'editor', 'supervisor'] as const;
export type Role = (typeof roles)[number];

/**
 * - `online`  takes customers. `busy`: serves those they have, and gets no new ones from the desk.
 * - `away`    back soon: keeps their customers, gets none. `offline`: gone.
 */
export const agentStatuses = ['online', 'busy', 'away', 'offline'] as const;
export type AgentStatus = (typeof agentStatuses)[number];
