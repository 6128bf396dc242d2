import { activityOf } from '../../src/channels/direct-line/activity.ts';
import type { Conversation } from '../../src/conversation/conversation.ts';
import type { Agent as Account } from '../../src/handoff/agents.ts';
import type { Done, NotDone } from '../../src/handoff/desk.ts';
import { allEntries, customerWrote, handsOver, newConversation, saved } from '../support/conversations.ts';
import { notices, openServiceDesk, type ServiceDesk } from '../support/service-desk.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

let world: ServiceDesk;
beforeEach(async () => {
  world = await openServiceDesk();
});
afterEach(async () => {
  await world.close();
  expect(world.failures).toEqual([]);
});

describe('an agent whose laptop closes in the middle of a conversation', () => {
  it('gives the customer back to the front of the queue, where the next agent finds all that was said', async () => {
    const [lin, chen] = [await agent('小林'), await agent('小陈')];
    const [wang, waiting] = [await customer('王女士'), await customer('李先生')];
    await wang.asksForAPerson();
    await lin.serves(wang);
    await time(minute, chen, lin);
    await waiting.asksForAPerson();
    await lin.says(wang, '您好，请说订单号');
    await wang.says('A1001');

    await time(89 * second, chen);
    expect(await wang.isWith()).toBe('小林');
    await time(2 * second, chen);
    expect(await wang.isWith()).toBeNull();
    expect(await wang.lastHeard()).toBe(notices.agentLeft);
    expect(await queue()).toEqual(['王女士', '李先生']);

    await chen.serves(wang);
    expect(await chen.reads(wang)).toEqual(expect.arrayContaining(['您好，请说订单号', 'A1001']));
    expect(await reasonOfLastChange(wang, 'dropped')).toMatchObject({ agent: { name: '小林' } });
  });

  it('can say nothing more to them from the old window, not even once they have them again', async () => {
    const lin = await agent('小林');
    const wang = await customer('王女士');
    await wang.asksForAPerson();
    await lin.serves(wang);
    const closedAt = await wang.conversation();
    await time(2 * minute);
    expect(await lin.says(wang, '我回来了', closedAt)).toMatchObject({ kind: 'not_yours' });
    await time(second, lin);
    await lin.serves(wang);
    expect(await lin.says(wang, '我回来了', closedAt)).toMatchObject({ kind: 'stale' });
    expect(await wang.heard()).not.toContain('我回来了');
    expect(await lin.says(wang, '我回来了')).toMatchObject({ kind: 'said' });
    expect(await wang.lastHeard()).toBe('我回来了');
  });
});

describe('a customer who comes back', () => {
  it('within a day waits for the agent who knows them, and for nobody else while that one is there', async () => {
    await world.set('routing', { mode: 'auto' });
    const [lin, chen] = [await agent('小林'), await agent('小陈')];
    const wang = await customer('王女士');
    await wang.asksForAPerson();
    await lin.serves(wang);
    await lin.says(wang, '已经为您改好了');
    await lin.resolves(wang);
    await time(23 * hour);
    await wang.says('还是不对');
    expect(await queue()).toEqual(['王女士']);
    await time(16 * second, chen, lin);
    expect(await wang.isWith()).toBe('小林');
    expect(await wang.heard()).toContain('已经为您改好了');
  });

  it('after more than a day is met by the bot', async () => {
    const lin = await agent('小林');
    const wang = await customer('王女士');
    await wang.asksForAPerson();
    await lin.serves(wang);
    await lin.resolves(wang);
    await time(25 * hour);
    await wang.says('还有一个问题');
    expect(await wang.conversation()).toMatchObject({ status: 'bot', agentId: null });
    expect((await world.log.unanswered(10)).map(({ id }) => id)).toEqual([wang.id]);
  });
});

describe('a supervisor', () => {
  it('whispers to an agent, and the customer sees nothing of it', async () => {
    const [lin, boss] = [await agent('小林'), await supervisor('周主管')];
    const wang = await customer('王女士');
    await wang.asksForAPerson();
    await lin.serves(wang);
    const before = await wang.heard();
    expect(await boss.whispers(wang, '可以给她免运费', lin)).toMatchObject({ kind: 'noted' });
    expect(await lin.reads(wang)).toContain('可以给她免运费');
    expect(await wang.heard()).toEqual(before);
    expect(await wang.sees()).not.toContain('免运费');
    expect(await wang.isWith()).toBe('小林');
    await lin.says(wang, '这次运费我们承担');
    expect(await wang.lastHeard()).toBe('这次运费我们承担');
  });

  it('takes a conversation over, and what the agent was about to send is not sent', async () => {
    const [lin, boss] = [await agent('小林'), await supervisor('周主管')];
    const wang = await customer('王女士');
    await wang.asksForAPerson();
    await lin.serves(wang);
    const onScreen = await wang.conversation();
    await boss.takesOver(wang);
    expect(await lin.says(wang, '没有办法', onScreen)).toMatchObject({ kind: 'taken', by: '周主管' });
    await boss.says(wang, '我来为您处理');
    expect(await wang.lastHeard()).toBe('我来为您处理');
  });
});

describe('two conversations of one customer', () => {
  it('are merged into one, which says where the other one was', async () => {
    const lin = await agent('小林');
    const [one, other] = [await customer('王女士', 'wang'), await customer('王女士', 'wang')];
    await one.asksForAPerson();
    await other.asksForAPerson();
    await other.says('我在另一个窗口也问了');
    await lin.serves(one);
    expect(await lin.merges(other, one)).toMatchObject({ kind: 'merged' });
    expect(await other.conversation()).toMatchObject({ status: 'resolved', service: { mergedInto: one.id } });
    expect(await queue()).toEqual([]);
    expect(await lin.reads(other)).toContain('我在另一个窗口也问了');
    // Whoever goes on in the window that was closed comes to the same agent.
    await time(minute, lin);
    await other.says('在吗');
    expect((await other.conversation()).service.reservedFor).toMatchObject({ name: '小林' });
  });
});

/** Time passes, while these agents' consoles are heard of; then the desk looks. */
async function time(milliseconds: number, ...here: readonly Agent[]): Promise<void> {
  await world.passes(milliseconds, { here: here.map(({ account }) => account.id) });
}

async function queue(): Promise<readonly (string | null)[]> {
  return (await world.log.list({ statuses: ['queued'], limit: 10 })).map(({ customerName }) => customerName);
}

async function reasonOfLastChange({ id }: Customer, cause: string): Promise<unknown> {
  return (await allEntries(world.log, id)).findLast((entry) => entry.kind === 'status' && entry.cause === cause);
}

async function customer(name: string, customerId?: string): Promise<Customer> {
  const id = `c${++customers}`;
  await world.log.start(newConversation({ id, customerId: customerId ?? id, customerName: name }), world.clock.now);
  return new Customer(id);
}

let customers = 0;

async function agent(name: string): Promise<Agent> {
  return new Agent(await world.agent(`agent-${name}`, { name }));
}

async function supervisor(name: string): Promise<Agent> {
  return new Agent(await world.agent(`agent-${name}`, { name, role: 'supervisor' }));
}

class Customer {
  readonly id: string;

  constructor(id: string) {
    this.id = id;
  }

  async says(text: string): Promise<void> {
    await saved(world.log, this.id, customerWrote(text, { at: world.clock.now }));
  }

  async asksForAPerson(): Promise<void> {
    await this.says('转人工');
    await saved(world.log, this.id, handsOver(await this.conversation(), { at: world.clock.now }));
  }

  conversation(): Promise<Conversation> {
    return world.now(this.id);
  }

  async isWith(): Promise<string | null> {
    return (await this.conversation()).agentName;
  }

  /** All that reaches their chat window. */
  async sees(): Promise<string> {
    const context = { conversationId: this.id, fileUrl: () => '' };
    const entries = await allEntries(world.log, this.id);
    return JSON.stringify(entries.map((entry) => activityOf(entry, context)));
  }

  async heard(): Promise<readonly string[]> {
    const entries = await allEntries(world.log, this.id);
    return entries.flatMap((entry) =>
      entry.kind === 'message' && !entry.private && entry.author.role !== 'customer' ? [entry.text] : [],
    );
  }

  async lastHeard(): Promise<string | undefined> {
    return (await this.heard()).at(-1);
  }
}

type Outcome = Done<string> | NotDone;

class Agent {
  readonly account: Account;

  constructor(account: Account) {
    this.account = account;
  }

  serves({ id }: Customer): Promise<Outcome> {
    return world.desk.claim({ agent: this.account, conversationId: id });
  }

  /** With what is on the screen; with what was on it once, if that is given. */
  async says(to: Customer, text: string, onScreen?: Conversation): Promise<Outcome> {
    const { version } = onScreen ?? (await to.conversation());
    return world.desk.say({ agent: this.account, conversationId: to.id, version, text, clientId: null });
  }

  async resolves(whose: Customer): Promise<Outcome> {
    const { id: conversationId, version, seq: seen } = await whose.conversation();
    return world.desk.resolve({ agent: this.account, conversationId, version, seen });
  }

  whispers({ id }: Customer, text: string, { account: { id: to } }: Agent): Promise<Outcome> {
    return world.desk.note({ agent: this.account, conversationId: id, text, clientId: null, mentions: [to] });
  }

  async takesOver(whose: Customer): Promise<Outcome> {
    const { id: conversationId, version } = await whose.conversation();
    return world.desk.takeOver({ agent: this.account, conversationId, version });
  }

  async merges(one: Customer, into: Customer): Promise<Outcome> {
    const { id: conversationId, version } = await into.conversation();
    const { id, seq: seen } = await one.conversation();
    return world.desk.merge({ agent: this.account, conversationId, version, other: { id, seen } });
  }

  async reads({ id }: Customer): Promise<readonly string[]> {
    return (await allEntries(world.log, id)).flatMap((entry) => (entry.kind === 'message' ? [entry.text] : []));
  }
}
