import { posix } from 'node:path';
import { bodyLines, eachArticle } from './finding.ts';

/** A relative link to no file, or out of the knowledge folder. */
export const deadLinks = eachArticle(({ article, at }, { files }) =>
  bodyLines(article).flatMap(({ text, index }) =>
    targetsIn(text).flatMap((target) => {
      const why = whyDead(target, article.file, files);
      if (why === null) return [];
      return [
        {
          file: article.file,
          line: at.body + index,
          severity: 'error' as const,
          rule: 'dead-link' as const,
          message: `the link ${target} ${why}`,
        },
      ];
    }),
  ),
);

/** What `[…](target)`, `![…](target)` and `[…]: target` on a line lead to. */
export function targetsIn(line: string): readonly string[] {
  const text = line.replace(/(`+)[^`]*\1/g, '');
  const inline = [...text.matchAll(/\]\([ \t]*(?:<([^<>]*)>|([^\s()<>]*(?:\([^\s()]*\)[^\s()]*)*))(?=[\s)])/g)];
  const defined = /^ {0,3}\[[^\]]+\]:[ \t]*<?([^\s<>]+)>?/.exec(text);
  return [...inline.map((match) => match[1] ?? match[2] ?? ''), ...(defined?.[1] === undefined ? [] : [defined[1]])];
}

function whyDead(target: string, from: string, files: ReadonlySet<string>): string | null {
  // Not relative: a scheme, another host, the site's root, a place on the same page.
  if (/^(?:[a-z][a-z0-9+.-]*:|\/|#|$)/i.test(target)) return null;
  const path = target.replace(/[?#].*$/, '');
  const file = posix.join(posix.dirname(from), decoded(path));
  if (file === '..' || file.startsWith('../')) return 'leads out of the knowledge folder';
  const known = files.has(file) || files.has(`${file}.md`) || isFolderOf(files, file);
  return known ? null : 'leads to no file';
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function isFolderOf(files: ReadonlySet<string>, path: string): boolean {
  const folder = `${path.replace(/\/$/, '')}/`;
  if (folder === './') return true;
  for (const file of files) if (file.startsWith(folder)) return true;
  return false;
}
