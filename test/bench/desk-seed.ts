import { createHash, randomBytes } from 'node:crypto';
import type { Draft, Person, Priority, Route, Understanding } from '../../src/conversation/conversation.ts';
import { plainDraft, priorities } from '../../src/conversation/conversation.ts';
import { theSystem } from '../../src/conversation/entries.ts';
import type { ConversationEvent } from '../../src/conversation/events.ts';
import type { Written } from '../../src/conversation/log.ts';
import type { Agent } from '../../src/handoff/agents.ts';
import { defaultSettings } from '../../src/handoff/settings/defaults.zh.ts';
import type { Settings } from '../../src/handoff/settings/settings.ts';
import { openStorage, type Storage } from '../../src/storage/storage.ts';

/** How large a desk is. */
export type DeskSize = {
  readonly agents: number;
  /** Conversations with an agent, shared out evenly; one of an agent's is put off. */
  readonly assigned: number;
  /** Waiting in groups whose agents have their hands full: the desk gives them away as agents get free. */
  readonly waiting: number;
  /** Waiting in the group whose agents take from the queue themselves. */
  readonly pulled: number;
  readonly withBot: number;
  readonly resolved: number;
};

/** Somebody at a console: `cookie` opens their session. */
export type Seated = Agent & { readonly cookie: string };

/** An open conversation as it was seeded. */
export type Seeded = {
  readonly id: string;
  readonly customerId: string;
  readonly groupId: string | null;
  readonly owner: Person | null;
};

/** A desk as it was seeded. */
export type SeededDesk = {
  readonly agents: readonly Seated[];
  readonly assigned: readonly Seeded[];
  readonly waiting: readonly Seeded[];
  readonly pulled: readonly Seeded[];
  readonly withBot: readonly Seeded[];
};

/** The group whose agents take from the queue themselves. */
export const pullGroup = 'g8';

/**
 * Fills an empty database with a desk in full swing, through the log and the stores that a desk itself writes with: every
 * conversation has lived through what it shows. The same numbers every time.
 */
export async function seedDesk(databaseUrl: string, size: DeskSize, now: number): Promise<SeededDesk> {
  const storage = await openStorage(databaseUrl);
  try {
    const agents = await seedAgents(storage, size.agents, now);
    await seedSettings(storage, size, now);
    const scripts = scriptsOf(size, agents, now);
    // The past first: a visitor of the page has one open conversation.
    for (const group of [scripts.resolved, scripts.open]) {
      await inParallel(group, (script) => play(storage, script));
    }
    await inParallel(
      scripts.open.filter((_, index) => index % 10 === 0),
      async ({ customerId }, index) => {
        const tags = [index % 2 === 0 ? 'vip' : 'elder'];
        const known = { channel, id: customerId, name: `顾客 ${index}`, tags, facts: [], unreachable: false };
        await storage.customers.save({ ...known, version: 1, updatedAt: now });
      },
    );
    const of = (kind: OpenKind) => scripts.open.filter((script) => script.kind === kind).map(seededOf);
    return { agents, assigned: of('assigned'), waiting: of('waiting'), pulled: of('pulled'), withBot: of('bot') };
  } finally {
    await storage.close();
  }
}

const channel = 'webchat';
const minute = 60_000;
const day = 24 * 60 * minute;
const groupCount = 10;

async function seedAgents(storage: Storage, count: number, now: number): Promise<readonly Seated[]> {
  const agents = Array.from({ length: count }, (_, index): Seated => {
    const isSupervisor = index % 40 === 39;
    return {
      id: `agent-${index}`,
      email: `agent-${index}@bench.example`,
      name: `坐席 ${index}`,
      role: isSupervisor ? 'supervisor' : 'agent',
      disabled: false,
      status: 'online',
      capacity: null,
      groups: [...new Set([groupOf(index), groupOf(index * 3 + 1)])],
      cookie: randomBytes(32).toString('base64url'),
    };
  });
  for (const { cookie, ...agent } of agents) {
    await storage.agents.insert({ ...agent, passwordHash: '', createdAt: now });
    const tokenHash = createHash('sha256').update(cookie).digest('hex');
    await storage.sessions.insert({ tokenHash, agentId: agent.id, at: now, expiresAt: now + day / 2 });
  }
  return agents;
}

function groupOf(index: number): string {
  return `g${index % groupCount}`;
}

async function seedSettings(storage: Storage, { agents, assigned }: DeskSize, now: number): Promise<void> {
  const groups = Array.from({ length: groupCount }, (_, index) => {
    const id = groupOf(index);
    return { id, name: `组 ${index}`, mode: id === pullGroup ? ('pull' as const) : ('auto' as const) };
  });
  // One of each agent's is put off; with the rest they have their hands full.
  const defaultCapacity = Math.max(1, Math.round(assigned / agents) - 1);
  const changed: Partial<Settings> = {
    groups: { groups },
    routing: { ...defaultSettings.routing, mode: 'auto', defaultCapacity },
  };
  for (const [section, value] of Object.entries(changed)) {
    const saved = { value: JSON.stringify(value), version: 0, at: now, agentId: 'agent-39' };
    await storage.settings.save(section, saved);
  }
}

type OpenKind = 'bot' | 'waiting' | 'pulled' | 'assigned';

/** What a conversation lives through. */
type Script = {
  readonly kind: OpenKind | 'resolved';
  readonly id: string;
  readonly customerId: string;
  readonly route: Route;
  readonly agent: Person;
  /** How many entries it has in the end, give or take one. */
  readonly entries: number;
  /** When the last of them was written. */
  readonly endsAt: number;
  readonly isSnoozed: boolean;
  /** Chooses its words. */
  readonly salt: number;
};

function scriptsOf(size: DeskSize, agents: readonly Seated[], now: number) {
  const random = randomNumbers(7);
  const person = ({ id, name }: Agent): Person => ({ id, name });
  const script = (kind: Script['kind'], index: number, more: Partial<Script> = {}): Script => {
    const salt = Math.floor(random() * 1e9);
    const owner = agents[index % agents.length] as Seated;
    const groupId = kind === 'pulled' ? pullGroup : (owner.groups[salt % owner.groups.length] ?? null);
    return {
      kind,
      id: `${kind}-${index}`,
      customerId: `${kind}-customer-${index}`,
      // One of twelve is for everybody.
      route: routeTo(kind !== 'pulled' && salt % 12 === 0 ? null : groupId, salt),
      agent: person(owner),
      entries: 10 + (salt % 31),
      endsAt: now - 10_000 - (salt % (8 * minute)),
      isSnoozed: false,
      salt,
      ...more,
    };
  };
  const some = (kind: Script['kind'], count: number, more?: (index: number) => Partial<Script>) =>
    Array.from({ length: count }, (_, index) => script(kind, index, more?.(index)));
  const perAgent = Math.floor(size.assigned / agents.length);
  const open = [
    ...some('bot', size.withBot),
    // Nobody in these groups is free, so nobody is given them at once. Not urgent: else most promises are broken at start.
    ...some('waiting', size.waiting, () => ({ endsAt: now - Math.floor(random() * 4 * minute) })),
    ...some('pulled', size.pulled, () => ({ endsAt: now - Math.floor(random() * 4 * minute) })),
    ...some('assigned', size.assigned, (index) => ({ isSnoozed: Math.floor(index / agents.length) === perAgent - 1 })),
  ];
  const resolved = some('resolved', size.resolved, (index) => ({
    entries: 6 + (index % 4),
    endsAt: now - 20 * minute - Math.floor(random() * 30 * day),
    // Half of the open conversations are of customers who were here before.
    ...(index % 4 === 0 && index < 2 * open.length
      ? { customerId: open[Math.floor(index / 2)]?.customerId ?? `resolved-customer-${index}` }
      : {}),
  }));
  return { open, resolved };
}

function routeTo(groupId: string | null, salt: number): Route {
  const priority: Priority = salt % 25 === 0 ? 'high' : (priorities[2 + (Math.floor(salt / 25) % 2)] ?? 'medium');
  return {
    groupId,
    priority,
    because: [
      { kind: 'rule', from: '退款', ...(groupId === null ? {} : { group: groupId }) },
      { kind: 'reason', from: 'customer_request', priority },
    ],
  };
}

function seededOf({ id, customerId, route, agent, kind }: Script): Seeded {
  return { id, customerId, groupId: route.groupId, owner: kind === 'assigned' ? agent : null };
}

/** Writes the events of a script, one after another: what comes next depends on what was saved. */
async function play({ log }: Storage, script: Script): Promise<void> {
  const { id, customerId, kind, agent, entries, endsAt, salt } = script;
  const step = 20_000;
  let at = endsAt - entries * step;
  const customer = { id, channel, customerId, customerName: null, locale: 'zh-Hans' };
  let { conversation } = await log.start(customer, at);
  const write = async (event: (now: { readonly at: number }) => ConversationEvent): Promise<void> => {
    at = Math.min(at + step, endsAt);
    conversation = saved(await log.write(id, event({ at })));
  };
  const says = (turn: number) =>
    write((now) => ({
      kind: 'customer_wrote',
      ...now,
      draft: plainDraft(questionOf(salt + turn)),
      clientId: `c${turn}`,
      channelData: { clientActivityID: `c${turn}` },
      sentiment: ((salt + turn) % 9) / 10 - 0.4,
    }));
  const botReplies = (turn: number, route: Route | null) =>
    write((now) => ({
      kind: 'bot_took_turn',
      ...now,
      cursor: conversation.botCursor,
      through: conversation.customerSeq,
      replies: [answerTo(questionOf(salt + turn))],
      memory: conversation.memory,
      handoff: route && { reason: 'customer_request', understanding: understandingOf(questionOf(salt + turn)), route },
      verdict: null,
    }));
  const bot = kind === 'bot' ? entries : Math.max(3, Math.floor(entries * 0.3));
  let turn = 0;
  while (conversation.seq + 4 < bot) {
    await says(turn);
    await botReplies(turn++, null);
  }
  await says(turn);
  await botReplies(turn++, kind === 'bot' ? null : script.route);
  if (kind === 'bot') return;
  if (kind === 'waiting' || kind === 'pulled') {
    while (conversation.seq < entries) await says(turn++);
    return;
  }
  await write((now) => assignedTo(agent, now.at, conversation.version));
  while (conversation.seq < entries) {
    if (conversation.service.waitingSince === null) await says(turn++);
    await write((now) => ({
      kind: 'agent_wrote',
      ...now,
      agent,
      version: conversation.version,
      draft: plainDraft(repliesOfAgents[(salt + turn) % repliesOfAgents.length] as string),
      clientId: `a${turn}`,
    }));
    turn++;
  }
  const { version, seq: seen } = conversation;
  if (script.isSnoozed) await write((now) => ({ kind: 'snoozed', ...now, agent, version, until: now.at + day }));
  if (kind === 'resolved')
    await write((now) => ({ kind: 'resolved', ...now, agent, version, seen, resolution: 'solved' }));
}

function assignedTo(to: Person, at: number, version: number): ConversationEvent {
  return { kind: 'assigned', at, by: theSystem, to, version, cause: 'assign' };
}

function saved(written: Written) {
  if (written.kind !== 'saved') throw new Error(`A seeded event was ${written.kind}.`);
  return written.conversation;
}

/** So many at once that every commit is shared by a crowd. */
async function inParallel<T>(items: readonly T[], work: (item: T, index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) await work(items[index] as T, index);
  };
  await Promise.all(Array.from({ length: 256 }, worker));
}

const cities = ['杭州', '成都', '广州', '北京', '西安', '厦门', '昆明', '哈尔滨', '香港', '高雄'];
const matters = ['退款', '发票', '物流', '保修', '换货', '优惠券', '地址', '尺码', '会员积分', '安装'];
const asks = [
  (city: string, matter: string) => `我在${city}，上周的订单${matter}一直没有处理，怎么回事？`,
  (city: string, matter: string) => `${matter}多久可以好？寄到${city}的那一单`,
  (city: string, matter: string) => `还是不行，${city}这边说${matter}要找你们客服`,
  (_: string, matter: string) => `好的，那${matter}麻烦你帮我看一下`,
  () => '在吗？',
] as const;

/** What customers write. */
export function questionOf(salt: number): string {
  const pick = <T>(from: readonly T[], by: number) => from[Math.floor(salt / by) % from.length] as T;
  return pick(asks, 1)(pick(cities, 5), pick(matters, 50));
}

const repliesOfAgents = [
  '您好，正在为您查询，请稍等一下。',
  '已经帮您催了仓库，预计明天之前会有更新，到时候短信通知您。',
  '麻烦您提供一下订单号后四位，我这边核对一下信息。',
  '退款已经提交，原路返回，一般三到五个工作日到账。',
];

function understandingOf(question: string): Understanding {
  return {
    question,
    outcome: 'answer',
    articleId: 'refund/arrival',
    confidence: 0.91,
    candidates: [
      { articleId: 'refund/arrival', title: '退款多久到账', confidence: 0.91 },
      { articleId: 'refund/where', title: '退款会退到哪里', confidence: 0.22 },
    ],
    unmatched: [],
  };
}

function answerTo(question: string): Draft {
  return {
    text: '退款在仓库签收后三到五个工作日原路退回。\n\n银行卡可能再晚一两天，以银行入账为准。',
    format: 'markdown',
    attachments: [],
    choices: [{ kind: 'feedback', title: '有帮助', value: '有帮助' }],
    understanding: understandingOf(question),
  };
}

/** The same numbers from 0 to 1 every time. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}
