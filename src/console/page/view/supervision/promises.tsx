import type { JSX } from 'preact';
import { useSurroundings } from '../surroundings.ts';
import { CheckField, NumberField, RadioCards, required } from './fields.tsx';
import { priorities } from './priorities.ts';
import type { SectionFields } from './settings.tsx';

const kinds = [
  ['firstResponse', 'first_response'],
  ['nextResponse', 'next_response'],
  ['resolution', 'resolution'],
] as const;

/** How soon customers are promised what, by priority. */
export function PromisesForm({ value, change }: SectionFields<'promises'>): JSX.Element {
  const { m } = useSurroundings();
  const { policies, warnAt, apologise } = value;
  const p = m.supervision.policies;
  return (
    <>
      <div class="policies" role="group" aria-label={p.hint}>
        <div class="policies-head" aria-hidden="true">
          <span>{p.priority}</span>
          {kinds.map(([, kind]) => (
            <span key={kind}>
              {m.conversation.promises[kind]}
              <small class="field-hint">{p.kindHints[kind]}</small>
            </span>
          ))}
        </div>
        {priorities.map((priority) => (
          <div class="policy" key={priority}>
            <span class={`policy-name policy-${priority}`}>{m.conversation.priorities[priority]}</span>
            {kinds.map(([key, kind]) => (
              <div class="policy-field" data-label={m.conversation.promises[kind]} key={kind}>
                <NumberField
                  path={`policies.${priority}.${key}`}
                  label={`${m.conversation.priorities[priority]}: ${m.conversation.promises[kind]}`}
                  hideLabel
                  value={policies[priority][key]}
                  placeholder={p.notPromised}
                  unit={m.supervision.form.minutes}
                  onChange={(minutes) =>
                    change({
                      ...value,
                      policies: { ...policies, [priority]: { ...policies[priority], [key]: minutes } },
                    })
                  }
                />
              </div>
            ))}
          </div>
        ))}
      </div>
      <p class="fine-print">{p.hint}</p>
      <NumberField
        path="warnAt"
        label={p.warnAt}
        hint={p.warnAtHint}
        unit="%"
        value={Math.round(warnAt * 1000) / 10}
        onChange={(percent) => change({ ...value, warnAt: required(percent) / 100 })}
      />
      <CheckField
        label={p.apologise}
        checked={apologise}
        onChange={(checked) => change({ ...value, apologise: checked })}
      />
    </>
  );
}

const surveys = ['csat', 'ces', 'nps'] as const;

/** What customers are asked at the end. */
export function SurveyForm({ value, change }: SectionFields<'survey'>): JSX.Element {
  const { m } = useSurroundings();
  const s = m.supervision.survey;
  return (
    <>
      <RadioCards
        label={s.kind}
        value={value.kind ?? 'none'}
        options={(['none', ...surveys] as const).map((kind) => [kind, ...s.kinds[kind]])}
        onChange={(chosen) => change({ ...value, kind: surveys.find((kind) => kind === chosen) ?? null })}
      />
      {value.kind !== null && (
        <NumberField
          path="followUpBelow"
          label={s.followUp}
          hint={s.followUpHint}
          value={value.followUpBelow}
          onChange={(score) => change({ ...value, followUpBelow: required(score) })}
        />
      )}
    </>
  );
}
