import { InputError, type Issue } from '../errors.ts';
import { longestPassword, shortestPassword, type Agent, type AgentChange, type AgentStore } from './agents.ts';
import type { Desk } from './desk.ts';
import type { Passwords } from './passwords.ts';
import type { Settings } from './settings/settings.ts';

/** What a supervisor changes of an account; what is left out stays. */
export type AccountEdit = Omit<AgentChange, 'passwordHash'> & { readonly password?: string };

export type AccountEdited =
  | { readonly kind: 'edited'; readonly agent: Agent }
  | { readonly kind: 'unknown' }
  /** It would take the supervisor's own way back: nobody disables or demotes themselves. */
  | { readonly kind: 'own_account' };

export type AccountEdits = {
  /**
   * Changes an account. Who is disabled, or serves no customers any more, gives theirs back to the queue; who is disabled
   * or gets a new password is signed out everywhere. Refuses what does not fit with an InputError.
   */
  edit(id: string, edit: AccountEdit, by: Pick<Agent, 'id'>): Promise<AccountEdited>;
};

/** What supervisors do with accounts, so that at least one of them always can. */
export function createAccountEdits(needs: {
  readonly agents: Pick<AgentStore, 'list' | 'change' | 'disable'>;
  readonly passwords: Pick<Passwords, 'hash'>;
  readonly desk: Pick<Desk, 'releaseAll'>;
  readonly settings: () => Pick<Settings, 'groups'>;
}): AccountEdits {
  const { agents, passwords, desk, settings } = needs;
  return {
    edit: async (id, edit, by) => {
      const before = (await agents.list()).find((agent) => agent.id === id);
      if (!before) return { kind: 'unknown' };
      if (id === by.id && (edit.disabled || (edit.role ?? before.role) !== before.role)) return { kind: 'own_account' };
      const { password, ...change } = checked(edit, before, settings().groups.groups);
      const passwordHash = password === undefined ? {} : { passwordHash: await passwords.hash(password) };
      const after = await agents.change(id, { ...change, ...passwordHash });
      if (!after) return { kind: 'unknown' };
      if (after.disabled && !before.disabled) await agents.disable(id);
      if (after.disabled || after.role === 'editor') await desk.releaseAll(after);
      return { kind: 'edited', agent: after };
    },
  };
}

function checked(edit: AccountEdit, before: Agent, groups: Settings['groups']['groups']): AccountEdit {
  const name = edit.name?.trim();
  const { password } = edit;
  // A group that was taken out of the settings since may stay; it can't be given anew.
  const known = new Set([...groups.map(({ id }) => id), ...before.groups]);
  const issues: readonly Issue[] = [
    ...(name !== undefined && (name === '' || name.length > 100)
      ? [{ path: 'name', message: 'must be 1 to 100 characters' }]
      : []),
    ...(password !== undefined && (password.length < shortestPassword || password.length > longestPassword)
      ? [{ path: 'password', message: `must be ${shortestPassword} to ${longestPassword} characters` }]
      : []),
    ...(edit.groups ?? []).flatMap((group, index) =>
      known.has(group) ? [] : [{ path: `groups.${index}`, message: 'must be a group that is set up' }],
    ),
  ];
  if (issues.length > 0) {
    throw new InputError(issues.map(({ path, message }) => `${path} ${message}`).join('; '), issues);
  }
  return {
    ...edit,
    ...(name === undefined ? {} : { name }),
    ...(edit.groups ? { groups: [...new Set(edit.groups)] } : {}),
  };
}
