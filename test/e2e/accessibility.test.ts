import { join } from 'node:path';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import type { QueueStatus } from '../../src/channels/direct-line/activity.ts';
import type { Conversation, Person, SurveyKind } from '../../src/conversation/conversation.ts';
import type { ConversationEvent } from '../../src/conversation/events.ts';
import { answers, openLine, says, type Line } from '../channels/direct-line/line.ts';
import { describeInBrowser, launchBrowser } from '../support/browser.ts';
import { seriousFaults } from './support/axe.ts';
import { ensurePagesBuilt, root } from './support/build.ts';
import { Customer } from './support/customer.ts';
import { eventually } from './support/watched-page.ts';

/*
 * The widget in a real browser against the real Direct Line server, with a scripted bot and the desk's part written
 * straight into the log: every state a customer may see, for axe-core and for the keyboard.
 */

jest.setTimeout(120_000);

const lin: Person = { id: 'lin', name: '小林' };
const ming: Person = { id: 'ming', name: '阿明' };
const system = { role: 'system', id: 'system', name: null } as const;

describeInBrowser('the widget', () => {
  let browser: Browser;
  let line: Line;
  let people: Customer[] = [];
  let queue: QueueStatus;

  beforeAll(async () => {
    ensurePagesBuilt();
    browser = await launchBrowser();
  });

  afterAll(() => browser?.close());

  beforeEach(async () => {
    queue = { position: 3, waiting: 4, expectedWaitSeconds: 300, agentsOnline: 2 };
    line = await openLine({
      pagesDir: join(root, 'dist/web'),
      queueStatus: async () => queue,
      script: (text) => {
        if (text === '转人工') return { replies: [says('正在为您转接。')], handoff: 'customer_request' };
        const choices = [
          { kind: 'feedback', title: '有帮助', value: '有帮助' },
          { kind: 'question', title: '退款多久到账？', value: '退款多久到账' },
          { kind: 'command', title: '转人工', value: '转人工' },
        ] as const;
        return { replies: [{ ...answers('签收后 7 天内可退。\n\n- 保持吊牌', 'returns', '退货'), choices }] };
      },
    });
  });

  afterEach(async () => {
    const complaints = people.flatMap((customer) => customer.complaints);
    await Promise.all(people.map((customer) => customer.leaves()));
    people = [];
    await line.close();
    expect(complaints).toEqual([]);
  });

  it.each<[string, BrowserContextOptions]>([
    ['in light', {}],
    ['in dark', { colorScheme: 'dark' }],
    ['on a phone', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }],
    ['in English on a small phone', { viewport: { width: 320, height: 568 }, locale: 'en-US' }],
  ])('has no serious fault that axe-core finds, whatever it shows, %s', async (_, options) => {
    const { customer, happens } = await arrives(options);
    const faults: (readonly [string, readonly string[]])[] = [];
    const examine = async (state: string) => faults.push([state, await seriousFaults(customer.page, '#zhike-widget')]);
    const { panel } = customer;

    await customer.launcher.click();
    await customer.hears('您好');
    await examine('greeted');
    await panel.locator('.composer textarea').fill('怎么退货');
    await customer.page.keyboard.press('Enter');
    await panel.locator('.choice').first().waitFor();
    await examine('answered');
    await panel.locator('.choice').last().click();
    await panel.locator('.queue').waitFor();
    await examine('queued');
    queue = { position: 1, waiting: 1, expectedWaitSeconds: null, agentsOnline: 0, opensAt: Date.now() + 3_600_000 };
    await happens(() => ({ kind: 'claimed', agent: lin }));
    await happens(({ version }) => ({ kind: 'agent_wrote', agent: lin, version, draft: says('您好'), clientId: null }));
    await happens(({ version }) => ({ kind: 'dropped', agentId: lin.id, version, notice: '马上有同事接着帮您。' }));
    await panel.locator('.queue').waitFor();
    await examine('dropped outside opening hours');
    for (const survey of ['nps', 'ces', 'csat'] as const) {
      await happens(({ version }) => ({ kind: 'assigned', by: system, to: ming, version, cause: 'takeover' }));
      await ends(happens, survey);
      await panel.getByRole('radio').first().check({ force: true });
      await panel.locator('.survey textarea').waitFor();
      await examine(survey);
    }
    await panel.locator('.survey-send').click();
    await panel.locator('.survey').waitFor({ state: 'detached' });
    await examine('rated');
    expect(faults.filter(([, found]) => found.length > 0)).toEqual([]);
  });

  it('asks once at the end, and is answered with the keyboard alone', async () => {
    const { customer, happens, conversation } = await arrives({});
    await customer.opensChatOf('您好');
    await customer.says('转人工');
    await customer.sees('已转人工');
    await happens(() => ({ kind: 'claimed', agent: lin }));
    await ends(happens, 'csat');
    await customer.sees('您对这次服务满意吗？');

    const { keyboard } = customer.page;
    for (let presses = 0; presses < 20 && !(await isFocused('input[type=radio]')); presses++) {
      await keyboard.press('Shift+Tab');
    }
    // From behind, a group where nothing is chosen is entered at its last step.
    await keyboard.press('ArrowLeft');
    await keyboard.press('Tab');
    await keyboard.type('很快就好了');
    await keyboard.press('Tab');
    await keyboard.press('Tab');
    await keyboard.press('Enter');
    await customer.sees('您的评价：满意，感谢反馈');
    // The button is gone; the keyboard's place is not.
    expect(await isFocused('textarea')).toBe(true);
    const { id, seq } = await conversation();
    expect((await line.log.read(id, seq - 1, 1))[0]).toMatchObject({ kind: 'rating', score: 4, comment: '很快就好了' });

    await customer.reloads();
    await customer.sees('您的评价：满意，感谢反馈');
    expect(await customer.panel.locator('.survey').count()).toBe(0);

    async function isFocused(selector: string): Promise<boolean> {
      return (await customer.panel.locator(`${selector}:focus`).count()) > 0;
    }
  });

  it('does not ask again who did not want to say, and asks nobody who goes on', async () => {
    const { customer, happens } = await arrives({});
    await customer.opensChatOf('您好');
    await customer.says('转人工');
    await customer.sees('已转人工');
    await happens(() => ({ kind: 'claimed', agent: lin }));
    await ends(happens, 'csat');
    await customer.presses('不用了');
    await eventually(() => customer.panel.locator('.survey').count(), 0);
    await customer.reloads();
    await customer.sees('人工服务已结束');
    expect(await customer.panel.locator('.survey').count()).toBe(0);

    await customer.says('转人工');
    await eventually(() => customer.log.getByText('已转人工').count(), 2);
    await happens(() => ({ kind: 'claimed', agent: lin }));
    await ends(happens, 'ces');
    await customer.sees('您觉得容易吗？');
    await customer.says('谢谢');
    await eventually(() => customer.panel.locator('.survey').count(), 1);
    await customer.says('还有一个问题');
    await eventually(() => customer.panel.locator('.survey').count(), 0);
  });

  it('tells the desk what was on the screen, and nothing of what came while it was closed', async () => {
    const { customer, happens, conversation } = await arrives({});
    await customer.opensChatOf('您好');
    await customer.says('转人工');
    await customer.sees('已转人工');
    await happens(() => ({ kind: 'claimed', agent: lin }));
    const writes = (text: string) =>
      happens(({ version }) => ({ kind: 'agent_wrote', agent: lin, version, draft: says(text), clientId: null }));
    const readSeq = async () => (await conversation()).service.readSeq;
    await writes('看得到');
    const seen = (await conversation()).seq;
    await eventually(readSeq, seen);

    await customer.page.keyboard.press('Escape');
    await writes('看不到');
    await customer.page.locator('.badge').waitFor();
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(await readSeq()).toBe(seen);
    await customer.launcher.click();
    await eventually(readSeq, (await conversation()).seq);
  });

  type Happens = (event: (now: Conversation) => Happening) => Promise<void>;

  /** A customer on the page, and what happens to their conversation, decided on how it stands. */
  async function arrives(options: BrowserContextOptions) {
    const customer = await Customer.arrives(browser, line.url, options);
    people.push(customer);
    const conversation = async (): Promise<Conversation> => {
      const [one] = await line.log.list({ statuses: ['bot', 'queued', 'assigned', 'resolved'], limit: 1 });
      if (!one) throw new Error('There is no conversation yet.');
      return one;
    };
    const happens: Happens = async (event) => {
      const now = await conversation();
      const written = await line.log.write(now.id, { at: Date.now(), ...event(now) });
      expect(written.kind).toBe('saved');
    };
    return { customer, conversation, happens };
  }

  function ends(happens: Happens, survey: SurveyKind): Promise<void> {
    return happens(({ agentId, agentName, version, seq }) => ({
      kind: 'resolved',
      agent: { id: agentId ?? '', name: agentName ?? '' },
      version,
      seen: seq,
      survey,
    }));
  }
});

/** An event without its time. */
type Happening = ConversationEvent extends infer Event ? (Event extends unknown ? Omit<Event, 'at'> : never) : never;
