import type { JSX } from 'preact';
import { useSurroundings } from '../surroundings.ts';

/** Stands where something is being read. */
export function Skeleton(): JSX.Element {
  const { m } = useSurroundings();
  return (
    <div class="skeletons" role="status" aria-label={m.loading}>
      {[0, 1, 2, 3, 4].map((row) => (
        <div class="skeleton-card" key={row}>
          <span class="skeleton skeleton-round" />
          <span class="skeleton-lines">
            <span class="skeleton" />
            <span class="skeleton skeleton-short" />
          </span>
        </div>
      ))}
    </div>
  );
}
