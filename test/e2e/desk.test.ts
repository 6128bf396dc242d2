import type { Browser, BrowserContextOptions } from 'playwright-core';
import { phrasesFor } from '../../bots/phrases.zh.ts';
import type { NewAgent } from '../../src/handoff/agents.ts';
import { messages as widget } from '../../src/widget/messages/zh-Hans.ts';
import { describeInBrowser, launchBrowser } from '../support/browser.ts';
import { Agent } from './support/agent.ts';
import { Customer } from './support/customer.ts';
import { NamedCustomer } from './support/named-customer.ts';
import { takeScreenshots } from './support/screenshots.ts';
import { openServedDesk, type ServedDesk } from './support/served-desk.ts';
import { eventually } from './support/watched-page.ts';

/*
 * The main job as people see it: the demo page and the console side by side in a real browser, against the server that
 * `npm start` starts.
 */

jest.setTimeout(120_000);

const account = (email: string, name: string): NewAgent => ({
  email,
  name,
  role: 'agent',
  password: 'correct horse battery',
});
const admin = account('admin@example.org', 'Admin');
const lin = account('lin@example.org', '小林');
const ming = account('ming@example.org', '阿明');
const evil = account('evil@example.org', '<svg onload=alert(1)>');

const bot = phrasesFor('zh-Hans');
const greeting = `智能客服：${bot.greeting}`;
const queued = `— ${widget.statusQueued}`;
/** With the expected wait behind it once enough customers have waited. */
const nextInLine = expect.stringContaining('您是下一位') as string;

describeInBrowser('the desk in a browser', () => {
  let desk: ServedDesk;
  let browser: Browser;
  let people: (Customer | Agent)[] = [];

  beforeAll(async () => {
    desk = await openServedDesk({ admin, agents: [lin, ming, evil] });
    [browser] = await Promise.all([launchBrowser(), desk.start()]);
  });

  afterAll(async () => {
    // Where the start failed, there is nothing to close.
    await browser?.close();
    if (desk) expect(await desk.close()).toEqual({ exitCode: 0, errors: [] });
  });

  afterEach(async () => {
    const complaints = people.flatMap((person) => person.complaints);
    await Promise.all(people.map((person) => person.leaves()));
    people = [];
    expect(complaints).toEqual([]);
  });

  it('answers a customer with the article, its follow-ups, and the question whether it helped', async () => {
    const customer = await newCustomer();
    await customer.says('退款多久到账');
    await customer.reads([greeting, '我：退款多久到账', '智能客服：《退款多久到账？》']);
    await customer.sees('支付宝、微信零钱 1–3 个工作日到账，银行卡 3–7 个工作日到账');
    await customer.isOffered(['退款会退到哪里？', '显示退款成功但没收到钱怎么办？']);
    // Longer than the window, it is read from its beginning.
    await eventually(() => customer.showsTopOf('退款多久到账？'), true);
    await customer.presses('有帮助');
    await customer.sees('感谢您的反馈');

    const agent = await newAgent(lin);
    await agent.chooses('进行中');
    await agent.opens('退款多久到账');
    await agent.sees('客户觉得《退款多久到账？》有帮助');

    await customer.presses('退款会退到哪里？');
    await customer.hears('原路');
    await customer.reloads();
    await customer.sees('感谢您的反馈');
  });

  it('hands a customer it cannot help to an agent, and takes up again when the agent is done', async () => {
    const agent = await newAgent(lin);
    const customer = await newCustomer();
    await customer.says('恐龙为什么灭绝');
    await customer.isOffered(['转人工']);
    await customer.says('勾股定理怎么证明');
    await customer.sees('您是下一位');

    const card = agent.card('勾股定理怎么证明');
    await card.locator('.tag').getByText('连续没答上').waitFor();
    await card.getByText('网页').waitFor();
    await agent.opens('勾股定理怎么证明');
    await agent.side.locator('.reason').getByText('连续没答上').waitFor();
    await agent.side.locator('.question').getByText('勾股定理怎么证明').waitFor();
    await agent.presses('接入');
    await agent.isTold('已接入');
    await customer.sees('小林 正在为您服务');

    await agent.types('您好');
    await customer.sees('小林 正在输入');
    await agent.says('您好，我是小林。');
    await customer.hears('您好，我是小林。');
    await customer.types('想问');
    await agent.log.getByText('正在输入').waitFor();
    await customer.says('想问一道几何题');
    await agent.notes('这位不是来买东西的');
    await agent.says('几何题我们帮不上，店里的事都可以问。');
    await customer.hears('店里的事都可以问');
    await agent.resolves();
    await customer.sees('本次人工服务已结束');
    await customer.says('谢谢');
    await customer.hears('不客气');
    await customer.says('满多少包邮');
    await customer.isOffered(['哪些地方算偏远地区？能送到吗？', '发货后几天能收到？']);

    await customer.reads([
      greeting,
      '我：恐龙为什么灭绝',
      `智能客服：${bot.rephrase}`,
      '我：勾股定理怎么证明',
      nextInLine,
      queued,
      '— 坐席 小林 已接入',
      '小林：您好，我是小林。',
      '我：想问一道几何题',
      '小林：几何题我们帮不上，店里的事都可以问。',
      `— ${widget.statusCompleted}`,
      `— ${widget.statusBot}`,
      '我：谢谢',
      `智能客服：${bot.smallTalk.thanks}`,
      '我：满多少包邮',
      '智能客服：《运费怎么收？满多少包邮？》',
    ]);
    await agent.reads([
      `bot：${bot.greeting}`,
      'customer：恐龙为什么灭绝',
      `bot：${bot.rephrase}`,
      'customer：勾股定理怎么证明',
      nextInLine,
      '— 机器人转人工：连续没答上',
      '— 我 接入会话',
      'agent：您好，我是小林。',
      'customer：想问一道几何题',
      'note：这位不是来买东西的',
      'agent：几何题我们帮不上，店里的事都可以问。',
      '— 我 结束会话',
      '— 客户再次来访，会话重新打开',
      'customer：谢谢',
      `bot：${bot.smallTalk.thanks}`,
      'customer：满多少包邮',
      'bot：《运费怎么收？满多少包邮？》',
    ]);
  });

  it('shows a customer who reloads the page all that was said, once, and goes on', async () => {
    const agent = await newAgent(lin);
    const customer = await newCustomer();
    await customer.says('转人工');
    await agent.claims('转人工');
    await agent.says('您好，请讲。');
    await customer.hears('您好，请讲。');
    await customer.field.fill('写了一半');
    await customer.reloads();
    await customer.sees('小林 正在为您服务');
    expect(await customer.field.inputValue()).toBe('写了一半');
    await customer.says('我的快递丢了');
    await agent.sees('我的快递丢了');
    await agent.says('马上为您查。');
    await customer.reads([
      greeting,
      '我：转人工',
      nextInLine,
      queued,
      '— 坐席 小林 已接入',
      '小林：您好，请讲。',
      '我：我的快递丢了',
      '小林：马上为您查。',
    ]);
    await agent.resolves();
  });

  it('loses and doubles nothing when the server is killed in the middle of a talk', async () => {
    const agent = await newAgent(lin);
    const customer = await newCustomer();
    await customer.says('转人工');
    await agent.claims('转人工');
    await customer.sees('小林 正在为您服务');
    // Saved, but the answer dies with the server.
    await customer.losesTheNextAnswer(() => desk.kill());
    await customer.says('断电时说的话');
    await customer.sees('连接中断，正在重新连接…');
    await agent.sees('连接断开，正在重连…');
    await customer.says('停电时说的话');
    await customer.sees('发送中');
    await agent.says('停电时的回复');
    await agent.sees('连上后自动发送');

    await desk.start();
    await agent.isTold('已重新连上');
    await customer.hears('停电时的回复');
    await customer.hasNothingUnsent();
    await customer.says('又好了');
    await agent.sees('又好了');
    await agent.says('好了');
    await customer.hears('好了');

    const said = await customer.transcript();
    expect(said.slice(0, 5)).toEqual([greeting, '我：转人工', nextInLine, queued, '— 坐席 小林 已接入']);
    // Who was first after the restart is not ours to say; the customer's own words keep their order.
    expect(said.slice(5).filter((line) => line.startsWith('我'))).toEqual([
      '我：断电时说的话',
      '我：停电时说的话',
      '我：又好了',
    ]);
    expect(said.slice(5).filter((line) => !line.startsWith('我'))).toEqual(['小林：停电时的回复', '小林：好了']);
    const seen = (await agent.transcript()).slice(5);
    expect(seen.filter((line) => line.startsWith('customer'))).toEqual([
      'customer：断电时说的话',
      'customer：停电时说的话',
      'customer：又好了',
    ]);
    expect(seen.filter((line) => line.startsWith('agent'))).toEqual(['agent：停电时的回复', 'agent：好了']);
    await agent.resolves();
  });

  it('gives a conversation that two agents take at once to one, and tells the other who has it', async () => {
    const [a, b] = await Promise.all([newAgent(lin), newAgent(ming)]);
    const customer = await newCustomer();
    await customer.says('转人工');
    await Promise.all([a.opens('转人工'), b.opens('转人工')]);
    await pressAtOnce([a, b], '接入');
    const outcomes = await Promise.all([a, b].map((agent) => agent.page.locator('.notice').innerText()));
    expect(outcomes.filter((outcome) => outcome.includes('已接入'))).toHaveLength(1);
    const [winner, loser] = outcomes[0]?.includes('已接入') ? [a, b] : [b, a];
    const name = winner === a ? lin.name : ming.name;
    expect(outcomes.join()).toContain(`已被 ${name} 接入`);
    await loser.conversation.getByText(`${name} 接待中`).waitFor();
    expect(await loser.conversation.getByRole('textbox', { name: '回复' }).count()).toBe(0);
    await winner.says('您好');
    await customer.reads([greeting, '我：转人工', nextInLine, queued, `— 坐席 ${name} 已接入`, `${name}：您好`]);
    await winner.resolves();
  });

  it('tells a customer that nobody is there, and keeps the request for whoever comes', async () => {
    const customer = await newCustomer();
    await customer.says('转人工');
    await customer.hears('现在没有坐席在线');
    await customer.sees('目前没有坐席在线。您的消息已保留');
    await customer.says('订单一直不发货');

    const agent = await newAgent(admin);
    await customer.sees('您是下一位');
    await agent.card('订单一直不发货').locator('.tag').getByText('客户要求人工').waitFor();
    await agent.claims('订单一直不发货');
    await agent.says('我来了');
    await customer.hears('我来了');
    await agent.resolves();
  });

  it('shows hostile words as words, to customers and agents alike', async () => {
    const payloads = [
      '<img src=x onerror=alert(1)>',
      '<script>alert(1)</script><iframe srcdoc="<script>parent.alert(1)</script>">',
      '[点我](javascript:alert(1)) ![x](x" onerror="alert(1))',
      '"><svg/onload=alert(1)> {{constructor.constructor("alert(1)")()}}',
      'https://example.com/"onmouseover="alert(1) javascript:alert(1)',
      '\u202Egnp.exe\u202C &lt;b&gt; <a href=javascript:alert(1)>',
    ];
    const agent = await newAgent(evil);
    const customer = await newCustomer();
    await customer.says('转人工');
    await agent.claims('转人工');
    await customer.sees(`${evil.name} 正在为您服务`);
    for (const payload of payloads) await customer.says(payload);
    await agent.sees(payloads.at(-1) ?? '');
    for (const payload of payloads) await agent.says(payload);
    await customer.hears(payloads.at(-1) ?? '');

    const said = await customer.transcript();
    expect(said.slice(5)).toEqual([
      ...payloads.map((payload) => `我：${payload}`),
      ...payloads.map((payload) => `${evil.name}：${payload}`),
    ]);
    expect((await agent.transcript()).slice(5)).toEqual([
      ...payloads.map((payload) => `customer：${payload}`),
      ...payloads.map((payload) => `agent：${payload}`),
    ]);
    for (const log of [customer.log, agent.log]) {
      expect(await log.locator('.bubble :is(img, script, iframe, svg)').count()).toBe(0);
      const links = await log
        .locator('.bubble a')
        .evaluateAll((all) => (all as unknown as { href: string }[]).map(({ href }) => href));
      expect(links.filter((href) => href !== 'https://example.com/')).toEqual([]);
    }
    await agent.resolves();

    await (await NamedCustomer.arrives(desk, payloads[0] ?? '')).asks('转人工');
    await agent.chooses('排队');
    await agent.card('转人工').getByText('<img src=x onerror=alert(1)>').waitFor();
    await agent.claims('转人工');
    await agent.side.getByText('<img src=x onerror=alert(1)>').waitFor();
    expect(await agent.page.locator('img[src=x]').count()).toBe(0);
    await agent.resolves();
  });

  it('shows a picture with a Chinese name to both', async () => {
    const agent = await newAgent(lin);
    const customer = await newCustomer();
    await customer.says('转人工');
    await agent.claims('转人工');
    await customer.sends({ name: '退货 照片（一）.png', mimeType: 'image/png', buffer: redDot });
    await eventually(async () => (await agent.transcript()).at(-1), 'customer：[退货 照片（一）.png]');
    await customer.hasNothingUnsent();
    await customer.reloads();
    await eventually(async () => (await customer.transcript()).at(-1), '我：[退货 照片（一）.png]');
    for (const log of [agent.log, customer.log]) {
      const picture = log.getByAltText('退货 照片（一）.png');
      await eventually(
        () => picture.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth),
        3,
      );
    }
    await agent.resolves();
  });

  it('can be used on a phone, with the keyboard alone', async () => {
    const customer = await newCustomer({ chat: 'closed', viewport: { width: 390, height: 844 } });
    const { keyboard } = customer.page;
    await pressUntilFocused(customer, 'Tab', '.launcher');
    await keyboard.press('Enter');
    await customer.hears('我是智能客服小知');
    expect(await customer.panel.boundingBox()).toEqual({ x: 0, y: 0, width: 390, height: 844 });
    expect(await customer.page.evaluate('document.documentElement.scrollWidth')).toBe(390);

    await keyboard.type('退款多久到账');
    await keyboard.press('Enter');
    await customer.isOffered(['退款会退到哪里？', '显示退款成功但没收到钱怎么办？']);
    await pressUntilFocused(customer, 'Shift+Tab', '.choice');
    await keyboard.press('Enter');
    await customer.hears('显示退款成功但没收到钱怎么办');
    await pressUntilFocused(customer, 'Tab', 'textarea');
    await keyboard.press('Escape');
    await customer.panel.waitFor({ state: 'hidden' });
    await customer.page.locator('.launcher:focus').waitFor();
  });

  if (process.env['UPDATE_SCREENSHOTS'] === '1') {
    it('is photographed for the README', async () => {
      // Without what the others left behind.
      const shop = await openServedDesk({ admin, agents: [lin, ming] });
      await shop.start();
      await takeScreenshots(browser, shop, { agent: lin, supervisor: admin }).finally(() => shop.close());
    });
  }

  async function newCustomer({
    chat = 'open',
    ...options
  }: BrowserContextOptions & { chat?: 'open' | 'closed' } = {}): Promise<Customer> {
    const customer = await Customer.arrives(browser, desk.url, options);
    people.push(customer);
    if (chat === 'open') await customer.opensChat();
    return customer;
  }

  async function newAgent(who: NewAgent, options: BrowserContextOptions = {}): Promise<Agent> {
    const agent = await Agent.signsIn(browser, desk.url, { account: who, ...options });
    people.push(agent);
    return agent;
  }

  /** Holds back what both ask of the server until both have asked. */
  async function pressAtOnce(agents: readonly Agent[], button: string): Promise<void> {
    let bothAsked = (): void => undefined;
    const together = new Promise<void>((resolve) => {
      bothAsked = resolve;
    });
    let asked = 0;
    for (const { page } of agents) {
      await page.route('**/claim', async (route) => {
        if (++asked === agents.length) bothAsked();
        await together;
        await route.continue();
      });
    }
    await Promise.all(agents.map((agent) => agent.presses(button)));
    await together;
  }

  async function pressUntilFocused({ page }: Customer, key: string, selector: string): Promise<void> {
    for (let presses = 0; presses < 40; presses++) {
      await page.keyboard.press(key);
      if ((await page.locator(`${selector}:focus`).count()) > 0) return;
    }
    throw new Error(`${key} never reaches ${selector}.`);
  }
});

/** 3 × 3 pixels. */
const redDot = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAMAAAADCAIAAADZSiLoAAAAEElEQVR4nGO4YGAAQQxYWACmDgqx1siksQAAAABJRU5ErkJggg==',
  'base64',
);
