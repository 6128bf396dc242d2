import type { ComponentChildren, JSX } from 'preact';
import type { Loaded } from '../loader.ts';
import { Failed } from './empty.tsx';
import { Icon } from './icons.tsx';
import { useSurroundings } from './surroundings.ts';

export type ReadProps<T> = {
  loaded: Loaded<T>;
  /** How many lines stand in for what is being read. */
  rows: number;
  children: (value: T) => ComponentChildren;
};

/** How a section reads anew, and what it says of what it could not read anew. */
type Section = { outdated: string; refresh: () => void };

/** What was read, or that it is being read, or that it could not be. What was read before stays, and is said to be old. */
export function Read<T>({ loaded, rows, children, outdated, refresh }: ReadProps<T> & Section): JSX.Element {
  const { m } = useSurroundings();
  const { value, state } = loaded;
  if (value === null) return state === 'failed' ? <Failed onRetry={refresh} /> : <Skeleton rows={rows} />;
  return (
    <>
      {state === 'failed' && (
        <p class="callout callout-warn" role="alert">
          <Icon name="warn" />
          <span>{outdated}</span>
          <button type="button" class="link" onClick={refresh}>
            {m.retry}
          </button>
        </p>
      )}
      {children(value)}
    </>
  );
}

function Skeleton({ rows }: { rows: number }): JSX.Element {
  const { m } = useSurroundings();
  return (
    <div class="knowledge-skeleton" role="status" aria-label={m.loading}>
      {Array.from({ length: rows }, (_, row) => (
        <div class="panel" key={row}>
          <span class="skeleton skeleton-short" />
          <span class="skeleton" />
        </div>
      ))}
    </div>
  );
}
