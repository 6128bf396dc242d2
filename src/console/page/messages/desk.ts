import type { AgentStatus } from '../../api.ts';

/** A headline and the line below it. */
type Pair = readonly [title: string, text: string];

/** What the left side says: the lists, the search, one's own status, and what reaches an agent who looks elsewhere. */
export type DeskMessages = {
  readonly search: {
    readonly label: string;
    readonly placeholder: string;
    readonly clear: string;
    readonly results: (count: string) => string;
    readonly none: Pair;
    readonly tooShort: Pair;
    readonly indexing: string;
    readonly note: string;
  };
  readonly filters: {
    readonly open: string;
    readonly openWith: (count: number) => string;
    readonly title: string;
    readonly group: string;
    readonly noGroup: string;
    readonly channel: string;
    readonly priority: string;
    readonly status: string;
    readonly agent: string;
    readonly any: string;
    readonly broken: string;
    readonly snoozed: string;
    readonly clear: string;
    readonly remove: (name: string) => string;
  };
  readonly narrowed: Pair;
  readonly emptySnoozed: Pair;
  readonly more: string;
  readonly loadingMore: string;
  readonly outdated: string;
  readonly row: {
    readonly why: string;
    readonly waits: (time: string) => string;
    readonly first: string;
    readonly promisedBy: (time: string) => string;
    readonly wasPromisedBy: (time: string) => string;
    readonly reserved: (name: string) => string;
    readonly reservedForMe: string;
    readonly snoozedUntil: (when: string) => string;
    readonly priority: (name: string) => string;
    readonly tags: (names: string) => string;
  };
  readonly status: {
    readonly label: (status: string) => string;
    readonly title: string;
    readonly load: (load: number, capacity: number) => string;
    readonly hints: Readonly<Record<AgentStatus, string>>;
  };
  readonly news: {
    readonly assigned: (name: string) => string;
    readonly atRisk: (name: string) => string;
    readonly mentioned: (by: string) => string;
    readonly mentionedBody: string;
    readonly open: string;
  };
  readonly keys: {
    readonly search: string;
    readonly queue: string;
    readonly mine: string;
    readonly all: string;
    readonly resolved: string;
    readonly snoozed: string;
    readonly knowledge: string;
    readonly supervision: string;
  };
};
