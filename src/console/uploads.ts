import type { Attachment } from '../conversation/conversation.ts';
import { BusyError, InputError } from '../errors.ts';
import type { HttpRequest } from '../http.ts';
import { formDataOf, imageFrom, imageLimit, type Image } from '../images.ts';

/** A file a customer or an agent sent. */
export type OpenedUpload = {
  readonly conversationId: string;
  readonly name: string;
  readonly contentType: string;
  readonly size: number;
  bytes(): Promise<Buffer>;
};

/** Where uploads are kept. */
export type MediaStore = {
  /** Resolves once the file is on disk; the name that comes back is safe to show. */
  save(
    data: Uint8Array,
    about: { readonly conversationId: string; readonly name: string; readonly contentType: string },
  ): Promise<Attachment>;
  open(id: string): Promise<OpenedUpload | null>;
};

/** An upload is held in memory while it is read, so only so many are read at a time. */
const uploadsAtOnce = 4;
/** A form around the file takes a little more. */
const largestRequest = imageLimit + 64 * 1024;

/** Uploads of agents: images, as those of customers, since customers must be able to open them. */
export function createUploads(media: Pick<MediaStore, 'save'>) {
  let reading = 0;
  return {
    /** Keeps the image of a request: the part `file` of a form, or the body itself, called `name`. */
    take: async (conversationId: string, request: HttpRequest, name: string | null): Promise<Attachment> => {
      if (reading >= uploadsAtOnce) throw new BusyError('Too many uploads at once.', 2);
      reading++;
      try {
        const { data, ...image } = await imageIn(request, name);
        return await media.save(data, { conversationId, ...image });
      } finally {
        reading--;
      }
    },
  };
}

async function imageIn(request: HttpRequest, name: string | null): Promise<Image> {
  const contentType = request.headers['content-type'] ?? '';
  if (/^image\//i.test(contentType)) return imageFrom(await request.read(imageLimit), name ?? '', 'file');
  const form = await formDataOf(await request.read(largestRequest), contentType);
  const [file, ...others] = form.getAll('file').filter((part) => typeof part !== 'string');
  if (!file || others.length > 0) {
    const message = 'Send one part named file.';
    throw new InputError(message, [{ path: 'file', message }]);
  }
  return imageFrom(new Uint8Array(await file.arrayBuffer()), name ?? file.name, 'file');
}
