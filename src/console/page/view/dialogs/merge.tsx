import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { agoText } from '../../durations.ts';
import { StatusPill } from '../status-pill.tsx';
import { channelName, useSurroundings } from '../surroundings.ts';
import { Asking, Choices } from './asking.tsx';

/** Ends another conversation of the same customer, which goes on in this one. */
export function Merge(): JSX.Element {
  const { desk, state, m } = useSurroundings();
  const duplicates = state.open?.duplicates ?? [];
  const [chosen, setChosen] = useState<string | null>(duplicates.length === 1 ? (duplicates[0]?.id ?? null) : null);
  const words = m.conversation.merge;
  const other = duplicates.find(({ id }) => id === chosen) ?? null;
  const now = Date.now() + state.clockOffset;
  return (
    <Asking
      wide
      title={words.title}
      text={duplicates.length === 0 ? words.none : words.text}
      submit={words.submit}
      does={other && (() => desk.merge({ id: other.id, seen: other.seq }))}
    >
      {duplicates.length > 0 ? (
        <Choices
          first
          label={words.title}
          name="duplicate"
          chosen={chosen}
          onChoose={setChosen}
          options={duplicates.map((each) => ({
            value: each.id,
            children: (
              <span class="duplicate">
                <span class="duplicate-text" dir="auto">
                  {each.lastCustomerText ?? m.saidNothing}
                </span>
                <span class="duplicate-line">
                  <StatusPill conversation={each} />
                  <small>{channelName(each.channel, m)}</small>
                  <small>{agoText(now - each.updatedAt, m)}</small>
                </span>
              </span>
            ),
          }))}
        />
      ) : undefined}
    </Asking>
  );
}
