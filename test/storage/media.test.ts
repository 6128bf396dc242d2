import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { createMedia, type Media, safeName } from '../../src/storage/media.ts';
import { openStorage, type Storage } from '../../src/storage/storage.ts';
import { temporaryFolder } from '../support/databases.ts';

describe('the media store', () => {
  const temporary = temporaryFolder();
  const folder = join(temporary.path, 'uploads');
  let storage: Storage;
  let media: Media;

  beforeAll(async () => {
    storage = await openStorage('sqlite::memory:');
    media = createMedia({ folder, uploads: storage.uploads, now: () => 42 });
  });
  afterAll(async () => {
    await storage.close();
    temporary.remove();
  });

  it('gives back the bytes and what it knows of them', async () => {
    const bytes = Buffer.from([0, 255, 1, 254]);
    const attachment = await media.save(bytes, {
      conversationId: 'c1',
      name: '发票 照片.png',
      contentType: 'image/png',
    });
    expect(attachment).toMatchObject({ name: '发票 照片.png', contentType: 'image/png', size: 4 });
    const opened = await media.open(attachment.id);
    expect(opened).toMatchObject({ ...attachment, conversationId: 'c1', createdAt: 42 });
    expect(await opened?.bytes()).toEqual(bytes);
  });

  it('names files by random ids only, and leaves nothing half written beside them', async () => {
    const attachment = await media.save(Buffer.from('x'), {
      conversationId: 'c1',
      name: '../../etc/passwd',
      contentType: 'text/plain',
    });
    expect(attachment.name).toBe('passwd');
    expect(readdirSync(folder).every((file) => /^[0-9a-f]{32}$/.test(file))).toBe(true);
    expect(readdirSync(temporary.path)).toEqual(['uploads']);
  });

  it('opens nothing that it did not save', async () => {
    writeFileSync(join(temporary.path, 'secret'), 'secret');
    for (const id of ['', '../secret', 'a'.repeat(32), '0'.repeat(31), `${'0'.repeat(31)}\0`]) {
      expect(await media.open(id)).toBeNull();
    }
  });

  it('rejects, and lists nothing, when the folder cannot be written', async () => {
    writeFileSync(join(temporary.path, 'file'), '');
    const broken = createMedia({ folder: join(temporary.path, 'file'), uploads: storage.uploads, now: () => 1 });
    await expect(
      broken.save(Buffer.from('x'), { conversationId: 'c1', name: 'a', contentType: 'text/plain' }),
    ).rejects.toThrow();
  });
});

describe('a file name', () => {
  it.each([
    ['C:\\Users\\李\\照片.jpg', '照片.jpg'],
    ['photo\u202egnp.exe', 'photognp.exe'],
    ['..', 'file'],
    ['.htaccess', 'htaccess'],
    ['', 'file'],
    ['a\r\nSet-Cookie: x', 'aSet-Cookie_ x'],
    ['<img src=x>.png', '_img src=x_.png'],
  ])('%j is shown as %j', (given, shown) => {
    expect(safeName(given)).toBe(shown);
  });

  it('keeps its extension when it is too long', () => {
    const shown = safeName(`${'长'.repeat(500)}.jpeg`);
    expect([...shown]).toHaveLength(120);
    expect(shown.endsWith('.jpeg')).toBe(true);
  });

  it('is never empty, never a path and always storable', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (given) => {
        const shown = safeName(given);
        expect(shown).toMatch(/^[^/\\\0]+$/);
        expect(shown.isWellFormed() && shown.length <= 240 && !shown.startsWith('.')).toBe(true);
        expect(safeName(shown)).toBe(shown);
      }),
    );
  });
});
