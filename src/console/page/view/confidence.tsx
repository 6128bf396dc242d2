import type { JSX } from 'preact';
import { useSurroundings } from './surroundings.ts';

/** A probability as a bar and in words. */
export function Confidence({ value }: { value: number }): JSX.Element {
  const { m } = useSurroundings();
  const level = value >= 0.8 ? 'high' : value >= 0.5 ? 'middle' : 'low';
  return (
    <span class={`confidence confidence-${level}`}>
      <meter min={0} max={1} value={value} aria-hidden="true" />
      {m.transcript.confidence(Math.round(value * 100))}
    </span>
  );
}
