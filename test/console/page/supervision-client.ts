import type { AgentSelf, SummaryView } from '../../../src/console/api.ts';
import type { CannedView } from '../../../src/console/desk-api.ts';
import type { SupervisionClient } from '../../../src/console/page/supervision.ts';
import type { AccountView, BoardAnswer, SettingsAnswer } from '../../../src/console/supervision-api.ts';
import { aConversation } from './builders.ts';

export const wang: AgentSelf = {
  id: 'wang',
  name: '王主管',
  email: 'wang@shop.cn',
  role: 'supervisor',
  status: 'online',
  capacity: 5,
  groups: [],
};

/** The part of the API for supervisors, from a desk where nothing happens. */
export function supervisionClient(overrides: Partial<SupervisionClient> = {}): SupervisionClient {
  const reply = cannedReply('a', '您好');
  return {
    board: () => Promise.resolve(quietBoard()),
    followUpDone: () => Promise.resolve({ ok: true }),
    conversations: () =>
      Promise.resolve({
        conversations: [],
        counts: { queue: 0, mine: 0, all: 0, resolved: 0, broken: 0, snoozed: 0 },
        next: null,
        agentsOnline: 0,
        now: 0,
      }),
    bulkAssign: ({ conversations }) =>
      Promise.resolve({ outcomes: conversations.map(({ id }) => ({ id, outcome: 'done' as const })) }),
    accounts: () => Promise.resolve({ accounts: [], defaultCapacity: 5 }),
    addAccount: ({ name, email, role }) => Promise.resolve({ account: account(name, { email, role }) }),
    changeAccount: (id, { name }) => Promise.resolve({ account: account(id, name === undefined ? {} : { name }) }),
    settings: () => Promise.resolve(groupsAt(0, [])),
    saveSettings: (_, { version }) => Promise.resolve(groupsAt(version + 1, [])),
    canned: () => Promise.resolve({ canned: [] }),
    addCanned: () => Promise.resolve({ canned: reply }),
    changeCanned: () => Promise.resolve({ canned: reply }),
    removeCanned: () => Promise.resolve({ ok: true }),
    deliveries: () =>
      Promise.resolve({ dead: [], figures: { pending: 0, dead: 0, oldestPendingAt: null, lastDeliveredAt: null } }),
    retryDelivery: () => Promise.resolve({ ok: true }),
    discardDelivery: () => Promise.resolve({ ok: true }),
    ...overrides,
  };
}

export function quietBoard(given: Partial<BoardAnswer> = {}): BoardAnswer {
  const nothing = { kept: 0, broken: 0, open: 0, rate: null };
  return {
    waiting: 0,
    longestWaitMs: null,
    byGroup: [],
    agents: [],
    breaches: [],
    breachesCount: 0,
    atRisk: [],
    followUps: [],
    followUpsCount: 0,
    today: {
      since: 0,
      asked: 0,
      answeredByBot: 0,
      handedOver: 0,
      resolved: 0,
      promiseKeptRate: nothing,
      promises: { first_response: nothing, next_response: nothing, resolution: nothing },
      csat: { survey: 'csat', count: 0, average: null },
      firstResponseMedianMs: null,
      partial: false,
    },
    now: 0,
    ...given,
  };
}

/** The groups, by name, as somebody saved them the `version`th time. */
export function groupsAt(version: number, names: readonly string[], by = wang.name): SettingsAnswer {
  return {
    section: 'groups',
    value: { groups: names.map((name, index) => ({ id: `g${index}`, name, mode: 'pull' })) },
    version,
    at: version === 0 ? null : version,
    by: version === 0 ? null : { id: by, name: by },
  };
}

export function account(id: string, given: Partial<AccountView> = {}): AccountView {
  return {
    id,
    email: `${id}@shop.cn`,
    name: id,
    role: 'agent',
    disabled: false,
    status: 'online',
    capacity: null,
    groups: [],
    ...given,
  };
}

export function cannedReply(id: string, title: string): CannedView {
  return { id, shortcut: id, title, text: `${title}！`, groupId: null, sound: '', uses: 0, updatedAt: 0 };
}

export function summary(id: string, given: Partial<SummaryView> = {}): SummaryView {
  return {
    ...aConversation({
      id,
      locale: 'zh-CN',
      customer: { id: `u-${id}`, name: null, tags: [] },
      status: 'assigned',
      agent: { id: 'li', name: '小李' },
      version: 3,
      seq: 4,
      customerSeq: 4,
    }),
    lastCustomerText: null,
    ...given,
  };
}
