import type { Attachment } from '../../conversation/conversation.ts';
import { AccessError, BusyError, InputError, NotFoundError, TooLargeError } from '../../errors.ts';
import { bytes, parseJson, type Answer, type HttpRequest } from '../../http.ts';
import { formDataOf, imageFrom, imageLimit, imageType, type Image } from '../../images.ts';
import type { Tokens } from './tokens.ts';

/** Where uploads are kept. */
export type MediaStore = {
  /** Resolves once the file is on disk; the name that comes back is safe to show. */
  save(
    data: Uint8Array,
    about: { readonly conversationId: string; readonly name: string; readonly contentType: string },
  ): Promise<Attachment>;
  open(id: string): Promise<StoredFile | null>;
};

export type StoredFile = {
  readonly conversationId: string;
  readonly name: string;
  bytes(): Promise<Uint8Array>;
};

/** What one upload may hold. `total` covers the whole request, the activity included. */
export const uploadLimits = { files: 5, fileBytes: imageLimit, total: 25 * 1024 * 1024 };

/** An upload is held in memory while it is read, so only so many are read at a time. */
const uploadsAtOnce = 4;

export type Upload = {
  /** The activity's JSON, unchecked. */
  readonly activity: unknown;
  readonly files: readonly Image[];
};

export type Uploads = {
  /** Reads a multipart request: part `activity` and up to five parts `file`, images all. */
  read(request: HttpRequest): Promise<Upload>;
  save(conversationId: string, files: readonly Image[]): Promise<readonly Attachment[]>;
  /** The path and query under which an upload can be fetched without a token, for some days. */
  pathOf(conversationId: string, attachment: Pick<Attachment, 'id'>): string;
  /** Answers a request for such a path. */
  serve(request: HttpRequest): Promise<Answer>;
};

/** Uploads of customers: checked, stored, and served so that a browser takes them for images and nothing else. */
export function createUploads({
  media,
  tokens,
  now,
}: {
  media: MediaStore;
  tokens: Pick<Tokens, 'sign' | 'isSigned'>;
  now: () => number;
}): Uploads {
  let reading = 0;

  return {
    read: async (request) => {
      if (reading >= uploadsAtOnce) throw new BusyError('Too many uploads at once.', 2);
      reading++;
      try {
        return await parseUpload(await request.read(uploadLimits.total), request.headers['content-type'] ?? '');
      } finally {
        reading--;
      }
    },
    save: (conversationId, files) =>
      Promise.all(files.map(({ data, name, contentType }) => media.save(data, { conversationId, name, contentType }))),
    pathOf: (conversationId, { id }) => {
      const until = lastDay(now());
      const signature = tokens.sign('upload', [conversationId, id, until].join('\n'));
      const path = `/v3/directline/conversations/${encodeURIComponent(conversationId)}/uploads/${encodeURIComponent(id)}`;
      return `${path}?until=${until}&t=${signature}`;
    },
    serve: async (request) => {
      const [conversationId, id] = [request.param('id'), request.param('file')];
      const until = request.query.get('until') ?? '';
      const signed = tokens.isSigned('upload', [conversationId, id, until].join('\n'), request.query.get('t') ?? '');
      if (!signed) throw new AccessError('forbidden', 'This address of an upload is not one of ours.');
      if (Number(until) * dayMs <= now()) throw new AccessError('expired', 'This address of an upload has expired.');
      const file = await media.open(id);
      if (file?.conversationId !== conversationId) throw new NotFoundError('There is no such upload.');
      const data = await file.bytes();
      const contentType = imageType(data);
      if (!contentType) throw new NotFoundError('There is no such upload.');
      return bytes(200, Buffer.from(data.buffer, data.byteOffset, data.byteLength), {
        'content-type': contentType,
        'content-disposition': `inline; filename*=UTF-8''${rfc5987(file.name)}`,
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
        'cache-control': 'private, max-age=86400, immutable',
        // Shops embed the chat on their own origin: the image must load there.
        'cross-origin-resource-policy': 'cross-origin',
      });
    },
  };
}

const dayMs = 24 * 3600 * 1000;

/** The same for a whole day, so that a browser's cache knows an image again; valid for two to three days. */
function lastDay(now: number): number {
  return Math.floor(now / dayMs) + 3;
}

async function parseUpload(body: Buffer, contentType: string): Promise<Upload> {
  const form = await formDataOf(body, contentType);
  const activity = form.get('activity');
  if (activity === null) {
    throw new InputError('The part `activity` is missing.', [
      { path: 'activity', message: 'Send the activity as JSON.' },
    ]);
  }
  const parts = form.getAll('file').filter((part) => typeof part !== 'string');
  if (parts.length === 0 || parts.length > uploadLimits.files) {
    const message = `Send 1 to ${uploadLimits.files} parts named file.`;
    throw new InputError(message, [{ path: 'attachments', message }]);
  }
  const json = typeof activity === 'string' ? Buffer.from(activity) : new Uint8Array(await activity.arrayBuffer());
  if (json.byteLength > 1024 * 1024) throw new TooLargeError('The activity may have at most 1 MB.', 1024 * 1024);
  return { activity: withoutThumbnails(parseJson(json)), files: await Promise.all(parts.map(imageOf)) };
}

/** WebChat puts a data URI of every image into the activity: large, and we have the image itself. */
function withoutThumbnails(activity: unknown): unknown {
  if (typeof activity !== 'object' || activity === null) return activity;
  return { ...activity, attachments: undefined };
}

/** Looked at before it is read: a file that is too large is not copied. */
async function imageOf(file: File, index: number): Promise<Image> {
  if (file.size > imageLimit) throw new TooLargeError(`A file may have at most ${imageLimit} bytes.`, imageLimit);
  return imageFrom(new Uint8Array(await file.arrayBuffer()), file.name, `attachments.${index}`);
}

/** encodeURIComponent leaves '()* alone, which RFC 5987 does not. */
function rfc5987(name: string): string {
  return encodeURIComponent(name).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
