import type { PromiseView, SummaryView } from '../api.ts';
import type { View } from '../limits.ts';

/** The list as an agent reads it: in the queue whoever is served next comes first, elsewhere the latest change. */
export function inOrder(view: View, conversations: readonly SummaryView[]): readonly SummaryView[] {
  const place = ({ serveBy, queuedAt }: SummaryView) => serveBy ?? queuedAt ?? 0;
  const byService = (a: SummaryView, b: SummaryView) => place(a) - place(b) || byId(a, b);
  const byChange = (a: SummaryView, b: SummaryView) => b.updatedAt - a.updatedAt || byId(a, b);
  return [...conversations].sort(view === 'queue' ? byService : byChange);
}

/**
 * The first page read anew, and what is known of the pages behind it. Whatever is as new as the page and not in it has
 * left the list; whatever is older did not change, or it would be in the page.
 */
export function merged<Conversation extends Pick<SummaryView, 'id' | 'updatedAt'>>(
  known: { readonly conversations: readonly Conversation[]; readonly next: string | null } | null,
  page: { readonly conversations: readonly Conversation[]; readonly next: string | null },
): { readonly conversations: readonly Conversation[]; readonly next: string | null } {
  const last = page.conversations.at(-1);
  if (!known || !last || page.next === null) return page;
  const ids = new Set(page.conversations.map(({ id }) => id));
  const behind = known.conversations.filter(({ id, updatedAt }) => !ids.has(id) && updatedAt < last.updatedAt);
  if (behind.length === 0) return page;
  return { conversations: [...page.conversations, ...behind], next: known.next };
}

function byId(a: SummaryView, b: SummaryView): number {
  return a.id < b.id ? -1 : 1;
}

/** One wait in the queue: a customer who comes back to it waits anew. */
export function waitKey({ id, queuedAt }: SummaryView): string {
  return `${id}@${queuedAt ?? 0}`;
}

/** Those in the queue whose wait was not seen before. `seen` null = we look for the first time, so nobody is new. */
export function newcomers(seen: ReadonlySet<string> | null, queue: readonly SummaryView[]): readonly SummaryView[] {
  return seen === null ? [] : queue.filter((conversation) => !seen.has(waitKey(conversation)));
}

/** Those that became mine since I last looked. */
export function freshlyMine(seen: ReadonlySet<string> | null, mine: readonly SummaryView[]): readonly SummaryView[] {
  return seen === null ? [] : mine.filter(({ id }) => !seen.has(id));
}

/** Those whose promise is at risk or broken, each with a key for that promise. */
export function pressed(
  conversations: readonly SummaryView[],
): readonly { readonly key: string; readonly conversation: SummaryView }[] {
  return conversations.flatMap((conversation) => {
    const { id, promise } = conversation;
    return promise && promise.state !== 'on_time'
      ? [{ key: `${id}@${promise.kind}@${promise.dueAt}`, conversation }]
      : [];
  });
}

/** How a promise stands now: time goes on between two readings. */
export function promiseState({ state, warnAt, dueAt }: PromiseView, now: number): PromiseView['state'] {
  if (state === 'broken' || now >= dueAt) return 'broken';
  return state === 'at_risk' || now >= warnAt ? 'at_risk' : 'on_time';
}

/** How pressing a wait is, for its colour: fine below two minutes, late from five. */
export function urgency(waitedMs: number): 'fine' | 'soon' | 'late' {
  if (waitedMs >= 5 * 60_000) return 'late';
  return waitedMs >= 2 * 60_000 ? 'soon' : 'fine';
}

/** The item `step` places away from the current one; the first (or last) when there is no current one. */
export function neighbour<Item>(ids: readonly Item[], current: Item | null, step: 1 | -1): Item | null {
  if (ids.length === 0) return null;
  const index = current === null ? -1 : ids.indexOf(current);
  if (index === -1) return (step === 1 ? ids[0] : ids.at(-1)) ?? null;
  return ids[Math.min(ids.length - 1, Math.max(0, index + step))] ?? null;
}
