import type { Because } from '../../../answering/explanation.ts';
import type { Stage } from '../../../answering/learning/calibration.ts';
import type { GapReason } from '../../../answering/editing/gap-reasons.ts';
import type { ExplanationView } from '../../knowledge-api.ts';
import type { GapDays, KnowledgeView } from '../places.ts';

/** A headline and the line below it. */
type Pair = readonly [title: string, text: string];

/** Everything the knowledge section says. Figures come formatted: `93.5%`. */
export type KnowledgeMessages = {
  readonly title: string;
  readonly views: Readonly<Record<KnowledgeView, string>>;
  readonly refresh: string;
  /** What is shown is older: the last read failed. */
  readonly outdated: string;
  /** Not a measured figure. */
  readonly estimated: string;
  readonly measured: string;

  readonly ask: {
    readonly label: string;
    readonly placeholder: string;
    readonly submit: string;
    readonly asking: string;
    readonly intro: Pair;
    readonly history: string;
    readonly after: (title: string) => string;
    readonly notAfter: string;
    readonly askAfter: string;
    readonly outcomes: Readonly<Record<ExplanationView['outcome'], string>>;
    readonly because: Readonly<Record<Because, string>>;
    readonly confidence: (percent: string) => string;
    readonly threshold: (percent: string) => string;
    readonly stages: Readonly<Record<Stage, (labels: number) => string>>;
    readonly readAs: string;
    readonly normalised: string;
    readonly words: string;
    readonly missing: string;
    readonly noWords: string;
    readonly candidates: string;
    readonly candidatesHint: string;
    readonly noCandidates: string;
    readonly nearest: string;
    readonly signals: string;
    readonly signalsHint: string;
    readonly slight: (count: number) => string;
    /** Features of a candidate and signals behind the confidence, by name; one that is not listed is shown as it is. */
    readonly shares: Readonly<Record<string, string>>;
  };

  readonly gaps: {
    readonly label: string;
    readonly within: string;
    readonly days: Readonly<Record<GapDays, string>>;
    readonly empty: Pair;
    readonly intro: string;
    readonly full: (limit: number) => string;
    readonly count: (conversations: number) => string;
    readonly customers: (customers: number) => string;
    readonly last: (ago: string) => string;
    readonly nowAnswered: string;
    readonly wordings: string;
    readonly unmatched: string;
    readonly nearest: string;
    readonly nothingNear: string;
    readonly reasons: Readonly<Record<GapReason, string>>;
    readonly times: (count: number) => string;
    readonly conversation: (number: number) => string;
    readonly explain: string;
  };

  readonly proposals: {
    readonly label: string;
    readonly intro: string;
    readonly empty: Pair;
    readonly full: (limit: number) => string;
    readonly voices: Readonly<Record<'feedback' | 'pick' | 'agent', (count: number) => string>>;
    readonly against: (count: number) => string;
    readonly accept: string;
    readonly edit: string;
    readonly refuse: string;
    readonly save: string;
    readonly wording: string;
    readonly tooLong: (over: number) => string;
    readonly conversation: string;
    readonly readOnly: string;
    readonly keysHint: string;
  };

  readonly quality: {
    readonly stages: Readonly<Record<Stage, Pair>>;
    readonly promised: string;
    readonly promisedHint: string;
    readonly actual: string;
    readonly measuredOn: (questions: number) => string;
    readonly unknown: string;
    readonly unknownHint: string;
    readonly threshold: string;
    readonly thresholdHint: string;
    readonly labels: string;
    /** From how many on they count is `fewestLabels` of learning.ts. */
    readonly labelsHint: string;
    /** In place of verdicts, where it was checked on these. */
    readonly ownQuestions: string;
    readonly ownQuestionsHint: string;
    readonly articles: string;
    readonly articlesHint: string;
    readonly fittedAt: (ago: string) => string;
    readonly neverFitted: string;
    readonly report: string;
    /** Entries of a fit's report, by key; one that is not listed is shown as it is. */
    readonly reportKeys: Readonly<Record<string, string>>;
    readonly faults: string;
    readonly noFaults: string;
    readonly faultsHint: string;
    readonly line: (line: number) => string;
    readonly fits: string;
    readonly noFits: string;
    readonly columns: Readonly<Record<'at' | 'stage' | 'articles' | 'labels' | 'promised' | 'threshold', string>>;
    readonly stageNames: Readonly<Record<Stage, string>>;
  };

  readonly notices: {
    readonly accepted: (title: string) => string;
    readonly refused: (title: string) => string;
    readonly notDecided: string;
    readonly articleGone: string;
    readonly notWritable: (title: string, reason: string) => string;
  };
  readonly keys: {
    readonly title: string;
    readonly section: string;
    readonly ask: string;
    readonly views: string;
    readonly list: string;
    readonly accept: string;
    readonly edit: string;
    readonly refuse: string;
  };
};
