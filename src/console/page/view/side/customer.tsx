import type { JSX } from 'preact';
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ConversationView, CustomerView } from '../../../api.ts';
import type { TagView } from '../../../desk-api.ts';
import { sends } from '../../keys.ts';
import { useStore } from '../../store.ts';
import { Avatar } from '../avatar.tsx';
import { Icon } from '../icons.tsx';
import { channelName, nameOf, useSurroundings } from '../surroundings.ts';
import { Conflict, Refusal } from './conflict.tsx';

/** Who it is: what they are called, whence they come, and how they are tagged. */
export function CustomerCard(props: { customer: CustomerView; conversation: ConversationView }): JSX.Element {
  const { customer, conversation } = props;
  const { desk, m, locale } = useSurroundings();
  const { saving } = useStore(desk.side.store);
  const shown = { ...customer, ...saving };
  const name = nameOf({ id: customer.id, name: shown.name ?? customer.channelName }, m);
  return (
    <section class="customer-card" aria-label={m.brief.customer}>
      <div class="customer">
        <Avatar id={customer.id} name={name} />
        <div class="customer-who">
          <Name customer={customer} name={name} />
          <p class="fine-print">
            {channelName(conversation.channel, m)} · {languageName(conversation.locale, locale)}
          </p>
        </div>
      </div>
      {customer.unreachable && (
        <p class="callout callout-warn">
          <Icon name="warn" />
          {m.side.unreachable}
        </p>
      )}
      <Tags chosen={shown.tags} />
      <Conflict />
      <Refusal of={['name', 'tags']} />
    </section>
  );
}

function Name({ customer, name }: { customer: CustomerView; name: string }): JSX.Element {
  const { desk, m } = useSurroundings();
  const [text, setText] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const editing = text !== null;
  useLayoutEffect(() => {
    if (!editing) return;
    field.current?.focus();
    field.current?.select();
  }, [editing]);

  function leave() {
    setText(null);
    requestAnimationFrame(() => button.current?.focus());
  }

  function save() {
    const wanted = text?.trim() || null;
    leave();
    if (wanted !== customer.name) void desk.side.edit({ name: wanted });
  }

  if (!editing) {
    return (
      <button
        ref={button}
        type="button"
        class="customer-name"
        title={m.side.rename}
        onClick={() => setText(customer.name ?? '')}
      >
        <strong dir="auto">{name}</strong>
        <Icon name="edit" size={13} />
        <span class="sr-only">{m.side.rename}</span>
      </button>
    );
  }
  return (
    <form
      class="customer-rename"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <input
        ref={field}
        type="text"
        value={text}
        maxLength={60}
        aria-label={m.side.name}
        placeholder={m.side.nameHint(customer.channelName)}
        dir="auto"
        autocomplete="off"
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            event.stopPropagation();
            leave();
          } else if (event.key === 'Enter' && !sends(event)) event.preventDefault();
        }}
      />
      <button type="submit" class="icon-button" aria-label={m.side.save} title={m.side.save}>
        <Icon name="check" size={16} />
      </button>
      <button type="button" class="icon-button" aria-label={m.side.cancel} title={m.side.cancel} onClick={leave}>
        <Icon name="close" size={16} />
      </button>
    </form>
  );
}

function Tags({ chosen }: { chosen: readonly string[] }): JSX.Element {
  const { desk, m, state } = useSurroundings();
  const [adding, setAdding] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const tags = state.directory?.tags ?? [];
  const set = (next: readonly string[]) => void desk.side.edit({ tags: [...next] });

  function close() {
    setAdding(false);
    requestAnimationFrame(() => button.current?.focus());
  }

  return (
    <div class="customer-tags" role="group" aria-label={m.side.tags}>
      {chosen.map((id) => {
        const tag = tags.find((each) => each.id === id);
        const name = tag?.name ?? id;
        return (
          <span class={`customer-tag customer-tag-${tag?.colour ?? 'grey'}`} key={id}>
            {name}
            <button
              type="button"
              aria-label={m.side.removeTag(name)}
              title={m.side.removeTag(name)}
              onClick={() => set(chosen.filter((each) => each !== id))}
            >
              <Icon name="close" size={11} />
            </button>
          </span>
        );
      })}
      <button ref={button} type="button" class="tag-add" aria-expanded={adding} onClick={() => setAdding(!adding)}>
        <Icon name="plus" size={12} />
        {m.side.addTag}
      </button>
      {adding && (
        <TagPicker
          tags={tags.filter(({ id }) => !chosen.includes(id))}
          onChoose={(id) => {
            set([...chosen, id]);
            close();
          }}
          onLeave={close}
        />
      )}
    </div>
  );
}

/** Finds a tag by a few letters; the arrows choose, Enter takes. */
function TagPicker(props: {
  tags: readonly TagView[];
  onChoose: (id: string) => void;
  onLeave: () => void;
}): JSX.Element {
  const { tags, onChoose, onLeave } = props;
  const { m } = useSurroundings();
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  const found = tags.filter(({ name }) => name.toLowerCase().includes(query.trim().toLowerCase()));
  const current = found[Math.min(at, found.length - 1)];
  useEffect(() => field.current?.focus(), []);

  function onKeyDown(event: KeyboardEvent) {
    if (event.isComposing) return;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) setAt((Math.min(at, found.length - 1) + step + found.length) % Math.max(1, found.length));
    else if (event.key === 'Enter' && current) onChoose(current.id);
    else if (event.key === 'Escape') onLeave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <div class="tag-picker">
      <input
        ref={field}
        type="text"
        role="combobox"
        aria-expanded
        aria-controls={id}
        aria-activedescendant={current && `${id}-${current.id}`}
        aria-label={m.side.findTag}
        placeholder={m.side.findTag}
        autocomplete="off"
        value={query}
        onInput={(event) => {
          setQuery(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ul role="listbox" id={id} aria-label={m.side.tags}>
        {found.map((tag) => (
          <li
            key={tag.id}
            id={`${id}-${tag.id}`}
            role="option"
            aria-selected={tag.id === current?.id}
            onClick={() => onChoose(tag.id)}
          >
            <span class={`customer-tag customer-tag-${tag.colour}`}>{tag.name}</span>
          </li>
        ))}
      </ul>
      {found.length === 0 && <p class="fine-print">{m.side.noMoreTags}</p>}
    </div>
  );
}

function languageName(tag: string, locale: string): string {
  try {
    return new Intl.DisplayNames(locale, { type: 'language' }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}
