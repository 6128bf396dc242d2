import { z } from 'zod';
import type { Conversation, Message } from '../conversation/conversation.ts';
import type { ConversationLog } from '../conversation/log.ts';
import type { Signals } from '../conversation/signals.ts';
import { ConflictError, NotFoundError } from '../errors.ts';
import type { AccountEdits } from '../handoff/account-edits.ts';
import type { Accounts, Agent } from '../handoff/agents.ts';
import type { Customers } from '../handoff/customers.ts';
import type { DeadLetters } from '../handoff/deliveries.ts';
import type { Desk, Done, NotDone } from '../handoff/desk.ts';
import type { Day, Figures, Standing } from '../handoff/figures.ts';
import type { FollowUp, FollowUps } from '../handoff/follow-ups.ts';
import type { Tally } from '../handoff/promises/promises.ts';
import type { Roster, RosterEntry } from '../handoff/roster.ts';
import type { DeskSettings } from '../handoff/settings/desk-settings.ts';
import { settingsSections, type Settings, type SettingsSection } from '../handoff/settings/settings.ts';
import { doneAnswer, type SummaryView } from './api.ts';
import { boardLimit, deadLimit } from './limits.ts';
import type { Live } from './live.ts';
import { presentColleague } from './people-routes.ts';
import { presentCustomerRef } from './presenters.ts';
import { jsonRoute, type Route } from './route.ts';
import {
  accountAnswer,
  accountBody,
  accountsAnswer,
  boardAnswer,
  bulkAnswer,
  bulkAssignBody,
  deliveriesAnswer,
  deliveriesQuery,
  newAccountBody,
  settingsAnswer,
  settingsBody,
  type AccountView,
  type BoardAnswer,
  type BulkAnswer,
  type FollowUpView,
  type SettingsAnswer,
} from './supervision-api.ts';
import { knownOf, type Views } from './views.ts';

/** What supervisors' routes ask of the rest. */
export type SupervisionNeeds = {
  readonly log: Pick<ConversationLog, 'find' | 'read'>;
  readonly desk: Pick<Desk, 'assign' | 'takeOver' | 'transfer'>;
  readonly accounts: Pick<Accounts, 'add' | 'list'>;
  readonly accountEdits: AccountEdits;
  readonly roster: Pick<Roster, 'all'>;
  readonly customers: Pick<Customers, 'findMany'>;
  readonly followUps: Pick<FollowUps, 'open' | 'count' | 'done'>;
  readonly figures: Figures;
  readonly settings: Pick<DeskSettings, 'current' | 'section' | 'save' | 'refresh'>;
  readonly deliveries: DeadLetters;
  readonly signals: Pick<Signals, 'emit'>;
  readonly views: Views;
  readonly live: Pick<Live, 'directoryChanged'>;
  readonly now: () => number;
};

/** What supervisors see and set up. */
export function supervisionTable(needs: SupervisionNeeds): readonly Route[] {
  const { accounts, accountEdits, followUps, settings, deliveries, live, now } = needs;
  return [
    jsonRoute(
      ['GET /api/console/board', 'supervising', 'How the desk stands and how today went, at most five seconds old'],
      { answer: boardAnswer },
      () => board(needs),
    ),
    jsonRoute(
      ['POST /api/console/follow-ups/:id/done', 'supervising', 'Say that a task is done'],
      { params: idParams, answer: doneAnswer },
      async ({ params, session }) => {
        const done = await followUps.done(params.id, session.agent.id);
        if (done === 'unknown') throw new NotFoundError('There is no such task.');
        return { ok: true } as const;
      },
    ),
    jsonRoute(
      ['POST /api/console/bulk/assign', 'supervising', 'Give several conversations to an agent, or back to the queue'],
      { body: bulkAssignBody, answer: bulkAnswer },
      async ({ body, session }) => {
        const outcomes: BulkAnswer['outcomes'] = [];
        for (const one of body.conversations) {
          outcomes.push({ id: one.id, outcome: await assignOne(needs, session.agent, { ...one, to: body.to }) });
        }
        return { outcomes };
      },
    ),
    jsonRoute(['GET /api/console/agents', 'supervising', 'Accounts'], { answer: accountsAnswer }, async () => ({
      accounts: (await accounts.list()).map(presentAccount),
      defaultCapacity: settings.current().routing.defaultCapacity,
    })),
    jsonRoute(
      ['POST /api/console/agents', 'supervising', 'Make an account'],
      { body: newAccountBody, answer: accountAnswer },
      async ({ body }) => {
        const added = await accounts.add(body);
        if (added.kind === 'exists') throw new ConflictError('exists', 'Somebody has this email already.');
        live.directoryChanged();
        return { account: presentAccount(added.agent) };
      },
    ),
    jsonRoute(
      ['POST /api/console/agents/:id', 'supervising', 'Change an account'],
      { params: idParams, body: accountBody, answer: accountAnswer },
      async ({ params, body, session }) => {
        const edited = await accountEdits.edit(params.id, body, session.agent);
        if (edited.kind === 'unknown') throw new NotFoundError('There is no such account.');
        if (edited.kind === 'own_account') {
          throw new ConflictError('own_account', 'Ask another supervisor: this would lock you out.');
        }
        needs.signals.emit({ kind: 'presence' });
        live.directoryChanged();
        return { account: presentAccount(edited.agent) };
      },
    ),
    jsonRoute(
      ['GET /api/console/settings/:section', 'supervising', 'A section of the settings'],
      { params: sectionParams, answer: settingsAnswer },
      async ({ params: { section } }) => {
        await settings.refresh();
        return sectionView(needs, section);
      },
    ),
    jsonRoute(
      ['POST /api/console/settings/:section', 'supervising', 'Replace a section of the settings'],
      { params: sectionParams, body: settingsBody, answer: settingsAnswer },
      async ({ params: { section }, body: { value, version }, session }) => {
        const whole = section === 'webhook' ? withSecret(value, settings.current().webhook.secret) : value;
        const saved = await settings.save(section, whole, { version, agentId: session.agent.id });
        if (saved === 'stale') {
          throw new ConflictError('stale', 'A colleague has changed this since you looked. Read it anew.');
        }
        live.directoryChanged();
        return sectionView(needs, section);
      },
    ),
    jsonRoute(
      ['GET /api/console/deliveries', 'supervising', 'Webhook deliveries that were given up'],
      { query: deliveriesQuery, answer: deliveriesAnswer },
      async () => {
        const [dead, figures] = await Promise.all([deliveries.dead(deadLimit), deliveries.figures()]);
        return {
          dead: dead.map(({ id, conversationId, seq, event, attempts, createdAt, diedAt, error }) => {
            return { id, conversationId, seq, event, attempts, createdAt, diedAt, error };
          }),
          figures: { ...figures },
        };
      },
    ),
    jsonRoute(
      ['POST /api/console/deliveries/:id/retry', 'supervising', 'Send it again'],
      { params: idParams, answer: doneAnswer },
      async ({ params }) => settled(await deliveries.retry(params.id, now())),
    ),
    jsonRoute(
      ['POST /api/console/deliveries/:id/discard', 'supervising', 'Drop it for good'],
      { params: idParams, answer: doneAnswer },
      async ({ params }) => settled(await deliveries.discard(params.id, now())),
    ),
  ];
}

const idParams = z.strictObject({ id: z.string().min(1).max(200) });
const sectionParams = z.strictObject({ section: z.enum(settingsSections as [SettingsSection, ...SettingsSection[]]) });

function settled(isDone: boolean): z.infer<typeof doneAnswer> {
  if (!isDone) throw new NotFoundError('There is no such delivery that was given up.');
  return { ok: true };
}

async function board(needs: SupervisionNeeds): Promise<BoardAnswer> {
  const { figures, roster, followUps, settings, now } = needs;
  const [{ standing, today }, colleagues, tasks, followUpsCount] = await Promise.all([
    figures.now(),
    roster.all(),
    followUps.open(boardLimit),
    followUps.count(),
  ]);
  const { groups, routing } = settings.current();
  const [breaches, atRisk, taskViews] = await Promise.all([
    summariesOf(needs, standing.breaches),
    summariesOf(needs, standing.atRisk),
    followUpViews(needs, tasks),
  ]);
  return {
    waiting: standing.waiting,
    longestWaitMs: standing.longestWaitMs,
    byGroup: groupViews(standing, groups.groups, colleagues),
    agents: colleagues.map((colleague) => ({
      ...presentColleague(colleague, routing.defaultCapacity),
      seenAt: colleague.seenAt,
      broken: standing.brokenOf.get(colleague.id) ?? 0,
    })),
    breaches,
    breachesCount: standing.breachesCount,
    atRisk,
    followUps: taskViews,
    followUpsCount,
    today: presentDay(today),
    now: now(),
  };
}

/** The group of everybody first, then those that are set up, then what was sent to groups that are gone. */
function groupViews(
  { byGroup }: Standing,
  groups: Settings['groups']['groups'],
  colleagues: readonly RosterEntry[],
): BoardAnswer['byGroup'] {
  const gone = byGroup.flatMap(({ groupId }) =>
    groupId === null || groups.some(({ id }) => id === groupId) ? [] : [{ id: groupId, name: null }],
  );
  const online = colleagues.filter(({ status }) => status === 'online');
  return [{ id: null, name: null }, ...groups, ...gone].map(({ id, name }) => {
    const standing = byGroup.find(({ groupId }) => groupId === id);
    return {
      groupId: id,
      name,
      waiting: standing?.waiting ?? 0,
      longestWaitMs: standing?.longestWaitMs ?? null,
      assigned: standing?.assigned ?? 0,
      agentsOnline: online.filter((colleague) => id === null || colleague.groups.includes(id)).length,
    };
  });
}

async function summariesOf(
  { log, views }: SupervisionNeeds,
  conversations: readonly Conversation[],
): Promise<SummaryView[]> {
  const summaries = conversations.slice(0, boardLimit).map(async (conversation) => {
    const { id, customerSeq } = conversation;
    const [entry] = customerSeq > 0 ? await log.read(id, customerSeq - 1, 1) : [];
    return { ...conversation, lastCustomerText: entry?.kind === 'message' ? shortened(entry) : null };
  });
  return views.summaries(await Promise.all(summaries));
}

function shortened({ text }: Message): string {
  return [...text.slice(0, 400)].slice(0, 200).join('');
}

async function followUpViews(
  { log, customers }: SupervisionNeeds,
  tasks: readonly FollowUp[],
): Promise<FollowUpView[]> {
  const conversations = await Promise.all(tasks.map(({ conversationId }) => log.find(conversationId)));
  const known = await knownOf(
    customers,
    conversations.filter((one) => one !== null),
  );
  return tasks.map(({ id, conversationId, kind, seq, note, createdAt }, index) => {
    const conversation = conversations[index] ?? null;
    const customer = conversation && presentCustomerRef(conversation, known(conversation));
    return { id, conversationId, kind, seq, note, createdAt, customer };
  });
}

function presentDay({ since, promises, ratings, isPartial, ...day }: Day): BoardAnswer['today'] {
  const { asked, answeredByBot, handedOver, resolved, firstResponseMedianMs } = day;
  const { first_response, next_response, resolution } = promises.byKind;
  return {
    since,
    asked,
    answeredByBot,
    handedOver,
    resolved,
    promiseKeptRate: presentTally(promises.customers),
    promises: {
      first_response: presentTally(first_response),
      next_response: presentTally(next_response),
      resolution: presentTally(resolution),
    },
    csat: { ...ratings },
    firstResponseMedianMs,
    partial: isPartial,
  };
}

function presentTally({ kept, broken, open, rate }: Tally): BoardAnswer['today']['promiseKeptRate'] {
  return { kept, broken, open, rate };
}

type BulkOutcome = BulkAnswer['outcomes'][number]['outcome'];

/** To somebody; or back to the queue, which takes it from whoever has it. Done already is done. */
async function assignOne(
  { log, desk }: SupervisionNeeds,
  agent: Agent,
  { id, version, to }: { readonly id: string; readonly version: number; readonly to: string | null },
): Promise<BulkOutcome> {
  const target = { agent, conversationId: id };
  if (to !== null) {
    const assigned = await desk.assign({ ...target, version, to });
    return assigned.kind === 'taken' && assigned.conversation.agentId === to ? 'done' : bulkOutcome(assigned);
  }
  if ((await log.find(id))?.status === 'queued') return 'done';
  const taken = await desk.takeOver({ ...target, version });
  const isOwn = taken.kind === 'taken' && taken.conversation.agentId === agent.id;
  if (!('entries' in taken) && !isOwn) return bulkOutcome(taken);
  const { version: current, seq } = taken.conversation;
  const back = { to: { kind: 'queue' }, seen: seq, note: null } as const;
  return bulkOutcome(await desk.transfer({ ...target, version: current, ...back }));
}

function bulkOutcome(outcome: Done<string> | NotDone): BulkOutcome {
  return 'entries' in outcome ? 'done' : outcome.kind;
}

function presentAccount({ id, email, name, role, disabled, status, capacity, groups }: Agent): AccountView {
  return { id, email, name, role, disabled, status, capacity, groups: [...groups] };
}

async function sectionView(
  { settings, accounts }: SupervisionNeeds,
  section: SettingsSection,
): Promise<SettingsAnswer> {
  const { value, version, at, by } = settings.section(section);
  const author = by === null ? null : (await accounts.list()).find(({ id }) => id === by);
  const state = { version, at, by: by === null ? null : { id: by, name: author?.name ?? '' } };
  if (section !== 'webhook') return { section, value, ...state } as SettingsAnswer;
  const { url, secret } = value as Settings['webhook'];
  return { section, value: { url, secret: '', hasSecret: secret !== '' }, ...state };
}

/** The page never had the secret: an empty one means the one there is. */
function withSecret(value: unknown, secret: string): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const { hasSecret: _, ...given } = value as Readonly<Record<string, unknown>>;
  return given.secret === '' || given.secret === undefined ? { ...given, secret } : given;
}
