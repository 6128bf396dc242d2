import {
  plainDraft,
  lookedUp,
  type BotMemory,
  type Choice,
  type Draft,
  type HandoffReason,
  type Judgeable,
  type Judgement,
  type Offer,
  type PromiseKind,
  type Understanding,
} from './conversation.ts';

/** What a turn asks of retrieval: the answering module promises it, a test may script it. */
export type Answers = {
  /** Never throws for any string, and takes a few milliseconds at most. */
  ask(question: string, context: AskContext): Finding;
  /** The article as customers may read it now; null when there is none (any more). */
  article(articleId: string): AnswerArticle | null;
};

export type AskContext = {
  /** The last answered article, for short follow-ups; null at the start. */
  readonly lastArticleId: string | null;
  /** What was looked up for it. */
  readonly lastQuestion?: string | null;
  /** Articles the customer has just refused: they are no candidates. */
  readonly refused?: readonly string[];
};

/** What retrieval makes of a question. */
export type Finding = {
  readonly understanding: Understanding;
  /** The article to answer with; null unless the outcome is `answer`. */
  readonly article: AnswerArticle | null;
  /** Questions to offer, best first, at most three; empty unless the outcome is `clarify`. */
  readonly suggestions: readonly { readonly articleId: string; readonly question: string }[];
  /** Why there is no answer; null when there is one or when it clarifies. */
  readonly failure: 'no_match' | 'low_confidence' | null;
};

export type AnswerArticle = {
  readonly id: string;
  readonly title: string;
  /** Markdown. */
  readonly body: string;
  readonly followUps: readonly string[];
};

/** What can be heard in a message beside a question for the knowledge base. */
export type Intent =
  | 'greeting'
  | 'who_are_you'
  | 'thanks'
  | 'acknowledgement'
  | 'goodbye'
  | 'agent_request'
  | 'dissatisfied'
  | 'helpful'
  | 'not_helpful'
  | 'none_of_these';

/** What a message is beside its words. */
export type Feeling = {
  /** How it sounds, from -1 (furious) to 1 (delighted). */
  readonly sentiment: number;
  /** What it speaks of that no program should answer, as the shop calls it; null when it speaks of no such thing. */
  readonly sensitiveTopic: string | null;
};

/**
 * From here down a message is so angry that a person comes at once, whatever it asks. Of 6,674 real questions none gets
 * there, of the angry sentences in test/answering/sentiment-sentences.ts four in five do.
 */
export const strongAnger = -0.75;

/** How the desk stands when the bot hands over. Times are milliseconds since 1970. */
export type QueueOutlook = {
  /** When this is so. */
  readonly at: number;
  /** Outside opening hours: when they begin again; null when it is open. */
  readonly opensAt: number | null;
  /** The time zone that its hours are kept in, as Asia/Shanghai. */
  readonly timeZone: string;
  readonly agentsOnline: number;
  /** Customers who already wait. */
  readonly ahead: number;
  /** Null while there is too little to tell honestly. */
  readonly expectedWaitSeconds: number | null;
};

/** All the bot says, in the customer's script. */
export type Phrases = {
  readonly greeting: string;
  readonly smallTalk: Readonly<Record<'greeting' | 'who_are_you' | 'thanks' | 'acknowledgement' | 'goodbye', string>>;
  readonly rephrase: string;
  readonly clarify: string;
  readonly cannotReadAttachment: string;
  readonly gladItHelped: string;
  readonly sorryItDidNot: string;
  readonly botFailed: string;
  readonly handingOver: (outlook: QueueOutlook) => string;
  /** To one who waited longer for a person than was promised. */
  readonly promiseBroken: (promise: Exclude<PromiseKind, 'resolution'>) => string;
  /** To one whose agent went away: they are at the front of the queue. */
  readonly agentLeft: string;
  readonly buttons: Readonly<Record<'askAgent' | 'noneOfThese' | 'helpful' | 'notHelpful', string>>;
};

export type TurnTools = {
  readonly answers: Answers;
  readonly phrases: Phrases;
  /** Asked of every message before anything is looked up. */
  feel(text: string): Feeling;
  /** What a message is beside a question; null when it is a question. */
  listen(text: string): Intent | null;
  /** A question without the greeting in front of it. */
  questionIn(text: string): string;
  /** Which of the questions offered is picked, by its words or its place ("2", "第二个"); null when none is. */
  pickIn(text: string, offered: readonly string[]): number | null;
  /** What the customer says they meant instead ("不是，我是说换货"); null when they correct nothing. */
  correctionIn(text: string): Correction | null;
  /** Asked only when the bot hands over. */
  outlook(): Promise<QueueOutlook>;
};

/** What a customer meant by what the bot took otherwise. */
export type Correction = {
  readonly meant: string;
  /** They say outright what they ask ("我问的是发票"): only then is the answer before it known to be wrong. */
  readonly isSure: boolean;
};

/** `seq` is its place in the log: what the bot said behind it, the customer had not seen when they wrote it. */
export type CustomerMessage = { readonly seq: number; readonly text: string; readonly hasAttachments: boolean };

/** What the bot decided: what it says, what it will remember, whether it hands over, what it heard of its last message. */
export type TurnOutcome = {
  readonly replies: readonly Draft[];
  readonly memory: BotMemory;
  readonly handoff: Handover | null;
  readonly verdict: Judgement | null;
};

/** Why the bot hands over, and what is known of the message it hands over at. */
export type Handover = {
  readonly reason: HandoffReason;
  readonly understanding: Understanding | null;
  /** Both null where there was nothing to read, or the bot broke. */
  readonly sentiment: number | null;
  readonly sensitiveTopic: string | null;
};

/** After this many questions in a row without an answer the bot stops trying: a third "please rephrase" helps nobody. */
const missesBeforeHandoff = 2;

/**
 * One customer message: whoever is furious or speaks of a sensitive topic goes to a person at once; else it hears what
 * the message is, asks the knowledge where it is a question, and decides. Saves and sends nothing.
 */
export async function takeTurn(said: CustomerMessage, memory: BotMemory, tools: TurnTools): Promise<TurnOutcome> {
  const text = said.text.trim();
  if (text === '') {
    return said.hasAttachments ? missed(memory, tools.phrases.cannotReadAttachment, tools) : speak(memory, []);
  }
  const feeling = tools.feel(text);
  const reason = whyAtOnce(feeling);
  const outcome = await (reason ? handOver(reason, memory, tools) : reply({ ...said, text }, memory, tools));
  return outcome.handoff ? { ...outcome, handoff: { ...outcome.handoff, ...feeling } } : outcome;
}

/** The outcome when the bot itself broke: an apology and a person. */
export async function giveUp(memory: BotMemory, tools: Pick<TurnTools, 'phrases' | 'outlook'>): Promise<TurnOutcome> {
  // What was understood is of an older message: the agent must not take it for the one the bot broke on.
  const outcome = await handOver('bot_error', { ...memory, lastUnderstanding: null }, tools);
  return { ...outcome, replies: [plainDraft(tools.phrases.botFailed), ...outcome.replies] };
}

/** The first words of a conversation. */
export function greet(phrases: Phrases): Draft {
  return plainDraft(phrases.greeting);
}

function whyAtOnce({ sentiment, sensitiveTopic }: Feeling): HandoffReason | null {
  if (sensitiveTopic !== null) return 'sensitive_topic';
  return sentiment <= strongAnger ? 'negative_sentiment' : null;
}

async function reply(said: CustomerMessage, memory: BotMemory, tools: TurnTools): Promise<TurnOutcome> {
  const { phrases } = tools;
  const { text } = said;
  const intent = tools.listen(text);
  const judgeable = memory.judgeable && memory.judgeable.seq < said.seq ? memory.judgeable : null;
  const picked = intent === 'agent_request' ? null : pickIn(text, judgeable, tools);
  if (judgeable && picked) return judged(judgeable, picked, await answerPicked(picked, memory, tools));
  switch (intent) {
    case null:
      return hear(text, judgeable, memory, tools);
    case 'greeting':
    case 'who_are_you':
    case 'thanks':
    case 'acknowledgement':
    case 'goodbye':
      return speak(memory, [plainDraft(phrases.smallTalk[intent])]);
    case 'agent_request':
      return handOver('customer_request', memory, tools);
    case 'dissatisfied':
      return handOver('negative_sentiment', memory, tools);
    case 'none_of_these':
      return judged(judgeable, null, await handOver('ambiguous', memory, tools));
    case 'helpful':
      return rated(judgeable, true, speak({ ...memory, misses: 0 }, [plainDraft(phrases.gladItHelped)]));
    case 'not_helpful':
      if (judgeable?.kind !== 'answer') return handOver('negative_sentiment', memory, tools);
      return rated(judgeable, false, await missed(memory, phrases.sorryItDidNot, tools));
  }
}

/** A question, or what the last answer should have been about: its article is no candidate then. */
async function hear(
  text: string,
  judgeable: Judgeable | null,
  before: BotMemory,
  tools: TurnTools,
): Promise<TurnOutcome> {
  const correction = tools.correctionIn(text);
  if (!correction) return answer(tools.questionIn(text), before, tools);
  const { meant, isSure } = correction;
  if (judgeable?.kind !== 'answer') return answer(meant, before, tools);
  if (isSure) return answerCorrected(meant, judgeable, before, tools);
  return answer(meant, before, tools, [judgeable.articleId]);
}

/** What was meant instead of an answer that was surely wrong, which is recorded; a second in a row goes to a person. */
async function answerCorrected(
  meant: string,
  judgeable: Extract<Judgeable, { kind: 'answer' }>,
  before: BotMemory,
  tools: TurnTools,
): Promise<TurnOutcome> {
  const memory: BotMemory = { ...before, misses: before.misses + 1, judgeable: null };
  const outcome = await answer(meant, memory, tools, [judgeable.articleId]);
  const remembered = { ...outcome.memory, misses: Math.max(outcome.memory.misses, memory.misses) };
  const isEnough = !outcome.handoff && memory.misses >= missesBeforeHandoff;
  return rated(
    judgeable,
    false,
    isEnough ? await handOver('repeated_failure', remembered, tools) : { ...outcome, memory: remembered },
  );
}

function answer(
  question: string,
  before: BotMemory,
  tools: TurnTools,
  refused: readonly string[] = [],
): TurnOutcome | Promise<TurnOutcome> {
  const { phrases } = tools;
  const { lastArticleId, lastUnderstanding: last } = before;
  const lastQuestion = last && last.articleId === lastArticleId ? lookedUp(last) : null;
  const finding = tools.answers.ask(question, { lastArticleId, lastQuestion, refused });
  const { understanding } = finding;
  const clarifiedBefore = before.lastUnderstanding?.outcome === 'clarify';
  const memory: BotMemory = { ...before, lastUnderstanding: understanding };

  if (finding.article && finding.article.body.trim() !== '') {
    return speak(answered(memory, finding.article), [answerDraft(finding.article, understanding, phrases)]);
  }
  if (finding.suggestions.length > 0) {
    // Offering choices twice in a row means the first ones were wrong.
    const misses = clarifiedBefore ? before.misses + 1 : before.misses;
    if (misses >= missesBeforeHandoff) return handOver('ambiguous', { ...memory, misses }, tools);
    return speak({ ...memory, misses, judgeable: null }, [clarifyDraft(finding, phrases)]);
  }
  // An article that was found but says nothing answers nobody.
  if (finding.article || finding.failure === 'low_confidence') return handOver('low_confidence', memory, tools);
  return missed(memory, phrases.rephrase, tools, understanding);
}

/** As sure as the very words of an article: the customer chose it themselves. */
const pickedConfidence = 0.99;

/** The picked article; a look-up of its question where it is gone or says nothing. */
function answerPicked(
  { articleId, question }: Offer,
  memory: BotMemory,
  tools: TurnTools,
): TurnOutcome | Promise<TurnOutcome> {
  const article = tools.answers.article(articleId);
  if (!article || article.body.trim() === '') return answer(question, memory, tools);
  const others = memory.lastUnderstanding?.candidates.filter((candidate) => candidate.articleId !== articleId) ?? [];
  const understanding: Understanding = {
    // What they asked, not what the button said: that is what a verdict on this answer is about.
    question: memory.judgeable?.question ?? question,
    outcome: 'answer',
    articleId,
    confidence: pickedConfidence,
    candidates: [{ articleId, title: article.title, confidence: pickedConfidence }, ...others],
    unmatched: [],
  };
  const remembered = answered({ ...memory, lastUnderstanding: understanding }, article);
  return speak(remembered, [answerDraft(article, understanding, tools.phrases)]);
}

function answered(memory: BotMemory, article: AnswerArticle): BotMemory {
  return { ...memory, misses: 0, lastArticleId: article.id };
}

function answerDraft(article: AnswerArticle, understanding: Understanding, phrases: Phrases): Draft {
  const followUps = article.followUps.slice(0, 3).map((title): Choice => ({ kind: 'question', title, value: title }));
  const { helpful, notHelpful } = phrases.buttons;
  return {
    // The title stands in the text, so that every channel shows it.
    text: `**${article.title}**\n\n${article.body}`,
    format: 'markdown',
    attachments: [],
    choices: [
      ...followUps,
      { kind: 'feedback', title: helpful, value: helpful },
      { kind: 'feedback', title: notHelpful, value: notHelpful },
    ],
    understanding,
  };
}

function clarifyDraft(finding: Finding, phrases: Phrases): Draft {
  const questions = finding.suggestions.map(({ articleId, question }): Choice => ({
    kind: 'question',
    title: question,
    value: question,
    articleId,
  }));
  const { noneOfThese } = phrases.buttons;
  return {
    ...plainDraft(phrases.clarify),
    choices: [...questions, { kind: 'command', title: noneOfThese, value: noneOfThese }],
    understanding: finding.understanding,
  };
}

function missed(
  before: BotMemory,
  text: string,
  tools: TurnTools,
  understanding: Understanding | null = null,
): TurnOutcome | Promise<TurnOutcome> {
  // Whoever is told this and finds it no help does not speak of the answer before it.
  const memory: BotMemory = { ...before, misses: before.misses + 1, judgeable: null };
  if (memory.misses >= missesBeforeHandoff) return handOver('repeated_failure', memory, tools);
  const { askAgent } = tools.phrases.buttons;
  const choices: readonly Choice[] = [{ kind: 'command', title: askAgent, value: askAgent }];
  return speak(memory, [{ ...plainDraft(text), choices, understanding }]);
}

async function handOver(
  reason: HandoffReason,
  memory: BotMemory,
  tools: Pick<TurnTools, 'phrases' | 'outlook'>,
): Promise<TurnOutcome> {
  const notice = plainDraft(tools.phrases.handingOver(await tools.outlook()));
  const handoff = { reason, understanding: memory.lastUnderstanding, sentiment: null, sensitiveTopic: null };
  return { replies: [notice], memory, handoff, verdict: null };
}

function speak(memory: BotMemory, replies: readonly Draft[]): TurnOutcome {
  return { replies, memory, handoff: null, verdict: null };
}

/** What was picked of an offer; null if there is no offer or the text picks nothing of it. */
function pickIn(text: string, judgeable: Judgeable | null, tools: TurnTools): Offer | null {
  if (judgeable?.kind !== 'offer') return null;
  const { offers } = judgeable;
  const place = tools.pickIn(
    text,
    offers.map(({ question }) => question),
  );
  return place === null ? null : (offers[place] ?? null);
}

/** The verdict on an offer: what was picked of it, or with null that the best of it was not meant. */
function judged(judgeable: Judgeable | null, picked: Offer | null, outcome: TurnOutcome): TurnOutcome {
  const articleId = judgeable?.kind === 'offer' ? (picked ?? judgeable.offers[0])?.articleId : undefined;
  if (!judgeable || articleId === undefined) return outcome;
  const { seq: about, question } = judgeable;
  return { ...outcome, verdict: { about, articleId, question, helpful: picked !== null, source: 'pick' } };
}

/** The verdict on an answer, where there is one to judge. */
function rated(judgeable: Judgeable | null, helpful: boolean, outcome: TurnOutcome): TurnOutcome {
  if (judgeable?.kind !== 'answer') return outcome;
  const { seq: about, articleId, question } = judgeable;
  return { ...outcome, verdict: { about, articleId, question, helpful, source: 'feedback' } };
}

/** Under this key of a Bot Framework turn state lies the turn's Session. */
export const sessionKey = 'zhike.session';

/** What the channel side and the bot share during one turn; replies and the handoff travel as activities. */
export type Session = {
  readonly memory: BotMemory;
  /** Seq of the customer message it deals with; 0 for the greeting. */
  readonly seq: number;
  /** What the bot wants kept; saved together with its replies, or not at all. */
  remember(result: Pick<TurnOutcome, 'memory' | 'verdict'>): void;
};
