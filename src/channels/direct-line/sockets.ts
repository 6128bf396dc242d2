import type { RawData, WebSocket } from 'ws';
import { WebSocketServer } from 'ws';
import type { Conversation } from '../../conversation/conversation.ts';
import type { ConversationLog } from '../../conversation/log.ts';
import type { Signal, Signals } from '../../conversation/signals.ts';
import { BusyError } from '../../errors.ts';
import type { Handshake } from '../../http.ts';
import { activityOf, queueActivity, typingActivity, type ActivityContext, type QueueStatus } from './activity.ts';

export type StreamsOptions = {
  readonly log: Pick<ConversationLog, 'read'>;
  readonly signals: Signals;
  /** How the queue looks to this customer; null when they do not wait. */
  readonly queueStatus: (conversationId: string) => Promise<QueueStatus | null>;
  /** Told of what went wrong while reading for a stream; must not throw. */
  readonly onError: (error: unknown) => void;
  readonly limits?: Partial<StreamLimits>;
};

export type StreamLimits = {
  readonly perConversation: number;
  readonly total: number;
  /** A socket is pinged this often; one that neither answers nor takes what it was sent for this long is closed. */
  readonly heartbeatMs: number;
  /** More than this unsent on one socket closes it. */
  readonly bufferBytes: number;
};

export type Streams = {
  /** Takes the connection over and streams what comes after `watermark`. BusyError when there are too many. */
  open(handshake: Handshake, opening: Opening): void;
  /** How many are open. */
  readonly size: number;
  /** Closes all with 1001 and takes no more. */
  close(): void;
};

export type Opening = {
  readonly conversation: Conversation;
  readonly watermark: number;
  readonly context: ActivityContext;
};

/** Two tabs and what the official client leaves behind after errors (five were seen), twice over. */
const defaultLimits: StreamLimits = {
  perConversation: 16,
  total: 10_000,
  heartbeatMs: 30_000,
  bufferBytes: 1024 * 1024,
};

/** Entries read at a time for one stream, and about how much of them goes into one frame. */
const batch = { entries: 100, frameCharacters: 128 * 1024 };

/** The queue moves for everyone at once; this many milliseconds of moves are told as one. */
const queueNewsAfter = 100;

/**
 * The streams of all conversations. Each is a reader of the log with a cursor: a wake-up whose entry is not cursor + 1
 * only makes it read. One batch is on its way at a time, so a slow reader costs one batch of memory.
 */
export function createStreams(options: StreamsOptions): Streams {
  const limits = { ...defaultLimits, ...options.limits };
  const server = new WebSocketServer({ noServer: true, maxPayload: 4 * 1024, perMessageDeflate: false });
  const streams = new Map<string, Set<Stream>>();
  let size = 0;
  let queueNews: NodeJS.Timeout | null = null;

  const stopListening = options.signals.listen((signal) => {
    hear(signal, streams);
    if (movesTheQueue(signal)) tellQueueSoon();
  });

  const heartbeat = setInterval(() => {
    for (const stream of all(streams)) stream.beat();
    tellQueueSoon();
  }, limits.heartbeatMs).unref();

  function tellQueueSoon(): void {
    queueNews ??= setTimeout(() => {
      queueNews = null;
      for (const stream of all(streams)) stream.tellQueue();
    }, queueNewsAfter).unref();
  }

  function add(id: string, stream: Stream): void {
    const siblings = streams.get(id) ?? new Set();
    streams.set(id, siblings.add(stream));
    size++;
  }

  function remove(id: string, stream: Stream): void {
    const siblings = streams.get(id);
    if (!siblings?.delete(stream)) return;
    size--;
    if (siblings.size === 0) streams.delete(id);
  }

  return {
    get size() {
      return size;
    },
    open: ({ message, socket, head }, opening) => {
      const { id } = opening.conversation;
      if (size >= limits.total || (streams.get(id)?.size ?? 0) >= limits.perConversation) {
        throw new BusyError('There are too many open sockets.', 10);
      }
      server.handleUpgrade(message, socket, head, (client) => {
        const stream = createStream(client, opening, { ...options, limits });
        add(id, stream);
        client.once('close', () => remove(id, stream));
      });
    },
    close: () => {
      stopListening();
      clearInterval(heartbeat);
      if (queueNews) clearTimeout(queueNews);
      for (const stream of all(streams)) stream.close(1001, 'The server is being restarted.');
      server.close();
    },
  };
}

type Stream = {
  wake(signal: Extract<Signal, { kind: 'saved' }>): void;
  /** For what is not in the log: dropped, and false, where the socket is behind. */
  hint(frame: string): boolean;
  tellQueue(): void;
  beat(): void;
  close(code: number, reason: string): void;
};

function* all(streams: ReadonlyMap<string, ReadonlySet<Stream>>): Iterable<Stream> {
  for (const siblings of streams.values()) yield* siblings;
}

function hear(signal: Signal, streams: ReadonlyMap<string, ReadonlySet<Stream>>): void {
  switch (signal.kind) {
    case 'saved':
      for (const stream of streams.get(signal.conversation.id) ?? []) stream.wake(signal);
      return;
    case 'typing': {
      const listeners = streams.get(signal.conversationId);
      if (!listeners || signal.author.role === 'customer') return;
      const frame = ephemeral(typingActivity(signal.author, signal.conversationId));
      for (const stream of listeners) stream.hint(frame);
      return;
    }
    case 'presence':
      return;
  }
}

function movesTheQueue(signal: Signal): boolean {
  if (signal.kind === 'saved') return signal.entries.some(movesAPlace);
  return signal.kind === 'presence';
}

/** Somebody came or went, or is more urgent than before. */
function movesAPlace(entry: Entries[number]): boolean {
  return entry.kind === 'status' || (entry.kind === 'change' && entry.change.what === 'routed');
}

function createStream(
  client: WebSocket,
  { conversation, watermark, context }: Opening,
  { log, queueStatus, onError, limits }: StreamsOptions & { limits: StreamLimits },
): Stream {
  const { id } = conversation;
  // A watermark from before the log was restored from an older copy would hide what is written next.
  let cursor = Math.min(watermark, conversation.seq);
  let queued = conversation.status === 'queued';
  let lastQueueFrame = '';
  let reading = false;
  /** Something was saved that the reading under way may have missed. */
  let behind = false;
  let sentBefore = 0;
  let alive = true;

  client.on('pong', () => (alive = true));
  client.on('message', (data) => {
    // The official client sends empty frames to keep the line open. There is nothing else to say on a stream.
    if (lengthOf(data) > 0) close(1008, 'Activities are posted, not sent on the stream.');
    alive = true;
  });
  client.on('error', () => client.terminate());

  void readOn();
  tellQueue();

  return { wake, hint, tellQueue, beat, close };

  function wake({ conversation: { status, seq }, entries }: Extract<Signal, { kind: 'saved' }>): void {
    queued = status === 'queued';
    if (!queued) lastQueueFrame = '';
    // What leaves no entry behind, as a read marker does, is no news to who has them all.
    if (entries.length === 0 && seq <= cursor) return;
    if (reading) behind = true;
    else if (entries[0]?.seq === cursor + 1) void sendOn(entries);
    else void readOn();
  }

  /** Sends what a signal brought, then whatever came meanwhile. */
  async function sendOn(entries: Entries): Promise<void> {
    reading = true;
    await sendEntries(entries).catch(fail);
    reading = false;
    if (behind) await readOn();
  }

  async function readOn(): Promise<void> {
    if (reading) return;
    reading = true;
    try {
      do {
        behind = false;
        await readToEnd();
      } while (behind && client.readyState === client.OPEN);
    } catch (error) {
      fail(error);
    } finally {
      reading = false;
    }
  }

  async function readToEnd(): Promise<void> {
    for (;;) {
      const entries = await log.read(id, cursor, batch.entries);
      await sendEntries(entries);
      if (entries.length < batch.entries || client.readyState !== client.OPEN) return;
    }
  }

  /** The client reconnects and asks again from its watermark: nothing is lost. */
  function fail(error: unknown): void {
    onError(error);
    close(1011, 'Reading failed.');
  }

  async function sendEntries(entries: Entries): Promise<void> {
    let activities: string[] = [];
    let characters = 0;
    for (const entry of entries) {
      cursor = entry.seq;
      const activity = activityOf(entry, context);
      if (!activity) continue;
      const json = JSON.stringify(activity);
      activities.push(json);
      characters += json.length;
      if (characters < batch.frameCharacters) continue;
      await flushed(`{"activities":[${activities.join(',')}],"watermark":"${cursor}"}`);
      [activities, characters] = [[], 0];
    }
    if (activities.length > 0) await flushed(`{"activities":[${activities.join(',')}],"watermark":"${cursor}"}`);
  }

  /** Resolves when the frame has left for the kernel, or never will. */
  function flushed(frame: string): Promise<void> {
    return new Promise((resolve) => {
      if (client.readyState !== client.OPEN) return resolve();
      client.send(frame, () => resolve());
      if (client.bufferedAmount > limits.bufferBytes) close(1013, 'Too slow.');
    });
  }

  function hint(frame: string): boolean {
    const free = client.readyState === client.OPEN && client.bufferedAmount === 0;
    if (free) client.send(frame);
    return free;
  }

  function tellQueue(): void {
    if (!queued) return;
    queueStatus(id).then((status) => {
      if (!status || !queued) return;
      const frame = ephemeral(queueActivity(status, id));
      if (frame !== lastQueueFrame && hint(frame)) lastQueueFrame = frame;
    }, onError);
  }

  function beat(): void {
    // Nothing left our buffer since the last beat: the reader has stopped.
    if (client.bufferedAmount > 0 && client.bufferedAmount >= sentBefore && sentBefore > 0) close(1013, 'Too slow.');
    else if (!alive) client.terminate();
    sentBefore = client.bufferedAmount;
    alive = false;
    if (client.readyState === client.OPEN) client.ping();
  }

  function close(code: number, reason: string): void {
    client.close(code, reason);
    // What is unsent goes before the close frame; a reader that has stopped would keep both for ever.
    if (client.bufferedAmount > 0) setTimeout(() => client.terminate(), 1_000).unref();
  }
}

type Entries = Awaited<ReturnType<ConversationLog['read']>>;

/** A frame outside the log: a null watermark tells the client to keep the one it has. */
function ephemeral(activity: object): string {
  return JSON.stringify({ activities: [activity], watermark: null });
}

function lengthOf(data: RawData): number {
  return Array.isArray(data) ? data.reduce((sum, part) => sum + part.length, 0) : data.byteLength;
}
