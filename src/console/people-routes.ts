import { z } from 'zod';
import type { Signals } from '../conversation/signals.ts';
import { AccessError, ConflictError, InputError, NotFoundError } from '../errors.ts';
import type { Agent, AgentStore } from '../handoff/agents.ts';
import type { CannedReplies, CannedReply, CannedReplySaved } from '../handoff/canned-replies.ts';
import type { Roster, RosterEntry } from '../handoff/roster.ts';
import type { DeskSettings } from '../handoff/settings/desk-settings.ts';
import { settingsSections } from '../handoff/settings/settings.ts';
import { doneAnswer, sessionAnswer } from './api.ts';
import {
  directoryAnswer,
  meStatusBody,
  type CannedView,
  type ColleagueView,
  type DirectoryAnswer,
} from './desk-api.ts';
import type { Live } from './live.ts';
import { presentAgent } from './presenters.ts';
import { jsonRoute, type Route } from './route.ts';
import { cannedAnswer, cannedBody, cannedListAnswer, type CannedAnswer } from './supervision-api.ts';

/** What the routes about colleagues and what agents keep at hand ask of the rest. */
export type PeopleNeeds = {
  readonly agents: Pick<AgentStore, 'change'>;
  readonly roster: Pick<Roster, 'all'>;
  readonly settings: Pick<DeskSettings, 'current' | 'section'>;
  readonly cannedReplies: CannedReplies;
  readonly signals: Pick<Signals, 'emit'>;
  readonly live: Pick<Live, 'directoryChanged'>;
  /** What conversations call the channels they come from. */
  readonly channels: readonly string[];
  readonly now: () => number;
};

/** Who is here, what they say again and again, and what everybody keeps at hand of the settings. */
export function peopleTable(needs: PeopleNeeds): readonly Route[] {
  const { agents, settings, cannedReplies, signals, live } = needs;
  const atHand = keptFor(keptAtHand, needs.now, async (): Promise<AtHand> => {
    const [roster, canned] = await Promise.all([needs.roster.all(), cannedReplies.list(null)]);
    return { roster, canned };
  });
  const changed = (): void => {
    atHand.forget();
    live.directoryChanged();
  };
  const saved = (outcome: CannedReplySaved): CannedAnswer => {
    switch (outcome.kind) {
      case 'saved':
        changed();
        return { canned: presentCanned(outcome.reply) };
      case 'exists':
        throw new ConflictError('exists', 'Another canned reply of the group has this shortcut.');
      case 'unknown':
        throw noSuchReply();
    }
  };
  return [
    jsonRoute(
      ['POST /api/console/me/status', 'serving', 'Be online, busy, away or offline'],
      { body: meStatusBody, answer: sessionAnswer },
      async ({ body: { status }, session }) => {
        const agent = await agents.change(session.agent.id, { status });
        if (!agent) throw new NotFoundError('There is no such account.');
        signals.emit({ kind: 'presence' });
        changed();
        return { agent: presentAgent(agent, settings.current().routing.defaultCapacity) };
      },
    ),
    jsonRoute(
      [
        'GET /api/console/directory',
        'serving',
        'Colleagues, groups, tags, canned replies: what the page keeps at hand',
      ],
      { answer: directoryAnswer },
      async ({ session }) => directory(needs, await atHand.get(), session.agent),
    ),
    jsonRoute(
      ['POST /api/console/canned/:id/used', 'serving', 'Count that a canned reply was sent'],
      { params: cannedParams, answer: doneAnswer },
      async ({ params, session }) => {
        const theirs = await cannedReplies.list(groupsOf(session.agent));
        if (!theirs.some(({ id }) => id === params.id)) throw noSuchReply();
        await cannedReplies.used(params.id);
        return { ok: true } as const;
      },
    ),
    jsonRoute(
      ['GET /api/console/canned', 'writing_canned', 'Every canned reply one may write'],
      { answer: cannedListAnswer },
      async ({ session }) => ({
        canned: (await cannedReplies.list(null)).filter((reply) => mayWrite(session.agent, reply)).map(presentCanned),
      }),
    ),
    jsonRoute(
      ['POST /api/console/canned', 'writing_canned', 'Write a new canned reply; editors those for everybody'],
      { body: cannedBody, answer: cannedAnswer },
      async ({ body, session }) => {
        assertMayWrite(session.agent, body);
        assertGroup(settings, body.groupId, null);
        return saved(await cannedReplies.add(body, session.agent.id));
      },
    ),
    jsonRoute(
      ['POST /api/console/canned/:id', 'writing_canned', 'Rewrite a canned reply'],
      { params: cannedParams, body: cannedBody, answer: cannedAnswer },
      async ({ params, body, session }) => {
        const before = await rewritten(cannedReplies, params.id, session.agent);
        assertMayWrite(session.agent, body);
        assertGroup(settings, body.groupId, before.groupId);
        return saved(await cannedReplies.edit(params.id, body, session.agent.id));
      },
    ),
    jsonRoute(
      ['DELETE /api/console/canned/:id', 'writing_canned', 'Remove a canned reply'],
      { params: cannedParams, answer: doneAnswer },
      async ({ params, session }) => {
        await rewritten(cannedReplies, params.id, session.agent);
        if ((await cannedReplies.remove(params.id)) === 'unknown') throw noSuchReply();
        changed();
        return { ok: true } as const;
      },
    ),
  ];
}

const cannedParams = z.strictObject({ id: z.string().min(1).max(200) });

/** What is the same for everybody, before it is told who asks. */
type AtHand = { readonly roster: readonly RosterEntry[]; readonly canned: readonly CannedReply[] };

/** In milliseconds: when something changes, everybody asks at once. */
const keptAtHand = 1_000;

/** The same answer for a while, so that many who ask at once cost one look. */
function keptFor<T>(milliseconds: number, now: () => number, ask: () => Promise<T>) {
  let kept: { readonly at: number; readonly answer: Promise<T> } | null = null;
  return {
    get: (): Promise<T> => {
      const at = now();
      if (kept && kept.at <= at && at < kept.at + milliseconds) return kept.answer;
      const answer = ask();
      kept = { at, answer };
      answer.catch(() => {
        if (kept?.answer === answer) kept = null;
      });
      return answer;
    },
    forget: (): void => {
      kept = null;
    },
  };
}

function directory(
  { settings, channels }: Pick<PeopleNeeds, 'settings' | 'channels'>,
  { roster, canned }: AtHand,
  { role, groups: theirs }: Agent,
): DirectoryAnswer {
  const { groups, tags, resolutions, survey, routing } = settings.current();
  const isTheirs = ({ groupId }: CannedReply) => role === 'supervisor' || groupId === null || theirs.includes(groupId);
  return {
    colleagues: roster.map((colleague) => presentColleague(colleague, routing.defaultCapacity)),
    groups: groups.groups,
    tags: tags.tags,
    resolutions,
    survey,
    channels: [...channels],
    canned: canned.filter(isTheirs).map(presentCanned),
    settingsVersion: settingsSections.reduce((sum, section) => sum + settings.section(section).version, 0),
  };
}

/** The groups whose canned replies an agent is given, besides those for everybody; null: all. */
function groupsOf({ role, groups }: Agent): readonly string[] | null {
  return role === 'supervisor' ? null : groups;
}

/** Somebody who serves customers, to their colleagues. */
export function presentColleague(
  { id, name, role, status, load, capacity, groups }: RosterEntry,
  defaultCapacity: number,
): ColleagueView {
  return { id, name, role, status, load, capacity: capacity ?? defaultCapacity, groups: [...groups] };
}

function presentCanned({ id, shortcut, title, text, groupId, sound, uses, updatedAt }: CannedReply): CannedView {
  return { id, shortcut, title, text, groupId, sound, uses, updatedAt };
}

/** Supervisors write all of them; editors those for everybody. */
function mayWrite({ role }: Agent, { groupId }: Pick<CannedReply, 'groupId'>): boolean {
  return role === 'supervisor' || groupId === null;
}

function assertMayWrite(agent: Agent, reply: Pick<CannedReply, 'groupId'>): void {
  if (mayWrite(agent, reply)) return;
  throw new AccessError('forbidden', 'Only supervisors write canned replies of a group.');
}

/** The reply that is to be rewritten or removed, if this agent may. */
async function rewritten(cannedReplies: CannedReplies, id: string, agent: Agent): Promise<CannedReply> {
  const reply = (await cannedReplies.list(null)).find((one) => one.id === id);
  if (!reply || !mayWrite(agent, reply)) throw noSuchReply();
  return reply;
}

/** A group that was taken out of the settings since may stay; nothing can be given to it anew. */
function assertGroup(settings: Pick<DeskSettings, 'current'>, groupId: string | null, before: string | null): void {
  if (groupId === before || groupId === null) return;
  if (settings.current().groups.groups.some(({ id }) => id === groupId)) return;
  throw new InputError('groupId must be a group that is set up', [
    { path: 'groupId', message: 'must be a group that is set up' },
  ]);
}

function noSuchReply(): NotFoundError {
  return new NotFoundError('There is no such canned reply.');
}
