import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { isNarrowed } from '../../lists.ts';
import { queueList, type ListPlace } from '../../places.ts';
import { Icon, type IconName } from '../icons.tsx';
import { channelName, useAgent, useSurroundings } from '../surroundings.ts';
import { countText } from './count.ts';

type Choice = { readonly value: string; readonly name: string };
type ChoiceFilter = 'group' | 'channel' | 'priority' | 'status' | 'agent';

/** The filters' button, and whether their panel is open. */
export function useFilterPanel(): { shown: boolean; button: JSX.Element; close: () => void } {
  const { state, m } = useSurroundings();
  const [shown, setShown] = useState(false);
  const { filters } = m.desk;
  const count = chosenIn(state.list).length;
  const label = count > 0 ? filters.openWith(count) : filters.open;
  const button = (
    <button
      type="button"
      class="icon-button filter-button"
      title={label}
      aria-expanded={shown}
      aria-controls="list-filters"
      onClick={() => setShown(!shown)}
    >
      <Icon name="sliders" size={18} />
      <span class="sr-only">{filters.open}</span>
      {count > 0 && <span class="badge-count badge-chosen"> {count}</span>}
    </button>
  );
  return { shown, button, close: () => setShown(false) };
}

/** Narrows the list down. */
export function FilterPanel({ onClose }: { onClose: () => void }): JSX.Element {
  const { desk, state, m } = useSurroundings();
  const { filters } = m.desk;
  const choices = useChoices();
  return (
    <div
      class="filter-panel"
      id="list-filters"
      role="group"
      aria-label={filters.title}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onClose();
        document.querySelector<HTMLElement>('.filter-button')?.focus();
      }}
    >
      {choices.map(({ filter, options }) => (
        <label class="filter" key={filter}>
          <span>{filters[filter]}</span>
          <select
            value={state.list[filter] ?? ''}
            onChange={(event) => desk.narrow(narrowedTo(filter, event.currentTarget.value))}
          >
            <option value="">{filters.any}</option>
            {options.map(({ value, name }) => (
              <option value={value} key={value}>
                {name}
              </option>
            ))}
          </select>
        </label>
      ))}
      {isNarrowed(state.list) && (
        <button type="button" class="link filter-clear" onClick={() => desk.choose(state.list.view)}>
          {filters.clear}
        </button>
      )}
    </div>
  );
}

/** What narrows the list down now, each to be taken away, and the two filters one needs many times a day. */
export function FilterBar(): JSX.Element | null {
  const { desk, state, m } = useSurroundings();
  const { list, counts } = state;
  const { filters } = m.desk;
  const choices = useChoices();
  const chosen = chosenIn(list);
  const offersBroken = list.view !== 'resolved' && (list.broken || (counts?.broken ?? 0) > 0);
  const offersSnoozed = list.view === 'mine';
  if (!offersBroken && !offersSnoozed && chosen.length === 0) return null;
  return (
    <div class="filter-bar" role="group" aria-label={filters.title}>
      {offersBroken && (
        <Toggle
          icon="warn"
          class="filter-broken"
          label={filters.broken}
          count={list.broken ? null : (counts?.broken ?? null)}
          pressed={list.broken}
          onPress={() => desk.narrow({ broken: !list.broken })}
        />
      )}
      {offersSnoozed && (
        <Toggle
          icon="snooze"
          class="filter-snoozed"
          label={filters.snoozed}
          count={counts?.snoozed ?? null}
          pressed={list.snoozed}
          onPress={() => desk.narrow({ snoozed: !list.snoozed })}
        />
      )}
      {chosen.map((filter) => {
        const value = list[filter] ?? '';
        const options = choices.find((each) => each.filter === filter)?.options;
        const name = options?.find((option) => option.value === value)?.name ?? value;
        return (
          <button
            type="button"
            class="filter-chip"
            key={filter}
            aria-label={filters.remove(name)}
            title={filters.remove(name)}
            onClick={() => desk.narrow(narrowedTo(filter, ''))}
          >
            <span>{name}</span>
            <Icon name="close" size={12} />
          </button>
        );
      })}
      {chosen.length + Number(list.broken) > 0 && (
        <button type="button" class="link" onClick={() => desk.choose(list.view)}>
          {filters.clear}
        </button>
      )}
    </div>
  );
}

function Toggle(props: {
  icon: IconName;
  class: string;
  label: string;
  count: number | null;
  pressed: boolean;
  onPress: () => void;
}): JSX.Element {
  const { icon, label, count, pressed, onPress } = props;
  return (
    <button type="button" class={`filter-chip ${props.class}`} aria-pressed={pressed} onClick={onPress}>
      <Icon name={icon} size={13} />
      <span>{label}</span>
      {count !== null && <strong>{countText(count)}</strong>}
    </button>
  );
}

/** What can be chosen in the view shown. */
function useChoices(): readonly { readonly filter: ChoiceFilter; readonly options: readonly Choice[] }[] {
  const { state, m } = useSurroundings();
  const agent = useAgent();
  const { directory, list } = state;
  const { priorities } = m.conversation;
  const groups = (directory?.groups ?? []).map(({ id, name }) => ({ value: id, name }));
  const named = (names: Readonly<Record<string, string>>, values: readonly string[]) =>
    values.map((value) => ({ value, name: names[value] ?? value }));
  const all: readonly { readonly filter: ChoiceFilter; readonly options: readonly Choice[]; readonly on?: boolean }[] =
    [
      { filter: 'group', options: [...groups, { value: 'none', name: m.desk.filters.noGroup }], on: groups.length > 0 },
      {
        filter: 'channel',
        options: (directory?.channels ?? []).map((channel) => ({ value: channel, name: channelName(channel, m) })),
      },
      { filter: 'priority', options: named(priorities, ['urgent', 'high', 'medium', 'low']) },
      { filter: 'status', options: named(m.status, ['bot', 'queued', 'assigned']), on: list.view === 'all' },
      {
        filter: 'agent',
        options: (directory?.colleagues ?? []).map(({ id, name }) => ({ value: id, name })),
        on: agent?.role === 'supervisor' && (list.view === 'all' || list.view === 'resolved'),
      },
    ];
  return all.filter(({ filter, on = true }) => on || list[filter] !== null);
}

function chosenIn(list: ListPlace): readonly ChoiceFilter[] {
  const filters: readonly ChoiceFilter[] = ['group', 'channel', 'priority', 'status', 'agent'];
  return filters.filter((filter) => list[filter] !== queueList[filter]);
}

function narrowedTo(filter: ChoiceFilter, value: string): Partial<ListPlace> {
  return { [filter]: value === '' ? null : value };
}
