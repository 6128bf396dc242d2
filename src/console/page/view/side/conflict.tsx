import type { JSX } from 'preact';
import type { CustomerEdit } from '../../side.ts';
import { faultText } from '../../faults.ts';
import { useStore } from '../../store.ts';
import { Icon } from '../icons.tsx';
import { useSurroundings } from '../surroundings.ts';

/** What a colleague wrote and what one wrote oneself, of the same thing: to choose between. */
export function Conflict(): JSX.Element | null {
  const { desk, m } = useSurroundings();
  const { conflict } = useStore(desk.side.store);
  if (!conflict) return null;
  const { mine, theirs } = conflict;
  const keys = Object.keys(mine) as (keyof CustomerEdit)[];
  return (
    <div class="callout callout-warn conflict" role="alert">
      <Icon name="warn" />
      <div>
        <strong>{m.side.conflict}</strong>
        <dl>
          <dt>{m.side.theirs}</dt>
          <dd dir="auto">{keys.map((key) => wordsOf(theirs[key])).join(' · ') || m.side.nothing}</dd>
          <dt>{m.side.mine}</dt>
          <dd dir="auto">{keys.map((key) => wordsOf(mine[key])).join(' · ') || m.side.nothing}</dd>
        </dl>
        <p class="conflict-actions">
          <button type="button" class="button" onClick={() => void desk.side.settle('theirs')}>
            {m.side.keepTheirs}
          </button>
          <button type="button" class="button" onClick={() => void desk.side.settle('mine')}>
            {m.side.useMine}
          </button>
        </p>
      </div>
    </div>
  );
}

/** That a change of one of these was not saved, and why. */
export function Refusal({ of }: { of: readonly (keyof CustomerEdit)[] }): JSX.Element | null {
  const { desk, m } = useSurroundings();
  const { refused } = useStore(desk.side.store);
  if (!refused || !of.some((key) => key in refused.edit)) return null;
  return (
    <p class="callout callout-bad" role="alert">
      <Icon name="warn" />
      <span>
        {refused.issues.length > 0
          ? refused.issues.map(({ message }) => faultText(message, m.supervision)).join(' · ')
          : m.side.notSaved}
      </span>
      <button type="button" class="icon-button" aria-label={m.actions.close} onClick={desk.side.dismissRefusal}>
        <Icon name="close" size={14} />
      </button>
    </p>
  );
}

function wordsOf(value: CustomerEdit[keyof CustomerEdit]): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  return value.map((each) => (typeof each === 'string' ? each : `${each.name}: ${each.value}`)).join(' · ');
}
