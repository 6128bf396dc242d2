import type { Conversation, Entry, NewConversation, Route } from '../../src/conversation/conversation.ts';
import { theSystem } from '../../src/conversation/entries.ts';
import type { ConversationEvent } from '../../src/conversation/events.ts';
import type { ConversationLog, ListFilter } from '../../src/conversation/log.ts';
import { InputError } from '../../src/errors.ts';
import {
  agentWrote,
  allEntries,
  anAgent,
  botTookTurn,
  claimedBy,
  customerWrote,
  draft,
  handsOver,
  newConversation,
  saved,
  startQueued,
  understanding,
} from '../support/conversations.ts';

/** An opened log under test. `reopen` closes it and opens the same one again. */
export type LogUnderTest = { readonly log: ConversationLog; reopen(): Promise<ConversationLog> };

/** What every ConversationLog promises. Ids are made unique, so all of it may run on one database. */
export function describeConversationLog(underTest: () => LogUnderTest): void {
  let counter = 0;
  const fresh = (prefix = 'c') => `${prefix}-${++counter}-${Math.random().toString(36).slice(2)}`;
  const started = async (given = {}) => {
    const { conversation } = await underTest().log.start(newConversation({ id: fresh(), ...given }), 500);
    return conversation.id;
  };
  const li = anAgent({ id: 'li', name: '小李' });
  const wang = anAgent({ id: 'wang', name: '小王' });

  describe('starting', () => {
    it('creates a conversation with the bot and nothing said', async () => {
      const { log } = underTest();
      const wanted = newConversation({ id: fresh(), customerId: fresh('u'), customerName: '李雷', locale: 'zh-Hant' });
      const { conversation, created } = await log.start(wanted, 123);
      expect(created).toBe(true);
      expect(conversation).toMatchObject({
        ...wanted,
        status: 'bot',
        seq: 0,
        version: 0,
        createdAt: 123,
        updatedAt: 123,
      });
      expect(await log.find(wanted.id)).toEqual(conversation);
    });

    it('returns the conversation that has this id already, as it is now', async () => {
      const { log } = underTest();
      const id = await started();
      await saved(log, id, customerWrote('在吗'));
      const again = await log.start(newConversation({ id, customerName: 'somebody else' }), 999);
      expect(again.created).toBe(false);
      expect(again.conversation).toMatchObject({ seq: 1, customerName: null, createdAt: 500 });
    });

    it('creates one conversation when it is started eight times at once', async () => {
      const { log } = underTest();
      const wanted = newConversation({ id: fresh() });
      const all = await Promise.all(Array.from({ length: 8 }, () => log.start(wanted, 1)));
      expect(all.filter(({ created }) => created)).toHaveLength(1);
    });

    it('gives a visitor of our page one open conversation, whatever raced', async () => {
      const { log } = underTest();
      const customerId = fresh('u');
      const all = await Promise.all(
        Array.from({ length: 8 }, () => log.start(newConversation({ id: fresh(), channel: 'webchat', customerId }), 1)),
      );
      expect(all.filter(({ created }) => created)).toHaveLength(1);
      expect(new Set(all.map(({ conversation }) => conversation.id)).size).toBe(1);
    });

    it('lets a customer have several conversations on other channels', async () => {
      const { log } = underTest();
      const customerId = fresh('u');
      const first = await log.start(newConversation({ id: fresh(), customerId }), 1);
      const second = await log.start(newConversation({ id: fresh(), customerId }), 2);
      expect([first.created, second.created]).toEqual([true, true]);
      expect(await log.latestOf('directline', customerId)).toEqual(second.conversation);
      expect(await log.latestOf('wechat', customerId)).toBeNull();
    });

    it('does not reopen an old conversation of our page beside a newer open one', async () => {
      const { log } = underTest();
      const customerId = fresh('u');
      const old = await startQueued(log, { id: fresh(), channel: 'webchat', customerId });
      const claimed = await saved(log, old.id, claimedBy(li));
      await saved(log, old.id, { kind: 'resolved', at: 2, agent: li, version: claimed.conversation.version, seen: 99 });
      const newer = await log.start(newConversation({ id: fresh(), channel: 'webchat', customerId }), 3);
      expect(newer.created).toBe(true);
      await expect(log.write(old.id, customerWrote('还在吗'))).rejects.toMatchObject({ code: 'superseded' });
      expect(await log.find(old.id)).toMatchObject({ status: 'resolved' });
      await saved(log, newer.conversation.id, customerWrote('还在吗'));
    });
  });

  describe('writing', () => {
    it('returns what it stored, exactly as a reader gets it', async () => {
      const { log } = underTest();
      const id = await started();
      const said = await saved(
        log,
        id,
        customerWrote('运费多少？', {
          at: 7_000,
          clientId: 'k1',
          channelData: { clientActivityID: 'k1', nested: [1, { a: null, 中文: true }] },
          draft: draft('运费多少？', {
            attachments: [{ id: 'f1', name: '发票.png', contentType: 'image/png', size: 3 }],
          }),
        }),
      );
      const replied = await saved(
        log,
        id,
        handsOver(said.conversation, {
          replies: [
            draft('**10 元**', {
              format: 'markdown',
              choices: [
                { kind: 'question', title: '运费怎么算', value: '运费怎么算', articleId: 'shipping-fee' },
                { kind: 'feedback', title: '有帮助', value: '有帮助' },
              ],
              understanding: understanding(),
            }),
          ],
          handoff: { reason: 'low_confidence', understanding: understanding({ outcome: 'handoff', articleId: null }) },
          verdict: { about: 1, articleId: 'shipping-fee', question: '运费多少？', helpful: false, source: 'pick' },
        }),
      );
      const noted = await saved(log, id, { kind: 'agent_noted', at: 8, agent: li, text: '老客户', clientId: 'n1' });
      expect(await log.read(id, 0, 100)).toEqual([...said.entries, ...replied.entries, ...noted.entries]);
      expect(await log.find(id)).toEqual(noted.conversation);
      expect(noted.entries[0]).toMatchObject({ private: true, clientId: 'n1' });
    });

    it('stores absent channel data as null', async () => {
      const { log } = underTest();
      const id = await started();
      const said = await saved(log, id, customerWrote('hi', { channelData: undefined }));
      expect(said.entries).toEqual(await log.read(id, 0, 1));
      expect(said.entries[0]).toHaveProperty('channelData', null);
    });

    it('numbers entries 1, 2, 3 … under 50 concurrent writers', async () => {
      const { log } = underTest();
      const id = await started();
      const written = await Promise.all(
        Array.from({ length: 50 }, (_, n) => saved(log, id, customerWrote(`第 ${n} 条`, { clientId: `k${n}` }))),
      );
      const entries = await allEntries(log, id);
      expect(entries.map(({ seq }) => seq)).toEqual(Array.from({ length: 50 }, (_, n) => n + 1));
      expect(new Set(entries.map((entry) => entry.kind === 'message' && entry.text)).size).toBe(50);
      for (const { entries: own } of written) expect(entries).toContainEqual(own[0]);
      expect(await log.find(id)).toMatchObject({ seq: 50, customerSeq: 50 });
    });

    it('answers a client id it already holds with the first entry, and changes nothing', async () => {
      const { log } = underTest();
      const id = await started();
      const first = await saved(log, id, customerWrote('在吗', { clientId: 'same', at: 10 }));
      const second = await log.write(id, customerWrote('在吗？', { clientId: 'same', at: 20 }));
      expect(second).toEqual({ kind: 'duplicate', conversation: first.conversation, entry: first.entries[0] });
      expect(await allEntries(log, id)).toHaveLength(1);
    });

    it('stores a message once that is sent eight times at once', async () => {
      const { log } = underTest();
      const id = await started();
      const all = await Promise.all(
        Array.from({ length: 8 }, () => log.write(id, customerWrote('在吗', { clientId: 'raced' }))),
      );
      const winners = all.flatMap((written) => (written.kind === 'saved' ? written.entries : []));
      const losers = all.flatMap((written) => (written.kind === 'duplicate' ? [written.entry] : []));
      expect(winners).toHaveLength(1);
      expect(losers).toEqual(Array.from({ length: 7 }, () => winners[0]));
      expect(await allEntries(log, id)).toEqual(winners);
    });

    it('takes the same client id in another conversation', async () => {
      const { log } = underTest();
      const [one, other] = [await started(), await started()];
      await saved(log, one, customerWrote('在吗', { clientId: 'k' }));
      await saved(log, other, customerWrote('在吗', { clientId: 'k' }));
    });

    it('knows nothing of a conversation that was never started', async () => {
      const { log } = underTest();
      for (const id of [fresh(), '', 'nul\0', 'x'.repeat(10_000), 'lone\ud800']) {
        expect(await log.write(id, customerWrote('在吗'))).toEqual({ kind: 'unknown' });
        expect(await log.find(id)).toBeNull();
        expect(await log.read(id, 0, 10)).toEqual([]);
      }
    });

    it('keeps many conversations apart that are written at once', async () => {
      const { log } = underTest();
      const ids = await Promise.all(Array.from({ length: 20 }, () => started()));
      await Promise.all(ids.flatMap((id) => [1, 2, 3].map((n) => saved(log, id, customerWrote(`${id} ${n}`)))));
      for (const id of ids) {
        const entries = await allEntries(log, id);
        expect(entries.map(({ seq }) => seq)).toEqual([1, 2, 3]);
        expect(entries.every((entry) => entry.kind === 'message' && entry.text.startsWith(id))).toBe(true);
      }
    });
  });

  describe('races for a conversation', () => {
    it('lets exactly one of eight agents claim each of 100 conversations', async () => {
      const { log } = underTest();
      const queued = await Promise.all(Array.from({ length: 100 }, () => startQueued(log, { id: fresh() })));
      const agents = Array.from({ length: 8 }, (_, n) => anAgent({ id: `agent-${n}`, name: `坐席 ${n}` }));
      const claims = await Promise.all(
        queued.map(({ id }) => Promise.all(agents.map((agent) => log.write(id, claimedBy(agent))))),
      );
      for (const outcomes of claims) {
        const winners = outcomes.flatMap((written) => (written.kind === 'saved' ? [written.conversation] : []));
        expect(winners).toHaveLength(1);
        for (const written of outcomes.filter(({ kind }) => kind !== 'saved')) {
          expect(written).toMatchObject({
            kind: 'refused',
            because: 'taken',
            conversation: { agentId: winners[0]?.agentId },
          });
        }
      }
      for (const { id } of queued) {
        const claimsInLog = (await allEntries(log, id)).filter(
          (entry) => entry.kind === 'status' && entry.cause === 'claim',
        );
        expect(claimsInLog).toHaveLength(1);
      }
    });

    it('drops a reply of the bot when a person took the conversation first', async () => {
      const { log } = underTest();
      const id = await started();
      const asked = await saved(log, id, customerWrote('转人工'));
      const turnInFlight = botTookTurn(asked.conversation, { replies: [draft('太晚了')] });
      await saved(log, id, handsOver(asked.conversation));
      await saved(log, id, claimedBy(li));
      expect(await log.write(id, turnInFlight)).toMatchObject({ kind: 'refused', because: 'overtaken' });
      expect(textsOf(await allEntries(log, id))).toEqual(['转人工', '为您转接人工']);
    });

    it('never lets the bot speak after a person took the conversation, whoever is faster', async () => {
      const { log } = underTest();
      const rounds = await Promise.all(
        Array.from({ length: 40 }, async () => {
          const queued = await startQueued(log, { id: fresh() });
          // Back with the bot by the customer's own wish, asked again, handed over again: all in flight together.
          await saved(log, queued.id, { kind: 'customer_cancelled', at: 2 });
          const asked = await saved(log, queued.id, customerWrote('再问一句'));
          await Promise.all([
            log.write(queued.id, handsOver(asked.conversation)),
            log.write(queued.id, claimedBy(li)),
            log.write(queued.id, botTookTurn(asked.conversation, { replies: [draft('机器人')] })),
            log.write(queued.id, claimedBy(wang)),
          ]);
          return queued.id;
        }),
      );
      for (const id of rounds) {
        let owner: string | null = null;
        for (const entry of await allEntries(log, id)) {
          if (entry.kind === 'status') owner = entry.to === 'assigned' ? (entry.agent?.id ?? null) : null;
          else if (entry.author.role === 'bot') expect(owner).toBeNull();
        }
      }
    });

    it('answers each customer message once, when a turn is taken twice', async () => {
      const { log } = underTest();
      const id = await started();
      const asked = await saved(log, id, customerWrote('运费多少'));
      const turns = await Promise.all([1, 2, 3].map(() => log.write(id, botTookTurn(asked.conversation))));
      expect(turns.map(({ kind }) => kind).sort()).toEqual(['refused', 'refused', 'saved']);
      expect(await allEntries(log, id)).toHaveLength(2);
    });

    it('refuses an agent whose picture is stale', async () => {
      const { log } = underTest();
      const queued = await startQueued(log, { id: fresh() });
      const first = await saved(log, queued.id, claimedBy(li));
      const { version } = first.conversation;
      await saved(log, queued.id, {
        kind: 'transferred',
        at: 3,
        agent: li,
        version,
        seen: 99,
        to: { kind: 'queue' },
        note: null,
      });
      await saved(log, queued.id, claimedBy(li));
      expect(await log.write(queued.id, agentWrote(li, version))).toMatchObject({ kind: 'refused', because: 'stale' });
      expect(await log.write(queued.id, agentWrote(wang, version + 2))).toMatchObject({ because: 'not_yours' });
      await saved(log, queued.id, agentWrote(li, version + 2));
    });

    it('gives a resolved conversation back to the bot when the customer writes again', async () => {
      const { log } = underTest();
      const queued = await startQueued(log, { id: fresh() });
      const claimed = await saved(log, queued.id, claimedBy(li));
      await saved(log, queued.id, {
        kind: 'resolved',
        at: 4,
        agent: li,
        version: claimed.conversation.version,
        seen: 99,
      });
      const again = await saved(log, queued.id, customerWrote('还有个问题', { at: 5 }));
      expect(again.entries.map(({ kind }) => kind)).toEqual(['status', 'message']);
      expect(again.conversation).toMatchObject({ status: 'bot', agentId: null, handoffReason: null, seq: 7 });
      expect(await log.unanswered(1_000)).toContainEqual(again.conversation);
      await saved(log, queued.id, botTookTurn(again.conversation));
    });
  });

  describe('reading', () => {
    it('reads on from a cursor, in pages', async () => {
      const { log } = underTest();
      const id = await started();
      for (let n = 1; n <= 7; n++) await saved(log, id, customerWrote(String(n)));
      expect(textsOf(await log.read(id, 0, 3))).toEqual(['1', '2', '3']);
      expect(textsOf(await log.read(id, 3, 3))).toEqual(['4', '5', '6']);
      expect(textsOf(await log.read(id, 6, 3))).toEqual(['7']);
      expect(await log.read(id, 7, 3)).toEqual([]);
    });

    it('lists the queue by who waits longest, everything else by what changed last', async () => {
      const { log } = underTest();
      const [late, early, middle] = [fresh(), fresh(), fresh()];
      await startQueued(log, { id: late }, 9_000_003);
      await startQueued(log, { id: early }, 9_000_001);
      await startQueued(log, { id: middle }, 9_000_002);
      // Being written to does not move anybody in the queue.
      await saved(log, early, customerWrote('还在等', { at: 9_000_009 }));
      const mine = new Set([late, early, middle]);
      const ids = async (statuses: readonly ('queued' | 'bot')[]) =>
        (await log.list({ statuses, limit: 1_000 })).map(({ id }) => id).filter((id) => mine.has(id));
      expect(await ids(['queued'])).toEqual([early, middle, late]);
      expect(await ids(['queued', 'bot'])).toEqual([early, late, middle]);
      expect(await log.list({ statuses: ['queued'], limit: 1 })).toHaveLength(1);
      expect(await log.list({ statuses: [], limit: 10 })).toEqual([]);
    });

    it("lists one agent's conversations with what the customer last said", async () => {
      const { log } = underTest();
      const agent = anAgent({ id: fresh('agent'), name: '小张' });
      const queued = await startQueued(log, { id: fresh() });
      await saved(log, queued.id, claimedBy(agent, 2_000));
      await saved(log, queued.id, customerWrote('😀'.repeat(300), { at: 3_000 }));
      const silent = await started();
      const listed = await log.list({ statuses: ['assigned'], agentId: agent.id, limit: 10 });
      expect(listed).toHaveLength(1);
      expect(listed[0]).toEqual({ ...(await log.find(queued.id)), lastCustomerText: '😀'.repeat(200) });
      const all = await log.list({ statuses: ['bot'], limit: 10_000 });
      expect(all.find(({ id }) => id === silent)).toMatchObject({ lastCustomerText: null });
    });

    it('names exactly the conversations the bot owes an answer', async () => {
      const { log } = underTest();
      const [answered, owed, silent] = [await started(), await started(), await started()];
      const queued = await startQueued(log, { id: fresh() });
      await saved(log, queued.id, customerWrote('还在吗'));
      const asked = await saved(log, answered, customerWrote('运费'));
      await saved(log, answered, botTookTurn(asked.conversation));
      const waiting = await saved(log, owed, customerWrote('发票'));
      const names = (await log.unanswered(10_000)).map(({ id }) => id);
      expect(names).toContain(owed);
      for (const id of [answered, silent, queued.id]) expect(names).not.toContain(id);
      expect(await log.unanswered(0)).toEqual([]);
      await saved(log, owed, botTookTurn(waiting.conversation));
      expect((await log.unanswered(10_000)).map(({ id }) => id)).not.toContain(owed);
    });
  });

  describe('listing', () => {
    /** Conversations of a channel of their own, so that what others wrote does not show. */
    const inChannel = () => {
      const channel = fresh('channel');
      return {
        channel,
        queued: async (at: number, route?: Partial<Route>, given: Partial<NewConversation> = {}) => {
          const { log } = underTest();
          const { conversation } = await log.start(newConversation({ id: fresh(), channel, ...given }), at);
          const asked = await saved(log, conversation.id, customerWrote('转人工', { at }));
          const handoff = {
            reason: 'customer_request' as const,
            understanding: null,
            route: { groupId: null, priority: 'medium' as const, because: [], ...route },
          };
          return (await saved(log, conversation.id, handsOver(asked.conversation, { at, handoff }))).conversation;
        },
        ids: async (filter: Partial<ListFilter>) => {
          const all = { statuses: ['queued'] as const, channel, limit: 1_000, ...filter };
          const [listed, [counted]] = await Promise.all([underTest().log.list(all), underTest().log.count([all])]);
          // Whatever is asked for, as many are counted as are listed.
          expect(counted).toBe(listed.length);
          return listed.map(({ id }) => id);
        },
      };
    };
    const minute = 60_000;

    it('the queue goes by the order of service: who waits longest, with the head start of their priority', async () => {
      const { queued, ids } = inChannel();
      const start = 1_000 * minute;
      const low = await queued(start, { priority: 'low' });
      const medium = await queued(start + 2 * minute);
      const high = await queued(start + 16 * minute, { priority: 'high' });
      const urgent = await queued(start + 61 * minute, { priority: 'urgent' });
      const lateUrgent = await queued(start + 63 * minute, { priority: 'urgent' });
      expect(await ids({})).toEqual([high, urgent, medium, lateUrgent, low].map(({ id }) => id));
      expect(await ids({ limit: 2 })).toEqual([high.id, urgent.id]);
    });

    it('who was served and dropped stands in front, by when they began to wait; who is passed on has their old place', async () => {
      const { log } = underTest();
      const { queued, ids } = inChannel();
      const rows = [];
      for (let n = 0; n < 5; n++) rows.push(await queued((n + 1) * minute));
      const [one, two, three, four, five] = rows.map(({ id }) => id) as [string, string, string, string, string];
      const owned = async (id: string) => (await saved(log, id, claimedBy(li, 9 * minute))).conversation.version;
      const dropped = async (id: string) =>
        saved(log, id, { kind: 'dropped', at: 20 * minute, agentId: 'li', version: await owned(id), notice: null });
      await dropped(five);
      await dropped(four);
      const version = await owned(two);
      expect(await ids({})).toEqual([four, five, one, three]);
      await saved(log, two, {
        kind: 'transferred',
        at: 30 * minute,
        agent: li,
        version,
        seen: 99,
        to: { kind: 'group', groupId: 'tech' },
        note: null,
      });
      expect(await ids({})).toEqual([four, five, one, two, three]);
      expect(await log.find(two)).toMatchObject({ groupId: 'tech', queuedAt: 2 * minute });
      const route = { groupId: null, priority: 'urgent', because: [] } as const;
      await saved(log, three, { kind: 'routed', at: 31 * minute, by: theSystem, route });
      expect(await ids({})).toEqual([four, five, three, one, two]);
    });

    it('finds those of some skill groups, and those of none', async () => {
      const { queued, ids } = inChannel();
      const tech = await queued(1, { groupId: 'tech' });
      const sales = await queued(2, { groupId: 'sales' });
      const nobody = await queued(3);
      expect(await ids({ groups: ['tech'] })).toEqual([tech.id]);
      expect(await ids({ groups: [null] })).toEqual([nobody.id]);
      expect(await ids({ groups: [null, 'sales'] })).toEqual([sales.id, nobody.id]);
      expect(await ids({ groups: ['nowhere'] })).toEqual([]);
      expect(await ids({ groups: [] })).toEqual([]);
      expect(await ids({})).toEqual([tech.id, sales.id, nobody.id]);
    });

    it('finds those of a channel, a customer, a priority', async () => {
      const [here, there] = [inChannel(), inChannel()];
      const customerId = fresh('u');
      const mine = await here.queued(1, { priority: 'high' }, { customerId });
      const other = await here.queued(2);
      const elsewhere = await there.queued(3, {}, { customerId });
      expect(await here.ids({})).toEqual([mine.id, other.id]);
      expect(await here.ids({ customer: { channel: here.channel, id: customerId } })).toEqual([mine.id]);
      expect(await there.ids({ customer: { channel: there.channel, id: customerId } })).toEqual([elsewhere.id]);
      expect(await here.ids({ priority: 'high' })).toEqual([mine.id]);
      expect(await here.ids({ priority: 'urgent' })).toEqual([]);
    });

    it('finds those with a promise broken, and those without', async () => {
      const { log } = underTest();
      const { queued, ids } = inChannel();
      const [late, risky, fine] = [await queued(1), await queued(2), await queued(3)];
      const note = { kind: 'promise_noted', at: 9, promise: 'first_response', dueAt: 8, apology: null } as const;
      await saved(log, late.id, { ...note, what: 'promise_broken' });
      await saved(log, risky.id, { ...note, what: 'promise_at_risk' });
      expect(await ids({ broken: true })).toEqual([late.id]);
      expect(await ids({ broken: false })).toEqual([risky.id, fine.id]);
      // The record stays with whoever serves it, and after.
      const { conversation } = await saved(log, late.id, claimedBy(li));
      await saved(log, late.id, agentWrote(li, conversation.version));
      expect(await ids({ statuses: ['assigned'], broken: true })).toEqual([late.id]);
      await saved(log, late.id, { kind: 'resolved', at: 9, agent: li, version: conversation.version, seen: 99 });
      expect(await ids({ statuses: ['resolved'], broken: true })).toEqual([late.id]);
    });

    it('finds those that are put off, and those that are not', async () => {
      const { log } = underTest();
      const { queued, ids } = inChannel();
      const [off, on] = [await queued(1), await queued(2)];
      for (const { id } of [off, on]) await saved(log, id, claimedBy(li));
      await saved(log, off.id, { kind: 'snoozed', at: 3, agent: li, version: off.version + 1, until: 500 });
      const served = { statuses: ['assigned'] } as const;
      expect(await ids({ ...served, snoozed: true })).toEqual([off.id]);
      expect(await ids({ ...served, snoozed: false })).toEqual([on.id]);
      await saved(log, off.id, { kind: 'woken', at: 500 });
      expect(await ids({ ...served, snoozed: true })).toEqual([]);
    });

    it('leads from page to page without a gap or a repeat, whatever changed at the same moment', async () => {
      const { log } = underTest();
      const { channel, queued, ids } = inChannel();
      for (let n = 0; n < 23; n++) {
        const { id } = await queued(100 + Math.floor(n / 5));
        // Half of them in another status, all in one list.
        if (n % 2) await saved(log, id, claimedBy(li, 100 + Math.floor(n / 5)));
      }
      const statuses = ['queued', 'assigned'] as const;
      const whole = await ids({ statuses });
      const paged: string[] = [];
      let before: ListFilter['before'];
      for (;;) {
        const page = await log.list({ statuses, channel, limit: 4, ...(before && { before }) });
        paged.push(...page.map(({ id }) => id));
        const last = page.at(-1);
        if (!last) break;
        before = { updatedAt: last.updatedAt, id: last.id };
      }
      expect(paged).toEqual(whole);
      expect(new Set(paged).size).toBe(23);
    });

    it('counts each filter by itself, up to its limit', async () => {
      const { log } = underTest();
      const { channel, queued } = inChannel();
      for (let n = 0; n < 3; n++) await queued(n + 1, { groupId: n === 0 ? 'tech' : null });
      const queue = { statuses: ['queued'], channel, limit: 10 } as const;
      const filters: readonly ListFilter[] = [
        queue,
        { ...queue, limit: 2 },
        { ...queue, groups: ['tech'] },
        { ...queue, statuses: ['queued', 'bot', 'queued'] },
        { ...queue, statuses: ['bot'] },
        { ...queue, statuses: [] },
      ];
      expect(await log.count(filters)).toEqual([3, 2, 1, 3, 0, 0]);
      expect(await log.count([])).toEqual([]);
    });

    it('finds nothing for an id that no database could hold, and does not fail on it', async () => {
      const { ids } = inChannel();
      for (const id of ['nul\0', 'lone\ud800', 'x'.repeat(10_000), '']) {
        const filters: readonly Partial<ListFilter>[] = [
          { agentId: id },
          { channel: id },
          { customer: { channel: 'webchat', id } },
          { groups: [id] },
          { before: { updatedAt: 9, id } },
        ];
        for (const filter of filters) expect(await ids(filter)).toEqual([]);
      }
    });

    it('names all that wait or are served, page by page, and what idles with the bot', async () => {
      const { log } = underTest();
      const { channel, queued } = inChannel();
      const waiting = await queued(1);
      const served = await queued(2);
      await saved(log, served.id, claimedBy(li));
      const { conversation: idle } = await log.start(newConversation({ id: fresh(), channel }), 3);
      const { conversation: lively } = await log.start(newConversation({ id: fresh(), channel }), 50);
      const { conversation: owed } = await log.start(newConversation({ id: fresh(), channel }), 3);
      await saved(log, owed.id, customerWrote('在吗', { at: 4 }));
      const found: string[] = [];
      for (let after = ''; ;) {
        const page = await log.inService(after, 7);
        found.push(...page.map(({ id }) => id));
        const last = page.at(-1);
        if (!last) break;
        after = last.id;
      }
      expect(new Set(found).size).toBe(found.length);
      expect(found).toEqual(expect.arrayContaining([waiting.id, served.id]));
      for (const { id } of [idle, lively]) expect(found).not.toContain(id);
      const idles = (await log.idle(49, 100_000)).map(({ id }) => id);
      expect(idles).toContain(idle.id);
      for (const { id } of [waiting, served, lively, owed]) expect(idles).not.toContain(id);
    });
  });

  describe('serving', () => {
    const served = async () => {
      const queued = await startQueued(underTest().log, { id: fresh() });
      return (await saved(underTest().log, queued.id, claimedBy(li))).conversation;
    };

    it('keeps every kind of entry and all that the row remembers exactly as it was told', async () => {
      const { log } = underTest();
      const { id, version } = await served();
      const events: readonly ConversationEvent[] = [
        customerWrote('气死了', { at: 2_000, sentiment: -0.75 }),
        agentWrote(li, version, {
          at: 3_000,
          replyTo: 1,
          article: { about: 1, articleId: 'shipping-fee', question: '转人工' },
        }),
        { kind: 'agent_noted', at: 4_000, agent: wang, text: '@小李 耐心点', clientId: 'n1', mentions: ['li'] },
        {
          kind: 'routed',
          at: 5_000,
          by: theSystem,
          route: {
            groupId: 'tech',
            priority: 'urgent',
            because: [{ kind: 'tag', from: 'VIP', group: 'tech', priority: 'urgent' }],
          },
        },
        { kind: 'snoozed', at: 6_000, agent: li, version, until: 60_000 },
        { kind: 'woken', at: 60_000 },
        {
          kind: 'promise_noted',
          at: 61_000,
          what: 'promise_broken',
          promise: 'resolution',
          dueAt: 60_500,
          apology: '让您久等了',
        },
        { kind: 'customer_read', at: 62_000, seq: 9 },
        { kind: 'absorbed', at: 63_000, agent: li, version, conversationId: 'c0' },
        {
          kind: 'resolved',
          at: 64_000,
          agent: li,
          version,
          seen: 99,
          resolution: 'solved',
          survey: 'nps',
          returnsUntil: 99_000,
        },
        { kind: 'customer_rated', at: 65_000, score: 10, comment: '很好 😀', clientId: 'r1' },
      ];
      let last: Conversation | null = null;
      for (const event of events) {
        const written = await saved(log, id, event);
        expect(await log.read(id, written.conversation.seq - written.entries.length, 10)).toEqual(written.entries);
        expect(await log.find(id)).toEqual(written.conversation);
        last = written.conversation;
      }
      expect(last).toMatchObject({
        status: 'resolved',
        groupId: 'tech',
        priority: 'urgent',
        service: { resolution: 'solved', survey: 'nps', rating: 10, readSeq: 9, breaches: 1, returnsUntil: 99_000 },
      });
      const entries = await allEntries(log, id);
      expect(new Set(entries.map(({ kind }) => kind))).toEqual(
        new Set(['message', 'status', 'verdict', 'rating', 'change']),
      );
      expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
      expect(entries.find((entry) => entry.kind === 'message' && entry.private)).toMatchObject({ mentions: ['li'] });
    });

    it('takes a rating that is sent eight times at once as one', async () => {
      const { log } = underTest();
      const { id, version } = await served();
      await saved(log, id, { kind: 'resolved', at: 2, agent: li, version, seen: 99, survey: 'csat' });
      const rate = (clientId: string) =>
        log.write(id, { kind: 'customer_rated', at: 3, score: 4, comment: null, clientId });
      const same = await Promise.all(Array.from({ length: 8 }, () => rate('same')));
      expect(same.map(({ kind }) => kind).sort()).toEqual([...Array.from({ length: 7 }, () => 'duplicate'), 'saved']);
      expect(await rate('another')).toMatchObject({ kind: 'refused', because: 'not_asked' });
      expect((await allEntries(log, id)).filter(({ kind }) => kind === 'rating')).toHaveLength(1);
    });

    it('lets exactly one of a claim, an assignment, a cancelled wait and a takeover win', async () => {
      const { log } = underTest();
      const rounds = await Promise.all(
        Array.from({ length: 40 }, async () => {
          const { id, version } = await startQueued(log, { id: fresh() });
          const given = { kind: 'assigned', at: 2, by: theSystem, version } as const;
          const outcomes = await Promise.all([
            log.write(id, { ...given, to: wang, cause: 'assign' }),
            log.write(id, { ...given, to: li, cause: 'takeover' }),
            log.write(id, claimedBy(li)),
            log.write(id, claimedBy(wang)),
          ]);
          return { id, outcomes };
        }),
      );
      for (const { id, outcomes } of rounds) {
        expect(outcomes.filter(({ kind }) => kind === 'saved')).toHaveLength(1);
        const owners = (await allEntries(log, id)).filter(
          (entry) => entry.kind === 'status' && entry.to === 'assigned',
        );
        expect(owners).toHaveLength(1);
      }
    });

    it('gives a conversation that was dropped by two processes back once, and refuses what its agent sends late', async () => {
      const { log } = underTest();
      const { id, version } = await served();
      const dropped = { kind: 'dropped', at: 9, agentId: 'li', version, notice: '正在为您换一位客服' } as const;
      const outcomes = await Promise.all([
        log.write(id, dropped),
        log.write(id, dropped),
        log.write(id, agentWrote(li, version, { clientId: 'late' })),
      ]);
      expect(
        outcomes
          .slice(0, 2)
          .map(({ kind }) => kind)
          .sort(),
      ).toEqual(['refused', 'saved']);
      expect(await log.write(id, agentWrote(li, version))).toMatchObject({ kind: 'refused', because: 'not_yours' });
      expect(await log.find(id)).toMatchObject({ status: 'queued', agentId: null });
    });

    it('shows readers who come by at any time every entry once, in order, while everybody writes', async () => {
      const { log } = underTest();
      const { id, version } = await served();
      const readers = Array.from({ length: 3 }, (_, n) => ({ limit: n * 3 + 1, read: [] as Entry[] }));
      let isWriting = true;
      const reading = readers.map(async ({ limit, read }) => {
        for (;;) {
          const wasWriting = isWriting;
          const page = await log.read(id, read.at(-1)?.seq ?? 0, limit);
          read.push(...page);
          if (!wasWriting && page.length === 0) return;
          await new Promise(setImmediate);
        }
      });
      const written = await Promise.all(
        Array.from({ length: 60 }, (_, n) =>
          n % 3 === 0
            ? saved(log, id, customerWrote(`顾客 ${n}`, { clientId: `c${n}` }))
            : n % 3 === 1
              ? saved(log, id, agentWrote(li, version, { clientId: `a${n}` }))
              : saved(log, id, { kind: 'agent_noted', at: 2, agent: wang, text: `备注 ${n}`, clientId: `n${n}` }),
        ),
      );
      isWriting = false;
      await Promise.all(reading);
      const all = await allEntries(log, id);
      expect(all).toHaveLength(4 + 60);
      expect(all).toEqual(expect.arrayContaining(written.flatMap(({ entries }) => entries)));
      for (const { read } of readers) expect(read).toEqual(all);
    });

    it('gives back soon after the end to the same agent, alone', async () => {
      const { log } = underTest();
      const { id, version } = await served();
      await saved(log, id, { kind: 'resolved', at: 4, agent: li, version, seen: 99, returnsUntil: 100 });
      const back = await saved(log, id, customerWrote('还有个问题', { at: 100 }));
      expect(back.conversation).toMatchObject({
        status: 'queued',
        queuedAt: 100,
        service: { reservedFor: { id: 'li' }, askedAt: 100 },
      });
      expect(back.entries.map(({ kind }) => kind)).toEqual(['status', 'message']);
      expect((await log.unanswered(10_000)).map((owed) => owed.id)).not.toContain(id);
    });
  });

  describe('text', () => {
    const texts = {
      'right-to-left marks': 'abc \u202egnp.exe\u202c مرحبا',
      'a family of four joined by ZWJ': '👨‍👩‍👧‍👦 好的',
      'four-byte characters': '𠮷野家 𝕏 🀄',
      'combining marks and a BOM': '\ufeffe\u0301 ǖ',
      'quotes, backslashes and line ends': `'"\\ \r\n\t %_ $1 ? :x`,
      'the end of the basic plane': '\uffff\ufffe\ue000',
    };

    it.each(Object.entries(texts))('is kept to the letter: %s', async (_, text) => {
      const { log } = underTest();
      const id = fresh();
      await log.start(newConversation({ id, customerName: text }), 1);
      await saved(log, id, customerWrote(text, { channelData: { [text]: text }, clientId: text.trim() }));
      const [entry] = await log.read(id, 0, 1);
      expect(entry).toMatchObject({ text, channelData: { [text]: text }, author: { name: text } });
    });

    it('has lone surrogates replaced, everywhere alike', async () => {
      const { log } = underTest();
      const id = fresh();
      await log.start(newConversation({ id, customerName: 'a\udc00' }), 1);
      const said = await saved(log, id, customerWrote('x\ud800y', { channelData: { k: ['\udfff'] } }));
      expect(said.entries).toEqual(await log.read(id, 0, 1));
      expect(said.entries[0]).toMatchObject({
        text: 'x\ufffdy',
        channelData: { k: ['\ufffd'] },
        author: { name: 'a\ufffd' },
      });
    });

    it('with NUL is refused by name, and nothing is stored', async () => {
      const { log } = underTest();
      const id = await started();
      const refusals = [
        { event: customerWrote('a\0b'), path: 'draft.text' },
        { event: customerWrote('a', { channelData: { x: [{ y: '\0' }] } }), path: 'channelData.x.0.y' },
        { event: customerWrote('a', { clientId: 'k\0' }), path: 'clientId' },
      ];
      for (const { event, path } of refusals) {
        const error = await log.write(id, event).catch((reason: unknown) => reason);
        expect(error).toBeInstanceOf(InputError);
        expect(error).toMatchObject({ issues: [{ path }] });
      }
      await expect(log.start(newConversation({ id: fresh(), customerName: '\0' }), 1)).rejects.toThrow(InputError);
      await expect(log.start(newConversation({ id: 'x'.repeat(300) }), 1)).rejects.toThrow(InputError);
      expect(await allEntries(log, id)).toEqual([]);
    });

    it('too long for an index or nested without end is refused, not failed on', async () => {
      const { log } = underTest();
      const id = await started();
      const deep = JSON.parse('['.repeat(5_000) + ']'.repeat(5_000)) as unknown;
      await expect(log.write(id, customerWrote('a', { channelData: deep }))).rejects.toThrow(InputError);
      await expect(log.write(id, customerWrote('a', { clientId: 'k'.repeat(3_000) }))).rejects.toThrow(InputError);
      await saved(log, id, customerWrote('a', { clientId: '字'.repeat(256) }));
    });

    it('called __proto__ stays data', async () => {
      const { log } = underTest();
      const id = await started();
      const channelData = JSON.parse('{"__proto__":{"polluted":"\\ud800"}}') as unknown;
      await saved(log, id, customerWrote('a', { channelData }));
      const [entry] = await log.read(id, 0, 1);
      expect(JSON.stringify(entry)).toContain('"__proto__":{"polluted":"\ufffd"}');
      expect(({} as { polluted?: string }).polluted).toBeUndefined();
    });
  });

  it('keeps everything when it is closed and opened again', async () => {
    const { log } = underTest();
    const id = await started();
    const asked = await saved(log, id, customerWrote('在吗'));
    await saved(log, id, botTookTurn(asked.conversation));
    const before = { conversation: await log.find(id), entries: await allEntries(log, id) };
    const reopened = await underTest().reopen();
    expect({ conversation: await reopened.find(id), entries: await allEntries(reopened, id) }).toEqual(before);
    await saved(reopened, id, customerWrote('继续'));
  });
}

function textsOf(entries: readonly Entry[]): readonly string[] {
  return entries.flatMap((entry) => (entry.kind === 'message' ? [entry.text] : []));
}
