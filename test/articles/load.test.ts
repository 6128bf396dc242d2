import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadArticles } from '../../src/articles/load.ts';
import { InputError } from '../../src/errors.ts';
import { temporaryFolder } from './folder.ts';

const folder = temporaryFolder();

describe('loading a knowledge folder', () => {
  it('reads every article below it, by path, and passes over what is none', async () => {
    folder.write('b/two.md', '乙');
    folder.write('a.md', '甲');
    folder.write('b/deep/three.MD', '丙');
    for (const file of [
      'README.md',
      'b/readme.md',
      '.hidden.md',
      '.git/x.md',
      '_drafts/x.md',
      'b/_old/x.md',
      'dictionary.txt',
      'pic.png',
    ]) {
      folder.write(file, 'x');
    }
    const { articles, faults, files } = await loadArticles(folder.path);
    expect(articles.map(({ id }) => id)).toEqual(['a', 'b/deep/three', 'b/two']);
    expect(faults).toEqual([]);
    expect(files.has('pic.png')).toBe(true);
    expect(files.has('.hidden.md')).toBe(false);
  });

  it('names a bad file and serves the rest', async () => {
    folder.write('good.md', '好');
    folder.write('bad.md', '---\ntitle: [\n---\n');
    folder.write('image.md', Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13]));
    folder.write('huge.md', Buffer.alloc(50 * 1024 * 1024, 'a'));
    const { articles, faults } = await loadArticles(folder.path);
    expect(articles.map(({ id }) => id)).toEqual(['good']);
    expect(faults).toEqual([
      { file: 'bad.md', line: 2, reason: expect.stringContaining('not YAML') },
      { file: 'huge.md', line: null, reason: expect.stringContaining('51200 KB') },
      { file: 'image.md', line: 1, reason: expect.stringContaining('binary') },
    ]);
  });

  it('of two files with one id serves the first by path and names the other', async () => {
    folder.write('z.md', '---\nid: refund\n---\n先写的');
    folder.write('a/y.md', '---\ntitle: x\nid: refund\n---\n');
    const { articles, faults } = await loadArticles(folder.path);
    expect(articles.map(({ file }) => file)).toEqual(['a/y.md']);
    expect(faults).toEqual([
      { file: 'z.md', line: 2, reason: expect.stringMatching(/"refund" is already that of a\/y\.md/) },
    ]);
  });

  it('names links that lead out of the folder, to other folders and to nothing, and follows those within', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'zhike-outside-'));
    try {
      folder.write('real/a.md', '甲');
      symlinkSync('/etc/passwd', join(folder.path, 'passwd.md'));
      symlinkSync(outside, join(folder.path, 'outside'));
      symlinkSync('..', join(folder.path, 'real', 'loop'));
      symlinkSync('gone.md', join(folder.path, 'dead.md'));
      symlinkSync('real/a.md', join(folder.path, 'within.md'));
      const { articles, faults } = await loadArticles(folder.path);
      expect(articles.map(({ id }) => id)).toEqual(['real/a', 'within']);
      expect(faults.map(({ file }) => file)).toEqual(['dead.md', 'outside', 'passwd.md', 'real/loop']);
      expect(faults.find(({ file }) => file === 'passwd.md')?.reason).toMatch(/leads out of/);
      expect(faults.find(({ file }) => file === 'outside')?.reason).toMatch(/leads out of/);
    } finally {
      rmSync(outside, { recursive: true });
    }
  });

  it('does not wait for a pipe that nobody writes to', async () => {
    execFileSync('mkfifo', [join(folder.path, 'pipe.md')]);
    mkdirSync(join(folder.path, 'folder.md'));
    const { faults } = await loadArticles(folder.path);
    expect(faults).toEqual([{ file: 'pipe.md', line: null, reason: 'is not a regular file' }]);
  });

  it('refuses a folder that is not there, or is a file', async () => {
    await expect(loadArticles(join(folder.path, 'nope'))).rejects.toThrow(InputError);
    await expect(loadArticles(folder.write('a.md', ''))).rejects.toThrow(/is not a folder/);
  });
});
