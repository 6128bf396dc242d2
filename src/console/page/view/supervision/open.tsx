import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { SummaryView } from '../../../api.ts';
import { agoText, durationText } from '../../durations.ts';
import { useNow, useStore } from '../../store.ts';
import type { OpenFilter } from '../../supervision-places.ts';
import type { Outcome } from '../../supervision.ts';
import { Empty } from '../empty.tsx';
import { Icon } from '../icons.tsx';
import { StatusPill } from '../status-pill.tsx';
import { channelName, nameOf, useSurroundings } from '../surroundings.ts';
import { Due } from './board.tsx';
import { useDirectory } from './directory.ts';
import { CheckField, SelectField, type Option } from './fields.tsx';
import { PriorityTag, Read } from './parts.tsx';

/** Open conversations, to give many of them to somebody else at once. */
export function OpenView({ filter }: { filter: OpenFilter }): JSX.Element {
  const { desk, m } = useSurroundings();
  const { open, selected, busy } = useStore(desk.supervision.store);
  const o = m.supervision.open;
  return (
    <>
      <div class="knowledge-intro">
        <p>{o.intro}</p>
        <p class="fine-print wide-only">{o.hint}</p>
      </div>
      <Filters filter={filter} />
      <Outcomes />
      <Read loaded={open} rows={5}>
        {({ conversations, next }) =>
          conversations.length === 0 ? (
            <Empty icon="tea" title={o.empty[0]} text={o.empty[1]} />
          ) : (
            <section class="panel open-list">
              <header class="open-head">
                <CheckField
                  label={o.selectAll}
                  checked={selected.size > 0 && conversations.every(({ id }) => selected.has(id))}
                  onChange={(chosen) =>
                    desk.supervision.select(
                      conversations.map(({ id }) => id),
                      chosen,
                    )
                  }
                />
                <span class="fine-print">
                  {conversations.length}
                  {next !== null && '+'}
                </span>
              </header>
              <ul class="open-rows">
                {conversations.map((conversation) => (
                  <OpenRow
                    conversation={conversation}
                    isSelected={selected.has(conversation.id)}
                    key={conversation.id}
                  />
                ))}
              </ul>
              {next !== null && (
                <button
                  type="button"
                  class="button"
                  disabled={busy.has('more')}
                  onClick={() => void desk.supervision.more()}
                >
                  {o.more}
                </button>
              )}
            </section>
          )
        }
      </Read>
      {selected.size > 0 && <AssignBar count={selected.size} />}
    </>
  );
}

function Filters({ filter }: { filter: OpenFilter }): JSX.Element {
  const { desk, m } = useSurroundings();
  const { colleagues, groups } = useDirectory();
  const o = m.supervision.open;
  const set = (change: Partial<OpenFilter>) =>
    desk.supervision.go({ view: 'conversations', filter: { ...filter, ...change } });
  return (
    <div class="filters" role="search">
      <SelectField
        path=""
        label={o.agent}
        value={filter.agent ?? ''}
        options={[['', o.anybody], ...colleagues.map(({ id, name }): Option => [id, name])]}
        onChange={(agent) => set({ agent: agent || null })}
      />
      <SelectField
        path=""
        label={o.group}
        value={filter.group ?? ''}
        options={[
          ['', o.anyGroup],
          ['none', m.supervision.noGroup],
          ...groups.map(({ id, name }): Option => [id, name]),
        ]}
        onChange={(group) => set({ group: group || null })}
      />
      <CheckField label={o.broken} checked={filter.broken} onChange={(broken) => set({ broken })} />
    </div>
  );
}

function OpenRow({ conversation, isSelected }: { conversation: SummaryView; isSelected: boolean }): JSX.Element {
  const { desk, m, state } = useSurroundings();
  const { groupName } = useDirectory();
  const now = useNow() + state.clockOffset;
  const { id, customer, status, groupId, priority, lastCustomerText, updatedAt, queuedAt, channel } = conversation;
  const name = nameOf(customer, m);
  const waits = status === 'queued' && queuedAt !== null;

  function onKeyDown(event: KeyboardEvent) {
    if (event.target !== event.currentTarget) return;
    if (event.key === ' ') desk.supervision.select([id], !isSelected);
    else if (event.key === 'Enter') desk.open(id);
    else return;
    event.preventDefault();
  }

  return (
    <li class={isSelected ? 'open-row is-selected' : 'open-row'} data-item={id} tabIndex={-1} onKeyDown={onKeyDown}>
      <input
        type="checkbox"
        aria-label={m.supervision.open.select(name)}
        checked={isSelected}
        onChange={(event) => desk.supervision.select([id], event.currentTarget.checked)}
      />
      <button type="button" class="open-who" title={m.supervision.board.watch} onClick={() => desk.open(id)}>
        <span class="row-title">
          <strong dir="auto">{name}</strong>
          <PriorityTag priority={priority} />
        </span>
        <span class="row-text" dir="auto">
          {lastCustomerText ?? m.saidNothing}
        </span>
      </button>
      <span class="open-where">
        <StatusPill conversation={conversation} />
        <span class="fine-print">
          {channelName(channel, m)}
          {groupId !== null && ` · ${groupName(groupId)}`}
        </span>
      </span>
      <span class="open-when">
        <Due conversation={conversation} now={now} />
        <time class="fine-print">
          {waits ? m.waited(durationText(now - queuedAt, m)) : agoText(now - updatedAt, m)}
        </time>
      </span>
    </li>
  );
}

/** To whom, below the list while something is selected. */
function AssignBar({ count }: { count: number }): JSX.Element {
  const { desk, m } = useSurroundings();
  const { busy } = useStore(desk.supervision.store);
  const { colleagues } = useDirectory();
  const [to, setTo] = useState('');
  const o = m.supervision.open;
  const s = m.supervision;
  const assigning = busy.has('assign');
  return (
    <form
      class="assign-bar"
      aria-label={o.assign}
      onSubmit={(event) => {
        event.preventDefault();
        if (to !== '') void desk.supervision.assign(to === queue ? null : to);
      }}
    >
      <strong role="status">{o.selected(count)}</strong>
      <button
        type="button"
        class="link"
        onClick={() => desk.supervision.select([...desk.supervision.store.get().selected], false)}
      >
        {o.clear}
      </button>
      <label>
        <span class="sr-only">{o.to}</span>
        <select value={to} onChange={(event) => setTo(event.currentTarget.value)}>
          <option value="">{o.choose}</option>
          <option value={queue}>{o.queue}</option>
          {colleagues.map(({ id, name, status, load, capacity }) => (
            <option value={id} key={id}>
              {name} · {m.conversation.statuses[status]} · {s.board.load(load, capacity)}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" class="button button-primary" disabled={to === '' || assigning} aria-busy={assigning}>
        <Icon name="hand" size={15} />
        {o.assign}
      </button>
    </form>
  );
}

/** No agent's id: those are UUIDs. */
const queue = 'queue';

function Outcomes(): JSX.Element | null {
  const { desk, m } = useSurroundings();
  const { outcomes } = useStore(desk.supervision.store);
  if (outcomes.length === 0) return null;
  const failed = outcomes.filter(({ outcome }) => outcome !== 'done');
  return (
    <section class="panel outcomes" aria-label={m.supervision.open.results} role="status">
      <header class="outcomes-head">
        <h2>{m.supervision.notices.reassigned(outcomes.length - failed.length, failed.length)}</h2>
        <button
          type="button"
          class="icon-button"
          aria-label={m.actions.close}
          onClick={desk.supervision.dismissOutcomes}
        >
          <Icon name="close" size={16} />
        </button>
      </header>
      <ul>
        {[...failed, ...outcomes.filter(({ outcome }) => outcome === 'done')].map((each) => (
          <OutcomeLine outcome={each} key={each.conversation.id} />
        ))}
      </ul>
    </section>
  );
}

function OutcomeLine({ outcome: { conversation, outcome } }: { outcome: Outcome }): JSX.Element {
  const { desk, m } = useSurroundings();
  const done = outcome === 'done';
  return (
    <li class={done ? 'outcome-done' : 'outcome-failed'}>
      <Icon name={done ? 'check' : 'warn'} size={14} />
      <button type="button" class="link" onClick={() => desk.open(conversation.id)}>
        {nameOf(conversation.customer, m)}
      </button>
      <span>{m.supervision.open.outcomes[outcome]}</span>
    </li>
  );
}
