import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadConfig, type Config } from '../config.ts';
import type { Conversation } from '../conversation/conversation.ts';
import type { ConversationLog } from '../conversation/log.ts';
import { InputError, NotFoundError } from '../errors.ts';
import { createDeskSettings } from '../handoff/settings/desk-settings.ts';
import { botFrameworkTranscript } from '../handoff/transcripts/bot-framework.ts';
import { htmlTranscript } from '../handoff/transcripts/html.ts';
import { pagesOf } from '../handoff/transcripts/pages.ts';
import { textTranscript } from '../handoff/transcripts/plain-text.ts';
import { openStorage, type Storage } from '../storage/storage.ts';
import type { Terminal } from './terminal.ts';

/** How a transcript can be written, and what its file is called. */
export const exportFormats = { activities: 'transcript', text: 'txt', html: 'html' } as const;
export type ExportFormat = keyof typeof exportFormats;

export type ExportOptions = {
  readonly format: ExportFormat;
  readonly notes?: true;
  readonly out?: string;
  /** A date, `2026-11-01`: only what changed on that day or later (UTC). */
  readonly since?: string;
};

/** Prints the transcript of one conversation, or with `out` writes a file for each; exit code 0 when all is written. */
export async function exportTranscripts(
  conversationId: string | undefined,
  options: ExportOptions,
  terminal: Terminal,
): Promise<number> {
  if (conversationId === undefined && options.out === undefined) {
    throw new InputError('name a conversation, or a folder to write all of them to with --out');
  }
  const since = sinceOf(options.since);
  const config = loadConfig();
  const storage = await openStorage(config.databaseUrl);
  try {
    const write = await writer(storage, config, options, terminal);
    if (conversationId !== undefined) {
      const conversation = await storage.log.find(conversationId);
      if (!conversation) throw new NotFoundError(`there is no conversation ${conversationId}`);
      await write(conversation);
      return 0;
    }
    let written = 0;
    for await (const conversation of everyone(storage.log, since)) {
      await write(conversation);
      written++;
    }
    terminal.err(`${written} conversations written to ${options.out}\n`);
    return 0;
  } finally {
    await storage.close();
  }
}

async function writer(
  storage: Storage,
  { publicUrl }: Config,
  { format, notes, out }: ExportOptions,
  terminal: Terminal,
): Promise<(conversation: Conversation) => Promise<void>> {
  const settings = createDeskSettings({
    store: storage.settings,
    now: Date.now,
    warn: (message) => terminal.err(`zhike: ${message}\n`),
  });
  await settings.load();
  const { timeZone } = settings.current().hours;
  if (out !== undefined) await mkdir(out, { recursive: true });
  return async (conversation) => {
    const entries = pagesOf(storage.log, conversation.id);
    const reading = { locale: 'zh-Hans', timeZone, includeNotes: notes ?? false } as const;
    const text =
      format === 'activities'
        ? await botFrameworkTranscript(conversation, entries, { publicUrl, includeNotes: notes ?? false })
        : await (format === 'html' ? htmlTranscript : textTranscript)(conversation, entries, reading);
    if (out === undefined) terminal.out(text);
    else await writeFile(join(out, `${fileNameOf(conversation.id)}.${exportFormats[format]}`), text);
  };
}

/** Ids come from other people's systems: nothing in them may lead out of the folder. */
function fileNameOf(id: string): string {
  return encodeURIComponent(id).replaceAll('.', '%2E').slice(0, 200);
}

/** Every conversation there is, the last changed first. */
async function* everyone(log: Pick<ConversationLog, 'list'>, since: number): AsyncGenerator<Conversation> {
  const statuses = ['bot', 'assigned', 'resolved', 'queued'] as const;
  let before: { readonly updatedAt: number; readonly id: string } | undefined;
  for (;;) {
    const page = await log.list({ statuses, limit: pageSize, ...(before ? { before } : {}) });
    for (const conversation of page) {
      if (conversation.updatedAt < since) return;
      yield conversation;
    }
    before = page.at(-1);
    if (page.length < pageSize) return;
  }
}

const pageSize = 200;

function sinceOf(date: string | undefined): number {
  if (date === undefined) return 0;
  const since = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(date) : NaN;
  if (Number.isNaN(since)) throw new InputError(`--since must be a date such as 2026-11-01, not ${date}`);
  return since;
}
