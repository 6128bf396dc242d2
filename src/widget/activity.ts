/** A message in the conversation, from anyone in it. `seq` is its place in the log. */
export type Message = {
  readonly kind: 'message';
  readonly id: string;
  readonly seq: number;
  readonly at: number;
  readonly author: 'customer' | 'bot' | 'agent' | 'system';
  readonly authorId: string;
  readonly name: string | null;
  readonly text: string;
  readonly format: 'plain' | 'markdown';
  /** Title of the article it answers from. */
  readonly article: string | null;
  readonly choices: readonly Choice[];
  readonly attachments: readonly Attachment[];
  /** The id its writer gave it; what an optimistic message is recognised by. */
  readonly clientId: string | null;
};

export type Choice = {
  readonly kind: 'question' | 'feedback' | 'command';
  readonly title: string;
  readonly value: string;
};

export type Attachment = { readonly name: string; readonly contentType: string; readonly url: string };

/** The conversation changed hands. */
export type StatusLine = {
  readonly kind: 'status';
  readonly id: string;
  readonly seq: number;
  readonly at: number;
  readonly state: 'queued' | 'accepted' | 'completed' | 'bot';
  /** Why; null from a desk that does not say, or for a reason that we don't know. */
  readonly cause: Cause | null;
  readonly agent: string | null;
  /** What the customer is asked, at an end. */
  readonly survey: SurveyKind | null;
};

const causes = [
  'handoff',
  'claim',
  'assign',
  'takeover',
  'transfer',
  'return',
  'dropped',
  'cancel',
  'resolve',
  'reopen',
  'merge',
] as const;
export type Cause = (typeof causes)[number];

const surveyKinds = ['csat', 'ces', 'nps'] as const;
export type SurveyKind = (typeof surveyKinds)[number];

/** The customer said what they thought of it. */
export type Rated = {
  readonly kind: 'rated';
  readonly id: string;
  readonly seq: number;
  readonly at: number;
  readonly score: number;
};

/** Somebody is writing. Not part of the log. */
export type Typing = { readonly kind: 'typing'; readonly authorId: string; readonly name: string | null };

/** Where the customer stands in the queue. Not part of the log. */
export type QueueNews = {
  readonly kind: 'queue';
  /** 1 = next. */
  readonly position: number;
  readonly expectedWaitSeconds: number | null;
  readonly agentsOnline: number;
  /** Outside opening hours: when they begin again, and whose clock they go by. */
  readonly opensAt: number | null;
  readonly timeZone: string | null;
};

/** What has a place in the log. */
export type LogEntry = Message | StatusLine | Rated;

export type Incoming = LogEntry | Typing | QueueNews;

/**
 * What an activity of the stream says to us, or null for one that says nothing. Nothing in it is trusted: every field
 * is checked for its type, so that no object of a stranger's making ever reaches the page. `now` stands in for a
 * missing timestamp.
 */
export function readActivity(json: unknown, now: number): Incoming | null {
  const activity = record(json);
  switch (activity.type) {
    case 'message':
      return message(activity, now);
    case 'typing':
      return typing(activity);
    case 'event':
      return event(activity, now);
    default:
      return null;
  }
}

/** An object's fields by name; none for anything that is not an object. */
export function record(json: unknown): Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as Record<string, unknown>) : {};
}

/** A string that says something, else null. */
export function phrase(json: unknown): string | null {
  return typeof json === 'string' && json.trim() !== '' ? json : null;
}

function message(activity: Readonly<Record<string, unknown>>, now: number): Message | null {
  const place = placeInLog(activity, now);
  if (!place) return null;
  const from = record(activity.from);
  const channelData = record(activity.channelData);
  const article = phrase(record(channelData.answer).title);
  return {
    kind: 'message',
    ...place,
    author: author(from, channelData),
    authorId: phrase(from.id) ?? '',
    name: phrase(from.name)?.slice(0, 60) ?? null,
    text: withoutTitle(phrase(activity.text) ?? '', article),
    format: activity.textFormat === 'markdown' ? 'markdown' : 'plain',
    article,
    choices: list(record(activity.suggestedActions).actions).flatMap(choice),
    attachments: list(activity.attachments).flatMap(attachment),
    clientId: phrase(channelData.clientActivityID),
  };
}

/** The bot puts the article's title into the text for channels that can't show it otherwise; here it is shown above. */
function withoutTitle(text: string, title: string | null): string {
  const line = `**${title}**\n`;
  return title && text.startsWith(line) ? text.slice(line.length).trimStart() : text;
}

/** The place in the log that an activity's id names; 0 for any other text, and for none. */
export function seqOf(id: string | null): number {
  return Number(/\|(\d{1,15})$/.exec(id ?? '')?.[1] ?? 0);
}

function placeInLog(activity: Readonly<Record<string, unknown>>, now: number) {
  const id = phrase(activity.id);
  const seq = seqOf(id);
  if (!id || seq === 0) return null;
  const at = Date.parse(phrase(activity.timestamp) ?? '');
  return { id, seq, at: Number.isNaN(at) ? now : at };
}

function author(
  from: Readonly<Record<string, unknown>>,
  channelData: Readonly<Record<string, unknown>>,
): Message['author'] {
  if (from.role === 'user') return 'customer';
  return channelData.author === 'agent' || channelData.author === 'system' ? channelData.author : 'bot';
}

function choice(json: unknown): readonly Choice[] {
  const action = record(json);
  const value = phrase(action.value);
  if (!value) return [];
  const { kind } = record(action.channelData);
  return [
    {
      kind: kind === 'feedback' || kind === 'command' ? kind : 'question',
      title: phrase(action.title) ?? value,
      value,
    },
  ];
}

function attachment(json: unknown): readonly Attachment[] {
  const { name, contentType, contentUrl } = record(json);
  const url = phrase(contentUrl);
  if (!url) return [];
  return [{ name: phrase(name)?.slice(0, 200) ?? '', contentType: phrase(contentType) ?? '', url }];
}

function typing(activity: Readonly<Record<string, unknown>>): Typing | null {
  const from = record(activity.from);
  if (from.role === 'user') return null;
  return { kind: 'typing', authorId: phrase(from.id) ?? '', name: phrase(from.name)?.slice(0, 60) ?? null };
}

function event(activity: Readonly<Record<string, unknown>>, now: number): Incoming | null {
  switch (activity.name) {
    case 'zhike.queue':
      return queue(record(activity.value));
    case 'zhike.rated':
      return rated(activity, now);
    default:
      return status(activity, now);
  }
}

function queue(value: Readonly<Record<string, unknown>>): QueueNews {
  return {
    kind: 'queue',
    position: Math.max(1, whole(value.position) ?? 1),
    expectedWaitSeconds: whole(value.expectedWaitSeconds),
    agentsOnline: whole(value.agentsOnline) ?? 0,
    opensAt: whole(value.opensAt),
    timeZone: phrase(value.timeZone),
  };
}

function rated(activity: Readonly<Record<string, unknown>>, now: number): Rated | null {
  const place = placeInLog(activity, now);
  const score = whole(record(activity.value).score);
  return place && score !== null ? { kind: 'rated', ...place, score } : null;
}

function status(activity: Readonly<Record<string, unknown>>, now: number): StatusLine | null {
  const place = placeInLog(activity, now);
  if (!place || activity.name !== 'handoff.status') return null;
  const { state, cause, agent, survey } = record(activity.value);
  if (state !== 'queued' && state !== 'accepted' && state !== 'completed' && state !== 'bot') return null;
  return {
    kind: 'status',
    ...place,
    state,
    cause: oneOf(causes, cause),
    agent: phrase(record(agent).name)?.slice(0, 60) ?? null,
    survey: oneOf(surveyKinds, survey),
  };
}

function oneOf<const T extends string>(known: readonly T[], json: unknown): T | null {
  return known.find((one) => one === json) ?? null;
}

function list(json: unknown): readonly unknown[] {
  return Array.isArray(json) ? json.slice(0, 50) : [];
}

function whole(json: unknown): number | null {
  return typeof json === 'number' && Number.isFinite(json) && json >= 0 ? Math.round(json) : null;
}
