import { openKnowledge } from '../answering/knowledge.ts';
import { normalise } from '../answering/normalise.ts';
import { createSegmenter } from '../answering/segment.ts';
import { suggestSynonyms } from '../answering/editing/synonym-suggestions.ts';
import { loadConfig } from '../config.ts';
import { plain } from './table.ts';
import type { Terminal } from './terminal.ts';

type SynonymsOptions = { readonly knowledge?: string; readonly json?: boolean };

/** Prints words that the articles use for each other, as lines for synonyms.txt to choose from; exit code 0. */
export async function suggest({ knowledge: dir, json }: SynonymsOptions, terminal: Terminal): Promise<number> {
  const warn = (message: string): void => terminal.err(`${message}\n`);
  const knowledge = await openKnowledge(dir ?? loadConfig().knowledgeDir, { warn });
  const { articles, dictionary, synonyms } = await knowledge.lesson({ labels: [], confirmed: new Map() });
  const { cut } = await createSegmenter({ dictionary, warn });
  const suggestions = suggestSynonyms(
    articles.map(({ id, title, questions }) => ({ id, texts: [title, ...questions].map((text) => normalise(text)) })),
    { words: cut, known: synonyms },
  );
  if (json) {
    terminal.out(`${JSON.stringify(suggestions, null, 2)}\n`);
    return 0;
  }
  for (const { words, evidence } of suggestions) {
    const example = evidence[0]?.wordings.map(plain).join(' / ') ?? '';
    terminal.out(`${words.join(' ')}   # ${evidence.length}: ${example}\n`);
  }
  terminal.err(`${suggestions.length} suggestions; copy what is true of your shop into synonyms.txt\n`);
  return 0;
}
