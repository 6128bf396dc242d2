import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import type { NewAgent } from '../../../src/handoff/agents.ts';
import { openPage, type WatchedPage } from './watched-page.ts';

/** Somebody who looks after the articles, in the console's knowledge section. */
export class Editor {
  readonly page: Page;
  readonly complaints: readonly string[];

  private constructor({ page, complaints }: WatchedPage) {
    this.page = page;
    this.complaints = complaints;
  }

  /** Opens an address of the console, is asked to sign in, and arrives there. */
  static async signsIn(
    browser: Browser,
    url: string,
    { account, at = '', ...options }: BrowserContextOptions & { account: NewAgent; at?: string },
  ): Promise<Editor> {
    const editor = new Editor(await openPage(browser, options));
    const { page } = editor;
    await page.goto(`${url}/console${at}`);
    await page.getByLabel('邮箱').fill(account.email);
    await page.getByLabel('密码', { exact: true }).fill(account.password);
    await page.getByRole('button', { name: '登录' }).click();
    await editor.section.waitFor();
    return editor;
  }

  get section(): Locator {
    return this.page.getByRole('main', { name: '知识库' });
  }

  get field(): Locator {
    return this.section.getByRole('textbox', { name: '客户的问题' });
  }

  /** What the bot would do with the question last asked, and why. */
  get outcome(): Locator {
    return this.section.locator('.outcome');
  }

  async goes(view: '试问' | '内容缺口' | '建议问法' | '质量'): Promise<void> {
    await this.section.getByRole('link', { name: view, exact: true }).click();
  }

  async asks(question: string): Promise<void> {
    await this.field.fill(question);
    await this.field.press('Enter');
  }

  async sees(text: string): Promise<void> {
    await this.section.getByText(text).first().waitFor();
  }

  /** The content gap or the proposed wording that says this. */
  item(words: string): Locator {
    return this.section.locator('[data-item]').filter({ hasText: words });
  }

  async presses(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  async isTold(notice: string): Promise<void> {
    await this.page.locator('.notice').filter({ hasText: notice }).waitFor();
  }

  async leaves(): Promise<void> {
    await this.page.context().close();
  }
}
