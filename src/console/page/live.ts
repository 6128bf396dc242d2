import type { ConnectLive } from './desk.ts';

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
    on(opened, 'typing', handlers.typing);
    on(opened, 'presence', handlers.presence);
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
