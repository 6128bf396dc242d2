import { join } from 'node:path';
import { checkEncoder } from '../../../src/answering/learning/encoder-check.ts';
import { createSegmenter } from '../../../src/answering/segment.ts';
import type { Segmenter } from '../../../src/answering/segment.ts';
import { shippedModel } from '../../../src/answering/shipped-model.ts';
import { loadArticles } from '../../../src/articles/load.ts';
import { article } from '../../quality/datasets.ts';

let segmenter: Segmenter;
beforeAll(async () => {
  segmenter = await createSegmenter();
});

describe('whether an encoder pays', () => {
  it('is found out by wordings held out of the base', async () => {
    const { articles } = await loadArticles(join(__dirname, '../../../knowledge'));
    const check = checkEncoder({ articles }, shippedModel.ranker, segmenter);
    expect(check.asked).toBeGreaterThan(50);
    expect(check.pays).toBe(true);
    expect(check.with).toBeGreaterThan(check.without);
  });

  it('is no for a base too small to tell, and for one without alternate questions', () => {
    const one = article('a', '退款多久到账', { questions: ['钱几天到'] });
    const bare = Array.from({ length: 100 }, (_, i) => article(`bare-${i}`, `第${i}个问题怎么办`));
    for (const articles of [[], [one], bare]) {
      expect(checkEncoder({ articles }, shippedModel.ranker, segmenter)).toEqual({
        asked: articles === bare ? 0 : articles.length,
        without: 0,
        with: 0,
        pays: false,
      });
    }
  });
});
