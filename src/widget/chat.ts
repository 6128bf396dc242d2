import { readActivity, record, seqOf } from './activity.ts';
import { backOff, createDirectLine, longestPatience, type Link, type Posted } from './direct-line.ts';
import type { Ports } from './ports.ts';
import {
  discarded,
  emptyTranscript,
  newest,
  openSurvey,
  received,
  said,
  statusOf,
  unreadAfter,
  went,
  type Failure,
  type Outgoing,
  type Survey,
  type Transcript,
} from './transcript.ts';

/** All the page needs to draw. A new object whenever something changed. */
export type ChatState = {
  readonly link: Link;
  readonly transcript: Transcript;
  /** What the customer said of answers, by activity id. */
  readonly verdicts: Readonly<Record<string, boolean>>;
  readonly unread: number;
  /** The customer asked to leave the queue, and the desk has not answered yet. */
  readonly leavingQueue: boolean;
  /** Everything there was before this page was opened has come. */
  readonly caughtUp: boolean;
  /** What the customer is asked at the end, and has neither answered nor waved away. */
  readonly survey: Survey | null;
  /** The answer to it, from the press of the button until the log shows it; `refused`: it may be given again. */
  readonly rating: { readonly about: string; readonly score: number; readonly refused: boolean } | null;
};

export type Chat = {
  state(): ChatState;
  /** Returns the function that ends the subscription. */
  subscribe(listener: () => void): () => void;
  /** Connects for the first time; before it, a visitor who never asks anything costs the server nothing. */
  start(): void;
  /** Whether this visitor talked with us before, or has something unsent: then it is worth connecting at once. */
  isReturning(): boolean;
  say(text: string): void;
  sendFile(file: File, preview: string): void;
  /** Sends a failed message again, as the same message. */
  retry(clientId: string): void;
  discard(clientId: string): void;
  judge(answerId: string, helpful: boolean): void;
  leaveQueue(): void;
  /** The customer is writing. Tells the agent, at most every 3 s. */
  typing(): void;
  /** Answers what is asked at the end. */
  rate(score: number, comment: string): void;
  skipSurvey(): void;
  /** The customer has the conversation before their eyes. */
  seen(): void;
  /** The message of this id, of somebody else, is on the screen. Tells the desk, at most every 2 s. */
  read(id: string): void;
  /** What is written and not sent yet, kept over a reload. */
  readonly draft: { read(): string; write(text: string): void };
  /** The network came back, or the customer presses "try now". */
  reconnect(): void;
  /** The page is before the customer's eyes again. */
  lookedAtAgain(afterMs: number): void;
  networkLost(): void;
  stop(): void;
};

export type ChatOptions = {
  /** The server's origin. */
  readonly server: string;
  readonly locale: string;
  /** The page is on another origin, where the server's cookie may not reach. */
  readonly foreign: boolean;
  readonly ports: Ports;
};

/** A chat with the desk at `server`. Nothing is sent before `start` or the first message. */
export function createChat({ server, locale, foreign, ports }: ChatOptions): Chat {
  const { clock, tab, device } = ports;
  const kept = readKept(device.read());
  let draft = readTab(tab.read()).draft;
  let parcels: readonly Parcel[] = readTab(tab.read()).unsent;
  let state: ChatState = {
    link: 'idle',
    transcript: parcels.reduce((all, parcel) => (parcel.event ? all : said(all, outgoing(parcel))), emptyTranscript),
    verdicts: kept.verdicts,
    unread: 0,
    leavingQueue: false,
    caughtUp: false,
    survey: null,
    rating: parcels.reduce<ChatState['rating']>((found, { event }) => ratingOf(event) ?? found, null),
  };
  let seenThrough = kept.seenThrough;
  let skipped = kept.skipped;
  /** The newest message of others that was on the screen, and the newest of which the desk was told. */
  let onScreen: string | null = null;
  let readThrough = kept.readThrough;
  let lastRead = -Infinity;
  let cancelRead: (() => void) | null = null;
  let visitor = kept.visitor;
  let conversationId = kept.conversationId;
  const listeners = new Set<() => void>();
  let posting = false;
  let lastTyping = -Infinity;
  let cancelTyping = () => {};
  let cancelRetry = () => {};
  let cancelOverdue = () => {};
  let cancelLater = () => {};

  const line = createDirectLine({
    server,
    locale,
    ports,
    visitor: foreign
      ? {
          read: () => visitor,
          write: (value) => {
            visitor = value;
            keep();
          },
        }
      : null,
    on: {
      link: (link) => {
        change({ link });
        if (link !== 'online') return;
        sendAgain((parcel) => parcel.failure === 'unreachable');
        tellRead();
      },
      activities: (activities) => takeIn(activities),
      conversation: (id) => {
        if (conversationId !== null && conversationId !== id) {
          seenThrough = 0;
          readThrough = 0;
          onScreen = null;
          const transcript = { ...emptyTranscript, outgoing: state.transcript.outgoing };
          change({ transcript, verdicts: {}, unread: 0, survey: null, rating: null });
        }
        conversationId = id;
        keep();
      },
    },
  });

  return {
    state: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start: () => {
      line.connect();
      void pump();
    },
    isReturning: () => conversationId !== null || parcels.length > 0,
    say: (text) => send({ text, file: null, event: null }),
    sendFile: (file, preview) => send({ text: '', file: { file, preview }, event: null }),
    retry: (clientId) => sendAgain((parcel) => parcel.clientId === clientId),
    discard: (clientId) => {
      drop(clientId);
      change({ transcript: discarded(state.transcript, clientId) });
    },
    judge: (answerId, helpful) => {
      change({ verdicts: { ...state.verdicts, [answerId]: helpful } });
      keep();
      send({ text: '', file: null, event: { name: 'zhike.feedback', value: { about: answerId, helpful } } });
    },
    leaveQueue: () => {
      if (state.leavingQueue) return;
      change({ leavingQueue: true });
      send({ text: '', file: null, event: { name: 'zhike.cancel', value: null } });
    },
    rate: (score, comment) => {
      const { survey, rating } = state;
      if (!survey || (rating?.about === survey.about && !rating.refused)) return;
      const { about } = survey;
      change({ rating: { about, score, refused: false } });
      send({ text: '', file: null, event: { name: 'zhike.rating', value: { score, comment }, about } });
    },
    skipSurvey: () => {
      if (!state.survey) return;
      skipped = state.survey.about;
      keep();
      change({ survey: null });
    },
    typing: () => {
      const status = statusOf(state.transcript);
      if (state.link !== 'online' || (status !== 'queued' && status !== 'assigned')) return;
      if (clock.now() - lastTyping < typingEvery) return;
      lastTyping = clock.now();
      void line.post({ type: 'typing', from: { role: 'user' } });
    },
    seen: () => {
      const last = newest(state.transcript);
      if (last > seenThrough) {
        seenThrough = last;
        keep();
      }
      if (state.unread > 0) change({ unread: 0 });
    },
    read: (id) => {
      if (seqOf(id) <= seqOf(onScreen)) return;
      onScreen = id;
      tellRead();
    },
    draft: {
      read: () => draft,
      write: (text) => {
        draft = text;
        keepTab();
      },
    },
    reconnect: () => line.reconnect(),
    lookedAtAgain: (afterMs) => {
      // After a long sleep the socket may be gone without a word.
      if (state.link !== 'online' || afterMs > longSleep) line.reconnect();
    },
    networkLost: () => line.disconnected(),
    stop: () => {
      line.close();
      cancelTyping();
      cancelRetry();
      cancelOverdue();
      cancelLater();
      cancelRead?.();
    },
  };

  function change(part: Partial<ChatState>): void {
    state = { ...state, ...part };
    if (part.transcript) state = { ...state, survey: surveyOf(part.transcript) };
    for (const listener of listeners) listener();
  }

  function takeIn(activities: readonly unknown[]): void {
    let { transcript } = state;
    const now = clock.now();
    for (const activity of activities) {
      const incoming = readActivity(activity, now);
      if (!incoming) continue;
      transcript = received(transcript, incoming);
      if (incoming.kind === 'typing') expectEndOfTyping();
      // The echo proves the arrival, whatever became of the post.
      if (incoming.kind === 'message' && incoming.clientId) drop(incoming.clientId);
    }
    change({
      transcript,
      unread: unreadAfter(transcript, seenThrough),
      leavingQueue: state.leavingQueue && statusOf(transcript) === 'queued',
      caughtUp: true,
    });
  }

  function surveyOf(transcript: Transcript): Survey | null {
    const survey = openSurvey(transcript);
    return survey?.about === skipped ? null : survey;
  }

  /** Of several messages in a row only the last is told of, and again only what is newer. */
  function tellRead(): void {
    if (cancelRead || state.link !== 'online' || seqOf(onScreen) <= readThrough) return;
    cancelRead = clock.after(Math.max(readAfter, lastRead + readEvery - clock.now()), () => {
      cancelRead = null;
      if (state.link === 'online' && onScreen) void postRead(onScreen);
    });
  }

  /** A marker that is lost is not missed: the next one says the same and more. */
  async function postRead(about: string): Promise<void> {
    const before = readThrough;
    lastRead = clock.now();
    readThrough = seqOf(about);
    const posted = await line.post({ type: 'event', name: 'zhike.read', value: { about }, from: { role: 'user' } });
    // It is tried again with the next message, or when the line is back.
    if (posted.kind === 'unavailable') return void (readThrough = before);
    keep();
    tellRead();
  }

  function expectEndOfTyping(): void {
    cancelTyping();
    cancelTyping = clock.after(typingLasts, () => change({ transcript: { ...state.transcript, typing: null } }));
  }

  function send(content: Pick<Parcel, 'text' | 'file' | 'event'>): void {
    const parcel: Parcel = { ...content, clientId: ports.newId(), at: clock.now(), attempts: 0, failure: null };
    parcels = [...parcels, parcel];
    keepTab();
    if (!parcel.event) change({ transcript: said(state.transcript, outgoing(parcel)) });
    line.connect();
    void pump();
  }

  function sendAgain(which: (parcel: Parcel) => boolean): void {
    parcels = parcels.map((parcel) => (which(parcel) ? { ...parcel, attempts: 0, failure: null } : parcel));
    for (const parcel of parcels.filter(which)) report(parcel.clientId, { state: 'sending', failure: null });
    cancelRetry();
    void pump();
  }

  /** Posts one parcel at a time, in the order they were written. */
  async function pump(): Promise<void> {
    if (posting) return;
    const parcel = parcels.find(({ failure }) => failure === null);
    if (!parcel) return;
    posting = true;
    const posted = await post(parcel);
    posting = false;
    // Echoed or taken back meanwhile.
    if (!parcels.some(({ clientId }) => clientId === parcel.clientId)) return void pump();
    switch (posted.kind) {
      case 'accepted':
        drop(parcel.clientId);
        report(parcel.clientId, { state: 'sent', id: posted.id });
        expectEcho();
        return void pump();
      case 'refused':
        fail(parcel, failureOf(posted.status));
        return void pump();
      case 'unavailable':
        return waitAndPump(parcel, posted.retryAfterMs);
    }
  }

  function post({ clientId, text, file, event }: Parcel): Promise<Posted> {
    const base = { from: { role: 'user' }, locale, channelData: { clientActivityID: clientId } };
    if (event) return line.post({ ...base, type: 'event', name: event.name, value: event.value });
    if (!file) return line.post({ ...base, type: 'message', text, textFormat: 'plain' });
    const attachments = [{ contentType: file.file.type, name: file.file.name }];
    return line.upload({ ...base, type: 'message', attachments }, file.file, (progress) =>
      report(clientId, (one) => ({ file: one.file && { ...one.file, progress } })),
    );
  }

  function waitAndPump(parcel: Parcel, retryAfterMs: number | null): void {
    const attempts = parcel.attempts + 1;
    parcels = parcels.map((one) => (one.clientId === parcel.clientId ? { ...one, attempts } : one));
    if (attempts >= mostAttempts) {
      // Whatever waits behind it would fare alike.
      for (const waiting of parcels.filter(({ failure }) => failure === null)) fail(waiting, 'unreachable');
      return;
    }
    const wait = Math.max(backOff(attempts, ports.random()), Math.min(retryAfterMs ?? 0, longestPatience));
    cancelRetry();
    cancelRetry = clock.after(wait, () => void pump());
  }

  function fail(parcel: Parcel, failure: Failure): void {
    const { clientId, event } = parcel;
    if (event && !(isKept(event) && failure === 'unreachable')) return forget(parcel, event);
    parcels = parcels.map((one) => (one.clientId === clientId ? { ...one, failure } : one));
    keepTab();
    // A message that failed says so and has a button. Of this the customer has no more to do.
    if (event) cancelLater = clock.after(longestPatience, () => sendAgain((one) => one.clientId === clientId));
    report(clientId, { state: 'failed', failure });
  }

  /** A click that did not arrive: the button becomes free to be pressed again. */
  function forget(parcel: Parcel, event: ClientEvent): void {
    drop(parcel.clientId);
    if (event.name === 'zhike.cancel') return change({ leavingQueue: false });
    if (event.name === 'zhike.rating') return change({ rating: state.rating && { ...state.rating, refused: true } });
    const { [event.value.about]: _, ...verdicts } = state.verdicts;
    change({ verdicts });
    keep();
  }

  function report(clientId: string, part: Partial<Outgoing> | ((one: Outgoing) => Partial<Outgoing>)): void {
    const one = state.transcript.outgoing.find((outgoing) => outgoing.clientId === clientId);
    if (!one) return;
    change({ transcript: went(state.transcript, clientId, typeof part === 'function' ? part(one) : part) });
  }

  function drop(clientId: string): void {
    if (!parcels.some((parcel) => parcel.clientId === clientId)) return;
    parcels = parcels.filter((parcel) => parcel.clientId !== clientId);
    keepTab();
  }

  /** A socket that is dead without knowing it shows in an echo that does not come. */
  function expectEcho(): void {
    cancelOverdue();
    cancelOverdue = clock.after(echoWithin, () => {
      if (state.link === 'online' && state.transcript.outgoing.some(({ state: it }) => it === 'sent')) line.reconnect();
    });
  }

  function keep(): void {
    const verdicts = Object.fromEntries(Object.entries(state.verdicts).slice(-mostVerdicts));
    device.write({ visitor, conversationId, seenThrough, readThrough, skipped, verdicts } satisfies Kept);
  }

  /** Files can't be kept here; the page asks before it is left while one is on its way. */
  function keepTab(): void {
    const unsent = parcels
      .filter(({ file }) => !file)
      .map(({ clientId, at, text, event }) => ({ clientId, at, text, event }));
    tab.write({ draft, unsent });
  }
}

/** Longest message, in UTF-16 units. */
export const longestText = 2000;

/** Longest word beside a rating, in UTF-16 units. */
export const longestComment = 1000;

const typingEvery = 3_000;
/** A glance, and what comes in one breath. */
const readAfter = 500;
const readEvery = 2_000;
const typingLasts = 5_000;
const echoWithin = 8_000;
/** About 1 + 2 + 4 s of waiting, then the customer decides. */
const mostAttempts = 4;
const mostVerdicts = 200;
const longSleep = 60_000;

/** Something on its way to the server, under an id that makes it the same thing however often it is posted. */
type Parcel = {
  readonly clientId: string;
  readonly at: number;
  readonly text: string;
  readonly file: { readonly file: File; readonly preview: string } | null;
  readonly event: ClientEvent | null;
  readonly attempts: number;
  readonly failure: Failure | null;
};

type ClientEvent =
  | { readonly name: 'zhike.cancel'; readonly value: null }
  | { readonly name: 'zhike.feedback'; readonly value: { readonly about: string; readonly helpful: boolean } }
  /** `about` is ours: the end that asked for it. */
  | {
      readonly name: 'zhike.rating';
      readonly value: { readonly score: number; readonly comment: string };
      readonly about: string;
    };

type Kept = {
  readonly visitor: string | null;
  readonly conversationId: string | null;
  readonly seenThrough: number;
  readonly readThrough: number;
  /** The end whose survey was waved away. */
  readonly skipped: string | null;
  readonly verdicts: Readonly<Record<string, boolean>>;
};

/** Words of the customer's are kept until the desk can be reached, as messages are; a mere click is not. */
function isKept({ name }: ClientEvent): boolean {
  return name === 'zhike.rating';
}

function ratingOf(event: ClientEvent | null): ChatState['rating'] {
  return event?.name === 'zhike.rating' ? { about: event.about, score: event.value.score, refused: false } : null;
}

function outgoing({ clientId, at, text, file }: Parcel): Outgoing {
  return {
    clientId,
    at,
    text,
    file: file && { name: file.file.name, contentType: file.file.type, preview: file.preview, progress: 0 },
    state: 'sending',
    failure: null,
    id: null,
  };
}

function failureOf(status: number): Failure {
  return status === 413 ? 'too_large' : status === 415 ? 'wrong_type' : 'refused';
}

function readKept(json: unknown): Kept {
  const { visitor, conversationId, seenThrough, readThrough, skipped, verdicts } = record(json);
  const known = Object.entries(record(verdicts)).filter(
    (pair): pair is [string, boolean] => typeof pair[1] === 'boolean',
  );
  return {
    visitor: typeof visitor === 'string' ? visitor : null,
    conversationId: typeof conversationId === 'string' ? conversationId : null,
    seenThrough: typeof seenThrough === 'number' ? seenThrough : 0,
    readThrough: typeof readThrough === 'number' ? readThrough : 0,
    skipped: typeof skipped === 'string' ? skipped : null,
    verdicts: Object.fromEntries(known),
  };
}

function readTab(json: unknown): { readonly draft: string; readonly unsent: readonly Parcel[] } {
  const { draft, unsent } = record(json);
  return {
    draft: typeof draft === 'string' ? draft : '',
    unsent: Array.isArray(unsent) ? unsent.flatMap(readParcel) : [],
  };
}

function readParcel(json: unknown): readonly Parcel[] {
  const { clientId, at, text, event } = record(json);
  if (typeof clientId !== 'string' || typeof at !== 'number' || typeof text !== 'string') return [];
  const known = readEvent(event);
  if (event && !known) return [];
  return [{ clientId, at, text, event: known, file: null, attempts: 0, failure: null }];
}

function readEvent(json: unknown): ClientEvent | null {
  const { name, value, about: end } = record(json);
  if (name === 'zhike.cancel') return { name, value: null };
  const { about, helpful, score, comment } = record(value);
  if (name === 'zhike.rating') {
    if (typeof end !== 'string' || typeof score !== 'number' || typeof comment !== 'string') return null;
    return { name, value: { score, comment }, about: end };
  }
  if (name !== 'zhike.feedback' || typeof about !== 'string' || typeof helpful !== 'boolean') return null;
  return { name, value: { about, helpful } };
}
