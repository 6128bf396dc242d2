import type { Browser, BrowserContextOptions } from 'playwright-core';
import { phrasesFor } from '../../bots/phrases.zh.ts';
import { plainDraft } from '../../src/conversation/conversation.ts';
import type { NewAgent } from '../../src/handoff/agents.ts';
import type { Settings } from '../../src/handoff/settings/settings.ts';
import { describeInBrowser, launchBrowser } from '../support/browser.ts';
import { Agent } from './support/agent.ts';
import { seriousFaults } from './support/axe.ts';
import { Customer } from './support/customer.ts';
import { openServedDesk, type ServedDesk } from './support/served-desk.ts';
import { Supervisor } from './support/supervisor.ts';
import { eventually } from './support/watched-page.ts';

/*
 * How people serve customers together: agents, a supervisor and customers in browsers of their own, against the server
 * that `npm start` starts.
 */

jest.setTimeout(120_000);

const account = (email: string, name: string, role: NewAgent['role']): NewAgent => ({
  email,
  name,
  role,
  password: 'correct horse battery',
});
const admin = account('admin@example.org', 'Admin', 'supervisor');
const lin = account('lin@example.org', '小林', 'agent');
const ming = account('ming@example.org', '阿明', 'agent');

const bot = phrasesFor('zh-Hans');

describeInBrowser('people who serve customers together', () => {
  let desk: ServedDesk;
  let browser: Browser;
  let people: (Customer | Agent | Supervisor)[] = [];

  beforeAll(async () => {
    desk = await openServedDesk({ admin, agents: [lin, ming] });
    [browser] = await Promise.all([launchBrowser(), desk.start()]);
  });

  afterAll(async () => {
    await browser?.close();
    if (desk) expect(await desk.close()).toEqual({ exitCode: 0, errors: [] });
  });

  afterEach(async () => {
    const complaints = people.flatMap((person) => person.complaints);
    await Promise.all(people.map((person) => person.leaves()));
    people = [];
    expect(complaints).toEqual([]);
  });

  it('gives a conversation to a colleague with a word the customer never sees, and brings them back to the colleague', async () => {
    const [a, b] = await Promise.all([newAgent(lin), newAgent(ming)]);
    const customer = await isServedBy(a, '吹风机冒烟了，转给懂维修的人');
    await a.transfers(ming.name, '要安排上门取件');
    await customer.sees(`${ming.name} 正在为您服务`);
    await a.conversation.getByText(`${ming.name} 接待中`).waitFor();
    expect(await a.conversation.getByRole('textbox', { name: '回复' }).count()).toBe(0);

    await b.chooses('我的');
    await b.opens('吹风机冒烟了，转给懂维修的人');
    await b.log.locator('.message-note').getByText('要安排上门取件').waitFor();
    await b.says('您好，我来安排取件。');
    await customer.hears('我来安排取件');
    expect((await customer.transcript()).join()).not.toContain('上门取件');
    await b.resolves();

    await customer.sees('人工服务已结束');
    await customer.says('取件时间能改到晚上吗');
    await customer.sees(`${ming.name} 正在为您服务`);
    await b.log.getByText('取件时间能改到晚上吗').waitFor();
    await b.resolves();
  });

  it('warns an agent while a colleague writes in the same conversation', async () => {
    const [a, b] = await Promise.all([newAgent(lin), newAgent(ming)]);
    const customer = await isServedBy(a, '两个人都看到了我');
    await b.chooses('进行中');
    await b.opens('两个人都看到了我');
    await b.beginsNote('我知道怎么回');
    await a.conversation.locator('.collision').getByText(`${ming.name} 正在这里输入`).waitFor();
    await a.types('我来');
    await b.conversation.locator('.collision').getByText(`${lin.name} 正在这里输入`).waitFor();
    expect(await customer.panel.getByText(`${ming.name} 正在输入`).count()).toBe(0);
    await a.resolves();
  });

  it('lets a supervisor watch, and whisper to the agent what the customer never hears', async () => {
    const [agent, supervisor] = await Promise.all([newAgent(lin), newSupervisor()]);
    const customer = await isServedBy(agent, '你们到底赔不赔');
    await supervisor.agent.chooses('进行中');
    await supervisor.agent.opens('你们到底赔不赔');
    await supervisor.agent.conversation.getByText('你在旁看').first().waitFor();
    await supervisor.agent.beginsNote('可以先赔十元券');
    await supervisor.page.keyboard.press('Enter');
    await agent.log.locator('.message-whisper').getByText('可以先赔十元券').waitFor();
    await agent.log.getByText(`${admin.name} · 悄悄话`).waitFor();
    await agent.says('给您补一张券，可以吗？');
    await customer.hears('给您补一张券');
    await customer.reloads();
    await customer.hears('给您补一张券');
    expect((await customer.transcript()).join()).not.toContain('十元券');
    await agent.resolves();
  });

  it('asks the customer how it was, and makes a low score a task for the supervisor', async () => {
    const [agent, supervisor] = await Promise.all([newAgent(lin), newSupervisor()]);
    const customer = await isServedBy(agent, '问了三天没人管');
    await agent.says('抱歉，退款已经提交。');
    await customer.hears('退款已经提交');
    await agent.resolves();
    await customer.sees('您对这次服务满意吗？');
    await customer.panel.getByRole('radio', { name: '非常不满意', exact: true }).check({ force: true });
    await customer.panel.getByRole('textbox', { name: '还想说点什么' }).fill('等了三天');
    await customer.presses('提交评价');
    await customer.sees('您的评价：非常不满意');
    await agent.log.getByText('客户评价：1 / 5').waitFor();

    await supervisor.opensBoard();
    const task = supervisor.panel('待跟进').locator('li').filter({ hasText: '等了三天' });
    await task.getByText('评价很低').waitFor();
    await task.getByRole('button', { name: '已处理' }).click();
    await task.waitFor({ state: 'detached' });
  });

  it('tells a customer out of hours when it opens, and keeps the question for then', async () => {
    const supervisor = await newSupervisor();
    await supervisor.sets('hours', openTheDayAfterTomorrow());
    const customer = await newCustomer();
    await customer.says('转人工');
    await customer.hears('现在不在人工服务时间');
    await customer.hears('9:30 开始服务');
    await customer.sees('您的消息已保留，届时坐席会在这里回复您');
    await customer.says('钥匙落在快递里了');

    await supervisor.sets('hours', { week: null });
    const agent = await newAgent(lin);
    await agent.claims('钥匙落在快递里了');
    await agent.says('早上好，帮您追回来。');
    await customer.hears('帮您追回来');
    await agent.resolves();
  });

  it('gives a customer to the free agent without anybody taking them', async () => {
    const supervisor = await newSupervisor();
    await supervisor.sets('routing', { mode: 'auto', graceSeconds: 45 });
    await supervisor.leaves();
    const agent = await newAgent(lin);
    const customer = await newCustomer();
    await customer.says('转人工');
    await customer.sees(`${lin.name} 正在为您服务`);
    await agent.chooses('我的');
    await agent.opens('转人工');
    await agent.log.getByText('系统把会话分配给').waitFor();
    await agent.says('您好，是系统请我来的。');
    await customer.hears('是系统请我来的');
    await agent.resolves();
  });

  it('brings a colleague, and says so, when the agent closes the laptop in the middle', async () => {
    const a = await newAgent(lin);
    const customer = await newCustomer();
    await customer.says('转人工');
    await customer.sees(`${lin.name} 正在为您服务`);
    await a.chooses('我的');
    await a.opens('转人工');
    await a.says('您稍等，我看一下。');
    await customer.hears('我看一下');
    const b = await newAgent(ming);
    await customer.says('看好了吗');
    await a.sees('看好了吗');
    await a.vanishes();

    await eventually(() => customer.panel.getByText(`${ming.name} 正在为您服务`).count(), 1, 75_000);
    await customer.sees(bot.agentLeft);
    await b.chooses('我的');
    await b.opens('看好了吗');
    await b.log.getByText(`${lin.name} 离线太久`).waitFor();
    await b.says('同事有事，我接着帮您看。');
    await customer.hears('我接着帮您看');
    const talk = (await customer.transcript()).slice(-5);
    expect(talk).toEqual([
      '我：看好了吗',
      `— ${bot.agentLeft}`,
      expect.stringContaining(`坐席 ${lin.name} 暂时离开`),
      expect.stringContaining(ming.name),
      `${ming.name}：同事有事，我接着帮您看。`,
    ]);
    await b.resolves();
  });

  it('apologises for a promise that was broken, and shows it to the supervisor', async () => {
    const supervised = await newSupervisor();
    await supervised.sets('routing', { mode: 'pull' });
    await supervised.leaves();
    const customer = await newCustomer();
    await customer.says('退款多久到账');
    await customer.hears('个工作日到账');
    await desk.kill();
    await desk.whileDown(async ({ log }) => {
      const at = Date.now() - 20 * 60_000;
      const [{ id } = { id: '' }] = await log.list({ statuses: ['bot'], limit: 1 });
      const wrote = { draft: plainDraft('二十分钟前就要人工了'), clientId: null, channelData: null };
      const asked = await log.write(id, { kind: 'customer_wrote', at, ...wrote });
      if (asked.kind !== 'saved') throw new Error(`It was ${asked.kind}.`);
      const { botCursor: cursor, customerSeq: through, memory } = asked.conversation;
      const handoff = { reason: 'customer_request', understanding: null } as const;
      const turn = { cursor, through, replies: [], memory, handoff, verdict: null };
      expect((await log.write(id, { kind: 'bot_took_turn', at, ...turn })).kind).toBe('saved');
    });
    await desk.start();
    await customer.sees('很抱歉，让您久等了，已经超过我们承诺的接待时间');

    const supervisor = await newSupervisor();
    await supervisor.opensBoard();
    const broken = supervisor.panel('已超时').locator('li').filter({ hasText: '二十分钟前就要人工了' });
    await broken.getByText('首次响应 超时').waitFor();
    await supervisor.panel('待跟进').getByText('承诺没兑现').waitFor();
    await broken.getByRole('link').click();
    await supervisor.agent.presses('接入');
    await supervisor.agent.says('我是主管，马上帮您办。');
    await customer.hears('我是主管');
    await supervisor.agent.resolves();
  });

  it.each<[string, BrowserContextOptions]>([
    ['in light', {}],
    ['in dark', { colorScheme: 'dark' }],
    ['on a phone', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }],
  ])('has no serious fault that axe-core finds on the desk, %s', async (_, options) => {
    const agent = await newAgent(admin, options);
    const { page } = agent;
    const faults: (readonly [string, readonly string[]])[] = [];
    const examine = async (state: string) => faults.push([state, await seriousFaults(page, '.workspace')]);
    const [first, second] = await Promise.all([newCustomer(), newCustomer()]);
    await first.says('退款多久到账');
    await first.hears('个工作日到账');
    await first.says('都十天了，还是没解决我的问题');
    await second.says('转人工');
    await agent.card('都十天了').waitFor();
    await agent.card('转人工').waitFor();
    await examine('list');
    await agent.opens('都十天了');
    await examine('waiting conversation');
    await agent.presses('接入');
    await agent.says('您好，我来查。');
    await first.hears('我来查');
    await agent.notes('银行退回来了');
    await first.says('太慢了，气死我了！');
    await agent.log.getByText('太慢了，气死我了！').waitFor();
    await examine('open conversation');
    await page.goto(`${desk.url}/console#supervision/board`);
    await page.getByText('待跟进').first().waitFor();
    await page.locator('.board').waitFor();
    await examine('board');
    await page.goto(`${desk.url}/console#supervision/settings/promises`);
    await page.locator('.supervision form').first().waitFor();
    await examine('settings');
    expect(faults.filter(([, found]) => found.length > 0)).toEqual([]);

    await page.goto(`${desk.url}/console`);
    for (const words of ['太慢了，气死我了！', '转人工']) {
      await agent.chooses('进行中');
      await agent.opens(words);
      if (words === '转人工') await agent.presses('接入');
      await agent.resolves();
      if (options.isMobile) await page.getByRole('button', { name: '返回列表' }).click();
    }
  });

  async function newCustomer(): Promise<Customer> {
    const customer = await Customer.arrives(browser, desk.url);
    people.push(customer);
    await customer.opensChat();
    return customer;
  }

  async function newAgent(who: NewAgent, options: BrowserContextOptions = {}): Promise<Agent> {
    const agent = await Agent.signsIn(browser, desk.url, { account: who, ...options });
    people.push(agent);
    return agent;
  }

  async function newSupervisor(): Promise<Supervisor> {
    const supervisor = await Supervisor.signsIn(browser, desk.url, admin);
    people.push(supervisor);
    return supervisor;
  }

  /** A customer who asked for a person, was taken by this agent, and has said what is on their mind. */
  async function isServedBy(agent: Agent, mind: string): Promise<Customer> {
    const customer = await newCustomer();
    await customer.says('转人工');
    await agent.claims('转人工');
    await customer.sees('正在为您服务');
    await customer.says(mind);
    await agent.sees(mind);
    return customer;
  }
});

/** Closed now, whenever the test runs. */
function openTheDayAfterTomorrow(): Partial<Settings['hours']> {
  const weekday = new Date(Date.now() + 8 * 60 * 60_000).getUTCDay();
  // The week starts on Monday.
  const opens = (weekday + 6 + 2) % 7;
  const open = [{ from: '09:30', to: '18:00' }];
  const day = (place: number) => (place === opens ? open : []);
  return { timeZone: 'Asia/Shanghai', week: [day(0), day(1), day(2), day(3), day(4), day(5), day(6)], holidays: [] };
}
