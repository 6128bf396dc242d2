import { Agent, request, type ClientRequest } from 'node:http';
import { ask } from './served.ts';
import type { Seated } from './desk-seed.ts';

/** What an open console hears of. */
export type Changed = { readonly conversationId: string; readonly seq: number; readonly status: string };

/** The console of one agent: asks as a browser does, and hears what the server tells it. */
export type Console = {
  readonly agent: Seated;
  get(path: string): Promise<{ readonly status: number; readonly text: string }>;
  post(path: string, body?: unknown): Promise<{ readonly status: number; readonly text: string }>;
  /** Opens the stream of live events; `heard` is called for each `changed`. Resolves once it is open. */
  listen(heard: (event: Changed) => void): Promise<void>;
  close(): void;
};

export function openConsole(port: number, seated: Seated): Console {
  // Browsers keep six connections to a server.
  const agent = new Agent({ keepAlive: true, maxSockets: 6 });
  const headers = { cookie: `zhike_agent=${seated.cookie}`, origin: `http://127.0.0.1:${port}` };
  let stream: ClientRequest | null = null;
  return {
    agent: seated,
    get: (path) => ask({ port, agent }, { method: 'GET', path: `/api/console/${path}`, headers }),
    post: (path, body = {}) => ask({ port, agent }, { method: 'POST', path: `/api/console/${path}`, headers, body }),
    listen: async (heard) => {
      stream = await openEvents({ port, path: '/api/console/events', headers }, heard);
    },
    close: () => {
      stream?.destroy();
      agent.destroy();
    },
  };
}

/** Reads server-sent events until the request is destroyed. */
export function openEvents(
  to: { readonly port: number; readonly path: string; readonly headers: Readonly<Record<string, string>> },
  heard: (event: Changed) => void,
): Promise<ClientRequest> {
  return new Promise((resolve, reject) => {
    const req = request({ host: '127.0.0.1', ...to, agent: new Agent({ keepAlive: true }) }, (res) => {
      if (res.statusCode !== 200) return reject(new Error(`${to.path}: ${res.statusCode}`));
      let text = '';
      res.setEncoding('utf8');
      res.on('data', (chunk: string) => {
        text += chunk;
        for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
          const [, data] = /^event: changed\ndata: (.*)$/s.exec(text.slice(0, end)) ?? [];
          if (data !== undefined) heard(JSON.parse(data) as Changed);
          text = text.slice(end + 2);
        }
      });
      resolve(req);
    });
    // Ended by whoever opened it.
    req.on('error', reject);
    req.end();
  });
}
