import { join } from 'node:path';
import type { Logger } from 'pino';
import { phrasesFor } from '../bots/phrases.zh.ts';
import { SupportBot } from '../bots/support-bot.ts';
import { openKnowledge, type Knowledge } from './answering/knowledge.ts';
import type { Learner } from './answering/learning/learner.ts';
import type { KnowledgeWatch } from './articles/watch.ts';
import { hearVerdicts, knowledgeDesk, startLearning, watchKnowledge } from './app/learning.ts';
import { openService, type Service } from './app/service.ts';
import { createBotTurns, type BotTurns, type TurnEvent } from './channels/bot-turns.ts';
import { createDirectLine } from './channels/direct-line/routes.ts';
import type { Config } from './config.ts';
import { createConsole } from './console/routes.ts';
import { announcing, createSignals, type Signals } from './conversation/signals.ts';
import { giveUp } from './conversation/turn.ts';
import { createAccountEdits } from './handoff/account-edits.ts';
import { createAccounts, createPresence, type FirstAdmin } from './handoff/agents.ts';
import { createPasswords } from './handoff/passwords.ts';
import { createQueue } from './handoff/queue.ts';
import type { Metrics } from './metrics.ts';
import { createServer, type HttpServer } from './server.ts';
import { createMedia } from './storage/media.ts';
import { openStorage, type Storage } from './storage/storage.ts';

/** The whole desk in one process: the only file that knows every concrete thing. */
export type App = {
  /** Takes customers and agents. Resolves with what a newcomer must be told once: how the first administrator signs in. */
  listen(): Promise<FirstAdmin>;
  readonly knowledge: Pick<Knowledge, 'size'> & { readonly faults: number };
  /**
   * Takes no new work, finishes what is under way, closes everything. Rejects after `withinMs`, ten seconds all in all,
   * when something does not let go (a database that hangs): whatever was acknowledged is saved then too.
   */
  stop(withinMs?: number): Promise<void>;
};

export type AppOptions = {
  readonly config: Config;
  /** Signs tokens and cookies; at least 32 characters. */
  readonly secretKey: string;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Folder of the built pages. */
  readonly pagesDir: string;
  /** Whether the base learns from itself and from its customers, in a thread of its own; else it stays as shipped. */
  readonly learns?: boolean;
};

/** Opens the database and the knowledge, and takes up what a stopped process left. Rejects, with everything closed again, when something is missing. */
export async function createApp(options: AppOptions): Promise<App> {
  const { config } = options;
  // The dictionary loads while the database migrates.
  const opening = Promise.allSettled([
    openStorage(config.databaseUrl),
    openKnowledge(config.knowledgeDir, {
      targetPrecision: config.targetPrecision,
      warn: (message) => options.log.warn(message),
    }),
  ]);
  const [storage, knowledge] = await opening;
  if (storage.status === 'rejected') throw storage.reason;
  if (knowledge.status === 'rejected') {
    await storage.value.close();
    throw knowledge.reason;
  }
  return assemble(options, storage.value, knowledge.value);
}

async function assemble(options: AppOptions, storage: Storage, knowledge: Knowledge): Promise<App> {
  const { config, log, metrics } = options;
  const now = Date.now;
  const failed = (error: unknown): void => log.error({ err: error }, 'failed in the background');

  const signals = createSignals();
  const conversations = announcing(storage.log, signals);
  const passwords = createPasswords();
  const accounts = createAccounts({ agents: storage.agents, sessions: storage.sessions, passwords, now });
  const presence = createPresence({ agents: storage.agents, now });
  const service = await openService({
    storage,
    conversations,
    signals,
    knowledge,
    publicUrl: config.publicUrl,
    settingsChanged: () => agentsConsole.directoryChanged(),
    log,
  });
  const hours = () => service.settings.current().hours;
  const queue = createQueue({ store: storage.queue, online: () => service.roster.present(), now, hours });
  const media = createMedia({ folder: join(config.dataDir, 'uploads'), uploads: storage.uploads, now });

  const bot = new SupportBot({
    answers: knowledge,
    feel: (text) => knowledge.feel(text),
    outlook: () => queue.outlook(),
  });
  const turns = createBotTurns({
    log: service.intake,
    signals,
    now,
    bot: {
      run: (context) => bot.run(context),
      giveUp: ({ memory, locale }) => giveUp(memory, { phrases: phrasesFor(locale), outlook: () => queue.outlook() }),
    },
    observe: (event) => observeTurn(event, { log, metrics }),
    later: (callback, milliseconds) => {
      const timer = setTimeout(callback, milliseconds);
      return () => clearTimeout(timer);
    },
  });
  countEntries(signals, metrics);

  const directLine = createDirectLine({
    log: service.intake,
    signals,
    media,
    now,
    secret: options.secretKey,
    publicUrl: config.publicUrl,
    allowedOrigins: config.allowedOrigins,
    directLineSecret: config.directLineSecret,
    onStarted: (conversation) => void turns.greet(conversation).catch(failed),
    queueStatus: (conversationId) => queue.status(conversationId),
    onError: failed,
  });
  const learner = startLearning({ learns: options.learns ?? false, log }, storage, knowledge);
  if (options.learns) hearVerdicts(signals, knowledge, learner);
  const agentsConsole = createConsole({
    ...service,
    log: conversations,
    accounts,
    accountEdits: createAccountEdits({
      agents: storage.agents,
      passwords,
      desk: service.desk,
      settings: () => service.settings.current(),
    }),
    agents: storage.agents,
    presence,
    deliveries: storage.deliveries,
    signals,
    channels: ['webchat'],
    uploads: media,
    knowledge: await knowledgeDesk(config, storage, { knowledge, learner }),
    publicUrl: config.publicUrl,
    now,
    failed,
  });

  const watch = await watchKnowledge(config.knowledgeDir, knowledge, { log, metrics, learner });
  const scrape = async (): Promise<string> => {
    const { waiting, online } = await queue.snapshot();
    metrics.queueWaiting.set(waiting.length);
    metrics.agentsOnline.set(online.length);
    metrics.socketsOpen.set(directLine.openStreams());
    return metrics.registry.metrics();
  };
  let taking = false;
  const server = await createServer({
    mountables: [directLine, agentsConsole],
    publicUrl: config.publicUrl,
    pagesDir: options.pagesDir,
    ready: async () => {
      await storage.ready();
      return taking;
    },
    metrics: { contentType: metrics.registry.contentType, metrics: scrape },
    observe: ({ method, route, status, seconds }) =>
      metrics.httpRequestDuration.observe({ method, route, status: String(status) }, seconds),
    log,
  });
  return {
    knowledge: { size: knowledge.size, faults: watch.faults().length },
    listen: async () => {
      await turns.resume();
      await server.listen(config.port, config.host);
      // Not before the port is ours: a start that fails must not use up the password that is shown once.
      const firstAdmin = await accounts.ensureFirstAdmin(config.admin);
      taking = true;
      service.start();
      learner.wake();
      return firstAdmin;
    },
    stop: (withinMs = 9_500) =>
      within(withinMs, stop({ server, turns, service, watch, learner, storage }, withinMs * 0.8)),
  };
}

/** In the order in which work flows: nothing new comes in, what came in is answered and saved, then the files close. */
async function stop(
  parts: {
    readonly server: HttpServer;
    readonly turns: BotTurns;
    readonly service: Pick<Service, 'stop'>;
    readonly watch: KnowledgeWatch;
    readonly learner: Learner;
    readonly storage: Storage;
  },
  requestsWithinMs: number,
): Promise<void> {
  await parts.server.stop(requestsWithinMs);
  await parts.turns.stop();
  await parts.service.stop();
  await parts.watch.close();
  await parts.learner.stop();
  await parts.storage.close();
}

/** The outcome of `work`, or a rejection when that takes too long. */
async function within(milliseconds: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new Error(`Something did not let go within ${milliseconds} ms.`);
    timer = setTimeout(() => reject(error), milliseconds);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

type Observers = { readonly log: Logger; readonly metrics: Metrics };
function observeTurn(event: TurnEvent, { log, metrics }: Observers): void {
  const { conversationId } = event;
  switch (event.kind) {
    case 'taken': {
      const { handoff, replies } = event.outcome;
      metrics.turns.inc({ outcome: handoff ? 'handoff' : (replies.at(-1)?.understanding?.outcome ?? 'chat') });
      metrics.turnDuration.observe(event.milliseconds / 1000);
      return;
    }
    case 'overtaken':
      metrics.turns.inc({ outcome: 'overtaken' });
      return;
    case 'bot_failed':
      log.error({ err: event.error, conversationId }, 'the bot failed; handed over');
      return;
    case 'not_saved':
      log.error({ err: event.error, conversationId }, 'a turn could not be saved; trying again');
      return;
  }
}

function countEntries(signals: Signals, metrics: Metrics): void {
  signals.listen((signal) => {
    if (signal.kind !== 'saved') return;
    for (const entry of signal.entries) {
      if (entry.kind === 'message') metrics.messages.inc({ author: entry.author.role });
      if (entry.kind === 'status' && entry.cause === 'handoff') metrics.handoffs.inc({ reason: entry.reason ?? '' });
      if (entry.kind === 'status' && entry.cause === 'claim') metrics.claims.inc({ result: 'claimed' });
    }
  });
}
