import type { Conversation } from '../../src/conversation/conversation.ts';
import { announcing, createSignals, type Signals } from '../../src/conversation/signals.ts';
import type { ConversationLog } from '../../src/conversation/log.ts';
import { createPresence, type Agent, type Presence } from '../../src/handoff/agents.ts';
import { createDesk, type Desk } from '../../src/handoff/desk.ts';
import { createDispatcher, type Dispatcher, type DispatcherNeeds } from '../../src/handoff/dispatcher.ts';
import { createFollowUps, type FollowUps } from '../../src/handoff/follow-ups.ts';
import { createRoster, type Roster } from '../../src/handoff/roster.ts';
import { createDeskSettings, type DeskSettings } from '../../src/handoff/settings/desk-settings.ts';
import type { SettingsSection } from '../../src/handoff/settings/settings.ts';
import { openStorage, type Storage } from '../../src/storage/storage.ts';
import { anAgent, customerWrote, handsOver, newConversation, saved } from './conversations.ts';

/** Everything behind the agents' desk on a database in memory, with the clock in the test's hand. */
export type ServiceDesk = {
  readonly storage: Storage;
  readonly log: ConversationLog;
  readonly signals: Signals;
  readonly settings: DeskSettings;
  readonly roster: Roster;
  readonly presence: Presence;
  readonly desk: Desk;
  readonly followUps: FollowUps;
  readonly clock: { now: number };
  readonly failures: unknown[];
  /** The dispatcher of this process; `another` is that of a second one on the same database. */
  readonly dispatcher: Dispatcher;
  another(given?: Partial<DispatcherNeeds>): Dispatcher;
  /** Saves a section of the settings over what it was. */
  set(section: SettingsSection, change: Record<string, unknown>): Promise<void>;
  /** An account, signed in and heard of now unless told otherwise. */
  agent(id: string, given?: Partial<Agent> & { readonly isHere?: boolean }): Promise<Agent>;
  /** A customer in the queue. */
  waiting(id: string, given?: Partial<Parameters<typeof handsOver>[1]>): Promise<Conversation>;
  now(id: string): Promise<Conversation>;
  /** Time passes; the dispatcher looks at its end, and agents named are heard of until then. */
  passes(milliseconds: number, options?: { readonly here?: readonly string[] }): Promise<void>;
  close(): Promise<void>;
};

export const notices = { agentLeft: 'your agent left', promiseBroken: (kind: string) => `sorry: ${kind}` };

export async function openServiceDesk(at = Date.UTC(2026, 0, 5, 2)): Promise<ServiceDesk> {
  const storage = await openStorage('sqlite::memory:');
  const clock = { now: at };
  const now = () => clock.now;
  const signals = createSignals();
  const log = announcing(storage.log, signals);
  const warnings: string[] = [];
  const settings = createDeskSettings({ store: storage.settings, now, warn: (message) => warnings.push(message) });
  await settings.load();
  const roster = createRoster({ agents: storage.agents, now });
  const presence = createPresence({ agents: storage.agents, now });
  const followUps = createFollowUps({ store: storage.followUps, now });
  const failures: unknown[] = [];
  const newDispatcher = (given: Partial<DispatcherNeeds> = {}) =>
    createDispatcher({
      log,
      roster,
      settings,
      followUps,
      ratings: (since) => storage.ratings.since(since),
      breaches: (since) => storage.ratings.breaches(since),
      signals,
      phrasesFor: () => notices,
      now,
      every: () => () => undefined,
      failed: (error) => failures.push(error),
      ...given,
    });
  const dispatcher = newDispatcher();
  return {
    storage,
    log,
    signals,
    settings,
    roster,
    presence,
    followUps,
    clock,
    failures,
    dispatcher,
    desk: createDesk({ log, roster, settings: () => settings.current(), now }),
    another: newDispatcher,
    set: async (section, change) => {
      const { value, version } = settings.section(section);
      await settings.save(section, { ...value, ...change }, { version, agentId: 'boss' });
    },
    agent: async (id, { isHere = true, ...given } = {}) => {
      const agent = anAgent({ id, name: id, email: `${id}@example.com`, ...given });
      await storage.agents.insert({ ...agent, passwordHash: '', createdAt: clock.now });
      if (isHere) await presence.touch(id);
      return agent;
    },
    waiting: async (id, given = {}) => {
      const { conversation } = await log.start(newConversation({ id, customerId: `of-${id}` }), clock.now);
      const asked = await saved(log, conversation.id, customerWrote('转人工', { at: clock.now }));
      return (await saved(log, id, handsOver(asked.conversation, { at: clock.now, ...given }))).conversation;
    },
    now: async (id) => {
      const conversation = await log.find(id);
      if (!conversation) throw new Error(`There is no conversation ${id}.`);
      return conversation;
    },
    passes: async (milliseconds, { here = [] } = {}) => {
      clock.now += milliseconds;
      for (const id of here) await presence.touch(id);
      await dispatcher.look();
    },
    close: async () => {
      await dispatcher.stop();
      await storage.close();
    },
  };
}
