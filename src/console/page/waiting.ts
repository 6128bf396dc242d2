import type { SummaryView } from '../api.ts';
import type { View } from '../limits.ts';

/** The list as an agent reads it: in the queue whoever waits longest comes first, elsewhere the latest change. */
export function inOrder(view: View, conversations: readonly SummaryView[]): readonly SummaryView[] {
  const byWaiting = (a: SummaryView, b: SummaryView) => (a.queuedAt ?? 0) - (b.queuedAt ?? 0) || byId(a, b);
  const byChange = (a: SummaryView, b: SummaryView) => b.updatedAt - a.updatedAt || byId(a, b);
  return [...conversations].sort(view === 'queue' ? byWaiting : byChange);
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

/** How pressing a wait is, for its colour: fine below two minutes, late from five. */
export function urgency(waitedMs: number): 'fine' | 'soon' | 'late' {
  if (waitedMs >= 5 * 60_000) return 'late';
  return waitedMs >= 2 * 60_000 ? 'soon' : 'fine';
}

/** The item `step` places away from the current one; the first (or last) when there is no current one. */
export function neighbour(ids: readonly string[], current: string | null, step: 1 | -1): string | null {
  if (ids.length === 0) return null;
  const index = current === null ? -1 : ids.indexOf(current);
  if (index === -1) return (step === 1 ? ids[0] : ids.at(-1)) ?? null;
  return ids[Math.min(ids.length - 1, Math.max(0, index + step))] ?? null;
}
