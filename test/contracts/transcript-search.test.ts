import fc from 'fast-check';
import { announcing, createSignals, type Signals } from '../../src/conversation/signals.ts';
import type { ConversationLog } from '../../src/conversation/log.ts';
import { plainOf, wordsOf } from '../../src/handoff/search/terms.ts';
import {
  createTranscriptSearch,
  type SearchHit,
  type SearchQuery,
  type SearchStore,
  type TranscriptSearch,
} from '../../src/handoff/search/transcript-search.ts';
import { openStorage, type Storage } from '../../src/storage/storage.ts';
import {
  agentWrote,
  anAgent,
  botTookTurn,
  claimedBy,
  customerWrote,
  draft,
  handsOver,
  newConversation,
  saved,
  startQueued,
} from '../support/conversations.ts';
import { databases, describeOn, type ScratchDatabase } from '../support/databases.ts';

for (const kind of databases) {
  describeOn(kind, 'Searching transcripts', () => {
    let database: ScratchDatabase;
    let storage: Storage;
    let signals: Signals;
    let log: ConversationLog;
    let search: TranscriptSearch;
    let failures: unknown[];

    beforeEach(async () => {
      database = await kind.create();
      storage = await openStorage(database.url);
      signals = createSignals();
      log = announcing(storage.log, signals);
      failures = [];
      search = searchWith(storage.search);
      await search.settled();
    });
    afterEach(async () => {
      await search.stop();
      await storage.close();
      await database.drop();
      expect(failures).toEqual([]);
    });

    it('finds what a customer said, with where it stands and what was found', async () => {
      await says('c1', '你好，我想问一下退货要多久', { at: 10 });
      await search.settled();
      expect(await search.search({ query: '退货', groups: null, limit: 10 })).toEqual({
        kind: 'found',
        hits: [
          {
            conversationId: 'c1',
            seq: 1,
            at: 10,
            author: { role: 'customer', id: 'c1', name: null },
            private: false,
            snippet: '你好，我想问一下退货要多久',
            matches: [{ start: 8, end: 10 }],
          },
        ],
        next: null,
        upToDate: true,
      });
    });

    it('finds agents and private notes, and not the bot', async () => {
      const agent = anAgent();
      await startQueued(log, { id: 'c1', customerId: 'c1' });
      const claimed = await saved(log, 'c1', claimedBy(agent));
      await saved(log, 'c1', agentWrote(agent, claimed.conversation.version, { draft: draft('运费由我们承担') }));
      await saved(log, 'c1', {
        kind: 'agent_noted',
        at: 1_000,
        agent: { id: agent.id, name: agent.name },
        text: '运费他已经问过三次',
        clientId: null,
      });
      const { conversation } = await says('c2', '在吗');
      await saved(log, 'c2', botTookTurn(conversation, { replies: [draft('运费怎么算')] }));
      await search.settled();
      expect((await find('运费')).map((hit) => [hit.author.role, hit.private, hit.snippet])).toEqual([
        ['agent', true, '运费他已经问过三次'],
        ['agent', false, '运费由我们承担'],
      ]);
    });

    it('finds what goes to the groups asked for, and what the agent asked for serves', async () => {
      const agent = anAgent();
      for (const groupId of ['sales', 'tech', null]) {
        const id = `to ${groupId}`;
        const asked = await says(id, '我要退货');
        const handoff = { reason: 'no_match', understanding: null } as const;
        const route = { groupId, priority: 'medium', because: [] } as const;
        await saved(log, id, handsOver(asked.conversation, { handoff: { ...handoff, route } }));
      }
      await saved(log, 'to tech', claimedBy(agent));
      await search.settled();
      const ids = async (groups: SearchQuery['groups'], agentId: string | null = null) =>
        (await find('退货', { groups, agentId })).map((hit) => hit.conversationId).sort();
      expect(await ids(null)).toEqual(['to null', 'to sales', 'to tech']);
      expect(await ids([])).toEqual([]);
      expect(await ids([null])).toEqual(['to null']);
      expect(await ids(['sales', null])).toEqual(['to null', 'to sales']);
      expect(await ids(['sales'], agent.id)).toEqual(['to sales', 'to tech']);
      expect(await ids(Array.from({ length: 100 }, (_, n) => (n === 70 ? 'tech' : `group-${n}`)))).toEqual(['to tech']);
      expect(await ids(['sales'], 'a2')).toEqual(['to sales']);
    });

    it('finds the newest first, page after page', async () => {
      for (let n = 0; n < 7; n++) await says(`c${n % 3}`, `第${n}次问退货`, { at: 10 + (n >> 1) });
      await search.settled();
      const all = await find('退货');
      expect(all).toHaveLength(7);
      expect([...all].sort((a, b) => b.at - a.at)).toEqual(all);
      expect(await pages('退货', { limit: 2 })).toEqual(all);
    });

    it('finds every word of the query, wherever it stands, and marks each', async () => {
      await says('c1', '耳机的运费，和退货的运费');
      await says('c2', '退货吗');
      await search.settled();
      const [hit, ...others] = await find('退货 运费');
      expect(others).toEqual([]);
      expect(marked(hit)).toEqual(['运费', '退货', '运费']);
      expect(await find('货退')).toEqual([]);
    });

    it('finds either script, any width and case, and what nobody sees between', async () => {
      await says('c1', '請問什麼時候發貨？訂單ＡＢ１２３');
      await says('c2', '什么时候发\u200b货 AB99');
      await search.settled();
      expect((await find('什么时候发货')).map(marked).flat().sort()).toEqual(['什么时候发\u200b货', '什麼時候發貨']);
      expect((await find('發貨')).length).toBe(2);
      expect((await find('ab123')).map(marked)).toEqual([['ＡＢ１２３']]);
      expect((await find('b12')).map(marked)).toEqual([['Ｂ１２']]);
    });

    it('shows the message around the first match', async () => {
      await says('c1', `${'前'.repeat(200)}😀退货😀${'后'.repeat(200)}`);
      await search.settled();
      const [hit] = await find('退货');
      expect(hit?.snippet.length).toBeLessThanOrEqual(121);
      expect(hit?.snippet.isWellFormed()).toBe(true);
      expect(marked(hit)).toEqual(['退货']);
    });

    it('says that one character is too little, and refuses a query that is too long', async () => {
      for (const query of ['退', ' ', '', '退 货', '\0', '\u200b']) {
        expect(await search.search({ query, groups: null, limit: 10 })).toEqual({ kind: 'too_short' });
      }
      const long = search.search({ query: '退'.repeat(101), groups: null, limit: 10 });
      await expect(long).rejects.toMatchObject({ name: 'InputError', issues: [{ path: 'query' }] });
    });

    it('takes any text for a query and any place to go on from', async () => {
      await says('c1', '100% 退货_"\'\\');
      await search.settled();
      for (const query of ['0%', '"\'', "'\\", '货_', 'a\0b', '\ud800退货', '%%', "'; drop"]) {
        expect(await search.search({ query, groups: null, limit: 10 })).toMatchObject({ kind: 'found' });
      }
      expect(await find('%%')).toEqual([]);
      expect(await find('0%')).toHaveLength(1);
      const before = { at: 1, conversationId: 'a\0b', seq: 1 };
      expect(await search.search({ query: '退货', groups: null, limit: 10, before })).toMatchObject({ hits: [] });
    });

    it('catches up at the start with what was said while nobody listened', async () => {
      await search.stop();
      for (let n = 0; n < 60; n++) await says('long', `第${n}句 退货`, { at: n });
      await says('other', '退货');
      search = searchWith(storage.search);
      expect(await search.search({ query: '退货', groups: null, limit: 10 })).toMatchObject({ upToDate: false });
      await search.settled();
      expect(await pages('退货', { limit: 50 })).toHaveLength(61);
      expect(await search.search({ query: '退货', groups: null, limit: 10 })).toMatchObject({ upToDate: true });
    });

    it('does not keep a message waiting', async () => {
      await search.stop();
      const frozen: SearchStore = { ...storage.search, add: () => new Promise(() => {}) };
      const stuck = searchWith(frozen);
      for (let n = 0; n < 5; n++) await says('c1', '退货');
      expect((await storage.log.find('c1'))?.seq).toBe(5);
      void stuck.stop();
    });

    it('finds everything said by any two characters of it, and nothing that does not say what is sought', async () => {
      const told = new Map<string, string>();
      const character = fc.constantFrom(...'退货貨发發什么麼幺乾干隆Aaß1１2㎏é😀，。 ');
      const text = fc.string({ unit: character, minLength: 1, maxLength: 12 });
      let run = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 4 }), text, async (texts, query) => {
          const id = `run${run++}`;
          for (const one of texts) told.set(`${id}/${(await says(id, one, { at: run })).conversation.seq}`, one);
          await search.settled();
          for (const one of texts) {
            const characters = [...one];
            for (let place = 0; place + 1 < characters.length; place++) {
              const two = characters.slice(place, place + 2).join('');
              if (two.includes(' ')) continue;
              expect((await pages(two)).map((hit) => told.get(placeOf(hit)))).toContain(one);
            }
          }
          const found = await search.search({ query, groups: null, limit: 50 });
          if (found.kind === 'too_short') return;
          const words = wordsOf(plainOf(query).text);
          const expected = [...told]
            .filter(([, one]) => words.every((word) => plainOf(one).text.includes(word)))
            .map(([place]) => place);
          expect((await pages(query)).map(placeOf).sort()).toEqual(expected.sort());
        }),
        { numRuns: kind.name === 'SQLite' ? 60 : 12 },
      );
    }, 60_000);

    it('loses and doubles nothing when it is interrupted between any two batches', async () => {
      let run = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 4 }), async (crashes) => {
          await search.stop();
          const id = `run${run++}`;
          // More terms than one batch takes, in one message and over several.
          for (let n = 0; n < 4; n++) await says(id, `${numbers(n * 700, 700)} 甲乙${n} ${id}`, { at: n });
          for (const after of crashes) {
            search = searchWith(dying(storage.search, after), () => {});
            await search.settled();
            await search.stop();
          }
          search = searchWith(storage.search);
          await search.settled();
          const found = (await pages(`甲乙 ${id}`)).filter((hit) => hit.conversationId === id);
          expect(found.map(({ seq }) => seq)).toEqual([4, 3, 2, 1]);
          for (const n of [0, 699, 700, 2_799]) expect(await pages(`#${n}# ${id}`)).toHaveLength(1);
          expect(await storage.search.cursorOf(id)).toBe(4);
        }),
        { numRuns: kind.name === 'SQLite' ? 20 : 6 },
      );
    }, 60_000);

    it('tells what failed and tries it again', async () => {
      await search.stop();
      const errors: unknown[] = [];
      let broken = true;
      const failing: SearchStore = {
        ...storage.search,
        add: async (terms, cursor) => {
          if (broken) throw new Error('disk full');
          await storage.search.add(terms, cursor);
        },
      };
      search = searchWith(failing, (error) => errors.push(error));
      await search.settled();
      await says('c1', '退货');
      await search.settled();
      expect(errors[0]).toMatchObject({ message: 'disk full' });
      broken = false;
      await until(async () => (await find('退货')).length === 1);
    });

    it('finds everything else when one conversation can not be read', async () => {
      await search.stop();
      for (const id of ['a', 'b', 'c']) await says(id, `退货${id}`);
      const errors: unknown[] = [];
      const failing: SearchStore = {
        ...storage.search,
        // Pages of two that look like full ones, so that the sweep has to go on after the broken one.
        progress: async (after, limit) => {
          const page = await storage.search.progress(after, 2);
          const rest = Array.from({ length: limit - 2 }, () => ({ conversationId: 'none', seq: 0, cursor: 0 }));
          return page.length < 2 ? page : [...rest, ...page];
        },
        cursorOf: (id) => (id === 'a' ? Promise.reject(new Error('corrupt')) : storage.search.cursorOf(id)),
      };
      search = searchWith(failing, (error) => errors.push(error));
      await until(async () => (await find('退货')).length === 2);
      expect(errors[0]).toMatchObject({ message: 'corrupt' });
    });

    it('of two that index the same log finds everything once', async () => {
      const second = searchWith(storage.search);
      await Promise.all(Array.from({ length: 20 }, (_, n) => says(`c${n % 4}`, `退货${n}`, { at: n })));
      await Promise.all([search.settled(), second.settled()]);
      expect(await pages('退货')).toHaveLength(20);
      await second.stop();
    });

    /** A search that wakes at once. */
    function searchWith(
      store: SearchStore,
      failed: (error: unknown) => void = (error) => failures.push(error),
    ): TranscriptSearch {
      return createTranscriptSearch({
        log: storage.log,
        store,
        signals,
        failed,
        later: (callback) => {
          const timer = setTimeout(callback, 1);
          return () => clearTimeout(timer);
        },
      });
    }

    async function says(customer: string, text: string, { at = 1_000 } = {}) {
      await log.start(newConversation({ id: customer, customerId: customer }), at);
      return saved(log, customer, customerWrote(text, { at }));
    }

    async function find(query: string, given: Partial<SearchQuery> = {}): Promise<readonly SearchHit[]> {
      const result = await search.search({ query, groups: null, limit: 50, ...given });
      if (result.kind !== 'found') throw new Error(`Nothing to search for: ${query}`);
      return result.hits;
    }

    /** All there is to find, page after page. */
    async function pages(query: string, given: Partial<SearchQuery> = {}): Promise<readonly SearchHit[]> {
      const hits: SearchHit[] = [];
      for (let before: SearchQuery['before'] = null; ;) {
        const page = await search.search({ query, groups: null, limit: 50, before, ...given });
        if (page.kind !== 'found') throw new Error(`Nothing to search for: ${query}`);
        hits.push(...page.hits);
        if (!page.next) return hits;
        before = page.next;
      }
    }
  });
}

/** The parts of the snippet that were found. */
function marked(hit: SearchHit | undefined): readonly string[] {
  return hit?.matches.map(({ start, end }) => hit.snippet.slice(start, end)) ?? [];
}

function placeOf({ conversationId, seq }: SearchHit): string {
  return `${conversationId}/${seq}`;
}

function numbers(from: number, count: number): string {
  return Array.from({ length: count }, (_, n) => `#${from + n}#`).join(' ');
}

/** A store whose process dies when it has added `times` times. */
function dying(store: SearchStore, times: number): SearchStore {
  let left = times;
  return {
    ...store,
    add: async (terms, cursor) => {
      if (left-- <= 0) throw new Error('died');
      await store.add(terms, cursor);
    },
  };
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error('It did not come about.');
}
