import { createHash, randomBytes, randomInt, randomUUID } from 'node:crypto';
import { InputError, type Issue } from '../errors.ts';
import type { AgentStatus, Role } from './roles.ts';
import type { Passwords } from './passwords.ts';

/** A person with an account. Only agents and supervisors serve customers; editors write articles. */
export type Agent = {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  /** Can't sign in any more; kept because the log names them. */
  readonly disabled: boolean;
  /** What they chose to be while their console is open. */
  readonly status: AgentStatus;
  /** Conversations at once; null for what is usual at this desk. */
  readonly capacity: number | null;
  /** Ids of the skill groups they serve in. */
  readonly groups: readonly string[];
};

/** Somebody who serves customers, as the desk counts on them now. */
export type RosterRow = {
  readonly agent: Agent;
  /** When their console was last heard of; null when they left. */
  readonly seenAt: number | null;
  /** Conversations that they have and that are not snoozed. */
  readonly load: number;
};

/** What accounts and presence need remembered of agents. Emails are in lower case. */
export type AgentStore = {
  insert(agent: Agent & { readonly passwordHash: string; readonly createdAt: number }): Promise<'inserted' | 'exists'>;
  findByEmail(email: string): Promise<(Agent & { readonly passwordHash: string }) | null>;
  /** By name. */
  list(): Promise<readonly Agent[]>;
  /** Disables, ends every session and presence, all at once. */
  disable(id: string): Promise<void>;
  /** Notes when the agent was last heard of; null when they left. */
  see(id: string, at: number | null): Promise<void>;
  /** Agents and supervisors who are not disabled, by name. */
  roster(): Promise<readonly RosterRow[]>;
  /** Changes what is given and leaves the rest; a new password ends every session. Null when there is no such agent. */
  change(id: string, change: AgentChange): Promise<Agent | null>;
  /** Agents and supervisors, not disabled, last heard of at `since` or later, who are not offline by choice. */
  countSeen(since: number): Promise<number>;
};

/** What accounts need remembered of sessions. Expired ones are never returned. */
export type SessionStore = {
  insert(session: {
    readonly tokenHash: string;
    readonly agentId: string;
    readonly at: number;
    readonly expiresAt: number;
  }): Promise<void>;
  /** The session and its agent, unless the agent is disabled. */
  find(tokenHash: string, now: number): Promise<{ readonly agent: Agent; readonly expiresAt: number } | null>;
  extend(tokenHash: string, expiresAt: number): Promise<void>;
  remove(tokenHash: string): Promise<void>;
  removeExpired(now: number): Promise<void>;
};

/** What can be changed of an account. */
export type AgentChange = Partial<
  Pick<Agent, 'name' | 'role' | 'status' | 'capacity' | 'groups' | 'disabled'> & { readonly passwordHash: string }
>;

export type NewAgent = {
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly password: string;
};

export type SignIn =
  | { readonly kind: 'signed_in'; readonly agent: Agent; readonly token: string; readonly expiresAt: number }
  /** Unknown account, disabled account or wrong password: nobody is told which. */
  | { readonly kind: 'wrong' }
  /** Too many attempts on this account. */
  | { readonly kind: 'wait'; readonly seconds: number };

export type FirstAdmin =
  | { readonly kind: 'none_needed' }
  | { readonly kind: 'created'; readonly agent: Agent }
  /** There was nobody at all: print this password once, it is not kept. */
  | { readonly kind: 'generated'; readonly agent: Agent; readonly password: string };

export type Accounts = {
  /** Refuses a malformed email, an empty name and a short password with an InputError. */
  add(agent: NewAgent): Promise<{ readonly kind: 'added'; readonly agent: Agent } | { readonly kind: 'exists' }>;
  list(): Promise<readonly Agent[]>;
  /** Disables the account and ends all its sessions. The caller gives its conversations back: see `Desk.releaseAll`. */
  disable(email: string): Promise<{ readonly kind: 'disabled'; readonly agent: Agent } | { readonly kind: 'unknown' }>;
  signIn(email: string, password: string): Promise<SignIn>;
  /** The agent whose session this is, which then lasts another twelve hours; null when it has ended. */
  authenticate(token: string): Promise<{ readonly agent: Agent; readonly expiresAt: number } | null>;
  signOut(token: string): Promise<void>;
  /** Sees to it that somebody can sign in: the configured supervisor, or one with a generated password if nobody exists. */
  ensureFirstAdmin(configured: { readonly email: string; readonly password: string } | null): Promise<FirstAdmin>;
};

const sessionLength = 12 * 60 * 60_000;
/** A session is extended when this much of it is used, not on every request. */
const extendAfter = 60_000;
const attemptsAllowed = 10;
const attemptsWindow = 15 * 60_000;
export const shortestPassword = 10;
export const longestPassword = 256;

/** Accounts and sessions of agents. Attempts are counted in this process. */
export function createAccounts(needs: {
  readonly agents: AgentStore;
  readonly sessions: SessionStore;
  readonly passwords: Passwords;
  readonly now: () => number;
}): Accounts {
  const { agents, sessions, passwords, now } = needs;
  const attempts = attemptCounter(now);

  const add: Accounts['add'] = async (wanted) => {
    const { password, ...rest } = checked(wanted);
    const agent: Agent = { id: randomUUID(), ...rest, disabled: false, status: 'online', capacity: null, groups: [] };
    const passwordHash = await passwords.hash(password);
    const outcome = await agents.insert({ ...agent, passwordHash, createdAt: now() });
    return outcome === 'inserted' ? { kind: 'added', agent } : { kind: 'exists' };
  };

  return {
    add,
    list: () => agents.list(),
    disable: async (email) => {
      const found = await agents.findByEmail(normalEmail(email));
      if (!found) return { kind: 'unknown' };
      await agents.disable(found.id);
      return { kind: 'disabled', agent: { ...withoutHash(found), disabled: true } };
    },
    signIn: async (givenEmail, password) => {
      const email = normalEmail(givenEmail);
      // No account is like this: nothing to protect by taking as long as for others.
      if (!plausibleEmail(email) || password.length > longestPassword) return { kind: 'wrong' };
      const wait = attempts.begin(email);
      if (wait > 0) return { kind: 'wait', seconds: Math.ceil(wait / 1000) };
      const found = await agents.findByEmail(email);
      const right = await passwords.verify(password, found?.passwordHash ?? null).catch((error: unknown) => {
        attempts.takeBack(email);
        throw error;
      });
      if (!found || !right || found.disabled) return { kind: 'wrong' };
      attempts.forget(email);
      const token = randomBytes(32).toString('base64url');
      const at = now();
      const expiresAt = at + sessionLength;
      await sessions.removeExpired(at);
      await sessions.insert({ tokenHash: hashOf(token), agentId: found.id, at, expiresAt });
      return { kind: 'signed_in', agent: withoutHash(found), token, expiresAt };
    },
    authenticate: async (token) => {
      const tokenHash = hashOf(token);
      const at = now();
      const session = await sessions.find(tokenHash, at);
      if (!session) return null;
      const expiresAt = at + sessionLength;
      if (expiresAt - session.expiresAt < extendAfter) return session;
      await sessions.extend(tokenHash, expiresAt);
      return { agent: session.agent, expiresAt };
    },
    signOut: (token) => sessions.remove(hashOf(token)),
    ensureFirstAdmin: async (configured) => {
      if (configured) {
        if (await agents.findByEmail(normalEmail(configured.email))) return { kind: 'none_needed' };
        const added = await add({ ...configured, name: 'Admin', role: 'supervisor' });
        return added.kind === 'added' ? { kind: 'created', agent: added.agent } : { kind: 'none_needed' };
      }
      if ((await agents.list()).length > 0) return { kind: 'none_needed' };
      const password = generatedPassword();
      const added = await add({ email: 'admin@zhike.local', name: 'Admin', role: 'supervisor', password });
      return added.kind === 'added' ? { kind: 'generated', agent: added.agent, password } : { kind: 'none_needed' };
    },
  };
}

export type Presence = {
  /** The agent's console was heard of. */
  touch(agentId: string): Promise<void>;
  leave(agentId: string): Promise<void>;
  /** How many agents and supervisors are here now. */
  onlineAgents(): Promise<number>;
};

/** An agent is online while heard of within this time: three missed heartbeats of 15 s. */
export const presenceTimeout = 45_000;

/** Who is at their desk, across all processes. */
export function createPresence(needs: { readonly agents: AgentStore; readonly now: () => number }): Presence {
  const { agents, now } = needs;
  return {
    touch: (agentId) => agents.see(agentId, now()),
    // As if not heard of for just so long: gone, and still known since when.
    leave: (agentId) => agents.see(agentId, now() - presenceTimeout - 1),
    onlineAgents: () => agents.countSeen(now() - presenceTimeout),
  };
}

/**
 * Counts attempts per account. What it holds is bounded by what is checked: passwords are verified two at a time, so
 * no more than a few thousand accounts can be tried in the window.
 */
function attemptCounter(now: () => number) {
  const tried = new Map<string, number[]>();
  const recent = (email: string) => (tried.get(email) ?? []).filter((at) => at > now() - attemptsWindow);
  const purge = () => {
    for (const email of tried.keys()) if (recent(email).length === 0) tried.delete(email);
  };
  return {
    /** Counts an attempt and returns 0; or counts none and returns how long to wait, in milliseconds. */
    begin: (email: string): number => {
      const times = recent(email);
      const [oldest] = times;
      if (times.length >= attemptsAllowed && oldest !== undefined) return oldest + attemptsWindow - now();
      if (tried.size >= 1_000) purge();
      tried.set(email, [...times, now()]);
      return 0;
    },
    takeBack: (email: string) => void tried.set(email, recent(email).slice(0, -1)),
    forget: (email: string) => void tried.delete(email),
  };
}

function checked(wanted: NewAgent): NewAgent {
  const email = normalEmail(wanted.email);
  const name = wanted.name.trim();
  const issues: Issue[] = [];
  if (!plausibleEmail(email)) issues.push({ path: 'email', message: 'must be an email address' });
  if (name.length === 0 || name.length > 100) issues.push({ path: 'name', message: 'must be 1 to 100 characters' });
  if (wanted.password.length < shortestPassword || wanted.password.length > longestPassword) {
    issues.push({ path: 'password', message: `must be ${shortestPassword} to ${longestPassword} characters` });
  }
  if (issues.length > 0) {
    throw new InputError(issues.map(({ path, message }) => `${path} ${message}`).join('; '), issues);
  }
  return { ...wanted, email, name };
}

function normalEmail(email: string): string {
  return email.trim().toLowerCase();
}

function plausibleEmail(email: string): boolean {
  return email.length <= 254 && /^[^\s@\p{Cc}\p{Cs}]+@[^\s@\p{Cc}\p{Cs}]+$/u.test(email);
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

function withoutHash({ passwordHash: _, ...agent }: Agent & { readonly passwordHash: string }): Agent {
  return agent;
}

/** Twenty characters that are not taken for each other, in groups to read aloud: 98 bits. */
function generatedPassword(): string {
  const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';
  const group = () => Array.from({ length: 5 }, () => alphabet[randomInt(alphabet.length)]).join('');
  return [group(), group(), group(), group()].join('-');
}
