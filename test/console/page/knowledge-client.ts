import type { ExplanationView, GapView, ProposalView } from '../../../src/console/knowledge-api.ts';
import type { Client } from '../../../src/console/page/client.ts';

type KnowledgeClient = Pick<Client, 'knowledge' | 'explain' | 'gaps' | 'proposals' | 'decide'>;

/** The part of the API about the knowledge, from a base that knows nothing yet. */
export function knowledgeClient(overrides: Partial<KnowledgeClient> = {}): KnowledgeClient {
  return {
    knowledge: () =>
      Promise.resolve({
        articles: 0,
        faults: [],
        calibration: {
          stage: 'shipped',
          estimated: true,
          labels: 0,
          promised: 0.95,
          threshold: 0.92,
          fittedAt: null,
          report: null,
        },
        fits: [],
      }),
    explain: (question) => Promise.resolve(explanation(question)),
    gaps: () => Promise.resolve({ gaps: [], since: 0 }),
    proposals: () => Promise.resolve({ proposals: [] }),
    decide: () => Promise.resolve({ ok: true }),
    ...overrides,
  };
}

export function explanation(question: string, given: Partial<ExplanationView> = {}): ExplanationView {
  return {
    question,
    readAs: null,
    normalised: question,
    words: [question],
    unmatched: [],
    outcome: 'handoff',
    because: 'nothing',
    confidence: 0,
    threshold: 0.92,
    candidates: [],
    signals: [],
    calibration: { stage: 'shipped', labels: 0 },
    ...given,
  };
}

export function gap(question: string): GapView {
  return {
    id: question,
    question,
    wordings: [],
    count: 1,
    customers: 1,
    lastAt: 0,
    unmatched: [],
    candidates: [],
    reasons: [{ reason: 'no_match', count: 1 }],
    conversationIds: [],
    nowAnswered: null,
  };
}

export function proposal(articleId: string, question: string): ProposalView {
  return {
    articleId,
    title: `《${articleId}》`,
    question,
    voices: { feedback: 1, pick: 0, agent: 0 },
    against: 0,
    lastAt: 0,
    conversationId: 'c1',
  };
}
