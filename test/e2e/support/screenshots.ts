import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import type { NewAgent } from '../../../src/handoff/agents.ts';
import { Agent } from './agent.ts';
import { root } from './build.ts';
import { Customer } from './customer.ts';
import { NamedCustomer } from './named-customer.ts';
import type { ServedDesk } from './served-desk.ts';
import { Supervisor } from './supervisor.ts';
import { eventually } from './watched-page.ts';

const folder = join(root, 'test/e2e/screenshots');
const dark: BrowserContextOptions = { colorScheme: 'dark' };
/** With an answer that fits into the window. */
const shortAnswer = '可以送货上门吗，不想放驿站';
const phone: BrowserContextOptions = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 };

type Account = Pick<NewAgent, 'email' | 'password'>;

/** The pictures of the README: the widget, the console and the board at work, light and dark. Wants a desk where nobody waits. */
export async function takeScreenshots(
  browser: Browser,
  desk: ServedDesk,
  accounts: { readonly agent: Account; readonly supervisor: Account },
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await takeWidget(browser, desk, { name: 'widget', asks: shortAnswer });
  await takeWidget(browser, desk, { name: 'widget-dark', asks: shortAnswer, ...dark });
  await takeWidget(browser, desk, { name: 'widget-phone', asks: '退款多久到账', ...phone });
  await takeConsole(browser, desk, accounts);
}

async function takeWidget(
  browser: Browser,
  desk: ServedDesk,
  { name, asks, ...options }: BrowserContextOptions & { name: string; asks: string },
): Promise<void> {
  const customer = await Customer.arrives(browser, desk.url, options);
  await customer.opensChat();
  await customer.says(asks);
  await customer.log.locator('.choice').first().waitFor();
  await customer.page.screenshot({ path: join(folder, `${name}.png`) });
  await customer.leaves();
}

async function takeConsole(
  browser: Browser,
  desk: ServedDesk,
  accounts: { readonly agent: Account; readonly supervisor: Account },
): Promise<void> {
  const agent = await Agent.signsIn(browser, desk.url, { account: accounts.agent });
  const zhou = await NamedCustomer.arrives(desk, '周雨桐');
  await zhou.asks('退款多久到账');
  await zhou.asks('都十天了，还是没解决我的问题');
  await agent.claims('都十天了，还是没解决我的问题');
  await agent.says('周女士您好，我是小林，退款的事我来跟进。');
  await zhou.says('订单尾号 8823，退到银行卡的。');
  await agent.sees('订单尾号 8823，退到银行卡的。');
  await agent.notes('财务：银行卡原路退回失败，已改退余额，今天到。');
  await agent.says('查到了：银行卡原路退回没有成功，今天会改退到账户余额，到账后给您发短信。');

  for (const [name, question, lastWords] of waiting) {
    const customer = await NamedCustomer.arrives(desk, name);
    await customer.asks(question);
    await customer.says(lastWords);
    await agent.card(lastWords).filter({ hasText: name }).waitFor();
  }
  // Notices go by themselves.
  await eventually(() => agent.page.locator('.notice').count(), 0);
  await agent.page.screenshot({ path: join(folder, 'console.png') });
  await agent.page.emulateMedia(dark);
  await agent.page.screenshot({ path: join(folder, 'console-dark.png') });
  await takeBoard(browser, desk, accounts.supervisor);
  await agent.page.emulateMedia({ colorScheme: 'light' });
  await agent.page.setViewportSize({ width: 390, height: 844 });
  await agent.page.screenshot({ path: join(folder, 'console-phone.png') });
  await agent.page.getByRole('button', { name: '返回列表' }).click();
  await agent.leaves();
}

async function takeBoard(browser: Browser, desk: ServedDesk, account: Account): Promise<void> {
  const supervisor = await Supervisor.signsIn(browser, desk.url, account);
  await supervisor.opensBoard();
  await supervisor.page.screenshot({ path: join(folder, 'board.png') });
  await supervisor.page.emulateMedia(dark);
  await supervisor.page.screenshot({ path: join(folder, 'board-dark.png') });
  await supervisor.leaves();
}

const waiting = [
  ['陈思远', '吹风机坏了怎么修', '转人工'],
  ['林怡君', '運費怎麼算', '轉人工'],
  ['何先生', '恐龙为什么灭绝', '勾股定理怎么证明'],
] as const;
