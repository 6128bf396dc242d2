import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request, type Agent } from 'node:http';
import { createInterface } from 'node:readline';

/** A server in a process of its own. */
export type Served = { readonly process: ChildProcess; readonly port: number };

/** Resolves when the server says on which port it listens. */
export async function startServer(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Served> {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const port = /(?:listening |127\.0\.0\.1:)(\d+)/.exec(line)?.[1];
    if (port) return { process: child, port: Number(port) };
  }
  throw new Error(`${args.join(' ')} ended before it listened.`);
}

/** Ends a server, and resolves when it has. */
export function stopServer({ process: child }: Served): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}

/** User and system time of a process so far; not a number where there is no /proc. */
export function cpuSeconds({ process: { pid } }: Pick<Served, 'process'>): number {
  try {
    const fields = readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return Number.NaN;
  }
}

export type Asked = {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
};

/** One request over kept connections, and what came back. */
export function ask(
  to: { readonly port: number; readonly agent: Agent },
  { method, path, headers = {}, body }: Asked,
): Promise<{ readonly status: number; readonly text: string }> {
  const payload = body === undefined ? null : Buffer.from(JSON.stringify(body));
  const sent = payload
    ? { ...headers, 'content-type': 'application/json', 'content-length': String(payload.length) }
    : headers;
  return new Promise((resolve, reject) => {
    const req = request({ host: '127.0.0.1', port: to.port, agent: to.agent, path, method, headers: sent }, (res) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('end', () => resolve({ status: res.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
    });
    req.on('error', reject);
    req.end(payload);
  });
}

/** The value below which a share of them lies; not a number of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}
