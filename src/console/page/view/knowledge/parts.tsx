import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { percentText, signedText } from '../../figures.ts';
import { barsOf, type Bar } from '../../shares.ts';
import type { Share } from '../../../../answering/explanation.ts';
import { Read as ReadOf, type ReadProps } from '../read.tsx';
import { useSurroundings } from '../surroundings.ts';

/** What this section read. */
export function Read<T>(props: ReadProps<T>): JSX.Element {
  const { desk, m } = useSurroundings();
  return <ReadOf {...props} outdated={m.knowledge.outdated} refresh={desk.knowledge.refresh} />;
}

/** A framed part with a heading. */
export function Panel(props: { title: string; hint?: string; children: ComponentChildren }): JSX.Element {
  return (
    <section class="panel">
      <h2>
        {props.title}
        {props.hint && <small>{props.hint}</small>}
      </h2>
      {props.children}
    </section>
  );
}

/** A confidence between nothing and certainty, with the mark it must reach. */
export function Gauge({ value, threshold }: { value: number; threshold: number }): JSX.Element {
  const { m } = useSurroundings();
  const words = `${m.knowledge.ask.confidence(percentText(value))} · ${m.knowledge.ask.threshold(percentText(threshold))}`;
  return (
    <div class={value >= threshold ? 'gauge gauge-reached' : 'gauge'}>
      <div
        class="gauge-track"
        role="meter"
        aria-label={words}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(value * 100)}
      >
        <span class="gauge-fill" style={{ width: percentText(value) }} />
        <span class="gauge-mark" style={{ left: percentText(threshold) }} />
      </div>
      <p>
        <strong>{m.knowledge.ask.confidence(percentText(value))}</strong>
        <span>{m.knowledge.ask.threshold(percentText(threshold))}</span>
      </p>
    </div>
  );
}

/** Shares as bars to both sides of nothing: what speaks for it to the right. `widest` fills a side. */
export function Bars({ shares, widest }: { shares: readonly Share[]; widest: number }): JSX.Element {
  const { m } = useSurroundings();
  const [all, setAll] = useState(false);
  const { telling, slight } = barsOf(shares, widest);
  return (
    <>
      <ul class="bars">
        {(all ? [...telling, ...slight] : telling).map((bar) => (
          <BarLine bar={bar} key={bar.name} />
        ))}
      </ul>
      {slight.length > 0 && !all && (
        <button type="button" class="link" onClick={() => setAll(true)}>
          {m.knowledge.ask.slight(slight.length)}
        </button>
      )}
    </>
  );
}

function BarLine({ bar }: { bar: Bar }): JSX.Element {
  const { m } = useSurroundings();
  const { name, value, share, width } = bar;
  return (
    <li title={`${name} = ${Number(value.toFixed(3))}`}>
      <span class="bar-name">{m.knowledge.ask.shares[name] ?? name}</span>
      <span class="bar-track" aria-hidden="true">
        <span class={share < 0 ? 'bar-fill bar-minus' : 'bar-fill bar-plus'} style={{ width: percentText(width / 2) }} />
      </span>
      <span class="bar-figure">{signedText(share)}</span>
    </li>
  );
}

/** Words that no article knows. */
export function MissingWords({ words }: { words: readonly string[] }): JSX.Element {
  const { m } = useSurroundings();
  return (
    <ul class="words">
      {words.map((word) => (
        <li class="word-missing" key={word} title={m.knowledge.ask.missing}>
          {word}
        </li>
      ))}
    </ul>
  );
}
