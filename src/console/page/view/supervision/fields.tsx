import type { ComponentChildren, JSX } from 'preact';
import { createContext } from 'preact';
import { useContext, useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Issue } from '../../../../errors.ts';
import { faultText } from '../../faults.ts';
import { Icon } from '../icons.tsx';
import { useSurroundings } from '../surroundings.ts';

/** The faults of the form that a field stands in. */
export const IssuesContext = createContext<readonly Issue[]>([]);

type Control = {
  readonly id: string;
  readonly 'aria-invalid'?: true;
  readonly 'aria-describedby'?: string;
  readonly 'data-path': string;
};

type Labelled = {
  /** Where the value stands in what is saved, `rules.0.name`: faults of it, and of what lies in it, are shown here. */
  readonly path: string;
  readonly label: string;
  readonly hint?: string | undefined;
  /** In a row of fields whose heads say it already. */
  readonly hideLabel?: boolean;
};

/** A label, what one fills in, a hint, and what is wrong with it. */
function Field(props: Labelled & { children: (control: Control) => ComponentChildren }): JSX.Element {
  const { path, label, hint, hideLabel = false, children } = props;
  const id = useId();
  const fault = useFault(path);
  const described = [hint && `${id}-hint`, fault && `${id}-fault`].filter(Boolean).join(' ');
  return (
    <div class={fault ? 'field field-bad' : 'field'}>
      <label class={hideLabel ? 'sr-only' : undefined} for={id}>
        {label}
      </label>
      {children({
        id,
        'data-path': path,
        ...(fault ? { 'aria-invalid': true } : {}),
        ...(described ? { 'aria-describedby': described } : {}),
      })}
      {hint && (
        <small id={`${id}-hint`} class="field-hint">
          {hint}
        </small>
      )}
      {fault && (
        <small id={`${id}-fault`} class="field-fault">
          {fault}
        </small>
      )}
    </div>
  );
}

function useFault(path: string): string | null {
  const { m } = useSurroundings();
  const issue = useContext(IssuesContext).find((each) => belongsTo(each, path));
  return issue ? faultText(issue.message, m.supervision) : null;
}

/** What is wrong with several fields together, and with none of them alone. */
export function FaultOfAll({ path }: { path: string }): JSX.Element {
  const { m } = useSurroundings();
  const issue = useContext(IssuesContext).find((each) => each.path === path);
  return (
    <small class="field-fault fault-of-all" data-path={path} data-exact tabIndex={-1}>
      {issue && faultText(issue.message, m.supervision)}
    </small>
  );
}

/** Whether a fault is one of what stands at `path` or in it. */
export function belongsTo(issue: Issue, path: string): boolean {
  return issue.path === path || issue.path.startsWith(`${path}.`);
}

export function TextField(
  props: Labelled & {
    value: string;
    onChange: (value: string) => void;
    type?: 'text' | 'email' | 'url' | 'password' | 'date';
    placeholder?: string;
    maxLength?: number;
    list?: string;
    rows?: number;
    autofocus?: boolean;
    class?: string;
  },
): JSX.Element {
  const { value, onChange, type = 'text', rows, placeholder, maxLength, list, autofocus } = props;
  const element = useRef<HTMLElement | null>(null);
  // The attribute works while a page loads, not for what comes later.
  useLayoutEffect(() => {
    if (autofocus) element.current?.focus();
  }, []);
  // Preact types each kind of input by itself; what is given here all of them take.
  const asText = { type } as { readonly type: 'text' };
  const shared = {
    value,
    dir: 'auto',
    autocomplete: type === 'password' ? 'new-password' : 'off',
    spellcheck: false,
    ...(placeholder === undefined ? {} : { placeholder }),
    ...(maxLength === undefined ? {} : { maxLength }),
    ...(props.class === undefined ? {} : { class: props.class }),
  } as const;
  return (
    <Field {...props}>
      {(control) =>
        rows === undefined ? (
          <input
            {...control}
            {...shared}
            ref={(input) => void (element.current = input)}
            {...asText}
            {...(list === undefined ? {} : { list })}
            onInput={(event) => onChange(event.currentTarget.value)}
          />
        ) : (
          <textarea
            ref={(area) => void (element.current = area)}
            {...control}
            {...shared}
            rows={rows}
            onInput={(event) => onChange(event.currentTarget.value)}
          />
        )
      }
    </Field>
  );
}

/** A whole number. An empty field is null where that means something, else a fault that the server tells. */
export function NumberField(
  props: Labelled & {
    value: number | null;
    onChange: (value: number | null) => void;
    unit?: string;
    placeholder?: string;
  },
): JSX.Element {
  const { value, onChange, unit, placeholder } = props;
  return (
    <Field {...props}>
      {(control) => (
        <span class="field-unit">
          <input
            {...control}
            type="number"
            inputMode="numeric"
            value={value === null || Number.isNaN(value) ? '' : value}
            placeholder={placeholder}
            onInput={({ currentTarget }) => onChange(currentTarget.value === '' ? null : currentTarget.valueAsNumber)}
          />
          {unit && <span>{unit}</span>}
        </span>
      )}
    </Field>
  );
}

/** What a field gives that must not be empty: JSON makes null of it, and the server a fault. */
export function required(value: number | null): number {
  return value ?? Number.NaN;
}

export type Option = readonly [value: string, label: string];

export function SelectField(
  props: Labelled & { value: string; options: readonly Option[]; onChange: (value: string) => void },
): JSX.Element {
  const { value, options, onChange } = props;
  // What was chosen and is gone since stays visible.
  const known = options.some(([each]) => each === value) ? options : [...options, [value, value] as const];
  return (
    <Field {...props}>
      {(control) => (
        <select {...control} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
          {known.map(([each, label]) => (
            <option key={each} value={each}>
              {label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** Several words, set apart by commas or new lines. */
export function WordsField(
  props: Labelled & { value: readonly string[]; onChange: (value: string[]) => void; placeholder?: string },
): JSX.Element {
  const { value, onChange, placeholder } = props;
  const [text, setText] = useState(value.join('，'));
  useEffect(() => {
    if (wordsIn(text).join('\n') !== value.join('\n')) setText(value.join('，'));
  }, [value]);
  return (
    <Field {...props}>
      {(control) => (
        <textarea
          {...control}
          rows={2}
          dir="auto"
          value={text}
          placeholder={placeholder}
          onInput={({ currentTarget }) => {
            setText(currentTarget.value);
            onChange(wordsIn(currentTarget.value));
          }}
        />
      )}
    </Field>
  );
}

/** The words of a text, each once. */
export function wordsIn(text: string): string[] {
  const words = text.split(/[,，、;；\n]+/).map((word) => word.trim());
  return [...new Set(words.filter((word) => word !== ''))];
}

export function CheckField(props: {
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
  hint?: string;
  disabled?: boolean;
}): JSX.Element {
  const { label, checked, onChange, hint, disabled } = props;
  return (
    <label class="choice-line">
      <input
        type="checkbox"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <span>
        {label}
        {hint && <small class="field-hint">{hint}</small>}
      </span>
    </label>
  );
}

/** One of a few, each with a line that explains it. */
export function RadioCards(props: {
  label: string;
  value: string;
  options: readonly (readonly [value: string, label: string, hint?: string])[];
  onChange: (value: string) => void;
}): JSX.Element {
  const { label, value, options, onChange } = props;
  const name = useId();
  return (
    <fieldset class="radio-cards">
      <legend>{label}</legend>
      {options.map(([each, title, hint]) => (
        <label key={each} class="radio-card">
          <input type="radio" name={name} checked={value === each} onChange={() => onChange(each)} />
          <span>
            {title}
            {hint && <small class="field-hint">{hint}</small>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

/** Any of a few. */
export function ChipChoices(props: {
  label: string;
  chosen: readonly string[];
  options: readonly Option[];
  onChange: (chosen: string[]) => void;
}): JSX.Element {
  const { label, chosen, options, onChange } = props;
  // What was chosen and is gone since can still be taken away.
  const gone = chosen.filter((each) => !options.some(([value]) => value === each));
  const all: readonly Option[] = [...options, ...gone.map((each): Option => [each, each])];
  return (
    <fieldset class="chips-field">
      <legend>{label}</legend>
      <div class="chips">
        {all.map(([value, name]) => {
          const isChosen = chosen.includes(value);
          return (
            <button
              type="button"
              key={value}
              class="choice-chip"
              aria-pressed={isChosen}
              onClick={() => onChange(isChosen ? chosen.filter((each) => each !== value) : [...chosen, value])}
            >
              {isChosen && <Icon name="check" size={13} />}
              {name}
            </button>
          );
        })}
      </div>
    </fieldset>
  );
}

/** What can be done with one of several: move it, take it out. */
export function ItemTools(props: {
  name: string;
  onRemove: () => void;
  onMove?: (step: 1 | -1) => void;
  first?: boolean;
  last?: boolean;
}): JSX.Element {
  const { m } = useSurroundings();
  const { name, onRemove, onMove, first = false, last = false } = props;
  const f = m.supervision.form;
  return (
    <span class="item-tools">
      {onMove && (
        <>
          <Tool label={`${f.up} ${name}`} disabled={first} onClick={() => onMove(-1)}>
            <Icon name="down" upsideDown size={15} />
          </Tool>
          <Tool label={`${f.down} ${name}`} disabled={last} onClick={() => onMove(1)}>
            <Icon name="down" size={15} />
          </Tool>
        </>
      )}
      <Tool label={`${f.remove} ${name}`} onClick={onRemove}>
        <Icon name="trash" size={15} />
      </Tool>
    </span>
  );
}

function Tool(props: {
  label: string;
  onClick: () => void;
  disabled?: boolean;
  children: ComponentChildren;
}): JSX.Element {
  const { label, onClick, disabled, children } = props;
  return (
    <button type="button" class="icon-button" title={label} aria-label={label} disabled={disabled} onClick={onClick}>
      {children}
    </button>
  );
}

/** A new id that no other has: it is never shown, and stays when the name changes. */
export function freshId(taken: readonly { readonly id: string }[]): string {
  for (;;) {
    const id = Math.random().toString(36).slice(2, 8).padEnd(6, '0');
    if (!taken.some((each) => each.id === id)) return id;
  }
}
