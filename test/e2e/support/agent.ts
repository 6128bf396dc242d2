import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import type { NewAgent } from '../../../src/handoff/agents.ts';
import { eventually, openPage, type WatchedPage } from './watched-page.ts';

/** An agent at the console, who sees what is on the screen. */
export class Agent {
  readonly page: Page;
  readonly complaints: readonly string[];

  private constructor({ page, complaints }: WatchedPage) {
    this.page = page;
    this.complaints = complaints;
  }

  /** Signs in, and is known to be there. */
  static async signsIn(
    browser: Browser,
    url: string,
    { account, ...options }: BrowserContextOptions & { account: Pick<NewAgent, 'email' | 'password'> },
  ): Promise<Agent> {
    const agent = new Agent(await openPage(browser, options));
    const { page } = agent;
    await page.goto(`${url}/console`);
    await page.getByLabel('邮箱').fill(account.email);
    await page.getByLabel('密码', { exact: true }).fill(account.password);
    await page.getByRole('button', { name: '登录' }).click();
    await page.locator('.online-online').waitFor();
    return agent;
  }

  get conversation(): Locator {
    return this.page.locator('.conversation');
  }

  get log(): Locator {
    return this.conversation.getByRole('log');
  }

  /** Beside the conversation: who the customer is, and why they are here. */
  get side(): Locator {
    return this.page.getByRole('complementary', { name: '客户与知识库' });
  }

  /** The list's entry of the conversation in which this was said last. */
  card(lastWords: string): Locator {
    return this.page.locator('.card').filter({ has: this.page.locator('.card-text', { hasText: lastWords }) });
  }

  async chooses(view: '排队' | '我的' | '进行中' | '已解决'): Promise<void> {
    await this.page.getByRole('tab', { name: view }).click();
  }

  async opens(lastWords: string): Promise<void> {
    await this.card(lastWords).click();
    await this.log.waitFor();
  }

  /** Opens it and takes it. */
  async claims(lastWords: string): Promise<void> {
    await this.opens(lastWords);
    await this.presses('接入');
    await this.conversation.getByText('我在接待').waitFor();
  }

  /** Presses a button of the conversation; a key may be printed on it behind its name. */
  async presses(name: string): Promise<void> {
    await this.conversation.getByRole('button', { name: new RegExp(`^${name}( ?[A-Z])?$`) }).click();
  }

  /** Types without sending. */
  async types(text: string): Promise<void> {
    await this.conversation.getByRole('textbox', { name: '回复' }).pressSequentially(text);
  }

  async says(text: string): Promise<void> {
    const field = this.conversation.getByRole('textbox', { name: '回复' });
    await field.fill(text);
    await field.press('Enter');
  }

  /** Leaves a note, and goes back to replying. */
  async notes(text: string): Promise<void> {
    await this.conversation.getByRole('radio', { name: '备注' }).click();
    const field = this.conversation.getByRole('textbox', { name: '备注' });
    await field.fill(text);
    await field.press('Enter');
    await this.log.locator('.message-note:not(.message-sending)').filter({ hasText: text }).waitFor();
    await this.conversation.getByRole('radio', { name: '回复' }).click();
  }

  /** Gives it to a colleague, with a word for them. */
  async transfers(to: string, note: string): Promise<void> {
    await this.presses('转接');
    const dialog = this.page.getByRole('dialog', { name: '转接会话' });
    await dialog.getByRole('option').filter({ hasText: to }).click();
    await dialog.getByRole('textbox', { name: '给接手人的备注' }).fill(note);
    await dialog.getByRole('button', { name: `转给 ${to}` }).click();
    await this.isTold(`已转给 ${to}`);
  }

  /** Writes a note in a conversation that a colleague has, without saving it. */
  async beginsNote(text: string): Promise<void> {
    await this.presses('备注');
    await this.conversation.getByRole('textbox', { name: '备注' }).pressSequentially(text);
  }

  async resolves(): Promise<void> {
    await this.presses('结束会话');
    await this.page.getByRole('dialog', { name: '结束这个会话？' }).getByRole('button', { name: '结束会话' }).click();
    await this.isTold('会话已结束');
  }

  async isTold(notice: string): Promise<void> {
    await this.page.locator('.notice').filter({ hasText: notice }).waitFor();
  }

  async sees(text: string): Promise<void> {
    await this.page.getByText(text).last().waitFor();
  }

  /** Waits until the open conversation, from its first line on, is exactly this. */
  async reads(expected: readonly string[]): Promise<void> {
    await eventually(() => this.transcript(), expected);
  }

  async transcript(): Promise<readonly string[]> {
    return this.log.locator('.message, .change-words, .verdict').evaluateAll((rows) =>
      (rows as unknown as Row[]).map((row) => {
        if (row.matches('.change-words, .verdict')) return `— ${row.textContent}`;
        const role = ['customer', 'bot', 'agent', 'note'].find((one) => row.matches(`.message-${one}`));
        const article = row.querySelector('.answer-title')?.textContent;
        const picture = row.querySelector('img:not(.markdown img)')?.getAttribute('alt');
        return `${role}：${article ?? row.querySelector('.said, .markdown')?.textContent ?? `[${picture}]`}`;
      }),
    );
  }

  /** Closes the laptop: nothing is said to anybody. */
  async vanishes(): Promise<void> {
    await this.page.context().close();
  }

  /** Signs out, so that nobody counts on them, and closes the browser. */
  async leaves(): Promise<void> {
    if (this.page.isClosed()) return;
    await this.page.getByRole('button', { name: '退出登录' }).click();
    await this.page.getByRole('button', { name: '登录', exact: true }).waitFor();
    await this.page.context().close();
  }
}

type Row = {
  readonly textContent: string;
  matches(selector: string): boolean;
  querySelector(selector: string): (Row & { getAttribute(name: string): string | null }) | null;
};
