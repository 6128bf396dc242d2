import type { SettingsSection } from '../../../handoff/settings/settings.ts';
import type { BulkAnswer, FollowUpView } from '../../supervision-api.ts';
import type { Failure } from '../forms.ts';
import type { SupervisionView } from '../supervision-places.ts';

/** A headline and the line below it. */
type Pair = readonly [title: string, text: string];

type PromiseKind = 'first_response' | 'next_response' | 'resolution';

/** Everything the supervisor's section says. Durations and figures come formatted. */
export type SupervisionMessages = {
  readonly title: string;
  readonly views: Readonly<Record<SupervisionView, string>>;
  readonly sections: Readonly<Record<SettingsSection, string>>;
  readonly refresh: string;
  /** What is shown is older: the last read failed. */
  readonly outdated: string;
  readonly unsaved: string;
  readonly noGroup: string;

  readonly board: {
    readonly now: string;
    readonly waiting: string;
    readonly longestWait: string;
    readonly nobodyWaits: string;
    readonly breaches: string;
    readonly atRisk: string;
    readonly followUps: string;
    readonly online: string;
    readonly ofAgents: (all: number) => string;
    readonly today: string;
    readonly since: (time: string) => string;
    readonly partial: string;
    readonly asked: string;
    readonly answeredByBot: string;
    readonly handedOver: string;
    readonly resolved: string;
    readonly kept: string;
    readonly keptOf: (kept: number, decided: number) => string;
    readonly stillOpen: (open: number) => string;
    readonly rating: Readonly<Record<'csat' | 'ces' | 'nps', string>>;
    readonly ratings: (count: number) => string;
    readonly scale: Readonly<Record<'csat' | 'ces' | 'nps', string>>;
    readonly firstResponse: string;
    readonly median: string;
    readonly noData: string;
    readonly noRatings: string;
    readonly noPromises: string;
    readonly noFirstResponse: string;
    readonly groups: string;
    readonly group: string;
    readonly assigned: string;
    readonly agentsOnline: string;
    readonly agents: string;
    readonly noAgents: string;
    readonly load: (load: number, capacity: number) => string;
    readonly brokenOf: (count: number) => string;
    readonly seen: (ago: string) => string;
    readonly neverSeen: string;
    readonly conversationsOf: (name: string) => string;
    readonly noBreaches: string;
    readonly noAtRisk: string;
    readonly noFollowUps: string;
    readonly overdue: (time: string) => string;
    readonly dueIn: (time: string) => string;
    readonly watch: string;
    readonly reassign: string;
    readonly followUpKinds: Readonly<Record<FollowUpView['kind'], string>>;
    readonly done: string;
    readonly more: (hidden: number) => string;
  };

  readonly open: {
    readonly intro: string;
    readonly empty: Pair;
    readonly agent: string;
    readonly group: string;
    readonly anybody: string;
    readonly anyGroup: string;
    readonly broken: string;
    readonly selectAll: string;
    readonly select: (name: string) => string;
    readonly selected: (count: number) => string;
    readonly clear: string;
    readonly to: string;
    readonly choose: string;
    readonly queue: string;
    readonly assign: string;
    readonly more: string;
    readonly hint: string;
    readonly results: string;
    readonly outcomes: Readonly<Record<BulkAnswer['outcomes'][number]['outcome'], string>>;
  };

  readonly agents: {
    readonly intro: string;
    readonly add: string;
    readonly name: string;
    readonly email: string;
    readonly role: string;
    readonly groups: string;
    readonly noGroups: string;
    readonly capacity: string;
    readonly capacityHint: (usual: number) => string;
    readonly capacityOf: (capacity: number) => string;
    readonly password: string;
    readonly newPassword: string;
    readonly passwordHint: string;
    readonly newPasswordHint: string;
    readonly generate: string;
    readonly show: string;
    readonly hide: string;
    readonly tell: string;
    readonly disabled: string;
    readonly disable: string;
    readonly disableHint: string;
    readonly me: string;
    readonly roleHints: Readonly<Record<'agent' | 'editor' | 'supervisor', string>>;
  };

  readonly canned: {
    readonly intro: string;
    readonly add: string;
    readonly search: string;
    readonly empty: Pair;
    readonly nothing: Pair;
    readonly shortcut: string;
    readonly shortcutHint: string;
    readonly name: string;
    readonly text: string;
    readonly placeholders: string;
    readonly customer: string;
    readonly agent: string;
    readonly group: string;
    readonly everybody: string;
    readonly uses: (count: number) => string;
    readonly remove: string;
    readonly reallyRemove: string;
    readonly readOnly: string;
  };

  readonly form: {
    readonly save: string;
    readonly saving: string;
    readonly discard: string;
    readonly cancel: string;
    readonly edit: string;
    readonly remove: string;
    readonly up: string;
    readonly down: string;
    readonly savedBy: (name: string, ago: string) => string;
    readonly defaults: string;
    readonly faults: (count: number) => string;
    readonly failures: Readonly<Record<Failure, string>>;
    readonly staleTitle: (name: string) => string;
    readonly stale: string;
    readonly showTheirs: string;
    readonly showMine: string;
    readonly takeTheirs: string;
    readonly overrule: string;
    readonly somebody: string;
    readonly leave: string;
    readonly minutes: string;
    readonly hours: string;
    readonly seconds: string;
  };

  readonly groups: {
    readonly intro: string;
    readonly name: string;
    readonly add: string;
    readonly empty: string;
    readonly mode: string;
    readonly modes: Readonly<Record<'auto' | 'pull', string>>;
    readonly modeHints: Readonly<Record<'auto' | 'pull', string>>;
  };

  readonly routing: {
    readonly intro: string;
    readonly mode: string;
    readonly defaultGroup: string;
    readonly defaultGroupHint: string;
    readonly grace: string;
    readonly graceHint: string;
    readonly capacity: string;
    readonly capacityHint: string;
    readonly reopen: string;
    readonly reopenHint: string;
    readonly idle: string;
    readonly idleHint: string;
    readonly rules: string;
    readonly rulesHint: string;
    readonly noRules: string;
    readonly addRule: string;
    readonly ruleName: string;
    readonly when: string;
    readonly whenHint: string;
    readonly then: string;
    readonly reasons: string;
    readonly keywords: string;
    readonly keywordsHint: string;
    readonly channels: string;
    readonly tags: string;
    readonly skills: string;
    readonly skillsHint: string;
    readonly toGroup: string;
    readonly toPriority: string;
    readonly unchanged: string;
    readonly always: string;
    readonly nothing: string;
  };

  readonly hours: {
    readonly intro: string;
    readonly timeZone: string;
    readonly timeZoneHint: string;
    readonly always: string;
    readonly byHours: string;
    readonly days: readonly [string, string, string, string, string, string, string];
    readonly from: string;
    readonly to: string;
    readonly closed: string;
    readonly addInterval: string;
    readonly copyTo: string;
    readonly copyWeekdays: string;
    readonly copyAll: string;
    readonly night: string;
    readonly holidays: string;
    readonly holidaysHint: string;
    readonly noHolidays: string;
    readonly addHoliday: string;
    readonly date: string;
    readonly holidayName: string;
  };

  readonly policies: {
    readonly intro: string;
    readonly priority: string;
    readonly hint: string;
    readonly notPromised: string;
    readonly warnAt: string;
    readonly warnAtHint: string;
    readonly apologise: string;
    readonly kindHints: Readonly<Record<PromiseKind, string>>;
  };

  readonly tags: {
    readonly intro: string;
    readonly add: string;
    readonly empty: string;
    readonly name: string;
    readonly colour: string;
    readonly colours: Readonly<Record<'grey' | 'red' | 'orange' | 'green' | 'blue' | 'purple', string>>;
    readonly priority: string;
    readonly noPriority: string;
  };

  readonly resolutions: {
    readonly intro: string;
    readonly required: string;
    readonly add: string;
    readonly empty: string;
    readonly name: string;
  };

  readonly survey: {
    readonly intro: string;
    readonly kind: string;
    readonly kinds: Readonly<Record<'none' | 'csat' | 'ces' | 'nps', Pair>>;
    readonly followUp: string;
    readonly followUpHint: string;
  };

  readonly webhook: {
    readonly intro: string;
    readonly url: string;
    readonly urlHint: string;
    readonly secret: string;
    readonly secretHint: string;
    readonly secretKept: string;
    readonly generate: string;
    readonly figures: string;
    readonly pending: string;
    readonly dead: string;
    readonly lastDelivered: string;
    readonly never: string;
    readonly oldest: (ago: string) => string;
    readonly deadTitle: string;
    readonly deadHint: string;
    readonly noDead: string;
    readonly attempts: (count: number) => string;
    readonly retry: string;
    readonly discard: string;
    readonly reallyDiscard: string;
  };

  readonly notices: {
    readonly saved: string;
    readonly removed: string;
    readonly followUpDone: string;
    readonly deliveryRetried: string;
    readonly deliveryDiscarded: string;
    readonly notDone: string;
    readonly reassigned: (done: number, failed: number) => string;
  };
  /** Faults the server finds, in words. */
  readonly faults: {
    readonly tooSmall: (least: string) => string;
    readonly tooBig: (most: string) => string;
    readonly tooLong: (most: string) => string;
    readonly tooShort: (least: string) => string;
    readonly oneTo: (most: string) => string;
    readonly tooMany: (most: string) => string;
    readonly missing: string;
    readonly url: string;
    /** By what the server says. */
    readonly known: Readonly<Record<string, string>>;
  };
  readonly keys: {
    readonly title: string;
    readonly views: string;
    readonly list: string;
    readonly select: string;
    readonly open: string;
    readonly save: string;
  };
};
