import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { eventually, openPage, type WatchedPage } from './watched-page.ts';

/** A customer on the demo page, who sees what is on the screen and has a keyboard and a mouse. */
export class Customer {
  readonly page: Page;
  readonly complaints: readonly string[];

  private constructor({ page, complaints }: WatchedPage) {
    this.page = page;
    this.complaints = complaints;
  }

  static async arrives(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Customer> {
    const customer = new Customer(await openPage(browser, options));
    await customer.page.goto(url);
    await customer.launcher.waitFor();
    return customer;
  }

  /** Opens the chat for the first time, and is greeted. */
  async opensChat(): Promise<void> {
    await this.opensChatOf('我是智能客服小知');
  }

  /** The same with a bot that greets otherwise. */
  async opensChatOf(greeting: string): Promise<void> {
    await this.launcher.click();
    await this.hears(greeting);
  }

  get launcher(): Locator {
    return this.page.locator('#zhike-widget .launcher');
  }

  get panel(): Locator {
    return this.page.locator('#zhike-widget').getByRole('dialog');
  }

  get log(): Locator {
    return this.panel.getByRole('log');
  }

  get field(): Locator {
    return this.panel.getByRole('textbox', { name: '输入消息' });
  }

  async says(text: string): Promise<void> {
    await this.field.fill(text);
    await this.field.press('Enter');
  }

  /** Presses a key without saying anything yet. */
  async types(text: string): Promise<void> {
    await this.field.pressSequentially(text);
  }

  async presses(name: string): Promise<void> {
    await this.panel.getByRole('button', { name, exact: true }).click();
  }

  /** Somebody other than the customer says something that contains the text. */
  async hears(text: string): Promise<void> {
    await this.log.locator('.row[data-side="theirs"]').filter({ hasText: text }).last().waitFor();
  }

  /** Something stands anywhere in the chat window. */
  async sees(text: string): Promise<void> {
    await this.panel.getByText(text).last().waitFor();
  }

  async sends(file: { readonly name: string; readonly mimeType: string; readonly buffer: Buffer }): Promise<void> {
    await this.panel.locator('input[type=file]').setInputFiles(file);
    await this.panel.locator('.staged li').waitFor();
    await this.presses('发送');
  }

  /** Waits until the conversation on the screen, from its first line on, is exactly this. Articles stand in 《》. */
  async reads(expected: readonly string[]): Promise<void> {
    await eventually(() => this.transcript(), expected);
  }

  async transcript(): Promise<readonly string[]> {
    return this.log.locator('.row:not(:has(.typing)), .status').evaluateAll((rows) => {
      const textOf = (row: Row, selector: string) => row.querySelector(selector)?.textContent ?? null;
      return (rows as unknown as Row[]).map((row) => {
        if (row.matches('.status')) return `— ${row.textContent}`;
        const speaker = row.dataset.side === 'ours' ? '我' : textOf(row, '.byline b, .unseen b');
        const article = textOf(row, '.article');
        const picture = row.querySelector('img')?.getAttribute('alt');
        return `${speaker}：${article ? `《${article}》` : (textOf(row, '.bubble .plain, .bubble .markdown') ?? `[${picture}]`)}`;
      });
    });
  }

  /** Everything the customer said has arrived. */
  async hasNothingUnsent(): Promise<void> {
    await eventually(() => this.log.locator('.row[data-state="sending"], .row[data-state="failed"]').count(), 0);
  }

  /** The buttons below the last message. */
  async isOffered(titles: readonly string[]): Promise<void> {
    await eventually(() => this.log.locator('.choice').allInnerTexts(), [...titles]);
  }

  /** A button among those below the last message. */
  async isOfferedAmongOthers(title: string): Promise<void> {
    await eventually(async () => (await this.log.locator('.choice').allInnerTexts()).includes(title), true);
  }

  /** Whether the title of the last answer from this article is in the visible part of the log. */
  async showsTopOf(article: string): Promise<boolean> {
    const title = await this.log.locator('.article').filter({ hasText: article }).last().boundingBox();
    const log = await this.log.boundingBox();
    if (!title || !log) return false;
    return title.y >= log.y && title.y + title.height <= log.y + log.height;
  }

  async reloads(): Promise<void> {
    await this.page.reload();
    await this.launcher.click();
  }

  /** The server saves the next message, and the customer never hears of it. */
  async losesTheNextAnswer(meanwhile: () => Promise<void>): Promise<void> {
    await this.page.route(
      '**/activities',
      async (route) => {
        expect((await route.fetch()).status()).toBe(200);
        await meanwhile();
        await route.abort();
      },
      { times: 1 },
    );
  }

  async leaves(): Promise<void> {
    await this.page.context().close();
  }
}

type Row = {
  readonly dataset: Readonly<Record<string, string>>;
  readonly textContent: string;
  matches(selector: string): boolean;
  querySelector(selector: string): (Row & { getAttribute(name: string): string | null }) | null;
};
