import type { BriefView, Reason, Status } from '../../api.ts';
import type { View } from '../../limits.ts';
import type { ConversationMessages } from './conversation.ts';
import type { DeskMessages } from './desk.ts';
import type { KnowledgeMessages } from './knowledge.ts';
import type { SideMessages } from './side.ts';
import type { SupervisionMessages } from './supervision.ts';

/** A headline and the line below it. */
type Pair = readonly [title: string, text: string];

/** Everything the page says; one file per language fills it. */
export type Messages = {
  readonly product: string;
  readonly tagline: string;
  readonly unnamed: (tail: string) => string;

  readonly signIn: {
    readonly title: string;
    readonly email: string;
    readonly password: string;
    readonly show: string;
    readonly submit: string;
    readonly submitting: string;
    readonly wrong: string;
    readonly throttled: string;
    readonly expired: string;
    readonly failed: string;
    readonly firstTime: string;
  };

  /** `all` is everything that is not resolved. */
  readonly views: Readonly<Record<View, string>>;
  readonly viewsLabel: string;
  readonly listLabel: string;
  readonly empty: Readonly<Record<View, Pair>>;
  readonly nothingOpen: Pair;
  readonly notFound: Pair;
  readonly loadFailed: string;
  readonly retry: string;
  readonly loading: string;
  readonly unread: string;
  readonly saidNothing: string;

  readonly status: Readonly<Record<Status, string>>;
  readonly assignedTo: (name: string) => string;
  readonly assignedToMe: string;
  readonly reasons: Readonly<Record<Reason, string>>;
  /** By channel id; one that is not listed is shown as it is. */
  readonly channels: Readonly<Record<string, string>>;
  readonly waited: (time: string) => string;
  readonly duration: {
    readonly seconds: (seconds: number) => string;
    readonly minutes: (minutes: number, seconds: number) => string;
    readonly hours: (hours: number, minutes: number) => string;
    readonly days: (days: number, hours: number) => string;
  };
  readonly ago: {
    readonly now: string;
    readonly minutes: (minutes: number) => string;
    readonly hours: (hours: number) => string;
    readonly days: (days: number) => string;
  };

  readonly transcript: {
    readonly label: string;
    readonly bot: string;
    readonly system: string;
    readonly me: string;
    readonly noteOf: (name: string) => string;
    readonly article: (title: string) => string;
    readonly confidence: (percent: number) => string;
    readonly choices: string;
    readonly helpful: (title: string | null) => string;
    readonly unhelpful: (title: string | null) => string;
    readonly typing: (name: string) => string;
    readonly newBelow: string;
    readonly notSent: string;
    readonly waits: string;
    readonly sending: string;
    readonly retry: string;
    readonly edit: string;
    readonly discard: string;
    readonly empty: string;
  };

  readonly actions: {
    readonly claim: string;
    readonly claiming: string;
    readonly toBot: string;
    readonly resolve: string;
    readonly back: string;
    readonly brief: string;
    readonly close: string;
    readonly cancel: string;
  };
  readonly confirm: {
    readonly toBot: Pair;
    readonly resolve: Pair;
    readonly note: string;
  };
  readonly notices: {
    readonly taken: (name: string) => string;
    readonly takenBySomeone: string;
    readonly notWaiting: string;
    readonly notYours: (name: string) => string;
    readonly notYoursNow: string;
    readonly stale: string;
    readonly failed: string;
    readonly forbidden: string;
    readonly claimed: (name: string) => string;
    readonly queued: string;
    readonly toBot: string;
    readonly resolved: string;
  };

  readonly composer: {
    readonly reply: string;
    readonly note: string;
    readonly mode: string;
    readonly replyTo: (name: string) => string;
    readonly writeNote: string;
    readonly send: string;
    readonly saveNote: string;
    readonly hint: string;
    readonly tooLong: (over: number) => string;
    readonly queued: string;
    readonly bot: string;
    readonly resolved: string;
    readonly others: (name: string) => string;
  };

  readonly brief: {
    readonly title: string;
    readonly reason: string;
    readonly question: string;
    readonly tried: string;
    readonly nothingTried: string;
    readonly shown: string;
    readonly notShown: string;
    readonly helpful: string;
    readonly unhelpful: string;
    readonly unmatched: string;
    readonly explain: string;
    readonly unanswered: string;
    readonly doubts: Readonly<Record<BriefView['doubts'][number], string>>;
    readonly attempts: string;
    readonly times: (count: number) => string;
    readonly customer: string;
    readonly name: string;
    readonly channel: string;
    readonly language: string;
    readonly since: string;
    readonly messages: string;
    readonly messageCount: (count: number) => string;
    readonly id: string;
    readonly none: string;
    readonly waiting: string;
  };

  readonly conversation: ConversationMessages;
  readonly desk: DeskMessages;
  readonly knowledge: KnowledgeMessages;
  readonly supervision: SupervisionMessages;
  readonly side: SideMessages;

  readonly rail: {
    readonly conversations: string;
    readonly online: (count: number) => string;
    readonly language: string;
    readonly theme: string;
    readonly themes: Readonly<Record<'auto' | 'light' | 'dark', string>>;
    readonly keys: string;
    readonly soundOn: string;
    readonly soundOff: string;
    readonly notifyOn: string;
    readonly notifyOff: string;
    readonly notifyDenied: string;
    readonly signOut: string;
    readonly account: string;
    readonly roles: Readonly<Record<'agent' | 'editor' | 'supervisor', string>>;
  };
  readonly newcomer: (name: string) => string;
  readonly connection: { readonly lost: string; readonly back: string };
  readonly keys: {
    readonly title: string;
    readonly list: string;
    readonly open: string;
    readonly claim: string;
    readonly reply: string;
    readonly note: string;
    readonly views: string;
    readonly help: string;
    readonly escape: string;
    readonly send: string;
    readonly newline: string;
  };
};
