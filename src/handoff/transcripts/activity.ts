import type { Attachment, Author, Choice, Conversation, Entry, Message } from '../../conversation/conversation.ts';
import { wellFormed } from '../../text.ts';

/** A Bot Framework activity as plain JSON. */
export type Activity = Readonly<Record<string, unknown>> & { readonly type: string };

export type ActivityContext = {
  readonly conversation: Pick<Conversation, 'id' | 'channel' | 'customerId' | 'customerName' | 'locale'>;
  /** Where this desk is reached; an activity names it as its `serviceUrl`. */
  readonly publicUrl: string;
  /** Where a file can be fetched; without it, files are named only. */
  readonly fileUrl?: (attachment: Attachment) => string;
};

/** The id of the activity made from an entry; the same as on Direct Line. */
export function activityId(conversationId: string, seq: number): string {
  return `${conversationId}|${String(seq).padStart(8, '0')}`;
}

/** What every activity made from an entry has: who, when, where and to whom. */
export function activityBase({ seq, at, author }: Entry, context: ActivityContext) {
  const { conversation, publicUrl } = context;
  return {
    id: activityId(conversation.id, seq),
    timestamp: new Date(at).toISOString(),
    serviceUrl: publicUrl,
    channelId: conversation.channel,
    locale: conversation.locale,
    conversation: conversationAccount(context),
    from: account(author),
    recipient: author.role === 'customer' ? botAccount : customerAccount(context),
  };
}

/** What was said, as an activity. Agents and the desk speak with the role `bot`, as Bot Framework knows no third. */
export function messageActivity(message: Message, context: ActivityContext): Activity {
  const { author, attachments, choices, replyTo } = message;
  return {
    ...activityBase(message, context),
    type: 'message',
    text: wellFormed(message.text),
    textFormat: message.format,
    ...(replyTo === null ? {} : { replyToId: activityId(context.conversation.id, replyTo) }),
    ...(attachments.length === 0 ? {} : { attachments: attachments.map((file) => attachmentOf(file, context)) }),
    ...(choices.length === 0 ? {} : { suggestedActions: { to: [], actions: choices.map(actionOf) } }),
    ...(author.role === 'customer' ? {} : { channelData: { author: author.role, ...privacyOf(message) } }),
  };
}

export function conversationAccount({ conversation: { id, customerName } }: ActivityContext) {
  return { isGroup: false, conversationType: 'personal', id, name: wellFormed(customerName ?? '') };
}

export function customerAccount({ conversation: { customerId, customerName } }: ActivityContext) {
  return account({ role: 'customer', id: customerId, name: customerName });
}

export const botAccount = { id: 'bot', name: '', role: 'bot' } as const;

function account({ id, name, role }: Author) {
  return { id, name: wellFormed(name ?? ''), role: role === 'customer' ? 'user' : 'bot' };
}

function attachmentOf(file: Attachment, { fileUrl }: ActivityContext) {
  const { contentType } = file;
  return { contentType, name: wellFormed(file.name), ...(fileUrl ? { contentUrl: fileUrl(file) } : {}) };
}

function actionOf({ title, value }: Choice) {
  return { type: 'imBack', title: wellFormed(title), value: wellFormed(value) };
}

function privacyOf({ private: isPrivate, mentions }: Message) {
  return isPrivate ? { private: true, mentions } : {};
}
