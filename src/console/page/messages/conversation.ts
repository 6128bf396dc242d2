import type { AgentStatus, Priority, PromiseView, RatingView, RouteReasonView } from '../../api.ts';
import type { UploadFault } from '../composing/uploads.ts';

/** What the middle of the page says: the open conversation, its transcript, its composer, its dialogs. */
export type ConversationMessages = {
  readonly changes: {
    readonly handoff: (reason: string | null) => string;
    readonly claim: (name: string) => string;
    /** `by` is null where the desk gave it away by itself. */
    readonly assign: (to: string, by: string | null) => string;
    readonly takeover: (name: string) => string;
    readonly toQueue: (name: string) => string;
    readonly toGroup: (name: string, group: string) => string;
    readonly toAgent: (name: string, to: string) => string;
    readonly return: (name: string) => string;
    readonly dropped: (name: string) => string;
    readonly cancel: string;
    readonly reopen: string;
    readonly reopenTo: (name: string) => string;
    /** Null where the desk ended it because nothing happened any more. */
    readonly resolve: (name: string | null) => string;
    readonly merge: (name: string) => string;
    readonly asked: Readonly<Record<RatingView['survey'], string>>;
    readonly routed: (by: string) => string;
    readonly atRisk: (promise: string, due: string) => string;
    readonly broken: (promise: string, due: string) => string;
    readonly snoozed: (name: string, until: string) => string;
    readonly woken: string;
    readonly absorbed: string;
    readonly openOther: string;
  };
  readonly rating: {
    readonly csat: (score: number) => string;
    readonly ces: (score: number) => string;
    readonly nps: (score: number) => string;
  };
  readonly priorities: Readonly<Record<Priority, string>>;
  readonly promises: Readonly<Record<PromiseView['kind'], string>>;
  readonly everybody: string;
  /** Why it went there: how each reason is named, and what it asked for. */
  readonly route: {
    readonly why: string;
    readonly because: Readonly<Record<RouteReasonView['kind'], (from: string) => string>>;
    readonly group: (name: string) => string;
    readonly priority: (name: string) => string;
  };
  readonly verdictOfAgent: (name: string, title: string) => string;
  readonly mood: {
    readonly worst: string;
    readonly last: string;
    readonly levels: Readonly<Record<'furious' | 'unhappy' | 'calm' | 'happy', string>>;
  };
  readonly read: string;
  readonly whisper: (name: string) => string;
  readonly quoted: (name: string) => string;
  readonly quotedGone: string;
  readonly jumpTo: string;
  readonly quote: string;
  readonly toBottom: string;
  readonly watchingNow: string;
  readonly due: { readonly left: (time: string) => string; readonly late: (time: string) => string };
  readonly gone: readonly [title: string, text: string];
  readonly picture: string;
  readonly colleagueTyping: (names: string) => string;
  readonly colleagueDraft: (names: string) => string;
  readonly listOf: (names: readonly string[]) => string;
  readonly lightbox: {
    readonly label: string;
    readonly open: (name: string) => string;
    readonly original: string;
    readonly before: string;
    readonly after: string;
  };

  readonly composer: {
    readonly attach: string;
    readonly dropHere: string;
    readonly attachments: string;
    readonly remove: (name: string) => string;
    readonly retry: (name: string) => string;
    readonly uploading: (percent: number) => string;
    readonly faults: Readonly<Record<UploadFault, (name: string) => string>>;
    readonly stillUploading: string;
    readonly removeQuote: string;
    readonly canned: string;
    readonly noCanned: string;
    readonly mention: string;
    readonly noColleague: string;
    readonly pick: string;
    readonly slash: string;
    readonly at: string;
    readonly suggestions: string;
    readonly internalOnly: string;
    readonly insertNote: string;
    readonly answersWith: (title: string) => string;
    readonly forgetArticle: string;
    readonly hideSuggestions: string;
    readonly reservedFor: (name: string) => string;
    readonly reservedForMe: string;
    readonly watching: (name: string) => string;
    readonly snoozed: (until: string) => string;
    readonly mergedInto: string;
    readonly notSentYet: string;
  };

  readonly actions: {
    readonly more: string;
    readonly takeOver: string;
    readonly reopen: string;
    readonly transfer: string;
    readonly snooze: string;
    readonly wake: string;
    readonly merge: string;
    readonly route: string;
    readonly transcript: string;
    readonly openOther: string;
  };

  readonly transfer: {
    readonly title: string;
    readonly search: string;
    readonly queue: string;
    readonly queueWhat: string;
    readonly groups: string;
    readonly colleagues: string;
    readonly here: (count: number) => string;
    readonly load: (load: number, capacity: number) => string;
    readonly full: string;
    readonly nothing: string;
    readonly note: string;
    readonly submit: string;
    readonly submitTo: (name: string) => string;
    readonly supervisor: string;
  };
  readonly statuses: Readonly<Record<AgentStatus, string>>;
  readonly takeover: {
    readonly bot: readonly [title: string, text: string];
    readonly resolved: readonly [title: string, text: string];
    readonly colleague: (name: string) => readonly [title: string, text: string];
    readonly submit: string;
  };
  readonly snooze: {
    readonly title: string;
    readonly text: string;
    readonly hour: string;
    readonly tomorrow: string;
    readonly custom: string;
    readonly submit: string;
    readonly invalid: string;
  };
  readonly merge: {
    readonly title: string;
    readonly text: string;
    readonly none: string;
    readonly submit: string;
  };
  readonly resolve: {
    readonly reason: string;
    readonly required: string;
    readonly without: string;
    readonly drafted: string;
    readonly keys: string;
  };
  readonly routing: {
    readonly title: string;
    readonly group: string;
    readonly priority: string;
    readonly submit: string;
  };
  readonly transcript: {
    readonly title: string;
    readonly format: string;
    readonly formats: Readonly<Record<'html' | 'text' | 'activities', readonly [name: string, what: string]>>;
    readonly notes: string;
    readonly submit: string;
  };

  readonly notices: {
    readonly tookOver: (name: string) => string;
    readonly transferred: (to: string) => string;
    readonly snoozed: (until: string) => string;
    readonly woken: string;
    readonly merged: string;
    readonly routed: string;
    readonly unavailable: (name: string) => string;
    readonly refused: string;
    readonly reserved: (name: string) => string;
  };
  readonly keys: {
    readonly title: string;
    readonly transfer: string;
    readonly snooze: string;
    readonly resolve: string;
    readonly takeOver: string;
    readonly more: string;
    readonly canned: string;
    readonly mention: string;
    readonly suggestion: string;
    readonly quote: string;
  };
};
