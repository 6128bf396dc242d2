import type { Browser, Locator, Page } from 'playwright-core';
import type { NewAgent } from '../../../src/handoff/agents.ts';
import type { Settings, SettingsSection } from '../../../src/handoff/settings/settings.ts';
import { Agent } from './agent.ts';

/** Somebody who sees to the desk: an agent with one section more. */
export class Supervisor {
  readonly agent: Agent;

  private constructor(agent: Agent) {
    this.agent = agent;
  }

  static async signsIn(
    browser: Browser,
    url: string,
    account: Pick<NewAgent, 'email' | 'password'>,
  ): Promise<Supervisor> {
    return new Supervisor(await Agent.signsIn(browser, url, { account }));
  }

  get complaints(): readonly string[] {
    return this.agent.complaints;
  }

  get page(): Page {
    return this.agent.page;
  }

  get section(): Locator {
    return this.page.getByRole('main', { name: '主管台' });
  }

  /** A part of the board, by its heading. */
  panel(title: string): Locator {
    return this.section
      .locator('section')
      .filter({ has: this.page.getByRole('heading', { name: new RegExp(`^${title}`) }) });
  }

  async opensBoard(): Promise<void> {
    await this.page.getByRole('link', { name: '主管台' }).click();
    await this.section.getByText('在排队').first().waitFor();
  }

  /** Changes a section of the settings, as their page does it. */
  async sets<Section extends SettingsSection>(section: Section, change: Partial<Settings[Section]>): Promise<void> {
    const status = await this.page.evaluate(
      async ([address, changed]) => {
        const { value, version } = (await (await fetch(address)).json()) as { value: object; version: number };
        const body = JSON.stringify({ value: { ...value, ...changed }, version });
        const headers = { 'content-type': 'application/json' };
        return (await fetch(address, { method: 'POST', headers, body })).status;
      },
      [`/api/console/settings/${section}`, change as object] as const,
    );
    expect(status).toBe(200);
  }

  leaves(): Promise<void> {
    return this.agent.leaves();
  }
}
