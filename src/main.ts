import { fileURLToPath } from 'node:url';
import { createApp } from './app.ts';
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
  await app.listen();
  const { firstAdmin, knowledge } = app;
  const admin =
    firstAdmin.kind === 'generated' ? { email: firstAdmin.agent.email, password: firstAdmin.password } : null;
  process.stdout.write(welcome({ url: config.publicUrl, articles: knowledge.size, faults: knowledge.faults, admin }));
}

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
