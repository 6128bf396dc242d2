import { z } from 'zod';
import { gapReasons } from '../answering/editing/gap-reasons.ts';
import { triedArticle } from './api.ts';
import { gapsLimit, proposalsLimit } from './limits.ts';

/* What the console's API gives about the knowledge: the other half of api.ts, for editors. */

const stage = z
  .enum(['shipped', 'self', 'labelled'])
  .describe('What the confidence was fitted on: other bases, this one’s own questions, or what people said.');
const share = z.object({ name: z.string(), value: z.number(), share: z.number() });
const candidate = triedArticle.pick({ articleId: true, title: true, confidence: true });
const { confidence } = triedArticle.shape;
const time = z.int();

export const faultView = z
  .object({ file: z.string(), line: z.int().nullable(), message: z.string() })
  .meta({ id: 'KnowledgeFault' });

export const fitView = z
  .object({
    id: z.string(),
    at: time,
    stage,
    articles: z.int(),
    labels: z.int(),
    promised: z.number().describe('The share of given answers that should be right.'),
    threshold: z.number().describe('An answer needs this confidence.'),
    report: z.record(z.string(), z.unknown()).describe('How it did on what was held out.'),
  })
  .meta({ id: 'Fit' });

export const calibrationView = z
  .object({
    stage,
    estimated: z.boolean().describe('True until verdicts exist.'),
    labels: z.int(),
    promised: z.number(),
    threshold: z.number(),
    fittedAt: time.nullable(),
    report: z.record(z.string(), z.unknown()).nullable(),
  })
  .meta({ id: 'Calibration' });

export const knowledgeAnswer = z.object({
  articles: z.int().describe('How many articles can be answered with.'),
  faults: z.array(faultView),
  calibration: calibrationView,
  fits: z.array(fitView).describe('The last ten, newest first.'),
});

export const explanationView = z
  .object({
    question: z.string(),
    readAs: z.string().nullable().describe('What was looked up, if context or spelling changed it.'),
    normalised: z.string(),
    words: z.array(z.string()),
    unmatched: z.array(z.string()).describe('Telling words no candidate has.'),
    outcome: z.enum(['answer', 'clarify', 'handoff']),
    because: z.enum(['exact', 'exact_shared', 'sure', 'close', 'denied', 'unsure', 'nothing']),
    confidence,
    threshold: z.number(),
    candidates: z
      .array(candidate.extend({ wording: z.string(), score: z.number(), shares: z.array(share) }))
      .describe(
        'Best first. `wording`: the article’s own that is nearest. `shares`: what each feature adds to `score`.',
      ),
    signals: z.array(share).describe('What speaks for the best being right, in log-odds.'),
    calibration: z.object({ stage, labels: z.int() }),
  })
  .meta({ id: 'Explanation' });

export const gapView = z
  .object({
    id: z.string().describe('The same as long as the same question leads the group.'),
    question: z.string().describe('The wording most customers used, the newest among equals.'),
    wordings: z.array(z.string()).describe('Up to five others.'),
    count: z.int().describe('In how many conversations; a question repeated in one counts once.'),
    customers: z.int(),
    lastAt: time,
    unmatched: z.array(z.string()).describe('Words that no article has, most frequent first.'),
    candidates: z.array(candidate).describe('The articles that came nearest, best first.'),
    reasons: z.array(z.object({ reason: z.enum(gapReasons), count: z.int() })).describe('Most frequent first.'),
    conversationIds: z.array(z.string()).describe('Up to five, newest first.'),
    nowAnswered: candidate.nullable().describe('What the knowledge answers by now, if it is not what was refused.'),
  })
  .meta({ id: 'Gap' });

export const gapsAnswer = z.object({
  gaps: z.array(gapView).max(gapsLimit).describe('Most frequent first, the newest among equals.'),
  since: time,
});

export const proposalView = z
  .object({
    articleId: z.string(),
    title: z.string(),
    question: z.string().describe('A wording that customers or agents confirmed and the article does not have.'),
    voices: z
      .object({ feedback: z.int(), pick: z.int(), agent: z.int() })
      .describe(
        'How many said that it fits: customers under the answer, customers by picking it, agents by sending it.',
      ),
    against: z.int().describe('How many said that it does not.'),
    lastAt: time,
    conversationId: z.string().describe('The newest in which it was confirmed.'),
  })
  .meta({ id: 'Proposal' });

export const proposalsAnswer = z.object({
  proposals: z.array(proposalView).max(proposalsLimit).describe('Most voices first, the newest among equals.'),
});

export type FaultView = z.infer<typeof faultView>;
export type FitView = z.infer<typeof fitView>;
export type CalibrationView = z.infer<typeof calibrationView>;
export type KnowledgeAnswer = z.infer<typeof knowledgeAnswer>;
export type ExplanationView = z.infer<typeof explanationView>;
export type GapView = z.infer<typeof gapView>;
export type GapsAnswer = z.infer<typeof gapsAnswer>;
export type ProposalView = z.infer<typeof proposalView>;
export type ProposalsAnswer = z.infer<typeof proposalsAnswer>;
