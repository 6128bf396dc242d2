import { z } from 'zod';
import { AccessError } from '../errors.ts';
import { serves } from '../handoff/access.ts';
import type { Agent } from '../handoff/agents.ts';
import {
  assertSameOrigin,
  check,
  json,
  parseBody,
  type Answer,
  type AnswerHeaders,
  type Handler,
  type HttpRequest,
  type Routes,
} from '../http.ts';
import type { Session, Sessions } from './session.ts';

/**
 * Who may use a route.
 * - `anyone`    also somebody who has not signed in.
 * - `signed_in` whoever has an account.
 * - `serving`   agents and supervisors. Which conversations they reach `reached` says (conversation-routes.ts), and what
 *   they may do with one the desk.
 * - `supervising` supervisors.
 * - `reading_knowledge` whoever has an account: agents, editors and supervisors.
 * - `editing_knowledge` editors and supervisors.
 * - `writing_canned` editors and supervisors.
 */
export type Rule =
  'anyone' | 'signed_in' | 'serving' | 'supervising' | 'reading_knowledge' | 'editing_knowledge' | 'writing_canned';

export type Method = 'GET' | 'POST' | 'DELETE';

/** One line of the table: what, where, for whom, and the shapes that go in and come out. */
export type Route = {
  readonly method: Method;
  /** With `:name` segments. */
  readonly path: string;
  readonly rule: Rule;
  readonly summary: string;
  readonly params: z.ZodObject | null;
  readonly query: z.ZodObject | null;
  readonly body: z.ZodType | null;
  /** The media type of a body that is no JSON, which the handler reads itself. */
  readonly raw: string | null;
  /** A JSON answer's schema, or the media type of another. */
  readonly answer: z.ZodType | string;
  readonly run: (request: HttpRequest, session: Session | null) => Promise<Answer>;
};

/** What a handler is given: everything checked. */
export type Call<P, Q, B, S> = {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly session: S;
  readonly request: HttpRequest;
};

type Shape<T> = z.ZodObject<z.ZodRawShape> & z.ZodType<T>;

/** The shapes of what comes in. */
export type Shapes<P, Q, B> = {
  readonly params?: Shape<P>;
  readonly query?: Shape<Q>;
  readonly body?: Shape<B>;
  /** In place of `body`: the media type of one that the handler reads itself. */
  readonly raw?: string;
};

type SessionUnder<R extends Rule> = R extends 'anyone' ? Session | null : Session;

/** A line `METHOD path`, who may, and what it is for. */
export type Line<R extends Rule> = readonly [where: `${Method} /${string}`, rule: R, summary: string];

/** A route that answers JSON of the schema `answer`. */
export function jsonRoute<R extends Rule, A, P = unknown, Q = unknown, B = unknown>(
  line: Line<R>,
  shapes: Shapes<P, Q, B> & { readonly answer: z.ZodType<A> },
  handle: (call: Call<P, Q, B, SessionUnder<R>>) => A | Headed<A> | Promise<A | Headed<A>>,
): Route {
  return makeRoute(line, shapes, shapes.answer, async (call) => {
    const result = await handle(call);
    return result instanceof Headed ? json(200, result.body, result.headers) : json(200, result);
  });
}

/** A route that answers something else than JSON, of this media type. */
export function otherRoute<R extends Rule, P = unknown, Q = unknown, B = unknown>(
  line: Line<R>,
  shapes: Shapes<P, Q, B> & { readonly answer: string },
  handle: (call: Call<P, Q, B, SessionUnder<R>>) => Answer | Promise<Answer>,
): Route {
  return makeRoute(line, shapes, shapes.answer, handle);
}

/** A JSON answer with headers of its own. */
export class Headed<A> {
  readonly body: A;
  readonly headers: AnswerHeaders;
  constructor(body: A, headers: AnswerHeaders) {
    this.body = body;
    this.headers = headers;
  }
}

function makeRoute<R extends Rule, P, Q, B>(
  [where, rule, summary]: Line<R>,
  { params, query, body, raw }: Shapes<P, Q, B>,
  answer: z.ZodType | string,
  handle: (call: Call<P, Q, B, SessionUnder<R>>) => Answer | Promise<Answer>,
): Route {
  const [method, path] = where.split(' ') as [Method, string];
  const names = [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => name);
  return {
    method,
    path,
    rule,
    summary,
    params: params ?? null,
    query: query ?? null,
    body: body ?? null,
    raw: raw ?? null,
    answer,
    run: async (request, session) =>
      handle({
        params: check(params ?? nothing, Object.fromEntries(names.map((name) => [name, request.param(name)]))) as P,
        query: check(query ?? nothing, Object.fromEntries(request.query)) as Q,
        body: (method === 'GET' || raw ? {} : await parseBody(body ?? nothing, request)) as B,
        session: session as SessionUnder<R>,
        request,
      }),
  };
}

const nothing: z.ZodType = z.strictObject({});

/**
 * Puts a table of routes on the server. What a request passes, in this order: the Origin of a state change, the session
 * of its cookie, the rule of its route, and the shapes; only then the handler runs.
 */
export function mountTable(
  table: readonly Route[],
  routes: Routes,
  { sessions, publicUrl }: { sessions: Sessions; publicUrl: string },
): void {
  for (const route of table) {
    const handler: Handler = async (request) => {
      if (route.method !== 'GET') assertSameOrigin(request, publicUrl);
      const session = await sessions.find(request);
      assertMay(route.rule, session);
      return route.run(request, session);
    };
    register(routes, route, handler);
  }
}

/** The access check of a route. */
function assertMay(rule: Rule, session: Session | null): void {
  if (rule === 'anyone') return;
  if (!session) throw new AccessError('unauthenticated', 'Sign in first.');
  if (!may[rule](session.agent)) throw new AccessError('forbidden', forbidden[rule]);
}

const isSupervisor = ({ role }: Agent): boolean => role === 'supervisor';
const isEditor = ({ role }: Agent): boolean => role === 'editor' || role === 'supervisor';

const may: Readonly<Record<Exclude<Rule, 'anyone'>, (agent: Agent) => boolean>> = {
  signed_in: () => true,
  serving: serves,
  supervising: isSupervisor,
  reading_knowledge: () => true,
  editing_knowledge: isEditor,
  writing_canned: isEditor,
};

const forbidden: Readonly<Record<Exclude<Rule, 'anyone'>, string>> = {
  signed_in: 'Sign in first.',
  serving: 'Only agents and supervisors work conversations.',
  supervising: 'Only supervisors do this.',
  reading_knowledge: 'Sign in first.',
  editing_knowledge: 'Only editors and supervisors change the knowledge.',
  writing_canned: 'Only editors and supervisors write canned replies.',
};

function register(routes: Routes, { method, path }: Route, handler: Handler): void {
  switch (method) {
    case 'GET':
      return routes.get(path, handler);
    case 'POST':
      return routes.post(path, handler);
    case 'DELETE':
      return routes.delete(path, handler);
  }
}
