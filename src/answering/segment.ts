import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backgroundOf, emptyBackground } from './background.ts';
import type { Background } from './background.ts';
import { hasContent } from './tokens.ts';

/** Cuts Chinese text into words. */
export type Segmenter = {
  readonly kind: 'jieba' | 'intl';
  /** The words of a normalised text as a search wants them: long words together with the shorter ones inside. */
  readonly words: (text: string) => string[];
  /** The same text in words that do not overlap. */
  readonly cut: (text: string) => string[];
  /** How common a token is in Chinese at large. */
  readonly background: Background;
};

/** One word of the user dictionary; without `frequency` it is as likely as the median word. */
export type DictionaryWord = { readonly word: string; readonly frequency: number | null };

/** The slice of nodejieba we use. */
export type Jieba = {
  readonly DEFAULT_DICT: string;
  load(options: { dict: string; userDict: string; idfDict: string; stopWordDict: string }): unknown;
  cutForSearch(text: string, hmm: boolean): string[];
  cut(text: string, hmm: boolean): string[];
  insertWord(word: string): boolean;
};

type SegmenterOptions = {
  readonly dictionary?: readonly DictionaryWord[];
  /** Told once, in English, why words are cut less well than they could be. */
  readonly warn?: (message: string) => void;
  /** Where nodejieba comes from; tests inject a broken one. */
  readonly importJieba?: () => Promise<Jieba>;
};

/**
 * A segmenter that knows the words of `dictionary` too. nodejieba with its dictionary is loaded once per process
 * (0.4 s, 50 MB); where that fails, the JavaScript engine's own segmenter takes over and `warn` is told.
 */
export async function createSegmenter(options: SegmenterOptions = {}): Promise<Segmenter> {
  const { dictionary = [], warn = () => undefined, importJieba = importNodejieba } = options;
  let jieba: Jieba;
  try {
    jieba = await importJieba();
  } catch (error) {
    return fallback(warn, error, emptyBackground);
  }
  const knowledge = knowledgeOf(jieba);
  const { background } = knowledge;
  try {
    teach(jieba, knowledge, dictionary);
  } catch (error) {
    return fallback(warn, error, background);
  }
  return {
    kind: 'jieba',
    background,
    words: (text) => jieba.cutForSearch(text, true).filter(hasContent),
    cut: (text) => jieba.cut(text, true).filter(hasContent),
  };
}

/** What is known of one nodejieba, so that a second segmenter costs nothing: hot reload makes many. */
type JiebaKnowledge = {
  /** The dictionary's lines until they are loaded, null if it cannot be read. */
  lines: readonly string[] | null;
  readonly background: Background;
  /** The user's words it was taught; null until its dictionary is loaded. */
  taught: Set<string> | null;
};

const known = new WeakMap<Jieba, JiebaKnowledge>();

function knowledgeOf(jieba: Jieba): JiebaKnowledge {
  let knowledge = known.get(jieba);
  if (!knowledge) {
    const lines = readDictionary(jieba);
    knowledge = { lines, background: lines ? backgroundOf(lines) : emptyBackground, taught: null };
    known.set(jieba, knowledge);
  }
  return knowledge;
}

async function importNodejieba(): Promise<Jieba> {
  const module = (await import('nodejieba')) as unknown as { default: Jieba };
  return module.default;
}

function teach(jieba: Jieba, knowledge: JiebaKnowledge, dictionary: readonly DictionaryWord[]): void {
  const words = dictionary.filter(({ word }) => word !== '' && !/\s/u.test(word));
  if (!knowledge.taught) {
    load(jieba, words, knowledge.lines);
    knowledge.taught = new Set(words.map(({ word }) => word));
    knowledge.lines = null;
    return;
  }
  for (const { word } of words) {
    if (!knowledge.taught.has(word)) jieba.insertWord(word);
    knowledge.taught.add(word);
  }
}

/**
 * nodejieba keeps its dictionary twice (once for a keyword extractor nobody here calls) and an idf table: 256 MB and
 * 1.0 s. Only frequent words are loaded, which changes no figure of retrieval (see test/quality/README.md):
 * 50 MB and 0.25 s. The library reads files only, so they are written to a temporary folder for the moment of loading.
 */
function load(jieba: Jieba, words: readonly DictionaryWord[], lines: readonly string[] | null): void {
  const folder = mkdtempSync(join(tmpdir(), 'zhike-dictionary-'));
  const file = (name: string, content: string): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  try {
    jieba.load({
      dict: lines ? file('dict', `${lines.join('\n')}\n`) : jieba.DEFAULT_DICT,
      userDict: file('user', words.map((word) => `${userLine(word)}\n`).join('')),
      // The native code aborts on an empty one.
      idfDict: file('idf', 'a 1\n'),
      stopWordDict: file('stop', 'a\n'),
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function userLine({ word, frequency }: DictionaryWord): string {
  return frequency === null ? word : `${word} ${frequency} n`;
}

/** The lines ("word frequency tag") of the words worth loading; null if the file cannot be read. */
function readDictionary(jieba: Jieba): string[] | null {
  let text: string;
  try {
    text = readFileSync(jieba.DEFAULT_DICT, 'utf8');
  } catch {
    return null;
  }
  return text.split('\n').filter((line) => {
    const space = line.indexOf(' ');
    return space > 0 && (space === 1 || Number.parseInt(line.slice(space + 1), 10) >= leastFrequency);
  });
}

/** 57,577 of 348,982 words are as frequent as this, or are single characters. */
const leastFrequency = 50;

function fallback(warn: (message: string) => void, error: unknown, background: Background): Segmenter {
  warn(
    `nodejieba cannot be used, Intl.Segmenter cuts words instead and knows no user dictionary: ${
      error instanceof Error ? error.message : String(error)
    }`,
  );
  const segmenter = new Intl.Segmenter('zh', { granularity: 'word' });
  const cut = (text: string): string[] => [...segmenter.segment(text)].map(({ segment }) => segment).filter(hasContent);
  return { kind: 'intl', background, words: cut, cut };
}
