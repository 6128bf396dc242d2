import {
  plainDraft,
  type BotMemory,
  type Choice,
  type Draft,
  type HandoffReason,
  type Understanding,
} from './conversation.ts';

/** What a turn asks of retrieval: the answering module promises it, a test may script it. */
export type Answers = {
  /** Never throws for any string, and takes a few milliseconds at most. */
  ask(question: string, context: AskContext): Finding;
};

export type AskContext = {
  /** The last answered article, for short follow-ups; null at the start. */
  readonly lastArticleId: string | null;
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

/** How the desk stands when the bot hands over. */
export type QueueOutlook = {
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
  readonly buttons: Readonly<Record<'askAgent' | 'noneOfThese' | 'helpful' | 'notHelpful', string>>;
};

export type TurnTools = {
  readonly answers: Answers;
  readonly phrases: Phrases;
  /** What a message is beside a question; null when it is a question. */
  listen(text: string): Intent | null;
  /** A question without the greeting in front of it. */
  questionIn(text: string): string;
  /** Asked only when the bot hands over. */
  outlook(): Promise<QueueOutlook>;
};

export type CustomerMessage = { readonly text: string; readonly hasAttachments: boolean };

/** What the bot decided: what it says, what it will remember, whether it hands over, what it heard of its last answer. */
export type TurnOutcome = {
  readonly replies: readonly Draft[];
  readonly memory: BotMemory;
  readonly handoff: { readonly reason: HandoffReason; readonly understanding: Understanding | null } | null;
  readonly verdict: { readonly helpful: boolean } | null;
};

/** After this many questions in a row without an answer the bot stops trying: a third "please rephrase" helps nobody. */
const missesBeforeHandoff = 2;

/** One customer message: hears what it is, asks the knowledge where it is a question, and decides. Saves and sends nothing. */
export async function takeTurn(said: CustomerMessage, memory: BotMemory, tools: TurnTools): Promise<TurnOutcome> {
  const { phrases } = tools;
  const text = said.text.trim();
  if (text === '') return said.hasAttachments ? missed(memory, phrases.cannotReadAttachment, tools) : speak(memory, []);

  const intent = tools.listen(text);
  switch (intent) {
    case null:
      return answer(tools.questionIn(text), memory, tools);
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
      return handOver('ambiguous', memory, tools);
    case 'helpful':
      return judged(true, speak({ ...memory, misses: 0 }, [plainDraft(phrases.gladItHelped)]), memory);
    case 'not_helpful':
      if (memory.lastAnswerSeq === null) return handOver('negative_sentiment', memory, tools);
      return judged(false, await missed(memory, phrases.sorryItDidNot, tools), memory);
  }
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

function answer(question: string, before: BotMemory, tools: TurnTools): TurnOutcome | Promise<TurnOutcome> {
  const { phrases } = tools;
  const finding = tools.answers.ask(question, { lastArticleId: before.lastArticleId });
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
    return speak({ ...memory, misses, lastAnswerSeq: null }, [clarifyDraft(finding, phrases)]);
  }
  // An article that was found but says nothing answers nobody.
  if (finding.article || finding.failure === 'low_confidence') return handOver('low_confidence', memory, tools);
  return missed(memory, phrases.rephrase, tools, understanding);
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
  const questions = finding.suggestions.map(({ question }): Choice => ({
    kind: 'question',
    title: question,
    value: question,
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
  const memory: BotMemory = { ...before, misses: before.misses + 1, lastAnswerSeq: null };
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
  return { replies: [notice], memory, handoff: { reason, understanding: memory.lastUnderstanding }, verdict: null };
}

function speak(memory: BotMemory, replies: readonly Draft[]): TurnOutcome {
  return { replies, memory, handoff: null, verdict: null };
}

/** Adds the verdict to an outcome, where there is an answer to judge. */
function judged(helpful: boolean, outcome: TurnOutcome, before: BotMemory): TurnOutcome {
  return before.lastAnswerSeq === null ? outcome : { ...outcome, verdict: { helpful } };
}

/** Under this key of a Bot Framework turn state lies the turn's Session. */
export const sessionKey = 'zhike.session';

/** What the channel side and the bot share during one turn; replies and the handoff travel as activities. */
export type Session = {
  readonly memory: BotMemory;
  /** What the bot wants kept; saved together with its replies, or not at all. */
  remember(result: Pick<TurnOutcome, 'memory' | 'verdict'>): void;
};
