import type { SettingsSection } from '../../handoff/settings/settings.ts';
import type { Issue } from '../../errors.ts';
import type {
  AgentStatus,
  ConversationAnswer,
  EntriesAnswer,
  ListAnswer,
  SearchAnswer,
  SessionAnswer,
  WrittenAnswer,
} from '../api.ts';
import type {
  ArticleSearchAnswer,
  CustomerAnswer,
  CustomerBody,
  DirectoryAnswer,
  ListQuery,
  MergeBody,
  MessageBody,
  NoteBody,
  ResolveBody,
  RouteBody,
  SnoozeBody,
  SuggestionsAnswer,
  TransferBody,
} from '../desk-api.ts';
import type { ExplanationView, GapsAnswer, KnowledgeAnswer, ProposalsAnswer } from '../knowledge-api.ts';
import type {
  AccountAnswer,
  AccountBody,
  AccountsAnswer,
  BoardAnswer,
  BulkAnswer,
  BulkAssignBody,
  CannedAnswer,
  CannedBody,
  CannedListAnswer,
  DeliveriesAnswer,
  NewAccountBody,
  SettingsAnswer,
  SettingsBody,
} from '../supervision-api.ts';

/** The server said no, or could not be reached (`status` 0, code `unreachable`). `issues` name the fields at fault. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string;
  readonly issues: readonly Issue[];
  constructor(status: number, code: string, message: string, issues: readonly Issue[] = []) {
    super(message);
    this.status = status;
    this.code = code;
    this.issues = issues;
  }
}

/** What an editor makes of a proposed wording; `text` is what goes into the article instead of it. */
export type WordingDecision = {
  readonly articleId: string;
  readonly question: string;
  readonly decision: 'accept' | 'refuse';
  readonly text?: string;
};

/** How a conversation is written down to take along. */
export type TranscriptFormat = {
  readonly format: 'activities' | 'text' | 'html';
  readonly notes: boolean;
  readonly locale: 'zh-Hans' | 'zh-Hant' | 'en';
};

export type Client = ReturnType<typeof createClient>;

/** The console's API as the page calls it. Everything rejects with ApiError. */
export function createClient(fetch: typeof globalThis.fetch) {
  async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
    let response: Response;
    try {
      response = await fetch(`/api/console/${path}`, {
        method,
        headers: body === undefined ? {} : { 'content-type': 'application/json' },
        body: body === undefined ? null : JSON.stringify(body),
        credentials: 'same-origin',
        cache: 'no-store',
        signal: AbortSignal.timeout(20_000),
      });
    } catch (error) {
      throw new ApiError(0, 'unreachable', error instanceof Error ? error.message : String(error));
    }
    const text = await response.text().catch(() => '');
    if (response.ok) return parse(text) as T;
    const { error } = (parse(text) ?? {}) as { error?: { code?: string; message?: string; issues?: readonly Issue[] } };
    const { code = 'unknown', message = response.statusText, issues = [] } = error ?? {};
    throw new ApiError(response.status, code, message, Array.isArray(issues) ? issues : []);
  }
  const get = <T>(path: string, query: Query = {}) => call<T>('GET', path + queryText(query));
  const post = <T>(path: string, body?: unknown) => call<T>('POST', path, body);

  return {
    // Session
    session: () => get<SessionAnswer>('session'),
    signIn: (email: string, password: string) => post<SessionAnswer>('session', { email, password }),
    signOut: () => call<unknown>('DELETE', 'session'),
    setStatus: (status: AgentStatus) => post<unknown>('me/status', { status }),
    directory: () => get<DirectoryAnswer>('directory'),

    // Lists
    conversations: (query: ListQuery) => get<ListAnswer>('conversations', query),
    search: (q: string, before: string | null) => get<SearchAnswer>('search', { q, before: before ?? undefined }),

    // One conversation
    conversation: (id: string) => get<ConversationAnswer>(at(id)),
    entries: (id: string, after: number) => get<EntriesAnswer>(at(id, '/entries'), { after: String(after) }),
    claim: (id: string) => post<WrittenAnswer>(at(id, '/claim')),
    say: (id: string, message: MessageBody) => post<WrittenAnswer>(at(id, '/messages'), message),
    note: (id: string, note: NoteBody) => post<WrittenAnswer>(at(id, '/notes'), note),
    typing: (id: string) => post<unknown>(at(id, '/typing')),
    transfer: (id: string, to: TransferBody) => post<WrittenAnswer>(at(id, '/transfer'), to),
    resolve: (id: string, from: ResolveBody) => post<WrittenAnswer>(at(id, '/resolve'), from),
    snooze: (id: string, until: SnoozeBody) => post<WrittenAnswer>(at(id, '/snooze'), until),
    merge: (id: string, other: MergeBody) => post<WrittenAnswer>(at(id, '/merge'), other),
    takeOver: (id: string, version: number) => post<WrittenAnswer>(at(id, '/takeover'), { version }),
    assign: (id: string, to: { readonly to: string; readonly version: number }) =>
      post<WrittenAnswer>(at(id, '/assign'), to),
    route: (id: string, to: RouteBody) => post<WrittenAnswer>(at(id, '/route'), to),
    changeCustomer: (id: string, change: CustomerBody) => post<CustomerAnswer>(at(id, '/customer'), change),
    suggestions: (id: string, seq: number | null) =>
      get<SuggestionsAnswer>(at(id, '/suggestions'), { seq: seq === null ? undefined : String(seq) }),
    /** An address to open or download. */
    transcriptUrl: (id: string, { notes, ...format }: TranscriptFormat) =>
      `/api/console/${at(id, '/transcript')}${queryText({ ...format, notes: String(notes) })}`,
    cannedUsed: (id: string) => post<unknown>(`canned/${encodeURIComponent(id)}/used`),

    // Knowledge
    searchArticles: (question: string) => post<ArticleSearchAnswer>('knowledge/search', { question }),
    knowledge: () => get<KnowledgeAnswer>('knowledge'),
    explain: (question: string, lastArticleId: string | null) =>
      post<ExplanationView>('knowledge/explain', { question, lastArticleId }),
    gaps: (days: number) => get<GapsAnswer>('knowledge/gaps', { days: String(days) }),
    proposals: () => get<ProposalsAnswer>('knowledge/proposals'),
    decide: (decision: WordingDecision) => post<unknown>('knowledge/proposals/decide', decision),

    // Supervision
    board: () => get<BoardAnswer>('board'),
    followUpDone: (id: string) => post<unknown>(`follow-ups/${encodeURIComponent(id)}/done`),
    bulkAssign: (body: BulkAssignBody) => post<BulkAnswer>('bulk/assign', body),
    accounts: () => get<AccountsAnswer>('agents'),
    addAccount: (body: NewAccountBody) => post<AccountAnswer>('agents', body),
    changeAccount: (id: string, body: AccountBody) => post<AccountAnswer>(`agents/${encodeURIComponent(id)}`, body),
    settings: (section: SettingsSection) => get<SettingsAnswer>(`settings/${section}`),
    saveSettings: (section: SettingsSection, body: SettingsBody) => post<SettingsAnswer>(`settings/${section}`, body),
    canned: () => get<CannedListAnswer>('canned'),
    addCanned: (body: CannedBody) => post<CannedAnswer>('canned', body),
    changeCanned: (id: string, body: CannedBody) => post<CannedAnswer>(`canned/${encodeURIComponent(id)}`, body),
    removeCanned: (id: string) => call<unknown>('DELETE', `canned/${encodeURIComponent(id)}`),
    deliveries: () => get<DeliveriesAnswer>('deliveries', { state: 'dead' }),
    retryDelivery: (id: string) => post<unknown>(`deliveries/${encodeURIComponent(id)}/retry`),
    discardDelivery: (id: string) => post<unknown>(`deliveries/${encodeURIComponent(id)}/discard`),
  };
}

type Query = Readonly<Record<string, string | undefined>>;

function at(id: string, more = ''): string {
  return `conversations/${encodeURIComponent(id)}${more}`;
}

function queryText(query: Query): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) given.set(name, value);
  return given.size === 0 ? '' : `?${given.toString()}`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
