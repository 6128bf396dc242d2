import { ActivityTypes, BotAdapter, TurnContext, type Activity, type ResourceResponse } from 'botbuilder';
import type { Choice, Draft, Understanding } from '../conversation/conversation.ts';
import { sessionKey, type Session, type TurnOutcome } from '../conversation/turn.ts';

/**
 * Runs the bot in this process, for every channel: what the bot sends is collected, not sent. The caller saves it in
 * one transaction and the channels read it from the log (law 2: save, then speak).
 */
export class InProcessAdapter extends BotAdapter {
  /** One turn: everything the bot said and decided. Rejects with what the bot threw. */
  async collectTurn(
    activity: Partial<Activity>,
    given: Pick<Session, 'memory' | 'seq'>,
    logic: (context: TurnContext) => Promise<void>,
  ): Promise<TurnOutcome> {
    const context = new TurnContext(this, activity);
    const turn = new CollectedTurn(given);
    context.turnState.set(sessionKey, turn);
    await this.runMiddleware(context, logic);
    return turn.outcome();
  }

  override sendActivities(context: TurnContext, activities: Partial<Activity>[]): Promise<ResourceResponse[]> {
    const turn = context.turnState.get<CollectedTurn>(sessionKey);
    for (const activity of activities) turn.collect(activity);
    return Promise.resolve(activities.map((_, index) => ({ id: String(index) })));
  }

  override updateActivity(): Promise<void> {
    return Promise.reject(new Error('The log is append-only: send a new activity instead of updating one.'));
  }

  override deleteActivity(): Promise<void> {
    return Promise.reject(new Error('The log is append-only: an activity cannot be deleted.'));
  }

  override continueConversation(): Promise<void> {
    return Promise.reject(new Error('Write to the conversation log instead: every channel reads it.'));
  }
}

class CollectedTurn implements Session {
  readonly seq: number;
  memory: Session['memory'];
  private verdict: TurnOutcome['verdict'] = null;
  private handoff: TurnOutcome['handoff'] = null;
  private readonly replies: Draft[] = [];

  constructor({ memory, seq }: Pick<Session, 'memory' | 'seq'>) {
    this.memory = memory;
    this.seq = seq;
  }

  remember({ memory, verdict }: Pick<TurnOutcome, 'memory' | 'verdict'>): void {
    this.memory = memory;
    this.verdict = verdict;
  }

  /** Messages and the handoff count; typing, traces and the framework's other events mean nothing to the log. */
  collect(activity: Partial<Activity>): void {
    if (activity.type === ActivityTypes.Message) this.replies.push(draftOf(activity));
    if (activity.type === ActivityTypes.Event && activity.name === 'handoff.initiate') {
      this.handoff = activity.value as TurnOutcome['handoff'];
    }
  }

  outcome(): TurnOutcome {
    const { replies, memory, handoff, verdict } = this;
    return { replies, memory, handoff, verdict };
  }
}

function draftOf(activity: Partial<Activity>): Draft {
  const channelData = activity.channelData as { understanding?: Understanding | null } | undefined;
  const choices = (activity.suggestedActions?.actions ?? []).map((action): Choice => {
    const more = (action.channelData ?? {}) as Pick<Partial<Choice>, 'kind' | 'articleId'>;
    return { kind: 'command', ...more, title: action.title, value: String(action.value) };
  });
  return {
    text: activity.text ?? '',
    format: activity.textFormat === 'markdown' ? 'markdown' : 'plain',
    attachments: [],
    choices,
    understanding: channelData?.understanding ?? null,
  };
}
