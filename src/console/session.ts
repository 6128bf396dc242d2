import { AccessError, BusyError } from '../errors.ts';
import type { Accounts, Agent } from '../handoff/agents.ts';
import { readCookie, setCookie, type AnswerHeaders, type HttpRequest } from '../http.ts';

/** Who makes a request, and by which session. */
export type Session = { readonly token: string; readonly agent: Agent };

export type Sessions = {
  /** The session of the request's cookie, or null. */
  find(request: HttpRequest): Promise<Session | null>;
  /** The agent whose session this is, as their account stands now; null when it has ended. */
  agentOf(token: string): Promise<Agent | null>;
  /**
   * A new session, whatever cookie came along: that one ends. A wrong password and an unknown or disabled account are
   * one and the same AccessError; too many attempts are a BusyError with the time to wait.
   */
  signIn(
    request: HttpRequest,
    credentials: { readonly email: string; readonly password: string },
  ): Promise<{ readonly agent: Agent; readonly headers: AnswerHeaders }>;
  /** Ends the session on the server and takes the cookie back. */
  signOut(session: Session): Promise<AnswerHeaders>;
};

const cookie = 'zhike_agent';

/** How long browsers keep the cookie. The session behind it ends hours after its last use. */
const cookieSeconds = 30 * 24 * 60 * 60;

/** Agents' sessions in a cookie that no script can read and no other site can send. */
export function createSessions({ accounts, secure }: { accounts: SessionAccounts; secure: boolean }): Sessions {
  const keep = { secure, sameSite: 'Strict', maxAgeSeconds: cookieSeconds } as const;
  return {
    find: async (request) => {
      const token = readCookie(request, cookie, { secure });
      if (!token) return null;
      const found = await accounts.authenticate(token);
      return found && { token, agent: found.agent };
    },
    agentOf: async (token) => (await accounts.authenticate(token))?.agent ?? null,
    signIn: async (request, { email, password }) => {
      const outcome = await accounts.signIn(email, password);
      switch (outcome.kind) {
        case 'wrong':
          throw new AccessError('unauthenticated', 'Email and password do not match.');
        case 'wait':
          throw new BusyError('Too many attempts on this account. Try again later.', outcome.seconds);
        case 'signed_in': {
          const before = readCookie(request, cookie, { secure });
          if (before) await accounts.signOut(before);
          return { agent: outcome.agent, headers: { 'set-cookie': setCookie(cookie, outcome.token, keep) } };
        }
      }
    },
    signOut: async ({ token }) => {
      await accounts.signOut(token);
      return { 'set-cookie': setCookie(cookie, '', { ...keep, maxAgeSeconds: 0 }) };
    },
  };
}

export type SessionAccounts = Pick<Accounts, 'signIn' | 'authenticate' | 'signOut'>;
