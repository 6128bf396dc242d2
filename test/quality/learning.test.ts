import { article } from './datasets.ts';
import type { Trial } from './datasets.ts';
import { after, learning } from './learning.ts';

const trial: Trial = {
  name: 'shop',
  articles: [
    article('refund', '退款多久到账', {
      questions: ['退款几天到银行卡', '钱什么时候到', '什么时候退'],
      text: '# 钱什么时候到\n三天。',
    }),
    article('twin', '退款时间', { questions: ['什么时候退'] }),
    article('fee', '运费怎么收'),
  ],
  asked: [
    { query: '退的钱呢', right: ['refund'], kind: 'in' },
    { query: '天气如何', right: [], kind: 'far' },
  ],
};

describe('a split of a base into what it knows, what it is asked and what is confirmed', () => {
  const split = learning(trial, 'popular', 1);

  it('uses every wording once', () => {
    const asked = split.trial.asked.filter(({ kind }) => kind === 'in').map(({ query }) => query);
    const confirmed = split.lessons.map(({ question }) => question);
    expect([...asked, ...confirmed].sort()).toEqual(
      ['退款几天到银行卡', '钱什么时候到', '什么时候退', '退的钱呢'].sort(),
    );
    expect(asked).toHaveLength(1);
    expect(split.trial.asked).toContainEqual({ query: '天气如何', right: [], kind: 'far' });
  });

  it('leaves no trace of what it took, and holds twins to be right for each other', () => {
    expect(JSON.stringify(split.trial.articles.map(({ questions, text }) => [questions, text]))).not.toContain(
      '钱什么时候到',
    );
    expect(split.trial.asked.find(({ kind }) => kind === 'in')?.right).toEqual(['refund', 'twin']);
  });

  it('gives the first lessons to their articles', () => {
    expect(after(split, 0).confirmed).toEqual(new Map());
    expect(after(split, 2).confirmed?.get('refund')).toHaveLength(2);
  });

  it('is the same for the same seed', () => {
    expect(learning(trial, 'even', 7)).toEqual(learning(trial, 'even', 7));
  });
});
