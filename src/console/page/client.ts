import type { ConversationAnswer, EntriesAnswer, ListAnswer, SessionAnswer, WrittenAnswer } from '../api.ts';
import type { ExplanationView, GapsAnswer, KnowledgeAnswer, ProposalsAnswer } from '../knowledge-api.ts';
import type { View } from '../limits.ts';

/** The server said no, or could not be reached (`status` 0, code `unreachable`). */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** What an editor makes of a proposed wording; `text` is what goes into the article instead of it. */
export type WordingDecision = {
  readonly articleId: string;
  readonly question: string;
  readonly decision: 'accept' | 'refuse';
  readonly text?: string;
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
    const { error } = (parse(text) ?? {}) as { error?: { code?: string; message?: string } };
    throw new ApiError(response.status, error?.code ?? 'unknown', error?.message ?? response.statusText);
  }
  const at = (id: string, more = '') => `conversations/${encodeURIComponent(id)}${more}`;

  return {
    session: () => call<SessionAnswer>('GET', 'session'),
    signIn: (email: string, password: string) => call<SessionAnswer>('POST', 'session', { email, password }),
    signOut: () => call<unknown>('DELETE', 'session'),
    list: (view: View) => call<ListAnswer>('GET', `conversations?view=${view}`),
    conversation: (id: string) => call<ConversationAnswer>('GET', at(id)),
    entries: (id: string, after: number) => call<EntriesAnswer>('GET', at(id, `/entries?after=${after}`)),
    claim: (id: string) => call<WrittenAnswer>('POST', at(id, '/claim')),
    say: (id: string, message: { text: string; clientId: string; version: number }) =>
      call<WrittenAnswer>('POST', at(id, '/messages'), message),
    note: (id: string, note: { text: string; clientId: string }) => call<WrittenAnswer>('POST', at(id, '/notes'), note),
    typing: (id: string) => call<unknown>('POST', at(id, '/typing')),
    transfer: (id: string, to: { to: 'queue' | 'bot'; version: number; seen: number; note?: string }) =>
      call<WrittenAnswer>('POST', at(id, '/transfer'), to),
    resolve: (id: string, from: { version: number; seen: number }) =>
      call<WrittenAnswer>('POST', at(id, '/resolve'), from),
    knowledge: () => call<KnowledgeAnswer>('GET', 'knowledge'),
    explain: (question: string, lastArticleId: string | null) =>
      call<ExplanationView>('POST', 'knowledge/explain', { question, lastArticleId }),
    gaps: (days: number) => call<GapsAnswer>('GET', `knowledge/gaps?days=${days}`),
    proposals: () => call<ProposalsAnswer>('GET', 'knowledge/proposals'),
    decide: (decision: WordingDecision) => call<unknown>('POST', 'knowledge/proposals/decide', decision),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
