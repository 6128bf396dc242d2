import type { JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { CustomerView } from '../../../api.ts';
import { replaced, without } from '../../forms.ts';
import { sends } from '../../keys.ts';
import { useStore } from '../../store.ts';
import { Icon } from '../icons.tsx';
import { useSurroundings } from '../surroundings.ts';
import { Section } from './section.tsx';
import { Refusal } from './conflict.tsx';

type Fact = CustomerView['facts'][number];

/** What colleagues wrote down of the customer: a name and a value each. */
export function Facts({ customer }: { customer: CustomerView }): JSX.Element {
  const { desk, m } = useSurroundings();
  const { saving, refused } = useStore(desk.side.store);
  const [editing, setEditing] = useState<number | null>(null);
  const facts = saving?.facts ?? customer.facts;
  const lost = refused?.edit.facts;

  function save(next: readonly Fact[]) {
    setEditing(null);
    void desk.side.edit({ facts: [...next] });
  }

  return (
    <Section
      title={m.side.facts}
      aside={
        editing !== facts.length && (
          <button type="button" class="link" onClick={() => setEditing(facts.length)}>
            {m.side.addFact}
          </button>
        )
      }
    >
      {facts.length === 0 && editing === null && <p class="fine-print">{m.side.noFacts}</p>}
      <ul class="known">
        {facts.map((fact, index) =>
          editing === index ? (
            <li key={fact.name}>
              <FactForm
                fact={lost?.[index] ?? fact}
                onSave={(changed) => save(replaced(facts, index, changed))}
                onRemove={() => save(without(facts, index))}
                onLeave={() => setEditing(null)}
              />
            </li>
          ) : (
            <li key={fact.name}>
              <button
                type="button"
                class="known-fact"
                title={m.side.editFact(fact.name)}
                onClick={() => setEditing(index)}
              >
                <span class="known-name" dir="auto">
                  {fact.name}
                </span>
                <span class="known-value" dir="auto">
                  {fact.value}
                </span>
                <Icon name="edit" size={13} />
              </button>
            </li>
          ),
        )}
        {editing === facts.length && (
          <li>
            <FactForm
              // What was refused stands in the fields again.
              fact={lost?.[facts.length] ?? { name: '', value: '' }}
              onSave={(added) => save([...facts, added])}
              onLeave={() => setEditing(null)}
            />
          </li>
        )}
      </ul>
      <Refusal of={['facts']} />
    </Section>
  );
}

function FactForm(props: {
  fact: Fact;
  onSave: (fact: Fact) => void;
  onLeave: () => void;
  onRemove?: () => void;
}): JSX.Element {
  const { onSave, onLeave, onRemove } = props;
  const { m } = useSurroundings();
  const [name, setName] = useState(props.fact.name);
  const [value, setValue] = useState(props.fact.value);
  const first = useRef<HTMLInputElement>(null);
  const second = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => (props.fact.name === '' ? first : second).current?.focus(), []);
  const isGood = name.trim() !== '' && value.trim() !== '';

  function submit() {
    if (isGood) onSave({ name: name.trim(), value: value.trim() });
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'Escape') {
      event.stopPropagation();
      onLeave();
    } else if (sends(event) && !(event.target instanceof HTMLButtonElement)) {
      event.preventDefault();
      submit();
    }
  }

  return (
    <form
      class="fact-form"
      onKeyDown={onKeyDown}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <input
        ref={first}
        type="text"
        value={name}
        maxLength={60}
        placeholder={m.side.factName}
        aria-label={m.side.factName}
        autocomplete="off"
        dir="auto"
        onInput={(event) => setName(event.currentTarget.value)}
      />
      <textarea
        ref={second}
        rows={2}
        value={value}
        maxLength={500}
        placeholder={m.side.factValue}
        aria-label={m.side.factValue}
        dir="auto"
        onInput={(event) => setValue(event.currentTarget.value)}
      />
      <div class="fact-actions">
        {onRemove && (
          <button type="button" class="icon-button" aria-label={m.side.remove} title={m.side.remove} onClick={onRemove}>
            <Icon name="trash" size={15} />
          </button>
        )}
        <button type="button" class="button" onClick={onLeave}>
          {m.side.cancel}
        </button>
        <button type="submit" class="button button-primary" disabled={!isGood}>
          {m.side.save}
        </button>
      </div>
    </form>
  );
}
