import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { fullTime } from '../../../../web/dates.ts';
import type { Issue } from '../../../../errors.ts';
import { agoText } from '../../durations.ts';
import { faultText } from '../../faults.ts';
import { isChanged, type Form, type FormKey, type Saved } from '../../forms.ts';
import { useNow, useStore } from '../../store.ts';
import { Icon } from '../icons.tsx';
import { useSurroundings } from '../surroundings.ts';
import { belongsTo, IssuesContext } from './fields.tsx';

type Fill<Value> = (value: Value, change: (value: Value) => void) => ComponentChildren;

/**
 * A form that is saved as a whole: what is wrong stands at its fields, what a colleague saved meanwhile is shown before
 * anything goes over it, and what is not saved stays while one looks elsewhere.
 */
export function FormFrame<Value>(props: {
  formKey: FormKey<Value>;
  children: Fill<Value>;
  onSave: () => void;
  /** Saves knowingly over what a colleague saved; without it nobody else can. */
  onOverrule?: () => void;
  /** Leaves a form that is open only for a while. */
  onLeave?: () => void;
  /** Says who saved it last. */
  signed?: boolean;
}): JSX.Element | null {
  const { formKey, children, onSave, onOverrule, onLeave, signed = false } = props;
  const { desk } = useSurroundings();
  const { forms } = useStore(desk.supervision.store);
  const form = (forms[formKey] ?? null) as Form<Value> | null;
  const [theirs, showTheirs] = useState(false);
  const element = useRef<HTMLFormElement>(null);
  const unplaced = useUnplaced(element, form?.issues ?? []);
  const stale = form?.stale ?? null;
  useEffect(() => {
    if (!stale) showTheirs(false);
  }, [stale]);
  if (!form) return null;
  const changed = isChanged(form);

  function submit() {
    if (changed && !stale) onSave();
  }
  return (
    <form
      ref={element}
      class="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      onKeyDown={(event) => {
        if (event.key.toLowerCase() !== 's' || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        submit();
      }}
    >
      {stale && (
        <Stale
          stale={stale}
          theirs={theirs}
          onShow={showTheirs}
          onTake={() => desk.supervision.forms.reset(formKey)}
          onOverrule={onOverrule}
        />
      )}
      <Trouble form={form} unplaced={unplaced} />
      <IssuesContext.Provider value={theirs ? [] : form.issues}>
        <fieldset class="form-fields" disabled={form.saving || theirs}>
          {children(theirs && stale ? stale.value : form.value, (value) =>
            desk.supervision.forms.change(formKey, value),
          )}
        </fieldset>
      </IssuesContext.Provider>
      <footer class={changed ? 'form-foot form-changed' : 'form-foot'}>
        {signed && <Signature saved={form.base} />}
        <Buttons
          changed={changed}
          saving={form.saving}
          blocked={stale !== null}
          onDiscard={() => {
            if (onLeave) onLeave();
            else desk.supervision.forms.reset(formKey);
          }}
          leaves={onLeave !== undefined}
        />
      </footer>
    </form>
  );
}

function Buttons(props: {
  changed: boolean;
  saving: boolean;
  blocked: boolean;
  leaves: boolean;
  onDiscard: () => void;
}): JSX.Element {
  const { m } = useSurroundings();
  const { changed, saving, blocked, leaves, onDiscard } = props;
  const f = m.supervision.form;
  return (
    <span class="form-buttons">
      {(changed || leaves) && (
        <button type="button" class="button" disabled={saving} onClick={onDiscard}>
          {leaves ? f.cancel : f.discard}
        </button>
      )}
      <button type="submit" class="button button-primary" disabled={!changed || saving || blocked} aria-busy={saving}>
        {saving ? f.saving : f.save}
      </button>
    </span>
  );
}

function Stale(props: {
  stale: Saved<unknown>;
  theirs: boolean;
  onShow: (theirs: boolean) => void;
  onTake: () => void;
  onOverrule: (() => void) | undefined;
}): JSX.Element {
  const { m, locale } = useSurroundings();
  const { stale, theirs, onShow, onTake, onOverrule } = props;
  const f = m.supervision.form;
  return (
    <div class="callout callout-warn stale" role="alert">
      <Icon name="warn" />
      <div>
        <strong title={stale.at === null ? undefined : fullTime(stale.at, locale)}>
          {f.staleTitle(stale.by?.name ?? f.somebody)}
        </strong>
        <p>{f.stale}</p>
        <p class="stale-actions">
          <button type="button" class="button" aria-pressed={theirs} onClick={() => onShow(!theirs)}>
            {theirs ? f.showMine : f.showTheirs}
          </button>
          <button type="button" class="button" onClick={onTake}>
            {f.takeTheirs}
          </button>
          {onOverrule && (
            <button type="button" class="button" onClick={onOverrule}>
              {f.overrule}
            </button>
          )}
        </p>
      </div>
    </div>
  );
}

/** What went wrong as a whole, and faults that no field stands for. */
function Trouble({ form, unplaced }: { form: Form<unknown>; unplaced: readonly Issue[] }): JSX.Element | null {
  const { m } = useSurroundings();
  const { issues, failure } = form;
  if (issues.length === 0 && !failure) return null;
  return (
    <div class="callout callout-bad" role="alert">
      <Icon name="warn" />
      <div>
        {failure ? m.supervision.form.failures[failure] : m.supervision.form.faults(issues.length)}
        {unplaced.map(({ path, message }) => (
          <p key={path}>
            {path && <span class="mono">{path} </span>}
            {faultText(message, m.supervision)}
          </p>
        ))}
      </div>
    </div>
  );
}

/** Goes to the first field with a fault, and collects the faults that have none. */
function useUnplaced(form: { current: HTMLElement | null }, issues: readonly Issue[]): readonly Issue[] {
  const [unplaced, setUnplaced] = useState<readonly Issue[]>([]);
  const known = useRef(0);
  useLayoutEffect(() => {
    const paths = [...(form.current?.querySelectorAll<HTMLElement>('[data-path]') ?? [])];
    setUnplaced(issues.filter((issue) => !paths.some((each) => shows(each, issue))));
    // Only when they come: not each time one of them is mended.
    if (issues.length > known.current)
      form.current?.querySelector<HTMLElement>('[aria-invalid], .fault-of-all:not(:empty)')?.focus();
    known.current = issues.length;
  }, [issues]);
  return unplaced;
}

/** Whether a fault is told at this element. */
function shows({ dataset: { path = '', exact } }: HTMLElement, issue: Issue): boolean {
  return exact === undefined ? belongsTo(issue, path) : issue.path === path;
}

function Signature({ saved }: { saved: Saved<unknown> }): JSX.Element {
  const { m, locale, state } = useSurroundings();
  const now = useNow(false) + state.clockOffset;
  const f = m.supervision.form;
  if (saved.at === null) return <small class="fine-print">{f.defaults}</small>;
  return (
    <small class="fine-print" title={fullTime(saved.at, locale)}>
      {f.savedBy(saved.by?.name ?? f.somebody, agoText(now - saved.at, m))}
    </small>
  );
}
