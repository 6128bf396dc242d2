import { parseDictionary, parseSynonyms, unifier } from '../../src/answering/synonyms.ts';

describe('dictionary.txt', () => {
  it('gives a word a line, with or without how frequent it is', () => {
    const text = '\uFEFF# 词典\r\n价保 3000 n\r\n\r\n運費險\n七天无理由 # 说明\n怪词 abc n';
    expect(parseDictionary(text)).toEqual([
      { word: '价保', frequency: 3_000 },
      { word: '运费险', frequency: null },
      { word: '七天无理由', frequency: null },
      { word: '怪词', frequency: null },
    ]);
  });

  it('is nothing if empty', () => {
    expect(parseDictionary('')).toEqual([]);
  });
});

describe('synonyms.txt', () => {
  it('gives a group a line, in one script and case', () => {
    const text = '# 同义词\n運費 邮费\t快递费\n\n落单的词\nWiFi 无线网、WIFI # 网';
    expect(parseSynonyms(text)).toEqual([
      ['运费', '邮费', '快递费'],
      ['wifi', '无线网'],
    ]);
  });

  it('makes a text say each thing in one way, the longest word first', () => {
    const unify = unifier(parseSynonyms('快递 物流\n快递员 配送员\n运费 邮费 快递费'));
    expect(unify('物流的配送员说邮费')).toBe('快递的快递员说运费');
    expect(unify('快递费和快递员')).toBe('运费和快递员');
    expect(unify('')).toBe('');
  });
});
