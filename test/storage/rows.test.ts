import { conversationOf, conversationRow, entryOf, entryRow } from '../../src/storage/rows.ts';
import { emptyMemory, noService, type Judgement } from '../../src/conversation/conversation.ts';
import { theBot } from '../../src/conversation/entries.ts';
import { aConversation } from '../support/conversations.ts';

describe('a row an older version wrote', () => {
  it('of a verdict reads as feedback on a wording nobody kept', () => {
    const said: Judgement = { about: 1, articleId: 'fee', question: '运费', helpful: true, source: 'pick' };
    const verdict = { kind: 'verdict', seq: 2, at: 1, author: theBot, clientId: null, ...said } as const;
    const row = entryRow('c1', 2, verdict);
    expect(entryOf(row)).toEqual(verdict);
    const old = { ...row, body: JSON.stringify({ about: 1, articleId: 'fee', helpful: true }) };
    expect(entryOf(old)).toEqual({ ...verdict, question: '', source: 'feedback' });
  });

  it('of a conversation reads as one whose bot has nothing in mind that could be judged', () => {
    const row = conversationRow(aConversation());
    const memory = JSON.stringify({ misses: 1, lastArticleId: 'fee', lastAnswerSeq: 4, lastUnderstanding: null });
    expect(conversationOf({ ...row, memory }).memory).toMatchObject({
      ...emptyMemory,
      misses: 1,
      lastArticleId: 'fee',
      judgeable: null,
    });
  });

  it('of a conversation from before agents were routed reads as one that nobody was asked to serve', () => {
    const row = conversationRow(aConversation());
    expect(conversationOf({ ...row, service: '{}' }).service).toEqual(noService);
    expect(conversationOf({ ...row, service: '{"askedAt":5}' }).service).toEqual({ ...noService, askedAt: 5 });
  });
});
