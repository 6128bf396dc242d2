import { join, relative, sep } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { watch } from 'chokidar';
import type { Article } from './article.ts';
import type { Change } from './base.ts';
import { isArticleFolder, isArticlePath, isLink, knowledgeRoot, type Loaded, readArticle, stampOf } from './load.ts';
import type { Fault } from './parse.ts';

/** Told, one at a time and in order, what became of the base. */
export type KnowledgeListener = {
  /** An article is new, or reads differently. */
  readonly onUpsert: (article: Article) => void;
  /** No file has this article any more. */
  readonly onRemove: (id: string) => void;
  /** A file can't be served as it is now; its last good version, if there was one, stays. */
  readonly onFault: (fault: Fault) => void;
  /** dictionary.txt, synonyms.txt or sensitive-topics.txt changed. */
  readonly onVocabulary: () => void;
  /** The folder can't be watched any more, or a listener threw. */
  readonly onError: (error: unknown) => void;
};

export type KnowledgeWatch = {
  /** What is wrong now, by path. */
  faults(): readonly Fault[];
  /** What is served now, by path. */
  articles(): readonly Article[];
  /** Resolves when nothing more will be told. */
  close(): Promise<void>;
};

/**
 * Goes on where `loadArticles` left off: what changed since, and whatever changes from now on, is told within a second,
 * and each change reads its own file only. Resolves once it has caught up.
 */
export async function watchArticles(dir: string, loaded: Loaded, listener: KnowledgeListener): Promise<KnowledgeWatch> {
  const root = await knowledgeRoot(dir);
  const { base } = loaded;
  const stamps = new Map(loaded.stamps);
  const pending = new Set<string>();
  let work: Promise<void> | null = null;
  let caughtUp = false;
  let closed = false;

  const tell = (changes: readonly Change[]): void => {
    for (const change of changes) {
      if (change.kind === 'upsert') listener.onUpsert(change.article);
      else if (change.kind === 'remove') listener.onRemove(change.id);
      else listener.onFault(change.fault);
    }
  };
  const refresh = async (file: string): Promise<boolean> => {
    const now = await stampOf(join(root, file));
    if (now === (stamps.get(file) ?? null)) return false;
    if (now === null) {
      stamps.delete(file);
      tell(base.remove(file));
      return true;
    }
    const { parsed, stamp } = await readArticle(root, file);
    if (stamp !== null) stamps.set(file, stamp);
    tell(base.put(file, parsed));
    return true;
  };
  const drain = async (): Promise<void> => {
    let changed = false;
    for (const file of pending) {
      pending.delete(file);
      if (closed) return;
      try {
        if (vocabulary.has(file)) listener.onVocabulary();
        else changed = (await refresh(file)) || changed;
      } catch (error) {
        listener.onError(error);
      }
      await nextTurn();
    }
    // What a link leads to changes without a sound from the link itself.
    if (changed) for (const [file, stamp] of stamps) if (isLink(stamp)) await refresh(file);
  };
  const noticed = (file: string): void => {
    pending.add(file);
    work ??= drain()
      .catch(listener.onError)
      .finally(() => {
        work = null;
        if (pending.size > 0 && !closed) noticed([...pending][0] as string);
      });
  };

  const settled = async (): Promise<void> => {
    while (work !== null) await work;
  };

  const watcher = watch(root, {
    followSymlinks: false,
    ignored: (path, stats) => !isOfInterest(pathBelow(root, path), stats?.isFile() ?? false),
    // Editors that empty the file, write, and write again: wait until its size has been the same for a moment.
    awaitWriteFinish: { stabilityThreshold: 100, pollInterval: 50 },
  });
  watcher.on('all', (event, path) => {
    const file = pathBelow(root, path);
    if (vocabulary.has(file)) {
      if (caughtUp) noticed(file);
    } else if ((event === 'add' || event === 'change' || event === 'unlink') && isArticlePath(file)) noticed(file);
  });
  watcher.on('error', listener.onError);
  await new Promise<void>((resolve) => void watcher.once('ready', resolve));
  for (const file of stamps.keys()) noticed(file);
  await settled();
  caughtUp = true;

  return {
    faults: () => base.faults(),
    articles: () => base.articles(),
    close: async () => {
      closed = true;
      await watcher.close();
      await settled();
    },
  };
}

const vocabulary: ReadonlySet<string> = new Set(['dictionary.txt', 'synonyms.txt', 'sensitive-topics.txt']);

function pathBelow(root: string, path: string): string {
  return relative(root, path).split(sep).join('/');
}

/** Watching a file costs a handle of the system's: only what is read is watched. Of a folder, `isFile` is false. */
function isOfInterest(path: string, isFile: boolean): boolean {
  if (path === '' || vocabulary.has(path)) return true;
  return isFile ? isArticlePath(path) : path.split('/').every((name) => isArticlePath(name) || isArticleFolder(name));
}
