import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { inputTime, laterTime, snoozeChoices } from '../../composing/snoozing.ts';
import { useSurroundings } from '../surroundings.ts';
import { whenWords } from '../transcript/words.ts';
import { Asking, Choices } from './asking.tsx';

/** Puts the conversation aside: for an hour, until tomorrow morning, or until a time of one's own. */
export function Snooze(): JSX.Element {
  const { desk, state, m, locale } = useSurroundings();
  const [now] = useState(() => Date.now());
  const [chosen, setChosen] = useState<'hour' | 'tomorrow' | 'custom'>('hour');
  const [custom, setCustom] = useState(() => inputTime(snoozeChoices(now)[1]?.until ?? now));
  const words = m.conversation.snooze;
  const choices = snoozeChoices(now);
  const local =
    chosen === 'custom' ? laterTime(custom, now) : (choices.find(({ kind }) => kind === chosen)?.until ?? null);
  return (
    <Asking
      title={words.title}
      text={words.text}
      submit={words.submit}
      does={local === null ? null : () => desk.snooze(local + state.clockOffset)}
    >
      <Choices
        first
        label={words.title}
        name="snooze"
        chosen={chosen}
        onChoose={setChosen}
        options={[
          ...choices.map(({ kind, until }) => ({
            value: kind,
            children: (
              <>
                {words[kind]}
                <small>{whenWords(until, now, locale)}</small>
              </>
            ),
          })),
          { value: 'custom' as const, children: words.custom },
        ]}
      />
      {chosen === 'custom' && (
        <label class="field">
          <span class="sr-only">{words.custom}</span>
          <input
            type="datetime-local"
            value={custom}
            min={inputTime(now)}
            aria-invalid={local === null}
            onInput={({ currentTarget }) => setCustom(currentTarget.value)}
          />
          {local === null && (
            <small class="field-fault" role="alert">
              {words.invalid}
            </small>
          )}
        </label>
      )}
    </Asking>
  );
}
