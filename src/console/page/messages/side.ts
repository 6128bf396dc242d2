import type { SideTab } from '../side.ts';

/** Everything said beside a conversation, but for the handoff brief. */
export type SideMessages = {
  readonly label: string;
  readonly tabs: Readonly<Record<SideTab, string>>;
  readonly name: string;
  readonly rename: string;
  readonly nameHint: (channelName: string | null) => string;
  readonly unreachable: string;
  readonly tags: string;
  readonly addTag: string;
  readonly findTag: string;
  readonly noMoreTags: string;
  readonly removeTag: (name: string) => string;
  readonly facts: string;
  readonly noFacts: string;
  readonly addFact: string;
  readonly editFact: (name: string) => string;
  readonly factName: string;
  readonly factValue: string;
  readonly save: string;
  readonly cancel: string;
  readonly remove: string;
  readonly notSaved: string;
  readonly conflict: string;
  readonly theirs: string;
  readonly mine: string;
  readonly keepTheirs: string;
  readonly useMine: string;
  readonly nothing: string;

  readonly promise: string;
  readonly broken: (count: number) => string;
  readonly order: string;
  readonly orderIs: (group: string, priority: string) => string;
  readonly waitsSince: (time: string) => string;
  readonly headStart: (minutes: number) => string;
  readonly behind: (minutes: number) => string;
  readonly first: string;
  readonly reserved: (name: string) => string;
  readonly everybody: string;

  readonly mood: string;

  readonly shown: string;
  readonly shownByBot: string;
  readonly shownByAgent: (name: string) => string;

  readonly past: string;
  readonly noPast: string;
  readonly openToo: string;
  readonly rated: (score: number) => string;

  readonly more: string;
  readonly conversationId: string;

  readonly articles: {
    readonly label: string;
    readonly placeholder: string;
    readonly submit: string;
    readonly intro: string;
    readonly theirQuestion: string;
    readonly none: readonly [title: string, text: string];
    readonly internal: string;
    readonly internalHint: string;
    readonly matched: string;
    readonly noMatched: string;
    readonly insert: string;
    readonly insertNote: string;
    readonly hint: string;
    readonly why: string;
    readonly whole: string;
    readonly less: string;
  };
};
