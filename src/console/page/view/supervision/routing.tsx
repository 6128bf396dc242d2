import type { JSX } from 'preact';
import { useContext, useId, useState } from 'preact/hooks';
import { moved, replaced, without } from '../../forms.ts';
import { Icon } from '../icons.tsx';
import { channelName, useSurroundings } from '../surroundings.ts';
import { useDirectory } from './directory.ts';
import {
  belongsTo,
  ChipChoices,
  freshId,
  IssuesContext,
  ItemTools,
  NumberField,
  required,
  SelectField,
  TextField,
  WordsField,
  type Option,
} from './fields.tsx';
import { Action } from './parts.tsx';
import { priorities } from './priorities.ts';
import type { SectionFields } from './settings.tsx';

type Routing = SectionFields<'routing'>['value'];
type Rule = Routing['rules'][number];

/** Where conversations go, how urgently, and to whom. */
export function RoutingForm({ value, change }: SectionFields<'routing'>): JSX.Element {
  const { m } = useSurroundings();
  const { groups } = useDirectory();
  const r = m.supervision.routing;
  const { form, groups: g } = m.supervision;
  const set = (changed: Partial<Routing>) => change({ ...value, ...changed });
  return (
    <>
      <div class="fields-grid">
        <SelectField
          path="defaultGroup"
          label={r.defaultGroup}
          hint={r.defaultGroupHint}
          value={value.defaultGroup ?? ''}
          options={[['', m.supervision.noGroup], ...groups.map(({ id, name }): Option => [id, name])]}
          onChange={(group) => set({ defaultGroup: group || null })}
        />
        <SelectField
          path="mode"
          label={r.mode}
          hint={g.modeHints[value.mode]}
          value={value.mode}
          options={[
            ['auto', g.modes.auto],
            ['pull', g.modes.pull],
          ]}
          onChange={(mode) => set({ mode: mode === 'auto' ? 'auto' : 'pull' })}
        />
        <NumberField
          path="defaultCapacity"
          label={r.capacity}
          hint={r.capacityHint}
          value={value.defaultCapacity}
          onChange={(defaultCapacity) => set({ defaultCapacity: required(defaultCapacity) })}
        />
        <NumberField
          path="graceSeconds"
          label={r.grace}
          hint={r.graceHint}
          unit={form.seconds}
          value={value.graceSeconds}
          onChange={(graceSeconds) => set({ graceSeconds: required(graceSeconds) })}
        />
        <NumberField
          path="reopenHours"
          label={r.reopen}
          hint={r.reopenHint}
          unit={form.hours}
          value={value.reopenHours}
          onChange={(reopenHours) => set({ reopenHours: required(reopenHours) })}
        />
        <NumberField
          path="idleHours"
          label={r.idle}
          hint={r.idleHint}
          unit={form.hours}
          value={value.idleHours}
          onChange={(idleHours) => set({ idleHours })}
        />
      </div>
      <section class="form-section">
        <h3>{r.rules}</h3>
        <p class="fine-print">{value.rules.length === 0 ? r.noRules : r.rulesHint}</p>
        <ol class="rules">
          {value.rules.map((rule, index) => (
            <RuleFields
              key={rule.id}
              rule={rule}
              path={`rules.${index}`}
              first={index === 0}
              last={index === value.rules.length - 1}
              onChange={(changed) => set({ rules: replaced(value.rules, index, changed) })}
              onMove={(step) => set({ rules: moved(value.rules, index, step) })}
              onRemove={() => set({ rules: without(value.rules, index) })}
            />
          ))}
        </ol>
        <Action
          icon="plus"
          label={r.addRule}
          onClick={() =>
            set({ rules: [...value.rules, { id: freshId(value.rules), name: '', when: {}, then: nothing }] })
          }
        />
      </section>
    </>
  );
}

const nothing = { group: null, priority: null };

function RuleFields(props: {
  rule: Rule;
  path: string;
  first: boolean;
  last: boolean;
  onChange: (rule: Rule) => void;
  onMove: (step: 1 | -1) => void;
  onRemove: () => void;
}): JSX.Element {
  const { rule, path, first, last, onChange, onMove, onRemove } = props;
  const { m } = useSurroundings();
  const { groups } = useDirectory();
  const r = m.supervision.routing;
  const { then } = rule;
  const fault = useContext(IssuesContext).some((issue) => belongsTo(issue, path));
  // A new one is to be filled in, and what is wrong must be seen.
  const [wanted, setOpen] = useState(rule.name === '');
  const open = wanted || fault;
  const id = useId();
  return (
    <li class="rule">
      <header class="rule-head">
        <button
          type="button"
          class="icon-button rule-fold"
          aria-expanded={open}
          aria-controls={id}
          aria-label={rule.name || r.ruleName}
          onClick={() => setOpen(!open)}
        >
          <Icon name="right" size={15} />
        </button>
        {open ? (
          <TextField
            path={`${path}.name`}
            label={r.ruleName}
            hideLabel
            placeholder={r.ruleName}
            maxLength={60}
            value={rule.name}
            autofocus={rule.name === ''}
            onChange={(name) => onChange({ ...rule, name })}
          />
        ) : (
          <button type="button" class="rule-summary" tabIndex={-1} onClick={() => setOpen(true)}>
            <strong dir="auto">{rule.name}</strong>
            <Summary rule={rule} />
          </button>
        )}
        <ItemTools name={rule.name} first={first} last={last} onMove={onMove} onRemove={onRemove} />
      </header>
      {open && (
        <div class="rule-body" id={id}>
          <div class="rule-part" role="group" aria-label={r.when}>
            <h4 title={r.whenHint}>{r.when}</h4>
            <Conditions rule={rule} path={`${path}.when`} onChange={(when) => onChange({ ...rule, when })} />
          </div>
          <div class="rule-part" role="group" aria-label={r.then}>
            <h4>{r.then}</h4>
            <div class="fields-grid">
              <SelectField
                path={`${path}.then.group`}
                label={r.toGroup}
                value={then.group ?? ''}
                options={[['', r.unchanged], ...groups.map(({ id, name }): Option => [id, name])]}
                onChange={(group) => onChange({ ...rule, then: { ...then, group: group || null } })}
              />
              <SelectField
                path={`${path}.then.priority`}
                label={r.toPriority}
                value={then.priority ?? ''}
                options={[
                  ['', r.unchanged],
                  ...priorities.map((each): Option => [each, m.conversation.priorities[each]]),
                ]}
                onChange={(chosen) =>
                  onChange({
                    ...rule,
                    then: { ...then, priority: priorities.find((each) => each === chosen) ?? null },
                  })
                }
              />
            </div>
          </div>
        </div>
      )}
    </li>
  );
}

/** A rule in a line: when it applies, and what it does. */
function Summary({ rule: { when, then } }: { rule: Rule }): JSX.Element {
  const { m } = useSurroundings();
  const { tags, groupName } = useDirectory();
  const r = m.supervision.routing;
  const tagName = (id: string) => tags.find((tag) => tag.id === id)?.name ?? id;
  const conditions = [
    (when.reasons ?? []).map((reason) => m.reasons[reason]),
    when.keywords ?? [],
    (when.channels ?? []).map((channel) => channelName(channel, m)),
    (when.tags ?? []).map(tagName),
    when.skills ?? [],
  ].flatMap((values) => (values.length === 0 ? [] : [values.join(' / ')]));
  const effects = [
    ...(then.group === null ? [] : [groupName(then.group)]),
    ...(then.priority === null ? [] : [m.conversation.priorities[then.priority]]),
  ];
  return (
    <span class="fine-print" dir="auto">
      {conditions.join(' + ') || r.always} → {effects.join(' · ') || r.nothing}
    </span>
  );
}

function Conditions(props: { rule: Rule; path: string; onChange: (when: Rule['when']) => void }): JSX.Element {
  const { m } = useSurroundings();
  const { tags, channels } = useDirectory();
  const { rule, path, onChange } = props;
  const { when } = rule;
  const r = m.supervision.routing;
  const reasons = reasonsIn(m.reasons);
  return (
    <div class="conditions">
      <ChipChoices
        label={r.reasons}
        chosen={when.reasons ?? []}
        options={reasons.map((reason): Option => [reason, m.reasons[reason]])}
        onChange={(chosen) => onChange({ ...when, reasons: reasons.filter((reason) => chosen.includes(reason)) })}
      />
      <div class="fields-grid">
        <WordsField
          path={`${path}.keywords`}
          label={r.keywords}
          placeholder={r.keywordsHint}
          value={when.keywords ?? []}
          onChange={(keywords) => onChange({ ...when, keywords })}
        />
        <WordsField
          path={`${path}.skills`}
          label={r.skills}
          placeholder={r.skillsHint}
          value={when.skills ?? []}
          onChange={(skills) => onChange({ ...when, skills })}
        />
      </div>
      {tags.length > 0 && (
        <ChipChoices
          label={r.tags}
          chosen={when.tags ?? []}
          options={tags.map(({ id, name }): Option => [id, name])}
          onChange={(chosen) => onChange({ ...when, tags: chosen })}
        />
      )}
      <ChipChoices
        label={r.channels}
        chosen={when.channels ?? []}
        options={channels.map((channel): Option => [channel, m.channels[channel] ?? channel])}
        onChange={(chosen) => onChange({ ...when, channels: chosen })}
      />
      <p class="fine-print">{r.whenHint}</p>
    </div>
  );
}

/** Every reason there is words for. */
function reasonsIn<Reason extends string>(words: Readonly<Record<Reason, string>>): readonly Reason[] {
  return Object.keys(words) as Reason[];
}
