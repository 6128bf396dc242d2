import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

/** A page that keeps what must not happen on it. */
export type WatchedPage = {
  readonly page: Page;
  /** Dialogs, errors, requests to strangers, and what the Content-Security-Policy had to stop. */
  readonly complaints: readonly string[];
};

/** How long anything may take to show: the machine may be busy. */
export const patience = 30_000;

/** A new visitor's browser, in Shanghai and in Chinese. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext({
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    viewport: { width: 1280, height: 800 },
    reducedMotion: 'reduce',
    ...options,
  });
  context.setDefaultTimeout(patience);
  const complaints: string[] = [];
  await context.addInitScript(
    `addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      console.error('Content Security Policy stopped ' + violatedDirective + ' ' + blockedURI))`,
  );
  const page = await context.newPage();
  page.on('dialog', (dialog) => {
    complaints.push(`a dialog said: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('pageerror', (error) => complaints.push(error.stack ?? error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !isNetworkFailure(message.text())) complaints.push(message.text());
  });
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (protocol.startsWith('http') && hostname !== '127.0.0.1') complaints.push(`asked ${hostname}`);
  });
  return { page, complaints };
}

/** Waits until what is read is what is expected; fails with the last that was read. */
export async function eventually<T>(read: () => Promise<T>, expected: T, within = patience): Promise<void> {
  const deadline = Date.now() + within;
  for (;;) {
    const actual = await read();
    try {
      expect(actual).toEqual(expected);
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** The browser itself reports every request that failed, which is what happens while a server is down or refuses. */
function isNetworkFailure(text: string): boolean {
  return /^Failed to load resource: |^WebSocket connection to /.test(text);
}
