import type { ChangedEvent, DirectoryEvent, GoneEvent, MentionedEvent, PresenceEvent, TypingEvent } from '../api.ts';

export type LiveHandlers = {
  /** Connected, for the first time or again: anything may have changed meanwhile. */
  readonly connected: () => void;
  /** Not connected any more; trying again. Asked each time a try fails, as the session may be what ended. */
  readonly lost: () => void;
  readonly changed: (event: ChangedEvent) => void;
  /** It went where I don't reach it. */
  readonly gone: (event: GoneEvent) => void;
  readonly typing: (event: TypingEvent) => void;
  readonly presence: (event: PresenceEvent) => void;
  readonly directory: (event: DirectoryEvent) => void;
  readonly mentioned: (event: MentionedEvent) => void;
};

/** Opens the stream of hints and keeps it open until the returned function is called. */
export type ConnectLive = (handlers: LiveHandlers) => () => void;

/** Live events over EventSource. */
export const connectLive: ConnectLive = (handlers) => {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let stopped = false;

  function open() {
    clearTimeout(timer);
    source?.close();
    const opened = new EventSource('/api/console/events');
    source = opened;
    opened.addEventListener('open', () => {
      failures = 0;
      handlers.connected();
    });
    opened.addEventListener('error', () => {
      // EventSource retries by itself, but gives up for good on an error status, and its pace is the browser's own.
      opened.close();
      handlers.lost();
      if (!stopped) timer = setTimeout(open, Math.min(15_000, 1000 * 2 ** failures++) * (0.75 + Math.random() / 2));
    });
    on(opened, 'changed', handlers.changed);
    on(opened, 'gone', handlers.gone);
    on(opened, 'typing', handlers.typing);
    on(opened, 'presence', handlers.presence);
    on(opened, 'directory', handlers.directory);
    on(opened, 'mentioned', handlers.mentioned);
  }

  const onVisible = () => {
    if (!document.hidden && source?.readyState !== EventSource.OPEN) open();
  };
  // Over a change of network an old stream is dead without knowing it.
  addEventListener('online', open);
  document.addEventListener('visibilitychange', onVisible);
  open();
  return () => {
    stopped = true;
    clearTimeout(timer);
    removeEventListener('online', open);
    document.removeEventListener('visibilitychange', onVisible);
    source?.close();
  };
};

function on<T>(source: EventSource, name: string, handler: (event: T) => void) {
  source.addEventListener(name, ({ data }: MessageEvent<string>) => handler(JSON.parse(data) as T));
}
