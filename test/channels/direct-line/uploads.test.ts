import { randomBytes } from 'node:crypto';
import type { MediaStore } from '../../../src/channels/direct-line/uploads.ts';
import { openLine, startConversation, type Customer, type Line } from './line.ts';

const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), randomBytes(2_000)]);
const images: Record<string, Buffer> = {
  'image/png': png,
  'image/jpeg': Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), randomBytes(100)]),
  'image/gif': Buffer.from('GIF89a......'),
  'image/webp': Buffer.from('RIFF1234WEBPVP8 '),
};

let line: Line;
let customer: Customer;

beforeEach(async () => {
  line = await openLine({ script: () => ({ replies: [] }) });
  customer = await startConversation(line);
});
afterEach(() => line.close());

type File = { data: Buffer; name: string; type?: string };

function upload(files: readonly File[], activity: unknown = { type: 'message' }): Promise<Response> {
  const form = new FormData();
  if (activity !== null) {
    const part = new Blob([JSON.stringify(activity)], { type: 'application/vnd.microsoft.activity' });
    form.append('activity', part, 'blob');
  }
  for (const { data, name, type = 'image/png' } of files) {
    form.append('file', new Blob([new Uint8Array(data)], { type }), name);
  }
  return customer.call('/upload?userId=x', { method: 'POST', body: form });
}

async function stored() {
  const entries = await line.log.read(customer.conversationId, 1, 10);
  return entries.flatMap((entry) => (entry.kind === 'message' ? [entry] : []));
}

test('an image with a Chinese name is echoed with an address that shows it', async () => {
  const ear = await customer.listen();
  const channelData = { clientActivityID: 'u1', attachmentSizes: [png.length] };
  const thumbnailUrl = `data:image/png;base64,${'A'.repeat(300_000)}`;
  const answer = await upload([{ data: png, name: '截图 一.png' }], {
    type: 'message',
    text: '看这里',
    channelData,
    attachments: [{ contentType: 'image/png', name: '截图 一.png', thumbnailUrl }],
  });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({ id: `${customer.conversationId}|00000002` });
  const [, said] = await ear.until((heard) => heard.length === 2);
  const [attachment] = said?.attachments as { contentUrl: string }[];
  expect(said).toMatchObject({
    text: '看这里',
    channelData,
    attachments: [{ contentType: 'image/png', name: '截图 一.png' }],
  });
  expect(JSON.stringify(said)).not.toContain('AAAA');
  const shown = await fetch(attachment?.contentUrl ?? '');
  expect(shown.status).toBe(200);
  expect(shown.headers.get('content-type')).toBe('image/png');
  expect(shown.headers.get('x-content-type-options')).toBe('nosniff');
  expect(shown.headers.get('content-security-policy')).toContain('sandbox');
  expect(shown.headers.get('content-disposition')).toBe("inline; filename*=UTF-8''%E6%88%AA%E5%9B%BE%20%E4%B8%80.png");
  expect(Buffer.from(await shown.arrayBuffer()).equals(png)).toBe(true);
  await ear.close();
});

test.each(Object.entries(images))('%s is known by its first bytes, whatever it is called', async (type, data) => {
  expect((await upload([{ data, name: 'x', type: 'text/html' }])).status).toBe(200);
  expect((await stored())[0]?.attachments).toEqual([expect.objectContaining({ contentType: type, size: data.length })]);
});

test.each<[string, Buffer]>([
  ['HTML that calls itself PNG', Buffer.from('<html><script>alert(1)</script>')],
  ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')],
  ['a PDF', Buffer.from('%PDF-1.7')],
  ['nothing', Buffer.alloc(0)],
])('%s is refused, and nothing is stored', async (_, data) => {
  const answer = await upload([
    { data: png, name: 'good.png' },
    { data, name: 'x.png' },
  ]);
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ error: { issues: [{ path: 'attachments.1' }] } });
  expect(await stored()).toEqual([]);
});

test('five files are taken, six are not, none is not', async () => {
  const files = Array.from({ length: 6 }, (_, n) => ({ data: png, name: `${n}.png` }));
  expect((await upload(files.slice(0, 5))).status).toBe(200);
  expect((await upload(files)).status).toBe(400);
  expect((await upload([])).status).toBe(400);
  expect((await stored()).map(({ attachments }) => attachments.length)).toEqual([5]);
});

test('a file of more than 10 MB, or 25 MB in all, is a 413', async () => {
  const file = (mb: number) => ({ data: Buffer.concat([png, Buffer.alloc(mb * 1024 * 1024)]), name: 'x.png' });
  expect((await upload([file(10)])).status).toBe(413);
  expect((await upload([file(9), file(9), file(9)])).status).toBe(413);
  expect(await stored()).toEqual([]);
});

test.each<[string, unknown, string]>([
  ['without an activity', null, 'activity'],
  ['with an activity that says something else', { type: 'typing' }, 'type'],
  ['with an activity that is malformed', { type: 'message', text: 1 }, 'text'],
])('an upload %s is a 400', async (_, activity, path) => {
  const answer = await upload([{ data: png, name: 'x.png' }], activity);
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ error: { issues: [{ path }] } });
});

test.each([
  ['no multipart', 'application/json', '{}'],
  ['no boundary', 'multipart/form-data', '--x\r\n'],
  ['a body that is cut off', 'multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data; name="file"'],
])('%s is a 400', async (_, type, body) => {
  const answer = await customer.call('/upload', { method: 'POST', body, headers: { 'content-type': type } });
  expect(answer.status).toBe(400);
});

test('more uploads than a person makes are refused before a file is kept', async () => {
  let kept = 0;
  const save: MediaStore['save'] = async (data, { name, contentType }) => {
    kept++;
    return { id: `file-${kept}`, name, contentType, size: data.byteLength };
  };
  const strict = await openLine({
    script: () => ({ replies: [] }),
    media: { save, open: async () => null },
    messageRate: { count: 2, windowMs: 3_600_000 },
  });
  customer = await startConversation(strict);
  const statuses: number[] = [];
  for (let count = 0; count < 4; count++) statuses.push((await upload([{ data: png, name: 'a.png' }])).status);
  await strict.close();
  expect(statuses).toEqual([200, 200, 409, 409]);
  expect(kept).toBe(2);
});

test('a repeat of an upload gets the id of the first', async () => {
  const activity = { type: 'message', channelData: { clientActivityID: 'u1' } };
  const [first, second] = [
    await upload([{ data: png, name: 'a.png' }], activity),
    await upload([{ data: png, name: 'a.png' }], activity),
  ];
  expect(await first.json()).toEqual(await second.json());
  expect(await stored()).toHaveLength(1);
});

describe('the address of an upload', () => {
  test('needs its signature, its conversation and its time', async () => {
    await upload([{ data: png, name: 'x.png' }]);
    const [attachment] = (await stored())[0]?.attachments ?? [];
    if (!attachment) throw new Error('nothing was stored');
    const url = new URL(line.url + line.fileUrl(customer.conversationId, attachment));
    expect((await fetch(url)).status).toBe(200);
    const other = await startConversation(line);
    const changed = (change: (copy: URL) => void) => {
      const copy = new URL(url);
      change(copy);
      return fetch(copy);
    };
    expect((await changed((copy) => copy.searchParams.delete('t'))).status).toBe(403);
    expect((await changed((copy) => copy.searchParams.set('until', '99999'))).status).toBe(403);
    expect((await changed((copy) => (copy.pathname = copy.pathname.replace(attachment.id, 'file-2')))).status).toBe(
      403,
    );
    const elsewhere = line.fileUrl(other.conversationId, attachment);
    expect((await fetch(line.url + elsewhere)).status).toBe(404);
    expect((await fetch(line.url + line.fileUrl(customer.conversationId, { id: '../../secret' }))).status).toBe(404);
    line.passes(4 * 24 * 3600_000);
    expect((await fetch(url)).status).toBe(403);
  });

  test('stays the same for a day, so that a browser keeps the image', () => {
    const address = line.fileUrl('c', { id: 'f' });
    expect(line.fileUrl('c', { id: 'f' })).toBe(address);
  });
});
