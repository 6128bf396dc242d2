import { importArticles } from '../articles/import.ts';
import type { Terminal } from './terminal.ts';

type ImportOptions = { readonly file: string; readonly dir: string; readonly force?: boolean };

/** Makes articles from a file of rows; exit code 1 if it made none. */
export async function importRows({ file, dir, force }: ImportOptions, terminal: Terminal): Promise<number> {
  const { written, bad } = await importArticles(file, dir, { force });
  for (const { line, reason } of bad) terminal.err(`${file}:${line}: ${reason}\n`);
  terminal.err(`${written.length} articles written to ${dir}, ${bad.length} rows passed over\n`);
  return written.length > 0 ? 0 : 1;
}
