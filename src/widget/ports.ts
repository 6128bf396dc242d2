/** What the chat needs of the browser, so that a test can stand in for it. */
export type Ports = {
  readonly request: Request;
  readonly openSocket: OpenSocket;
  readonly clock: Clock;
  readonly network: Network;
  /** 0..1, for jitter. */
  readonly random: () => number;
  /** A fresh unique id. */
  readonly newId: () => string;
  /** Lives as long as the tab, reloads included. */
  readonly tab: Shelf;
  /** Lives until the customer clears it; shared by tabs. */
  readonly device: Shelf;
};

/** Never rejects: no answer (network, time-out) is status 0. */
export type Request = (call: Call) => Promise<Answer>;

export type Call = {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly timeoutMs: number;
  readonly token?: string;
  /** A FormData is sent as multipart, anything else as JSON. */
  readonly body?: unknown;
  /** 0..1 of the body is on its way. */
  readonly onProgress?: (done: number) => void;
};

export type Answer = { readonly status: number; readonly body: unknown; readonly retryAfterMs: number | null };

export type OpenSocket = (url: string, on: SocketEvents) => Socket;

/** `closed` comes once, whether or not it ever opened, and not after our own `close()`. */
export type SocketEvents = { opened(): void; text(text: string): void; closed(): void };

export type Socket = { send(text: string): void; close(): void };

export type Clock = {
  now(): number;
  /** Returns the function that cancels. */
  after(ms: number, run: () => void): () => void;
};

export type Network = { online(): boolean };

/** One named value. Never throws: where the browser keeps nothing, it forgets. */
export type Shelf = { read(): unknown; write(value: unknown): void };
