import type {
  Candidate,
  Conversation,
  Entry,
  HandoffReason,
  Message,
  StatusChange,
  Understanding,
} from '../conversation/conversation.ts';

/** An article the bot answered with before it gave up. */
export type Tried = {
  readonly articleId: string;
  readonly title: string;
  readonly confidence: number;
  /** The customer's question, and when it was answered. */
  readonly question: string;
  readonly at: number;
};

export type BriefVerdict = {
  readonly articleId: string;
  readonly title: string | null;
  readonly helpful: boolean;
  readonly at: number;
};

/**
 * What spoke against giving an answer, as far as it is known.
 * - `contradiction`        the nearest article says the opposite of what was asked.
 * - `far_from_everything`  no article comes near.
 * - `unmatched_words`      the question has telling words that no article has.
 * - `close_candidates`     two articles are about as likely.
 */
export const doubts = ['contradiction', 'far_from_everything', 'unmatched_words', 'close_candidates'] as const;
export type Doubt = (typeof doubts)[number];

/** What the agent reads first: everything the bot knows of what the customer wants. */
export type HandoffBrief = {
  /** Null while the bot has it. */
  readonly reason: HandoffReason | null;
  /** When the bot gave up; null while it has it. */
  readonly at: number | null;
  /** What the customer wants to know, in their words; null when they asked for a person and nothing else. */
  readonly question: string | null;
  /** Oldest first. */
  readonly tried: readonly Tried[];
  /** Articles that were weighed for the question and not shown, best first. */
  readonly considered: readonly Candidate[];
  /** Words of the question that no article has. */
  readonly unmatched: readonly string[];
  /** Why the bot did not answer it; the strongest first, empty where it did. */
  readonly doubts: readonly Doubt[];
  /** Questions the bot looked up, the last one included. */
  readonly attempts: number;
  readonly verdicts: readonly BriefVerdict[];
  readonly customer: {
    readonly id: string;
    readonly name: string | null;
    readonly channel: string;
    readonly locale: string;
    /** When the conversation began. */
    readonly since: number;
    /** How many messages they have written in it. */
    readonly messages: number;
  };
};

/**
 * The brief of the conversation's last handoff, from its log. It speaks of what happened since the bot last began
 * afresh: what an agent resolved last week is in the transcript, not here.
 */
export function briefOf(conversation: Conversation, entries: readonly Entry[]): HandoffBrief {
  const handoff = entries.findLast(isHandoff) ?? null;
  const current = handoff !== null && conversation.handoffReason !== null ? handoff : null;
  const chapter = sinceFreshStart(entries, current);
  const answers = chapter.filter(isBotMessage);
  const looked = current?.understanding ?? lastLooked(answers, current?.reason ?? null);
  const tried = answers.flatMap(triedIn);
  return {
    reason: conversation.handoffReason,
    at: current?.at ?? null,
    question: looked?.question ?? lastQuestion(chapter, conversation.handoffReason),
    tried,
    considered: (looked?.candidates ?? []).filter(
      (candidate) => !tried.some(({ articleId }) => articleId === candidate.articleId),
    ),
    unmatched: looked?.unmatched ?? [],
    doubts: looked ? doubtsOf(looked) : [],
    attempts: countAttempts(answers, current?.understanding ?? null),
    verdicts: verdictsOf(chapter, tried),
    customer: {
      id: conversation.customerId,
      name: conversation.customerName,
      channel: conversation.channel,
      locale: conversation.locale,
      since: conversation.createdAt,
      messages: entries.filter(isCustomerMessage).length,
    },
  };
}

/** What of the evidence spoke against an answer. */
function doubtsOf({ outcome, candidates, unmatched, denied = false }: Understanding): readonly Doubt[] {
  if (outcome === 'answer') return [];
  const [first = 0, second = 0] = candidates.map(({ confidence }) => confidence);
  const amongThree = candidates.reduce((sum, { confidence }) => sum + confidence, 0);
  const far = amongThree < nearest;
  const present: Readonly<Record<Doubt, boolean>> = {
    contradiction: denied,
    far_from_everything: far,
    unmatched_words: unmatched.length > 0,
    close_candidates: !far && second >= first * close,
  };
  return doubts.filter((doubt) => present[doubt]);
}

/** Less of a chance that one of the candidates is right is what answering calls `no_match`. */
const nearest = 0.15;

/** A second article with so much of the first one's chance makes it a toss-up. */
const close = 0.5;

/** From after the last return to the bot that came before `handoff`, up to it. */
function sinceFreshStart(entries: readonly Entry[], handoff: StatusChange | null): readonly Entry[] {
  const upTo = handoff ? entries.filter((entry) => entry.seq <= handoff.seq) : entries;
  return upTo.slice(upTo.findLastIndex((entry) => entry.kind === 'status' && entry.to === 'bot') + 1);
}

function triedIn({ understanding, at }: Message): readonly Tried[] {
  if (understanding?.outcome !== 'answer' || understanding.articleId === null) return [];
  const { articleId, confidence, question, candidates } = understanding;
  const title = candidates.find((candidate) => candidate.articleId === articleId)?.title ?? articleId;
  return [{ articleId, title, confidence, question, at }];
}

/** What the bot last looked up; null when it broke on the message after that. */
function lastLooked(answers: readonly Message[], reason: HandoffReason | null): Understanding | null {
  if (reason === 'bot_error') return null;
  return answers.findLast((answer) => answer.understanding)?.understanding ?? null;
}

/** Without an understanding there is only what they wrote; of who asked for a person, the message before that. */
function lastQuestion(chapter: readonly Entry[], reason: HandoffReason | null): string | null {
  const said = chapter.filter(isCustomerMessage).filter((message) => message.text.trim() !== '');
  return said.at(reason === 'customer_request' ? -2 : -1)?.text ?? null;
}

function countAttempts(answers: readonly Message[], last: Understanding | null): number {
  const looked = new Map<number | null, string>();
  for (const { replyTo, understanding } of answers) if (understanding) looked.set(replyTo, understanding.question);
  // The handoff often repeats what the last reply already showed.
  const repeated = last === null || [...looked.values()].at(-1) === last.question;
  return looked.size + (repeated ? 0 : 1);
}

function verdictsOf(chapter: readonly Entry[], tried: readonly Tried[]): readonly BriefVerdict[] {
  return chapter.flatMap((entry) => {
    // An article picked is not yet one that helped.
    if (entry.kind !== 'verdict' || (entry.helpful && entry.source !== 'feedback')) return [];
    const { articleId, helpful, at } = entry;
    return [{ articleId, title: tried.find((one) => one.articleId === articleId)?.title ?? null, helpful, at }];
  });
}

function isHandoff(entry: Entry): entry is StatusChange {
  return entry.kind === 'status' && entry.cause === 'handoff';
}

function isBotMessage(entry: Entry): entry is Message {
  return entry.kind === 'message' && entry.author.role === 'bot';
}

function isCustomerMessage(entry: Entry): entry is Message {
  return entry.kind === 'message' && entry.author.role === 'customer';
}
