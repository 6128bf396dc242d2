import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { ColleagueView, TransferBody } from '../../../desk-api.ts';
import { maxText } from '../../../limits.ts';
import { colleaguesMatching } from '../../composing/completions.ts';
import { Avatar } from '../avatar.tsx';
import { Icon } from '../icons.tsx';
import { useMyId, useSurroundings } from '../surroundings.ts';
import { Asking } from './asking.tsx';

type Target = { readonly key: string; readonly name: string; readonly to: TransferBody['to'] };

/** Gives the conversation to the queue, a group or a colleague: who is there and how busy stands beside the name. */
export function Transfer(): JSX.Element {
  const { desk, state, m } = useSurroundings();
  const myId = useMyId();
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState<Target | null>(null);
  const [note, setNote] = useState('');
  const words = m.conversation.transfer;
  const groupId = state.open?.conversation?.groupId ?? null;
  const groups = colleaguesMatching(query, state.directory?.groups ?? []);
  const others = (state.directory?.colleagues ?? []).filter(({ id }) => id !== myId);
  const colleagues = [...colleaguesMatching(query, others)].sort((a, b) => rank(a, groupId) - rank(b, groupId));
  const queue = words.queue.includes(query.trim())
    ? [{ key: 'queue', name: words.queue, to: { kind: 'queue' } as const }]
    : [];
  const targets: readonly Target[] = [
    ...queue,
    ...groups.map(({ id, name }) => ({ key: `group-${id}`, name, to: { kind: 'group', groupId: id } as const })),
    ...colleagues
      .filter(({ status }) => status !== 'offline')
      .map(({ id, name }) => ({ key: `agent-${id}`, name, to: { kind: 'agent', agentId: id } as const })),
  ];
  const target = targets.find(({ key }) => key === chosen?.key) ?? null;

  function move(event: KeyboardEvent) {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0 || event.isComposing) return;
    event.preventDefault();
    const place = targets.findIndex(({ key }) => key === target?.key);
    const next = targets[place === -1 ? 0 : Math.min(targets.length - 1, Math.max(0, place + step))];
    if (!next) return;
    setChosen(next);
    document.getElementById(`target-${next.key}`)?.scrollIntoView({ block: 'nearest' });
  }

  const option = (key: string, content: JSX.Element, offline = false) => {
    const own = targets.find((each) => each.key === key);
    return (
      <li
        key={key}
        id={`target-${key}`}
        role="option"
        aria-selected={target?.key === key}
        aria-disabled={offline || undefined}
        class={offline ? 'target target-off' : 'target'}
        onClick={() => own && setChosen(own)}
      >
        {content}
      </li>
    );
  };

  return (
    <Asking
      wide
      title={words.title}
      submit={target ? words.submitTo(target.name) : words.submit}
      does={target && (() => desk.transfer(target.to, { note, name: target.name }))}
    >
      <input
        type="search"
        class="search-field"
        placeholder={words.search}
        aria-label={words.search}
        role="combobox"
        list={undefined}
        aria-expanded="true"
        aria-controls="targets"
        aria-activedescendant={target ? `target-${target.key}` : undefined}
        value={query}
        data-first
        onInput={({ currentTarget }) => setQuery(currentTarget.value)}
        onKeyDown={move}
      />
      <ul class="targets" id="targets" role="listbox" aria-label={words.title}>
        {queue.length > 0 &&
          option(
            'queue',
            <>
              <Icon name="queue" size={18} />
              <span class="target-name">{words.queue}</span>
              <small>{words.queueWhat}</small>
            </>,
          )}
        {groups.length > 0 && <Heading words={words.groups} />}
        {groups.map(({ id, name }) =>
          option(
            `group-${id}`,
            <>
              <Icon name="people" size={18} />
              <span class="target-name">{name}</span>
              <Here groupId={id} colleagues={others} />
            </>,
          ),
        )}
        {colleagues.length > 0 && <Heading words={words.colleagues} />}
        {colleagues.map((colleague) =>
          option(`agent-${colleague.id}`, <Colleague colleague={colleague} />, colleague.status === 'offline'),
        )}
        {queue.length + groups.length + colleagues.length === 0 && (
          <li class="fine-print" role="presentation">
            {words.nothing}
          </li>
        )}
      </ul>
      <label class="field">
        <span>{words.note}</span>
        <textarea
          rows={2}
          maxLength={maxText}
          value={note}
          onInput={({ currentTarget }) => setNote(currentTarget.value)}
        />
      </label>
    </Asking>
  );
}

function Heading({ words }: { words: string }): JSX.Element {
  return (
    <li class="targets-heading" role="presentation">
      {words}
    </li>
  );
}

function Colleague({ colleague }: { colleague: ColleagueView }): JSX.Element {
  const { m } = useSurroundings();
  const { id, name, role, status, load, capacity } = colleague;
  return (
    <>
      <Avatar id={id} name={name} size="s" />
      <span class="target-name">
        {name}
        {role === 'supervisor' && <span class="chip">{m.conversation.transfer.supervisor}</span>}
      </span>
      <small class={`presence presence-${status}`}>
        <span class="dot" aria-hidden="true" />
        {m.conversation.statuses[status]}
      </small>
      <small class={load >= capacity ? 'load load-full' : 'load'}>
        {m.conversation.transfer.load(load, capacity)}
        {load >= capacity && ` ${m.conversation.transfer.full}`}
      </small>
    </>
  );
}

/** How many of a group are online. */
function Here({ groupId, colleagues }: { groupId: string; colleagues: readonly ColleagueView[] }): JSX.Element {
  const { m } = useSurroundings();
  const there = colleagues.filter(({ groups, status }) => groups.includes(groupId) && status === 'online').length;
  return (
    <small class={`presence presence-${there > 0 ? 'online' : 'offline'}`}>
      <span class="dot" aria-hidden="true" />
      {m.conversation.transfer.here(there)}
    </small>
  );
}

/** Who is there comes first, of these who is of the group, and of these who has most room. */
function rank({ status, load, capacity, groups }: ColleagueView, groupId: string | null): number {
  const there = { online: 0, busy: 1, away: 2, offline: 3 }[status];
  const stranger = groupId !== null && !groups.includes(groupId);
  return there * 10_000 + (stranger ? 5_000 : 0) + (load >= capacity ? 1_000 : 0) + Math.min(999, load);
}
