import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { locales, messagesIn } from '../../src/console/page/messages/choose.ts';

const folder = join(__dirname, '../../src/channels');

/** What each channel calls itself in the log: its routes say so. */
const written = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .flatMap((name) => /^export const channel = '(.+)'/m.exec(readFileSync(join(folder, name), 'utf8'))?.[1] ?? []);

it('knows a channel when it sees one', () => {
  expect(written).toContain('webchat');
});

it.each(locales)('every channel that writes to the log has a name in $name', ({ locale }) => {
  const { channels } = messagesIn(locale);
  expect(written.filter((channel) => !channels[channel])).toEqual([]);
});
