import { InputError, TooLargeError } from './errors.ts';
import { wellFormed } from './text.ts';

/* The files customers and agents may send each other: images, by their own first bytes. */

/** An image, by its own first bytes and not by what its sender called it. */
export type Image = { readonly name: string; readonly contentType: string; readonly data: Uint8Array };

/** The most bytes an image may have. */
export const imageLimit = 10 * 1024 * 1024;

/** The image a file holds; `at` is where it stands in the request, for the fault of one that we do not take. */
export function imageFrom(data: Uint8Array, name: string, at: string): Image {
  if (data.byteLength > imageLimit) throw new TooLargeError(`A file may have at most ${imageLimit} bytes.`, imageLimit);
  const contentType = imageType(data);
  if (!contentType) {
    throw new InputError('A file is not an image we take.', [{ path: at, message: 'Send PNG, JPEG, GIF or WebP.' }]);
  }
  return { name: wellFormed(name).replaceAll('\0', '') || 'image', contentType, data };
}

/** The type its first bytes tell; null for anything but the four kinds of image we take (no SVG: it can hold scripts). */
export function imageType(data: Uint8Array): string | null {
  const head = Buffer.from(data.buffer, data.byteOffset, Math.min(data.byteLength, 12)).toString('latin1');
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (head.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (head.startsWith('GIF87a') || head.startsWith('GIF89a')) return 'image/gif';
  if (head.startsWith('RIFF') && head.slice(8) === 'WEBP') return 'image/webp';
  return null;
}

/** A multipart body. restify's own parser leaves temporary files behind; the platform's keeps everything in memory. */
export async function formDataOf(body: Buffer, contentType: string): Promise<FormData> {
  if (!/^multipart\/form-data\b/i.test(contentType)) {
    throw new InputError('The body must be multipart/form-data.', [{ path: '', message: 'Send multipart/form-data.' }]);
  }
  try {
    return await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData();
  } catch {
    throw new InputError('The body is not valid multipart/form-data.', [{ path: '', message: 'Check its boundary.' }]);
  }
}
