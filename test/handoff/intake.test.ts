import { withIntake, type IntakeNeeds } from '../../src/handoff/intake.ts';
import { defaultSettings } from '../../src/handoff/settings/defaults.zh.ts';
import {
  allEntries,
  customerWrote,
  draft,
  handsOver,
  newConversation,
  saved,
  understanding,
} from '../support/conversations.ts';
import { memoryLog } from '../support/memory-log.ts';

const settings = {
  ...defaultSettings,
  groups: { groups: [{ id: 'returns', name: '退换货', mode: 'auto' as const }] },
};

function opened(given: Partial<IntakeNeeds> = {}) {
  const failures: unknown[] = [];
  const log = withIntake(memoryLog(), {
    sentimentOf: (text) => (text.includes('气') ? -0.9 : 0.1),
    isSmallTalk: (text) => text === '谢谢',
    skillOf: (articleId) => (articleId === 'return-goods' ? '退换货' : null),
    customers: { find: ({ channel, id }) => Promise.resolve({ channel, id, ...known, tags: ['vip'] }) },
    settings: () => settings,
    failed: (error) => failures.push(error),
    ...given,
  });
  return { log, failures };
}

const known = { name: null, facts: [], unreachable: false, version: 1, updatedAt: 0 };
const broken = () => {
  throw new Error('broken');
};

/** The customer asks, and the bot gives up on an article about returns. */
async function handedOver({ log }: ReturnType<typeof opened>) {
  await log.start(newConversation(), 1);
  const { conversation } = await saved(log, 'c1', customerWrote('怎么退货'));
  const candidates = [{ articleId: 'return-goods', title: '退货', confidence: 0.5 }];
  const understood = understanding({ outcome: 'handoff', articleId: null, candidates });
  const handoff = { reason: 'low_confidence', understanding: understood } as const;
  return (await saved(log, 'c1', handsOver(conversation, { handoff }))).conversation;
}

describe('what comes in', () => {
  it('is saved with how it sounds', async () => {
    const { log } = opened();
    await log.start(newConversation(), 1);
    const { conversation } = await saved(log, 'c1', customerWrote('气死我了'));
    expect(conversation.service.mood).toMatchObject({ last: { score: -0.9 }, worst: { score: -0.9 } });
    const { conversation: calmer } = await saved(log, 'c1', customerWrote('好吧'));
    expect(calmer.service.mood).toMatchObject({ last: { score: 0.1 }, worst: { score: -0.9 } });
  });

  it('says nothing of the mood where nothing is said', async () => {
    const { log } = opened({ sentimentOf: broken });
    await log.start(newConversation(), 1);
    const picture = { id: 'm1', name: 'a.png', contentType: 'image/png', size: 1 };
    const { conversation } = await saved(
      log,
      'c1',
      customerWrote('', { draft: draft('', { attachments: [picture] }) }),
    );
    expect(conversation.service.mood).toBeNull();
  });

  it('is saved all the same when nobody can tell how it sounds', async () => {
    const { log, failures } = opened({ sentimentOf: broken });
    await log.start(newConversation(), 1);
    const { conversation } = await saved(log, 'c1', customerWrote('在吗', { clientId: 'm1' }));
    expect(conversation).toMatchObject({ customerSeq: 1, service: { mood: null } });
    expect(await allEntries(log, 'c1')).toHaveLength(1);
    expect(failures).toHaveLength(1);
  });
});

describe('a handoff', () => {
  it('goes to the group of the nearest article, as urgently as the customer is marked', async () => {
    expect(await handedOver(opened())).toMatchObject({ status: 'queued', groupId: 'returns', priority: 'high' });
  });

  it('goes to everybody when it can not be told where to', async () => {
    const intake = opened({ customers: { find: () => Promise.reject(new Error('broken')) } });
    expect(await handedOver(intake)).toMatchObject({ status: 'queued', groupId: null, priority: 'medium' });
    expect(intake.failures).toHaveLength(1);
  });
});
