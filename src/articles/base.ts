import type { Article } from './article.ts';
import type { Fault, Parsed, SourceLines } from './parse.ts';

/** What readers of the base must hear of. */
export type Change =
  | { readonly kind: 'upsert'; readonly article: Article }
  | { readonly kind: 'remove'; readonly id: string }
  | { readonly kind: 'fault'; readonly fault: Fault };

/**
 * The knowledge base as its files stand. A file that can no longer be read keeps its last good version; of two files
 * with one id the first by path is served and the other is a fault, until the first lets go of the id.
 */
export type Base = {
  /** Takes in what a file holds now, and tells what that changed. */
  put(file: string, parsed: Parsed): readonly Change[];
  /** Forgets a file that is gone. */
  remove(file: string): readonly Change[];
  /** What is served, by path. */
  articles(): readonly Article[];
  /** What is wrong now, by path. */
  faults(): readonly Fault[];
  /** Where the parts of a file's served version stand. */
  linesOf(file: string): SourceLines | undefined;
};

export function createBase(): Base {
  const sound = new Map<string, Sound>();
  const broken = new Map<string, Fault>();
  const holders = new Map<string, Set<string>>();

  const holderOf = (id: string): Sound | undefined => {
    const [first] = [...(holders.get(id) ?? [])].sort(byPath);
    return first === undefined ? undefined : sound.get(first);
  };
  const release = (file: string): void => {
    const before = sound.get(file);
    if (!before) return;
    sound.delete(file);
    const files = holders.get(before.article.id);
    files?.delete(file);
    if (files?.size === 0) holders.delete(before.article.id);
  };
  const hold = (file: string, after: Sound): void => {
    sound.set(file, after);
    const files = holders.get(after.article.id) ?? new Set();
    holders.set(after.article.id, files.add(file));
  };
  /** Does `act` and tells what that means for each of the ids. */
  const changing = (ids: ReadonlySet<string>, act: () => void): readonly Change[] => {
    const before = new Map([...ids].map((id) => [id, holderOf(id)]));
    act();
    return [...ids].flatMap((id): readonly Change[] => {
      const now = holderOf(id);
      if (!now) return before.get(id) ? [{ kind: 'remove', id }] : [];
      const upsert: readonly Change[] = now === before.get(id) ? [] : [{ kind: 'upsert', article: now.article }];
      return [...upsert, ...duplicatesOf(id, now).map((fault): Change => ({ kind: 'fault', fault }))];
    });
  };
  const duplicatesOf = (id: string, holder: Sound): readonly Fault[] =>
    [...(holders.get(id) ?? [])]
      .filter((file) => file !== holder.article.file)
      .map((file) => ({
        file,
        line: sound.get(file)?.lines.id ?? null,
        reason: `the id "${id}" is already that of ${holder.article.file}: choose another`,
      }));

  return {
    put: (file, parsed) => {
      if (parsed.kind === 'fault') {
        broken.set(file, parsed.fault);
        return [{ kind: 'fault', fault: parsed.fault }];
      }
      broken.delete(file);
      const before = sound.get(file);
      const ids = new Set([...(before ? [before.article.id] : []), parsed.article.id]);
      return changing(ids, () => {
        release(file);
        hold(file, parsed);
      });
    },
    remove: (file) => {
      broken.delete(file);
      const before = sound.get(file);
      return before ? changing(new Set([before.article.id]), () => release(file)) : [];
    },
    articles: () =>
      [...holders.keys()].flatMap((id) => holderOf(id)?.article ?? []).sort((a, b) => byPath(a.file, b.file)),
    faults: () =>
      [...broken.values(), ...[...holders].flatMap(([id, files]) => (files.size > 1 ? duplicatesAmong(id) : []))].sort(
        (a, b) => byPath(a.file, b.file),
      ),
    linesOf: (file) => sound.get(file)?.lines,
  };

  function duplicatesAmong(id: string): readonly Fault[] {
    const holder = holderOf(id);
    return holder ? duplicatesOf(id, holder) : [];
  }
}

/** The order in which files come first: by code unit, alike on every machine. */
export function byPath(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

type Sound = Extract<Parsed, { kind: 'article' }>;
