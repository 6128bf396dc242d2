import type { Entry } from '../../src/conversation/conversation.ts';
import type { ConversationLog } from '../../src/conversation/log.ts';
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
