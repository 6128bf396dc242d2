import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const usualPlaces = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The browser for end-to-end tests: CHROMIUM_PATH, or one in a usual place; null where there is none. */
export function findBrowser(): string | null {
  const named = process.env['CHROMIUM_PATH'];
  const found = [...(named ? [named] : usualPlaces)].find((path) => existsSync(path)) ?? null;
  if (!found && process.env['REQUIRE_BROWSER'] === '1') {
    throw new Error('REQUIRE_BROWSER=1, but there is no browser: set CHROMIUM_PATH to a Chromium.');
  }
  return found;
}

/** `describe`, or with one line of warning `describe.skip` where there is no browser. */
export function describeInBrowser(name: string, body: () => void): void {
  if (findBrowser()) return describe(name, body);
  console.warn(`${name}: skipped, as there is no browser (set CHROMIUM_PATH to a Chromium).`);
  describe.skip(name, body);
}

/** A headless browser that asks nothing of the outside world. Call only inside `describeInBrowser`. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = findBrowser();
  if (!executablePath) throw new Error('There is no browser.');
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] });
}
