import type { JSX } from 'preact';
import { priorities } from './priorities.ts';
import { moved, replaced, without } from '../../forms.ts';
import { useSurroundings } from '../surroundings.ts';
import { CheckField, freshId, ItemTools, SelectField, TextField } from './fields.tsx';
import { Action } from './parts.tsx';
import type { SectionFields } from './settings.tsx';

/** Skill groups, and how their conversations come to agents. */
export function GroupsForm({ value, change }: SectionFields<'groups'>): JSX.Element {
  const { m } = useSurroundings();
  const { groups } = value;
  const g = m.supervision.groups;
  const set = (changed: typeof groups) => change({ groups: changed });
  return (
    <>
      {groups.length === 0 && <p class="fine-print">{g.empty}</p>}
      <ol class="lines">
        {groups.map((group, index) => (
          <li class="line" key={group.id}>
            <TextField
              path={`groups.${index}.name`}
              label={g.name}
              value={group.name}
              maxLength={60}
              autofocus={group.name === ''}
              onChange={(name) => set(replaced(groups, index, { ...group, name }))}
            />
            <SelectField
              path={`groups.${index}.mode`}
              label={g.mode}
              value={group.mode}
              hint={g.modeHints[group.mode]}
              options={[
                ['auto', g.modes.auto],
                ['pull', g.modes.pull],
              ]}
              onChange={(mode) => set(replaced(groups, index, { ...group, mode: mode === 'auto' ? 'auto' : 'pull' }))}
            />
            <ItemTools name={group.name} onRemove={() => set(without(groups, index))} />
          </li>
        ))}
      </ol>
      <Action
        icon="plus"
        label={g.add}
        onClick={() => set([...groups, { id: freshId(groups), name: '', mode: 'pull' }])}
      />
    </>
  );
}

/** Tags of customers. */
export function TagsForm({ value, change }: SectionFields<'tags'>): JSX.Element {
  const { m } = useSurroundings();
  const { tags } = value;
  const t = m.supervision.tags;
  const set = (changed: typeof tags) => change({ tags: changed });
  return (
    <>
      {tags.length === 0 && <p class="fine-print">{t.empty}</p>}
      <ol class="lines">
        {tags.map((tag, index) => (
          <li class="line line-tag" key={tag.id}>
            <TextField
              path={`tags.${index}.name`}
              label={t.name}
              value={tag.name}
              maxLength={60}
              autofocus={tag.name === ''}
              onChange={(name) => set(replaced(tags, index, { ...tag, name }))}
            />
            <SelectField
              path={`tags.${index}.colour`}
              label={t.colour}
              value={tag.colour}
              options={tagColours.map((colour) => [colour, t.colours[colour]])}
              onChange={(colour) =>
                set(replaced(tags, index, { ...tag, colour: tagColours.find((each) => each === colour) ?? 'grey' }))
              }
            />
            <SelectField
              path={`tags.${index}.priority`}
              label={t.priority}
              value={tag.priority ?? ''}
              options={[
                ['', t.noPriority],
                ...priorities.map((each) => [each, m.conversation.priorities[each]] as const),
              ]}
              onChange={(chosen) =>
                set(replaced(tags, index, { ...tag, priority: priorities.find((each) => each === chosen) ?? null }))
              }
            />
            <span class="line-sample">
              <span class={`customer-tag customer-tag-${tag.colour}`}>{tag.name || t.name}</span>
            </span>
            <ItemTools name={tag.name} onRemove={() => set(without(tags, index))} />
          </li>
        ))}
      </ol>
      <Action
        icon="plus"
        label={t.add}
        onClick={() => set([...tags, { id: freshId(tags), name: '', colour: 'grey', priority: null }])}
      />
    </>
  );
}

const tagColours = ['grey', 'red', 'orange', 'green', 'blue', 'purple'] as const;

/** What agents choose from at the end. */
export function ResolutionsForm({ value, change }: SectionFields<'resolutions'>): JSX.Element {
  const { m } = useSurroundings();
  const { required, reasons } = value;
  const r = m.supervision.resolutions;
  const set = (changed: typeof reasons) => change({ required, reasons: changed });
  return (
    <>
      <CheckField
        label={r.required}
        checked={required}
        onChange={(checked) => change({ ...value, required: checked })}
      />
      {reasons.length === 0 && <p class="fine-print">{r.empty}</p>}
      <ol class="lines">
        {reasons.map((reason, index) => (
          <li class="line line-short" key={reason.id}>
            <TextField
              path={`reasons.${index}.name`}
              label={r.name}
              hideLabel
              value={reason.name}
              maxLength={60}
              autofocus={reason.name === ''}
              onChange={(name) => set(replaced(reasons, index, { ...reason, name }))}
            />
            <ItemTools
              name={reason.name}
              first={index === 0}
              last={index === reasons.length - 1}
              onMove={(step) => set(moved(reasons, index, step))}
              onRemove={() => set(without(reasons, index))}
            />
          </li>
        ))}
      </ol>
      <Action icon="plus" label={r.add} onClick={() => set([...reasons, { id: freshId(reasons), name: '' }])} />
    </>
  );
}
