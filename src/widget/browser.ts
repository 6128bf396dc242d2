import type { Answer, Call, Clock, OpenSocket, Ports, Shelf } from './ports.ts';

/** The ports on a real browser. What is kept is kept under `name`. */
export function browserPorts(name: string): Ports {
  return {
    request,
    openSocket,
    clock,
    network: { online: () => navigator.onLine },
    random: () => Math.random(),
    newId,
    tab: shelf(() => sessionStorage, name),
    device: shelf(() => localStorage, name),
  };
}

/** XMLHttpRequest rather than fetch: it tells how far an upload is, and times out by itself. */
function request({ method, url, timeoutMs, token, body, onProgress }: Call): Promise<Answer> {
  return new Promise((resolve) => {
    const xhr = new XMLHttpRequest();
    const done = () => resolve({ status: xhr.status, body: json(xhr.responseText), retryAfterMs: retryAfter(xhr) });
    xhr.onload = done;
    xhr.onerror = xhr.ontimeout = xhr.onabort = () => resolve({ status: 0, body: null, retryAfterMs: null });
    try {
      xhr.open(method, url);
      xhr.timeout = timeoutMs;
      if (token) xhr.setRequestHeader('Authorization', `Bearer ${token}`);
      if (onProgress) xhr.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
      if (body === undefined || body instanceof FormData) return xhr.send(body);
      xhr.setRequestHeader('Content-Type', 'application/json');
      xhr.send(JSON.stringify(body));
    } catch {
      // The page's Content-Security-Policy forbids it, in some browsers by throwing.
      resolve({ status: 0, body: null, retryAfterMs: null });
    }
  });
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Readable across origins only where the server exposes it. */
function retryAfter(xhr: XMLHttpRequest): number | null {
  const seconds = xhr.status === 429 || xhr.status === 503 ? Number(xhr.getResponseHeader('Retry-After') ?? NaN) : NaN;
  return Number.isFinite(seconds) ? seconds * 1000 : null;
}

const openSocket: OpenSocket = (url, on) => {
  let over = false;
  const end = () => {
    if (over) return;
    over = true;
    on.closed();
  };
  let socket: WebSocket;
  try {
    socket = new WebSocket(url);
  } catch {
    queueMicrotask(end);
    return { send: () => {}, close: () => void (over = true) };
  }
  socket.onopen = () => {
    if (!over) on.opened();
  };
  socket.onmessage = ({ data }) => {
    if (!over && typeof data === 'string') on.text(data);
  };
  socket.onclose = socket.onerror = end;
  return {
    send: (text) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    close: () => {
      over = true;
      socket.close();
    },
  };
};

const clock: Clock = {
  now: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** `crypto.randomUUID` exists only over https. */
function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function shelf(storage: () => Storage, name: string): Shelf {
  return {
    read: () => {
      try {
        return json(storage().getItem(name) ?? 'null');
      } catch {
        return null;
      }
    },
    write: (value) => {
      try {
        storage().setItem(name, JSON.stringify(value));
      } catch {
        // Storage is full or forbidden: the chat works without memory.
      }
    },
  };
}
