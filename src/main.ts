import { fileURLToPath } from 'node:url';
import { createApp, type App } from './app.ts';
import { ConfigError, loadConfig, secretKeyOf, type Config } from './config.ts';
import { createLogger } from './log.ts';
import { createMetrics } from './metrics.ts';
import { welcome } from './welcome.zh.ts';

/** Beside dist/src/main.js; the same folder when the sources run as they are. */
const pagesDir = fileURLToPath(new URL(import.meta.url.includes('/dist/') ? '../web' : '../dist/web', import.meta.url));

await main();

async function main(): Promise<void> {
  const config = readConfigOrExit();
  const log = createLogger(config.logLevel);
  const app = await createApp({
    config,
    secretKey: secretKeyOf(config),
    log,
    metrics: createMetrics(),
    pagesDir,
    learns: true,
  });
  const stop = (): void =>
    void app.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'did not stop cleanly');
        process.exit(1);
      },
    );
  process.once('SIGTERM', stop).once('SIGINT', stop);
  const { knowledge } = app;
  const firstAdmin = await listenOrExit(app, config);
  const admin =
    firstAdmin.kind === 'generated' ? { email: firstAdmin.agent.email, password: firstAdmin.password } : null;
  process.stdout.write(welcome({ url: config.publicUrl, articles: knowledge.size, faults: knowledge.faults, admin }));
}

/** Says which port is taken, rather than where in the program that was found out. */
async function listenOrExit(app: App, { port, host }: Config): ReturnType<App['listen']> {
  try {
    return await app.listen();
  } catch (error) {
    const reason = listenFaults[(error as NodeJS.ErrnoException).code ?? ''];
    if (reason === undefined) throw error;
    process.stderr.write(`PORT ${port} on HOST ${host} can't be used: ${reason}.\n`);
    process.exit(2);
  }
}

const listenFaults: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program has it; stop that, or set PORT to another',
  EACCES: 'the system keeps it for administrators; set PORT to one above 1023',
  EADDRNOTAVAIL: 'this machine has no such address; set HOST to one it has',
};

/** Refuses to start with the whole list of what is wrong. */
function readConfigOrExit(): Config {
  try {
    return loadConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
}
