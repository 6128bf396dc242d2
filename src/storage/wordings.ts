import type { WordingStore } from '../answering/editing/proposals.ts';
import type { Database } from './database.ts';
import { storable, storableId } from './storable.ts';

/** Editors' decisions about wordings, on a database. */
export function wordingStore({ reader, transact }: Database): WordingStore {
  return {
    save: async (given) => {
      const { articleId, question, decision, agentId, at } = storable(given);
      const changing = { decision, agent_id: agentId, at };
      await transact((transaction) =>
        transaction
          .insertInto('wordings')
          .values({
            article_id: storableId(articleId, 'articleId'),
            question: storableId(question, 'question'),
            ...changing,
          })
          .onConflict((conflict) => conflict.columns(['article_id', 'question']).doUpdateSet(changing))
          .execute(),
      );
    },
    decisions: async () => {
      const rows = await reader
        .selectFrom('wordings')
        .selectAll()
        .orderBy('at')
        .orderBy('article_id')
        .orderBy('question')
        .execute();
      return rows.map(({ article_id: articleId, agent_id: agentId, ...rest }) => ({ articleId, agentId, ...rest }));
    },
  };
}
