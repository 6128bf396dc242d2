import type { Logger } from 'pino';
import { listen, phrasesFor } from '../../bots/phrases.zh.ts';
import type { Knowledge } from '../answering/knowledge.ts';
import { createWebhook } from '../channels/webhook/webhook.ts';
import type { ConversationLog } from '../conversation/log.ts';
import type { Signals } from '../conversation/signals.ts';
import { createCannedReplies, type CannedReplies } from '../handoff/canned-replies.ts';
import { createCustomers, type Customers } from '../handoff/customers.ts';
import { createDesk, type Desk } from '../handoff/desk.ts';
import { createDispatcher } from '../handoff/dispatcher.ts';
import { createFigures, type Figures } from '../handoff/figures.ts';
import { createFollowUps, type FollowUps } from '../handoff/follow-ups.ts';
import { withIntake } from '../handoff/intake.ts';
import { createRoster, type Roster } from '../handoff/roster.ts';
import { createTranscriptSearch, type TranscriptSearch } from '../handoff/search/transcript-search.ts';
import { createDeskSettings, type DeskSettings } from '../handoff/settings/desk-settings.ts';
import type { Storage } from '../storage/storage.ts';

/** What people serve customers with. */
export type Service = {
  readonly settings: DeskSettings;
  readonly roster: Roster;
  readonly desk: Desk;
  readonly customers: Customers;
  readonly cannedReplies: CannedReplies;
  readonly followUps: FollowUps;
  readonly search: TranscriptSearch;
  readonly figures: Figures;
  /** The log for channels and the bot: what comes in is marked with how it sounds and where it goes. */
  readonly intake: ConversationLog;
  start(): void;
  stop(): Promise<void>;
};

type ServiceNeeds = {
  readonly storage: Storage;
  /** The log that tells `signals`. */
  readonly conversations: ConversationLog;
  readonly signals: Signals;
  readonly knowledge: Knowledge;
  readonly publicUrl: string;
  /** Told when another process saved settings. */
  readonly settingsChanged: () => void;
  readonly log: Logger;
};

/** Everything behind the agents' desk. Reads the settings before it resolves. */
export async function openService(needs: ServiceNeeds): Promise<Service> {
  const { storage, conversations, signals, knowledge, publicUrl, log } = needs;
  const now = Date.now;
  const failed = (error: unknown): void => log.error({ err: error }, 'failed in the background');
  const settings = createDeskSettings({ store: storage.settings, now, warn: (message) => log.warn(message) });
  await settings.load();
  const roster = createRoster({ agents: storage.agents, now });
  const tags = () => Promise.resolve(settings.current().tags.tags);
  const customers = createCustomers({ store: storage.customers, tags, now });
  const followUps = createFollowUps({ store: storage.followUps, now });
  const desk = createDesk({ log: conversations, roster, settings: () => settings.current(), now });
  const search = createTranscriptSearch({ log: conversations, store: storage.search, signals, failed, later });
  const webhook = createWebhook({
    log: conversations,
    signals,
    store: storage.deliveries,
    settings: () => settings.current().webhook,
    publicUrl,
    fetch,
    later,
    now,
    random: Math.random,
    observe: (event) => {
      if (event.kind === 'not_saved') failed(event.error);
      else if (event.kind === 'dead') log.warn(event, 'the webhook gave up on an event');
    },
  });
  const dispatcher = createDispatcher({
    log: conversations,
    roster,
    settings: {
      current: () => settings.current(),
      refresh: async () => {
        const isChanged = await settings.refresh();
        if (isChanged) needs.settingsChanged();
        return isChanged;
      },
    },
    followUps,
    ratings: (since) => storage.ratings.since(since),
    breaches: (since) => storage.ratings.breaches(since),
    signals,
    phrasesFor,
    now,
    every: (milliseconds, run) => {
      const timer = setInterval(run, milliseconds).unref();
      return () => clearInterval(timer);
    },
    failed,
  });
  const skills = () => knowledge.loaded.base.articles();
  return {
    settings,
    roster,
    desk,
    customers,
    cannedReplies: createCannedReplies({ store: storage.cannedReplies, now }),
    followUps,
    search,
    figures: createFigures({ log: conversations, store: storage.figures, settings: () => settings.current(), now }),
    intake: withIntake(conversations, {
      sentimentOf: (text) => knowledge.feel(text).sentiment,
      isSmallTalk: (text) => smallTalk.some((intent) => intent === listen(text)),
      skillOf: (articleId) => skills().find(({ id }) => id === articleId)?.skill ?? null,
      customers,
      settings: () => settings.current(),
      failed,
    }),
    start: () => {
      dispatcher.start();
      webhook.start();
    },
    stop: async () => {
      await Promise.all([dispatcher.stop(), webhook.stop(), search.stop()]);
    },
  };
}

/** What asks for nobody. */
const smallTalk = ['thanks', 'acknowledgement', 'goodbye', 'helpful'] as const;

function later(callback: () => void, milliseconds: number): () => void {
  const timer = setTimeout(callback, milliseconds).unref();
  return () => clearTimeout(timer);
}
