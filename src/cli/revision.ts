import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A folder as it was at a commit, in a temporary place until `remove` is called. */
export type Revision =
  | { readonly kind: 'found'; readonly path: string; readonly commit: string; remove(): Promise<void> }
  /** The folder is now as it was then. */
  | { readonly kind: 'same' }
  /** Why there is nothing to compare with. */
  | { readonly kind: 'none'; readonly reason: string };

/**
 * The folder as git has it at `ref`. The repository is the one that holds the folder; its work tree and index are not
 * touched. Resolves with a reason where there is no git, no repository, no such commit, or no such folder in it.
 */
export async function folderAt(dir: string, ref: string): Promise<Revision> {
  const git = (...args: readonly string[]): Promise<Ran> => run('git', ['-C', dir, ...args]);
  const within = await git('rev-parse', '--is-inside-work-tree');
  if (!within.ok) return none(within.missing ? 'git is not installed' : 'the folder is not in a git repository');
  const named = await git('rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`);
  if (!named.ok) return none(`the repository has no commit ${ref}`);
  const commit = named.output.trim();
  const unchanged = await git('diff', '--quiet', commit, '--', '.');
  const added = await git('ls-files', '--others', '--exclude-standard', '--', '.');
  if (unchanged.ok && added.ok && added.output === '' && (await git('ls-tree', commit, '.')).output !== '')
    return { kind: 'same' };
  const temporary = await mkdtemp(join(tmpdir(), 'zhike-revision-'));
  const remove = (): Promise<void> => rm(temporary, { recursive: true, force: true });
  const archive = join(temporary, 'folder.tar');
  // Within a folder, git archives that folder alone.
  const archived = await git('archive', '--format=tar', `--output=${archive}`, commit);
  const unpacked = archived.ok ? await run('tar', ['-xf', archive, '-C', temporary]) : archived;
  if (unpacked.ok) await rm(archive);
  else {
    await remove();
    return none(archived.ok ? `tar: ${unpacked.output}` : `the folder is not in commit ${ref}`);
  }
  return { kind: 'found', path: temporary, commit, remove };
}

function none(reason: string): Revision {
  return { kind: 'none', reason };
}

type Ran = { readonly ok: boolean; readonly missing: boolean; readonly output: string };

async function run(command: string, args: readonly string[]): Promise<Ran> {
  try {
    const { stdout } = await promisify(execFile)(command, args);
    return { ok: true, missing: false, output: stdout };
  } catch (error) {
    const { code, stderr } = error as { readonly code?: unknown; readonly stderr?: string };
    return { ok: false, missing: code === 'ENOENT', output: (stderr ?? String(error)).trim() };
  }
}
