import type {
  Attachment,
  Author,
  Change,
  Conversation,
  Entry,
  Message,
  StatusChange,
} from '../../conversation/conversation.ts';
import { transcriptLabels, type TranscriptLabels, type TranscriptLocale } from './labels.zh.ts';
import { readable, readableName } from './readable.ts';

export type ReadingOptions = {
  readonly locale: TranscriptLocale;
  /** As `Asia/Shanghai`: the clock that times are shown by. */
  readonly timeZone: string;
  /** Private notes and the rest that only agents see (verdicts, ratings, changes). */
  readonly includeNotes?: boolean;
};

/** One entry as it is read. All text in it is `readable`, and still no HTML. */
export type Line = {
  readonly at: number;
  /** Local time, `2026-11-22 11:30:00`. */
  readonly time: string;
  readonly kind: Author['role'] | 'note' | 'event';
  /** Who speaks; null for what merely happened. */
  readonly who: string | null;
  readonly text: string;
  readonly files: readonly string[];
  readonly choices: readonly string[];
};

/** What stands above a transcript: a label and a value each. */
export type Heading = readonly (readonly [label: string, value: string])[];

/** Reads entries in the words and the clock of `options`. */
export function createReading({ locale, timeZone, includeNotes = false }: ReadingOptions) {
  const labels = transcriptLabels[locale];
  const clock = createClock(timeZone);
  return {
    labels,
    heading: (conversation: Conversation): Heading => [
      [labels.conversation, readableName(conversation.id)],
      [labels.channel, readableName(conversation.channel)],
      [labels.customer, customerIn(conversation)],
      [labels.status, labels.statuses[conversation.status]],
      [labels.begun, clock(conversation.createdAt)],
      [labels.timeZone, timeZone],
    ],
    linesOf: (page: readonly Entry[]): readonly Line[] =>
      page.flatMap((entry) => {
        const content = contentOf(entry, labels, includeNotes);
        return content ? [{ ...content, at: entry.at, time: clock(entry.at) }] : [];
      }),
  };
}

type Content = Omit<Line, 'at' | 'time'>;

function contentOf(entry: Entry, labels: TranscriptLabels, includeNotes: boolean): Content | null {
  switch (entry.kind) {
    case 'message':
      return entry.private && !includeNotes ? null : said(entry, labels);
    case 'status':
      return happened(statusText(entry, labels));
    case 'verdict':
      return includeNotes ? happened(labels.verdict(readableName(entry.articleId), entry.helpful)) : null;
    case 'rating': {
      const comment = entry.comment === null ? '' : `\n${readable(entry.comment)}`;
      return includeNotes ? happened(labels.rating(entry.survey, entry.score) + comment) : null;
    }
    case 'change':
      return includeNotes ? happened(changeText(entry, labels)) : null;
  }
}

function said(message: Message, labels: TranscriptLabels): Content {
  const { author, private: isPrivate, attachments, choices } = message;
  const name = author.name === null ? '' : readableName(author.name);
  const who = `${labels.roles[author.role]}${name === '' ? '' : ` ${name}`}`;
  return {
    kind: isPrivate ? 'note' : author.role,
    who: isPrivate ? `${who} (${labels.note})` : who,
    text: readable(message.text),
    files: attachments.map(fileText),
    choices: choices.map(({ title }) => readableName(title)),
  };
}

function happened(text: string): Content {
  return { kind: 'event', who: null, text, files: [], choices: [] };
}

function statusText({ cause, reason, agent }: StatusChange, labels: TranscriptLabels): string {
  const text = labels.causes[cause](agent === null ? null : readableName(agent.name));
  return cause === 'handoff' && reason !== null ? `${text}${labels.colon}${labels.reasons[reason]}` : text;
}

function changeText({ change }: Change, labels: TranscriptLabels): string {
  const { changes, promises } = labels;
  switch (change.what) {
    case 'routed':
      return changes.routed;
    case 'promise_at_risk':
    case 'promise_broken':
      return changes[change.what](promises[change.promise]);
    case 'snoozed':
      return change.until === null ? changes.woken : changes.snoozed;
    case 'merged':
      return changes.merged(readableName(change.conversationId));
  }
}

function customerIn({ customerId, customerName }: Conversation): string {
  const name = customerName === null ? '' : readableName(customerName);
  return name === '' ? readableName(customerId) : `${name} (${readableName(customerId)})`;
}

/** By name only: a transcript outlives the address of a file, and fetches nothing. */
function fileText({ name, contentType, size }: Attachment): string {
  return `${readableName(name)} (${readableName(contentType)}, ${Math.max(1, Math.round(size / 1_024))} KB)`;
}

/** Times as `2026-11-22 11:30:00`, the same in every language. */
function createClock(timeZone: string): (at: number) => string {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  return (at) => {
    const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
    return `${part.year}-${part.month}-${part.day} ${part.hour}:${part.minute}:${part.second}`;
  };
}
