import { createServer, type Server } from 'node:http';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { openLine, says, type Line } from '../channels/direct-line/line.ts';
import { describeInBrowser, launchBrowser } from '../support/browser.ts';

/*
 * Microsoft's own chat page, as published, on another origin than ours, against our server.
 */

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

describeInBrowser('botframework-webchat', () => {
  let line: Line;
  let shop: Server;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  beforeEach(async () => {
    complaints.length = 0;
    shop = await serveShop();
    const { port } = shop.address() as AddressInfo;
    const origin = `http://127.0.0.1:${port}`;
    line = await openLine({
      allowedOrigins: [origin],
      script: (text) =>
        text === '选项'
          ? {
              replies: [
                says('您想问哪一个？', { choices: [{ kind: 'question', title: '运费', value: '运费怎么算' }] }),
              ],
            }
          : { replies: [says(`收到：${text}`)] },
    });
    page = await (await browser.newContext({ locale: 'zh-CN' })).newPage();
    page.on('request', (request) => {
      const { hostname, protocol } = new URL(request.url());
      if (protocol.startsWith('http') && hostname !== '127.0.0.1') complaints.push(`asked ${hostname}`);
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`${origin}/?server=${encodeURIComponent(line.url)}`);
    await rows(['您好，我是小知。']);
  });

  afterEach(async () => {
    await page.context().close();
    await line.close();
    shop.closeAllConnections();
    shop.close();
    expect(complaints).toEqual([]);
  });

  test('is greeted, marks what it says as sent, and shows the reply', async () => {
    await say('你好');
    await rows(['您好，我是小知。', '你好', '收到：你好']);
    await sentIsMarked(1);
    await say('再问');
    await rows(['您好，我是小知。', '你好', '收到：你好', '再问', '收到：再问']);
    await sentIsMarked(2);
  });

  test('shows our choices as buttons, and says what they say', async () => {
    await say('选项');
    const button = page.getByRole('toolbar').getByRole('button', { name: '运费' });
    await button.click();
    await rows(['您好，我是小知。', '选项', '您想问哪一个？', '运费怎么算', '收到：运费怎么算']);
    await button.waitFor({ state: 'detached' });
  });

  test('uploads an image with a Chinese name and shows it from our server', async () => {
    await page.locator('input[type=file]').setInputFiles({ name: '截图 一.png', mimeType: 'image/png', buffer: png });
    await page.waitForFunction('window.attached() === 1');
    await page.getByRole('button', { name: '发送' }).click();
    const image = page.locator(`.webchat__basic-transcript__activity img[src^="${line.url}/v3/directline/"]`).first();
    await image.waitFor();
    const width = image.evaluate((element) => (element as unknown as { naturalWidth: number }).naturalWidth);
    await expect(width).resolves.toBe(1);
    await sentIsMarked(1);
    const conversation = await onlyConversation();
    const stored = await line.log.read(conversation, 1, 10);
    expect(stored[0]).toMatchObject({
      attachments: [{ name: '截图 一.png', contentType: 'image/png', size: png.length }],
    });
  });

  test('hears after a dropped line what it missed, once', async () => {
    await say('一');
    await rows(['您好，我是小知。', '一', '收到：一']);
    await page.evaluate('window.cutLine()');
    // Nobody is listening now: the answer is only in the log.
    await say('二');
    await rows(['您好，我是小知。', '一', '收到：一', '二', '收到：二']);
    await sentIsMarked(2);
  });

  test('goes on after its token expired, with what was on the screen', async () => {
    await say('一');
    await rows(['您好，我是小知。', '一', '收到：一']);
    line.passes(13 * 3600_000);
    const renewed = page.waitForResponse((response) => response.url().endsWith('/api/chat/token'));
    await say('过期了');
    expect((await renewed).status()).toBe(200);
    await page.waitForFunction('window.clients === 2');
    await say('回来了');
    await page.getByText('收到：回来了', { exact: true }).waitFor();
    const texts = await transcript();
    expect(texts.slice(0, 3)).toEqual(['您好，我是小知。', '一', '收到：一']);
    expect(texts.filter((text) => text === '回来了')).toHaveLength(1);
  });

  test('shows the history after a reload', async () => {
    await say('一');
    await rows(['您好，我是小知。', '一', '收到：一']);
    await page.reload();
    await rows(['您好，我是小知。', '一', '收到：一']);
    await say('二');
    await rows(['您好，我是小知。', '一', '收到：一', '二', '收到：二']);
  });

  async function say(text: string): Promise<void> {
    const box = page.locator('.webchat__send-box-text-box__input');
    await box.fill(text);
    await box.press('Enter');
  }

  function transcript(): Promise<string[]> {
    return page.locator('.webchat__basic-transcript__activity .webchat__bubble__content').allInnerTexts();
  }

  /** Waits until the transcript is exactly this. */
  async function rows(expected: readonly string[]): Promise<void> {
    await page
      .locator('.webchat__basic-transcript__activity')
      .filter({ hasText: expected.at(-1) ?? '' })
      .last()
      .waitFor();
    await page.waitForFunction(
      `document.querySelectorAll('.webchat__basic-transcript__activity .webchat__bubble__content').length >= ${expected.length}`,
    );
    expect((await transcript()).map((text) => text.trim())).toEqual(expected);
  }

  /** No message of ours is still on its way or failed. */
  async function sentIsMarked(count: number): Promise<void> {
    await page.waitForFunction(`window.sent().join() === Array(${count}).fill('sent').join()`);
    expect(await page.getByText('发送失败').count()).toBe(0);
  }

  async function onlyConversation(): Promise<string> {
    const all = await line.log.list({ statuses: ['bot', 'queued', 'assigned', 'resolved'], limit: 10 });
    expect(all).toHaveLength(1);
    return all[0]?.id ?? '';
  }
});

/** A shop's page that embeds the published bundle and recovers as its documents say. */
async function serveShop(): Promise<Server> {
  const bundle = join(process.cwd(), 'node_modules/botframework-webchat/dist/webchat-minimal.js');
  const files: Record<string, [string, string | Buffer]> = {
    '/': [
      'text/html; charset=utf-8',
      '<!doctype html><html lang="zh-Hans"><meta name="viewport" content="width=device-width"><body><div id="chat" style="height:600px"></div><script src="/webchat.js"></script><script src="/shop.js"></script></body></html>',
    ],
    '/webchat.js': ['text/javascript', await readFile(bundle)],
    '/shop.js': ['text/javascript; charset=utf-8', shopScript],
  };
  const server = createServer((request, response) => {
    const [type, body] = files[new URL(`http://x${request.url}`).pathname] ?? ['text/plain', null];
    // Not chained: restify replaces writeHead for the whole process, and its own returns nothing.
    response.writeHead(body ? 200 : 404, { 'content-type': type });
    response.end(body ?? '');
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return server;
}

const shopScript = `
// The pause before a reconnect is 3 s + random × 12 s, drawn once: keep it at 3 s.
const random = Math.random;
Math.random = () => random() * 1e-9;

const sockets = [];
const Native = WebSocket;
window.WebSocket = class extends Native {
  constructor(...args) { super(...args); sockets.push(this); }
};
window.cutLine = () => sockets.at(-1).close();

const server = new URLSearchParams(location.search).get('server');
const store = WebChat.createStore();
window.clients = 0;
window.sent = () => store.getState().activities
  .filter(({ from }) => from.role === 'user')
  .map(({ channelData }) => channelData['webchat:send-status'] ?? channelData.state);

window.attached = () => store.getState().sendBoxAttachments.length;

async function visit() {
  const visitor = localStorage.getItem('visitor');
  const answer = await fetch(server + '/api/chat/token', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(visitor ? { visitor } : {}),
  });
  const session = await answer.json();
  localStorage.setItem('visitor', session.visitor);
  return session;
}

async function open(before) {
  const { token, conversationId } = await visit();
  const directLine = WebChat.createDirectLine({
    token,
    domain: server + '/v3/directline',
    ...(before ? { conversationId, watermark: before.watermark } : {}),
  });
  let renewing = false;
  directLine.connectionStatus$.subscribe((status) => {
    if (status !== 3 || renewing) return;
    renewing = true;
    open(directLine);
  });
  WebChat.renderWebChat({ directLine, store, locale: 'zh-CN', styleOptions: { bubbleBorderRadius: 4 } }, document.getElementById('chat'));
  window.clients++;
}
open(null);
`;
