import type { JSX } from 'preact';
import { useSurroundings } from '../surroundings.ts';

/** Reads the next page below. */
export function More({ waits, onMore }: { waits: boolean; onMore: () => void }): JSX.Element {
  const { m } = useSurroundings();
  return (
    <p class="list-more">
      <button type="button" class="button" aria-disabled={waits} onClick={() => !waits && onMore()}>
        {waits ? m.desk.loadingMore : m.desk.more}
      </button>
    </p>
  );
}
