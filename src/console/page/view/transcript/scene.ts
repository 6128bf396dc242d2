import type { ConversationView, EntryView, MessageView } from '../../../api.ts';
import type { DirectoryAnswer } from '../../../desk-api.ts';
import type { Locale } from '../../../../web/locale.ts';
import type { Messages } from '../../messages/messages.ts';
import { nameOf } from '../surroundings.ts';

/** What the lines of a transcript need to know of their surroundings. */
export type Scene = {
  readonly m: Messages;
  readonly locale: Locale;
  readonly myId: string | null;
  readonly conversation: ConversationView | null;
  readonly directory: DirectoryAnswer | null;
  /** Of this conversation, by seq. */
  readonly messages: ReadonlyMap<number, MessageView>;
  readonly onQuote: ((seq: number) => void) | null;
  readonly onJump: (seq: number) => void;
  readonly onPicture: (attachmentId: string) => void;
  readonly onOpen: (conversationId: string) => void;
};

/** The messages among the entries, by seq. */
export function messagesBySeq(entries: readonly EntryView[]): ReadonlyMap<number, MessageView> {
  return new Map(entries.flatMap((entry) => (entry.kind === 'message' ? [[entry.seq, entry] as const] : [])));
}

/** Who says it, as the agent who reads knows them. */
export function speakerOf({ author }: Pick<MessageView, 'author'>, { m, myId, conversation }: Scene): string {
  switch (author.role) {
    case 'customer':
      return nameOf(conversation?.customer ?? author, m);
    case 'bot':
      return m.transcript.bot;
    case 'system':
      return m.transcript.system;
    case 'agent':
      return author.id === myId ? m.transcript.me : (author.name ?? m.rail.roles.agent);
  }
}

/** A skill group by its name; one that is gone by its id, none is everybody. */
export function groupName(groupId: string | null, { directory, m }: Pick<Scene, 'directory' | 'm'>): string {
  if (groupId === null) return m.conversation.everybody;
  return directory?.groups.find(({ id }) => id === groupId)?.name ?? groupId;
}

/** A reason to resolve by its name. */
export function resolutionName(id: string, { directory }: Pick<Scene, 'directory'>): string {
  return directory?.resolutions.reasons.find((reason) => reason.id === id)?.name ?? id;
}

/** The names of the colleagues a note is meant for. */
export function mentionedNames({ mentions }: MessageView, { directory }: Pick<Scene, 'directory'>): readonly string[] {
  return (directory?.colleagues ?? []).filter(({ id }) => mentions.includes(id)).map(({ name }) => name);
}

/** A supervisor's note for the agent who has the conversation. */
export function isWhisper(
  { private: isPrivate, author, mentions }: MessageView,
  { directory, conversation }: Pick<Scene, 'directory' | 'conversation'>,
): boolean {
  const owner = (conversation?.agent ?? conversation?.lastAgent)?.id;
  if (!isPrivate || owner === undefined || author.id === owner || !mentions.includes(owner)) return false;
  return directory?.colleagues.some(({ id, role }) => id === author.id && role === 'supervisor') ?? false;
}

/** What a message says in one line, for where it is quoted. */
export function excerptOf({ text, attachments }: MessageView, { m }: Pick<Scene, 'm'>): string {
  const line = text.replace(/\s+/g, ' ').trim().slice(0, 160);
  if (line !== '') return line;
  const [first] = attachments;
  return first ? (isPicture(first) ? m.conversation.picture : first.name) : '';
}

/** Whether a browser may show it: what else calls itself a picture is a file to download. */
export function isPicture({ contentType }: { readonly contentType: string }): boolean {
  return /^image\/(png|jpeg|gif|webp)$/.test(contentType);
}
