import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';

/** The project's folder. */
export const root = join(__dirname, '../../..');

/** Sees to it that dist/ is what the sources say, as `npm start` does, and builds only what is not. Throws what the build complained of. */
export function ensureBuilt(): void {
  const serverSources = ['bots', 'src', 'package.json', 'tsconfig.json', 'tsconfig.build.json'];
  if (!isNewer('dist/tsconfig.tsbuildinfo', serverSources) || !existsSync(join(root, 'dist/src/main.js'))) {
    npmRun('build:server');
    // Left as it is by a compiler that finds nothing to do.
    const now = new Date();
    utimesSync(join(root, 'dist/tsconfig.tsbuildinfo'), now, now);
  }
  ensurePagesBuilt();
}

/** The same for what browsers get alone. */
export function ensurePagesBuilt(): void {
  const pages = ['dist/web/widget.js', 'dist/web/index.html', 'dist/web/console/index.html'];
  const pageSources = ['src/widget', 'src/web', 'src/console', 'package.json', 'vite.config.ts'];
  if (!pages.every((page) => isNewer(page, pageSources))) npmRun('build:web');
}

function isNewer(built: string, sources: readonly string[]): boolean {
  const path = join(root, built);
  return (
    existsSync(path) && statSync(path).mtimeMs > Math.max(...sources.map((source) => newestIn(join(root, source))))
  );
}

function newestIn(path: string): number {
  const { mtimeMs } = statSync(path);
  // A folder's own time tells of files that went.
  if (!statSync(path).isDirectory()) return mtimeMs;
  return Math.max(mtimeMs, ...readdirSync(path).map((name) => newestIn(join(path, name))));
}

function npmRun(script: string): void {
  try {
    execFileSync('npm', ['run', '-s', script], { cwd: root, stdio: 'pipe' });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: Buffer; stderr?: Buffer };
    throw new Error(`npm run ${script} failed:\n${String(stdout ?? '')}${String(stderr ?? '')}`, { cause: error });
  }
}
