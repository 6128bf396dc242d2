import { z } from 'zod';
import type { ConversationLog } from '../conversation/log.ts';
import type { Signals } from '../conversation/signals.ts';
import { NotFoundError } from '../errors.ts';
import type { AccountEdits } from '../handoff/account-edits.ts';
import type { Accounts, AgentStore, Presence } from '../handoff/agents.ts';
import type { CannedReplies } from '../handoff/canned-replies.ts';
import type { Customers } from '../handoff/customers.ts';
import type { DeadLetters } from '../handoff/deliveries.ts';
import type { Desk } from '../handoff/desk.ts';
import type { Figures } from '../handoff/figures.ts';
import type { FollowUps } from '../handoff/follow-ups.ts';
import type { Roster } from '../handoff/roster.ts';
import type { TranscriptSearch } from '../handoff/search/transcript-search.ts';
import type { DeskSettings } from '../handoff/settings/desk-settings.ts';
import { bytes, json, type Answer, type Mountable } from '../http.ts';
import { text, wellFormed } from '../text.ts';
import { doneAnswer, sessionAnswer } from './api.ts';
import { conversationTable, reached } from './conversation-routes.ts';
import { knowledgeTable, type KnowledgeNeeds } from './knowledge-routes.ts';
import { listTable } from './list-routes.ts';
import { createLive, systemTimers, type Live, type Timers } from './live.ts';
import { openApiOf } from './openapi.ts';
import { peopleTable } from './people-routes.ts';
import { presentAgent } from './presenters.ts';
import { Headed, jsonRoute, mountTable, otherRoute, type Route } from './route.ts';
import { createSessions, type Session, type SessionAccounts, type Sessions } from './session.ts';
import { supervisionTable } from './supervision-routes.ts';
import type { MediaStore } from './uploads.ts';
import { createViews } from './views.ts';

export type ConsoleNeeds = {
  readonly log: Pick<ConversationLog, 'find' | 'list' | 'count' | 'read'>;
  readonly desk: Omit<Desk, 'releaseAll'>;
  readonly accounts: SessionAccounts & Pick<Accounts, 'add' | 'list'>;
  readonly accountEdits: AccountEdits;
  readonly agents: Pick<AgentStore, 'change'>;
  readonly presence: Presence;
  readonly roster: Pick<Roster, 'all'>;
  readonly settings: Pick<DeskSettings, 'current' | 'section' | 'save' | 'refresh'>;
  readonly customers: Pick<Customers, 'find' | 'findMany' | 'edit'>;
  readonly cannedReplies: CannedReplies;
  readonly followUps: Pick<FollowUps, 'open' | 'count' | 'done'>;
  readonly search: Pick<TranscriptSearch, 'search'>;
  readonly figures: Figures;
  readonly deliveries: DeadLetters;
  readonly signals: Signals;
  readonly uploads: MediaStore;
  readonly knowledge: KnowledgeNeeds;
  /** What conversations call the channels they come from. */
  readonly channels: readonly string[];
  /** The address agents type; the cookie is secure when it is https. */
  readonly publicUrl: string;
  readonly now: () => number;
  readonly timers?: Timers;
  /** Told of a failure in what nobody waits for. */
  readonly failed: (error: unknown) => void;
};

export type Console = Mountable & {
  /** Settings, colleagues or canned replies were changed elsewhere: open pages read them anew. */
  directoryChanged(): void;
};

/** The agents' API under /api/console, and its description at /api/openapi.json. */
export function createConsole(needs: ConsoleNeeds): Console {
  const { accounts, publicUrl, signals, presence, log, timers = systemTimers, failed } = needs;
  const sessions = createSessions({ accounts, secure: new URL(publicUrl).protocol === 'https:' });
  const live = createLive({ signals, presence, log, agentOf: (token) => sessions.agentOf(token), timers, failed });
  const table = consoleTable({ ...needs, sessions, live });
  return {
    mount: (routes) => mountTable(table, routes, { sessions, publicUrl }),
    drain: () => live.close(),
    directoryChanged: () => live.directoryChanged(),
  };
}

type TableNeeds = ConsoleNeeds & { readonly sessions: Sessions; readonly live: Live };

/** Every route there is, each with who may use it. */
function consoleTable(needs: TableNeeds): readonly Route[] {
  const { live, sessions, settings, customers, now } = needs;
  const current = () => settings.current();
  const views = createViews({ customers, settings: current, now });
  const self = ({ agent }: Pick<Session, 'agent'>) => presentAgent(agent, current().routing.defaultCapacity);
  const table: readonly Route[] = [
    jsonRoute(
      ['POST /api/console/session', 'anyone', 'Sign in'],
      { body: signInBody, answer: sessionAnswer },
      async ({ request, body, session }) => {
        const { agent, headers } = await sessions.signIn(request, body);
        if (session) live.endSession(session);
        return new Headed({ agent: self({ agent }) }, headers);
      },
    ),
    jsonRoute(['GET /api/console/session', 'signed_in', 'Who am I'], { answer: sessionAnswer }, ({ session }) => ({
      agent: self(session),
    })),
    jsonRoute(['DELETE /api/console/session', 'signed_in', 'Sign out'], { answer: doneAnswer }, async ({ session }) => {
      const headers = await sessions.signOut(session);
      live.endSession(session);
      return new Headed({ ok: true }, headers);
    }),
    ...listTable({ ...needs, views }),
    ...conversationTable({ ...needs, settings: current, views }),
    otherRoute(
      ['GET /api/console/uploads/:id', 'serving', 'A file of a conversation'],
      { params: z.strictObject({ id: z.string().min(1).max(200) }), answer: 'application/octet-stream' },
      ({ params, session }) => sendUpload(needs, params.id, session),
    ),
    otherRoute(
      [
        'GET /api/console/events',
        'serving',
        'Server-sent events: changed, gone, typing, presence, directory, mentioned. Hints: the log is the truth',
      ],
      { answer: 'text/event-stream' },
      ({ session }) => live.open(session),
    ),
    ...peopleTable(needs),
    ...supervisionTable({ ...needs, views }),
    ...knowledgeTable(needs.knowledge, needs),
    otherRoute(['GET /api/openapi.json', 'anyone', 'This description'], { answer: 'application/json' }, () =>
      json(200, openApiOf(table)),
    ),
  ];
  return table;
}

const signInBody = z.strictObject({ email: text({ min: 1, max: 254 }), password: z.string().min(1).max(1024) });

/** Types a browser may show in place; anything else is offered for download and never interpreted. */
const shownInPlace = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];

async function sendUpload({ uploads, log }: ConsoleNeeds, id: string, { agent }: Session): Promise<Answer> {
  const upload = await uploads.open(id);
  if (!upload) throw new NotFoundError('There is no such file.');
  await reached(log, upload.conversationId, agent);
  const inPlace = shownInPlace.includes(upload.contentType);
  return bytes(200, await upload.bytes(), {
    'content-type': inPlace ? upload.contentType : 'application/octet-stream',
    'content-disposition': `${inPlace ? 'inline' : 'attachment'}; filename*=UTF-8''${percentEncoded(upload.name)}`,
    'content-security-policy': "default-src 'none'; sandbox",
    'cache-control': 'private, max-age=3600',
  });
}

/** As RFC 8187 wants it: encodeURIComponent leaves four characters that are not allowed there. */
function percentEncoded(name: string): string {
  return encodeURIComponent(wellFormed(name)).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
