import type { Change, Conversation, Entry, Rating, Verdict } from '../../conversation/conversation.ts';
import { wellFormed } from '../../text.ts';
import { handoffInitiate, handoffStatus, isInitiation } from '../handoff-events.ts';
import { activityBase, activityId, messageActivity, type Activity, type ActivityContext } from './activity.ts';
import type { EntryPages } from './pages.ts';

export type ActivityOptions = Omit<ActivityContext, 'conversation'> & {
  /** Private notes and the rest that only agents see (verdicts, ratings, changes). */
  readonly includeNotes?: boolean;
};

/** A `.transcript` file: the JSON array of activities that Bot Framework's tools open. */
export async function botFrameworkTranscript(
  conversation: Conversation,
  entries: EntryPages,
  options: ActivityOptions,
): Promise<string> {
  const lines: string[] = [];
  for await (const page of entries) {
    for (const activity of activitiesOf(conversation, page, options)) lines.push(JSON.stringify(activity));
  }
  return lines.length === 0 ? '[]\n' : `[\n${lines.join(',\n')}\n]\n`;
}

/** The activities of some entries, in their order. Private notes and the like are left out unless asked for. */
export function activitiesOf(
  conversation: ActivityContext['conversation'],
  entries: readonly Entry[],
  options: ActivityOptions,
): readonly Activity[] {
  const { includeNotes = false, ...where } = options;
  const context = { ...where, conversation };
  return entries.flatMap((entry) => activityOf(entry, context, includeNotes) ?? []);
}

function activityOf(entry: Entry, context: ActivityContext, includeNotes: boolean): Activity | null {
  switch (entry.kind) {
    case 'message':
      return entry.private && !includeNotes ? null : messageActivity(entry, context);
    case 'status':
      if (!isInitiation(entry)) return handoffStatus(entry, context);
      return handoffInitiate(entry, context, { value: { reason: entry.reason }, about: null, transcript: null });
    case 'verdict':
    case 'rating':
    case 'change':
      return includeNotes ? { ...activityBase(entry, context), type: 'event', ...noted(entry, context) } : null;
  }
}

function noted(entry: Verdict | Rating | Change, { conversation }: ActivityContext) {
  switch (entry.kind) {
    case 'verdict': {
      const { about, articleId, helpful, source } = entry;
      return {
        name: 'zhike.feedback',
        value: { about: activityId(conversation.id, about), articleId, helpful, source },
      };
    }
    case 'rating': {
      const { survey, score, comment } = entry;
      return { name: 'zhike.rated', value: { survey, score, comment: comment === null ? null : wellFormed(comment) } };
    }
    case 'change':
      return { name: `zhike.${entry.change.what}`, value: entry.change };
  }
}
