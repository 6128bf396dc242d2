import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { confirmedBy } from '../answering/learning/confirmed.ts';
import type { FitRecord } from '../answering/learning/fits.ts';
import { findGaps } from '../answering/editing/gaps.ts';
import type { Knowledge, Said } from '../answering/knowledge.ts';
import { createLearner, type Learner } from '../answering/learning/learner.ts';
import type { Learned } from '../answering/learning/learning.ts';
import { confirmedWordings, createProposals, mostLabels } from '../answering/editing/proposals.ts';
import { createSegmenter } from '../answering/segment.ts';
import { studyInThread } from '../answering/learning/study.ts';
import { createArticleEditor } from '../articles/edit.ts';
import { watchArticles, type KnowledgeWatch } from '../articles/watch.ts';
import type { Config } from '../config.ts';
import type { KnowledgeNeeds } from '../console/knowledge-routes.ts';
import type { Signals } from '../conversation/signals.ts';
import type { Metrics } from '../metrics.ts';
import type { Storage } from '../storage/storage.ts';

/** The base learns from itself and from what was said of its answers, whenever one of the two changed. */
export function startLearning(
  { learns, log }: { readonly learns: boolean; readonly log: Logger },
  storage: Storage,
  knowledge: Knowledge,
): Learner {
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
export async function knowledgeDesk(
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
    searchForAgents: (question, limit) => knowledge.searchForAgents(question, limit),
    isForCustomers: (articleId) => knowledge.article(articleId) !== null,
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

/** What customers, editors and agents say of articles is taken in at once. */
export function hearVerdicts(signals: Signals, knowledge: Knowledge, learner: Learner): void {
  signals.listen((signal) => {
    if (signal.kind !== 'saved') return;
    for (const entry of signal.entries) {
      if (entry.kind !== 'verdict') continue;
      knowledge.hear({ ...entry, right: entry.helpful });
      learner.wake();
    }
  });
}

type KnowledgeReaders = { readonly log: Logger; readonly metrics: Metrics; readonly learner: Learner };

/** A saved file is live within a second; a broken one is named, and its last good version goes on serving. */
export async function watchKnowledge(
  dir: string,
  knowledge: Knowledge,
  readers: KnowledgeReaders,
): Promise<KnowledgeWatch> {
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
