import { suggestSynonyms } from '../../../src/answering/editing/synonym-suggestions.ts';

const words = (text: string): string[] => text.split(' ');
const pairs = (articles: readonly (readonly string[])[], known: readonly string[][] = []): string[] =>
  suggestSynonyms(
    articles.map((texts, i) => ({ id: `a${i}`, texts })),
    { words, known },
  ).map((suggestion) => suggestion.words.join('='));

describe('suggested synonyms', () => {
  it('are words that fill the same place in two wordings of one article', () => {
    expect(pairs([['怎么 修改 地址', '怎么 更改 地址', '地址 填错']])).toEqual(['修改=更改']);
  });

  it('come with the wordings that speak for them, best supported first', () => {
    const articles = [
      { id: 'address', texts: ['怎么 修改 地址', '怎么 更改 地址'] },
      { id: 'phone', texts: ['在哪 修改 手机号', '在哪 更改 手机号'] },
      { id: 'fee', texts: ['运费 多少', '邮费 多少'] },
    ];
    const [first, second] = suggestSynonyms(articles, { words });
    expect(first?.evidence).toEqual([
      { articleId: 'address', wordings: ['怎么 修改 地址', '怎么 更改 地址'] },
      { articleId: 'phone', wordings: ['在哪 修改 手机号', '在哪 更改 手机号'] },
    ]);
    expect(second?.words).toEqual(['运费', '邮费']);
  });

  it('put first the word that more articles use', () => {
    expect(pairs([['邮费 多少', '运费 多少'], ['运费 怎么 退']])).toEqual(['运费=邮费']);
  });

  it('are not what tells two articles apart', () => {
    const together = ['怎么 申请 退货', '怎么 申请 换货'];
    expect(pairs([together, ['退货 要 几天'], ['换货 要 几天']])).toEqual([]);
  });

  it('are not what the shop has already, nor single characters, nor wordings that differ in more', () => {
    expect(pairs([['怎么 修改 地址', '怎么 更改 地址']], [['更改', '修改']])).toEqual([]);
    expect(pairs([['几 天 到', '三 天 到']])).toEqual([]);
    expect(pairs([['怎么 修改 地址', '如何 更改 地址']])).toEqual([]);
  });

  it('are none in an empty base', () => {
    expect(pairs([])).toEqual([]);
    expect(pairs([[], ['']])).toEqual([]);
  });
});
