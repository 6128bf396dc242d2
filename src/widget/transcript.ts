import type {
  Choice,
  Incoming,
  LogEntry,
  Message,
  QueueNews,
  Rated,
  StatusLine,
  SurveyKind,
  Typing,
} from './activity.ts';

/** The conversation as the customer sees it: what the server has, and what is still on its way there. */
export type Transcript = {
  /** By seq, each id once. */
  readonly entries: readonly LogEntry[];
  /** In the order they were written. */
  readonly outgoing: readonly Outgoing[];
  readonly typing: Typing | null;
  /** Only while queued. */
  readonly queue: QueueNews | null;
};

/**
 * A message of the customer that the stream has not echoed yet. `sent`: the server has it. `failed`: it may or may not
 * have it, and sending it again can't make a second one, because it goes under the same clientId.
 */
export type Outgoing = {
  readonly clientId: string;
  readonly at: number;
  readonly text: string;
  readonly file: OutgoingFile | null;
  readonly state: 'sending' | 'sent' | 'failed';
  readonly failure: Failure | null;
  /** The server's id of it, once it has one. */
  readonly id: string | null;
};

export type OutgoingFile = {
  readonly name: string;
  readonly contentType: string;
  /** A blob: address to show while it is on its way. */
  readonly preview: string;
  readonly progress: number;
};

/** `unreachable` may work later; the others never will. */
export type Failure = 'unreachable' | 'refused' | 'too_large' | 'wrong_type';

export const emptyTranscript: Transcript = { entries: [], outgoing: [], typing: null, queue: null };

/** What came from the server. The same activity again, or the echo of a message on its way, makes no second row. */
export function received(transcript: Transcript, incoming: Incoming): Transcript {
  switch (incoming.kind) {
    case 'typing':
      return { ...transcript, typing: incoming };
    case 'queue':
      return { ...transcript, queue: incoming };
    case 'status':
      return { ...placed(transcript, incoming), typing: null, queue: null };
    case 'rated':
      return placed(transcript, incoming);
    case 'message': {
      const after = placed(transcript, incoming);
      const { typing } = transcript;
      return {
        ...after,
        typing: typing?.authorId === incoming.authorId ? null : typing,
        outgoing: transcript.outgoing.filter((one) => !isEcho(incoming, one)),
      };
    }
  }
}

/** The customer said something. */
export function said(transcript: Transcript, outgoing: Outgoing): Transcript {
  return { ...transcript, outgoing: [...transcript.outgoing, outgoing] };
}

/** What became of an outgoing message. Accepted after its echo came, there is nothing left to change. */
export function went(transcript: Transcript, clientId: string, change: Partial<Outgoing>): Transcript {
  const outgoing = transcript.outgoing
    .map((one) => (one.clientId === clientId ? { ...one, ...change } : one))
    .filter((one) => !transcript.entries.some((entry) => entry.kind === 'message' && isEcho(entry, one)));
  return { ...transcript, outgoing };
}

/** The customer took back a message that failed. */
export function discarded(transcript: Transcript, clientId: string): Transcript {
  return { ...transcript, outgoing: transcript.outgoing.filter((one) => one.clientId !== clientId) };
}

/** Who has the conversation, by the last status line. */
export function statusOf({ entries }: Transcript): 'bot' | 'queued' | 'assigned' | 'resolved' {
  const last = lastOf(entries, isStatus);
  if (!last) return 'bot';
  return last.state === 'accepted' ? 'assigned' : last.state === 'completed' ? 'resolved' : last.state;
}

/** The agent who has the conversation now. */
export function agentOf(transcript: Transcript): string | null {
  if (statusOf(transcript) !== 'assigned') return null;
  return lastOf(transcript.entries, isStatus)?.agent ?? null;
}

/** Whether it was a person's part that ended, rather than a talk with the bot that fell asleep. */
export function endedByPerson({ entries }: Transcript): boolean {
  const last = lastOf(entries, isStatus);
  return last?.state === 'completed' && last.agent !== null;
}

/** What the customer is asked at the end. `about` is the id of the end that it is about. */
export type Survey = { readonly about: string; readonly kind: SurveyKind };

/**
 * What the customer is still asked; null once they have answered it or gone on. One message after the end, which is most
 * often thanks, with what the bot says to it, is no going on.
 */
export function openSurvey({ entries, outgoing }: Transcript): Survey | null {
  const end = lastOf(entries, isEnd);
  if (!end || end.survey === null) return null;
  const later = entries.filter((entry) => entry.seq > end.seq);
  if (later.some((entry) => entry.kind === 'rated' || (isStatus(entry) && entry.state !== 'bot'))) return null;
  const said = later.filter(isSaid).length;
  return said + outgoing.length > 1 ? null : { about: end.id, kind: end.survey };
}

/** The buttons below the last message; none once the customer has said something after it, or the bot has left. */
export function openChoices(transcript: Transcript): readonly Choice[] {
  if (transcript.outgoing.length > 0) return [];
  const status = statusOf(transcript);
  if (status === 'queued' || status === 'assigned') return [];
  const last = lastOf(transcript.entries, (entry) => entry.kind === 'message');
  return last?.choices.filter(({ kind }) => kind !== 'feedback') ?? [];
}

/** How many messages of others lie after the last one that was seen. */
export function unreadAfter({ entries }: Transcript, seen: number): number {
  return entries.filter((entry) => entry.kind === 'message' && entry.author !== 'customer' && entry.seq > seen).length;
}

/** The newest place in the log that is known; 0 at the start. */
export function newest({ entries }: Transcript): number {
  return entries[entries.length - 1]?.seq ?? 0;
}

export type Row =
  | { readonly kind: 'day'; readonly key: string; readonly at: number }
  | { readonly kind: 'status'; readonly key: string; readonly line: StatusLine }
  /** `survey`: what was asked; null where that is not known. */
  | { readonly kind: 'rated'; readonly key: string; readonly score: number; readonly survey: SurveyKind | null }
  | {
      readonly kind: 'message';
      readonly key: string;
      readonly message: Message | null;
      readonly outgoing: Outgoing | null;
      /** First and last of a run of messages by one author: the name stands above the first, the time below the last. */
      readonly first: boolean;
      readonly last: boolean;
      /** The last of the customer's messages that arrived, where "sent" is said. */
      readonly latestSent: boolean;
    };

/**
 * What to draw, in order. A message keeps its key when its echo takes the place of the optimistic one, so that the page
 * neither flickers nor is read out twice. `sameDay` knows the reader's calendar.
 */
export function rowsOf(transcript: Transcript, sameDay: (a: number, b: number) => boolean): readonly Row[] {
  const { entries, outgoing } = transcript;
  const arrived = outgoing.filter(({ id }) => id !== null);
  const things: readonly Thing[] = [
    ...[...entries, ...arrived].sort((a, b) => placeOf(a) - placeOf(b)),
    ...outgoing.filter(({ id }) => id === null),
  ];
  const latest = lastOf(things, (thing): thing is Thing => authorOf(thing) === 'customer' && isArrived(thing));
  return things.flatMap((thing, i) => {
    const before = things[i - 1];
    const after = things[i + 1];
    const day: readonly Row[] =
      before && sameDay(before.at, thing.at) ? [] : [{ kind: 'day', key: `day-${keyOf(thing)}`, at: thing.at }];
    if ('kind' in thing && thing.kind === 'status') return [...day, { kind: 'status', key: thing.id, line: thing }];
    if ('kind' in thing && thing.kind === 'rated') {
      return [...day, { kind: 'rated', key: thing.id, score: thing.score, survey: askedBefore(entries, thing) }];
    }
    return [
      ...day,
      {
        kind: 'message',
        key: keyOf(thing),
        message: 'kind' in thing ? thing : null,
        outgoing: 'kind' in thing ? null : thing,
        first: !before || day.length > 0 || !isOneRun(before, thing),
        last: !after || !sameDay(thing.at, after.at) || !isOneRun(thing, after),
        latestSent: thing === latest,
      } satisfies Row,
    ];
  });
}

type Thing = LogEntry | Outgoing;

function placed(transcript: Transcript, entry: LogEntry): Transcript {
  const { entries } = transcript;
  const last = entries[entries.length - 1];
  if (!last || last.seq < entry.seq) return { ...transcript, entries: [...entries, entry] };
  const others = entries.filter(({ id }) => id !== entry.id);
  const before = others.filter(({ seq }) => seq <= entry.seq);
  return { ...transcript, entries: [...before, entry, ...others.slice(before.length)] };
}

function isEcho(message: Message, outgoing: Outgoing): boolean {
  return message.author === 'customer' && (message.clientId === outgoing.clientId || message.id === outgoing.id);
}

function placeOf(thing: Thing): number {
  return 'seq' in thing ? thing.seq : Number(/\|(\d{1,15})$/.exec(thing.id ?? '')?.[1] ?? Infinity);
}

function keyOf(thing: Thing): string {
  if (!('kind' in thing)) return thing.clientId;
  return thing.kind === 'message' && thing.author === 'customer' ? (thing.clientId ?? thing.id) : thing.id;
}

function authorOf(thing: Thing): string {
  if (!('kind' in thing)) return 'customer';
  if (thing.kind !== 'message') return 'status';
  return thing.author === 'customer' ? 'customer' : `${thing.author} ${thing.authorId}`;
}

function isStatus(entry: LogEntry): entry is StatusLine {
  return entry.kind === 'status';
}

function isEnd(entry: LogEntry): entry is StatusLine {
  return isStatus(entry) && entry.state === 'completed';
}

function isSaid(entry: LogEntry): boolean {
  return entry.kind === 'message' && entry.author === 'customer';
}

function askedBefore(entries: readonly LogEntry[], rated: Rated): SurveyKind | null {
  const before = entries.filter(({ seq }) => seq < rated.seq);
  return lastOf(before, isEnd)?.survey ?? null;
}

function isArrived(thing: Thing): boolean {
  return 'kind' in thing || thing.state === 'sent';
}

const longestPause = 5 * 60_000;

function isOneRun(a: Thing, b: Thing): boolean {
  return authorOf(a) === authorOf(b) && authorOf(a) !== 'status' && b.at - a.at < longestPause;
}

function lastOf<T, S extends T>(list: readonly T[], test: (one: T) => one is S): S | null {
  for (let i = list.length - 1; i >= 0; i--) {
    const one = list[i] as T;
    if (test(one)) return one;
  }
  return null;
}
