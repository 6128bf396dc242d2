/** When a conversation that is put aside may come back. */
export type SnoozeChoice = { readonly kind: 'hour' | 'tomorrow'; readonly until: number };

/** In an hour, and at nine of the next morning by the agent's clock. */
export function snoozeChoices(now: number): readonly SnoozeChoice[] {
  return [
    { kind: 'hour', until: now + 3_600_000 },
    { kind: 'tomorrow', until: tomorrowAtNine(now) },
  ];
}

/** What an `<input type="datetime-local">` holds, by the agent's clock; null for what is no time or not later than now. */
export function laterTime(value: string, now: number): number | null {
  const at = /^\d{4,}-\d{2}-\d{2}T\d{2}:\d{2}/.test(value) ? new Date(value).getTime() : NaN;
  return at > now && at < now + longestSnooze ? at : null;
}

/** A time as such an input wants it. */
export function inputTime(at: number): string {
  const date = new Date(at);
  const two = (number: number) => String(number).padStart(2, '0');
  return (
    `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}` +
    `T${two(date.getHours())}:${two(date.getMinutes())}`
  );
}

/** Who is put aside for longer than this is forgotten. */
export const longestSnooze = 90 * 86_400_000;

function tomorrowAtNine(now: number): number {
  const date = new Date(now);
  date.setDate(date.getDate() + 1);
  return date.setHours(9, 0, 0, 0);
}
