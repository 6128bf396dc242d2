import type { Browser, Page } from 'playwright-core';
import { createTokens } from '../../src/channels/direct-line/tokens.ts';
import { findBrowser, launchBrowser } from '../support/browser.ts';
import { customersOf } from './desk-life.ts';
import type { SeededDesk } from './desk-seed.ts';
import { median } from './served.ts';

type Desk = { readonly port: number; readonly secretKey: string; readonly desk: SeededDesk };

/** Milliseconds from a customer's POST to their words on the screen of a real browser, while the desk goes on living. */
export async function measureScreen(desk: Desk): Promise<void> {
  if (!findBrowser()) return console.log('  to the screen of a browser: not measured, there is none');
  const browser = await launchBrowser();
  try {
    const times = await timesOnScreen(browser, desk);
    console.log(
      `  to the words on the screen of Chromium: median ${median(times).toFixed(0)} ms, ` +
        `longest ${Math.max(...times).toFixed(0)} (${times.length})`,
    );
  } catch (error) {
    console.log(`  to the screen of a browser: not measured: ${String(error).slice(0, 300)}`);
  } finally {
    await browser.close();
  }
}

const messages = 20;

async function timesOnScreen(browser: Browser, { port, secretKey, desk }: Desk): Promise<readonly number[]> {
  // Nobody else writes to this one, or ends it.
  const open = desk.assigned[900];
  const owner = desk.agents.find(({ id }) => id === open?.owner?.id);
  if (!open || !owner) throw new Error('Nobody is served.');
  const url = `http://127.0.0.1:${port}`;
  const context = await browser.newContext({ locale: 'zh-CN' });
  await context.addCookies([{ name: 'zhike_agent', value: owner.cookie, url }]);
  const page = await context.newPage();
  await page.goto(`${url}/console#${encodeURIComponent(open.id)}`);
  await page.locator('.conversation').getByRole('log').waitFor({ timeout: 15_000 });
  const customers = customersOf(port, createTokens({ secret: secretKey, now: Date.now }));
  const times: number[] = [];
  for (let count = 0; count < messages; count++) {
    const text = `上屏 ${count} ${open.id}`;
    const shown = shownAt(page, text);
    // A rate that the desk allows one customer.
    await page.waitForTimeout(700);
    const began = Date.now();
    await customers.write(open, text);
    times.push((await shown) - began);
  }
  return times;
}

/** When a text stood in the log and had been painted, on the clock of this machine. */
function shownAt(page: Page, text: string): Promise<number> {
  return page.evaluate(`new Promise((resolve, reject) => {
    const isThere = () => document.querySelector('.conversation [role=log]')?.textContent.includes(${JSON.stringify(text)});
    const watch = new MutationObserver(() => {
      if (!isThere()) return;
      watch.disconnect();
      requestAnimationFrame(() => setTimeout(() => resolve(Date.now())));
    });
    watch.observe(document.body, { subtree: true, childList: true, characterData: true });
    setTimeout(() => reject(new Error('not shown within ten seconds')), 10000);
  })`);
}
