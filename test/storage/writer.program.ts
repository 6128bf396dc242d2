/**
 * Writes messages and turns to the database at argv[2] until it is killed, and prints `id seq` of every entry once its
 * write was acknowledged. What is printed went through a pipe, not through the disk.
 */
import { writeSync } from 'node:fs';
import { openStorage } from '../../src/storage/storage.ts';

const url = process.argv[2] ?? '';
const { log } = await openStorage(url);
const draft = { text: '在吗', format: 'plain', attachments: [], choices: [], understanding: null } as const;

async function converse(id: string): Promise<void> {
  await log.start({ id, channel: 'test', customerId: id, customerName: null, locale: 'zh-Hans' }, 1);
  for (;;) {
    const said = await log.write(id, { kind: 'customer_wrote', at: 1, draft, clientId: null, channelData: null });
    if (said.kind !== 'saved') throw new Error(said.kind);
    writeSync(1, `${id} ${said.conversation.seq}\n`);
    const { botCursor: cursor, customerSeq: through, memory } = said.conversation;
    const turn = { at: 1, cursor, through, replies: [draft, draft], memory, handoff: null, verdict: null };
    const took = await log.write(id, { kind: 'bot_took_turn', ...turn });
    if (took.kind !== 'saved') throw new Error(took.kind);
    writeSync(1, `${id} ${took.conversation.seq}\n`);
  }
}

const round = process.argv[3] ?? '0';
await Promise.all(Array.from({ length: 8 }, (_, n) => converse(`r${round}-c${n}`)));
