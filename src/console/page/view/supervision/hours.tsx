import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import { replaced, without } from '../../forms.ts';
import { clockText, nextInterval, type Interval } from '../../opening.ts';
import { Icon } from '../icons.tsx';
import { useSurroundings } from '../surroundings.ts';
import { FaultOfAll, ItemTools, RadioCards, TextField } from './fields.tsx';
import { Action } from './parts.tsx';
import type { SectionFields } from './settings.tsx';

type Week = NonNullable<SectionFields<'hours'>['value']['week']>;

/** When the desk is open: by the week, and on days of their own. */
export function HoursForm({ value, change }: SectionFields<'hours'>): JSX.Element {
  const { m } = useSurroundings();
  const { timeZone, week } = value;
  const zones = useId();
  const h = m.supervision.hours;
  return (
    <>
      <TextField
        path="timeZone"
        label={h.timeZone}
        hint={h.timeZoneHint}
        value={timeZone}
        list={zones}
        onChange={(zone) => change({ ...value, timeZone: zone })}
      />
      <datalist id={zones}>
        {Intl.supportedValuesOf('timeZone').map((zone) => (
          <option value={zone} key={zone} />
        ))}
      </datalist>
      <RadioCards
        label={m.supervision.sections.hours}
        value={week ? 'week' : 'always'}
        options={[
          ['always', h.always],
          ['week', h.byHours],
        ]}
        onChange={(chosen) => change({ ...value, week: chosen === 'week' ? (week ?? usualWeek) : null })}
      />
      {week && <WeekFields week={week} onChange={(changed) => change({ ...value, week: changed })} />}
      <Holidays value={value} change={change} />
    </>
  );
}

const usualDay: Interval[] = [
  { from: '09:00', to: '12:00' },
  { from: '13:30', to: '18:00' },
];
const usualWeek: Week = [usualDay, usualDay, usualDay, usualDay, usualDay, [], []];

function WeekFields({ week, onChange }: { week: Week; onChange: (week: Week) => void }): JSX.Element {
  const { m } = useSurroundings();
  const h = m.supervision.hours;
  const set = (days: readonly number[], intervals: Interval[]) =>
    onChange(week.map((day, index) => (days.includes(index) ? intervals : day)) as Week);
  const tidy = (intervals: readonly Interval[]) =>
    intervals.map(({ from, to }) => ({ from: clockText(from), to: clockText(to) }));
  return (
    <div class="week">
      {week.map((intervals, index) => {
        const day = h.days[index] ?? '';
        return (
          <div class="day" key={day} role="group" aria-label={day}>
            <span class="day-name">{day}</span>
            <Intervals path={`week.${index}`} intervals={intervals} onChange={(changed) => set([index], changed)} />
            <label class="day-copy">
              <span class="sr-only">{`${day}: ${h.copyTo}`}</span>
              <select
                value=""
                onChange={({ currentTarget }) => {
                  const to = currentTarget.value;
                  currentTarget.value = '';
                  if (to !== '')
                    set(to === 'all' ? everyDay : to === 'weekdays' ? weekdays : [Number(to)], tidy(intervals));
                }}
              >
                <option value="">{h.copyTo}…</option>
                <option value="weekdays">{h.copyWeekdays}</option>
                <option value="all">{h.copyAll}</option>
                {h.days.map((name, other) => other !== index && <option value={other}>{name}</option>)}
              </select>
            </label>
          </div>
        );
      })}
      <p class="fine-print">{h.night}</p>
    </div>
  );
}

const weekdays = [0, 1, 2, 3, 4];
const everyDay = [0, 1, 2, 3, 4, 5, 6];

function Intervals(props: {
  path: string;
  intervals: readonly Interval[];
  onChange: (intervals: Interval[]) => void;
}): JSX.Element {
  const { m } = useSurroundings();
  const { path, intervals, onChange } = props;
  const h = m.supervision.hours;
  const next = nextInterval(intervals);
  return (
    <div class="intervals">
      {intervals.length === 0 && <span class="fine-print">{h.closed}</span>}
      {intervals.map((interval, index) => (
        <span class="interval" key={index}>
          {(['from', 'to'] as const).map((end) => (
            <Clock
              key={end}
              path={`${path}.${index}.${end}`}
              label={h[end]}
              value={interval[end]}
              onChange={(time) => onChange(replaced(intervals, index, { ...interval, [end]: time }))}
            />
          ))}
          <button
            type="button"
            class="icon-button"
            aria-label={`${m.supervision.form.remove} ${interval.from}–${interval.to}`}
            onClick={() => onChange(without(intervals, index))}
          >
            <Icon name="close" size={14} />
          </button>
        </span>
      ))}
      <FaultOfAll path={path} />
      {intervals.length < 6 && next && (
        <button type="button" class="button button-small" onClick={() => onChange([...intervals, next])}>
          <Icon name="plus" size={13} />
          {h.addInterval}
        </button>
      )}
    </div>
  );
}

/** A time of day; `930` and `9：30` are understood, and 24:00 ends a day. */
function Clock(props: { path: string; label: string; value: string; onChange: (value: string) => void }): JSX.Element {
  const { path, label, value, onChange } = props;
  return (
    <span class="clock" onFocusOut={() => clockText(value) !== value && onChange(clockText(value))}>
      <TextField
        path={path}
        label={label}
        hideLabel
        value={value}
        maxLength={5}
        placeholder="09:30"
        onChange={onChange}
      />
    </span>
  );
}

function Holidays({ value, change }: SectionFields<'hours'>): JSX.Element {
  const { m } = useSurroundings();
  const { holidays } = value;
  const h = m.supervision.hours;
  const set = (changed: typeof holidays) => change({ ...value, holidays: changed });
  return (
    <section class="form-section">
      <h3>{h.holidays}</h3>
      <p class="fine-print">{holidays.length === 0 ? h.noHolidays : h.holidaysHint}</p>
      <ol class="lines">
        {holidays.map((holiday, index) => (
          <li class="line line-holiday" key={index}>
            <TextField
              path={`holidays.${index}.date`}
              label={h.date}
              hideLabel
              type="date"
              value={holiday.date}
              onChange={(date) => set(replaced(holidays, index, { ...holiday, date }))}
            />
            <TextField
              path={`holidays.${index}.name`}
              label={h.holidayName}
              hideLabel
              placeholder={h.holidayName}
              maxLength={60}
              value={holiday.name}
              onChange={(name) => set(replaced(holidays, index, { ...holiday, name }))}
            />
            <Intervals
              path={`holidays.${index}.intervals`}
              intervals={holiday.intervals}
              onChange={(intervals) => set(replaced(holidays, index, { ...holiday, intervals }))}
            />
            <ItemTools name={holiday.name || holiday.date} onRemove={() => set(without(holidays, index))} />
          </li>
        ))}
      </ol>
      <Action
        icon="plus"
        label={h.addHoliday}
        onClick={() => set([...holidays, { date: '', name: '', intervals: [] }])}
      />
    </section>
  );
}
