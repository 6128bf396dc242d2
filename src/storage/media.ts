import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Attachment } from '../conversation/conversation.ts';
import type { Upload, UploadStore } from './uploads.ts';

export type Media = {
  /**
   * Keeps a file; when it resolves, the bytes and what is known of them are on disk. The name is for people only, made
   * safe to show and to offer for download; what content types are welcome is for the caller to decide.
   */
  save(
    bytes: Uint8Array,
    about: { readonly conversationId: string; readonly name: string; readonly contentType: string },
  ): Promise<Attachment>;
  /** The file with this id, or null. Whoever asks may see it only if they may see its conversation. */
  open(id: string): Promise<OpenedMedia | null>;
};

export type OpenedMedia = Upload & { bytes(): Promise<Buffer> };

/** Uploads as files named by random ids in `folder`. */
export function createMedia(needs: {
  readonly folder: string;
  readonly uploads: UploadStore;
  readonly now: () => number;
}): Media {
  const { folder, uploads, now } = needs;
  return {
    save: async (bytes, { conversationId, name, contentType }) => {
      const attachment: Attachment = {
        id: randomBytes(16).toString('hex'),
        name: safeName(name),
        contentType,
        size: bytes.byteLength,
      };
      await writeDurably(folder, attachment.id, bytes);
      await uploads.insert({ ...attachment, conversationId, createdAt: now() });
      return attachment;
    },
    open: async (id) => {
      if (!/^[0-9a-f]{32}$/.test(id)) return null;
      const upload = await uploads.find(id);
      return upload && { ...upload, bytes: () => readFile(join(folder, id)) };
    },
  };
}

const longestName = 120;

/** The last part of a path, without what a file system or a reader could take for something else. */
export function safeName(name: string): string {
  const last = name.toWellFormed().split(/[/\\]/).at(-1) ?? '';
  const visible = last
    // Controls, and marks that turn the reading direction: "gnp.exe" would show as "exe.png".
    .replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '')
    .replace(/[<>:"|?*]/g, '_')
    .replace(/^\.+/, '')
    .trim();
  return shortened(visible) || 'file';
}

/** Cut in the middle of the stem, so that the extension stays. */
function shortened(name: string): string {
  const characters = [...name];
  if (characters.length <= longestName) return name;
  const extension = /\.[\p{L}\p{N}]{1,10}$/u.exec(name)?.[0] ?? '';
  return characters.slice(0, longestName - extension.length).join('') + extension;
}

/** Written aside and renamed, so that a file under its name is whole; the folder is flushed too, or the name could be lost. */
async function writeDurably(folder: string, name: string, bytes: Uint8Array): Promise<void> {
  await mkdir(folder, { recursive: true });
  const aside = join(folder, `${name}.part`);
  try {
    const file = await open(aside, 'wx', 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(aside, join(folder, name));
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
  const directory = await open(folder, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
