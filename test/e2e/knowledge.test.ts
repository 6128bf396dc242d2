import type { Browser } from 'playwright-core';
import { phrasesFor } from '../../bots/phrases.zh.ts';
import type { NewAgent } from '../../src/handoff/agents.ts';
import { describeInBrowser, launchBrowser } from '../support/browser.ts';
import { Agent } from './support/agent.ts';
import { Customer } from './support/customer.ts';
import { Editor } from './support/editor.ts';
import { openServedDesk, type ServedDesk } from './support/served-desk.ts';
import { eventually } from './support/watched-page.ts';

/*
 * What editors do with what customers ask, against the server that `npm start` starts: they see how the bot thinks, what
 * it lacks, and teach it customers' own words.
 */

jest.setTimeout(120_000);

const account = (email: string, name: string, role: NewAgent['role']): NewAgent => ({
  email,
  name,
  role,
  password: 'correct horse battery',
});
const admin = account('admin@example.org', 'Admin', 'supervisor');
const wen = account('wen@example.org', '文编辑', 'editor');
const lin = account('lin@example.org', '小林', 'agent');

describeInBrowser('the knowledge in a browser', () => {
  let desk: ServedDesk;
  let browser: Browser;
  let people: (Customer | Agent | Editor)[] = [];

  beforeAll(async () => {
    desk = await openServedDesk({ admin, agents: [wen, lin] });
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

  it('shows an editor how the bot comes to what it would do, at an address that can be shared', async () => {
    const editor = await newEditor();
    await editor.sees('问一句，看机器人怎么想');
    await editor.asks('退款多久到账');
    await editor.outcome.getByText('《退款多久到账？》').waitFor();
    await editor.outcome.getByText('估计值').waitFor();
    await editor.section.locator('.candidate[open] .bars li').first().waitFor();

    await editor.asks('恐龙为什么灭绝');
    await editor.outcome.getByRole('heading', { name: '转人工' }).waitFor();
    await editor.section.locator('.word-missing').getByText('恐龙').waitFor();
    await editor.page.goBack();
    await editor.outcome.getByText('《退款多久到账？》').waitFor();
    expect(await editor.field.inputValue()).toBe('退款多久到账');

    const colleague = await newEditor(new URL(editor.page.url()).hash);
    await colleague.outcome.getByText('《退款多久到账？》').waitFor();
    await colleague.page.reload();
    await colleague.outcome.getByText('《退款多久到账？》').waitFor();
  });

  it('shows an editor nothing of the conversations', async () => {
    const editor = await newEditor('#some-conversation');
    await editor.sees('问一句，看机器人怎么想');
    expect(await editor.page.getByRole('link', { name: '会话', exact: true }).count()).toBe(0);
    await editor.presses('Escape', 'g');
    await editor.goes('质量');
    await editor.sees('所有文章都读得进来');
    await editor.sees('还不知道');
  });

  it('lists what a customer asked in vain, with the words nobody knows, and leads to the conversation', async () => {
    const customer = await newCustomer();
    await customer.says('恐龙为什么灭绝');
    await customer.isOffered(['转人工']);
    await customer.says('恐龙灭绝的原因是什么');
    await customer.sees('目前没有坐席在线');

    const editor = await newEditor('#knowledge/gaps?days=7');
    const gap = editor.item('恐龙');
    await gap.locator('.word-missing').getByText('恐龙').waitFor();
    await gap.getByText('1 位客户').waitFor();
    expect(await gap.getByRole('link', { name: /^会话/ }).count()).toBe(0);
    await gap.getByRole('link', { name: '看看为什么' }).click();
    await editor.outcome.getByRole('heading', { name: '转人工' }).waitFor();

    const agent = await Agent.signsIn(browser, desk.url, { account: lin });
    people.push(agent);
    await agent.opens('恐龙灭绝的原因是什么');
    await agent.side.getByText('没有接近的文章').waitFor();
    await agent.side.getByText('恐龙', { exact: true }).waitFor();
    await agent.side.getByRole('link', { name: '看看机器人怎么想的' }).click();
    await agent.page.getByRole('heading', { name: '转人工' }).waitFor();
    await agent.page.getByRole('link', { name: '内容缺口', exact: true }).click();
    await agent.page.getByRole('link', { name: '会话 1' }).first().click();
    await agent.sees('恐龙灭绝的原因是什么');
    await agent.page.goBack();
    await agent.sees('问得最多的在最前');
  });

  it('takes a wording that a customer found answered into the article, with the keyboard alone', async () => {
    const wording = '退款要几天才到账呀';
    const customer = await newCustomer();
    await customer.says(wording);
    await customer.hears('退款多久到账');
    await customer.presses('有帮助');
    await customer.sees('感谢您的反馈');

    const editor = await newEditor('#knowledge/proposals');
    await editor.item(wording).getByText('1 位客户说有帮助').waitFor();
    await editor.presses('j', 'a');
    await editor.isTold('已采纳，写进《退款多久到账？》');
    await editor.sees('没有待定的问法');
    await editor.presses('/');
    await eventually(async () => {
      await editor.asks(wording);
      return (await editor.outcome.innerText()).includes('一字不差');
    }, true);
  });

  it('offers the right article to pick by button, and takes the customer’s words for it as an editor puts them', async () => {
    const customer = await newCustomer();
    await customer.says('钱啥时候退给我');
    await customer.isOfferedAmongOthers('退的钱什么时候能到');
    await customer.isOfferedAmongOthers(phrasesFor('zh-Hans').buttons.noneOfThese);
    await customer.presses('退的钱什么时候能到');
    await customer.hears('退款多久到账');

    const editor = await newEditor('#knowledge/proposals');
    await editor.item('钱啥时候退给我').getByText('1 位客户选了它').waitFor();
    await editor.presses('j', 'e');
    const field = editor.section.getByRole('textbox', { name: '写进文章的问法' });
    await field.fill('钱什么时候退给我');
    // What can't be saved comes back with the editor's words.
    await editor.page.route('**/decide', (route) => route.abort(), { times: 1 });
    await field.press('Enter');
    await editor.isTold('没有成功');
    expect(await field.inputValue()).toBe('钱什么时候退给我');
    await field.press('Enter');
    await editor.isTold('已采纳');
    await editor.page.reload();
    await editor.sees('没有待定的问法');
  });

  async function newCustomer(): Promise<Customer> {
    const customer = await Customer.arrives(browser, desk.url);
    people.push(customer);
    await customer.opensChat();
    return customer;
  }

  async function newEditor(at = ''): Promise<Editor> {
    const editor = await Editor.signsIn(browser, desk.url, { account: wen, at });
    people.push(editor);
    return editor;
  }
});
