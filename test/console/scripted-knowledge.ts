import type { FoundArticle } from '../../src/answering/agent-search.ts';
import type { Explanation } from '../../src/answering/explanation.ts';
import type { Gap } from '../../src/answering/editing/gaps.ts';
import type { Decided, Proposal, WordingChoice } from '../../src/answering/editing/proposals.ts';
import type { KnowledgeNeeds } from '../../src/console/knowledge-routes.ts';
import type { AskContext } from '../../src/conversation/turn.ts';

/** A knowledge that says what the test wants, and remembers what it was asked. */
export type ScriptedKnowledge = Omit<KnowledgeNeeds, 'fits'> & {
  readonly asked: {
    explained: [string, AskContext][];
    sought: string[];
    gaps: [number, number][];
    decided: WordingChoice[];
  };
  decides: Decided;
};

export function scriptedKnowledge(): ScriptedKnowledge {
  const asked: ScriptedKnowledge['asked'] = { explained: [], sought: [], gaps: [], decided: [] };
  const knowledge: ScriptedKnowledge = {
    asked,
    decides: { kind: 'decided' },
    articles: () => ({ size: 2, faults: [{ file: '退款/坏.md', line: 3, reason: 'title: expected text' }] }),
    calibration: () => ({ stage: 'labelled', labels: 60, threshold: 0.91 }),
    targetPrecision: 0.95,
    explain: (question, context) => {
      asked.explained.push([question, context]);
      return { ...explanation, question };
    },
    searchForAgents: (question, limit) => {
      asked.sought.push(question);
      return Promise.resolve([internal, found].slice(0, limit));
    },
    isForCustomers: (articleId) => articleId === found.articleId,
    gaps: (since, limit) => {
      asked.gaps.push([since, limit]);
      return Promise.resolve([gap]);
    },
    proposals: {
      list: () => Promise.resolve([proposal]),
      decide: (choice) => {
        asked.decided.push(choice);
        return Promise.resolve(knowledge.decides);
      },
    },
  };
  return knowledge;
}

const explanation: Explanation = {
  question: '运费多少',
  readAs: null,
  normalised: '运费多少',
  words: ['运费', '多少'],
  unmatched: [],
  outcome: 'answer',
  because: 'sure',
  confidence: 0.97,
  threshold: 0.91,
  candidates: [
    {
      articleId: 'shipping-fee',
      title: '运费怎么算',
      wording: '运费是多少',
      score: 7.1,
      confidence: 0.97,
      shares: [{ name: 'coverage', value: 1, share: 4.2 }],
    },
  ],
  signals: [{ name: 'margin', value: 0.6, share: 1.1 }],
  calibration: { stage: 'labelled', labels: 60 },
};

const found: FoundArticle = {
  articleId: 'overseas',
  title: '海外配送',
  audience: 'public',
  confidence: 0.4,
  question: '能寄到国外吗',
  matched: ['寄'],
  text: '可以寄到二十个国家。'.repeat(300),
};

const internal: FoundArticle = {
  articleId: 'goodwill',
  title: '补偿额度',
  audience: 'internal',
  confidence: null,
  question: '补偿额度',
  matched: ['月球'],
  text: '最多 30 元。',
};

const gap: Gap = {
  id: '能寄到月球吗',
  question: '能寄到月球吗？',
  wordings: ['可以寄月球吗'],
  count: 3,
  customers: 2,
  lastAt: 1_700_000_000_000,
  unmatched: ['月球'],
  candidates: [{ articleId: 'overseas', title: '海外配送', confidence: 0.2 }],
  reasons: [{ reason: 'no_match', count: 3 }],
  conversationIds: ['c1'],
  refusedArticleIds: [],
  nowAnswered: { articleId: 'moon', title: '月球配送', confidence: 0.96 },
};

const proposal: Proposal = {
  articleId: 'refund',
  title: '退款多久到账',
  question: '钱什么时候到账',
  voices: { feedback: 2, pick: 1, agent: 0 },
  against: 1,
  lastAt: 1_700_000_000_000,
  conversationId: 'c1',
};
