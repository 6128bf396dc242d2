import { z } from 'zod';
import type { FoundArticle } from '../answering/agent-search.ts';
import type { Calibration } from '../answering/learning/calibration.ts';
import type { Explanation } from '../answering/explanation.ts';
import type { FitStore } from '../answering/learning/fits.ts';
import type { Gap } from '../answering/editing/gaps.ts';
import type { Decided, Proposals } from '../answering/editing/proposals.ts';
import type { Fault } from '../articles/parse.ts';
import type { AskContext } from '../conversation/turn.ts';
import { ConflictError, NotFoundError } from '../errors.ts';
import { text } from '../text.ts';
import { doneAnswer } from './api.ts';
import { articleSearchAnswer, articleSearchBody } from './desk-api.ts';
import {
  explanationView,
  gapsAnswer,
  knowledgeAnswer,
  proposalsAnswer,
  type KnowledgeAnswer,
} from './knowledge-api.ts';
import {
  presentCalibration,
  presentExplanation,
  presentFault,
  presentFit,
  presentFound,
  presentGap,
} from './knowledge-presenters.ts';
import { foundLimit, gapsLimit, maxQuestion, maxWording, proposalsLimit } from './limits.ts';
import { jsonRoute, type Route } from './route.ts';

/** What the console asks of the knowledge and of what was learned from customers. */
export type KnowledgeNeeds = {
  /** How many articles can be answered with, and which files can't be served as they are. */
  readonly articles: () => { readonly size: number; readonly faults: readonly Fault[] };
  readonly calibration: () => Pick<Calibration, 'stage' | 'labels' | 'threshold'>;
  /** The share of given answers that should be right, 0..1. */
  readonly targetPrecision: number;
  /** Why a question gets the outcome it gets. Never throws for any string. */
  readonly explain: (question: string, context: AskContext) => Explanation;
  /** What agents find, internal articles included, the best `limit`. Never throws for any string. */
  readonly searchForAgents: (question: string, limit: number) => Promise<readonly FoundArticle[]>;
  /** Whether customers can be answered with this article. */
  readonly isForCustomers: (articleId: string) => boolean;
  readonly fits: Pick<FitStore, 'list'>;
  /** What customers asked since then and did not get, most frequent first. */
  readonly gaps: (since: number, limit: number) => Promise<readonly Gap[]>;
  readonly proposals: Proposals;
};

/** The routes about the knowledge, for everybody who has an account; editors and supervisors change it. */
export function knowledgeTable(knowledge: KnowledgeNeeds, { now }: { readonly now: () => number }): readonly Route[] {
  const { explain, gaps, proposals } = knowledge;
  return [
    jsonRoute(
      ['GET /api/console/knowledge', 'reading_knowledge', 'What the knowledge holds and how far it can be believed'],
      { answer: knowledgeAnswer },
      () => status(knowledge),
    ),
    jsonRoute(
      ['POST /api/console/knowledge/explain', 'reading_knowledge', 'Why a question gets the outcome it gets'],
      { body: explainBody, answer: explanationView },
      ({ body: { question, lastArticleId } }) => presentExplanation(explain(question, { lastArticleId })),
    ),
    jsonRoute(
      ['POST /api/console/knowledge/search', 'reading_knowledge', 'Articles for a question, internal ones included'],
      { body: articleSearchBody, answer: articleSearchAnswer },
      async ({ body: { question } }) => ({
        articles: (await knowledge.searchForAgents(question, foundLimit)).map(presentFound),
      }),
    ),
    jsonRoute(
      ['GET /api/console/knowledge/gaps', 'reading_knowledge', 'What customers asked and did not get'],
      { query: gapsQuery, answer: gapsAnswer },
      async ({ query: { days } }) => {
        const since = now() - days * dayLength;
        return { gaps: (await gaps(since, gapsLimit)).map(presentGap), since };
      },
    ),
    jsonRoute(
      ['GET /api/console/knowledge/proposals', 'reading_knowledge', 'Wordings of customers that articles should have'],
      { answer: proposalsAnswer },
      async () => ({ proposals: (await proposals.list(proposalsLimit)).map((proposal) => ({ ...proposal })) }),
    ),
    jsonRoute(
      [
        'POST /api/console/knowledge/proposals/decide',
        'editing_knowledge',
        'Write a proposed wording into its article, or refuse it for good',
      ],
      { body: decideBody, answer: doneAnswer },
      async ({ body, session }) =>
        done(await proposals.decide({ ...body, text: body.text ?? body.question, agentId: session.agent.id })),
    ),
  ];
}

const dayLength = 24 * 60 * 60_000;

const wording = text({ max: maxWording }).refine((value) => value.trim() !== '', 'Write something.');
const explainBody = z.strictObject({
  question: text({ max: maxQuestion }),
  lastArticleId: text({ max: 256 }).nullable().default(null).describe('The last answered article, for follow-ups.'),
});
const gapsQuery = z.strictObject({ days: z.coerce.number().int().min(1).max(365).default(30) });
const decideBody = z.strictObject({
  articleId: text({ min: 1, max: 256 }),
  question: wording.describe('As it was proposed.'),
  decision: z.enum(['accept', 'refuse']),
  text: wording.optional().describe('What to write into the article instead.'),
});

async function status({ articles, calibration, targetPrecision, fits }: KnowledgeNeeds): Promise<KnowledgeAnswer> {
  const { size, faults } = articles();
  const kept = await fits.list(fitsShown);
  const current = calibration();
  return {
    articles: size,
    faults: faults.map(presentFault),
    calibration: presentCalibration(current, targetPrecision, kept[0] ?? null),
    fits: kept.map(presentFit),
  };
}

const fitsShown = 10;

function done(decided: Decided): z.infer<typeof doneAnswer> {
  switch (decided.kind) {
    case 'decided':
      return { ok: true };
    case 'unknown_article':
      throw new NotFoundError('There is no such article.');
    case 'not_writable':
      throw new ConflictError('not_writable', decided.reason);
  }
}
