import type { SummaryView } from '../../../api.ts';
import type { DirectoryAnswer } from '../../../desk-api.ts';
import type { Locale } from '../../../../web/locale.ts';
import { durationText } from '../../durations.ts';
import type { Messages } from '../../messages/messages.ts';
import { standingOf } from '../../order.ts';
import { becauseWords, whenWords } from '../transcript/words.ts';

/** Why a conversation stands where it does in the queue, in one line: what moved it, how long it waits, what was promised. */
export function whyHere(
  conversation: SummaryView,
  words: {
    readonly m: Messages;
    readonly locale: Locale;
    readonly directory: DirectoryAnswer | null;
    readonly myId: string | null;
    readonly now: number;
  },
): string {
  const { m, locale, now } = words;
  const { because, queuedAt, promise } = conversation;
  const { row } = m.desk;
  const movers = because.filter(({ priority }) => priority !== null && priority === conversation.priority);
  return [
    ...(standingOf(conversation).kind === 'first' ? [row.first] : []),
    ...new Set(movers.map((reason) => becauseWords(reason, words)[0])),
    ...(queuedAt === null ? [] : [row.waits(durationText(now - queuedAt, m))]),
    ...(promise === null
      ? []
      : [(promise.dueAt < now ? row.wasPromisedBy : row.promisedBy)(whenWords(promise.dueAt, now, locale))]),
  ].join(' · ');
}
