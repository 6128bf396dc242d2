import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { phrasesFor } from '../bots/phrases.zh.ts';
import { SupportBot } from '../bots/support-bot.ts';
import { confirmedBy } from './answering/learning/confirmed.ts';
import type { FitRecord } from './answering/learning/fits.ts';
import { findGaps } from './answering/editing/gaps.ts';
import { openKnowledge, type Knowledge, type Said } from './answering/knowledge.ts';
import { createLearner, type Learner } from './answering/learning/learner.ts';
import type { Learned } from './answering/learning/learning.ts';
import { confirmedWordings, createProposals, mostLabels } from './answering/editing/proposals.ts';
import { createSegmenter } from './answering/segment.ts';
import { studyInThread } from './answering/learning/study.ts';
import { createArticleEditor } from './articles/edit.ts';
import { watchArticles, type KnowledgeWatch } from './articles/watch.ts';
import { createBotTurns, type BotTurns, type TurnEvent } from './channels/bot-turns.ts';
import { createDirectLine } from './channels/direct-line/routes.ts';
import type { Config } from './config.ts';
import type { KnowledgeNeeds } from './console/knowledge-routes.ts';
import { createConsole } from './console/routes.ts';
import { announcing, createSignals, type Signals } from './conversation/signals.ts';
import { giveUp } from './conversation/turn.ts';
import { createAccounts, createPresence, type FirstAdmin } from './handoff/agents.ts';
import { createDesk } from './handoff/desk.ts';
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
  const accounts = createAccounts({
    agents: storage.agents,
    sessions: storage.sessions,
    passwords: createPasswords(),
    now,
  });
  const presence = createPresence({ agents: storage.agents, now });
  const queue = createQueue({ store: storage.queue, presence, now });
  const media = createMedia({ folder: join(config.dataDir, 'uploads'), uploads: storage.uploads, now });

  const bot = new SupportBot({
    answers: knowledge,
    feel: (text) => knowledge.feel(text),
    outlook: () => queue.outlook(),
  });
  const turns = createBotTurns({
    log: conversations,
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
    log: conversations,
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
  const learner = startLearning(options, storage, knowledge);
  signals.listen((signal) => {
    if (signal.kind !== 'saved') return;
    for (const entry of signal.entries) {
      if (entry.kind !== 'verdict' || !options.learns) continue;
      knowledge.hear({ ...entry, right: entry.helpful });
      learner.wake();
    }
  });
  const desk = createDesk({ log: conversations, now });
  const agentsConsole = createConsole({
    log: conversations,
    desk,
    accounts,
    presence,
    signals,
    uploads: media,
    knowledge: await knowledgeDesk(config, storage, { knowledge, learner }),
    publicUrl: config.publicUrl,
    now,
    failed,
  });

  const watch = await watchKnowledge(config.knowledgeDir, knowledge, { log, metrics, learner });
  const scrape = async (): Promise<string> => {
    const { waiting, agentsOnline } = await queue.snapshot();
    metrics.queueWaiting.set(waiting.length);
    metrics.agentsOnline.set(agentsOnline);
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
      learner.wake();
      return firstAdmin;
    },
    stop: (withinMs = 9_500) => within(withinMs, stop({ server, turns, watch, learner, storage }, withinMs * 0.8)),
  };
}

/** The base learns from itself and from what was said of its answers, whenever one of the two changed. */
function startLearning({ learns, log }: AppOptions, storage: Storage, knowledge: Knowledge): Learner {
  if (!learns) return { wake: () => undefined, stop: () => Promise.resolve() };
  return createLearner({
    study: studyInThread(),
    lesson: () => knowledge.lesson(whatWasSaid(storage, knowledge)),
    learned: async (learned, lesson) => {
      const fit = fitOf(learned);
      await storage.fits.save(fit);
      knowledge.take(learned, lesson);
      log.info({ stage: fit.stage, articles: fit.articles, labels: fit.labels, threshold: fit.threshold }, 'learned');
    },
    failed: (error) => log.error({ err: error }, 'learning failed, trying again; what was learned before stays'),
    now: Date.now,
    later: (callback, milliseconds) => {
      const timer = setTimeout(callback, milliseconds).unref();
      return () => clearTimeout(timer);
    },
  });
}

async function whatWasSaid(storage: Storage, knowledge: Knowledge): Promise<Said> {
  const [labels, decisions] = await Promise.all([storage.labels.labels(mostLabels), storage.wordings.decisions()]);
  const articles = knowledge.loaded.base.articles();
  return { labels, confirmed: confirmedBy(await confirmedWordings(labels, articles, decisions)) };
}

function fitOf({ calibration, report }: Learned): FitRecord {
  const { stage, labels, threshold, best, amongThree } = calibration;
  return {
    id: randomUUID(),
    at: Date.now(),
    stage,
    articles: report.articles,
    labels,
    promised: report.promised,
    threshold,
    data: { best, amongThree },
    report: {
      selfExam: report.selfExam,
      measured: report.measured,
      encoder: report.encoder,
      confirmed: report.confirmed,
    },
  };
}

/** What editors see of the knowledge, and change. */
async function knowledgeDesk(
  config: Config,
  storage: Storage,
  { knowledge, learner }: { readonly knowledge: Knowledge; readonly learner: Learner },
): Promise<KnowledgeNeeds> {
  const { base } = knowledge.loaded;
  const { background } = await createSegmenter();
  const editor = createArticleEditor(config.knowledgeDir);
  return {
    articles: () => ({ size: knowledge.size, faults: base.faults() }),
    calibration: () => knowledge.calibration(),
    targetPrecision: config.targetPrecision,
    explain: (question, context) => knowledge.explain(question, context),
    fits: storage.fits,
    gaps: (since, limit) => findGaps({ store: storage.misses, answers: knowledge, background }, since, limit),
    proposals: createProposals({
      labels: storage.labels,
      wordings: storage.wordings,
      articles: () => base.articles(),
      addQuestion: (file, question) => editor.addQuestion(file, question),
      decided: ({ articleId, question, decision }) => {
        // An editor's no takes effect at once, whoever said yes.
        if (decision === 'refuse') knowledge.hear({ articleId, question, right: false, source: 'agent' });
        learner.wake();
      },
      now: Date.now,
    }),
  };
}

/** In the order in which work flows: nothing new comes in, what came in is answered and saved, then the files close. */
async function stop(
  parts: {
    readonly server: HttpServer;
    readonly turns: BotTurns;
    readonly watch: KnowledgeWatch;
    readonly learner: Learner;
    readonly storage: Storage;
  },
  requestsWithinMs: number,
): Promise<void> {
  await parts.server.stop(requestsWithinMs);
  await parts.turns.stop();
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
type KnowledgeReaders = Observers & { readonly learner: Learner };

/** A saved file is live within a second; a broken one is named, and its last good version goes on serving. */
async function watchKnowledge(dir: string, knowledge: Knowledge, readers: KnowledgeReaders): Promise<KnowledgeWatch> {
  const { log, metrics, learner } = readers;
  for (const fault of knowledge.loaded.faults) log.warn(fault, 'article skipped');
  const { base } = knowledge.loaded;
  const count = (): void => {
    metrics.articles.set(knowledge.size);
    metrics.articleFaults.set(base.faults().length);
  };
  const watch = await watchArticles(dir, knowledge.loaded, {
    onUpsert: (article) => {
      knowledge.upsert(article);
      log.info({ article: article.id, file: article.file }, 'article live');
      count();
      learner.wake();
    },
    onRemove: (id) => {
      knowledge.remove(id);
      log.info({ article: id }, 'article gone');
      count();
      learner.wake();
    },
    onFault: (fault) => {
      log.warn(fault, 'article refused, its last good version stays');
      count();
    },
    onVocabulary: () => {
      knowledge.relearn(base.articles()).then(
        () => {
          log.info('vocabulary live');
          learner.wake();
        },
        (error: unknown) => log.error({ err: error }, 'vocabulary refused, the last one stays'),
      );
    },
    onError: (error) => log.error({ err: error }, 'watching the knowledge folder failed'),
  });
  count();
  return watch;
}

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
