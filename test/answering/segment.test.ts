import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSegmenter } from '../../src/answering/segment.ts';
import type { Jieba } from '../../src/answering/segment.ts';
import { hashWord } from '../../src/answering/tokens.ts';

describe('the segmenter', () => {
  it('cuts a question into words, long ones together with the short ones inside', async () => {
    const segmenter = await createSegmenter();
    expect(segmenter.kind).toBe('jieba');
    expect(segmenter.words('怎么申请增值税专用发票')).toEqual(
      expect.arrayContaining(['怎么', '申请', '增值税', '发票']),
    );
  });

  it('keeps negations, modals and question words', async () => {
    const segmenter = await createSegmenter();
    expect(segmenter.words('为什么不能退款').join('')).toContain('不能');
    expect(segmenter.words('为什么没发货')).toEqual(expect.arrayContaining(['为什么', '没']));
  });

  it('leaves out punctuation, spaces and emoji', async () => {
    const segmenter = await createSegmenter();
    expect(segmenter.words('退款？！ 😀 。')).toEqual(['退款']);
  });

  it('knows the words of the user dictionary, also of one that comes later', async () => {
    const first = await createSegmenter({ dictionary: [{ word: '山雀安心购', frequency: 3_000 }] });
    expect(first.words('山雀安心购怎么用')).toContain('山雀安心购');
    const second = await createSegmenter({ dictionary: [{ word: '暮光晾衣节', frequency: null }] });
    expect(second.words('暮光晾衣节几号开始')).toContain('暮光晾衣节');
  });

  it('passes over dictionary words that the native code could not take', async () => {
    const dictionary = [
      { word: '', frequency: null },
      { word: '两 个', frequency: null },
      { word: '换行\n词', frequency: 5 },
    ];
    const segmenter = await createSegmenter({ dictionary });
    expect(segmenter.words('退款')).toEqual(['退款']);
  });

  it('knows how common words are in Chinese at large', async () => {
    const { background } = await createSegmenter();
    expect(background.probability(hashWord('怎么'))).toBeGreaterThan(background.probability(hashWord('发票')));
    expect(background.probability(hashWord('山雀生活'))).toBe(0);
  });

  it('leaves nothing behind in the temporary folder', async () => {
    // A folder of its own: other processes make their dictionaries in the common one at the same time.
    const usual = process.env['TMPDIR'];
    const own = mkdtempSync(join(tmpdir(), 'segment-test-'));
    process.env['TMPDIR'] = own;
    try {
      await createSegmenter();
      expect(readdirSync(own)).toEqual([]);
    } finally {
      if (usual === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = usual;
      rmSync(own, { recursive: true });
    }
  });
});

describe('where nodejieba cannot be had', () => {
  it('the engine’s own segmenter takes over, with a warning', async () => {
    const warnings: string[] = [];
    const segmenter = await createSegmenter({
      importJieba: () => Promise.reject(new Error('no such module')),
      warn: (message) => warnings.push(message),
    });
    expect(segmenter.kind).toBe('intl');
    expect(segmenter.words('怎么申请退款？')).toEqual(expect.arrayContaining(['申请', '退款']));
    expect(warnings).toEqual([expect.stringContaining('no such module')]);
  });

  it('it does so too if only the native part is missing, and still knows how common words are', async () => {
    const { DEFAULT_DICT } = jest.requireActual<Jieba>('nodejieba');
    expect(existsSync(DEFAULT_DICT)).toBe(true);
    const broken: Jieba = {
      DEFAULT_DICT,
      load: () => {
        throw new Error('binding not found');
      },
      cutForSearch: () => [],
      cut: () => [],
      insertWord: () => false,
    };
    const segmenter = await createSegmenter({ importJieba: async () => broken });
    expect(segmenter.kind).toBe('intl');
    expect(segmenter.background.probability(hashWord('怎么'))).toBeGreaterThan(0.1);
  });
});
