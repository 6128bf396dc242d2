import {
  ActionTypes,
  ActivityHandler,
  ActivityTypes,
  type Activity,
  type CardAction,
  type TurnContext,
} from 'botbuilder';
import type { Draft } from '../src/conversation/conversation.ts';
import {
  greet,
  sessionKey,
  takeTurn,
  type Session,
  type TurnOutcome,
  type TurnTools,
} from '../src/conversation/turn.ts';
import { correctionIn, listen, phrasesFor, pickIn, questionIn } from './phrases.zh.ts';

/** What the bot needs from outside: its knowledge, how a message sounds, and how busy the desk is. */
export type SupportBotTools = Pick<TurnTools, 'answers' | 'feel' | 'outlook'>;

/**
 * The bot on the Bot Framework. It decides nothing itself: `takeTurn` does, and what it decided leaves as activities,
 * a handoff as the framework's `handoff.initiate` event. It keeps no state between turns; its memory comes with the
 * session and goes back there.
 */
export class SupportBot extends ActivityHandler {
  constructor(tools: SupportBotTools) {
    super();
    this.onMembersAdded(async (context, next) => {
      await context.sendActivity(activityOf(greet(phrasesFor(localeOf(context)))));
      await next();
    });
    this.onMessage(async (context, next) => {
      const session = context.turnState.get<Session>(sessionKey);
      const { text = '', attachments = [] } = context.activity;
      const said = { seq: session.seq, text, hasAttachments: attachments.length > 0 };
      const outcome = await takeTurn(said, session.memory, {
        ...tools,
        listen,
        questionIn,
        pickIn,
        correctionIn,
        phrases: phrasesFor(localeOf(context)),
      });
      session.remember(outcome);
      await context.sendActivities([...outcome.replies.map(activityOf), ...handoffOf(outcome)]);
      await next();
    });
  }
}

function localeOf(context: TurnContext): string {
  return context.activity.locale ?? 'zh-Hans';
}

function activityOf(draft: Draft): Partial<Activity> {
  const { text, format, choices, understanding } = draft;
  const actions = choices.map(({ title, value, ...channelData }): CardAction => {
    return { type: ActionTypes.ImBack, title, value, channelData };
  });
  return {
    type: ActivityTypes.Message,
    text,
    textFormat: format,
    ...(actions.length > 0 ? { suggestedActions: { to: [], actions } } : {}),
    channelData: { understanding },
  };
}

/** The event EventFactory.createHandoffInitiation makes, without the transcript: the log already holds it. */
function handoffOf({ handoff }: TurnOutcome): Partial<Activity>[] {
  return handoff ? [{ type: ActivityTypes.Event, name: 'handoff.initiate', value: handoff }] : [];
}
