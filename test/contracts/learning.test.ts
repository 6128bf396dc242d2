import type { FitRecord } from '../../src/answering/learning/fits.ts';
import type { HandoffReason } from '../../src/conversation/conversation.ts';
import { openStorage, type Storage } from '../../src/storage/storage.ts';
import {
  botTookTurn,
  customerWrote,
  handsOver,
  newConversation,
  saved,
  understanding,
} from '../support/conversations.ts';
import { databases, describeOn, type ScratchDatabase } from '../support/databases.ts';

for (const kind of databases) {
  let database: ScratchDatabase;
  let storage: Storage;

  describeOn(kind, 'What is learned from', () => {
    beforeEach(async () => {
      database = await kind.create();
      storage = await openStorage(database.url);
    });
    afterEach(async () => {
      await storage.close();
      await database.drop();
    });

    describe('the labels', () => {
      it('are the verdicts, oldest first, with who said it and where', async () => {
        await judges('wang', '运费多少', { at: 20, articleId: 'shipping-fee', helpful: false });
        await judges('li', ' 运费 多少 ', { at: 10, articleId: 'shipping-fee' });
        expect(await storage.labels.labels(10)).toEqual([
          {
            question: '运费 多少',
            articleId: 'shipping-fee',
            right: true,
            source: 'feedback',
            by: 'li',
            at: 10,
            conversationId: 'of li',
          },
          {
            question: '运费多少',
            articleId: 'shipping-fee',
            right: false,
            source: 'feedback',
            by: 'wang',
            at: 20,
            conversationId: 'of wang',
          },
        ]);
      });

      it('say how they came about', async () => {
        const { conversation } = await asked('li', '能便宜点吗', 5);
        const verdict = {
          about: 1,
          articleId: 'price',
          question: '能便宜点吗',
          helpful: true,
          source: 'pick',
        } as const;
        await saved(storage.log, 'of li', botTookTurn(conversation, { at: 6, verdict }));
        expect(await storage.labels.labels(10)).toMatchObject([{ source: 'pick', articleId: 'price', right: true }]);
      });

      it('count a voice once, as it spoke last', async () => {
        await judges('li', '运费多少', { at: 10, articleId: 'a' });
        await judges('li', '运费多少 ', { at: 30, articleId: 'a', helpful: false });
        await judges('li', '运费多少', { at: 20, articleId: 'a' });
        await judges('li', '运费多少', { at: 5, articleId: 'b' });
        await judges('li', '运费呢', { at: 6, articleId: 'a' });
        const labels = await storage.labels.labels(10);
        expect(labels.map(({ at, right }) => [at, right])).toEqual([
          [5, true],
          [6, true],
          [30, false],
        ]);
      });

      it('are the newest of many', async () => {
        for (let at = 1; at <= 12; at++) await judges('li', `问题${at}`, { at, articleId: 'a' });
        expect((await storage.labels.labels(3)).map(({ question }) => question)).toEqual([
          '问题10',
          '问题11',
          '问题12',
        ]);
        expect(await storage.labels.labels(0)).toEqual([]);
      });

      it('are read to the end, however many were said in one moment', async () => {
        const judging = Array.from({ length: 303 }, (_, n) =>
          judges(`u${n}`, `问题${n}`, { at: n < 270 ? 5 : 6, articleId: 'a' }),
        );
        await Promise.all(judging);
        const labels = await storage.labels.labels(5_000);
        expect(new Set(labels.map(({ question }) => question)).size).toBe(303);
        expect(labels.map(({ at }) => at)).toEqual(labels.map(({ at }) => at).sort());
      });

      it('leave out what was judged before questions were kept', async () => {
        await judges('li', '', { at: 10, articleId: 'a' });
        await judges('li', ' ', { at: 11, articleId: 'a' });
        expect(await storage.labels.labels(10)).toEqual([]);
      });
    });

    describe('the misses', () => {
      it('are the questions handed over for want of an answer, and the answers that did not help, newest first', async () => {
        await handedOver('li', { at: 10, question: '能寄到月球吗', reason: 'no_match' });
        await judges('wang', '运费多少', { at: 20, articleId: 'shipping-fee', helpful: false });
        expect(await storage.misses.misses(0, 10)).toEqual([
          {
            question: '运费多少',
            reason: 'not_helpful',
            refusedArticleId: 'shipping-fee',
            conversationId: 'of wang',
            customerId: 'wang',
            at: 20,
          },
          {
            question: '能寄到月球吗',
            reason: 'no_match',
            refusedArticleId: null,
            conversationId: 'of li',
            customerId: 'li',
            at: 10,
          },
        ]);
      });

      it('are not the conversations handed over for another reason, nor what helped', async () => {
        await handedOver('li', { at: 10, question: '转人工', reason: 'customer_request' });
        await handedOver('wang', { at: 11, question: null, reason: 'repeated_failure' });
        await judges('zhou', '运费多少', { at: 20, articleId: 'shipping-fee' });
        expect(await storage.misses.misses(0, 10)).toEqual([]);
      });

      it('are those since a time, and no more than wanted', async () => {
        for (let at = 1; at <= 6; at++) await handedOver(`u${at}`, { at, question: `问题${at}`, reason: 'no_match' });
        expect((await storage.misses.misses(4, 10)).map(({ at }) => at)).toEqual([6, 5, 4]);
        expect((await storage.misses.misses(0, 2)).map(({ at }) => at)).toEqual([6, 5]);
      });
    });

    describe('the fits', () => {
      it('are none before the first', async () => {
        expect(await storage.fits.latest()).toBeNull();
        expect(await storage.fits.list(10)).toEqual([]);
      });

      it('are kept as they were, newest first', async () => {
        const first = aFit({ id: 'one', at: 10 });
        const second = aFit({ id: 'two', at: 20, stage: 'labelled', data: [1, { 温: null }], report: { ece: 0.04 } });
        await storage.fits.save(first);
        await storage.fits.save(second);
        expect(await storage.fits.latest()).toEqual(second);
        expect(await storage.fits.list(10)).toEqual([second, first]);
        expect(await storage.fits.list(1)).toEqual([second]);
      });

      it('survive a restart', async () => {
        await storage.fits.save(aFit());
        await storage.close();
        storage = await openStorage(database.url);
        expect(await storage.fits.latest()).toEqual(aFit());
      });
    });

    describe('decisions about wordings', () => {
      const decision = { articleId: 'refund', question: '钱什么时候到账', agentId: 'editor' };

      it('are kept, the last about each wording', async () => {
        await storage.wordings.save({ ...decision, decision: 'refused', at: 10 });
        await storage.wordings.save({ ...decision, articleId: 'b', decision: 'refused', at: 15 });
        await storage.wordings.save({ ...decision, agentId: 'other', decision: 'accepted', at: 20 });
        expect(await storage.wordings.decisions()).toEqual([
          { ...decision, articleId: 'b', decision: 'refused', at: 15 },
          { ...decision, agentId: 'other', decision: 'accepted', at: 20 },
        ]);
      });

      it('about something no database could index are refused by name', async () => {
        const long = storage.wordings.save({ ...decision, question: '长'.repeat(300), decision: 'refused', at: 10 });
        await expect(long).rejects.toMatchObject({ name: 'InputError', issues: [{ path: 'question' }] });
        const most = { ...decision, articleId: '文'.repeat(256), question: '长'.repeat(256), at: 10 } as const;
        await storage.wordings.save({ ...most, decision: 'refused' });
        expect(await storage.wordings.decisions()).toHaveLength(1);
      });
    });
  });

  /** A customer has one conversation; whoever it is, this is what they ask. */
  async function asked(customer: string, text: string, at: number) {
    const id = `of ${customer}`;
    await storage.log.start(newConversation({ id, customerId: customer }), at);
    return saved(storage.log, id, customerWrote(text, { at }));
  }

  async function judges(
    customer: string,
    question: string,
    { at, articleId, helpful = true }: { at: number; articleId: string; helpful?: boolean },
  ): Promise<void> {
    const { conversation } = await asked(customer, question || '（旧）', at);
    await saved(storage.log, conversation.id, {
      kind: 'customer_judged',
      at,
      about: 1,
      articleId,
      question,
      helpful,
      clientId: null,
    });
  }

  async function handedOver(
    customer: string,
    { at, question, reason }: { at: number; question: string | null; reason: HandoffReason },
  ): Promise<void> {
    const { conversation } = await asked(customer, question ?? '图片', at);
    const understood = question === null ? null : understanding({ question, outcome: 'handoff', articleId: null });
    const handoff = { reason, understanding: understood };
    await saved(storage.log, conversation.id, handsOver(conversation, { at, handoff }));
  }
}

function aFit(given: Partial<FitRecord> = {}): FitRecord {
  return {
    id: 'fit',
    at: 1_700_000_000_000,
    stage: 'self',
    articles: 110,
    labels: 0,
    promised: 0.95,
    threshold: 0.9123456789012345,
    data: { slope: 1.25, shift: -0.1 },
    report: {},
    ...given,
  };
}
